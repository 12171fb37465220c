#include "probes/protocol_decode.h"

#include "probes/frame_scan.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

using Status = Scanned::Status;

tl::unexpected<Error> refuse(std::string message) {
  return fail(Errc::bad_input, Blame::profile, std::move(message));
}

std::string explain(const Protocol& protocol, const Scanned& scanned, std::size_t octets) {
  if (scanned.status == Status::nothing)
    return cat("start: no frame of ", protocol.name, " begins with these octets");
  if (scanned.status == Status::more)
    return cat("length: the frame goes on after the ", octets, " octets given");
  if (scanned.why == "checksum")
    return "checksum: it is missing or another one than these octets have";
  if (scanned.why == "footer") return "footer: the end mark does not stand where the length says";
  return "length: it is impossible, or not that of these octets";
}

}  // namespace

Result<Json> decode_frame(const Protocol& protocol, ByteView octets) {
  const Framing& framing = protocol.framing();
  if (framing.kind == Framing::Kind::gatt) {
    FrameReader reader(protocol, Direction::either);
    reader.feed(octets, {}, 0);
    Message value;
    if (reader.next(value)) return value.to_json(protocol);
    const std::string_view why = reader.last_error();
    return refuse(why.empty() ? "nothing: no message of the protocol is such an event"
                              : std::string(why));
  }
  Bytes line;
  if (framing.kind == Framing::Kind::line && (octets.empty() || octets.back() != '\n')) {
    line.assign(octets.begin(), octets.end());
    line.insert(line.end(), {'\r', '\n'});
    octets = line;
  }
  const Scanned scanned = scan_frame(framing, octets);
  if (scanned.status != Status::frame) return refuse(explain(protocol, scanned, octets.size()));
  if (scanned.size != octets.size())
    return refuse(cat("length: ", octets.size() - scanned.size, " octets are left over after the ",
                      scanned.size, " octets of the frame"));
  Message message;
  message.frame = octets;
  message.data = octets.subspan(scanned.data_at, scanned.data_size);
  message.spec =
      match_message(framing, Direction::either, scanned.variant, message.frame, message.data);
  return message.to_json(protocol);
}

}  // namespace carebench
