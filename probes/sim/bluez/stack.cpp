#include "probes/sim/bluez/stack.h"

#include <algorithm>

#include "probes/dbus/connection.h"
#include "probes/links/ble_attributes.h"
#include "standards/vocab/text.h"

namespace carebench::sim::bluez {
namespace {

constexpr const char* adapter = "org.bluez.Adapter1";
constexpr const char* device = "org.bluez.Device1";
constexpr const char* manager = "org.bluez.AgentManager1";
constexpr const char* characteristic = "org.bluez.GattCharacteristic1";
constexpr const char* descriptor = "org.bluez.GattDescriptor1";

}  // namespace

const std::vector<Stack::MethodName>& Stack::methods() {
  static const std::vector<MethodName> names = {
      {adapter, "SetDiscoveryFilter", &Stack::set_discovery_filter},
      {adapter, "StartDiscovery", &Stack::start_discovery},
      {adapter, "StopDiscovery", &Stack::stop_discovery},
      {adapter, "RemoveDevice", &Stack::remove_device},
      {manager, "RegisterAgent", &Stack::register_agent},
      {manager, "UnregisterAgent", &Stack::unregister_agent},
      {manager, "RequestDefaultAgent", &Stack::request_default_agent},
      {device, "Connect", &Stack::connect},
      {device, "Disconnect", &Stack::disconnect},
      {device, "Pair", &Stack::pair},
      {device, "CancelPairing", &Stack::cancel_pairing},
      {characteristic, "ReadValue", &Stack::read_value},
      {characteristic, "WriteValue", &Stack::write_value},
      {characteristic, "AcquireWrite", &Stack::acquire_write},
      {characteristic, "StartNotify", &Stack::start_notify},
      {characteristic, "StopNotify", &Stack::stop_notify},
      {characteristic, "AcquireNotify", &Stack::acquire_notify},
      {descriptor, "ReadValue", &Stack::read_value},
      {descriptor, "WriteValue", &Stack::write_value},
  };
  return names;
}

std::vector<std::string> Stack::methods_of(std::string_view interface) {
  std::vector<std::string> names;
  for (const MethodName& method : methods())
    if (method.interface == interface) names.emplace_back(method.member);
  return names;
}

Stack::Stack(dbus::Endpoint& bus, Radio& radio, const Clock& clock, const GattStatus& identity)
    : bus_(bus), radio_(radio), clock_(clock), identity_(identity), objects_(bus) {
  add_adapter();
  // Clients that go take their sessions with them.
  bus_.watch(cat("type='signal',sender='", dbus::bus_name, "',member='NameOwnerChanged'"));
}

void Stack::take(const Message& message) {
  if (message.type == Message::Type::signal && message.member == "NameOwnerChanged" &&
      message.sender == dbus::bus_name && message.signature() == "sss") {
    if (message.body[2].text().empty()) client_gone(message.body[0].text());
    return;
  }
  if (message.type != Message::Type::call || objects_.answer(message)) return;
  for (const MethodName& method : methods())
    if (message.interface == method.interface && message.member == method.member)
      return (this->*method.method)(message);
}

void Stack::client_gone(const std::string& client) {
  end_discovery(client);
  filters_.erase(client);
  std::erase_if(agents_, [&](const Agent& agent) { return agent.client == client; });
  for (auto& [path, attribute] : attributes_)
    if (attribute.notified.erase(client) && attribute.notified.empty())
      unsubscribe(path, attribute);
}

void Stack::answer(const Message& call, dbus::Values values) {
  bus_.send(call.answer(std::move(values)));
}

void Stack::refuse(const Message& call, std::string_view error, std::string_view text) {
  bus_.send(
      call.refusal(error.find('.') == error.npos ? cat("org.bluez.Error.", error) : error, text));
}

void Stack::refuse(const Message& call, std::string_view refusal) {
  const auto colon = refusal.find(": ");
  if (colon == refusal.npos || refusal.find('.') > colon) return refuse(call, "Failed", refusal);
  refuse(call, refusal.substr(0, colon), refusal.substr(colon + 2));
}

void Stack::later(Duration after, std::function<void()> what) {
  due_.emplace(clock_.now() + after, std::move(what));
}

Stamp Stack::next_due() const { return due_.empty() ? never : due_.begin()->first; }

void Stack::tick() {
  while (!due_.empty() && due_.begin()->first <= clock_.now()) {
    const auto what = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    what();
  }
}

bool Stack::is_on(const char* property) const {
  return objects_.get(device_, device, property).boolean();
}

}  // namespace carebench::sim::bluez
