#include "standards/vocab/json.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>
#include <unordered_set>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t deepest = 64;
constexpr std::size_t largest_text = std::size_t{256} << 20;
constexpr std::size_t most_values = 8'000'000;
constexpr std::size_t few_members = 16;  // up to here a linear search for a key is the fastest

// A pointer that tells how far the parser has read: the SAX events carry no position.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor(const char* at, const char** reached) : at_(at), reached_(reached) {}
  reference operator*() const { return *at_; }
  Cursor& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  Cursor operator++(int) {
    Cursor old = *this;
    ++*this;
    return old;
  }
  bool operator==(const Cursor& other) const { return at_ == other.at_; }
  bool operator!=(const Cursor& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

// What nlohmann says, without its prefix: "... while parsing value - invalid literal; last read
// ..."
std::string plain_message(std::string_view what) {
  if (const auto at = what.find("] "); at != what.npos) what.remove_prefix(at + 2);
  if (const auto at = what.find(", column "); at != what.npos)
    if (const auto colon = what.find(": ", at); colon != what.npos) what.remove_prefix(colon + 2);
  if (what.starts_with("syntax error while parsing"))
    if (const auto at = what.find(" - "); at != what.npos) what.remove_prefix(at + 3);
  return "this is no JSON: " + printable(what);
}

class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return put(Json()); }
  bool boolean(bool b) override { return put(Json(b)); }
  bool number_integer(std::int64_t i) override { return put(Json(i)); }
  bool number_unsigned(std::uint64_t u) override {
    return u > INT64_MAX ? put(Json(static_cast<double>(u))) : put(Json(u));
  }
  bool number_float(double d, const std::string&) override { return put(Json(d)); }
  bool string(std::string& s) override { return put(Json(std::move(s))); }
  bool binary(binary_t&) override { return refuse("binary values are no JSON"); }
  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }

  bool key(std::string& text) override {
    Level& level = levels_.back();
    if (!remember(level, text))
      return refuse(cat("the key \"", printable(text), "\" stands twice"));
    level.members.emplace_back(std::move(text), Json());
    return true;
  }

  bool end_object() override {
    Json::Object members = std::move(levels_.back().members);
    levels_.pop_back();
    return put(Json(std::move(members)));
  }

  bool end_array() override {
    Json::Array items = std::move(levels_.back().items);
    levels_.pop_back();
    return put(Json(std::move(items)));
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    position_ = position;
    return refuse(plain_message(error.what()));
  }

  Json root;
  std::string problem;
  std::optional<std::size_t> position() const { return position_; }

 private:
  struct Level {
    bool is_object = false;
    Json::Object members;
    Json::Array items;
    std::unordered_set<std::string> keys;  // filled once there are many
  };

  bool refuse(std::string message) {
    if (problem.empty()) problem = std::move(message);
    return false;
  }

  bool open(bool is_object) {
    if (levels_.size() >= deepest)
      return refuse(cat("values are nested deeper than ", deepest, " levels"));
    levels_.push_back({});
    levels_.back().is_object = is_object;
    return true;
  }

  bool put(Json value) {
    if (++values_ > most_values) return refuse(cat("more than ", most_values, " values"));
    if (levels_.empty())
      root = std::move(value);
    else if (levels_.back().is_object)
      levels_.back().members.back().second = std::move(value);
    else
      levels_.back().items.push_back(std::move(value));
    return true;
  }

  static bool remember(Level& level, const std::string& key) {
    if (level.members.size() < few_members) {
      for (const Json::Member& member : level.members)
        if (member.first == key) return false;
      return true;
    }
    if (level.keys.empty())
      for (const Json::Member& member : level.members) level.keys.insert(member.first);
    return level.keys.insert(key).second;
  }

  std::vector<Level> levels_;
  std::size_t values_ = 0;
  std::optional<std::size_t> position_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view file) {
  Error error{Errc::bad_input, Blame::profile, {}, {std::string(file), 0, 0}, {}};
  if (text.size() > largest_text) {
    error.message = cat("larger than ", largest_text >> 20, " MiB");
    return tl::unexpected(std::move(error));
  }
  const char* reached = text.data();
  Builder builder;
  try {
    if (nlohmann::json::sax_parse(Cursor(text.data(), &reached),
                                  Cursor(text.data() + text.size(), &reached), &builder))
      return std::move(builder.root);
    error.message = std::move(builder.problem);
  } catch (const std::exception& e) {
    error.message = plain_message(e.what());
  }
  const auto read = static_cast<std::size_t>(reached - text.data());
  const std::size_t position = builder.position().value_or(read);
  const std::size_t offset = std::min(position, text.size()) - (position > 0 ? 1 : 0);
  std::tie(error.at.line, error.at.column) = line_and_column(text, offset);
  error.excerpt = excerpt(text, offset);
  return tl::unexpected(std::move(error));
}

}  // namespace carebench
