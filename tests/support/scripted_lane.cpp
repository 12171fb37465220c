#include "tests/support/scripted_lane.h"

#include <algorithm>
#include <cmath>

#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

namespace carebench::test {

void ScriptedLane::frame(Stamp stamp, Bytes octets, ChannelId channel) {
  events_.push_back({Outcome::Kind::frame, stamp, std::move(octets), {}, {}, channel});
}
void ScriptedLane::lost(Stamp stamp, std::string how, ChannelId channel) {
  events_.push_back({Outcome::Kind::lost, stamp, {}, std::move(how), {}, channel});
}
void ScriptedLane::gap(Stamp from, Stamp until) {
  events_.push_back({Outcome::Kind::gap, until, {}, "the run was cut off and resumed", from, 0});
}

Outcome ScriptedLane::outcome(Outcome::Kind kind, Stamp from) {
  Outcome out;
  out.kind = kind;
  out.seq = ++seq_;
  out.stamp = now_;
  out.from = from;
  return out;
}

Result<Outcome> ScriptedLane::perform(ChannelId channel, const Op& op, Duration) {
  Outcome out = outcome(on_perform ? on_perform(channel, op) : Outcome::Kind::done, now_);
  if (on_text) current_.text = on_text(channel, op);
  if (on_text) out.text = current_.text;
  return out;
}

Result<Outcome> ScriptedLane::next(std::span<const ChannelId> channels, Stamp deadline) {
  const auto wanted = [&](const Event& event) {
    return event.kind == Outcome::Kind::gap ||
           std::find(channels.begin(), channels.end(), event.channel) != channels.end();
  };
  const auto it = std::find_if(events_.begin(), events_.end(), wanted);
  // A gap is told of once its time is over, however long that is after the deadline.
  const auto due = [](const Event& event) {
    return event.kind == Outcome::Kind::gap ? event.from : event.stamp;
  };
  if (it == events_.end() || due(*it) > std::max(deadline, now_)) {
    if (deadline == never)
      return fail(Errc::internal, Blame::tool, "the script is over and the check waits on");
    now_ = std::max(now_, deadline);
    return outcome(Outcome::Kind::timed_out, now_);
  }
  current_ = std::move(*it);
  events_.erase(it);
  now_ = std::max(now_, current_.stamp);
  Outcome out = outcome(current_.kind, current_.from);
  out.stamp = current_.stamp;
  out.channel = current_.channel;
  out.octets = current_.octets;
  out.text = current_.text;
  return out;
}

Result<Outcome> ScriptedLane::ask(const Prompt& prompt) {
  asked.push_back(prompt.id);
  current_.text = on_ask ? on_ask(prompt) : "{\"done\": true}";
  Outcome out = outcome(Outcome::Kind::answered, now_);
  out.text = current_.text;
  return out;
}

Result<Outcome> ScriptedLane::measure_wake_up() {
  current_.text = R"({"n": 101, "p50_ns": 0, "p95_ns": 0, "max_ns": 0})";
  Outcome out = outcome(Outcome::Kind::answered, now_);
  out.text = current_.text;
  return out;
}

ScriptedCheck::ScriptedCheck(std::string_view check, std::string_view with,
                             std::string_view protocol, std::string_view reference_protocol) {
  check_ = find_check(check);
  BOOST_REQUIRE(check_ != nullptr);
  auto document = yaml::Document::parse("with", std::string(with));
  BOOST_REQUIRE_MESSAGE(document.has_value(), with);
  document_ = std::move(*document);
  for (const std::string_view name : {protocol, reference_protocol}) {
    if (name.empty()) continue;
    auto loaded = Protocol::load(name);
    BOOST_REQUIRE(loaded.has_value());
    protocols_.push_back(std::move(*loaded));
  }
  Problems found;
  with_ = Params::read(document_->root(), check_->params, found, {});
  const auto role_of = [this](std::string_view role) -> const Protocol* {
    const std::size_t i = role == "test" ? 0 : 1;
    return (role == "test" || role == "reference") && i < protocols_.size() ? protocols_[i].get()
                                                                            : nullptr;
  };
  const StepView view{with_, {"with", 1, 1}, role_of, [&](std::string_view role) {
                        return role_of(role) != nullptr;
                      }};
  if (found.empty() && check_->lint) check_->lint(view, found);
  if (!found.empty()) problems = found.as_error().text();
}

Result<void> ScriptedCheck::run() {
  Context::Setup setup;
  setup.lane = &lane;
  setup.check = check_;
  setup.with = &with_;
  setup.roles["test"].push_back({"dut", false, 0, protocols_[0], "", ""});
  if (protocols_.size() > 1)
    setup.roles["reference"].push_back({"reference", false, 1, protocols_[1], "", ""});
  if (tapped) setup.roles["monitor"].push_back({"tap", false, 1, nullptr, "", ""});
  setup.input_file = [this](std::string_view name) -> Result<std::string> {
    const auto it = files.find(name);
    if (it != files.end()) return it->second;
    return fail(Errc::bad_input, Blame::profile, cat("no file ", name));
  };
  context_ = std::make_unique<Context>(std::move(setup));
  return check_->run(*context_);
}

const Measurement* ScriptedCheck::find(std::string_view output) const {
  for (const Measurement& one : context_->measurements)
    if (one.name == output) return &one;
  return nullptr;
}

double ScriptedCheck::number(std::string_view output) const {
  const Measurement* found = find(output);
  const auto* quantity = found ? std::get_if<Quantity>(&found->value) : nullptr;
  return quantity ? quantity->value : std::nan("");
}

Bytes ScriptedCheck::encode(std::string_view message, const FieldInputs& inputs) const {
  auto frame = protocols_[0]->encode(message, inputs);
  BOOST_REQUIRE_MESSAGE(frame.has_value(), message);
  return *frame;
}

}  // namespace carebench::test
