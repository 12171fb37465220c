// Where things stand on the paper of a plot, decided before anything is drawn.
#pragma once

#include <string>
#include <vector>

#include "reports/html/texts.h"
#include "reports/plot/axis.h"
#include "reports/plot/labels.h"
#include "reports/plot/pen.h"
#include "standards/vocab/run_record.h"

namespace carebench::plot {

// The interval of a mark, in the unit of the axis.
struct Shade {
  bool there = false;
  double low = 0, high = 0;
};

// A mark as it will be drawn: its line, and its label with the value and unit.
struct Line {
  std::string text, style;
  double value = 0;
  Shade shade;
  bool drawn = true;    // false: the label alone, of a border that is drawn elsewhere
  bool beyond = false;  // outside the axis: an arrow at the edge instead of a line
  double place = 0;     // of the line, on the paper
  double label = 0;     // of the label's middle; differs where labels were moved apart
};

// An entry of the legend.
struct Key {
  enum class Of { curve, marker, band, interval, gap } of = Of::curve;
  std::size_t series = 0;
  std::string text;
};

struct Layout {
  double width = 680, height = 0;
  double left = 0, right = 0, top = 0, bottom = 0;  // of the plot area
  Axis x, y;
  bool percent = false;  // shares are drawn as 0 % to 100 %
  std::string x_title, y_title;
  std::vector<std::string> y_names;  // of 0, 1, …; empty: y is a quantity
  std::vector<Line> x_lines, y_lines;
  std::vector<Flag> flags;  // labels of x_lines, in their order
  int flag_rows = 0;
  std::vector<Key> keys;  // empty: no legend
  double legend = 0;      // middle of the legend's first line
  int undrawn = 0;        // points that no axis can hold: infinite, or no number

  std::string y_text(double tick) const;
  double y_value(double value) const { return percent ? value * 100 : value; }
  Box box() const { return {left, top, right, bottom}; }
  Point point(double x_value, double y_in_figure) const {
    return {x.place(x_value), y.place(y_value(y_in_figure))};
  }
};

Layout lay_out(const Figure& figure, const Texts& texts);

// Space that a legend entry takes, its sample of the line included.
double legend_width(const std::string& name);
// Kinds that show readings as markers, not as a curve.
bool scattered(const Figure& figure);

}  // namespace carebench::plot
