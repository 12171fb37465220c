// From YAML to a Limit: inline in a profile, or an entry of the limits library.
#include <array>

#include "standards/limit.h"
#include "standards/limit_source.h"
#include "standards/quantity_name.h"
#include "standards/statistic.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::array<std::string_view, 7> ops = {"<=", "<", ">=", ">", "abs<=", "within", "=="};
constexpr std::array<std::string_view, 3> statuses = {"todo", "none", "declared"};
constexpr std::array<std::string_view, 3> ons = {"estimate", "interval_low", "interval_high"};
constexpr std::array<std::string_view, 4> aggregations = {"pooled", "each_lot", "each_subject",
                                                          "each_stratum"};
constexpr std::array<std::string_view, 3> grids = {"consensus_type1", "consensus_type2", "clarke"};
constexpr std::array<std::string_view, 2> pair_values = {"reference", "device"};
constexpr std::int64_t most_samples = 1'000'000'000;

// What entries take from the head of their file.
struct FileHead {
  LimitSource source;
  std::vector<std::string> categories;
  std::map<std::string, SamplePlan, std::less<>> plans;
};

bool is_not_finite(std::string_view text) {
  std::string word = lower(text);
  std::erase_if(word, [](char c) { return c == '.' || c == '+' || c == '-'; });
  return word == "nan" || word == "inf" || word == "infinity";
}

void read_equals(yaml::MapReader& map, Limit& limit, Problems& problems) {
  const yaml::Node value = map.required("value");
  if (!value) return;
  const bool scalar = value.kind() == yaml::Kind::scalar && !value.is_null();
  if (scalar && !value.quoted() && (value.text() == "true" || value.text() == "false")) {
    limit.equals = Limit::Equals::truth;
    limit.truth = value.text() == "true";
  } else if (scalar && !value.quoted() &&
             (parse_double(value.text()) || is_not_finite(value.text()))) {
    limit.value = yaml::to_number(value, problems);
  } else {
    limit.equals = Limit::Equals::text;
    limit.text_value = yaml::to_text(value, problems);
  }
  if (limit.equals != Limit::Equals::number && map.has("unit"))
    map.optional("unit").problem(problems, "a limit that is no number has no unit");
}

void read_value(yaml::MapReader& map, Limit& limit, Problems& problems) {
  const yaml::Node value = map.required("value");
  if (!value) return;
  if (value.kind() == yaml::Kind::map) {
    limit.bound = read_bound(value, limit.unit, problems);
    return;
  }
  limit.value = yaml::to_number(value, problems);
  if (limit.comparison == Comparison::abs_le && limit.value < 0)
    value.problem(problems, "nothing has an absolute value below zero");
}

void read_bound_of(yaml::MapReader& map, Limit& limit, Problems& problems) {
  limit.comparison = static_cast<Comparison>(map.choice("op", ops));
  if (limit.comparison == Comparison::equals) return read_equals(map, limit, problems);
  if (limit.comparison != Comparison::within) return read_value(map, limit, problems);
  limit.low = map.number("low");
  limit.high = map.number("high");
  if (limit.low > limit.high)
    map.optional("low").problem(
        problems, cat("low (", limit.low, ") is above high (", limit.high, "): swap them"));
}

void read_rule(yaml::MapReader& map, Limit& limit, Problems& problems) {
  if (map.has("uncertainty_allowed")) {
    limit.uncertainty_allowed = map.number("uncertainty_allowed");
    if (*limit.uncertainty_allowed <= 0)
      map.optional("uncertainty_allowed").problem(problems, "it must be above 0");
  }
  const yaml::Node node = map.optional("rule");
  if (!node) return;
  limit.rule = carebench::read_rule(node, problems);
  if (!limit.rule) return;
  if (limit.rule->rule == DecisionRule::inherent && limit.source.kind != SourceKind::standard)
    node.problem(problems,
                 "only a standard has an inherent rule: name another rule, or leave it to the job");
  if (limit.rule->rule == DecisionRule::iec_60118_8 && !limit.uncertainty_allowed)
    node.problem(problems, "this rule wants Umax of the limit: \"uncertainty_allowed: …\"");
}

void read_status(yaml::MapReader& map, Limit& limit, Problems& problems) {
  constexpr std::array values = {LimitStatus::todo, LimitStatus::none, LimitStatus::declared};
  limit.status = values[map.choice("status", statuses)];
  limit.op_known = false;
  for (std::string_view key : {"op", "value", "low", "high"}) {
    if (!map.has(key)) continue;
    if (key == "op" && limit.status == LimitStatus::declared) {
      limit.comparison = static_cast<Comparison>(map.choice("op", ops));
      limit.op_known = true;
      continue;
    }
    map.optional(key).problem(
        problems, cat("a limit with \"status: ", to_string(limit.status), "\" carries no \"", key,
                      "\": leave out one of the two"));
  }
}

std::vector<std::string> read_ids(yaml::MapReader& map, std::string_view key, Problems& problems) {
  if (!map.has(key)) return {};
  std::vector<std::string> ids = map.texts_or_empty(key);
  if (ids.empty()) map.optional(key).problem(problems, cat("\"", key, "\" names no limit"));
  return ids;
}

// What the statistic needs beside its name, and which unit it can have.
void check_statistic(yaml::MapReader& map, const StatisticSpec& spec, Limit& limit,
                     Problems& problems) {
  using Needs = StatisticSpec::Needs;
  const bool number = limit.status == LimitStatus::established;
  const auto needed = [&](std::string_view key, Needs needs) {
    const bool there = map.has(key);
    if (there && spec.needs != needs)
      map.optional(key).problem(problems, cat("the statistic ", spec.id, " has no \"", key, '"'));
    if (!there && spec.needs == needs && number)
      map.problem(cat("the statistic ", spec.id, " needs \"", key, '"'));
    return there;
  };
  if (needed("p", Needs::p)) {
    limit.p = map.number("p");
    if (!(limit.p > 0 && limit.p < 1))
      map.optional("p").problem(problems, "p lies between 0 and 1: 0.95 for the 95th percentile");
  }
  if (needed("grid", Needs::grid)) limit.grid = grids[map.choice("grid", grids)];
  if (needed("band", Needs::band)) {
    const yaml::Node band = map.optional("band");
    const bool many = band.kind() == yaml::Kind::list;
    for (const yaml::Node& node : many ? band.items() : std::vector{band})
      limit.band.push_back(read_bound(node, std::nullopt, problems));
  }
  const QuantityName* quantity = find_quantity_name(limit.quantity);
  const auto check_unit = [&](Unit unit, std::string_view key) {
    if (!quantity || quantity->takes(unit)) return;
    const std::string why =
        cat(quantity->en, " is not measured in ", unit.code(), ", but in ", quantity->unit);
    map.has(key) ? map.optional(key).problem(problems, why) : map.problem(why);
  };
  if (spec.scale == StatisticSpec::Scale::quantity && (number || map.has("unit")))
    check_unit(limit.unit, "unit");
  for (const Bound& band : limit.band) check_unit(band.unit, "band");
  const Unit pure, rate = *Unit::parse("/d");
  if (spec.scale == StatisticSpec::Scale::pure && !limit.unit.same_dimension(pure))
    map.optional("unit").problem(
        problems, cat("the statistic ", spec.id, " is a pure number (\"1\" or \"%\"), not in ",
                      limit.unit.code()));
  if (spec.scale == StatisticSpec::Scale::rate && !limit.unit.same_dimension(rate))
    map.optional("unit").problem(
        problems,
        cat("the statistic ", spec.id, " is a rate (\"/d\", \"/h\"), not in ", limit.unit.code()));
}

void read_statistic(yaml::MapReader& map, Limit& limit, Problems& problems) {
  limit.statistic = map.text_or("statistic", "");
  if (limit.statistic.empty()) return;
  const StatisticSpec* spec = find_statistic(limit.statistic);
  if (!spec) {
    map.optional("statistic")
        .problem(problems, cat("there is no statistic \"", printable(limit.statistic), '"',
                               suggestion(limit.statistic, statistic_ids())));
    return;
  }
  check_statistic(map, *spec, limit, problems);
}

SamplePlan read_plan(const yaml::Node& node, Unit unit, const FileHead* file, Problems& problems) {
  if (node.kind() != yaml::Kind::scalar || !file) return read_sample_plan(node, unit, problems);
  const auto named = file->plans.find(node.text());
  if (named != file->plans.end()) return named->second;
  std::vector<std::string> names;
  for (const auto& [name, plan] : file->plans) names.push_back(name);
  node.problem(problems, cat("the file has no plan \"", printable(node.text()), '"',
                             suggestion(node.text(), names)));
  return {};
}

void read_sampling(yaml::MapReader& map, Limit& limit, const FileHead* file, Problems& problems) {
  if (map.has("aggregation"))
    limit.aggregation = aggregations[map.choice("aggregation", aggregations)];
  limit.range = map.text_or("range", "");
  limit.sample = map.text_or("sample", "");
  if (const yaml::Node domain = map.optional("domain")) {
    yaml::MapReader entry(domain, problems);
    LimitDomain read;
    read.by = pair_values[entry.choice("by", pair_values)];
    read.unit = entry.unit_or("unit", limit.unit);
    read.span = read_span(entry);
    limit.domain = read;
  }
  if (const yaml::Node plan = map.optional("plan"))
    limit.plan = read_plan(plan, limit.unit, file, problems);
  limit.min_samples = map.integer_or("min_samples", 1, most_samples, 0);
  if (limit.equals != Limit::Equals::number && map.has("min_samples"))
    map.optional("min_samples").problem(problems, "a sample plan is for numbers");
}

void read_interval(yaml::MapReader& map, Limit& limit, Problems& problems) {
  limit.on = static_cast<Limit::On>(map.choice_or("on", ons, 0));
  const bool on_interval = limit.on != Limit::On::estimate;
  const bool one_sided_limit = limit.comparison <= Comparison::gt;
  if (on_interval && limit.status == LimitStatus::established && !one_sided_limit)
    map.optional("on").problem(problems,
                               "one end of an interval meets a one-sided limit only: <=, <, >=, >");
  limit.one_sided = map.boolean_or("one_sided", false);
  if (!map.has("confidence")) {
    if (limit.one_sided) map.optional("one_sided").problem(problems, "name its \"confidence\" too");
    return;
  }
  limit.confidence = map.number("confidence");
  if (!on_interval)
    map.optional("confidence").problem(problems, "an interval is meant: say which end by \"on\"");
  if (!(limit.confidence > 0.5 && limit.confidence < 1))
    map.optional("confidence").problem(problems, "a confidence lies between 0.5 and 1, as 0.95");
}

// The bound of a limit that stands for others is theirs.
bool read_references(yaml::MapReader& map, Limit& limit, Problems& problems) {
  limit.all_of = read_ids(map, "all_of", problems);
  limit.editions = read_ids(map, "editions", problems);
  limit.conflicts_with = read_ids(map, "conflicts_with", problems);
  if (limit.all_of.empty() && limit.editions.empty()) return false;
  if (!limit.all_of.empty() && !limit.editions.empty())
    map.problem("either \"all_of\" or \"editions\", not both");
  for (std::string_view key : {"op", "value", "low", "high", "status", "statistic", "unit", "on",
                               "band", "min_samples", "domain"})
    if (map.has(key))
      map.optional(key).problem(problems, cat("the limits it names have their own \"", key, '"'));
  return true;
}

// What a bound by an index must fit: an index that every pair has wants a statistic of every pair.
void check_bound(yaml::MapReader& map, const Limit& limit, Problems& problems) {
  if (!limit.bound) return;
  const StatisticSpec* spec = find_statistic(limit.statistic);
  const bool repeats =
      spec && spec->data == StatisticSpec::Data::repeats;  // of one load, one level
  if (limit.bound->by_pair() && !repeats && !(spec && spec->by_pair()))
    map.optional("value").problem(problems,
                                  cat("a bound by \"", limit.bound->by,
                                      "\" differs from pair to pair: its statistic is \"each\""));
}

Limit read(const yaml::Node& node, Problems& problems, std::string id, const FileHead* file) {
  yaml::MapReader map(node, problems);
  Limit limit;
  limit.id = std::move(id);
  limit.at = node.at();
  if (file) map.optional("id");
  const yaml::Node source = map.optional("source");
  if (!source && !file)
    map.problem(
        "the limit names no source: add \"source: {kind: standard, claim or laboratory, "
        "document: …}\"");
  limit.source = read_entry_source(source, problems, file ? &file->source : nullptr);
  limit.title = map.text2_or_empty("title");
  limit.quantity = map.text_or("quantity", "");
  limit.note = map.text_or("note", "");
  limit.categories = file ? file->categories : limit.categories;
  if (map.has("categories")) limit.categories = map.texts_or_empty("categories");
  if (read_references(map, limit, problems)) {
    read_sampling(map, limit, file, problems);
    read_rule(map, limit, problems);
    return limit;
  }
  limit.unit = map.unit_or("unit", Unit());
  if (map.has("status"))
    read_status(map, limit, problems);
  else
    read_bound_of(map, limit, problems);
  if (limit.source.confidence == "U" && limit.status == LimitStatus::established)
    map.problem(
        "a number of confidence U is not established and cannot be a limit: write "
        "\"status: todo\"");
  read_rule(map, limit, problems);
  read_statistic(map, limit, problems);
  read_interval(map, limit, problems);
  read_sampling(map, limit, file, problems);
  check_bound(map, limit, problems);
  return limit;
}

}  // namespace

Limit read_limit(const yaml::Node& node, Problems& problems, std::string id) {
  Limit limit = read(node, problems, std::move(id), nullptr);
  if (limit.is_composite() || !limit.editions.empty())
    node.problem(problems, "limits that name others stand in a limits file");
  return limit;
}

Result<std::vector<Limit>> read_limits(const yaml::Document& document) {
  Problems problems;
  std::vector<Limit> limits;
  yaml::MapReader file(document.root(), problems);
  const std::string id = file.text("limits");
  if (id.find('/') != id.npos)
    file.optional("limits").problem(problems, "the name of a limits file has no \"/\"");
  FileHead head{read_document_source(file.required("document"), problems),
                file.texts_or_empty("categories"),
                {}};
  if (const yaml::Node plans = file.optional("plans"); plans && plans.kind() == yaml::Kind::map)
    for (const auto& [name, plan] : plans.entries())
      head.plans.emplace(name.text(), read_sample_plan(plan, Unit(), problems));
  else if (plans)
    plans.problem(problems, "plans: {name: {subjects: …}}");
  for (const yaml::Node& entry : file.list("entries")) {
    const yaml::Node name = entry.kind() == yaml::Kind::map ? entry.find("id") : yaml::Node();
    if (!name) {
      entry.problem(problems, "the entry has no \"id\"");
      continue;
    }
    Limit limit = read(entry, problems, cat(id, "/", yaml::to_text(name, problems)), &head);
    for (const Limit& earlier : limits)
      if (earlier.id == limit.id)
        name.problem(problems, cat("the id \"", limit.id, "\" stands twice in this file"));
    limits.push_back(std::move(limit));
  }
  file.finish();
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  return limits;
}

}  // namespace carebench
