// The objects that our stand-in for bluetoothd exports, and what every one of them answers:
// Properties, Introspectable, and ObjectManager at the root, in the words of the library that
// bluetoothd 5.66 uses (gdbus).
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "probes/dbus/endpoint.h"

namespace carebench::sim::bluez {

using Properties = std::vector<std::pair<std::string, dbus::Value>>;

class Objects {
 public:
  explicit Objects(dbus::Endpoint& bus) : bus_(bus) {}

  // Told of a Set of a property after it was answered; it calls set(). Only these can be set.
  using Setter = std::function<void(const dbus::Value& value)>;
  void allow_set(const std::string& path, const std::string& property, Setter setter);

  // An interface of an object; announce() tells of the object as a whole (InterfacesAdded).
  void add(const std::string& path, const std::string& interface, Properties properties,
           std::vector<std::string> methods);
  void announce(const std::string& path);
  // All at and below it; each is signalled.
  void remove(const std::string& path);
  bool has(const std::string& path) const { return objects_.contains(path); }
  std::vector<std::string> below(const std::string& path) const;

  const dbus::Value& get(const std::string& path, const std::string& interface,
                         const std::string& property) const;
  // One signal for all of them. Properties that were not there come to be.
  void set(const std::string& path, const std::string& interface, const Properties& changed,
           bool signalled = true);
  void invalidate(const std::string& path, const std::string& interface,
                  const std::string& property);

  // Answers what every object answers, and what no object knows. False: a call of one of the
  // methods that were given to add().
  bool answer(const dbus::Message& call);

 private:
  struct Interface {
    std::map<std::string, dbus::Value> properties;
    std::vector<std::string> methods;
  };
  using Object = std::map<std::string, Interface>;

  void answer_properties(const dbus::Message& call, const Object& object);
  void set_property(const dbus::Message& call, const std::string& property,
                    const std::string& type);
  dbus::Value dictionary(const Interface& interface) const;
  dbus::Value interfaces_of(const Object& object) const;
  dbus::Value all_objects() const;
  std::string introspection(const std::string& path) const;
  void signal(const std::string& path, const std::string& interface, const std::string& member,
              dbus::Values body);

  dbus::Endpoint& bus_;
  std::map<std::string, Object> objects_;
  std::map<std::pair<std::string, std::string>, Setter> setters_;
  std::set<std::string> announced_;
};

}  // namespace carebench::sim::bluez
