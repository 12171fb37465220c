// Notifications: sessions of clients, and sockets that they acquired.
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "probes/gatt/refusal.h"
#include "probes/sim/bluez/stack.h"
#include "standards/vocab/text.h"

namespace carebench::sim::bluez {
namespace {

constexpr const char* characteristic = "org.bluez.GattCharacteristic1";
constexpr Duration answer_time = seconds(30);  // of an ATT transaction
constexpr unsigned sends = gatt_flag::notify | gatt_flag::indicate;

}  // namespace

// Subscribes the virtual device; `done` is told only where that came about.
void Stack::subscribe(const Message& call, bool elevated, std::function<void()> done) {
  if (is_gone(call)) return;
  Attribute& attribute = attribute_of(call);
  const Subscribe subscribe{attribute.path, Subscribe::Mode::start};
  attribute.subscribing = true;
  radio_.begin(subscribe, answer_time, [this, call, elevated, done](const auto& come) {
    if (is_gone(call)) return;
    attribute_of(call).subscribing = false;
    if (!come || come->kind == Outcome::Kind::lost) return refuse(call, "Failed", "Not connected");
    if (come->kind == Outcome::Kind::done) return done();
    if (!elevate(call, *come, elevated, [this, call, done] { this->subscribe(call, true, done); }))
      refuse(call, come->text);
  });
}

void Stack::unsubscribe(const std::string& path, Attribute& attribute) {
  objects_.set(path, characteristic, {{"Notifying", dbus::boolean(false)}});
  if (linked_)
    radio_.begin(Subscribe{attribute.path, Subscribe::Mode::off}, answer_time, [](const auto&) {});
}

void Stack::start_notify(const Message& call) {
  Attribute& attribute = attribute_of(call);
  if (!(attribute.properties & sends))
    return refuse(call, "NotSupported", "Operation is not supported");
  if (attribute.notify_socket.get() >= 0) return refuse(call, "NotPermitted", "Notify acquired");
  if (!attribute.notified.empty() || !linked_) {
    // Without a link it is kept for the next one.
    if (attribute.notified.empty())
      objects_.set(call.path, characteristic, {{"Notifying", dbus::boolean(true)}});
    attribute.notified.insert(call.sender);
    return answer(call);
  }
  subscribe(call, false, [this, call] {
    attribute_of(call).notified.insert(call.sender);
    objects_.set(call.path, characteristic, {{"Notifying", dbus::boolean(true)}});
    answer(call);
  });
}

void Stack::stop_notify(const Message& call) {
  Attribute& attribute = attribute_of(call);
  if (attribute.notify_socket.get() >= 0) {
    release(call.path, attribute);
    return answer(call);
  }
  if (!attribute.notified.erase(call.sender))
    return refuse(call, "Failed", "No notify session started");
  if (attribute.notified.empty()) unsubscribe(call.path, attribute);
  answer(call);
}

void Stack::acquire_notify(const Message& call) {
  Attribute& attribute = attribute_of(call);
  if (!(attribute.properties & gatt_flag::notify))
    return refuse(call, "NotSupported", "Operation is not supported");
  if (attribute.notify_socket.get() >= 0) return refuse(call, "NotPermitted", "Notify acquired");
  if (!attribute.notified.empty()) return refuse(call, "InProgress", "In Progress");
  if (!linked_) return refuse(call, "Failed", "Not connected");
  // Values may come before the answer to the subscription; the socket is there by then.
  dbus::Descriptor theirs = socket_pair(attribute.notify_socket);
  const auto held = std::make_shared<dbus::Descriptor>(std::move(theirs));
  subscribe(call, false, [this, call, held] {
    objects_.set(call.path, characteristic, {{"NotifyAcquired", dbus::boolean(true)}});
    answer(call, {dbus::Value{"h", held}, dbus::integer('q', database_.mtu)});
  });
}

dbus::Descriptor Stack::socket_pair(dbus::Descriptor& ours) {
  int both[2] = {-1, -1};
  (void)::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both);
  ours = dbus::Descriptor(both[0]);
  return dbus::Descriptor(both[1]);
}

void Stack::release(const std::string& path, Attribute& attribute) {
  if (attribute.write_socket.get() >= 0) {
    attribute.write_socket = dbus::Descriptor();
    objects_.set(path, characteristic, {{"WriteAcquired", dbus::boolean(false)}});
  }
  if (attribute.notify_socket.get() < 0) return;
  attribute.notify_socket = dbus::Descriptor();
  objects_.set(path, characteristic, {{"NotifyAcquired", dbus::boolean(false)}});
  if (linked_)
    radio_.begin(Subscribe{attribute.path, Subscribe::Mode::off}, answer_time, [](const auto&) {});
}

void Stack::value_came(const GattEvent& event) {
  for (auto& [path, attribute] : attributes_) {
    if (attribute.descriptor || attribute.uuid != event.uuid ||
        (event.handle && attribute.handle && event.handle != attribute.handle))
      continue;
    if (attribute.notify_socket.get() >= 0) {
      // A client that does not read loses values.
      (void)::send(attribute.notify_socket.get(), event.value.data(), event.value.size(),
                   MSG_NOSIGNAL);
    } else if (!attribute.notified.empty() || attribute.subscribing) {
      objects_.set(path, characteristic, {{"Value", dbus::octets(event.value)}});
    }
    return;
  }
}

void Stack::watch(std::vector<pollfd>& fds) const {
  for (const auto& [path, attribute] : attributes_)
    for (const int fd : {attribute.notify_socket.get(), attribute.write_socket.get()})
      if (fd >= 0) fds.push_back({fd, POLLIN, 0});
}

void Stack::ready(const pollfd& fd) {
  for (auto& [path, attribute] : attributes_) {
    const bool writes = fd.fd == attribute.write_socket.get();
    if (!writes && fd.fd != attribute.notify_socket.get()) continue;
    std::array<std::uint8_t, 1024> value;
    const ssize_t n = ::recv(fd.fd, value.data(), value.size(), MSG_DONTWAIT);
    if (n > 0 && writes)
      radio_.begin(WriteValue{attribute.path, Bytes(value.begin(), value.begin() + n),
                              WriteValue::Mode::command},
                   answer_time, [](const auto&) {});
    if (n <= 0 && (fd.revents & (POLLHUP | POLLERR))) release(path, attribute);
    return;
  }
}

}  // namespace carebench::sim::bluez
