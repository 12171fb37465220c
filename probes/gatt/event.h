// What a BLE link hands in: values that a device sent on its own, and what it advertises. One event
// is one frame on the channel and one packet of the evidence:
//
//   octet  0      kind (below)
//   octet  1      how it came: EventSource
//   octets 2, 3   attribute handle, little endian, 0 where the source does not tell it;
//                 advertising: octet 2 is the RSSI in dBm, signed, 127 = not told
//   octets 4 … 19 UUID, as printed: of the characteristic, of the service (service data), of the
//                 company on the base UUID (manufacturer data); else zero
//   octets 20 …   the value, the data, or JSON (advertising)
//
// What the bench asks for (a read, a write) is an operation and its outcome, never an event.
#pragma once

#include "probes/gatt/uuid.h"
#include "standards/vocab/bytes.h"

namespace carebench {

enum class EventKind : std::uint8_t {
  notification = 1,  // ATT_HANDLE_VALUE_NTF
  indication = 2,    // ATT_HANDLE_VALUE_IND
  advertising = 3,   // JSON: {"name","address_type","tx_power","uuids",…} as the stack tells it
  service_data = 4,  // AD types 0x16, 0x20, 0x21
  manufacturer_data = 5,  // AD type 0xFF
  value = 6,              // a notification or indication; the source does not tell them apart
};

enum class EventSource : std::uint8_t {
  acquired = 1,  // the descriptor of AcquireNotify
  signal = 2,    // D-Bus PropertiesChanged
  simulated = 3,
};

struct GattEvent {
  EventKind kind = EventKind::value;
  EventSource source = EventSource::acquired;
  std::uint16_t handle = 0;
  Uuid uuid;
  ByteView value;

  static constexpr std::size_t header = 20;
  // False: fewer octets than the header, or an unknown kind.
  static bool parse(ByteView octets, GattEvent& event);
  void append_to(Bytes& octets) const;
  // Of an attribute, not advertised.
  bool is_value() const {
    return kind == EventKind::notification || kind == EventKind::indication ||
           kind == EventKind::value;
  }
  int rssi() const { return static_cast<std::int8_t>(handle); }  // kind advertising; 127: not told
};

}  // namespace carebench
