#include "reports/plot/svg.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "reports/plot/layout.h"
#include "reports/plot/pen.h"
#include "standards/vocab/text.h"

namespace carebench::plot {
namespace {

class Drawing {
 public:
  Drawing(Markup& out, const Figure& figure, const Layout& layout, const Texts& texts)
      : pen_(out), figure_(figure), layout_(layout), texts_(texts) {}

  void all() {
    shades();
    grid();
    borders();
    if (figure_.kind == "histogram")
      bars();
    else if (scattered(figure_))
      points();
    else
      curves();
    x_marks();
    y_marks();
    axes();
    places();
    legend();
  }

 private:
  // What is grey lies below everything: gaps, intervals of marks, bands about curves.
  void shades() {
    for (const Figure::Gap& gap : figure_.gaps) {
      if (!drawable(gap.from) || !drawable(gap.to)) continue;
      const double from = layout_.x.place(gap.from), to = layout_.x.place(gap.to);
      pen_.hatched({from, layout_.top, std::max(to, from + 1), layout_.bottom});
    }
    for (const Line& mark : layout_.x_lines)
      if (const auto range = shaded(mark, layout_.x))
        pen_.rect({range->first, layout_.top, range->second, layout_.bottom}, "interval",
                  interval_fill, {});
    for (const Line& mark : layout_.y_lines)
      if (const auto range = shaded(mark, layout_.y))
        pen_.rect({layout_.left, range->second, layout_.right, range->first}, "interval",
                  interval_fill, {});
    for (const Figure::Series& series : figure_.series) band(series);
  }

  static std::optional<std::pair<double, double>> shaded(const Line& mark, const Axis& axis) {
    const Shade& shade = mark.shade;
    if (!shade.there || std::isnan(shade.low) || std::isnan(shade.high)) return std::nullopt;
    const double low = std::clamp(shade.low, axis.low, axis.high);
    const double high = std::clamp(shade.high, axis.low, axis.high);
    return std::pair{axis.place(low), axis.place(high)};
  }

  void band(const Figure::Series& series) {
    std::vector<Point> upper, lower;
    const std::size_t n =
        std::min({series.x.size(), series.low.size(), series.high.size(), series.y.size()});
    for (std::size_t i = 0; i < n; ++i) {
      if (!drawable(series.x[i]) || !drawable(series.low[i]) || !drawable(series.high[i])) continue;
      const Point low = layout_.point(series.x[i], series.low[i]);
      const Point high = layout_.point(series.x[i], series.high[i]);
      if (stepped() && !upper.empty()) {
        upper.push_back({high.x, upper.back().y});
        lower.push_back({low.x, lower.back().y});
      }
      upper.push_back(high);
      lower.push_back(low);
    }
    if (figure_.kind == "ecdf" && !upper.empty()) {
      upper.push_back({layout_.right, upper.back().y});
      lower.push_back({layout_.right, lower.back().y});
    }
    upper.insert(upper.end(), lower.rbegin(), lower.rend());
    pen_.area(upper, "band", band_fill);
  }

  void grid() {
    for (const double tick : layout_.x.ticks()) {
      const double x = layout_.x.place(tick);
      pen_.line({x, layout_.top}, {x, layout_.bottom}, grid_stroke);
      pen_.words({x, layout_.bottom + 16}, layout_.x.tick_text(tick), "middle");
    }
    for (const double tick : layout_.y.ticks()) {
      const double y = layout_.y.place(tick);
      pen_.line({layout_.left, y}, {layout_.right, y}, grid_stroke);
      pen_.words({layout_.left - 6, y + 4}, layout_.y_text(tick), "end");
    }
    if ((figure_.kind == "deviation" || figure_.kind == "bland_altman") && layout_.y.holds(0)) {
      const double zero = layout_.y.place(0);
      pen_.line({layout_.left, zero}, {layout_.right, zero}, zero_stroke);
    }
  }

  void borders() {
    for (const Figure::Border& border : figure_.borders) {
      std::vector<Point> points;
      for (std::size_t i = 0; i < std::min(border.x.size(), border.y.size()); ++i)
        if (drawable(border.x[i]) && drawable(border.y[i]))
          points.push_back(layout_.point(border.x[i], border.y[i]));
      pen_.path_within(points, layout_.box(), mark_stroke(border.style));
    }
  }

  void places() {
    for (const Figure::Place& place : figure_.places) {
      if (!drawable(place.x) || !drawable(place.y)) continue;
      const Point where = layout_.point(place.x, place.y);
      if (where.x < layout_.left || where.x > layout_.right || where.y < layout_.top ||
          where.y > layout_.bottom)
        continue;
      pen_.words({where.x, where.y + 4}, texts_.pick(place.text), "middle", {}, "bold");
    }
  }

  void axes() {
    pen_.path(cat("M", at(layout_.left), " ", at(layout_.top), "V", at(layout_.bottom), "H",
                  at(layout_.right)),
              {"axis", "#16191c"});
    const double middle = (layout_.top + layout_.bottom) / 2;
    if (!layout_.x_title.empty())
      pen_.words({(layout_.left + layout_.right) / 2, layout_.bottom + 34}, layout_.x_title,
                 "middle");
    if (!layout_.y_title.empty())
      pen_.words({16, middle}, layout_.y_title, "middle", cat("rotate(-90 16 ", at(middle), ")"));
  }

  bool stepped() const { return figure_.kind == "ecdf" || figure_.kind == "steps"; }

  void curves() {
    const bool shares = figure_.kind == "ecdf";
    for (std::size_t s = 0; s < figure_.series.size(); ++s) {
      const Figure::Series& series = figure_.series[s];
      std::string path;
      bool pen_down = false;
      for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
        if (!drawable(series.x[i]) || !drawable(series.y[i])) {
          // A value that holds until the next one ends where the next is unknown.
          if (figure_.kind == "steps" && pen_down && drawable(series.x[i]))
            path += cat("H", at(layout_.x.place(series.x[i])));
          pen_down = pen_down && shares;
          continue;
        }
        const Point point = layout_.point(series.x[i], series.y[i]);
        const std::string x = at(point.x), y = at(point.y);
        if (pen_down)
          path += stepped() ? cat("H", x, "V", y) : cat("L", x, " ", y);
        else
          path += shares ? cat("M", x, " ", at(layout_.bottom), "V", y) : cat("M", x, " ", y);
        pen_down = true;
      }
      if (shares && !path.empty()) path += cat("H", at(layout_.right));
      pen_.path(path, series_stroke(s));
    }
  }

  void points() {
    for (std::size_t s = 0; s < figure_.series.size(); ++s) {
      const Figure::Series& series = figure_.series[s];
      const std::size_t n = std::min(series.x.size(), series.y.size());
      const double radius = n > 250 ? 2.5 : 3.5;
      for (std::size_t i = 0; i < n; ++i)
        if (drawable(series.x[i]) && drawable(series.y[i]))
          pen_.marker(layout_.point(series.x[i], series.y[i]), s, radius);
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
        double width = series.x[next] - series.x[before];
        if (width <= 0) width = layout_.x.step / 2;
        if (!edges) low -= width / 2;
        if (!drawable(low) || !drawable(width) || !drawable(series.y[i])) continue;
        const double top = layout_.y.place(series.y[i]);
        pen_.rect({layout_.x.place(low), std::min(top, floor), layout_.x.place(low + width),
                   std::max(top, floor)},
                  "bar", bar_fill, {"bar", series_stroke(s).colour});
      }
    }
  }

  // Lines first: where they must cross a text, the text's halo covers them.
  void x_marks() {
    const auto baseline = [&](const Flag& flag) { return layout_.top - 6 - flag.row * 17.0; };
    for (std::size_t i = 0; i < layout_.x_lines.size(); ++i) {
      const Line& mark = layout_.x_lines[i];
      pen_.line({mark.place, baseline(layout_.flags[i]) - 9}, {mark.place, layout_.top},
                leader_stroke);
      if (!mark.beyond)
        pen_.line({mark.place, layout_.top}, {mark.place, layout_.bottom}, mark_stroke(mark.style));
    }
    for (const Flag& flag : layout_.flags)
      pen_.words({flag.x + (flag.leftward ? -4 : 4), baseline(flag)}, flag.text,
                 flag.leftward ? "end" : "start");
  }

  void y_marks() {
    for (const Line& mark : layout_.y_lines) {
      const double x = layout_.right;
      if (mark.drawn && !mark.beyond)
        pen_.line({layout_.left, mark.place}, {x, mark.place}, mark_stroke(mark.style));
      pen_.line({x, mark.place}, {x + 10, mark.label}, leader_stroke);
      const std::string arrow = !mark.beyond ? "" : mark.value > layout_.y.high ? "↑ " : "↓ ";
      pen_.words({x + 12, mark.label + 4}, arrow + mark.text, "start");
    }
  }

  void legend() {
    double x = layout_.left, y = layout_.legend;
    for (std::size_t k = 0; k < layout_.keys.size(); ++k) {
      const Key& key = layout_.keys[k];
      const double width = legend_width(key.text);
      if (k > 0 && x + width > layout_.right) x = layout_.left, y += 17;
      const Box swatch{x, y - 6, x + 28, y + 6};
      switch (key.of) {
        case Key::Of::curve:
          pen_.path(cat("M", at(x), " ", at(y), "h28"), series_stroke(key.series));
          break;
        case Key::Of::marker:
          pen_.marker({x + 14, y}, key.series, 3.5);
          break;
        case Key::Of::band:
          pen_.rect(swatch, "band", band_fill, band_stroke);
          break;
        case Key::Of::interval:
          pen_.rect(swatch, "interval", interval_fill, band_stroke);
          break;
        case Key::Of::gap:
          pen_.hatched(swatch);
          break;
      }
      pen_.words({x + 34, y + 4}, key.text, "start");
      x += width;
    }
  }

  Pen pen_;
  const Figure& figure_;
  const Layout& layout_;
  const Texts& texts_;
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
                                             {"y_low", layout.y_text(layout.y.low)},
                                             {"y_high", layout.y_text(layout.y.high)}});
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
  Drawing(out, figure, layout, texts).all();
  return layout.undrawn;
}

}  // namespace carebench::plot
