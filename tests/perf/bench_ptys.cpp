// 64 pseudo-terminals at a full 115200 line each (24-octet frames at 480 Hz, in phase), written by
// another process: what arrives, and what it costs this one.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "probes/bench.h"
#include "probes/clock.h"
#include "probes/live_lane.h"
#include "tests/support/pty.h"

using namespace carebench;

namespace {

constexpr std::size_t lines = 64, octets_a_frame = 24;
constexpr int frames = 480 * 5, rate = 480;

void write_all_lines(const std::vector<std::unique_ptr<Pty>>& ptys) {
  const Bytes frame(octets_a_frame, 0x55);
  RealClock clock;
  for (int i = 0; i < frames; ++i) {
    const Stamp due{1'000'000'000LL * i / rate};
    if (const Duration left = due - clock.now(); left.ns > 0)
      usleep(static_cast<useconds_t>(left.ns / 1000));
    for (const auto& pty : ptys) pty->send(frame);
  }
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto in_seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
}

}  // namespace

int main() {
  std::string folder = (std::filesystem::temp_directory_path() / "ptys-XXXXXX").string();
  if (!mkdtemp(folder.data())) return 1;
  std::vector<std::unique_ptr<Pty>> ptys;
  EvidenceLayout layout{{"all"}, {}};
  std::vector<ChannelId> channels;
  for (std::size_t i = 0; i < lines; ++i) {
    ptys.push_back(std::make_unique<Pty>());
    layout.channels.push_back({"dut", "serial:" + ptys.back()->path() + "?baud=115200"});
    channels.push_back(static_cast<ChannelId>(i));
  }
  RealClock clock;
  auto recorder = Recorder::open(folder + "/e.pcapng", layout, 0, nullptr);
  Bench bench(**recorder, clock, nullptr);
  for (std::size_t i = 0; i < lines; ++i)
    if (!bench.open(channels[i], *Address::parse(layout.channels[i].address))) return 1;
  auto lane = bench.lane(0, {});
  const pid_t writer = fork();
  if (writer == 0) {
    write_all_lines(ptys);
    _exit(0);
  }
  const double cpu = cpu_seconds();
  const Stamp began = clock.now();
  std::uint64_t received = 0;
  constexpr std::uint64_t sent = lines * octets_a_frame * frames;
  while (received < sent) {
    auto outcome = lane->next(channels, lane->now() + seconds(3));
    if (!outcome || outcome->kind != Outcome::Kind::frame) break;
    received += outcome->octets.size();
  }
  const double took = (clock.now() - began).seconds(), used = cpu_seconds() - cpu;
  waitpid(writer, nullptr, 0);
  bench.close_all();
  std::filesystem::remove_all(folder);
  std::printf(
      "64 ptys at a full 115200 line each|nothing lost, <= 10 %% of a core|"
      "%llu octets lost of %llu, %.1f %% of a core\n",
      static_cast<unsigned long long>(sent - received), static_cast<unsigned long long>(sent),
      100 * used / took);
}
