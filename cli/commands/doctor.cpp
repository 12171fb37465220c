#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>

#include "cli/command.h"
#include "cli/console.h"
#include "probes/clock.h"
#include "probes/link_driver.h"
#include "probes/links/ble_stack.h"
#include "standards/vocab/json.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::flag, "--json", "", "print JSON"},
};

struct Diagnosis {
  std::string what;
  bool fit = true;
  std::string found;
  std::string advice;
};

bool in_group(const char* name) {
  const group* wanted = getgrnam(name);
  if (!wanted || geteuid() == 0) return true;
  std::vector<gid_t> groups(256);
  const int n = getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return std::find(groups.begin(), groups.end(), wanted->gr_gid) != groups.end();
}

Diagnosis serial_rights() {
  const bool fit = in_group("dialout");
  return {"serial ports", fit, fit ? "may be opened" : "not in group dialout",
          fit ? "" : "sudo adduser $USER dialout, then log in again"};
}

Diagnosis attached() {
  std::size_t seen = 0, blocked = 0;
  for (const auto* driver : link_drivers())
    if (driver->scheme != "sim")
      if (const auto found = driver->scan())
        for (const auto& sighting : *found) {
          ++seen;
          blocked += !sighting.accessible;
        }
  return {"attached devices", blocked == 0, cat(seen, " seen, ", blocked, " not accessible"),
          blocked ? "carebench devices says why" : ""};
}

Diagnosis bluetooth() {
  const std::string what = "Bluetooth LE";
  if (links::kernel_adapters().empty() && !links::on_private_bus())
    return {what, true, "no adapter", "needed for ble: only"};
  const RealClock clock;
  const auto adapters = links::bluetoothd_adapters(clock);
  if (!adapters) return {what, false, "bluetoothd cannot be asked", adapters.error().message};
  std::vector<std::string> usable;
  for (const auto& adapter : *adapters)
    if (adapter.why_not().empty())
      usable.push_back(cat(adapter.virtual_one ? "virtual " : "", adapter.name));
  if (!usable.empty()) return {what, true, cat("bluetoothd answers, ", join(usable, ", ")), ""};
  const auto chosen = links::choose_adapter(*adapters, "");
  return {what, false, "bluetoothd answers, no usable adapter",
          chosen ? std::string() : chosen.error().message};
}

Diagnosis real_time() {
  sched_param parameters{};
  parameters.sched_priority = 10;
  const bool fit = sched_setscheduler(0, SCHED_FIFO, &parameters) == 0;
  parameters.sched_priority = 0;
  if (fit) (void)sched_setscheduler(0, SCHED_OTHER, &parameters);
  return {"real-time priority", fit, fit ? "SCHED_FIFO permitted" : "SCHED_FIFO refused",
          fit ? "" : "add rtprio to /etc/security/limits.d, or CAP_SYS_NICE: stamps get steadier"};
}

Diagnosis wake_up() {
  constexpr int rounds = 500;
  RealClock clock;
  std::vector<double> late_us;
  for (int i = 0; i < rounds; ++i) {
    const Stamp planned = clock.now() + microseconds(1000);
    const timespec wait{0, 1'000'000};
    nanosleep(&wait, nullptr);
    late_us.push_back(static_cast<double>((clock.now() - planned).ns) * 1e-3);
  }
  std::sort(late_us.begin(), late_us.end());
  const double p50 = late_us[rounds / 2], p99 = late_us[rounds * 99 / 100];
  const bool fit = p99 < 5'000;
  return {"wake-up delay", fit,
          cat("p50 ", round_significant(p50, 3), " us, p99 ", round_significant(p99, 3),
              " us, max ", round_significant(late_us.back(), 3), " us"),
          fit ? "" : "the machine is busy or power-saving: latency results get a wide uncertainty"};
}

Diagnosis disk() {
  struct statvfs info {};
  if (statvfs(".", &info) != 0)
    return {"disk here", false, std::strerror(errno), "choose another folder"};
  const double free_gib = static_cast<double>(info.f_bavail) * static_cast<double>(info.f_frsize) /
                          (1024.0 * 1024 * 1024);
  return {"disk here", free_gib > 1, cat(round_significant(free_gib, 3), " GiB free"),
          free_gib > 1 ? "" : "a long run needs room: free some space"};
}

Diagnosis sync_time() {
  std::string name = "./.carebench-doctor-XXXXXX";
  const int fd = mkstemp(name.data());
  if (fd < 0)
    return {"sync to disk", false, std::strerror(errno), "choose a folder you may write to"};
  RealClock clock;
  std::vector<double> ms;
  for (int i = 0; i < 21; ++i) {
    const Stamp before = clock.now();
    if (::write(fd, "carebench", 9) != 9 || fdatasync(fd) != 0) break;
    ms.push_back((clock.now() - before).milliseconds());
  }
  ::close(fd);
  ::unlink(name.c_str());
  if (ms.empty())
    return {"sync to disk", false, "fdatasync failed", "is the disk full or read-only?"};
  std::sort(ms.begin(), ms.end());
  return {"sync to disk", ms[ms.size() / 2] < 100,
          cat("p50 ", round_significant(ms[ms.size() / 2], 3), " ms"),
          ms[ms.size() / 2] < 100 ? "" : "a slow disk makes every step wait"};
}

int doctor_command(const Arguments& arguments) {
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{{"", "WHAT", "FOUND", "WHAT TO DO"}};
  bool fit = true;
  for (const auto& examine :
       {serial_rights, bluetooth, attached, real_time, wake_up, disk, sync_time}) {
    const Diagnosis d = examine();
    // Without real-time priority the bench is slower to stamp, and says so; it is fit all the same.
    fit = fit && (d.fit || d.what == "real-time priority");
    rows.push_back({d.fit ? "ok" : "!!", d.what, d.found, d.advice});
    list.push(Json::object()
                  .set("what", d.what)
                  .set("fit", d.fit)
                  .set("found", d.found)
                  .set("advice", d.advice));
  }
  if (arguments.flag("json"))
    std::printf("%s\n", list.dump(2).c_str());
  else
    std::printf("%s", table(rows).c_str());
  return fit ? 0 : exit_status::could_not_test;
}

}  // namespace

extern const Command doctor;
const Command doctor{"doctor", "is this bench fit: permissions, devices, timing, disk", args, "",
                     doctor_command};

}  // namespace carebench::commands
