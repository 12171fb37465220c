#include "tests/support/markup_check.h"

#include <algorithm>
#include <cctype>

namespace carebench::test {
namespace {

class Checker {
 public:
  Checker(std::string_view text, const std::vector<std::string>& lone) : text_(text), lone_(lone) {}

  std::string problem() {
    while (at_ < text_.size() && problem_.empty()) {
      const char c = text_[at_];
      if (c == '<')
        tag();
      else if (c == '&')
        entity();
      else if (c == '>' && (open_.empty() || open_.back() != "style"))
        fail("a stray >");
      else
        ++at_;
    }
    if (problem_.empty() && !open_.empty()) fail("not closed: " + open_.back());
    return problem_;
  }

 private:
  void fail(std::string what) {
    if (!problem_.empty()) return;
    const std::size_t from = at_ < 60 ? 0 : at_ - 60;
    problem_ = std::move(what) + " near: " + std::string(text_.substr(from, 120));
  }
  bool take(std::string_view part) {
    if (!text_.substr(at_).starts_with(part)) return false;
    at_ += part.size();
    return true;
  }
  std::string name() {
    std::string out;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) ||
                                  text_[at_] == '-' || text_[at_] == ':'))
      out += text_[at_++];
    if (out.empty()) fail("a name is missing");
    return out;
  }
  void entity() {
    for (const std::string_view known : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#"})
      if (take(known)) return;
    fail("a bare &");
  }
  void tag() {
    if (take("<!DOCTYPE html>")) return;
    if (take("<?xml")) {
      at_ = std::min(text_.find("?>", at_), text_.size() - 2) + 2;
      return;
    }
    if (take("</")) {
      const std::string closing = name();
      if (open_.empty() || open_.back() != closing) return fail("closes wrongly: " + closing);
      open_.pop_back();
      if (!take(">")) fail("> is missing");
      return;
    }
    ++at_;
    const std::string opening = name();
    while (problem_.empty() && take(" ")) {
      if (text_.substr(at_).starts_with("/>")) break;
      name();
      if (!take("=\"")) return fail("an attribute without quotes");
      while (at_ < text_.size() && text_[at_] != '"' && problem_.empty()) {
        if (text_[at_] == '<') return fail("< in an attribute");
        if (text_[at_] == '&')
          entity();
        else
          ++at_;
      }
      ++at_;
    }
    if (take("/>")) return;
    if (!take(">")) return fail("> is missing");
    if (std::find(lone_.begin(), lone_.end(), opening) == lone_.end()) open_.push_back(opening);
  }

  std::string_view text_;
  const std::vector<std::string>& lone_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  std::string problem_;
};

}  // namespace

std::string markup_problem(std::string_view text, const std::vector<std::string>& lone) {
  return Checker(text, lone).problem();
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++count;
  return count;
}

}  // namespace carebench::test
