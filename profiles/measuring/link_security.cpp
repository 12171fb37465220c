#include "profiles/measuring/link_security.h"

#include <algorithm>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

// The stack may tell of the end of a pairing before the reader of the tap has seen it.
constexpr Duration lateness = milliseconds(500);

// "passkey entry" -> "passkey_entry", as statuses name it.
std::string method_id(std::string_view method) {
  if (method == "out of band") return "oob";
  std::string id(method);
  std::ranges::replace(id, ' ', '_');
  return id;
}

GattSecurity agreed(const hci::PairingFeatures& request, const hci::PairingFeatures& response,
                    bool encrypted) {
  GattSecurity security;
  security.method = method_id(hci::pairing_method(request, response));
  security.key_size = hci::key_size(request, response);
  security.secure_connections = request.secure_connections && response.secure_connections;
  const bool authenticated = security.method != "just_works";
  security.level = !encrypted                                                ? 1
                   : !authenticated                                          ? 2
                   : *security.secure_connections && security.key_size == 16 ? 4
                                                                             : 3;
  return security;
}

}  // namespace

SecurityTrace::Talk& SecurityTrace::talk(const hci::Event& event) {
  for (auto it = talks_.rbegin(); it != talks_.rend(); ++it)
    if (it->open && it->adapter == event.adapter && it->handle == event.handle) {
      if (event.kind != hci::Event::Kind::connected) return *it;
      it->open = false;  // its end was not seen
      break;
    }
  if (talks_.size() == most_talks) talks_.erase(talks_.begin());
  talks_.push_back({event.adapter, event.handle, event.address, true, false, {}, {}});
  return talks_.back();
}

void SecurityTrace::feed(ByteView packet) {
  using Kind = hci::Event::Kind;
  reader_.feed(packet);
  for (hci::Event event; reader_.next(event);) {
    if (event.kind == Kind::advertising) continue;
    Talk& of = talk(event);
    switch (event.kind) {
      case Kind::disconnected:
        of.open = false;
        break;
      case Kind::encryption:
        of.encrypted = event.encrypted;
        break;
      case Kind::pairing_request:
        of.request = event.features;
        of.response.reset();
        break;
      case Kind::pairing_response:
        of.response = event.features;
        break;
      case Kind::pairing_failed:
        of.request.reset();
        of.response.reset();
        break;
      default:
        break;
    }
  }
}

SeenSecurity SecurityTrace::seen(std::string_view address) const {
  const auto is_asked = [&](const Talk& one) { return hci::to_text(one.address) == address; };
  const Talk* found = nullptr;
  for (const Talk& one : talks_)
    if (is_asked(one)) found = &one;
  SeenSecurity seen;
  if (!found || !found->secured()) {
    const auto secured = std::ranges::count_if(talks_, &Talk::secured);
    if (secured > 1) {
      seen.why = "the tap saw several devices being secured, and none of them by this address";
      return seen;
    }
    for (const Talk& one : talks_)
      if (one.secured()) found = &one;
  }
  if (!found) {
    seen.why = "the tap saw no link with this device: is it bound to the right adapter?";
    return seen;
  }
  if (found->open) seen.encrypted = found->encrypted;
  if (found->request && found->response)
    seen.security = agreed(*found->request, *found->response, found->encrypted);
  else
    seen.why = "the tap saw no pairing on this link";
  return seen;
}

Result<void> SecurityWatch::begin() {
  if (!context_.bound("monitor")) return {};
  auto flushed = context_.port("monitor").flush();
  if (!flushed) return tl::unexpected(flushed.error());
  return {};
}

Result<SeenSecurity> SecurityWatch::end(const GattStatus& told_by_stack) {
  if (!context_.bound("monitor")) {
    SeenSecurity told{told_by_stack.security, {}, ""};
    if (told.security) told.encrypted = told.security->level > 1;
    if (!told.security)
      told.why =
          "the stack does not tell them, and no tap was given (hci:hci0, which wants CAP_NET_RAW)";
    return told;
  }
  Port& tap = context_.port("monitor");
  SecurityTrace trace;
  std::string missed;
  const Stamp until = context_.now() + lateness;
  while (true) {
    auto outcome = tap.next(until);
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->kind == Outcome::Kind::frame) {
      trace.feed(outcome->octets);
      continue;
    }
    if (outcome->kind == Outcome::Kind::gap) {
      missed = "the tap was not listened to all the time";
      continue;
    }
    if (outcome->kind == Outcome::Kind::lost) missed = cat("the tap was lost: ", outcome->text);
    break;
  }
  SeenSecurity seen = trace.seen(told_by_stack.address);
  if (!missed.empty() && !seen.security) seen.why = missed;
  if (!seen.security) seen.security = told_by_stack.security;
  return seen;
}

}  // namespace carebench
