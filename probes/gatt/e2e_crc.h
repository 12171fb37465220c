// The E2E-CRC at the end of values of some services (CGMS 1.0.2, 2.4): CRC-16/MCRF4XX over all
// octets before it, least significant octet first.
#pragma once

#include "probes/gatt/value_reader.h"

namespace carebench {

// Whether a record that ends with a CRC has the right one; not when it is too short for one.
bool e2e_crc_is_right(ByteView record);

// Puts that into the truth field `field`. When it is wrong nobody knows which octet is: all numbers
// and times of the reading are withheld from a judge.
void put_e2e_crc(Reading& reading, std::span<const ReadingField> fields, std::size_t field,
                 ByteView record);

// Ends a value of fixed length that a CRC may follow; `rest` is what was not read of it.
bool end_with_crc(const ValueReader& rest, ByteView value, std::span<const ReadingField> fields,
                  std::size_t field, Reading& reading);

namespace findings {
extern const ValueFinding crc_mismatch;
}

}  // namespace carebench
