// How a GATT device says no: ATT error codes (Bluetooth Core 5.3, Vol 3, Part F, 3.4.1.1), and the
// D-Bus errors that bluetoothd 5.66 makes of them. A refused operation of a GATT link carries
// refusal_text(): "org.bluez.Error.Failed: Operation failed with ATT error: 0x05", or the same of
// another error of the stack ("org.bluez.Error.AuthenticationFailed: Authentication Failed").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carebench {

namespace att_error {
inline constexpr std::uint8_t invalid_handle = 0x01, read_not_permitted = 0x02,
                              write_not_permitted = 0x03, insufficient_authentication = 0x05,
                              request_not_supported = 0x06, invalid_offset = 0x07,
                              insufficient_authorization = 0x08, attribute_not_found = 0x0A,
                              insufficient_key_size = 0x0C, invalid_length = 0x0D, unlikely = 0x0E,
                              insufficient_encryption = 0x0F, procedure_in_progress = 0x80,
                              value_not_allowed = 0x13, cccd_improper = 0xFD, out_of_range = 0xFF;
}

struct StackError {
  std::string_view name;  // "org.bluez.Error.NotPermitted"
  std::string message;    // "Read not permitted"
};
StackError stack_error(std::uint8_t att);
inline std::string refusal_text(std::string_view name, std::string_view message) {
  return std::string(name).append(": ").append(message);
}
std::string refusal_text(std::uint8_t att);

// The ATT error behind a refusal; nothing where the stack hides it or it was none.
std::optional<std::uint8_t> att_error_of(std::string_view refusal);
// The device wants pairing, encryption, a longer key or authorization first: 0x05, 0x08, 0x0C,
// 0x0F.
bool wants_security(std::uint8_t att);
// "insufficient authentication"; "application error 0x81".
std::string att_error_name(std::uint8_t att);

}  // namespace carebench
