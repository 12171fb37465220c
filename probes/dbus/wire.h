// D-Bus messages as octets (D-Bus Specification 0.43, "Message Protocol"), for the one side of a
// conversation that no library serves: a service that answers as bluetoothd does, word for word,
// where sd-bus would answer for itself. Pure. Everything that is read comes from outside: lengths,
// depths and counts are bounded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "probes/dbus/value.h"

namespace carebench::dbus {

struct Message {
  enum class Type : std::uint8_t { call = 1, reply = 2, error = 3, signal = 4 };
  Type type = Type::call;
  bool no_reply = false;  // the caller wants none; of an answer: nobody waits for it
  std::uint32_t serial = 0, reply_to = 0;
  std::string path = {}, interface = {}, member = {}, error = {}, destination = {}, sender = {};
  Values body = {};
  std::string signature() const;  // of the body

  Message answer(Values values) const;  // to this call
  Message refusal(std::string_view name, std::string_view text) const;
};

// Descriptors in the body stay the message's own; `fds` gets them in the order they are sent.
Bytes encode(const Message& message, std::vector<int>& fds);

inline constexpr std::size_t fixed_header = 16, most_message = 16u * 1024 * 1024;
// How long the message is that begins so; 0: it is none, or longer than `most_message`.
std::size_t message_size(ByteView fixed);
// False: malformed. Takes the descriptors it refers to.
bool decode(ByteView octets, std::vector<Descriptor>& fds, Message& message);

}  // namespace carebench::dbus
