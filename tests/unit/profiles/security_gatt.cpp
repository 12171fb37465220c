// What a tap tells of pairings, and what advertising tells of addresses: what no virtual device
// brings about.
#include <ostream>

#include "probes/gatt/event.h"
#include "profiles/measuring/address_watch.h"
#include "profiles/measuring/link_security.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/check_harness.h"
#include "tests/support/scripted_lane.h"

using namespace carebench;

namespace {

namespace bdata = boost::unit_test::data;

// Packets of the monitor channel, adapter 0. Two connections, to …:06 on handle 0x40 and to …:16 on
// 0x41.
constexpr std::string_view connected =
                               "0000 0003 3e13 01 00 4000 00 01 060504030201 1800 0000 2a00 00",
                           other_connected =
                               "0000 0003 3e13 01 00 4100 00 01 161514131211 1800 0000 2a00 00",
                           disconnected = "0000 0003 0504 00 4000 13",
                           encrypted = "0000 0003 0804 00 4000 01",
                           // KeyboardDisplay, man in the middle, Secure Connections, 16 octets
    request = "0000 0004 4000 0b00 0700 0600 01 04 00 0d 10 0f 0f",
                           other_request = "0000 0004 4100 0b00 0700 0600 01 04 00 0d 10 0f 0f",
                           secure = "0000 0005 4020 0b00 0700 0600 02 00 00 0d 10 00 01",
                           legacy = "0000 0005 4020 0b00 0700 0600 02 00 00 05 10 00 01",
                           short_key = "0000 0005 4020 0b00 0700 0600 02 00 00 0d 07 00 01",
                           unable = "0000 0005 4020 0b00 0700 0600 02 03 00 09 10 00 01",
                           other_secure = "0000 0005 4120 0b00 0700 0600 02 00 00 0d 10 00 01",
                           failed = "0000 0005 4020 0600 0200 0600 05 04",
                           other_encrypted = "0000 0003 0804 00 4100 01";
constexpr std::string_view address = "01:02:03:04:05:06", other_address = "11:12:13:14:15:16";

SecurityTrace trace(const std::vector<std::string_view>& packets) {
  SecurityTrace made;
  for (const std::string_view hex : packets) made.feed(from_hex(hex).value());
  return made;
}

struct Agreed {
  std::string_view name;
  std::vector<std::string_view> packets;
  std::string_view method;
  int level, key_size;
  bool secure_connections;
};
std::ostream& operator<<(std::ostream& out, const Agreed& one) { return out << one.name; }
const std::vector<Agreed> agreements = {
    {"passkey", {connected, request, secure, encrypted}, "passkey_entry", 4, 16, true},
    {"legacy", {connected, request, legacy, encrypted}, "passkey_entry", 3, 16, false},
    {"short key", {connected, request, short_key, encrypted}, "passkey_entry", 3, 7, true},
    {"no abilities", {connected, request, unable, encrypted}, "just_works", 2, 16, true},
    {"never encrypted", {connected, request, secure}, "passkey_entry", 1, 16, true},
    {"the second time",
     {connected, request, unable, failed, request, secure, encrypted},
     "passkey_entry",
     4,
     16,
     true},
    {"beside another one",
     {connected, other_connected, other_request, other_secure, other_encrypted, request, legacy,
      encrypted},
     "passkey_entry",
     3,
     16,
     false},
};

struct Unseen {
  std::string_view name;
  std::vector<std::string_view> packets;
  std::string_view address, why;
};
std::ostream& operator<<(std::ostream& out, const Unseen& one) { return out << one.name; }
const std::vector<Unseen> unseen = {
    {"nothing", {}, address, "right adapter"},
    {"not secured", {connected}, address, "no pairing"},
    {"another adapter's", {other_connected}, address, "no link"},
    {"a pairing that failed", {connected, request, unable, failed}, address, "no pairing"},
    {"an answer that never came", {connected, request}, address, "no pairing"},
    {"a bond of before", {connected, encrypted}, address, "no pairing"},
    {"two, by other addresses",
     {connected, other_connected, request, secure, encrypted, other_request, other_secure,
      other_encrypted},
     "C0:00:00:00:00:01",
     "several devices"},
};

struct Address {
  std::string_view type, address, kind;
};
std::ostream& operator<<(std::ostream& out, const Address& one) { return out << one.address; }
constexpr Address addresses[] = {
    {"public", "C0:00:5E:00:53:01", "public"},
    {"random", "C0:00:5E:00:53:01", "static"},
    {"random", "7F:00:5E:00:53:01", "resolvable"},
    {"random", "3F:00:5E:00:53:01", "non-resolvable"},
    {"random", "80:00:5E:00:53:01", ""},
    {"", "C0:00:5E:00:53:01", ""},
    {"random", "", ""},
};

Stamp at(std::int64_t s) { return {s * 1'000'000'000}; }

test::CheckRun on_band(std::string check, std::string with) {
  return {std::move(check), std::move(with), {{"sim:heart-rate-band", ""}}, {}, {}, {}};
}

struct Mistake {
  std::string_view check, with, says;
};
std::ostream& operator<<(std::ostream& out, const Mistake& one) { return out << one.with; }
constexpr Mistake mistakes[] = {
    {"security/attribute_access", "{health: [heart]}", "no UUID of a service"},
    {"security/attribute_access", "{allow: [2A38]}", "names no characteristic of a service"},
    {"security/attribute_access", "{exclude: [180D/2A39/2902]}", "names no characteristic"},
    {"security/attribute_access", "{values: {\"180d/2a39\": \"01\"}}", "with their service"},
    {"security/attribute_access", "{values: {\"180D/2A39\": \"0x\"}}", "in hexadecimal"},
    {"security/attribute_access", "{values: [\"01\"]}", "are a map"},
    {"security/attribute_writes", "{exclude: [everything]}", "names no characteristic"},
    {"security/exposed_services", "{allow: [uart]}", "no UUID of a service"},
    {"security/exposed_services", "{entry: {FE59: \"01\"}}", "with their service"},
    {"security/pairing", "{capability: DisplayYesno}", "DisplayYesNo"},
    {"security/pairing", "{pair: false, stranger: false}", "nothing is tried"},
    {"security/advertising", "{known: [Li]}", "too short"},
};

// A check on a device (channel 0) that is connected to nothing, and a tap on the HCI (channel 1).
struct Tapped {
  explicit Tapped(std::string_view check, std::string_view with, std::string status) {
    document = *yaml::Document::parse("with", std::string(with));
    Problems problems;
    const Check* checked = find_check(check);
    params = Params::read(document->root(), checked->params, problems, {});
    BOOST_TEST_REQUIRE(problems.empty());
    lane.on_text = [text = std::move(status)](ChannelId, const Op& op) {
      return kind_of(op) == OpKind::status ? text : std::string();
    };
    Context::Setup setup;
    setup.lane = &lane;
    setup.check = checked;
    setup.with = &params;
    setup.roles["test"].push_back({"dut", false, 0, nullptr, "", "SN-0001"});
    setup.roles["monitor"].push_back({"tap", false, 1, nullptr, "", ""});
    context.emplace(std::move(setup));
  }
  // What bluetoothd tells of an advertising event, without address; and what the tap hears.
  void told(std::int64_t s, std::string_view name) {
    const std::string json = Json::object().set("name", name).dump();
    Bytes octets;
    GattEvent{EventKind::advertising, EventSource::signal, 0xC4, {}, as_bytes(json)}.append_to(
        octets);
    lane.frame(at(s), octets);
  }
  void heard(std::int64_t s, std::string_view little_endian_address, std::string_view structures) {
    const Bytes data = from_hex(structures).value();
    Bytes packet = from_hex("0000 0003 3e").value();
    packet.push_back(static_cast<std::uint8_t>(12 + data.size()));
    const Bytes head = from_hex(cat("02 01 00 01", little_endian_address)).value();
    packet.insert(packet.end(), head.begin(), head.end());
    packet.push_back(static_cast<std::uint8_t>(data.size()));
    packet.insert(packet.end(), data.begin(), data.end());
    packet.push_back(0xC4);
    lane.frame(at(s), packet, 1);
  }
  const Measurement* find(std::string_view output) const {
    for (const Measurement& one : context->measurements)
      if (one.name == output) return &one;
    return nullptr;
  }
  bool truth(std::string_view output) const {
    const Measurement* found = find(output);
    BOOST_TEST_REQUIRE(found, output);
    return std::get<bool>(found->value);
  }

  test::ScriptedLane lane;
  std::shared_ptr<const yaml::Document> document;
  Params params;
  std::optional<Context> context;
};
const std::string private_band =
    R"({"address":"7A:00:00:00:00:01","address_type":"random","name":"Band"})";
constexpr std::string_view band = "05 09 42616e64", other_band = "05 09 42616e65";
constexpr std::string_view first_address = "01000000007a", next_address = "02000000007a",
                           third_address = "03000000007a";

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_security_gatt)

BOOST_AUTO_TEST_CASE(a_tap_hears_a_private_address_change) {
  Tapped run("security/advertising", "{duration: 30 min}", private_band);
  run.told(1, "Band");
  run.heard(1, first_address, band);
  run.heard(800, third_address, other_band);  // somebody else's
  run.heard(900, next_address, band);
  BOOST_TEST_REQUIRE(find_check("security/advertising")->run(*run.context).has_value());
  BOOST_TEST(run.truth("address_rotates"));
  BOOST_TEST(run.truth("identity_hidden"));
  BOOST_TEST(std::get<Quantity>(run.find("longest_address_stay")->value).value == 900);
}

BOOST_AUTO_TEST_CASE(a_tap_hears_what_the_stack_does_not_tell) {
  Tapped run("security/advertising", "{duration: 10 s}", private_band);
  run.told(1, "Band");
  run.heard(1, first_address, "05 09 42616e64 0a ff ffff 534e2d30303031");
  BOOST_TEST_REQUIRE(find_check("security/advertising")->run(*run.context).has_value());
  BOOST_TEST(!run.truth("identity_hidden"));
}

BOOST_AUTO_TEST_CASE(two_devices_by_one_name_decide_nothing_about_rotation) {
  Tapped run("security/advertising", "{duration: 30 min}", private_band);
  run.told(1, "Band");
  for (const std::int64_t s : {1, 3}) {
    run.heard(s, first_address, band);
    run.heard(s + 1, next_address, band);
  }
  BOOST_TEST_REQUIRE(find_check("security/advertising")->run(*run.context).has_value());
  BOOST_TEST(!run.find("address_rotates"));
  BOOST_TEST(!run.find("longest_address_stay"));
  BOOST_TEST(run.context->not_seen == std::vector<std::string>{"address_rotates"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_an_address_nothing_is_said_of_rotation) {
  Tapped run("security/advertising", "{duration: 30 min}", private_band);
  run.told(1, "Band");
  BOOST_TEST_REQUIRE(find_check("security/advertising")->run(*run.context).has_value());
  BOOST_TEST(!run.find("address_rotates"));
  BOOST_TEST(run.truth("address_is_private"));
}

BOOST_AUTO_TEST_CASE(a_watch_waits_for_the_tap_and_tells_of_its_loss) {
  GattStatus status;
  status.address = address;
  Tapped run("security/pairing", "{}", "{}");
  SecurityWatch watch(*run.context);
  BOOST_TEST_REQUIRE(watch.begin().has_value());
  for (const std::string_view hex : {connected, request, secure, encrypted})
    run.lane.frame({200'000'000}, from_hex(hex).value(), 1);
  const auto seen = watch.end(status);
  BOOST_TEST_REQUIRE((seen && seen->security));
  BOOST_TEST(seen->security->level == 4);
  run.lane.lost({1'000'000'000}, "adapter hci0 is gone", 1);
  const auto unseen_any = watch.end(status);
  BOOST_TEST_REQUIRE(unseen_any.has_value());
  BOOST_TEST(!unseen_any->security.has_value());
  BOOST_TEST(unseen_any->why == "the tap was lost: adapter hci0 is gone");
}

BOOST_DATA_TEST_CASE(a_tap_tells_what_was_agreed, bdata::make(agreements)) {
  const SeenSecurity seen = trace(sample.packets).seen(address);
  BOOST_TEST_REQUIRE(seen.security.has_value(), seen.why);
  BOOST_TEST(seen.security->method == sample.method);
  BOOST_TEST(seen.security->level == sample.level);
  BOOST_TEST(seen.security->key_size == sample.key_size);
  BOOST_TEST(seen.security->secure_connections.value() == sample.secure_connections);
}

BOOST_DATA_TEST_CASE(what_a_tap_did_not_see_is_said, bdata::make(unseen)) {
  const SeenSecurity seen = trace(sample.packets).seen(sample.address);
  BOOST_TEST(!seen.security.has_value());
  BOOST_TEST(seen.why.find(sample.why) != std::string::npos, seen.why);
}

BOOST_AUTO_TEST_CASE(the_only_device_that_paired_is_the_one_that_is_meant) {
  const auto one = trace({other_connected, other_request, other_secure, other_encrypted});
  BOOST_TEST(one.seen(address).security.has_value());  // it has a private address on the air
}

BOOST_AUTO_TEST_CASE(whether_a_link_is_encrypted_is_told_until_it_ends) {
  BOOST_TEST(trace({connected, encrypted}).seen(address).encrypted.value_or(false));
  BOOST_TEST(!trace({connected, encrypted, disconnected}).seen(address).encrypted.has_value());
  const auto again = trace({connected, request, secure, encrypted, disconnected, connected});
  BOOST_TEST(again.seen(address).security->level == 4);  // as it was agreed
}

BOOST_AUTO_TEST_CASE(a_flood_of_connections_is_bounded) {
  SecurityTrace many;
  const Bytes packet = from_hex(connected).value();
  for (int i = 0; i < 1000; ++i) many.feed(packet);
  many.feed(from_hex(encrypted).value());
  BOOST_TEST(many.seen(address).encrypted.value_or(false));
}

BOOST_DATA_TEST_CASE(an_address_has_a_kind, bdata::make(addresses)) {
  BOOST_TEST(kind_of_address(sample.type, sample.address) == sample.kind);
}

BOOST_AUTO_TEST_CASE(an_address_stays_until_the_next_one_is_heard) {
  AddressWatch watch;
  for (const int s : {0, 5, 899}) watch.heard("A", at(s));
  watch.heard("", at(899));
  watch.heard("B", at(900));
  BOOST_TEST(watch.addresses() == 2u);
  BOOST_TEST(!watch.several_devices());
  BOOST_TEST(watch.longest_stay(at(1000)).seconds() == 900);
  BOOST_TEST(watch.longest_stay(at(2000)).seconds() == 1100);
}

BOOST_AUTO_TEST_CASE(addresses_that_take_turns_belong_to_several_devices) {
  AddressWatch watch;
  for (const std::string_view one : {"A", "B", "A"}) watch.heard(one, at(1));
  BOOST_TEST(watch.several_devices());
}

BOOST_DATA_TEST_CASE(mistakes_in_a_profile_are_found_before_the_run, bdata::make(mistakes)) {
  const std::string said =
      test::lint_check(on_band(std::string(sample.check), std::string(sample.with)));
  BOOST_TEST(said.find(sample.says) != std::string::npos, said);
}

BOOST_AUTO_TEST_SUITE_END()
