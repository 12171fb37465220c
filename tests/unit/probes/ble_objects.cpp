#include <unistd.h>

#include <algorithm>

#include "probes/gatt/event.h"
#include "probes/links/ble_adapter.h"
#include "probes/links/ble_advertising.h"
#include "probes/links/ble_attributes.h"
#include "tests/support/boost_test.h"

namespace carebench {
namespace {

using namespace dbus;

using Interfaces = std::vector<std::pair<std::string, Value>>;

// What GetManagedObjects gives.
Value managed(std::vector<std::pair<std::string, Interfaces>> objects) {
  Values items;
  for (auto& [where, interfaces] : objects) {
    Values inside;
    for (auto& [name, properties] : interfaces) {
      inside.push_back(text(name));
      inside.push_back(std::move(properties));
    }
    items.push_back(path(where));
    items.push_back(array("{sa{sv}}", std::move(inside)));
  }
  return array("{oa{sa{sv}}}", std::move(items));
}

std::string full(std::string_view digits) {
  return "0000" + std::string(digits) + "-0000-1000-8000-00805f9b34fb";
}

const std::string device = "/org/bluez/hci0/dev_AA_BB_CC_DD_EE_FF";

Value service(const char* uuid) {
  return options({{"UUID", text(full(uuid))}, {"Primary", boolean(true)}});
}
Value characteristic(const std::string& uuid, std::vector<std::string> flags, int mtu) {
  return options({{"UUID", text(uuid)}, {"Flags", texts(flags)}, {"MTU", integer('q', mtu)}});
}

Value some_device() {
  const std::string gatt = "org.bluez.Gatt";
  return managed({
      {device, {{"org.bluez.Device1", options({{"UUIDs", texts({full("180d"), full("180f")})}})}}},
      {device + "/service0010/char0014",
       {{gatt + "Characteristic1", characteristic(full("2a39"), {"write"}, 185)}}},
      {device + "/service0010", {{gatt + "Service1", service("180d")}}},
      {device + "/service0010/char0011",
       {{gatt + "Characteristic1",
         characteristic(full("2a37"), {"notify", "encrypt-read", "read"}, 185)}}},
      {device + "/service0010/char0011/desc0013",
       {{gatt + "Descriptor1", options({{"UUID", text(full("2902"))}})}}},
      {device + "/service0010/charXYZ1",
       {{gatt + "Characteristic1", characteristic(full("2a38"), {"read"}, 185)}}},
      {device + "/service0010/char0016",
       {{gatt + "Characteristic1", characteristic("no uuid", {"read"}, 185)}}},
      {device + "0/service0010", {{gatt + "Service1", service("1810")}}},
  });
}

struct Heard {
  GattEvent event;
  Json json;
};
std::vector<Heard> events_of(const std::vector<Bytes>& frames) {
  std::vector<Heard> heard;
  for (const Bytes& frame : frames) {
    Heard& one = heard.emplace_back();
    BOOST_REQUIRE(GattEvent::parse(frame, one.event));
    if (one.event.kind == EventKind::advertising)
      one.json = parse_json(as_text(one.event.value)).value_or(Json());
  }
  return heard;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_ble_objects)

BOOST_AUTO_TEST_CASE(exported_objects_become_a_database_in_the_order_of_handles) {
  const auto found = links::attributes_of(some_device(), device);
  BOOST_REQUIRE(found.database.services.size() == 1u);
  const auto& heart_rate = found.database.services[0];
  BOOST_TEST(heart_rate.uuid.text() == "180D");
  BOOST_TEST(heart_rate.handle == 0x10);
  BOOST_REQUIRE(heart_rate.characteristics.size() == 2u);
  const auto& measurement = heart_rate.characteristics[0];
  BOOST_TEST(measurement.handle == 0x12);
  BOOST_TEST(measurement.has(gatt_flag::notify | gatt_flag::read));
  BOOST_TEST(measurement.others == std::vector<std::string>{"encrypt-read"},
             boost::test_tools::per_element());
  BOOST_REQUIRE(measurement.descriptors.size() == 1u);
  BOOST_TEST(measurement.descriptors[0].handle == 0x13);
  BOOST_TEST(heart_rate.characteristics[1].uuid.text() == "2A39");
  BOOST_TEST(found.database.mtu == 185);
  BOOST_TEST(found.paths.at(0x12) == device + "/service0010/char0011");
  BOOST_TEST(found.paths.at(0x13) == device + "/service0010/char0011/desc0013");
}

BOOST_AUTO_TEST_CASE(a_service_that_bluetoothd_does_not_export_is_told) {
  const auto found = links::attributes_of(some_device(), device);
  BOOST_REQUIRE(found.kept_back.size() == 1u);
  BOOST_TEST(found.kept_back[0].text() == "180F");
}

BOOST_AUTO_TEST_CASE(what_comes_over_the_air_becomes_events) {
  links::BleAdvertising advertising;
  const Bytes weight = {0x02, 0x6C, 0x07};
  Value manufacturer = array("{qv}", {integer('q', 0x0157), variant(octets(weight))});
  const auto heard = events_of(advertising.heard(
      options({{"Name", text("Scale")},
               {"AddressType", text("random")},
               {"RSSI", integer('n', -71)},
               {"UUIDs", texts({full("181d")})},
               {"ServiceData", array("{sv}", {text(full("181d")), variant(octets(weight))})},
               {"ManufacturerData", manufacturer}})));
  BOOST_REQUIRE(heard.size() == 3u);
  BOOST_TEST(heard[0].event.rssi() == -71);
  BOOST_TEST(heard[0].json.dump() ==
             R"({"name":"Scale","address_type":"random","uuids":["181D"]})");
  BOOST_CHECK(heard[1].event.kind == EventKind::service_data);
  BOOST_TEST(heard[1].event.uuid.text() == "181D");
  BOOST_TEST(to_hex(heard[1].event.value) == "026c07");
  BOOST_CHECK(heard[2].event.kind == EventKind::manufacturer_data);
  BOOST_TEST(heard[2].event.uuid.text() == "0157");
}

BOOST_AUTO_TEST_CASE(an_event_tells_all_that_is_known_and_no_rssi_that_is_gone) {
  links::BleAdvertising advertising;
  (void)advertising.heard(options({{"Name", text("Band")}, {"RSSI", integer('n', -40)}}));
  BOOST_TEST(advertising.heard(options({{"Connected", boolean(true)}})).empty());
  BOOST_TEST(advertising.heard(array("{sv}", {}), {text("RSSI")}).empty());
  const auto heard = events_of(advertising.heard(options({{"TxPower", integer('n', 4)}})));
  BOOST_REQUIRE(heard.size() == 1u);
  BOOST_TEST(heard[0].event.rssi() == 127);
  BOOST_TEST(heard[0].json.dump() == R"({"name":"Band","tx_power":4})");
}

BOOST_AUTO_TEST_CASE(of_adapters_the_first_that_is_on_is_taken_or_the_one_that_is_named) {
  const auto adapter = [](bool powered) {
    return Interfaces{{"org.bluez.Adapter1",
                       options({{"Address", text("00:11")}, {"Powered", boolean(powered)}})}};
  };
  const auto adapters = links::adapters_of(managed({{"/org/bluez/hci90", adapter(true)},
                                                    {"/org/bluez/hci80", adapter(false)},
                                                    {"/org/bluez/other", adapter(true)}}));
  BOOST_REQUIRE(adapters.size() == 2u);
  BOOST_TEST(adapters[0].virtual_one);  // no hardware below /sys
  BOOST_TEST(links::choose_adapter(adapters, "")->name == "hci90");
  const auto off = links::choose_adapter(adapters, "hci80");
  BOOST_TEST(off.error().message.find("hci80 is switched off") != std::string::npos);
  const auto wrong = links::choose_adapter(adapters, "hci9");
  BOOST_TEST(wrong.error().message.find("there is no adapter hci9") != std::string::npos);
  BOOST_CHECK(links::choose_adapter({}, "").error().code == Errc::not_found);
}

BOOST_AUTO_TEST_CASE(an_adapter_is_shared_or_held_alone) {
  const std::string bus = "unit-test-" + std::to_string(::getpid());
  const auto first = links::Lease::take(bus, "hci0", false);
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST(links::Lease::take(bus, "hci0", false).has_value());
  const auto alone = links::Lease::take(bus, "hci0", true);
  BOOST_REQUIRE(!alone.has_value());
  BOOST_CHECK(alone.error().code == Errc::busy);
  BOOST_TEST(links::Lease::take(bus, "hci1", true).has_value());
}

BOOST_AUTO_TEST_CASE(signatures_are_cut_into_complete_types) {
  const auto types = types_of("sa{sv}as(i(yy))v");
  BOOST_REQUIRE(types.has_value());
  BOOST_TEST(*types == (std::vector<std::string>{"s", "a{sv}", "as", "(i(yy))", "v"}),
             boost::test_tools::per_element());
  for (const char* bad : {"a", "a{vs}", "a{s}", "(", "()", "z", "a{sv", "(i", "{sv}"})
    BOOST_TEST(!types_of(bad).has_value(), bad);
  BOOST_TEST(!types_of(std::string(33, 'a') + "y").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
