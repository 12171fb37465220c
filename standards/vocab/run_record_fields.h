// The one list of the run record's fields and their keys, read by the writer and by the reader of
// run.json, so that the two can not drift apart. An archive is called as archive("key", member);
// the order of the calls is the order in the file. Internal to standards/vocab/run_record_*.cpp.
#pragma once

#include <concepts>
#include <type_traits>

#include "standards/vocab/run_record.h"

namespace carebench::run_record_fields {

inline constexpr std::string_view schema = "carebench-run/1";

// T or const T: the same list serves reading and writing.
template <class R, class T>
concept either = std::same_as<std::remove_const_t<R>, T>;

void fields(auto& a, either<Text2> auto& r) {
  a("zh", r.zh);
  a("en", r.en);
}

void fields(auto& a, either<SeqRange> auto& r) {
  a("first", r.first);
  a("last", r.last);
}

void fields(auto& a, either<Origin> auto& r) {
  a("file", r.file);
  a("line", r.line);
  a("column", r.column);
}

void fields(auto& a, either<Error> auto& r) {
  a("code", r.code);
  a("blame", r.blame);
  a("message", r.message);
  a("at", r.at);
  a("excerpt", r.excerpt);
}

void fields(auto& a, either<Quantity> auto& r) {
  a("value", r.value);
  a("unit", r.unit);
  a("u", r.u);
  a("k", r.k);
  a("dof", r.dof);
}

void fields(auto& a, either<UncertaintyComponent> auto& r) {
  a("name", r.name);
  a("type", r.type);
  a("distribution", r.distribution);
  a("given", r.given);
  a("unit", r.unit);
  a("divisor", r.divisor);
  a("sensitivity", r.sensitivity);
  a("dof", r.dof);
  a("source", r.source);
  a("instrument", r.instrument);
}

void fields(auto& a, either<Reported> auto& r) {
  a("value", r.value);
  a("uncertainty", r.uncertainty);
}

void fields(auto& a, either<Interval> auto& r) {
  a("low", r.low);
  a("high", r.high);
  a("confidence", r.confidence);
  a("method", r.method);
}

void fields(auto& a, either<Measurement> auto& r) {
  a("name", r.name);
  a("value", r.value);
  a("interval", r.interval);
  a("samples", r.samples);
  a("evidence", r.evidence);
  a("note", r.note);
  a("budget", r.budget);
  a("reported", r.reported);
}

void fields(auto& a, either<LimitRecord> auto& r) {
  a("id", r.id);
  a("text", r.text);
  a("source", r.source);
  a("source_kind", r.source_kind);
  a("confidence", r.confidence);
  a("status", r.status);
}

void fields(auto& a, either<JudgedRecord> auto& r) {
  a("value", r.value);
  a("limit", r.limit);
  a("rule", r.rule);
  a("rule_source", r.rule_source);
  a("expanded_uncertainty", r.expanded_uncertainty);
  a("coverage_factor", r.coverage_factor);
  a("guard_band", r.guard_band);
  a("guard_factor", r.guard_factor);
  a("uncertainty_allowed", r.uncertainty_allowed);
  a("conformance", r.conformance);
  a("false_acceptance", r.false_acceptance);
  a("false_rejection", r.false_rejection);
  a("finding", r.finding);
  a("no_statement", r.no_statement);
  a("wording", r.wording);
}

void fields(auto& a, either<Figure::Series> auto& r) {
  a("name", r.name);
  a("x", r.x);
  a("y", r.y);
  a("low", r.low);
  a("high", r.high);
  a("band", r.band);
}

void fields(auto& a, either<Figure::Mark> auto& r) {
  a("label", r.label);
  a("axis", r.axis);
  a("value", r.value);
  a("style", r.style);
  a("interval", r.interval);
}

void fields(auto& a, either<Figure::Border> auto& r) {
  a("label", r.label);
  a("x", r.x);
  a("y", r.y);
  a("style", r.style);
}

void fields(auto& a, either<Figure::Place> auto& r) {
  a("text", r.text);
  a("x", r.x);
  a("y", r.y);
}

void fields(auto& a, either<Figure::Shown> auto& r) {
  a("value", r.value);
  a("axis", r.axis);
  a("mirrored", r.mirrored);
}

void fields(auto& a, either<Figure::Gap> auto& r) {
  a("from", r.from);
  a("to", r.to);
}

void fields(auto& a, either<Figure> auto& r) {
  a("kind", r.kind);
  a("title", r.title);
  a("x_label", r.x_label);
  a("y_label", r.y_label);
  a("x_unit", r.x_unit);
  a("y_unit", r.y_unit);
  a("y_names", r.y_names);
  a("series", r.series);
  a("marks", r.marks);
  a("borders", r.borders);
  a("places", r.places);
  a("gaps", r.gaps);
  a("shows", r.shows);
  a("note", r.note);
}

void fields(auto& a, either<Attempt> auto& r) {
  a("number", r.number);
  a("from_ns", r.from);
  a("to_ns", r.to);
  a("evidence", r.evidence);
  a("state", r.state);
  a("error", r.error);
  a("measurements", r.measurements);
  a("judged", r.judged);
  a("figures", r.figures);
  a("notes", r.notes);
  a("unfit", r.unfit);
}

void fields(auto& a, either<StepRecord> auto& r) {
  a("id", r.id);
  a("title", r.title);
  a("check", r.check);
  a("revision", r.revision);
  a("requirement", r.requirement);
  a("sample", r.sample);
  a("devices", r.devices);
  a("finding", r.finding);
  a("reason", r.reason);
  a("attempts", r.attempts);
}

void fields(auto& a, either<LedgerCell> auto& r) {
  a("finding", r.finding);
  a("steps", r.steps);
  a("reason", r.reason);
}

void fields(auto& a, either<LedgerRow> auto& r) {
  a("requirement", r.requirement);
  a("clause", r.clause);
  a("failure_means", r.failure_means);
  a("applies_note", r.applies_note);
  a("applicable", r.applicable);
  a("kinds", r.kinds);
  a("measured", r.measured);
  a("probed", r.probed);
  a("attested", r.attested);
  a("calculated", r.calculated);
}

void fields(auto& a, either<SampleRecord> auto& r) {
  a("name", r.name);
  a("address", r.address);
  a("role", r.role);
  a("serial", r.serial);
  a("model", r.model);
  a("label", r.label);
  a("facts", r.facts);
}

void fields(auto& a, either<InstrumentRecord> auto& r) {
  a("id", r.id);
  a("name", r.name);
  a("serial", r.serial);
  a("certificate", r.certificate);
  a("laboratory", r.laboratory);
  a("calibrated", r.calibrated);
  a("due", r.due);
  a("quantity", r.quantity);
  a("expanded_uncertainty", r.expanded_uncertainty);
  a("points", r.points);
  a("state", r.state);
}

void fields(auto& a, either<PromptRecord> auto& r) {
  a("step", r.step);
  a("purpose", r.purpose);
  a("answer", r.answer);
  a("asked_ns", r.asked);
  a("answered_ns", r.answered);
}

void fields(auto& a, either<InputFile> auto& r) {
  a("path", r.path);
  a("origin", r.origin);
  a("role", r.role);
  a("sha256", r.sha256);
}

void fields(auto& a, either<Segment> auto& r) {
  a("started", r.started);
  a("ended", r.ended);
  a("first_seq", r.first_seq);
  a("last_seq", r.last_seq);
  a("from_ns", r.from);
  a("to_ns", r.to);
  a("why_ended", r.why_ended);
}

void fields(auto& a, either<Tally> auto& r) {
  a("pass", r.pass);
  a("conditional_pass", r.conditional_pass);
  a("inconclusive", r.inconclusive);
  a("conditional_fail", r.conditional_fail);
  a("fail", r.fail);
  a("not_applicable", r.not_applicable);
  a("not_tested", r.not_tested);
  a("report_only", r.report_only);
  a("limit_todo", r.limit_todo);
  a("no_rule", r.no_rule);
  a("reference_not_fit", r.reference_not_fit);
  a("error", r.error);
}

void fields(auto& a, either<Given> auto& r) {
  a("tool", r.tool);
  a("version", r.version);
  a("build", r.build);
  a("host", r.host);
  a("system", r.system);
  a("operator", r.operator_name);
  a("started", r.started);
  a("ended", r.ended);
  a("segments", r.segments);
  a("inputs", r.inputs);
  a("evidence_sha256", r.evidence_sha256);
  a("evidence_bytes", r.evidence_bytes);
  a("evidence_packets", r.evidence_packets);
  a("torn_bytes", r.torn_bytes);
}

// Everything but `given`.
void fields(auto& a, either<RunRecord> auto& r) {
  a("profile", r.profile);
  a("profile_version", r.profile_version);
  a("profile_sha256", r.profile_sha256);
  a("title", r.title);
  a("scope", r.scope);
  a("catalogue_id", r.catalogue_id);
  a("catalogue_title", r.catalogue_title);
  a("job", r.job);
  a("decision_rule", r.decision_rule);
  a("guard_factor", r.guard_factor);
  a("coverage", r.coverage);
  a("simulated", r.simulated);
  a("not_signable", r.not_signable);
  a("state", r.state);
  a("samples", r.samples);
  a("instruments", r.instruments);
  a("steps", r.steps);
  a("ledger", r.ledger);
  a("prompts", r.prompts);
  a("notes", r.notes);
  a("errors", r.errors);
  a("tally", r.tally);
  a("exit_code", r.exit_code);
}

// A member of such a type may be absent, and is when it says nothing.
template <class T>
constexpr bool may_be_absent = false;
template <>
inline constexpr bool may_be_absent<std::string> = true;
template <>
inline constexpr bool may_be_absent<Text2> = true;
template <>
inline constexpr bool may_be_absent<SeqRange> = true;
template <>
inline constexpr bool may_be_absent<Json> = true;
template <class T>
inline constexpr bool may_be_absent<std::vector<T>> = true;
template <class T>
inline constexpr bool may_be_absent<std::optional<T>> = true;

}  // namespace carebench::run_record_fields
