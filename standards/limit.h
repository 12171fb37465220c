// Acceptance criteria: a number with its statistic, unit, source and rule. A limit without a source
// is refused; a limit that is not established (`todo`, `none`) yields a value and never a verdict.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/error.h"
#include "standards/vocab/quantity.h"
#include "standards/vocab/yaml.h"

namespace carebench {

// How the conformity decision uses U. Fixed before the run: by the limit (inherent) or by the job.
enum class DecisionRule {
  simple_acceptance,  // w = 0 (ILAC-G8:09/2019 4.2.1)
  guarded_binary,     // w = U: pass, fail (ILAC-G8:09/2019 4.2.2)
  guarded_nonbinary,  // w = U: pass, conditional pass, conditional fail, fail (4.2.3)
  jjf_1094,           // JJF 1094-2002: w = 0 if U <= MPEV/3, else U, with an undetermined zone
  inherent,           // the standard fixes n, statistic and limit: w = 0 on the statistic
};
std::string_view to_string(DecisionRule rule);
std::optional<DecisionRule> decision_rule_from(std::string_view id);
std::vector<std::string_view> decision_rule_ids();
Text2 describe(DecisionRule rule);  // one sentence for the report, with its source

// <=, <, >=, >, |x| <=, [low, high], =; the one-sided ones come first.
enum class Comparison { le, lt, ge, gt, abs_le, within, equals };
std::string_view to_string(Comparison c);

// todo: the source is known, its number is not. none: the source sets no limit. declared: there is
// no limit but the manufacturer's claim, and nobody has named it yet. Only an established limit can
// bear a verdict.
enum class LimitStatus { established, todo, none, declared };
std::string_view to_string(LimitStatus status);

enum class SourceKind { standard, claim, laboratory, catalogue };
std::string_view to_string(SourceKind kind);

struct LimitSource {
  SourceKind kind = SourceKind::laboratory;
  Text2 title;                            // of the document, where a limits file gives it
  std::string document, clause, edition;  // "ANSI/CTA-2065", "…", "2018"
  std::string valid_from, valid_to;       // dates or ""
  std::string confidence;                 // V, V2, W, U for a standard
  std::string text() const;               // one line for a report
};

struct Limit {
  std::string id;  // "cta-2065/heart-rate"; "inline" when it stands in a profile
  std::string quantity, statistic;
  std::string range, sample;  // where it holds and on which sample plan, in words
  Unit unit;
  Comparison comparison = Comparison::le;
  double value = 0, low = 0, high = 0;  // low and high for `within`
  std::string text_value;               // `equals` with a text
  bool truth = true;                    // `equals` with a boolean measurement
  enum class Equals { number, text, truth } equals = Equals::number;
  LimitStatus status = LimitStatus::established;
  LimitSource source;
  std::optional<DecisionRule> rule;  // inherent or fixed by the standard; else the job's rule holds
  // Judge the estimate, or the bound of its confidence interval ("95 % sure it is below").
  enum class On { estimate, interval_low, interval_high } on = On::estimate;
  std::int64_t min_samples = 0;  // sample plan; unmet -> inconclusive
  std::string note;
  std::string text() const;  // "<= 10 %", "within [36, 42] Cel"
};

// Reads a limit written inline in a profile:
//   limit: {op: "<=", value: 5, unit: "/min",
//           source: {kind: laboratory, document: "laboratory's example"}}
// op is one of <=, <, >=, >, abs<=, within (with low and high), ==; status: todo, none or declared
// stands in place of op and number; rule, on (estimate, interval_low, interval_high), min_samples,
// quantity, statistic, range, sample and note are optional. The source is not.
Limit read_limit(const yaml::Node& node, Problems& problems, std::string id);

// The limits library: shipped files standards/limits/*.yaml, id = "<file>/<entry>". A file holds
//   limits: <file id>     the name of the file
//   document: {kind, id, title, edition, valid_from, valid_to, confidence}: what every entry's
//                         source begins with; an entry's own `source` adds to it
//   entries: [{id, quantity, statistic, unit, op, value, …}]
// An entry of confidence U ("number not established", facts of the standard) may not bear a number.
// Not for several threads at once: a file is read once and kept.
class LimitLibrary {
 public:
  // Reads only the file that holds `id`; not_found with a suggestion when there is none.
  Result<Limit> find(std::string_view id) const;
  static std::vector<std::string> files();  // ids of the shipped files
  // All limits of one file; used by lint and listings.
  static Result<std::vector<Limit>> read_all(const yaml::Document& document);

 private:
  mutable std::map<std::string, std::vector<Limit>, std::less<>> read_;
};

}  // namespace carebench
