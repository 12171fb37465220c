// Modbus frames on a serial line, and 32-bit values out of two registers.
#include <array>
#include <bit>

#include "probes/checksum.h"
#include "probes/decode_family.h"
#include "standards/vocab/text.h"

namespace carebench::decoders {
namespace {

constexpr std::size_t most_octets = 256;

tl::unexpected<Error> refuse(std::string message) {
  return fail(Errc::bad_input, Blame::profile, std::move(message));
}

std::string_view exception_name(std::uint8_t code) {
  switch (code) {
    case 0x01:
      return "illegal function";
    case 0x02:
      return "illegal data address";
    case 0x03:
      return "illegal data value";
    case 0x04:
      return "server device failure";
    case 0x05:
      return "acknowledge";
    case 0x06:
      return "server device busy";
    case 0x07:
      return "negative acknowledge";
    case 0x08:
      return "memory parity error";
    case 0x0A:
      return "gateway path unavailable";
    case 0x0B:
      return "gateway target device failed to respond";
    default:
      return "unknown";
  }
}

// Unit and PDU, whatever carried them.
Result<Json> frame(ByteView octets) {
  const ByteView pdu = octets.subspan(1);
  Json json = Json::object();
  json.set("unit", octets[0]);
  json.set("function", pdu[0]);
  json.set("pdu", to_hex(pdu));
  if (!(pdu[0] & 0x80)) return json;
  if (pdu.size() != 2)
    return refuse(cat("length: an exception has 2 octets, and this has ", pdu.size()));
  json.set("exception", pdu[1]);
  json.set("exception_name", exception_name(pdu[1]));
  return json;
}

Result<Json> rtu(ByteView octets) {
  if (octets.size() < 4 || octets.size() > most_octets)
    return refuse(cat("length: an RTU frame has 4 to ", most_octets, " octets, and this has ",
                      octets.size()));
  const std::size_t end = octets.size() - 2;
  const std::uint32_t said = octets[end] | static_cast<std::uint32_t>(octets[end + 1]) << 8;
  const std::uint32_t is = (*checksum_named("crc16/modbus"))(octets.first(end));
  if (said != is)
    return refuse(
        cat("crc: the frame says ", to_hex(octets.subspan(end)), ", its octets have ",
            to_hex(Bytes{static_cast<std::uint8_t>(is), static_cast<std::uint8_t>(is >> 8)})));
  return frame(octets.first(end));
}

Result<Json> ascii(ByteView octets) {
  std::string_view text = as_text(octets);
  if (!text.starts_with(':')) return refuse("start: an ASCII frame begins with ':'");
  if (!text.ends_with("\r\n")) return refuse("footer: an ASCII frame ends with CR LF");
  text = text.substr(1, text.size() - 3);
  const bool digits = text.find_first_not_of("0123456789ABCDEFabcdef") == text.npos;
  const auto decoded = digits ? from_hex(text) : std::nullopt;
  if (!decoded || decoded->size() < 3 || decoded->size() > most_octets)
    return refuse("length: between ':' and CR LF stand pairs of hexadecimal digits, 3 to 256");
  const ByteView body = ByteView(*decoded).first(decoded->size() - 1);
  if ((*checksum_named("lrc"))(body) != decoded->back())
    return refuse("checksum: the LRC is another one than these octets have");
  return frame(body);
}

constexpr std::array<std::string_view, 4> orders = {"ABCD", "CDAB", "BADC", "DCBA"};

Result<Json> real(std::string_view order, ByteView octets) {
  if (octets.size() != 4)
    return refuse(cat("length: a float has 4 octets, and this has ", octets.size()));
  std::uint32_t raw = 0;
  for (const char letter : std::string_view("ABCD")) raw = raw << 8 | octets[order.find(letter)];
  const float value = std::bit_cast<float>(raw);
  Json json = Json::object();
  if (value != value)
    json.set("value", "NaN");
  else if (value - value != 0)
    json.set("value", value > 0 ? "+INFINITY" : "-INFINITY");
  else
    json.set("value", static_cast<double>(value));
  json.set("order", order);
  return json;
}

Result<Json> decode_modbus(std::string_view family, ByteView octets) {
  if (family == "modbus.rtu") return rtu(octets);
  if (family == "modbus.ascii") return ascii(octets);
  if (family == "modbus.float") return real("ABCD", octets);
  for (const std::string_view order : orders)
    if (family == cat("modbus.float.", order)) return real(order, octets);
  constexpr std::array<std::string_view, 4> known = {"modbus.rtu", "modbus.ascii", "modbus.float",
                                                     "modbus.float.CDAB"};
  return fail(Errc::usage, Blame::bench,
              cat("there is no decoder \"", printable(family), '"', suggestion(family, known)));
}

}  // namespace

extern const DecodeFamily modbus;
const DecodeFamily modbus{"modbus",
                          "modbus.rtu modbus.ascii modbus.float modbus.float.CDAB "
                          "modbus.float.BADC modbus.float.DCBA",
                          "a Modbus RTU or ASCII frame, or a float out of two registers",
                          decode_modbus};

}  // namespace carebench::decoders
