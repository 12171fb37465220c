// Notifications from a bluetoothd-shaped service to a step: how many a second, and how late they
// are stamped when one comes each millisecond, on a quiet machine and with a busy process per core.
// Through the acquired socket and through D-Bus signals; beside a bare read loop on the same kind
// of socket, and sdbus-c++ as its manual shows it.
#include <poll.h>
#include <sdbus-c++/sdbus-c++.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

#include "probes/bench.h"
#include "probes/clock.h"
#include "probes/dbus/bus.h"
#include "probes/dbus/private_bus.h"
#include "probes/gatt/event.h"
#include "probes/live_lane.h"
#include "standards/vocab/text.h"
#include "tests/perf/notifier.h"

using namespace carebench;

namespace {

constexpr const char* attribute = "180D/2A37";
constexpr int many_on_socket = 1'000'000, many_signals = 200'000, paced = 4000, many_ends = 300;

// A run's way to the notifier: link, reader thread, evidence, queue, step.
struct Way {
  Way() {
    if (!mkdtemp(folder.data()) || !open()) std::abort();
    lane = bench->lane(0, {});
    (void)lane->perform(0, Connect{}, seconds(10));
  }
  ~Way() {
    bench->close_all();
    std::filesystem::remove_all(folder);
  }
  bool open() {
    const EvidenceLayout layout{{"all"}, {{"dut", notifier_address, OctetKind::stream}}};
    auto opened = Recorder::open(folder + "/e.pcapng", layout, 0, nullptr);
    if (!opened) return false;
    recorder = std::move(*opened);
    bench.emplace(*recorder, clock, nullptr);
    return bench->open(0, *Address::parse(notifier_address)).has_value();
  }
  void order(const std::string& words) {
    const ByteView octets = as_bytes(words);
    (void)lane->perform(0, WriteValue{attribute, Bytes(octets.begin(), octets.end())}, seconds(10));
  }
  Result<Outcome> next() {
    const ChannelId channels[] = {0};
    return lane->next(channels, lane->now() + seconds(3));
  }

  std::string folder = (std::filesystem::temp_directory_path() / "ble-XXXXXX").string();
  RealClock clock;
  std::unique_ptr<Recorder> recorder;
  std::optional<Bench> bench;
  std::unique_ptr<Lane> lane;
};

struct Figures {
  double per_second = 0;
  std::vector<double> late_us;
  int lost = 0;
  double percentile(double share) {
    if (late_us.empty()) return -1;
    std::sort(late_us.begin(), late_us.end());
    return late_us[static_cast<std::size_t>(share * static_cast<double>(late_us.size() - 1))];
  }
};

std::int64_t monotonic() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
}

std::int64_t sent_at(ByteView value) {
  std::int64_t ns = 0;
  std::memcpy(&ns, value.data(), std::min<std::size_t>(sizeof ns, value.size()));
  return ns;
}

Figures ours(int count, bool is_paced, Subscribe::Mode mode) {
  Way way;
  (void)way.lane->perform(0, Subscribe{attribute, mode}, seconds(10));
  way.order(cat(count, is_paced ? " paced" : ""));
  Figures figures;
  int heard = 0;
  std::int64_t first = 0, last = 0;
  while (heard < count) {
    auto outcome = way.next();
    if (!outcome || outcome->kind != Outcome::Kind::frame) break;
    GattEvent event;
    if (!GattEvent::parse(outcome->octets, event)) continue;
    const std::int64_t sent = sent_at(event.value), came = outcome->stamp.ns + way.clock.origin();
    if (heard++ == 0) first = sent;
    last = came;
    if (is_paced) figures.late_us.push_back(static_cast<double>(came - sent) * 1e-3);
  }
  figures.lost = count - heard;
  figures.per_second = heard / (static_cast<double>(last - first) * 1e-9);
  return figures;
}

// From the last value, right behind which the device is gone, to the loss as a step is told it.
Figures ends(Subscribe::Mode mode) {
  Way way;
  Figures figures;
  for (int i = 0; i < many_ends; ++i) {
    (void)way.lane->perform(0, Connect{}, seconds(10));
    (void)way.lane->perform(0, Subscribe{attribute, mode}, seconds(10));
    way.order("1 end");
    std::int64_t sent = 0;
    for (;;) {
      auto outcome = way.next();
      if (!outcome || outcome->kind == Outcome::Kind::timed_out) {
        ++figures.lost;
        break;
      }
      GattEvent event;
      if (outcome->kind == Outcome::Kind::frame && GattEvent::parse(outcome->octets, event))
        sent = sent_at(event.value);
      if (outcome->kind != Outcome::Kind::lost) continue;
      figures.late_us.push_back(static_cast<double>(monotonic() - sent) * 1e-3);
      break;
    }
    // The next subscription is a new one.
    (void)way.lane->perform(0, Subscribe{attribute, Subscribe::Mode::off}, seconds(10));
  }
  return figures;
}

void order(dbus::Bus& bus, int count) {
  (void)bus.call({notifier_path,
                  "org.bluez.GattCharacteristic1",
                  "WriteValue",
                  {dbus::octets(as_bytes(std::to_string(count))), dbus::options({})}},
                 seconds(10));
}

// A bare loop: poll, read.
double raw_socket(int count) {
  const RealClock clock;
  auto bus = std::move(*dbus::Bus::open(clock));
  auto answer = bus->call(
      {notifier_path, "org.bluez.GattCharacteristic1", "AcquireNotify", {dbus::options({})}, "hq"},
      seconds(10));
  const int fd = answer.values[0].fd();
  order(*bus, count);
  std::int64_t first = 0;
  int heard = 0;
  for (std::array<std::uint8_t, 512> value; heard < count;) {
    pollfd wanted{fd, POLLIN, 0};
    if (::poll(&wanted, 1, 3000) <= 0) break;
    for (ssize_t n = 0; (n = ::read(fd, value.data(), value.size())) > 0;)
      if (heard++ == 0) first = sent_at(value);
  }
  return heard / (static_cast<double>(monotonic() - first) * 1e-9);
}

double raw_signals(int count) {
  auto connection = sdbus::createSystemBusConnection();
  auto proxy = sdbus::createProxy(*connection, "org.bluez", notifier_path);
  std::atomic<int> heard = 0;
  std::atomic<std::int64_t> first = 0, last = 0;
  proxy->uponSignal("PropertiesChanged")
      .onInterface("org.freedesktop.DBus.Properties")
      .call([&](const std::string&, const std::map<std::string, sdbus::Variant>& changed,
                const std::vector<std::string>&) {
        const auto value = changed.at("Value").get<std::vector<std::uint8_t>>();
        if (heard++ == 0) first = sent_at(value);
        last = monotonic();
      });
  proxy->finishRegistration();
  proxy->callMethod("StartNotify").onInterface("org.bluez.GattCharacteristic1");
  connection->enterEventLoopAsync();
  const RealClock clock;
  auto bus = std::move(*dbus::Bus::open(clock));
  order(*bus, count);
  for (int before = -1; heard < count && before != heard;) {
    before = heard;
    ::sleep(1);
  }
  connection->leaveEventLoop();
  return heard / (static_cast<double>(last - first) * 1e-9);
}

std::vector<pid_t> hogs() {
  std::vector<pid_t> all;
  for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i) {
    const pid_t hog = ::fork();
    if (hog == 0)
      for (;;) {
        asm volatile("");
      }
    all.push_back(hog);
  }
  return all;
}

void end(const std::vector<pid_t>& processes) {
  for (const pid_t one : processes) {
    ::kill(one, SIGKILL);
    ::waitpid(one, nullptr, 0);
  }
}

std::string late(Figures figures) {
  return cat("p50 ", round_significant(figures.percentile(0.5), 3), " us, p99 ",
             round_significant(figures.percentile(0.99), 3), " us, at most ",
             round_significant(figures.percentile(1), 3), " us, ", figures.lost, " lost");
}

void row(std::string_view what, std::string_view target, const std::string& measured) {
  std::printf("%s|%s|%s\n", std::string(what).c_str(), std::string(target).c_str(),
              measured.c_str());
  std::fflush(stdout);
}

std::string rate(double per_second) {
  return cat(round_significant(per_second / 1000, 3), " thousand/s");
}

}  // namespace

int main() {
  auto bus = dbus::PrivateBus::start();
  if (!bus) return 1;
  ::setenv("DBUS_SYSTEM_BUS_ADDRESS", (*bus)->address().c_str(), 1);
  const pid_t service = ::fork();
  if (service == 0) {
    serve_notifier((*bus)->address());
    ::_exit(0);
  }
  ::usleep(300'000);
  using enum Subscribe::Mode;
  const Figures socket = ours(many_on_socket, false, acquire);
  row("BLE notifications through the acquired socket, recorded and delivered", ">= 500 thousand/s",
      cat(rate(socket.per_second), ", ", socket.lost,
          " lost; a bare read loop: ", rate(raw_socket(many_on_socket))));
  const Figures signals = ours(many_signals, false, start);
  row("BLE notifications through D-Bus signals, recorded and delivered", ">= 95 thousand/s",
      cat(rate(signals.per_second), ", ", signals.lost,
          " lost; sdbus-c++ alone: ", rate(raw_signals(many_signals))));
  row("BLE arrival at 1 kHz, socket, quiet", "p50 <= 30 us, p99 <= 100 us",
      late(ours(paced, true, acquire)));
  row("BLE: the end of a link is told, socket", "<= 100 ms", late(ends(acquire)));
  row("BLE: the end of a link is told, D-Bus signal", "<= 100 ms", late(ends(start)));
  const auto busy = hogs();
  row("BLE: the end of a link is told, socket, one busy process per core", "<= 100 ms",
      late(ends(acquire)));
  row("BLE arrival at 1 kHz, socket, one busy process per core", "p99 <= 100 us",
      late(ours(paced, true, acquire)));
  row("BLE arrival at 1 kHz, D-Bus signals, one busy process per core", "(not for latency)",
      late(ours(paced, true, start)));
  end(busy);
  end({service});
}
