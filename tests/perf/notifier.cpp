#include "tests/perf/notifier.h"

#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "probes/dbus/connection.h"
#include "probes/dbus/endpoint.h"
#include "probes/sim/bluez/objects.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

using namespace dbus;

constexpr const char* characteristic = "org.bluez.GattCharacteristic1";
constexpr const char* device_path = "/org/bluez/hci0/dev_C0_00_00_00_00_01";
constexpr std::size_t octets_a_value = 20;

std::int64_t monotonic() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
}

class Notifier {
 public:
  explicit Notifier(const std::string& address)
      : bus_(std::move(*Endpoint::open(address))), objects_(*bus_) {
    const std::string hci = "/org/bluez/hci0", device = device_path;
    const std::string service = device + "/service0010";
    add("/org/bluez", "org.bluez.AgentManager1", {}, {});
    add(hci, "org.bluez.Adapter1",
        {{"Address", text("00:CA:4E:00:00:00")}, {"Powered", boolean(true)}},
        {"SetDiscoveryFilter", "StartDiscovery", "StopDiscovery"});
    add(device, "org.bluez.Device1",
        {{"Adapter", path(hci)},
         {"Address", text("C0:00:00:00:00:01")},
         {"Connected", boolean(true)},
         {"ServicesResolved", boolean(true)},
         {"UUIDs", texts({})}},
        {"Connect", "Disconnect"});
    add(service, "org.bluez.GattService1",
        {{"UUID", text(uuid("180d"))}, {"Primary", boolean(true)}}, {});
    add(notifier_path, characteristic,
        {{"UUID", text(uuid("2a37"))},
         {"Flags", texts({"notify", "write"})},
         {"MTU", integer('q', 185)}},
        {"AcquireNotify", "StartNotify", "StopNotify", "WriteValue"});
    (void)bus_->own("org.bluez");
  }

  void run() {
    while (bus_->turn()) {
      for (Message message; bus_->next(message);) take(message);
      if (left_ > 0) send_some();
      if (!bus_->flush()) return;
      pollfd fds[2] = {{bus_->fd(), static_cast<short>(bus_->wants_to_write() ? 5 : 1), 0},
                       {socket_.get(), POLLOUT, 0}};
      const bool flooding = left_ > 0 && !paced_;
      const nfds_t count = flooding && socket_.get() >= 0 ? 2 : 1;
      const int wait_ms = left_ == 0 ? -1 : paced_ || count == 2 ? 1 : 0;
      if (paced_ && left_ > 0) {
        const timespec until{due_ns_ / 1'000'000'000, due_ns_ % 1'000'000'000};
        ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
      } else {
        ::poll(fds, count, wait_ms);
      }
    }
  }

 private:
  static std::string uuid(const char* digits) {
    return cat("0000", digits, "-0000-1000-8000-00805f9b34fb");
  }
  void add(const std::string& where, const char* interface, sim::bluez::Properties properties,
           std::vector<std::string> methods) {
    objects_.add(where, interface, std::move(properties), std::move(methods));
    objects_.announce(where);
  }

  void take(const Message& call) {
    if (call.type != Message::Type::call || objects_.answer(call)) return;
    Values reply;
    if (call.member == "AcquireNotify") {
      int both[2];
      (void)::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both);
      socket_ = Descriptor(both[0]);
      reply = {descriptor(Descriptor(both[1])), integer('q', 185)};
    } else if (call.member == "WriteValue") {
      const auto words = split(as_text(call.body[0].octets()), ' ');
      left_ = parse_int(words[0]).value_or(0);
      paced_ = words.back() == "paced";
      ends_ = words.back() == "end";
      due_ns_ = monotonic() + 5'000'000;
    } else if (call.member == "Connect") {
      connected(true);
    } else if (call.member == "StopNotify") {
      left_ = 0;
    } else if (call.member == "StartNotify") {
      socket_ = Descriptor();
    }
    bus_->send(call.answer(std::move(reply)));
  }

  void connected(bool now) {
    objects_.set(device_path, "org.bluez.Device1", {{"Connected", boolean(now)}});
  }

  void send_some() {
    constexpr int at_once = 256;
    for (int i = 0; i < at_once && left_ > 0; ++i) {
      std::array<std::uint8_t, octets_a_value> value{};
      const std::int64_t now = monotonic();
      std::memcpy(value.data(), &now, sizeof now);
      if (socket_.get() >= 0) {
        if (::send(socket_.get(), value.data(), value.size(), MSG_NOSIGNAL) < 0) return;
      } else {
        if (bus_->wants_to_write() && i > 0 && !paced_ && i % 64 == 0) return;
        objects_.set(notifier_path, characteristic, {{"Value", dbus::octets(value)}});
      }
      --left_;
      if (left_ == 0 && ends_) {
        socket_ = Descriptor();
        connected(false);
      }
      if (!paced_) continue;
      due_ns_ += 1'000'000;
      return;
    }
  }

  std::unique_ptr<Endpoint> bus_;
  sim::bluez::Objects objects_;
  Descriptor socket_;
  std::int64_t left_ = 0, due_ns_ = 0;
  bool paced_ = false, ends_ = false;
};

}  // namespace

void serve_notifier(const std::string& bus) { Notifier(bus).run(); }

}  // namespace carebench
