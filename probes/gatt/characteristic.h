// The adopted GATT characteristics: what each is called, which service it belongs to, what its
// fields are, and how a value is decoded; and what some devices broadcast. One family a file below
// probes/gatt/families:
// families/heart_rate.cpp defines `extern const GattFamily heart_rate` in namespace gatt.
// Layouts as in the GATT Specification Supplement; octets are little-endian unless a file says so.
#pragma once

#include <span>
#include <string_view>

#include "probes/gatt/event.h"
#include "probes/gatt/reading.h"
#include "probes/gatt/segments.h"
#include "standards/vocab/json.h"

namespace carebench {

// What octets alone do not say.
struct GattOptions {
  Direction direction = Direction::from_device;  // control points: who wrote these octets
  // CGM annunciation octets as some vendors order them: Warning, Cal/Temp, Status.
  bool nordic_cgm_order = false;
};

// Properties of a characteristic as its declaration has them.
namespace gatt_property {
inline constexpr unsigned read = 0x02, write_command = 0x04, write = 0x08, notify = 0x10,
                          indicate = 0x20;
}

struct GattCharacteristic {
  std::uint16_t uuid = 0;
  std::uint16_t service = 0;  // the service it is specified for
  unsigned properties = 0;    // those that its service demands; 0: the services differ
  std::string_view id;        // "heart_rate_measurement"
  Title title;
  std::span<const ReadingField> fields;
  // Decodes one value, or the first record of it. False: refused, Reading::refusal() says why.
  bool (*decode)(ByteView value, const GattOptions& options, Reading& reading) = nullptr;
  // Adds or replaces what fields alone cannot print. May be null.
  void (*amend)(const Reading& reading, Json& json) = nullptr;
  bool several = false;   // a value holds one record or more
  unsigned may_have = 0;  // properties that its service leaves to the device
  Segmentation segmentation = Segmentation::none;  // how a long value comes
};

// Readings that a device broadcasts in its advertising, in a layout of its vendor's: service data,
// whose UUID is a service's, or manufacturer data, whose UUID is a company's. The value is what
// stands behind that UUID, as in a GattEvent.
struct GattBroadcast {
  EventKind kind = EventKind::service_data;
  std::string_view layout;  // "xiaomi"
  GattCharacteristic value;
  // "svcdata.181D.xiaomi", "mfg.006B.polar"
  std::string name() const;
};

struct GattFamily {
  std::span<const GattCharacteristic> characteristics;
  std::span<const GattBroadcast> broadcasts{};
};

std::span<const GattFamily* const> gatt_families();  // generated, sorted by symbol

// All characteristics, by UUID.
std::span<const GattCharacteristic* const> gatt_characteristics();
const GattCharacteristic* gatt_characteristic(std::uint16_t uuid);  // nullptr: none such

// All broadcasts, by name.
std::span<const GattBroadcast* const> gatt_broadcasts();
// nullptr: that service or company has no such layout.
const GattBroadcast* gatt_broadcast(EventKind kind, std::uint16_t uuid, std::string_view layout);

std::string assigned_text(std::uint16_t uuid);  // "2A37"

// Clears `reading` and decodes into it; a value that travels a way the characteristic's properties
// do not have (a measurement written) is found out as wrong_direction.
bool read_value(const GattCharacteristic& characteristic, ByteView value, Reading& reading,
                const GattOptions& options = {});

// Watches the records of one device: a unit that changes from one to the next is found out as
// unit_flip. The unit is the field named "unit".
class UnitWatch {
 public:
  explicit UnitWatch(const GattCharacteristic& characteristic);
  void observe(Reading& reading);  // what read_value() filled in, in the order of arrival

 private:
  std::size_t field_ = Reading::most_fields;  // none
  double last_ = -1;
};

// Every field by its name (null when absent), numbers as they were sent with their unit, then
// "converted" {field: {value, unit}}, "withheld" {field: why} and "findings" [code] where there are
// some.
Json to_json(const GattCharacteristic& characteristic, const Reading& reading);
// The date and time of 7 octets as text, "2019-02-27T11:10:30"; unknown parts are zeros.
std::string date_time_text(ByteView octets);

}  // namespace carebench
