// The GATT part of the protocol reader: attributes, methods, fields of adopted characteristics.
#include <algorithm>
#include <array>
#include <cmath>

#include "probes/gatt/characteristic.h"
#include "probes/protocol_parse.h"
#include "standards/vocab/text.h"

namespace carebench::protocol_parse {
namespace {

constexpr std::array<std::string_view, 4> methods = {"notify", "indicate", "read", "write"};
constexpr std::array<std::string_view, 3> sources = {"characteristic", "service_data",
                                                     "manufacturer_data"};

void characteristic(const yaml::Node& node, GattBinding& binding, Problems& problems) {
  const auto path = AttributePath::parse(yaml::to_text(node, problems));
  if (!path)
    node.problem(problems, path.error().message);
  else if (path->descriptor)
    node.problem(problems, "a message is the value of a characteristic, not of its descriptor");
  else
    binding.attribute = *path;
}

void advertised(const yaml::Node& node, GattBinding& binding, Problems& problems) {
  const std::string text = yaml::to_text(node, problems);
  const auto uuid = Uuid::parse(text);
  if (!uuid || (binding.method == GattMethod::manufacturer_data && !uuid->assigned()))
    node.problem(problems, cat("\"", printable(text),
                               binding.method == GattMethod::service_data
                                   ? "\" is no UUID of a service, as \"181D\""
                                   : "\" is no company identifier of 4 digits, as \"006B\""));
  else
    binding.attribute.characteristic = *uuid;
}

std::string properties_text(unsigned properties) {
  using namespace gatt_property;
  constexpr std::array<std::pair<unsigned, std::string_view>, 4> names = {
      {{notify, "notify"}, {indicate, "indicate"}, {read, "read"}, {write, "write"}}};
  std::vector<std::string> said;
  for (const auto& [bit, name] : names)
    if (properties & bit) said.emplace_back(name);
  return join(said, ", ");
}

// The decoder of advertised data, by the name of their layout.
void find_layout(const yaml::Node& node, GattBinding& binding, Problems& problems) {
  const std::string layout = yaml::to_text(node, problems);
  const auto assigned = binding.attribute.characteristic.assigned();
  const EventKind kind = binding.method == GattMethod::service_data ? EventKind::service_data
                                                                    : EventKind::manufacturer_data;
  std::vector<std::string> layouts;
  for (const GattBroadcast* one : gatt_broadcasts())
    if (one->kind == kind && one->value.uuid == assigned) layouts.emplace_back(one->layout);
  const GattBroadcast* found = assigned ? gatt_broadcast(kind, *assigned, layout) : nullptr;
  if (found)
    binding.adopted = &found->value;
  else
    node.problem(
        problems,
        cat("no layout \"", printable(layout), "\" of ", binding.attribute.text(), " is known here",
            suggestion(layout, layouts), layouts.empty() ? ": describe its fields" : ""));
}

// The decoder of the characteristic, and whether its specification has such a method.
void find_decoder(yaml::MapReader& reader, GattBinding& binding, Problems& problems) {
  using namespace gatt_property;
  const yaml::Node node = reader.optional("adopted");
  if (!node || !yaml::to_boolean(node, problems)) return;
  const auto assigned = binding.attribute.characteristic.assigned();
  binding.adopted = assigned && !binding.advertised() ? gatt_characteristic(*assigned) : nullptr;
  if (!binding.adopted)
    return node.problem(problems, cat(binding.attribute.text(),
                                      " is no adopted characteristic that is known here: "
                                      "describe its fields"));
  constexpr std::array<unsigned, 4> bits = {notify, indicate, read, write | write_command};
  const unsigned has = binding.adopted->properties | binding.adopted->may_have;
  if (has && !(has & bits[static_cast<std::size_t>(binding.method)]))
    reader.optional("method").problem(
        problems, cat(binding.attribute.text(), " has no such method: ", properties_text(has)));
}

FieldType type_of(const ReadingField& field) {
  switch (field.kind) {
    case FieldKind::truth:
      return FieldType::boolean;
    case FieldKind::list:
      return FieldType::list;
    case FieldKind::text:
      return FieldType::ascii;
    case FieldKind::octets:
      return FieldType::bytes;
    case FieldKind::number:
    case FieldKind::code:
    case FieldKind::flags:
    case FieldKind::time:
      break;
  }
  return FieldType::decoded;
}

// Of the field of the same name where it is laid out: whole codes, or a fixed number of decimals.
double step_of(const MessageSpec* sent, std::string_view name) {
  const FieldSpec* field = sent ? sent->field(name) : nullptr;
  if (!field) return 0;
  const double step = std::fabs(field->scaling.times / field->scaling.per);
  if (is_integer_type(field->type)) return step;
  return field->decimals >= 0 ? step * std::pow(10.0, -field->decimals) : 0;
}

}  // namespace

void gatt_binding(yaml::MapReader& reader, MessageSpec& message, Problems& problems) {
  GattBinding& binding = message.gatt.emplace();
  std::size_t said = 0;
  for (const std::string_view source : sources) said += reader.has(source);
  if (said != 1)
    reader.problem(
        "a message is the value of one characteristic, service_data or "
        "manufacturer_data");
  message.direction = Direction::from_device;
  if (const yaml::Node node = reader.optional("characteristic")) {
    binding.method = static_cast<GattMethod>(reader.choice("method", methods));
    if (binding.method == GattMethod::write) {
      message.direction = Direction::to_device;
      binding.with_response = reader.boolean_or("with_response", true);
    }
    characteristic(node, binding, problems);
  } else {
    const bool company = reader.has("manufacturer_data");
    binding.method = company ? GattMethod::manufacturer_data : GattMethod::service_data;
    if (const yaml::Node data = reader.optional(company ? sources[2] : sources[1]))
      advertised(data, binding, problems);
  }
  binding.optional = reader.boolean_or("optional", false);
  if (const yaml::Node layout = binding.advertised() ? reader.optional("layout") : yaml::Node())
    find_layout(layout, binding, problems);
  else
    find_decoder(reader, binding, problems);
  if (binding.adopted) binding.nordic_order = reader.boolean_or("nordic_order", false);
}

std::optional<Framing::Pipe> pipe(const yaml::Node& node, Problems& problems) {
  yaml::MapReader reader(node, problems);
  const auto path = [&](std::string_view key) {
    const yaml::Node at = reader.required(key);
    const auto uuid = at ? Uuid::parse(yaml::to_text(at, problems)) : std::nullopt;
    if (at && !uuid) at.problem(problems, cat("\"", printable(at.text()), "\" is no UUID"));
    return uuid.value_or(Uuid{});
  };
  Framing::Pipe pipe;
  pipe.notify.service = pipe.write.service = path("service");
  pipe.indicates = reader.has("indicate");
  pipe.notify.characteristic = path(pipe.indicates ? "indicate" : "notify");
  pipe.write.characteristic = path("write");
  pipe.with_response = reader.boolean_or("with_response", true);
  return pipe;
}

void adopt(MessageSpec& message) {
  if (!message.fields.empty()) message.sent = std::make_shared<const MessageSpec>(message);
  message.fields.clear();
  int place = 0;
  for (const ReadingField& field : message.gatt->adopted->fields) {
    FieldSpec spec;
    spec.name = field.name;
    spec.title = {std::string(field.title.zh), std::string(field.title.en)};
    spec.type = type_of(field);
    spec.optional = true;
    spec.reading = place++;
    spec.unit = Unit::parse(field.unit).value_or(Unit());
    spec.step = step_of(message.sent.get(), field.name);
    if (field.kind == FieldKind::code)
      for (std::size_t code = 0; code < field.names.size(); ++code)
        if (!field.names[code].empty())
          spec.values.push_back({static_cast<double>(code), std::string(field.names[code])});
    message.fields.push_back(std::move(spec));
  }
}

}  // namespace carebench::protocol_parse
