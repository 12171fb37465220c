// Does a device tell sleep from wake, and the stages of sleep? Epoch by epoch against a staging by
// a sleep laboratory (polysomnography), which comes as a file; the device's stages come from its
// messages, from a register or from a file of its own. Formulas: profiles/measuring/epochs.h.
//
//   classes: {wake: [W, "0"], light: [N1, N2, "1", "2"], deep: [N3, "3"], rem: [R, "5"]}
//
// names the classes in the order of the plot, the first being wakefulness, and what the reference
// calls them; `device_classes` likewise for the device, where it speaks another language.
#include "profiles/measuring/epochs.h"

#include <algorithm>
#include <cmath>

#include "profiles/measuring/named.h"
#include "profiles/measuring/table_file.h"
#include "profiles/measuring/watching.h"
#include "standards/stats/proportions.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "the device whose stages are judged"}};

constexpr ParamSpec params[] = {
    {"reference_file", ParamKind::file, true, "",
     "CSV file of the reference's staging: a column stage, one epoch a row, in order"},
    {"classes", ParamKind::tree, true, "",
     "map of classes and what the reference calls them; the first is wakefulness"},
    {"unscored", ParamKind::texts, false, "", "what the reference calls an epoch it did not score"},
    {"stage", ParamKind::text, false, "", "field or register of the device with the stage"},
    {"stages_file", ParamKind::file, false, "", "CSV file of the device's staging instead"},
    {"device_classes", ParamKind::tree, false, "", "what the device calls the classes"},
    {"epoch", ParamKind::duration, false, "30 s", "length of an epoch"},
    {"hold", ParamKind::duration, false, "60 s", "how long a stage stands when no other follows"},
    {"duration", ParamKind::duration, false, "0 s", "how long to observe, where a device is heard"},
    {"poll", ParamKind::duration, false, "10 s", "Modbus: time from request to request"},
    {"timeout", ParamKind::duration, false, "500 ms", "Modbus: how long to wait for an answer"},
};

constexpr Output outputs[] = {
    {"epochs", OutputKind::number, "{count}", "epochs that the reference scored", {}},
    {"staged_share", OutputKind::number, "1", "share of them for which the device has a stage", {}},
    {"agreement", OutputKind::number, "1", "share of the epochs of the same class", {}},
    {"kappa", OutputKind::number, "1", "Cohen's kappa of the classes", {}},
    {"sleep_sensitivity", OutputKind::number, "1", "share of the epochs of sleep called sleep", {}},
    {"wake_specificity", OutputKind::number, "1", "share of the epochs of wake called wake", {}},
    {"lowest_stage_sensitivity",
     OutputKind::number,
     "1",
     "share of the epochs of a class called so, of the class where it is lowest",
     {}},
    {"sleep_time_error", OutputKind::number, "min", "total sleep time, device − reference", {}},
    {"onset_error", OutputKind::number, "min", "sleep onset latency, device − reference", {}},
    {"wake_after_onset_error",
     OutputKind::number,
     "min",
     "wake after sleep onset, device − reference",
     {}},
    {"efficiency_error", OutputKind::number, "%", "sleep efficiency, device − reference", {}},
};

constexpr std::size_t most_classes = 16;

// Names of the classes, and what somebody calls them.
struct Classes {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> called;
  std::optional<std::size_t> of(std::string_view word) const {
    for (std::size_t i = 0; i < called.size(); ++i)
      if (std::find(called[i].begin(), called[i].end(), word) != called[i].end()) return i;
    return std::nullopt;
  }
};

Classes read_classes(const yaml::Node& map, Problems& problems) {
  Classes out;
  if (map.kind() != yaml::Kind::map || map.entries().size() < 2 ||
      map.entries().size() > most_classes) {
    map.problem(problems, "two to sixteen classes: {wake: [W], sleep: [N1, N2, N3, R]}");
    return out;
  }
  for (const auto& [name, words] : map.entries()) {
    out.names.push_back(name.text());
    out.called.emplace_back();
    const auto take = [&](const yaml::Node& word) {
      if (word.kind() != yaml::Kind::scalar) return word.problem(problems, "a name is one value");
      if (out.of(word.text())) word.problem(problems, "this name is that of another class already");
      out.called.back().push_back(word.text());
    };
    if (words.kind() == yaml::Kind::list)
      for (const auto& word : words.items()) take(word);
    else
      take(words);
  }
  return out;
}

// The device's classes, in the order of the reference's.
Classes device_classes(const Params& with, const Classes& classes, Problems& problems) {
  if (!with.has("device_classes")) return classes;
  const Classes given = read_classes(with.tree("device_classes"), problems);
  Classes out{classes.names, std::vector<std::vector<std::string>>(classes.names.size())};
  for (std::size_t i = 0; i < given.names.size(); ++i) {
    const auto at = std::find(classes.names.begin(), classes.names.end(), given.names[i]);
    if (at == classes.names.end())
      with.tree("device_classes")
          .problem(problems, cat("there is no class \"", given.names[i], "\"",
                                 suggestion(given.names[i], classes.names)));
    else
      out.called[static_cast<std::size_t>(at - classes.names.begin())] = given.called[i];
  }
  return out;
}

void lint(const StepView& step, Problems& problems) {
  const Params& with = step.with;
  lint_positive(step, {"epoch", "hold", "poll", "timeout"}, problems);
  const Classes classes = read_classes(with.tree("classes"), problems);
  (void)device_classes(with, classes, problems);
  if (with.has("stage") == with.has("stages_file"))
    return problems.add(step.at,
                        "say where the device's stages are by one of `stage:` and `stages_file:`");
  if (!with.has("stage")) return;
  if (with.duration("duration").ns <= 0)
    problems.add(step.at, "say how long to observe: `duration:`");
  const Access access = access_of(step, "test", problems);
  const Protocol* protocol = step.protocol("test");
  if (access == Access::registers)
    linted(step, "stage", readable_register(protocol, with.text("stage")), problems);
  if (access == Access::messages)
    linted(step, "stage", heard_field(protocol, with.text("stage")), problems);
}

// The word for a value: an enumeration's or special value's name, or the number itself.
std::string word_of(const FieldValue& value) {
  if (!value.text.empty()) return std::string(value.text);
  return value.kind == FieldValue::Kind::number ? number(value.number) : "";
}

class Session {
 public:
  explicit Session(Context& context)
      : context_(context),
        with_(context.with()),
        epoch_s_(context.with().duration("epoch").seconds()) {}

  Result<void> run() {
    Problems problems;
    classes_ = read_classes(with_.tree("classes"), problems);
    const Classes own = device_classes(with_, classes_, problems);
    if (!problems.empty()) return tl::unexpected(problems.as_error());
    const auto reference = read_file(with_.text("reference_file"), classes_, true);
    if (!reference) return tl::unexpected(reference.error());
    auto device =
        with_.has("stages_file") ? read_file(with_.text("stages_file"), own, false) : hear(own);
    if (!device) return tl::unexpected(device.error());
    const EpochComparison found =
        compare_epochs(*device, *reference, classes_.names.size(), 0, epoch_s_);
    emit(found);
    notes(found);
    draw(*device, *reference);
    return {};
  }

 private:
  Result<Staging> read_file(const std::string& name, const Classes& classes, bool reference) {
    const auto text = context_.input_file(name);
    if (!text) return tl::unexpected(text.error());
    const auto table = TableFile::parse(*text, name, {"stage"}, {"epoch", "time_s"});
    if (!table) return tl::unexpected(table.error());
    const auto& unscored = with_.texts("unscored");
    Staging out;
    for (std::size_t row = 0; row < table->rows(); ++row) {
      const std::string_view word = table->cell(row, "stage");
      const auto stage = classes.of(word);
      const bool open =
          word.empty() || std::find(unscored.begin(), unscored.end(), word) != unscored.end();
      if (!stage && reference && !open)
        return table->refuse(row, "stage",
                             cat("\"", printable(word), "\" is in no class and not unscored"));
      if (auto fits = in_order(*table, row); !fits) return tl::unexpected(fits.error());
      if (!stage && !reference) count(word);
      out.push_back(stage);
    }
    return out;
  }

  // Rows are epochs, one after the other: where the file numbers or times them, it must agree.
  Result<void> in_order(const TableFile& table, std::size_t row) const {
    const auto place = static_cast<double>(row);
    for (const auto& [column, step] : {std::pair{"epoch", 1.0}, std::pair{"time_s", epoch_s_}}) {
      if (!table.has(column)) continue;
      const auto first = table.number(0, column, -1e9, 1e9);
      if (!first) return tl::unexpected(first.error());
      const auto value = table.number(row, column, -1e9, 1e9);
      if (!value) return tl::unexpected(value.error());
      if (std::abs(*value - *first - place * step) > 1e-3 * step)
        return table.refuse(
            row, column,
            cat("rows are epochs of ", number(epoch_s_),
                " s, one after the other: ", number(*first + place * step), " is wanted here"));
    }
    return {};
  }

  Result<Staging> hear(const Classes& own) {
    Port& port = context_.port("test");
    FieldHandle field;
    const RegisterSpec* reg = nullptr;
    if (port.protocol()->is_register_map()) {
      const auto found = readable_register(port.protocol(), with_.text("stage"));
      if (!found) return tl::unexpected(found.error());
      reg = *found;
    } else {
      const auto found = heard_field(port.protocol(), with_.text("stage"));
      if (!found) return tl::unexpected(found.error());
      field = *found;
    }
    Watching watching(context_, with_.duration("poll"), with_.duration("timeout"));
    watching.add(port, reg);
    const Stamp began = context_.now(), end = began + with_.duration("duration");
    Progress progress(context_, began, end - began);
    std::vector<ToldStage> told;
    const auto take = [&](const Watching::Heard& heard) {
      if (heard.message && heard.message->spec != field.message) return;
      if (heard.stamp < began || told.size() >= most_told) return;
      const std::string word = word_of(heard.message ? heard.message->value(field) : heard.value);
      const auto stage = own.of(word);
      if (!stage) count(word);
      told.push_back({(heard.stamp - began).seconds(), stage});
      evidence_.extend(heard.first_seq);
      evidence_.extend(heard.last_seq);
    };
    if (auto heard = watching.until(end, take, &progress); !heard)
      return tl::unexpected(heard.error());
    return staged_epochs(told, own.names.size(), epoch_s_, with_.duration("hold").seconds(),
                         (end - began).seconds());
  }

  void count(std::string_view word) {
    ++no_class_;
    if (words_.size() < 8 && std::find(words_.begin(), words_.end(), word) == words_.end())
      words_.emplace_back(word);
  }

  void share(std::string_view output, const Share& share, std::string note = {}) {
    if (share.all == 0)
      context_.number(output, std::nan(""), 0, 0, evidence_, {}, "there is no such epoch");
    else
      context_.number(output, static_cast<double>(share.part) / static_cast<double>(share.all), 0,
                      share.all, evidence_, stats::clopper_pearson(share.part, share.all),
                      std::move(note));
  }

  void emit(const EpochComparison& found) {
    const std::string alike =
        "the interval takes epochs for independent, which those of one night "
        "are not: it is too narrow";
    context_.number("epochs", static_cast<double>(found.epochs), 0, found.epochs, evidence_);
    share("staged_share", {found.staged, found.epochs});
    share("agreement", {found.table.agreed(), found.epochs}, alike);
    const stats::Kappa kappa = stats::cohen_kappa(found.table);
    context_.number("kappa", kappa.value, 0, found.epochs, evidence_, kappa.interval, alike);
    share("sleep_sensitivity", found.sleep, alike);
    share("wake_specificity", found.wake, alike);
    lowest(found);
    const Night &device = found.device, &reference = found.reference;
    const auto difference = [&](std::string_view output, std::optional<double> of_device,
                                std::optional<double> of_reference, double times = 1) {
      const double absent = std::nan("");
      const double a = of_device.value_or(absent), b = of_reference.value_or(absent);
      const std::string unit = times == 1 ? " min" : "";
      context_.number(output, times * (a - b), 0, found.epochs, evidence_, {},
                      of_device && of_reference
                          ? cat("device ", number(a, 4), unit, ", reference ", number(b, 4), unit)
                          : "one of the two has no sleep at all");
    };
    difference("sleep_time_error", device.sleep_min, reference.sleep_min);
    difference("onset_error", device.onset_min, reference.onset_min);
    difference("wake_after_onset_error", device.wake_after_min, reference.wake_after_min);
    difference("efficiency_error", device.efficiency, reference.efficiency, 100);
  }

  void lowest(const EpochComparison& found) {
    std::optional<std::size_t> at;
    const auto rate = [&](std::size_t i) {
      return static_cast<double>(found.by_class[i].part) /
             static_cast<double>(found.by_class[i].all);
    };
    for (std::size_t i = 0; i < found.by_class.size(); ++i)
      if (found.by_class[i].all > 0 && (!at || rate(i) < rate(*at))) at = i;
    share("lowest_stage_sensitivity", at ? found.by_class[*at] : Share{},
          at ? cat("class \"", classes_.names[*at], "\"") : "");
  }

  void notes(const EpochComparison& found) {
    if (found.unscored > 0)
      context_.note(cat(found.unscored, " epochs that the reference did not score are left out"));
    if (found.epochs > found.staged)
      context_.note(cat(found.epochs - found.staged,
                        " epochs without a stage of the device count as disagreement"));
    if (no_class_ > 0)
      context_.note(cat("the device told ", no_class_, " times what is in no class: \"",
                        join(words_, "\", \""), "\""));
    for (std::size_t i = 0; i < classes_.names.size(); ++i) {
      std::string text = cat(classes_.names[i], " of the reference (", found.by_class[i].all,
                             " epochs) is called");
      for (std::size_t j = 0; j <= classes_.names.size(); ++j)
        if (const auto n = found.table.count(i, j); n > 0)
          text += cat(" ", j < classes_.names.size() ? classes_.names[j] : "nothing", " ", n);
      if (found.by_class[i].all > 0) context_.note(std::move(text));
    }
  }

  void draw(const Staging& device, const Staging& reference) {
    constexpr std::size_t most_points = 2000;
    Figure figure;
    figure.kind = "steps";
    figure.title = {"睡眠分期图", "hypnogram"};
    figure.x_label = {"时间", "time"};
    figure.x_unit = "h";
    figure.y_unit = "1";
    const std::size_t last = classes_.names.size() - 1;
    for (std::size_t i = 0; i <= last; ++i)  // wakefulness on top
      figure.y_names.push_back({classes_.names[last - i], classes_.names[last - i]});
    const auto curve = [&](Text2 name, const Staging& staging) {
      Figure::Series series{std::move(name), {}, {}};
      for (std::size_t i = 0; i < staging.size() && series.x.size() < most_points; ++i) {
        if (i > 0 && staging[i] == staging[i - 1]) continue;
        series.x.push_back(static_cast<double>(i) * epoch_s_ / 3600);
        series.y.push_back(staging[i] ? static_cast<double>(last - *staging[i]) : std::nan(""));
      }
      series.x.push_back(static_cast<double>(staging.size()) * epoch_s_ / 3600);
      series.y.push_back(series.y.empty() ? std::nan("") : series.y.back());
      figure.series.push_back(std::move(series));
    };
    curve({"参考", "reference"}, reference);
    curve({"被测设备", "device"}, device);
    context_.figure(std::move(figure));
  }

  static constexpr std::size_t most_told = 2'000'000;
  Context& context_;
  const Params& with_;
  double epoch_s_;
  Classes classes_;
  SeqRange evidence_;
  std::int64_t no_class_ = 0;
  std::vector<std::string> words_;
};

Result<void> run(Context& context) { return Session(context).run(); }

}  // namespace

extern const Check accuracy_epochs;
const Check accuracy_epochs{.id = "accuracy/epochs",
                            .revision = 1,
                            .summary =
                                "sleep stages epoch by epoch against a sleep laboratory: "
                                "agreement, kappa, sleep and wake, times of sleep",
                            .roles = roles,
                            .needs = {},
                            .params = params,
                            .outputs = outputs,
                            .hazard = Hazard::none,
                            .resumable = false,
                            .lint = lint,
                            .run = run};

}  // namespace carebench::checks
