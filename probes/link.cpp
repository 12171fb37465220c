#include "probes/link.h"

#include <algorithm>
#include <array>
#include <span>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::array<std::string_view, 14> op_names = {
    "connect",    "disconnect",  "write",     "set_line", "flush",      "discover", "status",
    "read_value", "write_value", "subscribe", "pair",     "pair_reply", "unpair",   "scan"};
constexpr std::array<std::string_view, 3> write_modes = {"request", "command", "reliable"};
constexpr std::array<std::string_view, 3> subscribe_modes = {"off", "acquire", "start"};
constexpr std::array<std::string_view, 7> outcome_names = {"done", "frame", "timed_out", "refused",
                                                           "lost", "gap",   "answered"};

}  // namespace

OpKind kind_of(const Op& op) { return static_cast<OpKind>(op.index()); }

std::string_view to_string(OpKind kind) { return op_names[static_cast<std::size_t>(kind)]; }

std::string_view to_string(Outcome::Kind kind) {
  return outcome_names[static_cast<std::size_t>(kind)];
}

std::optional<OpKind> op_kind_from(std::string_view text) {
  for (std::size_t i = 0; i < op_names.size(); ++i) {
    if (op_names[i] == text) return static_cast<OpKind>(i);
  }
  return {};
}

std::string_view to_string(WriteValue::Mode mode) {
  return write_modes[static_cast<std::size_t>(mode)];
}

std::string_view to_string(Subscribe::Mode mode) {
  return subscribe_modes[static_cast<std::size_t>(mode)];
}

namespace {

// What an operation is besides its name.
struct Describe {
  Json& json;
  void operator()(const Write& op) { json.set("octets", to_hex(op.octets)); }
  void operator()(const SetLine& op) {
    if (op.baud) json.set("baud", *op.baud);
    if (op.mode) json.set("mode", *op.mode);
    if (op.dtr) json.set("dtr", *op.dtr);
    if (op.rts) json.set("rts", *op.rts);
    if (op.break_for) json.set("break_ns", op.break_for->ns);
  }
  void operator()(const ReadValue& op) { json.set("attribute", op.attribute); }
  void operator()(const WriteValue& op) {
    json.set("attribute", op.attribute).set("octets", to_hex(op.octets));
    json.set("mode", to_string(op.mode));
  }
  void operator()(const Subscribe& op) {
    json.set("attribute", op.attribute).set("mode", to_string(op.mode));
  }
  void operator()(const Pair& op) { json.set("capability", op.capability); }
  void operator()(const PairReply& op) {
    json.set("accept", op.accept);
    json.set_if("passkey", op.passkey);
  }
  void operator()(const Scan& op) { json.set("on", op.on); }
  template <class Plain>
  void operator()(const Plain&) {}
};

template <class Mode>
std::optional<Mode> mode_from(std::span<const std::string_view> names, std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return {};
  return static_cast<Mode>(found - names.begin());
}

SetLine line_from(const Json& json) {
  SetLine line;
  if (json.has("baud")) line.baud = static_cast<int>(json["baud"].integer());
  if (json.has("mode")) line.mode = json["mode"].string();
  if (json.has("dtr")) line.dtr = json["dtr"].boolean();
  if (json.has("rts")) line.rts = json["rts"].boolean();
  if (json.has("break_ns")) line.break_for = nanoseconds(json["break_ns"].integer());
  return line;
}

}  // namespace

Json to_json(const Op& op) {
  Json json = Json::object();
  json.set("op", to_string(kind_of(op)));
  std::visit(Describe{json}, op);
  return json;
}

std::optional<Op> op_from(const Json& json) {
  const auto kind = op_kind_from(json["op"].string());
  if (!kind) return {};
  const auto octets = [&] {
    return json["octets"].is_string() ? from_hex(json["octets"].string()) : std::nullopt;
  };
  const std::string attribute = json["attribute"].string();
  switch (*kind) {
    case OpKind::connect:
      return Connect{};
    case OpKind::disconnect:
      return Disconnect{};
    case OpKind::flush:
      return Flush{};
    case OpKind::write:
      if (auto written = octets()) return Write{std::move(*written)};
      return {};
    case OpKind::set_line:
      return line_from(json);
    case OpKind::discover:
      return Discover{};
    case OpKind::status:
      return Status{};
    case OpKind::read_value:
      return ReadValue{attribute};
    case OpKind::write_value: {
      auto written = octets();
      const auto mode = mode_from<WriteValue::Mode>(write_modes, json["mode"].string());
      if (!written || !mode) return {};
      return WriteValue{attribute, std::move(*written), *mode};
    }
    case OpKind::subscribe: {
      const auto mode = mode_from<Subscribe::Mode>(subscribe_modes, json["mode"].string());
      if (!mode) return {};
      return Subscribe{attribute, *mode};
    }
    case OpKind::pair:
      return Pair{json["capability"].string()};
    case OpKind::pair_reply:
      return PairReply{json["accept"].boolean(), json["passkey"].string()};
    case OpKind::unpair:
      return Unpair{};
    case OpKind::scan:
      return Scan{json["on"].boolean()};
  }
  return {};
}

Link::Performed Link::cannot(const Op& op) {
  return {Outcome::Kind::refused, cat("this link cannot ", to_string(kind_of(op)))};
}

Json to_json(const Facts& facts) {
  Json supports = Json::array();
  for (const OpKind kind : facts.supports) supports.push(to_string(kind));
  Json json = Json::object();
  json.set("transport", facts.transport);
  json.set("address", facts.address);
  json.set("simulated", facts.simulated);
  json.set("supports", std::move(supports));
  json.set("stamp_source", facts.stamp_source);
  json.set("stamp_uncertainty_ns", facts.stamp_uncertainty.ns);
  json.set("details", facts.details);
  return json;
}

Facts facts_from(const Json& json) {
  Facts facts;
  facts.transport = json["transport"].string();
  facts.address = json["address"].string();
  facts.simulated = json["simulated"].boolean();
  for (const Json& name : json["supports"].items()) {
    if (const auto kind = op_kind_from(name.string())) facts.supports.push_back(*kind);
  }
  facts.stamp_source = json["stamp_source"].string();
  facts.stamp_uncertainty = nanoseconds(json["stamp_uncertainty_ns"].integer());
  facts.details = json["details"];
  return facts;
}

}  // namespace carebench
