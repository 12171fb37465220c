// A stand-in for bluetoothd 5.66 with one adapter and one device, for a message bus of its own: it
// names, orders and words things as the real one does (tests/bench/traits.expected), and the device
// behind it is a virtual one. For clients of bluetoothd to be tried with, never for a test: its
// adapter is found below no /sys.
#pragma once

#include <poll.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "probes/gatt/database.h"
#include "probes/gatt/event.h"
#include "probes/gatt/status.h"
#include "probes/sim/bluez/objects.h"
#include "probes/sim/bluez/radio.h"

namespace carebench::sim::bluez {

class Stack final : public Ingest {
 public:
  Stack(dbus::Endpoint& bus, Radio& radio, const Clock& clock, const GattStatus& device);

  void take(const dbus::Message& message);  // a call, or the end of a client
  // Of the virtual device.
  void frame(Stamp stamp, ByteView octets) override;
  void lost(Stamp stamp, std::string_view how) override;
  void settle();  // after frames: what was advertised is told

  Stamp next_due() const;
  void tick();  // does what is due
  // The acquired sockets of clients.
  void watch(std::vector<pollfd>& fds) const;
  void ready(const pollfd& fd);

 private:
  using Message = dbus::Message;
  using Method = void (Stack::*)(const Message& call);
  struct MethodName {
    const char *interface, *member;
    Method method;
  };
  static const std::vector<MethodName>& methods();
  static std::vector<std::string> methods_of(std::string_view interface);

  // stack.cpp
  void later(Duration after, std::function<void()> what);
  void answer(const Message& call, dbus::Values values = {});
  void refuse(const Message& call, std::string_view error, std::string_view text);
  // "org.bluez.Error.Failed: Not connected", as links word it
  void refuse(const Message& call, std::string_view refusal);
  void client_gone(const std::string& client);

  // stack_adapter.cpp
  void add_adapter();
  void set_discovery_filter(const Message& call);
  void start_discovery(const Message& call);
  void stop_discovery(const Message& call);
  void end_discovery(const std::string& client);
  void remove_device(const Message& call);
  void set_powered(bool on);
  void register_agent(const Message& call);
  void unregister_agent(const Message& call);
  void request_default_agent(const Message& call);
  void tell_advertised();
  void add_device();

  // stack_device.cpp
  void connect(const Message& call);
  void connected();
  void connection_failed(std::string_view why);
  void resolved(const Result<Link::Performed>& come);
  void export_services(const GattDatabase& database);
  void read_modalias();
  void services_are_resolved(const std::string& modalias);
  void disconnect(const Message& call);
  void link_ended();
  bool is_on(const char* property) const;

  // stack_pairing.cpp
  struct Agent {
    std::string client, path, capability;
  };
  void pair(const Message& call);
  void cancel_pairing(const Message& call);
  // `then` is told "", or the name of the error.
  void begin_pairing(const std::string& client, std::function<void(const std::string& error)> then);
  void pairing_went_on(const Result<Link::Performed>& come);
  void pairing_ended(const std::string& error);
  void ask_agent(const std::string& method, dbus::Values arguments,
                 std::function<void(const Message& answer)> then);
  void reply_to_device(const PairReply& reply);

  // stack_values.cpp
  struct Attribute {
    std::string path;  // as links name it: "180D/2A37#2"
    Uuid uuid;
    std::uint16_t handle = 0;
    unsigned properties = 0;  // of a characteristic
    bool descriptor = false;
    std::set<std::string> notified;  // clients with StartNotify
    bool subscribing = false;        // under way; devices may send before they answer
    dbus::Descriptor notify_socket, write_socket;
  };
  void read_value(const Message& call);
  void read_on(const Message& call, std::size_t offset, bool elevated);
  void write_value(const Message& call);
  void write_on(const Message& call, const WriteValue& write, bool elevated);
  void acquire_write(const Message& call);
  // A refusal for want of security: pairs and does it again. False: nothing to be done.
  bool elevate(const Message& call, const Link::Performed& come, bool elevated,
               std::function<void()> again);
  Attribute& attribute_of(const Message& call) { return attributes_.at(call.path); }
  // The attribute went with its device while the call waited; then the call is refused.
  bool is_gone(const Message& call);

  // stack_notify.cpp
  void start_notify(const Message& call);
  void stop_notify(const Message& call);
  void acquire_notify(const Message& call);
  void subscribe(const Message& call, bool elevated, std::function<void()> done);
  void unsubscribe(const std::string& path, Attribute& attribute);
  void release(const std::string& path, Attribute& attribute);  // its acquired sockets
  void value_came(const GattEvent& event);
  dbus::Descriptor socket_pair(dbus::Descriptor& ours);

  dbus::Endpoint& bus_;
  Radio& radio_;
  const Clock& clock_;
  const GattStatus identity_;
  Objects objects_;
  std::string device_;
  std::map<std::string, bool> discovering_;  // client -> wants duplicates
  std::map<std::string, bool> filters_;      // client -> wants duplicates
  std::vector<Agent> agents_;
  std::string default_agent_;  // client
  std::multimap<Stamp, std::function<void()>> due_;

  // What was advertised and not told yet.
  std::optional<Properties> advertised_;
  dbus::Values service_data_, manufacturer_data_;

  std::vector<Message> connecting_;  // Connect, until it is resolved who wins
  std::vector<Message> disconnecting_;
  bool linked_ = false;  // the virtual device is connected
  int attempts_ = 0, connections_ = 0;
  GattDatabase database_;
  std::map<std::string, Attribute> attributes_;  // by object path

  struct Pairing {
    std::string client;
    std::optional<Agent> agent;
    std::function<void(const std::string& error)> then;
    std::uint32_t asked = 0;  // the agent's call under way
  };
  std::optional<Pairing> pairing_;
};

}  // namespace carebench::sim::bluez
