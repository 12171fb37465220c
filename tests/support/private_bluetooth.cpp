#include "tests/support/private_bluetooth.h"

#include <poll.h>

#include <cstdlib>
#include <future>

#include "probes/dbus/bus.h"
#include "probes/sim/bluez/host.h"
#include "tests/support/boost_test.h"

namespace carebench {
namespace {

template <class T>
void require(const Result<T>& result) {
  const std::string error = result ? "" : result.error().message;
  BOOST_REQUIRE_EQUAL(error, "");
}

}  // namespace

PrivateBluetooth::PrivateBluetooth() {
  auto bus = dbus::PrivateBus::start();
  require(bus);
  bus_ = std::move(*bus);
  ::setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_->address().c_str(), 1);
  start_stack();
}

PrivateBluetooth::~PrivateBluetooth() {
  stop_stack();
  ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
}

void PrivateBluetooth::start_stack() {
  auto device = std::make_unique<GattDevice>(clock_);
  device_ = device.get();
  std::promise<void> ready;
  std::future<void> is_ready = ready.get_future();
  stack_ = std::jthread([this, device = std::move(device),
                         ready = std::move(ready)](const std::stop_token& stop) mutable {
    (void)sim::serve_link_on_dbus(
        std::move(device), clock_, bus_->address(), stop,
        [&](const std::string&, const std::string&) { ready.set_value(); });
  });
  BOOST_REQUIRE(is_ready.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
}

void PrivateBluetooth::stop_stack() {
  stack_.request_stop();
  if (stack_.joinable()) stack_.join();
}

void PrivateBluetooth::power(bool on) {
  auto bus = dbus::Bus::open(clock_);
  BOOST_REQUIRE(bus.has_value());
  const auto answer = (*bus)->call(
      {"/org/bluez/hci0",
       std::string(dbus::properties_interface),
       "Set",
       {dbus::text("org.bluez.Adapter1"), dbus::text("Powered"), dbus::variant(dbus::boolean(on))}},
      seconds(10));
  BOOST_REQUIRE(answer.done());
}

HeardLink::HeardLink(PrivateBluetooth& room, const std::string& text) : room_(room) {
  const auto address = Address::parse(text);
  BOOST_REQUIRE(address.has_value());
  auto link = open_link(*address, room.clock());
  require(link);
  link_ = std::move(*link);
  reader_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd wanted{link_->wait_fd(), POLLIN, 0};
      if (::poll(&wanted, 1, 20) > 0) link_->pump(room_.clock().now(), *this);
    }
  });
}

HeardLink::~HeardLink() {
  reader_.request_stop();
  if (reader_.joinable()) reader_.join();
  if (link_) link_->close();
}

Link::Performed HeardLink::perform(const Op& op, Duration timeout) {
  auto come = link_->perform(op, timeout, {});
  require(come);
  return std::move(*come);
}

void HeardLink::put(Come come) {
  const std::lock_guard lock(mutex_);
  come_.push_back(std::move(come));
  arrived_.notify_all();
}

void HeardLink::frame(Stamp, ByteView octets) {
  Come come;
  come.octets.assign(octets.begin(), octets.end());
  put(std::move(come));
}

void HeardLink::lost(Stamp, std::string_view how) {
  Come come;
  come.lost = true;
  come.text = how;
  put(std::move(come));
}

HeardLink::Come HeardLink::next(Duration within) {
  std::unique_lock lock(mutex_);
  if (!arrived_.wait_for(lock, std::chrono::nanoseconds(within.ns),
                         [this] { return !come_.empty(); }))
    return {true, {}, {}, {}};
  Come come = std::move(come_.front());
  come_.pop_front();
  if (!come.lost) BOOST_REQUIRE(GattEvent::parse(come.octets, come.event));
  return come;
}

bool HeardLink::silent(Duration lasting) {
  std::unique_lock lock(mutex_);
  return !arrived_.wait_for(lock, std::chrono::nanoseconds(lasting.ns),
                            [this] { return !come_.empty(); });
}

}  // namespace carebench
