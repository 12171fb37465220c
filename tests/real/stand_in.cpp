// Our stand-in for bluetoothd with the bench's health device behind it
// (tests/support/gatt_device.h), on the bus of DBUS_SYSTEM_BUS_ADDRESS.
//
//   stand_in SOCKET           serves until it is ended; prints a line when it is there
//   stand_in SOCKET WORD…     says this to the device's user (GattDevice::say) of the one that
//   serves
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "probes/clock.h"
#include "probes/sim/bluez/host.h"
#include "standards/vocab/text.h"
#include "tests/support/gatt_device.h"

namespace carebench {
namespace {

sockaddr_un at(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  return address;
}

std::string all_of(int fd) {
  std::string text(4096, '\0');
  const ssize_t n = ::read(fd, text.data(), text.size());
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return text;
}

int say(const char* path, const std::string& words) {
  const dbus::Descriptor client(::socket(AF_UNIX, SOCK_STREAM, 0));
  const sockaddr_un address = at(path);
  if (::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return 1;
  (void)!::write(client.get(), words.data(), words.size());
  std::puts(all_of(client.get()).c_str());
  return 0;
}

void listen_to_words(int listening, GattDevice& device) {
  while (true) {
    const dbus::Descriptor client(::accept(listening, nullptr, nullptr));
    if (client.get() < 0) return;
    const std::string answer = device.say(all_of(client.get())) + "\n";
    (void)!::write(client.get(), answer.data(), answer.size());
  }
}

int serve(const char* path) {
  const RealClock clock;
  auto device = std::make_unique<GattDevice>(clock);
  ::unlink(path);
  const dbus::Descriptor listening(::socket(AF_UNIX, SOCK_STREAM, 0));
  const sockaddr_un address = at(path);
  if (::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listening.get(), 4) != 0)
    return 1;
  std::thread(listen_to_words, listening.get(), std::ref(*device)).detach();
  const char* bus = std::getenv("DBUS_SYSTEM_BUS_ADDRESS");
  const auto served =
      sim::serve_link_on_dbus(std::move(device), clock, bus ? bus : "", {},
                              [](const std::string&, const std::string& address_of_device) {
                                std::puts(address_of_device.c_str());
                                std::fflush(stdout);
                              });
  if (!served) std::fprintf(stderr, "%s\n", served.error().message.c_str());
  std::_Exit(served ? 0 : 1);
}

}  // namespace
}  // namespace carebench

int main(int argc, char** argv) {
  if (argc == 2) return carebench::serve(argv[1]);
  std::string words;
  for (int i = 2; i < argc; ++i) words += (i > 2 ? " " : "") + std::string(argv[i]);
  return argc > 2 ? carebench::say(argv[1], words) : 64;
}
