// How a virtual GATT device pairs: which method two input and output capabilities lead to (Core
// 5.3, Vol 3, Part H, 2.3.5.1), what the device insists on, the keys and bonds that come of it.
// Nothing is encrypted here; who holds what, and which level the link has, is all that is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "probes/gatt/status.h"
#include "probes/sim/gatt_spec.h"

namespace carebench::sim {

class GattPairingPeer {
 public:
  GattPairingPeer(const GattPairing& spec, std::uint64_t seed) : spec_(spec), seed_(seed) {}

  // Where a dialogue stands, as link.h tells it.
  struct Step {
    enum class Kind { paired, wants_passkey, shows_passkey, compare, failed } kind = Kind::failed;
    std::string passkey;  // shows_passkey, compare
  };
  Step pair(std::string_view bench_capability);
  Step reply(bool accept, std::string_view passkey);
  bool in_dialogue() const { return asked_.has_value(); }

  // A bond as the peer knows it; 0: none.
  std::uint64_t bond() const { return bond_ ? bond_->id : 0; }
  // The peer starts encryption with the bond it holds; false: the device has no such bond.
  bool encrypt(std::uint64_t id);
  void forget();     // the device drops its bond
  void link_down();  // encryption ends with the link

  const GattSecurity& security() const { return security_; }

 private:
  struct Bond {
    std::uint64_t id = 0;
    GattSecurity security;
  };
  Step finish();

  const GattPairing& spec_;
  std::uint64_t seed_, dialogues_ = 0;
  GattSecurity security_;          // of the link now
  std::optional<Step> asked_;      // what the bench has to answer
  std::string method_, expected_;  // of the dialogue: a passkey, "" none
  std::optional<Bond> bond_;
};

}  // namespace carebench::sim
