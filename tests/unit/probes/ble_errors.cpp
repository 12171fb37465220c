#include "probes/links/ble_errors.h"

#include <array>

#include "probes/gatt/refusal.h"
#include "tests/support/boost_test.h"

namespace carebench {
namespace {

namespace bdata = boost::unit_test::data;
using dbus::Answer;
using enum links::BleAsked;
using Kind = Outcome::Kind;

dbus::Answer refusal(std::string error, std::string message) {
  return {Answer::Kind::refused, {}, std::move(error), std::move(message)};
}

links::BleAsking asking(links::BleAsked asked) {
  return {asked, "AA:BB:CC:DD:EE:FF", "hci7", seconds(5)};
}

struct Come {
  links::BleAsked asked;
  const char *error, *message;
  Kind kind;
  const char* says;
};
std::ostream& operator<<(std::ostream& out, const Come& one) {
  return out << one.error << " " << one.message;
}

// Names and messages as bluetoothd 5.66 was seen to send them.
const std::array comes = {
    Come{attribute, "org.bluez.Error.NotPermitted", "Read not permitted", Kind::refused,
         "org.bluez.Error.NotPermitted: Read not permitted"},
    Come{attribute, "org.bluez.Error.NotAuthorized", "Operation Not Authorized", Kind::refused,
         "Not Authorized"},
    Come{attribute, "org.bluez.Error.NotSupported", "Operation is not supported", Kind::refused,
         "not supported"},
    Come{attribute, "org.bluez.Error.InvalidArguments", "Invalid Length", Kind::refused, "Length"},
    Come{attribute, "org.bluez.Error.Failed", "Operation failed with ATT error: 0x80",
         Kind::refused, "0x80"},
    Come{attribute, "org.bluez.Error.Failed", "Not connected", Kind::lost, "the link is down"},
    Come{attribute, "org.freedesktop.DBus.Error.UnknownObject", "Method doesn't exist",
         Kind::refused, "its services have changed"},
    Come{subscribe, "org.bluez.Error.NotSupported", "Operation is not supported", Kind::refused,
         "not supported"},
    Come{connect, "org.bluez.Error.Failed", "le-connection-abort-by-local", Kind::timed_out,
         "wake it"},
    Come{connect, "org.bluez.Error.Failed", "br-connection-canceled", Kind::timed_out, "canceled"},
    Come{connect, "org.bluez.Error.Failed", "le-connection-abort-by-remote", Kind::refused, ""},
    Come{pair, "org.bluez.Error.AuthenticationFailed", "Authentication Failed", Kind::refused,
         "still holds a bond"},
    Come{pair, "org.bluez.Error.AlreadyExists", "Already Exists", Kind::done, ""},
    Come{pair, "org.bluez.Error.ConnectionAttemptFailed", "Page Timeout", Kind::timed_out, "awake"},
    Come{remove, "org.bluez.Error.DoesNotExist", "Does Not Exist", Kind::done, ""},
    Come{scan, "org.bluez.Error.InProgress", "Operation already in progress", Kind::done, ""},
    Come{scan, "org.bluez.Error.Failed", "No discovery started", Kind::done, ""},
};

struct Fault {
  links::BleAsked asked;
  const char *error, *message;
  Errc code;
  Blame blame;
  const char* says;
};
std::ostream& operator<<(std::ostream& out, const Fault& one) {
  return out << one.error << " " << one.message;
}

const std::array faults = {
    Fault{objects, "org.freedesktop.DBus.Error.ServiceUnknown", "The name is not activatable",
          Errc::not_found, Blame::bench, "systemctl start bluetooth"},
    Fault{objects, "org.freedesktop.DBus.Error.Spawn.ChildExited", "exited with status 1",
          Errc::not_found, Blame::bench, "no bluetoothd"},
    Fault{objects, "org.freedesktop.DBus.Error.AccessDenied", "Rejected send message",
          Errc::not_permitted, Blame::bench, "group bluetooth"},
    Fault{scan, "org.bluez.Error.NotReady", "Resource Not Ready", Errc::not_ready, Blame::bench,
          "hci7 is switched off"},
    Fault{scan, "org.freedesktop.DBus.Error.UnknownObject", "Method doesn't exist", Errc::not_found,
          Blame::bench, "hci7 is not there any more"},
    Fault{scan, "org.bluez.Error.Blocked", "Blocked through rfkill", Errc::not_ready, Blame::bench,
          "rfkill unblock"},
    Fault{connect, "org.bluez.Error.Failed", "Input/output error", Errc::not_ready, Blame::bench,
          "hci7 is switched off"},
    Fault{connect, "org.bluez.Error.Failed", "Operation already in progress", Errc::busy,
          Blame::bench, "another program on this machine uses AA:BB:CC:DD:EE:FF"},
    Fault{connect, "org.bluez.Error.Failed", "le-connection-concurrent-connection-limit",
          Errc::busy, Blame::bench, "as many connections as it can"},
    Fault{connect, "org.bluez.Error.Failed", "br-connection-profile-unavailable", Errc::unsupported,
          Blame::bench, "classic"},
    Fault{subscribe, "org.bluez.Error.NotPermitted", "Notify acquired", Errc::busy, Blame::bench,
          "another program"},
    Fault{subscribe, "org.bluez.Error.InProgress", "In Progress", Errc::busy, Blame::bench,
          "another program"},
    Fault{pair, "org.bluez.Error.InvalidArguments", "Invalid arguments in method call",
          Errc::bad_input, Blame::profile, "NoInputNoOutput"},
    // What nobody knows is no refusal of the device.
    Fault{attribute, "org.bluez.Error.Failed", "Failed to initiate write", Errc::not_ready,
          Blame::bench, "Failed to initiate write"},
    Fault{attribute, "org.example.Strange", "\x1b[31m", Errc::not_ready, Blame::bench,
          "org.example.Strange"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_ble_errors)

BOOST_DATA_TEST_CASE(what_a_device_does_is_an_outcome, bdata::make(comes)) {
  const auto come = links::come_of(refusal(sample.error, sample.message), asking(sample.asked));
  BOOST_REQUIRE(come.has_value());
  BOOST_CHECK(come->kind == sample.kind);
  BOOST_TEST(come->text.find(sample.says) != std::string::npos, come->text);
  BOOST_TEST((sample.kind == Kind::done) == come->text.empty());
}

BOOST_DATA_TEST_CASE(what_the_bench_cannot_do_is_an_error_with_advice, bdata::make(faults)) {
  const auto come = links::come_of(refusal(sample.error, sample.message), asking(sample.asked));
  BOOST_REQUIRE(!come.has_value());
  BOOST_CHECK(come.error().code == sample.code);
  BOOST_CHECK(come.error().blame == sample.blame);
  BOOST_TEST(come.error().message.find(sample.says) != std::string::npos, come.error().message);
  BOOST_TEST(come.error().message.find("ADAPTER") == std::string::npos);
  BOOST_TEST(come.error().message.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_att_error_reaches_the_step_as_it_was) {
  for (int code = 1; code < 256; ++code) {
    const auto att = static_cast<std::uint8_t>(code);
    const StackError error = stack_error(att);
    const auto come =
        links::come_of(refusal(std::string(error.name), error.message), asking(attribute));
    BOOST_REQUIRE(come.has_value());
    BOOST_TEST((come->kind == Kind::refused), code);
    BOOST_TEST((att_error_of(come->text) == att), come->text);
  }
}

BOOST_AUTO_TEST_CASE(silence_is_the_devices_or_the_stacks) {
  const Answer silence{Answer::Kind::timed_out};
  const auto device = links::come_of(silence, asking(connect));
  BOOST_REQUIRE(device.has_value());
  BOOST_CHECK(device->kind == Kind::timed_out);
  BOOST_TEST(device->text.find("5 s") != std::string::npos);
  const auto stack = links::come_of(silence, asking(objects));
  BOOST_REQUIRE(!stack.has_value());
  BOOST_TEST(stack.error().message.find("restart") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_end_of_bluetoothd_is_a_lost_link_and_a_stop_an_interruption) {
  const auto lost = links::come_of({Answer::Kind::lost, {}, {}, "gone"}, asking(attribute));
  BOOST_REQUIRE(lost.has_value());
  BOOST_CHECK(lost->kind == Kind::lost);
  const auto stopped = links::come_of({Answer::Kind::stopped}, asking(connect));
  BOOST_REQUIRE(!stopped.has_value());
  BOOST_CHECK(stopped.error().code == Errc::interrupted);
}

BOOST_AUTO_TEST_CASE(only_what_may_pass_is_tried_again) {
  const auto again = [](const char* message) {
    return links::worth_another_try(refusal("org.bluez.Error.Failed", message));
  };
  BOOST_TEST(again("le-connection-abort-by-local"));
  BOOST_TEST(again("Operation already in progress"));
  BOOST_TEST(!again("Input/output error"));
  BOOST_TEST(!again("le-connection-refused"));
  BOOST_TEST(!again("something else"));
  BOOST_TEST(!links::worth_another_try({Answer::Kind::timed_out}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
