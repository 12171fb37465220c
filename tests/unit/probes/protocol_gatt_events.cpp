// Events of GATT devices: which message of a protocol they are, what its fields say, and what is
// counted.
#include <ostream>

#include "probes/gatt/event.h"
#include "probes/gatt/reading.h"
#include "probes/protocol_decode.h"
#include "probes/protocol_spec.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

std::shared_ptr<const Protocol> load(std::string_view name) {
  auto protocol = Protocol::load(name);
  BOOST_TEST_REQUIRE(protocol.has_value(), (protocol ? "" : protocol.error().message));
  return *protocol;
}

Bytes event(EventKind kind, std::string_view uuid, std::string_view hex) {
  const Bytes value = from_hex(hex).value();
  GattEvent one;
  one.kind = kind;
  one.uuid = Uuid::parse(uuid).value();
  one.value = value;
  Bytes octets;
  one.append_to(octets);
  return octets;
}

using enum EventKind;

struct Heard {
  std::string_view protocol;
  EventKind kind;
  std::string_view uuid, hex;
  std::string_view message, field;  // "": no such message
  std::string_view value;           // as printed
};
std::ostream& operator<<(std::ostream& out, const Heard& h) {
  return out << h.protocol << " " << h.uuid << " " << h.hex << " " << h.field;
}

std::string shown(const FieldValue& value) {
  switch (value.kind) {
    case FieldValue::Kind::absent:
      return "absent";
    case FieldValue::Kind::number:
      return number(value.number, 12);
    case FieldValue::Kind::octets:
      return to_hex(value.octets);
    default:
      return std::string(value.text);
  }
}

constexpr Heard heard[] = {
    {"gatt-heart-rate", notification, "2A37", "0648", "heart_rate_measurement", "heart_rate", "72"},
    {"gatt-heart-rate", value, "2A37", "16480004", "heart_rate_measurement", "contact", "1"},
    {"gatt-heart-rate", notification, "2A37", "0400", "heart_rate_measurement", "heart_rate",
     "no_signal"},
    {"gatt-heart-rate", notification, "2A37", "10480004", "heart_rate_measurement", "rr_1024",
     "0004"},
    {"gatt-heart-rate", notification, "2A37", "0648", "heart_rate_measurement", "energy_kj",
     "absent"},
    {"gatt-blood-pressure", indication, "2A35", "01a0f06bf07df0", "blood_pressure_measurement",
     "systolic", "120.009852135"},
    {"gatt-thermometer", indication, "2A1C", "005a0e00fe", "temperature_measurement", "temperature",
     "36.74"},
    {"gatt-glucose", indication, "2A52", "05000700", "racp_number", "records", "7"},
    {"gatt-glucose", indication, "2A52", "06000106", "racp_response", "code", "6"},
    {"gatt-glucose", notification, "2A19", "64", "", "", ""},
    {"mi-scale", service_data, "181D", "223e30e607020e10293a", "weight", "weight", "61.75"},
    {"mi-scale", service_data, "181D", "637607e607020e10293a", "weight", "weight", "8.663614267"},
    {"mi-scale", service_data, "181D", "637607e607020e10293a", "weight", "unit", "1"},
    {"mi-scale", service_data, "181D", "a23e30e607020e10293a", "weight", "removed", "1"},
    {"mi-scale", service_data, "181D", "223e30e607020e10293a", "weight", "timestamp", "1644856918"},
    {"mi-scale", service_data, "181D", "023e30e607020e10293a", "weight", "weight", "unstable"},
    {"mi-composition-scale", service_data, "181B", "0226e607020e10293af7019a38", "weight",
     "impedance_ohm", "503"},
    {"mi-composition-scale", service_data, "181B", "0224e607020e10293a00009a38", "weight",
     "impedance_ohm", "absent"},
    {"mi-composition-scale", service_data, "181B", "07a4e607020e10293a0000ce04", "weight", "weight",
     "5.579186151"},
    {"gatt-cgm", notification, "2AA7", "060064000a00", "cgm_measurement", "glucose_mgdl", "100"},
    {"gatt-cgm", notification, "2AA7", "080064000a000000", "cgm_measurement", "glucose_mgdl",
     "crc_mismatch"},
    {"gatt-cgm", indication, "2A52", "05000700", "racp_number", "count", "7"},
    {"gatt-cgm", indication, "2A52", "06000106", "racp_response", "response", "6"},
    {"gatt-cgm", indication, "2AAC", "0f4600", "socp_response", "level", "70"},
    {"gatt-health-sensor", notification, "2B8B", "03010c000100b84b0200200261000000",
     "live_health_observations", "spo2", "97"},
    {"gatt-health-sensor", indication, "2BF4", "80", "answer", "command", "128"},
    {"gatt-binary-sensor", indication, "2B2C", "81000400010a0200000308", "response", "state", "1"},
    {"gatt-emergency", value, "2B2E", "e591bce58fab", "emergency_text", "text", "呼叫"},
    {"polar-h10-broadcast", manufacturer_data, "006B", "2f166b68", "heart_rate", "heart_rate",
     "104"},
    {"private-vitals", notification, "FFF1", "E2010048005f", "vitals", "battery", "95"},
    {"private-vitals", notification, "FFF1", "E20100000000", "vitals", "heart_rate", "no_signal"},
    {"private-vitals", notification, "FFF1", "E9", "", "", ""},
};

struct Counted {
  std::string_view protocol;
  EventKind kind;
  std::string_view uuid, hex;
  std::string_view counts;  // frames unknown malformed octets findings violations
  std::string_view why;     // last_error, or the code of the first finding
};
std::ostream& operator<<(std::ostream& out, const Counted& c) { return out << c.uuid << c.hex; }

constexpr Counted counted[] = {
    {"gatt-heart-rate", notification, "2A37", "0648", "1 0 0 22 0 0", ""},
    {"gatt-heart-rate", notification, "2A37", "0748", "0 0 1 22 0 0", "truncated: the value ends"},
    {"gatt-heart-rate", notification, "2A37", "064801", "1 0 0 23 1 1", "unannounced_octets"},
    {"gatt-heart-rate", indication, "2A37", "0648", "1 0 0 22 1 1", "wrong_method"},
    {"gatt-heart-rate", notification, "2A19", "64", "1 1 0 21 0 0", ""},
    {"gatt-heart-rate", advertising, "0000", "7b7d", "0 0 0 0 0 0", ""},
    {"gatt-heart-rate", service_data, "180D", "0648", "0 0 0 0 0 0", ""},
    {"gatt-blood-pressure", notification, "2A35", "00780050006000", "1 0 0 27 1 1", "wrong_method"},
    {"private-vitals", notification, "FFF1", "E3", "1 1 0 21 0 0", ""},
    {"gatt-cgm", notification, "2AA7", "0600640000000600650001000600660002 00", "3 0 0 38 0 0", ""},
    {"gatt-cgm", indication, "2A52", "0101", "1 1 0 22 0 0", ""},
    {"gatt-health-sensor", notification, "2B8B", "0501", "0 0 0 22 0 0", ""},
    {"gatt-health-sensor", notification, "2B8B", "0601", "0 0 1 22 0 0", "segments: one of them"},
    {"polar-h10-broadcast", manufacturer_data, "006B", "0048", "0 0 0 0 0 0", ""},
    {"mi-scale", service_data, "181D", "22", "0 0 0 0 0 0", ""},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_protocol_gatt_events)

BOOST_DATA_TEST_CASE(an_event_is_a_message_with_fields, boost::unit_test::data::make(heard)) {
  const auto protocol = load(sample.protocol);
  const Bytes octets = event(sample.kind, sample.uuid, sample.hex);
  FrameReader reader(*protocol);
  reader.feed(octets, Stamp{7}, 3);
  Message message;
  BOOST_TEST_REQUIRE(reader.next(message));
  BOOST_TEST(message.id() == sample.message);
  BOOST_TEST(message.last_seq == 3U);
  BOOST_TEST(message.stamp.ns == 7);
  BOOST_TEST(to_hex(message.data) == to_hex(*from_hex(sample.hex)));
  if (sample.field.empty()) return;
  const FieldHandle field = protocol->field(cat(sample.message, ".", sample.field));
  BOOST_TEST_REQUIRE(bool(field));
  BOOST_TEST(shown(message.value(field)) == sample.value);
  BOOST_TEST(!reader.next(message));
}

BOOST_DATA_TEST_CASE(all_that_is_heard_is_counted, boost::unit_test::data::make(counted)) {
  const auto protocol = load(sample.protocol);
  const Bytes octets = event(sample.kind, sample.uuid, sample.hex);
  FrameReader reader(*protocol);
  reader.feed(octets, {}, 1);
  Message message;
  std::string why;
  while (reader.next(message))
    for (const ValueFinding* finding : message.findings())
      if (why.empty()) why = finding->code;
  const FrameCounts& c = reader.counts();
  BOOST_TEST(cat(c.frames, " ", c.unknown, " ", c.malformed, " ", c.octets, " ", c.findings, " ",
                 c.violations) == sample.counts);
  if (c.malformed) {
    BOOST_TEST(c.dropped_octets == c.octets);
    why = reader.last_error();
  }
  BOOST_TEST(why.starts_with(sample.why));
}

BOOST_AUTO_TEST_CASE(what_is_no_event_is_malformed) {
  const auto protocol = load("gatt-heart-rate");
  FrameReader reader(*protocol);
  Message message;
  for (const Bytes& octets : {Bytes(19, 1), Bytes(30, 9)}) {
    reader.feed(octets, {}, 1);
    BOOST_TEST(!reader.next(message));
  }
  BOOST_TEST(reader.counts().malformed == 2U);
  BOOST_TEST(reader.last_error() == "header");
}

BOOST_AUTO_TEST_CASE(a_value_that_was_read_is_a_message) {
  const auto protocol = load("gatt-heart-rate");
  const MessageSpec& spec = *protocol->message("body_sensor_location");
  FrameReader reader(*protocol);
  Message message;
  const Bytes chest = {1}, nothing = {};
  BOOST_TEST_REQUIRE(reader.read(spec, chest, Stamp{5}, 9, message));
  BOOST_TEST(message.value(protocol->field("location")).text == "chest");
  BOOST_TEST(message.first_seq == 9U);
  BOOST_TEST(!reader.read(spec, nothing, {}, 10, message));
  BOOST_TEST(reader.counts().malformed == 1U);
}

BOOST_AUTO_TEST_CASE(a_unit_that_flips_is_found_out) {
  const auto protocol = load("gatt-weight-scale");
  FrameReader reader(*protocol);
  Message message;
  const Bytes kilograms = event(indication, "2A9D", "00204e"),
              pounds = event(indication, "2A9D", "01204e");
  for (const Bytes* octets : {&kilograms, &kilograms, &pounds}) {
    reader.feed(*octets, {}, 1);
    BOOST_TEST(reader.next(message));
  }
  BOOST_TEST(message.findings().size() == 1U);
  BOOST_TEST(message.reading->found(findings::unit_flip));
}

BOOST_AUTO_TEST_CASE(segments_are_joined) {
  const auto protocol = load("gatt-health-sensor");
  FrameReader reader(*protocol);
  Message message;
  const auto feed = [&](std::string_view hex, std::uint64_t seq) {
    const Bytes octets = event(notification, "2B8B", hex);
    reader.feed(octets, Stamp{static_cast<std::int64_t>(seq)}, seq);
    const bool came = reader.next(message);
    if (came) BOOST_TEST(!reader.next(message));
    return came;
  };
  BOOST_TEST(!feed("fd010c000100", 1));
  BOOST_TEST(reader.pending() == 26U);
  BOOST_TEST(!feed("00b84b0200", 2));
  BOOST_TEST_REQUIRE(feed("06200261000000", 3));
  BOOST_TEST(message.first_seq == 1U);
  BOOST_TEST(message.last_seq == 3U);
  BOOST_TEST(to_hex(message.data) == "ff010c000100b84b0200200261000000");
  BOOST_TEST(message.value(protocol->field("spo2")).number == 97);
  BOOST_TEST(reader.pending() == 0U);
  // The second of three is missing: what came of it is given up.
  BOOST_TEST(!feed("09010c000100", 4));
  BOOST_TEST(!feed("12200261000000", 6));
  BOOST_TEST(reader.counts().malformed == 1U);
  BOOST_TEST(reader.counts().dropped_octets == 26U + 27U);
  BOOST_TEST(feed("17010c000100b84b0200200261000000", 7));
  BOOST_TEST(message.first_seq == 7U);
  BOOST_TEST(reader.counts().frames == 2U);
  BOOST_TEST(!feed("19010c000100", 8));
  reader.reset();
  BOOST_TEST(reader.counts().dropped_octets == 2 * 26U + 27U);
  BOOST_TEST(!feed("1e00b84b0200200261000000", 9));
  BOOST_TEST(reader.counts().malformed == 2U);
}

BOOST_AUTO_TEST_CASE(a_message_is_printed) {
  const auto protocol = load("gatt-heart-rate");
  const auto json = decode_frame(*protocol, event(indication, "2A37", "0648"));
  BOOST_TEST_REQUIRE(json.has_value());
  BOOST_TEST(json->dump() ==
             R"({"message":"heart_rate_measurement","event":"indication","attribute":"2A37",)"
             R"("data":"0648","heart_rate":72,"contact":true,"energy_kj":null,"rr_1024":[],)"
             R"("findings":["wrong_method"]})");
  const auto scale =
      decode_frame(*load("mi-scale"), event(service_data, "181D", "637607e607020e10293a"));
  BOOST_TEST_REQUIRE(scale.has_value());
  BOOST_TEST((*scale)["weight"].number() == 19.1);
  BOOST_TEST((*scale)["unit"].string() == "lb");
  BOOST_TEST(!decode_frame(*protocol, event(advertising, "0000", "7b7d")));
}

BOOST_AUTO_TEST_CASE(frames_in_a_pair_of_characteristics_are_cut_anywhere) {
  const auto protocol = load("reference-line-nus");
  constexpr std::string_view notified = "6e400003-b5a3-f393-e0a9-e50e24dcca9e",
                             written = "6e400002-b5a3-f393-e0a9-e50e24dcca9e";
  const auto frame = protocol->encode("VITAL", {{"sequence", 1.0}, {"heart_rate", 72.0}}).value();
  FrameReader reader(*protocol);
  std::size_t found = 0;
  for (std::size_t at = 0; at < frame.size(); at += 7) {
    const auto piece = ByteView(frame).subspan(at, std::min<std::size_t>(7, frame.size() - at));
    const Bytes octets = event(notification, notified, to_hex(piece));
    reader.feed(octets, {}, at + 1);
    for (Message message; reader.next(message); ++found) {
      BOOST_TEST(message.id() == "VITAL");
      BOOST_TEST(message.first_seq == 1U);
    }
  }
  BOOST_TEST(found == 1U);
  BOOST_TEST(reader.counts().octets == frame.size());
  BOOST_TEST(reader.counts().dropped_octets == 0U);
  const auto target = protocol->gatt_target(frame);
  BOOST_TEST_REQUIRE(target.has_value());
  BOOST_TEST(target->attribute.characteristic.text() == written);
  BOOST_TEST(!target->with_response);
  BOOST_TEST(reader.counts().violations == 0U);
  // A pair that notifies does not indicate.
  const Bytes indicated = event(indication, notified, to_hex(frame));
  reader.feed(indicated, {}, 98);
  Message message;
  BOOST_TEST(reader.next(message));
  BOOST_TEST(!reader.next(message));
  BOOST_TEST(reader.counts().violations == 1U);
  // Another attribute's values are no part of the stream.
  const Bytes battery = event(notification, "2A19", "24");
  reader.feed(battery, {}, 99);
  BOOST_TEST(!reader.next(message));
  BOOST_TEST(reader.counts().unknown == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
