#include "reports/plot/budget.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "reports/html/numbers.h"
#include "reports/plot/axis.h"
#include "reports/plot/labels.h"
#include "reports/plot/pen.h"
#include "standards/vocab/text.h"

namespace carebench::plot {
namespace {

constexpr double width = 680, left = 250, right = 560, row = 24, bar = 14, top = 8;
constexpr std::size_t most_bars = 60;
constexpr Stroke outline{"bar", "#0b3d5c"};
constexpr std::string_view combined_fill = "#0b3d5c";

struct Bar {
  std::string name;
  double length = 0;
  char type = 'B';
  bool combined = false;
};

std::vector<Bar> bars_of(const Measurement& value, const Texts& texts) {
  std::vector<Bar> bars;
  for (const UncertaintyComponent& one : value.budget)
    if (drawable(one.contribution()) && bars.size() < most_bars)
      bars.push_back(
          {cat(texts.pick(one.name), " (", one.type, ")"), one.contribution(), one.type});
  std::stable_sort(bars.begin(), bars.end(),
                   [](const Bar& a, const Bar& b) { return a.length > b.length; });
  const double u = std::get<Quantity>(value.value).u;
  if (drawable(u)) bars.push_back({texts("budget.sum"), u, 'B', true});
  return bars;
}

}  // namespace

void draw_budget(Markup& out, const Measurement& value, const Texts& texts, const std::string& id) {
  const Unit unit = std::get<Quantity>(value.value).unit;
  const std::vector<Bar> bars = bars_of(value, texts);
  double longest = 0;
  for (const Bar& one : bars) longest = std::max(longest, one.length);
  Axis axis = nice_axis(0, longest, 5);
  axis.from = left;
  axis.to = right;
  const double bottom = top + row * static_cast<double>(bars.size());

  const auto svg = out.in("svg", {{"viewBox", cat("0 0 ", width, " ", at(bottom + 40))},
                                  {"role", "img"},
                                  {"font-family", std::string(fonts)},
                                  {"font-size", number(text_size)},
                                  {"fill", "#16191c"},
                                  {"aria-labelledby", cat(id, "-t ", id, "-d")}});
  out.leaf("title", {{"id", id + "-t"}}, texts("budget.figure", {{"value", value.name}}));
  std::string said;
  for (const Bar& one : bars)
    said += cat(said.empty() ? "" : texts("report.separator"), one.name, " ",
                html::with_unit(one.length, unit, 3));
  out.leaf("desc", {{"id", id + "-d"}}, texts("budget.described", {{"bars", said}}));

  Pen pen(out);
  for (const double tick : axis.ticks()) {
    const double x = axis.place(tick);
    pen.line({x, top}, {x, bottom}, grid_stroke);
    pen.words({x, bottom + 16}, axis.tick_text(tick), "middle");
  }
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const Bar& one = bars[i];
    const double middle = top + row * (static_cast<double>(i) + 0.5);
    const Box box{left, middle - bar / 2, axis.place(one.length), middle + bar / 2};
    if (one.type == 'A') pen.hatched(box);
    const std::string_view fill = one.combined ? combined_fill : bar_fill;
    pen.rect(box, "bar", one.type == 'A' ? "none" : fill, outline);
    pen.words({left - 6, middle + 4}, fitted(one.name, left - 12), "end");
    pen.words({box.right + 6, middle + 4}, html::with_unit(one.length, unit, 2), "start");
  }
  pen.line({left, top}, {left, bottom}, zero_stroke);
  const std::string symbol = html::unit_text(unit);
  pen.words({(left + right) / 2, bottom + 34},
            cat(texts("budget.axis"), symbol.empty() ? "" : cat(" (", symbol, ")")), "middle");
}

}  // namespace carebench::plot
