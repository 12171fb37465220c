// DeviceReader: values, operands and conditions.
#include <algorithm>
#include <array>
#include <charconv>

#include "probes/sim/device_reader.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr std::array<std::string_view, 8> sources = {"truth",  "text",   "counter",  "memory",
                                                     "motion", "moving", "calendar", "samples"};
constexpr std::array<std::string_view, 5> calendar_forms = {"weekday", "hhmmss", "hhmmss.ss",
                                                            "ddmmyy", "unix"};

// "-1.5" or "0x82".
std::optional<double> parse_number(std::string_view text) {
  if (!text.starts_with("0x")) return parse_double(text);
  std::uint32_t code = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data() + 2, end, code, 16);
  if (problem != std::errc() || stop != end) return std::nullopt;
  return code;
}

}  // namespace

const ValueSpec* DeviceReader::known_value(std::string_view name) const {
  if (fault_parts_)
    for (const ValueSpec& value : fault_parts_->values)
      if (value.name == name) return &value;
  return device_.value(name);
}

std::vector<std::string_view> DeviceReader::value_names() const {
  std::vector<std::string_view> names;
  for (const ValueSpec& value : device_.parts.values) names.push_back(value.name);
  if (fault_parts_)
    for (const ValueSpec& value : fault_parts_->values) names.push_back(value.name);
  return names;
}

void DeviceReader::read_values(const yaml::Node& node, Parts& parts) {
  if (node && node.kind() != yaml::Kind::map)
    return node.problem(problems_, "values are a map of names, each with where it comes from");
  // Names first: a value may be gated by one that stands below it.
  for (const auto& [key, entry] : node.entries()) {
    ValueSpec value;
    if (const ValueSpec* base = fault_parts_ ? device_.value(key.text()) : nullptr) value = *base;
    value.name = key.text();
    parts.values.push_back(std::move(value));
  }
  for (std::size_t i = 0; i < parts.values.size(); ++i) {
    yaml::MapReader map(node.entries()[i].second, problems_);
    read_value(map, parts.values[i]);
  }
}

void DeviceReader::read_value(yaml::MapReader& map, ValueSpec& value) {
  const bool changed = fault_parts_ && device_.value(value.name);
  std::vector<std::string_view> given;
  for (const std::string_view source : sources)
    if (map.has(source)) given.push_back(source);
  if (given.size() > 1 || (given.empty() && !changed))
    return map.problem(cat("value \"", value.name,
                           "\" needs one of truth, text, counter, memory, "
                           "motion, moving, calendar, samples to come from"));
  if (!given.empty()) {
    const auto found = std::find(sources.begin(), sources.end(), given.front());
    value.kind = static_cast<ValueSpec::Kind>(found - sources.begin());
  }
  value.unit = map.unit_or("unit", value.unit);
  switch (value.kind) {
    case ValueSpec::Kind::truth:
      read_truth(map, value);
      break;
    case ValueSpec::Kind::text:
      read_text_value(map, value);
      break;
    case ValueSpec::Kind::counter: {
      const yaml::Node node = map.optional("counter");
      if (!node) break;
      yaml::MapReader counter(node, problems_);
      value.initial.number = counter.number_or("start", 0);
      value.increment = counter.number_or("step", 1);
      value.wrap = counter.number_or("wrap", 0);
      break;
    }
    case ValueSpec::Kind::memory:
      if (const yaml::Node node = map.optional("memory")) {
        value.initial = read_operand(node, false);
        if (value.initial.kind == Operand::Kind::value)
          node.problem(problems_, "a memory starts with a constant");
      }
      break;
    case ValueSpec::Kind::motion: {
      value.bias = map.number_or("bias", value.bias);
      value.gain = map.number_or("gain", value.gain);
      const yaml::Node node = map.optional("motion");
      if (!node) break;
      yaml::MapReader motion(node, problems_);
      value.low = motion.number("low");
      value.high = motion.number("high");
      value.initial.number = motion.number_or("start", value.low);
      value.increment = motion.number("speed");
      if (value.low > value.high || value.increment <= 0)
        motion.problem("\"low\" must not be above \"high\", and \"speed\" not 0 or negative");
      break;
    }
    case ValueSpec::Kind::moving:
      if (map.has("moving")) value.motions = map.texts_or_empty("moving");
      for (const std::string& name : value.motions)
        if (const ValueSpec* motion = known_value(name);
            !motion || motion->kind != ValueSpec::Kind::motion)
          map.problem(
              cat("\"", name, "\" is no motion of this device", suggestion(name, value_names())));
      break;
    case ValueSpec::Kind::calendar: {
      const yaml::Node node = map.optional("calendar");
      if (!node) break;
      yaml::MapReader calendar(node, problems_);
      const auto from = parse_utc(calendar.text("from"));
      if (!from) calendar.problem("\"from\" must be a date and time as 2026-03-01T08:00:00Z");
      value.from_unix = from.value_or(0);
      value.form = calendar_forms[calendar.choice("form", calendar_forms)];
      break;
    }
    case ValueSpec::Kind::samples:
      if (const yaml::Node node = map.optional("samples")) read_samples(node, value);
      break;
  }
}

void DeviceReader::read_truth(yaml::MapReader& map, ValueSpec& value) {
  if (const yaml::Node node = map.optional("truth")) value.wave = Wave::read(node, problems_);
  value.bias = map.number_or("bias", value.bias);
  value.gain = map.number_or("gain", value.gain);
  value.noise = map.number_or("noise", value.noise);
  value.lag = map.duration_or("lag", value.lag);
  value.step = map.number_or("step", value.step);
  value.low = map.number_or("low", value.low);
  value.high = map.number_or("high", value.high);
  if (value.noise < 0 || value.step < 0 || value.low > value.high)
    map.problem("\"noise\" and \"step\" must not be negative, nor \"low\" above \"high\"");
  if (map.has("stuck_after")) value.stuck_after = map.duration("stuck_after");
  if (const yaml::Node node = map.optional("special")) {
    yaml::MapReader special(node, problems_);
    value.special_every = static_cast<int>(special.integer("every", 1, 1'000'000'000));
    if (const yaml::Node as = special.required("as")) value.special = read_operand(as, false);
  }
  if (const yaml::Node node = map.optional("while")) {
    value.only_while = read_condition(node);
    if (const yaml::Node other = map.required("otherwise"))
      value.otherwise = read_operand(other, false);
  }
}

void DeviceReader::read_samples(const yaml::Node& node, ValueSpec& value) {
  yaml::MapReader map(node, problems_);
  value.sampled = map.text("of");
  value.sample_count = static_cast<int>(map.integer("count", 1, 200));
  value.sample_every = map.duration("every");
  if (const ValueSpec* truth = known_value(value.sampled); !truth)
    map.problem(cat("no value \"", value.sampled, "\" in this device",
                    suggestion(value.sampled, value_names())));
  if (value.sample_every.ns <= 0) map.problem("samples are some time apart: \"every\"");
}

void DeviceReader::read_text_value(yaml::MapReader& map, ValueSpec& value) {
  if (const yaml::Node node = map.optional("text")) {
    value.text = yaml::to_text(node, problems_);
    check_pieces(node, value.text);
  }
  static constexpr std::string_view checks[] = {"none", "luhn"};
  value.luhn = map.choice_or("check_digit", checks, value.luhn ? 1 : 0) == 1;
}

void DeviceReader::check_pieces(const yaml::Node& node, std::string_view text) {
  for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == text.npos)
      return node.problem(problems_, "'{' without '}': write {name} or {name:width}");
    std::string_view name = text.substr(open + 1, close - open - 1);
    name = name.substr(0, name.find(':'));
    if (name == "sample" || name == "connection" || known_value(name)) continue;
    node.problem(problems_, cat("no value \"", name, "\" to put between { and }",
                                suggestion(name, value_names())));
  }
}

Operand DeviceReader::read_operand(const yaml::Node& node, bool fields_allowed) {
  Operand operand;
  operand.text = yaml::to_text(node, problems_);
  if (node.quoted()) {
    operand.kind = Operand::Kind::text;
  } else if (const auto number = parse_number(operand.text)) {
    operand.number = *number;
  } else if (operand.text.starts_with('$')) {
    operand.kind = Operand::Kind::field;
    operand.text.erase(0, 1);
    if (!fields_allowed)
      node.problem(problems_, "$… is a field of the message that is answered; there is none here");
  } else {
    operand.kind = Operand::Kind::value;
    if (node.kind() == yaml::Kind::scalar && !known_value(operand.text))
      node.problem(problems_, cat("no value \"", operand.text, "\" in this device",
                                  suggestion(operand.text, value_names()),
                                  "; put it in quotes when a text is meant"));
  }
  return operand;
}

Operands DeviceReader::read_operands(const yaml::Node& node, bool fields_allowed) {
  Operands operands;
  if (node && node.kind() != yaml::Kind::map) {
    node.problem(problems_, "this must be a map of names to constants and values");
    return operands;
  }
  for (const auto& [key, value] : node.entries())
    operands.emplace_back(key.text(), read_operand(value, fields_allowed));
  return operands;
}

Condition DeviceReader::read_condition(const yaml::Node& node) {
  Condition condition = read_operands(node, false);
  for (const auto& [name, operand] : condition)
    if (!known_value(name))
      node.problem(problems_,
                   cat("no value \"", name, "\" in this device", suggestion(name, value_names())));
  return condition;
}

}  // namespace carebench::sim
