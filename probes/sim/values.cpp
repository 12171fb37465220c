#include "probes/sim/values.h"

#include <algorithm>
#include <cmath>

#include "probes/sim/random.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

// "{name:3}": what stands between the braces, cut at the colon, and the width.
struct Piece {
  std::string_view name;
  std::size_t width = 0;
};
Piece piece(std::string_view inside) {
  const auto colon = inside.find(':');
  if (colon == std::string_view::npos) return {inside, 0};
  const auto width = parse_int(inside.substr(colon + 1)).value_or(0);
  return {inside.substr(0, colon),
          static_cast<std::size_t>(std::clamp<std::int64_t>(width, 0, 32))};
}

std::string to_width(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

std::string as_text(const FieldInput& input) {
  if (const auto* text = std::get_if<std::string>(&input)) return *text;
  return number(std::get<double>(input), 9);
}

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Makes a text of the same length that differs with `n`: digits count up, letters with them.
void count_up(std::string& text, std::uint64_t n) {
  for (std::size_t i = text.size(); i-- > 0 && n > 0; n /= 10) {
    char& c = text[i];
    const auto digit = static_cast<char>(n % 10);
    if (c >= '0' && c <= '9')
      c = static_cast<char>('0' + (c - '0' + digit) % 10);
    else
      c = static_cast<char>('0' + digit);
  }
}

}  // namespace

FieldInput input_of(const FieldValue& value) {
  switch (value.kind) {
    case FieldValue::Kind::number:
      return value.number;
    case FieldValue::Kind::octets:
      return to_hex(value.octets);
    case FieldValue::Kind::absent:
      return 0.0;
    default:
      return std::string(value.text);
  }
}

bool same(const FieldInput& a, const FieldInput& b) {
  if (a.index() == b.index()) return a == b;
  return as_text(a) == as_text(b);
}

namespace {

// Monday = 1.
double weekday(double unix_seconds) {
  const double days = std::floor(unix_seconds / 86400);  // 1970-01-01 was a Thursday
  return 1 + std::fmod(std::fmod(days + 3, 7) + 7, 7);
}

}  // namespace

char luhn_digit(std::string_view digits) {
  int sum = 0;
  bool twice = true;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    const int digit = digits[i] - '0';
    const int weighed = twice ? 2 * digit : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

Values::Values(const VirtualDevice& device, std::uint64_t seed, int sample, std::string serial,
               Duration world)
    : device_(device), sample_(sample), serial_(std::move(serial)), world_(world) {
  const std::uint64_t own =
      mix(mix(mix(seed, device.name), serial_), static_cast<std::uint64_t>(sample));
  for (const ValueSpec& spec : device.parts.values) {
    Cell cell;
    cell.spec = &spec;
    // The truth of two devices with one seed is the same; their errors are not.
    cell.truth_seed = mix(seed, spec.name);
    cell.noise_seed = mix(own, spec.name);
    cells_.push_back(std::move(cell));
  }
  for (Cell& cell : cells_) {
    cell.number = cell.spec->initial.number;
    reset(cell, {});
  }
  if (!device.behaviour.identity_shared) return;
  sample_ = 1;
  serial_.clear();
}

std::size_t Values::find(std::string_view name) const {
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (cells_[i].spec->name == name) return i;
  return no_value;
}

void Values::reset(Cell& cell, Stamp now) {
  const ValueSpec& spec = *cell.spec;
  cell.reads = 0;
  cell.set = false;
  if (spec.kind == ValueSpec::Kind::motion) {
    cell.number = position(cell, now);
    cell.speed = 0;
    cell.since = now;
    return;
  }
  cell.number = spec.initial.number;
  cell.is_text = spec.kind == ValueSpec::Kind::memory && spec.initial.kind == Operand::Kind::text;
  cell.text = cell.is_text ? spec.initial.text : "";
}

void Values::power_on(Stamp now) {
  powered_ = now;
  for (Cell& cell : cells_) reset(cell, now);
}

double Values::position(const Cell& cell, Stamp now) const {
  const double at = cell.number + cell.speed * (now - cell.since).seconds();
  return cell.speed > 0 ? std::min(at, cell.goal) : cell.speed < 0 ? std::max(at, cell.goal) : at;
}

double Values::speed(std::size_t id, Stamp now) const {
  const Cell& cell = cells_[id];
  return position(cell, now) == cell.goal ? 0 : cell.speed;
}

double Values::truth(const Cell& cell, Stamp now) const {
  const ValueSpec& spec = *cell.spec;
  if (cell.set) return cell.number;
  Stamp at = now;
  if (spec.stuck_after) at = std::min(at, powered_ + *spec.stuck_after);
  const Nanoseconds world = at.ns + world_.ns - spec.lag.ns;
  return spec.gain * spec.wave.at(world, cell.truth_seed) + spec.bias;
}

double Values::finish(const ValueSpec& spec, double reading) const {
  if (spec.step > 0) {
    const double per = std::round(1 / spec.step);
    // 0.1 has no double; 10 has: 36.5 must not become 36.50000000000001.
    const bool inverse = std::fabs(per * spec.step - 1) < 1e-9;
    reading =
        inverse ? std::round(reading * per) / per : std::round(reading / spec.step) * spec.step;
  }
  return std::clamp(reading, spec.low, spec.high);
}

void Values::read(std::size_t id, Stamp now, FieldInput& out) {
  Cell& cell = cells_[id];
  const ValueSpec& spec = *cell.spec;
  ++cell.reads;
  if (spec.kind == ValueSpec::Kind::truth) {
    if (spec.special_every > 0 && cell.reads % static_cast<std::uint64_t>(spec.special_every) == 0)
      out = as_input(spec.special, now);
    else if (!holds(spec.only_while, now))
      out = as_input(spec.otherwise, now);
    else
      out = finish(spec, truth(cell, now) + noise(cell, now));
    return;
  }
  if (spec.kind == ValueSpec::Kind::motion) {
    out = spec.gain * position(cell, now) + spec.bias;
    return;
  }
  if (spec.kind != ValueSpec::Kind::counter) {
    out = look(id, now);
    return;
  }
  out = cell.number;
  const Behaviour& behaviour = device_.behaviour;
  const bool skips = spec.name == behaviour.skip_counter && behaviour.skip_every > 0 &&
                     cell.reads % static_cast<std::uint64_t>(behaviour.skip_every) == 0;
  cell.number += spec.increment * (skips ? 2 : 1);
  if (spec.wrap > 0) cell.number = std::fmod(cell.number, spec.wrap);
}

double Values::noise(const Cell& cell, Stamp now) const {
  const ValueSpec& spec = *cell.spec;
  const bool stuck = spec.stuck_after && now > powered_ + *spec.stuck_after;
  if (spec.noise <= 0 || stuck || cell.set) return 0;
  return spec.noise * gaussian(cell.noise_seed, static_cast<std::uint64_t>(now.ns));
}

FieldInput Values::look(std::size_t id, Stamp now) const {
  const Cell& cell = cells_[id];
  const ValueSpec& spec = *cell.spec;
  switch (spec.kind) {
    case ValueSpec::Kind::truth:
      if (!holds(spec.only_while, now)) return as_input(spec.otherwise, now);
      return finish(spec, truth(cell, now));
    case ValueSpec::Kind::text:
      if (cell.set) return cell.text;
      if (spec.name == device_.identity) return identity_text(cell, now);
      break;
    case ValueSpec::Kind::counter:
      return cell.number;
    case ValueSpec::Kind::memory:
      if (cell.is_text) return cell.text;
      return cell.number;
    case ValueSpec::Kind::motion:
      return position(cell, now);
    case ValueSpec::Kind::moving:
      return std::any_of(spec.motions.begin(), spec.motions.end(),
                         [&](const std::string& name) { return speed(find(name), now) != 0; })
                 ? 1.0
                 : 0.0;
    case ValueSpec::Kind::calendar:
      if (spec.form == "unix") return std::floor(clock(cell, now));
      if (spec.form == "weekday") return weekday(std::floor(clock(cell, now)));
      return calendar(cell, now);
    case ValueSpec::Kind::samples:
      return samples(spec, now);
  }
  std::string text = fill_in(spec.text, now);
  if (spec.luhn && all_digits(text)) text += luhn_digit(text);
  return text;
}

// In hexadecimal, the oldest first, each least significant octet first.
std::string Values::samples(const ValueSpec& spec, Stamp now) const {
  const Cell& cell = cells_[find(spec.sampled)];
  Bytes octets;
  for (int back = spec.sample_count - 1; back >= 0; --back) {
    const Stamp at{now.ns - spec.sample_every.ns * back};
    const double reading = holds(cell.spec->only_while, at)
                               ? finish(*cell.spec, truth(cell, at) + noise(cell, at))
                               : cell.spec->otherwise.number;
    const auto code = static_cast<std::int16_t>(std::clamp(std::round(reading), -32768.0, 32767.0));
    octets.push_back(static_cast<std::uint8_t>(code));
    octets.push_back(static_cast<std::uint8_t>(code >> 8));
  }
  return to_hex(octets);
}

std::string Values::identity_text(const Cell& cell, Stamp now) const {
  const ValueSpec& spec = *cell.spec;
  const Behaviour& behaviour = device_.behaviour;
  if (behaviour.identity_text) return *behaviour.identity_text;
  std::string text = serial_;
  if (text.empty()) {
    text = fill_in(spec.text, now);
    if (behaviour.identity_changes && connections_ > 1) count_up(text, connections_ - 1);
    if (spec.luhn && all_digits(text)) text += luhn_digit(text);
  } else if (behaviour.identity_changes && connections_ > 1) {
    count_up(text, connections_ - 1);
  }
  if (behaviour.identity_wrong_check && !text.empty()) {
    std::string last(1, text.back());
    count_up(last, 1);
    text.back() = last[0];
  }
  return text;
}

double Values::clock(const Cell& cell, Stamp now) const {
  const ValueSpec& spec = *cell.spec;
  const double passed = (now - (cell.set ? cell.since : powered_)).seconds();
  const Behaviour& behaviour = device_.behaviour;
  const double begin =
      cell.set ? cell.number : static_cast<double>(spec.from_unix) + behaviour.clock_ahead;
  return begin + passed + passed * behaviour.clock_fast / 86400;
}

std::string Values::calendar(const Cell& cell, Stamp now) const {
  const ValueSpec& spec = *cell.spec;
  const double seconds = clock(cell, now);
  const std::string utc = utc_text(static_cast<std::int64_t>(std::floor(seconds)));
  // 2026-03-01T08:00:00Z
  if (spec.form == "ddmmyy") return cat(utc.substr(8, 2), utc.substr(5, 2), utc.substr(2, 2));
  std::string time = cat(utc.substr(11, 2), utc.substr(14, 2), utc.substr(17, 2));
  if (spec.form == "hhmmss.ss")
    time += cat('.', to_width(std::to_string((now - powered_).ns / 10'000'000 % 100), 2));
  return time;
}

FieldInput Values::as_input(const Operand& operand, Stamp now) const {
  if (operand.kind == Operand::Kind::number) return operand.number;
  if (operand.kind == Operand::Kind::text) return operand.text;
  return look(find(operand.text), now);
}

void Values::set(std::size_t id, const FieldInput& to, Stamp now) {
  Cell& cell = cells_[id];
  const auto* text = std::get_if<std::string>(&to);
  cell.is_text = text != nullptr;
  cell.set = true;
  if (text)
    cell.text = *text;
  else
    cell.number = std::get<double>(to);
  if (!text && cell.spec->kind == ValueSpec::Kind::text) cell.text = as_text(to);
  cell.since = now;
  cell.speed = 0;
}

void Values::drive(std::size_t id, double direction, Stamp now) {
  const ValueSpec& spec = *cells_[id].spec;
  go(id, direction > 0 ? spec.high : direction < 0 ? spec.low : position(cells_[id], now), now);
}

void Values::go(std::size_t id, double goal, Stamp now) {
  Cell& cell = cells_[id];
  cell.number = position(cell, now);
  cell.since = now;
  cell.goal = std::clamp(goal, cell.spec->low, cell.spec->high);
  cell.speed = cell.goal > cell.number   ? cell.spec->increment
               : cell.goal < cell.number ? -cell.spec->increment
                                         : 0;
}

bool Values::holds(const Condition& condition, Stamp now) const {
  return std::all_of(condition.begin(), condition.end(), [&](const auto& term) {
    const auto& [name, operand] = term;
    return same(look(find(name), now), as_input(operand, now));
  });
}

std::string Values::fill_in(std::string_view text, Stamp now) const {
  std::string out;
  std::size_t at = 0;
  for (auto open = text.find('{'); open != text.npos; open = text.find('{', at)) {
    const auto close = text.find('}', open);
    if (close == text.npos) break;
    out += text.substr(at, open - at);
    const auto [name, width] = piece(text.substr(open + 1, close - open - 1));
    std::string filled;
    if (name == "sample")
      filled = std::to_string(sample_);
    else if (name == "connection")
      filled = std::to_string(connections_);
    else if (const std::size_t id = find(name); id != no_value)
      filled = as_text(look(id, now));
    out += to_width(std::move(filled), width);
    at = close + 1;
  }
  return out += text.substr(at);
}

Json Values::observe(Stamp now) const {
  Json values = Json::object();
  for (std::size_t id = 0; id < cells_.size(); ++id) {
    const FieldInput input = look(id, now);
    const auto* text = std::get_if<std::string>(&input);
    values.set(cells_[id].spec->name,
               text ? Json(printable(*text)) : Json(std::get<double>(input)));
  }
  return values;
}

}  // namespace carebench::sim
