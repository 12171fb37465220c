// What a Modbus answer says, in words.
#include <algorithm>
#include <array>

#include "probes/modbus/client.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

using Kind = ModbusAnswer::Kind;

constexpr std::size_t shown = 16;

std::string counted(std::size_t n, std::string_view what) {
  return cat(n, " ", what, n == 1 ? "" : "s");
}

std::string list_of(const ModbusAnswer& answer) {
  std::string text;
  if (!answer.registers.empty()) {
    text = cat(counted(answer.registers.size(), "register"), ":");
    for (std::size_t i = 0; i < std::min(shown, answer.registers.size()); ++i) {
      const std::uint16_t word = answer.registers[i];
      text += cat(" ", to_hex(Bytes{static_cast<std::uint8_t>(word >> 8),
                                    static_cast<std::uint8_t>(word & 0xFF)}));
    }
    return answer.registers.size() > shown ? text + " …" : text;
  }
  text = cat(counted(answer.bits.size(), "bit"), ": ");
  for (std::size_t i = 0; i < std::min(4 * shown, answer.bits.size()); ++i) {
    text += answer.bits[i] ? '1' : '0';
  }
  return answer.bits.size() > 4 * shown ? text + " …" : text;
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::response:
      return "response";
    case Kind::exception:
      return "exception";
    case Kind::timed_out:
      return "timed_out";
    case Kind::malformed:
      return "malformed";
    case Kind::foreign:
      return "foreign";
    case Kind::lost:
      return "lost";
    case Kind::gap:
      return "gap";
  }
  return "";
}

std::string modbus_exception_text(int code) {
  static constexpr std::array<std::string_view, 12> names = {
      "",
      "illegal function",
      "illegal data address",
      "illegal data value",
      "server device failure",
      "acknowledge",
      "server device busy",
      "negative acknowledge",
      "memory parity error",
      "",
      "gateway path unavailable",
      "gateway target device failed to respond"};
  const bool named = code > 0 && code < static_cast<int>(names.size());
  const std::string_view name = named ? names[static_cast<std::size_t>(code)] : "";
  return cat("exception ", code, " (", name.empty() ? "not in the specification" : name, ")");
}

std::string describe(const ModbusAnswer& answer) {
  switch (answer.kind) {
    case Kind::response:
      if (!answer.registers.empty() || !answer.bits.empty()) return list_of(answer);
      if (answer.function == 5 || answer.function == 6 || answer.function == 15 ||
          answer.function == 16) {
        return "written";
      }
      return cat("response ", to_hex(answer.pdu));
    case Kind::exception:
      return modbus_exception_text(answer.exception);
    case Kind::timed_out:
      return answer.problem.empty() ? "no answer" : answer.problem;
    default:
      return cat(to_string(answer.kind), ": ", answer.problem);
  }
}

std::string_view modbus_object_name(std::uint8_t id) {
  static constexpr std::array<std::string_view, 7> names = {
      "VendorName",  "ProductCode", "MajorMinorRevision", "VendorUrl",
      "ProductName", "ModelName",   "UserApplicationName"};
  return id < names.size() ? names[id] : "";
}

}  // namespace carebench
