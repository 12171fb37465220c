#include "probes/gatt/event.h"

#include <cstring>

namespace carebench {

bool GattEvent::parse(ByteView octets, GattEvent& event) {
  if (octets.size() < header || octets[0] < 1 || octets[0] > 6) return false;
  event.kind = static_cast<EventKind>(octets[0]);
  event.source = static_cast<EventSource>(octets[1]);
  event.handle = static_cast<std::uint16_t>(octets[2] | octets[3] << 8);
  std::memcpy(event.uuid.octets.data(), octets.data() + 4, 16);
  event.value = octets.subspan(header);
  return true;
}

void GattEvent::append_to(Bytes& octets) const {
  octets.push_back(static_cast<std::uint8_t>(kind));
  octets.push_back(static_cast<std::uint8_t>(source));
  octets.push_back(static_cast<std::uint8_t>(handle));
  octets.push_back(static_cast<std::uint8_t>(handle >> 8));
  octets.insert(octets.end(), uuid.octets.begin(), uuid.octets.end());
  octets.insert(octets.end(), value.begin(), value.end());
}

}  // namespace carebench
