#include "profiles/measuring/threshold_alarm.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace carebench {
namespace {

constexpr double never_s = std::numeric_limits<double>::infinity();

struct Excursion {
  std::size_t first = 0, past = 0;  // samples; past == size: not ended
  std::size_t turn = 0;             // before it
};

std::vector<Excursion> excursions_of(std::span<const CoursePoint> course, double threshold,
                                     double clear) {
  std::vector<Excursion> out;
  std::size_t turn = 0;
  bool over = false;
  for (std::size_t i = 0; i < course.size(); ++i) {
    const double value = course[i].value;
    if (!over && value > threshold) {
      out.push_back({i, course.size(), turn});
      over = true;
    } else if (over && value <= clear) {
      out.back().past = i;
      over = false;
      turn = i;
    }
    if (!over && value <= course[turn].value) turn = i;
  }
  return out;
}

// The value at a time, and the width of the step it stands in the middle of.
struct Level {
  double value = 0, step = 0;
};
Level level_at(std::span<const CoursePoint> course, double time, bool staircase) {
  const auto after =
      std::upper_bound(course.begin(), course.end(), time,
                       [](double at, const CoursePoint& point) { return at < point.time_s; });
  if (after == course.begin()) return {course.front().value, 0};
  const CoursePoint& now = *(after - 1);
  if (staircase) {
    if (after - 1 == course.begin()) return {now.value, 0};
    const double before = (after - 2)->value;
    return {(now.value + before) / 2, std::abs(now.value - before)};
  }
  if (after == course.end() || after->time_s == now.time_s) return {now.value, 0};
  const double share = (time - now.time_s) / (after->time_s - now.time_s);
  return {now.value + share * (after->value - now.value), 0};
}

class Follower {
 public:
  Follower(std::span<const CoursePoint> course, std::span<const AlarmEdge> edges, bool on_at_first,
           const ThresholdRule& rule)
      : course_(course), rule_(rule), on_at_first_(on_at_first) {
    bool on = on_at_first;
    for (const AlarmEdge& edge : edges) {
      if (edge.on != on) edges_.push_back(edge);
      on = edge.on;
    }
  }

  ThresholdFound follow(double threshold, double clear) {
    threshold_ = threshold;
    clear_ = clear;
    const std::vector<Excursion> all = excursions_of(course_, threshold, clear);
    if (on_at_first_ && course_.front().value <= threshold) ++out_.false_alarms;
    const double first_turn = all.empty() ? never_s : turn_of(all.front());
    for (; next_ < edges_.size() && edges_[next_].time_s < first_turn; ++next_)
      if (edges_[next_].on) ++out_.false_alarms;
    for (std::size_t k = 0; k < all.size(); ++k) {
      const bool last = k + 1 == all.size();
      cycle(all[k], last ? never_s : turn_of(all[k + 1]));
    }
    return std::move(out_);
  }

 private:
  // A step of a staircase turns where the next one begins.
  double turn_of(const Excursion& next) const {
    return course_[rule_.staircase && next.turn < next.first ? next.turn + 1 : next.turn].time_s;
  }

  // When a straight line between the sample and the one before it passes the level.
  double crossing(std::size_t sample, double level) const {
    const CoursePoint& here = course_[sample];
    if (sample == 0 || rule_.staircase) return here.time_s;
    const CoursePoint& before = course_[sample - 1];
    if (before.value == here.value) return here.time_s;
    const double share = (level - before.value) / (here.value - before.value);
    return before.time_s + std::clamp(share, 0.0, 1.0) * (here.time_s - before.time_s);
  }

  void cycle(const Excursion& excursion, double cycle_ends) {
    ThresholdCycle found;
    found.begins_s = crossing(excursion.first, threshold_);
    const bool ended = excursion.past < course_.size();
    found.ends_s = ended ? crossing(excursion.past, clear_) : never_s;
    note_gap(excursion.first);
    if (ended) note_gap(excursion.past);

    double came_on = never_s, went_off = never_s;
    bool on = false;
    for (; next_ < edges_.size() && edges_[next_].time_s < cycle_ends; ++next_) {
      const AlarmEdge& edge = edges_[next_];
      on = edge.on;
      if (!edge.on) {
        went_off = edge.time_s;
        if (std::isfinite(came_on) && edge.time_s < found.begins_s) {
          ++out_.false_alarms;  // it was over before there was anything to warn of
          came_on = never_s;
        }
      } else if (edge.time_s >= found.ends_s) {
        ++out_.false_alarms;
      } else if (std::isfinite(came_on)) {
        ++out_.chatter;
      } else {
        came_on = edge.time_s;
      }
    }
    found.on_delay_s = came_on - found.begins_s;
    if (found.on_delay_s > rule_.within_s) found.on_delay_s = never_s;
    if (std::isinf(found.on_delay_s)) ++out_.missed;
    found.on_level = found.off_level = found.off_delay_s = std::nan("");
    if (std::isfinite(came_on)) {
      const Level level = level_at(course_, came_on, rule_.staircase);
      found.on_level = level.value;
      found.on_step = level.step;
    }
    if (std::isfinite(came_on) && ended) cleared(found, on ? never_s : went_off);
    out_.cycles.push_back(found);
  }

  void cleared(ThresholdCycle& found, double went_off) {
    found.off_delay_s = went_off - found.ends_s;
    if (std::isinf(went_off)) {
      ++out_.not_cleared;
      return;
    }
    const Level level = level_at(course_, went_off, rule_.staircase);
    found.off_level = level.value;
    found.off_step = level.step;
  }

  void note_gap(std::size_t sample) {
    if (sample == 0 || rule_.staircase) return;
    out_.widest_gap_s =
        std::max(out_.widest_gap_s, course_[sample].time_s - course_[sample - 1].time_s);
  }

  std::span<const CoursePoint> course_;
  const ThresholdRule& rule_;
  bool on_at_first_;
  double threshold_ = 0, clear_ = 0;
  std::vector<AlarmEdge> edges_;
  std::size_t next_ = 0;
  ThresholdFound out_;
};

}  // namespace

ThresholdFound threshold_alarms(std::span<const CoursePoint> course,
                                std::span<const AlarmEdge> edges, bool on_at_first,
                                const ThresholdRule& rule) {
  if (course.empty()) return {};
  if (rule.above)
    return Follower(course, edges, on_at_first, rule)
        .follow(rule.threshold, rule.threshold - rule.hysteresis);
  // Mirrored: below becomes above.
  std::vector<CoursePoint> mirrored(course.begin(), course.end());
  for (CoursePoint& point : mirrored) point.value = -point.value;
  ThresholdFound found = Follower(mirrored, edges, on_at_first, rule)
                             .follow(-rule.threshold, -rule.threshold - rule.hysteresis);
  for (ThresholdCycle& cycle : found.cycles) {
    cycle.on_level = -cycle.on_level;
    cycle.off_level = -cycle.off_level;
  }
  return found;
}

}  // namespace carebench
