// `sim:` attaches a virtual device (probes/sim/devices/*.yaml). In virtual time the lane asks when
// the device does something next; on a real clock a timer wakes the reader. What comes from here is
// marked as simulated in its facts, and so in everything that is made of it.
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <mutex>

#include "probes/link_driver.h"
#include "probes/sim/engine.h"
#include "probes/sim/gatt_host.h"
#include "probes/sim/hci_tap.h"
#include "probes/sim/observe.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

using Kind = Outcome::Kind;

Nanoseconds monotonic() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<Nanoseconds>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

class SimLink final : public Link {
 public:
  SimLink(Facts facts, std::unique_ptr<sim::Engine> engine, Clock& clock, std::string observe,
          bool secures)
      : facts_(std::move(facts)),
        engine_(std::move(engine)),
        host_(*engine_, secures),
        clock_(clock),
        observe_(std::move(observe)) {
    if (!clock.is_virtual()) timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    arm();
  }
  ~SimLink() override { close(); }

  const Facts& facts() const override { return facts_; }
  int wait_fd() const override { return timer_; }

  Stamp next_due() const override {
    const std::lock_guard lock(mutex_);
    return engine_->next_due();
  }

  void pump(Stamp now, Ingest& ingest) override {
    std::uint64_t expirations = 0;
    if (timer_ >= 0) (void)!::read(timer_, &expirations, sizeof expirations);
    const std::lock_guard lock(mutex_);
    engine_->pump(now, ingest);
    arm();
  }

  void close() noexcept override {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
    (void)leave();  // nobody is left to tell
    if (timer_ >= 0) ::close(timer_);
    timer_ = -1;
  }

  Result<Performed> perform(const Op& op, Duration, std::stop_token) override {
    const std::lock_guard lock(mutex_);
    if (auto trouble = engine_->take_trouble()) return tl::unexpected(*trouble);
    auto performed = carry_out(op);
    if (auto trouble = engine_->take_trouble()) return tl::unexpected(*trouble);
    arm();
    return performed;
  }

 private:
  Result<Performed> carry_out(const Op& op) {
    const Stamp now = clock_.now();
    if (std::holds_alternative<Flush>(op)) return Performed{};
    if (engine_->gatt()) return carry_out_gatt(op, now);
    if (std::holds_alternative<Connect>(op)) {
      if (engine_->connected() && !engine_->unplugged())
        return Performed{Kind::done, "was connected"};
      engine_->connect(now);
      if (engine_->unplugged())
        return Performed{Kind::timed_out, "the virtual device is unplugged"};
      return Performed{};
    }
    if (std::holds_alternative<Disconnect>(op)) {
      if (auto left = leave(); !left) return tl::unexpected(left.error());
      return Performed{};
    }
    if (!engine_->connected()) return Performed{Kind::refused, "the line is closed: connect first"};
    if (engine_->unplugged()) return Performed{Kind::lost, "the virtual device is unplugged"};
    if (const auto* write = std::get_if<Write>(&op)) {
      engine_->receive(now, write->octets);
      return Performed{};
    }
    const auto* line = std::get_if<SetLine>(&op);
    if (!line) return cannot(op);
    if (line->baud) engine_->set_peer_baud(*line->baud);
    return Performed{};
  }

  Result<Performed> carry_out_gatt(const Op& op, Stamp now) {
    if (std::holds_alternative<Write>(op) || std::holds_alternative<SetLine>(op)) return cannot(op);
    const bool leaves =
        std::holds_alternative<Disconnect>(op) || std::holds_alternative<Unpair>(op);
    auto performed = host_.perform(op, now);
    if (leaves)
      if (auto told = tell_observer(); !told) return tl::unexpected(told.error());
    return performed;
  }

  Result<void> leave() {
    engine_->disconnect(clock_.now());
    return tell_observer();
  }

  Result<void> tell_observer() {
    if (observe_.empty()) return {};
    return sim::write_observation(*engine_, clock_.now(), observe_);
  }

  void arm() {
    if (timer_ < 0) return;
    itimerspec at{};  // zero: not armed
    if (const Stamp due = engine_->next_due(); due != never) {
      const Nanoseconds in = std::max<Nanoseconds>(1, (due - clock_.now()).ns);
      at.it_value.tv_sec = static_cast<time_t>(in / 1'000'000'000);
      at.it_value.tv_nsec = static_cast<long>(in % 1'000'000'000);
    }
    timerfd_settime(timer_, 0, &at, nullptr);
  }

  const Facts facts_;
  mutable std::mutex mutex_;  // steps perform while the reader pumps
  const std::unique_ptr<sim::Engine> engine_;
  sim::GattHost host_;  // GATT devices: the bench's stack
  Clock& clock_;
  const std::string observe_;
  int timer_ = -1;
  bool closed_ = false;
};

tl::unexpected<Error> usage(const Address& address, std::string message) {
  return fail(Errc::usage, Blame::bench,
              cat("address \"", printable(address.text), "\": ", message));
}

Facts facts_of(const Address& address, const sim::VirtualDevice& device) {
  Facts facts;
  facts.transport = "sim";
  facts.address = address.text;
  facts.simulated = true;
  facts.supports = {OpKind::connect, OpKind::disconnect, OpKind::write, OpKind::set_line,
                    OpKind::flush};
  if (device.gatt)
    facts.supports = {OpKind::connect, OpKind::disconnect, OpKind::flush,       OpKind::discover,
                      OpKind::status,  OpKind::read_value, OpKind::write_value, OpKind::subscribe,
                      OpKind::pair,    OpKind::pair_reply, OpKind::unpair,      OpKind::scan};
  facts.stamp_source = "virtual clock";
  facts.details = Json::object().set("device", device.name);
  const auto fault = address.options.find("fault");
  facts.details.set("fault", fault == address.options.end() ? "" : fault->second);
  for (const std::string_view key : {"seed", "sample", "serial"})
    if (const auto found = address.options.find(key); found != address.options.end())
      facts.details.set(key, found->second);
  if (device.protocol) facts.details.set("protocol", device.protocol->name);
  if (device.baud > 0) facts.details.set("baud", device.baud).set("mode", device.mode);
  if (device.is_modbus())
    facts.details.set("modbus", Json::object().set("framing", "rtu").set("unit", device.unit));
  return facts;
}

std::string option_of(const Address& address, std::string_view key) {
  const auto found = address.options.find(key);
  return found == address.options.end() ? std::string() : found->second;
}

// An address as read.
struct Wanted {
  std::shared_ptr<const sim::VirtualDevice> device;
  sim::EngineOptions options;
  std::optional<sim::TapWindow> tap;
  bool secures = true;
};

Result<Wanted> wanted_by(const Address& address) {
  auto device = sim::load(address.target);
  if (!device) return tl::unexpected(device.error());
  Wanted wanted{*device, {}, {}};
  wanted.options.faults = option_of(address, "fault");
  wanted.options.serial = option_of(address, "serial");
  if (const auto broken = (*device)->with_faults(wanted.options.faults); !broken)
    return tl::unexpected(broken.error());
  if (const std::string text = option_of(address, "seed"); !text.empty()) {
    const auto seed = parse_int(text);
    if (!seed || *seed < 0) return usage(address, "seed= is a whole number from 0");
    wanted.options.seed = static_cast<std::uint64_t>(*seed);
  }
  if (const std::string text = option_of(address, "sample"); !text.empty()) {
    const auto sample = parse_int(text);
    if (!sample || *sample < 1 || *sample > 999'999)
      return usage(address, "sample= is the number of the unit, from 1");
    wanted.options.sample = static_cast<int>(*sample);
  }
  if (const std::string text = option_of(address, "stack"); !text.empty()) {
    if (text != "bare") return usage(address, "stack=bare: nothing pairs by itself");
    wanted.secures = false;
  }
  if (const std::string text = option_of(address, "tap"); !text.empty()) {
    if (!(*device)->gatt) return usage(address, "only a GATT device has an HCI to tap");
    wanted.tap.emplace();
    const auto dash = text.find('-');
    const double from = parse_double(text.substr(0, dash)).value_or(-1);
    const double until = dash == text.npos ? -1 : parse_double(text.substr(dash + 1)).value_or(-1);
    const bool window = from >= 0 && until > from && until <= 1e6;
    if (text != "on" && !window)
      return usage(address,
                   "tap=on is a tap on the HCI beside the device; tap=2-12: with a peer that is "
                   "subscribed from 2 s to 12 s");
    if (window) wanted.tap = {{std::llround(from * 1e9)}, {std::llround(until * 1e9)}};
  }
  return wanted;
}

Result<void> check(const Address& address) {
  const auto wanted = wanted_by(address);
  if (!wanted) return tl::unexpected(wanted.error());
  return {};
}

Result<std::unique_ptr<Link>> open(const Address& address, Clock& clock) {
  auto wanted = wanted_by(address);
  if (!wanted) return tl::unexpected(wanted.error());
  auto& [device, options, tap, secures] = *wanted;
  options.start = clock.now();
  if (device->gatt) {
    // It was switched on before; a link comes about when it is asked for.
    options.start = {clock.now().ns - device->boot_time.ns};
    options.connected = false;
  }
  if (!clock.is_virtual()) {
    options.world = {monotonic() - clock.now().ns};
    options.least_pause = milliseconds(5);
  }
  auto engine = sim::Engine::create(device, options);
  if (!engine) return tl::unexpected(engine.error());
  Facts facts = facts_of(address, *device);
  if (tap && !clock.is_virtual())
    return usage(address, "a tap on a virtual device lives in virtual time only");
  if (tap) return sim::hci_tap(std::move(facts), std::move(*engine), *tap, clock);
  if (!clock.is_virtual()) facts.stamp_source = "virtual device on the bench's clock";
  return std::make_unique<SimLink>(std::move(facts), std::move(*engine), clock,
                                   option_of(address, "observe"), secures);
}

Result<std::vector<Sighting>> scan() {
  std::vector<Sighting> sightings;
  for (const std::string_view name : sim::shipped_devices()) {
    const auto device = sim::load(name);
    if (!device) return tl::unexpected(device.error());
    Sighting sighting;
    sighting.address = cat("sim:", name);
    sighting.what = (*device)->title.en;
    sighting.accessible = true;
    Json faults = Json::array();
    for (const sim::Fault& fault : (*device)->faults)
      faults.push(Json::object().set("fault", fault.name).set("title", fault.title.en));
    sighting.details.set(
        "title", Json::object().set("zh", (*device)->title.zh).set("en", (*device)->title.en));
    sighting.details.set_if("faults", faults);
    sightings.push_back(std::move(sighting));
  }
  return sightings;
}

OctetKind octets(const Address& address) {
  if (address.options.contains("tap")) return OctetKind::hci;
  const auto device = sim::load(address.target);
  return device && (*device)->gatt ? OctetKind::stream : OctetKind::serial;
}

constexpr std::array<std::string_view, 7> options = {"fault",   "seed", "sample", "serial",
                                                     "observe", "tap",  "stack"};

}  // namespace

extern const LinkDriver sim;
const LinkDriver sim{
    "sim",
    "a virtual device: a simulation, never a test",
    "sim:NAME?fault=F&seed=1&sample=1&serial=SN1&observe=FILE&tap=on",
    options,
    &scan,
    &open,
    &check,
    &octets,
};

}  // namespace carebench::links
