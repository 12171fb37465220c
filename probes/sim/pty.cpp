#include "probes/sim/pty.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "probes/sim/observe.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

// A host's reader wakes late; a request that comes in two parts is still one.
constexpr Duration least_pause = milliseconds(5);

Stamp monotonic() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return {static_cast<Nanoseconds>(t.tv_sec) * 1'000'000'000 + t.tv_nsec};
}

tl::unexpected<Error> failed(std::string_view what) {
  return fail(Errc::io, Blame::bench, cat(what, ": ", std::strerror(errno)));
}

void close_fd(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

}  // namespace

struct PtyHost::Writer final : Ingest {
  explicit Writer(int descriptor) : fd(descriptor) {}
  void frame(Stamp, ByteView octets) override {
    // A client that does not read loses octets, as behind any UART.
    if (::write(fd, octets.data(), octets.size()) < 0) ++overruns;
  }
  void lost(Stamp, std::string_view) override { gone = true; }
  int fd;
  int overruns = 0;
  bool gone = false;
};

Result<std::unique_ptr<PtyHost>> PtyHost::open(std::shared_ptr<const VirtualDevice> device,
                                               const PtyOptions& options) {
  if (device->gatt)
    return fail(Errc::usage, Blame::bench,
                cat("virtual device ", device->name,
                    " is a Bluetooth LE device, which no serial "
                    "port can be: attach it as sim:",
                    device->name));
  EngineOptions engine_options;
  engine_options.faults = options.faults;
  engine_options.seed = options.seed;
  engine_options.sample = options.sample;
  engine_options.serial = options.serial;
  engine_options.start = monotonic();
  engine_options.connected = false;
  engine_options.least_pause = least_pause;
  auto engine = Engine::create(std::move(device), engine_options);
  if (!engine) return tl::unexpected(engine.error());
  std::unique_ptr<PtyHost> host(new PtyHost);
  host->engine_ = std::move(*engine);
  host->observe_ = options.observe;
  if (auto opened = host->open_terminal(); !opened) return tl::unexpected(opened.error());
  if (!options.link_path.empty())
    if (auto put = host->put_link(options.link_path); !put) return tl::unexpected(put.error());
  return host;
}

Result<void> PtyHost::open_terminal() {
  master_ = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (master_ < 0 || grantpt(master_) != 0 || unlockpt(master_) != 0)
    return failed("no pseudo-terminal is to be had");
  std::array<char, 64> name{};
  if (ptsname_r(master_, name.data(), name.size()) != 0) return failed("no pseudo-terminal");
  path_ = name.data();
  // Held open, so that the terminal outlives its clients.
  slave_ = ::open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave_ < 0) return failed(cat("cannot open ", path_));
  termios raw{};
  tcgetattr(slave_, &raw);
  cfmakeraw(&raw);
  raw.c_cflag |= CLOCAL;
  if (tcsetattr(slave_, TCSANOW, &raw) != 0) return failed(cat("cannot set up ", path_));
  watch_ = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (watch_ < 0 || inotify_add_watch(watch_, path_.c_str(), IN_OPEN | IN_CLOSE) < 0)
    return failed(cat("cannot watch ", path_));
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_ < 0) return failed("no eventfd");
  return {};
}

Result<void> PtyHost::put_link(const std::string& link_path) {
  struct stat there {};
  if (lstat(link_path.c_str(), &there) == 0) {
    if (!S_ISLNK(there.st_mode))
      return fail(Errc::usage, Blame::bench,
                  cat(link_path, " is there and is no symbolic link: choose another name"));
    ::unlink(link_path.c_str());
  }
  if (::symlink(path_.c_str(), link_path.c_str()) != 0)
    return failed(cat("cannot link ", link_path, " to ", path_));
  link_path_ = link_path;
  return {};
}

PtyHost::~PtyHost() {
  // Another host may have put its own link there since.
  std::array<char, 64> target{};
  if (!link_path_.empty() && ::readlink(link_path_.c_str(), target.data(), target.size() - 1) > 0 &&
      path_ == target.data())
    ::unlink(link_path_.c_str());
  close_fd(watch_);
  close_fd(wake_);
  close_fd(slave_);
  close_fd(master_);
}

bool PtyHost::count_clients() {
  bool opened = false;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t n = ::read(watch_, buffer.data(), buffer.size());
    if (n <= 0) return opened;
    for (std::size_t at = 0; at < static_cast<std::size_t>(n);) {
      inotify_event event;
      std::memcpy(&event, buffer.data() + at, sizeof event);
      if (event.mask & IN_OPEN) {
        opened = true;
        ++clients_;
      }
      if (event.mask & IN_CLOSE) clients_ = std::max(0, clients_ - 1);
      at += sizeof event + event.len;
    }
  }
}

Result<void> PtyHost::client_left(Stamp now) {
  engine_->disconnect(now);
  // What the client did to the terminal goes with it: its lock and what it has not read.
  ioctl(slave_, TIOCNXCL);
  tcflush(slave_, TCIOFLUSH);
  if (observe_.empty()) return {};
  return write_observation(*engine_, now, observe_);
}

void PtyHost::drain_input(Stamp now) {
  std::array<std::uint8_t, 4096> buffer;
  for (;;) {
    const ssize_t n = ::read(master_, buffer.data(), buffer.size());
    if (n <= 0) return;
    engine_->receive(now, ByteView(buffer.data(), static_cast<std::size_t>(n)));
  }
}

Result<void> PtyHost::step(Stamp now) {
  // What a client wrote before it left comes first, even where all of it happened since the last
  // step.
  const bool was_there = engine_->connected();
  const bool opened = count_clients();
  if (!was_there && !opened) return {};
  engine_->connect(now);
  drain_input(now);
  return clients_ > 0 ? Result<void>() : client_left(now);
}

Result<void> PtyHost::run(std::stop_token stop) {
  const std::stop_callback wake(stop, [this] {
    const std::uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);
  });
  Writer writer(master_);
  while (!stop.stop_requested() && !writer.gone) {
    if (auto stepped = step(monotonic()); !stepped) return stepped;
    engine_->pump(monotonic(), writer);
    if (auto trouble = engine_->take_trouble()) return tl::unexpected(*trouble);
    const Stamp due = engine_->next_due();
    timespec timeout{};
    if (due != never) {
      const Nanoseconds in = std::max<Nanoseconds>(0, (due - monotonic()).ns);
      timeout = {static_cast<time_t>(in / 1'000'000'000), static_cast<long>(in % 1'000'000'000)};
    }
    std::array<pollfd, 3> fds{{{master_, POLLIN, 0}, {watch_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    if (::ppoll(fds.data(), fds.size(), due == never ? nullptr : &timeout, nullptr) < 0 &&
        errno != EINTR)
      return failed("cannot wait");
  }
  engine_->disconnect(monotonic());
  if (observe_.empty()) return {};
  return write_observation(*engine_, monotonic(), observe_);
}

Result<void> serve_on_pty(std::string_view device, const PtyOptions& options, std::stop_token stop,
                          const std::function<void(const std::string& path)>& ready) {
  auto loaded = load(device);
  if (!loaded) return tl::unexpected(loaded.error());
  auto host = PtyHost::open(std::move(*loaded), options);
  if (!host) return tl::unexpected(host.error());
  ready((*host)->path());
  return (*host)->run(std::move(stop));
}

}  // namespace carebench::sim
