#include "probes/gatt/database.h"

#include <algorithm>
#include <array>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::array<std::string_view, 10> flag_names = {"broadcast",
                                                         "read",
                                                         "write-without-response",
                                                         "write",
                                                         "notify",
                                                         "indicate",
                                                         "authenticated-signed-writes",
                                                         "extended-properties",
                                                         "reliable-write",
                                                         "writable-auxiliaries"};
// A device from outside may claim as many as it likes; handles have 16 bits.
constexpr std::size_t most_attributes = 65535;
constexpr int most_mtu = 65535;

tl::unexpected<Error> bad(std::string message) {
  return fail(Errc::bad_input, Blame::tool, cat("GATT database: ", message));
}

Result<Uuid> uuid_of(const Json& json) {
  const auto uuid = Uuid::parse(json["uuid"].string());
  if (!uuid) return bad(cat("\"", printable(json["uuid"].string()), "\" is no UUID"));
  return *uuid;
}

Result<std::uint16_t> handle_of(const Json& json) {
  const std::int64_t handle = json["handle"].integer();
  if (handle < 0 || handle > 0xFFFF) return bad(cat("a handle has 16 bits, not ", handle));
  return static_cast<std::uint16_t>(handle);
}

class Reader {
 public:
  Result<GattDatabase> read(const Json& json) {
    GattDatabase database;
    if (!json["services"].is_array()) return bad("it has no list of services");
    database.mtu = static_cast<int>(std::clamp<std::int64_t>(json["mtu"].integer(), 0, most_mtu));
    for (const Json& one : json["services"].items()) {
      GattDatabase::Service service;
      if (auto done = attribute(one, service); !done) return tl::unexpected(done.error());
      service.primary = one["primary"].boolean(true);
      for (const Json& inside : one["characteristics"].items()) {
        auto characteristic = read_characteristic(inside);
        if (!characteristic) return tl::unexpected(characteristic.error());
        service.characteristics.push_back(std::move(*characteristic));
      }
      database.services.push_back(std::move(service));
    }
    return database;
  }

 private:
  template <class Attribute>
  Result<void> attribute(const Json& json, Attribute& out) {
    if (++count_ > most_attributes) return bad("it has more attributes than handles");
    const auto uuid = uuid_of(json);
    if (!uuid) return tl::unexpected(uuid.error());
    const auto handle = handle_of(json);
    if (!handle) return tl::unexpected(handle.error());
    out.uuid = *uuid;
    out.handle = *handle;
    return {};
  }

  Result<GattDatabase::Characteristic> read_characteristic(const Json& json) {
    GattDatabase::Characteristic out;
    if (auto done = attribute(json, out); !done) return tl::unexpected(done.error());
    for (const Json& name : json["properties"].items()) {
      const auto known = std::ranges::find(flag_names, name.string());
      if (known != flag_names.end())
        out.properties |= 1U << (known - flag_names.begin());
      else
        out.others.push_back(name.string());
    }
    for (const Json& inside : json["descriptors"].items()) {
      GattDatabase::Descriptor descriptor;
      if (auto done = attribute(inside, descriptor); !done) return tl::unexpected(done.error());
      out.descriptors.push_back(descriptor);
    }
    return out;
  }

  std::size_t count_ = 0;
};

template <class Attribute>
Json attribute_json(const Attribute& attribute) {
  return Json::object().set("uuid", attribute.uuid.text()).set("handle", attribute.handle);
}

}  // namespace

std::vector<std::string_view> gatt_flag_names() { return {flag_names.begin(), flag_names.end()}; }

const GattDatabase::Service* GattDatabase::service(const Uuid& uuid) const {
  const auto found = std::ranges::find(services, uuid, &Service::uuid);
  return found == services.end() ? nullptr : &*found;
}

std::uint16_t GattDatabase::Found::handle() const {
  return descriptor ? descriptor->handle : characteristic ? characteristic->handle : 0;
}

GattDatabase::Found GattDatabase::find(const AttributePath& path) const {
  int instance = 0;
  for (const Service& one : services) {
    if (path.service && *path.service != one.uuid) continue;
    for (const Characteristic& inside : one.characteristics) {
      if (inside.uuid != path.characteristic || ++instance != path.instance) continue;
      if (!path.descriptor) return {&one, &inside, nullptr};
      const auto found = std::ranges::find(inside.descriptors, *path.descriptor, &Descriptor::uuid);
      if (found == inside.descriptors.end()) return {};
      return {&one, &inside, &*found};
    }
  }
  return {};
}

Result<GattDatabase> GattDatabase::from(const Json& json) { return Reader().read(json); }

Json to_json(const GattDatabase& database) {
  Json services = Json::array();
  for (const GattDatabase::Service& one : database.services) {
    Json characteristics = Json::array();
    for (const GattDatabase::Characteristic& inside : one.characteristics) {
      Json properties = Json::array(), descriptors = Json::array();
      for (std::size_t bit = 0; bit < flag_names.size(); ++bit)
        if (inside.properties >> bit & 1) properties.push(flag_names[bit]);
      for (const std::string& other : inside.others) properties.push(other);
      for (const GattDatabase::Descriptor& descriptor : inside.descriptors)
        descriptors.push(attribute_json(descriptor));
      characteristics.push(attribute_json(inside)
                               .set("properties", std::move(properties))
                               .set("descriptors", std::move(descriptors)));
    }
    services.push(attribute_json(one)
                      .set("primary", one.primary)
                      .set("characteristics", std::move(characteristics)));
  }
  return Json::object().set("mtu", database.mtu).set("services", std::move(services));
}

}  // namespace carebench
