#include <cstdio>

#include "cli/command.h"
#include "probes/operator.h"
#include "probes/sim/device.h"
#include "profiles/job.h"
#include "profiles/profile.h"
#include "profiles/run/own_limits.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional_list, "file", "FILE",
     "profile, job, protocol, virtual device, limits, "
     "catalogue or answers file",
     true},
    {Kind::list, "--limits", "F", "your own limits that the files may name: a file or a folder"},
    {Kind::flag, "--json", "", "print JSON"},
};

template <class T>
Result<void> as_void(const Result<T>& result) {
  if (!result) return tl::unexpected(result.error());
  return {};
}

Result<void> lint_limits(const yaml::Document& document, const std::vector<std::string>& own) {
  const auto limits = read_limits(document);
  if (!limits) return tl::unexpected(limits.error());
  const auto library = limit_library(own);
  if (!library) return tl::unexpected(library.error());
  Problems problems;
  library->check(*limits, problems);
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  return {};
}

// What a file is, by the key that each kind begins with.
Result<std::string> lint(const std::string& file, const std::vector<std::string>& own) {
  auto document = yaml::Document::read(file);
  if (!document) return tl::unexpected(document.error());
  const auto root = (*document)->root();
  const auto has = [&](std::string_view key) {
    return root.kind() == yaml::Kind::map && static_cast<bool>(root.find(key));
  };
  Inputs inputs;
  inputs.set_test_date(local_date());
  if (auto added = add_limits(inputs, own_limits, own); !added)
    return tl::unexpected(added.error());
  const auto path = file.find('/') == std::string::npos ? "./" + file : file;
  std::string kind;
  Result<void> good;
  if (has("profile")) {
    kind = "profile";
    good = as_void(Profile::load(inputs, path));
  } else if (has("job")) {
    kind = "job";
    good = as_void(Job::load(inputs, path));
  } else if (has("protocol")) {
    kind = "protocol";
    good = as_void(Protocol::parse(**document));
  } else if (has("device")) {
    kind = "virtual device";
    good = as_void(sim::load(path));
  } else if (has("limits")) {
    kind = "limits";
    good = lint_limits(**document, own);
  } else if (has("catalogue")) {
    kind = "catalogue";
    good = Catalogue::check(**document);
  } else {
    kind = "answers";
    good = as_void(answers_operator(**document, nullptr));
  }
  if (!good) return tl::unexpected(good.error());
  return kind;
}

int lint_command(const Arguments& arguments) {
  int code = 0;
  Json list = Json::array();
  for (const auto& file : arguments.list("file")) {
    const auto kind = lint(file, arguments.list("limits"));
    Json entry = Json::object().set("file", file).set("good", kind.has_value());
    if (kind)
      entry.set("kind", *kind);
    else {
      code = exit_status::bad_input;
      entry.set("problem", kind.error().text());
    }
    if (!arguments.flag("json")) {
      if (kind)
        std::printf("%s: a sound %s\n", file.c_str(), kind->c_str());
      else
        (void)report_error(kind.error());
    }
    list.push(std::move(entry));
  }
  if (arguments.flag("json")) std::printf("%s\n", list.dump(2).c_str());
  return code;
}

}  // namespace

extern const Command lint;
const Command lint{"lint", "check data files: every problem with its line and column", args, "",
                   lint_command};

}  // namespace carebench::commands
