#include "probes/links/ble_events.h"

#include <sys/socket.h>
#include <unistd.h>

#include <functional>

#include "tests/support/boost_test.h"

namespace carebench {
namespace {

using links::BleEvents;

struct Heard final : Ingest {
  void frame(Stamp stamp, ByteView octets) override {
    stamps.push_back(stamp);
    frames.emplace_back(octets.begin(), octets.end());
    if (then) then();
  }
  void lost(Stamp, std::string_view how) override { ends.emplace_back(how); }
  std::function<void()> then;  // at each frame
  std::vector<Stamp> stamps;
  std::vector<Bytes> frames;
  std::vector<std::string> ends;
};

// A characteristic whose notifications come on a socket, as AcquireNotify gives one.
struct Acquired {
  explicit Acquired(EventKind kind = EventKind::notification) {
    int both[2];
    BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both) ==
                  0);
    device = dbus::Descriptor(both[0]);
    (void)events.begin_up();
    events.acquired({"/char", kind, 0x12, Uuid::of(0x2A37)}, dbus::Descriptor(both[1]));
  }
  void send(const Bytes& value) {
    BOOST_REQUIRE(::send(device.get(), value.data(), value.size(), 0) ==
                  static_cast<ssize_t>(value.size()));
  }
  BleEvents events;
  dbus::Descriptor device;
  Heard heard;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_ble_events)

BOOST_AUTO_TEST_CASE(each_packet_of_the_socket_is_one_event) {
  Acquired acquired;
  acquired.send({0x10, 70});
  acquired.send({});
  acquired.send(Bytes(512, 0xAA));
  acquired.events.pump({7}, acquired.heard);
  BOOST_REQUIRE(acquired.heard.frames.size() == 3u);
  GattEvent event;
  BOOST_REQUIRE(GattEvent::parse(acquired.heard.frames[0], event));
  BOOST_CHECK(event.kind == EventKind::notification);
  BOOST_CHECK(event.source == EventSource::acquired);
  BOOST_TEST(event.handle == 0x12);
  BOOST_TEST(event.uuid.text() == "2A37");
  BOOST_TEST(to_hex(event.value) == "1046");
  BOOST_TEST(acquired.heard.frames[1].size() == GattEvent::header);
  BOOST_TEST(acquired.heard.frames[2].size() == GattEvent::header + 512);
  BOOST_TEST(acquired.heard.stamps[0].ns == 7);
  BOOST_TEST(acquired.heard.ends.empty());
}

BOOST_AUTO_TEST_CASE(more_than_fits_in_one_call_stays_for_the_next) {
  Acquired acquired;
  for (std::uint8_t i = 0; i < 100; ++i) acquired.send({i});
  while (acquired.heard.frames.size() < 100) {
    const auto before = acquired.heard.frames.size();
    acquired.events.pump({}, acquired.heard);
    BOOST_REQUIRE(acquired.heard.frames.size() > before);
  }
  for (std::size_t i = 0; i < 100; ++i)
    BOOST_TEST(acquired.heard.frames[i].back() == static_cast<std::uint8_t>(i));
}

BOOST_AUTO_TEST_CASE(a_closed_socket_is_a_lost_link_after_its_last_value_and_once) {
  Acquired acquired;
  acquired.send({1});
  acquired.device = dbus::Descriptor();
  for (int i = 0; i < 3; ++i) acquired.events.pump({}, acquired.heard);
  BOOST_TEST(acquired.heard.frames.size() == 1u);
  BOOST_REQUIRE(acquired.heard.ends.size() == 1u);
  BOOST_TEST(acquired.heard.ends[0].find("2A37 was closed") != std::string::npos);
  BOOST_TEST(!acquired.events.is_up());
}

// The one whose turn comes later was still open when both were found to be readable.
BOOST_AUTO_TEST_CASE(a_socket_closed_while_another_is_read_ends_without_empty_values) {
  Acquired acquired;
  int both[2];
  BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both) == 0);
  dbus::Descriptor other(both[0]);
  acquired.events.acquired({"/other", EventKind::notification, 0x15, Uuid::of(0x2A19)},
                           dbus::Descriptor(both[1]));
  acquired.send({1});
  BOOST_REQUIRE(::send(other.get(), "2", 1, 0) == 1);
  acquired.heard.then = [&] {
    acquired.device = dbus::Descriptor();
    other = dbus::Descriptor();
  };
  for (int i = 0; i < 3; ++i) acquired.events.pump({}, acquired.heard);
  BOOST_TEST(acquired.heard.frames.size() == 2u);
  BOOST_TEST(acquired.heard.ends.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_link_that_we_end_ourselves_is_not_lost) {
  Acquired acquired;
  acquired.events.down();
  acquired.device = dbus::Descriptor();
  acquired.events.pump({}, acquired.heard);
  BOOST_TEST(acquired.heard.ends.empty());
}

BOOST_AUTO_TEST_CASE(an_unsubscribed_characteristic_says_nothing) {
  Acquired acquired;
  BOOST_TEST(acquired.events.is_acquired("/char"));
  acquired.send({1});
  acquired.events.stop("/char");
  BOOST_TEST(!acquired.events.is_acquired("/char"));
  acquired.events.pump({}, acquired.heard);
  BOOST_TEST(acquired.heard.frames.empty());
  BOOST_TEST(acquired.heard.ends.empty());
}

BOOST_AUTO_TEST_CASE(a_read_is_marked_only_where_its_echo_would_be_heard) {
  BleEvents events;
  BOOST_TEST(events.begin_read("/char") == 0u);
  events.started({"/char", EventKind::value, 0x12, Uuid::of(0x2A37)});
  BOOST_TEST(events.begin_read("/char") != 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
