#include "profiles/measuring/tapped_port.h"

#include <algorithm>
#include <cmath>

#include "profiles/measuring/listening.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr Duration patience = milliseconds(200);  // the tap's packet may be read after the value
constexpr Duration longest_way = seconds(5);      // from the tap to the arrival
constexpr Duration last_wait = seconds(1);        // at the end, for what is on its way
constexpr std::size_t most_seen = 4096, most_sent = 64;
constexpr std::uint8_t notification = 0x1B, indication = 0x1D, notifications = 0x23,
                       write_request = 0x12, write_command = 0x52;

std::uint16_t le16(ByteView octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] | octets[at + 1] << 8);
}

bool same_octets(ByteView a, ByteView b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

ByteView value_of(const Bytes& event) { return ByteView(event).subspan(GattEvent::header); }

bool same_attribute(std::uint16_t told, std::uint16_t seen) { return told == 0 || told == seen; }

std::uint16_t attribute_of(const Bytes& event) { return le16(event, 2); }

}  // namespace

TappedPort::TappedPort(Context& context, Port& port)
    : context_(context),
      port_(port),
      tap_(context.bound("monitor") ? &context.port("monitor") : nullptr) {}

void TappedPort::begin(Stamp at) {
  from_ = at;
  until_.reset();
}

Result<Outcome> TappedPort::next(Stamp deadline) {
  if (!tap_) return port_.next(deadline);
  while (true) {
    if (!held_.empty()) {
      const Held& front = held_.front();
      if (front.matched || after_ || context_.now() >= front.outcome.stamp + patience)
        return hand_out();
    } else if (after_) {
      Outcome lost = *std::exchange(after_, std::nullopt);
      lost.text = after_text_;
      return lost;
    }
    Port* const ports[] = {&port_, tap_};
    std::size_t who = 0;
    const Stamp until = held_.empty() ? deadline : held_.front().outcome.stamp + patience;
    auto outcome = context_.next_of(ports, until, who);
    if (!outcome) return tl::unexpected(outcome.error());
    expire(context_.now());
    switch (outcome->kind) {
      case Outcome::Kind::frame:
        if (who == 1)
          saw(outcome->octets, outcome->stamp);
        else
          hold(*outcome);
        continue;
      case Outcome::Kind::lost:
        if (who == 1) return link_lost(*tap_, outcome->text);
        after_ = *outcome;
        after_text_ = outcome->text;
        continue;
      case Outcome::Kind::gap:
        held_.clear();
        seen_.clear();  // whether it arrived nobody can tell
        return *outcome;
      default:
        if (held_.empty() && context_.now() >= deadline) return *outcome;
    }
  }
}

Outcome TappedPort::hand_out() {
  Held front = std::move(held_.front());
  held_.pop_front();
  shown_ = front.matched;
  if (!front.matched) {
    ++unmatched_;
    if (delay_.n() > 0)
      front.outcome.stamp.ns -= static_cast<Nanoseconds>(std::llround(delay_.mean() * 1e9));
  }
  handed_ = front.outcome.stamp = std::max(front.outcome.stamp, handed_);
  current_ = std::move(front.octets);
  front.outcome.octets = current_;
  return front.outcome;
}

void TappedPort::saw(ByteView packet, Stamp at) {
  reader_.feed(packet);
  for (hci::Event event; reader_.next(event);) {
    if (event.kind != hci::Event::Kind::att || event.octets.size() < 3) continue;
    const ByteView pdu = event.octets;
    if (event.sent) {
      if (pdu[0] != write_request && pdu[0] != write_command) continue;
      if (sent_.size() == most_sent) sent_.pop_front();
      sent_.emplace_back(Link{event.adapter, event.handle}, at);
      continue;
    }
    if (pdu[0] == notification || pdu[0] == indication)
      saw_value(event, le16(pdu, 1), pdu.subspan(3), at);
    if (pdu[0] != notifications) continue;
    for (std::size_t from = 1; from + 4 <= pdu.size();) {
      const std::size_t length = le16(pdu, from + 2);
      if (from + 4 + length > pdu.size()) break;
      saw_value(event, le16(pdu, from), pdu.subspan(from + 4, length), at);
      from += 4 + length;
    }
  }
}

void TappedPort::saw_value(const hci::Event& event, std::uint16_t attribute, ByteView value,
                           Stamp at) {
  Seen seen{{event.adapter, event.handle}, attribute, event.octets[0], false, at, {}};
  seen.called = from_ && at >= *from_ && !(until_ && at > *until_) &&
                (!attributes_ || attributes_->contains(attribute));
  seen.octets.assign(value.begin(), value.end());
  links_[seen.link].passed += seen.called;
  if (seen_.size() >= most_seen) expire(seen_.front().at + longest_way + nanoseconds(1));
  seen_.push_back(std::move(seen));
  for (Held& held : held_)
    if (!held.matched && match(held)) return;
}

void TappedPort::hold(const Outcome& outcome) {
  Held held{outcome, {outcome.octets.begin(), outcome.octets.end()}, false};
  GattEvent event;
  // What is no value is handed on in its turn.
  held.matched = !GattEvent::parse(held.octets, event) || !event.is_value();
  if (!held.matched) match(held);
  held_.push_back(std::move(held));
}

bool TappedPort::match(Held& held) {
  for (auto seen = seen_.rbegin(); seen != seen_.rend(); ++seen) {
    if (seen->at > held.outcome.stamp ||
        !same_attribute(attribute_of(held.octets), seen->attribute) ||
        !same_octets(seen->octets, value_of(held.octets)))
      continue;
    ++links_[seen->link].matched;
    delay_.add((held.outcome.stamp - seen->at).seconds());
    held.outcome.stamp = seen->at;
    held.octets[0] = static_cast<std::uint8_t>(
        seen->opcode == indication ? EventKind::indication : EventKind::notification);
    held.matched = true;
    seen_.erase(std::next(seen).base());
    return true;
  }
  return false;
}

void TappedPort::expire(Stamp now) {
  while (!seen_.empty() && seen_.front().at + longest_way < now) {
    links_[seen_.front().link].unheard += seen_.front().called;
    seen_.pop_front();
  }
}

Result<void> TappedPort::settle() {
  if (!tap_) return {};
  const Stamp until = context_.now() + last_wait;
  const auto awaited = [this] { return std::ranges::any_of(seen_, &Seen::called); };
  // What is on its way to the tap as well first.
  const Stamp soon = context_.now() + patience;
  while (context_.now() < soon || (context_.now() < until && awaited())) {
    auto outcome = next(awaited() ? until : soon);
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->kind == Outcome::Kind::lost) after_ = *outcome;  // still to be told
    if (outcome->kind != Outcome::Kind::frame) break;
  }
  expire(context_.now() + longest_way + longest_way);
  return {};
}

Result<void> TappedPort::begin_whole() {
  if (!tap_) return {};
  if (auto ready = port_.listen(); !ready) return ready;
  begin(context_.now());
  return {};
}

Result<void> TappedPort::end_whole() {
  end(context_.now());
  if (auto settled = settle(); !settled) return settled;
  note();
  if (!tap_ || !sees_it() || unheard() == 0) return {};
  return fail(Errc::lost, Blame::bench,
              cat("the tap saw ", passed(), " values of ", port_.name(), ", and ", unheard(),
                  " of them never arrived: they were lost inside the bench, so nothing is said of "
                  "the device; close other programs that use the adapter, and repeat the step"));
}

std::optional<Stamp> TappedPort::sent_after(Stamp begun) const {
  for (const auto& [link, at] : sent_)
    if (const auto known = links_.find(link);
        at >= begun && known != links_.end() && known->second.matched > 0)
      return at;
  return std::nullopt;
}

std::int64_t TappedPort::passed() const {
  std::int64_t sum = 0;
  for (const auto& [link, tally] : links_) sum += tally.matched > 0 ? tally.passed : 0;
  return sum;
}

std::int64_t TappedPort::unheard() const {
  std::int64_t sum = 0;
  for (const auto& [link, tally] : links_) sum += tally.matched > 0 ? tally.unheard : 0;
  return sum;
}

Result<TimeBudget> TappedPort::budget() {
  if (!tap_ || !sees_it()) return latency_budget(context_, port_);
  if (unmatched_ == 0) return interval_budget(tap_->facts());
  TimeBudget budget = interval_budget(port_.facts());
  budget.fixed.push_back(
      times(standard({"从 HCI 到测试台的路径", "way from the HCI to the bench"}, scatter(),
                     *Unit::parse("s"), cat("measured at the tap, n = ", delay_.n())),
            std::sqrt(2.0)));
  return budget;
}

void TappedPort::note() const {
  if (!tap_) {
    if (port_.facts().transport == "ble")
      context_.note(
          "no tap on the HCI was bound: the way through the kernel and bluetoothd is part of the "
          "times, and how it scatters is not in U");
    return;
  }
  if (!sees_it()) {
    context_.note(
        "the tap showed few of the values that came, or none: it listens to another adapter");
    return;
  }
  context_.note(cat(
      "times by the tap: ", delay_.n(), " values, on their way to the bench for ",
      number(delay_.mean() * 1e3, 4), " ms (standard deviation ", number(scatter() * 1e3, 3),
      " ms)", unmatched_ ? cat("; ", unmatched_, " that it did not see, by their arrival") : ""));
}

}  // namespace carebench
