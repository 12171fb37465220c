#include "probes/link.h"

#include <array>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::array<std::string_view, 5> op_names = {"connect", "disconnect", "write", "set_line",
                                                      "flush"};
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

Json to_json(const Op& op) {
  Json json = Json::object();
  json.set("op", to_string(kind_of(op)));
  if (const auto* write = std::get_if<Write>(&op)) json.set("octets", to_hex(write->octets));
  if (const auto* line = std::get_if<SetLine>(&op)) {
    if (line->baud) json.set("baud", *line->baud);
    if (line->mode) json.set("mode", *line->mode);
    if (line->dtr) json.set("dtr", *line->dtr);
    if (line->rts) json.set("rts", *line->rts);
    if (line->break_for) json.set("break_ns", line->break_for->ns);
  }
  return json;
}

std::optional<Op> op_from(const Json& json) {
  const auto kind = op_kind_from(json["op"].string());
  if (!kind) return {};
  switch (*kind) {
    case OpKind::connect:
      return Connect{};
    case OpKind::disconnect:
      return Disconnect{};
    case OpKind::flush:
      return Flush{};
    case OpKind::write: {
      auto octets = from_hex(json["octets"].string());
      if (!json["octets"].is_string() || !octets) return {};
      return Write{std::move(*octets)};
    }
    case OpKind::set_line:
      break;
  }
  SetLine line;
  if (json.has("baud")) line.baud = static_cast<int>(json["baud"].integer());
  if (json.has("mode")) line.mode = json["mode"].string();
  if (json.has("dtr")) line.dtr = json["dtr"].boolean();
  if (json.has("rts")) line.rts = json["rts"].boolean();
  if (json.has("break_ns")) line.break_for = nanoseconds(json["break_ns"].integer());
  return line;
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
