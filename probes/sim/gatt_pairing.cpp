#include "probes/sim/gatt_pairing.h"

#include <algorithm>

#include "probes/sim/random.h"

namespace carebench::sim {
namespace {

using Step = GattPairingPeer::Step;

struct Abilities {
  bool shows = false, types = false, confirms = false;  // digits; digits; yes or no
};

Abilities abilities_of(std::string_view capability) {
  if (capability == "DisplayOnly") return {true, false, false};
  if (capability == "DisplayYesNo") return {true, false, true};
  if (capability == "KeyboardOnly") return {false, true, false};
  if (capability == "KeyboardDisplay") return {true, true, true};
  return {};
}

struct Method {
  std::string_view name;
  Step::Kind asks;  // paired: nobody is asked
};

Method method_of(std::string_view bench_capability, const GattPairing& spec) {
  const Abilities bench = abilities_of(bench_capability), device = abilities_of(spec.capability);
  if (spec.secure_connections && bench.confirms && device.confirms)
    return {"numeric_comparison", Step::Kind::compare};
  if (bench.types && device.shows) return {"passkey_entry", Step::Kind::wants_passkey};
  if (bench.shows && device.types) return {"passkey_entry", Step::Kind::shows_passkey};
  if (bench.types && device.types) return {"passkey_entry", Step::Kind::wants_passkey};
  return {"just_works", Step::Kind::paired};
}

std::string six_digits(std::uint64_t random) {
  const std::string digits = std::to_string(random % 1'000'000);
  return std::string(6 - digits.size(), '0') + digits;
}

}  // namespace

Step GattPairingPeer::pair(std::string_view bench_capability) {
  ++dialogues_;
  asked_.reset();
  const Method method = method_of(bench_capability, spec_);
  method_ = method.name;
  const bool confirmed = method.asks != Step::Kind::paired;
  if (!confirmed && !spec_.just_works) return {};
  using Rebond = GattPairing::Rebond;
  if (bond_ && spec_.rebond == Rebond::never) return {};
  if (bond_ && spec_.rebond == Rebond::authenticated && !confirmed) return {};
  if (!confirmed) return finish();
  expected_ = method.asks == Step::Kind::wants_passkey ? spec_.passkey : "";
  asked_ = Step{method.asks, expected_.empty() ? six_digits(mix(seed_, dialogues_)) : ""};
  return *asked_;
}

Step GattPairingPeer::reply(bool accept, std::string_view passkey) {
  if (!asked_) return {};
  asked_.reset();
  if (!accept || (!expected_.empty() && passkey != expected_)) return {};
  return finish();
}

Step GattPairingPeer::finish() {
  const bool authenticated = method_ != "just_works";
  security_.key_size = spec_.key_size;
  security_.secure_connections = spec_.secure_connections;
  security_.method = method_;
  security_.level = !authenticated ? 2 : spec_.secure_connections && spec_.key_size == 16 ? 4 : 3;
  if (spec_.bonding) bond_ = Bond{mix(seed_, dialogues_) | 1, security_};
  return {Step::Kind::paired, ""};
}

bool GattPairingPeer::encrypt(std::uint64_t id) {
  if (!bond_ || bond_->id != id) return false;
  security_ = bond_->security;
  return true;
}

void GattPairingPeer::forget() { bond_.reset(); }

void GattPairingPeer::link_down() {
  security_ = {};
  asked_.reset();
}

}  // namespace carebench::sim
