#include "profiles/measuring/named.h"

#include <vector>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

tl::unexpected<Error> miss(std::string message) {
  return fail(Errc::bad_input, Blame::profile, std::move(message));
}

tl::unexpected<Error> no_protocol() {
  return miss("the device bound here has no protocol: give it one with `protocol:`");
}

tl::unexpected<Error> not_framed(const Protocol& protocol) {
  return miss(cat("the protocol ", protocol.name,
                  " is a map of registers and has no messages: give `register:`"));
}

Result<const MessageSpec*> find_message(const Protocol* protocol, std::string_view id,
                                        Direction wrong, std::string_view problem) {
  if (!protocol) return no_protocol();
  if (protocol->is_register_map()) return not_framed(*protocol);
  if (id.empty()) return miss("name a message of the protocol with `message:`");
  const MessageSpec* found = protocol->message(id);
  if (found && found->direction != wrong) return found;
  if (found) return miss(cat("the message \"", id, "\" ", problem));
  std::vector<std::string> ids;
  for (const MessageSpec& one : protocol->messages())
    if (one.direction != wrong) ids.push_back(one.id);
  return miss(
      cat("the protocol ", protocol->name, " has no message \"", id, "\"", suggestion(id, ids)));
}

Result<const RegisterSpec*> find_register(const Protocol* protocol, std::string_view name) {
  if (!protocol) return no_protocol();
  if (!protocol->is_register_map())
    return miss(cat("the protocol ", protocol->name, " has messages and no registers"));
  if (name.empty()) return miss("name a register of the protocol with `register:`");
  if (const RegisterSpec* found = protocol->register_named(name)) return found;
  std::vector<std::string> names;
  for (const RegisterSpec& one : protocol->registers()) names.push_back(one.name);
  return miss(cat("the protocol ", protocol->name, " has no register \"", name, "\"",
                  suggestion(name, names)));
}

}  // namespace

Result<const MessageSpec*> heard_message(const Protocol* protocol, std::string_view id) {
  return find_message(protocol, id, Direction::to_device,
                      "goes to the device, it never comes from it");
}

Result<const MessageSpec*> sent_message(const Protocol* protocol, std::string_view id) {
  return find_message(protocol, id, Direction::from_device,
                      "comes from the device, it can not be sent to it");
}

Result<FieldHandle> heard_field(const Protocol* protocol, std::string_view name) {
  if (!protocol) return no_protocol();
  if (protocol->is_register_map()) return not_framed(*protocol);
  if (const FieldHandle found = protocol->field(name)) {
    if (found.message->direction != Direction::to_device) return found;
    return miss(cat("the field \"", name, "\" stands in a message that goes to the device"));
  }
  const std::vector<std::string> names = protocol->field_names();
  std::vector<std::string> same;
  for (const std::string& one : names)
    if (one.ends_with(cat(".", name))) same.push_back(one);
  if (same.size() > 1)
    return miss(
        cat("several messages have a field \"", name, "\": say which, ", join(same, " or ")));
  std::vector<std::string> candidates = names;
  for (const std::string& one : names) candidates.push_back(one.substr(one.find('.') + 1));
  return miss(cat("the protocol ", protocol->name, " has no field \"", name, "\"",
                  suggestion(name, candidates)));
}

Result<FieldHandle> field_of(const MessageSpec* message, std::string_view name) {
  if (const FieldSpec* found = message->field(name)) return FieldHandle{message, found};
  std::vector<std::string> names;
  for (const FieldSpec& one : message->fields) names.push_back(one.name);
  return miss(
      cat("the message ", message->id, " has no field \"", name, "\"", suggestion(name, names)));
}

Result<const RegisterSpec*> readable_register(const Protocol* protocol, std::string_view name) {
  auto found = find_register(protocol, name);
  if (found && !(*found)->readable)
    return miss(cat("the register \"", name, "\" can only be written"));
  return found;
}

Result<const RegisterSpec*> writable_register(const Protocol* protocol, std::string_view name) {
  auto found = find_register(protocol, name);
  if (found && ((*found)->table == RegisterTable::input_register ||
                (*found)->table == RegisterTable::discrete_input))
    return miss(cat("no request of Modbus writes to the register \"", name, "\": it is an input"));
  return found;
}

bool is_number(const FieldSpec& field) {
  switch (field.type) {
    case FieldType::list:
    case FieldType::ascii:
    case FieldType::bytes:
    case FieldType::text:
    case FieldType::numbers:
      return false;
    case FieldType::hex:
      return field.bits > 0;
    default:
      return true;
  }
}

bool is_number(const RegisterSpec& spec) { return spec.type != RegisterType::string; }

double turn_of(const FieldSpec& field) {
  const bool counts = field.type <= FieldType::u32 && field.scaling.identity;
  return counts ? field.high_code() - field.low_code() + 1 : 0;
}

double turn_of(const RegisterSpec& spec) {
  const bool counts = spec.type == RegisterType::u16 || spec.type == RegisterType::u32;
  return counts && spec.scaling.identity ? spec.high_code() - spec.low_code() + 1 : 0;
}

FieldInput input_of(const yaml::Node& scalar) {
  if (const auto number = parse_double(scalar.text()); number && !scalar.quoted()) return *number;
  return scalar.text();
}

FieldInputs inputs_of(const yaml::Node& map, Problems& problems) {
  FieldInputs inputs;
  if (!map) return inputs;
  if (map.kind() != yaml::Kind::map) {
    map.problem(problems, "fields are a map of names and values");
    return inputs;
  }
  for (const auto& [key, value] : map.entries()) {
    if (value.kind() != yaml::Kind::scalar)
      value.problem(problems, "a field takes one value");
    else
      inputs.insert_or_assign(key.text(), input_of(value));
  }
  return inputs;
}

void lint_positive(const StepView& step, std::initializer_list<std::string_view> params,
                   Problems& problems) {
  for (const std::string_view param : params)
    if (step.with.has(param) && step.with.duration(param) <= Duration{})
      step.with.problem(param, step.at, cat(param, " must be longer than nothing"), problems);
}

Access access_of(const StepView& step, std::string_view role, Problems& problems) {
  const Protocol* protocol = step.protocol(role);
  if (!protocol) {
    if (step.bound(role))
      problems.add(step.at, cat("the check reads what the device in the role \"", role,
                                "\" says: give the device a `protocol:`"));
    return Access::none;
  }
  return protocol->is_register_map() ? Access::registers : Access::messages;
}

}  // namespace carebench
