#include <array>

#include "probes/link_driver.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

namespace carebench {
namespace {

namespace bdata = boost::unit_test::data;

struct BadAddress {
  const char* text;
  const char* says;
};
std::ostream& operator<<(std::ostream& out, const BadAddress& bad) { return out << bad.text; }

const std::array<BadAddress, 11> bad_addresses = {{
    {"", "has no scheme"},
    {"/dev/ttyUSB0", "has no scheme"},
    {"seriel:/dev/ttyUSB0", "unknown scheme \"seriel\", did you mean \"serial\"?"},
    {"x:y", "unknown scheme \"x\"; known are"},
    {"serial:", "no device after \"serial:\""},
    {"serial:?baud=9600", "no device after \"serial:\""},
    {"serial:/dev/ttyUSB0?", "not of the form key=value"},
    {"serial:/dev/ttyUSB0?baud", "not of the form key=value"},
    {"serial:/dev/ttyUSB0?baud=", "not of the form key=value"},
    {"serial:/dev/ttyUSB0?baut=9600", "unknown option \"baut\", did you mean \"baud\"?"},
    {"serial:/dev/ttyUSB0?baud=1&baud=2", "option \"baud\" is given twice"},
}};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_links_address)

BOOST_AUTO_TEST_CASE(an_address_is_taken_apart) {
  const auto serial = Address::parse("serial:/dev/ttyUSB0?baud=9600&mode=8N1");
  BOOST_REQUIRE(serial.has_value());
  BOOST_TEST(serial->scheme == "serial");
  BOOST_TEST(serial->target == "/dev/ttyUSB0");
  BOOST_TEST(serial->options.size() == 2U);
  BOOST_TEST(serial->options.at("baud") == "9600");
  BOOST_TEST(serial->text == "serial:/dev/ttyUSB0?baud=9600&mode=8N1");

  const auto modbus = Address::parse("modbus:tcp://10.0.0.5:502?unit=1");
  BOOST_REQUIRE(modbus.has_value());
  BOOST_TEST(modbus->target == "tcp://10.0.0.5:502");
  BOOST_TEST(modbus->options.at("unit") == "1");
}

BOOST_DATA_TEST_CASE(bad_addresses_say_what_is_wrong, bdata::make(bad_addresses), bad) {
  const auto address = Address::parse(bad.text);
  BOOST_REQUIRE(!address);
  BOOST_TEST(exit_code(address.error().code) == exit_status::usage);
  BOOST_TEST_CONTEXT(address.error().message) {
    BOOST_TEST((address.error().message.find(bad.says) != std::string::npos));
  }
}

BOOST_AUTO_TEST_CASE(operations_survive_the_evidence) {
  SetLine line;
  line.baud = 12345;
  line.mode = "7E2";
  line.rts = false;
  line.break_for = milliseconds(250);
  for (const Op& op : {Op(Connect{}), Op(Disconnect{}), Op(Write{{0, 1, 0xFE}}), Op(Write{}),
                       Op(line), Op(Flush{})}) {
    const Json json = to_json(op);
    const auto back = op_from(json);
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST(to_json(*back).dump() == json.dump());
    BOOST_TEST(to_string(kind_of(*back)) == json["op"].string());
  }
  BOOST_TEST(to_json(Op(Write{{1, 3}})).dump() == R"({"op":"write","octets":"0103"})");
  for (const char* text :
       {"{}", R"({"op":"jump"})", R"({"op":"write"})", R"({"op":"write","octets":"0"})", "[]"}) {
    BOOST_TEST(!op_from(*parse_json(text)).has_value());
  }
}

BOOST_AUTO_TEST_CASE(facts_survive_the_evidence) {
  Facts facts;
  facts.transport = "serial";
  facts.address = "serial:/dev/ttyUSB0";
  facts.simulated = true;
  facts.supports = {OpKind::connect, OpKind::set_line};
  facts.stamp_source = "user space after poll";
  facts.stamp_uncertainty = microseconds(50);
  facts.details.set("baud", 9600);
  const Json json = to_json(facts);
  BOOST_TEST(to_json(facts_from(json)).dump() == json.dump());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
