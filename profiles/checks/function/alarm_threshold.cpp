// Does a device warn when a quantity passes a threshold, and only then? The quantity is led through
// the threshold and back from both sides, by a simulator that the operator sets to `levels`, or
// while a reference device tells its true course; the alarm is what the device says
// (profiles/measuring/condition.h). How alarm and course belong together:
// profiles/measuring/threshold_alarm.h.
//
// Slow courses show at which level the alarm comes and goes (its hysteresis), quick ones how long
// it takes. Threshold and hysteresis are what the maker declares or the user has set.
#include <algorithm>
#include <cmath>

#include "profiles/measuring/condition.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/order_statistics.h"
#include "profiles/measuring/quantity_source.h"
#include "profiles/measuring/reference_instrument.h"
#include "profiles/measuring/threshold_alarm.h"
#include "profiles/measuring/threshold_figure.h"
#include "profiles/measuring/time_budget.h"
#include "profiles/measuring/watching.h"
#include "standards/stats/moments.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "the device that must warn"},
    {"reference", false, false, "a device that tells the true course of the quantity", true},
    {"stimulus", false, false, "what sets the levels, calibrated where there is no reference",
     true},
};

constexpr ParamSpec params[] = {
    {"quantity", ParamKind::text, true, "", "what is led through the threshold; names the outputs"},
    {"unit", ParamKind::unit, true, "", "unit of threshold, hysteresis, levels and results"},
    {"threshold", ParamKind::number, true, "", "where the device must warn"},
    {"hysteresis", ParamKind::number, false, "0", "how far back the quantity must go to clear it",
     0, 1e12},
    {"when", ParamKind::text, false, "above", "above or below the threshold"},
    {"within", ParamKind::duration, true, "", "a later alarm is a missed one"},
    {"alarm", ParamKind::tree, true, "",
     "state of the device that is its alarm, {field: …} or {register: …}; or the message that "
     "begins it"},
    {"alarm_off", ParamKind::tree, false, "",
     "the message that ends it, where a message begins it"},
    {"reference_field", ParamKind::text, false, "",
     "field or register of the reference; not given: named as the quantity"},
    {"reference_u", ParamKind::number, false, "",
     "standard uncertainty of a reference or simulator without instrument in the job, in `unit`", 0,
     1e12},
    {"levels", ParamKind::numbers, false, "", "values that a simulator is set to, one after other"},
    {"dwell", ParamKind::duration, false, "0 s", "how long each level stands"},
    {"stimulus_u", ParamKind::number, false, "0",
     "standard uncertainty of the moment at which the operator sets a level, s", 0, 1e6},
    {"duration", ParamKind::duration, false, "0 s", "how long to observe, with a reference"},
    {"poll", ParamKind::duration, false, "1 s", "Modbus: time from request to request"},
    {"timeout", ParamKind::duration, false, "500 ms", "Modbus: how long to wait for an answer"},
};

constexpr Output outputs[] = {
    {"{quantity}.excursions", OutputKind::number, "{count}", "times the threshold was passed", {}},
    {"{quantity}.missed", OutputKind::number, "{count}", "excursions without an alarm in time", {}},
    {"{quantity}.false_alarms", OutputKind::number, "{count}", "alarms without an excursion", {}},
    {"{quantity}.not_cleared", OutputKind::number, "{count}", "alarms that stayed afterwards", {}},
    {"{quantity}.chatter", OutputKind::number, "{count}", "times an alarm came on again", {}},
    {"{quantity}.on_delay_p95",
     OutputKind::number,
     "s",
     "95th percentile of the time from threshold to alarm, nearest rank",
     {}},
    {"{quantity}.on_delay_max",
     OutputKind::number,
     "s",
     "longest time from threshold to alarm",
     {}},
    {"{quantity}.off_delay_max", OutputKind::number, "s", "longest time until it is cleared", {}},
    {"{quantity}.on_level_error",
     OutputKind::number,
     "{unit}",
     "largest absolute deviation of the level where the alarm came from the threshold",
     {}},
    {"{quantity}.hysteresis",
     OutputKind::number,
     "{unit}",
     "mean distance of the levels where the alarm came and went",
     {}},
};

bool is_below(const Params& with) { return with.text("when") == "below"; }

void lint(const StepView& step, Problems& problems) {
  const Params& with = step.with;
  lint_positive(step, {"within", "poll", "timeout"}, problems);
  if (with.text("when") != "above" && with.text("when") != "below")
    with.problem("when", step.at, "it is above or below", problems);
  const Access access = access_of(step, "test", problems);
  if (access != Access::none) {
    const auto* protocol = step.protocol("test");
    const auto alarm = Condition::read(with.tree("alarm"), protocol, problems);
    const bool ended = with.has("alarm_off");
    if (alarm.is_occasion() != ended && problems.empty())
      with.problem(ended ? "alarm_off" : "alarm", step.at,
                   ended ? "a state ends by itself: `alarm_off:` is for messages"
                         : "a message begins the alarm: say which one ends it, `alarm_off:`",
                   problems);
    if (ended && !Condition::read(with.tree("alarm_off"), protocol, problems).is_occasion() &&
        problems.empty())
      with.problem("alarm_off", step.at, "a message ends it: {message: …}", problems);
  }
  const bool reference = step.bound("reference"), levels = !with.numbers("levels").empty();
  if (reference == levels)
    problems.add(step.at,
                 "say how the quantity goes: bind a device to the role `reference`, or give "
                 "`levels:`");
  if (reference && access_of(step, "reference", problems) != Access::none)
    linted(step, with.has("reference_field") ? "reference_field" : "quantity",
           quantity_source(step.protocol("reference"),
                           with.text(with.has("reference_field") ? "reference_field" : "quantity"),
                           with.unit("unit")),
           problems);
  if (reference && with.duration("duration").ns <= 0)
    problems.add(step.at, "say how long to observe: `duration:`");
  if (levels && with.duration("dwell") <= with.duration("within"))
    with.problem("dwell", step.at, "each level must stand longer than `within`", problems);
  if (levels && with.number("stimulus_u") == 0)
    with.problem("stimulus_u", step.at,
                 "the moment at which an operator sets a level is not exact: give its standard "
                 "uncertainty in s",
                 problems);
}

class Session {
 public:
  explicit Session(Context& context)
      : context_(context),
        with_(context.with()),
        unit_(with_.unit("unit")),
        watching_(context, with_.duration("poll"), with_.duration("timeout")) {}

  Result<void> run() {
    if (auto opened = open(); !opened) return opened;
    began_ = context_.now();
    const auto& levels = with_.numbers("levels");
    if (levels.empty()) {
      if (auto heard = listen(with_.duration("duration")); !heard) return heard;
    }
    for (std::size_t i = 0; i < levels.size(); ++i)
      if (auto done = set(levels[i], i + 1, levels.size()); !done) return done;
    const auto earlier = [](const auto& a, const auto& b) { return a.time_s < b.time_s; };
    std::stable_sort(course_.begin(), course_.end(), earlier);
    std::stable_sort(edges_.begin(), edges_.end(), earlier);
    correct_course();
    const ThresholdRule rule{with_.number("threshold"), with_.number("hysteresis"),
                             !is_below(with_), with_.duration("within").seconds(), !levels.empty()};
    const ThresholdFound found = threshold_alarms(course_, edges_, on_at_first_, rule);
    if (auto emitted = emit(found); !emitted) return emitted;
    if (!course_.empty())
      context_.figure(threshold_figure(course_, edges_, on_at_first_, rule,
                                       (context_.now() - began_).seconds(), unit_));
    return {};
  }

 private:
  Result<void> open() {
    Port& device = context_.port("test");
    Problems problems;
    alarm_ = Condition::read(with_.tree("alarm"), device.protocol(), problems);
    if (with_.has("alarm_off"))
      alarm_off_ = Condition::read(with_.tree("alarm_off"), device.protocol(), problems);
    if (!problems.empty()) return tl::unexpected(problems.as_error());
    watching_.add(device, alarm_->reg());
    if (alarm_->is_occasion()) state_ = false;
    if (!context_.bound("reference")) return {};
    Port& reference = context_.port("reference");
    const auto source = quantity_source(
        reference.protocol(),
        with_.text(with_.has("reference_field") ? "reference_field" : "quantity"), unit_);
    if (!source) return tl::unexpected(source.error());
    reference_ = *source;
    watching_.add(reference, reference_->reg);
    return {};
  }

  Result<void> listen(Duration length) {
    Progress progress(context_, context_.now(), length);
    return watching_.until(
        context_.now() + length, [&](const Watching::Heard& heard) { take(heard); },
        reference_ ? &progress : nullptr);
  }

  Result<void> set(double level, std::size_t number_of, std::size_t all) {
    const std::string shown = cat(number(level), " ", unit_.code());
    Prompt prompt;
    prompt.id = number(level);
    prompt.purpose = cat("过报警阈值 / lead ", with_.text("quantity"),
                         " through the alarm threshold, level ", number_of, " of ", all);
    prompt.steps = cat("将模拟器设为 ", shown, "，并在同一时刻确认 / set the simulator to ", shown,
                       "; confirm in that very moment");
    prompt.look_for = "模拟器显示该值 / the simulator shows this value";
    const auto answer = context_.ask(prompt);
    if (!answer) return tl::unexpected(answer.error());
    if (!(*answer)["done"].boolean(false))
      return fail(
          Errc::not_ready, Blame::bench,
          cat("the operator did not confirm the level ", shown, ": set it and repeat the step"));
    course_.push_back({(context_.prompts.back().answered - began_).seconds(), level});
    context_.progress(static_cast<double>(number_of) / static_cast<double>(all));
    return listen(with_.duration("dwell"));
  }

  void take(const Watching::Heard& heard) {
    const double at = (heard.stamp - began_).seconds();
    if (heard.port->channel() == context_.port("test").channel()) take_alarm(heard, at);
    if (!reference_ || heard.port->channel() != context_.port("reference").channel() || at < 0)
      return;
    const bool from_field = heard.message && heard.message->spec == reference_->field.message;
    if (!from_field && (!heard.reg || heard.reg != reference_->reg)) return;
    const auto value =
        reference_->number(from_field ? heard.message->value(reference_->field) : heard.value);
    if (value && course_.size() < most_points) course_.push_back({at, *value});
  }

  void take_alarm(const Watching::Heard& heard, double at) {
    const auto said = [&](const Condition& condition) {
      if (heard.message) return condition.in(*heard.message);
      return heard.reg == condition.reg() ? condition.in(heard.value) : std::nullopt;
    };
    std::optional<bool> on = said(*alarm_);
    if (alarm_->is_occasion() && on == false) on.reset();
    if (alarm_off_ && said(*alarm_off_) == true) on = false;
    if (!on) return;
    if (!state_) on_at_first_ = *on;
    if (state_ && *state_ != *on && edges_.size() < most_points) {
      edges_.push_back({std::max(0.0, at), *on, heard.first_seq, heard.last_seq});
      evidence_.extend(heard.first_seq);
      evidence_.extend(heard.last_seq);
    }
    state_ = on;
  }

  // Of a delay: stamps, wake-up, and half the gap between samples of course and alarm.
  Result<TimeBudget> delay_uncertainty(const ThresholdFound& found) {
    const Unit second = *Unit::parse("s");
    TimeBudget u;
    const auto add = [&](UncertaintyComponent one) { u.fixed.push_back(std::move(one)); };
    const auto stamp_of = [&](Text2 name, std::string_view role) {
      const Facts& facts = context_.port(role).facts();
      add(standard(std::move(name), facts.stamp_uncertainty.seconds(), second, "link, per stamp"));
      u.rate = std::max(u.rate, interval_budget(facts).rate);
    };
    stamp_of({"时间戳：被测设备", "time stamp: device"}, "test");
    if (reference_)
      stamp_of({"时间戳：参考", "time stamp: reference"}, "reference");
    else
      add(standard({"设定水平的时刻", "when the level was set"}, with_.number("stimulus_u"), second,
                   "profile: stimulus_u"));
    auto wake_up = context_.wake_up();
    if (!wake_up) return tl::unexpected(wake_up.error());
    add(std::move(*wake_up));
    if (alarm_->reg())
      add(resolution({"报警的轮询间隔", "time between requests for the alarm"},
                     with_.duration("poll").seconds(), second, "profile: poll"));
    add(resolution({"过程读数的间隔", "gap between readings of the course"}, found.widest_gap_s,
                   second, "widest gap of readings"));
    return u;
  }

  std::string_view instrument_role() const {
    return !reference_ && context_.bound("stimulus") ? "stimulus" : "reference";
  }

  // Of a level: the reference's or simulator's own, and half a step of display and staircase.
  Budget level_uncertainty(const ThresholdFound& found) {
    Budget budget = reference_budget(context_, instrument_role(), unit_, with_.number("threshold"));
    double step = reference_ ? reference_->resolution : 0;
    for (const ThresholdCycle& cycle : found.cycles)
      step = std::max({step, cycle.on_step, cycle.off_step});
    budget.push_back(resolution({"读数或台阶的步长", "step of the readings or levels"}, step, unit_,
                                "largest step at the threshold"));
    return budget;
  }

  // The course as it was shown becomes the true one, as far as the certificate knows.
  void correct_course() {
    if (course_.empty()) return;
    const auto lower = [](const auto& a, const auto& b) { return a.value < b.value; };
    const auto [low, high] = std::minmax_element(course_.begin(), course_.end(), lower);
    context_.used(instrument_role(), low->value, high->value, unit_);
    const ReferenceInstrument instrument(context_.instrument(instrument_role()), unit_);
    for (CoursePoint& point : course_) point.value = instrument.corrected(point.value);
    if (instrument.has_errors())
      context_.note("the course is corrected by the errors of the instrument's certificate");
  }

  Result<void> emit(const ThresholdFound& found) {
    const auto n = static_cast<std::int64_t>(found.cycles.size());
    const auto count = [&](std::string_view output, std::int64_t value) {
      context_.number(output, static_cast<double>(value), 0, n, evidence_);
    };
    count("{quantity}.excursions", n);
    if (alarm_->is_occasion() || state_) {
      count("{quantity}.missed", found.missed);
      count("{quantity}.false_alarms", found.false_alarms);
      count("{quantity}.not_cleared", found.not_cleared);
      count("{quantity}.chatter", found.chatter);
    } else {
      // Silence is no alarm, and proves nothing about alarms that should not come.
      count("{quantity}.missed", n);
      for (const std::string_view output :
           {"{quantity}.false_alarms", "{quantity}.not_cleared", "{quantity}.chatter"})
        context_.number(output, std::nan(""), 0, 0, evidence_, {},
                        "the device never told the state of its alarm");
    }
    const auto u = delay_uncertainty(found);
    if (!u) return tl::unexpected(u.error());
    delays(found, *u);
    levels(found, level_uncertainty(found));
    context_.note(cat("threshold ", number(with_.number("threshold")), " ", unit_.code(),
                      ", hysteresis ", number(with_.number("hysteresis")), ", alarm ",
                      with_.text("when"), " it; ", n, " excursions"));
    return {};
  }

  void delays(const ThresholdFound& found, const TimeBudget& u) {
    std::vector<double> on, off;
    std::int64_t never_on = 0, never_off = 0;
    const auto sort = [](double delay, std::vector<double>& came, std::int64_t& never) {
      if (std::isinf(delay)) ++never;
      if (std::isfinite(delay)) came.push_back(delay);
    };
    for (const ThresholdCycle& cycle : found.cycles) {
      sort(cycle.on_delay_s, on, never_on);
      sort(cycle.off_delay_s, off, never_off);
    }
    OrderStatistics ons(std::move(on), never_on), offs(std::move(off), never_off);
    const auto put = [&](std::string_view output, double value, std::int64_t n,
                         std::optional<Interval> interval) {
      context_.number(output, value, u.of(value), n, evidence_, std::move(interval));
    };
    put("{quantity}.on_delay_p95", ons.percentile(0.95), ons.n(), ons.percentile_interval(0.95));
    put("{quantity}.on_delay_max", ons.max(), ons.n(), {});
    put("{quantity}.off_delay_max", offs.max(), offs.n(), {});
  }

  void levels(const ThresholdFound& found, const Budget& u) {
    stats::Moments widths;
    double largest = std::nan("");
    std::int64_t n = 0;
    for (const ThresholdCycle& cycle : found.cycles) {
      if (std::isinf(cycle.on_delay_s)) continue;
      const double error = std::abs(cycle.on_level - with_.number("threshold"));
      largest = n++ == 0 ? error : std::max(largest, error);
      if (std::isnan(cycle.off_level)) continue;
      const double width = cycle.on_level - cycle.off_level;
      widths.add(is_below(with_) ? -width : width);
    }
    context_.quantity("{quantity}.on_level_error", largest, unit_, u, n, evidence_);
    // An offset of the reference is in both levels and falls out; to be safe it is left in u.
    Budget of_two = u;
    for (UncertaintyComponent& one : of_two) one.sensitivity *= std::sqrt(2.0);
    context_.quantity("{quantity}.hysteresis", widths.n() > 0 ? widths.mean() : std::nan(""), unit_,
                      std::move(of_two), widths.n(), evidence_, stats::mean_interval(widths));
  }

  static constexpr std::size_t most_points = 2'000'000;
  Context& context_;
  const Params& with_;
  Unit unit_;
  Watching watching_;
  std::optional<Condition> alarm_, alarm_off_;
  std::optional<QuantitySource> reference_;
  Stamp began_;
  std::vector<CoursePoint> course_;
  std::vector<AlarmEdge> edges_;
  std::optional<bool> state_;
  bool on_at_first_ = false;
  SeqRange evidence_;
};

Result<void> run(Context& context) { return Session(context).run(); }

}  // namespace

extern const Check function_alarm_threshold;
const Check function_alarm_threshold{.id = "function/alarm_threshold",
                                     .revision = 1,
                                     .summary =
                                         "a quantity is led through an alarm's threshold and back: "
                                         "missed and false alarms, delays, levels, hysteresis",
                                     .roles = roles,
                                     .needs = {},
                                     .params = params,
                                     .outputs = outputs,
                                     .hazard = Hazard::none,
                                     .resumable = false,
                                     .lint = lint,
                                     .run = run};

}  // namespace carebench::checks
