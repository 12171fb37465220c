// D-Bus messages of arbitrary octets: refused, or read as what is written again in the same words.
#include "probes/dbus/wire.h"
#include "tests/fuzz/must.h"

using namespace carebench;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView octets(data, size);
  if (size >= dbus::fixed_header)
    must(dbus::message_size(octets.first(dbus::fixed_header)) <= dbus::most_message);
  std::vector<dbus::Descriptor> none;
  dbus::Message message;
  if (!dbus::decode(octets, none, message)) return 0;
  std::vector<int> fds;
  const Bytes written = dbus::encode(message, fds);
  must(dbus::message_size(ByteView(written).first(dbus::fixed_header)) == written.size());
  dbus::Message again;
  must(dbus::decode(written, none, again));
  must(again.signature() == message.signature() && again.member == message.member &&
       again.path == message.path && again.serial == message.serial);
  return 0;
}
