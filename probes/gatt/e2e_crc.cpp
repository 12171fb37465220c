#include "probes/gatt/e2e_crc.h"

#include "probes/checksum.h"

namespace carebench {

namespace findings {
const ValueFinding crc_mismatch{ValueFinding::Severity::violation,
                                "crc_mismatch",
                                {"端到端校验（E2E-CRC）错误", "the E2E-CRC is wrong"}};
}

bool e2e_crc_is_right(ByteView record) {
  static const Checksum& crc = *checksum_named("crc16/mcrf4xx");
  if (record.size() < 2) return false;
  const std::size_t end = record.size() - 2;
  return crc(record.first(end)) == (record[end] | static_cast<unsigned>(record[end + 1]) << 8);
}

void put_e2e_crc(Reading& reading, std::span<const ReadingField> fields, std::size_t field,
                 ByteView record) {
  const bool right = e2e_crc_is_right(record);
  reading.number(field, right);
  if (right) return;
  const std::string_view why = findings::crc_mismatch.code;
  reading.find(findings::crc_mismatch);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const FieldValue& value = reading.value(i);
    if (value.kind != FieldValue::Kind::number) continue;
    if (fields[i].kind == FieldKind::number) reading.withheld(i, why, reading.sent(i));
    if (fields[i].kind == FieldKind::time) reading.special(i, why, value.octets);
  }
}

bool end_with_crc(const ValueReader& rest, ByteView value, std::span<const ReadingField> fields,
                  std::size_t field, Reading& reading) {
  if (!rest.ok()) return reading.refuse("length: the value ends before its fields do");
  const std::size_t left = rest.left();
  if (left != 0 && left != 2)
    return reading.refuse("length: what follows the fields is no E2E-CRC of 2 octets");
  if (left) put_e2e_crc(reading, fields, field, value);
  return true;
}

}  // namespace carebench
