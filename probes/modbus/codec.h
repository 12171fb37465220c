// libmodbus as a codec: it writes a request into a socketpair, where we pick the octets up, and
// reads a complete, verified answer out of it, which it checks and decodes once more. It never sees
// the line, waits for nothing, and knows nothing of time. The only unit that includes modbus.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "probes/modbus/client.h"

namespace carebench {

// One of the requests libmodbus has a function for: FC 1-6, 15, 16.
struct ModbusRequest {
  std::uint8_t function = 3;
  std::uint16_t address = 0;
  int count = 1;                         // FC 1-4
  std::vector<std::uint16_t> registers;  // FC 6, 16
  std::vector<bool> bits;                // FC 5, 15
};

class ModbusCodec {
 public:
  ModbusCodec();
  ~ModbusCodec();
  ModbusCodec(ModbusCodec&&) noexcept;
  ModbusCodec& operator=(ModbusCodec&&) noexcept;

  // Errors: bad_input for a unit libmodbus does not take (RTU 248..255, TCP 248..254), io when no
  // socketpair is to be had. A codec that failed to open refuses to encode.
  Result<void> open(ModbusFraming framing, std::uint8_t unit);

  // The octets on the line (ADU). On TCP they carry `transaction`.
  // bad_input when the request breaks the limits of the specification.
  Result<Bytes> encode(const ModbusRequest& request, std::uint16_t transaction);
  // Any PDU of 1..253 octets behind unit (and CRC or MBAP header).
  Result<Bytes> encode_pdu(ByteView pdu, std::uint16_t transaction);

  // What libmodbus makes of a whole answer (ADU) to `request`.
  struct Decoded {
    std::string refused;  // why libmodbus does not take it; empty: it does
    int exception = 0;
    std::vector<std::uint16_t> registers;
    std::vector<bool> bits;
  };
  Result<Decoded> decode(const ModbusRequest& request, ByteView answer);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carebench
