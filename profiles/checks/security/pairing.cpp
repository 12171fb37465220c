// How well is a GATT device's link protected once it is paired, and does it hold its bond
// (SEC-BLE-05, -06)? First the bench tries what an attacker would: it pairs as a stranger, with no
// input and no output. Then it pairs with the input and output capability that the profile names,
// and tells the level, the method and the key that came of it: as a tap on the HCI (role `monitor`)
// saw them, or as the stack tells them. It connects again, to see whether the bond holds; and it
// pairs as a stranger once more, over the bond that the device still holds.
//
// Leave the device alone meanwhile: whether it is always open for pairing shows in the stranger's
// attempt. One that pairs only in a mode that its user opens has two steps: `pair: false` before
// the mode is opened, `stranger: false` after. A bond that an earlier step left on the device is
// not seen from here; put this step before those that pair, or delete the bond on the device.
//
// What BlueZ cannot be made to do over D-Bus is not done: to offer legacy pairing only, or a key of
// 7 octets. What the device agreed to with a bench that offers the best is told.
//
// Level: of LE security mode 1 (Bluetooth Core 5.3, Vol 3, Part C, 10.2.1): 1 none, 2 encrypted, 3
// authenticated, 4 authenticated with LE Secure Connections and a key of 16 octets.
#include <algorithm>
#include <array>
#include <optional>

#include "profiles/measuring/gatt_session.h"
#include "profiles/measuring/link_security.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "device under test"},
    {"monitor", false, false, "a tap on the HCI (hci:hci0), which sees how it was paired"},
};

constexpr OpKind needs[] = {OpKind::pair, OpKind::unpair};

constexpr std::string_view no_abilities = "NoInputNoOutput";
constexpr std::array<std::string_view, 5> capabilities = {
    no_abilities, "DisplayOnly", "DisplayYesNo", "KeyboardOnly", "KeyboardDisplay"};

constexpr ParamSpec params[] = {
    {"capability", ParamKind::text, false, "KeyboardDisplay",
     "of the bench: NoInputNoOutput, DisplayOnly, DisplayYesNo, KeyboardOnly, KeyboardDisplay"},
    {"timeout", ParamKind::duration, false, "60 s", "how long pairing may take"},
    {"pair", ParamKind::boolean, false, "true", "pair with that capability"},
    {"bonded_again", ParamKind::boolean, false, "true",
     "also pair as a stranger over the bond that the device holds"},
    {"stranger", ParamKind::boolean, false, "true",
     "also pair as a stranger, with no input and no output, before anything else"},
};

constexpr Output outputs[] = {
    {"paired", OutputKind::truth, "", "pairing came about", true},
    {"level", OutputKind::number, "1", "level of LE security mode 1 after pairing", {}},
    {"key_size", OutputKind::number, "1", "octets of the encryption key that were agreed", {}},
    {"secure_connections", OutputKind::truth, "", "LE Secure Connections were used", true},
    {"method",
     OutputKind::text,
     "",
     "just_works, passkey_entry, numeric_comparison or oob: how it was paired",
     {}},
    {"bond_kept", OutputKind::truth, "", "the bond serves the next connection, too", true},
    {"refuses_just_works", OutputKind::truth, "",
     "pairing without input and output does not come about, though the device can be reached",
     true},
    {"refuses_pairing_over_bond", OutputKind::truth, "",
     "a stranger with the address of a bonded bench cannot pair anew without the user", true},
};

class Pairing {
 public:
  explicit Pairing(Context& context)
      : context_(context), session_(context.port("test")), watch_(context) {}

  Result<void> run() {
    if (auto told = tell_old_bond(); !told) return told;
    std::optional<Came> easily;
    if (context_.with().boolean("stranger")) {
      auto came = pair_as_stranger(no_abilities);
      if (!came) return tl::unexpected(came.error());
      easily = *came;
      if (easily == Came::about) {
        auto seen = look();
        if (!seen) return tl::unexpected(seen.error());
        got_ = *seen;
        device_bonded_ = true;
      }
      emit_refusal("refuses_just_works", *came);
    }
    if (context_.with().boolean("pair"))
      if (auto paired = pair_for_use(easily); !paired) return paired;
    if (device_bonded_)
      context_.note(
          "the device holds a bond of this step: delete it there where a later step is to "
          "meet it as a stranger, or cannot reach it");
    return session_.disconnect();
  }

 private:
  enum class Came { about, refused, unknown };

  Result<void> tell_old_bond() {
    auto status = session_.status();
    if (!status) return tl::unexpected(status.error());
    if (status->bonded)
      context_.note(
          "the bench held a bond with the device when the step began, and the device may "
          "still hold its half: it may be stricter, or laxer, than with a stranger");
    return {};
  }

  // A device that holds a bond may drop the link of a bench that comes without it; twice, for a
  // link may also drop by chance. One that is not there is neither.
  Result<bool> there(bool bonded) {
    for (int tries = 0; tries < 2; ++tries) {
      auto connected = session_.connect();
      if (!connected) return connected;
      why_ = *connected ? "" : session_.why();
      if (*connected) return true;
      if (!bonded || session_.missed() != Outcome::Kind::lost) return false;
    }
    return true;
  }

  Result<Came> pair_as_stranger(std::string_view capability, bool bonded = false) {
    if (auto gone = session_.forget(); !gone) return tl::unexpected(gone.error());
    if (auto begun = watch_.begin(); !begun) return tl::unexpected(begun.error());
    auto met = there(bonded);
    if (!met) return tl::unexpected(met.error());
    if (!*met) return Came::unknown;
    if (!why_.empty()) return Came::refused;
    auto status = session_.status();
    if (!status) return tl::unexpected(status.error());
    if (status->paired) {  // the device asked for it, and no agent was there yet
      why_ = "the stack paired by itself (Just Works) as soon as it was connected";
      return capability == no_abilities ? Came::about : Came::unknown;
    }
    auto outcome = session_.port().pair(capability, context_.with().duration("timeout"));
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->kind == Outcome::Kind::done) return Came::about;
    const std::string refusal = outcome->kind == Outcome::Kind::timed_out
                                    ? "it did not come to an end in time"
                                    : std::string(outcome->text);
    // It was refused, and not just out of reach, if the device is there right after.
    if (auto gone = session_.forget(); !gone) return tl::unexpected(gone.error());
    met = there(bonded);
    if (!met) return tl::unexpected(met.error());
    why_ = *met ? refusal : cat(refusal, "; then the device could not be reached: ", why_);
    return *met ? Came::refused : Came::unknown;
  }

  void emit_refusal(std::string_view output, Came came) {
    if (came == Came::unknown)
      context_.unseen(output, why_);
    else
      context_.truth(output, came == Came::refused, {}, came == Came::refused ? why_ : "");
  }

  // Once the stranger has paired with no abilities at all, that is the pairing where the profile
  // names no others.
  Result<void> pair_for_use(const std::optional<Came>& easily) {
    const std::string& capability = context_.with().text("capability");
    const bool again = !easily || capability != no_abilities || easily == Came::unknown;
    Came came = again ? Came::unknown : *easily;
    if (again) {
      auto paired = pair_as_stranger(capability, easily == Came::about);
      if (!paired) return tl::unexpected(paired.error());
      came = *paired;
    }
    device_bonded_ |= came == Came::about;
    if (again && came == Came::refused && easily == Came::about) {
      context_.unseen(
          "paired", cat("pairing with ", capability,
                        " was refused, but the device holds the bond of the stranger's pairing, of "
                        "which level, key and method are told: delete it there, and repeat with "
                        "stranger: false (",
                        why_, ")"));
      tell(got_);
      return {};
    }
    if (came == Came::unknown) {
      context_.unseen("paired", why_);
      return {};
    }
    context_.truth("paired", came == Came::about, {}, came == Came::about ? "" : why_);
    if (came != Came::about) return {};
    if (again) {
      auto seen = look();
      if (!seen) return tl::unexpected(seen.error());
      got_ = *seen;
    }
    tell(got_);
    if (auto kept = bond_kept(); !kept) return kept;
    if (!context_.with().boolean("bonded_again")) return {};
    auto anew = pair_as_stranger(no_abilities, true);
    if (!anew) return tl::unexpected(anew.error());
    emit_refusal("refuses_pairing_over_bond", *anew);
    return {};
  }

  Result<SeenSecurity> look() {
    auto status = session_.status();
    if (!status) return tl::unexpected(status.error());
    return watch_.end(*status);
  }

  void tell(const SeenSecurity& seen) {
    if (!seen.security || !seen.security->secure_connections)
      context_.unseen("secure_connections", cat("nor could level, key or method: ", seen.why));
    if (!seen.security) return;
    const GattSecurity& security = *seen.security;
    context_.number("level", security.level);
    if (security.key_size > 0) context_.number("key_size", security.key_size);
    if (security.secure_connections)
      context_.truth("secure_connections", *security.secure_connections);
    if (!security.method.empty()) context_.text("method", security.method);
  }

  // A link that comes up with the bond is encrypted with its key; where the device has lost that,
  // the link drops, and the bench as a stranger is let in.
  Result<void> bond_kept() {
    if (auto left = session_.disconnect(); !left) return left;
    if (auto begun = watch_.begin(); !begun) return begun;
    auto connected = session_.connect();
    if (!connected) return tl::unexpected(connected.error());
    if (*connected) {
      auto status = session_.status();
      if (!status) return tl::unexpected(status.error());
      auto seen = watch_.end(*status);
      if (!seen) return tl::unexpected(seen.error());
      const bool kept = status->paired && status->bonded && seen->encrypted.value_or(true);
      context_.truth("bond_kept", kept, {}, kept ? "" : "the next link is not encrypted with it");
      return {};
    }
    const std::string why = session_.why();
    if (auto gone = session_.forget(); !gone) return gone;
    auto there = session_.connect();
    if (!there) return tl::unexpected(there.error());
    if (*there)
      context_.truth("bond_kept", false, {}, why);
    else
      context_.unseen("bond_kept", session_.why());
    return {};
  }

  Context& context_;
  GattSession session_;
  SecurityWatch watch_;
  bool device_bonded_ = false;
  SeenSecurity got_;  // of the last pairing that came about
  std::string why_;
};

Result<void> run(Context& context) { return Pairing(context).run(); }

void lint(const StepView& step, Problems& problems) {
  const std::string& capability = step.with.text("capability");
  if (std::ranges::find(capabilities, capability) == capabilities.end())
    step.with.problem(
        "capability", step.at,
        cat("there is no capability \"", capability, "\"", suggestion(capability, capabilities)),
        problems);
  if (!step.with.boolean("pair") && !step.with.boolean("stranger"))
    step.with.problem("pair", step.at, "with pair and stranger false nothing is tried", problems);
}

}  // namespace

extern const Check security_pairing;
const Check security_pairing{
    .id = "security/pairing",
    .revision = 1,
    .summary = "level, method and key that pairing reaches, and what it refuses",
    .roles = roles,
    .needs = needs,
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
