// Names that a profile gives (messages, fields, registers), looked up in the protocol of the device
// they are meant for. The same words serve twice: for a check's lint hook, where a miss is a
// problem at its place in the profile, and when the check runs. Looking up costs; a check does it
// once.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

#include "probes/protocol_spec.h"
#include "profiles/context.h"

namespace carebench {

// A message that comes from the device, or that can be sent to it. `protocol` may be null (the
// device is bound to none), which is a miss like any other.
Result<const MessageSpec*> heard_message(const Protocol* protocol, std::string_view id);
Result<const MessageSpec*> sent_message(const Protocol* protocol, std::string_view id);
// "heart_rate" where one message has that field, else "message.field".
Result<FieldHandle> heard_field(const Protocol* protocol, std::string_view name);
Result<FieldHandle> field_of(const MessageSpec* message, std::string_view name);
Result<const RegisterSpec*> readable_register(const Protocol* protocol, std::string_view name);
Result<const RegisterSpec*> writable_register(const Protocol* protocol, std::string_view name);

// Whether its values are numbers; a text, a list or raw octets are none.
bool is_number(const FieldSpec& field);
bool is_number(const RegisterSpec& spec);

// How many values a counter takes before it begins again, by the octets it has; 0: they do not say.
double turn_of(const FieldSpec& field);
double turn_of(const RegisterSpec& spec);

// A value for a field or register as a profile writes it: an unquoted number, or a text.
FieldInput input_of(const yaml::Node& scalar);
// A map of them; an empty handle is an empty map.
FieldInputs inputs_of(const yaml::Node& map, Problems& problems);

// What was found, or nothing and a problem at the parameter that named it.
template <class T>
std::optional<T> linted(const StepView& step, std::string_view param, Result<T> found,
                        Problems& problems) {
  if (found) return std::move(*found);
  step.with.problem(param, step.at, found.error().message, problems);
  return std::nullopt;
}

// Durations that may not be zero (a period, a time to listen); a parameter that is not set is none.
void lint_positive(const StepView& step, std::initializer_list<std::string_view> params,
                   Problems& problems);

// A device with a register map is asked, one with messages is listened to. A bound device without
// protocol is a problem.
enum class Access { none, messages, registers };
Access access_of(const StepView& step, std::string_view role, Problems& problems);

}  // namespace carebench
