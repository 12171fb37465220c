#include "probes/sim/bluez/host.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "probes/clock.h"
#include "probes/link_driver.h"
#include "probes/links/ble_adapter.h"
#include "probes/links/wait.h"
#include "probes/sim/bluez/stack.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr Duration answer_time = seconds(10);

// A dbus-daemon of our own, in a folder of its own.
class PrivateBus {
 public:
  static Result<std::unique_ptr<PrivateBus>> start() {
    std::unique_ptr<PrivateBus> bus(new PrivateBus);
    std::string folder = "/tmp/carebench-bus-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) return failed(links::system_text(errno));
    bus->folder_ = folder;
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0) return failed(links::system_text(errno));
    dbus::Descriptor reading(pipe[0]), writing(pipe[1]);
    const std::string listen = cat("--address=unix:path=", folder, "/bus");
    bus->daemon_ = ::fork();
    if (bus->daemon_ < 0) return failed(links::system_text(errno));
    if (bus->daemon_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
      ::dup2(writing.get(), STDOUT_FILENO);
      ::execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", "--nopidfile",
               "--print-address=1", listen.c_str(), nullptr);
      ::_exit(127);
    }
    writing = dbus::Descriptor();
    for (char c = 0; ::read(reading.get(), &c, 1) == 1 && c != '\n';) bus->address_ += c;
    if (bus->address_.empty()) return failed("dbus-daemon does not start");
    return bus;
  }

  ~PrivateBus() {
    if (daemon_ > 0) {
      ::kill(daemon_, SIGTERM);
      ::waitpid(daemon_, nullptr, 0);
    }
    std::error_code none;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, none);
  }
  const std::string& address() const { return address_; }

 private:
  PrivateBus() = default;
  static tl::unexpected<Error> failed(std::string_view why) {
    return fail(Errc::not_ready, Blame::bench,
                cat("no message bus can be started (", why, "): install the package dbus"));
  }
  std::string folder_, address_;
  pid_t daemon_ = -1;
};

Result<std::unique_ptr<Link>> open_device(std::string_view device, const DbusOptions& options,
                                          Clock& clock) {
  Address address;
  address.scheme = "sim";
  address.target = device;
  address.text = cat("sim:", device);
  for (const auto& [key, value] : {std::pair{"fault", &options.faults},
                                   {"seed", &options.seed},
                                   {"serial", &options.serial},
                                   {"observe", &options.observe}})
    if (!value->empty()) address.options.emplace(key, *value);
  auto link = open_link(address, clock);
  if (!link) return link;
  if (!std::ranges::count((*link)->facts().supports, OpKind::discover))
    return fail(Errc::usage, Blame::profile,
                cat(device, " is no Bluetooth device: stand it up with --on pty"));
  return link;
}

Result<GattStatus> identity_of(Link& link) {
  const auto told = link.perform(Status{}, answer_time, {});
  if (!told) return tl::unexpected(told.error());
  const auto json = parse_json(told->text, "status");
  if (!json) return tl::unexpected(json.error());
  return GattStatus::from(*json);
}

class Loop {
 public:
  Loop(dbus::Endpoint& bus, bluez::Radio& radio, bluez::Stack& stack, const Clock& clock)
      : bus_(bus), radio_(radio), stack_(stack), clock_(clock) {}

  // Until stopped, or until the bus goes away.
  Result<void> run(const std::stop_token& stop) {
    const dbus::Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const std::stop_callback on_stop(stop, [&] {
      const std::uint64_t one = 1;
      (void)!::write(wake.get(), &one, sizeof one);
    });
    while (!stop.stop_requested()) {
      if (auto turned = bus_.turn(); !turned) return turned;
      for (dbus::Message message; bus_.next(message);) stack_.take(message);
      radio_.settle();
      radio_.link().pump(clock_.now(), stack_);
      stack_.settle();
      stack_.tick();
      if (auto turned = bus_.turn(); !turned) return turned;
      wait(wake.get());
    }
    return {};
  }

 private:
  void wait(int wake) {
    const short bus_events = bus_.wants_to_write() ? POLLIN | POLLOUT : POLLIN;
    fds_ = {{wake, POLLIN, 0},
            {bus_.fd(), bus_events, 0},
            {radio_.fd(), POLLIN, 0},
            {radio_.link().wait_fd(), POLLIN, 0}};
    stack_.watch(fds_);
    timespec left{};
    const Stamp due = stack_.next_due();
    if (due != never) {
      const Nanoseconds in = std::max<Nanoseconds>(0, (due - clock_.now()).ns);
      left = {static_cast<time_t>(in / 1'000'000'000), static_cast<long>(in % 1'000'000'000)};
    }
    if (::ppoll(fds_.data(), fds_.size(), due == never ? nullptr : &left, nullptr) <= 0) return;
    for (std::size_t i = 4; i < fds_.size(); ++i)
      if (fds_[i].revents) stack_.ready(fds_[i]);
  }

  dbus::Endpoint& bus_;
  bluez::Radio& radio_;
  bluez::Stack& stack_;
  const Clock& clock_;
  std::vector<pollfd> fds_;
};

}  // namespace

Result<void> serve_on_dbus(
    std::string_view device, const DbusOptions& options, std::stop_token stop,
    const std::function<void(const std::string& bus, const std::string& address)>& ready) {
  RealClock clock;
  auto link = open_device(device, options, clock);
  if (!link) return tl::unexpected(link.error());
  const auto identity = identity_of(**link);
  if (!identity) return tl::unexpected(identity.error());

  const char* given = std::getenv("DBUS_SYSTEM_BUS_ADDRESS");
  std::string address = given ? given : "";
  std::unique_ptr<PrivateBus> own;
  if (address.empty()) {
    auto started = PrivateBus::start();
    if (!started) return tl::unexpected(started.error());
    own = std::move(*started);
    address = own->address();
  } else if (!links::on_private_bus()) {
    return fail(Errc::usage, Blame::profile,
                "DBUS_SYSTEM_BUS_ADDRESS names the bus of this machine, which is bluetoothd's: "
                "unset it, or start a bus with dbus-run-session");
  }
  auto bus = dbus::Endpoint::open(address);
  if (!bus) return tl::unexpected(bus.error());
  bluez::Radio radio(std::move(*link));
  bluez::Stack stack(**bus, radio, clock, *identity);
  if (auto owned = (*bus)->own("org.bluez"); !owned) return owned;
  ready(address, cat("ble:", identity->address));
  return Loop(**bus, radio, stack, clock).run(stop);
}

}  // namespace carebench::sim
