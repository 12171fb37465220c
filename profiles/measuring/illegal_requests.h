// Modbus requests that a server must refuse or leave unanswered (MODBUS Application Protocol V1.1b3
// section 7: function, then quantity, then address, then execution; Serial Line V1.02 section 2.2:
// silence on a wrong CRC, on another address and on a broadcast read). All of them ask to read or
// to write nothing: none can change a sound device.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "probes/modbus/client.h"
#include "probes/protocol_spec.h"

namespace carebench {

struct IllegalRequest {
  std::string_view name;
  // A PDU to be framed soundly, or a whole frame to be sent as it is.
  Bytes octets;
  bool whole_frame = false;
  std::vector<int> exceptions;   // PDU: the exceptions that are right; empty: anything is
  bool silence_allowed = false;  // PDU: no answer is right as well
};

// Around a register that can be read. `seed` moves what is random.
std::vector<IllegalRequest> illegal_requests(const RegisterSpec& reg, const ModbusSetup& setup,
                                             std::uint64_t seed);

// A frame around a PDU, with the CRC (RTU) or under transaction 0x4342 (TCP).
Bytes modbus_frame(ModbusFraming framing, std::uint8_t unit, ByteView pdu);

}  // namespace carebench
