#include "probes/sim/bluez/objects.h"

#include <algorithm>

#include "probes/dbus/connection.h"
#include "standards/vocab/text.h"

namespace carebench::sim::bluez {
namespace {

using dbus::Message;

constexpr std::string_view introspectable = "org.freedesktop.DBus.Introspectable";
constexpr std::string_view unknown_object = "org.freedesktop.DBus.Error.UnknownObject",
                           unknown_method = "org.freedesktop.DBus.Error.UnknownMethod",
                           invalid_arguments = "org.freedesktop.DBus.Error.InvalidArgs",
                           read_only = "org.freedesktop.DBus.Error.PropertyReadOnly";

Message nobody_knows(const Message& call, std::string_view error) {
  return call.refusal(error, cat("Method \"", call.member, "\" with signature \"", call.signature(),
                                 "\" on interface \"", call.interface, "\" doesn't exist\n"));
}

}  // namespace

void Objects::allow_set(const std::string& path, const std::string& property, Setter setter) {
  setters_[{path, property}] = std::move(setter);
}

void Objects::add(const std::string& path, const std::string& interface, Properties properties,
                  std::vector<std::string> methods) {
  Interface& added = objects_[path][interface];
  added.methods = std::move(methods);
  for (auto& [name, value] : properties) added.properties[name] = std::move(value);
}

void Objects::announce(const std::string& path) {
  announced_.insert(path);
  signal("/", std::string(dbus::objects_interface), "InterfacesAdded",
         {dbus::path(path), interfaces_of(objects_.at(path))});
}

std::vector<std::string> Objects::below(const std::string& path) const {
  std::vector<std::string> found;
  for (auto one = objects_.lower_bound(path); one != objects_.end(); ++one) {
    if (!one->first.starts_with(path)) break;
    if (one->first.size() == path.size() || one->first[path.size()] == '/')
      found.push_back(one->first);
  }
  return found;
}

void Objects::remove(const std::string& path) {
  auto gone = below(path);
  std::ranges::reverse(gone);
  for (const std::string& one : gone) {
    std::vector<std::string> interfaces = {std::string(dbus::properties_interface),
                                           std::string(introspectable)};
    for (const auto& [name, interface] : objects_.at(one)) interfaces.push_back(name);
    objects_.erase(one);
    if (announced_.erase(one))
      signal("/", std::string(dbus::objects_interface), "InterfacesRemoved",
             {dbus::path(one), dbus::texts(interfaces)});
  }
}

const dbus::Value& Objects::get(const std::string& path, const std::string& interface,
                                const std::string& property) const {
  static const dbus::Value none;
  const auto object = objects_.find(path);
  if (object == objects_.end()) return none;
  const auto found = object->second.find(interface);
  if (found == object->second.end()) return none;
  const auto value = found->second.properties.find(property);
  return value == found->second.properties.end() ? none : value->second;
}

void Objects::set(const std::string& path, const std::string& interface, const Properties& changed,
                  bool signalled) {
  const auto object = objects_.find(path);
  if (object == objects_.end()) return;
  for (const auto& [name, value] : changed) object->second[interface].properties[name] = value;
  if (signalled)
    signal(path, std::string(dbus::properties_interface), "PropertiesChanged",
           {dbus::text(interface), dbus::options(changed), dbus::texts({})});
}

void Objects::invalidate(const std::string& path, const std::string& interface,
                         const std::string& property) {
  const auto object = objects_.find(path);
  if (object == objects_.end() || !object->second[interface].properties.erase(property)) return;
  signal(path, std::string(dbus::properties_interface), "PropertiesChanged",
         {dbus::text(interface), dbus::options({}), dbus::texts({property})});
}

void Objects::signal(const std::string& path, const std::string& interface,
                     const std::string& member, dbus::Values body) {
  Message message;
  message.type = Message::Type::signal;
  message.path = path;
  message.interface = interface;
  message.member = member;
  message.body = std::move(body);
  bus_.send(std::move(message));
}

dbus::Value Objects::dictionary(const Interface& interface) const {
  return dbus::options({interface.properties.begin(), interface.properties.end()});
}

dbus::Value Objects::interfaces_of(const Object& object) const {
  dbus::Values items;
  for (const std::string_view every : {introspectable, dbus::properties_interface}) {
    items.push_back(dbus::text(every));
    items.push_back(dbus::options({}));
  }
  for (const auto& [name, interface] : object) {
    items.push_back(dbus::text(name));
    items.push_back(dictionary(interface));
  }
  return dbus::array("{sa{sv}}", std::move(items));
}

dbus::Value Objects::all_objects() const {
  dbus::Values items;
  for (const auto& [path, object] : objects_) {
    if (!announced_.contains(path)) continue;
    items.push_back(dbus::path(path));
    items.push_back(interfaces_of(object));
  }
  return dbus::array("{oa{sa{sv}}}", std::move(items));
}

std::string Objects::introspection(const std::string& path) const {
  std::string text = "<node>";
  if (const auto object = objects_.find(path); object != objects_.end())
    for (const auto& [name, interface] : object->second) {
      text += cat("<interface name=\"", name, "\">");
      for (const std::string& method : interface.methods)
        text += cat("<method name=\"", method, "\"/>");
      text += "</interface>";
    }
  std::set<std::string> children;
  const std::string prefix = path == "/" ? path : path + '/';
  for (const auto& [other, object] : objects_)
    if (other.starts_with(prefix) && other.size() > prefix.size())
      children.insert(other.substr(prefix.size(), other.find('/', prefix.size()) - prefix.size()));
  for (const std::string& child : children) text += cat("<node name=\"", child, "\"/>");
  return text + "</node>";
}

bool Objects::answer(const Message& call) {
  if (call.interface == "org.freedesktop.DBus.Peer" && call.member == "Ping") {
    bus_.send(call.answer({}));
    return true;
  }
  const auto object = objects_.find(call.path);
  const bool inside = std::ranges::any_of(
      objects_, [&](const auto& one) { return one.first.starts_with(call.path); });
  if (call.interface == introspectable && call.member == "Introspect" && inside) {
    bus_.send(call.answer({dbus::text(introspection(call.path))}));
  } else if (call.path == "/" && call.interface == dbus::objects_interface &&
             call.member == "GetManagedObjects") {
    bus_.send(call.answer({all_objects()}));
  } else if (object == objects_.end()) {
    bus_.send(nobody_knows(call, unknown_object));
  } else if (call.interface == dbus::properties_interface) {
    answer_properties(call, object->second);
  } else {
    const auto interface = object->second.find(call.interface);
    if (interface != object->second.end() &&
        std::ranges::count(interface->second.methods, call.member))
      return false;
    bus_.send(nobody_knows(call, unknown_method));
  }
  return true;
}

void Objects::answer_properties(const Message& call, const Object& object) {
  const std::string signature = call.signature();
  const bool all = call.member == "GetAll" && signature == "s";
  const bool one = call.member == "Get" && signature == "ss";
  if (!all && !one && !(call.member == "Set" && signature == "ssv"))
    return bus_.send(nobody_knows(call, unknown_method));
  const std::string& name = call.body[0].text();
  const auto interface = object.find(name);
  if (interface == object.end())
    return bus_.send(call.refusal(invalid_arguments, cat("No such interface '", name, "'")));
  if (all) return bus_.send(call.answer({dictionary(interface->second)}));
  const std::string& property = call.body[1].text();
  const auto value = interface->second.properties.find(property);
  if (value == interface->second.properties.end())
    return bus_.send(call.refusal(invalid_arguments, cat("No such property '", property, "'")));
  if (one) return bus_.send(call.answer({dbus::variant(value->second)}));
  set_property(call, property, value->second.type);
}

void Objects::set_property(const Message& call, const std::string& property,
                           const std::string& type) {
  const dbus::Value& value = call.body[2].inside();
  const auto setter = setters_.find({call.path, property});
  if (setter == setters_.end())
    return bus_.send(call.refusal(read_only, cat("Property '", property, "' is not writable")));
  if (value.type != type)
    return bus_.send(
        call.refusal("org.bluez.Error.InvalidArguments", "Invalid arguments in method call"));
  bus_.send(call.answer({}));
  setter->second(value);
}

}  // namespace carebench::sim::bluez
