#include <array>

#include "probes/gatt/refusal.h"
#include "probes/gatt/status.h"
#include "tests/support/boost_test.h"
#include "tests/support/private_bluetooth.h"

namespace carebench {
namespace {

namespace bdata = boost::unit_test::data;
using Kind = Outcome::Kind;

const std::string address = "ble:00:AA:01:01:00:01";
const std::string service = "0000f000-6361-7265-6265-6e6368000000/";

std::string f0(const char* digits) {
  return service + "0000f0" + digits + "-6361-7265-6265-6e6368000000";
}

// A connected link in a room of its own.
struct Connected {
  Connected() {
    const auto come = link.perform(Connect{});
    BOOST_REQUIRE_MESSAGE(come.kind == Kind::done, come.text);
  }
  PrivateBluetooth room;
  HeardLink link{room, address};
};

GattStatus status_of(HeardLink& link) {
  return GattStatus::from(parse_json(link.perform(Status{}).text).value_or(Json()));
}

struct Method {
  const char *ours, *theirs, *state;
  bool authenticated;
};
std::ostream& operator<<(std::ostream& out, const Method& one) {
  return out << one.ours << " with " << one.theirs;
}
const std::array methods = {
    Method{"NoInputNoOutput", "NoInputNoOutput", "paired", false},
    Method{"KeyboardDisplay", "NoInputNoOutput", "paired", false},
    Method{"KeyboardOnly", "DisplayOnly", "wants_passkey", true},
    Method{"DisplayOnly", "KeyboardOnly", "shows_passkey", true},
    Method{"DisplayYesNo", "DisplayYesNo", "compare", true},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_ble_link)

BOOST_AUTO_TEST_CASE(a_device_behind_a_private_bus_is_a_simulation) {
  PrivateBluetooth room;
  HeardLink link(room, address);
  const Facts& facts = link.link().facts();
  BOOST_TEST(facts.simulated);
  BOOST_TEST(facts.transport == "ble");
  BOOST_TEST(facts.details["adapter"]["virtual"].boolean());
  BOOST_TEST(facts.details["device"]["name"].string() == "Bench HRM");
}

BOOST_AUTO_TEST_CASE(a_connected_device_tells_its_database_and_status) {
  Connected room;
  const auto told = parse_json(room.link.perform(Discover{}).text);
  BOOST_REQUIRE(told.has_value());
  const auto database = GattDatabase::from(*told);
  BOOST_REQUIRE(database.has_value());
  BOOST_TEST(database->services.size() == 5u);
  BOOST_TEST(database->mtu == 185);
  const auto found = database->find(*AttributePath::parse("180D/2A37"));
  BOOST_REQUIRE(found.characteristic);
  BOOST_TEST(found.characteristic->has(gatt_flag::notify));
  BOOST_TEST(found.characteristic->descriptors.size() == 1u);
  const GattStatus status = status_of(room.link);
  BOOST_TEST(status.connected);
  BOOST_TEST(status.services_resolved);
  BOOST_TEST(!status.paired);
  BOOST_TEST(status.name == "Bench HRM");
  BOOST_TEST(room.link.perform(Connect{}).text == "was connected");
}

BOOST_AUTO_TEST_CASE(values_are_read_whole_and_refusals_name_the_att_error) {
  Connected room;
  BOOST_TEST(as_text(room.link.perform(ReadValue{"180A/2A25"}).octets) == "SN-0001");
  BOOST_TEST(room.link.perform(ReadValue{f0("07")}).octets.size() == 400u);
  for (const auto& [digits, att] :
       {std::pair<const char*, int>{"03", 0x02}, {"04", 0x81}, {"05", 0x07}, {"06", 0x08}}) {
    const auto come = room.link.perform(ReadValue{f0(digits)});
    BOOST_CHECK(come.kind == Kind::refused);
    BOOST_TEST(static_cast<int>(att_error_of(come.text).value_or(0)) == att, come.text);
  }
  const auto absent = room.link.perform(ReadValue{"1809/2A1C"});
  BOOST_CHECK(absent.kind == Kind::refused);
  BOOST_TEST(absent.text.find("the device has no 1809/2A1C") != std::string::npos);
  BOOST_TEST(!room.link.try_to(ReadValue{"nonsense"}).has_value());
}

BOOST_AUTO_TEST_CASE(values_are_written_in_each_way) {
  Connected room;
  for (const auto mode :
       {WriteValue::Mode::request, WriteValue::Mode::command, WriteValue::Mode::reliable}) {
    const Bytes value = {1, 2, static_cast<std::uint8_t>(mode)};
    BOOST_CHECK(room.link.perform(WriteValue{f0("08"), value, mode}).kind == Kind::done);
    BOOST_TEST(room.link.perform(ReadValue{f0("08")}).octets == value,
               boost::test_tools::per_element());
  }
  const auto refused = room.link.perform(WriteValue{"180D/2A39", {2}});
  BOOST_CHECK(refused.kind == Kind::refused);
  BOOST_TEST(static_cast<int>(att_error_of(refused.text).value_or(0)) == 0x80);
}

BOOST_AUTO_TEST_CASE(what_the_stack_cannot_send_is_no_refusal_of_the_device) {
  Connected room;
  for (const WriteValue& write : {WriteValue{f0("08"), Bytes(513), WriteValue::Mode::request},
                                  WriteValue{f0("08"), Bytes(183), WriteValue::Mode::command}}) {
    const auto come = room.link.try_to(write);
    BOOST_REQUIRE(!come.has_value());
    BOOST_CHECK(come.error().code == Errc::unsupported);
  }
  BOOST_CHECK(room.link.perform(WriteValue{f0("08"), Bytes(182), WriteValue::Mode::command}).kind ==
              Kind::done);
}

BOOST_AUTO_TEST_CASE(notifications_come_on_the_acquired_socket) {
  Connected room;
  BOOST_TEST(room.link.perform(Subscribe{"180D/2A37"}).text == "notify");
  const auto come = room.link.next();
  BOOST_REQUIRE(!come.lost);
  BOOST_CHECK(come.event.kind == EventKind::notification);
  BOOST_CHECK(come.event.source == EventSource::acquired);
  BOOST_TEST(come.event.uuid.text() == "2A37");
  BOOST_TEST(come.event.value.size() == 2u);
  BOOST_CHECK(room.link.perform(Subscribe{"180D/2A37", Subscribe::Mode::off}).kind == Kind::done);
}

BOOST_AUTO_TEST_CASE(notifications_come_as_signals_where_the_profile_wants_it) {
  Connected room;
  BOOST_TEST(room.link.perform(Subscribe{"180D/2A37", Subscribe::Mode::start}).text == "notify");
  const auto come = room.link.next();
  BOOST_REQUIRE(!come.lost);
  BOOST_CHECK(come.event.kind == EventKind::notification);
  BOOST_CHECK(come.event.source == EventSource::signal);
}

BOOST_AUTO_TEST_CASE(indications_are_told_from_notifications_by_the_properties) {
  Connected room;
  BOOST_TEST(room.link.perform(Subscribe{"1810/2A35"}).text == "indicate");
  const auto come = room.link.next();
  BOOST_REQUIRE(!come.lost);
  BOOST_CHECK(come.event.kind == EventKind::indication);
  BOOST_TEST(to_hex(come.event.value) == "00780050005d00");
}

BOOST_AUTO_TEST_CASE(a_subscription_is_forgotten_with_the_device) {
  Connected room;
  const Subscribe subscribe{"180F/2A19", Subscribe::Mode::start};
  BOOST_REQUIRE(room.link.perform(subscribe).kind == Kind::done);
  BOOST_REQUIRE(room.link.perform(Unpair{}).kind == Kind::done);
  BOOST_REQUIRE(room.link.perform(Connect{}).kind == Kind::done);
  BOOST_REQUIRE(room.link.perform(subscribe).kind == Kind::done);  // asks again
  (void)room.room.device().say("send 2A19 1");
  const auto come = room.link.next();
  BOOST_REQUIRE(!come.lost);
  BOOST_TEST(to_hex(come.event.value) == "01");
}

// bluetoothd signals what it reads as it signals what it is notified of.
BOOST_AUTO_TEST_CASE(a_value_that_we_read_ourselves_is_no_event) {
  Connected room;
  BOOST_REQUIRE(room.link.perform(Subscribe{"180F/2A19", Subscribe::Mode::start}).kind ==
                Kind::done);
  for (int i = 0; i < 20; ++i) {
    (void)room.room.device().say("send 2A19 5");
    BOOST_TEST(to_hex(room.link.perform(ReadValue{"180F/2A19"}).octets) == "50");
  }
  for (int i = 0; i < 20; ++i)
    for (std::uint8_t number = 1; number <= 5; ++number) {
      const auto come = room.link.next();
      BOOST_REQUIRE(!come.lost);
      BOOST_REQUIRE(come.event.value.size() == 1u);
      BOOST_TEST(come.event.value[0] == number);
    }
  BOOST_TEST(room.link.silent(milliseconds(100)));
}

BOOST_AUTO_TEST_CASE(advertising_is_heard_while_scanning) {
  PrivateBluetooth room;
  HeardLink link(room, address);
  BOOST_REQUIRE(link.perform(Scan{true}).kind == Kind::done);
  const auto first = link.next();
  BOOST_REQUIRE(!first.lost);
  BOOST_CHECK(first.event.kind == EventKind::advertising);
  BOOST_TEST(first.event.rssi() == -50);
  BOOST_TEST(as_text(first.event.value).find("Bench HRM") != std::string_view::npos);
  const auto second = link.next();
  BOOST_CHECK(second.event.kind == EventKind::manufacturer_data);
  BOOST_TEST(second.event.uuid.text() == "FFFF");
  BOOST_CHECK(link.next().event.kind == EventKind::advertising);  // again, though nothing changed
  BOOST_REQUIRE(link.perform(Scan{false}).kind == Kind::done);
}

BOOST_DATA_TEST_CASE(pairing_is_a_dialogue, bdata::make(methods)) {
  Connected room;
  (void)room.room.device().say(std::string("agent ") + sample.theirs);
  auto come = room.link.perform(Pair{sample.ours});
  BOOST_REQUIRE(come.kind == Kind::done);
  const auto json = parse_json(come.text).value_or(Json());
  BOOST_TEST(json["state"].string() == sample.state);
  PairReply reply;
  if (json["state"].string() == "wants_passkey") reply.passkey = room.room.device().say("passkey");
  if (json["state"].string() == "shows_passkey")
    (void)room.room.device().say("passkey " + json["passkey"].string());
  if (json["state"].string() == "compare") BOOST_TEST(json["passkey"].string() == "424242");
  if (json["state"].string() != "paired") come = room.link.perform(reply);
  BOOST_TEST(come.text == R"({"state":"paired"})");
  BOOST_TEST(status_of(room.link).bonded);
  BOOST_CHECK(room.link.perform(ReadValue{f0("01")}).kind == Kind::done);
  BOOST_TEST((room.link.perform(ReadValue{f0("02")}).kind == Kind::done) == sample.authenticated);
}

BOOST_AUTO_TEST_CASE(a_pairing_that_fails_is_refused_and_says_what_may_be_wrong) {
  Connected room;
  (void)room.room.device().say("agent DisplayOnly");
  BOOST_REQUIRE(room.link.perform(Pair{"KeyboardOnly"}).kind == Kind::done);
  const auto wrong = room.link.perform(PairReply{true, "000000"});
  BOOST_CHECK(wrong.kind == Kind::refused);
  BOOST_TEST(wrong.text.find("AuthenticationFailed") != std::string::npos);
  BOOST_TEST(wrong.text.find("still holds a bond") != std::string::npos);
  BOOST_CHECK(room.link.try_to(PairReply{}).error().blame == Blame::profile);
  BOOST_CHECK(room.link.try_to(Pair{"Telepathy"}).error().blame == Blame::profile);
}

BOOST_AUTO_TEST_CASE(our_user_may_reject) {
  Connected room;
  (void)room.room.device().say("agent DisplayYesNo");
  BOOST_REQUIRE(room.link.perform(Pair{"DisplayYesNo"}).kind == Kind::done);
  BOOST_CHECK(room.link.perform(PairReply{false, {}}).kind == Kind::refused);
}

BOOST_AUTO_TEST_CASE(a_bond_is_kept_over_a_disconnection_and_dropped_by_unpair) {
  Connected room;
  BOOST_REQUIRE(room.link.perform(Pair{"NoInputNoOutput"}).kind == Kind::done);
  BOOST_REQUIRE(room.link.perform(Disconnect{}).kind == Kind::done);
  BOOST_REQUIRE(room.link.perform(Connect{}).kind == Kind::done);
  BOOST_TEST(status_of(room.link).paired);
  BOOST_REQUIRE(room.link.perform(Unpair{}).kind == Kind::done);
  BOOST_REQUIRE(room.link.perform(Connect{}).kind == Kind::done);  // found again by scanning
  BOOST_TEST(!status_of(room.link).paired);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
