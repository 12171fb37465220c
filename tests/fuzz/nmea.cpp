// The text decoders: octets as they come, and the same octets as the body of a sentence and of a
// bracketed message whose checksum and length are right, so that their fields are reached.
#include <string>

#include "probes/checksum.h"
#include "probes/protocol_decode.h"
#include "standards/vocab/text.h"
#include "tests/fuzz/must.h"

using namespace carebench;

namespace {

std::shared_ptr<const Protocol> load(std::string_view name) {
  auto protocol = Protocol::load(name);
  must(protocol.has_value());
  return *protocol;
}

std::string hex(std::uint32_t value, int digits) {
  std::string out;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    out += "0123456789ABCDEF"[value >> shift & 15];
  return out;
}

// What is printed must be JSON that our own strict reader takes.
void take(const Protocol& protocol, std::string_view text) {
  const auto json = decode_frame(protocol, as_bytes(text));
  if (json)
    must(parse_json(json->dump()).has_value());
  else
    must(json.error().code == Errc::bad_input && !json.error().message.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto nmea = load("nmea0183"), watch = load("watch-3g");
  if (size > 400) return 0;
  const std::string body(as_text(ByteView(data, size)));
  take(*nmea, body);
  take(*watch, body);
  const std::uint32_t check = (*checksum_named("xor8"))(as_bytes(body));
  take(*nmea, "$" + body + "*" + hex(check, 2) + "\r\n");
  take(*watch, "[3G*1*" + hex(static_cast<std::uint32_t>(size), 4) + "*" + body + "]");
  return 0;
}
