#include "tests/support/gatt_device.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>

#include "probes/gatt/refusal.h"
#include "probes/gatt/status.h"
#include "probes/links/wait.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

using Kind = Outcome::Kind;
using Performed = Link::Performed;

constexpr Duration advertising_each = milliseconds(100);

Uuid uuid_of(std::uint16_t digits) {
  if (digits < 0xF000) return Uuid::of(digits);
  const std::string text =
      cat("0000",
          to_hex(Bytes{static_cast<std::uint8_t>(digits >> 8), static_cast<std::uint8_t>(digits)}),
          "-6361-7265-6265-6e6368000000");
  return *Uuid::parse(text);
}

std::uint16_t digits_of(const Uuid& uuid) {
  return static_cast<std::uint16_t>(uuid.octets[2] << 8 | uuid.octets[3]);
}

Performed refused(std::uint8_t att) { return {Kind::refused, refusal_text(att)}; }
Performed no_authentication() {
  return {Kind::refused,
          refusal_text("org.bluez.Error.AuthenticationFailed", "Authentication Failed")};
}
Performed state(std::string_view name, std::string_view passkey = {}) {
  Json json = Json::object().set("state", name);
  json.set_if("passkey", passkey);
  return {Kind::done, json.dump()};
}

}  // namespace

GattDevice::GattDevice(const Clock& clock)
    : clock_(clock), timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
  facts_.transport = "test";
  facts_.simulated = true;
  build();
}

void GattDevice::add(std::uint16_t service, std::uint16_t uuid, unsigned properties, Value value) {
  auto& services = database_.services;
  const auto last = [&]() -> std::uint16_t {
    if (services.empty()) return 0x10;
    const auto& characteristics = services.back().characteristics;
    if (characteristics.empty()) return services.back().handle;
    const auto& one = characteristics.back();
    return one.descriptors.empty() ? one.handle : one.descriptors.back().handle;
  };
  if (services.empty() || services.back().uuid != uuid_of(service))
    services.push_back({uuid_of(service), static_cast<std::uint16_t>(last() + 1), true, {}});
  GattDatabase::Characteristic one;
  one.uuid = uuid_of(uuid);
  one.handle = static_cast<std::uint16_t>(last() + 2);
  one.properties = properties;
  const auto after = static_cast<std::uint16_t>(one.handle + 1);
  if (properties & (gatt_flag::notify | gatt_flag::indicate))
    one.descriptors.push_back({Uuid::of(0x2902), after});
  if (properties & gatt_flag::reliable_write) one.descriptors.push_back({Uuid::of(0x2900), after});
  values_[one.handle] = std::move(value);
  services.back().characteristics.push_back(std::move(one));
}

void GattDevice::build() {
  using gatt_flag::notify, gatt_flag::indicate, gatt_flag::extended_properties,
      gatt_flag::reliable_write;
  constexpr unsigned command = gatt_flag::write_without_response;
  const auto text = [](std::string_view words) {
    return Value{Bytes(as_bytes(words).begin(), as_bytes(words).end())};
  };
  database_.mtu = 185;
  add(0x180D, 0x2A37, notify, {});
  add(0x180D, 0x2A38, gatt_flag::read, {{1}});
  add(0x180D, 0x2A39, gatt_flag::write, {});
  add(0x1810, 0x2A35, indicate, {});
  add(0x1810, 0x2A49, gatt_flag::read, {{0, 0}});
  for (const auto& [uuid, words] : {std::pair<std::uint16_t, const char*>{0x2A29, "Bench Works"},
                                    {0x2A24, "HRM-1"},
                                    {0x2A25, "SN-0001"},
                                    {0x2A27, "1"},
                                    {0x2A26, "1.0"},
                                    {0x2A28, "1.0"},
                                    {0x2A23, "12345678"}})
    add(0x180A, uuid, gatt_flag::read, text(words));
  add(0x180A, 0x2A50, gatt_flag::read, {{2, 0x6B, 0x1D, 0x46, 0x02, 0x42, 0x05}});
  add(0x180F, 0x2A19, gatt_flag::read | notify, {{80}});
  add(0xF000, 0xF001, gatt_flag::read | gatt_flag::write, {{1}, 0, true});
  add(0xF000, 0xF002, gatt_flag::read, {{2}, 0, true, true});
  add(0xF000, 0xF003, gatt_flag::read, {{}, 0x02});
  add(0xF000, 0xF004, gatt_flag::read, {{}, 0x81});
  add(0xF000, 0xF005, gatt_flag::read, {{}, 0x07});
  add(0xF000, 0xF006, gatt_flag::read, {{}, 0x08});
  add(0xF000, 0xF007, gatt_flag::read, {Bytes(400, 7)});
  add(0xF000, 0xF008,
      gatt_flag::read | command | gatt_flag::write | extended_properties | reliable_write, {});
  add(0xF000, 0xF009, gatt_flag::write, {});
  add(0xF000, 0xF00A, command | notify, {});
  add(0xF000, 0xF00B, gatt_flag::write, {});
  add(0xF000, 0xF00C, notify, {{}, 0, true});
}

const GattDatabase::Characteristic* GattDevice::find(const std::string& attribute) const {
  const auto path = AttributePath::parse(attribute);
  return path ? database_.find(*path).characteristic : nullptr;
}

Result<Performed> GattDevice::perform(const Op& op, Duration timeout, std::stop_token stop) {
  if (std::holds_alternative<Connect>(op)) return connect(timeout, stop);
  if (const auto* reply = std::get_if<PairReply>(&op)) return pair_reply(*reply, timeout, stop);
  const std::lock_guard lock(mutex_);
  switch (kind_of(op)) {
    case OpKind::disconnect:
      connected_ = false;
      subscribed_.clear();
      return Performed{};
    case OpKind::unpair:
      connected_ = paired_ = false;
      subscribed_.clear();
      return Performed{};
    case OpKind::scan:
      scanning_ = std::get<Scan>(op).on;
      arm({1});
      return Performed{};
    case OpKind::status: {
      GattStatus status;
      status.address = "00:AA:01:01:00:01";
      status.address_type = "public";
      status.name = "Bench HRM";
      status.uuids = {Uuid::of(0x180D), Uuid::of(0x1810)};
      return Performed{Kind::done, to_json(status).dump()};
    }
    default:
      break;
  }
  if (!connected_) return Performed{Kind::lost, "Not connected"};
  switch (kind_of(op)) {
    case OpKind::discover:
      return Performed{Kind::done, to_json(database_).dump()};
    case OpKind::read_value:
      return read(std::get<ReadValue>(op).attribute);
    case OpKind::write_value:
      return write(std::get<WriteValue>(op));
    case OpKind::subscribe:
      return subscribe(std::get<Subscribe>(op));
    case OpKind::pair:
      return pair(std::get<Pair>(op));
    default:
      return cannot(op);
  }
}

Performed GattDevice::connect(Duration timeout, const std::stop_token& stop) {
  const links::Countdown countdown(timeout);
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (clock_.now() >= silent_until_) {
        connected_ = true;
        dropped_ = false;
        return {};
      }
    }
    if (countdown.over()) return {Kind::timed_out, "silent"};
    if (links::sleep_for(milliseconds(20), stop) == links::Waited::stopped)
      return {Kind::timed_out, "stopped"};
  }
}

Performed GattDevice::read(const std::string& attribute) {
  const auto* one = find(attribute);
  if (!one) return refused(att_error::attribute_not_found);
  const Value& value = values_[one->handle];
  const bool secure = value.authenticated ? authenticated_ : paired_;
  if (value.encrypted && !secure) return refused(att_error::insufficient_authentication);
  if (value.refuses) return refused(value.refuses);
  return {Kind::done, {}, value.octets};
}

Performed GattDevice::write(const WriteValue& op) {
  const auto* one = find(op.attribute);
  if (!one) return refused(att_error::attribute_not_found);
  const std::uint16_t uuid = digits_of(one->uuid);
  Value& value = values_[one->handle];
  if (value.encrypted && !paired_) return refused(att_error::insufficient_authentication);
  if (uuid == 0x2A39 && op.octets != Bytes{1}) return refused(0x80);
  if (uuid == 0xF009 && op.octets.size() > 4) return refused(att_error::invalid_length);
  value.octets = op.octets;
  if (uuid == 0xF00A && subscribed_.contains(uuid)) send(uuid, op.octets);
  const std::string_view words = as_text(op.octets);
  if (uuid == 0xF00B && words == "drop") dropped_ = true;
  if (uuid == 0xF00B && words.starts_with("silent ")) {
    silent_until_ = clock_.now() + seconds(parse_int(words.substr(7)).value_or(10));
    dropped_ = true;
  }
  if (dropped_) arm({1});
  return {};
}

Performed GattDevice::subscribe(const Subscribe& op) {
  const auto* one = find(op.attribute);
  if (!one) return refused(att_error::attribute_not_found);
  const std::uint16_t uuid = digits_of(one->uuid);
  if (op.mode == Subscribe::Mode::off) {
    subscribed_.erase(uuid);
    return {};
  }
  if (values_[one->handle].encrypted && !paired_)
    return refused(att_error::insufficient_authentication);
  subscribed_.insert(uuid);
  if (uuid == 0x2A35) send(uuid, {0, 120, 0, 80, 0, 93, 0});
  if (uuid == 0x2A37) next_beat_ = clock_.now() + rate_;
  arm({1});
  return {Kind::done, "notify"};
}

// Core 5.3, Vol 3, Part H, 2.3.5.1, of the pairs that tests use.
Performed GattDevice::pair(const Pair& op) {
  const bool just_works = op.capability == "NoInputNoOutput" || capability_ == "NoInputNoOutput";
  shown_ = "424242";
  dialogue_.clear();
  if (just_works) return rejects_ ? no_authentication() : paired(false);
  if (op.capability == "KeyboardOnly") {
    dialogue_ = "wants_passkey";
    typed_.clear();
    return state(dialogue_);
  }
  dialogue_ = capability_ == "KeyboardOnly" ? "shows_passkey" : "compare";
  typed_.clear();
  return state(dialogue_, shown_);
}

Performed GattDevice::pair_reply(const PairReply& reply, Duration timeout,
                                 const std::stop_token& stop) {
  const auto typed = [this] {
    const std::lock_guard lock(mutex_);
    return typed_;
  };
  std::string dialogue;
  {
    const std::lock_guard lock(mutex_);
    dialogue = std::exchange(dialogue_, {});
    if (dialogue.empty() || !reply.accept || rejects_) return no_authentication();
    if (dialogue == "compare") return paired(true);
    if (dialogue == "wants_passkey")
      return reply.passkey == shown_ ? paired(true) : no_authentication();
  }
  const links::Countdown countdown(timeout);
  while (typed().empty())
    if (countdown.over() || links::sleep_for(milliseconds(20), stop) == links::Waited::stopped)
      return {Kind::timed_out, "nobody typed the passkey"};
  const std::lock_guard lock(mutex_);
  return typed_ == shown_ ? paired(true) : no_authentication();
}

Performed GattDevice::paired(bool authenticated) {
  paired_ = true;
  authenticated_ = authenticated;
  return state("paired");
}

std::string GattDevice::say(const std::string& words) {
  const std::lock_guard lock(mutex_);
  const auto parts = split(words, ' ');
  const std::string_view rest = parts.size() > 1 ? parts[1] : std::string_view();
  if (parts[0] == "agent") {
    capability_ = rest;
    rejects_ = parts.size() > 2;
  } else if (parts[0] == "passkey" && rest.empty()) {
    return dialogue_ == "wants_passkey" ? shown_ : "none";
  } else if (parts[0] == "passkey") {
    typed_ = rest;
  } else if (parts[0] == "forget") {
    paired_ = authenticated_ = false;
  } else if (parts[0] == "drop" || parts[0] == "silent") {
    dropped_ = true;
    if (parts[0] == "silent") silent_until_ = clock_.now() + seconds(parse_int(rest).value_or(10));
  } else if (parts[0] == "rate") {
    rate_ = milliseconds(parse_int(rest).value_or(100));
  } else if (parts[0] == "send") {
    const auto uuid = Uuid::parse(rest).value_or(Uuid());
    const auto count = parts.size() > 2 ? parse_int(parts[2]).value_or(1) : 1;
    for (int i = 1; i <= count && subscribed_.contains(digits_of(uuid)); ++i)
      send(digits_of(uuid), {static_cast<std::uint8_t>(i)});
  }
  arm({1});
  return {};
}

void GattDevice::send(std::uint16_t uuid, Bytes value) {
  for (const auto& service : database_.services)
    for (const auto& one : service.characteristics)
      if (digits_of(one.uuid) == uuid) {
        const auto kind =
            one.has(gatt_flag::indicate) ? EventKind::indication : EventKind::notification;
        GattEvent{kind, EventSource::simulated, one.handle, one.uuid, value}.append_to(
            events_.emplace_back());
      }
  arm({1});
}

void GattDevice::arm(Duration after) {
  itimerspec at{};
  at.it_value.tv_sec = static_cast<time_t>(after.ns / 1'000'000'000);
  at.it_value.tv_nsec = static_cast<long>(std::max<Nanoseconds>(1, after.ns % 1'000'000'000));
  (void)::timerfd_settime(timer_.get(), 0, &at, nullptr);
}

void GattDevice::pump(Stamp now, Ingest& ingest) {
  std::uint64_t expirations = 0;
  (void)!::read(timer_.get(), &expirations, sizeof expirations);
  std::deque<Bytes> events;
  bool dropped = false;
  {
    const std::lock_guard lock(mutex_);
    const bool beats = connected_ && subscribed_.contains(0x2A37) && rate_.ns > 0;
    if (beats && now >= next_beat_) {
      ++beats_;
      send(0x2A37, {0x06, static_cast<std::uint8_t>(60 + beats_ % 40)});
      next_beat_ = now + rate_;
    }
    if (scanning_ && !connected_ && now >= next_advertising_ && now >= silent_until_) {
      GattEvent event{EventKind::advertising, EventSource::simulated, 0, {}, {}};
      const std::string json = R"({"name":"Bench HRM","address_type":"public",)"
                               R"("uuids":["180D","1810"]})";
      event.handle = static_cast<std::uint8_t>(-50);
      event.value = as_bytes(json);
      event.append_to(events_.emplace_back());
      const Bytes data = {1, 2};
      GattEvent{EventKind::manufacturer_data, EventSource::simulated, 0, Uuid::of(0xFFFF), data}
          .append_to(events_.emplace_back());
      next_advertising_ = now + advertising_each;
    }
    dropped = std::exchange(dropped_, false) && connected_;
    if (dropped) {
      connected_ = false;
      subscribed_.clear();
    }
    events.swap(events_);
    if (scanning_ || beats) arm(std::min(advertising_each, beats ? rate_ : advertising_each));
  }
  for (const Bytes& event : events) ingest.frame(now, event);
  if (dropped) ingest.lost(now, "dropped");
}

}  // namespace carebench
