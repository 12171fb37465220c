// A connection to the system bus over sdbus-c++, which only connection.cpp knows. For one thread at
// a time; no exception leaves it. Bus (bus.h) is what others use: it runs a connection on a thread
// of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "probes/dbus/value.h"
#include "standards/vocab/error.h"

namespace carebench::dbus {

inline constexpr std::string_view bluez = "org.bluez", bus_name = "org.freedesktop.DBus",
                                  properties_interface = "org.freedesktop.DBus.Properties",
                                  objects_interface = "org.freedesktop.DBus.ObjectManager";

struct Call {
  std::string path, interface, method;
  Values arguments = {};
  std::string reply = {};  // signature of what comes back
  std::string destination = std::string(bluez);
};

struct Answer {
  enum class Kind { done, refused, timed_out, stopped, lost } kind = Kind::lost;
  Values values = {};                    // done
  std::string error = {}, message = {};  // refused: name and text of the D-Bus error; lost: how
  bool done() const { return kind == Kind::done; }
};

class Connection {
 public:
  // Told from within process(). `count`: how many values the arguments hold in all.
  struct Listener {
    virtual ~Listener() = default;
    virtual void signal(std::string sender, std::string path, std::string member, Values body,
                        int count) = 0;
    virtual void agent_called(std::uint64_t serial, std::string sender, std::string method,
                              Values arguments) = 0;
  };
  // DBUS_SYSTEM_BUS_ADDRESS, or the machine's. Errors: not_found (no bus), not_permitted (the bus
  // will not have us), each with what to do.
  static Result<std::unique_ptr<Connection>> open(Listener& listener);
  ~Connection();

  // The handler is told once: done or refused, at once where the call cannot be sent.
  using Handler = std::function<void(Answer)>;
  void send(std::uint64_t id, const Call& call, Handler handler);
  void drop(std::uint64_t id);  // its handler is not told any more

  // Signals of this match rule are told: PropertiesChanged, InterfacesAdded, InterfacesRemoved and
  // NameOwnerChanged.
  Answer watch(const std::string& rule);
  // The methods of org.bluez.Agent1 at `path`, each until reply() or refuse().
  Answer serve_agent(const std::string& path);
  void reply(std::uint64_t serial, const Values& values);
  void refuse(std::uint64_t serial, const std::string& error, const std::string& message);

  // Does what is due; "" or how the bus was lost.
  std::string process();
  // Waits until there is something due, or `wake_fd` is readable.
  void wait(int wake_fd) const;

 private:
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace carebench::dbus
