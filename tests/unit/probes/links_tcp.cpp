#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/links/tcp.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/link_conversation.h"

namespace carebench {
namespace {

namespace bdata = boost::unit_test::data;
using Kind = Outcome::Kind;

struct RealClock final : Clock {
  Stamp now() const override { return {}; }
};

struct Listener {
  Listener() : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof any;
    ::bind(fd, reinterpret_cast<const sockaddr*>(&any), size);
    ::listen(fd, 1);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&any), &size);
    port = ntohs(any.sin_port);
  }
  ~Listener() { ::close(fd); }
  int fd;
  int port = 0;
};

Result<std::unique_ptr<Link>> open_text(const std::string& text) {
  auto address = Address::parse(text);
  if (!address) return tl::unexpected(address.error());
  RealClock clock;
  return open_link(*address, clock);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_links_tcp)

BOOST_AUTO_TEST_CASE(targets_are_read) {
  BOOST_TEST(links::TcpTarget::parse("bed-7.local", 502)->text() == "bed-7.local:502");
  BOOST_TEST(links::TcpTarget::parse("10.0.0.5:1502", 502)->port == 1502);
  BOOST_TEST(links::TcpTarget::parse("[2001:db8::1]:77", 502)->text() == "[2001:db8::1]:77");
  BOOST_TEST(links::TcpTarget::parse("[::1]", 502)->host == "::1");
}

BOOST_DATA_TEST_CASE(bad_targets_are_usage_errors,
                     bdata::make({"tcp://", "tcp://:502", "tcp://h:0", "tcp://h:65536",
                                  "tcp://h:5x", "tcp://[::1", "tcp://h/path", "tcp://h?unit=248",
                                  "tcp://h?baud=9600", "tcp://h?unit=x"}),
                     target) {
  const auto link = open_text(cat("modbus:", target));
  BOOST_REQUIRE(!link);
  BOOST_TEST(to_string(link.error().code) == to_string(Errc::usage));
}

BOOST_AUTO_TEST_CASE(refused_and_unknown_are_told_apart) {
  int port = 0;
  {
    const Listener gone;
    port = gone.port;
  }
  const auto refused = open_text(cat("modbus:tcp://127.0.0.1:", port));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(to_string(refused.error().code) == to_string(Errc::not_found));
  BOOST_TEST((refused.error().message.find("connection refused") != std::string::npos));

  const auto unknown = open_text("modbus:tcp://no-such-host.invalid");
  BOOST_REQUIRE(!unknown);
  BOOST_TEST(to_string(unknown.error().code) == to_string(Errc::not_found));
  BOOST_TEST((unknown.error().message.find("refused") == std::string::npos));
}

BOOST_AUTO_TEST_CASE(a_closed_peer_is_lost_and_can_be_reached_again) {
  const Listener listener;
  const auto link = open_text(cat("modbus:tcp://127.0.0.1:", listener.port, "?unit=255"));
  BOOST_REQUIRE(link.has_value());
  BOOST_TEST((*link)->facts().simulated);
  BOOST_TEST((*link)->facts().details["modbus"].dump() == R"({"framing":"tcp","unit":255})");
  LinkConversation talk(**link);
  const int peer = ::accept(listener.fd, nullptr, nullptr);
  BOOST_REQUIRE(::send(peer, "bye", 3, MSG_NOSIGNAL) == 3);
  ::close(peer);
  const auto words = talk.next(talk.clock() + seconds(1));
  BOOST_TEST(as_text(words->octets) == "bye");
  const auto lost = talk.next(talk.clock() + seconds(1));
  BOOST_TEST(to_string(lost->kind) == to_string(Kind::lost));
  BOOST_TEST((lost->text.find("closed by 127.0.0.1") != std::string_view::npos));
  BOOST_TEST((*link)->wait_fd() == -1);
  BOOST_TEST((talk.write(as_bytes("?"), seconds(1))->kind == Kind::lost));

  BOOST_TEST(((*link)->perform(Connect{}, seconds(1), {})->kind == Kind::done));
  const int again = ::accept(listener.fd, nullptr, nullptr);
  BOOST_TEST((talk.write(as_bytes("hello"), seconds(1))->kind == Kind::done));
  char octets[5];
  BOOST_TEST(::recv(again, octets, sizeof octets, MSG_WAITALL) == 5);
  ::close(again);
}

BOOST_AUTO_TEST_CASE(there_are_no_line_settings) {
  const Listener listener;
  const auto link = open_text(cat("modbus:tcp://127.0.0.1:", listener.port));
  BOOST_REQUIRE(link.has_value());
  BOOST_TEST(((*link)->perform(SetLine{}, seconds(1), {})->kind == Kind::refused));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
