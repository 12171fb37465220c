#include "probes/links/serial_device.h"

#include <grp.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

namespace fs = std::filesystem;

constexpr unsigned first_pts_major = 136;  // Documentation/admin-guide/devices.txt: 136-143
constexpr unsigned last_pts_major = 143;

std::string line_of(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return std::string(trim(line));
}

fs::path sys_device(const SerialDevice& device) {
  std::error_code ignored;
  return fs::canonical(fs::path("/sys/class/tty") / device.name() / "device", ignored);
}

Json usb_identity(const fs::path& sys) {
  Json usb;
  std::string interface;
  for (fs::path at = sys; at.has_relative_path() && at != "/sys"; at = at.parent_path()) {
    if (interface.empty()) interface = line_of(at / "bInterfaceNumber");
    const std::string vid = line_of(at / "idVendor");
    if (vid.empty()) continue;
    usb.set("vid", vid);
    usb.set("pid", line_of(at / "idProduct"));
    usb.set_if("serial", printable(line_of(at / "serial")));
    usb.set_if("manufacturer", printable(line_of(at / "manufacturer")));
    usb.set_if("product", printable(line_of(at / "product")));
    usb.set_if("interface", interface);
    break;
  }
  return usb;
}

// From Linux 6.5 on, a UART's port and controller stand between the tty and its driver.
std::string driver_of(const fs::path& sys) {
  for (fs::path at = sys; at.has_relative_path() && at != "/sys"; at = at.parent_path()) {
    std::error_code none;
    const std::string name = fs::read_symlink(at / "driver", none).filename().string();
    if (!name.empty() && name != "port" && name != "ctrl") return name;
  }
  return {};
}

std::string group_name(gid_t gid) {
  std::array<char, 1024> buffer;
  group entry{};
  group* found = nullptr;
  if (::getgrgid_r(gid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return {};
  }
  return found->gr_name;
}

bool surely_no_tty(dev_t number) {
  std::error_code error;
  const fs::path link = cat("/sys/dev/char/", major(number), ":", minor(number), "/subsystem");
  const fs::path subsystem = fs::read_symlink(link, error);
  return !error && subsystem.filename() != "tty";
}

bool is_number(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

SerialDevice SerialDevice::at(const std::string& path) {
  SerialDevice device;
  std::error_code error;
  device.node = fs::canonical(path, error).string();
  if (error) device.node = path;
  struct stat status {};
  if (::stat(device.node.c_str(), &status) != 0) return device;
  device.exists = true;
  device.character_device = S_ISCHR(status.st_mode);
  if (!device.character_device) return device;
  const unsigned number = major(status.st_rdev);
  device.pseudo_terminal = device.node.starts_with("/dev/pts/") ||
                           (number >= first_pts_major && number <= last_pts_major);
  device.other_subsystem = !device.pseudo_terminal && surely_no_tty(status.st_rdev);
  device.group = group_name(status.st_gid);
  if (device.pseudo_terminal) return device;
  const fs::path sys = sys_device(device);
  if (sys.empty()) return device;
  device.usb = usb_identity(sys);
  device.driver = driver_of(sys);
  return device;
}

std::string SerialDevice::name() const { return fs::path(node).filename().string(); }

std::string SerialDevice::title() const {
  if (!usb.is_object()) return driver.empty() ? name() : driver;
  std::string text = usb["product"].string();
  if (text.empty()) text = cat("USB ", usb["vid"].string(), ":", usb["pid"].string());
  if (usb.has("serial")) text += cat(", serial ", usb["serial"].string());
  return text;
}

std::optional<int> latency_timer(const SerialDevice& device) {
  const fs::path sys = sys_device(device);
  if (sys.empty()) return {};
  const auto ms = parse_int(line_of(sys / "latency_timer"));
  if (!ms) return {};
  return static_cast<int>(*ms);
}

bool set_latency_timer(const SerialDevice& device, int ms) {
  std::ofstream out(sys_device(device) / "latency_timer");
  out << ms << std::flush;
  return out.good();
}

std::vector<std::string> holders_of(const SerialDevice& device, int except_fd) {
  std::vector<std::string> holders;
  const std::string self = std::to_string(::getpid());
  std::error_code error;
  for (fs::directory_iterator process("/proc", error), end; !error && process != end;
       process.increment(error)) {
    const std::string pid = process->path().filename().string();
    if (!is_number(pid)) continue;
    std::error_code hidden;  // processes of other users keep their descriptors to themselves
    for (fs::directory_iterator entry(process->path() / "fd", hidden), last;
         !hidden && entry != last; entry.increment(hidden)) {
      if (pid == self && entry->path().filename() == std::to_string(except_fd)) continue;
      std::error_code gone;
      if (fs::read_symlink(entry->path(), gone) != device.node) continue;
      holders.push_back(cat("pid ", pid, " (", printable(line_of(process->path() / "comm")), ")"));
      break;
    }
  }
  return holders;
}

std::vector<std::string> serial_nodes() {
  std::vector<std::string> nodes;
  std::error_code error;
  for (fs::directory_iterator entry("/sys/class/tty", error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code none;
    if (!fs::exists(entry->path() / "device", none)) continue;
    // An 8250 slot without a chip has port type 0.
    if (line_of(entry->path() / "type") == "0") continue;
    nodes.push_back(cat("/dev/", entry->path().filename().string()));
  }
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

}  // namespace carebench::links
