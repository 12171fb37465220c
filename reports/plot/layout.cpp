#include "reports/plot/layout.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "standards/vocab/text.h"

namespace carebench::plot {
namespace {

constexpr double plot_height = 190, row_height = 17, margin = 8;
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

// Marks may widen the range, but not so far that the data are lost in a corner.
void widen(Extent& extent, const std::vector<Line>& lines, double most_times) {
  const Extent data = extent;
  for (const Line& line : lines) {
    if (!drawable(line.value)) continue;
    if (data.empty() || data.span() == 0) {
      extent.add(line.value);
      continue;
    }
    const double grown = std::max(data.high, line.value) - std::min(data.low, line.value);
    if (grown <= most_times * data.span()) extent.add(line.value);
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
  bool shares = figure.kind == "ecdf";
  for (const Figure::Series& series : figure.series) {
    for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
      if (!drawable(series.x[i]) || !drawable(series.y[i])) {
        ++out.undrawn;
        continue;
      }
      xs.add(series.x[i]);
      ys.add(series.y[i]);
      if (series.y[i] > 1) shares = false;
    }
    if (!bars || series.x.size() < 2) continue;
    const bool edges = series.x.size() == series.y.size() + 1;
    const double half = edges ? 0 : std::abs(series.x[1] - series.x[0]) / 2;
    if (drawable(series.x.front() - half)) xs.add(series.x.front() - half);
    if (drawable(series.x.back() + half)) xs.add(series.x.back() + half);
  }
  out.percent = shares;
  if (figure.kind == "deviation" || bars) ys.add(0);
  if (!shares) return;
  ys = {};
  ys.add(0);
  ys.add(100);
}

void set_marks(const Figure& figure, const Texts& texts, const std::string& x_unit,
               const std::string& y_unit, Layout& out) {
  for (const Figure::Mark& mark : figure.marks) {
    if (std::isnan(mark.value)) continue;
    const bool upright = mark.axis == 'x';
    Line line;
    line.value = upright ? mark.value : out.y_value(mark.value);
    line.text = fitted(mark_text(mark, line.value, upright ? x_unit : y_unit, texts), widest_label);
    (upright ? out.x_lines : out.y_lines).push_back(std::move(line));
  }
}

// Left and right of the plot: ticks and title there, labels of marks here.
void set_width(Layout& out) {
  double tick_width = 0, label_width = 0;
  for (const double tick : out.y.ticks())
    tick_width = std::max(tick_width, text_width(out.y.tick_text(tick)));
  out.left = margin + (out.y_title.empty() ? 0 : row_height + 4) + tick_width + 6;
  for (const Line& line : out.y_lines) label_width = std::max(label_width, text_width(line.text));
  const double labels = margin + label_width + (label_width > 0 ? 14 : 0);
  out.right = out.width - std::max(labels, text_width(out.x.tick_text(out.x.high)) / 2);
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

// Rows of the legend; returns the space they take.
double set_legend(const Figure& figure, const Texts& texts, Layout& out) {
  if (figure.series.size() < 2) return 0;
  double rows = 1, used = 0;
  for (const Figure::Series& series : figure.series) {
    out.names.push_back(fitted(texts.pick(series.name), out.width / 2));
    const double width = legend_width(out.names.back());
    if (used > 0 && used + width > out.right - out.left) rows += 1, used = 0;
    used += width;
  }
  out.legend = margin + row_height / 2;
  return rows * row_height + 4;
}

void set_height(double legend, Layout& out) {
  out.top = margin + legend + out.flag_rows * row_height + 4;
  const double needed = label_distance * static_cast<double>(out.y_lines.size() + 1);
  out.bottom = out.top + std::max(plot_height, needed);
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

double legend_width(const std::string& name) { return 34 + text_width(name) + 14; }

Layout lay_out(const Figure& figure, const Texts& texts) {
  Layout out;
  Extent xs, ys;
  collect(figure, out, xs, ys);
  const std::string x_unit = symbol(figure.x_unit);
  const std::string y_unit = out.percent ? "%" : symbol(figure.y_unit);
  out.x_title = titled(texts.pick(figure.x_label), x_unit);
  out.y_title = titled(texts.pick(figure.y_label), y_unit);
  set_marks(figure, texts, x_unit, y_unit, out);
  widen(xs, out.x_lines, 4);
  widen(ys, out.y_lines, figure.kind == "deviation" ? 25 : 4);
  out.x = nice_axis(xs.low, xs.high, 7);
  out.y = nice_axis(ys.low, ys.high, 5);
  set_width(out);
  set_flags(out);
  set_height(set_legend(figure, texts, out), out);
  return out;
}

}  // namespace carebench::plot
