// Where a run happens: on the bench (links, clock, operator; everything recorded) or in its own
// evidence (nothing but the record). The runner does not know which.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "probes/bench.h"
#include "probes/evidence.h"

namespace carebench {

struct AttemptKey {
  std::string step, sample;
  int number = 1;
};

class World {
 public:
  virtual ~World() = default;
  // A lane for one attempt. Errc::not_found: this world holds no such attempt, the run ended
  // before. `resumable`: an attempt that was cut off may go on where it was.
  virtual Result<std::unique_ptr<Lane>> begin(const AttemptKey& key, std::size_t lane,
                                              const std::vector<ChannelId>& channels,
                                              bool resumable) = 0;
  // Live: the attempt's end is written and everything is on the disk when this returns. Replay: all
  // that was recorded must have been asked for.
  virtual Result<void> end(Lane& lane, const AttemptKey& key, std::string_view state) = 0;
  virtual bool is_live(const Lane& lane) const = 0;  // drives links, not (any more) a replay
  // The openings that hold for a step: those of the time it was first attempted, else the last.
  virtual const std::vector<OpenEvidence>& opens(const std::string& step,
                                                 const std::string& sample) const = 0;
  virtual bool parallel() const = 0;
};

// Derives: every attempt comes from the evidence.
std::unique_ptr<World> replay_world(std::shared_ptr<const Evidence> evidence);

// Records. `before` (may be null) is the evidence of a run that is resumed: what it acknowledged is
// taken from there. `stop` ends waits; safe actions run all the same.
std::unique_ptr<World> live_world(Bench& bench, Recorder& recorder, std::vector<OpenEvidence> opens,
                                  std::shared_ptr<const Evidence> before, bool virtual_time,
                                  std::stop_token stop);

}  // namespace carebench
