#include "profiles/context.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_notes = 200;  // a broken device must not fill the record

}  // namespace

Context::Context(Setup setup) : setup_(std::move(setup)) {
  for (auto& [role, devices] : setup_.roles)
    for (auto& device : devices)
      ports_[role].push_back(std::make_unique<Port>(*setup_.lane, device, setup_.deadline));
}

bool Context::bound(std::string_view role) const {
  const auto it = ports_.find(role);
  return it != ports_.end() && !it->second.empty();
}

Port& Context::port(std::string_view role) {
  assert(bound(role));
  return *ports_.find(role)->second.front();
}

std::vector<Port*> Context::ports(std::string_view role) {
  std::vector<Port*> list;
  if (bound(role))
    for (auto& port : ports_.find(role)->second) list.push_back(port.get());
  return list;
}

InstrumentData Context::instrument(std::string_view role) const {
  const auto devices = setup_.roles.find(role);
  if (devices == setup_.roles.end() || devices->second.empty()) return {};
  const auto it = setup_.instruments.find(devices->second.front().name);
  return it == setup_.instruments.end() ? InstrumentData{} : it->second;
}

Result<Outcome> Context::sleep(Duration d) {
  const Stamp until = now() + d;
  if (until > setup_.deadline)
    return fail(Errc::not_ready, Blame::profile,
                "the step would wait past its timeout: raise `timeout`");
  return setup_.lane->sleep_until(until);
}

Result<Outcome> Context::next_of(std::span<Port* const> ports, Stamp deadline, std::size_t& who) {
  constexpr std::size_t most = 128;
  assert(ports.size() <= most);
  std::array<ChannelId, most> ids;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (auto ready = ports[i]->listen(); !ready) return tl::unexpected(ready.error());
    ids[i] = ports[i]->channel();
  }
  const std::span<const ChannelId> channels(ids.data(), ports.size());
  if (now() >= setup_.deadline)
    return fail(Errc::not_ready, Blame::profile,
                "the step ran past its timeout: raise `timeout` or shorten what it does");
  auto outcome = setup_.lane->next(channels, std::min(deadline, setup_.deadline));
  if (outcome && (outcome->kind == Outcome::Kind::frame || outcome->kind == Outcome::Kind::lost))
    who = static_cast<std::size_t>(std::find(channels.begin(), channels.end(), outcome->channel) -
                                   channels.begin());
  return outcome;
}

Result<Json> Context::ask(const Prompt& question) {
  Prompt prompt = question;
  if (!setup_.step.empty()) prompt.id = cat(setup_.step, "/", prompt.id);
  auto outcome = setup_.lane->ask(prompt);
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->kind == Outcome::Kind::gap)
    return fail(Errc::interrupted, Blame::bench,
                "the run was cut off while the operator was asked");
  prompts.push_back(
      {{}, prompt.purpose, std::string(outcome->text), outcome->from, outcome->stamp});
  return parse_json(outcome->text, "answer");
}

Result<UncertaintyComponent> Context::wake_up() {
  if (wake_up_) return *wake_up_;
  auto outcome = setup_.lane->measure_wake_up();
  if (!outcome) return tl::unexpected(outcome.error());
  auto noise = parse_json(outcome->text, "noise floor");
  if (!noise) return tl::unexpected(noise.error());
  // Delays are between 0 and about the 95th percentile: a rectangular distribution (JCGM
  // 100 4.3.7).
  wake_up_ =
      half_width({"测试台唤醒延迟", "wake-up delay of the bench"},
                 (*noise)["p95_ns"].number() * 1e-9, *Unit::parse("s"), Distribution::rectangular,
                 cat("measured, P95 of ", (*noise)["n"].integer()));
  return *wake_up_;
}

bool Context::consented(std::string_view what) const {
  const auto& list = setup_.destructive_consent;
  return std::find(list.begin(), list.end(), what) != list.end();
}

void Context::progress(double share) {
  if (setup_.progress) setup_.progress(std::clamp(share, 0.0, 1.0));
}

std::string Context::full_name(std::string_view output) const {
  constexpr std::string_view placeholder = "{quantity}";
  std::string name(output);
  if (const auto at = name.find(placeholder); at != std::string::npos)
    name.replace(at, placeholder.size(), with().text("quantity"));
  return name;
}

void Context::emit(std::string_view output, Measurement measurement) {
  [[maybe_unused]] const auto declared = [&] {
    return std::any_of(setup_.check->outputs.begin(), setup_.check->outputs.end(),
                       [&](const Output& o) { return o.name == output; });
  };
  assert(declared() && "a check emits its declared outputs only");
  measurement.name = full_name(output);
  // An influence of nothing (virtual time, a display without steps) is no line of a budget.
  std::erase_if(measurement.budget, [](const auto& one) { return one.given == 0; });
  if (const auto added = setup_.budgets.find(measurement.name); added != setup_.budgets.end())
    measurement.budget.insert(measurement.budget.end(), added->second.begin(), added->second.end());
  evaluate(measurement, setup_.coverage);
  measurements.push_back(std::move(measurement));
}

void Context::number(std::string_view output, double value, Uncertainty u, std::int64_t samples,
                     SeqRange evidence, std::optional<Interval> interval, std::string note) {
  Unit unit;
  for (const auto& o : setup_.check->outputs)
    if (o.name == output) unit = Unit::parse(o.unit).value_or(Unit());
  quantity(output, value, unit, std::move(u), samples, evidence, std::move(interval),
           std::move(note));
}

void Context::quantity(std::string_view output, double value, Unit unit, Uncertainty u,
                       std::int64_t samples, SeqRange evidence, std::optional<Interval> interval,
                       std::string note) {
  if (u.u > 0)
    u.budget.push_back(standard({"合成标准不确定度", "combined standard uncertainty"}, u.u, unit,
                                cat("check ", setup_.check->id)));
  emit(output, {{},
                Quantity{value, unit},
                std::move(interval),
                samples,
                evidence,
                std::move(note),
                std::move(u.budget)});
}

void Context::used(std::string_view role, double low, double high, Unit unit) {
  uses.push_back({std::string(role), low, high, unit});
}

void Context::truth(std::string_view output, bool value, SeqRange evidence, std::string note) {
  emit(output, {{}, value, {}, 0, evidence, std::move(note)});
}

void Context::text(std::string_view output, std::string value, SeqRange evidence,
                   std::string note) {
  emit(output, {{}, std::move(value), {}, 0, evidence, std::move(note)});
}

void Context::figure(Figure figure) { figures.push_back(std::move(figure)); }

void Context::unseen(std::string_view output, std::string_view why) {
  not_seen.push_back(full_name(output));
  note(cat(not_seen.back(), " could not be seen: ", why));
}

void Context::note(std::string text) {
  if (notes.size() < most_notes) notes.push_back(std::move(text));
  if (notes.size() == most_notes) notes.push_back("further notes of this step are left out");
}

Figure::Series thinned(Text2 name, std::span<const double> x, std::span<const double> y,
                       std::size_t most) {
  Figure::Series series{std::move(name), {}, {}};
  const std::size_t n = std::min(x.size(), y.size());
  const auto keep = [&](std::size_t i) {
    series.x.push_back(x[i]);
    series.y.push_back(y[i]);
  };
  if (n <= most) {
    for (std::size_t i = 0; i < n; ++i) keep(i);
    return series;
  }
  // Each stretch keeps its lowest and highest point, in their order.
  const std::size_t stretches = std::max<std::size_t>(1, most / 2);
  for (std::size_t s = 0; s < stretches; ++s) {
    const std::size_t from = n * s / stretches, to = n * (s + 1) / stretches;
    const auto [low, high] = std::minmax_element(y.begin() + static_cast<std::ptrdiff_t>(from),
                                                 y.begin() + static_cast<std::ptrdiff_t>(to));
    const auto a = static_cast<std::size_t>(std::min(low, high) - y.begin());
    const auto b = static_cast<std::size_t>(std::max(low, high) - y.begin());
    keep(a);
    if (b != a) keep(b);
  }
  return series;
}

}  // namespace carebench
