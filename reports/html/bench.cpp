#include "reports/html/job.h"
#include "reports/html/sections.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

void heading(Page& page, std::string_view key) { page.out.leaf("h3", {}, page.text(key)); }

void samples(Page& page) {
  heading(page, "bench.samples");
  Table table(page, "plain samples",
              {"sample.name", "sample.role", "sample.model", "sample.serial", "sample.label",
               "sample.address", "sample.facts"});
  for (const SampleRecord& sample : page.record.samples) {
    const auto row = page.out.in("tr");
    page.out.leaf("th", {{"scope", "row"}}, sample.name);
    page.out.leaf("td", {}, page.text.word("role", sample.role));
    for (const std::string* data : {&sample.model, &sample.serial, &sample.label}) {
      const auto cell = page.out.in("td");
      page.out.text(data->empty() ? std::string("–") : *data);
    }
    {
      const auto cell = page.out.in("td");
      raw(page, sample.address);
    }
    page.out.leaf("td", {{"class", "small"}}, told(sample.facts, page.text));
  }
}

// "a; b" on two lines.
void parts_of(Page& page, std::string_view list, std::string_view kind) {
  const auto cell = page.out.in("td");
  for (const std::string_view part : split(list, ';'))
    page.out.leaf("div", {{"class", std::string(kind)}}, trim(part));
}

void instruments(Page& page) {
  heading(page, "bench.instruments");
  if (page.record.instruments.empty())
    return paragraph(page, "empty", page.text("bench.no_instruments"));
  Table table(
      page, "plain",
      {"instrument.id", "instrument.name", "instrument.quantity", "instrument.uncertainty",
       "instrument.certificate", "instrument.calibrated", "instrument.due", "instrument.state"});
  for (const InstrumentRecord& one : page.record.instruments) {
    const auto row = page.out.in("tr");
    page.out.leaf("th", {{"scope", "row"}}, one.id);
    {
      const auto cell = page.out.in("td");
      page.out.text(one.name);
      if (!one.serial.empty()) page.out.leaf("div", {{"class", "from"}}, one.serial);
    }
    parts_of(page, one.quantity, "");
    const bool both = !one.expanded_uncertainty.empty() && !one.points.empty();
    parts_of(page, cat(one.expanded_uncertainty, both ? ";" : "", one.points), "");
    {
      const auto cell = page.out.in("td");
      page.out.text(one.certificate);
      if (!one.laboratory.empty()) page.out.leaf("div", {{"class", "from"}}, one.laboratory);
    }
    page.out.leaf("td", {{"class", "q"}}, one.calibrated);
    page.out.leaf("td", {{"class", "q"}}, one.due);
    const auto cell = page.out.in("td");
    page.out.leaf("span", {{"class", one.state == "valid" ? "fit q" : "unfit q"}},
                  page.text.word("calibration", one.state));
  }
}

bool shown_elsewhere(std::string_view key) {
  for (const std::string_view known :
       {"laboratory", "customer",         "order",         "operators",
        "operator",   "instruments",      "environment",   "declaration",
        "product",    "samples",          "decision_rule", "location",
        "received",   "issued",           "sampling",      "condition",
        "deviations", "external_results", "authorised_by", "method",
        "id",         "report_number"})
    if (key == known) return true;
  return false;
}

void environment(Page& page) {
  heading(page, "bench.environment");
  const Json& environment = page.record.job["environment"];
  if (!environment.is_object() || environment.has("value")) {
    const std::string words = told(environment, page.text);
    return paragraph(page, words.empty() ? "missing" : "plain",
                     words.empty() ? page.text("report.not_stated") : words);
  }
  Facts facts(page);
  for (const Json::Member& member : environment.members())
    facts.named(field_name(member.first, page.text), told(member.second, page.text));
}

void declared(Page& page) {
  const Json& job = page.record.job;
  if (!job["declaration"].is_null() || !job["product"].is_null()) {
    heading(page, "bench.declared");
    paragraph(page, "intro", page.text("bench.declared_intro"));
    Facts facts(page);
    for (const std::string_view part : {"product", "declaration"}) {
      if (!job[part].is_object() && !job[part].is_null())
        facts.named(field_name(part, page.text), told(job[part], page.text));
      for (const Json::Member& member : job[part].members())
        facts.named(field_name(member.first, page.text), told(member.second, page.text));
    }
  }
  bool others = false;
  for (const Json::Member& member : job.members()) others |= !shown_elsewhere(member.first);
  if (!others) return;
  heading(page, "bench.other");
  Facts facts(page);
  for (const Json::Member& member : job.members())
    if (!shown_elsewhere(member.first))
      facts.named(field_name(member.first, page.text), told(member.second, page.text));
}

}  // namespace

void bench(Page& page) {
  const Section section(page, "bench");
  samples(page);
  instruments(page);
  environment(page);
  declared(page);
}

}  // namespace carebench::html
