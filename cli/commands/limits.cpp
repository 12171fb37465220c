#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/limit_json.h"
#include "profiles/run/own_limits.h"
#include "standards/vocab/text.h"
#include "standards/vocab/time.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "action", "list|show|diff", "what to do", true},
    {Kind::positional_list, "what", "ID",
     "of show: a limit; of diff: two limits, files or folders"},
    {Kind::value, "--quantity", "Q", "list: of this quantity only, as blood_pressure"},
    {Kind::value, "--category", "C", "list: that bear on this category of the catalogue, as 1.2"},
    {Kind::value, "--status", "S", "list: established, todo, none, declared"},
    {Kind::value, "--on", "DATE", "in force on that day, as 2026-11-21; show: the edition of it"},
    {Kind::list, "--limits", "F", "your own limits over the shipped ones: a file or a folder"},
    {Kind::flag, "--json", "", "print JSON"},
};

tl::unexpected<Error> usage(std::string message) {
  return fail(Errc::usage, Blame::profile, std::move(message));
}

// The value of an option must be one that some limit has.
Result<void> check_known(std::string_view option, const std::string& value,
                         const std::set<std::string>& known) {
  if (value.empty() || known.contains(value)) return {};
  const std::vector<std::string> all(known.begin(), known.end());
  return usage(cat("no limit has the ", option, " \"", printable(value), '"',
                   suggestion(value, all), "; there are ", join(all, ", ")));
}

std::string status_of(const Limit& limit) {
  if (limit.is_composite()) return "composite";
  return limit.editions.empty() ? std::string(to_string(limit.status)) : "editions";
}

bool has_category(const Limit& limit, const std::string& category) {
  return std::find(limit.categories.begin(), limit.categories.end(), category) !=
         limit.categories.end();
}

bool in_force_on(const Limit& limit, const std::string& date) {
  const InForce state = in_force(limit.source, date);
  return state == InForce::yes || state == InForce::no_date;
}

Result<std::vector<Limit>> chosen(const LimitLibrary& library, const Arguments& arguments) {
  auto all = library.all();
  if (!all) return all;
  std::set<std::string> quantities, categories, statuses;
  for (const Limit& limit : *all) {
    if (!limit.quantity.empty()) quantities.insert(limit.quantity);
    categories.insert(limit.categories.begin(), limit.categories.end());
    statuses.insert(status_of(limit));
  }
  const auto& quantity = arguments.value("quantity");
  const auto& category = arguments.value("category");
  const auto& status = arguments.value("status");
  const auto& date = arguments.value("on");
  if (auto known = check_known("quantity", quantity, quantities); !known)
    return tl::unexpected(known.error());
  if (auto known = check_known("category", category, categories); !known)
    return tl::unexpected(known.error());
  if (auto known = check_known("status", status, statuses); !known)
    return tl::unexpected(known.error());
  std::erase_if(*all, [&](const Limit& limit) {
    return (!quantity.empty() && limit.quantity != quantity) ||
           (!category.empty() && !has_category(limit, category)) ||
           (!status.empty() && status_of(limit) != status) ||
           (!date.empty() && !in_force_on(limit, date));
  });
  return all;
}

Result<int> list(const LimitLibrary& library, const Arguments& arguments) {
  if (!arguments.list("what").empty()) return usage("list takes options only; show prints a limit");
  const auto limits = chosen(library, arguments);
  if (!limits) return tl::unexpected(limits.error());
  if (arguments.flag("json")) {
    Json all = Json::array();
    for (const Limit& limit : *limits) all.push(limit_json(limit, library));
    std::printf("%s\n", all.dump(2).c_str());
    return 0;
  }
  std::vector<std::vector<std::string>> rows{{"ID", "QUANTITY", "STATISTIC", "LIMIT", "SOURCE"}};
  for (const Limit& limit : *limits) {
    const bool own = limit.provided != Limit::Provided::shipped;
    const std::string confidence =
        limit.source.confidence.empty() ? "" : cat(" [", limit.source.confidence, "]");
    rows.push_back(
        {limit.id, limit.quantity, limit.statistic, limit.text(),
         cat(limit.source.text(), confidence, own ? cat(" <", limit.own_file, ">") : "")});
  }
  std::printf("%s\n%zu limits\n", table(rows).c_str(), limits->size());
  return 0;
}

Result<int> show(const LimitLibrary& library, const Arguments& arguments) {
  const auto& ids = arguments.list("what");
  if (ids.size() != 1) return usage("show takes one limit: carebench limits show iso-15197/system");
  const auto limit = library.find_on(ids[0], arguments.value("on"));
  if (!limit) return tl::unexpected(limit.error());
  const Json json = limit_json(*limit, library);
  if (arguments.flag("json"))
    std::printf("%s\n", json.dump(2).c_str());
  else
    std::printf("%s", as_lines(json).c_str());
  return 0;
}

bool is_file(const std::string& name) {
  std::error_code error;
  return name.ends_with(".yaml") || std::filesystem::exists(name, error);
}

// What one side of a comparison holds: one limit, or those of a file or folder.
Result<std::vector<Limit>> side(const LimitLibrary& library, const std::string& name) {
  if (!is_file(name)) {
    auto limit = library.find(name);
    if (!limit) return tl::unexpected(limit.error());
    return std::vector{std::move(*limit)};
  }
  return own_limits_in({name});
}

struct Difference {
  std::string id, key;
  Json a, b;
};

void compare(const Limit& a, const Limit& b, const LimitLibrary& library, const std::string& id,
             std::vector<Difference>& out) {
  const Json left = limit_json(a, library), right = limit_json(b, library);
  std::vector<std::string> keys;
  for (const Json* side_json : {&left, &right})
    for (const auto& [key, value] : side_json->members())
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  for (const std::string& key : keys) {
    // Whose entry it is, is no difference of what it says.
    if (key == "id" || key == "provided" || key == "own_file") continue;
    if (left[key].dump() != right[key].dump()) out.push_back({id, key, left[key], right[key]});
  }
}

std::string shown(const Json& value) {
  if (value.is_null()) return "–";
  return value.is_string() ? value.string() : value.dump();
}

Result<int> diff(const LimitLibrary& library, const Arguments& arguments) {
  const auto& names = arguments.list("what");
  if (names.size() != 2)
    return usage("diff takes two limits, or two files or folders of them (or \"shipped\")");
  const bool files = is_file(names[0]) || is_file(names[1]);
  const auto take = [&](const std::string& name) {
    return files && name == "shipped" ? LimitLibrary().all() : side(library, name);
  };
  const auto a = take(names[0]), b = take(names[1]);
  if (!a) return tl::unexpected(a.error());
  if (!b) return tl::unexpected(b.error());
  std::vector<Difference> differences;
  const auto twin = [](const std::vector<Limit>& limits, const std::string& id) {
    return std::find_if(limits.begin(), limits.end(),
                        [&id](const Limit& limit) { return limit.id == id; });
  };
  if (!files) {
    compare(a->front(), b->front(), library, cat(names[0], " | ", names[1]), differences);
  } else {
    const bool only_b = names[0] == "shipped", only_a = names[1] == "shipped";
    for (const Limit& limit : *a) {
      const auto other = twin(*b, limit.id);
      if (other != b->end())
        compare(limit, *other, library, limit.id, differences);
      else if (!only_b)
        differences.push_back({limit.id, "entry", limit.text(), {}});
    }
    for (const Limit& limit : *b)
      if (!only_a && twin(*a, limit.id) == a->end())
        differences.push_back({limit.id, "entry", {}, limit.text()});
  }
  Json all = Json::array();
  for (const Difference& one : differences) {
    all.push(Json::object().set("id", one.id).set("key", one.key).set("a", one.a).set("b", one.b));
    if (!arguments.flag("json"))
      std::printf("%s: %s\n  a  %s\n  b  %s\n", one.id.c_str(), one.key.c_str(),
                  shown(one.a).c_str(), shown(one.b).c_str());
  }
  if (arguments.flag("json")) std::printf("%s\n", all.dump(2).c_str());
  if (!arguments.flag("json") && differences.empty()) std::printf("no difference\n");
  return differences.empty() ? 0 : 1;
}

int limits_command(const Arguments& arguments) {
  const std::string& action = arguments.value("action");
  const std::string& date = arguments.value("on");
  static constexpr std::string_view actions[] = {"list", "show", "diff"};
  const auto answer = [&]() -> Result<int> {
    if (!date.empty() && !parse_date(date))
      return usage(cat('"', printable(date), "\" is no date: write it as 2026-11-21"));
    const auto library = limit_library(arguments.list("limits"));
    if (!library) return tl::unexpected(library.error());
    if (action == "list") return list(*library, arguments);
    if (action == "show") return show(*library, arguments);
    if (action == "diff") return diff(*library, arguments);
    return usage(cat("there is no \"limits ", printable(action), '"', suggestion(action, actions),
                     ": list, show or diff"));
  }();
  return answer ? *answer : report_error(answer.error());
}

}  // namespace

extern const Command limits;
const Command limits{"limits", "the limits library: list it, show a limit, compare two", args,
                     "Examples:\n  carebench limits list --quantity blood_pressure --category 1.2\n"
                     "  carebench limits show iso-81060-2/criterion-2\n"
                     "  carebench limits show yy-9706-261/arms-in-force --on 2026-11-21\n"
                     "  carebench limits diff jjg-692/static-initial iec-80601-2-30/cuff-pressure\n"
                     "  carebench limits diff shipped laboratory-limits/\n"
                     "diff exits 0 where there is no difference, 1 where there is one.",
                     limits_command};

}  // namespace carebench::commands
