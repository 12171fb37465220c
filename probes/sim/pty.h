// Stands a virtual device up behind a pseudo-terminal, in real time: any program that opens serial
// ports can talk to it, in another process too. Clients come and go; the device sees its port open
// and close. The clock is CLOCK_MONOTONIC for the world's waves as well, so that two hosts (a
// device under test and its reference) agree on the truth.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "probes/sim/engine.h"

namespace carebench::sim {

struct PtyOptions {
  std::string faults;
  std::optional<std::uint64_t> seed;
  int sample = 1;
  std::string serial;
  std::string link_path;  // a symbolic link to put on the terminal; "" = none
  std::string observe;    // file for the device's state when a client leaves and at the end
};

class PtyHost {
 public:
  static Result<std::unique_ptr<PtyHost>> open(std::shared_ptr<const VirtualDevice> device,
                                               const PtyOptions& options);
  ~PtyHost();
  PtyHost(const PtyHost&) = delete;
  PtyHost& operator=(const PtyHost&) = delete;

  const std::string& path() const { return path_; }  // "/dev/pts/7"
  // Serves until stopped, or until the device unplugs itself (then the clients see a hang-up).
  Result<void> run(std::stop_token stop);

 private:
  PtyHost() = default;
  Result<void> open_terminal();
  Result<void> put_link(const std::string& link_path);
  Result<void> step(Stamp now);
  Result<void> client_left(Stamp now);
  bool count_clients();  // true: somebody opened the terminal since the last call
  void drain_input(Stamp now);

  struct Writer;
  int master_ = -1, slave_ = -1, watch_ = -1, wake_ = -1;
  int clients_ = 0;
  std::string path_, link_path_, observe_;
  std::unique_ptr<Engine> engine_;
};

// Loads, opens and serves; `ready` is told the terminal's path as soon as clients may open it.
Result<void> serve_on_pty(std::string_view device, const PtyOptions& options, std::stop_token stop,
                          const std::function<void(const std::string& path)>& ready);

}  // namespace carebench::sim
