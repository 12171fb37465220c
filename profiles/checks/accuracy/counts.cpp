// Does a device count right: steps, turns, breaths? Somebody does it and counts, again and again,
// and types the number observed; the device's counter is read before and after. The error of one
// trial is 100 |device - observed| / observed in %. ANSI/CTA-2056 limits it for steps; whether
// for each subject or in the mean is the limit's business: both are outputs.
//
// Strata (slow gait, stairs, a walking frame …) are told apart, because counters that are good at a
// usual pace are not at a slow one. A device whose counter can not be read has an infinite error.
#include <algorithm>
#include <cmath>

#include "profiles/measuring/named.h"
#include "profiles/measuring/quantity_source.h"
#include "profiles/measuring/watching.h"
#include "standards/stats/moments.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "the device that counts"}};

constexpr ParamSpec params[] = {
    {"quantity", ParamKind::text, true, "", "what is counted; names the outputs"},
    {"field", ParamKind::text, false, "",
     "field or register with the device's counter; not given: named as the quantity"},
    {"trials", ParamKind::tree, true, "", "[{stratum, times, steps}]: what is done, in order"},
    {"settle", ParamKind::duration, true, "",
     "how long the counter may take to tell the last count; longer than it is told or asked for"},
    {"second_reader", ParamKind::boolean, false, "false", "counts need a second observer"},
    {"poll", ParamKind::duration, false, "1 s", "Modbus: time from request to request"},
    {"timeout", ParamKind::duration, false, "500 ms", "Modbus: how long to wait for an answer"},
};

constexpr Output outputs[] = {
    {"{quantity}.n", OutputKind::number, "1", "trials", {}},
    {"{quantity}.mape", OutputKind::number, "%", "mean of |device − observed| / observed", {}},
    {"{quantity}.max_error",
     OutputKind::number,
     "%",
     "largest |device − observed| / observed of one trial",
     {}},
    {"{quantity}.bias", OutputKind::number, "%", "mean of (device − observed) / observed", {}},
    {"{quantity}.worst_stratum_mape",
     OutputKind::number,
     "%",
     "mean of |device − observed| / observed in the stratum where it is largest",
     {}},
};

struct TrialLine {
  std::string stratum, steps;
  std::int64_t times = 1;
};

std::vector<TrialLine> read_trials(const yaml::Node& node, Problems& problems) {
  std::vector<TrialLine> out;
  if (node.kind() != yaml::Kind::list || node.items().empty()) {
    node.problem(problems, "trials is a list of {stratum, times, steps}");
    return out;
  }
  for (const auto& item : node.items()) {
    yaml::MapReader map(item, problems);
    TrialLine line;
    line.stratum = map.text("stratum");
    line.times = map.integer_or("times", 1, 1000, 1);
    line.steps = map.text_or("steps", "do it, and count");
    out.push_back(std::move(line));
  }
  return out;
}

const std::string& field_name(const Params& with) {
  return with.text(with.has("field") ? "field" : "quantity");
}

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"settle", "poll", "timeout"}, problems);
  (void)read_trials(step.with.tree("trials"), problems);
  if (access_of(step, "test", problems) != Access::none)
    linted(step, step.with.has("field") ? "field" : "quantity",
           quantity_source(step.protocol("test"), field_name(step.with), Unit()), problems);
}

// The relative errors of one stratum, in %; the signed ones too.
struct Errors {
  stats::Moments amount, with_sign;
  double largest = 0;
  std::int64_t unread = 0;
  void add(double percent) {
    amount.add(std::abs(percent));
    with_sign.add(percent);
    largest = std::max(largest, std::abs(percent));
  }
  std::int64_t n() const { return amount.n() + unread; }
  double mape() const {
    return unread > 0 ? std::numeric_limits<double>::infinity() : amount.mean();
  }
};

class Session {
 public:
  explicit Session(Context& context)
      : context_(context),
        with_(context.with()),
        port_(context.port("test")),
        watching_(context, with_.duration("poll"), with_.duration("timeout")) {}

  Result<void> run() {
    Problems problems;
    const auto trials = read_trials(with_.tree("trials"), problems);
    if (!problems.empty()) return tl::unexpected(problems.as_error());
    const auto source = quantity_source(port_.protocol(), field_name(with_), Unit());
    if (!source) return tl::unexpected(source.error());
    source_ = *source;
    turn_ = source_.reg ? turn_of(*source_.reg) : turn_of(*source_.field.field);
    watching_.add(port_, source_.reg);
    std::int64_t all = 0, number_of = 0;
    for (const TrialLine& line : trials) all += line.times;
    for (const TrialLine& line : trials)
      for (std::int64_t i = 0; i < line.times; ++i) {
        if (auto done = trial(line, ++number_of, all); !done) return done;
        context_.progress(static_cast<double>(number_of) / static_cast<double>(all));
      }
    emit();
    return {};
  }

 private:
  // What the counter says once it had time to say it; nothing where it said nothing since then.
  Result<std::optional<double>> read() {
    const Stamp since = context_.now();
    std::optional<double> last;
    const auto take = [&](const Watching::Heard& heard) {
      const bool from_field = heard.message && heard.message->spec == source_.field.message;
      if ((!from_field && (!heard.reg || heard.reg != source_.reg)) || heard.stamp < since) return;
      const auto value =
          source_.number(from_field ? heard.message->value(source_.field) : heard.value);
      if (!value) return;
      last = value;
      evidence_.extend(heard.first_seq);
      evidence_.extend(heard.last_seq);
    };
    if (auto heard = watching_.until(since + with_.duration("settle"), take); !heard)
      return tl::unexpected(heard.error());
    return last;
  }

  Result<void> trial(const TrialLine& line, std::int64_t number_of, std::int64_t all) {
    const auto before = read();
    if (!before) return tl::unexpected(before.error());
    Prompt prompt;
    prompt.kind = Prompt::Kind::reading;
    prompt.id = line.stratum;
    prompt.purpose = cat("第 ", number_of, " 次试验，共 ", all, " 次，", line.stratum, "：",
                         with_.text("quantity"), " 计数 / trial ", number_of, " of ", all, ", ",
                         line.stratum, ": count of ", with_.text("quantity"));
    prompt.steps =
        cat(line.steps,
            "；站定后输入观察到的次数 / stand still, then type the number that was observed");
    prompt.unit = Unit().code();
    prompt.second_reader = with_.boolean("second_reader");
    const auto answer = context_.ask(prompt);
    if (!answer) return tl::unexpected(answer.error());
    const double observed = (*answer)["value"].number(std::nan(""));
    if (!(observed > 0) || !std::isfinite(observed))
      return fail(Errc::bad_input, Blame::bench,
                  "the number observed must be greater than 0: repeat the step");
    const auto after = read();
    if (!after) return tl::unexpected(after.error());
    Errors& errors = stratum(line.stratum);
    if (!*before || !*after) {
      ++errors.unread;
      ++all_.unread;
      context_.note(cat("trial ", number_of, " (", line.stratum,
                        "): the counter told nothing, observed ", number(observed)));
      return {};
    }
    double counted = **after - **before;
    if (counted < 0 && turn_ > 0) counted += turn_;  // it began again
    const double percent = 100 * (counted - observed) / observed;
    errors.add(percent);
    all_.add(percent);
    context_.note(cat("trial ", number_of, " (", line.stratum, "): device ", number(counted),
                      ", observed ", number(observed), ", ", number(percent, 3), " %"));
    return {};
  }

  Errors& stratum(const std::string& name) {
    for (auto& [known, errors] : strata_)
      if (known == name) return errors;
    return strata_.emplace_back(name, Errors{}).second;
  }

  void emit() {
    const std::int64_t n = all_.n();
    const double never = std::numeric_limits<double>::infinity();
    const std::string unread =
        all_.unread == 0 ? "" : cat(all_.unread, " trials without a count of the device");
    context_.number("{quantity}.n", static_cast<double>(n), 0, n, evidence_);
    context_.number("{quantity}.mape", all_.mape(), 0, n, evidence_, {}, unread);
    context_.number("{quantity}.max_error", all_.unread > 0 ? never : all_.largest, 0, n, evidence_,
                    {}, unread);
    context_.number("{quantity}.bias", all_.unread > 0 ? std::nan("") : all_.with_sign.mean(), 0, n,
                    evidence_, stats::mean_interval(all_.with_sign), unread);
    const auto worst = std::max_element(
        strata_.begin(), strata_.end(),
        [](const auto& a, const auto& b) { return a.second.mape() < b.second.mape(); });
    context_.number("{quantity}.worst_stratum_mape", worst->second.mape(), 0, worst->second.n(),
                    evidence_, {}, cat("stratum \"", worst->first, "\""));
    for (const auto& [name, errors] : strata_)
      context_.note(cat("stratum \"", name, "\": ", errors.n(), " trials, mean error ",
                        number(errors.mape(), 3), " %"));
  }

  Context& context_;
  const Params& with_;
  Port& port_;
  Watching watching_;
  QuantitySource source_;
  double turn_ = 0;
  std::vector<std::pair<std::string, Errors>> strata_;
  Errors all_;
  SeqRange evidence_;
};

Result<void> run(Context& context) { return Session(context).run(); }

}  // namespace

extern const Check accuracy_counts;
const Check accuracy_counts{.id = "accuracy/counts",
                            .revision = 1,
                            .summary =
                                "counts (steps) against what an observer counted: error of each "
                                "trial, their mean, by strata",
                            .roles = roles,
                            .needs = {},
                            .params = params,
                            .outputs = outputs,
                            .hazard = Hazard::none,
                            .resumable = false,
                            .lint = lint,
                            .run = run};

}  // namespace carebench::checks
