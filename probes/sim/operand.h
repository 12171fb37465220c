// What values, messages and conditions of a virtual device's file are made of.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace carebench::sim {

// What stands in a field, a condition or an assignment: a constant, a value by name, or a field of
// the message that is being answered.
struct Operand {
  enum class Kind { number, text, value, field } kind = Kind::number;
  double number = 0;
  std::string text;  // text: itself; value, field: its name
};
using Operands = std::vector<std::pair<std::string, Operand>>;  // in the order of the file

// All of them must hold: value == constant.
using Condition = Operands;

}  // namespace carebench::sim
