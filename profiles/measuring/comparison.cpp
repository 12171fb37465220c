#include "profiles/measuring/comparison.h"

#include <algorithm>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_names = 8;
constexpr std::size_t most_kept = 4'000'000;  // of either side, while a lag is searched for

}  // namespace

PairedComparison::PairedComparison(Context& context, const Setup& setup, Port& device,
                                   const QuantitySource& device_source, Port* reference,
                                   const QuantitySource* reference_source)
    : context_(context),
      setup_(setup),
      device_(Pairing::Side::device, &device, &device_source),
      reference_(Pairing::Side::reference, reference, reference_source),
      pairing_(setup.tolerance),
      coverage_(setup.hold) {
  setup_.budget.reference = &setup_.instrument;
  budget_ = PairBudget(setup_.budget);
  for (Side* side : {&device_, &reference_}) {
    if (!side->port) continue;
    if (side->source->reg) {
      polled_.push_back(side);
      continue;
    }
    side->stream.emplace(*side->port);
    heard_.push_back(side);
    ports_.push_back(side->port);
  }
}

Result<void> PairedComparison::observe(Duration duration) {
  const Stamp begin = context_.now(), end = begin + duration;
  if (!began_) began_ = begin;
  coverage_.open(begin);
  if (auto heard = hear(end, true); !heard) return heard;
  coverage_.close(end);
  observed_ = observed_ + duration;
  return {};
}

Result<void> PairedComparison::settle(Duration duration) {
  if (duration.ns <= 0) return {};
  return hear(context_.now() + duration, false);
}

Result<void> PairedComparison::hear(Stamp end, bool keep) {
  const Stamp begin = context_.now();
  keep_from_ = keep ? begin : never;
  keep_until_ = end;
  Progress progress(context_, Stamp{begin.ns - observed_.ns}, setup_.total);
  Stamp due = polled_.empty() ? end : begin;
  while (context_.now() < end) {
    if (!polled_.empty() && context_.now() >= due) {
      for (Side* side : polled_)
        if (auto asked = poll(*side); !asked) return asked;
      // The next turn that still lies ahead.
      const Nanoseconds late = context_.now().ns - due.ns;
      due = due + Duration{(late / setup_.poll.ns + 1) * setup_.poll.ns};
    }
    const Stamp until = std::min(end, due);
    std::size_t who = 0;
    const auto outcome =
        ports_.size() == 1 ? ports_.front()->next(until) : context_.next_of(ports_, until, who);
    if (!outcome) return tl::unexpected(outcome.error());
    switch (outcome->kind) {
      case Outcome::Kind::frame:
        if (!held_.empty()) release(outcome->stamp);
        if (auto taken = take_outcome(*outcome, *heard_[who]); !taken) return taken;
        if (keep) progress.at(outcome->stamp);
        break;
      case Outcome::Kind::lost:
        return link_lost(*ports_[who], outcome->text);
      case Outcome::Kind::gap:
        return cut_off();
      default:
        release(context_.now());
    }
  }
  release(never);
  return {};
}

Result<void> PairedComparison::take_outcome(const Outcome& outcome, Side& side) {
  side.stream->feed(outcome);
  Message message;
  while (side.stream->take(message))
    if (message.spec == side.source->field.message)
      take(side, message.stamp, message.value(side.source->field), message.first_seq,
           message.last_seq);
  return {};
}

Result<void> PairedComparison::poll(Side& side) {
  const auto client = side.port->modbus();
  if (!client) return tl::unexpected(client.error());
  const auto reading = read_register(**client, *side.source->reg, setup_.timeout);
  if (!reading) return tl::unexpected(reading.error());
  const ModbusAnswer& answer = reading->answer;
  if (answer.kind == ModbusAnswer::Kind::lost) return link_lost(*side.port, answer.problem);
  if (answer.kind == ModbusAnswer::Kind::gap) return cut_off();
  if (answer.kind != ModbusAnswer::Kind::response) return {};
  const bool kept = answer.received >= keep_from_ && answer.received < keep_until_;
  const auto value = side.source->number(reading->value);
  if (kept && !value) count_special(side, reading->value.text);
  if (kept) {
    evidence_.extend(answer.first_seq);
    evidence_.extend(answer.last_seq);
  }
  held_.push_back({&side, answer.received, value});
  return {};
}

void PairedComparison::release(Stamp until) {
  std::size_t released = 0;
  while (released < held_.size() && held_[released].stamp <= until) {
    const Held& one = held_[released++];
    put(*one.side, one.stamp, one.value);
  }
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(released));
}

void PairedComparison::count_special(Side& side, std::string_view name) {
  ++side.special;
  for (auto& [known, count] : side.names)
    if (known == name) {
      ++count;
      return;
    }
  // Names are the protocol's own and outlive the step.
  if (side.names.size() < most_names) side.names.emplace_back(name, 1);
}

void PairedComparison::take(Side& side, Stamp stamp, const FieldValue& value, std::uint64_t first,
                            std::uint64_t last) {
  const auto number = side.source->number(value);
  if (stamp >= keep_from_ && stamp < keep_until_) {
    if (evidence_.first == 0) evidence_.first = first;
    evidence_.last = std::max(evidence_.last, last);
    if (!number)
      count_special(side, value.kind == FieldValue::Kind::special ? value.text : "no value");
  }
  put(side, stamp, number);
}

void PairedComparison::put(Side& side, Stamp stamp, std::optional<double> value) {
  if (side.side == Pairing::Side::device) coverage_.reading(stamp, value.has_value());
  if (stamp < keep_from_ || stamp >= keep_until_) return;
  if (!value || stamp.ns - side.last.ns > setup_.hold.ns) side.curve.hole();
  side.last = stamp;
  if (!value) return;
  ++side.valid;
  if (side.side == Pairing::Side::device) mark_gap(side.last_valid.value_or(*began_), stamp);
  side.last_valid = stamp;
  side.curve.add((stamp - *began_).seconds(), *value);
  if (!level_) return pair(side.side, stamp, *value);
  if (side.side == Pairing::Side::device) add({stamp, stamp, *value, *level_});
}

void PairedComparison::mark_gap(Stamp from, Stamp to) {
  constexpr std::size_t most_gaps = 200;
  if (to - from <= setup_.hold || gaps_.size() == most_gaps) return;
  gaps_.push_back({(from - *began_).seconds(), (to - *began_).seconds()});
}

void PairedComparison::pair(Pairing::Side side, Stamp stamp, double value) {
  while (next_in_file_ < file_.size()) {
    const TimedValue& one = file_[next_in_file_];
    const Stamp at = *began_ + from_seconds(one.time_s);
    if (at > stamp) break;
    ++next_in_file_;
    reference_reading(at, one.value);
  }
  pair_in_order(side, stamp, value);
}

void PairedComparison::pair_in_order(Pairing::Side side, Stamp stamp, double value) {
  if (setup_.lag_search.ns > 0) {
    auto& kept = kept_[static_cast<std::size_t>(side)];
    if (kept.size() < most_kept) kept.push_back({stamp, value});
    return;
  }
  if (const auto settled = pairing_.add(side, stamp, value)) add(*settled);
}

// The reference as it showed becomes the true value, as far as its certificate knows.
void PairedComparison::add(ReadingPair pair) {
  lowest_ = std::min(lowest_, pair.reference);
  highest_ = std::max(highest_, pair.reference);
  const double shown = pair.reference;
  pair.reference = setup_.instrument.corrected(shown);
  ++pairs_;
  agreement_.add(pair);
  budget_.add({pair.device_at, pair.reference_at, pair.device, shown},
              pair.device - pair.reference);
}

void PairedComparison::pair_with_best_lag() {
  const auto &device = kept_[0], &reference = kept_[1];
  lag_ = search_lag(device, reference, setup_.tolerance, setup_.lag_search);
  pair_with_lag(device, reference, setup_.tolerance, lag_->lag,
                [&](const ReadingPair& pair) { add(pair); });
  const auto shown = [](double value) { return number(value, 4); };
  context_.note(cat("the device's readings are taken ", shown(lag_->lag.seconds()),
                    " s back before they are paired: of all lags within ",
                    to_string(setup_.lag_search), " the deviations scatter least there, s ",
                    shown(lag_->sd), " in place of ", shown(lag_->sd_without), " without a lag"));
  if (lag_->at_the_edge)
    context_.note("the lag lies at the end of what was searched: the true one may lie beyond");
  for (const auto& kept : kept_)
    if (kept.size() == most_kept)
      context_.note(cat("more than ", most_kept,
                        " readings: the rest is not paired while a lag is searched for"));
}

void PairedComparison::reference_reading(Stamp stamp, double value) {
  ++reference_.valid;
  reference_.curve.add((stamp - began_.value_or(stamp)).seconds(), value);
  pair_in_order(Pairing::Side::reference, stamp, value);
}

void PairedComparison::end_of_level(std::string_view heading, Unit unit) {
  while (next_in_file_ < file_.size()) {
    const TimedValue& one = file_[next_in_file_++];
    reference_reading(*began_ + from_seconds(one.time_s), one.value);
  }
  if (setup_.lag_search.ns > 0)
    pair_with_best_lag();
  else if (const auto settled = pairing_.finish())
    add(*settled);
  budget_.forget();
  if (!heading.empty()) agreement_.end_of_level(context_, heading, unit);
}

void PairedComparison::add_notes() {
  const auto specials = [&](const Side& side, std::string_view whose) {
    if (side.special == 0) return;
    std::string text =
        cat(whose, ": ", side.special, " readings were no numbers and are excluded:");
    for (const auto& [name, count] : side.names)
      text += cat(" ", name.empty() ? "no value" : name, " (", count, ")");
    context_.note(std::move(text));
  };
  specials(device_, "device");
  specials(reference_, "reference");
  if (level_) return;
  context_.note(cat("readings are paired where each is the other's nearest in time, at most ",
                    to_string(setup_.tolerance), " apart; each is used once"));
  context_.note(cat("without a partner: ", device_.valid - pairs_, " of ", device_.valid,
                    " readings of the device, ", reference_.valid - pairs_, " of ",
                    reference_.valid, " of the reference"));
}

void PairedComparison::draw(Text2 title, Unit unit) {
  if (device_.curve.points() == 0) return;
  mark_gap(*device_.last_valid, keep_until_);
  Figure figure;
  figure.kind = "series";
  figure.title = std::move(title);
  figure.x_label = {"时间", "time"};
  figure.x_unit = "s";
  figure.y_unit = unit.code();
  figure.series.push_back(device_.curve.series({"被测设备", "device"}));
  if (reference_.curve.points() > 0)
    figure.series.push_back(reference_.curve.series({"参考", "reference"}));
  figure.gaps = gaps_;
  figure.note = device_.curve.note();
  context_.figure(std::move(figure));
}

}  // namespace carebench
