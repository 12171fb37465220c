// A tap on the HCI beside a virtual GATT device: what the kernel of a bench would have seen of it,
// as packets of the HCI monitor channel. The tap lives with a twin of the device (same file,
// faults, seed and sample, hence the same values at the same times) whose peer is connected from
// the beginning and subscribed to everything, in a window or always. What the bench asks of its
// device the twin does not hear: a device that only sends when it is asked has nothing to tap, and
// the tap tells nothing of pairing.
//
// With a fault at one of the two, the tap saw what did not arrive, or the other way round.
#pragma once

#include <memory>

#include "probes/link.h"
#include "probes/sim/engine.h"

namespace carebench::sim {

struct TapWindow {
  Stamp from, until = never;  // of the subscriptions
};
std::unique_ptr<Link> hci_tap(Facts facts, std::unique_ptr<Engine> twin, TapWindow window,
                              Clock& clock);

}  // namespace carebench::sim
