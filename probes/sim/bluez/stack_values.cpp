// GattCharacteristic1 and GattDescriptor1: reading and writing.
#include <algorithm>
#include <array>

#include "probes/gatt/refusal.h"
#include "probes/sim/bluez/stack.h"
#include "standards/vocab/text.h"

namespace carebench::sim::bluez {
namespace {

constexpr Duration answer_time = seconds(30);  // of an ATT transaction
constexpr std::size_t most_octets = 512;
constexpr int command_header = 3;

constexpr std::string_view not_connected = "Not connected";

}  // namespace

bool Stack::is_gone(const Message& call) {
  if (attributes_.contains(call.path)) return false;
  refuse(call, "Failed", not_connected);
  return true;
}

void Stack::read_value(const Message& call) {
  const dbus::Value options = call.signature() == "a{sv}" ? call.body[0] : dbus::Value();
  const dbus::Value& offset = options["offset"];
  if (options.empty() || !(offset.empty() || offset.type == "q"))
    return refuse(call, "InvalidArguments", "Invalid arguments in method call");
  if (!linked_) return refuse(call, "Failed", not_connected);
  read_on(call, static_cast<std::size_t>(offset.integer()), false);
}

void Stack::read_on(const Message& call, std::size_t offset, bool elevated) {
  if (is_gone(call)) return;
  const ReadValue read{attribute_of(call).path};
  radio_.begin(read, answer_time, [this, call, offset, elevated](const auto& come) {
    if (!come || come->kind == Outcome::Kind::lost) return refuse(call, "Failed", not_connected);
    if (come->kind != Outcome::Kind::done) {
      if (!elevate(call, *come, elevated, [this, call, offset] { read_on(call, offset, true); }))
        refuse(call, come->text);
      return;
    }
    if (offset > come->octets.size()) return refuse(call, "InvalidArguments", "Invalid offset");
    const ByteView value = ByteView(come->octets).subspan(offset);
    objects_.set(call.path, call.interface, {{"Value", dbus::octets(value)}});
    answer(call, {dbus::octets(value)});
  });
}

void Stack::write_value(const Message& call) {
  if (call.signature() != "aya{sv}")
    return refuse(call, "InvalidArguments", "Invalid arguments in method call");
  const Attribute& attribute = attribute_of(call);
  const dbus::Value& type = call.body[1]["type"];
  constexpr std::array modes = {WriteValue::Mode::request, WriteValue::Mode::command,
                                WriteValue::Mode::reliable};
  const auto mode = std::ranges::find_if(
      modes, [&](WriteValue::Mode one) { return to_string(one) == type.text(); });
  constexpr unsigned writable = gatt_flag::write | gatt_flag::write_without_response;
  if ((!attribute.descriptor && !(attribute.properties & writable)) ||
      (!type.empty() && mode == modes.end()))
    return refuse(call, "NotSupported", "Operation is not supported");
  WriteValue write;
  write.attribute = attribute.path;
  write.octets.assign(call.body[0].octets().begin(), call.body[0].octets().end());
  if (mode != modes.end())
    write.mode = *mode;
  else if (!attribute.descriptor && !(attribute.properties & gatt_flag::write))
    write.mode = WriteValue::Mode::command;
  if (write.octets.size() > most_octets) return refuse(call, "InvalidArguments", "Invalid Length");
  if (!linked_) return refuse(call, "Failed", not_connected);
  if (write.mode == WriteValue::Mode::command && database_.mtu > 0 &&
      write.octets.size() + command_header > static_cast<std::size_t>(database_.mtu))
    return refuse(call, "Failed", "Failed to initiate write");
  write_on(call, write, false);
}

void Stack::write_on(const Message& call, const WriteValue& write, bool elevated) {
  radio_.begin(write, answer_time, [this, call, write, elevated](const auto& come) {
    // Nobody tells what becomes of a command.
    if (write.mode == WriteValue::Mode::command) return answer(call);
    if (!come || come->kind == Outcome::Kind::lost) return refuse(call, "Failed", not_connected);
    if (come->kind == Outcome::Kind::done) return answer(call);
    if (!elevate(call, *come, elevated, [this, call, write] { write_on(call, write, true); }))
      refuse(call, come->text);
  });
}

void Stack::acquire_write(const Message& call) {
  Attribute& attribute = attribute_of(call);
  if (!(attribute.properties & gatt_flag::write_without_response))
    return refuse(call, "NotSupported", "Operation is not supported");
  if (attribute.write_socket.get() >= 0) return refuse(call, "NotPermitted", "Write acquired");
  if (!linked_) return refuse(call, "Failed", not_connected);
  dbus::Descriptor theirs = socket_pair(attribute.write_socket);
  objects_.set(call.path, call.interface, {{"WriteAcquired", dbus::boolean(true)}});
  answer(call, {dbus::descriptor(std::move(theirs)), dbus::integer('q', database_.mtu)});
}

}  // namespace carebench::sim::bluez
