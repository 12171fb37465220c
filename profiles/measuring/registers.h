// Registers of a map, read and written by name over Modbus. What the device answers, however wrong,
// is an answer; errors are those of bench, profile and tool.
#pragma once

#include <string_view>

#include "probes/protocol_registers.h"
#include "profiles/context.h"

namespace carebench {

struct RegisterReading {
  ModbusAnswer answer;
  Bytes octets;      // of a response, as on the wire
  FieldValue value;  // absent unless a response; views into `octets`
};
Result<RegisterReading> read_register(ModbusClient& client, const RegisterSpec& spec,
                                      Duration timeout);
// `input` must fit the register's type and range; bad_input otherwise.
Result<ModbusAnswer> write_register(ModbusClient& client, const RegisterSpec& spec,
                                    const FieldInput& input, Duration timeout);

// Asks for one register again and again, at fixed times from the first on. A turn that could not be
// kept because an answer took too long is left out.
class RegisterPoll {
 public:
  RegisterPoll(Context& context, Port& port, const RegisterSpec& spec, Duration period,
               Duration timeout);
  // Waits for the next turn and asks; nothing when there is no turn left before `end`. A link that
  // was lost and a gap of the bench (from `sent` to `received`) are answers of that kind.
  Result<std::optional<RegisterReading>> next(Stamp end);
  Stamp due() const { return due_; }
  const RegisterSpec& spec() const { return spec_; }

 private:
  Context& context_;
  Port& port_;
  const RegisterSpec& spec_;
  Duration period_, timeout_;
  Stamp due_;
};

}  // namespace carebench
