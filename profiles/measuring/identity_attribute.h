// The identifier of a GATT device, from an attribute ("ble/180A/2A25"), its address ("ble/address")
// or its name ("ble/name"). Device information is text; a System ID is told as the EUI-64 that it
// is, a unique device identifier by its label (or its device identifier, which is that of the
// model, where it has no label); other octets in hexadecimal. PnP ID, model, revisions and maker
// tell the model. A random address changes, and so identifies nothing (Core 5.3, Vol 6, Part
// B, 1.3): it is no value.
#pragma once

#include "profiles/measuring/identity.h"

namespace carebench {

// `rest` is what stands behind "ble/".
Result<IdentitySource> attribute_source(IdentitySource source, std::string_view rest);
Result<IdentityReading> from_attribute(Port& port, const IdentitySource& source,
                                       const IdentityAsking& asking);

}  // namespace carebench
