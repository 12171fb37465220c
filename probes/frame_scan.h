// Looks whether a frame of a protocol stands at the beginning of some octets. Pure; the frame
// reader calls it at each place where a start mark may be, `decode` calls it once.
#pragma once

#include <cstdint>
#include <string_view>

#include "probes/protocol_spec.h"

namespace carebench {

struct Scanned {
  enum class Status : std::uint8_t {
    frame,     // size, data_at, data_size and variant are set
    more,      // may become one; never said when max_length octets are there
    nothing,   // no start mark here
    checksum,  // a whole frame, but for its checksum
    broken,    // impossible length, missing end mark; `why` says which
  } status = Status::nothing;
  int variant = 0;
  std::size_t size = 0, data_at = 0, data_size = 0;
  std::string_view why;  // "checksum", "footer", "length", "header"
};

Scanned scan_frame(const Framing& framing, ByteView octets);

// The message of a sound frame, nullptr when none fits.
const MessageSpec* match_message(const Framing& framing, Direction heard, int variant,
                                 ByteView frame, ByteView data);
// Fills the tables that match_message() reads; called once, when the protocol is complete.
void index_messages(Framing& framing, const std::vector<MessageSpec>& messages);

// "GPRMC" -> "GP" and "RMC", "PMTK001" -> "P" and "MTK001".
std::size_t talker_size(std::string_view address);

}  // namespace carebench
