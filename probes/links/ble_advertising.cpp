#include "probes/links/ble_advertising.h"

#include <algorithm>
#include <array>

#include "probes/gatt/event.h"
#include "standards/vocab/json.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

// Those that come over the air each time; the others follow from them or from a connection.
constexpr std::array<std::string_view, 5> over_the_air = {"RSSI", "TxPower", "ManufacturerData",
                                                          "ServiceData", "AdvertisingData"};
constexpr std::array<std::string_view, 5> told = {"Name", "AddressType", "Appearance", "UUIDs",
                                                  "AdvertisingFlags"};
constexpr int rssi_unknown = 127;  // Core 5.3, Vol 4, Part E, 7.7.65.2

Uuid company(std::int64_t identifier) { return Uuid::of(static_cast<std::uint16_t>(identifier)); }

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

const std::vector<Bytes>& BleAdvertising::heard(const dbus::Value& changed,
                                                const dbus::Values& invalidated) {
  frames_.clear();
  bool any = false;
  const dbus::Values& items = changed.items();
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    const std::string& name = items[i].text();
    const bool heard = is_one_of(over_the_air, name);
    any |= heard;
    if (heard || is_one_of(told, name)) known_[name] = items[i + 1].inside();
  }
  for (const dbus::Value& name : invalidated) known_.erase(name.text());
  if (!any) return frames_;
  frames_.push_back(advertising());
  add_data(changed, "ServiceData", false);
  add_data(changed, "ManufacturerData", true);
  return frames_;
}

Bytes BleAdvertising::advertising() const {
  const auto of = [&](std::string_view name) -> const dbus::Value& {
    static const dbus::Value none;
    const auto found = known_.find(name);
    return found == known_.end() ? none : found->second;
  };
  Json json = Json::object();
  json.set_if("name", printable(of("Name").text()));
  json.set_if("address_type", printable(of("AddressType").text()));
  if (!of("TxPower").empty()) json.set("tx_power", of("TxPower").integer());
  if (!of("Appearance").empty()) json.set("appearance", of("Appearance").integer());
  Json uuids = Json::array();
  for (const dbus::Value& text : of("UUIDs").items())
    if (const auto uuid = Uuid::parse(text.text())) uuids.push(uuid->text());
  json.set_if("uuids", std::move(uuids));
  json.set_if("flags", to_hex(of("AdvertisingFlags").octets()));
  // Raw AD structures, where bluetoothd is started with its experimental interfaces.
  Json raw = Json::object();
  const dbus::Values& data = of("AdvertisingData").items();
  for (std::size_t i = 0; i + 1 < data.size(); i += 2) {
    const auto type = static_cast<std::uint8_t>(data[i].integer());
    raw.set(to_hex(ByteView(&type, 1)), to_hex(data[i + 1].octets()));
  }
  json.set_if("advertising_data", std::move(raw));

  const std::string text = json.dump();
  const int rssi = rssi_of(of("RSSI")).value_or(rssi_unknown);
  const GattEvent event{EventKind::advertising,
                        EventSource::signal,
                        static_cast<std::uint8_t>(rssi),
                        {},
                        as_bytes(text)};
  Bytes frame;
  event.append_to(frame);
  return frame;
}

std::optional<int> rssi_of(const dbus::Value& property) {
  const std::int64_t rssi = property.integer();
  if (property.empty() || rssi < -127 || rssi >= rssi_unknown) return std::nullopt;
  return static_cast<int>(rssi);
}

void BleAdvertising::add_data(const dbus::Value& changed, std::string_view property,
                              bool manufacturer) {
  const dbus::Values& data = changed[property].items();
  for (std::size_t i = 0; i + 1 < data.size(); i += 2) {
    const auto uuid = manufacturer ? company(data[i].integer()) : Uuid::parse(data[i].text());
    if (!uuid) continue;
    const GattEvent event{manufacturer ? EventKind::manufacturer_data : EventKind::service_data,
                          EventSource::signal, 0, *uuid, data[i + 1].octets()};
    event.append_to(frames_.emplace_back());
  }
}

}  // namespace carebench::links
