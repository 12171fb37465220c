// A dialogue with a device, scripted in a profile:
//
//   dialogue:
//     - send: {message: query_heart_rate, fields: {…}}      or {octets: "53 59 …"}, {text: "…\r\n"}
//     - expect: {message: heart_rate, within: "2 s", where: {heart_rate: {min: 40, save: rate}}}
//     - expect: {silence: "1 s"}                            of a message: {silence: …, message: ID}
//     - expect: {text: "OK", within: "1 s"}                 or {octets: …}: anywhere in what comes
//     - read: {register: status, equals: 0, within: "5 s"}  asks again until it holds
//     - write: {register: stop, value: 1}                   {…, exception: 2}: must be refused so
//     - wait: "3 s"
//     - prompt: {purpose: …, steps: …, look_for: …}
//
// A value is held to equals, not, min, max and one_of; numbers are compared as numbers, names of
// enumerations and special values as texts. `save` keeps it under a name; "${name}" stands for it
// later on, alone or inside a text to send. Read here, strictly and with positions; carried out by
// profiles/dialogue_talk.h. Nothing in a script runs code, and a script ends.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "probes/lane.h"
#include "probes/protocol_spec.h"
#include "standards/vocab/yaml.h"

namespace carebench {

// A constant, or what was saved under a name.
struct Term {
  FieldInput constant;
  std::string saved;  // "" for a constant
};

struct Constraint {
  std::vector<Term> equals;  // one of these, when not empty
  std::vector<Term> unequal;
  std::vector<Term> least, most;  // one each, or none
  std::string save;
};

// A text with saved values in it: constant, saved, constant, saved …
struct TextPart {
  std::string text;
  bool saved = false;
};

struct SendAct {
  const MessageSpec* message = nullptr;  // or:
  std::vector<std::pair<std::string, Term>> fields;
  std::vector<TextPart> text;
  Bytes octets;
};
struct ExpectMessageAct {
  const MessageSpec* message = nullptr;
  Duration within;
  std::vector<std::pair<FieldHandle, Constraint>> where;
};
struct ExpectOctetsAct {
  std::vector<TextPart> text;
  Bytes octets;
  Duration within;
};
struct SilenceAct {
  Duration length;
  const MessageSpec* message = nullptr;  // null: of everything
};
struct ReadAct {
  const RegisterSpec* reg = nullptr;
  Constraint constraint;
  Duration within;  // 0: asks once
  Duration timeout;
  int exception = 0;  // expected instead of a value, 0: none
};
struct WriteAct {
  const RegisterSpec* reg = nullptr;
  Term value;
  Duration timeout;
  int exception = 0;
};
struct WaitAct {
  Duration length;
};
struct PromptAct {
  Prompt prompt;
};

struct Act {
  std::string label;  // "3. expect heart_rate"
  std::variant<SendAct, ExpectMessageAct, ExpectOctetsAct, SilenceAct, ReadAct, WriteAct, WaitAct,
               PromptAct>
      what;
};

// All problems at once, each at its place. `protocol` may be null: then there are no messages,
// fields and registers, only octets and texts. The protocol must outlive the acts.
std::vector<Act> read_dialogue(const yaml::Node& script, const Protocol* protocol,
                               Problems& problems);

}  // namespace carebench
