// Engine: what comes in, who responds, and what they do.
#include <algorithm>

#include "probes/sim/engine.h"
#include "probes/sim/random.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

bool line_fits(std::string_view wanted, std::string_view line) {
  if (wanted.ends_with('*')) {
    wanted.remove_suffix(1);
    return line.starts_with(wanted);
  }
  return line == wanted;
}

// What an operand means for a register: the name of an item stands for its value.
FieldInput constant_of(const RegisterSpec& reg, const Operand& operand) {
  if (operand.kind == Operand::Kind::number) return operand.number;
  for (const CodeName& item : reg.values)
    if (item.name == operand.text) return reg.scaling.value_of(item.code);
  return operand.text;
}

}  // namespace

void Engine::receive(Stamp now, ByteView octets) {
  advance(now);
  received_octets_ += octets.size();
  if (!connected_ || hung_ || unplugged_ || now < listens_from_) return;
  Bytes garbled;
  if (speeds_differ()) {
    garbled = garble(octets);
    octets = garbled;
  }
  // The last octet is heard when the line has brought it.
  const Stamp heard = now + transmitter_.time_of(octets.size());
  receiver_.feed(heard, octets);
  if (const auto frame = receiver_.whole_frame()) {
    take_frame(*frame, now, heard);
    receiver_.drop_frame();
  }
  for (Message message; receiver_.next_message(message);) take_message(message, now, heard);
  for (std::string line; receiver_.next_line(line);) take_line(line, now, heard);
  const auto& responders = device_->parts.responders;
  for (std::size_t i = 0; receiver_.next_pattern(i);)
    if (values_.holds(responders[i].only_while, now))
      act(responders[i].actions, nullptr, nullptr, now, heard);
  if (receiver_.take_malformed() > 0) malformed(now);
  plan();
}

bool Engine::speeds_differ() const {
  return peer_baud_ > 0 && device_->baud > 0 && peer_baud_ != device_->baud;
}

Bytes Engine::garble(ByteView octets) {
  Bytes garbled(octets.begin(), octets.end());
  for (std::uint8_t& octet : garbled)
    octet = static_cast<std::uint8_t>(mix(octet + seed_, garbled_++) >> 56);
  return garbled;
}

void Engine::take_frame(ByteView frame, Stamp now, Stamp heard) {
  const ModbusServer::Served served = modbus_->serve(frame, now);
  if (!served.answer.empty()) transmit(heard + device_->turnaround, "", true, served.answer);
  for (const auto& [reg, value] : served.written) take_written(*reg, value, now);
}

void Engine::take_written(const RegisterSpec& reg, const FieldInput& value, Stamp now) {
  for (const Responder& responder : device_->parts.responders) {
    const Trigger& on = responder.on;
    if (on.kind != Trigger::Kind::write || on.name != reg.name) continue;
    if (on.equals && !same(constant_of(reg, *on.equals), value)) continue;
    if (!values_.holds(responder.only_while, now)) continue;
    return act(responder.actions, nullptr, &value, now, now);
  }
}

bool Engine::fits(const Trigger& trigger, const Message& message) const {
  if (trigger.kind != Trigger::Kind::message || !message.spec || trigger.name != message.spec->id)
    return false;
  return std::all_of(trigger.where.begin(), trigger.where.end(), [&](const auto& term) {
    const auto& [name, wanted] = term;
    const FieldValue value = message.value({message.spec, message.spec->field(name)});
    if (wanted.kind == Operand::Kind::number)
      return value.kind == FieldValue::Kind::number && value.number == wanted.number;
    return value.text == wanted.text;
  });
}

void Engine::take_message(const Message& message, Stamp now, Stamp heard) {
  for (const Responder& responder : device_->parts.responders)
    if (fits(responder.on, message) && values_.holds(responder.only_while, now))
      return act(responder.actions, &message, nullptr, now, heard);
}

void Engine::take_line(std::string_view line, Stamp now, Stamp heard) {
  for (const Responder& responder : device_->parts.responders)
    if (responder.on.kind == Trigger::Kind::line && line_fits(responder.on.text, line) &&
        values_.holds(responder.only_while, now))
      return act(responder.actions, nullptr, nullptr, now, heard);
}

void Engine::trigger(Trigger::Kind kind, Stamp now) {
  for (const Responder& responder : device_->parts.responders)
    if (responder.on.kind == kind && values_.holds(responder.only_while, now))
      act(responder.actions, nullptr, nullptr, now, now);
}

void Engine::act(const std::vector<Action>& actions, const Message* message,
                 const FieldInput* written, Stamp now, Stamp heard) {
  for (const Action& action : actions) {
    const Stamp start = heard + action.after;
    FieldInputs inputs = resolve(action, message, written, now);
    if (action.kind == Action::Kind::send) {
      // What the bench sent may be nothing that can be sent back: no mistake of the device's file.
      const bool echoes =
          std::any_of(action.operands.begin(), action.operands.end(),
                      [](const auto& term) { return term.second.kind == Operand::Kind::field; });
      if (!echoes || device_->protocol->encode(action.message, inputs))
        emit(start, action.message, inputs, true);
    } else if (action.kind == Action::Kind::say && action.pieces) {
      transmit(start, "", true, as_bytes(values_.fill_in(as_text(action.octets), now)));
    } else if (action.kind == Action::Kind::say) {
      transmit(start, "", true, action.octets);
    } else if (action.after.ns > 0 || action.kind == Action::Kind::reboot ||
               action.kind == Action::Kind::disconnect) {
      // A reboot waits for its turn in advance(): nothing that is being answered may vanish.
      deferred_.push_back({start, &action, std::move(inputs)});
    } else {
      carry_out(action, inputs, now);
    }
  }
}

FieldInputs Engine::resolve(const Action& action, const Message* message, const FieldInput* written,
                            Stamp now) {
  FieldInputs inputs;
  for (const auto& [name, operand] : action.operands) {
    FieldInput& input = inputs[name];
    switch (operand.kind) {
      case Operand::Kind::number:
        input = operand.number;
        break;
      case Operand::Kind::text:
        input = operand.text;
        break;
      case Operand::Kind::value:
        values_.read(values_.find(operand.text), now, input);
        break;
      case Operand::Kind::field:
        if (written)
          input = *written;
        else if (message && message->spec)
          input = input_of(message->value({message->spec, message->spec->field(operand.text)}));
        break;
    }
  }
  return inputs;
}

void Engine::carry_out(const Action& action, const FieldInputs& inputs, Stamp now) {
  if (action.kind == Action::Kind::reboot) return reboot(now);
  if (action.kind == Action::Kind::disconnect) return end_link(now, "the device ended the link");
  for (const auto& [name, input] : inputs) {
    const std::size_t id = values_.find(name);
    if (action.kind == Action::Kind::set)
      values_.set(id, input, now);
    else if (const auto* number = std::get_if<double>(&input))
      action.kind == Action::Kind::go ? values_.go(id, *number, now)
                                      : values_.drive(id, *number, now);
  }
}

}  // namespace carebench::sim
