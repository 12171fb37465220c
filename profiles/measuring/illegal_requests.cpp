#include "profiles/measuring/illegal_requests.h"

#include "probes/modbus/framing.h"
#include "profiles/measuring/malformed_frames.h"

namespace carebench {
namespace {

constexpr std::uint8_t unassigned_function = 0x5A;  // neither public nor user-defined
constexpr int illegal_function = 1, illegal_address = 2, illegal_value = 3;

std::uint8_t read_function(RegisterTable table) {
  switch (table) {
    case RegisterTable::coil:
      return 1;
    case RegisterTable::discrete_input:
      return 2;
    case RegisterTable::input_register:
      return 4;
    case RegisterTable::holding_register:
      break;
  }
  return 3;
}

Bytes request(std::uint8_t function, std::uint16_t address, std::uint16_t quantity) {
  return {function, static_cast<std::uint8_t>(address >> 8),
          static_cast<std::uint8_t>(address & 0xFF), static_cast<std::uint8_t>(quantity >> 8),
          static_cast<std::uint8_t>(quantity & 0xFF)};
}

Bytes plus(Bytes octets, const Bytes& more) {
  octets.insert(octets.end(), more.begin(), more.end());
  return octets;
}

std::uint8_t other_unit(std::uint8_t unit) {
  return unit == 247 ? std::uint8_t{246} : static_cast<std::uint8_t>(unit + 1);
}

}  // namespace

Bytes modbus_frame(ModbusFraming framing, std::uint8_t unit, ByteView pdu) {
  Bytes frame;
  if (framing == ModbusFraming::tcp) {
    const std::size_t length = pdu.size() + 1;
    frame = {0x43,
             0x42,
             0,
             0,
             static_cast<std::uint8_t>(length >> 8),
             static_cast<std::uint8_t>(length & 0xFF)};
  }
  frame.push_back(unit);
  frame.insert(frame.end(), pdu.begin(), pdu.end());
  if (framing == ModbusFraming::tcp) return frame;
  const std::uint16_t crc = modbus_crc(frame);
  frame.push_back(static_cast<std::uint8_t>(crc & 0xFF));
  frame.push_back(static_cast<std::uint8_t>(crc >> 8));
  return frame;
}

std::vector<IllegalRequest> illegal_requests(const RegisterSpec& reg, const ModbusSetup& setup,
                                             std::uint64_t seed) {
  const std::uint8_t function = read_function(reg.table);
  const bool bits = function <= 2;
  const Bytes sound = request(function, reg.address, reg.count);
  std::vector<IllegalRequest> list;
  const auto pdu = [&](std::string_view name, Bytes octets, std::vector<int> right,
                       bool silence = false) {
    list.push_back({name, std::move(octets), false, std::move(right), silence});
  };
  const auto frame = [&](std::string_view name, Bytes octets) {
    list.push_back({name, std::move(octets), true, {}, true});
  };

  pdu("illegal_function", {unassigned_function, 0, 0, 0, 1}, {illegal_function});
  pdu("quantity_zero", request(function, reg.address, 0), {illegal_value});
  pdu("quantity_over_limit", request(function, reg.address, bits ? 2001 : 126), {illegal_value});
  pdu("quantity_largest", request(function, reg.address, 0xFFFF), {illegal_value});
  pdu("address_past_end", request(function, 0xFFFF, 2), {illegal_address});
  // FC 16 with quantity 0: a server without it says so, one with it refuses the quantity.
  pdu("write_nothing", plus(request(16, reg.address, 0), {0}), {illegal_function, illegal_value});
  pdu("short_request", {function, sound[1], sound[2]}, {illegal_value}, true);
  pdu("long_request", plus(sound, arbitrary_octets(200, seed)), {}, true);

  const Bytes whole = modbus_frame(setup.framing, setup.unit, sound);
  frame("cut_short",
        {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2)});
  if (setup.framing == ModbusFraming::tcp) {
    Bytes changed = whole;
    changed[2] = 0x12;
    frame("wrong_protocol_id", changed);
    changed = whole;
    changed[4] = 0xFF;
    frame("length_too_long", changed);
    changed = whole;
    changed[5] = 1;
    frame("length_too_short", changed);
  } else {
    Bytes changed(whole.begin(), whole.end() - 1);
    changed.push_back(static_cast<std::uint8_t>(whole.back() ^ 0x5A));
    frame("wrong_crc", std::move(changed));
    frame("other_unit", modbus_frame(setup.framing, other_unit(setup.unit), sound));
    frame("broadcast_read", modbus_frame(setup.framing, 0, sound));
  }
  frame("oversized",
        modbus_frame(setup.framing, setup.unit, plus(sound, arbitrary_octets(600, seed))));
  frame("garbage", arbitrary_octets(256, seed));
  frame("zeros", Bytes(64, 0x00));
  return list;
}

}  // namespace carebench
