// The GATT side of virtual devices: who may use an attribute, how pairing comes about, what the
// record store answers, what is told of a link that ends.
#include "tests/support/sim_gatt.h"

#include <ostream>

#include "probes/gatt/characteristic.h"
#include "probes/gatt/refusal.h"
#include "tests/support/boost_test.h"

using namespace carebench;
using namespace carebench::sim;

namespace {

using Kind = Outcome::Kind;

// A device with one attribute of each need, and the pairing that is given.
std::shared_ptr<const VirtualDevice> probe(const std::string& pairing,
                                           const std::string& rest = "") {
  const std::string text = cat(R"(device: probe
title: {zh: 探头, en: probe}
speaks: private-vitals
values: {heart_rate: {truth: 70}, sequence: {counter: {start: 0, step: 1}}}
streams:
  - {send: vitals, every: 1 s, fields: {sequence: sequence, heart_rate: heart_rate, battery: 90},
     store: {fields: {}, most: 100, gap: 5 ms}}
responders:
  - {on: {message: command, where: {command: "query"}}, do: [{send: state, fields: {running: 1}}]}
gatt:
  mtu: 40
  pairing: {)",
                               pairing, R"(}
  services:
    "FFF0":
      "FFF1": {properties: [notify]}
      "FFF2": {properties: [write, write-without-response], length: [1, 4]}
    "180A":
      "2A29": {properties: [read], value: {text: "carebench"}}
      "2A25": {properties: [read], security: encrypt, value: {hex: "4142"}}
      "2A24": {properties: [read, write], security: {read: authenticate, write: encrypt}}
)",
                               rest);
  const auto document = yaml::Document::parse("probe.yaml", text);
  if (!document) throw std::runtime_error(document.error().text());
  auto device = parse(**document);
  if (!device) throw std::runtime_error(device.error().text());
  return *device;
}

struct Method {
  std::string_view device, bench;
  bool secure_connections;
  std::string_view method;
  int level;
};
std::ostream& operator<<(std::ostream& out, const Method& m) {
  return out << m.device << " " << m.bench << " " << m.secure_connections;
}
// Core 5.3, Vol 3, Part H, table 2.8.
constexpr Method methods[] = {
    {"NoInputNoOutput", "KeyboardDisplay", true, "just_works", 2},
    {"DisplayOnly", "NoInputNoOutput", true, "just_works", 2},
    {"DisplayOnly", "DisplayYesNo", true, "just_works", 2},
    {"DisplayOnly", "KeyboardDisplay", true, "passkey_entry", 4},
    {"DisplayOnly", "KeyboardOnly", false, "passkey_entry", 3},
    {"KeyboardOnly", "DisplayOnly", true, "passkey_entry", 4},
    {"KeyboardOnly", "KeyboardOnly", true, "passkey_entry", 4},
    {"DisplayYesNo", "DisplayYesNo", true, "numeric_comparison", 4},
    {"DisplayYesNo", "DisplayYesNo", false, "just_works", 2},
    {"KeyboardDisplay", "KeyboardDisplay", true, "numeric_comparison", 4},
    {"KeyboardDisplay", "KeyboardDisplay", false, "passkey_entry", 3},
};

struct Access {
  std::string_view paired_with;  // "": not at all
  std::string_view path;
  Kind kind;
  std::string_view text;  // of a refusal, or the octets
};
std::ostream& operator<<(std::ostream& out, const Access& a) {
  return out << a.paired_with << " " << a.path;
}
constexpr std::string_view unlikely =
    "org.bluez.Error.Failed: Operation failed with ATT error: 0x0e";
constexpr Access accesses[] = {
    {"", "180A/2A29", Kind::done, "6361726562656e6368"},
    {"KeyboardDisplay", "180A/2A25", Kind::done, "4142"},
    {"KeyboardDisplay", "180A/2A24", Kind::done, ""},
    {"NoInputNoOutput", "180A/2A25", Kind::done, "4142"},
    {"NoInputNoOutput", "180A/2A24", Kind::refused, unlikely},
    {"", "FFF0/FFF1", Kind::refused, "org.bluez.Error.NotPermitted: Read not permitted"},
    {"", "180F/2A19", Kind::refused,
     "org.bluez.Error.Failed: Operation failed with ATT error: 0x0a; the device has no 180F/2A19"},
};

struct Request {
  std::string_view octets, answer;
  std::size_t records;
};
std::ostream& operator<<(std::ostream& out, const Request& r) { return out << r.octets; }
// Twelve records, 0 to 11.
constexpr Request requests[] = {
    {"0401", "05000c00", 0},           {"0101", "06000101", 12},
    {"0105", "06000101", 1},           {"0106", "06000101", 1},
    {"0103010900", "06000101", 3},     {"0102010900", "06000101", 10},
    {"01040103000500", "06000101", 3}, {"01040105000300", "06000105", 0},
    {"0103021000", "06000109", 0},     {"0100", "06000103", 0},
    {"0109", "06000104", 0},           {"010100", "06000105", 0},
    {"6300", "06006302", 0},           {"0103016000", "06000106", 0},
    {"0300", "06000301", 0},           {"0403016000", "05000000", 0},
};

GattBench meter(std::string faults = {}) {
  GattBench bench("glucose-meter", std::move(faults));
  BOOST_TEST_REQUIRE(bench.connect());
  BOOST_TEST_REQUIRE((bench.pair("KeyboardDisplay").kind == Kind::done));
  for (const std::string path : {"1808/2A52", "1808/2A18"}) bench.perform(Subscribe{path});
  return bench;
}

std::vector<double> sequences(GattBench& bench) {
  std::vector<double> numbers;
  Reading reading;
  for (const std::string& hex : bench.heard("2A18")) {
    const Bytes value = from_hex(hex).value();
    BOOST_TEST_REQUIRE(read_value(*gatt_characteristic(0x2A18), value, reading));
    numbers.push_back(reading.value(0).number);
  }
  return numbers;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_sim_gatt)

BOOST_DATA_TEST_CASE(capabilities_lead_to_a_method, boost::unit_test::data::make(methods)) {
  GattBench bench(probe(cat("capability: ", sample.device, ", secure_connections: ",
                            sample.secure_connections ? "true" : "false")));
  BOOST_TEST_REQUIRE(bench.connect());
  BOOST_TEST((bench.pair(std::string(sample.bench)).kind == Kind::done));
  const GattStatus status = bench.status();
  BOOST_TEST_REQUIRE(status.security.has_value());
  BOOST_TEST(status.security->method == sample.method);
  BOOST_TEST(status.security->level == sample.level);
  BOOST_TEST(status.bonded);
}

BOOST_DATA_TEST_CASE(an_attribute_has_its_need, boost::unit_test::data::make(accesses)) {
  GattBench bench(probe("capability: DisplayOnly"));
  BOOST_TEST_REQUIRE(bench.connect());
  if (!sample.paired_with.empty()) bench.pair(std::string(sample.paired_with));
  const auto done = bench.perform(ReadValue{std::string(sample.path)});
  BOOST_TEST((done.kind == sample.kind), done.text);
  BOOST_TEST((done.kind == Kind::done ? to_hex(done.octets) : done.text) == sample.text);
}

BOOST_AUTO_TEST_CASE(the_stack_pairs_by_itself_where_the_device_lets_it) {
  GattBench open(probe("capability: DisplayOnly"));
  BOOST_TEST_REQUIRE(open.connect());
  BOOST_TEST((open.perform(ReadValue{"180A/2A25"}).kind == Kind::done));
  BOOST_TEST(open.status().paired);
  BOOST_TEST(open.status().security->level == 2);
  GattBench strict(probe("capability: DisplayOnly, just_works: false"));
  BOOST_TEST_REQUIRE(strict.connect());
  BOOST_TEST(strict.perform(ReadValue{"180A/2A25"}).text == unlikely);
  BOOST_TEST(!strict.status().connected);
  BOOST_TEST(!strict.status().paired);
}

BOOST_AUTO_TEST_CASE(a_short_key_is_refused_where_the_device_wants_a_longer_one) {
  GattBench bench(probe("capability: NoInputNoOutput, key_size: 7", "  least_key: 16\n"));
  BOOST_TEST_REQUIRE(bench.connect());
  bench.pair("NoInputNoOutput");
  BOOST_TEST(bench.perform(ReadValue{"180A/2A25"}).text ==
             refusal_text(att_error::insufficient_key_size));
}

BOOST_AUTO_TEST_CASE(a_wrong_passkey_and_a_refusal_end_the_link) {
  for (const PairReply& reply : {PairReply{true, "000000"}, PairReply{false, ""}}) {
    GattBench bench("heart-rate-band");
    BOOST_TEST_REQUIRE(bench.connect());
    BOOST_TEST(bench.text(Pair{"KeyboardOnly"}) == R"({"state":"wants_passkey"})");
    const auto done = bench.perform(reply);
    BOOST_TEST((done.kind == Kind::refused));
    BOOST_TEST(done.text == "org.bluez.Error.AuthenticationFailed: Authentication Failed");
    BOOST_TEST(!bench.status().connected);
  }
}

BOOST_AUTO_TEST_CASE(a_bond_serves_the_next_connection_and_resists_strangers) {
  GattBench bench("heart-rate-band");
  BOOST_TEST_REQUIRE(bench.connect());
  bench.pair("KeyboardDisplay");
  bench.perform(Disconnect{});
  BOOST_TEST(bench.status().bonded);
  BOOST_TEST_REQUIRE(bench.connect());
  BOOST_TEST(bench.status().security->level == 4);
  BOOST_TEST(bench.text(Subscribe{"180D/2A37"}) == "notify");
  bench.perform(Unpair{});
  BOOST_TEST(!bench.status().bonded);
  BOOST_TEST_REQUIRE(bench.connect());
  BOOST_TEST((bench.pair("NoInputNoOutput").kind == Kind::refused));
  BOOST_TEST_REQUIRE(bench.connect());
  BOOST_TEST((bench.pair("KeyboardDisplay").kind == Kind::done));
}

BOOST_AUTO_TEST_CASE(a_device_that_lost_its_bond_drops_the_link) {
  GattBench bench("heart-rate-band", "forgets-bonds");
  BOOST_TEST_REQUIRE(bench.connect());
  bench.pair("KeyboardDisplay");
  bench.perform(Disconnect{});
  BOOST_TEST((bench.perform(Connect{}).kind == Kind::lost));
  bench.perform(Unpair{});
  BOOST_TEST(bench.connect());
}

BOOST_DATA_TEST_CASE(the_record_store_answers, boost::unit_test::data::make(requests)) {
  GattBench bench = meter();
  bench.perform(WriteValue{"1808/2A52", from_hex(sample.octets).value()});
  bench.run(seconds(5));
  std::vector<std::string> answers;
  std::size_t records = 0;
  for (const GattBench::Event& event : bench.events) {
    if (event.uuid == Uuid::of(0x2A52)) {
      answers.push_back(to_hex(event.value));
      BOOST_TEST((event.kind == EventKind::indication));
    }
    records += event.uuid == Uuid::of(0x2A18);
  }
  BOOST_TEST_REQUIRE(answers.size() == 1U);
  BOOST_TEST(answers[0] == sample.answer);
  BOOST_TEST(records == sample.records);
}

BOOST_AUTO_TEST_CASE(procedures_do_not_overlap_and_can_be_aborted) {
  GattBench bench = meter();
  bench.perform(WriteValue{"1808/2A52", {1, 1}});
  bench.run(milliseconds(100));
  BOOST_TEST(bench.perform(WriteValue{"1808/2A52", {4, 1}}).text == refusal_text(0x80));
  bench.perform(WriteValue{"1808/2A52", {3, 0}});
  bench.run(seconds(2));
  BOOST_TEST(sequences(bench).size() < 12U);
  bench.perform(Subscribe{"1808/2A52", Subscribe::Mode::off});
  BOOST_TEST(bench.perform(WriteValue{"1808/2A52", {4, 1}}).text == refusal_text(0x81));
}

BOOST_AUTO_TEST_CASE(faults_of_the_store_show_in_its_records) {
  const auto numbers = [](std::string faults) {
    GattBench bench = meter(std::move(faults));
    bench.perform(WriteValue{"1808/2A52", {1, 1}});
    bench.run(seconds(2));
    return sequences(bench);
  };
  using Numbers = std::vector<double>;
  const Numbers whole = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  BOOST_TEST((numbers("") == whole));
  BOOST_TEST((numbers("stored-lost") == Numbers{0, 1, 2, 3, 5, 6, 7, 8, 10, 11}));
  BOOST_TEST((numbers("stored-twice") == Numbers{0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 9, 10, 11}));
  BOOST_TEST((numbers("stored-disordered") == Numbers{0, 1, 3, 2, 4, 5, 7, 6, 8, 9, 11, 10}));
  BOOST_TEST((numbers("stored-lost-later") == whole));
}

BOOST_AUTO_TEST_CASE(streams_are_stored_until_somebody_subscribes) {
  GattBench bench(probe("capability: NoInputNoOutput"));
  BOOST_TEST_REQUIRE(bench.connect());
  bench.run(milliseconds(4500));
  BOOST_TEST(bench.events.empty());
  BOOST_TEST(bench.text(Subscribe{"FFF0/FFF1"}) == "notify");
  bench.run(milliseconds(400));
  BOOST_TEST(bench.heard("FFF1").size() == 6U);
  bench.run(seconds(3));
  BOOST_TEST(bench.heard("FFF1").size() == 3U);
}

BOOST_AUTO_TEST_CASE(writes_reach_responders_and_keep_their_length) {
  GattBench bench(probe("capability: NoInputNoOutput"));
  BOOST_TEST_REQUIRE(bench.connect());
  bench.perform(Subscribe{"FFF0/FFF1"});
  bench.run(milliseconds(100));
  bench.events.clear();
  BOOST_TEST((bench.perform(WriteValue{"FFF0/FFF2", {3}}).kind == Kind::done));
  bench.run(milliseconds(100));
  BOOST_TEST((bench.heard("FFF1") == std::vector<std::string>{"e30100"}));
  BOOST_TEST(bench.perform(WriteValue{"FFF0/FFF2", Bytes(5)}).text ==
             refusal_text(att_error::invalid_length));
  BOOST_TEST(bench.perform(WriteValue{"180A/2A29", {1}}).text ==
             refusal_text(att_error::request_not_supported));
}

BOOST_AUTO_TEST_CASE(the_end_of_a_link_is_told_once) {
  GattBench bench("heart-rate-band", "drops-link");
  BOOST_TEST_REQUIRE(bench.connect());
  bench.run(seconds(120));
  BOOST_TEST_REQUIRE(bench.lost_at.has_value());
  BOOST_TEST(!bench.status().connected);
  BOOST_TEST((bench.perform(ReadValue{"180A/2A25"}).kind == Kind::lost));
  bench.lost_at.reset();
  BOOST_TEST(bench.connect());
  bench.run(milliseconds(10));
  BOOST_TEST(!bench.lost_at.has_value());
}

BOOST_AUTO_TEST_CASE(advertising_is_heard_while_it_scans) {
  GattBench bench("heart-rate-band", "identity-in-advertising+value-in-advertising");
  bench.run(seconds(2));
  BOOST_TEST(bench.events.empty());
  bench.perform(Scan{true});
  bench.run(seconds(1));
  BOOST_TEST(bench.events.size() == 12U);
  bool identity = false;
  for (const GattBench::Event& event : bench.events) {
    if (event.kind == EventKind::advertising) {
      const auto json = parse_json(as_text(event.value));
      BOOST_TEST((*json)["name"].string() == "HR band");
      BOOST_TEST((*json)["address"].string() == "C0:00:5E:00:53:01");
      BOOST_TEST((*json)["address_type"].string() == "random");
    }
    identity |= as_text(event.value) == "HRB2400001";
  }
  BOOST_TEST(identity);
  bench.connect();
  bench.events.clear();
  bench.run(seconds(1));
  BOOST_TEST(bench.events.empty());
}

BOOST_AUTO_TEST_CASE(a_resolvable_address_changes) {
  GattBench bench("heart-rate-band", "private-address");
  const std::string first = bench.status().address;
  BOOST_TEST((from_hex(first.substr(0, 2))->front() >> 6) == 1);
  bench.run(seconds(61));
  BOOST_TEST(bench.status().address != first);
}

// The waveform comes whole out of packets that follow on each other, cut at the MTU.
BOOST_AUTO_TEST_CASE(an_ecg_patch_sends_its_waveform) {
  GattBench bench("ecg-patch");
  BOOST_TEST_REQUIRE(bench.connect());
  BOOST_TEST_REQUIRE((bench.pair("KeyboardDisplay").kind == Kind::done));
  bench.perform(Subscribe{"FFF0/FFF1"});
  bench.run(seconds(9));
  FrameReader reader(*bench.engine->device().protocol);
  std::vector<int> samples;
  int packets = 0;
  const FieldHandle field = bench.engine->device().protocol->field("ecg.samples");
  for (const GattBench::Event& heard : bench.events) {
    BOOST_TEST(heard.value.size() <= 40U);
    GattEvent event;
    event.uuid = heard.uuid;
    event.value = heard.value;
    Bytes octets;
    event.append_to(octets);
    reader.feed(octets, heard.stamp, 1);
    for (Message message; reader.next(message);) {
      const FieldValue value = message.value(field);
      if (value.kind != FieldValue::Kind::octets) continue;
      ++packets;
      for (std::size_t i = 0; i + 1 < value.octets.size(); i += 2)
        samples.push_back(static_cast<std::int16_t>(value.octets[i] | value.octets[i + 1] << 8));
    }
  }
  BOOST_TEST(reader.counts().checksum_errors == 0U);
  BOOST_TEST(packets >= 88);
  // Ten R waves in 8.05 s.
  int waves = 0;
  for (std::size_t i = 1; i < samples.size(); ++i)
    waves += samples[i - 1] < 200 && samples[i] >= 200;
  BOOST_TEST(waves >= 10);
  BOOST_TEST(waves <= 12);
}

BOOST_AUTO_TEST_CASE(a_glucose_sensor_obeys_requests_with_the_right_crc) {
  GattBench bench("cgm");
  BOOST_TEST_REQUIRE(bench.connect());
  BOOST_TEST_REQUIRE((bench.pair("KeyboardDisplay").kind == Kind::done));
  bench.perform(Subscribe{"181F/2AAC"});
  const auto answer = [&](std::string_view request) {
    bench.perform(WriteValue{"181F/2AAC", *from_hex(request)});
    bench.run(milliseconds(500));
    const auto heard = bench.heard("2AAC");
    return heard.empty() ? std::string() : heard.back().substr(0, heard.back().size() - 4);
  };
  BOOST_TEST(answer("02952c") == "0301");
  BOOST_TEST(answer("02952d") == "");
  BOOST_TEST(answer("02") == "");
  Reading reading;
  for (const std::uint16_t uuid :
       std::initializer_list<std::uint16_t>{0x2AA8, 0x2AA9, 0x2AAA, 0x2AAB}) {
    const Bytes value = bench.perform(ReadValue{cat("181F/", Uuid::of(uuid).text())}).octets;
    BOOST_TEST_REQUIRE(read_value(*gatt_characteristic(uuid), value, reading));
    BOOST_TEST(reading.findings().empty(), Uuid::of(uuid).text());
  }
}

BOOST_AUTO_TEST_SUITE_END()
