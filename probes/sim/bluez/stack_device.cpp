// Device1: connecting, resolving services, disconnecting.
#include <algorithm>
#include <cstdio>

#include "probes/sim/bluez/stack.h"
#include "standards/vocab/text.h"

namespace carebench::sim::bluez {
namespace {

constexpr const char* adapter_path = "/org/bluez/hci0";
constexpr const char* device = "org.bluez.Device1";
constexpr Duration gives_up_after = milliseconds(40'300);  // Connect; bluetoothd 5.66: 40.2 to 40.5
constexpr Duration resolves_after = milliseconds(40);      // … 40 to 350 ms after the reply
constexpr Duration disconnects_after = seconds(2);         // … its DISCONNECT_TIMER
constexpr Duration answer_time = seconds(30);              // of an ATT transaction
// Connected=true is sometimes never signalled: here, at each third connection.
constexpr int unsignalled_each = 3;

std::string hex4(unsigned number) {
  char text[5];
  std::snprintf(text, sizeof text, "%04x", number & 0xFFFFU);
  return text;
}

dbus::Value flags_of(const GattDatabase::Characteristic& characteristic) {
  std::vector<std::string> texts;
  const auto names = gatt_flag_names();
  for (std::size_t i = 0; i < names.size(); ++i)
    if (characteristic.properties >> i & 1) texts.emplace_back(names[i]);
  texts.insert(texts.end(), characteristic.others.begin(), characteristic.others.end());
  return dbus::texts(texts);
}

}  // namespace

void Stack::connect(const Message& call) {
  if (is_on("Connected") && is_on("ServicesResolved")) return answer(call);
  if (is_on("Connected")) return connecting_.push_back(call);  // answered once it is resolved
  if (!objects_.get(adapter_path, "org.bluez.Adapter1", "Powered").boolean())
    return refuse(call, "Failed", "Input/output error");
  if (!connecting_.empty()) return refuse(call, "Failed", "Operation already in progress");
  connecting_.push_back(call);
  const Stamp begun = clock_.now();
  const int attempt = ++attempts_;
  radio_.begin(Connect{}, gives_up_after, [this, begun, attempt](const auto& come) {
    if (attempt != attempts_) {  // somebody thought better of it meanwhile
      if (come && come->kind == Outcome::Kind::done)
        radio_.begin(Disconnect{}, answer_time, [](const auto&) {});
      return;
    }
    if (come && come->kind == Outcome::Kind::done) return connected();
    const Duration left = gives_up_after - (clock_.now() - begun);
    later(left, [this, attempt] {
      if (attempt == attempts_) connection_failed("le-connection-abort-by-local");
    });
  });
}

void Stack::connection_failed(std::string_view why) {
  ++attempts_;
  for (const Message& call : std::exchange(connecting_, {})) refuse(call, "Failed", why);
}

void Stack::connected() {
  linked_ = true;
  objects_.set(device_, device, {{"Connected", dbus::boolean(true)}},
               ++connections_ % unsignalled_each != 0);
  answer(connecting_.front());
  connecting_.erase(connecting_.begin());
  const int attempt = attempts_;
  later(resolves_after, [this, attempt] {
    if (!linked_ || attempt != attempts_) return;
    radio_.begin(Discover{}, answer_time, [this](const auto& come) { resolved(come); });
  });
}

void Stack::resolved(const Result<Link::Performed>& come) {
  if (!linked_) return;
  const bool done = come && come->kind == Outcome::Kind::done;
  const auto json = done ? parse_json(come->text) : Result<Json>(Json());
  auto database = GattDatabase::from(json.value_or(Json()));
  if (!database) {
    radio_.begin(Disconnect{}, answer_time, [](const auto&) {});
    return link_ended();
  }
  if (to_json(*database).dump() != to_json(database_).dump() || attributes_.empty()) {
    attributes_.clear();
    for (const std::string& path : objects_.below(device_))
      if (path != device_) objects_.remove(path);
    database_ = std::move(*database);
    export_services(database_);
  }
  read_modalias();
}

void Stack::export_services(const GattDatabase& database) {
  using namespace dbus;
  std::map<std::pair<Uuid, Uuid>, int> instances;
  const auto announced = [this](const std::string& path, const char* interface,
                                Properties properties) {
    objects_.add(path, interface, std::move(properties), methods_of(interface));
    objects_.announce(path);
  };
  for (const auto& service : database.services) {
    const std::string service_path = cat(device_, "/service", hex4(service.handle));
    announced(service_path, "org.bluez.GattService1",
              {{"Device", path(device_)},
               {"Includes", array("o", {})},
               {"Primary", boolean(service.primary)},
               {"UUID", text(service.uuid.long_text())}});
    for (const auto& one : service.characteristics) {
      const std::string where = cat(service_path, "/char", hex4(one.handle - 1U));
      const bool notifies = one.has(gatt_flag::notify), indicates = one.has(gatt_flag::indicate);
      Properties properties = {{"Flags", flags_of(one)},
                               {"MTU", integer('q', database.mtu)},
                               {"Service", path(service_path)},
                               {"UUID", text(one.uuid.long_text())},
                               {"Value", dbus::octets({})}};
      if (notifies || indicates) properties.emplace_back("Notifying", boolean(false));
      if (notifies) properties.emplace_back("NotifyAcquired", boolean(false));
      if (one.has(gatt_flag::write_without_response))
        properties.emplace_back("WriteAcquired", boolean(false));
      announced(where, "org.bluez.GattCharacteristic1", std::move(properties));
      AttributePath name{service.uuid, one.uuid, {}, ++instances[{service.uuid, one.uuid}]};
      Attribute& attribute = attributes_[where];
      attribute.path = name.text();
      attribute.uuid = one.uuid;
      attribute.handle = one.handle;
      attribute.properties = one.properties;
      for (const auto& inside : one.descriptors) {
        const std::string place = cat(where, "/desc", hex4(inside.handle));
        announced(place, "org.bluez.GattDescriptor1",
                  {{"Characteristic", path(where)},
                   {"UUID", text(inside.uuid.long_text())},
                   {"Value", dbus::octets({})}});
        name.descriptor = inside.uuid;
        Attribute& described = attributes_[place];
        described.path = name.text();
        described.descriptor = true;
      }
    }
  }
}

// bluetoothd reads the PnP ID itself, and makes Modalias of it.
void Stack::read_modalias() {
  const AttributePath pnp{Uuid::of(0x180A), Uuid::of(0x2A50), {}, 1};
  if (!database_.find(pnp)) return services_are_resolved({});
  radio_.begin(ReadValue{pnp.text()}, answer_time, [this](const auto& come) {
    if (!linked_) return;
    const Bytes octets = come ? come->octets : Bytes();
    if (octets.size() != 7 || (octets[0] != 1 && octets[0] != 2)) return services_are_resolved({});
    char text[40];
    std::snprintf(text, sizeof text, "%s:v%04Xp%04Xd%04X", octets[0] == 1 ? "bluetooth" : "usb",
                  static_cast<unsigned>(octets[1] | octets[2] << 8),
                  static_cast<unsigned>(octets[3] | octets[4] << 8),
                  static_cast<unsigned>(octets[5] | octets[6] << 8));
    services_are_resolved(text);
  });
}

void Stack::services_are_resolved(const std::string& modalias) {
  std::vector<std::string> uuids;
  for (const auto& service : database_.services) uuids.push_back(service.uuid.long_text());
  for (const Uuid& advertised : identity_.uuids)
    if (!database_.service(advertised)) uuids.push_back(advertised.long_text());
  Properties properties = {{"UUIDs", dbus::texts(uuids)},
                           {"ServicesResolved", dbus::boolean(true)}};
  if (!modalias.empty()) properties.emplace_back("Modalias", dbus::text(modalias));
  objects_.set(device_, device, properties);
  for (const Message& call : std::exchange(connecting_, {})) answer(call);
  // Sessions outlive the link, and values come again without being asked for.
  for (const auto& [path, attribute] : attributes_)
    if (!attribute.notified.empty())
      radio_.begin(Subscribe{attribute.path, Subscribe::Mode::start}, answer_time,
                   [](const auto&) {});
}

void Stack::disconnect(const Message& call) {
  if (!is_on("Connected")) {
    if (!connecting_.empty()) {
      radio_.interrupt();
      connection_failed("br-connection-canceled");
    }
    return answer(call);
  }
  disconnecting_.push_back(call);
  if (disconnecting_.size() > 1) return;
  later(disconnects_after, [this] {
    if (disconnecting_.empty()) return;  // the device was quicker
    radio_.begin(Disconnect{}, answer_time, [this](const auto&) { link_ended(); });
  });
}

void Stack::lost(Stamp, std::string_view) {
  if (linked_) link_ended();
}

void Stack::link_ended() {
  if (!std::exchange(linked_, false)) return;
  ++attempts_;
  for (auto& [path, attribute] : attributes_) release(path, attribute);
  if (pairing_) pairing_ended("AuthenticationFailed");
  for (const Message& call : std::exchange(connecting_, {}))
    refuse(call, "Failed", "le-connection-abort-by-remote");
  const auto waiting = std::exchange(disconnecting_, {});
  if (waiting.empty())
    return objects_.set(
        device_, device,
        {{"ServicesResolved", dbus::boolean(false)}, {"Connected", dbus::boolean(false)}});
  objects_.set(device_, device, {{"ServicesResolved", dbus::boolean(false)}});
  for (const Message& call : waiting) answer(call);
  objects_.set(device_, device, {{"Connected", dbus::boolean(false)}});
}

}  // namespace carebench::sim::bluez
