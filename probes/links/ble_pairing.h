// The pairing dialogue of a BLE link (Pair, PairReply of probes/link.h): our agent answers what
// bluetoothd asks while it pairs. Registered only while a pairing is under way, so that nothing
// pairs behind the back of a step.
#pragma once

#include <optional>
#include <string>

#include "probes/links/ble_stack.h"

namespace carebench::links {

class BlePairing {
 public:
  BlePairing(BleStack& stack, std::string device_path, std::string address)
      : stack_(stack), device_(std::move(device_path)), address_(std::move(address)) {}
  ~BlePairing() { cancel(); }
  BlePairing(const BlePairing&) = delete;
  BlePairing& operator=(const BlePairing&) = delete;

  Result<Link::Performed> begin(const std::string& capability, Duration timeout,
                                const std::stop_token& stop);
  Result<Link::Performed> reply(const PairReply& reply, Duration timeout,
                                const std::stop_token& stop);
  void cancel();  // what is under way

 private:
  Result<Link::Performed> go_on(Duration timeout, const std::stop_token& stop);
  // What the dialogue stops at; nothing where the agent can answer by itself.
  std::optional<std::string> state_of(const dbus::Incoming& call);
  Result<Link::Performed> finish(const dbus::Answer& answer, Duration timeout);
  dbus::Answer manager(std::string method, dbus::Values arguments);
  void refuse(std::uint64_t serial);

  BleStack& stack_;
  const std::string device_, address_;
  dbus::Bus::PendingCall pairing_;
  std::optional<dbus::Incoming> asked_;  // waits for the PairReply
  bool served_ = false;
};

}  // namespace carebench::links
