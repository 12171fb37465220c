#include "profiles/run/session.h"

#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "probes/clock.h"
#include "probes/link_driver.h"
#include "profiles/run/own_limits.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

namespace fs = std::filesystem;

std::int64_t clock_ns(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

std::string utc_now() { return utc_text(clock_ns(CLOCK_REALTIME) / 1'000'000'000); }

std::string boot_id() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
}

Json clock_reading() {
  return Json::object()
      .set("monotonic_ns", clock_ns(CLOCK_MONOTONIC))
      .set("raw_ns", clock_ns(CLOCK_MONOTONIC_RAW))
      .set("realtime_ns", clock_ns(CLOCK_REALTIME))
      .set("boottime_ns", clock_ns(CLOCK_BOOTTIME))
      .set("boot_id", boot_id());
}

Error io_error(std::string_view what, const std::string& path, int error) {
  return {Errc::io, Blame::bench, cat(what, " ", path, ": ", std::strerror(error)), {}, {}};
}

// What a run works with, whether it begins or goes on.
struct Session {
  SessionOptions options;
  Inputs inputs;
  Profile profile;
  Job job;
  std::vector<RunDevice> devices;
  std::vector<std::string> only;
  std::shared_ptr<const Evidence> before;  // of a resumed run
  std::int64_t unix_base_ns = 0;
  bool virtual_time = false;
};

Result<void> load_files(Session& session, const std::string& profile, const std::string& job) {
  auto loaded = Profile::load(session.inputs, profile);
  if (!loaded) return tl::unexpected(loaded.error());
  session.profile = std::move(*loaded);
  if (job.empty()) return {};
  auto read = Job::load(session.inputs, job);
  if (!read) return tl::unexpected(read.error());
  session.job = std::move(*read);
  return check_job(session.profile, session.job);
}

Result<void> check_only(const Session& session) {
  std::vector<std::string> ids;
  for (const auto& step : session.profile.steps) ids.push_back(step.id);
  for (const auto& id : session.only)
    if (std::find(ids.begin(), ids.end(), id) == ids.end())
      return fail(Errc::usage, Blame::profile,
                  cat("the profile has no step \"", id, "\"", suggestion(id, ids)));
  return {};
}

Result<void> begin_new(Session& session) {
  const auto& options = session.options;
  session.inputs.set_test_date(local_date());
  if (auto added = add_limits(session.inputs, own_limits, options.limits); !added) return added;
  if (!options.profile_text.empty())
    session.inputs.put("profile", options.profile, options.profile_text);
  if (auto loaded = load_files(session, options.profile, options.job); !loaded) return loaded;
  session.only = options.only;
  if (auto known = check_only(session); !known) return known;
  auto devices = bind_devices(session.profile, options);
  if (!devices) return tl::unexpected(devices.error());
  session.devices = std::move(*devices);
  if (!options.answers.empty()) {
    auto read = session.inputs.document("answers", options.answers);
    if (!read) return tl::unexpected(read.error());
    if (auto sound = answers_operator(**read, nullptr); !sound)
      return tl::unexpected(sound.error());
  }
  for (const auto& device : session.devices)
    if (device.address.starts_with("sim:")) {
      session.virtual_time = true;
      const auto address = Address::parse(device.address);
      if (auto read = session.inputs.text("device", address->target); !read)
        return tl::unexpected(read.error());
    }
  std::error_code error;
  if (fs::exists(options.directory, error) && !fs::is_empty(options.directory, error))
    return fail(Errc::usage, Blame::profile,
                cat(options.directory,
                    " is there and not empty; name a new folder, or go on with "
                    "run --resume -o ",
                    options.directory));
  fs::create_directories(options.directory, error);
  if (error) return tl::unexpected(io_error("cannot create", options.directory, error.value()));
  session.unix_base_ns = clock_ns(CLOCK_REALTIME);
  return session.inputs.store(options.directory);
}

Result<void> go_on(Session& session) {
  const auto& directory = session.options.directory;
  auto evidence = Evidence::read(cat(directory, "/", evidence_name));
  if (!evidence) return tl::unexpected(evidence.error());
  session.before = *evidence;
  const Json& start = session.before->segments().front().start;
  auto inputs = Inputs::from_run(directory, start["inputs"]);
  if (!inputs) return tl::unexpected(inputs.error());
  session.inputs = std::move(*inputs);
  session.inputs.set_test_date(test_date_of(start));
  if (auto loaded = load_files(session, start["profile"].string(), start["job"].string()); !loaded)
    return loaded;
  auto devices = run_devices(session.profile, start["devices"]);
  if (!devices) return tl::unexpected(devices.error());
  session.devices = std::move(*devices);
  for (const auto& id : start["only"].items()) session.only.push_back(id.string());
  session.options.answers = start["answers"].string();
  session.virtual_time = start["virtual_time"].boolean();
  session.unix_base_ns = session.before->unix_base_ns();
  std::error_code error;
  fs::remove(cat(directory, "/", record_name), error);  // it told of a shorter run
  return {};
}

Json start_record(const Session& session) {
  Json devices = Json::array(), only = Json::array();
  for (const auto& device : session.devices)
    devices.push(Json::object()
                     .set("name", device.name)
                     .set("device", device.spec->name)
                     .set("sample", device.sample)
                     .set("address", device.address)
                     .set("operator", device.is_operator)
                     .set("given", device.given)
                     .set("channel", device.channel));
  for (const auto& id : session.only) only.push(id);
  utsname system{};
  uname(&system);
  const char* user = std::getenv("USER");
  const Json* first = session.before ? &session.before->segments().front().start : nullptr;
  return Json::object()
      .set("tool", "carebench")
      .set("version", session.options.version)
      .set("build", session.options.build)
      .set("host", static_cast<const char*>(system.nodename))
      .set("system", cat(system.sysname, " ", system.release, " ", system.machine))
      .set("operator", user ? user : "")
      .set("started", utc_now())
      .set("test_date", session.inputs.test_date())
      .set("unix_base_ns", session.unix_base_ns)
      .set("virtual_time", session.virtual_time)
      .set("profile", first ? (*first)["profile"].string() : session.options.profile)
      .set("job", first ? (*first)["job"].string() : session.options.job)
      .set("answers", session.options.answers)
      .set("only", std::move(only))
      .set("devices", std::move(devices))
      .set("inputs", session.inputs.listing());
}

EvidenceLayout layout_of(const Session& session) {
  EvidenceLayout layout;
  layout.lanes = lane_names(session.profile);
  for (const auto& device : session.devices) {
    if (device.is_operator) continue;
    const auto address = Address::parse(device.address);
    const OctetKind octets =
        address ? link_driver(address->scheme)->octets(*address) : OctetKind::stream;
    layout.channels.push_back({device.name, device.address, octets});
  }
  return layout;
}

Result<std::unique_ptr<Operator>> find_operator(Session& session) {
  std::unique_ptr<Operator> person;
  if (session.options.terminal) person = terminal_operator();
  if (session.options.answers.empty()) return person;
  auto answers = session.inputs.document("answers", session.options.answers);
  if (!answers) return tl::unexpected(answers.error());
  return answers_operator(**answers, std::move(person));
}

// Readings of the wall clock beside the run's own, every ten seconds.
std::jthread clock_reader(Recorder& recorder, Clock& clock) {
  return std::jthread([&recorder, &clock](std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, stop, std::chrono::seconds(10), [] { return false; }) &&
           !stop.stop_requested())
      recorder.event(EvidenceLayout::run, clock.now(),
                     Json::object().set("clock", clock_reading()));
  });
}

Result<void> run_live(Session& session, Listener& listener, std::stop_token stop,
                      RunOutcome& outcome) {
  std::unique_ptr<Clock> clock;
  const auto& before = session.before;
  const Stamp resumed = before ? before->last_stamp() : Stamp{};
  if (session.virtual_time) {
    clock = std::make_unique<VirtualClock>();
    clock->advance_to(resumed);
  } else {
    const Stamp by_wall_clock{clock_ns(CLOCK_REALTIME) - session.unix_base_ns};
    clock = std::make_unique<RealClock>(before ? std::max(by_wall_clock, resumed) : Stamp{});
  }
  auto person = find_operator(session);
  if (!person) return tl::unexpected(person.error());
  const Recorder::Resume resume{before ? before->whole_bytes() : 0,
                                before ? before->last_seq() + 1 : 1};
  auto recorder =
      Recorder::open(cat(session.options.directory, "/", evidence_name), layout_of(session),
                     session.unix_base_ns, before ? &resume : nullptr);
  if (!recorder) return tl::unexpected(recorder.error());
  Recorder& record = **recorder;
  record.event(EvidenceLayout::run, clock->now(),
               Json::object().set("start", start_record(session)));
  const auto read_clock = [&] {
    if (!session.virtual_time)
      record.event(EvidenceLayout::run, clock->now(), Json::object().set("clock", clock_reading()));
  };
  read_clock();
  if (auto kept = record.acknowledge(); !kept) return kept;

  Bench bench(record, *clock, person->get());
  std::vector<OpenEvidence> opens(record.layout().channels.size());
  for (const auto& device : session.devices) {
    if (device.is_operator) continue;
    const auto address = Address::parse(device.address);
    if (!address) return tl::unexpected(address.error());
    if (auto opened = bench.open(device.channel, *address); opened)
      opens[device.channel].facts = bench.facts(device.channel);
    else
      opens[device.channel].failed = opened.error();
  }
  std::jthread clocks;
  if (!session.virtual_time) clocks = clock_reader(record, *clock);

  RunSetup setup;
  setup.profile = &session.profile;
  setup.job = &session.job;
  setup.devices = session.devices;
  setup.only.insert(session.only.begin(), session.only.end());
  setup.inputs = &session.inputs;
  setup.unix_base_ns = session.unix_base_ns;
  const auto world =
      live_world(bench, record, std::move(opens), before, session.virtual_time, stop);
  outcome = run_steps(setup, *world, listener);

  bench.close_all();
  clocks = {};
  read_clock();
  if (stop.stop_requested())
    record.event(EvidenceLayout::run, clock->now(), Json::object().set("stop", "by the user"));
  record.event(EvidenceLayout::run, clock->now(),
               Json::object().set("end", Json::object().set("ended", utc_now())));
  return record.acknowledge();
}

// The derivation must reach what was seen live; anything else is a fault of the tool.
Result<void> same_findings(const RunOutcome& live, const RunRecord& derived) {
  for (std::size_t i = 0; i < live.steps.size() && i < derived.steps.size(); ++i)
    if (!(live.steps[i].finding == derived.steps[i].finding))
      return fail(Errc::diverged, Blame::tool,
                  cat("step ", live.steps[i].id, " came to ", to_string(live.steps[i].finding),
                      " live and to ", to_string(derived.steps[i].finding),
                      " from its evidence: a fault of carebench; keep the run directory"));
  return {};
}

}  // namespace

Result<void> write_whole(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".part";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return tl::unexpected(io_error("cannot write", path, errno));
  std::size_t written = 0;
  int error = 0;
  while (written < text.size() && error == 0) {
    const ssize_t n = ::write(fd, text.data() + written, text.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      error = errno;
    else
      written += static_cast<std::size_t>(n);
  }
  if (error == 0 && ::fdatasync(fd) != 0 && errno != EINVAL) error = errno;
  ::close(fd);
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return {};
  ::unlink(temporary.c_str());
  return tl::unexpected(io_error("cannot write", path, error));
}

Result<RunRecord> run_session(const SessionOptions& options, Listener& listener,
                              std::stop_token stop) {
  Session session;
  session.options = options;
  auto ready = options.resume ? go_on(session) : begin_new(session);
  if (!ready) return tl::unexpected(ready.error());
  RunOutcome outcome;
  if (auto ran = run_live(session, listener, stop, outcome); !ran)
    return tl::unexpected(ran.error());
  session.before.reset();
  auto derived = derive(options.directory);
  if (!derived) return tl::unexpected(derived.error());
  if (auto same = same_findings(outcome, derived->record); !same)
    return tl::unexpected(same.error());
  if (auto written =
          write_whole(cat(options.directory, "/", record_name), to_text(derived->record));
      !written)
    return tl::unexpected(written.error());
  return std::move(derived->record);
}

}  // namespace carebench
