#include "standards/vocab/quantity.h"

#include <array>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

// Units convert inside one dimension only. Two concentrations of a substance are two dimensions,
// because the factor between them is the substance's molar mass. So are logarithmic units.
enum class Dimension {
  pure,
  time,
  frequency,
  pressure,
  pressure_rate,
  temperature,
  mass,
  length,
  speed,
  acceleration,
  angle,
  force,
  voltage,
  current,
  power,
  energy,
  resistance,
  level,
  power_level,
  mass_concentration,
  mass_concentration_rate,
  substance_concentration,
  volume,
  volume_flow,
  body_mass_index,
  scale_interval,
  screen_length,
  illuminance,
  data,
  data_rate,
};

// base = (value + offset) * num / den; the fraction keeps whole factors exact.
struct Row {
  std::string_view code, symbol;
  Dimension dimension;
  double num = 1, den = 1, offset = 0;
};

using enum Dimension;

constexpr std::array rows = {
    Row{"1", "", pure},
    Row{"%", "%", pure, 1, 100},
    Row{"[ppm]", "ppm", pure, 1, 1e6},
    Row{"{frame}", "frames", pure},
    Row{"{beat}", "beats", pure},
    Row{"{step}", "steps", pure},
    Row{"{reset}", "resets", pure},
    Row{"{octet}", "octets", pure},
    Row{"{count}", "counts", pure},
    Row{"s", "s", time},
    Row{"ms", "ms", time, 1, 1e3},
    Row{"us", "µs", time, 1, 1e6},
    Row{"ns", "ns", time, 1, 1e9},
    Row{"min", "min", time, 60},
    Row{"h", "h", time, 3600},
    Row{"d", "d", time, 86400},
    Row{"Hz", "Hz", frequency},
    Row{"kHz", "kHz", frequency, 1e3},
    Row{"MHz", "MHz", frequency, 1e6},
    Row{"/s", "1/s", frequency},
    Row{"/min", "1/min", frequency, 1, 60},
    Row{"/h", "1/h", frequency, 1, 3600},
    Row{"/d", "1/d", frequency, 1, 86400},
    Row{"Pa", "Pa", pressure},
    Row{"hPa", "hPa", pressure, 1e2},
    Row{"kPa", "kPa", pressure, 1e3},
    Row{"mm[Hg]", "mmHg", pressure, 133.322387415},
    Row{"cm[H2O]", "cmH₂O", pressure, 98.0665},
    Row{"kPa/min", "kPa/min", pressure_rate, 1e3, 60},
    Row{"mm[Hg]/min", "mmHg/min", pressure_rate, 133.322387415, 60},
    Row{"mm[Hg]/s", "mmHg/s", pressure_rate, 133.322387415},
    Row{"Cel", "°C", temperature},
    Row{"K", "K", temperature, 1, 1, -273.15},
    Row{"[degF]", "°F", temperature, 5, 9, -32},
    Row{"kg", "kg", mass},
    Row{"g", "g", mass, 1, 1e3},
    Row{"mg", "mg", mass, 1, 1e6},
    Row{"[lb_av]", "lb", mass, 0.45359237},
    Row{"m", "m", length},
    Row{"km", "km", length, 1e3},
    Row{"cm", "cm", length, 1, 1e2},
    Row{"mm", "mm", length, 1, 1e3},
    Row{"[in_i]", "in", length, 0.0254},
    Row{"m/s", "m/s", speed},
    Row{"cm/s", "cm/s", speed, 1, 1e2},
    Row{"mm/s", "mm/s", speed, 1, 1e3},
    Row{"km/h", "km/h", speed, 1, 3.6},
    Row{"[kn_i]", "kn", speed, 1852, 3600},
    Row{"m/s2", "m/s²", acceleration},
    Row{"[g]", "gₙ", acceleration, 9.80665},
    Row{"deg", "°", angle},
    Row{"N", "N", force},
    Row{"V", "V", voltage},
    Row{"mV", "mV", voltage, 1, 1e3},
    Row{"uV", "µV", voltage, 1, 1e6},
    Row{"A", "A", current},
    Row{"mA", "mA", current, 1, 1e3},
    Row{"uA", "µA", current, 1, 1e6},
    Row{"W", "W", power},
    Row{"mW", "mW", power, 1, 1e3},
    Row{"J", "J", energy},
    Row{"kJ", "kJ", energy, 1e3},
    Row{"kcal", "kcal", energy, 4184},
    Row{"Ohm", "Ω", resistance},
    Row{"kOhm", "kΩ", resistance, 1e3},
    Row{"MOhm", "MΩ", resistance, 1e6},
    Row{"dB", "dB", level},
    Row{"dB[mW]", "dBm", power_level},
    Row{"mg/dL", "mg/dL", mass_concentration},
    Row{"g/L", "g/L", mass_concentration, 100},
    Row{"kg/L", "kg/L", mass_concentration, 1e5},
    Row{"mg/dL/min", "mg/dL/min", mass_concentration_rate},
    Row{"mmol/L", "mmol/L", substance_concentration},
    Row{"umol/L", "µmol/L", substance_concentration, 1, 1e3},
    Row{"L", "L", volume},
    Row{"mL", "mL", volume, 1, 1e3},
    Row{"L/min", "L/min", volume_flow},
    Row{"L/s", "L/s", volume_flow, 60},
    Row{"mL/min", "mL/min", volume_flow, 1, 1e3},
    Row{"kg/m2", "kg/m²", body_mass_index},
    // Verification scale interval of a balance (OIML R 76): a mass only once the scale is known.
    Row{"{e}", "e", scale_interval},
    // Pixels of a screen at a density of 160 an inch; points where a system counts in those.
    Row{"{dp}", "dp", screen_length},
    Row{"lx", "lx", illuminance},
    Row{"bit", "bit", data},
    Row{"By", "B", data, 8},
    Row{"bit/s", "bit/s", data_rate},
    Row{"kbit/s", "kbit/s", data_rate, 1e3},
    Row{"By/s", "B/s", data_rate, 8},
};

}  // namespace

std::optional<Unit> Unit::parse(std::string_view ucum) {
  // UCUM spells the reciprocal both ways.
  if (ucum.starts_with("1/")) ucum.remove_prefix(1);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].code == ucum) return Unit(static_cast<std::uint16_t>(i));
  return std::nullopt;
}

std::string_view Unit::code() const { return rows[row_].code; }

std::string_view Unit::symbol() const { return rows[row_].symbol; }

bool Unit::same_dimension(Unit other) const {
  return rows[row_].dimension == rows[other.row_].dimension;
}

std::optional<double> Unit::convert(double value, Unit to) const {
  if (*this == to) return value;
  const std::optional<double> scaled = convert_difference(value + rows[row_].offset, to);
  if (!scaled) return std::nullopt;
  return *scaled - rows[to.row_].offset;
}

std::optional<double> Unit::convert_difference(double value, Unit to) const {
  if (*this == to) return value;
  if (!same_dimension(to)) return std::nullopt;
  const Row &a = rows[row_], &b = rows[to.row_];
  return value * (a.num * b.den) / (a.den * b.num);
}

std::vector<std::string_view> Unit::codes() {
  std::vector<std::string_view> all;
  for (const Row& row : rows) all.push_back(row.code);
  return all;
}

namespace {
constexpr std::array<std::string_view, 5> distributions = {"normal", "rectangular", "triangular",
                                                           "u_shaped", "t"};
}  // namespace

std::string_view to_string(Distribution distribution) {
  return distributions[static_cast<std::size_t>(distribution)];
}

std::optional<Distribution> distribution_from(std::string_view id) {
  for (std::size_t i = 0; i < distributions.size(); ++i)
    if (distributions[i] == id) return static_cast<Distribution>(i);
  return std::nullopt;
}

std::string value_text(const Measurement& m) {
  if (const auto* truth = std::get_if<bool>(&m.value)) return *truth ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&m.value)) return cat('"', *text, '"');
  const Quantity& quantity = std::get<Quantity>(m.value);
  const std::string_view symbol = quantity.unit.symbol();
  return cat(number(quantity.value), symbol.empty() ? "" : " ", symbol);
}

}  // namespace carebench
