#include "reports/plot/svg.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/plot/layout.h"
#include "standards/vocab/text.h"

namespace carebench::plot {
namespace {

struct Style {
  std::string_view colour, dash;
};
// Dark enough to tell apart from paper, and from each other by dash and marker.
constexpr std::array styles = {Style{"#0b3d5c", ""},    Style{"#8a3b00", "7 3"},
                               Style{"#2f5d1e", "2 3"}, Style{"#5b2a6e", "9 3 2 3"},
                               Style{"#444444", "4 4"}, Style{"#7a1f3d", "12 4"}};

// Everything is said in attributes: print engines do not carry a page's style sheet into a drawing.
struct Pen {
  std::string_view kind, stroke, dash;
};
constexpr Pen grid_pen{"grid", "#dde2e5", ""}, zero_pen{"zero", "#16191c", ""},
    mark_pen{"mark", "#16191c", "6 3"}, leader_pen{"leader", "#7a8288", ""};
constexpr std::string_view fonts =
    "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', "
    "'WenQuanYi Micro Hei', sans-serif";

const Style& style(std::size_t series) { return styles[series % styles.size()]; }

std::string at(double place) { return number(std::round(place * 10) / 10, 7); }

class Drawing {
 public:
  Drawing(Markup& out, const Figure& figure, const Layout& layout)
      : out_(out), figure_(figure), layout_(layout) {}

  void all() {
    grid();
    if (figure_.kind == "histogram")
      bars();
    else if (figure_.kind == "deviation")
      points();
    else
      curves();
    x_marks();
    y_marks();
    axes();
    legend();
  }

 private:
  void line(double x1, double y1, double x2, double y2, const Pen& pen) {
    out_.leaf("line",
              {{"class", std::string(pen.kind)},
               {"stroke", std::string(pen.stroke)},
               {"stroke-dasharray", std::string(pen.dash)},
               {"x1", at(x1)},
               {"y1", at(y1)},
               {"x2", at(x2)},
               {"y2", at(y2)}},
              {});
  }
  void words(double x, double y, std::string_view text, std::string_view anchor,
             std::string_view transform = {}) {
    out_.leaf("text",
              {{"x", at(x)},
               {"y", at(y)},
               {"text-anchor", std::string(anchor)},
               {"transform", std::string(transform)}},
              text);
  }

  void grid() {
    for (const double tick : layout_.x.ticks()) {
      const double x = layout_.x.place(tick);
      line(x, layout_.top, x, layout_.bottom, grid_pen);
      words(x, layout_.bottom + 16, layout_.x.tick_text(tick), "middle");
    }
    for (const double tick : layout_.y.ticks()) {
      const double y = layout_.y.place(tick);
      line(layout_.left, y, layout_.right, y, grid_pen);
      words(layout_.left - 6, y + 4, layout_.y.tick_text(tick), "end");
    }
    if (figure_.kind == "deviation" && layout_.y.holds(0)) {
      const double zero = layout_.y.place(0);
      line(layout_.left, zero, layout_.right, zero, zero_pen);
    }
  }

  void axes() {
    out_.leaf("path",
              {{"class", "axis"},
               {"fill", "none"},
               {"stroke", "#16191c"},
               {"d", cat("M", at(layout_.left), " ", at(layout_.top), "V", at(layout_.bottom), "H",
                         at(layout_.right))}},
              {});
    const double middle = (layout_.top + layout_.bottom) / 2;
    if (!layout_.x_title.empty())
      words((layout_.left + layout_.right) / 2, layout_.bottom + 34, layout_.x_title, "middle");
    if (!layout_.y_title.empty())
      words(16, middle, layout_.y_title, "middle", cat("rotate(-90 16 ", at(middle), ")"));
  }

  void curves() {
    const bool steps = figure_.kind == "ecdf";
    for (std::size_t s = 0; s < figure_.series.size(); ++s) {
      const Figure::Series& series = figure_.series[s];
      std::string path;
      bool pen_down = false;
      for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
        if (!drawable(series.x[i]) || !drawable(series.y[i])) {
          pen_down = false;
          continue;
        }
        const std::string x = at(layout_.x.place(series.x[i]));
        const std::string y = at(layout_.y.place(layout_.y_value(series.y[i])));
        if (steps)
          path += path.empty() ? cat("M", x, " ", at(layout_.bottom), "V", y) : cat("H", x, "V", y);
        else
          path += cat(pen_down ? "L" : "M", x, " ", y);
        pen_down = true;
      }
      if (steps && !path.empty()) path += cat("H", at(layout_.right));
      out_.leaf("path",
                {{"class", "curve"},
                 {"fill", "none"},
                 {"stroke-width", "1.8"},
                 {"stroke-linejoin", "round"},
                 {"d", path},
                 {"stroke", std::string(style(s).colour)},
                 {"stroke-dasharray", std::string(style(s).dash)}},
                {});
    }
  }

  void marker(double x, double y, std::size_t s) {
    constexpr double r = 3.5;
    std::string path;
    if (s % 4 == 0)
      path = cat("M", at(x - r), " ", at(y), "a", r, " ", r, " 0 1 0 ", 2 * r, " 0a", r, " ", r,
                 " 0 1 0 ", -2 * r, " 0");
    else if (s % 4 == 1)
      path = cat("M", at(x - r), " ", at(y - r), "h", 2 * r, "v", 2 * r, "h", -2 * r, "z");
    else if (s % 4 == 2)
      path = cat("M", at(x), " ", at(y - r - 1), "l", r + 1, " ", 2 * r, "h", -2 * (r + 1), "z");
    else
      path = cat("M", at(x - r), " ", at(y - r), "l", 2 * r, " ", 2 * r, "m0 ", -2 * r, "l", -2 * r,
                 " ", 2 * r);
    out_.leaf("path",
              {{"class", "point"},
               {"fill", "none"},
               {"stroke-width", "1.4"},
               {"d", path},
               {"stroke", std::string(style(s).colour)}},
              {});
  }

  void points() {
    for (std::size_t s = 0; s < figure_.series.size(); ++s) {
      const Figure::Series& series = figure_.series[s];
      for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i)
        if (drawable(series.x[i]) && drawable(series.y[i]))
          marker(layout_.x.place(series.x[i]), layout_.y.place(layout_.y_value(series.y[i])), s);
    }
  }

  void bars() {
    const double floor = layout_.y.place(std::clamp(0.0, layout_.y.low, layout_.y.high));
    for (std::size_t s = 0; s < figure_.series.size(); ++s) {
      const Figure::Series& series = figure_.series[s];
      const bool edges = series.x.size() == series.y.size() + 1;
      for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
        const std::size_t next = i + 1 < series.x.size() ? i + 1 : i;
        const std::size_t before = edges ? i : next == i && i > 0 ? i - 1 : i;
        double low = series.x[i];
        double width = series.x[edges ? next : next] - series.x[before];
        if (width <= 0) width = layout_.x.step / 2;
        if (!edges) low -= width / 2;
        if (!drawable(low) || !drawable(width) || !drawable(series.y[i])) continue;
        const double left = layout_.x.place(low), right = layout_.x.place(low + width);
        const double top = layout_.y.place(series.y[i]);
        out_.leaf("rect",
                  {{"class", "bar"},
                   {"fill", "#d3dbe0"},
                   {"x", at(left)},
                   {"y", at(std::min(top, floor))},
                   {"width", at(right - left)},
                   {"height", at(std::abs(floor - top))},
                   {"stroke", std::string(style(s).colour)}},
                  {});
      }
    }
  }

  // Lines first: where they must cross a text, the text's halo covers them.
  void x_marks() {
    const auto baseline = [&](const Flag& flag) { return layout_.top - 6 - flag.row * 17.0; };
    for (std::size_t i = 0; i < layout_.x_lines.size(); ++i) {
      const Line& mark = layout_.x_lines[i];
      line(mark.place, baseline(layout_.flags[i]) - 9, mark.place, layout_.top, leader_pen);
      if (!mark.beyond) line(mark.place, layout_.top, mark.place, layout_.bottom, mark_pen);
    }
    for (const Flag& flag : layout_.flags)
      words(flag.x + (flag.leftward ? -4 : 4), baseline(flag), flag.text,
            flag.leftward ? "end" : "start");
  }

  void y_marks() {
    for (const Line& mark : layout_.y_lines) {
      const double x = layout_.right;
      if (!mark.beyond) line(layout_.left, mark.place, x, mark.place, mark_pen);
      line(x, mark.place, x + 10, mark.label, leader_pen);
      const std::string arrow = !mark.beyond ? "" : mark.value > layout_.y.high ? "↑ " : "↓ ";
      words(x + 12, mark.label + 4, arrow + mark.text, "start");
    }
  }

  void legend() {
    double x = layout_.left, y = layout_.legend;
    for (std::size_t s = 0; s < layout_.names.size(); ++s) {
      const double width = legend_width(layout_.names[s]);
      if (s > 0 && x + width > layout_.right) x = layout_.left, y += 17;
      if (figure_.kind == "deviation")
        marker(x + 14, y, s);
      else
        out_.leaf("path",
                  {{"class", "curve"},
                   {"fill", "none"},
                   {"stroke-width", "1.8"},
                   {"stroke-linejoin", "round"},
                   {"d", cat("M", at(x), " ", at(y), "h28")},
                   {"stroke", std::string(style(s).colour)},
                   {"stroke-dasharray", std::string(style(s).dash)}},
                  {});
      words(x + 34, y + 4, layout_.names[s], "start");
      x += width;
    }
  }

  Markup& out_;
  const Figure& figure_;
  const Layout& layout_;
};

std::string described(const Figure& figure, const Layout& layout, const Texts& texts) {
  std::size_t points = 0;
  for (const Figure::Series& series : figure.series)
    points += std::min(series.x.size(), series.y.size());
  std::string out = texts("plot.described", {{"kind", texts.word("plot", figure.kind)},
                                             {"points", cat(points)},
                                             {"x", layout.x_title},
                                             {"x_low", layout.x.tick_text(layout.x.low)},
                                             {"x_high", layout.x.tick_text(layout.x.high)},
                                             {"y", layout.y_title},
                                             {"y_low", layout.y.tick_text(layout.y.low)},
                                             {"y_high", layout.y.tick_text(layout.y.high)}});
  for (const std::vector<Line>* lines : {&layout.x_lines, &layout.y_lines})
    for (const Line& mark : *lines) out += " " + texts("plot.mark", {{"mark", mark.text}});
  return out;
}

}  // namespace

int draw(Markup& out, const Figure& figure, const Texts& texts, const std::string& id) {
  const Layout layout = lay_out(figure, texts);
  const auto svg = out.in("svg", {{"viewBox", cat("0 0 ", layout.width, " ", at(layout.height))},
                                  {"role", "img"},
                                  {"font-family", std::string(fonts)},
                                  {"font-size", number(text_size)},
                                  {"fill", "#16191c"},
                                  {"aria-labelledby", cat(id, "-t ", id, "-d")}});
  out.leaf("title", {{"id", id + "-t"}}, texts.pick(figure.title));
  out.leaf("desc", {{"id", id + "-d"}}, described(figure, layout, texts));
  Drawing(out, figure, layout).all();
  return layout.undrawn;
}

}  // namespace carebench::plot
