#include "profiles/measuring/listening.h"

#include "standards/vocab/text.h"

namespace carebench {

Progress::Progress(Context& context, Stamp begin, Duration length)
    : context_(context), begin_(begin), next_(begin), length_(length) {}

void Progress::put_off(Duration by) {
  begin_ = begin_ + by;
  next_ = next_ + by;
}

void Progress::tell(Stamp now) {
  next_ = now + Duration{length_.ns / 100 + 1};
  if (length_.ns > 0) context_.progress((now - begin_).seconds() / length_.seconds());
}

Result<void> pass_time(Context& context, Duration duration) {
  if (duration.ns <= 0) return {};
  const auto outcome = context.sleep(duration);
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->kind == Outcome::Kind::gap) return cut_off();
  return {};
}

tl::unexpected<Error> link_lost(const Port& port, std::string_view how) {
  return fail(Errc::lost, Blame::bench,
              cat("the link to ", port.device().name, " was lost in the middle of the step",
                  how.empty() ? "" : ": ", printable(how),
                  "; check cable and supply, then repeat the step"));
}

tl::unexpected<Error> cut_off() {
  return fail(Errc::interrupted, Blame::bench,
              "the bench was not listening for a while and this check cannot go on after that; "
              "repeat the step");
}

Result<void> done_or_error(const Port& port, const Result<Outcome>& outcome) {
  if (!outcome) return tl::unexpected(outcome.error());
  switch (outcome->kind) {
    case Outcome::Kind::lost:
      return link_lost(port, outcome->text);
    case Outcome::Kind::gap:
      return cut_off();
    case Outcome::Kind::refused:
      return fail(
          Errc::not_permitted, Blame::bench,
          cat(port.device().name, ": the link refused what was asked: ", printable(outcome->text)));
    case Outcome::Kind::timed_out:
      return fail(Errc::silent, Blame::bench,
                  cat(port.device().name, " took no octets: check flow control and wiring"));
    default:
      return {};
  }
}

}  // namespace carebench
