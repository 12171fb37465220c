#include "profiles/measuring/dialogue_talk.h"

#include <algorithm>
#include <cmath>

#include "profiles/measuring/listening.h"
#include "profiles/measuring/registers.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_heard = 65536;
constexpr Duration ask_again_after = milliseconds(200);
constexpr double infinity = std::numeric_limits<double>::infinity();

std::string shown(const FieldValue& value) {
  switch (value.kind) {
    case FieldValue::Kind::absent:
      return "no value";
    case FieldValue::Kind::number:
      return value.text.empty() ? number(value.number)
                                : cat(number(value.number), " (", printable(value.text), ")");
    case FieldValue::Kind::octets:
      return to_hex(value.octets);
    default:
      return cat("\"", printable(value.text), "\"");
  }
}

bool equal_numbers(double a, double b) {
  return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
}

}  // namespace

DialogueTalk::DialogueTalk(Context& context, Port& port) : context_(context), port_(port) {
  if (port.protocol() && !port.protocol()->is_register_map()) stream_.emplace(port);
  sent_ = context.now();
}

Result<DialogueOutcome> DialogueTalk::run(const std::vector<Act>& acts) {
  for (const Act& act : acts) {
    const auto wrong = std::visit([this](const auto& what) { return carry_out(what); }, act.what);
    if (!wrong) return tl::unexpected(wrong.error());
    if (!wrong->empty()) {
      outcome_.failed_at = cat(act.label, ": ", *wrong);
      break;
    }
    ++outcome_.done;
    context_.progress(static_cast<double>(outcome_.done) / static_cast<double>(acts.size()));
  }
  return outcome_;
}

Result<bool> DialogueTalk::hear(Stamp deadline) {
  const auto outcome = port_.next(deadline);
  if (!outcome) return tl::unexpected(outcome.error());
  switch (outcome->kind) {
    case Outcome::Kind::frame: {
      // Kept: messages left over in it are asked for after other calls on the lane.
      packet_.assign(outcome->octets.begin(), outcome->octets.end());
      Outcome kept = *outcome;
      kept.octets = packet_;
      if (stream_) stream_->feed(kept);
      outcome_.evidence.extend(outcome->seq);
      if (outcome->stamp >= sent_) heard_.insert(heard_.end(), packet_.begin(), packet_.end());
      if (heard_.size() > 2 * most_heard)
        heard_.erase(heard_.begin(), heard_.end() - static_cast<std::ptrdiff_t>(most_heard));
      return true;
    }
    case Outcome::Kind::lost:
      return link_lost(port_, outcome->text);
    case Outcome::Kind::gap:
      return cut_off();
    default:
      return false;
  }
}

void DialogueTalk::hear_response(Stamp stamp) {
  if (timed_) outcome_.response_times.push_back((stamp - sent_).seconds());
  timed_ = false;
}

void DialogueTalk::miss_response() {
  if (timed_) outcome_.response_times.push_back(infinity);
  timed_ = false;
}

FieldInput DialogueTalk::value_of(const Term& term) const {
  const auto it = saved_.find(term.saved);
  return it == saved_.end() ? term.constant : it->second;
}

std::string DialogueTalk::text_of(const std::vector<TextPart>& parts) const {
  std::string out;
  for (const TextPart& part : parts) {
    const auto it = part.saved ? saved_.find(part.text) : saved_.end();
    if (it == saved_.end())
      out += part.text;
    else if (const auto* value = std::get_if<double>(&it->second))
      out += number(*value);
    else
      out += std::get<std::string>(it->second);
  }
  return out;
}

bool DialogueTalk::fits(const Term& term, const FieldValue& value) const {
  const FieldInput wanted = value_of(term);
  if (const auto* number_wanted = std::get_if<double>(&wanted))
    return value.kind == FieldValue::Kind::number && equal_numbers(value.number, *number_wanted);
  const std::string& text = std::get<std::string>(wanted);
  if (value.kind == FieldValue::Kind::octets) {
    const auto octets = from_hex(text);
    return octets && std::ranges::equal(*octets, value.octets);
  }
  return value.kind != FieldValue::Kind::absent && value.text == text;
}

bool DialogueTalk::holds(const Constraint& constraint, const FieldValue& value) const {
  if (value.kind == FieldValue::Kind::absent) return false;
  const auto fits_one = [&](const Term& term) { return fits(term, value); };
  if (!constraint.equals.empty() &&
      std::none_of(constraint.equals.begin(), constraint.equals.end(), fits_one))
    return false;
  if (std::any_of(constraint.unequal.begin(), constraint.unequal.end(), fits_one)) return false;
  if (constraint.least.empty() && constraint.most.empty()) return true;
  if (value.kind != FieldValue::Kind::number) return false;
  const auto bound = [&](const std::vector<Term>& terms, double none) {
    if (terms.empty()) return none;
    const FieldInput input = value_of(terms.front());
    const auto* given = std::get_if<double>(&input);
    return given ? *given : std::nan("");
  };
  return value.number >= bound(constraint.least, -infinity) &&
         value.number <= bound(constraint.most, infinity);
}

void DialogueTalk::save(const Constraint& constraint, const FieldValue& value) {
  if (constraint.save.empty()) return;
  FieldInput input = std::string(value.text);
  if (value.kind == FieldValue::Kind::number) input = value.number;
  if (value.kind == FieldValue::Kind::octets) input = to_hex(value.octets);
  saved_.insert_or_assign(constraint.save, std::move(input));
}

Result<std::string> DialogueTalk::carry_out(const SendAct& act) {
  Bytes octets = act.octets;
  if (act.message) {
    FieldInputs inputs;
    for (const auto& [name, term] : act.fields) inputs.insert_or_assign(name, value_of(term));
    auto frame = port_.protocol()->encode(act.message->id, inputs);
    if (!frame) return tl::unexpected(frame.error());
    octets = std::move(*frame);
  } else if (octets.empty()) {
    const std::string text = text_of(act.text);
    octets.assign(text.begin(), text.end());
  }
  const auto written = port_.write(octets);
  if (written && written->kind == Outcome::Kind::timed_out) return "the device took no octets";
  if (auto done = done_or_error(port_, written); !done) return tl::unexpected(done.error());
  outcome_.evidence.extend(written->seq);
  sent_ = written->from;
  timed_ = true;
  heard_.clear();
  return "";
}

Result<std::string> DialogueTalk::carry_out(const ExpectMessageAct& act) {
  const Stamp deadline = context_.now() + act.within;
  int came = 0;
  std::string last;
  const auto wanted = [&](const Message& message) {
    if (message.spec != act.message || message.stamp < sent_) return false;
    ++came;
    for (const auto& [field, constraint] : act.where) {
      const FieldValue value = message.value(field);
      if (holds(constraint, value)) continue;
      last = cat(field.field->name, " = ", shown(value));
      return false;
    }
    for (const auto& [field, constraint] : act.where) save(constraint, message.value(field));
    return true;
  };
  Message message;
  while (true) {
    while (stream_->take(message)) {
      if (message.stamp > deadline || !wanted(message)) continue;
      hear_response(message.stamp);
      return "";
    }
    const auto more = hear(deadline);
    if (!more) return tl::unexpected(more.error());
    if (!*more && context_.now() >= deadline) break;
    if (context_.now() > deadline) {
      // What was still queued came too late.
      while (stream_->take(message)) {
      }
      break;
    }
  }
  miss_response();
  if (came == 0) return cat("did not come within ", to_string(act.within));
  return cat("came ", came, " times within ", to_string(act.within), ", the last one with ", last);
}

Result<std::string> DialogueTalk::carry_out(const ExpectOctetsAct& act) {
  const Stamp deadline = context_.now() + act.within;
  Bytes wanted = act.octets;
  if (wanted.empty()) {
    const std::string text = text_of(act.text);
    wanted.assign(text.begin(), text.end());
  }
  Message message;
  while (true) {
    const auto at = std::search(heard_.begin(), heard_.end(), wanted.begin(), wanted.end());
    if (at != heard_.end()) {
      heard_.erase(heard_.begin(), at + static_cast<std::ptrdiff_t>(wanted.size()));
      hear_response(context_.now());
      return "";
    }
    if (context_.now() >= deadline) break;
    while (stream_ && stream_->take(message)) {
    }
    const auto more = hear(deadline);
    if (!more) return tl::unexpected(more.error());
  }
  miss_response();
  return cat("did not come within ", to_string(act.within), "; what came: ",
             heard_.empty() ? "nothing" : printable(as_text(heard_)).substr(0, 200));
}

Result<std::string> DialogueTalk::carry_out(const SilenceAct& act) {
  const Stamp begin = context_.now(), deadline = begin + act.length;
  const auto after = [&](Stamp stamp) { return cat(" after ", to_string(stamp - begin)); };
  Message message;
  timed_ = false;
  while (true) {
    while (stream_ && stream_->take(message))
      if (act.message && message.spec == act.message && message.stamp > begin &&
          message.stamp <= deadline)
        return cat("the message came", after(message.stamp));
    if (context_.now() >= deadline) return "";
    const auto more = hear(deadline);
    if (!more) return tl::unexpected(more.error());
    if (*more && !act.message && context_.now() > begin && context_.now() <= deadline)
      return cat(packet_.size(), " octets came", after(context_.now()), ": ",
                 to_spaced_hex(ByteView(packet_).first(std::min<std::size_t>(packet_.size(), 16))));
  }
}

std::string DialogueTalk::answered(const ModbusAnswer& answer, int exception) {
  outcome_.evidence.extend(answer.first_seq);
  outcome_.evidence.extend(answer.last_seq);
  const bool response = answer.kind == ModbusAnswer::Kind::response;
  const bool refused = answer.kind == ModbusAnswer::Kind::exception;
  outcome_.response_times.push_back(response || refused ? (answer.received - answer.sent).seconds()
                                                        : infinity);
  if (exception > 0 ? refused && answer.exception == exception : response) return "";
  if (exception > 0) return cat(describe(answer), " instead of ", modbus_exception_text(exception));
  return describe(answer);
}

Result<std::string> DialogueTalk::carry_out(const ReadAct& act) {
  const Stamp deadline = context_.now() + act.within;
  while (true) {
    const auto client = port_.modbus();
    if (!client) return tl::unexpected(client.error());
    const auto reading = read_register(**client, *act.reg, act.timeout);
    if (!reading) return tl::unexpected(reading.error());
    const ModbusAnswer& answer = reading->answer;
    if (answer.kind == ModbusAnswer::Kind::lost) return link_lost(port_, answer.problem);
    if (answer.kind == ModbusAnswer::Kind::gap) return cut_off();
    std::string wrong = answered(answer, act.exception);
    if (wrong.empty() && act.exception == 0 && !holds(act.constraint, reading->value))
      wrong = cat("it is ", shown(reading->value),
                  act.within.ns > 0 ? cat(" after ", to_string(act.within)) : "");
    if (wrong.empty()) {
      if (act.exception == 0) save(act.constraint, reading->value);
      return "";
    }
    if (context_.now() + ask_again_after > deadline) return wrong;
    if (auto waited = pass_time(context_, ask_again_after); !waited)
      return tl::unexpected(waited.error());
  }
}

Result<std::string> DialogueTalk::carry_out(const WriteAct& act) {
  const auto client = port_.modbus();
  if (!client) return tl::unexpected(client.error());
  const auto answer = write_register(**client, *act.reg, value_of(act.value), act.timeout);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->kind == ModbusAnswer::Kind::lost) return link_lost(port_, answer->problem);
  if (answer->kind == ModbusAnswer::Kind::gap) return cut_off();
  return answered(*answer, act.exception);
}

Result<std::string> DialogueTalk::carry_out(const WaitAct& act) {
  if (auto waited = pass_time(context_, act.length); !waited) return tl::unexpected(waited.error());
  return "";
}

Result<std::string> DialogueTalk::carry_out(const PromptAct& act) {
  const auto answer = context_.ask(act.prompt);
  if (!answer) return tl::unexpected(answer.error());
  return (*answer)["done"].boolean(false) ? "" : "the operator did not confirm it";
}

}  // namespace carebench
