// The panel of agreement over many pairs of glucose readings (mg/dL), for tests/perf/measure to put
// beside numpy_panel.py.
//   bench_panel write FILE N [whole]   N devices, then N references, as doubles; whole: whole mg/dL
//   bench_panel FILE [THREADS]         maps the file and prints the figures and the processor time
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "standards/stats/bootstrap.h"
#include "standards/stats/panel.h"

namespace {

using carebench::stats::Generator;
using carebench::stats::Panel;

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// References 40 to 400 mg/dL, a device that is 2 mg/dL high and 8 % uncertain.
int write_pairs(const char* path, std::size_t n, bool whole) {
  std::vector<double> pairs(2 * n);
  Generator random(1);
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0;
    for (int k = 0; k < 4; ++k) sum += random.uniform();
    const double reference = 40 + 360 * random.uniform();
    const double device = reference * (1 + 0.08 * std::sqrt(3.0) * (sum - 2)) + 2;
    pairs[i] = whole ? std::round(device) : device;
    pairs[n + i] = whole ? std::round(reference) : reference;
  }
  std::FILE* file = std::fopen(path, "wb");
  if (file == nullptr) return 74;
  const bool written = std::fwrite(pairs.data(), sizeof(double), pairs.size(), file) == 2 * n;
  return std::fclose(file) == 0 && written ? 0 : 74;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc >= 4 && std::string(argv[1]) == "write")
    return write_pairs(argv[2], std::strtoull(argv[3], nullptr, 10), argc > 4);
  if (argc < 2) return 64;
  const int file = open(argv[1], O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file < 0 || fstat(file, &status) != 0) return 74;
  const auto size = static_cast<std::size_t>(status.st_size), n = size / 2 / sizeof(double);
  const double began = processor_seconds();
  const void* pairs = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (pairs == MAP_FAILED) return 74;
  const auto* values = static_cast<const double*>(pairs);
  const unsigned threads = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1;
  const Panel p = carebench::stats::panel({values, n}, {values + n, n},
                                          {.glucose_mg_dl = true, .threads = threads});
  const double seconds = processor_seconds() - began;
  std::printf("{\"cpu\": %.6f, \"figures\": [", seconds);
  for (const double figure :
       {p.bias, p.sd, p.rms, p.mae, p.mape, p.loa.low, p.loa.high, p.p5, p.p50, p.p95, p.p99})
    std::printf("%.17g, ", figure);
  for (const auto* zones : {&*p.clarke, &*p.parkes_1, &*p.parkes_2})
    for (const auto count : zones->count) std::printf("%ld, ", static_cast<long>(count));
  std::printf("%ld]}\n", static_cast<long>(p.n));
  return 0;
}
