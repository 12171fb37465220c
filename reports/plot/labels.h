// Keeps the labels of a plot's marks apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace carebench::plot {

inline constexpr double text_size = 12;

// Width of a text on the paper, estimated: fonts differ between machines, so it errs to the wide
// side.
double text_width(std::string_view utf8);
// Cut to a width, with an ellipsis where something was cut.
std::string fitted(std::string_view utf8, double width);

// A label above the plot at the line of its mark: to the right of the line, or to the left.
struct Flag {
  double x = 0;
  std::string text;
  bool leftward = false;
  int row = 0;  // 0 is next to the plot
};
// Puts flags in rows so that no texts overlap and, unless they are too many, no line crosses a
// text. Texts that would pass `right` go leftward. Returns the number of rows.
int arrange(std::vector<Flag>& flags, double right);

// Moves places apart to at least `distance`, within [low, high], in their order.
void spread(std::vector<double>& places, double distance, double low, double high);

}  // namespace carebench::plot
