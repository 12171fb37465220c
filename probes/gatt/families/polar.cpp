// Chest straps that broadcast the heart rate in manufacturer data (company 006B, Polar H10).
#include "probes/gatt/value_reader.h"

namespace carebench::gatt {
namespace {

using enum FieldKind;

constexpr ReadingField fields[] = {{"heart_rate", number, "/min", {"心率", "heart rate"}}};

// The last of 4 octets; what the others mean is not established.
bool decode(ByteView value, const GattOptions&, Reading& reading) {
  if (value.size() != 4) return reading.refuse("length: the layout that is known has 4 octets");
  if (value[3])
    reading.number(0, value[3]);
  else
    reading.special(0, "no_signal");
  return true;
}

void amend(const Reading&, Json& json) { json.set("bpm", json["heart_rate"]); }

constexpr GattBroadcast broadcasts[] = {
    {EventKind::manufacturer_data,
     "polar",
     {0x006B,
      0,
      0,
      "polar_heart_rate",
      {"心率广播（Polar）", "heart rate broadcast (Polar)"},
      fields,
      decode,
      amend}},
};

}  // namespace

extern const GattFamily polar;
const GattFamily polar{{}, broadcasts};

}  // namespace carebench::gatt
