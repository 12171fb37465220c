#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "probes/links/serial.h"
#include "probes/links/serial_port.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/link_conversation.h"
#include "tests/support/pty.h"

namespace carebench {
namespace {

namespace bdata = boost::unit_test::data;
using Kind = Outcome::Kind;

struct RealClock final : Clock {
  Stamp now() const override { return {}; }
};

Result<std::unique_ptr<Link>> open_text(const std::string& text) {
  auto address = Address::parse(text);
  if (!address) return tl::unexpected(address.error());
  RealClock clock;
  return open_link(*address, clock);
}

std::unique_ptr<Link> open_pty(const Pty& pty, const std::string& options = "") {
  auto link = open_text("serial:" + pty.path() + options);
  BOOST_REQUIRE_MESSAGE(link.has_value(), (link ? std::string() : link.error().message));
  return std::move(*link);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_links_serial)

BOOST_DATA_TEST_CASE(modes_read_and_written,
                     bdata::make({"8N1", "7E1", "8O2", "5N1.5", "6M1", "8S2", "5E1"}), text) {
  const auto mode = links::SerialMode::parse(text);
  BOOST_REQUIRE(mode.has_value());
  BOOST_TEST(mode->text() == text);
}

BOOST_DATA_TEST_CASE(modes_refused,
                     bdata::make({"", "8N", "9N1", "4N1", "8X1", "8N3", "8N1.5", "5N2", "8N1 "}),
                     text) {
  BOOST_TEST(!links::SerialMode::parse(text).has_value());
}

BOOST_AUTO_TEST_CASE(a_character_has_all_its_bits) {
  BOOST_TEST(links::SerialMode::parse("8N1")->bits_per_character() == 10);
  BOOST_TEST(links::SerialMode::parse("8E1")->bits_per_character() == 11);
  BOOST_TEST(links::SerialMode::parse("5N1.5")->bits_per_character() == 7.5);
}

BOOST_DATA_TEST_CASE(bad_options_are_usage_errors,
                     bdata::make({"baud=fast", "baud=0", "baud=-1", "mode=8N9", "flow=rts",
                                  "dtr=yes", "rts=on&flow=rtscts"}),
                     option) {
  const Pty pty;
  const auto link = open_text(cat("serial:", pty.path(), "?", option));
  BOOST_REQUIRE(!link);
  BOOST_TEST(to_string(link.error().code) == to_string(Errc::usage));
}

BOOST_DATA_TEST_CASE(any_baud_rate_is_set_and_read_back,
                     bdata::make({1200, 9600, 12345, 74880, 250000, 921600, 3000000}), baud) {
  const Pty pty;
  const auto link = open_pty(pty, cat("?baud=", baud));
  BOOST_TEST(link->facts().details["baud"].integer() == baud);
  BOOST_TEST(link->facts().details["baud_asked"].integer() == baud);
  const int fd = ::open(pty.path().c_str(), O_RDWR | O_NOCTTY);
  const auto back = links::read_back(fd);
  ::close(fd);
  BOOST_REQUIRE(back.has_value());
  BOOST_TEST(back->baud == baud);
}

BOOST_AUTO_TEST_CASE(a_driver_that_does_something_else_is_found_out) {
  links::SerialSettings asked;
  asked.baud = 250000;
  BOOST_TEST(links::mismatch(asked, {249000, asked.mode}, false) == "");
  BOOST_TEST(links::mismatch(asked, {230400, asked.mode}, true) ==
             "250000 baud asked for, the driver makes 230400");
  asked.mode = {7, 'E', 1};
  BOOST_TEST(links::mismatch(asked, {250000, {8, 'N', 1}}, false) ==
             "mode 7E1 asked for, the driver makes 8N1");
}

BOOST_AUTO_TEST_CASE(a_pty_is_marked_as_no_device) {
  const Pty pty;
  const auto link = open_pty(pty);
  BOOST_TEST(link->facts().simulated);
  BOOST_TEST(link->facts().details["pseudo_terminal"].boolean());
  BOOST_TEST(link->facts().transport == "serial");
  BOOST_TEST(link->facts().details["device"].string() == pty.path());
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_is_followed) {
  const Pty pty;
  const std::string name = cat("/tmp/carebench-test-", ::getpid(), "-tty");
  ::unlink(name.c_str());
  BOOST_REQUIRE(::symlink(pty.path().c_str(), name.c_str()) == 0);
  const auto link = open_text("serial:" + name);
  ::unlink(name.c_str());
  BOOST_REQUIRE(link.has_value());
  BOOST_TEST((*link)->facts().details["device"].string() == pty.path());
  BOOST_TEST((*link)->facts().simulated);
}

BOOST_AUTO_TEST_CASE(octets_pass_unchanged_both_ways) {
  const Pty pty;
  const auto link = open_pty(pty);
  LinkConversation talk(*link);
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  BOOST_REQUIRE(talk.write(all, seconds(1))->kind == Kind::done);
  BOOST_TEST(pty.receive(256, 1000) == all);
  pty.send(all);
  Bytes got;
  while (got.size() < all.size()) {
    const auto outcome = talk.next(talk.clock() + seconds(1));
    BOOST_REQUIRE(outcome->kind == Kind::frame);
    got.insert(got.end(), outcome->octets.begin(), outcome->octets.end());
  }
  BOOST_TEST(got == all);
}

BOOST_AUTO_TEST_CASE(what_is_there_comes_in_one_go) {
  const Pty pty;
  const auto link = open_pty(pty);
  LinkConversation talk(*link);
  pty.send(Bytes(1500, 7));
  pty.send(Bytes(1500, 8));
  const auto outcome = talk.next(talk.clock() + seconds(1));
  BOOST_TEST(outcome->octets.size() == 3000U);
}

BOOST_AUTO_TEST_CASE(a_second_opening_is_busy_and_names_the_holder) {
  const Pty pty;
  const auto link = open_pty(pty);
  const auto second = open_text("serial:" + pty.path());
  BOOST_REQUIRE(!second);
  BOOST_TEST(to_string(second.error().code) == to_string(Errc::busy));
  BOOST_TEST(contains(second.error().message, cat("pid ", ::getpid(), " (")));
  link->close();
  BOOST_TEST(open_text("serial:" + pty.path()).has_value());
}

BOOST_AUTO_TEST_CASE(a_lock_of_another_program_is_respected) {
  const Pty pty;
  const int other = ::open(pty.path().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  BOOST_REQUIRE(::flock(other, LOCK_EX | LOCK_NB) == 0);
  const auto link = open_text("serial:" + pty.path());
  ::close(other);
  BOOST_REQUIRE(!link);
  BOOST_TEST(to_string(link.error().code) == to_string(Errc::busy));
}

BOOST_AUTO_TEST_CASE(an_absent_port_says_what_to_do) {
  const auto link = open_text("serial:/dev/ttyUSB987");
  BOOST_REQUIRE(!link);
  BOOST_TEST(to_string(link.error().code) == to_string(Errc::not_found));
  BOOST_TEST(contains(link.error().message, "/dev/ttyUSB987: no such device"));
  BOOST_TEST(contains(link.error().message, "plug the device in"));
}

BOOST_DATA_TEST_CASE(what_is_no_tty_is_a_usage_error,
                     bdata::make({"/etc/passwd", "/tmp", "/dev/null", "/dev/zero"}), path) {
  const auto link = open_text(cat("serial:", path));
  BOOST_REQUIRE(!link);
  BOOST_TEST(to_string(link.error().code) == to_string(Errc::usage));
  BOOST_TEST(contains(link.error().message, "not a serial port"));
}

BOOST_AUTO_TEST_CASE(a_hang_up_is_told_once_and_ends_the_polling) {
  Pty pty;
  const auto link = open_pty(pty);
  LinkConversation talk(*link);
  pty.send(as_bytes("last words"));
  ::usleep(20'000);
  pty.hang_up();
  auto outcome = talk.next(talk.clock() + seconds(1));
  if (outcome->kind == Kind::frame) {  // a pty may drop them when the other side closes
    BOOST_TEST(as_text(outcome->octets) == "last words");
    outcome = talk.next(talk.clock() + seconds(1));
  }
  BOOST_TEST(to_string(outcome->kind) == to_string(Kind::lost));
  BOOST_TEST(contains(std::string(outcome->text), "hung up"));
  BOOST_TEST(link->wait_fd() == -1);
  const auto written = talk.write(as_bytes("x"), milliseconds(100));
  BOOST_TEST(to_string(written->kind) == to_string(Kind::lost));
  const auto again = link->perform(Connect{}, milliseconds(50), {});
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(to_string(again->kind) == to_string(Kind::timed_out));
}

BOOST_AUTO_TEST_CASE(disconnect_closes_and_connect_opens_again) {
  const Pty pty;
  const auto link = open_pty(pty, "?baud=12345");
  BOOST_TEST((link->perform(Disconnect{}, seconds(1), {})->kind == Kind::done));
  BOOST_TEST(link->wait_fd() == -1);
  const auto closed = link->perform(Write{{1}}, seconds(1), {});
  BOOST_TEST(to_string(closed->kind) == to_string(Kind::refused));
  {
    const auto meanwhile = open_pty(pty);
    const auto busy = link->perform(Connect{}, seconds(1), {});
    BOOST_REQUIRE(!busy);
    BOOST_TEST(to_string(busy.error().code) == to_string(Errc::busy));
  }
  BOOST_TEST((link->perform(Connect{}, seconds(1), {})->kind == Kind::done));
  LinkConversation talk(*link);
  BOOST_TEST((talk.write(as_bytes("hello"), seconds(1))->kind == Kind::done));
  BOOST_TEST(as_text(pty.receive(5, 1000)) == "hello");
}

BOOST_AUTO_TEST_CASE(connect_waits_for_the_device_to_come_back) {
  const std::string name = cat("/tmp/carebench-test-", ::getpid(), "-back");
  const Pty first;
  const Pty second;
  ::unlink(name.c_str());
  BOOST_REQUIRE(::symlink(first.path().c_str(), name.c_str()) == 0);
  auto link = open_text("serial:" + name);
  BOOST_REQUIRE(link.has_value());
  BOOST_TEST(((*link)->perform(Disconnect{}, seconds(1), {})->kind == Kind::done));
  ::unlink(name.c_str());
  std::thread plug([&] {
    ::usleep(60'000);
    if (::symlink(second.path().c_str(), name.c_str()) != 0) return;
  });
  const auto connected = (*link)->perform(Connect{}, seconds(2), {});
  plug.join();
  ::unlink(name.c_str());
  BOOST_REQUIRE(connected.has_value());
  BOOST_TEST(to_string(connected->kind) == to_string(Kind::done));
}

BOOST_AUTO_TEST_CASE(a_line_that_does_not_take_octets_ends_with_the_time_out) {
  const Pty pty;
  const auto link = open_pty(pty);
  const auto performed = link->perform(Write{Bytes(1'000'000, 0x55)}, milliseconds(100), {});
  BOOST_REQUIRE(performed.has_value());
  BOOST_TEST(to_string(performed->kind) == to_string(Kind::timed_out));
  BOOST_TEST(contains(performed->text, "octets had not left after 100 ms"));
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_write) {
  const Pty pty;
  const auto link = open_pty(pty);
  std::stop_source source;
  std::thread stopper([&] {
    ::usleep(50'000);
    source.request_stop();
  });
  const auto performed =
      link->perform(Write{Bytes(1'000'000, 0x55)}, seconds(30), source.get_token());
  stopper.join();
  BOOST_REQUIRE(!performed);
  BOOST_TEST(to_string(performed.error().code) == to_string(Errc::interrupted));
}

BOOST_AUTO_TEST_CASE(the_line_can_be_changed) {
  const Pty pty;
  const auto link = open_pty(pty);
  SetLine op;
  op.baud = 31250;
  const auto performed = link->perform(op, seconds(1), {});
  BOOST_REQUIRE(performed.has_value());
  BOOST_TEST(performed->text == "31250 baud 8N1");
  op.mode = "8N7";
  BOOST_TEST(!link->perform(op, seconds(1), {}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
