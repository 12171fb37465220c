// The encoder's parts: inputs to codes, and one whole frame of each kind.
#pragma once

#include <optional>
#include <string_view>

#include "probes/protocol_spec.h"

namespace carebench::protocol_encode {

tl::unexpected<Error> refuse(std::string message);

// The code of a number or of a name, rounded to what the type holds, within [low, high].
struct Coding {
  std::string_view name;
  bool fraction = false;  // codes are not whole numbers
  double low = 0, high = 0;
  const Scaling& scaling;
  const std::vector<CodeName>& special;
  const std::vector<CodeName>& values;
};
Result<double> code(const Coding& coding, const FieldInput& input);
Result<double> code(const FieldSpec& field, const FieldInput& input);
Result<bool> truth(std::string_view name, const FieldInput& input);
std::uint32_t raw_of(FieldType type, double code);
void store(std::uint32_t raw, int size, bool big_endian, std::uint8_t* at);

// The data of a message, without what stands around them; `exact`: so many octets.
Result<Bytes> data(const MessageSpec& message, std::optional<std::size_t> exact,
                   const FieldInputs& inputs);
Result<Bytes> binary(const Framing& framing, const MessageSpec& message, const FieldInputs& inputs);
Result<Bytes> text(const Framing& framing, const MessageSpec& message, const FieldInputs& inputs);
Result<Bytes> gatt(const MessageSpec& message, const FieldInputs& inputs);

}  // namespace carebench::protocol_encode
