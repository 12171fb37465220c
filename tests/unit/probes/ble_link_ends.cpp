#include "tests/support/boost_test.h"
#include "tests/support/private_bluetooth.h"

namespace carebench {
namespace {

using Kind = Outcome::Kind;

const std::string address = "ble:00:AA:01:01:00:01";

struct Connected {
  Connected() {
    const auto come = link.perform(Connect{});
    BOOST_REQUIRE_MESSAGE(come.kind == Kind::done, come.text);
  }
  void hears_of_the_end(const std::string& how) {
    auto come = link.next();
    while (!come.lost) come = link.next();
    BOOST_TEST(come.text.find(how) != std::string::npos, come.text);
    BOOST_CHECK(link.perform(ReadValue{"180A/2A25"}).kind == Kind::lost);
    BOOST_TEST(link.silent(milliseconds(50)));  // once
  }
  PrivateBluetooth room;
  HeardLink link{room, address};
};

Result<void> opened(PrivateBluetooth& room, const std::string& text) {
  const auto link = open_link(*Address::parse(text), room.clock());
  if (!link) return tl::unexpected(link.error());
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_ble_link_ends)

BOOST_AUTO_TEST_CASE(a_device_that_drops_the_link_is_lost_and_comes_back) {
  Connected room;
  BOOST_REQUIRE(room.link.perform(Subscribe{"180D/2A37"}).kind == Kind::done);
  (void)room.room.device().say("drop");
  room.hears_of_the_end("2A37 was closed");
  BOOST_REQUIRE(room.link.perform(Connect{}).kind == Kind::done);
  BOOST_TEST(as_text(room.link.perform(ReadValue{"180A/2A25"}).octets) == "SN-0001");
}

BOOST_AUTO_TEST_CASE(without_a_socket_the_signal_tells_it) {
  Connected room;
  (void)room.room.device().say("drop");
  room.hears_of_the_end("the device has disconnected");
}

BOOST_AUTO_TEST_CASE(values_that_come_as_signals_go_on_after_a_reconnection) {
  Connected room;
  BOOST_REQUIRE(room.link.perform(Subscribe{"180D/2A37", Subscribe::Mode::start}).kind ==
                Kind::done);
  (void)room.room.device().say("drop");
  room.hears_of_the_end("disconnected");
  BOOST_REQUIRE(room.link.perform(Connect{}).kind == Kind::done);
  BOOST_TEST(!room.link.next().lost);
}

BOOST_AUTO_TEST_CASE(the_end_of_bluetoothd_is_told_and_the_link_comes_back_with_it) {
  Connected room;
  room.room.stop_stack();
  room.hears_of_the_end("bluetoothd has ended");
  room.room.start_stack();
  BOOST_REQUIRE(room.link.perform(Connect{}).kind == Kind::done);
  BOOST_TEST(as_text(room.link.perform(ReadValue{"180A/2A25"}).octets) == "SN-0001");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_bus_is_told_and_ends_nothing_else) {
  Connected room;
  room.room.kill_bus();
  room.hears_of_the_end("the D-Bus daemon has ended");
  const auto again = room.link.try_to(Connect{}, milliseconds(500));
  BOOST_REQUIRE(!again.has_value());
  BOOST_CHECK(again.error().blame == Blame::bench);
  BOOST_TEST(again.error().message.find("no D-Bus system bus") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_adapter_that_is_switched_off_is_told) {
  Connected room;
  room.room.power(false);
  auto come = room.link.next();
  BOOST_TEST(come.lost);
  const auto again = room.link.try_to(Connect{}, milliseconds(200));
  BOOST_REQUIRE(!again.has_value());
  BOOST_TEST(again.error().message.find("hci0 is switched off") != std::string::npos);
  room.room.power(true);
  BOOST_CHECK(room.link.perform(Connect{}).kind == Kind::done);
}

BOOST_AUTO_TEST_CASE(a_device_that_does_not_answer_is_timed_out_and_a_stop_ends_the_wait) {
  PrivateBluetooth room;
  HeardLink link(room, address);
  (void)room.device().say("silent 600");
  const auto come = link.perform(Connect{}, milliseconds(300));
  BOOST_CHECK(come.kind == Kind::timed_out);
  BOOST_TEST(come.text.find("wake it") != std::string::npos, come.text);
  std::stop_source stop;
  const std::jthread stopping([&stop] { stop.request_stop(); });
  const auto stopped = link.try_to(Connect{}, seconds(600), stop.get_token());
  BOOST_REQUIRE(!stopped.has_value());
  BOOST_CHECK(stopped.error().code == Errc::interrupted);
}

BOOST_AUTO_TEST_CASE(a_device_that_is_not_there_is_found_out_when_the_link_is_opened) {
  PrivateBluetooth room;
  const auto wrong = opened(room, "ble:00:AA:01:01:00:02?scan=1s");
  BOOST_REQUIRE(!wrong.has_value());
  BOOST_CHECK(wrong.error().code == Errc::not_found);
  BOOST_TEST(
      wrong.error().message.find("heard were 00:AA:01:01:00:01 (Bench HRM") != std::string::npos,
      wrong.error().message);
  BOOST_TEST(opened(room, "ble:any?name=Bench HRM").has_value());
  const auto unnamed = opened(room, "ble:any?name=Band&scan=1s");
  BOOST_TEST(unnamed.error().message.find("no device named \"Band\"") != std::string::npos);
  BOOST_TEST(opened(room, "ble:00:AA:01:01:00:02?scan=0s").has_value());
}

BOOST_AUTO_TEST_CASE(what_the_bench_lacks_is_said_when_the_link_is_opened) {
  PrivateBluetooth room;
  const auto message = [&](const char* text) {
    const auto tried = opened(room, text);
    return tried ? std::string() : tried.error().message;
  };
  BOOST_TEST(message("ble:00:AA:01:01:00:01@hci7").find("no adapter hci7, did you mean") !=
             std::string::npos);
  {
    const HeardLink alone(room, "ble:00:AA:01:01:00:01?exclusive=on");
    BOOST_TEST(message("ble:00:AA:01:01:00:01").find("held by a run that wants it alone") !=
               std::string::npos);
  }
  room.power(false);
  BOOST_TEST(message("ble:00:AA:01:01:00:01").find("hci0 is switched off") != std::string::npos);
  room.stop_stack();
  BOOST_TEST(message("ble:00:AA:01:01:00:01").find("no bluetoothd answers") != std::string::npos);
  room.kill_bus();
  BOOST_TEST(message("ble:00:AA:01:01:00:01").find("no D-Bus system bus") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
