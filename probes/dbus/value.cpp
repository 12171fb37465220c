#include "probes/dbus/value.h"

#include <unistd.h>

namespace carebench::dbus {
namespace {

const Value no_value;
const std::string no_text;
const Values no_items;

constexpr std::string_view basic_types = "ybnqiuxtdsogh";

// Length of the complete type at the front; 0 when it is none.
std::size_t type_length(std::string_view signature, int arrays, int structures) {
  if (signature.empty() || arrays > 32 || structures > 32) return 0;
  const char first = signature[0];
  if (first == 'v' || basic_types.find(first) != basic_types.npos) return 1;
  if (first == 'a' && signature.size() > 1 && signature[1] == '{') {
    if (signature.size() < 5 || basic_types.find(signature[2]) == basic_types.npos) return 0;
    const std::size_t value = type_length(signature.substr(3), arrays + 1, structures + 1);
    return value && signature.substr(3 + value).starts_with('}') ? 4 + value : 0;
  }
  if (first == 'a') {
    const std::size_t element = type_length(signature.substr(1), arrays + 1, structures);
    return element ? 1 + element : 0;
  }
  if (first != '(') return 0;
  std::size_t at = 1;
  while (at < signature.size() && signature[at] != ')') {
    const std::size_t member = type_length(signature.substr(at), arrays, structures + 1);
    if (member == 0) return 0;
    at += member;
  }
  return at > 1 && at < signature.size() ? at + 1 : 0;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = other.release();
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

const Value& Value::inside() const {
  const Value* value = this;
  while (value->type == "v") value = &std::get<Values>(value->held).front();
  return *value;
}

bool Value::boolean(bool fallback) const {
  const Value& value = inside();
  return value.type == "b" ? std::get<std::int64_t>(value.held) != 0 : fallback;
}

std::int64_t Value::integer(std::int64_t fallback) const {
  const auto* integer = std::get_if<std::int64_t>(&inside().held);
  return integer ? *integer : fallback;
}

const std::string& Value::text() const {
  const auto* text = std::get_if<std::string>(&inside().held);
  return text ? *text : no_text;
}

ByteView Value::octets() const {
  const auto* octets = std::get_if<Bytes>(&inside().held);
  return octets ? ByteView(*octets) : ByteView();
}

const Values& Value::items() const {
  const auto* items = std::get_if<Values>(&inside().held);
  return items ? *items : no_items;
}

int Value::fd() const {
  const auto* fd = std::get_if<std::shared_ptr<Descriptor>>(&inside().held);
  return fd && *fd ? (*fd)->get() : -1;
}

const Value& Value::operator[](std::string_view key) const {
  const Value& dictionary = inside();
  if (!dictionary.type.starts_with("a{")) return no_value;
  const Values& items = dictionary.items();
  for (std::size_t i = 0; i + 1 < items.size(); i += 2)
    if (items[i].text() == key) return items[i + 1].inside();
  return no_value;
}

Value boolean(bool value) { return {"b", std::int64_t{value}}; }
Value integer(char type, std::int64_t value) { return {std::string(1, type), value}; }
Value text(std::string_view value) { return {"s", std::string(value)}; }
Value path(std::string_view value) { return {"o", std::string(value)}; }
Value octets(ByteView value) { return {"ay", Bytes(value.begin(), value.end())}; }
Value descriptor(Descriptor value) { return {"h", std::make_shared<Descriptor>(std::move(value))}; }
Value variant(Value value) { return {"v", Values{std::move(value)}}; }
Value array(std::string_view element, Values items) {
  return {std::string("a").append(element), std::move(items)};
}

Value texts(const std::vector<std::string>& values) {
  Values items;
  for (const auto& value : values) items.push_back(text(value));
  return array("s", std::move(items));
}

Value options(std::vector<std::pair<std::string, Value>> members) {
  Values items;
  for (auto& [key, value] : members) {
    items.push_back(text(key));
    items.push_back(variant(std::move(value)));
  }
  return array("{sv}", std::move(items));
}

std::string_view next_type(std::string_view& signature) {
  const std::string_view type = signature.substr(0, type_length(signature, 0, 0));
  signature.remove_prefix(type.size());
  return type;
}

std::optional<std::vector<std::string>> types_of(std::string_view signature) {
  if (signature.size() > 255) return std::nullopt;
  std::vector<std::string> types;
  while (!signature.empty()) {
    types.emplace_back(next_type(signature));
    if (types.back().empty()) return std::nullopt;
  }
  return types;
}

}  // namespace carebench::dbus
