// Pairing, and the agents of clients that are asked on the way.
#include <algorithm>

#include "probes/gatt/refusal.h"
#include "probes/sim/bluez/stack.h"
#include "standards/vocab/text.h"

namespace carebench::sim::bluez {
namespace {

constexpr const char* device = "org.bluez.Device1";
constexpr Duration pairing_time = seconds(30);  // of one step: Core 5.3, Vol 3, Part H, 3.4
constexpr Duration agent_time = seconds(60);
constexpr Duration answer_time = seconds(30);
constexpr std::string_view failed = "AuthenticationFailed";

// "AuthenticationFailed" -> "Authentication Failed"
std::string words_of(const std::string& error) {
  std::string words;
  for (const char c : error) {
    if (c >= 'A' && c <= 'Z' && !words.empty()) words += ' ';
    words += c;
  }
  return words;
}

}  // namespace

void Stack::pair(const Message& call) {
  // 5.66 tries the bonded device over BR/EDR, where it is not.
  if (is_on("Paired")) return refuse(call, failed, words_of(std::string(failed)));
  if (pairing_) return refuse(call, "InProgress", "In Progress");
  begin_pairing(call.sender, [this, call](const std::string& error) {
    if (error.empty()) return answer(call);
    refuse(call, error, words_of(error));
  });
}

void Stack::cancel_pairing(const Message& call) {
  if (!pairing_) return refuse(call, "DoesNotExist", "Does Not Exist");
  answer(call);
  radio_.interrupt();
  if (pairing_->asked) radio_.begin(PairReply{false, {}}, pairing_time, [](const auto&) {});
  pairing_ended("AuthenticationCanceled");
}

void Stack::begin_pairing(const std::string& client,
                          std::function<void(const std::string& error)> then) {
  pairing_ = Pairing{client, {}, std::move(then)};
  for (const std::string& whose : {client, default_agent_})
    for (const Agent& agent : agents_)
      if (!pairing_->agent && agent.client == whose) pairing_->agent = agent;
  const std::string capability = pairing_->agent ? pairing_->agent->capability : "NoInputNoOutput";
  radio_.begin(Pair{capability}, pairing_time, [this](const auto& come) { pairing_went_on(come); });
}

void Stack::pairing_went_on(const Result<Link::Performed>& come) {
  if (!pairing_) return;
  if (!come || come->kind != Outcome::Kind::done) {
    const bool late = come && come->kind == Outcome::Kind::timed_out;
    pairing_ended(late ? "AuthenticationTimeout" : std::string(failed));
    // The link goes with a pairing that failed.
    if (linked_) radio_.begin(Disconnect{}, answer_time, [this](const auto&) { link_ended(); });
    return;
  }
  const Json json = parse_json(come->text).value_or(Json());
  const std::string& state = json["state"].string();
  const auto passkey = parse_int(json["passkey"].string()).value_or(0);
  const dbus::Value number = dbus::integer('u', passkey);
  if (state == "wants_passkey") {
    ask_agent("RequestPasskey", {}, [this](const Message& answer) {
      PairReply reply{answer.type == Message::Type::reply && answer.signature() == "u", {}};
      if (reply.accept) {
        const std::string digits = std::to_string(answer.body[0].integer());
        reply.passkey = std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits;
      }
      reply_to_device(reply);
    });
  } else if (state == "compare") {
    ask_agent("RequestConfirmation", {number}, [this](const Message& answer) {
      reply_to_device({answer.type == Message::Type::reply, {}});
    });
  } else if (state == "shows_passkey") {
    ask_agent("DisplayPasskey", {number, dbus::integer('q', 0)}, [](const Message&) {});
    reply_to_device({true, {}});
  } else {
    objects_.set(device_, device,
                 {{"Bonded", dbus::boolean(true)}, {"Paired", dbus::boolean(true)}});
    pairing_ended({});
  }
}

void Stack::ask_agent(const std::string& method, dbus::Values arguments,
                      std::function<void(const Message& answer)> then) {
  if (!pairing_->agent) return reply_to_device({false, {}});
  Message call;
  call.destination = pairing_->agent->client;
  call.path = pairing_->agent->path;
  call.interface = "org.bluez.Agent1";
  call.member = method;
  call.body = {dbus::path(device_)};
  call.body.insert(call.body.end(), arguments.begin(), arguments.end());
  pairing_->asked = bus_.call(std::move(call), std::move(then));
  const std::uint32_t asked = pairing_->asked;
  later(agent_time, [this, asked] {
    if (pairing_ && pairing_->asked == asked) reply_to_device({false, {}});
  });
}

void Stack::reply_to_device(const PairReply& reply) {
  if (!pairing_) return;
  pairing_->asked = 0;
  radio_.begin(reply, pairing_time, [this](const auto& come) { pairing_went_on(come); });
}

void Stack::pairing_ended(const std::string& error) {
  if (!pairing_) return;
  const Pairing ended = std::move(*pairing_);
  pairing_.reset();
  if (ended.asked) {
    bus_.forget(ended.asked);
    Message cancel;
    cancel.no_reply = true;
    cancel.destination = ended.agent->client;
    cancel.path = ended.agent->path;
    cancel.interface = "org.bluez.Agent1";
    cancel.member = "Cancel";
    bus_.send(std::move(cancel));
  }
  ended.then(error);
}

// bluetoothd pairs by itself where a device wants security first, and asks again.
bool Stack::elevate(const Message& call, const Link::Performed& come, bool elevated,
                    std::function<void()> again) {
  const auto att = att_error_of(come.text);
  if (come.kind != Outcome::Kind::refused || !att ||
      (*att != att_error::insufficient_authentication &&
       *att != att_error::insufficient_encryption))
    return false;
  if (is_on("Paired") || elevated || pairing_) {
    // A key that does not reach: the stack's own error, and the link goes.
    refuse(call, refusal_text(att_error::unlikely));
    radio_.begin(Disconnect{}, answer_time, [this](const auto&) { link_ended(); });
    return true;
  }
  begin_pairing(call.sender, [this, call, again = std::move(again)](const std::string& error) {
    if (error.empty()) return again();
    refuse(call, refusal_text(att_error::insufficient_authentication));
  });
  return true;
}

}  // namespace carebench::sim::bluez
