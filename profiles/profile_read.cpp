#include <algorithm>
#include <set>

#include "probes/link_driver.h"
#include "profiles/context.h"
#include "profiles/profile.h"
#include "profiles/run/own_limits.h"
#include "standards/vocab/digest.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_steps = 10'000, most_devices = 64;
constexpr std::string_view role_names[] = {"under_test", "reference", "stimulus"};

class ProfileReader {
 public:
  ProfileReader(Inputs& inputs, const LimitLibrary& limits, Profile& profile, Problems& problems)
      : inputs_(inputs), limits_(limits), profile_(profile), problems_(problems) {}

  void read() {
    yaml::MapReader map(profile_.document->root(), problems_);
    profile_.id = map.text("profile");
    profile_.version = map.text("version");
    profile_.title = map.text2("title");
    if (const auto scope = map.optional("scope")) read_scope(scope);
    read_devices(map.required("devices"));
    for (const auto& node : map.list_or_empty("safe")) read_safe(node);
    const auto steps = map.list("steps");
    if (steps.size() > most_steps) map.problem(cat("more than ", most_steps, " steps"));
    for (const auto& node : steps)
      if (profile_.steps.size() < most_steps) read_step(node);
    for (const auto& step : profile_.steps) check_safe(step);
  }

 private:
  // A problem of a file that the profile names keeps that file's position.
  template <class T>
  std::optional<T> take(Result<T> result, const yaml::Node& node) {
    if (result) return std::move(*result);
    if (result.error().at.line > 0 || !node)
      problems_.add(result.error());
    else
      node.problem(problems_, result.error().message);
    return std::nullopt;
  }

  void read_scope(const yaml::Node& node) {
    const auto text = yaml::to_text(node, problems_);
    const auto slash = text.find('/');
    profile_.catalogue = text.substr(0, slash);
    profile_.category = slash == std::string::npos ? "" : text.substr(slash + 1);
    if (profile_.category.empty())
      return node.problem(problems_, "a scope is written CATALOGUE/CATEGORY, as miit-2024/3.2");
    const auto category = take(inputs_.document("catalogue", text), node);
    if (!category) return;
    const auto basic_name = cat(profile_.catalogue, "/", (*category)->root().find("basic").text());
    const auto basic = take(inputs_.document("catalogue", basic_name), node);
    if (!basic) return;
    if (auto catalogue = take(Catalogue::of(**basic, **category), node))
      profile_.requirements = std::move(*catalogue);
  }

  std::shared_ptr<const Protocol> protocol(const yaml::Node& node) {
    const auto name = yaml::to_text(node, problems_);
    auto document = take(inputs_.document("protocol", name, profile_.file), node);
    if (!document) return nullptr;
    auto parsed = take(Protocol::parse(**document), node);
    return parsed ? *parsed : nullptr;
  }

  void read_devices(const yaml::Node& node) {
    if (!node) return;
    if (node.kind() != yaml::Kind::map || node.entries().empty())
      return node.problem(problems_, "devices: must name at least one device");
    if (node.entries().size() > most_devices)
      return node.problem(problems_, cat("more than ", most_devices, " devices"));
    for (const auto& [key, value] : node.entries()) {
      DeviceSpec device;
      device.name = key.text();
      device.at = key.at();
      if (device.name.find_first_of("=# /") != std::string::npos || device.name.empty())
        key.problem(problems_, "a device name has no blank, '=', '#' or '/'");
      yaml::MapReader map(value, problems_);
      device.role = static_cast<DeviceRole>(map.choice("role", role_names));
      for (const auto& link : map.list_or_empty("links")) {
        device.links.push_back(yaml::to_text(link, problems_));
        check_link(link, device.links.back());
      }
      if (const auto name = map.optional("protocol")) device.protocol = protocol(name);
      device.optional = map.boolean_or("optional", false);
      if (device.optional && device.role == DeviceRole::under_test)
        map.problem("a device under test is not optional");
      if (const auto ble = map.optional("ble")) read_manners(ble, device.gatt);
      device.samples = static_cast<int>(map.integer_or("samples", 1, 100, 1));
      if (device.samples > 1 && device.role != DeviceRole::under_test)
        map.problem("only a device under test has several samples");
      profile_.devices.push_back(std::move(device));
    }
  }

  void read_manners(const yaml::Node& node, GattManners& manners) {
    static constexpr std::string_view modes[] = {"acquire", "start"};
    static constexpr std::string_view capabilities[] = {
        "NoInputNoOutput", "DisplayOnly", "DisplayYesNo", "KeyboardOnly", "KeyboardDisplay"};
    yaml::MapReader map(node, problems_);
    if (map.has("notify"))
      manners.notify =
          map.choice("notify", modes) == 0 ? Subscribe::Mode::acquire : Subscribe::Mode::start;
    if (map.has("pair")) manners.pair = capabilities[map.choice("pair", capabilities)];
  }

  void check_link(const yaml::Node& node, const std::string& link) {
    std::vector<std::string> schemes{"operator"};
    for (const auto* driver : link_drivers()) schemes.emplace_back(driver->scheme);
    if (std::find(schemes.begin(), schemes.end(), link) == schemes.end())
      node.problem(problems_, cat("there is no link \"", link, "\"", suggestion(link, schemes)));
  }

  const DeviceSpec* known_device(const yaml::Node& node) {
    const auto name = yaml::to_text(node, problems_);
    const auto* device = profile_.device(name);
    std::vector<std::string> names;
    for (const auto& entry : profile_.devices) names.push_back(entry.name);
    if (!device)
      node.problem(problems_,
                   cat("the profile has no device \"", name, "\"", suggestion(name, names)));
    return device;
  }

  void read_safe(const yaml::Node& node) {
    static constexpr std::string_view kinds[] = {"disconnect", "send", "write_register", "prompt"};
    yaml::MapReader map(node, problems_);
    SafeAction action;
    action.at = node.at();
    const auto on = map.required("on");
    const auto* device = on ? known_device(on) : nullptr;
    if (device) action.device = device->name;
    action.kind = static_cast<SafeAction::Kind>(map.choice("do", kinds));
    const Protocol* protocol = device ? device->protocol.get() : nullptr;
    if (action.kind == SafeAction::Kind::send) {
      action.message = map.text("message");
      if (const auto fields = map.optional("fields"))
        for (const auto& [key, value] : fields.entries()) {
          const auto number = parse_double(value.text());
          action.fields[key.text()] =
              number && !value.quoted() ? FieldInput(*number) : FieldInput(value.text());
        }
      if (!protocol)
        map.problem("to send a message, the device needs a protocol");
      else if (auto frame = protocol->encode(action.message, action.fields); !frame)
        map.problem(frame.error().message);
    } else if (action.kind == SafeAction::Kind::write_register) {
      action.register_name = map.text("register");
      action.value = map.number("value");
      if (!protocol || !protocol->register_named(action.register_name))
        map.problem(cat("the device's protocol has no register \"", action.register_name, "\""));
    } else if (action.kind == SafeAction::Kind::prompt) {
      action.prompt = map.text2("text");
    }
    profile_.safe.push_back(std::move(action));
  }

  void read_step(const yaml::Node& node) {
    yaml::MapReader map(node, problems_);
    StepSpec step;
    step.at = node.at();
    step.id = map.text("id");
    if (!ids_.insert(step.id).second) map.problem(cat("two steps have the id \"", step.id, "\""));
    if (step.id == "safe" || step.id.find_first_of(" \"\\,") != std::string::npos)
      map.problem("a step id has no blank, comma, quote or backslash, and is not \"safe\"");
    step.title = map.text2("title");
    const auto check = map.required("check");
    if (check) {
      step.check = find_check(check.text());
      if (!step.check)
        check.problem(problems_, cat("there is no check \"", check.text(), "\"",
                                     suggestion(check.text(), check_ids())));
    }
    if (const auto requirement = map.optional("requirement")) read_requirement(step, requirement);
    static constexpr std::string_view scopes[] = {"each", "all"};
    step.all = map.choice_or("scope", scopes, 0) == 1;
    if (const auto on = map.required("on"); on && step.check) read_bindings(step, on);
    step.when = map.text_or("when", "");
    for (const auto& need : map.list_or_empty("needs")) {
      step.needs.push_back(yaml::to_text(need, problems_));
      if (!ids_.contains(step.needs.back()) || step.needs.back() == step.id)
        need.problem(problems_, cat("needs a step that stands before it; \"", step.needs.back(),
                                    "\" does not"));
    }
    if (map.has("timeout")) step.timeout = map.duration("timeout");
    if (const auto attempts = map.optional("attempts")) read_attempts(step, attempts);
    const auto with = map.optional("with");
    const auto judge = map.list_or_empty("judge"), budget = map.list_or_empty("budget");
    map.finish();
    if (step.check) {
      step.with = Params::read(with, step.check->params, problems_, node);
      for (const auto& line : judge) read_judge(step, line);
      for (const auto& one : budget) {
        step.budgets.push_back(read_laboratory_budget(one, false, problems_));
        check_budget(step.budgets.back(), step, problems_);
      }
      for (const auto& spec : step.check->params)
        if (spec.kind == ParamKind::file && step.with.has(spec.name))
          take(inputs_.text("reference", step.with.text(spec.name), profile_.file),
               with.find(spec.name));
      lint(step);
    }
    profile_.steps.push_back(std::move(step));
  }

  void read_requirement(StepSpec& step, const yaml::Node& node) {
    step.requirement = yaml::to_text(node, problems_);
    if (!profile_.requirements)
      return node.problem(problems_, "a requirement needs a scope at the top of the profile");
    if (profile_.requirements->find(step.requirement)) return;
    std::vector<std::string> ids;
    for (const auto& requirement : profile_.requirements->requirements)
      ids.push_back(requirement.id);
    node.problem(problems_, cat("the catalogue has no requirement \"", step.requirement, "\"",
                                suggestion(step.requirement, ids)));
  }

  void read_bindings(StepSpec& step, const yaml::Node& on) {
    if (step.check->roles.empty()) return;
    const auto bind = [&](std::string_view role, const yaml::Node& value) {
      if (const auto* device = known_device(value))
        step.on[std::string(role)].push_back(device->name);
    };
    if (on.kind() == yaml::Kind::scalar) {
      bind(step.check->roles.front().name, on);
    } else if (on.kind() == yaml::Kind::map) {
      std::vector<std::string_view> roles;
      for (const auto& role : step.check->roles) roles.push_back(role.name);
      for (const auto& [key, value] : on.entries()) {
        if (std::find(roles.begin(), roles.end(), key.text()) == roles.end())
          key.problem(problems_, cat("the check has no role \"", key.text(), "\"",
                                     suggestion(key.text(), roles)));
        else
          bind(key.text(), value);
      }
    } else {
      on.problem(problems_, "on: names a device, or maps the check's roles to devices");
    }
    for (const auto& role : step.check->roles)
      if (role.required && !step.on.contains(role.name))
        on.problem(problems_, cat("the check needs a device for its role \"", role.name, "\""));
    const bool many = step.check->roles.front().many;
    if (many && !step.all)
      on.problem(problems_, "this check compares samples: it wants scope: all");
    if (!many && step.all)
      on.problem(problems_, "this check serves one sample: it wants scope: each");
  }

  void read_attempts(StepSpec& step, const yaml::Node& node) {
    static constexpr std::string_view rules[] = {"all", "any", "last"};
    yaml::MapReader map(node, problems_);
    step.attempts = static_cast<int>(map.integer("max", 1, 100));
    step.attempts_judged = static_cast<StepSpec::Attempts>(map.choice("judge", rules));
  }

  void read_judge(StepSpec& step, const yaml::Node& node) {
    yaml::MapReader map(node, problems_);
    JudgeLine line;
    line.at = node.at();
    line.value = map.text("value");
    const Output* output = step.output(line.value);
    if (!output) {
      std::vector<std::string_view> names;
      for (const auto& entry : step.check->outputs) names.push_back(entry.name);
      map.problem(
          cat("the check has no output \"", line.value, "\"", suggestion(line.value, names)));
    }
    if (const auto limit = map.optional("limit")) {
      if (limit.kind() == yaml::Kind::scalar)
        line.limit = library_limit(limit);
      else
        line.limit = read_limit(limit, problems_, "inline");
      if (line.limit && output) check_kinds(*output, *line.limit, limit);
    } else if (output && !output->expected) {
      map.problem(cat("the output \"", line.value, "\" has no built-in expectation: give a limit"));
    }
    step.judge.push_back(std::move(line));
  }

  void check_kinds(const Output& output, const Limit& limit, const yaml::Node& node) {
    if (limit.status != LimitStatus::established) return;
    const bool number =
        limit.comparison != Comparison::equals || limit.equals == Limit::Equals::number;
    if (output.kind == OutputKind::number && !number)
      node.problem(problems_, "this output is a number; the limit is not");
    if (output.kind != OutputKind::number && limit.comparison != Comparison::equals)
      node.problem(problems_, "this output is no number; its limit can only be op: \"==\"");
    const auto unit = Unit::parse(output.unit);
    if (output.kind == OutputKind::number && unit && number && !unit->same_dimension(limit.unit))
      node.problem(problems_,
                   cat("the output is in ", output.unit, "; the limit is in ", limit.unit.code()));
  }

  std::optional<Limit> library_limit(const yaml::Node& node) {
    const auto id = yaml::to_text(node, problems_);
    auto limit = take(limits_.find_on(id, inputs_.test_date()), node);
    if (limit && limit->is_composite())
      node.problem(problems_, cat("\"", id, "\" is met when each of ", join(limit->all_of, ", "),
                                  " is: give each a line of its own"));
    return limit;
  }

  void lint(const StepSpec& step) {
    if (!step.check->lint || step.on.empty()) return;
    const StepView view{step.with, step.at,
                        [&](std::string_view role) -> const Protocol* {
                          const auto it = step.on.find(role);
                          if (it == step.on.end()) return nullptr;
                          return profile_.device(it->second.front())->protocol.get();
                        },
                        [&](std::string_view role) { return step.on.contains(role); }};
    step.check->lint(view, problems_);
  }

  // Motion and pressure want a way to stop that does not rest on a cable being pulled.
  void check_safe(const StepSpec& step) {
    if (!step.check) return;
    const auto hazard = step.check->hazard;
    if ((hazard == Hazard::motion || hazard == Hazard::pressure) && profile_.safe.empty())
      problems_.add(step.at,
                    cat("step ", step.id, " is a hazard (", to_string(hazard),
                        "): the profile must say under `safe:` what makes the device safe"));
  }

  Inputs& inputs_;
  const LimitLibrary& limits_;
  Profile& profile_;
  Problems& problems_;
  std::set<std::string, std::less<>> ids_;
};

}  // namespace

std::string_view to_string(DeviceRole role) { return role_names[static_cast<std::size_t>(role)]; }

const DeviceSpec* Profile::device(std::string_view name) const {
  for (const auto& device : devices)
    if (device.name == name) return &device;
  return nullptr;
}

const Output* StepSpec::output(std::string_view value) const {
  constexpr std::string_view placeholder = "{quantity}";
  for (const auto& entry : check->outputs) {
    if (entry.name == value) return &entry;
    const auto open = entry.name.find(placeholder);
    if (open == std::string_view::npos) continue;
    const auto rest = entry.name.substr(open + placeholder.size());
    if (value == cat(with.text("quantity"), rest)) return &entry;
  }
  return nullptr;
}

Result<Profile> Profile::load(Inputs& inputs, const std::string& name_or_path) {
  auto document = inputs.document("profile", name_or_path);
  if (!document) return tl::unexpected(document.error());
  Profile profile;
  profile.document = *document;
  profile.file = name_or_path;
  profile.sha256 = sha256_hex(as_bytes((*document)->source()));
  Problems problems;
  const auto limits = limit_library(inputs);
  if (!limits) return tl::unexpected(limits.error());
  ProfileReader(inputs, *limits, profile, problems).read();
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  return profile;
}

}  // namespace carebench
