#include "probes/gatt/value_reader.h"

#include "probes/gatt/date_time.h"
#include "probes/ieee11073.h"

namespace carebench {
namespace {

void put(Reading& reading, std::size_t field, const Ieee11073& number, int shift) {
  if (number.special.empty())
    reading.number(field, number.value(shift));
  else
    reading.special(field, number.special);
}

}  // namespace

bool end_of_value(const ValueReader& value, std::uint64_t reserved, Reading& reading) {
  if (!value.ok())
    return reading.refuse("truncated: the value ends before what its flags announce");
  if (reserved) reading.find(findings::rfu_flags);
  if (value.left())
    reading.find(reserved ? findings::trailing_octets : findings::unannounced_octets);
  return true;
}

bool end_of_fixed(const ValueReader& value, Reading& reading) {
  if (!value.ok()) return reading.refuse("truncated: the value is shorter than its fixed length");
  if (value.left()) return reading.refuse("trailing: the value is longer than its fixed length");
  return true;
}

void put_sfloat(Reading& reading, std::size_t field, std::uint16_t raw, int shift) {
  put(reading, field, ieee11073_sfloat(raw), shift);
}

void put_float(Reading& reading, std::size_t field, std::uint32_t raw) {
  put(reading, field, ieee11073_float(raw), 0);
}

void put_sfloat(Reading& reading, std::size_t field, std::uint16_t raw, Factor factor) {
  const Ieee11073 number = ieee11073_sfloat(raw);
  if (!number.special.empty()) return reading.special(field, number.special);
  const double sent = number.value();
  reading.number(field, sent * factor.times / factor.per, sent);
}

void put_scaled(Reading& reading, std::size_t field, std::uint32_t raw, double per) {
  reading.number(field, raw / per);
}

void put_scaled(Reading& reading, std::size_t field, std::uint32_t raw, double per, Factor factor) {
  const double sent = raw / per;
  reading.number(field, sent * factor.times / factor.per, sent);
}

void put_user(Reading& reading, std::size_t field, std::uint8_t user) {
  if (user == 0xFF)
    reading.special(field, "unknown");
  else
    reading.number(field, user);
}

void put_echo(Reading& reading, const ReadingField& declared, std::size_t field,
              std::uint32_t code) {
  reading.code(field, code, code < declared.names.size() ? declared.names[code] : "");
}

void put_code(Reading& reading, const ReadingField& declared, std::size_t field,
              std::uint32_t code) {
  put_echo(reading, declared, field, code);
  if (reading.value(field).text.empty()) reading.find(findings::rfu_value);
}

void put_flags(Reading& reading, std::size_t field, std::uint64_t mask, std::uint64_t known) {
  if (mask & ~known) reading.find(findings::rfu_flags);
  reading.number(field, static_cast<double>(mask));
}

void put_date_time(Reading& reading, std::size_t field, ByteView octets) {
  if (octets.size() != 7) return;
  const GattTime time = read_date_time(octets);
  switch (time.kind) {
    case GattTime::Kind::known:
      return reading.time(field, static_cast<double>(time.seconds), octets);
    case GattTime::Kind::unknown:
      return reading.special(field, "unknown", octets);
    case GattTime::Kind::invalid:
      reading.find(findings::out_of_range);
      return reading.special(field, "invalid", octets);
  }
}

bool put_zone(Reading& reading, std::size_t field, std::int8_t quarters) {
  if (quarters == -128)
    reading.special(field, "unknown");
  else if (quarters < -48 || quarters > 56)
    return false;
  else
    reading.number(field, 15 * quarters);
  return true;
}

bool put_dst(Reading& reading, std::size_t field, std::uint8_t quarters) {
  if (quarters == 255)
    reading.special(field, "unknown");
  else if (quarters != 0 && quarters != 2 && quarters != 4 && quarters != 8)
    return false;
  else
    reading.number(field, 15 * quarters);
  return true;
}

}  // namespace carebench
