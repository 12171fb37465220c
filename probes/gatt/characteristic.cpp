#include "probes/gatt/characteristic.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

Json set_names(const ReadingField& field, std::uint64_t mask) {
  Json list = Json::array();
  for (std::size_t bit = 0; bit < 64; ++bit) {
    if (!(mask >> bit & 1)) continue;
    const std::string_view name = bit < field.names.size() ? field.names[bit] : "";
    list.push(name.empty() ? Json(cat("bit_", bit)) : Json(name));
  }
  return list;
}

Json list_json(std::span<const double> items) {
  Json list = Json::array();
  for (const double item : items) list.push(item);
  return list;
}

Json number_json(const ReadingField& field, const FieldValue& value, double sent) {
  switch (field.kind) {
    case FieldKind::truth:
      return value.number != 0;
    case FieldKind::code:
      return field.plain || value.text.empty() ? Json(sent) : Json(value.text);
    case FieldKind::flags:
      return field.plain ? Json(sent) : set_names(field, static_cast<std::uint64_t>(value.number));
    default:
      return sent;
  }
}

std::string digits(unsigned value, std::size_t width) {
  const std::string text = std::to_string(value);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

// A time that was sent as a count of seconds.
std::string seconds_text(double seconds) {
  using namespace std::chrono;
  const sys_seconds time{std::chrono::seconds(static_cast<std::int64_t>(seconds))};
  const year_month_day date{floor<days>(time)};
  const hh_mm_ss clock{time - floor<days>(time)};
  return cat(digits(static_cast<unsigned>(int(date.year())), 4), "-",
             digits(unsigned(date.month()), 2), "-", digits(unsigned(date.day()), 2), "T",
             digits(static_cast<unsigned>(clock.hours().count()), 2), ":",
             digits(static_cast<unsigned>(clock.minutes().count()), 2), ":",
             digits(static_cast<unsigned>(clock.seconds().count()), 2));
}

Json field_json(const ReadingField& field, const Reading& reading, std::size_t i) {
  const FieldValue& value = reading.value(i);
  if (field.kind == FieldKind::list) return list_json(reading.items());
  if (field.kind == FieldKind::time && !value.octets.empty()) return date_time_text(value.octets);
  if (field.kind == FieldKind::time && value.kind == FieldValue::Kind::number)
    return seconds_text(value.number);
  switch (value.kind) {
    case FieldValue::Kind::number:
      return number_json(field, value, reading.sent(i));
    case FieldValue::Kind::special:
      return reading.converted(i) ? Json(reading.sent(i)) : Json(value.text);
    case FieldValue::Kind::text:
      return printable(value.text);
    case FieldValue::Kind::octets:
      return to_hex(value.octets);
    default:
      return nullptr;
  }
}

// The names of what JSON shows as a bare number.
void set_plain_names(Json& json, const ReadingField& field, const FieldValue& value) {
  if (!field.plain || value.kind != FieldValue::Kind::number) return;
  if (field.kind == FieldKind::flags)
    json.set(cat(field.name, "_names"), set_names(field, static_cast<std::uint64_t>(value.number)));
  else
    json.set_if(cat(field.name, "_name"), value.text);
}

// What a judge gets instead of the number that was sent.
void set_other(Json& converted, Json& withheld, const ReadingField& field, const Reading& reading,
               std::size_t i) {
  const FieldValue& value = reading.value(i);
  if (!reading.converted(i)) return;
  if (value.kind == FieldValue::Kind::special)
    withheld.set(field.name, value.text);
  else
    converted.set(field.name, Json::object().set("value", value.number).set("unit", field.unit));
}

}  // namespace

std::span<const GattCharacteristic* const> gatt_characteristics() {
  static const std::vector<const GattCharacteristic*> all = [] {
    std::vector<const GattCharacteristic*> list;
    for (const GattFamily* family : gatt_families())
      for (const GattCharacteristic& one : family->characteristics) list.push_back(&one);
    std::ranges::sort(list, {}, &GattCharacteristic::uuid);
    return list;
  }();
  return all;
}

const GattCharacteristic* gatt_characteristic(std::uint16_t uuid) {
  const auto all = gatt_characteristics();
  const auto found = std::ranges::lower_bound(all, uuid, {}, &GattCharacteristic::uuid);
  return found != all.end() && (*found)->uuid == uuid ? *found : nullptr;
}

std::string assigned_text(std::uint16_t uuid) { return Uuid::of(uuid).text(); }

std::string GattBroadcast::name() const {
  const std::string_view where = kind == EventKind::service_data ? "svcdata" : "mfg";
  return cat(where, ".", assigned_text(value.uuid), ".", layout);
}

std::span<const GattBroadcast* const> gatt_broadcasts() {
  static const std::vector<const GattBroadcast*> all = [] {
    std::vector<const GattBroadcast*> list;
    for (const GattFamily* family : gatt_families())
      for (const GattBroadcast& one : family->broadcasts) list.push_back(&one);
    std::ranges::sort(list, {}, &GattBroadcast::name);
    return list;
  }();
  return all;
}

const GattBroadcast* gatt_broadcast(EventKind kind, std::uint16_t uuid, std::string_view layout) {
  for (const GattBroadcast* one : gatt_broadcasts())
    if (one->kind == kind && one->value.uuid == uuid && one->layout == layout) return one;
  return nullptr;
}

bool read_value(const GattCharacteristic& characteristic, ByteView value, Reading& reading,
                const GattOptions& options) {
  using namespace gatt_property;
  reading.clear();
  reading.covers(value.size());
  const unsigned heard = read | notify | indicate, written = write | write_command;
  const unsigned needed = options.direction == Direction::to_device ? written : heard;
  const unsigned has = characteristic.properties | characteristic.may_have;
  if (has && !(has & needed) && options.direction != Direction::either)
    reading.find(findings::wrong_direction);
  return characteristic.decode(value, options, reading);
}

UnitWatch::UnitWatch(const GattCharacteristic& characteristic) {
  for (std::size_t i = 0; i < characteristic.fields.size(); ++i)
    if (characteristic.fields[i].name == "unit") field_ = i;
}

void UnitWatch::observe(Reading& reading) {
  if (field_ == Reading::most_fields || !reading.has(field_)) return;
  const double unit = reading.value(field_).number;
  if (last_ >= 0 && unit != last_) reading.find(findings::unit_flip);
  last_ = unit;
}

std::string date_time_text(ByteView octets) {
  if (octets.size() != 7) return "";
  std::string out = digits(octets[0] | static_cast<unsigned>(octets[1]) << 8, 4);
  constexpr std::string_view before = "--T::";
  for (std::size_t i = 0; i < before.size(); ++i) out += before[i] + digits(octets[i + 2], 2);
  return out;
}

Json to_json(const GattCharacteristic& characteristic, const Reading& reading) {
  Json json = Json::object(), converted = Json::object(), withheld = Json::object();
  Json found = Json::array();
  for (std::size_t i = 0; i < characteristic.fields.size(); ++i) {
    const ReadingField& field = characteristic.fields[i];
    json.set(field.name, field_json(field, reading, i));
    set_plain_names(json, field, reading.value(i));
    set_other(converted, withheld, field, reading, i);
  }
  if (characteristic.amend) characteristic.amend(reading, json);
  json.set_if("converted", converted);
  json.set_if("withheld", withheld);
  for (const ValueFinding* finding : reading.findings()) found.push(finding->code);
  json.set_if("findings", found);
  return json;
}

}  // namespace carebench
