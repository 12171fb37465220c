// A bench that is a stranger to a GATT device: it holds no bond and does not pair. What such a
// bench is given, anybody is given.
//
// bluetoothd pairs by itself (Just Works) when a device asks for security, and nothing on D-Bus
// turns that off. So an attribute that was had only after such a pairing counts as protected once
// the same happened twice, the bench a stranger again in between; and the device is left with a
// bond that only its user can delete: a device may be stricter with a bench that it knows. Where
// the bench did not stay a stranger, throughout() says so.
#pragma once

#include "profiles/measuring/gatt_session.h"

namespace carebench {

inline constexpr ParamSpec unbond_param{
    "unbond", ParamKind::boolean, false, "false",
    "ask the operator to delete the bond on the device whenever the bench's stack has paired by "
    "itself; else the device may treat the bench as one that it knows"};

class GattStranger {
 public:
  // `unbond`: the operator is asked to delete the bond on the device each time the stack has
  // paired.
  GattStranger(Context& context, GattSession& session, bool unbond)
      : context_(context), session_(session), unbond_(unbond) {}

  // Drops the bench's bond, connects and lists the device. False: it is out of reach, or it lets
  // nobody in without pairing; session.why().
  Result<bool> meet();
  // Whether the stack has not paired since; where it has, the next attempt begins anew.
  Result<bool> unpaired();
  void link_lost() { met_ = false; }  // the next attempt connects again

  struct Tried {
    enum class Kind {
      given,      // carried out without pairing
      withheld,   // the device wanted security first
      refused,    // for another reason
      undecided,  // neither: `why`
    } kind = Kind::undecided;
    Bytes value;  // given: what was read
    std::string why;
    SeqRange evidence;
  };
  // An operation on an attribute. A lost link, a silent device and a refusal that says nothing of
  // security are tried again.
  Result<Tried> attempt(const Op& op);
  // Drops what the bench knows of the device again.
  Result<void> leave() { return forget(); }

  // Neither did the bench hold a bond when it began, nor has its stack paired since.
  bool throughout() const { return why_known_.empty(); }
  const std::string& why_known() const { return why_known_; }

 private:
  Result<bool> paired();
  Result<void> forget();

  Context& context_;
  GattSession& session_;
  const bool unbond_;
  bool begun_ = false, bond_left_ = false, met_ = false, pairs_at_once_ = false;
  std::string why_known_;
};

}  // namespace carebench
