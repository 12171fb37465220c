#include "reports/plot/layout.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "standards/vocab/text.h"

namespace carebench::plot {
namespace {

constexpr double plot_height = 230, row_height = 17, margin = 8;
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

std::string mark_text(const Figure::Mark& mark, double value, const std::string& unit,
                      const Texts& texts) {
  const std::string& label = texts.pick(mark.label);
  const std::string shown = number(value, 4);
  if (!label.empty() && label.find(shown) != label.npos) return label;
  return cat(label, label.empty() ? "" : " ", shown, unit.empty() ? "" : " ", unit);
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

}  // namespace

double legend_width(const std::string& name) { return 34 + text_width(name) + 14; }

Layout lay_out(const Figure& figure, const Texts& texts) {
  Layout out;
  Extent xs, ys;
  bool shares = figure.kind == "ecdf";
  for (const Figure::Series& series : figure.series) {
    const bool edges = figure.kind == "histogram" && series.x.size() == series.y.size() + 1;
    for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
      if (!drawable(series.x[i]) || !drawable(series.y[i])) {
        ++out.undrawn;
        continue;
      }
      xs.add(series.x[i]);
      ys.add(series.y[i]);
      if (series.y[i] > 1) shares = false;
    }
    if (edges && drawable(series.x.back())) xs.add(series.x.back());
    if (!edges && figure.kind == "histogram" && xs.span() > 0 && series.x.size() > 1) {
      const double half = std::abs(series.x[1] - series.x[0]) / 2;
      if (drawable(half)) xs.add(series.x.front() - half), xs.add(series.x.back() + half);
    }
  }
  out.percent = shares;
  const std::string x_unit = symbol(figure.x_unit);
  const std::string y_unit = out.percent ? "%" : symbol(figure.y_unit);
  out.x_title = titled(texts.pick(figure.x_label), x_unit);
  out.y_title = titled(texts.pick(figure.y_label), y_unit);

  for (const Figure::Mark& mark : figure.marks) {
    if (std::isnan(mark.value)) continue;
    Line line;
    line.value = mark.axis == 'y' ? out.y_value(mark.value) : mark.value;
    line.text = fitted(mark_text(mark, line.value, mark.axis == 'y' ? y_unit : x_unit, texts),
                       widest_label);
    (mark.axis == 'y' ? out.y_lines : out.x_lines).push_back(std::move(line));
  }

  if (figure.kind == "deviation" || figure.kind == "histogram") ys.add(0);
  if (out.percent) {
    ys = {};
    ys.add(0);
    ys.add(100);
  }
  widen(xs, out.x_lines, 4);
  widen(ys, out.y_lines, figure.kind == "deviation" ? 25 : 4);
  out.x = nice_axis(xs.low, xs.high, 7);
  out.y = nice_axis(ys.low, ys.high, 5);

  double tick_width = 0;
  for (const double tick : out.y.ticks())
    tick_width = std::max(tick_width, text_width(out.y.tick_text(tick)));
  out.left = margin + (out.y_title.empty() ? 0 : row_height + 4) + tick_width + 6;
  double label_width = 0;
  for (const Line& line : out.y_lines) label_width = std::max(label_width, text_width(line.text));
  const double last_tick = text_width(out.x.tick_text(out.x.high)) / 2;
  out.right = out.width - std::max(margin + label_width + (label_width > 0 ? 14 : 0), last_tick);

  out.x.from = out.left;
  out.x.to = out.right;
  place(out.x_lines, out.x);
  for (const Line& line : out.x_lines) out.flags.push_back({line.place, line.text, false, 0});
  const double middle = (out.left + out.right) / 2;
  for (std::size_t i = 0; i < out.flags.size(); ++i)
    if (out.x_lines[i].beyond)
      out.flags[i].text =
          out.flags[i].x > middle ? out.flags[i].text + " →" : "← " + out.flags[i].text;
  out.flag_rows = arrange(out.flags, middle);

  double y = margin;
  if (figure.series.size() > 1) {
    double used = out.width;
    for (const Figure::Series& series : figure.series) {
      out.names.push_back(fitted(texts.pick(series.name), out.width / 2));
      used += legend_width(out.names.back());
      if (used > out.right - out.left) {
        used = legend_width(out.names.back());
        y += row_height;
        if (out.legend == 0) out.legend = y - row_height / 2;
      }
    }
    y += 4;
  }
  out.top = y + out.flag_rows * row_height + 4;
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
  return out;
}

}  // namespace carebench::plot
