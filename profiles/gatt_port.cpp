// A port to a GATT device: connected, paired and subscribed before it is heard, and written to by
// attribute. Every operation passes the lane, so a replay does the same.
#include <algorithm>

#include "profiles/context.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr Duration connect_timeout = seconds(45);  // BlueZ itself gives up after 40 s

// What the operator has to do in one state of the dialogue; no prompt: nothing.
std::optional<Prompt> prompt_of(const Json& state, const std::string& device) {
  const std::string kind = state["state"].string();
  const std::string passkey = state["passkey"].string();
  Prompt prompt;
  prompt.id = cat("pairing/", device);
  prompt.purpose = cat("与 ", device, " 配对 / pair ", device);
  if (kind == "wants_passkey") {
    prompt.kind = Prompt::Kind::text;
    prompt.steps =
        "读取设备显示的六位数字并输入 / read the six digits that the device shows, and type them";
  } else if (kind == "shows_passkey") {
    prompt.steps = cat("在设备上输入 ", passkey, " / type ", passkey, " on the device");
  } else if (kind == "compare") {
    prompt.steps = cat("比较：设备显示的是 ", passkey,
                       " 吗？在设备上也要确认 / compare: does the device show ", passkey,
                       "? accept it there, too");
  } else {
    return std::nullopt;
  }
  return prompt;
}

}  // namespace

Result<Outcome> Port::pair(std::string_view capability, Duration timeout) {
  auto outcome = perform(Pair{std::string(capability)}, timeout);
  while (outcome && outcome->kind == Outcome::Kind::done) {
    const auto state = parse_json(outcome->text, "pairing");
    if (!state) return tl::unexpected(state.error());
    const auto prompt = prompt_of(*state, name());
    if (!prompt) break;
    auto answered = lane_.ask(*prompt);
    if (!answered) return answered;
    const auto answer = parse_json(answered->text, "answer");
    if (!answer) return tl::unexpected(answer.error());
    PairReply reply;
    reply.accept = answer->has("text") || (*answer)["done"].boolean();
    reply.passkey = (*answer)["text"].string();
    outcome = perform(reply, timeout);
  }
  return outcome;
}

Result<void> Port::listen() {
  if (listening_) return {};
  listening_ = true;
  const Protocol* spoken = protocol();
  if (device_.is_operator || !spoken || !spoken->is_gatt()) return {};
  const auto refused = [&](std::string_view what, const Outcome& outcome) {
    return fail(Errc::not_ready, Blame::profile,
                cat(name(), " refused to ", what, ": ", outcome.text,
                    "; where it wants pairing, say so in the profile: ble: {pair: CAPABILITY}"));
  };
  bool connected = false;
  // What is connected does not advertise: an earlier step may have read something by hand.
  if (std::ranges::all_of(spoken->gatt, &GattUse::advertised)) {
    auto left = perform(Disconnect{});
    listening_ = true;
    if (!left) return tl::unexpected(left.error());
  }
  for (const GattUse& use : spoken->gatt) {
    if (use.advertised) {
      auto scanning = perform(Scan{true});
      if (!scanning) return tl::unexpected(scanning.error());
      continue;
    }
    if (!connected) {
      auto outcome = perform(Connect{}, connect_timeout);
      listening_ = true;
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind != Outcome::Kind::done) return {};
      connected = true;
      if (!device_.gatt.pair.empty()) {
        outcome = pair(device_.gatt.pair);
        if (!outcome) return tl::unexpected(outcome.error());
        if (outcome->kind != Outcome::Kind::done) return refused("pair", *outcome);
      }
    }
    auto outcome = perform(Subscribe{use.attribute.text(), device_.gatt.notify}, seconds(35));
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->kind == Outcome::Kind::refused && !use.optional)
      return refused(cat("notify ", use.attribute.text()), *outcome);
  }
  return {};
}

// Octets as the protocol encodes them; it knows where they go.
Result<Outcome> Port::write_attribute(ByteView octets, Duration timeout) {
  if (auto ready = listen(); !ready) return tl::unexpected(ready.error());
  const auto target = protocol()->gatt_target(octets);
  if (!target)
    return fail(Errc::unsupported, Blame::profile,
                cat("these octets name no attribute of ", name(), " to be written to"));
  WriteValue write;
  write.attribute = target->attribute.text();
  write.mode = target->with_response ? WriteValue::Mode::request : WriteValue::Mode::command;
  write.octets.assign(target->value.begin(), target->value.end());
  return perform(write, timeout);
}

}  // namespace carebench
