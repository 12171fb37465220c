// The operator's seam: who answers prompts and types readings. Real: a terminal; shipped and
// virtual: an answers file (YAML), for unattended runs.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "probes/lane.h"
#include "standards/vocab/yaml.h"

namespace carebench {

class Operator {
 public:
  virtual ~Operator() = default;
  // The answer's JSON (see Lane::ask). not_ready: nobody is there to answer; interrupted: stopped.
  virtual Result<Json> ask(const Prompt& prompt, std::stop_token stop) = 0;
};

// Asks on the terminal. Refuses readings without a number or with an unknown unit, and asks again.
std::unique_ptr<Operator> terminal_operator();

// answers: {"ACC-1/60": {value: 72.0, unit: "/min", reader: …, second_reader: …}, "SAFE": {done:
// true}} A key may hold a list: its entries serve the first, second, … asking. What no key answers
// goes to `next` (may be null: then it is not_ready, naming the missing key).
Result<std::unique_ptr<Operator>> answers_operator(const yaml::Document& answers,
                                                   std::unique_ptr<Operator> next);

}  // namespace carebench
