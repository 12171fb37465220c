// What devices broadcast, as a check reads it, and the structures it stands in.
#include <set>

#include "probes/gatt/advertising.h"
#include "probes/gatt/characteristic.h"
#include "standards/vocab/quantity.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

constexpr std::string_view weighed = "222c38ea070b15081e00", moving = "022c38ea070b15081e00";

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_gatt_broadcasts)

BOOST_AUTO_TEST_CASE(a_layout_is_found_by_where_it_stands) {
  const GattBroadcast* scale = gatt_broadcast(EventKind::service_data, 0x181D, "xiaomi");
  BOOST_TEST_REQUIRE(scale != nullptr);
  BOOST_TEST(scale->value.id == "xiaomi_scale");
  BOOST_TEST(gatt_broadcast(EventKind::manufacturer_data, 0x181D, "xiaomi") == nullptr);
  BOOST_TEST(gatt_broadcast(EventKind::service_data, 0x181D, "polar") == nullptr);
  BOOST_TEST(gatt_broadcast(EventKind::service_data, 0x180D, "xiaomi") == nullptr);
  BOOST_TEST(gatt_broadcast(EventKind::manufacturer_data, 0x006B, "polar") != nullptr);
}

BOOST_AUTO_TEST_CASE(a_scale_that_still_moves_gives_no_reading) {
  const GattCharacteristic& scale =
      gatt_broadcast(EventKind::service_data, 0x181D, "xiaomi")->value;
  Reading reading;
  const Bytes still = *from_hex(weighed), swaying = *from_hex(moving);
  BOOST_TEST_REQUIRE(read_value(scale, still, reading));
  BOOST_TEST((reading.value(0).kind == FieldValue::Kind::number));
  BOOST_TEST(reading.value(0).number == 71.9);
  BOOST_TEST_REQUIRE(read_value(scale, swaying, reading));
  BOOST_TEST((reading.value(0).kind == FieldValue::Kind::special));
  BOOST_TEST(reading.value(0).text == "unstable");
  BOOST_TEST(reading.sent(0) == 71.9);
}

BOOST_AUTO_TEST_CASE(a_scale_that_changes_its_unit_is_found_out) {
  const GattCharacteristic& scale =
      gatt_broadcast(EventKind::service_data, 0x181D, "xiaomi")->value;
  UnitWatch watch(scale);
  Reading reading;
  const Bytes kilograms = *from_hex(weighed), pounds = *from_hex("232c38ea070b15081e00");
  for (const auto& [octets, flips] : {std::pair{kilograms, false}, {pounds, true}}) {
    BOOST_TEST_REQUIRE(read_value(scale, octets, reading));
    watch.observe(reading);
    BOOST_TEST(reading.found(findings::unit_flip) == flips);
  }
}

BOOST_AUTO_TEST_CASE(the_table_is_sound) {
  std::set<std::string> names;
  std::set<std::string_view> ids;
  for (const GattBroadcast* one : gatt_broadcasts()) {
    BOOST_TEST(names.insert(one->name()).second, one->name());
    BOOST_TEST(ids.insert(one->value.id).second, one->name());
    BOOST_TEST((!one->value.title.zh.empty() && !one->value.title.en.empty()), one->name());
    for (const ReadingField& field : one->value.fields) {
      BOOST_TEST((field.unit.empty() || Unit::parse(field.unit)), field.name);
      BOOST_TEST((!field.title.zh.empty() && !field.title.en.empty()), field.name);
    }
  }
  BOOST_TEST(names.size() >= 3U);
}

BOOST_AUTO_TEST_CASE(structures_are_read_in_their_order) {
  const Bytes octets = *from_hex("020106 01 12 0916 1d18aabbcc 00 00");
  AdReader reader(octets);
  AdStructure one;
  BOOST_TEST_REQUIRE(reader.next(one));
  BOOST_TEST((one.type == ad_type::flags && to_hex(one.data) == "06"));
  BOOST_TEST_REQUIRE(reader.next(one));
  BOOST_TEST((one.type == 0x12 && one.data.empty()));
  BOOST_TEST(!reader.next(one));
  BOOST_TEST(reader.malformed());
  BOOST_TEST(!reader.next(one));
  BOOST_TEST(to_hex(reader.rest()) == "09161d18aabbcc0000");
}

BOOST_AUTO_TEST_SUITE_END()
