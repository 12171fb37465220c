// A service's connection to a message bus, over wire.h: it owns a name, takes calls, sends replies
// and signals. For one thread; nothing here blocks but open().
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "probes/dbus/wire.h"
#include "standards/vocab/error.h"

namespace carebench::dbus {

class Endpoint {
 public:
  // `address` as in DBUS_SYSTEM_BUS_ADDRESS (unix:path=… or unix:abstract=…). Errors: usage,
  // not_found, not_permitted, each with what to do.
  static Result<std::unique_ptr<Endpoint>> open(const std::string& address);
  Result<void> own(std::string_view name);  // busy: somebody else owns it; not_permitted
  void watch(std::string rule);             // signals of this match rule come in
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  int fd() const { return socket_.get(); }
  bool wants_to_write() const { return !out_.empty(); }

  void send(Message message);
  // The handler is told the reply or the error; never, where the receiver goes without a word.
  using Handler = std::function<void(const Message& answer)>;
  std::uint32_t call(Message message, Handler handler);
  void forget(std::uint32_t call) { handlers_.erase(call); }

  // Write, or write and read, what the socket takes and gives; an error when the bus is gone.
  Result<void> flush();
  Result<void> turn();
  // The next message that is no answer to a call of ours.
  bool next(Message& message);

 private:
  Endpoint() = default;
  Result<void> connect(const std::string& address);
  Result<void> authenticate();
  Result<std::string> line(const std::string& sent);
  Result<Message> ask(std::string_view method, Values arguments);
  Result<bool> fill();  // whether something came
  void take_messages();

  struct Outgoing {
    Bytes octets;
    std::vector<Descriptor> fds;
  };
  Descriptor socket_;
  std::uint32_t next_serial_ = 1;
  std::deque<Outgoing> out_;
  std::size_t written_ = 0;  // of the first
  Bytes in_;
  std::vector<Descriptor> fds_in_;
  std::deque<Message> messages_;
  std::map<std::uint32_t, Handler> handlers_;
};

}  // namespace carebench::dbus
