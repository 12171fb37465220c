// Readings of a device and of a reference, gathered side by side: two devices that send or are
// asked, a device and an operator who types, a device and a file, a device and the level a
// simulator is set to. Pairs them by time (pairing.h) and keeps what accuracy/paired
// reports; memory does not grow with time, but where a lag is searched for: that wants all
// readings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "profiles/measuring/agreement.h"
#include "profiles/measuring/coverage.h"
#include "profiles/measuring/lag_search.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/pairing.h"
#include "profiles/measuring/quantity_source.h"
#include "profiles/measuring/reference_file.h"
#include "profiles/measuring/registers.h"

namespace carebench {

class PairedComparison {
 public:
  struct Setup {
    Duration tolerance, hold, poll, timeout;
    Duration total;                       // of all observations, for the progress
    Duration lag_search;                  // 0: readings are paired as they were stamped
    ReferenceInstrument instrument = {};  // of the reference; or of the simulator that sets levels
    PairBudget::Setup budget = {};        // all but its instrument
  };
  // `reference` may be null: readings come from elsewhere.
  PairedComparison(Context& context, const Setup& setup, Port& device,
                   const QuantitySource& device_source, Port* reference,
                   const QuantitySource* reference_source);
  PairedComparison(const PairedComparison&) = delete;
  PairedComparison& operator=(const PairedComparison&) = delete;

  // Hears both for a time from now on and keeps what was read.
  Result<void> observe(Duration duration);
  // Hears both and drops what was read, until the device has settled.
  Result<void> settle(Duration duration);

  // A reading of the reference that came another way, in the order of time.
  void reference_reading(Stamp stamp, double value);
  // From now on each reading of the device is compared with this; nothing: with readings.
  void set_level(std::optional<double> level) { level_ = level; }
  // File readings, in s since the first observation began.
  void use_file(std::vector<TimedValue> readings) { file_ = std::move(readings); }
  void end_of_level(std::string_view heading, Unit unit);
  // What the search for a lag found, once the observation has ended.
  const std::optional<LagFound>& lag() const { return lag_; }
  // The time when operator and not device was waited for is not observed.
  Stamp now() const { return context_.now(); }

  const Agreement& agreement() const { return agreement_; }
  const PairBudget& budget() const { return budget_; }
  // Indications of the reference that went into pairs; low > high where there was no pair.
  double lowest_reference() const { return lowest_; }
  double highest_reference() const { return highest_; }
  const Coverage& coverage() const { return coverage_; }
  const SeqRange& evidence() const { return evidence_; }
  std::uint64_t special_values() const { return device_.special; }
  // What was left out, and how readings were paired.
  void add_notes();
  void draw(Text2 title, Unit unit);

 private:
  // One of the two, as it is heard.
  struct Side {
    Side(Pairing::Side one, Port* p, const QuantitySource* s) : side(one), port(p), source(s) {}
    Pairing::Side side;
    Port* port;
    const QuantitySource* source;
    std::optional<MessageStream> stream;  // of a device with messages
    std::uint64_t valid = 0, special = 0;
    std::vector<std::pair<std::string_view, std::uint64_t>> names;  // of special values
    ThinnedSeries curve;
    Stamp last;
    std::optional<Stamp> last_valid;
  };
  // A polled reading waits until what was heard before it has been taken.
  struct Held {
    Side* side;
    Stamp stamp;
    std::optional<double> value;
  };

  Result<void> hear(Stamp end, bool keep);
  Result<void> poll(Side& side);
  Result<void> take_outcome(const Outcome& outcome, Side& side);
  void release(Stamp until);
  void take(Side& side, Stamp stamp, const FieldValue& value, std::uint64_t first,
            std::uint64_t last);
  void count_special(Side& side, std::string_view name);
  void put(Side& side, Stamp stamp, std::optional<double> value);
  void pair(Pairing::Side side, Stamp stamp, double value);
  void mark_gap(Stamp from, Stamp to);
  void pair_in_order(Pairing::Side side, Stamp stamp, double value);
  void pair_with_best_lag();
  void add(ReadingPair pair);

  Context& context_;
  Setup setup_;
  Side device_, reference_;
  std::vector<Port*> ports_;  // with messages
  std::vector<Side*> heard_, polled_;
  std::vector<Held> held_;
  std::vector<TimedValue> file_;
  std::size_t next_in_file_ = 0;
  std::optional<double> level_;
  std::optional<Stamp> began_;  // the first observation
  Stamp keep_from_, keep_until_;
  Duration observed_;
  Pairing pairing_;
  std::uint64_t pairs_ = 0;
  std::vector<TimedReading> kept_[2];  // by side, while a lag is searched for
  std::optional<LagFound> lag_;
  Agreement agreement_;
  PairBudget budget_;
  double lowest_ = std::numeric_limits<double>::infinity(),
         highest_ = -std::numeric_limits<double>::infinity();
  Coverage coverage_;
  std::vector<Figure::Gap> gaps_;  // of the device's readings
  SeqRange evidence_;
};

}  // namespace carebench
