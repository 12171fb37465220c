#include "probes/links/ble_stack.h"

#include <algorithm>

#include "probes/links/ble_advertising.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

constexpr Duration answer_time = seconds(10);  // of calls that bluetoothd answers at once
constexpr Duration look_every = milliseconds(100);

// What is no outcome of a device here is a fault of the bench.
Result<void> must_be_done(const dbus::Answer& answer, const BleAsking& asking) {
  const auto come = come_of(answer, asking);
  if (!come) return tl::unexpected(come.error());
  if (come->kind == Outcome::Kind::done) return {};
  return fail(Errc::lost, Blame::bench, come->text);
}

Result<dbus::Value> managed_objects(dbus::Bus& bus, const std::stop_token& stop,
                                    const BleAsking& asking) {
  dbus::Answer answer = bus.call(
      {"/", std::string(dbus::objects_interface), "GetManagedObjects", {}, "a{oa{sa{sv}}}"},
      answer_time, stop);
  if (auto done = must_be_done(answer, asking); !done) return tl::unexpected(done.error());
  return std::move(answer.values[0]);
}

// Two runs on one bus must agree on its name.
std::string bus_id(dbus::Bus& bus) {
  const std::string name(dbus::bus_name);
  const auto answer =
      bus.call({"/org/freedesktop/DBus", name, "GetId", {}, "s", name}, answer_time);
  return answer.done() ? answer.values[0].text() : std::string();
}

}  // namespace

BleAsking BleStack::asking(BleAsked asked) const {
  return {asked, "the adapter", adapter_.name, answer_time};
}

Result<std::vector<BleAdapter>> bluetoothd_adapters(const Clock& clock) {
  auto bus = dbus::Bus::open(clock);
  if (!bus) return tl::unexpected(bus.error());
  const auto objects =
      managed_objects(**bus, {}, {BleAsked::objects, "bluetoothd", "", answer_time});
  if (!objects) return tl::unexpected(objects.error());
  return adapters_of(*objects);
}

Result<std::unique_ptr<BleStack>> BleStack::open(const Clock& clock, std::string_view wanted,
                                                 bool exclusive) {
  auto bus = dbus::Bus::open(clock);
  if (!bus) return tl::unexpected(bus.error());
  // The call starts bluetoothd where the bus knows how to.
  const BleAsking asking{BleAsked::objects, "bluetoothd", std::string(wanted), answer_time};
  auto objects = managed_objects(**bus, {}, asking);
  if (!objects) return tl::unexpected(objects.error());
  auto adapter = choose_adapter(adapters_of(*objects), wanted);
  if (!adapter) return tl::unexpected(adapter.error());
  auto lease = Lease::take(bus_id(**bus), adapter->name, exclusive);
  if (!lease) return tl::unexpected(lease.error());
  return std::unique_ptr<BleStack>(
      new BleStack(std::move(*bus), std::move(*adapter), std::move(*lease)));
}

std::string BleStack::device_path(std::string_view address) const {
  std::string path = cat(adapter_.path, "/dev_", address);
  std::ranges::replace(path, ':', '_');
  return path;
}

Result<dbus::Value> BleStack::objects(const std::stop_token& stop) {
  return managed_objects(*bus_, stop, asking(BleAsked::objects));
}

std::vector<BleSeen> BleStack::seen(const dbus::Value& objects) const {
  std::vector<BleSeen> found;
  const dbus::Values& items = objects.items();
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    const dbus::Value& properties = items[i + 1][device_interface];
    if (properties["Adapter"].text() != adapter_.path) continue;
    BleSeen device{
        items[i].text(), properties["Address"].text(), properties["Name"].text(), {}, &properties};
    device.rssi = rssi_of(properties["RSSI"]);
    found.push_back(std::move(device));
  }
  std::ranges::sort(found, std::greater{}, [](const BleSeen& one) {
    return std::pair(one.rssi.value_or(-999), one.address);
  });
  return found;
}

Result<void> BleStack::start_discovery(const std::stop_token& stop) {
  if (discovering_) return {};
  const auto filter =
      dbus::options({{"Transport", dbus::text("le")}, {"DuplicateData", dbus::boolean(true)}});
  const std::string interface(adapter_interface);
  auto answer =
      bus_->call({adapter_.path, interface, "SetDiscoveryFilter", {filter}}, answer_time, stop);
  if (answer.done())
    answer = bus_->call({adapter_.path, interface, "StartDiscovery"}, answer_time, stop);
  auto done = must_be_done(answer, asking(BleAsked::scan));
  discovering_ = done.has_value();
  return done;
}

void BleStack::stop_discovery() {
  if (!std::exchange(discovering_, false)) return;
  (void)bus_->call({adapter_.path, std::string(adapter_interface), "StopDiscovery"}, answer_time);
}

Result<BleStack::Heard> BleStack::search(
    Duration time, const std::stop_token& stop,
    const std::function<bool(const dbus::Value& objects)>& found) {
  const bool was_discovering = discovering_;
  if (auto started = start_discovery(stop); !started) return tl::unexpected(started.error());
  const Countdown countdown(time);
  Result<Heard> heard = Heard{};
  while (true) {
    auto now = objects(stop);
    if (now)
      heard = Heard{found(*now), std::move(*now)};
    else
      heard = tl::unexpected(now.error());
    if (!heard || heard->found || countdown.over()) break;
    if (sleep_for(std::min(look_every, countdown.left()), stop) == Waited::stopped) {
      heard = stopped("scanning for Bluetooth devices");
      break;
    }
  }
  if (!was_discovering) stop_discovery();
  return heard;
}

}  // namespace carebench::links
