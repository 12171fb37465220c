// How far is the device's clock off, and how fast does it run away? The Current Time (2A2B) or a
// time stamp of the same layout is read again and again and compared with the bench's clock, which
// began at the wall clock's time; the slope of the differences is the drift. Time stamps of records
// are worth no more than this.
#include <algorithm>
#include <cmath>

#include "probes/gatt/characteristic.h"
#include "profiles/measuring/gatt_session.h"
#include "standards/stats/theil_sen.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
constexpr OpKind needs[] = {OpKind::read_value};

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
};

constexpr Output outputs[] = {
    {"offset", OutputKind::number, "s", "device's time minus true time, median", {}},
    {"drift",
     OutputKind::number,
     "[ppm]",
     "slope of that difference (Theil-Sen); 11.6 ppm is 1 s a day",
     {}},
    {"readings", OutputKind::number, "{count}", "readings that told a time", {}},
    {"readable", OutputKind::truth, "", "the device tells a time, and a whole one", true},
};

class Clock {
 public:
  Clock(Context& context, Port& port) : context_(context), session_(port) {}

  Result<void> run() {
    const Params& with = context_.with();
    const Stamp begin = context_.now();
    const double at_begin =
        with.has("reference_unix") ? with.number("reference_unix") : context_.unix_seconds(begin);
    auto connected = session_.connect();
    if (!connected) return tl::unexpected(connected.error());
    if (!*connected) why_ = session_.why();
    const Stamp end = begin + with.duration("duration");
    while (*connected && context_.now() <= end) {
      const Stamp asked = context_.now();
      auto told = read();
      if (!told) return tl::unexpected(told.error());
      if (*told) {
        // Half of the round trip is the device's, half the bench's.
        const double elapsed = (asked - begin).seconds() + (context_.now() - asked).seconds() / 2;
        times_.push_back(elapsed);
        differences_.push_back(**told - with.number("zone") * 60 - (at_begin + elapsed));
      }
      if (asked + with.duration("every") > end) break;
      if (auto slept = context_.sleep(asked + with.duration("every") - context_.now()); !slept)
        return tl::unexpected(slept.error());
    }
    report();
    return session_.disconnect();
  }

 private:
  // Seconds since 1970 by the device's own clock; nothing when it tells none.
  Result<std::optional<double>> read() {
    const std::string& path = context_.with().text("attribute");
    auto outcome = session_.port().perform(ReadValue{path}, seconds(35));
    if (!outcome) return tl::unexpected(outcome.error());
    evidence_.extend(outcome->seq);
    const auto parsed = AttributePath::parse(path);
    const auto assigned = parsed ? parsed->characteristic.assigned() : std::nullopt;
    const GattCharacteristic* known = assigned ? gatt_characteristic(*assigned) : nullptr;
    Reading reading;
    if (outcome->kind != Outcome::Kind::done) {
      why_ = outcome->text;
      return std::optional<double>();
    }
    if (!known || !read_value(*known, outcome->octets, reading)) {
      why_ = known ? std::string(reading.refusal()) : "what this attribute tells is not known";
      return std::optional<double>();
    }
    double fraction = 0;
    std::optional<double> time;
    for (std::size_t i = 0; i < known->fields.size(); ++i) {
      const FieldValue value = reading.value(i);
      if (value.kind != FieldValue::Kind::number) continue;
      if (known->fields[i].name == "time") time = value.number;
      if (known->fields[i].name == "fractions256") fraction = value.number / 256;
    }
    if (!time) {
      why_ = "the time is not set, or not whole";
      return std::optional<double>();
    }
    return std::optional<double>(*time + fraction);
  }

  void report() {
    const auto n = static_cast<std::int64_t>(times_.size());
    context_.number("readings", static_cast<double>(n), 0, 0, evidence_);
    context_.truth("readable", n > 0, evidence_, n > 0 ? "" : why_);
    if (n == 0) return;
    std::vector<double> sorted = differences_;
    const auto middle = sorted.begin() + n / 2;
    std::nth_element(sorted.begin(), middle, sorted.end());
    // A time told in whole seconds is up to one second old: rectangular (JCGM 100 4.3.7).
    context_.number("offset", *middle, 1 / (2 * std::sqrt(3.0)), n, evidence_);
    if (n < 3 || times_.size() > stats::theil_sen_most) {
      context_.note("fewer than 3 readings, or too many of them: no drift is told");
      return;
    }
    const stats::TheilSen line = stats::theil_sen(times_, differences_);
    const auto ppm = [](double slope) { return slope * 1e6; };
    Interval interval = line.interval;
    interval.low = ppm(interval.low);
    interval.high = ppm(interval.high);
    // One second of resolution at both ends of the watch, and the bench's own rate (100 ppm).
    const double watched = times_.back() - times_.front();
    const double u = std::hypot(ppm(1 / (std::sqrt(6.0) * watched)), 100.0);
    context_.number("drift", ppm(line.slope), u, n, evidence_, interval);
  }

  Context& context_;
  GattSession session_;
  std::vector<double> times_, differences_;
  std::string why_;
  SeqRange evidence_;
};

void lint(const StepView& step, Problems& problems) {
  if (const auto path = AttributePath::parse(step.with.text("attribute")); !path)
    step.with.problem("attribute", step.at, path.error().message, problems);
}

Result<void> run(Context& context) { return Clock(context, context.port("test")).run(); }

}  // namespace

extern const Check transmission_clock;
const Check transmission_clock{"transmission/clock",
                               1,
                               "offset and drift of the device's clock",
                               roles,
                               needs,
                               params,
                               outputs,
                               Hazard::none,
                               false,
                               &lint,
                               &run};

}  // namespace carebench::checks
