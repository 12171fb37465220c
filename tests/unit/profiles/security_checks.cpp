// The security checks on virtual devices: what tests/mutants does not show.
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/check_harness.h"

using namespace carebench;
using namespace carebench::test;

namespace {

CheckRun on(std::string check, std::string with, std::string device, std::string protocol) {
  return {std::move(check), std::move(with), {{std::move(device), std::move(protocol)}}, {}, {}, {},
          seconds(1200)};
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A device whose identity can be set by a frame, and that sends its notes in pieces.
constexpr const char* settable_protocol = R"(
protocol: settable
version: "1.0"
title: {zh: "测试协议", en: "protocol for tests"}
founded: documented
source: made for tests
framing:
  kind: binary
  endian: big
  start: "A5 5A"
  header: [{name: kind, at: 2, type: u8}]
  length: {at: 3, type: u8, counts: data}
  checksum: {kind: sum8}
  max_length: 64
messages:
  - {id: query, direction: to_device, when: {kind: 1, size: 0}, fields: []}
  - id: identity
    direction: from_device
    when: {kind: 2}
    fields: [{name: serial, type: ascii}]
  - id: set_identity
    direction: to_device
    when: {kind: 3}
    fields: [{name: serial, type: ascii}]
  - {id: done, direction: from_device, when: {kind: 4, size: 0}, fields: []}
  - id: note
    direction: from_device
    when: {kind: 5}
    fields: [{name: text, type: ascii}]
)";
constexpr const char* settable_device = R"(
device: settable
title: {zh: "可改写设备", en: "device that can be overwritten"}
speaks: PROTOCOL
identity: {value: serial, told_by: [tell]}
values:
  serial: {text: "UNIT-0001"}
responders:
  - {id: tell, on: {message: query}, do: [{send: identity, fields: {serial: serial}, after: 5 ms}]}
  - {id: ignore, on: {message: set_identity}, do: []}
events:
  - {at: 2 s, each: 5 s, do: [{send: note, fields: {text: "tel 1380"}}]}
  - {at: 2100 ms, each: 5 s, do: [{send: note, fields: {text: "0138000."}}]}
faults:
  takes-it:
    title: {zh: "接受改写", en: "takes it"}
    responders:
      - id: ignore
        on: {message: set_identity}
        do: [{set: {serial: $serial}}, {send: done, after: 5 ms}]
  locks:
    title: {zh: "改写后无法恢复", en: "cannot be put right"}
    responders:
      - {id: ignore, on: {message: set_identity}, do: [{set: {serial: "LOCKED"}}]}
  says-done:
    title: {zh: "只答应不改写", en: "says that it was done, and does nothing"}
    responders:
      - {id: ignore, on: {message: set_identity}, do: [{send: done, after: 5 ms}]}
)";

struct Settable {
  Settable() {
    char pattern[] = "/tmp/carebench-settable-XXXXXX";
    folder = ::mkdtemp(pattern);
    protocol = folder + "/settable.yaml";
    device = folder + "/device.yaml";
    std::ofstream(protocol) << settable_protocol;
    std::string text = settable_device;
    text.replace(text.find("PROTOCOL"), 8, protocol);
    std::ofstream(device) << text;
  }
  ~Settable() {
    ::unlink(protocol.c_str());
    ::unlink(device.c_str());
    ::rmdir(folder.c_str());
  }
  CheckRun run(std::string check, std::string with, std::string_view fault = {}) const {
    return on(std::move(check), std::move(with),
              cat("sim:", device, fault.empty() ? "" : "?fault=", fault), protocol);
  }
  std::string folder, protocol, device;
};

constexpr const char* writes =
    "{source: message/identity/serial, ask: query, timeout: 200 ms, writes: [{message: "
    "set_identity, fields: {serial: UNIT-0002}, accepted: done, restore: {serial: UNIT-0001}}]}";

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_security_checks)

BOOST_AUTO_TEST_CASE(writing_by_frames) {
  const Settable device;
  const auto sound = run_check(device.run("security/write_protection", writes));
  BOOST_TEST((sound.truth("refused") == true), sound.summary());
  BOOST_TEST((sound.number("changed") == 0.0));
  BOOST_TEST((sound.truth("restored") == true));

  const auto taken = run_check(device.run("security/write_protection", writes, "takes-it"));
  BOOST_TEST((taken.truth("refused") == false), taken.summary());
  BOOST_TEST((taken.number("changed") == 1.0));
  BOOST_TEST((taken.truth("restored") == true));
  BOOST_TEST(holds(taken.find("refused")->note, "UNIT-0002"));

  const auto locked = run_check(device.run("security/write_protection", writes, "locks"));
  BOOST_TEST((locked.truth("refused") == false), locked.summary());
  BOOST_TEST((locked.truth("restored") == false));

  const auto lying = run_check(device.run("security/write_protection", writes, "says-done"));
  BOOST_TEST((lying.truth("refused") == false), lying.summary());
  BOOST_TEST((lying.number("changed") == 0.0));
}

BOOST_AUTO_TEST_CASE(writing_by_frames_wants_to_be_told_how) {
  const Settable device;
  for (const auto& [with, said] : std::vector<std::pair<const char*, const char*>>{
           {"{}", "takes `writes` and `source`"},
           {"{source: message/identity/serial, writes: {}}", "is a list"},
           {"{source: message/identity/serial, writes: [{message: set_identiti}]}",
            "did you mean \"set_identity\""},
           {"{source: message/identity/serial, writes: [{mesage: set_identity}]}",
            "did you mean \"message\""},
           {"{source: message/identity/serial, writes: [{message: set_identity, fields: {x: 1}}]}",
            "x"},
           {"{registers: [a], source: message/identity/serial, writes: []}", "no registers"}}) {
    const std::string problem = lint_check(device.run("security/write_protection", with));
    BOOST_TEST(holds(problem, said), problem);
  }
}

BOOST_AUTO_TEST_CASE(a_number_cut_over_two_frames_is_found) {
  const Settable device;
  const auto result = run_check(device.run("security/plaintext", "{duration: 4 s}"));
  BOOST_TEST((result.truth("telephone_found") == true), result.summary());
  BOOST_TEST(!result.find("known_text_found"));  // none is known
  BOOST_TEST(!holds(result.summary(), "13800138000"));
}

BOOST_AUTO_TEST_CASE(consent_stands_in_the_job) {
  for (const char* check : {"security/robustness", "security/write_protection"}) {
    auto run = on(check, "{require_consent: true}", "sim:nursing-bed", "nursing-bed");
    auto result = run_check(run);
    BOOST_REQUIRE(result.error);
    BOOST_TEST((result.error->code == Errc::not_ready));
    BOOST_TEST((result.error->blame == Blame::profile));
    BOOST_TEST(holds(result.error->message, "consent: ["));
    run.consent = {"robustness", "write_protection"};
    result = run_check(run);
    BOOST_TEST(!result.error, result.summary());
  }
}

BOOST_AUTO_TEST_CASE(registers_to_write_to_may_be_named) {
  auto result = run_check(on("security/write_protection", "{registers: [bed_exit_alarm_enabled]}",
                             "sim:nursing-bed", "nursing-bed"));
  BOOST_TEST((result.truth("refused") == false), result.summary());
  BOOST_TEST((result.number("changed") == 1.0));
  BOOST_TEST((result.truth("restored") == true));
  const std::string said = lint_check(
      on("security/write_protection", "{registers: [uptime]}", "sim:nursing-bed", "nursing-bed"));
  BOOST_TEST(holds(said, "it is an input"), said);
}

struct Speaker {
  const char* device;
  const char* protocol;
  const char* with;
  bool tells_answers;
};
const Speaker speakers[] = {
    {"sim:r60abd1-monitor", "r60abd1", "{}", false},
    {"sim:r60abd1-monitor", "r60abd1", "{ask: query_heart_rate, heartbeat: heart_rate}", false},
    {"sim:r60abd1-monitor", "r60abd1", "{ask: query_product_id, heartbeat: product_id}", true},
    {"sim:ld2410-radar", "ld2410", "{}", false},
    {"sim:gnss-locator", "nmea0183", "{}", false},
    {"sim:watch-3g", "watch-3g", "{ask: UPLOAD, ask_fields: {interval_s: 60}, heartbeat: UPLOAD}",
     true},
    {"sim:reference-monitor", "reference-line", "{ask: IDQ, heartbeat: IDENT}", true},
    {"sim:nursing-bed", "nursing-bed", "{}", true},
    {"sim:smart-mattress", "smart-mattress", "{heartbeat: sample_count}", true},
};
std::ostream& operator<<(std::ostream& out, const Speaker& s) { return out << s.device << s.with; }

BOOST_DATA_TEST_CASE(sound_devices_are_robust, boost::unit_test::data::make(speakers), one) {
  const auto result = run_check(on("security/robustness", one.with, one.device, one.protocol));
  BOOST_REQUIRE_MESSAGE(!result.error, result.summary());
  BOOST_TEST((result.truth("alive_after") == true), result.summary());
  BOOST_TEST((result.number("hangs") == 0.0), result.summary());
  BOOST_TEST((result.number("restarts") == 0.0), result.summary());
  BOOST_TEST(result.number("answered_malformed").has_value() == one.tells_answers);
  BOOST_TEST(result.number("answered_malformed").value_or(0) == 0, result.summary());
  BOOST_TEST(result.number("wrong_exceptions").value_or(0) == 0, result.summary());
}

BOOST_AUTO_TEST_CASE(a_device_that_hangs_ends_the_ordeal) {
  const auto result = run_check(on("security/robustness", "{recover_within: 3 s}",
                                   "sim:r60abd1-monitor?fault=hangs", "r60abd1"));
  BOOST_TEST((result.truth("alive_after") == false));
  BOOST_TEST(std::isinf(result.number("worst_recovery").value_or(0)));
  BOOST_TEST(holds(result.find("alive_after")->note, "not tried any more"));
  BOOST_TEST(result.ended.seconds() < 30);
}

BOOST_AUTO_TEST_CASE(cases_can_be_chosen) {
  auto result = run_check(
      on("security/robustness", "{cases: [wrong_crc, garbage]}", "sim:nursing-bed", "nursing-bed"));
  BOOST_TEST(result.find("hangs")->samples == 2);
  result = run_check(
      on("security/robustness", "{cases: [wrong_crk]}", "sim:nursing-bed", "nursing-bed"));
  BOOST_REQUIRE(result.error);
  BOOST_TEST(holds(result.error->message, "did you mean \"wrong_crc\""), result.summary());
}

BOOST_AUTO_TEST_CASE(a_console_on_a_modbus_device) {
  const auto sound =
      run_check(on("security/serial_console", "{listen: 1 s}", "sim:nursing-bed", "nursing-bed"));
  BOOST_TEST((sound.truth("debug_command_answered") == false), sound.summary());
  BOOST_TEST(!sound.find("frames_heard"));
  const auto shell = run_check(
      on("security/serial_console", "{listen: 1 s}", "sim:nursing-bed?fault=shell", "nursing-bed"));
  BOOST_TEST((shell.truth("shell_prompt") == true), shell.summary());
}

BOOST_AUTO_TEST_CASE(the_operator_makes_it_boot) {
  auto run = on("security/serial_console", "{boot: operator, listen: 1 s}", "sim:r60abd1-monitor",
                "r60abd1");
  run.answers = "\"boot/dut\": {done: true}";
  BOOST_TEST(!run_check(run).error);
  run.answers = "\"boot/dut\": {done: false}";
  const auto result = run_check(run);
  BOOST_REQUIRE(result.error);
  BOOST_TEST((result.error->code == Errc::not_ready));
}

struct Mistake {
  const char* check;
  const char* with;
  const char* said;
};
const Mistake mistakes[] = {
    {"security/serial_console", "{boot: reconect}", "did you mean \"reconnect\""},
    {"security/serial_console", "{line_end: lfcr}", "none of cr, lf, crlf"},
    {"security/serial_console", "{commands: [\"a\\nb\"]}", "is one line"},
    {"security/plaintext", "{ask: [query_hart_rate]}", "did you mean \"query_heart_rate\""},
    {"security/plaintext", "{known: [Bob]}", "too short"},
    {"security/plaintext", "{known_hex: [\"cd f\"]}", "no hexadecimal"},
    {"security/plaintext", "{registers: [x]}", "no registers"},
    {"security/plaintext", "{ask: [query_heart_rate], ask_every: 1 ms}", "10 ms or more"},
    {"security/robustness", "{heartbeat: heart_rat}", "did you mean \"heart_rate\""},
    {"security/robustness", "{ask: query_heart_rate}", "which message answers"},
    {"security/robustness", "{boot_message: initialised}", "did you mean \"initialized\""},
    {"security/robustness", "{uptime: uptime}", "no field \"uptime\""},
};
std::ostream& operator<<(std::ostream& out, const Mistake& m) { return out << m.with; }

BOOST_DATA_TEST_CASE(mistakes_are_found_before_the_run, boost::unit_test::data::make(mistakes),
                     one) {
  const std::string said = lint_check(on(one.check, one.with, "sim:r60abd1-monitor", "r60abd1"));
  BOOST_TEST(holds(said, one.said), said);
}

BOOST_AUTO_TEST_SUITE_END()
