#include "probes/modbus/framing.h"

#include <array>

namespace carebench {
namespace {

constexpr std::array<std::uint16_t, 256> crc_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001U : crc >> 1;
    table[i] = static_cast<std::uint16_t>(crc);
  }
  return table;
}
constexpr auto table = crc_table();

// 2B 0E level conformity more next count, then count times: id, length, octets.
PduLength identification_length(ByteView pdu) {
  using Kind = PduLength::Kind;
  if (pdu.size() < 2) return {Kind::more, 0};
  if (pdu[1] != 0x0E) return {Kind::shapeless, 0};
  if (pdu.size() < 7) return {Kind::more, 0};
  std::size_t end = 7;
  for (int object = 0; object < pdu[6]; ++object) {
    if (pdu.size() < end + 2) return {Kind::more, 0};
    end += 2U + pdu[end + 1];
  }
  return {Kind::known, end};
}

}  // namespace

std::uint16_t modbus_crc(ByteView octets) {
  unsigned crc = 0xFFFF;
  for (const std::uint8_t octet : octets) crc = (crc >> 8) ^ table[(crc ^ octet) & 0xFF];
  return static_cast<std::uint16_t>(crc);
}

PduLength modbus_response_length(ByteView pdu) {
  using Kind = PduLength::Kind;
  if (pdu.empty()) return {Kind::more, 0};
  if ((pdu[0] & 0x80) != 0) return {Kind::known, 2};
  switch (pdu[0]) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 12:  // get comm event log
    case 17:  // report server id
    case 20:  // read file record
    case 21:  // write file record
    case 23:  // read/write multiple registers
      if (pdu.size() < 2) return {Kind::more, 0};
      return {Kind::known, 2U + pdu[1]};
    case 5:
    case 6:
    case 11:  // get comm event counter
    case 15:
    case 16:
      return {Kind::known, 5};
    case 7:  // read exception status
      return {Kind::known, 2};
    case 22:  // mask write register
      return {Kind::known, 7};
    case 24:  // read FIFO queue
      if (pdu.size() < 3) return {Kind::more, 0};
      return {Kind::known, 3U + 256U * pdu[1] + pdu[2]};
    case 43:
      return identification_length(pdu);
    default:
      return {Kind::shapeless, 0};
  }
}

}  // namespace carebench
