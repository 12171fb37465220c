// Values of a Modbus register map: octets as on the wire <-> values. The octets of registers are
// two each, high octet first; a coil or discrete input is one octet, 0 or 1 (however a link packs
// them). No link and no function code in here.
#pragma once

#include "probes/protocol_spec.h"

namespace carebench {

// absent when the octets are too few. Texts and octets are views into `octets`; padding NULs and
// blanks at the end of a string are no part of it. Type bits gives the number.
FieldValue register_value(const RegisterSpec& spec, ByteView octets);
// Names of the bits that are set ("bit5" where the map gives none); empty for other types.
std::vector<std::string> register_bits(const RegisterSpec& spec, ByteView octets);
// {"value": …, "name": …, "unit": …, "bits": […]}
Json register_json(const RegisterSpec& spec, ByteView octets);
// The octets of a number, a name, "true"/"false" (coils) or a text; bad_input when out of range.
Result<Bytes> register_octets(const RegisterSpec& spec, const FieldInput& input);

}  // namespace carebench
