// How well is a GATT device's link protected once it is paired, and does it hold its bond
// (SEC-BLE-05, -06)? The bench becomes a stranger, pairs with the input and output capability that
// the profile names, and tells the level, the method and the key that came of it: from the stack,
// or from a tap on the HCI (role `monitor`), which sees the pairing itself. Then it tries what an
// attacker would: pair with no input and no output, and pair again over the bond that the device
// still holds.
//
// Level: of LE security mode 1 (Bluetooth Core 5.3, Vol 3, Part C, 10.2.1): 1 none, 2 encrypted, 3
// authenticated, 4 authenticated with LE Secure Connections and a key of 16 octets.
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

constexpr ParamSpec params[] = {
    {"capability", ParamKind::text, false, "KeyboardDisplay",
     "of the bench: NoInputNoOutput, DisplayOnly, DisplayYesNo, KeyboardOnly, KeyboardDisplay"},
    {"timeout", ParamKind::duration, false, "60 s", "how long pairing may take"},
    {"bonded_again", ParamKind::boolean, false, "true",
     "also pair again over the bond that the device holds"},
    {"stranger", ParamKind::boolean, false, "true", "also pair with no input and no output"},
};

constexpr Output outputs[] = {
    {"paired", OutputKind::truth, "", "pairing came about", true},
    {"level", OutputKind::number, "1", "level of LE security mode 1 after pairing", {}},
    {"key_size", OutputKind::number, "1", "octets of the encryption key that were agreed", {}},
    {"secure_connections", OutputKind::truth, "", "LE Secure Connections were used", {}},
    {"method",
     OutputKind::text,
     "",
     "just_works, passkey_entry, numeric_comparison or oob: how it was paired",
     {}},
    {"bond_kept", OutputKind::truth, "", "the bond serves the next connection, too", {}},
    {"refuses_just_works",
     OutputKind::truth,
     "",
     "pairing without input and output does not come about",
     {}},
    {"refuses_pairing_over_bond",
     OutputKind::truth,
     "",
     "a stranger with the address of a bonded bench cannot pair anew without the user",
     {}},
};

class Pairing {
 public:
  explicit Pairing(Context& context)
      : context_(context), session_(context.port("test")), watch_(context) {}

  Result<void> run() {
    const std::string& capability = context_.with().text("capability");
    auto paired = pair_as_stranger(capability);
    if (!paired) return tl::unexpected(paired.error());
    context_.truth("paired", *paired, {}, *paired ? "" : why_);
    if (*paired) {
      if (auto told = tell(); !told) return told;
      if (auto kept = bond_kept(); !kept) return kept;
      if (context_.with().boolean("bonded_again"))
        if (auto again = over_the_bond(); !again) return again;
    }
    if (context_.with().boolean("stranger")) {
      auto easily = pair_as_stranger("NoInputNoOutput");
      if (!easily) return tl::unexpected(easily.error());
      context_.truth("refuses_just_works", !*easily, {}, *easily ? "" : why_);
    }
    return session_.forget();
  }

 private:
  Result<bool> pair(const std::string& capability) {
    auto outcome = session_.port().pair(capability, context_.with().duration("timeout"));
    if (!outcome) return tl::unexpected(outcome.error());
    why_ = outcome->kind == Outcome::Kind::timed_out ? "it did not come to an end in time"
                                                     : std::string(outcome->text);
    return outcome->kind == Outcome::Kind::done;
  }

  Result<bool> pair_as_stranger(const std::string& capability) {
    if (auto gone = session_.forget(); !gone) return tl::unexpected(gone.error());
    if (auto begun = watch_.begin(); !begun) return tl::unexpected(begun.error());
    auto connected = session_.connect();
    if (!connected) return connected;
    if (!*connected) {
      why_ = session_.why();
      return false;
    }
    return pair(capability);
  }

  Result<void> tell() {
    auto status = session_.status();
    if (!status) return tl::unexpected(status.error());
    auto seen = watch_.end(status->security);
    if (!seen) return tl::unexpected(seen.error());
    if (!*seen) {
      context_.note(
          "level, key and method could not be seen: the stack does not tell them, and "
          "no tap was given (hci:hci0, CAP_NET_RAW)");
      return {};
    }
    const GattSecurity& security = **seen;
    context_.number("level", security.level);
    if (security.key_size > 0) context_.number("key_size", security.key_size);
    if (security.secure_connections)
      context_.truth("secure_connections", *security.secure_connections);
    if (!security.method.empty()) context_.text("method", security.method);
    return {};
  }

  Result<void> bond_kept() {
    if (auto left = session_.disconnect(); !left) return left;
    auto connected = session_.connect();
    if (!connected) return tl::unexpected(connected.error());
    auto status = session_.status();
    if (!status) return tl::unexpected(status.error());
    context_.truth("bond_kept", *connected && status->paired && status->bonded, {},
                   *connected ? "" : session_.why());
    return {};
  }

  // The bench forgets, the device does not: for it, somebody with the same address wants to pair.
  Result<void> over_the_bond() {
    auto again = pair_as_stranger("NoInputNoOutput");
    if (!again) return tl::unexpected(again.error());
    context_.truth("refuses_pairing_over_bond", !*again, {}, *again ? "" : why_);
    return {};
  }

  Context& context_;
  GattSession session_;
  SecurityWatch watch_;
  std::string why_;
};

Result<void> run(Context& context) { return Pairing(context).run(); }

void lint(const StepView& step, Problems& problems) {
  const std::string& capability = step.with.text("capability");
  for (const std::string_view known :
       {"NoInputNoOutput", "DisplayOnly", "DisplayYesNo", "KeyboardOnly", "KeyboardDisplay"})
    if (capability == known) return;
  step.with.problem("capability", step.at, cat("there is no capability \"", capability, "\""),
                    problems);
}

}  // namespace

extern const Check security_pairing;
const Check security_pairing{"security/pairing",
                             1,
                             "level, method and key that pairing reaches, and what it refuses",
                             roles,
                             needs,
                             params,
                             outputs,
                             Hazard::none,
                             false,
                             &lint,
                             &run};

}  // namespace carebench::checks
