// What a tap tells of pairings, and what advertising tells of addresses: what no virtual device
// brings about.
#include <ostream>

#include "profiles/measuring/address_watch.h"
#include "profiles/measuring/link_security.h"
#include "tests/support/boost_test.h"
#include "tests/support/check_harness.h"

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

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_security_gatt)

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
