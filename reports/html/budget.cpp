#include "reports/plot/budget.h"

#include <algorithm>
#include <cmath>

#include "reports/html/sections.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

std::string degrees(double dof) { return shown(dof, 3); }

void component_row(Page& page, const UncertaintyComponent& one, const Quantity& value) {
  const auto row = page.out.in("tr");
  {
    const auto head = page.out.in("th", {{"scope", "row"}});
    page.out.text(page.text.pick(one.name));
    if (!one.source.empty()) page.out.leaf("div", {{"class", "from"}}, one.source);
  }
  const auto cell = [&](const std::string& text) {
    const auto element = page.out.in("td");
    quantity(page, text);
  };
  const double share = value.u > 0 ? one.contribution() / value.u : 0;
  cell(std::string(1, one.type));
  page.out.leaf("td", {}, page.text.word("distribution", to_string(one.distribution)));
  cell(with_unit(one.given, one.unit, 3));
  cell(shown(one.divisor, 3));
  cell(with_unit(one.given / one.divisor, one.unit, 3));
  cell(shown(one.sensitivity, 3));
  cell(with_unit(one.contribution(), value.unit, 3));
  cell(cat(shown(std::round(100 * share * share), 3), " %"));
  cell(degrees(one.dof));
}

void budget(Page& page, const Measurement& m) {
  const auto& value = std::get<Quantity>(m.value);
  {
    const auto row = page.out.in("tr", {{"class", "of"}});
    const auto head = page.out.in("th", {{"colspan", "10"}, {"scope", "rowgroup"}});
    page.out.leaf("code", {{"class", "name"}}, m.name);
    page.out.text(page.text("report.colon"));
    page.out.text(
        page.text("budget.combined", {{"u", with_unit(value.u, value.unit, 3)},
                                      {"dof", degrees(value.dof)},
                                      {"k", shown(value.k, coverage_digits)},
                                      {"coverage", number(page.record.coverage * 100, 4)},
                                      {"expanded", with_unit(value.expanded(), value.unit, 3)}}));
    if (m.reported) {
      const std::string unit = unit_text(value.unit);
      page.out.text(page.text("report.separator"));
      page.out.text(page.text(
          "budget.reported",
          {{"value", m.reported->value}, {"expanded", cat(m.reported->uncertainty, " ", unit)}}));
    }
  }
  for (const UncertaintyComponent& one : m.budget) component_row(page, one, value);
  page.out.line();
}

bool has_budget(const Measurement& m) {
  return !m.budget.empty() && std::holds_alternative<Quantity>(m.value);
}

}  // namespace

void budgets(Page& page, const Attempt& attempt) {
  if (std::none_of(attempt.measurements.begin(), attempt.measurements.end(), has_budget)) return;
  page.out.leaf("h4", {}, page.text("budget.title"));
  {
    Table table(page, "budget",
                {"budget.component", "budget.type", "budget.distribution", "budget.given",
                 "budget.divisor", "budget.standard", "budget.sensitivity", "budget.contribution",
                 "budget.share", "budget.dof"});
    for (const Measurement& m : attempt.measurements)
      if (has_budget(m)) budget(page, m);
  }
  for (const Measurement& m : attempt.measurements) {
    const bool judged = std::any_of(attempt.judged.begin(), attempt.judged.end(),
                                    [&](const JudgedRecord& j) { return j.value == m.name; });
    if (!has_budget(m) || !judged) continue;
    const auto element = page.out.in("figure");
    const int number = ++page.figures;
    plot::draw_budget(page.out, m, page.text, cat("figure-", number));
    const auto caption = page.out.in("figcaption");
    page.out.leaf("b", {}, page.text("plot.figure", {{"number", cat(number)}}));
    page.out.text(" " + page.text("budget.figure", {{"value", m.name}}));
  }
}

}  // namespace carebench::html
