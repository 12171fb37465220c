#include "profiles/measuring/gatt_profiles.h"

#include "probes/gatt/characteristic.h"
#include "profiles/measuring/record_numbers.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

constexpr unsigned telling = gatt_flag::notify | gatt_flag::indicate;

GattDatabase::Service heart_rate(unsigned properties, bool configuration = true) {
  GattDatabase::Characteristic measurement{Uuid::of(0x2A37), 3, properties, {}, {}};
  if (configuration) measurement.descriptors.push_back({Uuid::of(0x2902), 4});
  return {Uuid::of(0x180D), 1, true, {measurement}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_gatt_profiles)

// What is demanded here and what the decoders were told agree on how values come.
BOOST_AUTO_TEST_CASE(services_demand_what_the_decoders_know) {
  for (const MandatoryCharacteristic& one : mandatory_characteristics()) {
    BOOST_TEST_CONTEXT(Uuid::of(one.service).text() << "/" << Uuid::of(one.characteristic).text()) {
      const GattCharacteristic* known = gatt_characteristic(one.characteristic);
      BOOST_TEST_REQUIRE(known != nullptr);
      if (known->properties == 0) continue;
      const unsigned may = known->properties | known->may_have;
      BOOST_TEST((one.properties & telling & ~may) == 0U);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_sound_service_has_no_finding) {
  const ProfileFindings found = examine(heart_rate(gatt_flag::notify));
  BOOST_TEST((found.missing.empty() && found.properties.empty() && found.descriptors.empty()));
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_wrong_is_named) {
  BOOST_TEST(examine({Uuid::of(0x180D), 1, true, {}}).missing.front() == "180D/2A37");
  BOOST_TEST(examine({Uuid::of(0x1822), 1, true, {}}).missing.back() == "1822/2A5E or 2A5F");
  BOOST_TEST(examine(heart_rate(gatt_flag::indicate)).properties.size() == 1U);
  BOOST_TEST(examine(heart_rate(telling)).properties.size() == 1U);
  BOOST_TEST(examine(heart_rate(gatt_flag::read)).properties.size() == 1U);
  BOOST_TEST(examine(heart_rate(gatt_flag::notify, false)).descriptors.front() == "180D/2A37");
}

BOOST_AUTO_TEST_CASE(record_numbers_in_order) {
  const RecordNumbers found = record_numbers({4, 5, 6, 7}, 1);
  BOOST_TEST((found.missing == 0 && found.repeated == 0 && found.backwards == 0));
}

BOOST_AUTO_TEST_CASE(record_numbers_missing_repeated_and_older) {
  const RecordNumbers found = record_numbers({4, 5, 5, 8, 7, 10}, 1);
  BOOST_TEST(found.missing == 2);  // 6 and 9
  BOOST_TEST(found.repeated == 1);
  BOOST_TEST(found.backwards == 1);
}

BOOST_AUTO_TEST_CASE(record_numbers_turn_over) {
  const RecordNumbers found = record_numbers({65533, 65534, 65535, 0, 2}, 1);
  BOOST_TEST(found.missing == 1);
  BOOST_TEST(found.backwards == 0);
}

BOOST_AUTO_TEST_CASE(record_numbers_that_grow_by_minutes) {
  BOOST_TEST(record_numbers({0, 5, 10, 20}, 5).missing == 1);
  BOOST_TEST(record_numbers({0, 5, 10, 15}, 5).missing == 0);
}

BOOST_AUTO_TEST_CASE(record_numbers_of_nothing_and_of_anything) {
  BOOST_TEST(record_numbers({}, 1).missing == 0);
  BOOST_TEST(record_numbers({7}, 1).missing == 0);
  BOOST_TEST(record_numbers({-1, 70'000, 1LL << 60}, 1).repeated == 0);
}

BOOST_AUTO_TEST_SUITE_END()
