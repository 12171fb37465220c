// HCI traffic of arbitrary octets, cut into packets: no crash, events stay within what came, and
// what is unfinished stays bounded.
#include <algorithm>

#include "probes/hci/monitor.h"
#include "tests/fuzz/must.h"

using namespace carebench;

// Each packet as long as its first octet says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hci::MonitorReader reader;
  std::size_t so_far = 0;
  for (ByteView octets(data, size); !octets.empty();) {
    const std::size_t length = std::min<std::size_t>(octets.size() - 1, octets[0]);
    reader.feed(octets.subspan(1, length));
    so_far += length;
    hci::Event event;
    while (reader.next(event)) {
      must(event.octets.size() <= so_far);
      if (event.kind == hci::Event::Kind::att) {
        const int values = hci::values_sent(event.octets);
        must(values >= 0 && static_cast<std::size_t>(values) <= event.octets.size());
      }
      must(hci::to_text(event.address).size() == 17);
      must(!hci::pairing_method(event.features, event.features).empty());
    }
    octets = octets.subspan(length + 1);
  }
  return 0;
}
