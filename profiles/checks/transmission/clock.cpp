// How far is the device's clock off, and how fast does it run away? The Current Time (2A2B) or a
// Date Time (2A08) is read again and again and compared with the bench's clock, which began at the
// wall clock's time; the slope of the differences is the drift. Time stamps of records are worth no
// more than this. On request the clock is also set: first an hour off, then right.
#include <algorithm>
#include <chrono>
#include <cmath>

#include "probes/gatt/characteristic.h"
#include "profiles/measuring/gatt_session.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/time_budget.h"
#include "standards/stats/theil_sen.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr std::uint16_t current_time = 0x2A2B, date_time = 0x2A08;
constexpr double set_within_s = 2;

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
constexpr OpKind needs[] = {OpKind::discover, OpKind::read_value};

constexpr ParamSpec params[] = {
    {"attribute", ParamKind::text, false, "1805/2A2B", "where the device tells its time"},
    {"duration", ParamKind::duration, false, "10 min", "how long to watch it"},
    {"every", ParamKind::duration, false, "30 s", "time between two readings"},
    {"zone", ParamKind::number, false, "0",
     "minutes by which the device's time is ahead of UTC: its time zone and summer time", -840,
     840},
    {"reference_unix", ParamKind::number, false, "",
     "seconds since 1970-01-01 UTC that the true time was when the step began; not given: by the "
     "bench's own clock",
     0, 4e9},
    {"set", ParamKind::boolean, false, "false",
     "also set it at the end, an hour off and then right; leaves it at the bench's time"},
};

constexpr Output outputs[] = {
    {"offset", OutputKind::number, "s", "device's time minus true time, median", {}},
    {"drift",
     OutputKind::number,
     "[ppm]",
     "slope of that difference (Theil-Sen); 11.6 ppm is 1 s a day",
     {}},
    {"readings", OutputKind::number, "{count}", "readings that told a time", {}},
    {"readable", OutputKind::truth, "", "at each reading the device told a time, and a whole one",
     true},
    {"settable", OutputKind::truth, "",
     "a time that was written to it is told from then on, within 2 s; only with `set`", true},
};

class Clock {
 public:
  Clock(Context& context, Port& port)
      : context_(context), session_(port), path_(context.with().text("attribute")) {
    if (const auto parsed = AttributePath::parse(path_))
      if (const auto assigned = parsed->characteristic.assigned())
        known_ = gatt_characteristic(*assigned);
  }

  Result<void> run() {
    const Params& with = context_.with();
    begin_ = context_.now();
    at_begin_ =
        with.has("reference_unix") ? with.number("reference_unix") : context_.unix_seconds(begin_);
    auto connected = session_.attach();
    if (!connected) return tl::unexpected(connected.error());
    if (!*connected) miss(session_.why());
    const Stamp end = begin_ + with.duration("duration");
    while (*connected && context_.now() <= end) {
      const Stamp asked = context_.now();
      auto told = read();
      if (!told) return tl::unexpected(told.error());
      if (*told) {
        times_.push_back(elapsed(asked));
        differences_.push_back(**told - true_time(asked));
        longest_trip_s_ = std::max(longest_trip_s_, (context_.now() - asked).seconds());
      }
      if (asked + with.duration("every") > end) break;
      if (auto slept = pass_time(context_, asked + with.duration("every") - context_.now()); !slept)
        return slept;
    }
    report();
    if (*connected && with.boolean("set"))
      if (auto set = set_and_look(); !set) return set;
    return session_.disconnect();
  }

 private:
  // Half of the round trip is the device's, half the bench's.
  double elapsed(Stamp asked) const {
    return (asked - begin_).seconds() + (context_.now() - asked).seconds() / 2;
  }
  // What its clock should show in the middle of the round trip that began then.
  double true_time(Stamp asked) const {
    return at_begin_ + elapsed(asked) + context_.with().number("zone") * 60;
  }

  void miss(std::string_view why) {
    ++missed_;
    why_ = why;
  }

  // Seconds since 1970 by the device's own clock; nothing when it tells none.
  Result<std::optional<double>> read() {
    auto outcome = session_.port().perform(ReadValue{path_}, seconds(35));
    if (!outcome) return tl::unexpected(outcome.error());
    evidence_.extend(outcome->seq);
    Reading reading;
    std::optional<double> time;
    double fraction = 0;
    if (outcome->kind != Outcome::Kind::done) {
      miss(outcome->text.empty() ? to_string(outcome->kind) : outcome->text);
      return time;
    }
    if (!known_ || !read_value(*known_, outcome->octets, reading)) {
      miss(known_ ? reading.refusal() : "what this attribute tells is not known");
      return time;
    }
    for (std::size_t i = 0; i < known_->fields.size(); ++i) {
      const FieldValue value = reading.value(i);
      if (value.kind != FieldValue::Kind::number) continue;
      if (known_->fields[i].kind == FieldKind::time) time = value.number;
      if (known_->fields[i].name == "fractions256") fraction = value.number / 256;
    }
    if (!time) {
      miss("the time is not set, or not whole");
      return time;
    }
    fractions_ = fractions_ || fraction > 0;
    return std::optional<double>(*time + fraction);
  }

  void report() {
    const auto n = static_cast<std::int64_t>(times_.size());
    context_.number("readings", static_cast<double>(n), 0, 0, evidence_);
    context_.truth("readable", n > 0 && missed_ == 0, evidence_,
                   missed_ > 0 ? cat(missed_, " readings told none: ", why_) : "");
    if (n == 0) return;
    // A time told in whole seconds is between nothing and a second old: half a second is added,
    // rectangular (JCGM 100 4.3.7).
    const double resolution = fractions_ ? 1.0 / 256 : 1;
    std::vector<double> sorted = differences_;
    const auto middle = sorted.begin() + n / 2;
    std::nth_element(sorted.begin(), middle, sorted.end());
    const Unit s = *Unit::parse("s");
    context_.number(
        "offset", *middle + resolution / 2,
        Budget{half_width({"设备时间分辨率", "resolution of the device's time"}, resolution / 2, s,
                          Distribution::rectangular, fractions_ ? "1/256 s" : "whole seconds"),
               half_width({"读取往返时间", "round trip of a reading"}, longest_trip_s_ / 2, s,
                          Distribution::rectangular, "longest of this step")},
        n, evidence_);
    if (!context_.with().has("reference_unix"))
      context_.note("the true time is that of the bench's own clock: see that it is synchronised");
    if (n < 3 || times_.size() > stats::theil_sen_most) {
      context_.note("fewer than 3 readings, or too many of them: no drift is told");
      return;
    }
    const stats::TheilSen line = stats::theil_sen(times_, differences_);
    Interval interval = line.interval;
    interval.low *= 1e6;
    interval.high *= 1e6;
    const double watched = times_.back() - times_.front();
    context_.number(
        "drift", line.slope * 1e6,
        Budget{standard({"首末读数的分辨率", "resolution of the first and the last reading"},
                        resolution / std::sqrt(6.0) / watched * 1e6, *Unit::parse("[ppm]"),
                        cat("over ", number(watched), " s")),
               interval_budget(session_.port().facts()).clock_rate(1e6)},
        n, evidence_, interval);
  }

  // Current Time (10 octets) or Date Time (7) of that moment.
  Bytes octets_of(double unix_seconds) const {
    using namespace std::chrono;
    const sys_seconds at{std::chrono::seconds(static_cast<std::int64_t>(std::floor(unix_seconds)))};
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(at - day);
    const int year = static_cast<int>(date.year());
    Bytes octets = {static_cast<std::uint8_t>(year & 0xFF), static_cast<std::uint8_t>(year >> 8)};
    for (const auto part : {static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                            static_cast<unsigned>(time.hours().count()),
                            static_cast<unsigned>(time.minutes().count()),
                            static_cast<unsigned>(time.seconds().count())})
      octets.push_back(static_cast<std::uint8_t>(part));
    if (known_->uuid == date_time) return octets;
    constexpr std::uint8_t manual = 1;
    const double fraction = unix_seconds - std::floor(unix_seconds);
    octets.push_back(static_cast<std::uint8_t>(weekday(day).iso_encoding()));
    octets.push_back(static_cast<std::uint8_t>(fraction * 256));
    octets.push_back(manual);
    return octets;
  }

  Result<void> set_and_look() {
    std::string why;
    for (const double ahead : {3600.0, 0.0}) {
      const double wanted = true_time(context_.now()) + ahead;
      auto written = session_.port().perform(WriteValue{path_, octets_of(wanted)}, seconds(35));
      if (!written) return tl::unexpected(written.error());
      evidence_.extend(written->seq);
      if (written->kind != Outcome::Kind::done) {
        why = cat("it was not taken: ", written->text);
        break;
      }
      const Stamp asked = context_.now();
      auto told = read();
      if (!told) return tl::unexpected(told.error());
      const double off = *told ? **told - (true_time(asked) + ahead) : 0;
      if (!*told) why = why_;
      if (std::abs(off) > set_within_s) why = cat("then it is ", number(off, 4), " s ahead");
    }
    context_.truth("settable", why.empty(), evidence_, why);
    return {};
  }

  Context& context_;
  GattSession session_;
  const std::string path_;
  const GattCharacteristic* known_ = nullptr;
  Stamp begin_;
  double at_begin_ = 0, longest_trip_s_ = 0;
  bool fractions_ = false;
  std::int64_t missed_ = 0;
  std::vector<double> times_, differences_;
  std::string why_;
  SeqRange evidence_;
};

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"duration", "every"}, problems);
  const auto path = AttributePath::parse(step.with.text("attribute"));
  if (!path) return step.with.problem("attribute", step.at, path.error().message, problems);
  const auto assigned = path->characteristic.assigned();
  if (assigned != current_time && assigned != date_time)
    step.with.problem("attribute", step.at, "a time is told by 2A2B (Current Time) or 2A08",
                      problems);
}

Result<void> run(Context& context) { return Clock(context, context.port("test")).run(); }

}  // namespace

extern const Check transmission_clock;
const Check transmission_clock{.id = "transmission/clock",
                               .revision = 1,
                               .summary = "offset and drift of the device's clock",
                               .roles = roles,
                               .needs = needs,
                               .params = params,
                               .outputs = outputs,
                               .lint = lint,
                               .run = run};

}  // namespace carebench::checks
