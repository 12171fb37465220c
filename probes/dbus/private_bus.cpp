#include "probes/dbus/private_bus.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "probes/dbus/value.h"
#include "probes/links/wait.h"
#include "standards/vocab/text.h"

namespace carebench::dbus {
namespace {

tl::unexpected<Error> failed(std::string_view why) {
  return fail(Errc::not_ready, Blame::bench,
              cat("no message bus can be started (", why, "): install the package dbus"));
}

}  // namespace

Result<std::unique_ptr<PrivateBus>> PrivateBus::start() {
  std::unique_ptr<PrivateBus> bus(new PrivateBus);
  std::string folder = "/tmp/carebench-bus-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return failed(links::system_text(errno));
  bus->folder_ = folder;
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) return failed(links::system_text(errno));
  Descriptor reading(pipe[0]), writing(pipe[1]);
  const std::string listen = cat("--address=unix:path=", folder, "/bus");
  const pid_t ours = ::getpid();
  bus->daemon_ = ::fork();
  if (bus->daemon_ < 0) return failed(links::system_text(errno));
  if (bus->daemon_ == 0) {
    // It ends with us however we end, and holds nobody's terminal or pipe open.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != ours) ::_exit(127);
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(writing.get(), STDOUT_FILENO);
    ::dup2(nothing, STDERR_FILENO);
    ::execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", "--nopidfile",
             "--print-address=1", listen.c_str(), nullptr);
    ::_exit(127);
  }
  writing = Descriptor();
  for (char c = 0; ::read(reading.get(), &c, 1) == 1 && c != '\n';) bus->address_ += c;
  if (bus->address_.empty()) return failed("dbus-daemon does not start");
  return bus;
}

PrivateBus::~PrivateBus() {
  kill();
  std::error_code none;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, none);
}

void PrivateBus::kill() {
  if (daemon_ <= 0) return;
  ::kill(daemon_, SIGKILL);
  ::waitpid(daemon_, nullptr, 0);
  daemon_ = -1;
}

}  // namespace carebench::dbus
