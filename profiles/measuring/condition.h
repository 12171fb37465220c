// A property of what a device says, as a profile writes it:
//
//   {message: AL, where: {status: "00010000"}}   an occasion: each such message is one
//   {field: bed, equals: out}                    a state: it holds, or it does not
//   {register: occupancy, one_of: [0, 3]}        {field: heart_rate, min: 120}   {…, max: 50}
//
// Numbers are compared as numbers, names of enumerations and special values as texts. A field that
// is absent or a special value that the condition does not name says nothing about a state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probes/protocol_spec.h"
#include "profiles/context.h"

namespace carebench {

class Condition {
 public:
  // Problems with positions; `protocol` is that of the device it is meant for (null: none bound)
  // and must outlive the condition.
  static Condition read(const yaml::Node& node, const Protocol* protocol, Problems& problems);

  bool is_occasion() const { return message_ != nullptr; }
  const RegisterSpec* reg() const { return register_; }  // to be asked for; or null
  // What the message, or the register's value, says about it; nothing when it says nothing.
  std::optional<bool> in(const Message& message) const;
  std::optional<bool> in(const FieldValue& value) const;

 private:
  struct Test {
    FieldHandle field;  // empty: the register
    std::vector<FieldInput> one_of;
    std::optional<double> low, high;
    std::optional<bool> in(const FieldValue& value) const;
  };
  static void read_where(const yaml::Node& where, Condition& out, Problems& problems);
  const MessageSpec* message_ = nullptr;  // of an occasion
  const RegisterSpec* register_ = nullptr;
  std::vector<Test> tests_;
  friend struct ConditionReader;
};

}  // namespace carebench
