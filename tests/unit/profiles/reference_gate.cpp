#include "profiles/run/reference_gate.h"

#include <array>
#include <ostream>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

const Days today{20'000, 20'001};  // 2024-10-04 and the day after

JobInstrument sound() {
  JobInstrument out;
  out.device = "reference";
  out.name = "PM-01";
  out.certificate = "C-1";
  out.calibrated = "2024-01-01";
  out.due = "2025-01-01";
  CalibratedRange range;
  range.quantity = "heart_rate";
  range.unit = *Unit::parse("/min");
  range.low = 30;
  range.high = 200;
  range.expanded_uncertainty = 0.6;
  out.ranges = {range};
  return out;
}

using Bindings = std::map<std::string, std::vector<std::string>, std::less<>>;

// A step of accuracy/paired, bound as `on` says.
struct Step {
  explicit Step(Bindings on,
                const std::string& with = "{quantity: heart_rate, unit: /min, duration: 5 s}") {
    document = *yaml::Document::parse("with", with);
    spec.id = "ACC-1";
    spec.check = find_check("accuracy/paired");
    BOOST_REQUIRE(spec.check);
    Problems problems;
    spec.with = Params::read(document->root(), spec.check->params, problems, {});
    BOOST_REQUIRE(problems.empty());
    spec.on = std::move(on);
  }
  std::shared_ptr<const yaml::Document> document;
  StepSpec spec;
};

const Bindings by_reference = {{"test", {"dut"}}, {"reference", {"reference"}}};

std::vector<InstrumentUse> read_from(double low, double high, std::string_view role = "reference") {
  return {{std::string(role), low, high, *Unit::parse("/min")}};
}

std::string reasons(const JobInstrument& instrument, const std::vector<InstrumentUse>& uses,
                    const Step& step = Step(by_reference)) {
  Job job;
  job.given = true;
  job.instruments = {instrument};
  const ReferenceGate gate(step.spec, job, today, uses);
  std::string all;
  for (const Text2& reason : gate.reasons()) {
    BOOST_TEST(!reason.zh.empty());
    all += reason.en + "\n";
  }
  return all;
}

struct Flaw {
  std::string_view name;
  void (*make)(JobInstrument&);
  std::string_view reason;
};
std::ostream& operator<<(std::ostream& out, const Flaw& row) { return out << row.name; }

const std::array flaws = {
    Flaw{"overdue", [](JobInstrument& i) { i.due = "2024-10-03"; },
         "PM-01: calibration overdue since 2024-10-03"},
    Flaw{"runs out during the attempt", [](JobInstrument& i) { i.due = "2024-10-04"; },
         "calibration overdue since 2024-10-04"},
    Flaw{"calibrated afterwards", [](JobInstrument& i) { i.calibrated = "2024-10-05"; },
         "calibrated on 2024-10-05, after the test"},
    Flaw{"no certificate", [](JobInstrument& i) { i.certificate.clear(); },
         "no calibration certificate is given"},
    Flaw{"no calibration date", [](JobInstrument& i) { i.calibrated.clear(); },
         "no calibration date is given"},
    Flaw{"no due date", [](JobInstrument& i) { i.due.clear(); }, "no calibration due date"},
    Flaw{"another quantity", [](JobInstrument& i) { i.ranges[0].quantity = "spo2"; },
         "no range for heart_rate"},
    Flaw{"another dimension", [](JobInstrument& i) { i.ranges[0].unit = *Unit::parse("Cel"); },
         "is in Cel, which does not convert to /min"},
    Flaw{"range begins too high", [](JobInstrument& i) { i.ranges[0].low = 60.5; },
         "readings of 60 … 120 1/min lie outside of what is calibrated, 60.5 … 200 1/min"},
    Flaw{"range ends too low", [](JobInstrument& i) { i.ranges[0].high = 119.5; },
         "lie outside of what is calibrated, 30 … 119.5 1/min"},
    Flaw{"points end too low",
         [](JobInstrument& i) {
           i.ranges[0].points = {{40, 0, 0.5, 2}, {110, 0, 0.5, 2}};
         },
         "lie outside of what is calibrated, 40 … 110 1/min"},
    Flaw{"points begin too high",
         [](JobInstrument& i) {
           i.ranges[0].points = {{70, 0, 0.5, 2}, {180, 0, 0.5, 2}};
         },
         "lie outside of what is calibrated, 70 … 180 1/min"},
};

Measurement value(std::string_view name, std::string_view unit, double sensitivity = 0) {
  Measurement out;
  out.name = name;
  out.value = Quantity{1, *Unit::parse(unit)};
  if (sensitivity > 0) {
    UncertaintyComponent one;
    one.given = 0.6;
    one.sensitivity = sensitivity;
    one.instrument = "reference";
    out.budget = {one};
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_reference_gate)

BOOST_AUTO_TEST_CASE(a_sound_instrument_bears_a_statement) {
  BOOST_TEST(reasons(sound(), read_from(60, 120)) == "");
  BOOST_TEST(reasons(sound(), read_from(30, 200)) == "");
  JobInstrument last_day = sound();
  last_day.calibrated = "2024-10-04";
  last_day.due = "2024-10-05";
  BOOST_TEST(reasons(last_day, read_from(60, 120)) == "");
}

BOOST_DATA_TEST_CASE(every_flaw_is_named, flaws, row) {
  JobInstrument instrument = sound();
  row.make(instrument);
  const std::string found = reasons(instrument, read_from(60, 120));
  BOOST_TEST(found.find(row.reason) != found.npos, found);
  BOOST_TEST(std::count(found.begin(), found.end(), '\n') == 1);
}

BOOST_AUTO_TEST_CASE(several_flaws_are_all_named_and_several_uses_add_up) {
  JobInstrument instrument = sound();
  instrument.due = "2020-01-01";
  std::vector<InstrumentUse> uses = read_from(60, 120);
  uses.push_back({"reference", 25, 70, *Unit::parse("/min")});
  const std::string found = reasons(instrument, uses);
  BOOST_TEST(found.find("overdue") != found.npos);
  BOOST_TEST(found.find("readings of 25 … 120") != found.npos, found);
}

BOOST_AUTO_TEST_CASE(an_instrument_that_nobody_named_is_not_fit) {
  const Step step(by_reference);
  Job job;
  const ReferenceGate gate(step.spec, job, today, {});
  const auto& found = gate.reasons();
  BOOST_REQUIRE_EQUAL(found.size(), 1u);
  BOOST_TEST(found[0].en.find("names no reference instrument for \"reference\"") !=
             std::string::npos);
  // Nothing is bound: levels that a simulator is said to be set to.
  const Step bare(Bindings{{"test", {"dut"}}});
  BOOST_TEST(ReferenceGate(bare.spec, job, today, {}).reasons().size() == 1u);
}

// Of two instruments the reference is what values are compared with.
BOOST_AUTO_TEST_CASE(the_stimulus_counts_where_there_is_no_reference) {
  JobInstrument simulator = sound();
  simulator.device = "simulator";
  const Step by_level(Bindings{{"test", {"dut"}}, {"stimulus", {"simulator"}}});
  BOOST_TEST(instrument_role(by_level.spec) == "stimulus");
  BOOST_TEST(reasons(simulator, read_from(60, 120, "stimulus"), by_level) == "");
  BOOST_TEST(reasons(simulator, read_from(20, 120, "stimulus"), by_level) != "");
  const Step both(
      Bindings{{"test", {"dut"}}, {"stimulus", {"simulator"}}, {"reference", {"reference"}}});
  BOOST_TEST(instrument_role(both.spec) == "reference");
  BOOST_TEST(reasons(sound(), read_from(20, 120, "stimulus"), both) == "");
}

BOOST_AUTO_TEST_CASE(a_check_that_compares_with_nothing_has_no_gate) {
  Step step(Bindings{{"test", {"dut"}}});
  step.spec.check = find_check("latency/interval");
  BOOST_TEST(ReferenceGate(step.spec, Job{}, today, {}).reasons().empty());
}

BOOST_AUTO_TEST_CASE(judge_learns_what_rests_on_the_reference) {
  const Step step(by_reference);
  Job job;
  job.given = true;
  job.instruments = {sound()};
  job.instruments[0].ranges[0].points = {{30, 0, 0.4, 2}, {200, 0, 2.1, 2}};
  const auto uses = read_from(30, 115);
  const ReferenceGate fit(step.spec, job, today, uses);
  const auto known = [&](const ReferenceGate& gate, const Measurement& m) {
    Circumstances out;
    gate.add(out, m, *step.spec.output(m.name));
    return out;
  };
  // The quantity's own unit: the largest U where it was used; here in the unit of the value.
  const auto bias = known(fit, value("heart_rate.bias", "/s"));
  BOOST_TEST(bias.no_statement.empty());
  BOOST_TEST(*bias.reference_expanded == 1.25 / 60, tt::tolerance(1e-12));
  // A derived value: the part of U that comes into it.
  BOOST_TEST(*known(fit, value("heart_rate.mape", "%", 1.5)).reference_expanded == 0.9,
             tt::tolerance(1e-12));
  BOOST_TEST(!known(fit, value("heart_rate.mape", "%")).reference_expanded.has_value());

  job.instruments[0].due = "2020-01-01";
  const ReferenceGate unfit(step.spec, job, today, uses);
  BOOST_TEST(known(unfit, value("heart_rate.bias", "/min")).no_statement.en.find("overdue") !=
             std::string::npos);
  for (const char* independent : {"availability", "special_values", "heart_rate.n"}) {
    const auto nothing = known(unfit, value(independent, "1"));
    BOOST_TEST(nothing.no_statement.empty());
    BOOST_TEST(!nothing.reference_expanded.has_value());
  }
}

BOOST_AUTO_TEST_CASE(days_follow_from_the_evidence) {
  constexpr std::int64_t hour = 3'600'000'000'000;
  const std::int64_t base = 20'000 * 24 * hour + 23 * hour;
  const Days days = days_of(base, {0}, {2 * hour});
  BOOST_TEST(days.first == 20'000);
  BOOST_TEST(days.last == 20'001);
}

BOOST_AUTO_TEST_SUITE_END()
