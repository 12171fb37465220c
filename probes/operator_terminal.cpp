#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>

#include "probes/operator.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr int look_for_stop_ms = 100;

class TerminalOperator final : public Operator {
 public:
  Result<Json> ask(const Prompt& prompt, std::stop_token stop) override {
    std::fprintf(stderr, "\n[%s] %s\n", prompt.id.c_str(), prompt.purpose.c_str());
    if (!prompt.steps.empty()) std::fprintf(stderr, "  do:       %s\n", prompt.steps.c_str());
    if (!prompt.look_for.empty()) std::fprintf(stderr, "  look for: %s\n", prompt.look_for.c_str());
    Json answer = Json::object();
    switch (prompt.kind) {
      case Prompt::Kind::confirm: {
        auto text = read("  done? [y/n] ", stop, [](std::string_view t) {
          return t == "y" || t == "n" ? "" : "answer y or n";
        });
        if (!text) return tl::unexpected(text.error());
        return answer.set("done", *text == "y");
      }
      case Prompt::Kind::text: {
        auto text = read("  text: ", stop,
                         [](std::string_view t) { return t.empty() ? "type the text" : ""; });
        if (!text) return tl::unexpected(text.error());
        return answer.set("text", *text);
      }
      case Prompt::Kind::reading:
        return reading(prompt, stop);
    }
    return answer;
  }

 private:
  Result<Json> reading(const Prompt& prompt, std::stop_token stop) {
    Json answer = Json::object();
    auto value = read(cat("  reading in ", prompt.unit, ": "), stop, [](std::string_view t) {
      return parse_double(t) ? "" : "a reading is a plain number, as 72.5";
    });
    if (!value) return tl::unexpected(value.error());
    answer.set("value", parse_double(*value).value_or(0)).set("unit", prompt.unit);
    const auto named = [](std::string_view t) { return t.empty() ? "type a name" : ""; };
    auto reader = read("  read by: ", stop, named);
    if (!reader) return tl::unexpected(reader.error());
    answer.set("reader", *reader);
    if (!prompt.second_reader) return answer;
    auto second = read("  confirmed by a second reader: ", stop, [&](std::string_view t) {
      return t.empty() ? "type a name" : t == *reader ? "a second reader is somebody else" : "";
    });
    if (!second) return tl::unexpected(second.error());
    return answer.set("second_reader", *second);
  }

  // Asks until `wrong` has nothing to say; looks for a stop while waiting.
  template <class Wrong>
  Result<std::string> read(const std::string& question, std::stop_token stop, Wrong wrong) {
    while (true) {
      std::fprintf(stderr, "%s", question.c_str());
      auto text = line(stop);
      if (!text) return text;
      const auto trimmed = std::string(trim(*text));
      const std::string_view complaint = wrong(trimmed);
      if (complaint.empty()) return trimmed;
      std::fprintf(stderr, "  %s\n", std::string(complaint).c_str());
    }
  }

  Result<std::string> line(std::stop_token stop) {
    while (true) {
      if (const auto end = pending_.find('\n'); end != std::string::npos) {
        auto text = pending_.substr(0, end);
        pending_.erase(0, end + 1);
        return text;
      }
      if (stop.stop_requested())
        return fail(Errc::interrupted, Blame::bench, "stopped by the user");
      pollfd fd{STDIN_FILENO, POLLIN, 0};
      if (::poll(&fd, 1, look_for_stop_ms) <= 0) continue;
      char chunk[512];
      const ssize_t n = ::read(STDIN_FILENO, chunk, sizeof chunk);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0)
        return fail(Errc::not_ready, Blame::bench, "the terminal was closed; nobody answers");
      pending_.append(chunk, static_cast<std::size_t>(n));
    }
  }

  std::string pending_;
};

}  // namespace

std::unique_ptr<Operator> terminal_operator() { return std::make_unique<TerminalOperator>(); }

}  // namespace carebench
