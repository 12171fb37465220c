// The reader of virtual devices: what is wrong is told where it stands; and the waves.
#include <cmath>

#include "probes/sim/random.h"
#include "tests/support/boost_test.h"
#include "tests/support/sim_session.h"

using namespace carebench;
using namespace carebench::sim;

namespace {

Result<std::shared_ptr<const VirtualDevice>> parsed(const std::string& rest,
                                                    const std::string& speaks = "r60abd1") {
  const std::string text =
      "device: probe\ntitle: {zh: 探头, en: probe}\nspeaks: " + speaks + "\n" + rest + "\n";
  const auto document = yaml::Document::parse("probe.yaml", text);
  if (!document) return tl::unexpected(document.error());
  return parse(**document);
}

struct Wrong {
  const char* yaml;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Wrong& w) { return out << w.yaml; }

const Wrong wrongs[] = {
    {"colour: red", "unknown key \"colour\""},
    {"boot_tme: 1 s", "did you mean \"boot_time\""},
    {"line: {mode: 9X1}", "data bits, parity and stop bits"},
    {"unit: 300", "247"},
    {"values: {a: {}}", "needs one of truth, text, counter"},
    {"values: {a: {truth: 1, memory: 2}}", "needs one of truth, text, counter"},
    {"values: {a: {truth: {sin: {mean: 1}}}}", "did you mean \"sine\""},
    {"values: {a: {truth: {sine: {mean: 1, amplitude: 2, period: 0 s}}}}", "longer than 0 s"},
    {"values: {a: {truth: {table: {points: [[1 s, 1]], period: 9 s}}}}", "start at 0 s"},
    {"values: {a: {truth: {table: {points: [[0 s, 1], [9 s, 2]], period: 9 s}}}}", "last point"},
    {"values: {a: {truth: []}}", "must not be empty"},
    {"values: {a: {truth: 1, noise: -1}}", "must not be negative"},
    {"values: {a: {truth: 1, special: {every: 0, as: 1}}}", "1"},
    {"values: {a: {text: \"{b}\"}}", "no value \"b\""},
    {"values: {a: {text: \"{a\"}}", "'{' without '}'"},
    {"values: {a: {text: \"{a}\"}}", "must not depend on \"a\""},
    {"values: {a: {truth: 1, while: {b: 1}, otherwise: 0}, b: {truth: 1, while: {a: 1}, "
     "otherwise: 0}}",
     "must not depend on"},
    {"values: {a: {truth: 1, while: {c: 1}, otherwise: 0}}", "no value \"c\""},
    {"values: {a: {motion: {low: 5, high: 1, speed: 1}}}", "must not be above"},
    {"values: {a: {moving: [b]}}", "no motion"},
    {"values: {a: {calendar: {from: yesterday, form: unix}}}", "date and time"},
    {"streams: [{send: hart_rate, every: 1 s}]", "did you mean \"heart_rate\""},
    {"streams: [{send: heart_rate, every: 1 us}]", "1 ms or more"},
    {"streams: [{send: heart_rate, every: 1 s, fields: {rate: 1}}]", "has no field \"rate\""},
    {"streams: [{send: heart_rate, every: 1 s, fields: {heart_rate: hr}}]", "no value \"hr\""},
    {"streams: [{send: heart_rate, every: 1 s, fields: {heart_rate: $x}}]", "there is none here"},
    {"streams: [{send: heart_rate, every: 1 s, fields: {heart_rate: 300}}]", "cannot send"},
    {"responders: [{on: {}, do: []}]", "needs one of message, hex, line"},
    {"responders: [{on: {hex: \"5Z\"}, do: []}]", "up to 64 octets"},
    {"responders: [{on: {write: x}, do: []}]", "register map"},
    {"responders: [{on: {line: x}, do: [{sing: 1}]}]", "needs one of send, say, hex"},
    {"responders: [{on: {line: x}, do: [{set: {a: 1}}]}]", "no value \"a\""},
    {"responders: [{on: {line: x}, do: [{say: \"{a}\"}]}]", "no value \"a\""},
    {"responders: [{on: {boot: true}, do: [{reboot: true}]}]", "would never end"},
    {"events: [{at: 0 s, do: [{reboot: true}]}]", "would never end"},
    {"events: [{at: 1 s, each: 0 s, do: []}]", "1 ms or more"},
    {"identity: {value: serial}", "no text value \"serial\""},
    {"identification: {vendor_name: x}", "mandatory"},
    {"faults_from: [lines]", "did you mean \"line\""},
    {"faults: {f: {title: {zh: 无, en: none}}}", "changes nothing"},
    {"faults: {f: {title: {zh: 无, en: none}, omit: [x]}}", "nothing to omit"},
    {"faults: {f: {title: {zh: 无, en: none}, identity: {silent: true}}}", "no \"identity\""},
    {"faults: {f: {title: {zh: 无, en: none}, modbus: {illegal: data}}}", "speaks no Modbus"},
    {"faults: {f: {title: {zh: 无, en: none}, skip: {counter: x, every: 2}}}", "no counter"},
    {"faults: {f: {title: {zh: 无, en: none}, drop: {each: 1 s}}}", "longer than \"lasting\""},
    {"faults: {f: {title: {zh: 无, en: none}, pace: {factor: 0}}}", "between 0.01"},
    {"faults: {f: {title: {zh: 无, en: none}, malformed: explode}}", "is not one of"},
    {"faults: {a+b: {title: {zh: 无, en: none}, drop: {}}}", "must not hold"},
};

double at(const std::string& yaml_text, double seconds_of_world, std::uint64_t seed = 1) {
  const auto document = yaml::Document::parse("wave.yaml", "wave: " + yaml_text);
  BOOST_REQUIRE(document.has_value());
  Problems problems;
  const Wave wave = Wave::read((*document)->root().find("wave"), problems);
  BOOST_REQUIRE(problems.empty());
  return wave.at(from_seconds(seconds_of_world).ns, seed);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_sim_read)

BOOST_DATA_TEST_CASE(mistakes_are_told_where_they_stand, wrongs, wrong) {
  const auto device = parsed(wrong.yaml);
  BOOST_REQUIRE(!device);
  BOOST_TEST((device.error().code == Errc::bad_input));
  const std::string text = device.error().text();
  BOOST_TEST(text.find(wrong.message) != std::string::npos, text);
  BOOST_TEST(text.starts_with("probe.yaml:"), text);
}

BOOST_AUTO_TEST_CASE(a_register_map_wants_a_value_for_each_register) {
  const auto device = parsed("", "nursing-bed");
  BOOST_REQUIRE(!device);
  BOOST_TEST(device.error().message.find("serial_number, model") != std::string::npos);
  const auto unknown = parsed("", "nursing-bad");
  BOOST_REQUIRE(!unknown);
  BOOST_TEST(unknown.error().text().find("did you mean \"nursing-bed\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_device_without_protocol_speaks_plain_text) {
  const auto device = parsed(
      "values: {n: {memory: 3}}\n"
      "responders:\n"
      "  - {on: {line: \"n?\"}, do: [{say: \"n is {n:3}\\r\\n\"}]}\n"
      "  - {on: {hex: \"01 ?? 03\"}, do: [{hex: \"FF 00\"}, {set: {n: 4}}]}",
      "nothing");
  if (!device) BOOST_FAIL(device.error().text());
  Session session(*device, {});
  session.write("n?\r\n");
  session.run(seconds(1));
  BOOST_TEST(session.text() == "n is 003\r\n");
  const std::uint8_t pattern[] = {9, 1, 7, 3};
  const Bytes answered = session.ask(pattern);
  BOOST_TEST(to_hex(answered) == "ff00");
  session.heard.clear();
  session.write("n?\n");
  session.run(seconds(1));
  BOOST_TEST(session.text() == "n is 004\r\n");
}

BOOST_AUTO_TEST_CASE(waves_take_their_course) {
  BOOST_TEST(at("68", 5) == 68);
  BOOST_TEST(at("{sine: {mean: 10, amplitude: 2, period: 4 s}}", 1) == 12);
  BOOST_TEST(at("{sine: {mean: 10, amplitude: 2, period: 4 s, phase: 0.5}}", 1) == 8);
  BOOST_TEST(at("{ramp: {from: 0, to: 100, over: 10 s}}", 13) == 30);
  BOOST_TEST(at("{square: {low: 1, high: 5, period: 10 s, duty: 0.3}}", 2.9) == 5);
  BOOST_TEST(at("{square: {low: 1, high: 5, period: 10 s, duty: 0.3}}", 3.1) == 1);
  BOOST_TEST(at("{steps: {levels: [60, 80, 120], hold: 30 s}}", 65) == 120);
  BOOST_TEST(at("{steps: {levels: [60, 80, 120], hold: 30 s}}", 95) == 60);
  BOOST_TEST(at("{table: {points: [[0 s, 1], [4 s, 9]], period: 8 s}}", 3.9) == 1);
  BOOST_TEST(at("{table: {points: [[0 s, 1], [4 s, 9]], period: 8 s, smooth: true}}", 2) == 5);
  BOOST_TEST(at("{table: {points: [[0 s, 1], [4 s, 9]], period: 8 s, smooth: true}}", 6) == 5);
  BOOST_TEST(at("[60, {ramp: {from: 0, to: 10, over: 10 s}}]", 5) == 65);
  BOOST_TEST(at("{wander: {sd: 2, step: 10 s}}", 7, 3) ==
             at("{wander: {sd: 2, step: 10 s}}", 7, 3));
  BOOST_TEST(at("{wander: {sd: 2, step: 10 s}}", 7, 3) !=
             at("{wander: {sd: 2, step: 10 s}}", 7, 4));
  BOOST_TEST(at("{noise: {sd: 2, step: 1 s}}", 7.1) == at("{noise: {sd: 2, step: 1 s}}", 7.9));
}

BOOST_AUTO_TEST_CASE(random_numbers_are_normal_and_known) {
  double sum = 0, squares = 0;
  constexpr int n = 20'000;
  for (int i = 0; i < n; ++i) {
    const double draw = gaussian(7, static_cast<std::uint64_t>(i));
    sum += draw;
    squares += draw * draw;
  }
  BOOST_TEST(std::fabs(sum / n) < 0.02);
  BOOST_TEST(std::fabs(squares / n - 1) < 0.03);
  // Octets of a seed must not change from one version to the next.
  BOOST_TEST(mix(0) == 16294208416658607535u);
  BOOST_TEST(mix(1, "heart_rate") != mix(2, "heart_rate"));
}

BOOST_AUTO_TEST_SUITE_END()
