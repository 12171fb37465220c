// A bench for virtual GATT devices in virtual time: operations through the bench's stack, and a
// transcript of all that came of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "probes/gatt/event.h"
#include "probes/gatt/status.h"
#include "probes/sim/gatt_host.h"
#include "standards/vocab/text.h"
#include "tests/support/sim_session.h"

namespace carebench::sim {

class GattBench final : public Ingest {
 public:
  explicit GattBench(std::shared_ptr<const VirtualDevice> device, std::string faults = {},
                     int sample = 1, std::uint64_t seed = 1) {
    EngineOptions options;
    options.faults = std::move(faults);
    options.sample = sample;
    options.seed = seed;
    options.connected = false;
    auto made = Engine::create(std::move(device), options);
    if (!made) throw std::runtime_error(made.error().text());
    engine = std::move(*made);
    host = std::make_unique<GattHost>(*engine);
    run(seconds(1));
  }
  explicit GattBench(std::string_view name, std::string faults = {}, int sample = 1)
      : GattBench(loaded(name), std::move(faults), sample) {}

  void frame(Stamp stamp, ByteView octets) override {
    GattEvent event;
    if (!GattEvent::parse(octets, event)) throw std::runtime_error("no event");
    events.push_back({stamp, event.kind, event.uuid, {event.value.begin(), event.value.end()}});
    transcript.push_back(cat(stamp.ns, " ", static_cast<int>(event.kind), " ", event.uuid.text(),
                             " ", to_hex(event.value)));
  }
  void lost(Stamp stamp, std::string_view how) override {
    lost_at = stamp;
    transcript.push_back(cat(stamp.ns, " lost: ", how));
  }

  void run(Duration time) {
    const Stamp until = now + time;
    for (Stamp due = engine->next_due(); due <= until && due != never; due = engine->next_due()) {
      now = std::max(now, due);
      engine->pump(now, *this);
    }
    now = until;
    engine->pump(now, *this);
  }

  Link::Performed perform(const Op& op) {
    auto done = host->perform(op, now);
    if (!done) throw std::runtime_error(done.error().text());
    if (auto trouble = engine->take_trouble()) throw std::runtime_error(trouble->text());
    transcript.push_back(cat(to_string(kind_of(op)), " ", to_string(done->kind), " ", done->text,
                             " ", to_hex(done->octets)));
    return *done;
  }
  std::string text(const Op& op) { return perform(op).text; }
  bool connect() { return perform(Connect{}).kind == Outcome::Kind::done; }
  // To its end: what is wanted is the device's passkey, what is asked is accepted.
  Link::Performed pair(std::string capability) {
    auto done = perform(Pair{std::move(capability)});
    if (done.kind == Outcome::Kind::done && done.text.find("\"paired\"") == std::string::npos)
      done = perform(PairReply{true, engine->gatt()->spec().pairing.passkey});
    return done;
  }
  GattStatus status() { return GattStatus::from(*parse_json(text(Status{}))); }
  // Values of one characteristic that came since the last call.
  std::vector<std::string> heard(std::string_view uuid) {
    std::vector<std::string> values;
    for (const Event& event : events)
      if (event.uuid == Uuid::parse(uuid)) values.push_back(to_hex(event.value));
    events.clear();
    return values;
  }

  struct Event {
    Stamp stamp;
    EventKind kind;
    Uuid uuid;
    Bytes value;
  };
  std::unique_ptr<Engine> engine;
  std::unique_ptr<GattHost> host;
  std::vector<Event> events;
  std::vector<std::string> transcript;
  std::optional<Stamp> lost_at;
  Stamp now;
};

}  // namespace carebench::sim
