#include "cli/inspect_gatt.h"

#include <algorithm>

#include "probes/gatt/characteristic.h"
#include "probes/gatt/database.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr Duration connect_time = seconds(45), read_time = seconds(10);
constexpr std::uint16_t device_information = 0x180A;

std::string_view name_of(const Uuid& uuid) {
  const auto assigned = uuid.assigned();
  const auto* known = assigned ? gatt_characteristic(*assigned) : nullptr;
  return known ? known->id : std::string_view();
}

Result<Json> done_or_error(const Result<Outcome>& outcome, const std::string& device) {
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->kind != Outcome::Kind::done)
    return fail(Errc::silent, Blame::bench, cat(device, ": ", outcome->text));
  if (outcome->text.empty()) return Json::object();
  return parse_json(outcome->text, "the link");
}

Json value_of(const Uuid& uuid, const Outcome& outcome) {
  if (outcome.kind != Outcome::Kind::done) return printable(outcome.text);
  const auto assigned = uuid.assigned();
  const auto* known = assigned ? gatt_characteristic(*assigned) : nullptr;
  Reading reading;
  if (known && read_value(*known, outcome.octets, reading)) return to_json(*known, reading);
  return to_hex(outcome.octets);
}

Json services_of(const GattDatabase& database) {
  Json list = Json::array();
  for (const auto& service : database.services) {
    Json characteristics = Json::array();
    for (const auto& one : service.characteristics) {
      Json properties = Json::array();
      const auto names = gatt_flag_names();
      for (std::size_t i = 0; i < names.size(); ++i)
        if (one.properties >> i & 1) properties.push(names[i]);
      for (const auto& other : one.others) properties.push(other);
      Json json = Json::object().set("uuid", one.uuid.text());
      json.set_if("name", name_of(one.uuid)).set("properties", std::move(properties));
      characteristics.push(std::move(json));
    }
    list.push(Json::object()
                  .set("uuid", service.uuid.text())
                  .set("characteristics", std::move(characteristics)));
  }
  return list;
}

Result<Json> device_information_of(Port& port, const GattDatabase& database) {
  Json json = Json::object();
  const auto* service = database.service(Uuid::of(device_information));
  if (!service) return json;
  for (const auto& one : service->characteristics) {
    if (!one.has(gatt_flag::read)) continue;
    const AttributePath path{service->uuid, one.uuid, {}, 1};
    const auto outcome = port.perform(ReadValue{path.text()}, read_time);
    if (!outcome) return tl::unexpected(outcome.error());
    const auto name = name_of(one.uuid);
    json.set(name.empty() ? one.uuid.text() : std::string(name), value_of(one.uuid, *outcome));
  }
  return json;
}

Result<Json> look(Port& port) {
  const std::string& device = port.facts().address;
  auto status = done_or_error(port.perform(Status{}, read_time), device);
  if (!status) return status;
  const auto discovered = done_or_error(port.perform(Discover{}, read_time), device);
  if (!discovered) return discovered;
  const auto database = GattDatabase::from(*discovered);
  if (!database) return tl::unexpected(database.error());
  auto information = device_information_of(port, *database);
  if (!information) return information;
  return Json::object()
      .set("status", std::move(*status))
      .set("services", services_of(*database))
      .set("device_information", std::move(*information));
}

}  // namespace

bool is_gatt(const Facts& facts) {
  return std::ranges::find(facts.supports, OpKind::discover) != facts.supports.end();
}

Result<Json> inspect_gatt(Port& port) {
  port.by_hand();
  const auto connected = port.perform(Connect{}, connect_time);
  if (!connected) return tl::unexpected(connected.error());
  if (connected->kind != Outcome::Kind::done)
    return fail(Errc::silent, Blame::bench, cat(port.facts().address, ": ", connected->text));
  auto seen = look(port);
  (void)port.perform(Disconnect{}, read_time);
  return seen;
}

}  // namespace carebench
