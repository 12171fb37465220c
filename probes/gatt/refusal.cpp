#include "probes/gatt/refusal.h"

#include <array>

#include "standards/vocab/bytes.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

// What bluetoothd has words for; all others are Failed with their number.
struct Row {
  std::uint8_t att;
  std::string_view name, message;
};
constexpr std::array rows = {
    Row{att_error::read_not_permitted, "org.bluez.Error.NotPermitted", "Read not permitted"},
    Row{att_error::write_not_permitted, "org.bluez.Error.NotPermitted", "Write not permitted"},
    Row{att_error::request_not_supported, "org.bluez.Error.NotSupported",
        "Operation is not supported"},
    Row{att_error::invalid_offset, "org.bluez.Error.InvalidArguments", "Invalid offset"},
    Row{att_error::insufficient_authorization, "org.bluez.Error.NotAuthorized",
        "Operation Not Authorized"},
    Row{att_error::invalid_length, "org.bluez.Error.InvalidArguments", "Invalid Length"},
};
constexpr std::string_view failed = "org.bluez.Error.Failed",
                           with_number = "Operation failed with ATT error: 0x";

struct Name {
  std::uint8_t att;
  std::string_view text;
};
constexpr std::array names = {
    Name{0x01, "invalid handle"},
    Name{0x02, "read not permitted"},
    Name{0x03, "write not permitted"},
    Name{0x04, "invalid PDU"},
    Name{0x05, "insufficient authentication"},
    Name{0x06, "request not supported"},
    Name{0x07, "invalid offset"},
    Name{0x08, "insufficient authorization"},
    Name{0x09, "prepare queue full"},
    Name{0x0A, "attribute not found"},
    Name{0x0B, "attribute not long"},
    Name{0x0C, "encryption key size too short"},
    Name{0x0D, "invalid attribute value length"},
    Name{0x0E, "unlikely error"},
    Name{0x0F, "insufficient encryption"},
    Name{0x10, "unsupported group type"},
    Name{0x11, "insufficient resources"},
    Name{0x12, "database out of sync"},
    Name{0x13, "value not allowed"},
    Name{0xFC, "write request rejected"},
    Name{0xFD, "client characteristic configuration improperly configured"},
    Name{0xFE, "procedure already in progress"},
    Name{0xFF, "out of range"},
};

std::string two_digits(std::uint8_t code) { return to_hex(ByteView(&code, 1)); }

}  // namespace

StackError stack_error(std::uint8_t att) {
  for (const Row& row : rows)
    if (row.att == att) return {row.name, std::string(row.message)};
  return {failed, cat(with_number, two_digits(att))};
}

std::string refusal_text(std::uint8_t att) {
  const StackError error = stack_error(att);
  return refusal_text(error.name, error.message);
}

std::optional<std::uint8_t> att_error_of(std::string_view refusal) {
  for (const Row& row : rows)
    if (refusal == refusal_text(row.name, row.message)) return row.att;
  const std::size_t at = refusal.find(with_number);
  if (at == refusal.npos) return std::nullopt;
  const auto octet = from_hex(refusal.substr(at + with_number.size(), 2));
  if (!octet || octet->size() != 1) return std::nullopt;
  return octet->front();
}

bool wants_security(std::uint8_t att) {
  return att == att_error::insufficient_authentication ||
         att == att_error::insufficient_authorization || att == att_error::insufficient_key_size ||
         att == att_error::insufficient_encryption;
}

std::string att_error_name(std::uint8_t att) {
  for (const Name& name : names)
    if (name.att == att) return std::string(name.text);
  return cat(att >= 0x80 && att <= 0x9F ? "application error 0x" : "ATT error 0x", two_digits(att));
}

}  // namespace carebench
