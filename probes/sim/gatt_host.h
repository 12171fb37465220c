// The bench's end of a link to a virtual GATT device, as bluetoothd 5.66 behaves: it pairs by
// itself (Just Works) when a device asks for security, drops the link where pairing fails, words
// ATT errors as D-Bus errors, keeps the bench's bonds. It turns operations of a link into requests
// to the engine.
#pragma once

#include "probes/link.h"
#include "probes/sim/engine.h"

namespace carebench::sim {

class GattHost {
 public:
  // Not `secures`: it does nothing by itself and tells what the device answered, for a stack above
  // it that does.
  explicit GattHost(Engine& engine, bool secures = true) : engine_(engine), secures_(secures) {}
  // All operations but write, set_line and flush; `now` is the link's clock.
  Result<Link::Performed> perform(const Op& op, Stamp now);

 private:
  Link::Performed connect(Stamp now);
  Link::Performed disconnect(Stamp now);
  Link::Performed status(Stamp now) const;
  Result<Link::Performed> attribute(const std::string& path, const Op& op, Stamp now);
  Link::Performed answered(const GattAnswer& answer) const;
  Link::Performed pair(const std::string& capability, Stamp now);
  Link::Performed stands(const GattPairingPeer::Step& step, Stamp now);
  bool raise_security(Stamp now);

  Engine& engine_;
  const bool secures_;
  std::uint64_t bond_ = 0;  // the bench's
};

}  // namespace carebench::sim
