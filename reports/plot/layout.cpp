#include "reports/plot/layout.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "standards/vocab/text.h"

namespace carebench::plot {
namespace {

constexpr double plot_height = 190, scatter_height = 250, square_most = 420, row_height = 17,
                 margin = 8;
constexpr double widest_label = 230;
constexpr double label_distance = 15;

struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  bool empty() const { return low > high; }
  double span() const { return empty() ? 0 : high - low; }
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

std::string symbol(const std::string& ucum) {
  const std::optional<Unit> unit = Unit::parse(ucum);
  return std::string(unit ? unit->symbol() : std::string_view(ucum));
}

std::string titled(const std::string& label, const std::string& unit) {
  return unit.empty() || label.empty() ? cat(label, unit) : cat(label, " (", unit, ")");
}

// Behind a number; "1/min" before it would run into the digits.
std::string after_number(const std::string& unit) {
  return unit.empty() ? "" : " " + unit.substr(unit.starts_with("1/") ? 1 : 0);
}

std::string mark_text(const Figure::Mark& mark, double value, const std::string& unit,
                      const Texts& texts) {
  const std::string& label = texts.pick(mark.label);
  const std::string shown = number(value, 4);
  if (!label.empty() && label.find(shown) != label.npos) return label;
  return cat(label, label.empty() ? "" : " ", shown, after_number(unit));
}

// Where a border crosses x, if it does: nothing of a limit is drawn where there are no readings.
std::optional<double> height_at(const Figure::Border& border, double x) {
  const std::size_t n = std::min(border.x.size(), border.y.size());
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const double from = border.x[i], to = border.x[i + 1];
    if (!(std::min(from, to) <= x && x <= std::max(from, to))) continue;
    if (from == to) return border.y[i + 1];
    return border.y[i] + (border.y[i + 1] - border.y[i]) * (x - from) / (to - from);
  }
  return std::nullopt;
}

// Marks may widen the range, but not so far that the data are lost in a corner.
void widen(Extent& extent, const std::vector<Line>& lines, double most_times) {
  const Extent data = extent;
  const auto reach = [&](double value) {
    if (!drawable(value)) return;
    if (data.empty() || data.span() == 0) return extent.add(value);
    const double grown = std::max(data.high, value) - std::min(data.low, value);
    if (grown <= most_times * data.span()) extent.add(value);
  };
  for (const Line& line : lines) {
    reach(line.value);
    if (!line.shade.there) continue;
    reach(line.shade.low);
    reach(line.shade.high);
  }
}

void place(std::vector<Line>& lines, const Axis& axis) {
  for (Line& line : lines) {
    line.beyond = !axis.holds(line.value);
    line.place = axis.place(std::clamp(line.value, axis.low, axis.high));
    line.label = line.place;
  }
}

// Range of the data; counts what no axis can hold.
void collect(const Figure& figure, Layout& out, Extent& xs, Extent& ys) {
  const bool bars = figure.kind == "histogram";
  const bool curve = figure.kind == "series" || figure.kind == "steps";
  bool shares = figure.kind == "ecdf";
  for (const Figure::Series& series : figure.series) {
    for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
      if (!drawable(series.x[i]) || !drawable(series.y[i])) {
        // In a curve, no value only lifts the pen.
        if (!curve || !std::isnan(series.y[i])) ++out.undrawn;
        continue;
      }
      xs.add(series.x[i]);
      ys.add(series.y[i]);
      for (const std::vector<double>* edge : {&series.low, &series.high})
        if (i < edge->size() && drawable((*edge)[i])) ys.add((*edge)[i]);
      if (series.y[i] > 1) shares = false;
    }
    if (!bars || series.x.size() < 2) continue;
    const bool edges = series.x.size() == series.y.size() + 1;
    const double half = edges ? 0 : std::abs(series.x[1] - series.x[0]) / 2;
    if (drawable(series.x.front() - half)) xs.add(series.x.front() - half);
    if (drawable(series.x.back() + half)) xs.add(series.x.back() + half);
  }
  out.percent = shares;
  for (const Figure::Gap& gap : figure.gaps)
    for (const double edge : {gap.from, gap.to})
      if (drawable(edge)) xs.add(edge);
  if (figure.kind == "deviation" || figure.kind == "bland_altman" || bars) ys.add(0);
  if (!shares) return;
  ys = {};
  ys.add(0);
  ys.add(100);
}

Shade interval_in(const Interval& interval, bool upright, const Layout& out) {
  if (upright) return {true, interval.low, interval.high};
  return {true, out.y_value(interval.low), out.y_value(interval.high)};
}

void set_marks(const Figure& figure, const Texts& texts, const std::string& x_unit,
               const std::string& y_unit, Layout& out) {
  for (const Figure::Mark& mark : figure.marks) {
    if (std::isnan(mark.value)) continue;
    const bool upright = mark.axis == 'x';
    Line line;
    line.value = upright ? mark.value : out.y_value(mark.value);
    line.style = mark.style;
    if (mark.interval) line.shade = interval_in(*mark.interval, upright, out);
    line.text = fitted(mark_text(mark, line.value, upright ? x_unit : y_unit, texts), widest_label);
    (upright ? out.x_lines : out.y_lines).push_back(std::move(line));
  }
}

// A border's name stands where it leaves the readings.
void set_borders(const Figure& figure, const Texts& texts, const Extent& xs, Layout& out) {
  if (xs.empty()) return;
  for (const Figure::Border& border : figure.borders) {
    for (const double x : {xs.low, xs.high}) {
      const auto y = height_at(border, x);
      if (!y || !drawable(*y)) continue;
      const bool named = x == xs.high;
      Line line;
      line.value = out.y_value(*y);
      line.drawn = false;
      if (named) line.text = fitted(texts.pick(border.label), widest_label);
      out.y_lines.push_back(std::move(line));
    }
  }
}

void set_square(const Figure& figure, Extent& xs, Extent& ys, Layout& out) {
  Extent both;
  for (const Figure::Border& border : figure.borders)
    for (const std::vector<double>* values : {&border.x, &border.y})
      for (const double value : *values)
        if (drawable(value)) both.add(value);
  for (const Extent& one : {xs, ys}) {
    if (one.empty()) continue;
    both.add(one.low);
    both.add(one.high);
  }
  out.x = nice_axis(both.low, both.high, 7);
  if (!both.empty() && both.low < both.high) {  // zones end at the edge of the plot
    out.x.low = both.low;
    out.x.high = both.high;
  }
  out.y = out.x;
}

// Left and right of the plot: ticks and title there, labels of marks here.
void set_width(bool square, Layout& out) {
  double tick_width = 0, label_width = 0;
  for (const double tick : out.y.ticks())
    tick_width = std::max(tick_width, text_width(out.y_text(tick)));
  out.left = margin + (out.y_title.empty() ? 0 : row_height + 4) + tick_width + 6;
  for (const Line& line : out.y_lines) label_width = std::max(label_width, text_width(line.text));
  const double labels = margin + label_width + (label_width > 0 ? 14 : 0);
  out.right = out.width - std::max(labels, text_width(out.x.tick_text(out.x.high)) / 2);
  if (square) out.right = std::min(out.right, out.left + square_most);
  out.x.from = out.left;
  out.x.to = out.right;
}

void set_flags(Layout& out) {
  place(out.x_lines, out.x);
  for (const Line& line : out.x_lines) {
    const bool above = line.value > out.x.high;
    out.flags.push_back({line.place,
                         !line.beyond ? line.text
                         : above      ? line.text + " →"
                                      : "← " + line.text,
                         false, 0});
  }
  out.flag_rows = arrange(out.flags, out.right);
}

void name_keys(const Figure& figure, const Texts& texts, Layout& out) {
  const auto key = [&](Key::Of of, std::size_t series, const std::string& text) {
    out.keys.push_back({of, series, fitted(text, out.width / 2)});
  };
  const bool banded = std::any_of(figure.series.begin(), figure.series.end(),
                                  [](const auto& series) { return !series.low.empty(); });
  if (figure.series.size() > 1 || banded)
    for (std::size_t s = 0; s < figure.series.size(); ++s)
      key(scattered(figure) ? Key::Of::marker : Key::Of::curve, s,
          texts.pick(figure.series[s].name));
  for (const Figure::Series& series : figure.series)
    if (!series.low.empty()) key(Key::Of::band, 0, texts.pick(series.band));
  for (const Figure::Mark& mark : figure.marks) {
    if (!mark.interval) continue;
    key(Key::Of::interval, 0,
        texts("plot.interval", {{"percent", number(mark.interval->confidence * 100, 4)}}));
    break;
  }
  if (!figure.gaps.empty()) key(Key::Of::gap, 0, texts("plot.gap"));
}

// Rows of the legend; returns the space they take.
double set_legend(const Figure& figure, const Texts& texts, Layout& out) {
  name_keys(figure, texts, out);
  if (out.keys.empty()) return 0;
  double rows = 1, used = 0;
  for (const Key& key : out.keys) {
    const double width = legend_width(key.text);
    if (used > 0 && used + width > out.right - out.left) rows += 1, used = 0;
    used += width;
  }
  out.legend = margin + row_height / 2;
  return rows * row_height + 4;
}

void set_height(double legend, const Figure& figure, Layout& out) {
  out.top = margin + legend + out.flag_rows * row_height + 4;
  const double least = figure.kind == "bland_altman" ? scatter_height : plot_height;
  const double needed = label_distance * static_cast<double>(out.y_lines.size() + 1);
  out.bottom =
      out.top + (figure.kind == "error_grid" ? out.right - out.left : std::max(least, needed));
  out.height = out.bottom + row_height + (out.x_title.empty() ? 0 : row_height + 2) + margin;
  out.y.from = out.bottom;
  out.y.to = out.top;
  place(out.y_lines, out.y);
  std::vector<double> labels;
  for (const Line& line : out.y_lines) labels.push_back(line.place);
  spread(labels, label_distance, out.top, out.bottom);
  for (std::size_t i = 0; i < labels.size(); ++i) out.y_lines[i].label = labels[i];
}

}  // namespace

std::string Layout::y_text(double tick) const {
  if (y_names.empty()) return y.tick_text(tick);
  const double last = static_cast<double>(y_names.size() - 1);
  return y_names[static_cast<std::size_t>(std::clamp(std::round(tick), 0.0, last))];
}

double legend_width(const std::string& name) { return 34 + text_width(name) + 14; }

bool scattered(const Figure& figure) {
  return figure.kind == "deviation" || figure.kind == "bland_altman" || figure.kind == "error_grid";
}

Layout lay_out(const Figure& figure, const Texts& texts) {
  Layout out;
  Extent xs, ys;
  const bool square = figure.kind == "error_grid";
  collect(figure, out, xs, ys);
  const std::string x_unit = symbol(figure.x_unit);
  const std::string y_unit = out.percent ? "%" : symbol(figure.y_unit);
  out.x_title = titled(texts.pick(figure.x_label), x_unit);
  out.y_title = titled(texts.pick(figure.y_label), y_unit);
  set_marks(figure, texts, x_unit, y_unit, out);
  if (square) {
    set_square(figure, xs, ys, out);
  } else {
    set_borders(figure, texts, xs, out);
    widen(xs, out.x_lines, 4);
    widen(ys, out.y_lines, scattered(figure) ? 25 : 4);
    out.x = nice_axis(xs.low, xs.high, 7);
    out.y = nice_axis(ys.low, ys.high, 5);
  }
  for (const Text2& name : figure.y_names) out.y_names.push_back(fitted(texts.pick(name), 120));
  if (!out.y_names.empty()) {
    out.y.low = -0.5;
    out.y.high = static_cast<double>(out.y_names.size()) - 0.5;
    out.y.step = 1;
  }
  std::erase_if(out.y_lines, [](const Line& line) { return !line.drawn && line.text.empty(); });
  set_width(square, out);
  set_flags(out);
  set_height(set_legend(figure, texts, out), figure, out);
  return out;
}

}  // namespace carebench::plot
