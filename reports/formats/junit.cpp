// JUnit XML for build servers: a test suite for each sample, a test case for each step. A fail is a
// failure, an error an error; what was not decided is skipped and says why, so that no undecided
// step looks green. Values, limits and rules stand in the properties of the suite, which all of the
// usual schemas allow (they refuse them in a test case).
#include <algorithm>
#include <ostream>
#include <pugixml.hpp>

#include "reports/renderer.h"
#include "standards/vocab/text.h"

namespace carebench::formats {
namespace {

// XML 1.0 has no way at all to write most control characters.
std::string clean(std::string_view data) {
  std::string out;
  for (std::size_t at = 0; at < data.size();) {
    const char32_t c = next_character(data, at).value_or(U'\uFFFD');
    const bool allowed =
        c == '\t' || c == '\n' || (c >= 0x20 && c != 0x7F && (c & 0xFFFE) != 0xFFFE);
    append_character(out, allowed ? c : U'\uFFFD');
  }
  return out;
}

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(clean(value).c_str());
}

void property(pugi::xml_node properties, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  pugi::xml_node node = properties.append_child("property");
  set(node, "name", name);
  set(node, "value", value);
}

// Seconds with three digits, as every schema takes them.
std::string seconds_text(double seconds) {
  const auto ms = static_cast<std::int64_t>(std::clamp(seconds, 0.0, 1e9) * 1000 + 0.5);
  const std::string fraction = std::to_string(1000 + ms % 1000).substr(1);
  return cat(ms / 1000, ".", fraction);
}

double duration(const StepRecord& step) {
  double sum = 0;
  for (const Attempt& attempt : step.attempts)
    sum += std::max(0.0, (attempt.to - attempt.from).seconds());
  return sum;
}

enum class Kind { passed, failure, error, skipped };

Kind kind_of(const Finding& finding) {
  if (finding == Finding::of(Verdict::pass)) return Kind::passed;
  if (finding == Finding::of(Verdict::fail)) return Kind::failure;
  if (finding == Finding::without(Reason::error)) return Kind::error;
  return Kind::skipped;
}

// The judgements and errors that led to the step's finding, on one line.
std::string message(const StepRecord& step) {
  std::vector<std::string> parts;
  for (const Attempt& attempt : step.attempts) {
    if (attempt.error) parts.push_back(attempt.error->text());
    for (const JudgedRecord& judged : attempt.judged)
      if (judged.finding == step.finding)
        parts.push_back(cat(judged.value, ": ", judged.wording.en));
  }
  if (!step.reason.empty()) parts.push_back(step.reason.en);
  return parts.empty() ? std::string(to_string(step.finding)) : join(parts, "; ");
}

std::string details(const StepRecord& step) {
  std::string out = cat(step.title.en, "\n", step.title.zh, "\nrequirement ", step.requirement);
  for (const Attempt& attempt : step.attempts) {
    out += cat("\nattempt ", attempt.number, ": ", attempt.state, ", evidence ",
               attempt.evidence.first, "-", attempt.evidence.last);
    for (const std::string& note : attempt.notes) out += "\n" + note;
  }
  return out + "\n";
}

void add_case(pugi::xml_node suite, const StepRecord& step) {
  pugi::xml_node node = suite.append_child("testcase");
  set(node, "name", step.id.empty() ? "step" : step.id);
  std::string check = step.check;
  std::replace(check.begin(), check.end(), '/', '.');
  set(node, "classname", check);
  set(node, "time", seconds_text(duration(step)));
  constexpr const char* names[] = {"", "failure", "error", "skipped"};
  const Kind kind = kind_of(step.finding);
  if (kind == Kind::passed) return;
  pugi::xml_node result = node.append_child(names[static_cast<std::size_t>(kind)]);
  set(result, "message", message(step));
  if (kind == Kind::skipped) return;
  set(result, "type", to_string(step.finding));
  result.text().set(clean(details(step)).c_str());
}

void add_values(pugi::xml_node properties, const StepRecord& step) {
  property(properties, step.id + ".finding", to_string(step.finding));
  for (const Attempt& attempt : step.attempts) {
    std::string place = step.id;
    if (step.attempts.size() > 1) place += cat(".attempt", attempt.number);
    for (const Measurement& m : attempt.measurements)
      property(properties, cat(place, ".", m.name, ".value"), value_text(m));
    for (const JudgedRecord& judged : attempt.judged) {
      const std::string name = cat(place, ".", judged.value);
      property(properties, name + ".limit", judged.limit.text);
      property(properties, name + ".limit_source", judged.limit.source);
      property(properties, name + ".rule", judged.rule);
      property(properties, name + ".finding", to_string(judged.finding));
      if (judged.expanded_uncertainty)
        property(properties, name + ".U", number(*judged.expanded_uncertainty));
    }
  }
}

void add_suite(pugi::xml_node suites, const RunRecord& record, const std::string& sample, int id) {
  std::vector<const StepRecord*> steps;
  for (const StepRecord& step : record.steps)
    if (step.sample == sample) steps.push_back(&step);
  const auto count = [&](Kind kind) {
    return cat(std::count_if(steps.begin(), steps.end(), [&](const StepRecord* step) {
      return kind_of(step->finding) == kind;
    }));
  };
  double time = 0;
  for (const StepRecord* step : steps) time += duration(*step);
  const std::string& started = record.given.started;

  pugi::xml_node suite = suites.append_child("testsuite");
  set(suite, "name", sample.empty() ? "all samples" : sample);
  set(suite, "package", record.profile);
  set(suite, "id", cat(id));
  // The schemas take a time without zone; it is UTC.
  set(suite, "timestamp",
      parse_utc(started) ? std::string_view(started).substr(0, 19) : "1970-01-01T00:00:00");
  set(suite, "hostname", trim(record.given.host).empty() ? "localhost" : record.given.host);
  set(suite, "tests", cat(steps.size()));
  set(suite, "failures", count(Kind::failure));
  set(suite, "errors", count(Kind::error));
  set(suite, "skipped", count(Kind::skipped));
  set(suite, "time", seconds_text(time));

  pugi::xml_node properties = suite.append_child("properties");
  property(properties, "profile", cat(record.profile, " ", record.profile_version));
  property(properties, "simulated", cat(record.simulated));
  property(properties, "tool", cat(record.given.tool, " ", record.given.version));
  property(properties, "evidence.sha256", record.given.evidence_sha256);
  for (const StepRecord* step : steps) add_values(properties, *step);
  for (const StepRecord* step : steps) add_case(suite, *step);
  suite.append_child("system-out").text().set(clean(join(record.notes, "\n")).c_str());
  std::string errors;
  for (const Error& error : record.errors) errors += error.text() + "\n";
  suite.append_child("system-err").text().set(clean(errors).c_str());
}

struct Sink : pugi::xml_writer {
  explicit Sink(std::ostream& stream) : out(stream) {}
  void write(const void* data, std::size_t size) override {
    out.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
  }
  std::ostream& out;
};

Result<void> render(const RunRecord& record, Language, std::ostream& out) {
  std::vector<std::string> samples;
  for (const StepRecord& step : record.steps)
    if (std::find(samples.begin(), samples.end(), step.sample) == samples.end())
      samples.push_back(step.sample);
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  for (std::size_t i = 0; i < samples.size(); ++i)
    add_suite(suites, record, samples[i], static_cast<int>(i));
  Sink sink(out);
  document.save(sink, "  ", pugi::format_indent, pugi::encoding_utf8);
  if (!out) return fail(Errc::io, Blame::bench, "the report could not be written");
  return {};
}

}  // namespace

extern const Renderer junit;
const Renderer junit{"junit", "xml", "application/xml", false, render};

}  // namespace carebench::formats
