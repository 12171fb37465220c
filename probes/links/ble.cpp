// `ble:AA:BB:CC:DD:EE:FF[@hci1]` reaches a Bluetooth LE device through bluetoothd. The device is
// looked for when the link is opened, so that a wrong address is found out before anything is
// written; `ble:any?name=NAME` takes the one device that advertises this name.
#include <algorithm>
#include <array>
#include <cmath>

#include "probes/clock.h"
#include "probes/link_driver.h"
#include "probes/links/ble_link.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

constexpr Duration default_scan = seconds(15);
constexpr Duration look_around = seconds(4);   // for the list of devices
constexpr Duration look_further = seconds(3);  // for a second device of the same name
constexpr std::size_t most_named = 8;          // devices that an error names

tl::unexpected<Error> usage(const Address& address, std::string message) {
  return fail(Errc::usage, Blame::bench,
              cat("address \"", printable(address.text), "\": ", message));
}

bool is_device_address(std::string_view text) {
  if (text.size() != 17) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (i % 3 == 2 ? c != ':' : !std::isxdigit(c)) return false;
  }
  return true;
}

Result<bool> switch_of(const Address& address, std::string_view key) {
  const auto option = address.options.find(key);
  if (option == address.options.end() || option->second == "off") return false;
  if (option->second == "on") return true;
  return usage(address, cat(key, "= is on or off"));
}

Result<BleTarget> target_of(const Address& address) {
  BleTarget target;
  const auto option = [&](std::string_view key) {
    const auto found = address.options.find(key);
    return found == address.options.end() ? std::string() : found->second;
  };
  const auto at = address.target.find('@');
  target.address = address.target.substr(0, at);
  if (at != std::string::npos) {
    target.adapter = address.target.substr(at + 1);
    if (!target.adapter.starts_with("hci") || !parse_int(target.adapter.substr(3)))
      return usage(address, "after @ stands the adapter, as @hci1");
  }
  target.name = option("name");
  if (target.address == "any" && !target.name.empty()) {
    target.address.clear();
  } else if (!is_device_address(target.address)) {
    return usage(address,
                 "a Bluetooth address has six octets, as ble:AA:BB:CC:DD:EE:FF; by name it is "
                 "ble:any?name=NAME (carebench devices lists what advertises)");
  } else if (!target.name.empty()) {
    return usage(address, "name= goes with ble:any only");
  }
  std::ranges::transform(target.address, target.address.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  target.scan = default_scan;
  if (const std::string text = option("scan"); !text.empty()) {
    const auto time = parse_duration(text);
    if (!time || *time > seconds(600) || (time->ns == 0 && target.address.empty()))
      return usage(address,
                   "scan= is how long to look for the device: 10s, at most 600s; 0s: do "
                   "not, which goes with an address only");
    target.scan = *time;
  }
  if (const std::string text = option("retries"); !text.empty()) {
    const auto retries = parse_int(text);
    if (!retries || *retries < 0 || *retries > 20)
      return usage(address, "retries= is a whole number from 0 to 20");
    target.retries = static_cast<int>(*retries);
  }
  if (const std::string text = option("notify"); text == "start")
    target.signals = true;
  else if (!text.empty() && text != "acquire")
    return usage(address, "notify= is acquire (as the profile says) or start (never by a socket)");
  const auto exclusive = switch_of(address, "exclusive");
  if (!exclusive) return tl::unexpected(exclusive.error());
  target.exclusive = *exclusive;
  return target;
}

std::string described(const BleSeen& device) {
  std::string text = device.name.empty() ? "no name" : printable(device.name);
  if (device.rssi) text += cat(", ", *device.rssi, " dBm");
  return text;
}

std::string list_of(const std::vector<BleSeen>& devices) {
  std::vector<std::string> texts;
  for (const BleSeen& device : devices)
    if (texts.size() < most_named)
      texts.push_back(cat(device.address, " (", described(device), ")"));
  if (devices.size() > most_named) texts.push_back(cat(devices.size() - most_named, " more"));
  return texts.empty() ? "nothing" : join(texts, ", ");
}

// The one device of this name; which may have several addresses only as several devices.
Result<void> find_by_name(BleStack& stack, BleTarget& target) {
  const auto named = [&](const dbus::Value& objects) {
    auto devices = stack.seen(objects);
    std::erase_if(devices, [&](const BleSeen& one) { return one.name != target.name; });
    return devices;
  };
  auto heard = stack.search(target.scan, {}, [&](const auto& all) { return !named(all).empty(); });
  if (heard && heard->found)
    heard = stack.search(look_further, {}, [&](const auto& all) { return named(all).size() > 1; });
  if (!heard) return tl::unexpected(heard.error());
  const auto devices = named(heard->objects);
  if (devices.size() > 1)
    return fail(Errc::usage, Blame::bench,
                cat("several devices are named \"", printable(target.name),
                    "\": ", list_of(devices), "; give the address of the one you mean"));
  if (devices.empty())
    return fail(Errc::not_found, Blame::bench,
                cat("no device named \"", printable(target.name), "\" advertised within ",
                    to_string(target.scan), "; heard were ", list_of(stack.seen(heard->objects)),
                    ": wake it, bring it near, end other connections to it"));
  target.address = devices[0].address;
  return {};
}

Result<void> find_by_address(BleStack& stack, const BleTarget& target) {
  const std::string path = stack.device_path(target.address);
  const auto there = [&](const dbus::Value& objects) { return !objects[path].empty(); };
  if (target.scan.ns == 0) return {};
  const auto known = stack.objects({});
  if (!known) return tl::unexpected(known.error());
  if (there(*known)) return {};
  const auto heard = stack.search(target.scan, {}, there);
  if (!heard) return tl::unexpected(heard.error());
  if (heard->found) return {};
  return fail(
      Errc::not_found, Blame::bench,
      cat("no device with the address ", target.address, " advertised within ",
          to_string(target.scan), "; heard were ", list_of(stack.seen(heard->objects)),
          ": check the address (some devices change theirs), wake the device, bring it near, "
          "end other connections to it; scan=0s leaves the search to the profile"));
}

Json device_details(BleStack& stack, const std::string& address) {
  Json json = Json::object().set("address", address);
  const auto objects = stack.objects({});
  if (!objects) return json;
  const dbus::Value& known = (*objects)[stack.device_path(address)][device_interface];
  json.set_if("address_type", printable(known["AddressType"].text()));
  json.set_if("name", printable(known["Name"].text()));
  return json.set("paired", known["Paired"].boolean());
}

Result<std::unique_ptr<Link>> open(const Address& address, Clock& clock) {
  auto target = target_of(address);
  if (!target) return tl::unexpected(target.error());
  auto stack = BleStack::open(clock, target->adapter, target->exclusive);
  if (!stack) return tl::unexpected(stack.error());
  auto found =
      target->address.empty() ? find_by_name(**stack, *target) : find_by_address(**stack, *target);
  if (!found) return tl::unexpected(found.error());
  Facts facts;
  facts.transport = "ble";
  facts.address = address.text;
  facts.simulated = (*stack)->simulated();
  facts.supports = {OpKind::connect, OpKind::disconnect, OpKind::flush,       OpKind::discover,
                    OpKind::status,  OpKind::read_value, OpKind::write_value, OpKind::subscribe,
                    OpKind::pair,    OpKind::pair_reply, OpKind::unpair,      OpKind::scan};
  facts.stamp_source = "user space: after poll of the notification socket; of signals, on arrival";
  // Two wake-ups of the machine, bluetoothd's and ours, 50 us each, unmeasured here.
  facts.stamp_uncertainty = from_seconds(1e-6 * std::hypot(50, 50));
  facts.details = Json::object()
                      .set("adapter", (*stack)->adapter().to_json())
                      .set("lease", target->exclusive ? "exclusive" : "shared")
                      .set("device", device_details(**stack, target->address))
                      .set("values", target->signals ? "signals" : "socket")
                      .set("retries", target->retries);
  return std::make_unique<BleLink>(std::move(*target), std::move(*stack), std::move(facts), clock);
}

Result<void> check(const Address& address) {
  if (auto target = target_of(address); !target) return tl::unexpected(target.error());
  return {};
}

Sighting sighting_of(const BleAdapter& adapter) {
  Sighting sighting;
  sighting.address = cat("ble:@", adapter.name);
  sighting.what = cat(adapter.virtual_one ? "virtual Bluetooth adapter " : "Bluetooth adapter ",
                      printable(adapter.address), ", ", printable(adapter.alias));
  sighting.why_not = adapter.why_not();
  sighting.accessible = sighting.why_not.empty();
  sighting.details = adapter.to_json();
  return sighting;
}

Sighting sighting_of(const BleSeen& device, const BleAdapter& adapter, bool first_adapter) {
  Sighting sighting;
  sighting.address = cat("ble:", device.address, first_adapter ? "" : cat("@", adapter.name));
  std::vector<std::string> services;
  for (const dbus::Value& text : (*device.properties)["UUIDs"].items())
    if (const auto uuid = Uuid::parse(text.text())) services.push_back(uuid->text());
  sighting.what = described(device);
  if (!services.empty()) sighting.what += cat(", services ", join(services, " "));
  sighting.accessible = true;
  sighting.details = Json::object().set("adapter", adapter.name);
  sighting.details.set_if("name", printable(device.name));
  if (device.rssi) sighting.details.set("rssi", *device.rssi);
  sighting.details.set_if("address_type", printable((*device.properties)["AddressType"].text()));
  return sighting;
}

Result<std::vector<Sighting>> scan() {
  std::vector<Sighting> sightings;
  RealClock clock;
  bool first = true;
  const auto names = bluetoothd_adapters(clock);
  if (!names) {
    // A machine without Bluetooth has nothing to list; one with an adapter has a reason why not.
    for (const std::string& name : kernel_adapters())
      sightings.push_back(
          {cat("ble:@", name), "Bluetooth adapter", false, names.error().message, Json::object()});
    if (sightings.empty() && on_private_bus()) return tl::unexpected(names.error());
    return sightings;
  }
  for (const BleAdapter& adapter : *names) {
    sightings.push_back(sighting_of(adapter));
    if (!sightings.back().accessible) continue;
    auto stack = BleStack::open(clock, adapter.name, false);
    const auto heard = stack ? (*stack)->search(look_around, {}, [](const auto&) { return false; })
                             : Result<BleStack::Heard>(tl::unexpected(stack.error()));
    if (!heard) {
      sightings.back().accessible = false;
      sightings.back().why_not = heard.error().message;
      continue;
    }
    for (const BleSeen& device : (*stack)->seen(heard->objects))
      sightings.push_back(sighting_of(device, adapter, first));
    first = false;
  }
  return sightings;
}

constexpr std::array<std::string_view, 5> options = {"name", "scan", "retries", "notify",
                                                     "exclusive"};

}  // namespace

extern const LinkDriver ble;
const LinkDriver ble{
    "ble",
    "a Bluetooth LE device, through bluetoothd",
    "ble:AA:BB:CC:DD:EE:FF@hci0?scan=15s&retries=2&notify=start&exclusive=on, or "
    "ble:any?name=NAME",
    options,
    &scan,
    &open,
    &check,
    [](const Address&) { return OctetKind::stream; },
};

}  // namespace carebench::links
