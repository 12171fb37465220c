// A BLE device over bluetoothd, as a link. perform() runs on the step's thread and asks bluetoothd;
// what the device sends on its own and how the link ends comes through BleEvents on the reader's
// thread, so both may overlap at any time.
//
// Values through AcquireNotify come on a socket: two wake-ups stand between the radio and their
// stamp, bluetoothd's and ours. Signals pass the dbus-daemon as well, whose delays on a busy
// machine are no measure of a device.
#pragma once

#include "probes/gatt/database.h"
#include "probes/links/ble_attributes.h"
#include "probes/links/ble_events.h"
#include "probes/links/ble_pairing.h"
#include "probes/links/ble_stack.h"

namespace carebench::links {

struct BleTarget {
  std::string address;     // "AA:BB:CC:DD:EE:FF", in capitals; "": by name
  std::string name;        // as advertised
  std::string adapter;     // "hci1"; "": the first that can be used
  Duration scan;           // how long to look for the device before it counts as absent
  int retries = 2;         // of a connection that did not come about
  bool exclusive = false;  // no other run on the adapter
  bool signals = false;    // values never through AcquireNotify
};

class BleLink final : public Link {
 public:
  BleLink(BleTarget target, std::unique_ptr<BleStack> stack, Facts facts, Clock& clock);
  ~BleLink() override { close(); }

  const Facts& facts() const override { return facts_; }
  bool overlaps() const override { return true; }
  int wait_fd() const override { return events_.wait_fd(); }
  void pump(Stamp now, Ingest& ingest) override { events_.pump(now, ingest); }
  Result<Performed> perform(const Op& op, Duration timeout, std::stop_token stop) override;
  void close() noexcept override;

 private:
  // Where an attribute is: its object, or why there is none.
  struct Place {
    std::string path;
    GattDatabase::Found found;
    std::optional<Performed> none;
  };

  Result<void> bring_back(const Countdown& countdown, const std::stop_token& stop);
  void begin_listening();
  Result<Performed> connect(Duration timeout, const std::stop_token& stop);
  Result<Performed> try_to_connect(const Countdown& countdown, const std::stop_token& stop,
                                   bool& again);
  Result<Performed> find_device(const Countdown& countdown, const std::stop_token& stop);
  Result<Performed> resolve(const Countdown& countdown, const std::stop_token& stop, bool& again);
  Result<Performed> disconnect(Duration timeout, const std::stop_token& stop);
  Result<Performed> unpair(Duration timeout, const std::stop_token& stop);
  Result<Performed> status(const std::stop_token& stop);
  Result<Performed> discover(const std::stop_token& stop);
  Result<Performed> read(const ReadValue& op, Duration timeout, const std::stop_token& stop);
  Result<Performed> write(const WriteValue& op, Duration timeout, const std::stop_token& stop);
  Result<Performed> subscribe(const Subscribe& op, Duration timeout, const std::stop_token& stop);
  Result<Performed> acquire(const BleEvents::Subject& subject, Duration timeout,
                            const std::stop_token& stop);
  Result<Performed> scan(bool on, const std::stop_token& stop);

  Result<Place> place_of(const std::string& attribute, const std::stop_token& stop);
  Result<Performed> with_bond_advice(Result<Performed> come, const std::stop_token& stop);
  Result<void> learn(const std::stop_token& stop);
  dbus::Answer on_device(std::string method, Duration timeout, const std::stop_token& stop);
  dbus::Answer device_properties(Duration timeout, const std::stop_token& stop, std::uint64_t mark);
  BleAsking asking(BleAsked asked, Duration timeout) const;

  const BleTarget target_;
  const Facts facts_;
  Clock& clock_;
  std::unique_ptr<BleStack> stack_;
  std::string device_;  // its object
  std::unique_ptr<BlePairing> pairing_;
  BleEvents events_;
  BleAttributes attributes_;
};

}  // namespace carebench::links
