// HCI packets as a controller would have carried what the evidence holds of GATT devices, for tools
// that read HCI (Wireshark, btmon). Rebuilt packets are no evidence: handles that the stack did not
// tell are made up, connections are opened where the first value is met, and the file says so.
#pragma once

#include "probes/evidence.h"

namespace carebench::hci {

struct Exported {
  bool captured = false;      // packets of a tap, as they came; else rebuilt
  std::uint64_t packets = 0;  // written
};

// Appends a pcapng file to `out`: the packets of the run's taps where it has one, else packets
// rebuilt from values that arrived, were read and were written. Errc::not_found when the run has
// neither.
Result<Exported> export_hci(const Evidence& evidence, Bytes& out);

}  // namespace carebench::hci
