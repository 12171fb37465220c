// A bench for virtual devices in virtual time: an engine, what it said, and when.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "probes/sim/engine.h"
#include "standards/vocab/text.h"

namespace carebench::sim {

inline std::shared_ptr<const VirtualDevice> loaded(std::string_view name) {
  auto device = load(name);
  if (!device) throw std::runtime_error(device.error().text());
  return *device;
}

class Session final : public Ingest {
 public:
  struct Heard {
    Stamp stamp;
    Bytes octets;
    bool operator==(const Heard&) const = default;
  };

  explicit Session(std::string_view name, EngineOptions options = {})
      : Session(loaded(name), std::move(options)) {}
  Session(std::shared_ptr<const VirtualDevice> device, EngineOptions options) {
    now = options.start;
    auto made = Engine::create(std::move(device), options);
    if (!made) throw std::runtime_error(made.error().text());
    engine = std::move(*made);
  }
  static EngineOptions fault(std::string names) {
    EngineOptions options;
    options.faults = std::move(names);
    return options;
  }

  void frame(Stamp stamp, ByteView octets) override {
    heard.push_back({stamp, Bytes(octets.begin(), octets.end())});
  }
  void lost(Stamp stamp, std::string_view) override { lost_at = stamp; }

  // As a lane does it: from one thing to the next.
  void run_to(Stamp until) {
    for (Stamp due = engine->next_due(); due <= until; due = engine->next_due()) {
      if (due == never) break;
      now = std::max(now, due);
      engine->pump(now, *this);
    }
    now = until;
    engine->pump(now, *this);
  }
  void run(Duration time) { run_to(now + time); }
  void write(ByteView octets) { engine->receive(now, octets); }
  void write(std::string_view text) { write(as_bytes(text)); }
  void connect() { engine->connect(now); }
  void disconnect() { engine->disconnect(now); }

  Bytes octets() const {
    Bytes all;
    for (const Heard& one : heard) all.insert(all.end(), one.octets.begin(), one.octets.end());
    return all;
  }
  std::string text() const {
    const Bytes all = octets();
    return std::string(as_text(all));
  }
  // What the device answers within `time`, everything else it says included.
  Bytes ask(ByteView request, Duration time = milliseconds(200)) {
    heard.clear();
    write(request);
    run(time);
    return octets();
  }

  std::unique_ptr<Engine> engine;
  std::vector<Heard> heard;
  std::optional<Stamp> lost_at;
  Stamp now;
};

}  // namespace carebench::sim
