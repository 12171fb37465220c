#include "probes/sim/observe.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "standards/vocab/text.h"

namespace carebench::sim {

Result<void> write_observation(Engine& engine, Stamp now, const std::string& path) {
  Json json = engine.observe(now);
  json.set("closings", engine.closings());
  const std::string beside = cat(path, ".new");
  {
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file << json.dump(2) << '\n';
    if (!file.flush())
      return fail(Errc::io, Blame::bench, cat("cannot write ", beside, ": ", std::strerror(errno)));
  }
  if (std::rename(beside.c_str(), path.c_str()) != 0)
    return fail(Errc::io, Blame::bench, cat("cannot write ", path, ": ", std::strerror(errno)));
  return {};
}

}  // namespace carebench::sim
