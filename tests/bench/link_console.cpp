// A link by hand: link_console ADDRESS opens it, then reads operations as the evidence writes them,
// one JSON a line ({"op": "read_value", "attribute": "2A25", "timeout_s": 5}), and prints a line of
// JSON for each that ends and for all that comes in. For what a link does on a real stack, where no
// check stands between.
#include <poll.h>

#include <cstdio>
#include <iostream>
#include <mutex>
#include <thread>

#include "probes/clock.h"
#include "probes/gatt/event.h"
#include "probes/link_driver.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

class Console final : public Ingest {
 public:
  explicit Console(const Clock& clock) : clock_(clock) {}

  void print(Json line) {
    const std::scoped_lock lock(mutex_);
    line.set("at", clock_.now().seconds());
    std::puts(line.dump().c_str());
    std::fflush(stdout);
  }

  void frame(Stamp stamp, ByteView octets) override {
    Json line = Json::object().set("come", "frame").set("stamp", stamp.seconds());
    GattEvent event;
    if (GattEvent::parse(octets, event)) {
      line.set("kind", static_cast<int>(event.kind)).set("source", static_cast<int>(event.source));
      line.set("attribute", event.uuid.text());
      octets = event.value;
    }
    print(line.set("octets", to_hex(octets)));
  }

  void lost(Stamp, std::string_view how) override {
    print(Json::object().set("come", "lost").set("text", how));
  }

 private:
  const Clock& clock_;
  std::mutex mutex_;
};

Json failed(const Error& error) {
  return Json::object()
      .set("come", "error")
      .set("blame", to_string(error.blame))
      .set("text", error.message);
}

void listen(Link& link, const Clock& clock, Console& console, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd wanted{link.wait_fd(), POLLIN, 0};
    if (::poll(&wanted, 1, 20) > 0) link.pump(clock.now(), console);
  }
}

void perform(Link& link, const std::string& text, Console& console) {
  const auto json = parse_json(text, "stdin");
  if (!json) return console.print(failed(json.error()));
  const auto op = op_from(*json);
  if (!op) return console.print(Json::object().set("come", "error").set("text", "no operation"));
  const auto timeout = from_seconds((*json)["timeout_s"].number(50));
  const auto come = link.perform(*op, timeout, {});
  if (!come) return console.print(failed(come.error()));
  console.print(Json::object()
                    .set("come", to_string(come->kind))
                    .set("op", (*json)["op"])
                    .set("text", come->text)
                    .set("octets", to_hex(come->octets)));
}

int converse(const char* address_text) {
  RealClock clock;
  Console console(clock);
  const auto address = Address::parse(address_text);
  if (!address) return console.print(failed(address.error())), 64;
  auto link = open_link(*address, clock);
  if (!link) return console.print(failed(link.error())), 3;
  console.print(Json::object().set("come", "opened").set("facts", to_json((*link)->facts())));
  std::jthread reader([&](const std::stop_token& stop) { listen(**link, clock, console, stop); });
  for (std::string line; std::getline(std::cin, line);) perform(**link, line, console);
  reader.request_stop();
  reader.join();
  (*link)->close();
  return 0;
}

}  // namespace
}  // namespace carebench

int main(int argc, char** argv) {
  if (argc == 2) return carebench::converse(argv[1]);
  std::fputs("usage: link_console ADDRESS\n", stderr);
  return 64;
}
