// Protocols whose messages are values of GATT attributes: which message an event is, what its
// fields say, what is refused, and what encode() makes.
#include <ostream>

#include "probes/gatt/characteristic.h"
#include "probes/gatt/event.h"
#include "probes/protocol.h"
#include "probes/protocol_spec.h"
#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

std::shared_ptr<const Protocol> load(std::string_view name) {
  auto protocol = Protocol::load(name);
  BOOST_TEST_REQUIRE(protocol.has_value(), (protocol ? "" : protocol.error().message));
  return *protocol;
}

struct Sent {
  std::string_view protocol, message;
  FieldInputs inputs;
  std::string_view hex;  // of the value; "": refused
  std::string_view says;
};
std::ostream& operator<<(std::ostream& out, const Sent& s) {
  return out << s.message << " " << s.hex << s.says;
}

const std::vector<Sent> sent = {
    {"gatt-heart-rate", "heart_rate_measurement", {{"heart_rate", 72.0}}, "0048", ""},
    {"gatt-heart-rate",
     "heart_rate_measurement",
     {{"heart_rate", 72.0}, {"contact", 1.0}, {"contact_supported", 1.0}, {"rr", 0.8330078125}},
     "16485503",
     ""},
    {"gatt-heart-rate", "heart_rate_measurement", {{"heart_rate_16", 300.0}}, "012c01", ""},
    {"gatt-heart-rate",
     "heart_rate_measurement",
     {{"heart_rate", 72.0}, {"flags", 1.0}},
     "",
     "heart_rate cannot be there: bit 0 of flags is set"},
    {"gatt-heart-rate", "heart_rate_measurement", {{"octets", "0748"}}, "0748", ""},
    {"gatt-heart-rate", "heart_rate_measurement", {{"octets", "xx"}}, "", "hexadecimal"},
    {"gatt-heart-rate",
     "heart_rate_measurement",
     {{"hart_rate", 1.0}},
     "",
     "did you mean \"heart_rate\""},
    {"gatt-heart-rate", "heart_rate_control_point", {{"command", 1.0}}, "01", ""},
    {"gatt-blood-pressure",
     "blood_pressure_measurement",
     {{"systolic", 120.0}, {"diastolic", 80.0}, {"map", 93.3}, {"timestamp", 1644856918.0}},
     "0278005000a5f3e607020e10293a",
     ""},
    {"gatt-blood-pressure",
     "blood_pressure_measurement",
     {{"systolic", "NaN"}, {"diastolic", "NaN"}, {"map", "NaN"}},
     "00ff07ff07ff07",
     ""},
    {"gatt-blood-pressure",
     "blood_pressure_measurement",
     {{"systolic", 1e12}},
     "",
     "does not fit an SFLOAT"},
    {"gatt-thermometer", "temperature_measurement", {{"temperature", 36.74}}, "005a0e00fe", ""},
    {"gatt-glucose",
     "glucose_measurement",
     {{"sequence", 3.0},
      {"base_time", "unknown"},
      {"concentration", 0.00105},
      {"type_location", 17.0}},
     "02030000000000000000"
     "69b011",
     ""},
    {"gatt-glucose",
     "racp_request",
     {{"opcode", "report"}, {"operator", "at_least"}, {"filter", "sequence"}, {"operand", "0300"}},
     "0103010300",
     ""},
    {"gatt-glucose", "racp_request", {{"opcode", "report"}, {"operator", "all"}}, "0101", ""},
    {"gatt-glucose", "racp_number", {{"records", 7.0}}, "05000700", ""},
    {"gatt-weight-scale", "weight_measurement", {{"weight", "unsuccessful"}}, "00ffff", ""},
    {"private-vitals", "command", {{"command", "start"}}, "01", ""},
    {"gatt-cgm",
     "cgm_measurement",
     {{"size", 6.0}, {"glucose_mgdl", 100.0}, {"time_offset_min", 10.0}},
     "060064000a00",
     ""},
    {"gatt-cgm", "cgm_measurement", {{"glucose_mgdl", 100.0}}, "060064000000", ""},
    {"gatt-cgm",
     "cgm_measurement",
     {{"glucose_mgdl", 100.0}, {"time_offset_min", 10.0}, {"crc", "computed"}},
     "080064000a00503f",
     ""},
    {"gatt-cgm",
     "cgm_measurement",
     {{"size", 5.0}, {"glucose_mgdl", 100.0}},
     "",
     "size: a record has 6 octets"},
    {"gatt-cgm",
     "cgm_feature",
     {{"features", 36864.0}, {"type_location", 89.0}, {"crc", "computed"}},
     "009000591c45",
     ""},
    {"gatt-cgm", "cgm_feature", {{"type_location", 89.0}, {"crc", 65535.0}}, "00000059ffff", ""},
    {"gatt-cgm", "socp_interval", {{"interval", 5.0}, {"crc", "computed"}}, "03057d8d", ""},
    {"gatt-binary-sensor",
     "response",
     {{"split_header", 129.0},
      {"message", "sensor_status_event"},
      {"parameters", 1.0},
      {"parameter", 10.0},
      {"length", 2.0},
      {"event_count", 3.0},
      {"state", 1.0}},
     "81000400010a0200000308",
     ""},
    {"gatt-cgm", "racp_request", {{"opcode", "report_number"}, {"operator", "all"}}, "0401", ""},
    {"gatt-cgm", "racp_response", {{"request", 1.0}, {"response", 6.0}}, "06000106", ""},
    {"gatt-health-sensor", "command", {{"command", "start_live_observations"}}, "01", ""},
    {"mi-scale",
     "weight",
     {{"flags", 34.0}, {"weight", 71.9}, {"timestamp", "unknown"}},
     "222c3800000000000000",
     ""},
    {"polar-h10-broadcast", "heart_rate", {{"heart_rate", 72.0}}, "00000048", ""},
};

struct Mistake {
  std::string text, problem;
};
std::ostream& operator<<(std::ostream& out, const Mistake& m) { return out << m.problem; }

const std::string head = R"(protocol: test
version: "1"
title: {zh: "测试", en: "test"}
founded: documented
source: test
framing: {kind: gatt}
messages:
)";
const std::string field_head =
    head +
    "  - {id: a, characteristic: FFF1, method: notify, fields: [{name: f, type: u8, at: 0}, ";

const std::vector<Mistake> mistakes = {
    {head + "  - {id: a, method: notify}\n", "test.yaml:8:5: a message is the value of one"},
    {head + "  - {id: a, characteristic: \"180D/2A37\", service_data: \"181D\", method: read}\n",
     "a message is the value of one"},
    {head + "  - {id: a, characteristic: \"180D/2A3\", method: notify}\n",
     "test.yaml:8:29: \"180D/2A3\" is no attribute"},
    {head + "  - {id: a, characteristic: \"180D/2A37/2902\", method: notify}\n",
     "not of its descriptor"},
    {head + "  - {id: a, characteristic: \"2A37\", method: notfy}\n", "did you mean \"notify\""},
    {head + "  - {id: a, characteristic: \"2A37\", method: indicate, adopted: true}\n",
     "2A37 has no such method: notify"},
    {head + "  - {id: a, characteristic: \"FFF1\", method: notify, adopted: true}\n",
     "test.yaml:8:62: FFF1 is no adopted characteristic"},
    {head + "  - {id: a, manufacturer_data: \"006B6\"}\n", "no company identifier"},
    {head + "  - {id: a, service_data: \"181D\", layout: xiaomy}\n",
     "test.yaml:8:43: no layout \"xiaomy\" of 181D is known here, did you mean \"xiaomi\"?"},
    {head + "  - {id: a, service_data: \"180D\", layout: xiaomi}\n", "describe its fields"},
    {head + "  - {id: a, characteristic: FFF1, method: notify, layout: xiaomi}\n",
     "unknown key \"layout\""},
    {head + "  - {id: a, characteristic: \"FFF1\", method: notify}\n"
            "  - {id: b, characteristic: \"FFF0/FFF1\", method: indicate}\n",
     "test.yaml:9:5: the message \"b\" cannot be told from \"a\""},
    {head + "  - {id: a, characteristic: \"FFF1\", method: notify, direction: to_device}\n",
     "unknown key \"direction\""},
    {field_head + "{name: x, type: u8, when: {g: 1}}]}\n", "there is no field \"g\" before"},
    {field_head + "{name: x, type: u8, when: {f: 8}}]}\n", "out of range"},
    {field_head + "{name: x, type: u8, when: {f: 1, g: 2}}]}\n", "one bit of one field"},
    {field_head + "{name: x, type: u8, when: {f: 1}, unless: {f: 2}}]}\n", "one bit of one field"},
    {field_head + "{name: x, type: bytes, size: 600}]}\n", "beyond the 512 octets"},
    {field_head + "{name: x, type: u16, derived: crc16/mcrf4x}]}\n",
     "did you mean \"crc16/mcrf4xx\""},
    {field_head + "{name: x, type: u8, derived: crc16/mcrf4xx}]}\n", "of as many octets"},
    {field_head + "{name: x, type: bytes, size: 2, derived: size}]}\n", "of as many octets"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_protocol_gatt)

BOOST_DATA_TEST_CASE(a_message_is_laid_out, boost::unit_test::data::make(sent)) {
  const auto protocol = load(sample.protocol);
  const auto frame = protocol->encode(sample.message, sample.inputs);
  if (sample.hex.empty()) {
    BOOST_TEST_REQUIRE(!frame);
    BOOST_TEST(frame.error().message.find(sample.says) != std::string::npos, frame.error().message);
    return;
  }
  BOOST_TEST_REQUIRE(frame.has_value(), (frame ? "" : frame.error().message));
  BOOST_TEST(to_hex(ByteView(*frame).subspan(GattEvent::header)) == sample.hex);
  const MessageSpec& spec = *protocol->message(sample.message);
  const auto target = protocol->gatt_target(*frame);
  if (spec.gatt->method != GattMethod::write) return;
  BOOST_TEST_REQUIRE(target.has_value());
  BOOST_TEST(target->attribute.text() == spec.gatt->attribute.text());
}

BOOST_DATA_TEST_CASE(mistakes_are_named_with_their_place, boost::unit_test::data::make(mistakes)) {
  const auto document = yaml::Document::parse("test.yaml", sample.text);
  BOOST_TEST_REQUIRE(document.has_value());
  const auto protocol = Protocol::parse(**document);
  BOOST_TEST_REQUIRE(!protocol.has_value());
  BOOST_TEST(protocol.error().text().find(sample.problem) != std::string::npos,
             protocol.error().text());
}

BOOST_AUTO_TEST_CASE(a_protocol_says_what_it_is_heard_on) {
  const auto uses = [](std::string_view name) {
    std::string text;
    const auto protocol = load(name);
    for (const GattUse& use : protocol->gatt)
      text += cat(use.attribute.text(), use.advertised ? "!" : "", use.optional ? "?" : "", " ");
    return text;
  };
  BOOST_TEST(uses("gatt-heart-rate") == "180D/2A37 ");
  BOOST_TEST(uses("gatt-blood-pressure") == "1810/2A35 1810/2A36? ");
  BOOST_TEST(uses("gatt-glucose") == "1808/2A18 1808/2A34? 1808/2A52 ");
  BOOST_TEST(uses("mi-scale") == "181D! ");
  BOOST_TEST(uses("reference-line-nus") ==
             "6e400001-b5a3-f393-e0a9-e50e24dcca9e/6e400003-b5a3-f393-e0a9-e50e24dcca9e ");
  BOOST_TEST(uses("r60abd1") == "");
  BOOST_TEST(!load("r60abd1")->is_gatt());
}

// Layouts and decoders are written apart: what the one puts in, the other must read.
BOOST_AUTO_TEST_CASE(decoders_read_what_layouts_put_in) {
  const auto some_value = [](const FieldSpec& field) -> FieldInput {
    if (field.type == FieldType::date_time) return 1644856918.0;
    if (field.type == FieldType::ascii) return "SOS";
    if (field.type == FieldType::bytes)
      return to_hex(Bytes(static_cast<std::size_t>(field.size ? field.size : 2), 3));
    if (field.is_truth()) return 1.0;
    if (field.decimals == 0 || field.decimals == 1) return 3.0;
    return is_integer_type(field.type) ? field.scaling.value_of(field.bits == 1 ? 1 : 3) : 3.25;
  };
  int compared = 0, refused = 0;
  for (const ShippedFile& file : shipped_files("probes/protocols/gatt-")) {
    const std::string_view name = file.path.substr(file.path.rfind("/") + 1);
    const auto protocol = load(name.substr(0, name.find(".")));
    for (const MessageSpec& message : protocol->messages()) {
      if (message.gatt->adopted && !message.sent) continue;
      for (const FieldSpec& field : message.laid_out().fields) BOOST_TEST_CONTEXT(field.name) {
          const FieldInput input = some_value(field);
          FieldInputs inputs = {{field.name, input}};
          if (field.name == "contact") inputs["contact_supported"] = 1.0;
          // The message of a binary sensor in one part, with a sensor's status.
          if (message.field("execute"))
            for (const auto& [part, octet] : {std::pair{"split_header", 129.0},
                                              {"parameters", 1.0},
                                              {"parameter", 10.0},
                                              {"length", 2.0}})
              inputs.emplace(part, octet);
          const auto frame = protocol->encode(message.id, inputs);
          // Sizes and op codes that are all there is make no value.
          if (!frame && frame.error().message.find(" that is ") != std::string::npos) {
            ++refused;
            continue;
          }
          BOOST_TEST_REQUIRE(frame.has_value(), (frame ? "" : frame.error().message));
          const FieldSpec* read = message.field(field.name);
          if (!read || !std::holds_alternative<double>(input)) continue;
          FrameReader reader(*protocol, message.direction);
          reader.feed(*frame, {}, 1);
          Message found;
          BOOST_TEST_REQUIRE(reader.next(found));
          BOOST_TEST(found.id() == message.id);
          const FieldValue got = found.value({&message, read});
          if (got.kind == FieldValue::Kind::special) continue;  // withheld, no contact
          BOOST_TEST(got.number == std::get<double>(input), boost::test_tools::tolerance(1e-12));
          ++compared;
        }
    }
  }
  BOOST_TEST(compared > 80);
  BOOST_TEST(refused <= 12);
}

// What stands in the decoder's table is what checks and profiles can name.
BOOST_AUTO_TEST_CASE(adopted_messages_have_the_fields_of_their_decoder) {
  for (const ShippedFile& file : shipped_files("probes/protocols/")) {
    std::string_view name = file.path.substr(file.path.rfind("/") + 1);
    const auto protocol = load(name.substr(0, name.find(".")));
    for (const MessageSpec& message : protocol->messages()) {
      if (!message.gatt || !message.gatt->adopted) continue;
      const auto fields = message.gatt->adopted->fields;
      BOOST_TEST_REQUIRE(message.fields.size() == fields.size());
      for (std::size_t i = 0; i < fields.size(); ++i) {
        BOOST_TEST(message.fields[i].name == fields[i].name);
        BOOST_TEST(message.fields[i].unit.code() == (fields[i].unit.empty() ? "1" : fields[i].unit),
                   fields[i].name);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(steps_of_values_come_from_their_layout) {
  const auto step = [](std::string_view protocol, std::string_view field) {
    return load(protocol)->field(field).field->step;
  };
  BOOST_TEST(step("gatt-heart-rate", "heart_rate_measurement.heart_rate") == 1);
  BOOST_TEST(step("gatt-thermometer", "temperature_measurement.temperature") == 0.01,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(step("gatt-blood-pressure", "blood_pressure_measurement.map") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
