// DeviceReader: the GATT section of a device, and of a fault, where it starts from the device's.
#include <algorithm>
#include <array>

#include "probes/gatt/database.h"
#include "probes/protocol_spec.h"
#include "probes/sim/device_reader.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr std::array<std::string_view, 3> needs = {"none", "encrypt", "authenticate"};
constexpr std::array<std::string_view, 3> address_kinds = {"public", "random_static", "resolvable"};
constexpr std::array<std::string_view, 5> capabilities = {
    "NoInputNoOutput", "DisplayOnly", "DisplayYesNo", "KeyboardOnly", "KeyboardDisplay"};
constexpr std::array<std::string_view, 3> rebonds = {"authenticated", "always", "never"};
constexpr std::size_t most_attributes = 200;

std::optional<Uuid> uuid_of(const yaml::Node& node, Problems& problems) {
  const auto uuid = Uuid::parse(node.text());
  if (!uuid) node.problem(problems, cat("\"", printable(node.text()), "\" is no UUID"));
  return uuid;
}

}  // namespace

GattMessage DeviceReader::read_gatt_message(yaml::MapReader& map, std::string_view key) {
  GattMessage message;
  message.protocol = device_.protocol;
  const yaml::Node id = map.required(key);
  if (const yaml::Node of = map.optional("of")) {
    auto loaded = Protocol::load(yaml::to_text(of, problems_));
    if (loaded)
      message.protocol = std::move(*loaded);
    else
      of.problem(problems_, loaded.error().message);
  }
  if (!message.protocol) {
    map.problem("this device speaks nothing: name the protocol of the message with \"of\"");
    return message;
  }
  message.id = id ? yaml::to_text(id, problems_) : "";
  const MessageSpec* spec = message.protocol->message(message.id);
  std::vector<std::string_view> ids;
  for (const MessageSpec& known : message.protocol->messages()) ids.push_back(known.id);
  if (id && !spec)
    id.problem(problems_, cat("protocol ", message.protocol->name, " has no message \"",
                              printable(message.id), "\"", suggestion(message.id, ids)));
  if (spec && !spec->gatt) id.problem(problems_, "this message is no value of a GATT attribute");
  message.fields = read_fields(map.optional("fields"), spec, false);
  return message;
}

// {hex: "06 48"}, {text: "{serial}"}, {message: battery_level, of: gatt-battery, fields: {…}}
GattContent DeviceReader::read_gatt_content(const yaml::Node& node) {
  GattContent content;
  if (!node) return content;
  yaml::MapReader map(node, problems_);
  if (map.has("hex") + map.has("text") + map.has("message") != 1) {
    map.problem("a value is one of hex, text and message");
    return content;
  }
  if (map.has("message")) {
    content.kind = GattContent::Kind::message;
    content.message = read_gatt_message(map, "message");
  } else if (map.has("text")) {
    content.kind = GattContent::Kind::text;
    content.text = map.text("text");
    check_pieces(map.optional("text"), content.text);
  } else {
    content.kind = GattContent::Kind::octets;
    const auto octets = from_hex(map.text("hex"));
    if (!octets || octets->size() > 512)
      map.optional("hex").problem(problems_, "up to 512 octets are written as \"06 48\"");
    content.octets = octets.value_or(Bytes());
  }
  return content;
}

void DeviceReader::read_gatt_need(const yaml::Node& node, GattAttribute& attribute) {
  if (!node) return;
  if (node.kind() == yaml::Kind::map) {
    yaml::MapReader map(node, problems_);
    attribute.read = static_cast<GattNeed>(map.choice_or("read", needs, 0));
    attribute.write = static_cast<GattNeed>(map.choice_or("write", needs, 0));
    return;
  }
  const auto found = std::ranges::find(needs, node.text());
  if (found == needs.end())
    return node.problem(problems_, cat("security is one of none, encrypt, authenticate",
                                       suggestion(node.text(), needs)));
  attribute.read = attribute.write = static_cast<GattNeed>(found - needs.begin());
}

GattAttribute DeviceReader::read_characteristic(const yaml::Node& node, GattAttribute attribute) {
  yaml::MapReader map(node, problems_);
  if (map.has("properties")) {
    attribute.properties = 0;
    const std::vector<std::string_view> known = gatt_flag_names();
    for (const yaml::Node& name : map.list("properties")) {
      const auto found = std::ranges::find(known, name.text());
      if (found == known.end())
        name.problem(problems_, cat("no property \"", printable(name.text()), "\"",
                                    suggestion(name.text(), known)));
      else
        attribute.properties |= 1U << (found - known.begin());
    }
  }
  if (attribute.properties == 0) map.problem("a characteristic has properties");
  read_gatt_need(map.optional("security"), attribute);
  if (const yaml::Node value = map.optional("value")) attribute.content = read_gatt_content(value);
  if (const yaml::Node length = map.optional("length")) {
    const auto ends = length.kind() == yaml::Kind::list ? length.items() : std::vector{length};
    attribute.least = static_cast<std::size_t>(yaml::to_integer(ends.front(), problems_, 0, 512));
    attribute.most = static_cast<std::size_t>(yaml::to_integer(ends.back(), problems_, 0, 512));
    if (ends.size() > 2 || attribute.least > attribute.most)
      length.problem(problems_, "a length is one number, or the least and the most: [1, 20]");
  }
  if (const yaml::Node descriptors = map.optional("descriptors"))
    for (const auto& [key, value] : descriptors.entries())
      if (const auto uuid = uuid_of(key, problems_))
        attribute.descriptors.emplace_back(*uuid, read_gatt_content(value));
  return attribute;
}

void DeviceReader::read_services(const yaml::Node& node, const GattAttribute& defaults,
                                 GattPatch& patch) {
  if (node.kind() != yaml::Kind::map)
    return node.problem(problems_, "services are a map of UUIDs, each with its characteristics");
  for (const auto& [service_key, inside] : node.entries()) {
    const auto service = uuid_of(service_key, problems_);
    if (!service) continue;
    patch.services.push_back(*service);
    if (inside.kind() != yaml::Kind::map) {
      inside.problem(problems_, "a service is a map of characteristics");
      continue;
    }
    for (const auto& [key, value] : inside.entries()) {
      const auto uuid = uuid_of(key, problems_);
      if (!uuid) continue;
      const GattAttribute* base =
          device_.gatt ? device_.gatt->characteristic(*service, *uuid) : nullptr;
      GattAttribute fresh = base ? *base : defaults;
      fresh.service = *service;
      fresh.uuid = *uuid;
      patch.characteristics.push_back(read_characteristic(value, std::move(fresh)));
    }
  }
  if (patch.characteristics.size() > most_attributes)
    node.problem(problems_, cat("a device has at most ", most_attributes, " characteristics"));
}

GattAddress DeviceReader::read_gatt_address(const yaml::Node& node, GattAddress address) {
  yaml::MapReader map(node, problems_);
  address.kind = static_cast<GattAddress::Kind>(
      map.choice_or("type", address_kinds, static_cast<std::size_t>(address.kind)));
  address.text = map.text_or("value", address.text);
  address.rotation = map.duration_or("rotation", address.rotation);
  check_pieces(node, address.text);
  if (address.rotation < seconds(1)) map.problem("an address stays for a second at least");
  return address;
}

GattAdvertising DeviceReader::read_advertising(const yaml::Node& node, GattAdvertising told) {
  yaml::MapReader map(node, problems_);
  told.name = map.text_or("name", told.name);
  check_pieces(node, told.name);
  told.interval = map.duration_or("interval", told.interval);
  if (told.interval < milliseconds(20))
    map.problem("a device advertises every 20 ms at most (Core 5.3, Vol 6, Part B, 4.4.2.2)");
  if (map.has("uuids")) {
    told.uuids.clear();
    for (const yaml::Node& one : map.list("uuids"))
      if (const auto uuid = uuid_of(one, problems_)) told.uuids.push_back(*uuid);
  }
  for (auto [key, list] : {std::pair{"service_data", &told.service_data},
                           {"manufacturer_data", &told.manufacturer_data}}) {
    const yaml::Node data = map.optional(key);
    if (!data) continue;
    list->clear();
    for (const auto& [name, value] : data.entries())
      if (const auto uuid = uuid_of(name, problems_))
        list->emplace_back(*uuid, read_gatt_content(value));
  }
  return told;
}

GattPairing DeviceReader::read_pairing(const yaml::Node& node, GattPairing pairing) {
  yaml::MapReader map(node, problems_);
  const auto known = std::ranges::find(capabilities, pairing.capability);
  pairing.capability = capabilities[map.choice_or(
      "capability", capabilities, static_cast<std::size_t>(known - capabilities.begin()))];
  pairing.passkey = map.text_or("passkey", pairing.passkey);
  if (pairing.passkey.size() != 6 ||
      pairing.passkey.find_first_not_of("0123456789") != std::string::npos)
    map.problem("a passkey is six digits in quotes, \"012345\"");
  pairing.just_works = map.boolean_or("just_works", pairing.just_works);
  pairing.key_size = static_cast<int>(map.integer_or("key_size", 7, 16, pairing.key_size));
  pairing.secure_connections = map.boolean_or("secure_connections", pairing.secure_connections);
  pairing.bonding = map.boolean_or("bonding", pairing.bonding);
  pairing.asks = map.boolean_or("asks", pairing.asks);
  pairing.rebond = static_cast<GattPairing::Rebond>(
      map.choice_or("rebond", rebonds, static_cast<std::size_t>(pairing.rebond)));
  return pairing;
}

GattRecords DeviceReader::read_records(const yaml::Node& node) {
  yaml::MapReader map(node, problems_);
  GattRecords records;
  if (const yaml::Node service = map.required("service"))
    records.service = uuid_of(service, problems_).value_or(Uuid{});
  records.sequence = map.text_or("sequence", "");
  for (const yaml::Node& one : map.list("sends")) {
    yaml::MapReader message(one, problems_);
    records.sends.push_back(read_gatt_message(message, "message"));
    const GattMessage& sent = records.sends.back();
    const MessageSpec* spec = sent.protocol ? sent.protocol->message(sent.id) : nullptr;
    if (spec && !records.sequence.empty() && !spec->laid_out().field(records.sequence))
      message.problem(cat("message ", spec->id, " has no field \"", records.sequence, "\""));
  }
  if (records.sends.empty()) map.problem("a record is one message or more: \"sends\"");
  records.at_start = static_cast<int>(map.integer_or("at_start", 0, 10'000, 0));
  records.most = static_cast<int>(map.integer_or("most", 1, 10'000, records.most));
  records.every = map.duration("every");
  records.gap = map.duration_or("gap", records.gap);
  if (records.every < milliseconds(100) || records.gap < milliseconds(1))
    map.problem("records come at most every 100 ms and are sent at most every millisecond");
  return records;
}

void DeviceReader::read_faulty_gatt(yaml::MapReader& map, GattBehaviour& behaviour) {
  behaviour.open_reads = map.boolean_or("open_reads", false);
  behaviour.open_writes = map.boolean_or("open_writes", false);
  behaviour.hangs_up = map.boolean_or("hangs_up", false);
  behaviour.swaps_methods = map.boolean_or("swaps_methods", false);
  behaviour.uncalled = map.boolean_or("uncalled", false);
  behaviour.any_length = map.boolean_or("any_length", false);
  behaviour.forgets_bonds = map.boolean_or("forgets_bonds", false);
  behaviour.tells_identity = map.boolean_or("tells_identity", false);
  behaviour.update_service = map.boolean_or("update_service", false);
  behaviour.no_configuration = map.boolean_or("no_configuration", false);
  behaviour.ignores_configuration = map.boolean_or("ignores_configuration", false);
  behaviour.never_stops = map.boolean_or("never_stops", false);
  behaviour.any_operation = map.boolean_or("any_operation", false);
  behaviour.keeps_time = map.boolean_or("keeps_time", false);
  behaviour.drops_per_hour = map.number_or("drops_per_hour", 0);
  behaviour.records_off = static_cast<int>(map.integer_or("records_off", -1000, 1000, 0));
  if (behaviour.drops_per_hour < 0 || behaviour.drops_per_hour > 3600)
    map.problem("\"drops_per_hour\" lies between 0 and 3600");
  if (behaviour.tells_identity && device_.identity.empty())
    map.problem("this device has no \"identity\" that it could tell");
}

GattPatch DeviceReader::read_gatt(const yaml::Node& node, Behaviour* faulty) {
  yaml::MapReader map(node, problems_);
  if (faulty && !device_.gatt) map.problem("this device has no \"gatt\" that could be at fault");
  const GattSpec base = device_.gatt.value_or(GattSpec());
  GattPatch patch;
  GattAttribute defaults;
  read_gatt_need(map.optional("security"), defaults);
  if (map.has("mtu")) patch.mtu = static_cast<int>(map.integer("mtu", 23, 517));
  if (map.has("least_key")) patch.least_key = static_cast<int>(map.integer("least_key", 7, 16));
  if (map.has("rssi")) patch.rssi = map.number_or("rssi", base.rssi);
  if (const yaml::Node address = map.optional("address"))
    patch.address = read_gatt_address(address, base.address);
  if (const yaml::Node told = map.optional("advertising"))
    patch.advertising = read_advertising(told, base.advertising);
  if (const yaml::Node pairing = map.optional("pairing"))
    patch.pairing = read_pairing(pairing, base.pairing);
  if (const yaml::Node services = map.optional("services"))
    read_services(services, defaults, patch);
  for (const yaml::Node& one : map.list_or_empty("records"))
    patch.records.push_back(read_records(one));
  if (faulty) read_faulty_gatt(map, faulty->gatt);
  return patch;
}

}  // namespace carebench::sim
