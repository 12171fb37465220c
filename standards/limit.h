// Acceptance criteria: a number with its statistic, unit, source and rule. A limit without a source
// is refused; a limit that is not established (`todo`, `none`) yields a value and never a verdict.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "standards/bound.h"
#include "standards/decision_rule.h"
#include "standards/sample_plan.h"
#include "standards/vocab/error.h"
#include "standards/vocab/quantity.h"
#include "standards/vocab/yaml.h"

namespace carebench {

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
  std::string valid_from, valid_to;       // first and last day in force, or ""
  std::string successor;                  // the document that replaced or replaces this one, or ""
  std::string confidence;                 // V, V2, W, U for a standard
  std::string text() const;               // one line for a report
};

// Was a document in force on that day ("2026-11-21")? no_date: its dates are not given.
enum class InForce { yes, not_yet, no_longer, no_date };
InForce in_force(const LimitSource& source, std::string_view date);

// Which pairs a statistic is about, by their own reference or device value; the others are counted
// and reported, never dropped silently.
struct LimitDomain {
  std::string by;  // "reference" or "device"
  Span span;
  Unit unit;
};

struct Limit {
  std::string id;  // "cta-2065/heart-rate"; "inline" when it stands in a profile
  Text2 title;
  std::string quantity;
  std::string statistic;    // of standards/statistic.h, or ""
  double p = 0;             // of a percentile: 0.95
  std::string grid;         // of share_zone_ab: "consensus_type1", "consensus_type2", "clarke"
  std::vector<Bound> band;  // of share_within, error_each_mpe: one for each unit it is given in
  // Over what the statistic is taken: pooled, each_lot, each_subject, each_stratum; "" = pooled.
  std::string aggregation;
  std::string range, sample;  // where it holds and on which sample plan, in words
  std::optional<LimitDomain> domain;
  SamplePlan plan;
  Unit unit;
  Comparison comparison = Comparison::le;
  bool op_known = true;                 // a `declared` limit may leave its op to the claim
  double value = 0, low = 0, high = 0;  // low and high for `within`
  std::optional<Bound> bound;           // in place of `value`: depends on an index
  std::string text_value;               // `equals` with a text
  bool truth = true;                    // `equals` with a boolean measurement
  enum class Equals { number, text, truth } equals = Equals::number;
  LimitStatus status = LimitStatus::established;
  LimitSource source;
  std::optional<AgreedRule> rule;  // inherent or fixed by the standard; else the job's rule holds
  // Umax, the largest expanded uncertainty the source lets a laboratory have, in `unit`. The rule
  // of IEC 60118-8 wants one.
  std::optional<double> uncertainty_allowed;
  // Judge the estimate, or the bound of its confidence interval ("95 % sure it is below").
  enum class On { estimate, interval_low, interval_high } on = On::estimate;
  // Confidence that end of the interval must have, where the source says so; 0 = as measured. A
  // one-sided 95 % bound is the end of a two-sided 90 % interval: interval_confidence().
  double confidence = 0;
  bool one_sided = false;
  std::int64_t min_samples = 0;  // sample plan; unmet -> inconclusive
  // A limit of limits: met when each of these is; its verdict is the worst of theirs. It has no
  // bound of its own.
  std::vector<std::string> all_of;
  // A name for several editions of one limit; the one in force on the test date is meant.
  std::vector<std::string> editions;
  std::vector<std::string> conflicts_with;  // ids of other sources that say otherwise
  std::vector<std::string> categories;      // of the catalogue, that it bears on: "1.2"
  std::string note;
  // Who provided the entry: the shipped library, or the laboratory's own file `own_file`, beside
  // the shipped entries (added) or in place of one (replaced).
  enum class Provided { shipped, added, replaced } provided = Provided::shipped;
  std::string own_file;
  // What a verdict must add when the edition was not in force on the test date; else empty.
  Text2 not_in_force;
  Origin at;

  bool is_composite() const { return !all_of.empty(); }
  bool is_number() const { return comparison != Comparison::equals || equals == Equals::number; }
  double interval_confidence() const;  // two-sided; 0 = as measured
  std::string text() const;            // "<= 10 %", "within [36, 42] Cel"
};

// The limit with a plain number, for that value of its index (in bound->by_unit); nothing where the
// index lies outside (and the bound does not say that everything fails there).
std::optional<Limit> at_index(const Limit& limit, double index);

// What the manufacturer declares for one limit (a job's declaration):
//   claims: [{limit: gnss/horizontal-error-p95, op: "<=", value: 5, unit: m, document: "manual"}]
// It gives a `declared` limit its number; the value at which a bound `by: declared` is taken; the
// verification scale interval for a limit in the unit {e} (op left out in both).
struct Claim {
  std::string limit, document;
  std::optional<Comparison> comparison;
  double value = 0, low = 0, high = 0;
  Unit unit;
  Origin at;
};
Claim read_claim(const yaml::Node& node, Problems& problems);
// The limit as the claim makes it; an error (bad_input, at the claim) when the two do not fit.
Result<Limit> with_claim(const Limit& limit, const Claim& claim);
// A claim that the limit has a place for, and still lacks.
bool wants_claim(const Limit& limit);

// Reads a limit written inline in a profile:
//   limit: {op: "<=", value: 5, unit: "/min",
//           source: {kind: laboratory, document: "laboratory's example"}}
// op is one of <=, <, >=, >, abs<=, within (with low and high), ==; value is a number or a bound
// (standards/bound.h); status: todo, none or declared stands in place of op and number (declared
// may keep its op). Optional: rule, on (estimate, interval_low, interval_high), confidence,
// one_sided, min_samples, quantity, title, statistic (p, grid, band), aggregation, domain, range,
// sample, plan, conflicts_with, note. The source is not.
Limit read_limit(const yaml::Node& node, Problems& problems, std::string id);

// All limits of one file, with the problems of that file alone; names of other files' limits are
// checked by LimitLibrary::check. A file holds
//   limits: <file id>     the first part of its entries' ids
//   document: {kind, id, title, edition, valid_from, valid_to, successor, confidence}: what every
//                         entry's source begins with; an entry's own `source` adds to it, or names
//                         another `document` altogether
//   categories: ["1.1"]   of the catalogue, for entries without their own `categories`
//   plans: {name: sample plan}   for entries with `plan: name` (units of bins must be given)
//   entries: [{id, quantity, statistic, unit, op, value, …}, {id, all_of: [ids]},
//             {id, editions: [ids]}]
// An entry of confidence U ("number not established", facts of the standard) may not bear a number.
Result<std::vector<Limit>> read_limits(const yaml::Document& document);

}  // namespace carebench
