// Engine: time, streams, the port. What comes in is in engine_input.cpp.
#include "probes/sim/engine.h"

#include <algorithm>
#include <cmath>

#include "probes/sim/random.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr std::size_t most_closings = 100;

}  // namespace

Result<std::unique_ptr<Engine>> Engine::create(std::shared_ptr<const VirtualDevice> device,
                                               const EngineOptions& options) {
  auto broken = device->with_faults(options.faults);
  if (!broken) return tl::unexpected(broken.error());
  return std::unique_ptr<Engine>(new Engine(std::move(*broken), options));
}

Engine::Engine(std::shared_ptr<const VirtualDevice> device, const EngineOptions& options)
    : device_(std::move(device)),
      seed_(options.seed.value_or(device_->seed)),
      values_(*device_, seed_, options.sample, options.serial, options.world),
      transmitter_(*device_, mix(mix(seed_, device_->name), options.serial)),
      receiver_(*device_, options.least_pause),
      latest_(options.start),
      connected_(options.connected) {
  if (device_->is_modbus()) modbus_.emplace(*device_, values_);
  if (device_->gatt)
    gatt_ = std::make_unique<GattDevice>(*device_, values_,
                                         mix(mix(mix(seed_, device_->name), options.serial),
                                             static_cast<std::uint64_t>(options.sample)));
  for (const Stream& spec : device_->parts.streams) {
    LiveStream stream;
    stream.spec = &spec;
    stream.seed = mix(mix(seed_, device_->name), spec.id);
    stream.period = std::llround(static_cast<double>(spec.every.ns) * device_->behaviour.pace);
    for (const auto& [name, operand] : spec.fields)
      stream.inputs[name] = operand.kind == Operand::Kind::text ? FieldInput(operand.text)
                                                                : FieldInput(operand.number);
    streams_.push_back(std::move(stream));
    LiveStream& placed = streams_.back();  // moving a map keeps its nodes
    for (const auto& [name, operand] : spec.fields)
      if (operand.kind == Operand::Kind::value)
        placed.sources.emplace_back(values_.find(operand.text), &placed.inputs.find(name)->second);
  }
  for (const Event& spec : device_->parts.events) events_.push_back({&spec, never});
  const auto& unplug_after = device_->behaviour.unplug_after;
  if (unplug_after) unplug_at_ = options.start + *unplug_after;
  if (connected_) {
    ++connections_;
    values_.connected();
  }
  power_on(options.start);
  if (connected_) trigger(Trigger::Kind::connect, options.start);
  plan();
}

void Engine::power_on(Stamp now) {
  powered_ = now;
  listens_from_ = now + device_->boot_time;
  values_.power_on(now);
  transmitter_.power_on(now);
  receiver_.reset();
  if (gatt_) gatt_->power_on(now);
  deferred_.clear();
  for (LiveStream& stream : streams_) {
    stream.base = listens_from_ + stream.spec->offset;
    stream.due = {};
    stream.number = 0;
    schedule(stream);
  }
  for (LiveEvent& event : events_) event.due = now + event.spec->at;
  trigger(Trigger::Kind::boot, now);
}

void Engine::reboot(Stamp now) {
  transmitter_.cut(now);
  if (gatt_ && connected_) end_link(now, "the device ended the link");
  power_on(now);
}

void Engine::schedule(LiveStream& stream) {
  const Stamp planned =
      stream.base + Duration{stream.period * static_cast<Nanoseconds>(stream.number)};
  const Duration jitter = stream.spec->jitter + device_->behaviour.jitter;
  const double draw = jitter.ns > 0 ? 2 * uniform(stream.seed, stream.number) - 1 : 0;
  const Duration moved{std::llround(draw * static_cast<double>(jitter.ns))};
  // Never before the one before it, nor before the device has booted.
  const Stamp soonest = stream.number == 0 ? listens_from_ : stream.due + nanoseconds(1);
  stream.due = std::max(Stamp{planned.ns + moved.ns}, soonest);
  const auto& stop_after = device_->behaviour.stop_after;
  if (stop_after && stream.due > powered_ + *stop_after) stream.due = never;
}

void Engine::plan() {
  next_ = std::min({transmitter_.next_start(), receiver_.pause_ends(), unplug_at_.value_or(never)});
  if (connected_) next_ = std::min(next_, drop_at_);
  if (hung_) return;
  if (gatt_) next_ = std::min(next_, gatt_->next_advertising());
  if (gatt_)
    for (const GattRecordStore& store : gatt_->stores()) next_ = std::min(next_, store.next_due());
  for (const LiveStream& stream : streams_) next_ = std::min(next_, stream.due);
  for (const LiveEvent& event : events_) next_ = std::min(next_, event.due);
  for (const Deferred& deferred : deferred_) next_ = std::min(next_, deferred.due);
}

void Engine::advance(Stamp now) {
  while (next_ <= now && !unplugged_) {
    const Stamp at = next_;
    if (unplug_at_ && *unplug_at_ <= at) {
      unplugged_ = true;
      break;
    }
    if (receiver_.pause_ends() <= at) {
      receiver_.paused();
      if (receiver_.take_malformed() > 0) malformed(at);
    }
    if (connected_ && drop_at_ <= at) end_link(at, "the device ended the link");
    if (!hung_) {
      if (gatt_) run_gatt(at);
      for (LiveEvent& event : events_) {
        if (event.due > at) continue;
        event.due = event.spec->each ? event.due + *event.spec->each : never;
        act(event.spec->actions, nullptr, nullptr, at, at);
      }
      for (std::size_t i = 0; i < deferred_.size();) {
        if (deferred_[i].due > at) {
          ++i;
          continue;
        }
        const Deferred due = std::move(deferred_[i]);
        deferred_.erase(deferred_.begin() + static_cast<std::ptrdiff_t>(i));
        carry_out(*due.action, due.inputs, at);
      }
      for (LiveStream& stream : streams_)
        if (stream.due <= at) run_stream(stream, at);
    }
    transmitter_.advance(at);
    plan();
  }
  latest_ = std::max(latest_, now);
}

void Engine::run_stream(LiveStream& stream, Stamp now) {
  const Stream& spec = *stream.spec;
  if (values_.holds(spec.only_while, now)) {
    for (auto& [id, input] : stream.sources) values_.read(id, now, *input);
    if (gatt_ ? gatt_->is_heard(spec.message, connected_) : connected_)
      emit(now, spec.message, stream.inputs, false);
    else if (spec.store_most > 0)
      store(stream);
  }
  ++stream.number;
  schedule(stream);
}

void Engine::store(LiveStream& stream) {
  const int lost = device_->behaviour.lose_stored_every;
  if (lost > 0 && ++stored_count_ % static_cast<std::uint64_t>(lost) == 0) return;
  FieldInputs inputs = stream.inputs;
  for (const auto& [name, operand] : stream.spec->store_fields) {
    if (operand.kind == Operand::Kind::text)
      inputs[name] = operand.text;
    else
      inputs[name] = operand.number;
  }
  auto frame = device_->protocol->encode(stream.spec->message, inputs);
  if (!frame) {
    if (!trouble_) trouble_ = frame.error();
    return;
  }
  if (stored_.size() >= static_cast<std::size_t>(stream.spec->store_most)) stored_.pop_front();
  stored_.emplace_back(stream.spec->message, std::move(*frame));
}

void Engine::send_stored(Stamp now) {
  Duration gap = milliseconds(10);
  for (const LiveStream& stream : streams_)
    if (stream.spec->store_most > 0) gap = stream.spec->store_gap;
  const Behaviour& behaviour = device_->behaviour;
  const bool faulty = connections_ > 1 || !behaviour.stored_after_loss;
  const auto each = [&](std::size_t place, int every) {
    return faulty && every > 0 && (place + 1) % static_cast<std::size_t>(every) == 0;
  };
  // Of a GATT device those that somebody subscribed to.
  std::deque<std::pair<std::string_view, Bytes>> kept, sent;
  for (auto& one : stored_)
    (!gatt_ || gatt_->is_heard(one.first, connected_) ? sent : kept).push_back(std::move(one));
  stored_ = std::move(kept);
  for (std::size_t i = 1; i < sent.size(); ++i)
    if (each(i, behaviour.swap_stored_every)) std::swap(sent[i], sent[i - 1]);
  Stamp start = now;
  for (std::size_t i = 0; i < sent.size(); ++i)
    for (int times = each(i, behaviour.repeat_stored_every) ? 2 : 1; times > 0; --times) {
      transmit(start, sent[i].first, false, sent[i].second);
      start = start + gap;
    }
}

void Engine::emit(Stamp start, std::string_view message, const FieldInputs& inputs, bool answer) {
  const auto frame = device_->protocol->encode(message, inputs);
  if (frame)
    transmit(start, message, answer, *frame);
  else if (!trouble_)
    trouble_ = fail(frame.error().code, Blame::profile,
                    cat("virtual device ", device_->name, " cannot send ", message, ": ",
                        frame.error().message))
                   .value();
}

void Engine::transmit(Stamp start, std::string_view message, bool answer, ByteView octets) {
  if (hung_ || start < quiet_until_) return;
  if (gatt_) return transmit_events(start, message, answer, octets);
  if (!connected_) return;
  transmitter_.send(start, message, answer, octets);
}

void Engine::malformed(Stamp now) {
  switch (device_->behaviour.malformed) {
    case Malformed::ignored:
      break;
    case Malformed::hang:
      hung_ = true;
      transmitter_.cut(now);
      break;
    case Malformed::reboot:
      reboot(now);
      break;
  }
}

void Engine::connect(Stamp now) {
  advance(now);
  if (connected_ || unplugged_) return;
  if (gatt_ && deaf(now)) return;  // it does not advertise yet, or not any more
  connected_ = true;
  ended_at_.reset();
  ++connections_;
  values_.connected();
  const Behaviour& behaviour = device_->behaviour;
  if (connections_ > 1) {
    quiet_until_ = std::max(quiet_until_, now + behaviour.slow_after_disconnect);
    if (behaviour.silent_after_disconnect) quiet_until_ = never;
  }
  if (const double drops = behaviour.gatt.drops_per_hour; gatt_ && drops > 0) {
    const double mean_s = 3600 / drops;
    drop_at_ = now + nanoseconds(std::llround(1e9 * mean_s *
                                              (0.5 + uniform(mix(seed_, "drops"), connections_))));
  }
  if (gatt_)
    for (GattRecordStore& store : gatt_->stores()) store.link_up(connections_ > 1);
  if (!hung_) {
    trigger(Trigger::Kind::connect, now);
    send_stored(now);
  }
  plan();
}

void Engine::disconnect(Stamp now) {
  advance(now);
  if (!connected_) return;
  transmitter_.clear(now);
  close_port(now);
  plan();
  if (closings_.size() >= most_closings) return;
  closings_.push(observe(now));
}

void Engine::close_port(Stamp) {
  connected_ = false;
  drop_at_ = never;
  receiver_.reset();
  if (gatt_) gatt_->link_down();
}

Stamp Engine::next_due() const {
  if (unplugged_) return connected_ && !told_lost_ ? *unplug_at_ : never;
  if (ended_at_) return *ended_at_;
  if (!connected_ && !(gatt_ && gatt_->scanning())) return never;
  const auto* burst = transmitter_.front();
  return burst ? std::min(burst->due, next_) : next_;
}

void Engine::pump(Stamp now, Ingest& ingest) {
  advance(now);
  while (const auto* burst = transmitter_.front()) {
    if (burst->due > now || (unplugged_ && burst->due > *unplug_at_)) break;
    if (speeds_differ())
      ingest.frame(burst->due, garble(burst->octets));
    else
      ingest.frame(burst->due, burst->octets);
    transmitter_.pop();
  }
  if (unplugged_ && connected_ && !told_lost_) {
    told_lost_ = true;
    ingest.lost(*unplug_at_, "the virtual device was unplugged");
  }
  if (!ended_at_) return;
  ingest.lost(*ended_at_, ended_how_);
  ended_at_.reset();
}

Json Engine::observe(Stamp now) {
  advance(now);
  Json motions = Json::object();
  bool moving = false;
  for (std::size_t id = 0; id < device_->parts.values.size(); ++id) {
    if (values_.spec(id).kind != ValueSpec::Kind::motion) continue;
    const double speed = values_.speed(id, now);
    moving = moving || speed != 0;
    motions.set(values_.spec(id).name, Json::object()
                                           .set("position", std::get<double>(values_.look(id, now)))
                                           .set("speed", speed));
  }
  Json json = Json::object();
  json.set("device", device_->name)
      .set("at_s", (now - powered_).seconds())
      .set("connected", connected_)
      .set("hung", hung_)
      .set("moving", moving)
      .set_if("motions", motions)
      .set("values", values_.observe(now))
      .set("octets_received", received_octets_)
      .set("octets_sent", transmitter_.sent_octets());
  return json;
}

}  // namespace carebench::sim
