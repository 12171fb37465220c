// What a live virtual device knows: the current state of its values. Noise is a function of the
// time it is read at, so that reading disturbs nothing; only counters and special codes go on.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "probes/sim/device.h"
#include "standards/vocab/json.h"

namespace carebench::sim {

inline constexpr std::size_t no_value = static_cast<std::size_t>(-1);

class Values {
 public:
  // `sample` and `serial` tell units of one model apart; an empty serial: as the device has it.
  // `world`: what to add to a stamp of the bench to get the time of the world's waves.
  Values(const VirtualDevice& device, std::uint64_t seed, int sample, std::string serial,
         Duration world);

  std::size_t find(std::string_view name) const;
  const ValueSpec& spec(std::size_t id) const { return *cells_[id].spec; }

  // For a message: error, noise, special codes and counting take place.
  void read(std::size_t id, Stamp now, FieldInput& out);
  // For conditions, texts and listings: no counting, and truths without noise.
  FieldInput look(std::size_t id, Stamp now) const;

  void set(std::size_t id, const FieldInput& to, Stamp now);
  // Motions, at their own speed: up (1), down (-1) or stop (0), or to a place and no further.
  void drive(std::size_t id, double direction, Stamp now);
  void go(std::size_t id, double goal, Stamp now);

  bool holds(const Condition& condition, Stamp now) const;
  // "{heart_rate} {sample:3}" filled in.
  std::string fill_in(std::string_view text, Stamp now) const;

  void power_on(Stamp now);  // memories and counters start again; motions stay where they are
  void connected() { ++connections_; }

  // A motion's speed now: 0 at rest and at its ends.
  double speed(std::size_t id, Stamp now) const;
  Json observe(Stamp now) const;

 private:
  struct Cell {
    const ValueSpec* spec = nullptr;
    std::uint64_t truth_seed = 0, noise_seed = 0;
    std::uint64_t reads = 0;
    double number = 0;  // counter, memory, motion: position at `since`
    double speed = 0;   // motion
    double goal = 0;    // motion: where it ends
    Stamp since;
    std::string text;
    bool is_text = false;  // memory: what stands in it
    bool set = false;      // a truth or text that was overwritten
  };

  double truth(const Cell& cell, Stamp now) const;
  double noise(const Cell& cell, Stamp now) const;
  double position(const Cell& cell, Stamp now) const;
  double finish(const ValueSpec& spec, double reading) const;
  void reset(Cell& cell, Stamp now);
  std::string samples(const ValueSpec& spec, Stamp now) const;
  std::string identity_text(const Cell& cell, Stamp now) const;
  std::string calendar(const Cell& cell, Stamp now) const;
  double clock(const Cell& cell, Stamp now) const;  // what a calendar shows, seconds since 1970
  FieldInput as_input(const Operand& operand, Stamp now) const;

  const VirtualDevice& device_;
  int sample_;
  std::string serial_;
  Duration world_;
  Stamp powered_;
  std::uint64_t connections_ = 0;
  std::vector<Cell> cells_;
};

// What a field or register held, as something to send, to store or to compare; absent is 0.
FieldInput input_of(const FieldValue& value);

// Equal as a condition means it: numbers as numbers, texts as texts.
bool same(const FieldInput& a, const FieldInput& b);

// The digit that makes an identifier of digits pass Luhn's check (ISO/IEC 7812-1, IMEI).
char luhn_digit(std::string_view digits);

}  // namespace carebench::sim
