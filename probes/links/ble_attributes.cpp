#include "probes/links/ble_attributes.h"

#include <algorithm>
#include <charconv>

namespace carebench::links {
namespace {

// "charXXXX" -> its handle; nothing when it is named otherwise.
std::optional<std::uint16_t> handle_of(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix) || name.size() != prefix.size() + 4) return std::nullopt;
  std::uint16_t handle = 0;
  const char* end = name.data() + name.size();
  const auto read = std::from_chars(name.data() + prefix.size(), end, handle, 16);
  if (read.ec != std::errc() || read.ptr != end || handle == 0) return std::nullopt;
  return handle;
}

unsigned flag_of(std::string_view name) {
  const auto names = gatt_flag_names();
  const auto known = std::ranges::find(names, name);
  return known == names.end() ? 0 : 1U << (known - names.begin());
}

class Builder {
 public:
  Builder(const dbus::Value& objects, const std::string& device) : objects_(objects.items()) {
    // Paths in their order: a service before its characteristics, these before their descriptors.
    std::map<std::string_view, const dbus::Value*> below;
    for (std::size_t i = 0; i + 1 < objects_.size(); i += 2) {
      const std::string& path = objects_[i].text();
      if (path.starts_with(device) && path.size() > device.size() && path[device.size()] == '/')
        below.emplace(std::string_view(path).substr(device.size() + 1), &objects_[i + 1]);
      else if (path == device)
        device_ = &objects_[i + 1]["org.bluez.Device1"];
    }
    for (const auto& [name, interfaces] : below) add(device, name, *interfaces);
  }

  BleAttributes result() {
    for (const dbus::Value& text : device_ ? (*device_)["UUIDs"].items() : dbus::Values())
      if (const auto uuid = Uuid::parse(text.text()); uuid && !built_.database.service(*uuid))
        built_.kept_back.push_back(*uuid);
    return std::move(built_);
  }

 private:
  void add(const std::string& device, std::string_view name, const dbus::Value& interfaces) {
    const auto slash = name.rfind('/');
    const std::string_view last = name.substr(slash == name.npos ? 0 : slash + 1);
    auto& services = built_.database.services;
    if (const auto& service = interfaces["org.bluez.GattService1"]; !service.empty()) {
      const auto uuid = Uuid::parse(service["UUID"].text());
      const auto handle = handle_of(last, "service");
      current_service_ = name;
      current_characteristic_ = {};
      usable_ = uuid && handle;
      if (usable_) services.push_back({*uuid, *handle, service["Primary"].boolean(true), {}});
      return;
    }
    if (!usable_ || !name.starts_with(current_service_)) return;
    auto& characteristics = services.back().characteristics;
    if (const auto& one = interfaces[characteristic_interface]; !one.empty()) {
      const auto uuid = Uuid::parse(one["UUID"].text());
      const auto handle = handle_of(last, "char");
      current_characteristic_ = uuid && handle && *handle < 0xFFFF ? name : std::string_view();
      if (current_characteristic_.empty()) return;
      GattDatabase::Characteristic characteristic;
      characteristic.uuid = *uuid;
      characteristic.handle = static_cast<std::uint16_t>(*handle + 1);
      for (const dbus::Value& flag : one["Flags"].items())
        if (const unsigned bit = flag_of(flag.text()))
          characteristic.properties |= bit;
        else
          characteristic.others.push_back(flag.text());
      built_.database.mtu = std::max(built_.database.mtu, static_cast<int>(one["MTU"].integer()));
      built_.paths.emplace(characteristic.handle, std::string(device) + '/' + std::string(name));
      characteristics.push_back(std::move(characteristic));
      return;
    }
    const auto& one = interfaces[descriptor_interface];
    if (one.empty() || current_characteristic_.empty() ||
        !name.starts_with(current_characteristic_))
      return;
    const auto uuid = Uuid::parse(one["UUID"].text());
    const auto handle = handle_of(last, "desc");
    if (!uuid || !handle) return;
    built_.paths.emplace(*handle, std::string(device) + '/' + std::string(name));
    characteristics.back().descriptors.push_back({*uuid, *handle});
  }

  const dbus::Values& objects_;
  const dbus::Value* device_ = nullptr;
  BleAttributes built_;
  std::string_view current_service_, current_characteristic_;
  bool usable_ = false;  // the current service is one
};

}  // namespace

BleAttributes attributes_of(const dbus::Value& objects, const std::string& device) {
  return Builder(objects, device).result();
}

}  // namespace carebench::links
