// Is there a debug console on the device's serial line? The bench listens while the port is opened
// (or the device switched on), then sends a carriage return, then harmless commands that consoles
// answer. ETSI EN 303 645 5.6-4 (5.6-4A/B in the V3 series): a debug interface that can be reached
// shall be disabled in software. A login prompt is a debug interface that is not disabled, so it is
// expected to be absent as well; credentials are never tried. Frames of the device's own protocol
// are taken out before anything is looked for.
#include <array>
#include <set>

#include "profiles/measuring/console_signs.h"
#include "profiles/measuring/identity.h"
#include "profiles/measuring/listening.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
constexpr OpKind needs[] = {OpKind::connect, OpKind::disconnect, OpKind::write};

constexpr ParamSpec params[] = {
    {"boot", ParamKind::text, false, "reconnect",
     "what makes the device boot: reconnect (close and open the port), operator (switched off and "
     "on by hand) or none"},
    {"listen", ParamKind::duration, false, "5 s", "how long to listen before anything is sent"},
    {"answer_time", ParamKind::duration, false, "1 s", "how long to wait for each answer"},
    {"commands", ParamKind::texts, false, "[help, \"?\", AT, ATI, id, ls, version, printenv]",
     "what is typed, one after the other; none of them may change anything"},
    {"line_end", ParamKind::text, false, "crlf", "after each of them: cr, lf or crlf"},
};

constexpr Output outputs[] = {
    {"boot_banner", OutputKind::truth, "",
     "a boot loader, kernel or runtime told its name or version", false},
    {"boot_loader_prompt", OutputKind::truth, "",
     "a boot loader waits for commands, or offers to be stopped", false},
    {"shell_prompt", OutputKind::truth, "", "a shell or interpreter waits for commands", false},
    {"login_prompt", OutputKind::truth, "", "a console asks for a name or a password", false},
    {"debug_command_answered", OutputKind::truth, "",
     "a command got a readable answer that is no echo and did not come unasked as well", false},
    {"frames_heard",
     OutputKind::number,
     "1",
     "sound frames of the device's protocol meanwhile: the device was alive; only where it has one",
     {}},
};

constexpr std::size_t most_commands = 50;
constexpr std::size_t most_octets = std::size_t{4} << 20;  // in one go, from a hostile device
constexpr Duration quiet_after = milliseconds(200);

std::string_view line_end(std::string_view name) {
  return name == "cr" ? "\r" : name == "lf" ? "\n" : "\r\n";
}

void lint(const StepView& step, Problems& problems) {
  static constexpr std::string_view boots[] = {"reconnect", "operator", "none"};
  static constexpr std::string_view ends[] = {"cr", "lf", "crlf"};
  const auto one_of = [&](std::string_view param, std::span<const std::string_view> allowed) {
    const std::string& text = step.with.text(param);
    if (std::find(allowed.begin(), allowed.end(), text) == allowed.end())
      step.with.problem(
          param, step.at,
          cat("\"", text, "\" is none of ", join({allowed.begin(), allowed.end()}, ", "),
              suggestion(text, allowed)),
          problems);
  };
  one_of("boot", boots);
  one_of("line_end", ends);
  if (step.with.texts("commands").size() > most_commands)
    step.with.problem("commands", step.at, cat("more than ", most_commands, " commands"), problems);
  for (const std::string& command : step.with.texts("commands"))
    if (command.find_first_of("\r\n") != command.npos)
      step.with.problem("commands", step.at, "a command is one line", problems);
}

class Console {
 public:
  Console(Context& context, Port& port)
      : context_(context), port_(port), unframed_(port.protocol()) {}

  Result<void> boot() {
    const std::string& how = context_.with().text("boot");
    if (how == "operator") return switched_on();
    if (how == "none") return {};
    auto closed = port_.perform(Disconnect{});
    if (auto done = done_or_error(port_, closed); !done) return done;
    if (auto flushed = port_.flush(); !flushed) return tl::unexpected(flushed.error());
    if (auto waited = pass_time(context_, milliseconds(500)); !waited) return waited;
    return done_or_error(port_, port_.perform(Connect{}));
  }

  // Listens, and looks for signs; gives the readable lines that came.
  Result<std::vector<std::string>> listen(Duration time, std::string_view sent) {
    const Stamp end = port_.now() + time;
    Stamp last = port_.now();
    SeqRange range;
    std::size_t octets = 0;
    while (port_.now() < end && octets < most_octets) {
      const auto outcome = port_.next(end);
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::gap) return cut_off();
      range.extend(outcome->seq);
      if (outcome->kind == Outcome::Kind::lost) {
        if (auto opened = open_again(outcome->text); !opened) return tl::unexpected(opened.error());
        break;
      }
      if (outcome->kind != Outcome::Kind::frame) continue;
      octets += outcome->octets.size();
      heard_anything_ = true;
      last = outcome->stamp;
      unframed_.feed(outcome->octets);
    }
    const std::string text = unframed_.take(port_.now() - last >= quiet_after);
    widen(all_, range);
    for (const ConsoleFind& find : find_console_signs(text, sent)) {
      Seen& seen = seen_[static_cast<std::size_t>(find.sign)];
      if (seen.count++ == 0) seen.line = find.line;
      widen(seen.evidence, range);
    }
    last_range_ = range;
    return readable_lines(text, sent);
  }

  Result<void> passively() {
    const auto lines = listen(context_.with().duration("listen"), {});
    if (!lines) return tl::unexpected(lines.error());
    for (const std::string& line : *lines) unasked_.insert(line_shape(line));
    return {};
  }

  Result<void> type(std::string_view command, std::string_view end) {
    const std::string sent = cat(command, end);
    auto written = port_.write(as_bytes(sent));
    if (written && written->kind == Outcome::Kind::lost) {
      if (auto opened = open_again(written->text); !opened) return opened;
      written = port_.write(as_bytes(sent));
    }
    if (auto done = done_or_error(port_, written); !done) return done;
    const auto lines = listen(context_.with().duration("answer_time"), command);
    if (!lines) return tl::unexpected(lines.error());
    if (command.empty()) return {};
    for (const std::string& line : *lines) {
      if (unasked_.contains(line_shape(line)) || !find_console_signs(line).empty()) continue;
      if (answered_.count++ == 0) answered_.line = cat(command, " -> ", line);
      widen(answered_.evidence, last_range_);
      answered_.evidence.extend(written->seq);
    }
    return {};
  }

  void emit() {
    const Protocol* protocol = port_.protocol();
    const bool framed = protocol && !protocol->is_register_map();
    if (framed)
      context_.number("frames_heard", static_cast<double>(unframed_.frames()), 0, 0, all_);
    // A device that speaks of its own accord and is silent now shows nothing about its console.
    if (framed && !heard_anything_) {
      context_.note("nothing at all was heard: the line may be dead, so nothing is said");
      return;
    }
    say("boot_banner", seen_[static_cast<std::size_t>(ConsoleSign::boot_banner)]);
    say("boot_loader_prompt", seen_[static_cast<std::size_t>(ConsoleSign::boot_loader_prompt)]);
    say("shell_prompt", seen_[static_cast<std::size_t>(ConsoleSign::shell_prompt)]);
    say("login_prompt", seen_[static_cast<std::size_t>(ConsoleSign::login_prompt)]);
    say("debug_command_answered", answered_);
  }

 private:
  struct Seen {
    std::int64_t count = 0;
    std::string line;
    SeqRange evidence;
  };

  // A server that drops a TCP connection on nonsense does well; on a serial line the device is
  // gone.
  Result<void> open_again(std::string_view how) {
    if (port_.facts().transport != "tcp") return link_lost(port_, how);
    if (auto closed = port_.perform(Disconnect{}); !closed) return tl::unexpected(closed.error());
    return done_or_error(port_, port_.perform(Connect{}));
  }

  Result<void> switched_on() {
    Prompt prompt;
    prompt.id = cat("boot/", port_.name());
    prompt.purpose = "监听设备启动时的输出 / hear what the device says when it starts";
    prompt.steps = cat("关闭 ", port_.name(), "，等待 5 s 后开机，然后确认 / switch ", port_.name(),
                       " off, wait 5 s, switch it on, then confirm");
    prompt.look_for = "设备已启动 / the device has started";
    const auto answer = context_.ask(prompt);
    if (!answer) return tl::unexpected(answer.error());
    if ((*answer)["done"].boolean()) return {};
    return fail(Errc::not_ready, Blame::bench,
                "the operator did not switch the device off and on; repeat the step");
  }

  void say(std::string_view output, const Seen& seen) {
    context_.truth(output, seen.count > 0, seen.count > 0 ? seen.evidence : all_, seen.line);
  }

  Context& context_;
  Port& port_;
  UnframedText unframed_;
  std::array<Seen, console_signs> seen_;
  Seen answered_;
  std::set<std::string> unasked_;  // shapes of lines that come without being asked for
  SeqRange all_, last_range_;
  bool heard_anything_ = false;
};

Result<void> run(Context& context) {
  Port& port = context.port("test");
  Console console(context, port);
  if (auto done = console.boot(); !done) return done;
  if (auto done = console.passively(); !done) return done;
  if (auto done = console.type("", "\r"); !done) return done;
  const auto& commands = context.with().texts("commands");
  for (std::size_t i = 0; i < commands.size(); ++i) {
    context.progress(static_cast<double>(i) / static_cast<double>(commands.size()));
    if (auto done = console.type(commands[i], line_end(context.with().text("line_end"))); !done)
      return done;
  }
  console.emit();
  return {};
}

}  // namespace

extern const Check security_serial_console;
const Check security_serial_console{
    .id = "security/serial_console",
    .revision = 1,
    .summary = "no boot messages, prompts or debug commands on the serial line",
    .roles = roles,
    .needs = needs,
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
