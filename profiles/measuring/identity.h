// Reading a device's identifier, from wherever a profile says that it stands. A source is written
//
//   register/NAME            a register of the device's Modbus map
//   device_id/ProductCode    Modbus FC 43/14 object, by its name or number (0x80)
//   message/ID/FIELD         a field of a message; ID may be * (any) for a field of the header
//   facts/usb_serial         what the link knows of itself (facts/a/b: details.a.b). Of a USB
//   adapter
//                            it identifies the adapter, not the device behind it
//   ble/180A/2A25            an attribute of a GATT device; ble/address, ble/name
//   operator/label           what the operator reads off the sample's label
//
// A device that is silent, refuses, or has nothing there has no identifier: that is a measured
// value with a note, never an error.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "profiles/context.h"

namespace carebench {

struct IdentitySource {
  enum class Kind {
    register_value,
    device_id,
    message,
    facts,
    attribute,
    label
  } kind = Kind::label;
  std::string text;                      // as written
  const RegisterSpec* reg = nullptr;     // register_value
  std::uint8_t object = 0;               // device_id
  const MessageSpec* message = nullptr;  // message; nullptr: any
  FieldHandle field;                     // message; empty: a field of the header, by its name
  std::string name;                      // header field, or path of the fact or attribute
};
// bad_input (blame: profile) with a suggestion. `protocol` (may be null) must outlive the source.
Result<IdentitySource> identity_source(std::string_view text, const Protocol* protocol);

// How to ask. A check that asks declares the five parameters below; of all others the
// reading knows nothing.
struct IdentityAsking {
  // Whole frames, sent one after the other; none: the device tells of its own accord.
  std::vector<Bytes> questions, afterwards;
  Duration timeout = seconds(2);  // of one try, from the last question on
  int tries = 3;
};
inline constexpr ParamSpec identity_ask{
    "ask", ParamKind::texts, false, "",
    "messages to send first, one or more, when the device must be asked"};
inline constexpr ParamSpec identity_ask_fields{"ask_fields", ParamKind::tree, false, "",
                                               "fields of the last of them: {name: value}"};
inline constexpr ParamSpec identity_afterwards{
    "afterwards", ParamKind::texts, false, "",
    "messages to send once it was read, such as the end of a configuration mode"};
inline constexpr ParamSpec identity_timeout{"timeout", ParamKind::duration, false, "2 s",
                                            "how long to wait for the identifier, each try"};
inline constexpr ParamSpec identity_tries{
    "tries", ParamKind::integer, false, "3", "how often to try before it counts as silent", 1, 100};
Result<IdentityAsking> identity_asking(const Params& with, const Protocol* protocol);
// Values of a map {name: value}: numbers, and texts where quoted or no number.
FieldInputs field_inputs(const yaml::Node& map);

// For lint hooks: every source of the parameter (text or texts), and the question.
void lint_identity(const StepView& step, std::span<const std::string> sources,
                   std::string_view param, Problems& problems);

struct IdentityReading {
  std::optional<std::string> value;  // blanks at both ends are gone
  SeqRange evidence;
  std::string note;       // why there is no value, or what to know about it
  bool of_model = false;  // all units of the model have the same
};
Result<IdentityReading> read_identity(Context& context, Port& port, const IdentitySource& source,
                                      const IdentityAsking& asking);

inline void widen(SeqRange& range, const SeqRange& by) {
  if (by.first) range.extend(by.first);
  if (by.last) range.extend(by.last);
}

// Equal but for blanks, signs between groups ("-", ":", ".", "_", "/") and letter case.
bool same_identifier(std::string_view a, std::string_view b);

}  // namespace carebench
