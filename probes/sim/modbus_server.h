// A Modbus RTU server over a register map and the values of a virtual device (MODBUS Application
// Protocol V1.1b3; MODBUS over Serial Line V1.02): FC 1-6, 15, 16 and 43/14. It tests in the order
// of the specification (function, quantity, address, execution), stays silent on a wrong CRC and on
// frames for others, carries out broadcasts without a word. Its faults are Behaviour's.
#pragma once

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "probes/protocol_spec.h"
#include "probes/sim/values.h"

namespace carebench::sim {

class ModbusServer {
 public:
  ModbusServer(const VirtualDevice& device, Values& values);

  struct Served {
    Bytes answer;  // a whole frame; empty: silence
    // Registers that were written, and what is in them now.
    std::vector<std::pair<const RegisterSpec*, FieldInput>> written;
  };
  // `frame`: unit, PDU and a right CRC.
  Served serve(ByteView frame, Stamp now);

 private:
  enum Exception : std::uint8_t { none = 0, function = 1, address = 2, value = 3, failure = 4 };
  Exception dispatch(ByteView pdu, Stamp now, Bytes& answer, Served& served);
  Exception read(ByteView pdu, Stamp now, Bytes& answer);
  Exception write_one(ByteView pdu, Stamp now, Bytes& answer, Served& served);
  Exception write_many(ByteView pdu, Stamp now, Bytes& answer, Served& served);
  Exception identify(ByteView pdu, Stamp now, Bytes& answer) const;
  Exception store(RegisterTable table, std::uint16_t first, std::size_t count, ByteView octets,
                  Stamp now, Served& served);
  bool load(RegisterTable table, std::uint16_t first, std::size_t count, Stamp now, Bytes& octets);
  bool has_table(RegisterTable table) const;
  bool writable(const RegisterSpec& reg) const;
  Bytes answer_anyway(ByteView pdu) const;

  // Octets of registers stand two by two, high first; of coils and inputs one by one, 0 or 1.
  struct Row {
    const RegisterSpec* reg;
    RegisterSpec shown;  // without min and max: a faulty device shows what it likes
    std::size_t value;
    Bytes octets(const FieldInput& input) const;
  };
  const VirtualDevice& device_;
  Values& values_;
  std::array<std::vector<Row>, 4> tables_;  // by RegisterTable, sorted by address
};

}  // namespace carebench::sim
