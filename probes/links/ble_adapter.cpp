#include "probes/links/ble_adapter.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "probes/links/wait.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view system_class = "/sys/class/bluetooth";

bool is_adapter(std::string_view name) {
  return name.starts_with("hci") && name.find(':') == name.npos && parse_int(name.substr(3));
}

fs::path kernel_device(const std::string& name) {
  std::error_code none;
  return fs::canonical(fs::path(system_class) / name, none);
}

std::string line_of(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

std::string rfkill_of(const std::string& name) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(fs::path(system_class) / name, none)) {
    if (!entry.path().filename().string().starts_with("rfkill")) continue;
    if (line_of(entry.path() / "hard") == "1") return "blocked by a switch of the machine";
    if (line_of(entry.path() / "soft") == "1") return "blocked by software";
  }
  return {};
}

}  // namespace

std::string BleAdapter::why_not() const {
  if (!rfkill.empty())
    return cat(name, " is ", rfkill, " (rfkill): rfkill unblock bluetooth, or use the switch");
  if (!powered) return cat(name, " is switched off: bluetoothctl power on");
  return {};
}

Json BleAdapter::to_json() const {
  Json json = Json::object().set("name", name).set("address", printable(address));
  json.set_if("alias", printable(alias)).set_if("modalias", printable(modalias));
  return json.set("powered", powered).set("virtual", virtual_one).set_if("rfkill", rfkill);
}

std::vector<BleAdapter> adapters_of(const dbus::Value& objects) {
  std::vector<BleAdapter> adapters;
  const dbus::Values& items = objects.items();
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    const dbus::Value& known = items[i + 1][adapter_interface];
    if (known.empty()) continue;
    BleAdapter adapter;
    adapter.path = items[i].text();
    adapter.name = adapter.path.substr(adapter.path.rfind('/') + 1);
    if (!is_adapter(adapter.name)) continue;
    adapter.address = known["Address"].text();
    adapter.alias = known["Alias"].text();
    adapter.modalias = known["Modalias"].text();
    adapter.powered = known["Powered"].boolean();
    const std::string device = kernel_device(adapter.name).string();
    adapter.virtual_one = device.empty() || device.find("/virtual/") != device.npos;
    if (!on_private_bus()) adapter.rfkill = rfkill_of(adapter.name);
    adapters.push_back(std::move(adapter));
  }
  std::ranges::sort(adapters, {}, &BleAdapter::name);
  return adapters;
}

Result<BleAdapter> choose_adapter(const std::vector<BleAdapter>& adapters,
                                  std::string_view wanted) {
  if (adapters.empty())
    return fail(Errc::not_found, Blame::bench,
                "bluetoothd has no Bluetooth adapter: plug one in, and look whether the kernel "
                "finds it (ls /sys/class/bluetooth)");
  std::vector<std::string> names;
  for (const BleAdapter& adapter : adapters) {
    names.push_back(adapter.name);
    const bool usable = adapter.why_not().empty();
    if (wanted.empty() ? usable : adapter.name == wanted) {
      if (!usable) return fail(Errc::not_ready, Blame::bench, adapter.why_not());
      return adapter;
    }
  }
  if (wanted.empty()) return fail(Errc::not_ready, Blame::bench, adapters.front().why_not());
  return fail(Errc::not_found, Blame::bench,
              cat("there is no adapter ", printable(wanted), suggestion(wanted, names),
                  "; bluetoothd has ", join(names, ", ")));
}

std::vector<std::string> kernel_adapters() {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(system_class, none))
    if (is_adapter(entry.path().filename().string()))
      names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

bool on_private_bus() {
  const char* address = std::getenv("DBUS_SYSTEM_BUS_ADDRESS");
  if (address == nullptr || *address == '\0') return false;
  constexpr std::string_view machine[] = {"unix:path=/run/dbus/system_bus_socket",
                                          "unix:path=/var/run/dbus/system_bus_socket"};
  return std::ranges::find(machine, std::string_view(address)) == std::end(machine);
}

Result<Lease> Lease::take(std::string_view bus_id, const std::string& adapter, bool exclusive) {
  std::error_code none;
  const fs::path folder = fs::is_directory("/run/lock", none) ? "/run/lock" : "/tmp";
  const fs::path file = folder / cat("carebench-", bus_id.substr(0, 32), "-", adapter, ".lock");
  // Not created where it is there already: in a sticky folder that is refused to all but its owner.
  constexpr int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW;
  int fd = ::open(file.c_str(), flags);
  if (fd < 0) fd = ::open(file.c_str(), flags | O_CREAT, 0644);
  if (fd < 0)
    return fail(Errc::not_ready, Blame::bench,
                cat("cannot lock ", adapter, " with ", file.string(), ": ", system_text(errno)));
  Lease lease(fd);
  if (::flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) return lease;
  return fail(Errc::busy, Blame::bench,
              exclusive ? cat("adapter ", adapter,
                              " is used by another run, and exclusive=on wants it alone: wait "
                              "until that run has ended, or use another adapter (…@hci1)")
                        : cat("adapter ", adapter,
                              " is held by a run that wants it alone (exclusive=on): wait until it "
                              "has ended, or use another adapter (…@hci1)"));
}

}  // namespace carebench::links
