#include "profiles/measuring/watching.h"

#include <algorithm>

namespace carebench {

void Watching::add(Port& port, const RegisterSpec* reg) {
  if (reg) {
    const bool known = std::any_of(asked_.begin(), asked_.end(), [&](const Asked& one) {
      return one.port->channel() == port.channel() && one.reg == reg;
    });
    if (!known) asked_.push_back({&port, reg});
    return;
  }
  const bool known = std::any_of(ports_.begin(), ports_.end(),
                                 [&](const Port* one) { return one->channel() == port.channel(); });
  if (known || !port.protocol() || port.protocol()->is_register_map()) return;
  ports_.push_back(&port);
  streams_.push_back(std::make_unique<MessageStream>(port));
}

Result<void> Watching::until(Stamp end, const Take& take, Progress* progress) {
  Stamp due = asked_.empty() ? end : context_.now();
  while (context_.now() < end) {
    if (!asked_.empty() && context_.now() >= due) {
      for (const Asked& one : asked_)
        if (auto done = ask(one, take); !done) return done;
      // The next turn that still lies ahead.
      const Nanoseconds late = context_.now().ns - due.ns;
      due = due + Duration{(late / poll_.ns + 1) * poll_.ns};
    }
    if (auto heard = hear(std::min(end, due), take); !heard) return heard;
    if (progress) progress->at(context_.now());
  }
  return {};
}

Result<void> Watching::hear(Stamp until, const Take& take) {
  std::size_t who = 0;
  const auto outcome = context_.next_of(ports_, until, who);
  if (!outcome) return tl::unexpected(outcome.error());
  switch (outcome->kind) {
    case Outcome::Kind::frame:
      break;
    case Outcome::Kind::lost:
      return link_lost(*ports_[who], outcome->text);
    case Outcome::Kind::gap:
      return cut_off();
    default:
      return {};
  }
  streams_[who]->feed(*outcome);
  Message message;
  while (streams_[who]->take(message))
    take({ports_[who], &message, nullptr, {}, message.stamp, message.first_seq, message.last_seq});
  return {};
}

Result<void> Watching::ask(const Asked& one, const Take& take) {
  const auto client = one.port->modbus();
  if (!client) return tl::unexpected(client.error());
  const auto reading = read_register(**client, *one.reg, timeout_);
  if (!reading) return tl::unexpected(reading.error());
  const ModbusAnswer& answer = reading->answer;
  if (answer.kind == ModbusAnswer::Kind::lost) return link_lost(*one.port, answer.problem);
  if (answer.kind == ModbusAnswer::Kind::gap) return cut_off();
  if (answer.kind == ModbusAnswer::Kind::response)
    take({one.port, nullptr, one.reg, reading->value, answer.received, answer.first_seq,
          answer.last_seq});
  return {};
}

}  // namespace carebench
