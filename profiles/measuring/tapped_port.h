// A port to a GATT device with a tap on the HCI beside it (role `monitor`, hci:hci0), where one is
// bound. Values come with the tap's stamp and as the air had them (notification or indication);
// values that the tap saw and that never arrived were lost in the bench, which is no fault of the
// device. Without a tap everything is as the stack tells it.
//
// A value of the tap and one that arrived are the same one where connection, attribute (as far as
// the stack tells it) and octets agree; of several the nearest before the arrival. Which connection
// is the device's is told by the values that agree. Bounded whatever comes.
#pragma once

#include <deque>
#include <limits>
#include <map>
#include <set>

#include "probes/gatt/event.h"
#include "probes/hci/monitor.h"
#include "profiles/measuring/time_budget.h"
#include "standards/stats/moments.h"

namespace carebench {

class TappedPort {
 public:
  TappedPort(Context& context, Port& port);
  bool tapped() const { return tap_ != nullptr; }
  Port& port() { return port_; }

  // As Port::next(). A value that the tap did not show within `patience` keeps its own stamp.
  Result<Outcome> next(Stamp deadline);

  // From here on values that pass the tap ought to arrive (somebody subscribed), and no more.
  void begin(Stamp at);
  // Only values of these attributes count (their handles); not called: all of them.
  void only(std::set<std::uint16_t> attributes) { attributes_ = std::move(attributes); }
  void end(Stamp at) { until_ = at; }
  // Hears what is still on its way; call once, at the end, before what follows is asked.
  Result<void> settle();
  // Where only the device's own losses may count: begin_whole() subscribes (Port::listen()) and
  // counts from there; end_whole() is an Error of the bench when it lost anything on the way.
  Result<void> begin_whole();
  Result<void> end_whole();

  std::int64_t passed() const;   // values of the device at the tap while they were called for
  std::int64_t unheard() const;  // … that never arrived
  // Most of what arrived was seen: the tap is on the right adapter.
  bool sees_it() const { return delay_.n() > unmatched_; }
  bool shown() const { return shown_; }  // whether the tap showed the value that came last
  // When the bench's next write after `begun` passed the tap, on the device's connection.
  std::optional<Stamp> sent_after(Stamp begun) const;
  // Of an interval between two values: the tap's stamps where it showed all of them; else the
  // arrivals', with what the way from the tap to the arrival scatters, or the bench's own waking up
  // where there is no tap.
  Result<TimeBudget> budget();
  void note() const;  // of the step: how times came about, and how long the way to the bench is

 private:
  using Link = std::pair<std::uint16_t, std::uint16_t>;  // adapter and connection
  struct Seen {
    Link link;
    std::uint16_t attribute = 0;
    std::uint8_t opcode = 0;
    bool called = false;
    Stamp at;
    Bytes octets;
  };
  struct Held {
    Outcome outcome;
    Bytes octets;
    bool matched = false;
  };
  struct Tally {
    std::int64_t passed = 0, matched = 0, unheard = 0;
  };
  void saw(ByteView packet, Stamp at);
  void saw_value(const hci::Event& event, std::uint16_t attribute, ByteView value, Stamp at);
  void hold(const Outcome& outcome);
  bool match(Held& held);
  double scatter() const { return delay_.n() > 1 ? delay_.sd() : 0; }
  void expire(Stamp now);
  Outcome hand_out();

  Context& context_;
  Port& port_;
  Port* tap_ = nullptr;
  hci::MonitorReader reader_;
  std::deque<Seen> seen_;
  std::deque<Held> held_;
  std::deque<std::pair<Link, Stamp>> sent_;
  std::map<Link, Tally> links_;
  std::optional<std::set<std::uint16_t>> attributes_;
  std::optional<Outcome> after_;  // a loss of the link, once what came before it was handed out
  std::string after_text_;
  Bytes current_;
  std::optional<Stamp> from_, until_;
  Stamp handed_{std::numeric_limits<Nanoseconds>::min()};  // the last one's: they never go back
  stats::Moments delay_;                                   // from the tap to the arrival, s
  std::int64_t unmatched_ = 0;
  bool shown_ = false;
};

}  // namespace carebench
