// `inspect` of a GATT device: what it is, and what it offers.
#pragma once

#include "profiles/context.h"

namespace carebench {

bool is_gatt(const Facts& facts);

// Connects, tells status, services and device information, disconnects. Nothing is read but the
// Device Information Service: reading more may start a pairing.
Result<Json> inspect_gatt(Port& port);

}  // namespace carebench
