#include "profiles/measuring/gatt_stranger.h"

#include "probes/gatt/refusal.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

using Tried = GattStranger::Tried;

constexpr int most_tries = 3;
constexpr Duration patience = seconds(35);  // an ATT transaction takes 30 s at most
constexpr std::string_view complied =
    "the device asks for pairing as soon as it is connected, and the bench's stack complies: what "
    "it gives to somebody who does not could not be seen";

// What a refusal says of security; undecided: nothing. bluetoothd tells of "unlikely" where it
// tried to raise the security and the device did not let it, and a device may mean it.
Tried::Kind refusal_of(std::string_view text) {
  const auto att = att_error_of(text);
  if (!att || att == att_error::attribute_not_found || att == att_error::unlikely)
    return Tried::Kind::undecided;
  return wants_security(*att) ? Tried::Kind::withheld : Tried::Kind::refused;
}

}  // namespace

Result<bool> GattStranger::paired() {
  auto status = session_.status();
  if (!status) return tl::unexpected(status.error());
  return status->paired || status->bonded;
}

// Both halves, where the operator deletes the device's.
Result<void> GattStranger::forget() {
  if (auto gone = session_.forget(); !gone) return gone;
  if (!bond_left_ || !unbond_) return {};
  Prompt prompt;
  prompt.id = cat("unbond/", session_.port().name());
  prompt.purpose =
      "使检测台对设备重新成为陌生方 / the bench is to be a stranger to the device again";
  prompt.steps =
      cat("删除 ", session_.port().name(),
          " 上的全部配对记录 / delete all bonds (paired devices) on ", session_.port().name());
  const auto answer = context_.ask(prompt);
  if (!answer) return tl::unexpected(answer.error());
  if (!(*answer)["done"].boolean()) return {};
  bond_left_ = false;
  why_known_.clear();
  return {};
}

Result<bool> GattStranger::meet() {
  met_ = false;
  if (!begun_) {
    begun_ = true;
    const auto known = paired();
    if (!known) return known;
    bond_left_ = *known;
    if (*known) why_known_ = "the bench held a bond with the device when the step began";
  }
  if (auto gone = forget(); !gone) return tl::unexpected(gone.error());
  auto found = session_.discover();
  if (!found || !*found) return found;
  const auto alone = unpaired();
  if (!alone) return alone;
  pairs_at_once_ = !*alone;
  if (pairs_at_once_) why_known_ = complied;
  met_ = true;
  return true;
}

Result<bool> GattStranger::unpaired() {
  const auto known = paired();
  if (!known) return known;
  if (!*known) return true;
  met_ = false;
  bond_left_ = true;
  why_known_ =
      "the bench's stack paired by itself (Just Works), and the device may hold that bond: delete "
      "it there before the next step";
  return false;
}

Result<Tried> GattStranger::attempt(const Op& op) {
  Tried tried;
  int pairings = 0, refusals = 0;
  for (int i = 0; i < most_tries; ++i) {
    if (!met_) {
      const auto met = meet();
      if (!met) return tl::unexpected(met.error());
      if (!*met) tried.why = session_.why();
      if (!*met) continue;
    }
    if (pairs_at_once_) {
      tried.why = complied;
      return tried;
    }
    const auto outcome = session_.port().perform(op, patience);
    if (!outcome) return tl::unexpected(outcome.error());
    tried.evidence.extend(outcome->seq);
    tried.why = outcome->text.empty() ? "no answer in time" : outcome->text;
    if (outcome->kind == Outcome::Kind::done) {
      tried.value.assign(outcome->octets.begin(), outcome->octets.end());
      const auto alone = unpaired();
      if (!alone) return tl::unexpected(alone.error());
      if (*alone || ++pairings == 2) {
        tried.kind = *alone ? Tried::Kind::given : Tried::Kind::withheld;
        tried.why = *alone ? "" : "given only after pairing";
        return tried;
      }
      continue;
    }
    if (outcome->kind == Outcome::Kind::refused) {
      tried.kind = refusal_of(outcome->text);
      if (tried.kind != Tried::Kind::undecided) return tried;
      // Once more on a new link: what is refused twice, or after a pairing, is not given.
      if (++refusals + pairings == 2) {
        tried.kind = Tried::Kind::withheld;
        return tried;
      }
    }
    met_ = false;  // lost, or silent for so long that nothing more goes over this link
  }
  return tried;
}

}  // namespace carebench
