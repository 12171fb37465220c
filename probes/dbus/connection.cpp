#include "probes/dbus/connection.h"

#include <poll.h>
#include <sdbus-c++/sdbus-c++.h>

#include <map>

#include "standards/vocab/text.h"

namespace carebench::dbus {
namespace {

constexpr int most_values = 100'000;  // of one message
constexpr std::size_t most_unanswered = 64;
constexpr std::uint64_t no_time_out_us = 86'400'000'000;  // who waits has his own
constexpr int most_at_once = 64;

struct Malformed {};

// Calls `use` with a number of the C++ type that stands behind a D-Bus type.
template <class Use>
bool as_number(char type, const Use& use) {
  switch (type) {
    case 'b':
      return use(bool{});
    case 'y':
      return use(std::uint8_t{});
    case 'n':
      return use(std::int16_t{});
    case 'q':
      return use(std::uint16_t{});
    case 'i':
      return use(std::int32_t{});
    case 'u':
      return use(std::uint32_t{});
    case 'x':
      return use(std::int64_t{});
    case 't':
      return use(std::uint64_t{});
    default:
      throw Malformed();
  }
}

// What a client of bluetoothd sends: numbers, texts, paths, octets, options.
void write_value(sdbus::Message& message, const Value& value) {
  const std::string inner = value.type.empty() ? std::string() : value.type.substr(1);
  if (value.type == "s") {
    message << value.text();
  } else if (value.type == "o") {
    message << sdbus::ObjectPath(value.text());
  } else if (value.type == "v") {
    message.openVariant(value.inside().type);
    write_value(message, value.inside());
    message.closeVariant();
  } else if (value.type == "ay") {
    message.openContainer(inner);
    for (const std::uint8_t octet : value.octets()) message << octet;
    message.closeContainer();
  } else if (value.type.starts_with("a{")) {
    message.openContainer(inner);
    for (std::size_t i = 0; i + 1 < value.items().size(); i += 2) {
      message.openDictEntry(inner.substr(1, inner.size() - 2));
      write_value(message, value.items()[i]);
      write_value(message, value.items()[i + 1]);
      message.closeDictEntry();
    }
    message.closeContainer();
  } else if (value.type.starts_with("a")) {
    message.openContainer(inner);
    for (const Value& item : value.items()) write_value(message, item);
    message.closeContainer();
  } else {
    as_number(value.type.empty() ? '\0' : value.type[0], [&](auto number) {
      message << static_cast<decltype(number)>(std::get<std::int64_t>(value.held));
      return true;
    });
  }
}

// Reads by signature; what a message says of its own types the library checks on the way.
class Reader {
 public:
  explicit Reader(sdbus::Message& message) : message_(message) {}
  int values() const { return values_; }

  Values all(std::string_view signature) {
    Values found;
    found.reserve(3);  // signals have no more
    while (!signature.empty()) {
      const std::string type(next_type(signature));
      if (type.empty() || !read(type, found.emplace_back())) throw Malformed();
    }
    return found;
  }

 private:
  template <class Text>
  bool words(Value& value) {
    Text words;
    if (!(message_ >> words)) return false;
    value.held = std::string(std::move(words));
    return true;
  }

  // False at the end of a container. Nothing that bluetoothd says has doubles or structures in it.
  bool read(const std::string& type, Value& value) {
    if (++values_ > most_values) throw Malformed();
    value.type = type;
    if (type == "s") return words<std::string>(value);
    if (type == "o") return words<sdbus::ObjectPath>(value);
    if (type == "v") return variant(value);
    if (type.starts_with("a{")) return dictionary(type.substr(1), value);
    if (type.starts_with("a")) return array(type.substr(1), value);
    if (type == "h") {
      sdbus::UnixFd fd;
      if (!(message_ >> fd)) return false;
      value = descriptor(Descriptor(fd.release()));
      return true;
    }
    return as_number(type[0], [&](auto number) {
      if (!(message_ >> number)) return false;
      value.held = static_cast<std::int64_t>(number);
      return true;
    });
  }

  bool variant(Value& value) {
    std::string kind, type;
    message_.peekType(kind, type);
    message_.enterVariant(type);
    Values inside(1);
    if (!read(type, inside[0])) throw Malformed();
    message_.exitVariant();
    value.held = std::move(inside);
    return true;
  }

  bool array(const std::string& element, Value& value) {
    if (element == "y") {
      Bytes octets;
      message_ >> octets;
      value.held = std::move(octets);
      return true;
    }
    if (element == "v") throw Malformed();  // the library does not tell where such an array ends
    Values items;
    if (!message_.enterContainer(element)) return false;
    for (Value item; read(element, item); item = {}) items.push_back(std::move(item));
    return leave(std::move(items), value);
  }

  bool dictionary(const std::string& element, Value& value) {
    const std::string entry = element.substr(1, element.size() - 2);
    const std::string of_key = entry.substr(0, 1), of_value = entry.substr(1);
    Values items;
    if (!message_.enterContainer(element)) return false;
    while (message_.enterDictEntry(entry)) {
      if (items.empty()) items.reserve(2);
      if (!read(of_key, items.emplace_back()) || !read(of_value, items.emplace_back()))
        throw Malformed();
      message_.exitDictEntry();
    }
    return leave(std::move(items), value);
  }

  bool leave(Values items, Value& value) {
    message_.clearFlags();
    message_.exitContainer();
    value.held = std::move(items);
    return true;
  }

  sdbus::Message& message_;
  int values_ = 0;
};

std::string_view signature_of_signal(std::string_view name) {
  if (name == "PropertiesChanged") return "sa{sv}as";
  if (name == "InterfacesAdded") return "oa{sa{sv}}";
  if (name == "InterfacesRemoved") return "oas";
  if (name == "NameOwnerChanged") return "sss";
  return {};
}

struct AgentMethod {
  const char *name, *arguments, *reply;
};
constexpr AgentMethod agent_methods[] = {
    {"Release", "", ""},
    {"RequestPinCode", "o", "s"},
    {"DisplayPinCode", "os", ""},
    {"RequestPasskey", "o", "u"},
    {"DisplayPasskey", "ouq", ""},
    {"RequestConfirmation", "ou", ""},
    {"RequestAuthorization", "o", ""},
    {"AuthorizeService", "os", ""},
    {"Cancel", "", ""},
};

// Whatever goes wrong inside is an answer.
template <class Work>
Answer attempt(const Work& work) noexcept {
  try {
    work();
    return {Answer::Kind::done};
  } catch (const sdbus::Error& error) {
    return {Answer::Kind::refused, {}, error.getName(), error.getMessage()};
  } catch (const std::exception& error) {
    return {Answer::Kind::refused, {}, "malformed", error.what()};
  } catch (const Malformed&) {
    return {Answer::Kind::refused, {}, "malformed", "not of the types that were expected"};
  }
}

}  // namespace

struct Connection::Impl {
  explicit Impl(Listener& who) : listener(who) {}
  ~Impl() {
    finished.clear();
    under_way.clear();
    unanswered.clear();
    agent.reset();
  }

  struct UnderWay {
    std::unique_ptr<sdbus::IProxy> proxy;
    Handler handler;
  };

  Listener& listener;
  std::unique_ptr<sdbus::IConnection> bus;
  std::unique_ptr<sdbus::IObject> agent;
  std::map<std::uint64_t, UnderWay> under_way;
  std::vector<std::unique_ptr<sdbus::IProxy>> finished;  // may still be on the stack
  std::map<std::uint64_t, sdbus::MethodCall> unanswered;
  std::uint64_t next_serial = 1;

  void finish(std::uint64_t id, Answer answer) {
    const auto found = under_way.find(id);
    if (found == under_way.end()) return;
    const Handler handler = std::move(found->second.handler);
    finished.push_back(std::move(found->second.proxy));
    under_way.erase(found);
    handler(std::move(answer));
  }

  void heard(sdbus::Message& message) {
    (void)attempt([&] {
      std::string member = message.getMemberName();
      const std::string_view signature = signature_of_signal(member);
      if (signature.empty()) return;
      Reader reader(message);
      Values body = reader.all(signature);
      listener.signal(message.getSender(), message.getPath(), std::move(member), std::move(body),
                      reader.values());
    });
  }

  void called(const AgentMethod& method, sdbus::MethodCall call) {
    const Answer answer = attempt([&] {
      if (unanswered.size() >= most_unanswered) throw Malformed();
      Values arguments = Reader(call).all(method.arguments);
      const std::uint64_t serial = next_serial++;
      unanswered.emplace(serial, call);
      listener.agent_called(serial, call.getSender(), method.name, std::move(arguments));
    });
    if (answer.done()) return;
    (void)attempt([&] {
      call.createErrorReply(sdbus::Error("org.bluez.Error.Rejected", answer.message)).send();
    });
  }
};

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Connection::~Connection() {
  (void)attempt([&] { impl_.reset(); });
}

Result<std::unique_ptr<Connection>> Connection::open(Listener& listener) {
  auto impl = std::make_unique<Impl>(listener);
  const Answer opened = attempt([&] { impl->bus = sdbus::createSystemBusConnection(); });
  if (opened.done()) return std::unique_ptr<Connection>(new Connection(std::move(impl)));
  if (opened.error.ends_with("AccessDenied"))
    return fail(Errc::not_permitted, Blame::bench,
                "the D-Bus system bus refuses this user: run as a user of the machine, outside a "
                "sandbox");
  return fail(Errc::not_found, Blame::bench,
              cat("no D-Bus system bus can be reached (", printable(opened.message),
                  "): install and start the packages dbus and bluez; where "
                  "DBUS_SYSTEM_BUS_ADDRESS is set, check it"));
}

void Connection::send(std::uint64_t id, const Call& call, Handler handler) {
  impl_->under_way.emplace(id, Impl::UnderWay{nullptr, std::move(handler)});
  const Answer sent = attempt([&] {
    auto proxy = sdbus::createProxy(*impl_->bus, call.destination, call.path);
    auto message = proxy->createMethodCall(call.interface, call.method);
    for (const Value& value : call.arguments) write_value(message, value);
    const auto answered = [impl = impl_.get(), id, signature = call.reply](
                              sdbus::MethodReply& reply, const sdbus::Error* error) {
      Values values;
      Answer answer = attempt([&] {
        if (error) throw *error;
        values = Reader(reply).all(signature);
      });
      answer.values = std::move(values);
      impl->finish(id, std::move(answer));
    };
    // On the thread that processes: from others the library has a race here.
    proxy->callMethod(message, answered, no_time_out_us);
    impl_->under_way[id].proxy = std::move(proxy);
  });
  if (!sent.done()) impl_->finish(id, sent);
}

void Connection::drop(std::uint64_t id) { impl_->under_way.erase(id); }

Answer Connection::watch(const std::string& rule) {
  return attempt([&] {
    impl_->bus->addMatch(
        rule, [impl = impl_.get()](sdbus::Message& message) { impl->heard(message); },
        sdbus::floating_slot);
  });
}

Answer Connection::serve_agent(const std::string& path) {
  return attempt([&] {
    impl_->agent = sdbus::createObject(*impl_->bus, path);
    for (const AgentMethod& method : agent_methods)
      impl_->agent->registerMethod("org.bluez.Agent1", method.name, method.arguments, method.reply,
                                   [impl = impl_.get(), &method](sdbus::MethodCall call) {
                                     impl->called(method, std::move(call));
                                   });
    impl_->agent->finishRegistration();
  });
}

void Connection::reply(std::uint64_t serial, const Values& values) {
  auto found = impl_->unanswered.extract(serial);
  if (found.empty()) return;
  (void)attempt([&] {
    auto message = found.mapped().createReply();
    for (const Value& value : values) write_value(message, value);
    message.send();
  });
}

void Connection::refuse(std::uint64_t serial, const std::string& error,
                        const std::string& message) {
  auto found = impl_->unanswered.extract(serial);
  if (found.empty()) return;
  (void)attempt([&] { found.mapped().createErrorReply(sdbus::Error(error, message)).send(); });
}

std::string Connection::process() {
  const Answer answer = attempt([&] {
    for (int i = 0; i < most_at_once && impl_->bus->processPendingRequest(); ++i)
      impl_->finished.clear();
  });
  impl_->finished.clear();
  return answer.done() ? std::string() : answer.message;
}

void Connection::wait(int wake_fd) const {
  (void)attempt([&] {
    const auto data = impl_->bus->getEventLoopPollData();
    pollfd both[2] = {{data.fd, data.events, 0}, {wake_fd, POLLIN, 0}};
    (void)::poll(both, 2, data.getPollTimeout());
  });
}

}  // namespace carebench::dbus
