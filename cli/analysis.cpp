#include "cli/analysis.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include "profiles/job.h"
#include "profiles/run/own_limits.h"
#include "profiles/series/pairs_table.h"
#include "standards/limit_library.h"
#include "standards/statistic.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

std::string as_yaml(std::string_view text) { return Json(std::string(text)).dump(); }

struct Asked {
  Limit limit;       // one that has a bound
  std::string name;  // of the limit that was asked for
};

Result<std::vector<Asked>> limits_of(const AnalysisRequest& request, const Job& job) {
  const auto library = limit_library(request.own_limits);
  if (!library) return tl::unexpected(library.error());
  const std::string today = local_date();
  std::vector<Asked> asked;
  for (const std::string& id : request.limits) {
    auto limit = library->find_on(id, today);
    if (!limit) return tl::unexpected(limit.error());
    auto parts = library->parts(*limit, today);
    if (!parts) return tl::unexpected(parts.error());
    for (Limit& part : *parts) asked.push_back({job.effective(part), id});
  }
  for (const Asked& one : asked) {
    const auto* statistic = find_statistic(one.limit.statistic);
    const bool of_pairs = statistic && (statistic->data == StatisticSpec::Data::pairs ||
                                        statistic->data == StatisticSpec::Data::repeats);
    if (!of_pairs)
      return fail(Errc::usage, Blame::profile,
                  cat("the limit ", one.limit.id, " is about ",
                      one.limit.statistic.empty() ? "no statistic" : one.limit.statistic,
                      ", which a series of pairs does not give"));
  }
  return asked;
}

// The unit that readings have when a limit is about them.
std::optional<Unit> unit_of(const Limit& limit) {
  const auto* statistic = find_statistic(limit.statistic);
  if (statistic && statistic->scale == StatisticSpec::Scale::quantity && limit.unit.code() != "{e}")
    return limit.unit;
  if (!limit.band.empty()) return limit.band.front().unit;
  if (limit.domain) return limit.domain->unit;
  if (limit.statistic == "share_zone_ab") return Unit::parse("mg/dL");
  return std::nullopt;
}

// What quantities without a unit in their limit are given in.
std::optional<Unit> usual_unit(std::string_view quantity) {
  if (quantity == "heart_rate" || quantity == "pulse_rate") return Unit::parse("/min");
  if (quantity == "spo2") return Unit::parse("%");
  if (quantity.find("glucose") != std::string_view::npos) return Unit::parse("mg/dL");
  if (quantity == "body_mass") return Unit::parse("kg");
  if (quantity == "step_count") return Unit::parse("{count}");
  return std::nullopt;
}

std::string beginning_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(16'384, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  return text;
}

Result<Unit> choose_unit(const AnalysisRequest& request, const std::vector<Asked>& asked,
                         std::string_view quantity) {
  if (!request.unit.empty()) {
    if (const auto unit = Unit::parse(request.unit)) return *unit;
    return fail(Errc::usage, Blame::profile,
                cat("\"", printable(request.unit), "\" is no unit known here",
                    suggestion(request.unit, Unit::codes())));
  }
  const auto named = unit_of_table(beginning_of(request.pairs));
  for (const Asked& one : asked) {
    const auto& band = one.limit.band;
    if (named && std::any_of(band.begin(), band.end(),
                             [&](const Bound& bound) { return bound.unit == *named; }))
      return *named;
    if (const auto unit = unit_of(one.limit)) return *unit;
  }
  if (named) return *named;
  if (const auto unit = usual_unit(quantity)) return *unit;
  return Unit();
}

double scale_interval_of(const Job& job, const std::vector<Asked>& asked, Unit unit) {
  for (const auto& claim : job.claims)
    for (const Asked& one : asked)
      if (claim.limit == one.limit.id && claim.unit.same_dimension(*Unit::parse("kg")))
        return claim.unit.convert(claim.value, unit).value_or(0);
  return 0;
}

const Quantity* value_of(const Attempt& attempt, std::string_view output) {
  for (const Measurement& measurement : attempt.measurements)
    if (measurement.name.ends_with(cat(".", output)))
      return std::get_if<Quantity>(&measurement.value);
  return nullptr;
}

Json number_or_null(const Quantity* quantity) {
  return quantity && std::isfinite(quantity->value) ? Json(quantity->value) : Json();
}

// "clarke: A=590 B=10 …; parkes_1: …"
Json zones_of(const Attempt& attempt) {
  Json zones = Json::object();
  for (const Measurement& measurement : attempt.measurements) {
    const auto* text = std::get_if<std::string>(&measurement.value);
    if (!text || !measurement.name.ends_with(".zones")) continue;
    for (const std::string_view grid : split(*text, ';')) {
      const auto colon = grid.find(':');
      if (colon == std::string_view::npos) continue;
      Json counts = Json::object();
      for (const std::string_view zone : split(trim(grid.substr(colon + 1)), ' '))
        if (const auto count = parse_int(zone.substr(std::min<std::size_t>(2, zone.size()))))
          counts.set(zone.substr(0, 1), *count);
      zones.set(trim(grid.substr(0, colon)), std::move(counts));
    }
  }
  return zones;
}

Finding overall(const RunRecord& record) {
  std::optional<Finding> finding;
  for (const StepRecord& step : record.steps)
    finding = finding ? worse(*finding, step.finding) : step.finding;
  return finding.value_or(Finding{});
}

}  // namespace

Result<std::string> analysis_profile(const AnalysisRequest& request) {
  Job job;
  if (!request.job.empty()) {
    Inputs inputs;
    auto loaded = Job::load(inputs, request.job);
    if (!loaded) return tl::unexpected(loaded.error());
    job = std::move(*loaded);
  }
  const auto asked = limits_of(request, job);
  if (!asked) return tl::unexpected(asked.error());
  std::string quantity = request.quantity;
  if (quantity.empty()) quantity = asked->empty() ? "value" : asked->front().limit.quantity;
  if (quantity.empty()) quantity = "value";
  const auto unit = choose_unit(request, *asked, quantity);
  if (!unit) return tl::unexpected(unit.error());
  const bool glucose = quantity.find("glucose") != std::string::npos;
  const bool instrument = job.instrument("reference") != nullptr;

  std::string text =
      cat("profile: analysis\nversion: \"1.0\"\n"
          "title: {zh: \"系列数据分析\", en: \"analysis of a series\"}\ndevices:\n"
          "  dut: {role: under_test, links: [operator]}\n",
          instrument ? "  reference: {role: reference, links: [operator]}\n" : "", "steps:\n");
  std::string with = cat(
      "      pairs: ", as_yaml(cat("./", std::filesystem::path(request.pairs).filename().string())),
      "\n      quantity: ", as_yaml(quantity), "\n      unit: ", as_yaml(unit->code()), "\n");
  if (glucose) with += "      glucose: true\n";
  if (const double e = scale_interval_of(job, *asked, *unit); e > 0)
    with += cat("      scale_interval: ", e, "\n");
  int number = 0;
  const auto step = [&](const Limit* limit) {
    const Text2 title = limit && !limit->title.empty()
                            ? limit->title
                            : Text2{"设备与参考读数的一致性", "agreement of device and reference"};
    text += cat("  - id: A-", ++number, "\n    title: {zh: ", as_yaml(title.zh),
                ", en: ", as_yaml(title.en), "}\n    check: accuracy/series\n    on: ",
                instrument ? "{test: dut, reference: reference}" : "dut", "\n    with:\n", with);
    if (!limit) return;
    const std::string statistic = limit->statistic == "mard" ? "mape" : limit->statistic;
    text += cat("    judge: [{value: ", as_yaml(cat(quantity, ".", statistic)),
                ", limit: ", as_yaml(limit->id), "}]\n");
  };
  if (asked->empty()) step(nullptr);
  for (const Asked& one : *asked) step(&one.limit);
  return text;
}

Json analysis_json(const RunRecord& record) {
  Json json = Json::object();
  if (record.steps.empty() || record.steps.front().attempts.empty()) return json;
  const Attempt& first = record.steps.front().attempts.back();
  const auto set = [&](Json& to, std::string_view key) {
    // A limit may define a statistic over a part of the pairs: the panel's is in another step.
    to.set(key, number_or_null(value_of(first, key)));
  };
  for (const std::string_view key : {"n", "subjects", "left_out"}) set(json, key);
  if (const Quantity* bias = value_of(first, "bias")) json.set("unit", bias->unit.code());
  for (const std::string_view key : {"bias", "sd", "rms", "mae", "mape", "max_abs"}) set(json, key);
  Json loa = Json::object(), percentiles = Json::object(), criteria = Json::array();
  loa.set("low", number_or_null(value_of(first, "loa_low")));
  loa.set("high", number_or_null(value_of(first, "loa_high")));
  for (const std::string_view key : {"p5", "p50", "p95", "p99"}) set(percentiles, key);
  json.set("loa", std::move(loa)).set("percentiles", std::move(percentiles));
  json.set("zones", zones_of(first));
  Json notes = Json::array();
  for (const StepRecord& step : record.steps)
    for (const Attempt& attempt : step.attempts) {
      for (const JudgedRecord& judged : attempt.judged) {
        const auto dot = judged.value.rfind('.');
        const auto statistic = judged.value.substr(dot == std::string::npos ? 0 : dot + 1);
        criteria.push(Json::object()
                          .set("limit", judged.limit.id)
                          .set("statistic", statistic)
                          .set("value", number_or_null(value_of(attempt, statistic)))
                          .set("bound", judged.limit.text)
                          .set("source", judged.limit.source)
                          .set("rule", judged.rule)
                          .set("verdict", to_string(judged.finding))
                          .set("wording", judged.wording.en));
      }
      if (&attempt == &first)
        for (const std::string& note : attempt.notes) notes.push(note);
    }
  json.set("criteria", std::move(criteria)).set("notes", std::move(notes));
  return json.set("verdict", to_string(overall(record)));
}

std::string analysis_text(const RunRecord& record) {
  std::string text;
  if (record.steps.empty() || record.steps.front().attempts.empty()) return text;
  const Attempt& first = record.steps.front().attempts.back();
  for (const Measurement& measurement : first.measurements) {
    text += cat(pad(measurement.name, 34), value_text(measurement));
    if (measurement.interval && std::isfinite(measurement.interval->low) &&
        std::isfinite(measurement.interval->high))
      text += cat("  [", number(measurement.interval->low, 6), ", ",
                  number(measurement.interval->high, 6), "] ", measurement.interval->method);
    text += measurement.note.empty() ? "\n" : cat("  ", measurement.note, "\n");
  }
  for (const std::string& note : first.notes) text += cat("note: ", note, "\n");
  for (const StepRecord& step : record.steps)
    for (const Attempt& attempt : step.attempts)
      for (const JudgedRecord& judged : attempt.judged)
        text += cat("\n", judged.limit.id, ": ", judged.wording.en, "\n  ", judged.wording.zh,
                    "\n  ", judged.limit.source, "\n");
  return text + cat("\nverdict  ", to_string(overall(record)), "\n");
}

}  // namespace carebench
