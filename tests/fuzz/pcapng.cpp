// The pcapng reader and what stands on it: no crash, no hang, bounded; what it reads it read from
// inside the file.
#include "probes/capture/pcapng.h"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carebench;
  pcapng::Reader reader({data, size});
  pcapng::Block block;
  std::uint64_t previous = 0;
  while (reader.next(block)) {
    if (reader.position() <= previous || reader.position() > size) std::abort();
    previous = reader.position();
    if (block.kind != pcapng::Block::Kind::packet) continue;
    if (!block.data.empty() &&
        (block.data.data() < data || block.data.data() + block.data.size() > data + size))
      std::abort();
    for (const auto type : {pcapng::LinkType::rtac_serial, pcapng::LinkType::wireshark_upper_pdu})
      if (pcapng::payload(type, block.data).size() > block.data.size()) std::abort();
    (void)pcapng::dissector(block.data);
  }
  return 0;
}
