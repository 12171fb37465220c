// What a plot is drawn with: lines, areas, markers and words as SVG. Everything is said in
// attributes: print engines do not carry a page's style sheet into a drawing.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "reports/html/markup.h"

namespace carebench::plot {

struct Stroke {
  std::string_view kind, colour, dash = {}, width = {};
};
// Dark enough to tell apart from paper, and from each other by dash and marker.
const Stroke& series_stroke(std::size_t series);
// Of marks and borders, by their style; the one of a statistic where there is no such style.
const Stroke& mark_stroke(std::string_view style);
extern const Stroke grid_stroke, zero_stroke, leader_stroke, band_stroke;

inline constexpr std::string_view fonts =
    "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', "
    "'WenQuanYi Micro Hei', sans-serif";
inline constexpr std::string_view bar_fill = "#d3dbe0", band_fill = "#dfe5e8";
inline constexpr std::string_view interval_fill = "#dfe5e8";

struct Point {
  double x = 0, y = 0;
};
struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

std::string at(double place);  // a coordinate, to a tenth

class Pen {
 public:
  explicit Pen(Markup& out) : out_(out) {}
  void line(Point from, Point to, const Stroke& stroke);
  void path(const std::string& d, const Stroke& stroke);
  // Straight lines through points; what lies outside the box is cut off.
  void path_within(std::span<const Point> points, const Box& box, const Stroke& stroke);
  void area(std::span<const Point> outline, std::string_view kind, std::string_view fill);
  void rect(const Box& box, std::string_view kind, std::string_view fill, const Stroke& stroke);
  void hatched(const Box& box);  // where nothing was heard
  void marker(Point middle, std::size_t series, double radius);
  void words(Point where, std::string_view text, std::string_view anchor,
             std::string_view transform = {}, std::string_view weight = {});

 private:
  Markup& out_;
};

}  // namespace carebench::plot
