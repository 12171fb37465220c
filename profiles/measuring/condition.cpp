#include "profiles/measuring/condition.h"

#include <algorithm>

#include "profiles/measuring/named.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

bool is(const FieldInput& wanted, const FieldValue& value) {
  if (const auto* number = std::get_if<double>(&wanted))
    return value.kind == FieldValue::Kind::number && value.number == *number;
  return value.kind != FieldValue::Kind::octets && !value.text.empty() &&
         value.text == std::get<std::string>(wanted);
}

template <class T>
std::optional<T> found(const yaml::Node& at, Result<T> result, Problems& problems) {
  if (result) return std::move(*result);
  at.problem(problems, result.error().message);
  return std::nullopt;
}

}  // namespace

std::optional<bool> Condition::Test::in(const FieldValue& value) const {
  if (value.kind == FieldValue::Kind::absent) return std::nullopt;
  const bool named =
      std::any_of(one_of.begin(), one_of.end(), [&](const auto& one) { return is(one, value); });
  if (!one_of.empty() && named) return true;
  if (value.kind == FieldValue::Kind::special) return std::nullopt;
  if (!one_of.empty()) return false;
  if (value.kind != FieldValue::Kind::number) return std::nullopt;
  return (!low || value.number >= *low) && (!high || value.number <= *high);
}

std::optional<bool> Condition::in(const Message& message) const {
  if (message_ && message.spec != message_) return std::nullopt;
  bool holds = true;
  for (const Test& test : tests_) {
    if (!test.field || test.field.message != message.spec) return std::nullopt;
    const auto one = test.in(message.value(test.field));
    if (!one && !message_) return std::nullopt;
    holds = holds && one.value_or(false);
  }
  return holds;
}

std::optional<bool> Condition::in(const FieldValue& value) const {
  return tests_.empty() ? std::nullopt : tests_.front().in(value);
}

// Reads {equals, one_of, min, max} of one field or register.
struct ConditionReader {
  static void read(yaml::MapReader& map, bool numeric, Condition::Test& test, Problems& problems) {
    if (const auto node = map.optional("equals")) test.one_of.push_back(input_of(node));
    if (const auto node = map.optional("one_of")) {
      if (node.kind() != yaml::Kind::list || node.items().empty())
        node.problem(problems, "one_of is a list of values");
      else
        for (const auto& item : node.items()) test.one_of.push_back(input_of(item));
    }
    for (auto& [key, bound] : {std::pair{"min", &test.low}, std::pair{"max", &test.high}}) {
      const auto node = map.optional(key);
      if (!node) continue;
      *bound = yaml::to_number(node, problems);
      if (!numeric) node.problem(problems, "only numbers have a least or a greatest value");
    }
    const bool bounds = test.low || test.high;
    if (test.one_of.empty() != bounds)
      map.problem("say when it holds: by `equals:`, by `one_of:`, or by `min:` and `max:`");
  }
};

void Condition::read_where(const yaml::Node& where, Condition& out, Problems& problems) {
  if (where.kind() != yaml::Kind::map)
    return where.problem(problems, "where is a map of fields and their values");
  for (const auto& [key, value] : where.entries()) {
    const auto field = found(key, field_of(out.message_, key.text()), problems);
    if (!field) continue;
    Test test;
    test.field = *field;
    if (value.kind() == yaml::Kind::map) {
      yaml::MapReader map(value, problems);
      ConditionReader::read(map, is_number(*field->field), test, problems);
    } else if (value.kind() == yaml::Kind::scalar) {
      test.one_of.push_back(input_of(value));
    } else {
      value.problem(problems, "a field takes one value, or {equals, one_of, min, max}");
    }
    out.tests_.push_back(std::move(test));
  }
}

Condition Condition::read(const yaml::Node& node, const Protocol* protocol, Problems& problems) {
  Condition out;
  yaml::MapReader map(node, problems);
  const auto message = map.optional("message"), field = map.optional("field"),
             reg = map.optional("register");
  if (int{bool(message)} + int{bool(field)} + int{bool(reg)} != 1) {
    map.problem("name one of `message:`, `field:` and `register:`");
    map.finish();
    return out;
  }
  if (message) {
    const auto spec = found(message, heard_message(protocol, message.text()), problems);
    if (spec) out.message_ = *spec;
    const auto where = map.optional("where");
    if (where && spec) read_where(where, out, problems);
    return out;
  }
  Test test;
  bool numeric = true;
  if (field) {
    if (const auto handle = found(field, heard_field(protocol, field.text()), problems)) {
      test.field = *handle;
      numeric = is_number(*handle->field);
    }
  } else if (const auto spec = found(reg, readable_register(protocol, reg.text()), problems)) {
    out.register_ = *spec;
    numeric = is_number(**spec);
  }
  ConditionReader::read(map, numeric, test, problems);
  out.tests_.push_back(std::move(test));
  return out;
}

}  // namespace carebench
