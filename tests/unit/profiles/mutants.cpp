// Design law 7: a check that cannot fail is not a check. Each tests/mutants/<check>.json names a
// profile, sound virtual devices on which every judged value passes, and faults (mutants) that the
// check must catch. Everything runs in virtual time, through the same session as a user's run.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <ostream>
#include <set>

#include "profiles/run/session.h"
#include "standards/vocab/json.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

namespace fs = std::filesystem;
using namespace carebench;

namespace {

template <class T>
std::string why(const Result<T>& result) {
  return result ? "" : result.error().text();
}

const fs::path folder = fs::path(CAREBENCH_SOURCE_DIR) / "tests/mutants";

std::vector<std::string> checks_with_mutants() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

Json read(const std::string& name) {
  const auto path = folder / (name + ".json");
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  auto json = parse_json(text, path.string());
  BOOST_REQUIRE_MESSAGE(json.has_value(), why(json));
  return *json;
}

struct Scratch {
  fs::path path;
  Scratch() {
    std::string name = (fs::temp_directory_path() / "carebench-mutant-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Scratch() { fs::remove_all(path); }
};

std::string beside(const Json& name) {
  return name.string().empty() ? "" : (folder / name.string()).string();
}

Result<RunRecord> play(const Json& plan, const Json& mutant) {
  const Scratch scratch;
  const auto either = [&](std::string_view key) -> const Json& {
    return mutant.has(key) ? mutant[key] : plan[key];
  };
  SessionOptions options;
  options.profile = beside(either("profile"));
  options.job = beside(either("job"));
  options.answers = beside(either("answers"));
  options.directory = (scratch.path / "run").string();
  options.version = "test";
  for (const auto& [name, addresses] : plan["sound"].members()) {
    const Json& replaced = mutant["devices"][name];
    for (const auto& address : (replaced.is_null() ? addresses : replaced).items())
      options.devices.emplace_back(name, address.string());
  }
  Listener silent;
  return run_session(options, silent, {});
}

// What the mutant's step came to: the finding of the named output, or of the step where it is an
// error or was interrupted before anything was judged.
std::string caught(const RunRecord& record, const Json& mutant) {
  std::string all;
  for (const auto& step : record.steps) {
    if (!mutant["step"].string().empty() && step.id != mutant["step"].string()) continue;
    if (!step.finding.verdict) return std::string(to_string(step.finding));
    for (const auto& attempt : step.attempts)
      for (const auto& judged : attempt.judged)
        if (judged.value == mutant["output"].string())
          return std::string(to_string(judged.finding));
  }
  return "nothing judged";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_mutants)

BOOST_DATA_TEST_CASE(sound_devices_pass_and_every_mutant_is_caught, checks_with_mutants(), name) {
  const Json plan = read(name);
  const auto sound = play(plan, Json());
  BOOST_REQUIRE_MESSAGE(sound.has_value(), name << ": " << why(sound));
  for (const auto& step : sound->steps) {
    const auto finding = to_string(step.finding);
    const std::string reason = step.attempts.empty() || !step.attempts.back().error
                                   ? step.reason.en
                                   : step.attempts.back().error->message;
    BOOST_CHECK_MESSAGE(
        finding == "pass" || finding == "report_only",
        name << " " << step.id << " on sound devices: " << finding << " " << reason);
    for (const auto& attempt : step.attempts)
      for (const auto& judged : attempt.judged)
        BOOST_CHECK_MESSAGE(to_string(judged.finding) == "pass",
                            name << " " << judged.value << ": " << judged.wording.en);
  }
  for (const auto& mutant : plan["mutants"].items()) {
    const auto record = play(plan, mutant);
    BOOST_REQUIRE_MESSAGE(record.has_value(),
                          name << " " << mutant["name"].string() << ": " << why(record));
    const auto found = caught(*record, mutant);
    BOOST_CHECK_MESSAGE(found == mutant["finding"].string(),
                        name << ", mutant \"" << mutant["name"].string() << "\", output "
                             << mutant["output"].string() << ": " << found << " instead of "
                             << mutant["finding"].string());
  }
}

// A check may have several files (one for devices with messages, one for Modbus). What no virtual
// device can bring about is named under "untested" with the reason and the test that covers it.
BOOST_AUTO_TEST_CASE(every_check_has_mutants_for_each_output_and_one_that_stays_undecided) {
  std::map<std::string, std::set<std::string>> caught_outputs;
  std::set<std::string> undecided, unfit;
  for (const auto& name : checks_with_mutants()) {
    const Json plan = read(name);
    const std::string id = plan["check"].string();
    BOOST_REQUIRE_MESSAGE(find_check(id) != nullptr, name << " names no check");
    auto& failed = caught_outputs[id];
    for (const auto& [output, why_not] : plan["untested"].members()) {
      BOOST_CHECK_MESSAGE(!why_not.string().empty(), name << ": why is " << output << " untested?");
      failed.insert(output);
    }
    for (const auto& mutant : plan["mutants"].items()) {
      const std::string& finding = mutant["finding"].string();
      if (finding == "fail") failed.insert(mutant["output"].string());
      if (finding == "error" || finding == "inconclusive") undecided.insert(id);
      if (finding == "reference_not_fit") unfit.insert(id);
    }
  }
  for (const Check* check : checks_table()) {
    const std::string id(check->id);
    BOOST_CHECK_MESSAGE(caught_outputs.contains(id), id << " has no mutants");
    BOOST_CHECK_MESSAGE(undecided.contains(id),
                        id << " has no mutant that errs or stays inconclusive");
    const bool compares = std::any_of(check->roles.begin(), check->roles.end(),
                                      [](const RoleSpec& role) { return role.instrument; });
    BOOST_CHECK_MESSAGE(!compares || unfit.contains(id),
                        id << " has no mutant whose reference is not fit");
    const auto& failed = caught_outputs[id];
    for (const auto& output : check->outputs) {
      if (output.kind == OutputKind::text) continue;
      const auto dot = output.name.find("{quantity}");
      const auto tail = dot == std::string_view::npos ? output.name : output.name.substr(dot + 10);
      const bool has = std::any_of(failed.begin(), failed.end(), [&](const std::string& value) {
        return dot == std::string_view::npos ? value == tail : value.ends_with(tail);
      });
      BOOST_CHECK_MESSAGE(has, id << " has no mutant that makes " << output.name << " fail");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
