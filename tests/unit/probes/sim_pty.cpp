// A virtual device behind a pseudo-terminal, with clients that come and go, in real time.
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <future>
#include <thread>

#include "probes/modbus/framing.h"
#include "probes/sim/pty.h"
#include "tests/support/boost_test.h"

using namespace carebench;
using namespace carebench::sim;

namespace {

// The host in a thread of its own, as `carebench sim` is a process of its own.
class Host {
 public:
  Host(std::string device, PtyOptions options) {
    std::promise<std::string> told;
    auto ready = told.get_future();
    thread_ = std::jthread([this, device, options, &told](std::stop_token stop) {
      result = serve_on_pty(device, options, stop,
                            [&told](const std::string& where) { told.set_value(where); });
      if (!result) told.set_value("");
    });
    path = ready.get();
  }
  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  std::string path;
  Result<void> result;

 private:
  std::jthread thread_;
};

class Client {
 public:
  explicit Client(const std::string& path)
      : fd_(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
    BOOST_REQUIRE(fd_ >= 0);
  }
  ~Client() { ::close(fd_); }
  void write(ByteView octets) {
    BOOST_REQUIRE(::write(fd_, octets.data(), octets.size()) ==
                  static_cast<ssize_t>(octets.size()));
  }
  // What comes until `enough` says so; nothing when it pauses too long before.
  template <class Enough>
  Bytes read_until(Enough enough, int pause_ms = 5000) {
    Bytes all;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!enough(all)) {
      if (std::chrono::steady_clock::now() > end) return {};
      pollfd asked{fd_, POLLIN, 0};
      if (::poll(&asked, 1, pause_ms) <= 0) return {};
      std::uint8_t buffer[512];
      const ssize_t n = ::read(fd_, buffer, sizeof buffer);
      if (n <= 0) return {};
      all.insert(all.end(), buffer, buffer + n);
    }
    return all;
  }

 private:
  int fd_;
};

bool contains(const Bytes& octets, std::string_view text) {
  return as_text(octets).find(text) != std::string_view::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_sim_pty)

BOOST_AUTO_TEST_CASE(clients_come_and_go) {
  const std::string link_path = "probes_sim_pty_link";
  PtyOptions options;
  options.link_path = link_path;
  options.serial = "SN-77";
  Host host("r60abd1-monitor", options);
  BOOST_REQUIRE(host.path.starts_with("/dev/pts/"));
  const auto protocol = Protocol::load("r60abd1").value();
  const Bytes query = protocol->encode("query_product_id", {}).value();
  for (int round = 0; round < 2; ++round) {
    Client client(round == 0 ? link_path : host.path);
    const Bytes heard = client.read_until([&](const Bytes& all) {
      FrameReader reader(*protocol);
      reader.feed(all, {}, 1);
      for (Message message; reader.next(message);)
        if (message.id() == "heart_rate") return true;
      return false;
    });
    BOOST_TEST(!heard.empty());
    client.write(query);
    BOOST_TEST(contains(client.read_until([](const Bytes& all) { return contains(all, "SN-77"); }),
                        "SN-77"));
  }
  host.stop();
  BOOST_TEST(host.result.has_value());
  BOOST_TEST(::access(link_path.c_str(), F_OK) != 0);
}

BOOST_AUTO_TEST_CASE(modbus_answers_and_the_state_is_seen_when_the_client_leaves) {
  const std::string state_path = "probes_sim_pty_state.json";
  PtyOptions options;
  options.observe = state_path;
  Host host("nursing-bed", options);
  BOOST_REQUIRE(!host.path.empty());
  Bytes up = {1, 6, 0, 67, 0, 1};
  const std::uint16_t crc = modbus_crc(up);
  up.push_back(static_cast<std::uint8_t>(crc));
  up.push_back(static_cast<std::uint8_t>(crc >> 8));
  {
    Client client(host.path);
    Bytes answer;
    for (int i = 0; i < 50 && answer.empty(); ++i) {  // it is deaf while it boots
      client.write(up);
      answer = client.read_until([](const Bytes& all) { return all.size() >= 8; }, 200);
    }
    BOOST_TEST((answer == up));
  }
  host.stop();
  std::ifstream file(state_path);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  std::remove(state_path.c_str());
  const auto state = parse_json(text);
  BOOST_REQUIRE(state.has_value());
  BOOST_REQUIRE((*state)["closings"].size() == 1u);
  BOOST_TEST((*state)["closings"].items()[0]["moving"].boolean());
}

BOOST_AUTO_TEST_CASE(what_is_in_the_way_of_a_link_is_left_alone) {
  PtyOptions options;
  options.link_path = ".";
  const auto served = serve_on_pty("ld2410-radar", options, {}, [](const std::string&) {});
  BOOST_REQUIRE(!served);
  BOOST_TEST((served.error().code == Errc::usage));
}

BOOST_AUTO_TEST_SUITE_END()
