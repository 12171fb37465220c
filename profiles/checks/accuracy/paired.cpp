// How far do the readings of a device lie from those of a reference? Both are observed at the same
// time and paired by time (profiles/pairing.h); the statistics are those of profiles/agreement.h.
//
// The reference is one of these:
// - a device in the role `reference`, by its own protocol;
// - the operator in the role `reference`, who types what an instrument shows when asked;
// - `reference_file`, a CSV file of times and values (profiles/reference_file.h), of the instrument
//   in the role `reference`;
// - the `levels` themselves, where a simulator in the role `stimulus` is set to known values.
// With `levels`, the operator is asked to set each one, the device gets `settle` to follow, and
// then is observed for `duration`; without, it is observed once, after `settle`.
//
// A device that tells its readings only when asked (a glucose meter its records) is asked by the
// message `ask`: at the beginning of each observation, and after each typed reading.
//
// Special values ("no signal", "invalid") never become numbers. They are counted, excluded from the
// statistics, and lower the availability.
#include <cmath>

#include "profiles/measuring/comparison.h"
#include "profiles/measuring/named.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "the device whose readings are judged"},
    {"reference", false, false, "what they are compared with; or an operator who types readings",
     true},
    {"stimulus", false, false, "what sets the levels, calibrated where nothing else is compared",
     true},
};

constexpr ParamSpec params[] = {
    {"quantity", ParamKind::text, true, "", "what is measured; names the outputs"},
    {"unit", ParamKind::unit, true, "", "unit of all results"},
    {"field", ParamKind::text, false, "",
     "field or register of the device; not given: named as the quantity"},
    {"reference_field", ParamKind::text, false, "",
     "field or register of the reference; not given: named as the device's"},
    {"reference_file", ParamKind::file, false, "", "CSV file of reference readings, time_s,value"},
    {"reference_unit", ParamKind::unit, false, "", "unit in the file; not given: `unit`"},
    {"reference_u", ParamKind::number, false, "",
     "standard uncertainty of a reference without instrument in the job, in `unit`; it bears no "
     "statement of conformity",
     0, 1e12},
    {"duration", ParamKind::duration, true, "", "how long to observe, at each level"},
    {"tolerance", ParamKind::duration, false, "1 s",
     "how far two readings of a pair may be apart in time"},
    {"lag_search", ParamKind::duration, false, "0 s",
     "the device may run behind by up to this, or ahead; the lag with the least scatter is taken"},
    {"hold", ParamKind::duration, false, "3 s", "how long a reading stands when no other follows"},
    {"settle", ParamKind::duration, false, "0 s",
     "how long the device may take to follow a level, or to send what it had stored; what comes "
     "meanwhile is left out"},
    {"levels", ParamKind::numbers, false, "", "values that a simulator is set to, in `unit`"},
    {"ask", ParamKind::text, false, "", "the message that makes the device tell its reading"},
    {"ask_fields", ParamKind::tree, false, "", "fields of that message: {name: value}"},
    {"readings", ParamKind::integer, false, "1",
     "how many readings the operator types, at each level, 1 … 1000", 1, 1000},
    {"second_reader", ParamKind::boolean, false, "false", "typed readings need a second reader"},
    {"min_pairs", ParamKind::integer, false, "2", "with fewer pairs there are no statistics", 1,
     1e9},
    {"poll", ParamKind::duration, false, "1 s", "Modbus: time from request to request"},
    {"timeout", ParamKind::duration, false, "500 ms", "Modbus: how long to wait for an answer"},
};

constexpr Output outputs[] = {
    {"{quantity}.n", OutputKind::number, "1", "pairs of device and reference readings", {}, true},
    {"{quantity}.bias", OutputKind::number, "{unit}", "mean of device − reference", {}},
    {"{quantity}.sd",
     OutputKind::number,
     "{unit}",
     "standard deviation of device − reference, n − 1",
     {}},
    {"{quantity}.rms", OutputKind::number, "{unit}", "root mean square of device − reference", {}},
    {"{quantity}.max_abs",
     OutputKind::number,
     "{unit}",
     "largest absolute deviation from the reference",
     {}},
    {"{quantity}.mape",
     OutputKind::number,
     "%",
     "mean of |device − reference| / |reference|; references of 0 excluded",
     {}},
    {"{quantity}.lag",
     OutputKind::number,
     "s",
     "how far the device runs behind, by the least scatter; where `lag_search` asks for it",
     {}},
    {"availability",
     OutputKind::number,
     "1",
     "share of the observed time with a valid reading of the device",
     {},
     true},
    {"special_values",
     OutputKind::number,
     "{count}",
     "readings of the device that were no numbers",
     {},
     true},
};

enum class Reference { device, typed, file, level };

const std::string& field_name(const Params& with) {
  return with.text(with.has("field") ? "field" : "quantity");
}
const std::string& reference_field_name(const Params& with) {
  return with.has("reference_field") ? with.text("reference_field") : field_name(with);
}

// What to send so that the device tells its reading; empty where it does so by itself.
Result<Bytes> request_of(const Protocol* protocol, const Params& with) {
  if (!with.has("ask")) return Bytes{};
  const auto message = sent_message(protocol, with.text("ask"));
  if (!message) return tl::unexpected(message.error());
  Problems problems;
  const FieldInputs inputs = inputs_of(with.tree("ask_fields"), problems);
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  return protocol->encode((*message)->id, inputs);
}

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"duration", "tolerance", "hold", "poll", "timeout"}, problems);
  const Unit unit = step.with.unit("unit");
  if (access_of(step, "test", problems) != Access::none)
    linted(step, step.with.has("field") ? "field" : "quantity",
           quantity_source(step.protocol("test"), field_name(step.with), unit), problems);
  linted(step, "ask", request_of(step.protocol("test"), step.with), problems);
  if (step.with.has("ask_fields") && !step.with.has("ask"))
    step.with.problem("ask_fields", step.at, "fields of what? name the message with `ask:`",
                      problems);

  const bool bound = step.bound("reference"), file = step.with.has("reference_file");
  const bool levels = !step.with.numbers("levels").empty();
  // A reference without protocol is the operator's; whether it is one shows when the run begins.
  if (bound && step.protocol("reference"))
    linted(step, step.with.has("reference_field") ? "reference_field" : "quantity",
           quantity_source(step.protocol("reference"), reference_field_name(step.with), unit),
           problems);
  if (bound && file && step.protocol("reference"))
    step.with.problem(
        "reference_file", step.at,
        "there are two references: a device that speaks, and a file; a device without "
        "protocol stands for the instrument whose readings the file holds",
        problems);
  if (file && levels)
    step.with.problem("levels", step.at,
                      "the times of a reference file count through one observation: no levels",
                      problems);
  if (!bound && !file && !levels)
    problems.add(step.at,
                 "there is nothing to compare with: bind a device or an operator to the role "
                 "`reference`, or give `reference_file:` or `levels:`");
  if (step.with.duration("lag_search").ns > 0 && levels)
    step.with.problem("lag_search", step.at,
                      "with levels the device is waited for, `settle`: no lag is searched",
                      problems);
  if (step.with.duration("lag_search") > seconds(3600))
    step.with.problem("lag_search", step.at, "it must not be longer than an hour", problems);
  if (step.with.has("reference_unit") && !step.with.unit("reference_unit").same_dimension(unit))
    step.with.problem("reference_unit", step.at, cat("it does not convert to ", unit.code()),
                      problems);
}

class Session {
 public:
  explicit Session(Context& context)
      : context_(context), with_(context.with()), unit_(with_.unit("unit")) {}

  Result<void> run() {
    Port& device = context_.port("test");
    auto found = quantity_source(device.protocol(), field_name(with_), unit_);
    if (!found) return tl::unexpected(found.error());
    device_source_ = *found;
    auto request = request_of(device.protocol(), with_);
    if (!request) return tl::unexpected(request.error());
    request_ = std::move(*request);
    Port* reference = nullptr;
    if (auto chosen = choose(reference); !chosen) return chosen;

    const auto levels = with_.numbers("levels");
    const auto rounds = static_cast<std::int64_t>(std::max<std::size_t>(1, levels.size()));
    PairedComparison::Setup setup{with_.duration("tolerance"),
                                  with_.duration("hold"),
                                  with_.duration("poll"),
                                  with_.duration("timeout"),
                                  Duration{with_.duration("duration").ns * rounds},
                                  with_.duration("lag_search")};
    add_uncertainty(setup, device, reference);
    PairedComparison comparison(context_, setup, device, device_source_, reference,
                                reference ? &reference_source_ : nullptr);
    if (kind_ == Reference::file)
      if (auto used = use_file(comparison); !used) return used;
    if (levels.empty()) {
      if (auto settled = comparison.settle(with_.duration("settle")); !settled) return settled;
      if (auto done = observe(comparison, "", "reading"); !done) return done;
    }
    for (const double level : levels)
      if (auto done = at_level(comparison, level); !done) return done;
    emit(comparison);
    return {};
  }

 private:
  Result<void> choose(Port*& reference) {
    kind_ = with_.has("reference_file") ? Reference::file : Reference::level;
    if (kind_ == Reference::file || !context_.bound("reference")) return {};
    Port& bound = context_.port("reference");
    kind_ = bound.device().is_operator ? Reference::typed : Reference::device;
    if (kind_ == Reference::typed && with_.duration("lag_search").ns > 0)
      return fail(Errc::bad_input, Blame::profile,
                  "an operator who types readings has no clock of his own: no lag is searched");
    if (kind_ == Reference::typed) return {};
    auto found = quantity_source(bound.protocol(), reference_field_name(with_), unit_);
    if (!found) return tl::unexpected(found.error());
    reference_source_ = *found;
    reference = &bound;
    return {};
  }

  Result<void> use_file(PairedComparison& comparison) {
    const std::string& name = with_.text("reference_file");
    const auto text = context_.input_file(name);
    if (!text) return tl::unexpected(text.error());
    auto readings = parse_reference_file(*text, name);
    if (!readings) return tl::unexpected(readings.error());
    const Unit from = with_.has("reference_unit") ? with_.unit("reference_unit") : unit_;
    for (TimedValue& one : *readings)
      one.value = from.convert(one.value, unit_).value_or(one.value);
    comparison.use_file(std::move(*readings));
    return {};
  }

  std::string shown(double level) const { return cat(number(level), " ", unit_.code()); }

  Result<void> at_level(PairedComparison& comparison, double level) {
    Prompt prompt;
    prompt.id = number(level);
    prompt.purpose =
        cat("在 ", shown(level), " 比较 ", with_.text("quantity"), " 的读数 / compare readings of ",
            with_.text("quantity"), " at ", shown(level));
    prompt.steps = cat("将模拟器设为 ", shown(level), " / set the simulator to ", shown(level));
    prompt.look_for = "模拟器显示该值 / the simulator shows this value";
    const auto answer = context_.ask(prompt);
    if (!answer) return tl::unexpected(answer.error());
    if (!(*answer)["done"].boolean(false))
      return fail(Errc::not_ready, Blame::bench,
                  cat("the operator did not confirm the level ", shown(level),
                      ": set it and repeat the step"));
    if (kind_ == Reference::level) comparison.set_level(level);
    if (auto settled = comparison.settle(with_.duration("settle")); !settled) return settled;
    return observe(comparison, cat("level ", shown(level)), number(level));
  }

  Result<void> observe(PairedComparison& comparison, std::string_view heading,
                       const std::string& prompt_id) {
    const Duration duration = with_.duration("duration");
    if (kind_ == Reference::typed) {
      const std::int64_t readings = with_.integer("readings");
      for (std::int64_t i = 0; i < readings; ++i) {
        const Duration each{duration.ns / readings};
        if (request_.empty())
          if (auto heard = comparison.observe(each); !heard) return heard;
        if (auto typed = ask_reading(comparison, prompt_id); !typed) return typed;
        if (!request_.empty())
          if (auto heard = ask_and_observe(comparison, each); !heard) return heard;
      }
      // The nearest reading of the device may come after the last typed one.
      if (auto heard = comparison.observe(with_.duration("tolerance")); !heard) return heard;
    } else if (auto heard = ask_and_observe(comparison, duration); !heard) {
      return heard;
    }
    comparison.end_of_level(heading, unit_);
    return {};
  }

  Result<void> ask_and_observe(PairedComparison& comparison, Duration duration) {
    if (!request_.empty()) {
      Port& device = context_.port("test");
      const auto asked = device.write(request_, seconds(35));
      if (!asked) return tl::unexpected(asked.error());
      // A device that is not there, or that refuses, tells no reading: that is what is measured.
      if (asked->kind != Outcome::Kind::done)
        context_.note(cat(device.name(), " did not take the question: ", asked->text));
    }
    return comparison.observe(duration);
  }

  Result<void> ask_reading(PairedComparison& comparison, const std::string& prompt_id) {
    Prompt prompt;
    prompt.kind = Prompt::Kind::reading;
    prompt.id = prompt_id;
    prompt.purpose =
        cat(with_.text("quantity"), " 的参考读数 / reference reading of ", with_.text("quantity"));
    prompt.steps =
        "立即读取参考仪器并输入示值 / read the reference instrument now and type what it shows";
    prompt.unit = unit_.code();
    prompt.second_reader = with_.boolean("second_reader");
    const auto answer = context_.ask(prompt);
    if (!answer) return tl::unexpected(answer.error());
    const auto typed_unit = Unit::parse((*answer)["unit"].string());
    const auto value = typed_unit
                           ? typed_unit->convert((*answer)["value"].number(std::nan("")), unit_)
                           : std::nullopt;
    if (!value || !std::isfinite(*value))
      return fail(Errc::bad_input, Blame::bench,
                  cat("the typed reading is no value that converts to ", unit_.code()));
    // It was read when the question came up.
    comparison.reference_reading(context_.prompts.back().asked, *value);
    return {};
  }

  // The instrument that the readings of the reference, or the levels, are worth.
  std::string_view instrument_role() const {
    return kind_ == Reference::level && context_.bound("stimulus") ? "stimulus" : "reference";
  }

  void add_uncertainty(PairedComparison::Setup& setup, const Port& device, const Port* reference) {
    const InstrumentData data = context_.instrument(instrument_role());
    setup.instrument = ReferenceInstrument(data, unit_);
    PairBudget::Setup& budget = setup.budget;
    budget.unit = unit_;
    budget.device_step = device_source_.resolution;
    budget.device_source = "protocol of the device";
    budget.reference_step = setup.instrument.step();
    budget.reference_source = "instrument of the job";
    if (budget.reference_step == 0 && kind_ == Reference::device) {
      budget.reference_step = reference_source_.resolution;
      budget.reference_source = "protocol of the reference";
    }
    budget.stamp_u_s = device.facts().stamp_uncertainty.seconds();
    if (reference)
      budget.stamp_u_s =
          std::hypot(budget.stamp_u_s, reference->facts().stamp_uncertainty.seconds());
    if (setup.instrument.has_errors())
      context_.note(
          cat("readings of ", data.id, " are corrected by the errors of its certificate"));
    if (!setup.instrument.known())
      budget.stated = reference_budget(context_, instrument_role(), unit_, std::nullopt);
  }

  void emit(PairedComparison& comparison) {
    comparison.agreement().emit(context_, unit_, comparison.budget(), with_.integer("min_pairs"),
                                comparison.evidence());
    if (comparison.lowest_reference() <= comparison.highest_reference())
      context_.used(instrument_role(), comparison.lowest_reference(),
                    comparison.highest_reference(), unit_);
    const auto n = comparison.agreement().n();
    if (const auto& found = comparison.lag())
      context_.number(
          "{quantity}.lag", n > 1 ? found->lag.seconds() : std::nan(""),
          Budget{resolution({"滞后搜索的步长", "step of the search"}, found->resolution.seconds(),
                            *Unit::parse("s"), "step: lag_search")},
          n, comparison.evidence(), {}, "u is that of the step of the search alone");
    context_.number("availability", comparison.coverage().share(), 0, n, comparison.evidence(), {},
                    cat("a reading stands for ", to_string(with_.duration("hold")), " at most"));
    context_.number("special_values", static_cast<double>(comparison.special_values()), 0, n,
                    comparison.evidence());
    comparison.draw({"读数随时间变化", "readings in the course of time"}, unit_);
    comparison.add_notes();
  }

  Context& context_;
  const Params& with_;
  Unit unit_;
  Reference kind_ = Reference::device;
  QuantitySource device_source_, reference_source_;
  Bytes request_;  // that makes the device tell its reading
};

Result<void> run(Context& context) { return Session(context).run(); }

}  // namespace

extern const Check accuracy_paired;
const Check accuracy_paired{.id = "accuracy/paired",
                            .revision = 3,
                            .summary =
                                "deviation of a device's readings from a reference: bias, "
                                "standard deviation, RMS, MAPE, availability",
                            .roles = roles,
                            .needs = {},
                            .params = params,
                            .outputs = outputs,
                            .hazard = Hazard::none,
                            .resumable = false,
                            .lint = lint,
                            .run = run};

}  // namespace carebench::checks
