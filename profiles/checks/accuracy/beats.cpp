// Does a device find every heart beat, and nothing else? Its beats stand against those of a
// reference, beat by beat as EC57 has it (profiles/measuring/beat_lists.h): QRS sensitivity and
// positive predictivity, and what follows from the intervals between beats: RR differences, and
// the measures of heart rate variability of both.
//
// Beats come from messages (one each, or with the RR intervals since the last one) or from a file:
// a column time_s of beat times, or a column rr_ms of intervals that follow on each other. Which
// beats are normal nobody says here: SDNN, RMSSD and pNN50 are those of all intervals.
#include <algorithm>
#include <cmath>

#include "profiles/measuring/beat_lists.h"
#include "profiles/measuring/condition.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/rr_field.h"
#include "profiles/measuring/table_file.h"
#include "profiles/measuring/watching.h"
#include "standards/stats/proportions.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "the device whose beats are judged"},
    {"reference", false, false, "the device whose beats they are compared with"},
};

constexpr ParamSpec params[] = {
    {"beat", ParamKind::tree, false, "", "the message that tells of a beat: {message: …}"},
    {"rr_field", ParamKind::text, false, "", "field with the RR intervals since the last message"},
    {"beats_file", ParamKind::file, false, "", "CSV file of the device's beats: time_s, or rr_ms"},
    {"reference_beat", ParamKind::tree, false, "", "likewise, of the reference"},
    {"reference_rr_field", ParamKind::text, false, "", "likewise, of the reference"},
    {"reference_file", ParamKind::file, false, "", "likewise, of the reference"},
    {"duration", ParamKind::duration, false, "0 s", "how long to observe, where a device is heard"},
    {"window", ParamKind::duration, false, "150 ms", "how far matching beats may be apart (EC57)"},
    {"learning", ParamKind::duration, false, "5 min", "not scored at the beginning (EC57)"},
    {"lag_search", ParamKind::duration, false, "0 s",
     "the device's clock may be behind by up to this, or ahead; up to 1 min"},
    {"longest_rr", ParamKind::duration, false, "3 s",
     "a longer time between beats is a pause or a loss, and no RR interval"},
};

constexpr Output outputs[] = {
    {"beats", OutputKind::number, "{count}", "beats of the reference that are scored", {}},
    {"sensitivity", OutputKind::number, "1", "QRS sensitivity, TP / (TP + FN)", {}},
    {"positive_predictivity", OutputKind::number, "1", "TP / (TP + FP)", {}},
    {"missed", OutputKind::number, "{count}", "beats of the reference that the device missed", {}},
    {"extra", OutputKind::number, "{count}", "beats of the device where there was none", {}},
    {"lag", OutputKind::number, "s", "how far the device's beats are behind", {}},
    {"rr_rms", OutputKind::number, "ms", "root mean square of RR differences", {}},
    {"mean_rr_error", OutputKind::number, "ms", "mean RR, device − reference", {}},
    {"sdnn_error", OutputKind::number, "ms", "SDNN of all intervals, device − reference", {}},
    {"rmssd_error", OutputKind::number, "ms", "RMSSD of all intervals, device − reference", {}},
    {"pnn50_error", OutputKind::number, "%", "pNN50 of all intervals, device − reference", {}},
};

// The parameters of one of the two.
struct Names {
  std::string_view role, beat, rr_field, file;
};
constexpr Names device_names{"test", "beat", "rr_field", "beats_file"};
constexpr Names reference_names{"reference", "reference_beat", "reference_rr_field",
                                "reference_file"};

void lint_side(const StepView& step, const Names& names, Problems& problems) {
  const Params& with = step.with;
  const int given =
      int{with.has(names.beat)} + int{with.has(names.rr_field)} + int{with.has(names.file)};
  if (given != 1)
    return problems.add(step.at,
                        cat("say where the beats of the ", names.role, " come from by one of `",
                            names.beat, ":`, `", names.rr_field, ":` and `", names.file, ":`"));
  if (with.has(names.file)) return;
  if (!step.bound(names.role))
    return with.problem(with.has(names.beat) ? names.beat : names.rr_field, step.at,
                        cat("bind a device to the role `", names.role, "`"), problems);
  if (access_of(step, names.role, problems) == Access::none) return;
  if (with.has(names.rr_field)) {
    linted(step, names.rr_field, rr_field_of(step.protocol(names.role), with.text(names.rr_field)),
           problems);
    return;
  }
  const auto beat = Condition::read(with.tree(names.beat), step.protocol(names.role), problems);
  if (problems.empty() && !beat.is_occasion())
    with.problem(names.beat, step.at, "each beat is a message: {message: …}", problems);
}

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"window", "longest_rr"}, problems);
  lint_side(step, device_names, problems);
  lint_side(step, reference_names, problems);
  const bool both_files = step.with.has("beats_file") && step.with.has("reference_file");
  if (!both_files && step.with.duration("duration").ns <= 0)
    problems.add(step.at, "say how long to observe: `duration:`");
  if (both_files && step.with.duration("duration").ns > 0)
    step.with.problem("duration", step.at, "both are files: there is nothing to observe", problems);
  if (step.with.duration("lag_search") > seconds(60))
    step.with.problem("lag_search", step.at, "it must not be longer than a minute", problems);
}

Result<BeatList> read_beats(Context& context, const std::string& name) {
  const auto text = context.input_file(name);
  if (!text) return tl::unexpected(text.error());
  const auto table = TableFile::parse(*text, name, {}, {"time_s", "rr_ms"});
  if (!table) return tl::unexpected(table.error());
  BeatList list;
  if (table->has("time_s")) {
    auto times = table->rising("time_s", 0, longest_file_s);
    if (!times) return tl::unexpected(times.error());
    list.time_s = std::move(*times);
    return list;
  }
  list.time_s.push_back(0);
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const auto rr = table->number(row, "rr_ms", 1, 600'000);
    if (!rr) return tl::unexpected(rr.error());
    list.time_s.push_back(list.time_s.back() + *rr / 1000);
  }
  return list;
}

// One of the two, as it is heard.
class Side {
 public:
  Result<void> open(Context& context, const Names& names, Watching& watching) {
    const Params& with = context.with();
    if (with.has(names.file)) {
      auto read = read_beats(context, with.text(names.file));
      if (!read) return tl::unexpected(read.error());
      list = std::move(*read);
      return {};
    }
    port_ = &context.port(names.role);
    watching.add(*port_);
    if (with.has(names.rr_field)) {
      const auto found = rr_field_of(port_->protocol(), with.text(names.rr_field));
      if (!found) return tl::unexpected(found.error());
      rr_ = *found;
      return {};
    }
    Problems problems;
    beat_ = Condition::read(with.tree(names.beat), port_->protocol(), problems);
    if (!problems.empty()) return tl::unexpected(problems.as_error());
    return {};
  }

  bool heard_live() const { return port_ != nullptr; }

  void take(const Watching::Heard& heard, Stamp began) {
    if (!port_ || heard.port->channel() != port_->channel() || heard.stamp < began) return;
    const double at = (heard.stamp - began).seconds();
    if (list.time_s.size() >= most_beats) return;
    if (rr_) {
      if (heard.message->spec != rr_->handle.message) return;
      clock_.take(at, rr_->of(heard.message->value(rr_->handle)));
    } else if (beat_ && beat_->in(*heard.message).value_or(false)) {
      list.time_s.push_back(at);
    } else {
      return;
    }
    evidence.extend(heard.first_seq);
    evidence.extend(heard.last_seq);
  }

  std::int64_t resets() const { return clock_.resets(); }

  BeatList list;
  SeqRange evidence;

 private:
  static constexpr std::size_t most_beats = 2'000'000;
  Port* port_ = nullptr;
  std::optional<Condition> beat_;
  std::optional<RrField> rr_;
  RrClock clock_{list};
};

class Session {
 public:
  explicit Session(Context& context) : context_(context), with_(context.with()) {}

  Result<void> run() {
    constexpr Duration poll = seconds(1), timeout = seconds(1);  // nothing is asked for here
    Watching watching(context_, poll, timeout);
    if (auto opened = device_.open(context_, device_names, watching); !opened) return opened;
    if (auto opened = reference_.open(context_, reference_names, watching); !opened) return opened;
    BeatScoring scoring;
    if (device_.heard_live() || reference_.heard_live()) {
      // A beat of the last moment may be told behind.
      const Stamp began = context_.now(), end = began + with_.duration("duration");
      const Stamp last = end + with_.duration("window") + with_.duration("lag_search");
      Progress progress(context_, began, last - began);
      const auto take = [&](const Watching::Heard& heard) {
        device_.take(heard, began);
        reference_.take(heard, began);
      };
      if (auto heard = watching.until(last, take, &progress); !heard) return heard;
      scoring.observed_s = (end - began).seconds();
    }
    scoring.window_s = with_.duration("window").seconds();
    scoring.learning_s = with_.duration("learning").seconds();
    scoring.lag_search_s = with_.duration("lag_search").seconds();
    scoring.longest_rr_s = with_.duration("longest_rr").seconds();
    const BeatComparison found = compare_beats(device_.list, reference_.list, scoring);
    emit(found);
    notes(found);
    draw(found);
    return {};
  }

 private:
  void share(std::string_view output, std::int64_t part, std::int64_t all) {
    if (all == 0)
      context_.number(output, std::nan(""), 0, 0, device_.evidence, {}, "there are no beats");
    else
      context_.number(output, static_cast<double>(part) / static_cast<double>(all), 0, all,
                      device_.evidence, stats::clopper_pearson(part, all));
  }

  void emit(const BeatComparison& found) {
    const SeqRange& evidence = device_.evidence;
    const auto count = [&](std::string_view output, std::int64_t n) {
      context_.number(output, static_cast<double>(n), 0, found.reference, evidence);
    };
    count("beats", found.reference);
    share("sensitivity", found.matched, found.reference);
    share("positive_predictivity", found.matched, found.matched + found.extra);
    count("missed", found.missed);
    count("extra", found.extra);
    if (with_.duration("lag_search").ns > 0)
      context_.number("lag", found.matched > 0 ? found.lag_s : std::nan(""), 0, found.matched,
                      evidence);
    context_.number("rr_rms", found.rr_rms_ms, 0, found.rr_pairs, evidence);
    const auto &device = found.device_rr, &reference = found.reference_rr;
    const auto difference = [&](std::string_view output, double of_device, double of_reference) {
      context_.number(
          output, of_device - of_reference, 0, device.n(), evidence, {},
          cat("device ", number(of_device, 4), ", reference ", number(of_reference, 4)));
    };
    difference("mean_rr_error", device.mean_rr(), reference.mean_rr());
    difference("sdnn_error", device.sdnn(), reference.sdnn());
    difference("rmssd_error", device.rmssd(), reference.rmssd());
    difference("pnn50_error", device.pnn50(), reference.pnn50());
  }

  void notes(const BeatComparison& found) {
    context_.note(cat("beats match within ", to_string(with_.duration("window")),
                      ", one to one; the first ", to_string(with_.duration("learning")),
                      " are not scored; the reference's last beat ends what is scored"));
    context_.note(cat("a time between beats of more than ", to_string(with_.duration("longest_rr")),
                      " is no RR interval; no beat is told apart as normal or not"));
    if (found.unscored > 0)
      context_.note(cat(found.unscored, " beats of the device lie after the reference's last one"));
    if (with_.duration("lag_search").ns > 0)
      context_.note(cat("the device's beats are taken ", number(found.lag_s, 4),
                        " s back, where they match best"));
    if (found.lag_at_the_edge)
      context_.note("the lag lies at the end of what was searched: the true one may lie beyond");
    for (const Side* side : {&device_, &reference_})
      if (side->resets() > 0)
        context_.note(cat(side == &device_ ? "device: " : "reference: ", side->resets(),
                          " times the RR intervals did not add up to the time that passed: "
                          "something was lost there"));
  }

  void draw(const BeatComparison& found) {
    Figure figure;
    figure.kind = "series";
    figure.title = {"RR 间期", "RR intervals"};
    figure.x_label = {"时间", "time"};
    figure.y_label = {"RR 间期", "RR interval"};
    figure.x_unit = "s";
    figure.y_unit = "ms";
    figure.series.push_back(thinned({"参考", "reference"}, found.reference_x, found.reference_y));
    figure.series.push_back(thinned({"被测设备", "device"}, found.device_x, found.device_y));
    if (!found.device_x.empty()) context_.figure(std::move(figure));
  }

  Context& context_;
  const Params& with_;
  Side device_, reference_;
};

Result<void> run(Context& context) { return Session(context).run(); }

}  // namespace

extern const Check accuracy_beats;
const Check accuracy_beats{.id = "accuracy/beats",
                           .revision = 1,
                           .summary =
                               "heart beats against a reference, beat by beat: QRS sensitivity, "
                               "positive predictivity, RR intervals and their variability",
                           .roles = roles,
                           .needs = {},
                           .params = params,
                           .outputs = outputs,
                           .hazard = Hazard::none,
                           .resumable = false,
                           .lint = lint,
                           .run = run};

}  // namespace carebench::checks
