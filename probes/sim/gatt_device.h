// The GATT side of a live virtual device: its attributes and who may use them, its subscriptions,
// what it advertises, its stored records. Like the engine that owns it, it does what follows from
// its file, the seed and the time it is told; it knows no link and no D-Bus. An ATT error is what a
// real device would answer; how a stack words it is gatt_host.h's business.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "probes/gatt/database.h"
#include "probes/gatt/event.h"
#include "probes/sim/device.h"
#include "probes/sim/gatt_pairing.h"
#include "probes/sim/gatt_records.h"
#include "probes/sim/values.h"

namespace carebench::sim {

// What came of a request.
struct GattAnswer {
  bool silent = false;   // the device does not answer
  std::uint8_t att = 0;  // an ATT error; 0: done
  Bytes value;
};

class GattDevice {
 public:
  GattDevice(const VirtualDevice& device, Values& values, std::uint64_t seed);

  const GattDatabase& database() const { return database_; }
  GattPairingPeer& pairing() { return pairing_; }
  const GattPairingPeer& pairing() const { return pairing_; }

  void power_on(Stamp now);
  void link_down();

  GattAnswer read(std::uint16_t handle, Stamp now);
  // Checks and keeps the octets; what they mean is the engine's business.
  GattAnswer write(std::uint16_t handle, ByteView octets, Stamp now);
  // Writes the client characteristic configuration: both bits, one, or none.
  GattAnswer subscribe(std::uint16_t handle, bool on);
  // Whatever security it needs: of a device that nobody but a tap listens to.
  void subscribe_to_all();
  const Uuid* characteristic_of(std::uint16_t handle) const;  // nullptr: there is none
  bool is_subscribed(const Uuid& characteristic) const;

  // A frame of the device's protocol on its way out: events as they leave, handles, methods and the
  // MTU applied; none when nobody listens to it.
  std::vector<Bytes> outgoing(ByteView frame, bool connected, Stamp now) const;
  bool is_heard(std::string_view message, bool connected) const;

  // Advertising, as the bench hears it while it scans.
  void scan(bool on, Stamp now);
  bool scanning() const { return scanning_; }
  Stamp next_advertising() const { return scanning_ ? next_advertising_ : never; }
  std::vector<Bytes> advertise(bool mute, Stamp now);
  std::string address(Stamp now) const;
  std::string_view address_type() const;
  std::string name(Stamp now) const;
  int rssi(Stamp now) const;
  const GattSpec& spec() const { return spec_; }

  std::vector<GattRecordStore>& stores() { return stores_; }
  // The store behind the control point of that handle; nullptr: it is none.
  GattRecordStore* store_at(std::uint16_t handle);

  std::optional<Error> take_trouble() { return std::exchange(trouble_, std::nullopt); }
  // A message as octets of its value; what cannot be encoded is trouble.
  Bytes value_of(const GattMessage& message, Stamp now, const FieldInputs& fixed = {});

 private:
  struct Served {
    std::uint16_t handle = 0;
    const GattAttribute* spec = nullptr;
    const GattContent* descriptor = nullptr;  // of another descriptor than 2902
    std::uint16_t configured = 0;             // handle of its 2902; 0: none
    bool is_configuration = false;
    bool subscribed = false;
    std::optional<Bytes> written;
  };
  void lay_out();
  Served* served(std::uint16_t handle);
  const Served* served(std::uint16_t handle) const;
  const Served* value_served(const Uuid& characteristic) const;
  std::uint8_t denied(GattNeed need, bool open) const;
  Bytes content(const GattContent& what, Stamp now);
  Bytes event(EventKind kind, const Uuid& uuid, std::uint16_t handle, ByteView value) const;

  const VirtualDevice& device_;
  const GattSpec& spec_;
  Values& values_;
  std::uint64_t seed_;
  GattDatabase database_;
  std::vector<Served> attributes_;
  GattPairingPeer pairing_;
  std::vector<GattRecordStore> stores_;
  Stamp powered_, next_advertising_;
  bool scanning_ = false;
  std::optional<Error> trouble_;
};

}  // namespace carebench::sim
