// Adapter1 and AgentManager1: discovery, what is advertised, agents.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "probes/sim/bluez/stack.h"
#include "standards/vocab/text.h"

namespace carebench::sim::bluez {
namespace {

constexpr const char* adapter_path = "/org/bluez/hci0";
constexpr const char* manager_path = "/org/bluez";
constexpr const char* adapter = "org.bluez.Adapter1";
constexpr const char* device = "org.bluez.Device1";
constexpr const char* manager = "org.bluez.AgentManager1";
constexpr Duration no_time_out = seconds(3600);
constexpr int rssi_step = 8;  // bluetoothd tells no smaller change, unless duplicates are asked for
constexpr std::array<std::string_view, 6> capabilities = {
    "", "NoInputNoOutput", "DisplayOnly", "DisplayYesNo", "KeyboardOnly", "KeyboardDisplay"};

dbus::Value uuid_texts(const std::vector<Uuid>& uuids) {
  std::vector<std::string> texts;
  for (const Uuid& uuid : uuids) texts.push_back(uuid.long_text());
  return dbus::texts(texts);
}

}  // namespace

void Stack::add_adapter() {
  using namespace dbus;
  objects_.add(manager_path, manager, {}, methods_of(manager));
  objects_.announce(manager_path);
  objects_.add(adapter_path, adapter,
               {{"Address", text("00:CA:4E:00:00:00")},
                {"AddressType", text("public")},
                {"Alias", text("carebench virtual adapter")},
                {"Class", integer('u', 0)},
                {"Discoverable", boolean(false)},
                {"DiscoverableTimeout", integer('u', 180)},
                {"Discovering", boolean(false)},
                {"Name", text("carebench virtual adapter")},
                {"Pairable", boolean(false)},
                {"PairableTimeout", integer('u', 0)},
                {"Powered", boolean(true)},
                {"Roles", texts({"central"})},
                {"UUIDs", texts({})}},
               methods_of(adapter));
  objects_.announce(adapter_path);
  objects_.allow_set(adapter_path, "Powered",
                     [this](const Value& on) { set_powered(on.boolean()); });
  for (const char* plain :
       {"Alias", "Discoverable", "Pairable", "DiscoverableTimeout", "PairableTimeout"})
    objects_.allow_set(adapter_path, plain, [this, plain](const Value& value) {
      objects_.set(adapter_path, adapter, {{plain, value}});
    });
  std::string path = cat(adapter_path, "/dev_", identity_.address);
  std::ranges::replace(path, ':', '_');
  device_ = path;
}

void Stack::set_powered(bool on) {
  if (!on) {
    while (!discovering_.empty()) end_discovery(std::string(discovering_.begin()->first));
    if (linked_) {
      radio_.interrupt();
      radio_.begin(Disconnect{}, no_time_out, [](const auto&) {});
      link_ended();
    }
  }
  objects_.set(adapter_path, adapter, {{"Powered", dbus::boolean(on)}});
}

void Stack::set_discovery_filter(const Message& call) {
  const bool is_dictionary = call.signature() == "a{sv}";
  const dbus::Value filter = is_dictionary ? call.body[0] : dbus::options({});
  const dbus::Value& transport = filter["Transport"];
  const bool known = transport.empty() || transport.text() == "le" || transport.text() == "auto" ||
                     transport.text() == "bredr";
  const dbus::Value& duplicates = filter["DuplicateData"];
  if (!is_dictionary || !known || !(duplicates.empty() || duplicates.type == "b"))
    return refuse(call, "InvalidArguments", "Invalid arguments in method call");
  filters_[call.sender] = duplicates.boolean();
  answer(call);
}

void Stack::start_discovery(const Message& call) {
  if (!objects_.get(adapter_path, adapter, "Powered").boolean())
    return refuse(call, "NotReady", "Resource Not Ready");
  if (discovering_.contains(call.sender))
    return refuse(call, "InProgress", "Operation already in progress");
  answer(call);
  discovering_[call.sender] = filters_[call.sender];
  if (discovering_.size() > 1) return;
  objects_.set(adapter_path, adapter, {{"Discovering", dbus::boolean(true)}});
  radio_.begin(Scan{true}, no_time_out, [](const auto&) {});
}

void Stack::stop_discovery(const Message& call) {
  if (!discovering_.contains(call.sender)) return refuse(call, "Failed", "No discovery started");
  answer(call);
  end_discovery(call.sender);
}

void Stack::end_discovery(const std::string& client) {
  if (!discovering_.erase(client) || !discovering_.empty()) return;
  objects_.set(adapter_path, adapter, {{"Discovering", dbus::boolean(false)}});
  objects_.invalidate(device_, device, "RSSI");
  radio_.begin(Scan{false}, no_time_out, [](const auto&) {});
}

// Advertising comes as one event and the data of it as others.
void Stack::frame(Stamp, ByteView octets) {
  GattEvent event;
  if (!GattEvent::parse(octets, event)) return;
  using namespace dbus;
  switch (event.kind) {
    case EventKind::advertising: {
      settle();
      const Json json = parse_json(as_text(event.value)).value_or(Json());
      std::vector<Uuid> uuids;
      for (const Json& one : json["uuids"].items())
        if (const auto uuid = Uuid::parse(one.string())) uuids.push_back(*uuid);
      Properties& told = advertised_.emplace();
      if (const std::string& name = json["name"].string(); !name.empty())
        told.insert(told.end(), {{"Name", text(name)}, {"Alias", text(name)}});
      if (!uuids.empty()) told.emplace_back("UUIDs", uuid_texts(uuids));
      if (json["tx_power"].is_number())
        told.emplace_back("TxPower", integer('n', json["tx_power"].integer()));
      told.emplace_back("RSSI", integer('n', event.rssi() == 127 ? -50 : event.rssi()));
      return;
    }
    case EventKind::service_data:
      service_data_.push_back(text(event.uuid.long_text()));
      service_data_.push_back(variant(dbus::octets(event.value)));
      return;
    case EventKind::manufacturer_data:
      manufacturer_data_.push_back(integer('q', event.uuid.assigned().value_or(0xFFFF)));
      manufacturer_data_.push_back(variant(dbus::octets(event.value)));
      return;
    default:
      return value_came(event);
  }
}

void Stack::settle() {
  if (!advertised_) return;
  if (!service_data_.empty())
    advertised_->emplace_back("ServiceData", dbus::array("{sv}", std::move(service_data_)));
  if (!manufacturer_data_.empty())
    advertised_->emplace_back("ManufacturerData",
                              dbus::array("{qv}", std::move(manufacturer_data_)));
  tell_advertised();
  advertised_.reset();
  service_data_.clear();
  manufacturer_data_.clear();
}

void Stack::tell_advertised() {
  if (discovering_.empty()) return;
  if (!objects_.has(device_)) {
    add_device();
    objects_.add(device_, device, *advertised_, methods_of(device));
    objects_.announce(device_);
    return;
  }
  const bool duplicates =
      std::ranges::any_of(discovering_, [](const auto& client) { return client.second; });
  Properties changed;
  for (const auto& [name, value] : *advertised_) {
    const dbus::Value& known = objects_.get(device_, device, name);
    const bool data = name == "ServiceData" || name == "ManufacturerData";
    const bool differs = name == "RSSI" ? std::abs(known.integer() - value.integer()) >= rssi_step
                                        : (data && known != value);
    if (known.empty() || differs || (duplicates && (data || name == "RSSI")))
      changed.emplace_back(name, value);
  }
  if (!changed.empty()) objects_.set(device_, device, changed);
}

void Stack::add_device() {
  using namespace dbus;
  const std::string name = identity_.name.empty() ? identity_.address : identity_.name;
  objects_.add(
      device_, device,
      {{"Adapter", path(adapter_path)},
       {"Address", text(identity_.address)},
       {"AddressType", text(identity_.address_type.empty() ? "public" : identity_.address_type)},
       {"Alias", text(name)},
       {"Blocked", boolean(false)},
       {"Bonded", boolean(identity_.bonded)},
       {"Connected", boolean(false)},
       {"LegacyPairing", boolean(false)},
       {"Name", text(name)},
       {"Paired", boolean(identity_.paired)},
       {"ServicesResolved", boolean(false)},
       {"Trusted", boolean(false)},
       {"UUIDs", uuid_texts(identity_.uuids)}},
      methods_of(device));
  for (const char* plain : {"Alias", "Trusted", "Blocked"})
    objects_.allow_set(device_, plain, [this, plain](const Value& value) {
      objects_.set(device_, device, {{plain, value}});
    });
}

void Stack::remove_device(const Message& call) {
  if (call.signature() != "o" || call.body[0].text() != device_ || !objects_.has(device_))
    return refuse(call, "DoesNotExist", "Does Not Exist");
  radio_.interrupt();
  radio_.begin(Unpair{}, no_time_out, [](const auto&) {});
  linked_ = false;
  for (const Message& waiting : std::exchange(connecting_, {}))
    refuse(waiting, "Failed", "br-connection-canceled");
  for (auto& [path, attribute] : attributes_) release(path, attribute);
  attributes_.clear();
  answer(call);
  objects_.remove(device_);
}

void Stack::register_agent(const Message& call) {
  if (call.signature() != "os" ||
      std::ranges::find(capabilities, call.body[1].text()) == capabilities.end())
    return refuse(call, "InvalidArguments", "Invalid arguments in method call");
  if (std::ranges::any_of(agents_, [&](const Agent& one) { return one.client == call.sender; }))
    return refuse(call, "AlreadyExists", "Already Exists");
  const std::string& capability = call.body[1].text();
  agents_.push_back(
      {call.sender, call.body[0].text(), capability.empty() ? "KeyboardDisplay" : capability});
  answer(call);
}

void Stack::unregister_agent(const Message& call) {
  const auto erased = std::erase_if(agents_, [&](const Agent& one) {
    return one.client == call.sender && call.signature() == "o" && one.path == call.body[0].text();
  });
  if (!erased) return refuse(call, "DoesNotExist", "Does Not Exist");
  answer(call);
}

void Stack::request_default_agent(const Message& call) {
  if (std::ranges::none_of(agents_, [&](const Agent& one) { return one.client == call.sender; }))
    return refuse(call, "DoesNotExist", "Does Not Exist");
  default_agent_ = call.sender;
  answer(call);
}

}  // namespace carebench::sim::bluez
