// A message as JSON: what `decode` prints.
#include <algorithm>

#include "probes/frame_scan.h"
#include "probes/gatt/characteristic.h"
#include "probes/gatt/event.h"
#include "probes/protocol_fields.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

Json list_json(const FieldSpec& field, ByteView octets) {
  Json list = Json::array();
  for (const std::uint8_t octet : octets) list.push(field.scaling.value_of(octet));
  return list;
}

Json value_json(const FieldSpec& field, const FieldValue& value) {
  switch (value.kind) {
    case FieldValue::Kind::number:
      if (field.is_truth()) return value.number != 0;
      if (field.named_only && !value.text.empty()) return value.text;
      return value.number;
    case FieldValue::Kind::octets:
      return field.type == FieldType::list ? list_json(field, value.octets)
                                           : Json(to_hex(value.octets));
    case FieldValue::Kind::special:
    case FieldValue::Kind::text:
      return printable(value.text);
    default:
      return nullptr;
  }
}

Json numbers_json(const FieldSpec& field, ByteView data) {
  Json list = Json::array();
  const int items = field.items_in(text_fields(data));
  for (int i = 0; i < items; ++i) {
    const FieldValue value = read_number(field, text_field(data, field.at + i * field.stride).text);
    if (value.kind != FieldValue::Kind::absent || !field.drop_empty)
      list.push(value_json(field, value));
  }
  return list;
}

void add(Json& json, const FieldSpec& field, const FieldValue& value) {
  json.set(field.name, value_json(field, value));
  const bool coded = value.kind == FieldValue::Kind::number && !field.named_only &&
                     !field.is_truth() && !value.text.empty();
  if (coded) json.set(cat(field.name, "_name"), value.text);
}

void add_binary(Json& json, const Framing& framing, const Message& message) {
  for (const Framing::Variant& variant : framing.variants)
    if (std::equal(variant.start.begin(), variant.start.end(), message.frame.begin()))
      json.set_if("frame", variant.name);
  for (const FieldSpec& field : framing.header)
    add(json, field, read_header_field(field, message.frame));
  json.set("data", to_hex(message.data));
  if (!message.spec) return;
  for (const FieldSpec& field : message.spec->fields)
    add(json, field, read_field(*message.spec, field, message.data));
  const auto extent = static_cast<std::size_t>(std::max(0, message.spec->extent));
  if (message.spec->extent >= 0 && message.data.size() > extent)
    json.set("trailing", to_hex(message.data.subspan(extent)));
}

std::string_view name_of(EventKind kind) {
  constexpr std::string_view names[] = {
      "",     "notification", "indication", "advertising", "service_data", "manufacturer_data",
      "value"};
  return names[static_cast<std::size_t>(kind)];
}

void add_gatt(Json& json, const Message& message) {
  GattEvent event;
  if (GattEvent::parse(message.frame, event) && message.frame.size() > message.data.size())
    json.set("event", name_of(event.kind)).set("attribute", event.uuid.text());
  json.set("data", to_hex(message.data));
  if (!message.spec) return;
  if (message.spec->gatt->adopted) {
    if (!message.reading) return;
    const Json fields = carebench::to_json(*message.spec->gatt->adopted, *message.reading);
    for (const auto& [key, value] : fields.members()) json.set(key, value);
    return;
  }
  std::size_t end = 0;
  for (const FieldSpec& field : message.spec->fields) {
    const Place place = locate(*message.spec, field, message.data);
    if (place.there) end = std::max(end, place.at + place.size);
    if (!place.left_out) add(json, field, read_field(*message.spec, field, message.data));
  }
  if (!message.spec->fields.empty() && end < message.data.size())
    json.set("trailing", to_hex(message.data.subspan(end)));
  Json found = Json::array();
  for (const ValueFinding* finding : message.findings()) found.push(finding->code);
  json.set_if("findings", std::move(found));
}

void add_text(Json& json, const Framing& framing, const Message& message) {
  const TextHeader header = text_header(framing, message.frame, message.data);
  json.set_if("talker", printable(header.talker));
  json.set_if("maker", printable(header.maker));
  json.set_if("id", printable(header.id));
  json.set_if("index", printable(header.index));
  json.set("type", printable(header.type));
  if (!message.spec) {
    Json fields = Json::array();
    for (int i = 1; text_field(message.data, i).there; ++i)
      fields.push(printable(text_field(message.data, i).text));
    json.set("fields", std::move(fields));
    return;
  }
  for (const FieldSpec& field : message.spec->fields) {
    if (field.type == FieldType::numbers)
      json.set(field.name, numbers_json(field, message.data));
    else
      add(json, field, read_field(*message.spec, field, message.data));
  }
}

std::string_view until(std::string_view& rest, char end) {
  const std::size_t at = std::min(rest.find(end), rest.size());
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

}  // namespace

TextHeader text_header(const Framing& framing, ByteView frame, ByteView data) {
  TextHeader header;
  header.type = text_field(data, 0).text;
  if (framing.kind == Framing::Kind::line) {
    if (!framing.talker) return header;
    header.talker = header.type.substr(0, talker_size(header.type));
    header.type.remove_prefix(header.talker.size());
    return header;
  }
  const auto before = static_cast<std::size_t>(data.data() - frame.data());
  std::string_view rest = as_text(frame.first(before)).substr(1);
  header.maker = until(rest, '*');
  header.id = until(rest, '*');
  const std::string_view third = until(rest, '*');
  if (!rest.empty()) header.index = third;
  return header;
}

Json Message::to_json(const Protocol& protocol) const {
  Json json = Json::object();
  json.set("message", spec ? Json(spec->id) : Json(nullptr));
  const Framing& framing = protocol.framing();
  if (framing.kind == Framing::Kind::gatt)
    add_gatt(json, *this);
  else if (framing.is_text())
    add_text(json, framing, *this);
  else
    add_binary(json, framing, *this);
  return json;
}

}  // namespace carebench
