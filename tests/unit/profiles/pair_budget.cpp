#include "profiles/measuring/pair_budget.h"

#include <cmath>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

const Unit mmhg = *Unit::parse("mm[Hg]");

// U from 0.4 at 50 to 1.2 at 150 mmHg, k = 2; error 0.5 at 50 and -0.5 at 150.
InstrumentData certificate() {
  InstrumentData data;
  data.device = "reference";
  data.id = "gauge";
  data.certificate = "C-7";
  data.range.emplace();
  data.range->quantity = "pressure";
  data.range->unit = mmhg;
  data.range->low = 0;
  data.range->high = 300;
  data.range->resolution = 0.1;
  data.range->points = {{50, 0.5, 0.4, 2}, {150, -0.5, 1.2, 2}};
  return data;
}

ReadingPair pair(double at_s, double device, double reference, double apart_s = 0) {
  return {{static_cast<Nanoseconds>((at_s + apart_s) * 1e9)},
          {static_cast<Nanoseconds>(at_s * 1e9)},
          device,
          reference};
}

double u(const Budget& budget) { return combine(budget).u; }

const UncertaintyComponent* find(const Budget& budget, std::string_view name) {
  for (const UncertaintyComponent& one : budget)
    if (one.name.en == name) return &one;
  return nullptr;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_pair_budget)

BOOST_AUTO_TEST_CASE(an_instrument_speaks_in_the_unit_of_the_check) {
  const ReferenceInstrument own(certificate(), mmhg), other(certificate(), *Unit::parse("kPa"));
  BOOST_TEST(own.corrected(50) == 49.5);
  BOOST_TEST(own.corrected(100) == 100);
  BOOST_TEST(own.u(100) == 0.4, tt::tolerance(1e-12));
  BOOST_TEST(own.has_errors());
  BOOST_TEST(own.worst() == 150);
  const double factor = 133.322387415 / 1000;
  BOOST_TEST(other.corrected(50 * factor) == 49.5 * factor, tt::tolerance(1e-12));
  BOOST_TEST(other.u(100 * factor) == 0.4 * factor, tt::tolerance(1e-12));
  BOOST_TEST(other.expanded(150 * factor) == 1.2 * factor, tt::tolerance(1e-12));
  BOOST_TEST(other.worst() == 150 * factor, tt::tolerance(1e-12));
  BOOST_TEST(other.step() == 0.1 * factor, tt::tolerance(1e-12));
  const ReferenceInstrument none(certificate(), *Unit::parse("/min"));
  BOOST_TEST(!none.known());
  BOOST_TEST(none.corrected(50) == 50);
  BOOST_TEST(none.u(50) == 0);
}

BOOST_AUTO_TEST_CASE(temperatures_convert_with_their_zero) {
  InstrumentData data = certificate();
  data.range->unit = *Unit::parse("K");
  data.range->low = 273.15;
  data.range->high = 373.15;
  data.range->points = {{293.15, 0.2, 0.1, 2}, {313.15, 0.4, 0.3, 2}};
  const ReferenceInstrument celsius(data, *Unit::parse("Cel"));
  BOOST_TEST(celsius.corrected(30) == 29.7, tt::tolerance(1e-12));
  BOOST_TEST(celsius.u(30) == 0.1, tt::tolerance(1e-12));
}

// Errors 1 and 3 at 50 and 150 mmHg, where u of the certificate is 0.2 and 0.6.
BOOST_AUTO_TEST_CASE(the_certificate_comes_into_each_statistic_its_own_way) {
  const ReferenceInstrument instrument(certificate(), mmhg);
  PairBudget::Setup setup;
  setup.unit = mmhg;
  setup.reference = &instrument;
  PairBudget pairs(setup);
  pairs.add(pair(0, 50.5, 50), 1);
  pairs.forget();
  pairs.add(pair(1, 153.5, 150), 3);
  const double rms = std::sqrt(5.0);
  BOOST_TEST(u(pairs.bias()) == 0.4, tt::tolerance(1e-12));
  BOOST_TEST(u(pairs.largest()) == 0.6, tt::tolerance(1e-12));
  BOOST_TEST(u(pairs.rms(rms)) == (1 * 0.2 + 3 * 0.6) / (2 * rms), tt::tolerance(1e-12));
  BOOST_TEST(u(pairs.mape()) == (0.2 * 2 + 0.6 / 1.5) / 2, tt::tolerance(1e-12));
  BOOST_TEST(u(pairs.sd()) == 0);
  const Budget bias = pairs.bias();
  const auto* certified = find(bias, "calibration of the reference");
  BOOST_REQUIRE(certified);
  BOOST_TEST(certified->given == 0.8, tt::tolerance(1e-12));
  BOOST_TEST(certified->divisor == 2, tt::tolerance(1e-12));
  BOOST_TEST(certified->instrument == "reference");
  BOOST_TEST(certified->source == "certificate C-7");
}

BOOST_AUTO_TEST_CASE(displays_and_drift_of_the_reference) {
  InstrumentData data = certificate();
  data.range->points.clear();
  data.range->expanded_uncertainty = 0.6;
  data.range->coverage_factor = 3;
  data.range->components = {
      half_width({"漂移", "drift"}, 0.3, mmhg, Distribution::rectangular, "history")};
  const ReferenceInstrument instrument(data, mmhg);
  PairBudget::Setup setup;
  setup.unit = mmhg;
  setup.reference = &instrument;
  setup.device_step = 1;
  setup.reference_step = 0.5;
  PairBudget pairs(setup);
  for (const double error : {1.0, -1.0, 2.0}) pairs.add(pair(0, 100 + error, 100), error);
  const double drift = 0.3 / std::sqrt(3.0), steps = std::hypot(1, 0.5) / (2 * std::sqrt(3.0));
  BOOST_TEST(u(pairs.bias()) == std::hypot(0.2, drift, steps), tt::tolerance(1e-12));
  BOOST_TEST(u(pairs.sd()) == steps, tt::tolerance(1e-12));
  const double rms = std::sqrt(2.0), part = 2.0 / 3 / rms;
  BOOST_TEST(u(pairs.rms(rms)) == std::hypot(0.2 * part, drift * part, steps),
             tt::tolerance(1e-12));
  BOOST_TEST(u(pairs.mape()) == std::hypot(0.2, drift, steps), tt::tolerance(1e-12));
}

// The reference rises by 2 a second, then by 6; the device is read 0.1 s and 0.2 s later.
BOOST_AUTO_TEST_CASE(readings_apart_in_time_cost_what_the_reference_moves) {
  PairBudget::Setup setup;
  setup.unit = mmhg;
  setup.stamp_u_s = 0.01;
  PairBudget pairs(setup);
  pairs.add(pair(0, 100, 100, 0.5), 0);  // no slope yet
  pairs.add(pair(1, 102, 102, 0.1), 0);
  pairs.add(pair(2, 108, 108, 0.2), 0);
  const double drift = std::sqrt((0.2 * 0.2 + 1.2 * 1.2) / 2), slope = std::sqrt((4 + 36) / 2.0);
  BOOST_TEST(u(pairs.bias()) == std::hypot(drift / std::sqrt(3.0), 0.01 * slope),
             tt::tolerance(1e-12));
  BOOST_TEST(u(pairs.largest()) == std::hypot(1.2 / std::sqrt(3.0), 0.01 * slope),
             tt::tolerance(1e-12));
  const Budget bias = pairs.bias();
  const auto* pairing = find(bias, "pairing in time");
  BOOST_REQUIRE(pairing);
  BOOST_TEST(pairing->unit.code() == "s");
  BOOST_TEST(pairing->given == std::sqrt((0.01 + 0.04) / 2), tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(no_reading_no_budget) {
  const ReferenceInstrument instrument(certificate(), mmhg);
  PairBudget::Setup setup;
  setup.unit = mmhg;
  setup.reference = &instrument;
  const PairBudget pairs(setup);
  for (const Budget& budget : {pairs.sd(), PairBudget().bias(), PairBudget().sd()})
    BOOST_TEST(u(budget) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
