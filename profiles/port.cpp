#include <algorithm>

#include "profiles/context.h"
#include "standards/vocab/text.h"

namespace carebench {

// A port as the Modbus client sees it; every octet still passes the lane, so it is recorded and
// replayed like any other.
struct Port::Conversation final : ByteConversation {
  Conversation(Lane& lane_used, const BoundDevice& device_used, Stamp deadline)
      : port(lane_used, device_used, deadline) {}
  Result<Outcome> write(ByteView octets, Duration timeout) override {
    return port.write(octets, timeout);
  }
  Result<Outcome> next(Stamp deadline) override { return port.next(deadline); }
  Result<Outcome> flush() override { return port.flush(); }
  Stamp now() const override { return port.now(); }
  Port port;
};

Port::Port(Lane& lane, const BoundDevice& device, Stamp step_deadline)
    : lane_(lane), device_(device), step_deadline_(step_deadline) {}

bool Port::speaks_gatt() const {
  if (device_.is_operator) return false;
  const auto& supports = facts().supports;
  return std::find(supports.begin(), supports.end(), OpKind::subscribe) != supports.end();
}

namespace {

tl::unexpected<Error> past_deadline() {
  return fail(Errc::not_ready, Blame::profile,
              "the step ran past its timeout: raise `timeout` or shorten what it does");
}

}  // namespace

Result<Outcome> Port::perform(const Op& op, Duration timeout) {
  if (device_.is_operator)
    return fail(Errc::unsupported, Blame::profile,
                cat(device_.name, " is an operator, not a device with a link"));
  if (now() >= step_deadline_) return past_deadline();
  if (std::holds_alternative<Connect>(op) || std::holds_alternative<Disconnect>(op))
    listening_ = false;
  // A device that advertises once a second, on a stack that gives up after 40 s.
  if (std::holds_alternative<Connect>(op) && speaks_gatt())
    timeout = std::max(timeout, seconds(45));
  return lane_.perform(device_.channel, op, std::min(timeout, step_deadline_ - now()));
}

Result<Outcome> Port::write(ByteView octets, Duration timeout) {
  if (const Protocol* spoken = protocol(); spoken && spoken->is_gatt())
    return write_attribute(octets, timeout);
  return perform(Write{Bytes(octets.begin(), octets.end())}, timeout);
}

Result<Outcome> Port::next(Stamp deadline) {
  if (auto ready = listen(); !ready) return tl::unexpected(ready.error());
  if (now() >= step_deadline_) return past_deadline();
  auto outcome = lane_.next({&device_.channel, 1}, std::min(deadline, step_deadline_));
  if (outcome && outcome->kind == Outcome::Kind::gap)
    step_deadline_ = step_deadline_ + (outcome->stamp - outcome->from);
  return outcome;
}

Result<Outcome> Port::flush() { return perform(Flush{}); }

Result<ModbusClient*> Port::modbus() {
  if (!modbus_) {
    auto setup = modbus_setup(facts());
    if (!setup)
      return fail(Errc::unsupported, Blame::profile,
                  cat(device_.name, " does not speak Modbus: give its address as modbus:…"));
    conversation_ = std::make_shared<Conversation>(lane_, device_, step_deadline_);
    // An earlier step may have left an answer owed; let it arrive before the first request.
    auto heard = conversation_->flush();
    const Stamp settled = now() + setup->timing.recovery;
    while (heard && now() < settled) {
      heard = conversation_->next(settled);
      if (heard && heard->kind != Outcome::Kind::frame) break;
    }
    if (!heard) return tl::unexpected(heard.error());
    modbus_ = std::make_shared<ModbusClient>(*conversation_, *setup);
  }
  return modbus_.get();
}

MessageStream::MessageStream(Port& port) : port_(port), reader_(*port.protocol()) {}

Result<MessageStream::Heard> MessageStream::next(Stamp deadline) {
  Heard heard;
  while (true) {
    if (reader_.next(heard.message)) {
      heard.kind = Heard::Kind::message;
      return heard;
    }
    auto outcome = port_.next(deadline);
    if (!outcome) return tl::unexpected(outcome.error());
    heard.outcome = *outcome;
    switch (outcome->kind) {
      case Outcome::Kind::frame:
        reader_.feed(outcome->octets, outcome->stamp, outcome->seq);
        continue;
      case Outcome::Kind::lost:
        heard.kind = Heard::Kind::lost;
        return heard;
      case Outcome::Kind::gap:
        reader_.reset();
        heard.kind = Heard::Kind::gap;
        return heard;
      default:
        heard.kind = Heard::Kind::timed_out;
        return heard;
    }
  }
}

void MessageStream::feed(const Outcome& frame) {
  reader_.feed(frame.octets, frame.stamp, frame.seq);
}

bool MessageStream::take(Message& message) { return reader_.next(message); }

}  // namespace carebench
