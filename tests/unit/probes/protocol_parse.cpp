// Mistakes in protocol files are named with their place; the shipped files have none.
#include <ostream>

#include "probes/protocol.h"
#include "probes/protocol_spec.h"
#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

Result<std::shared_ptr<const Protocol>> parse(const std::string& text) {
  const auto document = yaml::Document::parse("test.yaml", text);
  if (!document) return tl::unexpected<Error>(document.error());
  return Protocol::parse(**document);
}

const std::string head = R"(protocol: test
version: "1"
title: {zh: "测试", en: "test"}
founded: documented
source: test
)";
const std::string binary = head + R"(framing:
  kind: binary
  endian: big
  start: "AA 55"
  header: [{name: kind, at: 2, type: u8}]
  length: {at: 3, type: u8, counts: data}
  checksum: {kind: sum8}
  max_length: 32
messages:
)";
const std::string line =
    head + R"(framing: {kind: line, start: ["$"], checksum: xor8, max_length: 99}
messages:
)";
const std::string registers = head + "registers:\n";

struct Mistake {
  std::string text;      // of the file
  std::string problems;  // one of these must be found in what is said
};
std::ostream& operator<<(std::ostream& out, const Mistake& m) { return out << m.problems; }

Mistake message(const std::string& lines, std::string problem) {
  return {binary + lines, std::move(problem)};
}
Mistake field(const std::string& text, std::string problem) {
  return message("  - {id: a, when: {kind: 1, size: 4}, fields: [" + text + "]}\n",
                 "test.yaml:15:" + std::move(problem));
}

const std::vector<Mistake> mistakes = {
    {head, "the key \"framing\" is missing"},
    {"protocol: test\n", "the key \"version\" is missing"},
    {head + "founded: adopted\n", "test.yaml:6:"},
    {head + "frming: {}\nregisters: []\n", "unknown key \"frming\""},
    {head + "line: {baud: 9600, mode: 8Q1}\nregisters: []\n", "test.yaml:6:26: the mode"},
    {head + "line: {baud: fast}\nregisters: []\n", "test.yaml:6:14:"},
    // framing
    {head + "framing: {kind: binery}\nmessages: []\n", "did you mean \"binary\""},
    {head + "framing: {kind: line, start: [], max_length: 80}\nmessages: []\n",
     "a line needs its start"},
    {head + "framing: {kind: line, start: [\"$\"], checksum: xor9, max_length: 80}\nmessages: []\n",
     "the checksum \"xor9\" is unknown, did you mean \"xor"},
    {head + "framing: {kind: binary, endian: big, start: \"5G\", size: 4}\nmessages: []\n",
     "test.yaml:6:45: octets are written"},
    {head + "framing: {kind: binary, endian: big, start: \"55\"}\nmessages: []\n",
     "the key \"length\" is missing"},
    {head + "framing: {kind: binary, endian: big, start: \"55\", size: 1, end: \"66\"}\nmessages: "
            "[]\n",
     "has no room for its marks"},
    {head + "framing: {kind: binary, endian: big, size: 4,\n  frames: [{name: a, start: \"55\"}, "
            "{name: b, start: \"55\"}]}\nmessages: []\n",
     "begin with the same start mark"},
    {head + "framing: {kind: binary, endian: big, size: 4,\n  frames: [{name: a, start: \"55\"}, "
            "{name: a, start: \"5566\"}]}\nmessages: []\n",
     "must be equally long"},
    {head + "framing: {kind: binary, endian: big, start: \"55\", size: 4, "
            "checksum: {kind: crc16/modbus, from: 3}}\nmessages: []\n",
     "lies outside the smallest frame"},
    {head + "framing: {kind: binary, endian: big, start: \"55\", max_length: 20,\n"
            "  length: {at: 1, type: u8, counts: data}, checksum: {kind: sum8, from: -2, to: 2}}\n"
            "messages: []\n",
     "lies outside the smallest frame"},
    // messages
    message("  - {id: a, when: {size: 28}}\n", "has room for 27 octets of data, not for 28"),
    message("  - {id: a}\n", "the key \"when\" is missing"),
    message("  - {id: a b, when: {kind: 1}}\n", "a name has letters"),
    message("  - {id: a, when: {kind: 256}}\n", "out of range"),
    message("  - {id: a, when: {kynd: 1}}\n", "unknown key \"kynd\", did you mean \"kind\""),
    message("  - {id: a, when: {frame: x}}\n", "there is no kind of frame called \"x\""),
    message("  - {id: a, when: {kind: 1}}\n  - {id: a, when: {kind: 2}}\n",
            "two messages are called \"a\""),
    message("  - {id: a, when: {kind: 1}}\n  - {id: b, when: {kind: 1}}\n",
            "test.yaml:16:5: the message \"b\" cannot be told from \"a\""),
    message("  - {id: a, when: {kind: [1, 2]}}\n  - {id: b, when: {kind: [3, 2]}}\n",
            "cannot be told from"),
    message("  - {id: a, when: {size: 2}}\n  - {id: b, when: {kind: 1}}\n", "cannot be told from"),
    message("  - {id: a, when: {kind: 1, data: {-1: \"0102\"}}}\n", "beyond the end of the data"),
    message("  - {id: a, when: {kind: 1, size: 1, data: {0: \"0102\"}}}\n", "beyond the 1 octets"),
    message("  - {id: a, when: {kind: 1}, like: b}\n", "there is no message \"b\""),
    {line + "  - {id: a, when: {type: A}}\n  - {id: b, when: {type: [B, A]}}\n",
     "cannot be told from"},
    {line + "  - {id: a, when: {type: A}, fields: [{name: x, type: u8}]}\n",
     "\"u8\" is not one of"},
    {line + "  - {id: a, when: {type: A}, fields: [{name: x, type: text}, "
            "{name: y, at: 1, type: text}]}\n",
     "overlaps \"x\" at index 1"},
    {line + "  - {id: a, when: {type: A}, fields: [{name: x, type: bool, \"true\": A}]}\n",
     "the key \"false\" is missing"},
    {line + "  - {id: a, when: {type: A}, fields: [{name: x, type: numbers}]}\n",
     "numbers need their count"},
    // fields
    field("{name: x, type: u9}", "64: \"u9\" is not one of"),
    field("{name: x, type: u8, unit: bpm}", "74: the unit \"bpm\" is unknown, write \"/min\""),
    field("{name: x, type: u8, scal: 2}", "68: unknown key \"scal\", did you mean \"scale\""),
    field("{name: x, type: u8, scale: 0}", "75: a scale of 0"),
    field("{name: x, type: u8, at: 4}", "48: the field \"x\" ends at octet 5, beyond the 4"),
    field("{name: x, type: u32}, {name: y, type: u8}", "70: the field \"y\" ends at octet 5"),
    field("{name: x, type: u8, at: -5}", "48: the field \"x\", counted from the end"),
    field("{name: x, type: u16, at: -1}", "48: the field \"x\" ends beyond the data"),
    field("{name: x, type: u16}, {name: y, type: u8, at: 1}", "70: the field \"y\" overlaps \"x\""),
    field("{name: x, type: u8, bits: [0, 3]}, {name: y, type: u8, at: 0, bits: [3, 4]}",
          "83: the field \"y\" overlaps \"x\""),
    field("{name: x, type: u8, bits: 8}", "74: \"8\" is out of range"),
    field("{name: x, type: f32, bits: 1}", "75: only whole numbers have bits"),
    field("{name: x, type: u8}, {name: x, type: u8}", "69: two fields are called \"x\""),
    field("{name: x, type: u8, values: {0: a, 0x00: b}}", "83: the code 0 already means \"a\""),
    field("{name: x, type: u8, values: {0: a, 1: a}}", "86: \"a\" is already the name of code 0"),
    field("{name: x, type: u8, values: {256: a}}", "77: the code 256 never comes"),
    field("{name: x, type: u8, values: {1: a}, special: {1: b}}", "48: the code 1 is both"),
    field("{name: x, type: u8, values: {1: a}, special: {2: a}}", "48: \"a\" names both"),
    field("{name: x, type: bytes}, {name: y, type: u8}", "72: nothing is left for \"y\""),
    field("{name: x, type: u8, optional: true}, {name: y, type: u8}", "85: \"y\" must be optional"),
    field("{name: n, type: u8}, {name: x, type: list, count: {field: m}}",
          "106: the count \"m\" is no whole-number field"),
    // registers
    {registers + "  - {name: a, table: coil, at: 0, access: r, type: u16}\n", "need no type"},
    {registers + "  - {name: a, table: input_register, at: 0, access: rw, type: u16}\n",
     "can only be read"},
    {registers + "  - {name: a, table: holding_register, at: 0, access: r, type: f32}\n",
     "the key \"order\" is missing"},
    {registers + "  - {name: a, table: holding_register, at: 65535, access: r, type: f32, "
                 "order: ABCD}\n",
     "ends beyond address 65535"},
    {registers +
         "  - {name: a, table: holding_register, at: 1, access: r, type: u32, order: CDAB}\n"
         "  - {name: b, table: holding_register, at: 2, access: r, type: u16}\n",
     "test.yaml:8:5: the register \"b\" overlaps \"a\""},
    {registers + "  - {name: a, table: coil, at: 1, access: r}\n"
                 "  - {name: a, table: coil, at: 2, access: r}\n",
     "two registers are called \"a\""},
    {registers + "  - {name: a, table: holding_register, at: 1, access: r, type: bits, "
                 "bits: {16: x}}\n",
     "the code 16 never comes"},
    {head + "registers: []\n", "a register map needs registers"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_protocol_parse)

BOOST_DATA_TEST_CASE(names_the_mistake, boost::unit_test::data::make(mistakes)) {
  const auto protocol = parse(sample.text);
  BOOST_TEST_REQUIRE(!protocol.has_value());
  BOOST_TEST((protocol.error().code == Errc::bad_input));
  const std::string said = protocol.error().text();
  BOOST_TEST(said.find(sample.problems) != std::string::npos, said);
  BOOST_TEST(said.find("test.yaml:") != std::string::npos, said);
}

BOOST_AUTO_TEST_CASE(names_all_mistakes_of_a_file) {
  const auto protocol = parse(binary +
                              "  - {id: a, when: {kind: 1}, fields: [{name: x, type: u9}]}\n"
                              "  - {id: b, when: {kind: 2}, fields: [{nam: x, type: u8}]}\n");
  BOOST_TEST_REQUIRE(!protocol.has_value());
  const std::string said = protocol.error().text();
  BOOST_TEST(said.find("test.yaml:15:") != std::string::npos);
  BOOST_TEST(said.find("test.yaml:16:") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(shipped_protocols_are_sound) {
  const auto files = shipped_files("probes/protocols/");
  BOOST_TEST(files.size() >= 6U);
  for (const ShippedFile& file : files) {
    std::string_view name = file.path.substr(std::string_view("probes/protocols/").size());
    name.remove_suffix(std::string_view(".yaml").size());
    const auto protocol = Protocol::load(name);
    if (!protocol) BOOST_FAIL(protocol.error().text());
    BOOST_TEST((*protocol)->name == name);
    BOOST_TEST(!(*protocol)->source.empty());
  }
}

BOOST_AUTO_TEST_CASE(load_suggests_and_reads_files) {
  const auto missing = Protocol::load("r60abd2");
  BOOST_TEST_REQUIRE(!missing.has_value());
  BOOST_TEST(missing.error().message.find("did you mean \"r60abd1\"") != std::string::npos);
  BOOST_TEST(!Protocol::load("./nothing.yaml").has_value());
  const auto file = Protocol::load(CAREBENCH_SOURCE_DIR "/probes/protocols/ld2410.yaml");
  BOOST_TEST_REQUIRE(file.has_value());
  BOOST_TEST((*file)->baud == 256000);
  BOOST_TEST((*file)->mode == "8N1");
  BOOST_TEST(to_string((*file)->founded) == "documented");
}

BOOST_AUTO_TEST_CASE(fields_by_name) {
  const auto r60 = *Protocol::load("r60abd1");
  BOOST_TEST((r60->field("heart_rate").field != nullptr));
  BOOST_TEST((r60->field("heart_rate").message == r60->message("heart_rate")));
  BOOST_TEST((r60->field("position.y_cm").field == r60->message("position")->field("y_cm")));
  BOOST_TEST(!r60->field("position.w_cm"));
  BOOST_TEST(!r60->field("nothing"));
  const auto nmea = *Protocol::load("nmea0183");
  BOOST_TEST(!nmea->field("lat"));  // several sentences have it
  BOOST_TEST((nmea->field("RMC.lat").field != nullptr));
  BOOST_TEST(nmea->field_names().front() == "GGA.time");
}

// Everything a framing can say that no shipped protocol says.
BOOST_AUTO_TEST_CASE(other_framings) {
  const auto frames = [](const std::string& framing, std::string_view hex) {
    const auto protocol = parse(head + "framing:\n" + framing +
                                "messages:\n  - {id: a, when: {size: 2}, fields: "
                                "[{name: x, type: u16}]}\n");
    if (!protocol) BOOST_FAIL(protocol.error().text());
    FrameReader reader(**protocol);
    const Bytes octets = *from_hex(hex);
    reader.feed(octets, Stamp{}, 1);
    std::string out;
    for (Message m; reader.next(m);)
      out += cat(m.id(), "=", m.value((*protocol)->field("x")).number, " ");
    return out + cat(reader.counts().dropped_octets);
  };
  BOOST_TEST(
      frames("  {kind: binary, endian: big, start: \"55\", size: 4, checksum: {kind: xor8}}\n",
             "55010256 00 55010254 55010256") == "a=258 a=258 5");
  // A length that counts the frame but for its start mark, and a CRC sent low octet first.
  BOOST_TEST(frames("  {kind: binary, endian: little, start: \"55\", max_length: 20,\n"
                    "   length: {at: 1, type: u8, counts: frame, adjust: 1},\n"
                    "   checksum: {kind: crc16/xmodem, from: 1}}\n",
                    "55050201b39d") == "a=258 0");
  // No start mark: one bit is set in the first octet of a frame and in no other.
  BOOST_TEST(frames("  {kind: binary, endian: big, sync_bit: 7, size: 2}\n", "0180018202ff8003") ==
             "a=32769 a=33282 a=32771 2");
}

BOOST_AUTO_TEST_SUITE_END()
