// The run record: everything a report prints, and the only thing profiles and reports share.
// `given` is what the bench told at the start and end (copied from the evidence); everything else
// is derived from inputs and evidence alone, so that `verify` can derive it again, byte for byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "standards/vocab/error.h"
#include "standards/vocab/json.h"
#include "standards/vocab/quantity.h"
#include "standards/vocab/time.h"
#include "standards/vocab/verdict.h"
#include "standards/vocab/yaml.h"

namespace carebench {

struct InputFile {
  std::string path;    // below the run directory: "inputs/profile.yaml"
  std::string origin;  // as named by the user, or "shipped:profiles/examples/first-run.yaml"
  std::string role;    // profile, job, catalogue, limits, protocol, device, answers, reference
  std::string sha256;
};

// One uninterrupted stretch of the run; `run --resume` adds another.
struct Segment {
  std::string started, ended;  // UTC, "" when the end was not recorded (killed, power cut)
  std::uint64_t first_seq = 0, last_seq = 0;
  Stamp from, to;
  std::string why_ended;  // "complete", "interrupted", "not recorded"
};

struct Given {
  std::string tool, version, build;  // "carebench", "0.1.0", compiler and revision
  std::string host, system, operator_name;
  std::string started, ended;  // UTC; ended is "" when not recorded
  std::vector<InputFile> inputs;
  std::string evidence_sha256;
  std::uint64_t evidence_bytes = 0, evidence_packets = 0;
  std::vector<Segment> segments;
  std::uint64_t torn_bytes = 0;  // at the end of a file that was cut off in the middle of a block
};

// A plot's data, thinned for printing: all that is drawn stands here, the renderer computes no
// statistic. Kinds and what they mean:
//   ecdf          x value, y share; a series' band is the interval of the share
//   deviation     x reference, y device - reference
//   bland_altman  x mean of the two (or the reference), y device - reference; marks with intervals:
//                 bias ("mean") and limits of agreement
//   error_grid    x reference, y device, same unit, drawn square; borders "zone" and "identity",
//                 places name the zones
//   series        x seconds, y value; NaN lifts the pen, gaps are stretches without data
//   steps         as series, each value holds until the next (sleep stages, alarm states)
//   histogram     x middles of the bins or their edges, y counts
struct Figure {
  std::string kind;
  Text2 title, x_label, y_label;
  std::string x_unit, y_unit;  // UCUM
  std::vector<Text2> y_names;  // y counts these, from 0: sleep stages; empty: y is a quantity
  struct Series {
    Text2 name;
    std::vector<double> x, y;
    std::vector<double> low = {}, high = {};  // a band about y, each as long as y, or empty
    Text2 band = {};                          // what the band is: "95 % interval (Clopper-Pearson)"
  };
  std::vector<Series> series;
  // A line at x or y. Style: "" a statistic, "mean", "limit", "guard" (edge of a guard band).
  struct Mark {
    Text2 label;
    char axis = 'y';
    double value = 0;
    std::string style = {};
    std::optional<Interval> interval = {};  // of the statistic; shaded
  };
  std::vector<Mark> marks;
  // A line through given points. Style: "zone", "identity", or "limit" and "guard" of a limit that
  // depends on x.
  struct Border {
    Text2 label;
    std::vector<double> x, y;
    std::string style;
  };
  std::vector<Border> borders;
  struct Place {  // a word in the plot: the name of a zone, of a stage
    Text2 text;
    double x = 0, y = 0;
  };
  std::vector<Place> places;
  // Outputs whose limits belong into the plot, which are drawn once they have been judged.
  // Mirrored: the output is the amount of what has a sign here, so that its limit stands on both
  // sides of 0.
  struct Shown {
    std::string value;
    char axis = 'y';
    bool mirrored = false;
  };
  std::vector<Shown> shows;
  struct Gap {  // nothing was heard from `from` to `to`
    double from = 0, to = 0;
  };
  std::vector<Gap> gaps;
  std::string note;  // "thinned from 100000 to 400 points"
};

struct LimitRecord {
  std::string id;      // "cta-2065/heart-rate", or "inline" for one written in the profile
  std::string text;    // "<= 10 %"
  std::string source;  // document, clause, edition; "laboratory's example", "manufacturer's claim"
  std::string source_kind;  // standard, claim, laboratory, catalogue, built_in
  std::string confidence;   // V, V2, W, U as in the limits library, or ""
  std::string status;       // established, todo, none
};

// One value judged against one limit by one rule.
struct JudgedRecord {
  std::string value;  // name of the measurement
  LimitRecord limit;
  std::string rule;         // id: simple_acceptance, guarded_binary, … or "" when there was none
  std::string rule_source;  // who fixed it: "inherent: …", "job", ""
  std::optional<double> expanded_uncertainty, coverage_factor, guard_band;  // unit of the value
  std::optional<double> guard_factor;         // r of a rule with w = r U
  std::optional<double> uncertainty_allowed;  // Umax of a rule that has one, unit of the limit
  // Specific risks (JCGM 106:2012), where U > 0: that the value conforms; that a pass is false;
  // that a fail is.
  std::optional<double> conformance, false_acceptance, false_rejection;
  Finding finding;
  Text2 no_statement;  // why the reference bears none, where that is the finding
  Text2 wording;       // "1.0 + 0.8 <= 3.0 mmHg: pass"
};

struct Attempt {
  int number = 1;
  Stamp from, to;
  SeqRange evidence;
  std::string state;  // complete, error, interrupted
  std::optional<Error> error;
  std::vector<Measurement> measurements;
  std::vector<JudgedRecord> judged;
  std::vector<Figure> figures;
  std::vector<std::string> notes;
  std::vector<Text2> unfit;  // why the reference instrument bears no statement of conformity
};

struct StepRecord {
  std::string id;
  Text2 title;
  std::string check;  // id
  int revision = 0;   // of the check
  std::string requirement;
  std::string sample;                // "dut", "dut#2"; "" for a step over all samples
  std::vector<std::string> devices;  // "dut=serial:/dev/ttyUSB0"
  Finding finding;
  Text2 reason;  // why there is no verdict, when there is none
  std::vector<Attempt> attempts;
};

// One clause of the catalogue with a cell for each kind of result; kinds are never merged.
struct LedgerCell {
  Finding finding = Finding::without(Reason::not_tested);
  std::vector<std::string> steps;  // "ACC-1", "ID-1 (dut#2)"
  Text2 reason;                    // of a cell without verdict
};
struct LedgerRow {
  std::string requirement;
  Text2 clause, failure_means;
  std::string applies_note;
  bool applicable = true;
  std::vector<std::string> kinds;  // which kinds of result can settle it
  LedgerCell measured, probed, attested, calculated;
};

struct SampleRecord {
  std::string name;  // "dut", "dut#2"
  std::string address, role;
  std::string serial, model, label;  // from the job
  Json facts;                        // of its link, as opened
};

struct InstrumentRecord {
  std::string id, name, serial, certificate, laboratory, calibrated, due, quantity;
  std::string expanded_uncertainty;
  std::string points;  // of the certificate: "60 1/min: error 0.1, U 0.3"; several with "; "
  // "valid", "overdue", "not yet valid", "no certificate given", "no calibration date given",
  // "no due date given": on the days of the run
  std::string state;
};

// A question put to the operator and its answer.
struct PromptRecord {
  std::string step, purpose, answer;
  Stamp asked, answered;
};

struct RunRecord {
  Given given;
  std::string profile, profile_version, profile_sha256;
  Text2 title;
  std::string scope;  // "miit-2024/3.2", or "" for none
  std::string catalogue_id;
  Text2 catalogue_title;
  Json job;  // laboratory, customer, order, product, declaration, environment, operators: as given
  std::string decision_rule;           // the job's, or ""
  std::optional<double> guard_factor;  // r of the job's rule with w = r U
  double coverage = 0.9545;            // probability that k stands for
  bool simulated = false;
  std::vector<Text2> not_signable;  // why this can not be signed as a test report; empty: it can
  std::string state;                // complete, interrupted, partial (--only)
  std::vector<SampleRecord> samples;
  std::vector<InstrumentRecord> instruments;
  std::vector<StepRecord> steps;
  std::vector<LedgerRow> ledger;
  std::vector<PromptRecord> prompts;
  std::vector<std::string> notes;  // gaps, overflows, clock steps, safe actions
  std::vector<Error> errors;       // of the run as a whole
  Tally tally;                     // of steps
  int exit_code = 3;
};

// The bytes of run.json: pretty, ordered, 12 significant digits, "given" and "derived" apart.
std::string to_text(const RunRecord& record);
Result<RunRecord> run_record_from(std::string_view text, std::string_view file);

}  // namespace carebench
