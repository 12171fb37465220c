// encode() is the inverse of decoding: round trips through every message of every shipped protocol,
// and through every type of field.
#include <cmath>
#include <ostream>
#include <random>

#include "probes/frame_scan.h"
#include "probes/protocol.h"
#include "probes/protocol_spec.h"
#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

using ProtocolPtr = std::shared_ptr<const Protocol>;

template <class T>
std::string why(const Result<T>& result) {
  return result ? "" : result.error().text();
}

ProtocolPtr parse(std::string_view text) {
  const auto document = yaml::Document::parse("test.yaml", std::string(text));
  BOOST_TEST_REQUIRE(document.has_value());
  auto protocol = Protocol::parse(**document);
  BOOST_TEST_REQUIRE(protocol.has_value(), why(protocol));
  return *protocol;
}

const std::string head = R"(protocol: test
version: "1"
title: {zh: "测试", en: "test"}
founded: undocumented
source: test
)";

ProtocolPtr every_type() {
  return parse(head + R"(
framing:
  kind: binary
  endian: little
  start: "AA 55"
  header: [{name: kind, at: 2, type: u8}]
  length: {at: 3, type: u16, counts: frame}
  checksum: {kind: crc16/modbus, from: 2}
  end: "0D"
  max_length: 120
messages:
  - id: all
    when: {kind: 1, data: {-1: "EE"}}
    fields:
      - {name: a_u8, type: u8}
      - {name: a_u16, type: u16}
      - {name: a_u16_big, type: u16, endian: big}
      - {name: a_u24, type: u24}
      - {name: a_u32, type: u32}
      - {name: a_s8, type: s8}
      - {name: a_s16, type: s16, scale: 0.01, unit: Cel}
      - {name: a_s24, type: s24, endian: big}
      - {name: a_s32, type: s32}
      - {name: a_f32, type: f32}
      - {name: a_sm16, type: sm16, endian: big}
      - {name: a_scaled, type: u8, scale: 2.5, offset: -40}
      - {name: a_special, type: u8, special: {255: none, 254: weak}, values: {1: one, 2: two}}
      - {name: low, at: 34, type: u16, bits: [0, 3]}
      - {name: middle, at: 34, type: u16, bits: [4, 11]}
      - {name: top, at: 34, type: u16, bits: 15}
      - {name: truth, type: bool}
      - {name: model, type: ascii, size: 6}
      - {name: count, type: u8}
      - {name: list, type: list, count: {field: count, plus: 1}}
      - {name: five, type: list, count: 5, offset: -128}
      - {name: rest, type: bytes}
      - {name: last, at: -3, type: u16}
)");
}

FieldValue value_of(const ProtocolPtr& protocol, const Bytes& frame, std::string_view name) {
  const Scanned scanned = scan_frame(protocol->framing(), frame);
  BOOST_TEST_REQUIRE((scanned.status == Scanned::Status::frame));
  Message message;
  message.frame = frame;
  message.data = ByteView(frame).subspan(scanned.data_at, scanned.data_size);
  message.spec = match_message(protocol->framing(), Direction::either, scanned.variant,
                               message.frame, message.data);
  BOOST_TEST_REQUIRE((message.spec != nullptr));
  return message.value(protocol->field(cat(message.id(), ".", name)));
}

struct Case {
  std::string field;
  FieldInput input;
  double number;
  std::string text;  // of a text or of octets (hex); the name of a special value
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.field << " " << c.number << c.text;
}

const std::vector<Case> cases = {
    {"a_u8", 255.0, 255, ""},
    {"a_u16", 65535.0, 65535, ""},
    {"a_u16_big", 258.0, 258, ""},
    {"a_u24", 16777215.0, 16777215, ""},
    {"a_u32", 4294967295.0, 4294967295, ""},
    {"a_s8", -128.0, -128, ""},
    {"a_s16", -36.62, -36.62, ""},
    {"a_s16", 36.62, 36.62, ""},
    {"a_s24", -8388608.0, -8388608, ""},
    {"a_s32", -2147483648.0, -2147483648, ""},
    {"a_f32", -0.15625, -0.15625, ""},
    {"a_sm16", -31.0, -31, ""},
    {"a_sm16", 32767.0, 32767, ""},
    {"a_scaled", 597.5, 597.5, ""},
    {"a_special", std::string("none"), 0, "none"},
    {"a_special", std::string("two"), 2, ""},
    {"low", 9.0, 9, ""},
    {"middle", 200.0, 200, ""},
    {"top", 1.0, 1, ""},
    {"truth", std::string("true"), 1, ""},
    {"model", std::string("AB-12"), 0, "AB-12"},
    {"list", std::string("01 02 03"), 0, "010203"},
    {"five", std::string("80 81 7f 00 ff"), 0, "80817f00ff"},
    {"rest", std::string("cafe"), 0, "cafe"},
    {"last", 513.0, 513, ""},
};

std::string error_of(const ProtocolPtr& protocol, std::string_view id, const FieldInputs& inputs) {
  const auto frame = protocol->encode(id, inputs);
  if (frame) return "";
  BOOST_TEST((frame.error().code == Errc::bad_input));
  return frame.error().message;
}

std::vector<std::string> shipped() {
  std::vector<std::string> names;
  for (const ShippedFile& file : shipped_files("probes/protocols/")) {
    const std::string_view name = file.path.substr(std::string_view("probes/protocols/").size());
    names.emplace_back(name.substr(0, name.find('.')));
  }
  return names;
}

// Something that the field can say.
FieldInput some_value(const FieldSpec& field, std::mt19937& random) {
  const auto octet = [&] { return static_cast<std::uint8_t>(random()); };
  switch (field.type) {
    case FieldType::ascii:
    case FieldType::text:
      return std::string("T") + std::to_string(random() % 1000);
    case FieldType::bytes:
      return to_hex(Bytes(static_cast<std::size_t>(field.size ? field.size : 3), octet()));
    case FieldType::list:
      return to_hex(
          Bytes(static_cast<std::size_t>(field.count_field < 0 ? field.size : 4), octet()));
    case FieldType::hex:
      if (field.bits) return random() % 2 ? 1.0 : 0.0;
      return std::string("00000000");
    case FieldType::boolean:
      return random() % 2 ? 1.0 : 0.0;
    case FieldType::numbers:
      return std::string("1 22 3.5");
    case FieldType::number:
      return static_cast<double>(2 + random() % 90);
    case FieldType::latitude:
    case FieldType::nmea_latitude:
      return static_cast<double>(random() % 170000) / 1000 - 85;
    case FieldType::longitude:
    case FieldType::nmea_longitude:
      return static_cast<double>(random() % 350000) / 1000 - 175;
    default:
      break;
  }
  const double range = std::min(field.high_code() - field.low_code(), 1000.0);
  double code = field.low_code();
  do code = field.low_code() + std::floor(range * static_cast<double>(random() % 1000) / 1000);
  while (std::any_of(field.special.begin(), field.special.end(),
                     [&](const CodeName& s) { return s.code == code; }));
  return field.scaling.value_of(code);
}

void same(const FieldSpec& field, const FieldInput& input, const FieldValue& found) {
  BOOST_TEST_CONTEXT(field.name) {
    if (const double* number = std::get_if<double>(&input)) {
      BOOST_TEST((found.kind == FieldValue::Kind::number));
      const bool minutes =
          field.type == FieldType::nmea_latitude || field.type == FieldType::nmea_longitude;
      BOOST_TEST(std::fabs(found.number - *number) <= (minutes ? 1e-5 / 60 : 1e-9));
    } else if (found.kind == FieldValue::Kind::octets) {
      BOOST_TEST(to_hex(found.octets) == to_hex(*from_hex(std::get<std::string>(input))));
    } else if (field.type == FieldType::numbers) {
      BOOST_TEST((found.kind == FieldValue::Kind::text));
    } else {
      BOOST_TEST(found.text == std::get<std::string>(input));
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_protocol_encode)

BOOST_DATA_TEST_CASE(every_type_comes_back, boost::unit_test::data::make(cases)) {
  const auto protocol = every_type();
  const auto frame = protocol->encode("all", {{sample.field, sample.input}});
  BOOST_TEST_REQUIRE(frame.has_value(), why(frame));
  const FieldValue value = value_of(protocol, *frame, sample.field);
  if (value.kind == FieldValue::Kind::number)
    BOOST_TEST(value.number == sample.number, boost::test_tools::tolerance(1e-15));
  else if (value.kind == FieldValue::Kind::octets)
    BOOST_TEST(to_hex(value.octets) == sample.text);
  else
    BOOST_TEST(value.text == sample.text);
}

BOOST_AUTO_TEST_CASE(all_fields_in_one_frame) {
  const auto protocol = every_type();
  FieldInputs inputs;
  for (const Case& c : cases) inputs[c.field] = c.input;
  const auto frame = protocol->encode("all", inputs);
  BOOST_TEST_REQUIRE(frame.has_value(), why(frame));
  for (const auto& [name, input] : inputs) {
    if (name == "a_special") continue;
    same(*protocol->message("all")->field(name), name == "truth" ? FieldInput(1.0) : input,
         value_of(protocol, *frame, name));
  }
  BOOST_TEST(value_of(protocol, *frame, "count").number == 2);
}

BOOST_DATA_TEST_CASE(every_shipped_message_comes_back, boost::unit_test::data::make(shipped())) {
  const auto protocol = *Protocol::load(sample);
  if (protocol->is_gatt()) return;  // protocol_gatt.cpp
  std::mt19937 random(7);
  for (const MessageSpec& message : protocol->messages())
    for (int round = 0; round < 20; ++round) BOOST_TEST_CONTEXT(message.id) {
        FieldInputs inputs;
        for (const FieldSpec& field : message.fields) {
          const bool fixed_code = field.named_only;  // told by the message's constants
          const bool counts =
              std::any_of(message.fields.begin(), message.fields.end(), [&](const FieldSpec& list) {
                return list.count_field >= 0 &&
                       &message.fields[static_cast<std::size_t>(list.count_field)] == &field;
              });
          if (!fixed_code && !counts) inputs[field.name] = some_value(field, random);
        }
        const auto frame = protocol->encode(message.id, inputs);
        BOOST_TEST_REQUIRE(frame.has_value(), why(frame));
        FrameReader reader(*protocol, message.direction);
        reader.feed(*frame, Stamp{}, 1);
        Message found;
        BOOST_TEST_REQUIRE(reader.next(found));
        BOOST_TEST(found.id() == message.id);
        BOOST_TEST(found.frame.size() == frame->size());
        for (const auto& [name, input] : inputs)
          if (const FieldSpec* field = message.field(name); field->type != FieldType::hex)
            same(*field, input, found.value({&message, field}));
      }
}

BOOST_AUTO_TEST_CASE(known_frames) {
  const auto r60 = *Protocol::load("r60abd1");
  BOOST_TEST(to_hex(*r60->encode("breath_rate", {{"breaths_per_min", 22.0}})) ==
             "53598102000116465443");
  BOOST_TEST(to_hex(*r60->encode("position", {{"x_cm", -31.0}, {"y_cm", 50.0}})) ==
             "535980050006801f00320000085443");
  BOOST_TEST(to_hex(*r60->encode("heart_rate", {{"heart_rate", 72.0}, {"command", 130.0}})) ==
             "53598582000148fc5443");
  BOOST_TEST(to_hex(*r60->encode("heart_rate", {{"heart_rate", std::string("none")}})) ==
             "53598502000100345443");
  const auto ld = *Protocol::load("ld2410");
  BOOST_TEST(to_hex(*ld->encode("basic", {{"state", std::string("static")},
                                          {"moving_cm", 81.0},
                                          {"static_energy", 59.0}})) ==
             "f4f3f2f10d0002aa0251000000003b00005500f8f7f6f5");
  const auto nmea = *Protocol::load("nmea0183");
  const auto text = [](const Result<Bytes>& frame) { return std::string(as_text(*frame)); };
  BOOST_TEST(text(nmea->encode("GLL", {{"lat", 33.80754},
                                       {"lon", -118.35},
                                       {"time", std::string("142214")},
                                       {"valid", 1.0}})) ==
             "$GPGLL,3348.45240,N,11821.00000,W,142214,A*38\r\n");
  BOOST_TEST(text(nmea->encode("RMC", {{"valid", 0.0}, {"mode", std::string("N")}})) ==
             "$GPRMC,,V,,,,,,,,,,N*53\r\n");
  BOOST_TEST(text(nmea->encode("GLL", {{"lat", 59.9999999999}, {"talker", std::string("BD")}}))
                 .starts_with("$BDGLL,6000.00000,N,,,,*"));
  const auto watch = *Protocol::load("watch-3g");
  BOOST_TEST(text(watch->encode("LK", {})) == "[3G*0000000000*0002*LK]");
  BOOST_TEST(text(watch->encode("LK", {{"steps", 12.0},
                                       {"battery", 88.0},
                                       {"maker", std::string("ZJ")},
                                       {"index", std::string("0007")}})) ==
             "[ZJ*0000000000*0007*0009*LK,12,,88]");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_said_is_refused) {
  const auto r60 = *Protocol::load("r60abd1");
  const auto has = [](const std::string& text, std::string_view part) {
    BOOST_TEST(text.find(part) != std::string::npos, text);
  };
  has(error_of(r60, "hart_rate", {}), "did you mean \"heart_rate\"");
  has(error_of(r60, "heart_rate", {{"hart_rate", 1.0}}), "did you mean \"heart_rate\"");
  has(error_of(r60, "heart_rate", {{"heart_rate", 256.0}}), "out of range: 0 to 255");
  has(error_of(r60, "heart_rate", {{"heart_rate", -1.0}}), "out of range");
  has(error_of(r60, "heart_rate", {{"heart_rate", NAN}}), "finite");
  has(error_of(r60, "motion", {{"motion", std::string("activ")}}), "did you mean \"active\"");
  has(error_of(r60, "heart_rate", {{"command", 5.0}}), "make no frame of");
  has(error_of(r60, "firmware_version", {{"firmware_version", 1.0}}), "is a text");
  has(error_of(r60, "firmware_version", {{"firmware_version", std::string(400, 'x')}}), "the most");
  const auto types = every_type();
  has(error_of(types, "all", {{"truth", 2.0}}), "true or false");
  has(error_of(types, "all", {{"rest", std::string("xy")}}), "hexadecimal");
  has(error_of(types, "all", {{"five", std::string("01")}}), "room for 5");
  has(error_of(types, "all", {{"list", std::string("01 02")}, {"count", 5.0}}), "2 items");
  has(error_of(types, "all", {{"model", std::string("ABCDEFG")}}), "room for 6");
  const auto nmea = *Protocol::load("nmea0183");
  has(error_of(nmea, "TXT", {{"text", std::string("a,b")}}), "uses itself");
  has(error_of(nmea, "GLL", {{"lat", 91.0}}), "-90 to 90");
  has(error_of(nmea, "GLL", {{"type", std::string("RMC")}}), "make the message \"RMC\"");
  has(error_of(*Protocol::load("nursing-bed"), "x", {}), "has no messages");
}

BOOST_AUTO_TEST_SUITE_END()
