// A D-Bus value of any type (D-Bus Specification, "Type System"), as it is sent and received.
// Containers hold their elements in `items`: an array its elements, a structure its members, a
// dictionary key, value, key, value …, a variant the one value inside. An array of octets ("ay") is
// kept as octets.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "standards/vocab/bytes.h"

namespace carebench::dbus {

// A descriptor that came or goes with a message; closed with its last owner.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

struct Value;
using Values = std::vector<Value>;

struct Value {
  std::string type;  // signature of one complete type: "s", "ay", "a{sv}"; "" = no value
  std::variant<std::monostate, std::int64_t, double, std::string, Bytes,
               std::shared_ptr<Descriptor>, Values>
      held{};

  // Typed reads, through variants; the fallback when the value is of another type.
  bool boolean(bool fallback = false) const;
  std::int64_t integer(std::int64_t fallback = 0) const;
  const std::string& text() const;  // of "s", "o" and "g"; "" when it is none
  ByteView octets() const;          // of "ay"; empty when it is none
  const Values& items() const;      // of containers; empty when it is none
  int fd() const;                   // of "h", still owned by the value; -1 when it is none
  // Of a dictionary with text keys: what stands there, without its variant. No value when there is
  // no such key.
  const Value& operator[](std::string_view key) const;
  bool empty() const { return type.empty(); }
  const Value& inside() const;  // itself, or what a variant holds
  bool operator==(const Value&) const = default;
};

Value boolean(bool value);
Value integer(char type, std::int64_t value);  // y n q i u x t
Value text(std::string_view value);
Value path(std::string_view value);
Value octets(ByteView value);
Value descriptor(Descriptor value);
Value variant(Value value);
Value array(std::string_view element, Values items);  // array("s", {text("a")})
Value texts(const std::vector<std::string>& values);  // "as"
// "a{sv}": the values are put into variants.
Value options(std::vector<std::pair<std::string, Value>> members);

// The first complete type of a signature, cut from it; "" when it is malformed or deeper than D-Bus
// allows (32 arrays and 32 structures).
std::string_view next_type(std::string_view& signature);
// All complete types; nothing when it is malformed or longer than 255.
std::optional<std::vector<std::string>> types_of(std::string_view signature);

}  // namespace carebench::dbus
