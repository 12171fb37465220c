#include "probes/links/ble_pairing.h"

#include <algorithm>

#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

using Performed = Link::Performed;

constexpr std::string_view agent_path = "/org/carebench/agent";
constexpr Duration answer_time = seconds(10);

std::string six_digits(std::int64_t passkey) {
  const std::string digits = std::to_string(passkey);
  return std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits;
}

std::string state(std::string_view name, std::string_view passkey = {}) {
  Json json = Json::object().set("state", name);
  json.set_if("passkey", passkey);
  return json.dump();
}

}  // namespace

dbus::Answer BlePairing::manager(std::string method, dbus::Values arguments) {
  return stack_.bus().call(
      {"/org/bluez", "org.bluez.AgentManager1", std::move(method), std::move(arguments)},
      answer_time);
}

void BlePairing::refuse(std::uint64_t serial) {
  stack_.bus().refuse(serial, "org.bluez.Error.Rejected", "not accepted");
}

Result<Performed> BlePairing::begin(const std::string& capability, Duration timeout,
                                    const std::stop_token& stop) {
  cancel();
  const BleAsking asking{BleAsked::pair, address_, stack_.adapter().name, timeout};
  const auto paired = stack_.bus().call({device_,
                                         std::string(dbus::properties_interface),
                                         "Get",
                                         {dbus::text(device_interface), dbus::text("Paired")},
                                         "v"},
                                        answer_time, stop);
  if (!paired.done()) return come_of(paired, asking);
  // bluetoothd 5.66 would try it over BR/EDR and tell of a failure.
  if (paired.values[0].boolean()) return Performed{Outcome::Kind::done, state("paired")};
  if (!served_) {
    const auto served = stack_.bus().serve_agent(std::string(agent_path));
    if (!served.done()) return come_of(served, asking);
    served_ = true;
  }
  const auto registered =
      manager("RegisterAgent", {dbus::path(agent_path), dbus::text(capability)});
  if (!registered.done()) return come_of(registered, asking);
  pairing_ = stack_.bus().begin({device_, std::string(device_interface), "Pair"});
  return go_on(timeout, stop);
}

Result<Performed> BlePairing::reply(const PairReply& reply, Duration timeout,
                                    const std::stop_token& stop) {
  if (!pairing_)
    return fail(Errc::not_ready, Blame::profile, "no pairing is under way that this could answer");
  const auto digits = [](const std::string& text) {
    return text.size() == 6 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!asked_ && !reply.accept) {  // the user does not type what we show
    (void)stack_.bus().call({device_, std::string(device_interface), "CancelPairing"}, answer_time);
  } else if (asked_ && !reply.accept) {
    refuse(asked_->serial);
  } else if (asked_ && asked_->method == "RequestPasskey") {
    if (!digits(reply.passkey))
      return fail(Errc::bad_input, Blame::profile,
                  cat("\"", printable(reply.passkey), "\" is no passkey: it has six digits"));
    stack_.bus().reply(asked_->serial, {dbus::integer('u', *parse_int(reply.passkey))});
  } else if (asked_) {
    stack_.bus().reply(asked_->serial, {});
  }
  asked_.reset();
  return go_on(timeout, stop);
}

std::optional<std::string> BlePairing::state_of(const dbus::Incoming& call) {
  auto& bus = stack_.bus();
  const bool ours = call.arguments.empty() || call.arguments[0].text() == device_;
  if (!ours || call.method == "RequestPinCode") {
    refuse(call.serial);
  } else if (call.method == "RequestPasskey") {
    asked_ = call;
    return state("wants_passkey");
  } else if (call.method == "RequestConfirmation") {
    asked_ = call;
    return state("compare", six_digits(call.arguments[1].integer()));
  } else {
    bus.reply(call.serial, {});
    if (call.method == "Cancel") asked_.reset();
    // It is called again for every digit that is typed on the device.
    if (call.method == "DisplayPasskey" && call.arguments[2].integer() == 0)
      return state("shows_passkey", six_digits(call.arguments[1].integer()));
  }
  return std::nullopt;
}

Result<Performed> BlePairing::go_on(Duration timeout, const std::stop_token& stop) {
  auto& bus = stack_.bus();
  const Countdown countdown(timeout);
  while (true) {
    const Waited waited = bus.wait(pairing_, countdown, stop, true);
    while (auto call = bus.incoming())
      if (auto stopped_at = state_of(*call))
        return Performed{Outcome::Kind::done, std::move(*stopped_at)};
    if (bus.answered(pairing_)) return finish(bus.end(std::exchange(pairing_, {})), timeout);
    if (waited == Waited::ready) continue;
    cancel();
    if (waited == Waited::stopped) return stopped(cat("pairing ", address_));
    return finish({dbus::Answer::Kind::timed_out}, timeout);
  }
}

Result<Performed> BlePairing::finish(const dbus::Answer& answer, Duration timeout) {
  asked_.reset();
  (void)manager("UnregisterAgent", {dbus::path(agent_path)});
  auto come = come_of(answer, {BleAsked::pair, address_, stack_.adapter().name, timeout});
  if (come && come->kind == Outcome::Kind::done) come->text = state("paired");
  return come;
}

void BlePairing::cancel() {
  if (!pairing_) return;
  if (asked_) refuse(asked_->serial);
  asked_.reset();
  (void)stack_.bus().call({device_, std::string(device_interface), "CancelPairing"}, answer_time);
  (void)stack_.bus().end(std::exchange(pairing_, {}));
  (void)manager("UnregisterAgent", {dbus::path(agent_path)});
}

}  // namespace carebench::links
