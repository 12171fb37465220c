// Lets a test see in which state a virtual device was left: whether the bed still moves, what
// stands in its registers. Not for the bench: a check sees only what the device says.
#pragma once

#include <string>

#include "probes/sim/engine.h"

namespace carebench::sim {

// Engine::observe() as JSON, with "closings": the state each time the port was closed. Replaces the
// file; io when it cannot be written.
Result<void> write_observation(Engine& engine, Stamp now, const std::string& path);

}  // namespace carebench::sim
