// What it costs to acknowledge a step: our seal and sync beside one bare append and fdatasync.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "probes/clock.h"
#include "probes/recorder.h"

using namespace carebench;

int main() {
  constexpr int rounds = 300;
  std::string folder = "./bench-sync-XXXXXX";
  if (!mkdtemp(folder.data())) return 1;
  RealClock clock;
  std::vector<double> bare, ours;
  const int fd = ::open((folder + "/bare").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0644);
  auto recorder = Recorder::open(folder + "/e.pcapng", {{"all"}, {{"dut", "x"}}}, 0, nullptr);
  if (fd < 0 || !recorder) return 1;
  const Bytes block(400, 0x5A);
  for (int i = 0; i < rounds; ++i) {  // in turn, so that both meet the same disk
    Stamp before = clock.now();
    if (::write(fd, block.data(), block.size()) < 0 || ::fdatasync(fd) != 0) return 1;
    bare.push_back((clock.now() - before).seconds() * 1e6);
    before = clock.now();
    (*recorder)->octets((*recorder)->layout().octets(0), before, pcapng::Direction::inbound,
                        ByteView(block).first(200));
    if (!(*recorder)->acknowledge()) return 1;
    ours.push_back((clock.now() - before).seconds() * 1e6);
  }
  ::close(fd);
  std::sort(bare.begin(), bare.end());
  std::sort(ours.begin(), ours.end());
  std::filesystem::remove_all(folder);
  std::printf("an acknowledged step, p50|<= 1.5x one bare fdatasync|%.0f us = %.2fx (%.0f us)\n",
              ours[rounds / 2], ours[rounds / 2] / bare[rounds / 2], bare[rounds / 2]);
}
