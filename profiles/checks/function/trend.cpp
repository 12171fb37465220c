// Does a device follow the trend of a quantity, and tell it? Its readings are heard while the
// quantity goes a known way: a reference device tells it, or a simulator plays a series whose
// change over the observation is known. The trend is the Theil-Sen line
// (standards/stats/theil_sen.h), so that single wild readings do not turn it, and is given as the
// change over the time observed. What the device itself says of the trend ("rising"), where it
// does, is held against the truth at the end.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "profiles/measuring/condition.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/quantity_source.h"
#include "profiles/measuring/reference_instrument.h"
#include "profiles/measuring/watching.h"
#include "standards/stats/theil_sen.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "the device whose trend is judged"},
    {"reference", false, false, "a device that tells the true course of the quantity", true},
    {"stimulus", false, false, "what plays the series, calibrated where there is no reference",
     true},
};

constexpr ParamSpec params[] = {
    {"quantity", ParamKind::text, true, "", "what is measured; names the outputs"},
    {"unit", ParamKind::unit, true, "", "unit of all results"},
    {"field", ParamKind::text, false, "",
     "field or register of the device; not given: named as the quantity"},
    {"reference_field", ParamKind::text, false, "",
     "field or register of the reference; not given: named as the device's"},
    {"known_change", ParamKind::number, false, "",
     "without a reference: how much the quantity changes over the observation, in `unit`"},
    {"reference_u", ParamKind::number, false, "",
     "standard uncertainty of a reference or series without instrument in the job, in `unit`", 0,
     1e12},
    {"steady_within", ParamKind::number, true, "",
     "a change of less than this over the observation is no trend, in `unit`", 0, 1e12},
    {"duration", ParamKind::duration, true, "", "how long to observe"},
    {"rising", ParamKind::tree, false, "", "what the device says of a rising quantity"},
    {"falling", ParamKind::tree, false, "", "what it says of a falling one"},
    {"steady", ParamKind::tree, false, "", "what it says of one that does neither"},
    {"poll", ParamKind::duration, false, "1 s", "Modbus: time from request to request"},
    {"timeout", ParamKind::duration, false, "500 ms", "Modbus: how long to wait for an answer"},
};

constexpr Output outputs[] = {
    {"{quantity}.n", OutputKind::number, "1", "readings of the device", {}, true},
    {"{quantity}.change",
     OutputKind::number,
     "{unit}",
     "change over the observation, by the Theil-Sen line of the device's readings",
     {}},
    {"{quantity}.change_error",
     OutputKind::number,
     "{unit}",
     "that change, device − reference",
     {}},
    {"{quantity}.direction_right", OutputKind::truth, "",
     "the device's readings rise, fall or stay as the quantity does", true},
    {"{quantity}.told_right", OutputKind::truth, "", "what the device says of the trend is so",
     true},
};

constexpr std::string_view directions[] = {"rising", "falling", "steady"};

const std::string& field_name(const Params& with) {
  return with.text(with.has("field") ? "field" : "quantity");
}
const std::string& reference_field_name(const Params& with) {
  return with.has("reference_field") ? with.text("reference_field") : field_name(with);
}

void lint(const StepView& step, Problems& problems) {
  const Params& with = step.with;
  lint_positive(step, {"duration", "poll", "timeout"}, problems);
  const Unit unit = with.unit("unit");
  if (access_of(step, "test", problems) != Access::none) {
    linted(step, with.has("field") ? "field" : "quantity",
           quantity_source(step.protocol("test"), field_name(with), unit), problems);
    for (const std::string_view direction : directions)
      if (with.has(direction) &&
          Condition::read(with.tree(direction), step.protocol("test"), problems).is_occasion() &&
          problems.empty())
        with.problem(direction, step.at, "a trend is a state: {field: …, equals: …}", problems);
  }
  const bool reference = step.bound("reference");
  if (reference == with.has("known_change"))
    problems.add(step.at,
                 "say how the quantity goes: bind a device to the role `reference`, or give "
                 "`known_change:`");
  if (reference && access_of(step, "reference", problems) != Access::none)
    linted(step, with.has("reference_field") ? "reference_field" : "quantity",
           quantity_source(step.protocol("reference"), reference_field_name(with), unit), problems);
}

// Readings of one of the two.
struct Readings {
  Port* port = nullptr;
  QuantitySource source;
  std::vector<double> time_s, value;
  std::int64_t special = 0;
  SeqRange evidence;

  void take(const Watching::Heard& heard, Stamp began) {
    if (!port || heard.port->channel() != port->channel() || heard.stamp < began) return;
    const bool from_field = heard.message && heard.message->spec == source.field.message;
    if (!from_field && (!heard.reg || heard.reg != source.reg)) return;
    const auto number =
        source.number(from_field ? heard.message->value(source.field) : heard.value);
    evidence.extend(heard.first_seq);
    evidence.extend(heard.last_seq);
    if (!number) return void(++special);
    if (value.size() >= most) return;
    time_s.push_back((heard.stamp - began).seconds());
    value.push_back(*number);
  }

  static constexpr std::size_t most = 2'000'000;
};

// Neighbours are taken together until the line can be afforded: their mean time and median value.
struct Series {
  std::vector<double> time_s, value;
  std::size_t together = 1;
};
Series thinned_for_line(const Readings& all) {
  Series out;
  out.together = (all.value.size() + stats::theil_sen_most - 1) / stats::theil_sen_most;
  out.together = std::max<std::size_t>(1, out.together);
  for (std::size_t from = 0; from < all.value.size(); from += out.together) {
    const std::size_t to = std::min(all.value.size(), from + out.together);
    std::vector<double> values(all.value.begin() + static_cast<std::ptrdiff_t>(from),
                               all.value.begin() + static_cast<std::ptrdiff_t>(to));
    double time = 0;
    for (std::size_t i = from; i < to; ++i) time += all.time_s[i];
    std::sort(values.begin(), values.end());
    out.time_s.push_back(time / static_cast<double>(to - from));
    out.value.push_back((values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2);
  }
  return out;
}

class Session {
 public:
  explicit Session(Context& context)
      : context_(context),
        with_(context.with()),
        unit_(with_.unit("unit")),
        watching_(context, with_.duration("poll"), with_.duration("timeout")) {}

  Result<void> run() {
    if (auto opened = open(device_, "test", field_name(with_)); !opened) return opened;
    if (context_.bound("reference"))
      if (auto opened = open(reference_, "reference", reference_field_name(with_)); !opened)
        return opened;
    if (auto read = read_directions(); !read) return read;
    const Stamp began = context_.now(), end = began + with_.duration("duration");
    Progress progress(context_, began, end - began);
    const auto take = [&](const Watching::Heard& heard) {
      device_.take(heard, began);
      reference_.take(heard, began);
      take_direction(heard);
    };
    if (auto heard = watching_.until(end, take, &progress); !heard) return heard;
    emit((end - began).seconds());
    return {};
  }

 private:
  Result<void> open(Readings& side, std::string_view role, const std::string& field) {
    side.port = &context_.port(role);
    const auto source = quantity_source(side.port->protocol(), field, unit_);
    if (!source) return tl::unexpected(source.error());
    side.source = *source;
    watching_.add(*side.port, side.source.reg);
    return {};
  }

  Result<void> read_directions() {
    Problems problems;
    for (std::size_t i = 0; i < std::size(directions); ++i) {
      if (!with_.has(directions[i])) continue;
      told_by_[i] = Condition::read(with_.tree(directions[i]), device_.port->protocol(), problems);
      watching_.add(*device_.port, told_by_[i]->reg());
    }
    if (!problems.empty()) return tl::unexpected(problems.as_error());
    return {};
  }

  void take_direction(const Watching::Heard& heard) {
    if (heard.port->channel() != device_.port->channel()) return;
    for (std::size_t i = 0; i < std::size(directions); ++i) {
      if (!told_by_[i]) continue;
      const auto holds = heard.message                     ? told_by_[i]->in(*heard.message)
                         : heard.reg == told_by_[i]->reg() ? told_by_[i]->in(heard.value)
                                                           : std::nullopt;
      if (holds == true) told_ = i;
      if (holds == false && told_ == i) told_.reset();
    }
  }

  std::size_t direction_of(double change) const {
    if (std::abs(change) < with_.number("steady_within")) return 2;
    return change > 0 ? 0 : 1;
  }

  std::string_view instrument_role() const {
    return !context_.bound("reference") && context_.bound("stimulus") ? "stimulus" : "reference";
  }

  // Of the difference of two readings, each with all of it.
  Budget uncertainty() {
    const auto& readings = reference_.value;
    const double n = static_cast<double>(readings.size());
    std::optional<double> mean;
    if (n > 0) mean = std::accumulate(readings.begin(), readings.end(), 0.0) / n;
    Budget budget = reference_budget(context_, instrument_role(), unit_, mean);
    budget.push_back(resolution({"参考的分辨力", "resolution of the reference"},
                                reference_.source.resolution, unit_, "protocol of the reference"));
    budget.push_back(resolution({"被测设备的分辨力", "resolution of the device"},
                                device_.source.resolution, unit_, "protocol of the device"));
    for (UncertaintyComponent& one : budget) one.sensitivity *= std::sqrt(2.0);
    return budget;
  }

  // Readings of the reference become true values, as far as its certificate knows.
  void correct_reference() {
    if (reference_.value.empty()) return;
    const auto [low, high] = std::minmax_element(reference_.value.begin(), reference_.value.end());
    context_.used(instrument_role(), *low, *high, unit_);
    const ReferenceInstrument instrument(context_.instrument(instrument_role()), unit_);
    for (double& value : reference_.value) value = instrument.corrected(value);
    if (instrument.has_errors())
      context_.note("readings of the reference are corrected by the errors of its certificate");
  }

  void emit(double observed_s) {
    const auto n = static_cast<std::int64_t>(device_.value.size());
    const SeqRange& evidence = device_.evidence;
    context_.number("{quantity}.n", static_cast<double>(n), 0, n, evidence);
    if (device_.special > 0)
      context_.note(
          cat(device_.special, " readings of the device were no numbers and are excluded"));
    const Series series = thinned_for_line(device_);
    if (series.together > 1)
      context_.note(cat("the line goes through medians of ", series.together, " readings each"));
    const stats::TheilSen line = stats::theil_sen(series.time_s, series.value);
    const double change = line.slope * observed_s;
    Interval interval = line.interval;
    interval.low *= observed_s;
    interval.high *= observed_s;
    const Budget u = uncertainty();
    correct_reference();
    context_.quantity("{quantity}.change", change, unit_, u, n, evidence, interval);

    double truth = with_.number("known_change");
    std::string source = "as the series is known";
    if (reference_.port) {
      const Series course = thinned_for_line(reference_);
      truth = stats::theil_sen(course.time_s, course.value).slope * observed_s;
      source = cat(reference_.value.size(), " readings of the reference");
    }
    context_.quantity("{quantity}.change_error", change - truth, unit_, u, n, evidence, {},
                      cat("true change ", number(truth, 4), " ", unit_.symbol(), ", ", source));
    draw(line);
    if (std::isnan(truth)) return;  // nothing is known of the truth: nothing to be right about
    const std::size_t is = direction_of(truth);
    if (std::isnan(change))
      context_.truth("{quantity}.direction_right", false, evidence, "the device told no readings");
    else
      context_.truth("{quantity}.direction_right", direction_of(change) == is, evidence,
                     cat("the quantity is ", directions[is], ", the readings are ",
                         directions[direction_of(change)]));
    if (std::any_of(std::begin(told_by_), std::end(told_by_), [](const auto& c) { return !!c; }))
      context_.truth("{quantity}.told_right", told_ == is, evidence,
                     cat("the quantity is ", directions[is], ", the device says ",
                         told_ ? directions[*told_] : "none of these"));
  }

  void draw(const stats::TheilSen& line) {
    if (device_.value.empty()) return;
    Figure figure;
    figure.kind = "series";
    figure.title = {"趋势", "trend"};
    figure.x_label = {"时间", "time"};
    figure.x_unit = "s";
    figure.y_unit = unit_.code();
    figure.series.push_back(thinned({"被测设备", "device"}, device_.time_s, device_.value));
    if (!reference_.value.empty())
      figure.series.push_back(thinned({"参考", "reference"}, reference_.time_s, reference_.value));
    if (std::isfinite(line.slope)) {
      const double from = device_.time_s.front(), to = device_.time_s.back();
      figure.series.push_back(
          {{"Theil-Sen 直线", "Theil-Sen line"},
           {from, to},
           {line.intercept + line.slope * from, line.intercept + line.slope * to}});
    }
    context_.figure(std::move(figure));
  }

  Context& context_;
  const Params& with_;
  Unit unit_;
  Watching watching_;
  Readings device_, reference_;
  std::optional<Condition> told_by_[std::size(directions)];
  std::optional<std::size_t> told_;
};

Result<void> run(Context& context) { return Session(context).run(); }

}  // namespace

extern const Check function_trend;
const Check function_trend{.id = "function/trend",
                           .revision = 1,
                           .summary =
                               "trend of a quantity against its known course: change, direction, "
                               "and what the device says of it",
                           .roles = roles,
                           .needs = {},
                           .params = params,
                           .outputs = outputs,
                           .hazard = Hazard::none,
                           .resumable = false,
                           .lint = lint,
                           .run = run};

}  // namespace carebench::checks
