// Readings of GATT values: what a check sees of them, beside what `decode` prints.
#include <set>

#include "probes/gatt/characteristic.h"
#include "standards/vocab/quantity.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

const GattCharacteristic& named(std::string_view id) {
  for (const GattCharacteristic* one : gatt_characteristics())
    if (one->id == id) return *one;
  throw std::runtime_error(cat("no characteristic ", id));
}

std::size_t place(const GattCharacteristic& characteristic, std::string_view name) {
  for (std::size_t i = 0; i < characteristic.fields.size(); ++i)
    if (characteristic.fields[i].name == name) return i;
  throw std::runtime_error(cat("no field ", name));
}

// A value and its octets, which a reading points into.
struct Read {
  const GattCharacteristic& characteristic;
  Bytes octets;
  Reading reading;
  bool taken;

  Read(std::string_view id, std::string_view hex)
      : characteristic(named(id)),
        octets(*from_hex(hex)),
        taken(read_value(characteristic, octets, reading)) {}
  const FieldValue& operator[](std::string_view name) const {
    return reading.value(place(characteristic, name));
  }
};

using Kind = FieldValue::Kind;

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_gatt_readings)

BOOST_AUTO_TEST_CASE(a_check_reads_one_unit) {
  const Read kpa("blood_pressure_measurement", "01a0f06bf07df0");
  BOOST_TEST_REQUIRE(kpa.taken);
  BOOST_TEST(kpa["systolic"].number == *Unit::parse("kPa")->convert(16, *Unit::parse("mm[Hg]")),
             boost::test_tools::tolerance(1e-15));
  BOOST_TEST(kpa.reading.sent(place(kpa.characteristic, "systolic")) == 16);
  const Read fahrenheit("temperature_measurement", "01da0300ff");
  BOOST_TEST(fahrenheit["temperature"].number == 37);
  const Read pounds("weight_measurement", "01204e");
  BOOST_TEST(pounds["weight"].number == 200 * 0.45359237);
  const Read plain("blood_pressure_measurement", "00780050006000");
  BOOST_TEST(plain["systolic"].number == 120);
  BOOST_TEST(!plain.reading.converted(place(plain.characteristic, "systolic")));
}

BOOST_AUTO_TEST_CASE(special_values_are_no_numbers) {
  const Read none("heart_rate_measurement", "0400");
  BOOST_TEST((none["heart_rate"].kind == Kind::special));
  BOOST_TEST(none["heart_rate"].text == "no_signal");
  BOOST_TEST((none["energy_kj"].kind == Kind::absent));
  const Read high("glucose_measurement", "020200ea070b0f0c2233fe0711");
  BOOST_TEST((high["glucose_mmol"].kind == Kind::special));
}

BOOST_AUTO_TEST_CASE(what_the_device_does_not_vouch_for_is_withheld) {
  const Read off("plx_continuous_measurement", "0861003c00000800");
  BOOST_TEST((off["spo2"].kind == Kind::special));
  BOOST_TEST(off["spo2"].text == "sensor_off_user");
  BOOST_TEST(off.reading.sent(place(off.characteristic, "spo2")) == 97);
  const Read control("glucose_measurement", "020200ea070b0f0c223360b04a");
  BOOST_TEST((control["glucose_mgdl"].kind == Kind::special));
  BOOST_TEST((control["concentration"].kind == Kind::number));
}

BOOST_AUTO_TEST_CASE(times_are_seconds_of_the_devices_clock) {
  const Read glucose("glucose_measurement", "010100e307021b0b0a1efbff");
  BOOST_TEST(glucose["base_time"].number == 1551265830);
  BOOST_TEST(glucose["user_time"].number == 1551265830 - 300);
  const Read unknown("date_time", "00000000121a20");
  BOOST_TEST((unknown["datetime"].kind == Kind::special));
  BOOST_TEST(unknown["datetime"].text == "unknown");
  const Read enhanced("enhanced_blood_pressure_measurement",
                      "42780050006000"
                      "80510100");
  BOOST_TEST(enhanced["timestamp"].number == 946684800 + 86400);
}

BOOST_AUTO_TEST_CASE(a_list_is_read_as_numbers) {
  const Read rate("heart_rate_measurement", "1048000401020304");
  BOOST_TEST((rate["rr_1024"].kind == Kind::octets));
  const std::vector<double> items(rate.reading.items().begin(), rate.reading.items().end());
  BOOST_TEST(items == (std::vector<double>{1024, 513, 1027}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_reading_is_filled_again) {
  Reading reading;
  const GattCharacteristic& rate = named("heart_rate_measurement");
  const Bytes full = *from_hex("1e5532002100"), missing = *from_hex("1048"),
              plain = *from_hex("0060"), none;
  BOOST_TEST(read_value(rate, full, reading));
  BOOST_TEST(read_value(rate, missing, reading));
  BOOST_TEST(reading.items().size() == 0U);
  BOOST_TEST(reading.findings().size() == 1U);
  BOOST_TEST(!read_value(rate, none, reading));
  BOOST_TEST(reading.refusal().starts_with("truncated:"));
  BOOST_TEST(read_value(rate, plain, reading));
  BOOST_TEST(reading.refusal().empty());
  BOOST_TEST(reading.findings().empty());
  BOOST_TEST(reading.octets() == 2U);
  BOOST_TEST(!reading.has(place(rate, "energy_kj")));
  BOOST_TEST(reading.value(place(rate, "heart_rate")).number == 96);
}

BOOST_AUTO_TEST_CASE(a_unit_that_changes_is_found_out) {
  const GattCharacteristic& pressure = named("blood_pressure_measurement");
  const Bytes mmhg = *from_hex("00780050006000"), kpa = *from_hex("01a0f06bf07df0");
  Reading reading;
  UnitWatch watch(pressure);
  const auto flips = [&](const Bytes& octets) {
    BOOST_TEST(read_value(pressure, octets, reading));
    watch.observe(reading);
    return reading.found(findings::unit_flip);
  };
  BOOST_TEST(!flips(mmhg));
  BOOST_TEST(!flips(mmhg));
  BOOST_TEST(flips(kpa));
  BOOST_TEST(!flips(kpa));
  BOOST_TEST(flips(mmhg));
}

BOOST_AUTO_TEST_CASE(direction_is_judged_by_the_properties) {
  Reading reading;
  const Bytes octets = *from_hex("01");
  const auto wrong = [&](std::string_view id, Direction direction) {
    BOOST_TEST(read_value(named(id), octets, reading, {.direction = direction}));
    return reading.found(findings::wrong_direction);
  };
  BOOST_TEST(wrong("heart_rate_control_point", Direction::from_device));
  BOOST_TEST(!wrong("heart_rate_control_point", Direction::to_device));
  BOOST_TEST(!wrong("heart_rate_control_point", Direction::either));
  BOOST_TEST(wrong("body_sensor_location", Direction::to_device));
  BOOST_TEST(!wrong("body_sensor_location", Direction::from_device));
}

BOOST_AUTO_TEST_CASE(a_value_of_several_records_is_read_one_by_one) {
  const GattCharacteristic& measurement = named("cgm_measurement");
  BOOST_TEST(measurement.several);
  const Bytes octets = *from_hex("06005000000008005100010000000600520002 00");
  Reading reading;
  std::vector<double> glucose;
  for (ByteView rest = octets; !rest.empty(); rest = rest.subspan(reading.octets())) {
    BOOST_TEST_REQUIRE(read_value(measurement, rest, reading));
    const FieldValue& value = reading.value(place(measurement, "glucose_mgdl"));
    glucose.push_back(value.kind == Kind::number ? value.number : -1);
  }
  // The second record's CRC is wrong.
  BOOST_TEST(glucose == (std::vector<double>{80, -1, 82}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(numbers_under_a_wrong_crc_are_withheld) {
  const Read start("cgm_session_start_time", "ea070b15081e0020000000");
  BOOST_TEST_REQUIRE(start.taken);
  BOOST_TEST((start["time"].kind == Kind::special));
  BOOST_TEST(start["time"].text == "crc_mismatch");
  BOOST_TEST((start["tz_min"].kind == Kind::special));
  BOOST_TEST(start["crc_ok"].number == 0);
}

BOOST_AUTO_TEST_CASE(quantities_of_an_observation_are_fields) {
  // Systolic pressure, 16.0 kPa, in a compound; then a saturation that the device calls invalid.
  const Read compound("live_health_observations",
                      "030712000100044a0200"
                      "01"
                      "054a0200"
                      "01"
                      "030f"
                      "a00000ff");
  BOOST_TEST_REQUIRE(compound.taken);
  BOOST_TEST(
      compound["systolic"].number == *Unit::parse("kPa")->convert(16, *Unit::parse("mm[Hg]")),
      boost::test_tools::tolerance(1e-15));
  const Read invalid("live_health_observations",
                     "03010e000900b84b0200"
                     "0100"
                     "2002"
                     "61000000");
  BOOST_TEST_REQUIRE(invalid.taken);
  BOOST_TEST((invalid["spo2"].kind == Kind::special));
  BOOST_TEST(invalid["spo2"].text == "invalid");
}

BOOST_AUTO_TEST_CASE(the_table_is_sound) {
  std::set<std::uint16_t> uuids;
  std::set<std::string_view> ids;
  for (const GattCharacteristic* one : gatt_characteristics()) {
    BOOST_TEST(uuids.insert(one->uuid).second, one->id);
    BOOST_TEST(ids.insert(one->id).second, one->id);
    BOOST_TEST(gatt_characteristic(one->uuid) == one, one->id);
    BOOST_TEST((!one->title.zh.empty() && !one->title.en.empty()), one->id);
    BOOST_TEST(!one->fields.empty(), one->id);
    BOOST_TEST(one->fields.size() <= Reading::most_fields, one->id);
    std::set<std::string_view> names;
    int lists = 0;
    for (const ReadingField& field : one->fields) {
      BOOST_TEST(names.insert(field.name).second, cat(one->id, ".", field.name));
      BOOST_TEST((field.unit.empty() || Unit::parse(field.unit)), cat(one->id, ".", field.name));
      BOOST_TEST((!field.title.zh.empty() && !field.title.en.empty()), field.name);
      lists += field.kind == FieldKind::list;
    }
    BOOST_TEST(lists <= 1, one->id);
  }
  BOOST_TEST(gatt_characteristic(0x2A00) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
