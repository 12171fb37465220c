// Modbus frames: CRC, and where a response ends. Pure; for clients and decoders alike.
#pragma once

#include <cstddef>
#include <cstdint>

#include "standards/vocab/bytes.h"

namespace carebench {

// CRC-16/MODBUS (Serial Line V1.02, 6.2.2): sent low octet first.
std::uint16_t modbus_crc(ByteView octets);

// Octets of a response PDU, as far as its first octets tell.
struct PduLength {
  enum class Kind {
    known,      // `octets` is the whole length
    more,       // cannot be told yet: more octets are needed
    shapeless,  // the function code has no length rule
  };
  Kind kind = Kind::more;
  std::size_t octets = 0;
};
PduLength modbus_response_length(ByteView pdu);

}  // namespace carebench
