#include "profiles/run/runner.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include "profiles/run/judge_step.h"
#include "profiles/run/safe.h"
#include "profiles/run/step_setup.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

Text2 ended_before() { return {"测试在本步骤之前结束", "the run ended before this step"}; }

// One profile on its way through a world. Lanes may run in threads of their own; what they share is
// guarded by mutex_, and every instance writes only its own slot.
class Run {
 public:
  Run(const RunSetup& setup, World& world, Listener& listener)
      : setup_(setup),
        world_(world),
        listener_(listener),
        instances_(step_instances(*setup.profile)),
        records_(instances_.size()),
        prompts_(instances_.size()) {
    for (const auto& device : setup_.devices) leases_[device.name];
  }

  RunOutcome run() {
    for (std::size_t begin = 0; begin < instances_.size();) {
      std::size_t end = begin;
      const bool barrier = instances_[begin].lane == 0;
      while (end < instances_.size() && (instances_[end].lane == 0) == barrier) ++end;
      if (barrier)
        run_lane(begin, end, 0);
      else
        run_samples(begin, end);
      begin = end;
    }
    for (std::size_t lane = lane_names(*setup_.profile).size(); lane-- > 0;) safe_at_the_end(lane);
    RunOutcome outcome;
    for (const std::size_t i : in_order()) {
      outcome.steps.push_back(std::move(records_[i]));
      for (auto& prompt : prompts_[i]) outcome.prompts.push_back(std::move(prompt));
    }
    outcome.notes = std::move(notes_);
    outcome.errors = std::move(errors_);
    outcome.interrupted = interrupted_;
    return outcome;
  }

 private:
  // Several samples: sample by sample; one: as the profile says.
  std::vector<std::size_t> in_order() const {
    std::vector<std::size_t> order(instances_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (lane_names(*setup_.profile).size() > 2)
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const auto rank = [&](std::size_t i) {
          return instances_[i].lane == 0 ? instances_.size() : instances_[i].lane;
        };
        return rank(a) < rank(b);
      });
    return order;
  }

  void run_samples(std::size_t begin, std::size_t end) {
    const std::size_t lanes = lane_names(*setup_.profile).size();
    if (!world_.parallel() || lanes <= 2) {
      for (std::size_t lane = 1; lane < lanes; ++lane) run_lane(begin, end, lane);
      return;
    }
    std::vector<std::jthread> threads;
    for (std::size_t lane = 1; lane < lanes; ++lane)
      threads.emplace_back([this, begin, end, lane] { run_lane(begin, end, lane); });
  }

  void run_lane(std::size_t begin, std::size_t end, std::size_t lane) {
    for (std::size_t i = begin; i < end; ++i)
      if (instances_[i].lane == lane) run_instance(i);
  }

  void run_instance(std::size_t i) {
    const StepInstance& instance = instances_[i];
    const StepSpec& step = *instance.step;
    StepRecord& record = records_[i];
    record.id = step.id;
    record.title = step.title;
    record.check = step.check->id;
    record.revision = step.check->revision;
    record.requirement = step.requirement;
    record.sample = instance.sample;
    const BoundRoles roles = bind_roles(setup_.devices, instance);
    for (const auto& [role, devices] : roles)
      for (const auto* device : devices)
        record.devices.push_back(
            cat(device->name, "=", device->is_operator ? "operator" : device->address));
    record.finding = Finding::without(Reason::not_tested);
    if (!stands_in_the_way(instance, record)) {
      listener_.step_started(step, instance.sample);
      if (auto error = unavailable(step, roles, world_.opens(step.id, instance.sample))) {
        Attempt attempt;
        attempt.state = "error";
        attempt.error = std::move(error);
        record.attempts.push_back(std::move(attempt));
      } else {
        run_attempts(i, roles, record);
      }
      if (!record.attempts.empty())
        conclude(step, record);
      else
        record.reason = ended_before();
    }
    {
      const std::lock_guard lock(mutex_);
      findings_[{step.id, instance.sample}] = record.finding;
    }
    listener_.step_finished(record);
  }

  bool stands_in_the_way(const StepInstance& instance, StepRecord& record) {
    const StepSpec& step = *instance.step;
    const auto& declared = setup_.job->capabilities;
    if (!setup_.only.empty() && !setup_.only.contains(step.id)) {
      record.reason = {"未选择（--only）", "not selected (--only)"};
      return true;
    }
    if (!step.when.empty() &&
        std::find(declared.begin(), declared.end(), step.when) == declared.end()) {
      record.finding = Finding::without(Reason::not_applicable);
      record.reason = {cat("供方未声明该能力：", step.when),
                       cat("the vendor does not declare the capability \"", step.when, "\"")};
      return true;
    }
    const std::lock_guard lock(mutex_);
    for (const auto& [key, finding] : findings_) {
      const bool needed =
          std::find(step.needs.begin(), step.needs.end(), key.first) != step.needs.end();
      const bool same_sample = key.second == instance.sample || key.second.empty() || step.all;
      const bool held = finding.verdict == Verdict::pass ||
                        finding.verdict == Verdict::conditional_pass ||
                        (!finding.verdict && finding.reason == Reason::report_only);
      if (!needed || !same_sample || held) continue;
      record.reason = {cat("前置步骤 ", key.first, " 未通过：", to_string(finding)),
                       cat("needs ", key.first, ", which came to ", to_string(finding))};
      return true;
    }
    return false;
  }

  void run_attempts(std::size_t i, const BoundRoles& roles, StepRecord& record) {
    const StepInstance& instance = instances_[i];
    const StepSpec& step = *instance.step;
    std::vector<ChannelId> channels;
    std::vector<std::unique_lock<std::mutex>> leases;
    std::set<std::string> names;  // sorted: leases are always taken in one order
    for (const auto& [role, devices] : roles)
      for (const auto* device : devices) {
        if (!device->is_operator) channels.push_back(device->channel);
        names.insert(device->name);
      }
    for (const auto& name : names) leases.emplace_back(leases_.find(name)->second);

    int whole = 0;
    for (int number = 1; whole < step.attempts; ++number) {
      const AttemptKey key{step.id, instance.sample, number};
      auto lane = world_.begin(key, instance.lane, channels, step.check->resumable);
      if (!lane) {
        if (lane.error().code != Errc::not_found) add_error(lane.error());
        note_interrupted();
        return;
      }
      for (const auto* device : devices_in(roles))
        set_exposed(device->spec->role == DeviceRole::under_test ? device->sample + 1 : 0, true);
      record.attempts.push_back(run_attempt(i, key, **lane, roles));
      const Attempt& attempt = record.attempts.back();
      if (step.check->hazard != Hazard::none || attempt.state != "complete")
        safe_after(instance, key);
      if (attempt.state == "interrupted") continue;
      ++whole;
      if (step.attempts_judged == StepSpec::Attempts::any && !attempt.judged.empty() &&
          std::all_of(attempt.judged.begin(), attempt.judged.end(),
                      [](const auto& judged) { return judged.finding.verdict == Verdict::pass; }))
        return;
    }
  }

  Attempt run_attempt(std::size_t i, const AttemptKey& key, Lane& lane, const BoundRoles& roles) {
    const StepSpec& step = *instances_[i].step;
    Attempt attempt;
    attempt.number = key.number;
    attempt.from = lane.now();
    auto context_given = context_setup(step, *setup_.job, roles, lane);
    context_given.input_file = [this](std::string_view name) {
      const std::lock_guard lock(mutex_);
      return setup_.inputs->text("reference", name, setup_.profile->file);
    };
    context_given.unix_base_ns = setup_.unix_base_ns;
    context_given.progress = [this, i](double share) {
      listener_.progress(*instances_[i].step, instances_[i].sample, share);
    };
    Context context(std::move(context_given));
    auto result = connect_again(lane, devices_in(roles));
    if (result) result = step.check->run(context);
    if (!result && result.error().code == Errc::lost) set_closed(devices_in(roles));
    attempt.to = lane.now();
    attempt.measurements = std::move(context.measurements);
    attempt.figures = std::move(context.figures);
    attempt.notes = std::move(context.notes);
    for (auto& prompt : context.prompts) {
      prompt.step = step.id;
      prompts_[i].push_back(std::move(prompt));
    }
    attempt.state = "complete";
    if (!result) {
      attempt.state = result.error().code == Errc::interrupted ? "interrupted" : "error";
      attempt.error = result.error();
      if (result.error().code == Errc::diverged) add_error(result.error());
    }
    for (const auto& measurement : attempt.measurements)
      for (const auto seq : {measurement.evidence.first, measurement.evidence.last})
        if (measurement.evidence.first > 0) attempt.evidence.extend(seq);
    if (attempt.state == "complete")
      judge_attempt(step, *setup_.job, {setup_.unix_base_ns, context}, attempt);
    if (auto ended = world_.end(lane, key, attempt.state); !ended) {
      add_error(ended.error());
      attempt.state = "error";
      attempt.error = ended.error();
      attempt.judged.clear();
    }
    return attempt;
  }

  // The devices a lane answers for: its sample's, or what the samples share.
  std::vector<const RunDevice*> devices_of_lane(std::size_t lane) const {
    std::vector<const RunDevice*> found;
    for (const auto& device : setup_.devices) {
      const bool under_test = device.spec->role == DeviceRole::under_test;
      if (device.given || device.is_operator)
        if (lane == 0 ? !under_test : under_test && device.sample + 1 == lane)
          found.push_back(&device);
    }
    return found;
  }

  static std::vector<const RunDevice*> devices_in(const BoundRoles& roles) {
    std::vector<const RunDevice*> all;
    for (const auto& [role, devices] : roles) all.insert(all.end(), devices.begin(), devices.end());
    return all;
  }

  // Safe actions close links, and links get lost; whoever comes next opens them again.
  void set_closed(const std::vector<const RunDevice*>& devices) {
    const std::lock_guard lock(mutex_);
    for (const auto* device : devices)
      if (!device->is_operator) closed_.insert(device->name);
  }

  Result<void> connect_again(Lane& lane, const std::vector<const RunDevice*>& devices) {
    for (const auto* device : devices) {
      {
        const std::lock_guard lock(mutex_);
        if (!closed_.contains(device->name)) continue;
      }
      auto outcome = lane.perform(device->channel, Connect{}, seconds(5));
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind != Outcome::Kind::done)
        return fail(Errc::lost, Blame::bench,
                    cat(device->name, " cannot be reached again: ", outcome->text,
                        "; check cable and supply"));
      const std::lock_guard lock(mutex_);
      closed_.erase(device->name);
    }
    return {};
  }

  // False when this world holds no such attempt.
  bool safe(std::size_t lane_index, const AttemptKey& key, bool& live) {
    auto devices = devices_of_lane(lane_index);
    const auto& actions = setup_.profile->safe;
    std::erase_if(devices, [&](const RunDevice* device) {
      return std::none_of(actions.begin(), actions.end(), [&](const SafeAction& action) {
        return action.device == device->spec->name;
      });
    });
    if (devices.empty()) return false;
    std::vector<ChannelId> channels;
    for (const auto* device : devices)
      if (!device->is_operator) channels.push_back(device->channel);
    auto lane = world_.begin(key, lane_index, channels, false);
    if (!lane) return false;
    set_exposed(lane_index, false);
    std::vector<Error> errors;
    (void)connect_again(**lane, devices);  // what cannot be reached shows in the actions
    const auto done =
        make_safe(**lane, actions, devices, world_.opens(key.step, key.sample), errors);
    for (const auto& action : actions)
      if (action.kind == SafeAction::Kind::disconnect)
        for (const auto* device : devices)
          if (device->spec->name == action.device) set_closed({device});
    live = world_.is_live(**lane);
    const auto ended = world_.end(**lane, key, errors.empty() ? "complete" : "error");
    const std::lock_guard lock(mutex_);
    for (const auto& text : done) notes_.push_back(cat("safe action ", key.sample, ": ", text));
    for (auto& error : errors) errors_.push_back(std::move(error));
    if (!ended) errors_.push_back(ended.error());
    return true;
  }

  void safe_after(const StepInstance& instance, const AttemptKey& key) {
    bool live = false;
    const auto after = cat("after ", key.step, "/", key.number, " ", key.sample);
    (void)safe(instance.lane, {"safe", after, 1}, live);
    if (instance.lane == 0)  // a step over all samples answers for each of them
      for (std::size_t lane = 1; lane < lane_names(*setup_.profile).size(); ++lane)
        (void)safe(lane, {"safe", cat(after, " #", lane), 1}, live);
  }

  // Each segment of a resumed run has made the devices safe once; the last one does so now.
  void safe_at_the_end(std::size_t lane) {
    if (!exposed_.contains(lane)) return;
    bool live = false;
    for (int number = 1; !live; ++number)
      if (!safe(lane, {"safe", cat("at the end, lane ", lane), number}, live)) return;
  }

  void set_exposed(std::size_t lane, bool exposed) {
    const std::lock_guard lock(mutex_);
    if (exposed)
      exposed_.insert(lane);
    else
      exposed_.erase(lane);
  }

  void add_error(const Error& error) {
    const std::lock_guard lock(mutex_);
    errors_.push_back(error);
  }
  void note_interrupted() {
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
  }

  const RunSetup& setup_;
  World& world_;
  Listener& listener_;
  const std::vector<StepInstance> instances_;
  std::vector<StepRecord> records_;
  std::vector<std::vector<PromptRecord>> prompts_;
  std::map<std::string, std::mutex> leases_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Finding> findings_;
  std::vector<std::string> notes_;
  std::vector<Error> errors_;
  std::set<std::string> closed_;   // devices whose link was closed and not opened again
  std::set<std::size_t> exposed_;  // lanes that had an attempt since their devices were made safe
  bool interrupted_ = false;
};

}  // namespace

RunOutcome run_steps(const RunSetup& setup, World& world, Listener& listener) {
  return Run(setup, world, listener).run();
}

std::vector<std::string> lane_names(const Profile& profile) {
  int samples = 1;
  for (const auto& device : profile.devices)
    if (device.role == DeviceRole::under_test) samples = std::max(samples, device.samples);
  std::vector<std::string> names{"all"};
  for (int i = 1; i <= samples; ++i) names.push_back(cat("sample ", i));
  return names;
}

std::vector<StepInstance> step_instances(const Profile& profile) {
  std::vector<StepInstance> instances;
  for (const auto& step : profile.steps) {
    const DeviceSpec* sample = nullptr;
    for (const auto& [role, names] : step.on)
      for (const auto& name : names)
        if (const auto* device = profile.device(name);
            device && device->role == DeviceRole::under_test && !sample)
          sample = device;
    if (!sample || step.all) {
      instances.push_back({&step, {}, 0, 0});
      continue;
    }
    for (int i = 0; i < sample->samples; ++i)
      instances.push_back({&step,
                           sample->samples == 1 ? sample->name : cat(sample->name, "#", i + 1),
                           static_cast<std::size_t>(i + 1), static_cast<std::size_t>(i)});
  }
  return instances;
}

}  // namespace carebench
