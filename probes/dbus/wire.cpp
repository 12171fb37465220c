#include "probes/dbus/wire.h"

#include <algorithm>
#include <bit>

namespace carebench::dbus {
namespace {

enum Field : std::uint8_t {
  path_field = 1,
  interface_field,
  member_field,
  error_field,
  reply_field,
  destination_field,
  sender_field,
  signature_field,
  fds_field,
};

constexpr std::uint8_t no_reply_flag = 0x01;
constexpr int most_values = 100'000, most_depth = 64;

std::size_t alignment(char type) {
  switch (type) {
    case 'n':
    case 'q':
      return 2;
    case 'x':
    case 't':
    case 'd':
    case '(':
    case '{':
      return 8;
    case 'y':
    case 'g':
    case 'v':
      return 1;
    default:
      return 4;
  }
}

std::size_t width(char type) {
  switch (type) {
    case 'b':
    case 'i':
    case 'u':
    case 'h':
      return 4;
    default:
      return alignment(type);
  }
}

class Writer {
 public:
  Writer(Bytes& out, std::vector<int>& fds) : out_(out), fds_(fds) {}

  void pad(std::size_t to) { out_.resize((out_.size() + to - 1) / to * to); }
  void whole(std::uint64_t value, std::size_t octets) {
    pad(octets);
    for (std::size_t i = 0; i < octets; ++i)
      out_.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  }
  void words(std::string_view text, std::size_t length_octets) {
    whole(text.size(), length_octets);
    out_.insert(out_.end(), text.begin(), text.end());
    out_.push_back(0);
  }

  void value(const Value& value) {
    switch (value.type[0]) {
      case 's':
      case 'o':
        return words(value.text(), 4);
      case 'g':
        return words(value.text(), 1);
      case 'h':
        whole(fds_.size(), 4);
        fds_.push_back(value.fd());
        return;
      case 'd':
        return whole(std::bit_cast<std::uint64_t>(std::get<double>(value.held)), 8);
      case 'v':
        words(value.inside().type, 1);
        return this->value(value.inside());
      case '(':
        pad(8);
        for (const Value& member : value.items()) this->value(member);
        return;
      case 'a':
        return array(value);
      default:
        return whole(static_cast<std::uint64_t>(std::get<std::int64_t>(value.held)),
                     width(value.type[0]));
    }
  }

 private:
  void array(const Value& value) {
    whole(0, 4);
    const std::size_t length = out_.size() - 4;
    pad(alignment(value.type[1]));
    const std::size_t start = out_.size();
    if (value.type == "ay") {
      out_.insert(out_.end(), value.octets().begin(), value.octets().end());
    } else {
      const bool dictionary = value.type[1] == '{';
      const Values& items = value.items();
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (dictionary && i % 2 == 0) pad(8);
        this->value(items[i]);
      }
    }
    const auto size = static_cast<std::uint32_t>(out_.size() - start);
    for (std::size_t i = 0; i < 4; ++i) out_[length + i] = static_cast<std::uint8_t>(size >> 8 * i);
  }

  Bytes& out_;
  std::vector<int>& fds_;
};

class Reader {
 public:
  Reader(ByteView octets, bool little, std::vector<Descriptor>& fds)
      : octets_(octets), little_(little), fds_(fds) {}

  bool pad(std::size_t to) {
    const std::size_t next = (at_ + to - 1) / to * to;
    if (next > octets_.size()) return false;
    at_ = next;
    return true;
  }
  bool whole(std::size_t octets, std::uint64_t& value) {
    if (!pad(octets) || octets_.size() - at_ < octets) return false;
    value = 0;
    for (std::size_t i = 0; i < octets; ++i)
      value |= std::uint64_t{octets_[at_ + i]} << 8 * (little_ ? i : octets - 1 - i);
    at_ += octets;
    return true;
  }
  bool words(std::size_t length_octets, std::string& text) {
    std::uint64_t size = 0;
    if (!whole(length_octets, size) || size >= octets_.size() - at_) return false;
    const auto from = octets_.subspan(at_, size);
    if (octets_[at_ + size] != 0 || std::ranges::find(from, 0) != from.end()) return false;
    text = as_text(from);
    at_ += size + 1;
    return true;
  }

  bool value(std::string_view type, Value& value, int depth = 0) {
    if (++values_ > most_values || depth > most_depth) return false;
    value.type = type;
    std::uint64_t number = 0;
    switch (type[0]) {
      case 's':
      case 'o':
        return words(4, value.held.emplace<std::string>());
      case 'g':
        return words(1, value.held.emplace<std::string>());
      case 'h':
        if (!whole(4, number) || number >= fds_.size() || fds_[number].get() < 0) return false;
        value = descriptor(std::move(fds_[number]));
        return true;
      case 'd':
        if (!whole(8, number)) return false;
        value.held = std::bit_cast<double>(number);
        return true;
      case 'v':
        return variant(value, depth);
      case '(':
        return structure(type.substr(1, type.size() - 2), value, depth);
      case 'a':
        return array(type.substr(1), value, depth);
      default:
        if (!whole(width(type[0]), number)) return false;
        value.held = extended(type[0], number);
        return true;
    }
  }

 private:
  static std::int64_t extended(char type, std::uint64_t number) {
    if (type == 'n') return static_cast<std::int16_t>(number);
    if (type == 'i') return static_cast<std::int32_t>(number);
    return static_cast<std::int64_t>(number);
  }

  bool variant(Value& value, int depth) {
    std::string signature;
    if (!words(1, signature)) return false;
    std::string_view rest = signature;
    const std::string_view type = next_type(rest);
    if (type.empty() || !rest.empty()) return false;
    Values inside(1);
    if (!this->value(type, inside[0], depth + 1)) return false;
    value.held = std::move(inside);
    return true;
  }

  bool structure(std::string_view members, Value& value, int depth) {
    if (!pad(8)) return false;
    Values items;
    while (!members.empty())
      if (!this->value(next_type(members), items.emplace_back(), depth + 1)) return false;
    value.held = std::move(items);
    return true;
  }

  bool array(std::string_view element, Value& value, int depth) {
    std::uint64_t size = 0;
    if (!whole(4, size) || !pad(alignment(element[0])) || size > octets_.size() - at_) return false;
    const std::size_t end = at_ + size;
    if (element == "y") {
      const auto from = octets_.subspan(at_, size);
      value.held = Bytes(from.begin(), from.end());
      at_ = end;
      return true;
    }
    std::string_view entry = element[0] == '{' ? element.substr(1, element.size() - 2) : element;
    Values items;
    while (at_ < end) {
      if (element[0] == '{' && !pad(8)) return false;
      for (std::string_view rest = entry; !rest.empty();)
        if (!this->value(next_type(rest), items.emplace_back(), depth + 1)) return false;
    }
    value.held = std::move(items);
    return at_ == end;
  }

  ByteView octets_;
  bool little_;
  std::vector<Descriptor>& fds_;
  std::size_t at_ = 0;
  int values_ = 0;
};

std::uint32_t word(ByteView octets, std::size_t at, bool little) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value |= std::uint32_t{octets[at + i]} << 8 * (little ? i : 3 - i);
  return value;
}

bool take_fields(const Value& fields, Message& message, std::string& signature) {
  for (const Value& field : fields.items()) {
    const Value& value = field.items()[1].inside();
    const auto code = field.items()[0].integer();
    const bool number = code == reply_field || code == fds_field;
    const char* type = number                    ? "u"
                       : code == path_field      ? "o"
                       : code == signature_field ? "g"
                                                 : "s";
    if (code >= path_field && code <= fds_field && value.type != type) return false;
    if (code == path_field) message.path = value.text();
    if (code == interface_field) message.interface = value.text();
    if (code == member_field) message.member = value.text();
    if (code == error_field) message.error = value.text();
    if (code == reply_field) message.reply_to = static_cast<std::uint32_t>(value.integer());
    if (code == destination_field) message.destination = value.text();
    if (code == sender_field) message.sender = value.text();
    if (code == signature_field) signature = value.text();
  }
  return true;
}

}  // namespace

std::string Message::signature() const {
  std::string types;
  for (const Value& value : body) types += value.type;
  return types;
}

Message Message::answer(Values values) const {
  Message reply;
  reply.type = Type::reply;
  reply.no_reply = no_reply;
  reply.reply_to = serial;
  reply.destination = sender;
  reply.body = std::move(values);
  return reply;
}

Message Message::refusal(std::string_view name, std::string_view words) const {
  Message reply = answer({text(words)});
  reply.type = Type::error;
  reply.error = name;
  return reply;
}

Bytes encode(const Message& message, std::vector<int>& fds) {
  Bytes body;
  Writer inside(body, fds);
  for (const Value& value : message.body) inside.value(value);

  Values fields;
  const auto add = [&](Field code, Value value) {
    fields.push_back({"(yv)", Values{integer('y', code), variant(std::move(value))}});
  };
  if (!message.path.empty()) add(path_field, path(message.path));
  if (!message.interface.empty()) add(interface_field, text(message.interface));
  if (!message.member.empty()) add(member_field, text(message.member));
  if (!message.error.empty()) add(error_field, text(message.error));
  if (message.reply_to) add(reply_field, integer('u', message.reply_to));
  if (!message.destination.empty()) add(destination_field, text(message.destination));
  if (!message.body.empty()) add(signature_field, {"g", message.signature()});
  if (!fds.empty()) add(fds_field, integer('u', static_cast<std::int64_t>(fds.size())));

  Bytes out = {'l', static_cast<std::uint8_t>(message.type),
               message.no_reply ? no_reply_flag : std::uint8_t{0}, 1};
  std::vector<int> none;
  Writer writer(out, none);
  writer.whole(body.size(), 4);
  writer.whole(message.serial, 4);
  writer.value(array("(yv)", std::move(fields)));
  writer.pad(8);
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

std::size_t message_size(ByteView fixed) {
  if (fixed.size() < fixed_header || (fixed[0] != 'l' && fixed[0] != 'B') || fixed[3] != 1)
    return 0;
  const bool little = fixed[0] == 'l';
  const std::size_t fields = word(fixed, 12, little), body = word(fixed, 4, little);
  if (fields > most_message || body > most_message) return 0;
  const std::size_t size = (fixed_header + fields + 7) / 8 * 8 + body;
  return size > most_message ? 0 : size;
}

bool decode(ByteView octets, std::vector<Descriptor>& fds, Message& message) {
  if (octets.size() < fixed_header || message_size(octets) != octets.size()) return false;
  const bool little = octets[0] == 'l';
  if (octets[1] < 1 || octets[1] > 4) return false;
  message = {};
  message.type = static_cast<Message::Type>(octets[1]);
  message.no_reply = octets[2] & no_reply_flag;
  message.serial = word(octets, 8, little);
  const std::size_t body_size = word(octets, 4, little);
  // The fields' array stands where a message of its own would have it aligned as well.
  std::vector<Descriptor> none;
  Reader header(octets.first(octets.size() - body_size).subspan(8), little, none);
  std::uint64_t skipped = 0;
  Value fields;
  std::string signature;
  if (!header.whole(4, skipped) || !header.value("a(yv)", fields) ||
      !take_fields(fields, message, signature))
    return false;
  const auto types = types_of(signature);
  if (!types) return false;
  Reader body(octets.last(body_size), little, fds);
  for (const std::string& type : *types)
    if (!body.value(type, message.body.emplace_back())) return false;
  return true;
}

}  // namespace carebench::dbus
