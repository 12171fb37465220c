#include "probes/sim/bluez/host.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "probes/clock.h"
#include "probes/dbus/private_bus.h"
#include "probes/link_driver.h"
#include "probes/links/ble_adapter.h"
#include "probes/sim/bluez/stack.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr Duration answer_time = seconds(10);

Result<std::unique_ptr<Link>> open_device(std::string_view device, const DbusOptions& options,
                                          Clock& clock) {
  Address address;
  address.scheme = "sim";
  address.target = device;
  address.text = cat("sim:", device);
  address.options.emplace("stack", "bare");  // the stack is ours
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
      if (auto flushed = bus_.flush(); !flushed) return flushed;
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

Result<void> serve_link_on_dbus(std::unique_ptr<Link> link, const Clock& clock,
                                const std::string& address, const std::stop_token& stop,
                                const DbusReady& ready) {
  const auto identity = identity_of(*link);
  if (!identity) return tl::unexpected(identity.error());
  auto bus = dbus::Endpoint::open(address);
  if (!bus) return tl::unexpected(bus.error());
  bluez::Radio radio(std::move(link));
  bluez::Stack stack(**bus, radio, clock, *identity);
  if (auto owned = (*bus)->own("org.bluez"); !owned) return owned;
  ready(address, cat("ble:", identity->address));
  return Loop(**bus, radio, stack, clock).run(stop);
}

Result<void> serve_on_dbus(std::string_view device, const DbusOptions& options,
                           std::stop_token stop, const DbusReady& ready) {
  RealClock clock;
  auto link = open_device(device, options, clock);
  if (!link) return tl::unexpected(link.error());
  const char* given = std::getenv("DBUS_SYSTEM_BUS_ADDRESS");
  std::string address = given ? given : "";
  std::unique_ptr<dbus::PrivateBus> own;
  if (address.empty()) {
    auto started = dbus::PrivateBus::start();
    if (!started) return tl::unexpected(started.error());
    own = std::move(*started);
    address = own->address();
  } else if (!links::on_private_bus()) {
    return fail(Errc::usage, Blame::profile,
                "DBUS_SYSTEM_BUS_ADDRESS names the bus of this machine, which is bluetoothd's: "
                "unset it, or start a bus with dbus-run-session");
  }
  return serve_link_on_dbus(std::move(*link), clock, address, stop, ready);
}

}  // namespace carebench::sim
