#include "probes/protocol_registers.h"

#include <cmath>
#include <ostream>

#include "probes/protocol.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

struct Case {
  std::string keys;  // of the register
  FieldInput input;
  std::string octets;  // on the wire
  double number;
  std::string text;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.keys; }

std::shared_ptr<const Protocol> map_of(const std::string& keys) {
  const std::string text =
      "protocol: test\nversion: \"1\"\ntitle: {zh: \"测试\", en: \"test\"}\nfounded: published\n"
      "source: test\nregisters:\n  - {name: x, at: 7, access: rw, " +
      keys + "}\n";
  const auto document = yaml::Document::parse("test.yaml", text);
  const auto protocol = Protocol::parse(**document);
  if (!protocol) BOOST_FAIL(protocol.error().text());
  return *protocol;
}

const std::string holding = "table: holding_register, ";

const std::vector<Case> cases = {
    {"table: coil", 1.0, "01", 1, "true"},
    {"table: coil", std::string("false"), "00", 0, "false"},
    {"table: coil, values: {0: idle, 1: busy}", std::string("busy"), "01", 1, "busy"},
    {holding + "type: u16", 65535.0, "ffff", 65535, ""},
    {holding + "type: s16, scale: 0.1", -27.3, "feef", -27.3, ""},
    {holding + "type: u16, scale: 0.1, offset: -40", 36.5, "02fd", 36.5, ""},
    {holding + "type: u32, order: ABCD", 305419896.0, "12345678", 305419896, ""},
    {holding + "type: u32, order: CDAB", 305419896.0, "56781234", 305419896, ""},
    {holding + "type: u32, order: BADC", 305419896.0, "34127856", 305419896, ""},
    {holding + "type: u32, order: DCBA", 305419896.0, "78563412", 305419896, ""},
    {holding + "type: s32, order: ABCD", -2.0, "fffffffe", -2, ""},
    {holding + "type: f32, order: ABCD", 123456.0, "47f12000", 123456, ""},
    {holding + "type: f32, order: CDAB", 123456.0, "200047f1", 123456, ""},
    {holding + "type: u16, values: {0: stop, 3: up}", std::string("up"), "0003", 3, "up"},
    {holding + "type: u16, special: {0xFFFF: unknown}", std::string("unknown"), "ffff", 0,
     "unknown"},
    {holding + "type: bits, bits: {0: a, 15: z}", 32769.0, "8001", 32769, ""},
    {holding + "type: string, registers: 3", std::string("AB-1"), "41422d310000", 0, "AB-1"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_protocol_registers)

BOOST_DATA_TEST_CASE(there_and_back, boost::unit_test::data::make(cases)) {
  const auto protocol = map_of(sample.keys);
  const RegisterSpec& spec = *protocol->register_named("x");
  const auto octets = register_octets(spec, sample.input);
  if (!octets) BOOST_FAIL(octets.error().message);
  BOOST_TEST(to_hex(*octets) == sample.octets);
  const FieldValue value = register_value(spec, *octets);
  BOOST_TEST(value.text == sample.text);
  if (value.kind == FieldValue::Kind::number)
    BOOST_TEST(value.number == sample.number, boost::test_tools::tolerance(1e-15));
  BOOST_TEST((register_value(spec, ByteView(*octets).first(octets->size() - 1)).kind ==
              FieldValue::Kind::absent));
}

BOOST_AUTO_TEST_CASE(out_of_range_is_refused) {
  const auto refused = [](const std::string& keys, const FieldInput& input) {
    const auto octets = register_octets(*map_of(keys)->register_named("x"), input);
    return octets ? std::string() : octets.error().message;
  };
  BOOST_TEST(refused(holding + "type: u16", 65536.0).find("0 to 65535") != std::string::npos);
  BOOST_TEST(refused(holding + "type: u16", NAN).find("finite") != std::string::npos);
  BOOST_TEST(refused(holding + "type: u16, min: 5, max: 9", 10.0).find("5 to 9") !=
             std::string::npos);
  BOOST_TEST(refused("table: coil", 2.0).find("true or false") != std::string::npos);
  BOOST_TEST(
      refused(holding + "type: string, registers: 1", std::string("ABC")).find("room for 2") !=
      std::string::npos);
  BOOST_TEST(refused(holding + "type: u16, values: {1: open}", std::string("opne"))
                 .find("did you mean \"open\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(as_json) {
  const auto bed = *Protocol::load("nursing-bed");
  const auto json = [&](std::string_view name, const Bytes& octets) {
    return register_json(*bed->register_named(name), octets).dump();
  };
  BOOST_TEST(json("backrest_angle", {0x01, 0x2D}) == R"({"value":30.1,"unit":"deg"})");
  BOOST_TEST(json("backrest_angle", {0xFF, 0xFF}) == R"({"value":"unknown"})");
  BOOST_TEST(json("motion_state", {0, 1}) == R"({"value":1,"name":"moving"})");
  BOOST_TEST(json("status", {0, 0x21}) == R"({"value":33,"bits":["side_rail_left_up","bit5"]})");
  BOOST_TEST(json("emergency_stop", {1}) == R"({"value":true})");
  BOOST_TEST(json("load", {0x7F, 0xC0, 0, 0}) == R"({"value":"NaN"})");
  BOOST_TEST(json("load", {0x7F}) == R"({"value":null})");
}

BOOST_AUTO_TEST_CASE(what_a_profile_may_rely_on) {
  for (const std::string_view name : {"nursing-bed", "smart-mattress"}) {
    const auto protocol = *Protocol::load(name);
    BOOST_TEST(protocol->is_register_map());
    BOOST_TEST((protocol->founded == Foundation::published));
    for (const std::string_view identity : {"serial_number", "model", "firmware_version"}) {
      const RegisterSpec* spec = protocol->register_named(identity);
      BOOST_TEST_REQUIRE((spec != nullptr));
      BOOST_TEST(spec->readable);
      BOOST_TEST(!spec->writable);
    }
    BOOST_TEST(protocol->messages().empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
