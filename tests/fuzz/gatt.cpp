// Every decoder of an adopted characteristic, heard and written, and of a broadcast, on any octets:
// a value is refused with a reason or read, and what is printed is JSON that our own strict reader
// takes.
#include <cmath>

#include "probes/gatt/characteristic.h"
#include "tests/fuzz/must.h"

using namespace carebench;

namespace {

void look_at(const GattCharacteristic& characteristic, const Reading& reading, ByteView octets) {
  must(reading.octets() <= octets.size());
  for (std::size_t i = 0; i < characteristic.fields.size(); ++i) {
    const FieldValue& value = reading.value(i);
    if (value.kind == FieldValue::Kind::number) must(std::isfinite(value.number));
    if (value.kind == FieldValue::Kind::special) must(!value.text.empty());
    must(std::isfinite(reading.sent(i)));
  }
  must(parse_json(to_json(characteristic, reading).dump()).has_value());
}

}  // namespace

// Characteristics, then broadcasts.
const GattCharacteristic& decoder(std::size_t number) {
  const auto values = gatt_characteristics();
  const auto broadcasts = gatt_broadcasts();
  number %= values.size() + broadcasts.size();
  return number < values.size() ? *values[number] : broadcasts[number - values.size()]->value;
}

// Values cut from the octets, each as long as its first octet says.
void join_segments(Segmentation how, ByteView octets) {
  SegmentJoiner joiner(how);
  for (std::size_t size = 0; !octets.empty(); octets = octets.subspan(size)) {
    size = std::min<std::size_t>(octets.size(), octets[0] % 32 + 1U);
    if (joiner.take(octets.first(size)) != SegmentJoiner::Taken::whole) continue;
    must(!joiner.joined().empty() && joiner.joined().size() <= SegmentJoiner::most_octets);
    // Joined, it is a value that needs no joining.
    const Bytes whole(joiner.joined().begin(), joiner.joined().end());
    must(SegmentJoiner(how).take(whole) == SegmentJoiner::Taken::whole);
  }
}

// The first octet names the decoder and the direction, the rest is the value: of several records
// each is read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Reading reading;
  if (size < 1 || size > 513) return 0;
  const GattCharacteristic& characteristic = decoder(data[0] & 0x7F);
  const ByteView octets(data + 1, size - 1);
  if (characteristic.segmentation != Segmentation::none)
    join_segments(characteristic.segmentation, octets);
  for (const bool nordic : {false, true}) {
    const auto direction = data[0] & 0x80 ? Direction::to_device : Direction::from_device;
    ByteView rest = octets;
    do {
      if (!read_value(characteristic, rest, reading, {direction, nordic})) {
        must(reading.refusal().find(':') != std::string_view::npos);
        break;
      }
      look_at(characteristic, reading, rest);
      must(reading.octets() > 0 || rest.empty());
      rest = rest.subspan(reading.octets());
    } while (!rest.empty());
  }
  return 0;
}
