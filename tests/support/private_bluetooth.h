// Bluetooth in a room of its own: a message bus, our stand-in for bluetoothd on it, the bench's
// health device behind that, and links that reach it as they reach the real one.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "probes/clock.h"
#include "probes/dbus/private_bus.h"
#include "probes/gatt/event.h"
#include "probes/link_driver.h"
#include "tests/support/gatt_device.h"

namespace carebench {

class PrivateBluetooth {
 public:
  PrivateBluetooth();  // leads DBUS_SYSTEM_BUS_ADDRESS here
  ~PrivateBluetooth();

  GattDevice& device() { return *device_; }
  void start_stack();  // returns when it is there
  void stop_stack();
  void kill_bus() { bus_->kill(); }
  void power(bool on);  // the adapter

  Clock& clock() { return clock_; }

 private:
  RealClock clock_;
  std::unique_ptr<dbus::PrivateBus> bus_;
  GattDevice* device_ = nullptr;
  std::jthread stack_;
};

// A link with a reader of its own, as a bench has one.
class HeardLink final : private Ingest {
 public:
  HeardLink(PrivateBluetooth& room, const std::string& address);  // fails the test
  ~HeardLink();

  Link& link() { return *link_; }
  Link::Performed perform(const Op& op, Duration timeout = seconds(20));  // fails on an Error
  Result<Link::Performed> try_to(const Op& op, Duration timeout = seconds(20),
                                 std::stop_token stop = {}) {
    return link_->perform(op, timeout, std::move(stop));
  }

  struct Come {
    bool lost = false;
    GattEvent event;
    Bytes octets;
    std::string text;
  };
  // What came next; nothing within the time: `lost` with no text.
  Come next(Duration within = seconds(10));
  bool silent(Duration lasting);  // nothing comes that long

 private:
  void frame(Stamp stamp, ByteView octets) override;
  void lost(Stamp stamp, std::string_view how) override;
  void put(Come come);

  PrivateBluetooth& room_;
  std::unique_ptr<Link> link_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Come> come_;
  std::jthread reader_;
};

}  // namespace carebench
