// What a step sees of the outside: operations go out, outcomes come in, in one recorded order. A
// lane serves one step at a time. Live lanes (bench.h) drive links and write the evidence; replayed
// lanes (replay.h) feed the same outcomes from the evidence and compare every request.
#pragma once

#include <span>
#include <string>

#include "probes/link.h"

namespace carebench {

using ChannelId = std::uint32_t;  // index into the run's channels (one channel = one opened device)

// A question to the operator. `reading` asks for a typed value with unit; `confirm` for done / not
// done; `text` for a text (a label read off the sample).
struct Prompt {
  enum class Kind { confirm, reading, text } kind = Kind::confirm;
  std::string id;       // key in an answers file: "ACC-1/60"
  std::string purpose;  // what for
  std::string steps;    // what to do
  std::string look_for;
  std::string unit;  // UCUM, kind reading
  bool second_reader = false;
};
Json to_json(const Prompt& prompt);

class Lane {
 public:
  virtual ~Lane() = default;

  // Carries out one operation and returns what came of it. An Error is a fault of bench or tool, or
  // the end of the run (interrupted); the device's behaviour is an Outcome.
  virtual Result<Outcome> perform(ChannelId channel, const Op& op, Duration timeout) = 0;

  // The next thing that came in on one of the channels, in the order of the evidence: frame, lost,
  // gap; or timed_out when nothing came until the deadline.
  virtual Result<Outcome> next(std::span<const ChannelId> channels, Stamp deadline) = 0;

  // Lets time pass while everything that comes in is kept for later next() calls.
  virtual Result<Outcome> sleep_until(Stamp deadline) = 0;

  // Asks the operator; `answered` with the answer's JSON: {"done": true}, {"value": 72.0, "unit":
  // "/min", "reader": "…", "second_reader": "…"}, {"text": "…"}; refused when nobody can answer.
  virtual Result<Outcome> ask(const Prompt& prompt) = 0;

  // Measures how late the bench wakes up from a wait: `answered` with {"n", "p50_ns", "p95_ns",
  // "max_ns"}. All zero in virtual time.
  virtual Result<Outcome> measure_wake_up() = 0;

  // The stamp of the last outcome delivered: the only clock a check has.
  virtual Stamp now() const = 0;
  // The facts of a channel as found when it was opened.
  virtual const Facts& facts(ChannelId channel) const = 0;
};

}  // namespace carebench
