// The value half of json.h: access and writing. Reading is in json.cpp.
#include <cmath>

#include "standards/vocab/json.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

const Json& null_value() {
  static const Json value;
  return value;
}

void append_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at).value_or(U'\uFFFD');
    if (c == U'"' || c == U'\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == U'\n') {
      out += "\\n";
    } else if (c == U'\r') {
      out += "\\r";
    } else if (c == U'\t') {
      out += "\\t";
    } else if (c < 0x20) {
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
    } else {
      append_character(out, c);
    }
  }
  out += '"';
}

void append_double(std::string& out, double value) {
  if (std::isnan(value))
    out += "null";
  else if (std::isinf(value))
    out += value > 0 ? "\"inf\"" : "\"-inf\"";
  else
    out += number(value);
}

class Writer {
 public:
  Writer(std::string& out, int indent) : out_(out), indent_(indent) {}

  void value(const Json& json) {
    if (json.is_object())
      object(json.members());
    else if (json.is_array())
      array(json.items());
    else if (json.is_string())
      append_string(out_, json.string());
    else
      out_ += json.dump();
  }

 private:
  void line() {
    if (indent_ == 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_ * level_), ' ');
  }

  void object(const Json::Object& members) {
    if (members.empty()) {
      out_ += "{}";
      return;
    }
    out_ += '{';
    ++level_;
    for (const Json::Member& member : members) {
      if (&member != &members.front()) out_ += ',';
      line();
      append_string(out_, member.first);
      out_ += indent_ == 0 ? ":" : ": ";
      value(member.second);
    }
    --level_;
    line();
    out_ += '}';
  }

  void array(const Json::Array& items) {
    if (items.empty()) {
      out_ += "[]";
      return;
    }
    out_ += '[';
    ++level_;
    for (const Json& item : items) {
      if (&item != &items.front()) out_ += ',';
      line();
      value(item);
    }
    --level_;
    line();
    out_ += ']';
  }

  std::string& out_;
  int indent_;
  int level_ = 0;
};

}  // namespace

Json::Json() noexcept = default;
Json::~Json() = default;
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::Json(bool b) : value_(b) {}
Json::Json(double d) : value_(d) {}
Json::Json(Whole whole) : value_(whole.value) {}
Json::Json(std::string s) : value_(std::move(s)) {}
Json::Json(std::string_view s) : value_(std::string(s)) {}
Json::Json(const char* s) : value_(std::string(s)) {}
Json::Json(Array a) : value_(std::move(a)) {}
Json::Json(Object o) : value_(std::move(o)) {}
Json Json::array() { return Json(Array{}); }
Json Json::object() { return Json(Object{}); }

bool Json::boolean(bool fallback) const {
  const bool* value = std::get_if<bool>(&value_);
  return value ? *value : fallback;
}

double Json::number(double fallback) const {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  if (string() == "inf") return std::numeric_limits<double>::infinity();
  if (string() == "-inf") return -std::numeric_limits<double>::infinity();
  return fallback;
}

std::int64_t Json::integer(std::int64_t fallback) const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return *value;
  const auto* value = std::get_if<double>(&value_);
  if (value && std::abs(*value) < 9.2e18 && std::trunc(*value) == *value)
    return static_cast<std::int64_t>(*value);
  return fallback;
}

const std::string& Json::string() const {
  static const std::string none;
  const auto* value = std::get_if<std::string>(&value_);
  return value ? *value : none;
}

const Json::Array& Json::items() const {
  static const Array none;
  const auto* value = std::get_if<Array>(&value_);
  return value ? *value : none;
}

const Json::Object& Json::members() const {
  static const Object none;
  const auto* value = std::get_if<Object>(&value_);
  return value ? *value : none;
}

const Json& Json::operator[](std::string_view key) const {
  for (const Member& member : members())
    if (member.first == key) return member.second;
  return null_value();
}

bool Json::has(std::string_view key) const {
  for (const Member& member : members())
    if (member.first == key) return true;
  return false;
}

Json& Json::set(std::string_view key, Json value) {
  if (!is_object()) value_ = Object{};
  Object& object = std::get<Object>(value_);
  for (Member& member : object) {
    if (member.first != key) continue;
    member.second = std::move(value);
    return *this;
  }
  object.emplace_back(std::string(key), std::move(value));
  return *this;
}

Json& Json::set_if(std::string_view key, Json value) {
  const bool says_nothing = value.is_null() || (value.is_string() && value.string().empty()) ||
                            ((value.is_array() || value.is_object()) && value.size() == 0);
  if (!says_nothing) set(key, std::move(value));
  return *this;
}

void Json::push(Json value) {
  if (!is_array()) value_ = Array{};
  std::get<Array>(value_).push_back(std::move(value));
}

std::size_t Json::size() const { return is_object() ? members().size() : items().size(); }

std::string Json::dump(int indent) const {
  std::string out;
  if (is_null())
    out = "null";
  else if (const auto* truth = std::get_if<bool>(&value_))
    out = *truth ? "true" : "false";
  else if (const auto* integer = std::get_if<std::int64_t>(&value_))
    out = std::to_string(*integer);
  else if (const auto* real = std::get_if<double>(&value_))
    append_double(out, *real);
  else
    Writer(out, indent).value(*this);
  return out;
}

}  // namespace carebench
