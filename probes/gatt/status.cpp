#include "probes/gatt/status.h"

namespace carebench {

GattStatus GattStatus::from(const Json& json) {
  GattStatus status;
  status.connected = json["connected"].boolean();
  status.services_resolved = json["services_resolved"].boolean();
  status.paired = json["paired"].boolean();
  status.bonded = json["bonded"].boolean();
  status.mtu = static_cast<int>(json["mtu"].integer());
  status.address = json["address"].string();
  status.address_type = json["address_type"].string();
  status.name = json["name"].string();
  status.alias = json["alias"].string();
  for (const Json& one : json["uuids"].items())
    if (const auto uuid = Uuid::parse(one.string())) status.uuids.push_back(*uuid);
  if (json["rssi"].is_number()) status.rssi = static_cast<int>(json["rssi"].integer());
  const Json& security = json["security"];
  if (!security.is_object()) return status;
  GattSecurity& known = status.security.emplace();
  known.level = static_cast<int>(security["level"].integer(1));
  known.key_size = static_cast<int>(security["key_size"].integer());
  if (security["secure_connections"].is_bool())
    known.secure_connections = security["secure_connections"].boolean();
  known.method = security["method"].string();
  return status;
}

Json to_json(const GattStatus& status) {
  Json json = Json::object()
                  .set("connected", status.connected)
                  .set("services_resolved", status.services_resolved)
                  .set("paired", status.paired)
                  .set("bonded", status.bonded);
  if (status.mtu > 0) json.set("mtu", status.mtu);
  json.set_if("address", status.address).set_if("address_type", status.address_type);
  json.set_if("name", status.name).set_if("alias", status.alias);
  Json uuids = Json::array();
  for (const Uuid& uuid : status.uuids) uuids.push(uuid.text());
  json.set_if("uuids", std::move(uuids));
  if (status.rssi) json.set("rssi", *status.rssi);
  if (!status.security) return json;
  Json security = Json::object().set("level", status.security->level);
  if (status.security->key_size > 0) security.set("key_size", status.security->key_size);
  if (status.security->secure_connections)
    security.set("secure_connections", *status.security->secure_connections);
  security.set_if("method", status.security->method);
  return json.set("security", std::move(security));
}

}  // namespace carebench
