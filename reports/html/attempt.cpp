#include <algorithm>

#include "reports/html/sections.h"
#include "reports/plot/svg.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

void value(Page& page, const Measurement& m) {
  if (const auto* truth = std::get_if<bool>(&m.value))
    return page.out.text(page.text(*truth ? "value.yes" : "value.no"));
  if (const auto* text = std::get_if<std::string>(&m.value)) return raw(page, *text);
  const Quantity& q = std::get<Quantity>(m.value);
  // What is printed is rounded; the number that was judged stands in the attribute.
  const std::string unit = unit_text(q.unit);
  page.out.leaf("data", {{"class", "q"}, {"value", number(q.value)}, {"title", value_text(m)}},
                m.reported ? cat(m.reported->value, unit.empty() ? "" : " ", unit)
                           : with_unit(q.value, q.unit));
}

void interval(Page& page, const Measurement& m) {
  const auto* q = std::get_if<Quantity>(&m.value);
  const auto line = page.out.in("div", {{"class", "interval"}});
  const std::string symbol = q ? unit_text(q->unit) : std::string();
  quantity(page, cat("[", shown(m.interval->low, 4), ","));
  page.out.text(" ");
  quantity(page, cat(shown(m.interval->high, 4), "]", symbol.empty() ? "" : " ", symbol));
  page.out.lone("br");
  page.out.text(
      page.text("value.interval", {{"percent", number(m.interval->confidence * 100, 4)}}));
  if (!m.interval->method.empty())
    page.out.text(cat(" (", page.text.word("method", m.interval->method), ")"));
}

void uncertainty(Page& page, const Measurement* m, const JudgedRecord* judged) {
  const auto* q = m ? std::get_if<Quantity>(&m->value) : nullptr;
  double expanded = q ? q->expanded() : 0, k = q ? q->k : 0;
  if (judged && judged->expanded_uncertainty) expanded = *judged->expanded_uncertainty;
  if (judged && judged->coverage_factor) k = *judged->coverage_factor;
  if (expanded == 0) return page.out.text("–");
  const std::string unit = q ? unit_text(q->unit) : std::string();
  quantity(page, m && m->reported ? cat(m->reported->uncertainty, unit.empty() ? "" : " ", unit)
                                  : with_unit(expanded, q ? q->unit : Unit(), uncertainty_digits));
  page.out.lone("br");
  quantity(page, cat("(k = ", shown(k, coverage_digits), ")"));
}

void limit(Page& page, const LimitRecord& limit) {
  const bool open = limit.status != "established" && page.text.has("status." + limit.status);
  if (open)
    page.out.leaf("span", {{"class", "status"}, {"title", limit.text}},
                  page.text("status." + limit.status));
  else if (limit.text.empty())
    page.out.text(page.text("limit.none"));
  else
    page.out.leaf("span", {{"class", "q"}, {"title", limit.text}}, limit_text(limit.text));
  page.out.text(" ");
  if (!limit.source_kind.empty())
    page.out.leaf("span", {{"class", cat("source ", limit.source_kind)}},
                  page.text.word("source", limit.source_kind));
  if (limit.source_kind == "built_in") return;
  const auto from = page.out.in("div", {{"class", "from"}});
  page.out.text(limit.source);
  if (!limit.confidence.empty())
    page.out.text(cat(limit.source.empty() ? "" : " ", "[", limit.confidence, "]"));
  if (!limit.id.empty() && limit.id != "inline") {
    page.out.text(" ");
    page.out.leaf("code", {}, limit.id);
  }
}

void rule(Page& page, const JudgedRecord& judged, const Measurement* m) {
  if (judged.rule.empty()) return page.out.text(page.text("rule.no_rule"));
  page.out.leaf("a", {{"href", "#rules"}}, page.text.word("rule_name", judged.rule));
  const auto line = page.out.in("div", {{"class", "from"}});
  // "job", or "inherent: <document>"; the document stands beside the limit already.
  const std::string source = judged.rule_source.substr(0, judged.rule_source.find(": "));
  if (!source.empty() && source != judged.rule)
    page.out.text(page.text.word("rule_source", source) + " ");
  const auto* q = m ? std::get_if<Quantity>(&m->value) : nullptr;
  if (judged.guard_factor) quantity(page, cat("r = ", shown(*judged.guard_factor)));
  if (judged.guard_band)
    quantity(page,
             cat("w = ", with_unit(*judged.guard_band, q ? q->unit : Unit(), uncertainty_digits)));
}

std::string percent(double probability) {
  return probability < 1e-4 ? "< 0.01" : number(probability * 100, 3);
}

std::string risk_of(Page& page, const JudgedRecord& judged) {
  if (judged.false_acceptance)
    return page.text("value.false_acceptance", {{"percent", percent(*judged.false_acceptance)}});
  if (judged.false_rejection)
    return page.text("value.false_rejection", {{"percent", percent(*judged.false_rejection)}});
  return page.text("value.conformance", {{"percent", percent(*judged.conformance)}});
}

// Below the row: the judgement in words, and what a reader must know.
void remarks(Page& page, const Measurement* m, const JudgedRecord* judged) {
  const bool risk = judged && judged->conformance;
  const std::string wording = judged ? page.text.pick(judged->wording) : std::string();
  const std::string note = m ? m->note : std::string();
  if (wording.empty() && note.empty() && !risk) return;
  const auto row = page.out.in("tr", {{"class", "remarks"}});
  const auto cell = page.out.in("td", {{"colspan", "6"}});
  if (!wording.empty()) page.out.leaf("span", {{"class", "wording"}}, wording);
  if (risk) page.out.leaf("span", {}, risk_of(page, *judged));
  if (!note.empty()) page.out.leaf("span", {{"class", "note"}}, note);
}

// "heart_rate.mape", which may be broken after its dots and underscores.
void quantity_name(Page& page, std::string_view name) {
  const auto code = page.out.in("code", {{"class", "name"}});
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = std::min(name.find_first_of("._", at), name.size() - 1) + 1;
    if (at > 0) page.out.lone("wbr");
    page.out.text(name.substr(at, end - at));
    at = end;
  }
}

void row(Page& page, const std::string& name, const Measurement* m, const JudgedRecord* judged) {
  {
    const auto tr = page.out.in("tr", {{"class", "value"}});
    {
      const auto head = page.out.in("th", {{"scope", "row"}});
      quantity_name(page, name);
      const auto seq = page.out.in("div", {{"class", "from"}});
      if (m) evidence(page, m->evidence);
    }
    {
      const auto cell = page.out.in("td");
      if (m) {
        value(page, *m);
        if (m->interval) interval(page, *m);
        if (m->samples > 0) page.out.leaf("div", {{"class", "from q"}}, cat("n = ", m->samples));
      } else {
        page.out.text(page.text("value.absent"));
      }
    }
    {
      const auto cell = page.out.in("td");
      uncertainty(page, m, judged);
    }
    {
      const auto cell = page.out.in("td", {{"class", "limit"}});
      if (judged)
        limit(page, judged->limit);
      else
        page.out.text(page.text("limit.none"));
    }
    {
      const auto cell = page.out.in("td");
      if (judged)
        rule(page, *judged, m);
      else
        page.out.text("–");
    }
    const auto cell = page.out.in("td");
    badge(page, judged ? judged->finding : Finding::without(Reason::report_only));
  }
  remarks(page, m, judged);
  page.out.line();
}

void values(Page& page, const Attempt& attempt) {
  if (attempt.measurements.empty() && attempt.judged.empty()) return;
  // A short table is kept on one page.
  const bool is_short = attempt.measurements.size() + attempt.judged.size() < 8;
  Table table(page, is_short ? "values short" : "values",
              {"value.quantity", "value.result", "value.uncertainty", "value.limit", "value.rule",
               "value.finding"});
  for (const Measurement& m : attempt.measurements) {
    bool judged = false;
    for (const JudgedRecord& j : attempt.judged) {
      if (j.value != m.name) continue;
      row(page, m.name, &m, &j);
      judged = true;
    }
    if (!judged) row(page, m.name, &m, nullptr);
  }
  for (const JudgedRecord& j : attempt.judged) {
    const bool shown_above = std::any_of(attempt.measurements.begin(), attempt.measurements.end(),
                                         [&](const Measurement& m) { return m.name == j.value; });
    if (!shown_above) row(page, j.value, nullptr, &j);
  }
}

void figure(Page& page, const Figure& figure) {
  const auto element = page.out.in("figure");
  const int number = ++page.figures;
  const int undrawn = plot::draw(page.out, figure, page.text, cat("figure-", number));
  const auto caption = page.out.in("figcaption");
  page.out.leaf("b", {}, page.text("plot.figure", {{"number", cat(number)}}));
  page.out.text(" " + page.text.pick(figure.title));
  if (undrawn > 0)
    page.out.text(page.text("report.separator") +
                  page.text("plot.undrawn", {{"number", cat(undrawn)}}));
  if (!figure.note.empty()) page.out.text(page.text("report.separator") + figure.note);
}

}  // namespace

void attempt(Page& page, const Attempt& attempt) {
  if (attempt.error) error(page, *attempt.error);
  if (!attempt.unfit.empty()) {
    const auto box = page.out.in("div", {{"class", "unfit-reference"}});
    page.out.leaf("b", {}, page.text("unfit.title"));
    const auto list = page.out.in("ul");
    for (const Text2& why : attempt.unfit) page.out.leaf("li", {}, page.text.pick(why));
  }
  values(page, attempt);
  budgets(page, attempt);
  for (const Figure& one : attempt.figures) figure(page, one);
  if (attempt.notes.empty()) return;
  const auto list = page.out.in("ul", {{"class", "notes"}});
  for (const std::string& note : attempt.notes) page.out.leaf("li", {}, note);
}

}  // namespace carebench::html
