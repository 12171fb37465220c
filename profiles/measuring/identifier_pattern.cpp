#include "profiles/measuring/identifier_pattern.h"

#include "standards/vocab/text.h"

namespace carebench {
namespace {

using Set = std::bitset<256>;

constexpr std::size_t most_places = 1024;
constexpr std::size_t longest_text = 4096;

std::size_t index(char c) { return static_cast<unsigned char>(c); }

void add_range(Set& set, char from, char to) {
  for (std::size_t c = index(from); c <= index(to); ++c) set.set(c);
}

struct Counts {
  std::size_t least = 1, most = 1;
  bool endless = false;
};

class PatternReader {
 public:
  explicit PatternReader(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ >= text_.size(); }
  const std::string& problem() const { return problem_; }

  Set one_character() {
    const char c = text_[at_++];
    Set set;
    if (c == '[') return character_class();
    if (c == '\\') {
      escaped(set);
    } else if (c == '.') {
      add_range(set, ' ', '~');
    } else if (std::string_view("]{}()|^$*+?").find(c) != std::string_view::npos) {
      say(cat("'", c, "' stands for itself only as \\", c));
    } else {
      set.set(index(c));
    }
    return set;
  }

  Counts counts() {
    if (at_end()) return {};
    switch (text_[at_]) {
      case '?':
        ++at_;
        return {0, 1, false};
      case '*':
        ++at_;
        return {0, 0, true};
      case '+':
        ++at_;
        return {1, 1, true};
      case '{':
        return braces();
      default:
        return {};
    }
  }

 private:
  void say(std::string what) {
    if (problem_.empty())
      problem_ = cat("pattern \"", printable(text_), "\", character ", at_, ": ", what);
    at_ = text_.size();
  }

  void escaped(Set& set) {
    if (at_end()) return say("nothing follows the \\");
    const char c = text_[at_++];
    if (c == 'd') {
      add_range(set, '0', '9');
    } else if (std::string_view("\\.[]{}()|^$*+?-/").find(c) != std::string_view::npos) {
      set.set(index(c));
    } else {
      say(cat("\\", c, " is not known; there are \\d and escaped signs"));
    }
  }

  Set character_class() {
    Set set;
    const bool all_but = !at_end() && text_[at_] == '^';
    if (all_but) ++at_;
    bool any = false;
    while (!at_end() && text_[at_] != ']') {
      any = true;
      const char c = text_[at_++];
      if (c == '\\') {
        escaped(set);
      } else if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
        const char to = text_[at_ + 1];
        at_ += 2;
        if (index(to) < index(c)) say(cat("the range ", c, "-", to, " is the wrong way round"));
        add_range(set, c, to);
      } else {
        set.set(index(c));
      }
    }
    if (at_end()) {
      say("the class that starts with [ has no ]");
      return set;
    }
    ++at_;
    if (!any) say("an empty class fits nothing");
    return all_but ? ~set : set;
  }

  Counts braces() {
    const auto end = text_.find('}', at_);
    if (end == text_.npos) {
      say("the count that starts with { has no }");
      return {};
    }
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    const auto comma = inside.find(',');
    const auto least = parse_int(inside.substr(0, comma));
    const bool endless = comma != inside.npos && comma + 1 == inside.size();
    const auto most = comma == inside.npos || endless ? least : parse_int(inside.substr(comma + 1));
    const auto limit = static_cast<std::int64_t>(most_places);
    if (!least || !most || *least < 0 || *most < *least || *most > limit) {
      say("a count is written {3}, {2,8} or {2,}");
      return {};
    }
    at_ = end + 1;
    return {static_cast<std::size_t>(*least), static_cast<std::size_t>(*most), endless};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string problem_;
};

}  // namespace

Result<IdentifierPattern> IdentifierPattern::parse(std::string_view text) {
  IdentifierPattern pattern;
  PatternReader reader(text);
  while (!reader.at_end()) {
    Place place{reader.one_character()};
    const Counts counts = reader.counts();
    const std::size_t more = counts.most + (counts.endless ? 1 : 0);
    if (pattern.places_.size() + more > most_places)
      return fail(Errc::bad_input, Blame::profile,
                  cat("a pattern may ask for ", most_places, " characters at most"));
    for (std::size_t i = 0; i < counts.most; ++i) {
      place.optional = i >= counts.least;
      pattern.places_.push_back(place);
    }
    if (!counts.endless) continue;
    place.optional = place.repeats = true;
    pattern.places_.push_back(place);
  }
  if (!reader.problem().empty()) return fail(Errc::bad_input, Blame::profile, reader.problem());
  if (pattern.places_.empty())
    return fail(Errc::bad_input, Blame::profile, "an empty pattern fits no identifier");
  return pattern;
}

// All places the text may have come to are followed at once, one character after the other.
bool IdentifierPattern::matches(std::string_view text) const {
  if (text.size() > longest_text) return false;
  const std::size_t end = places_.size();
  std::vector<char> here(end + 1, 0), next(end + 1, 0);
  const auto skip_optional = [&](std::vector<char>& places) {
    for (std::size_t i = 0; i < end; ++i)
      if (places[i] && places_[i].optional) places[i + 1] = 1;
  };
  here[0] = 1;
  skip_optional(here);
  for (const char c : text) {
    std::fill(next.begin(), next.end(), char{0});
    for (std::size_t i = 0; i < end; ++i)
      if (here[i] && places_[i].set.test(index(c))) next[places_[i].repeats ? i : i + 1] = 1;
    skip_optional(next);
    here.swap(next);
  }
  return here[end] != 0;
}

}  // namespace carebench
