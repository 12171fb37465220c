// How `decode` finds a family, and what it refuses.
#include "probes/decode_family.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

std::string refused(std::string_view family, std::string_view hex, Errc code) {
  const auto json = decode(family, *from_hex(hex));
  if (json) return "decoded";
  BOOST_TEST((json.error().code == code));
  return json.error().message;
}

std::string decoded(std::string_view family, std::string_view hex) {
  const auto json = decode(family, *from_hex(hex));
  return json ? json->dump() : json.error().message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_decode_families)

BOOST_AUTO_TEST_CASE(every_member_has_a_decoder) {
  for (const DecodeFamily* family : decode_families()) {
    BOOST_TEST(!family->summary.empty());
    for (const std::string& member : members_of(*family)) {
      const auto json = decode(member, Bytes{});
      BOOST_TEST((json || json.error().code == Errc::bad_input), member);
    }
  }
}

BOOST_AUTO_TEST_CASE(unknown_families_are_usage_errors) {
  BOOST_TEST(refused("modbs.rtu", "", Errc::usage).find("did you mean \"modbus.rtu\"") !=
             std::string::npos);
  BOOST_TEST(refused("modbus.rtx", "", Errc::usage).find("did you mean \"modbus.rtu\"") !=
             std::string::npos);
  BOOST_TEST(refused("crc.modbos", "", Errc::usage).find("did you mean \"modbus\"") !=
             std::string::npos);
  BOOST_TEST(refused("nmea0183x", "", Errc::usage).find("nmea0183") != std::string::npos);
  refused("ieee11073.sfloat", "0000", Errc::usage);
  refused("ieee11073.sfloat.le.be", "0000", Errc::usage);
  refused("serial", "00", Errc::usage);
  refused("serial.nursing-bed", "00", Errc::usage);
  refused("serial.gatt-heart-rate", "0648", Errc::usage);
  refused("", "00", Errc::usage);
  refused("ble", "00", Errc::usage);
  refused("ble.2A37.read", "00", Errc::usage);
  refused("ble.2A37.nordic", "0048", Errc::usage);
  refused("ble.adv.name", "00", Errc::usage);
  refused("ble.ll", "00", Errc::usage);
  refused("ble.2B8B.observation.numeric", "00", Errc::usage);
  BOOST_TEST(refused("ble.svcdata.181D.xiaomy", "00", Errc::usage)
                 .find("did you mean \"ble.svcdata.181D.xiaomi\"") != std::string::npos);
  BOOST_TEST(refused("ble.2B37", "00", Errc::usage).find("did you mean \"ble.2A37\"") !=
             std::string::npos);
  refused("serial.nothing", "00", Errc::bad_input);
}

BOOST_AUTO_TEST_CASE(a_protocol_file_is_a_family) {
  BOOST_TEST(decoded(cat("serial.", CAREBENCH_SOURCE_DIR, "/probes/protocols/r60abd1.yaml"),
                     "53598102000116465443") == decoded("serial.r60abd1", "53598102000116465443"));
}

BOOST_AUTO_TEST_CASE(numbers_stay_decimal) {
  BOOST_TEST(decoded("ieee11073.sfloat.be", "f001") ==
             R"({"value":0.1,"mantissa":1,"exponent":-1})");
  BOOST_TEST(decoded("ieee11073.float.le", "400e00fe") ==
             R"({"value":36.48,"mantissa":3648,"exponent":-2})");
}

BOOST_AUTO_TEST_CASE(a_line_may_come_without_its_end) {
  const std::string_view bare = "24475052 4d432c2c562c2c2c2c2c2c2c2c2c2c4e2a3533";
  BOOST_TEST(decoded("nmea0183", bare) == decoded("nmea0183", cat(bare, "0d0a")));
  BOOST_TEST(decoded("nmea0183", bare) == decoded("nmea0183", cat(bare, "0a")));
}

BOOST_AUTO_TEST_CASE(trailing_data_show) {
  // Two octets where the protocol knows one.
  const std::string json = decoded("serial.r60abd1", "5359850200024801 7e 5443");
  BOOST_TEST(json.find(R"("heart_rate":72,"trailing":"01")") != std::string::npos, json);
}

BOOST_AUTO_TEST_CASE(hostile_text_is_made_printable) {
  const std::string json = decoded("watch.3g", to_hex(as_bytes("[3G*\x01\xff*0003*\xfe\x02,]")));
  BOOST_TEST(json.starts_with("length"), json);
  const std::string odd = decoded("watch.3g", to_hex(as_bytes("[3G*\xff*0003*\xfe\x02,]")));
  BOOST_TEST(odd.find("\\u0000") == std::string::npos);
  BOOST_TEST(valid_utf8(odd));
}

BOOST_AUTO_TEST_SUITE_END()
