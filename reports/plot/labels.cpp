#include "reports/plot/labels.h"

#include <algorithm>
#include <numeric>

#include "standards/vocab/text.h"

namespace carebench::plot {
namespace {

constexpr double cell = 0.55 * text_size;  // of a Latin letter
constexpr double gap = 5;

struct Span {
  double low, high;
};

Span span(const Flag& flag) {
  const double width = text_width(flag.text) + gap;
  return flag.leftward ? Span{flag.x - width, flag.x} : Span{flag.x, flag.x + width};
}

bool inside(double x, const Span& s) { return x > s.low && x < s.high; }

bool overlap(const Flag& a, const Flag& b) {
  const Span first = span(a), second = span(b);
  return first.low < second.high + gap && second.low < first.high + gap;
}

// A line would run through a text: of the one above through the one below.
bool cross(const Flag& flag, int row, const Flag& placed) {
  if (placed.row == row) return false;
  return placed.row > row ? inside(placed.x, span(flag)) : inside(flag.x, span(placed));
}

}  // namespace

double text_width(std::string_view utf8) {
  double width = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t before = at;
    next_character(utf8, at);
    const int cells = display_width(utf8.substr(before, at - before));
    width += cells == 2 ? text_size : cells * cell;
  }
  return width;
}

std::string fitted(std::string_view utf8, double width) {
  if (text_width(utf8) <= width) return std::string(utf8);
  std::string out;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t before = at;
    next_character(utf8, at);
    if (text_width(out) + text_width(utf8.substr(before, at - before)) + 2 * cell > width) break;
    out += utf8.substr(before, at - before);
  }
  return out + "…";
}

int arrange(std::vector<Flag>& flags, double right) {
  for (Flag& flag : flags) flag.leftward = flag.x + text_width(flag.text) + gap > right;
  std::vector<Flag*> order;
  for (Flag& flag : flags) order.push_back(&flag);
  // A text lies over the lines beside it, so those must have been placed below.
  std::stable_sort(order.begin(), order.end(), [](const Flag* a, const Flag* b) {
    if (a->leftward != b->leftward) return a->leftward;
    return a->leftward ? a->x < b->x : a->x > b->x;
  });
  int rows = 0;
  for (auto flag = order.begin(); flag != order.end(); ++flag) {
    const auto is_free = [&](int row, bool may_cross) {
      return std::none_of(order.begin(), flag, [&](const Flag* placed) {
        return (placed->row == row && overlap(**flag, *placed)) ||
               (!may_cross && cross(**flag, row, *placed));
      });
    };
    int row = 0;
    while (row <= rows && !is_free(row, false)) ++row;
    // Too crowded: lines may run behind texts, texts never over each other.
    if (row > rows)
      for (row = 0; !is_free(row, true);) ++row;
    (*flag)->row = row;
    rows = std::max(rows, row + 1);
  }
  return rows;
}

void spread(std::vector<double>& places, double distance, double low, double high) {
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return places[a] < places[b]; });
  double least = low;
  for (const std::size_t i : order) {
    places[i] = std::max(places[i], least);
    least = places[i] + distance;
  }
  double most = high;
  for (auto i = order.rbegin(); i != order.rend(); ++i) {
    places[*i] = std::min(places[*i], most);
    most = places[*i] - distance;
  }
}

}  // namespace carebench::plot
