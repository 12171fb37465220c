#include "standards/stats/panel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <vector>

#include "standards/stats/bootstrap.h"
#include "standards/stats/difference_select.h"
#include "standards/stats/moments.h"
#include "standards/stats/percentiles.h"
#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Pairs {
  std::vector<double> device, reference;
};

// Shapes of errors, some of them against selection by digits.
enum Shape { smooth, whole, alike, two_values, wide, tiny, signed_zero, shapes };

Pairs pairs_of(int shape, std::size_t n) {
  Pairs out;
  stats::Generator random(static_cast<std::uint64_t>(shape) * 1000 + n);
  for (std::size_t i = 0; i < n; ++i) {
    const double x = 40 + 360 * random.uniform(), u = random.uniform() + random.uniform() - 1;
    double reference = x, device = x * (1 + 0.2 * u) + 2;
    if (shape == whole) reference = std::round(reference), device = std::round(device);
    if (shape == alike) reference = 100, device = 103;
    if (shape == two_values) reference = 100, device = u < 0.2 ? 99 : 107;
    if (shape == wide) reference = 0, device = std::ldexp(u, static_cast<int>(200 * u));
    if (shape == tiny) reference = 0, device = u * 1e-310;
    if (shape == signed_zero) reference = 0, device = u < 0 ? -0.0 : 0.0;
    out.device.push_back(device);
    out.reference.push_back(reference);
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_panel)

BOOST_DATA_TEST_CASE(figures_as_defined,
                     boost::unit_test::data::xrange(int{shapes}) *
                         boost::unit_test::data::make({1, 2, 5, 2047, 2049, 70001}),
                     shape, n) {
  const Pairs pairs = pairs_of(shape, static_cast<std::size_t>(n));
  stats::Moments errors, percent;
  std::vector<double> sorted;
  double absolute = 0, largest = 0;
  std::int64_t zeros = 0;
  for (std::size_t i = 0; i < pairs.device.size(); ++i) {
    const double e = pairs.device[i] - pairs.reference[i], x = std::abs(pairs.reference[i]);
    errors.add(e);
    if (x > 0) percent.add(100 * std::abs(e) / x);
    zeros += x == 0;
    absolute += std::abs(e);
    largest = std::max(largest, std::abs(e));
    sorted.push_back(e);
  }
  std::sort(sorted.begin(), sorted.end());
  const stats::Panel found = stats::panel(pairs.device, pairs.reference);
  const double scale = largest + 1e-300;
  const auto close = [&](double a, double b) { return std::abs(a - b) <= 1e-13 * scale; };
  BOOST_TEST(found.n == n);
  BOOST_TEST(found.not_finite == 0);
  BOOST_TEST(close(found.bias, errors.mean()));
  BOOST_TEST((n < 2 ? std::isnan(found.sd) : close(found.sd, errors.sd())));
  BOOST_TEST(close(found.rms, errors.rms()));
  BOOST_TEST(close(found.mae, absolute / n));
  BOOST_TEST(found.max_abs == largest);
  BOOST_TEST(found.zero_references == zeros);
  if (zeros == n) BOOST_TEST(std::isnan(found.mape));
  if (zeros == 0) BOOST_TEST(found.mape == percent.mean(), tt::tolerance(1e-12));
  BOOST_TEST(found.p5 == stats::percentile_sorted(sorted, 0.05));
  BOOST_TEST(found.p50 == stats::percentile_sorted(sorted, 0.50));
  BOOST_TEST(found.p95 == stats::percentile_sorted(sorted, 0.95));
  BOOST_TEST(found.p99 == stats::percentile_sorted(sorted, 0.99));
  BOOST_TEST(!found.clarke.has_value());
}

// Not nearly the same: the same bits.
BOOST_DATA_TEST_CASE(threads_change_no_bit, boost::unit_test::data::xrange(int{shapes}), shape) {
  const Pairs pairs = pairs_of(shape, 400'001);
  const stats::PanelOptions one{.glucose_mg_dl = shape <= two_values, .threads = 1};
  const stats::Panel wanted = stats::panel(pairs.device, pairs.reference, one);
  for (const unsigned threads : {1u, 2u, 3u, 7u, 1000u}) {
    const stats::Panel found =
        stats::panel(pairs.device, pairs.reference, {one.glucose_mg_dl, threads});
    for (const auto figure : {&stats::Panel::bias, &stats::Panel::sd, &stats::Panel::rms,
                              &stats::Panel::mae, &stats::Panel::max_abs, &stats::Panel::p5,
                              &stats::Panel::p50, &stats::Panel::p95, &stats::Panel::p99})
      BOOST_TEST((found.*figure == wanted.*figure));
    BOOST_TEST((found.mape == wanted.mape || std::isnan(wanted.mape)));
    BOOST_TEST((found.clarke == wanted.clarke));
    BOOST_TEST((found.parkes_1 == wanted.parkes_1));
    BOOST_TEST((found.parkes_2 == wanted.parkes_2));
  }
}

BOOST_AUTO_TEST_CASE(zones_of_glucose) {
  const Pairs pairs = pairs_of(smooth, 30'000);
  const stats::Panel found = stats::panel(pairs.device, pairs.reference, {.glucose_mg_dl = true});
  BOOST_TEST((found.clarke == stats::clarke_counts(pairs.device, pairs.reference)));
  BOOST_TEST((found.parkes_1 ==
              stats::parkes_counts(stats::Parkes::type_1, pairs.device, pairs.reference)));
  BOOST_TEST((found.parkes_2 ==
              stats::parkes_counts(stats::Parkes::type_2, pairs.device, pairs.reference)));
  BOOST_TEST(found.parkes_1->near_line > 0);
}

BOOST_AUTO_TEST_CASE(limits_of_agreement_are_those_of_its_figures) {
  const Pairs pairs = pairs_of(smooth, 85);
  const stats::Panel found = stats::panel(pairs.device, pairs.reference);
  BOOST_TEST(found.loa.high == found.bias + 1.959963984540054 * found.sd, tt::tolerance(1e-14));
  BOOST_TEST(std::abs(found.loa.high_interval.high - (found.bias + 2.3794 * found.sd)) <
             1e-4 * found.sd);
}

BOOST_AUTO_TEST_CASE(what_is_no_number_never_enters) {
  for (const double bad : {infinity, -infinity, std::nan("")})
    for (const std::size_t at : {std::size_t{0}, std::size_t{2500}, std::size_t{4998}}) {
      Pairs pairs = pairs_of(smooth, 4999);
      pairs.device[at] = bad;
      pairs.reference[7] = bad;
      const stats::Panel found =
          stats::panel(pairs.device, pairs.reference, {.glucose_mg_dl = true});
      BOOST_TEST(found.n == 4999);
      BOOST_TEST(found.not_finite == 2);
      for (const double figure : {found.bias, found.sd, found.rms, found.mae, found.max_abs,
                                  found.mape, found.p5, found.p99, found.loa.low})
        BOOST_TEST(std::isnan(figure));
      BOOST_TEST(!found.clarke.has_value());
    }
}

BOOST_AUTO_TEST_CASE(no_pairs) {
  const stats::Panel found = stats::panel({}, {}, {.glucose_mg_dl = true, .threads = 4});
  BOOST_TEST(found.n == 0);
  BOOST_TEST(std::isnan(found.bias));
  BOOST_TEST(std::isnan(found.p50));
}

BOOST_AUTO_TEST_CASE(median_of_the_percentages) {
  const std::vector<double> device = {110, 95, 5, 130, 50}, reference = {100, -100, 0, 100, 100};
  BOOST_TEST(stats::median_percentage_error(device, reference) == 30);  // of 10, 30, 50, 195
  BOOST_TEST(std::isnan(stats::median_percentage_error({}, {})));
  const std::vector<double> zero = {0};
  BOOST_TEST(std::isnan(stats::median_percentage_error(zero, zero)));
}

// Errors a million times smaller than the readings keep their digits.
BOOST_AUTO_TEST_CASE(small_errors_of_large_readings) {
  std::vector<double> device, reference;
  for (int i = 0; i < 10000; ++i) {
    reference.push_back(1e9 + i);
    device.push_back(1e9 + i + (i % 4) * 0.25);
  }
  const stats::Panel found = stats::panel(device, reference);
  BOOST_TEST(found.bias == 0.375, tt::tolerance(1e-15));
  BOOST_TEST(found.sd == std::sqrt(781.25 / 9999), tt::tolerance(1e-14));
}

// All ranks, of shapes with many ties among them.
BOOST_DATA_TEST_CASE(selection_of_any_rank, boost::unit_test::data::xrange(int{shapes}), shape) {
  const Pairs pairs = pairs_of(shape, 1'200'000);
  std::vector<double> sorted;
  for (std::size_t i = 0; i < pairs.device.size(); ++i)
    sorted.push_back(pairs.device[i] - pairs.reference[i]);
  stats::LeadingCounts leading;
  leading.add(sorted);
  std::sort(sorted.begin(), sorted.end());
  const std::vector<std::int64_t> ranks = {1, 2, 60'000, 600'000, 600'001, 1'140'000, 1'200'000};
  const std::vector<double> found =
      stats::select_differences(pairs.device, pairs.reference, leading, ranks, 2);
  for (std::size_t i = 0; i < ranks.size(); ++i)
    BOOST_TEST(found[i] == sorted[static_cast<std::size_t>(ranks[i] - 1)]);
}

BOOST_AUTO_TEST_SUITE_END()
