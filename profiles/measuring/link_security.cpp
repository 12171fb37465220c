#include "profiles/measuring/link_security.h"

namespace carebench {
namespace {

// "passkey entry" -> "passkey_entry", as statuses name it.
std::string method_id(std::string_view method) {
  if (method == "out of band") return "oob";
  std::string id(method);
  for (char& c : id)
    if (c == ' ') c = '_';
  return id;
}

}  // namespace

Result<void> SecurityWatch::begin() {
  if (!context_.bound("monitor")) return {};
  auto flushed = context_.port("monitor").flush();
  if (!flushed) return tl::unexpected(flushed.error());
  return {};
}

Result<std::optional<GattSecurity>> SecurityWatch::end(
    const std::optional<GattSecurity>& told_by_stack) {
  if (!context_.bound("monitor")) return told_by_stack;
  Port& tap = context_.port("monitor");
  hci::MonitorReader reader;
  std::optional<hci::PairingFeatures> request, response;
  bool encrypted = false;
  while (true) {
    auto outcome = tap.next(context_.now());
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->kind != Outcome::Kind::frame) break;
    reader.feed(outcome->octets);
    for (hci::Event event; reader.next(event);) {
      if (event.kind == hci::Event::Kind::pairing_request) request = event.features;
      if (event.kind == hci::Event::Kind::pairing_response) response = event.features;
      if (event.kind == hci::Event::Kind::encryption) encrypted = event.encrypted;
    }
  }
  if (!request || !response) return told_by_stack;
  GattSecurity seen;
  seen.method = method_id(pairing_method(*request, *response));
  seen.key_size = key_size(*request, *response);
  seen.secure_connections = request->secure_connections && response->secure_connections;
  const bool authenticated = seen.method != "just_works";
  seen.level = !encrypted                                        ? 1
               : !authenticated                                  ? 2
               : *seen.secure_connections && seen.key_size == 16 ? 4
                                                                 : 3;
  return seen;
}

}  // namespace carebench
