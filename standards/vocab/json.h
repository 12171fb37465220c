// A JSON value with ordered keys. Writing is deterministic: numbers carry 12 significant digits,
// the same value always gives the same bytes. Reading is bounded in depth and size.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "standards/vocab/error.h"

namespace carebench {

class Json {
  struct Whole {
    std::int64_t value;
  };

 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  // Defined in json_value.cpp: a variant this deep, inlined everywhere, costs minutes of build
  // time.
  Json() noexcept;  // null
  ~Json();
  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  Json(std::nullptr_t) : Json() {}
  Json(bool b);
  Json(double d);  // NaN and infinities are written as null, "inf" or "-inf"
  template <class Int>
  requires(std::is_integral_v<Int> && !std::is_same_v<Int, bool>) Json(Int i)
      : Json(Whole{static_cast<std::int64_t>(i)}) {}
  Json(std::string s);
  Json(std::string_view s);
  Json(const char* s);
  static Json array();
  static Json object();
  explicit Json(Array a);
  explicit Json(Object o);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_number() const {
    return std::holds_alternative<double>(value_) || std::holds_alternative<std::int64_t>(value_);
  }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }

  // Typed reads; the fallback when the value is of another type.
  bool boolean(bool fallback = false) const;
  double number(double fallback = 0) const;  // also reads "inf" and "-inf"
  std::int64_t integer(std::int64_t fallback = 0) const;
  const std::string& string() const;  // "" when it is none
  const Array& items() const;         // empty when it is no array
  const Object& members() const;      // empty when it is no object

  // Object access: null when the key is missing or this is no object.
  const Json& operator[](std::string_view key) const;
  bool has(std::string_view key) const;
  // Appends a member (or replaces an existing one); turns null into an object.
  Json& set(std::string_view key, Json value);
  // Appends the member only when `value` says something: not null, "", [] or {}.
  Json& set_if(std::string_view key, Json value);
  void push(Json value);  // turns null into an array
  std::size_t size() const;

  // indent 0: one line, no blanks. Otherwise pretty with that many blanks per level.
  std::string dump(int indent = 0) const;

 private:
  explicit Json(Whole whole);
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

// `file` names the origin in errors. Refuses duplicate keys, depth > 64, bad UTF-8, trailing text.
Result<Json> parse_json(std::string_view text, std::string_view file = "json");

}  // namespace carebench
