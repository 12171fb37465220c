// What GATT links tell of a device: its database, its status, how it says no.
#include "probes/gatt/database.h"
#include "probes/gatt/refusal.h"
#include "probes/gatt/status.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

constexpr std::string_view band =
    R"({"mtu":185,"services":[{"uuid":"180D","handle":10,"primary":true,"characteristics":)"
    R"([{"uuid":"2A37","handle":12,"properties":["notify"],"descriptors":[{"uuid":"2902",)"
    R"("handle":13}]},{"uuid":"2A38","handle":15,"properties":["read","encrypt-read"],)"
    R"("descriptors":[]}]},{"uuid":"180F","handle":20,"primary":false,"characteristics":[)"
    R"({"uuid":"2A19","handle":22,"properties":["read"],"descriptors":[]},)"
    R"({"uuid":"2A19","handle":24,"properties":["write-without-response"],"descriptors":[]}]}]})";

GattDatabase read(std::string_view text) { return GattDatabase::from(*parse_json(text)).value(); }

struct Path {
  std::string_view text;
  int handle;  // 0: the device has no such attribute
};
constexpr Path paths[] = {
    {"180D/2A37", 12}, {"2A37", 12},      {"180D/2A37/2902", 13}, {"180D/2A37/2901", 0},
    {"180F/2A37", 0},  {"180F/2A19", 22}, {"180F/2A19#2", 24},    {"2A19#3", 0},
};
std::ostream& operator<<(std::ostream& out, const Path& path) { return out << path.text; }

struct Broken {
  std::string_view text, says;
};
constexpr Broken broken[] = {
    {R"({"mtu":23})", "no list of services"},
    {R"({"services":[{"uuid":"xyz","handle":1}]})", "\"xyz\" is no UUID"},
    {R"({"services":[{"uuid":"180D","handle":70000}]})", "16 bits"},
};
std::ostream& operator<<(std::ostream& out, const Broken& one) { return out << one.text; }

struct Refusal {
  std::uint8_t att;
  std::string_view text;
  bool security;
};
constexpr Refusal refusals[] = {
    {0x02, "org.bluez.Error.NotPermitted: Read not permitted", false},
    {0x03, "org.bluez.Error.NotPermitted: Write not permitted", false},
    {0x05, "org.bluez.Error.Failed: Operation failed with ATT error: 0x05", true},
    {0x06, "org.bluez.Error.NotSupported: Operation is not supported", false},
    {0x07, "org.bluez.Error.InvalidArguments: Invalid offset", false},
    {0x08, "org.bluez.Error.NotAuthorized: Operation Not Authorized", true},
    {0x0C, "org.bluez.Error.Failed: Operation failed with ATT error: 0x0c", true},
    {0x0D, "org.bluez.Error.InvalidArguments: Invalid Length", false},
    {0x0F, "org.bluez.Error.Failed: Operation failed with ATT error: 0x0f", true},
    {0x80, "org.bluez.Error.Failed: Operation failed with ATT error: 0x80", false},
};
std::ostream& operator<<(std::ostream& out, const Refusal& one) { return out << one.text; }

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_gatt_database)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  BOOST_TEST(to_json(read(band)).dump() == band);
}

BOOST_DATA_TEST_CASE(a_path_names_an_attribute, boost::unit_test::data::make(paths)) {
  const GattDatabase database = read(band);
  const auto found = database.find(AttributePath::parse(sample.text).value());
  BOOST_TEST(found.handle() == sample.handle);
  BOOST_TEST(bool(found) == (sample.handle != 0));
}

BOOST_DATA_TEST_CASE(what_is_no_database_is_refused, boost::unit_test::data::make(broken)) {
  const auto database = GattDatabase::from(*parse_json(sample.text));
  BOOST_TEST_REQUIRE(!database);
  BOOST_TEST(database.error().message.find(sample.says) != std::string::npos);
}

BOOST_DATA_TEST_CASE(att_errors_are_told_as_bluetoothd_tells_them,
                     boost::unit_test::data::make(refusals)) {
  BOOST_TEST(refusal_text(sample.att) == sample.text);
  BOOST_TEST(int(att_error_of(sample.text).value_or(0)) == int(sample.att));
  BOOST_TEST(wants_security(sample.att) == sample.security);
}

BOOST_AUTO_TEST_CASE(other_errors_of_the_stack_are_no_att_errors) {
  BOOST_TEST(!att_error_of("org.bluez.Error.AuthenticationFailed: Authentication Failed"));
  BOOST_TEST(!att_error_of("org.bluez.Error.Failed: Operation failed with ATT error: 0x"));
  BOOST_TEST(att_error_name(0x0C) == "encryption key size too short");
  BOOST_TEST(att_error_name(0x81) == "application error 0x81");
}

BOOST_AUTO_TEST_CASE(a_status_is_read_again) {
  GattStatus status;
  status.connected = status.paired = true;
  status.address = "C0:00:5E:00:53:01";
  status.address_type = "random";
  status.uuids = {Uuid::of(0x180D)};
  status.rssi = -61;
  status.security = GattSecurity{4, 16, true, "numeric_comparison"};
  const GattStatus again = GattStatus::from(to_json(status));
  BOOST_TEST(to_json(again).dump() == to_json(status).dump());
  BOOST_TEST((again.security == status.security));
  BOOST_TEST(!GattStatus::from(Json::object()).security.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
