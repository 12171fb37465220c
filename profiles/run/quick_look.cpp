#include "profiles/run/quick_look.h"

#include <cstdlib>
#include <filesystem>

#include "probes/bench.h"
#include "probes/clock.h"
#include "probes/live_lane.h"
#include "standards/vocab/text.h"

namespace carebench {

struct QuickLook::State {
  std::string folder;  // the lane records, as always; here into a folder that goes away
  std::unique_ptr<Clock> clock;
  std::unique_ptr<Recorder> recorder;
  std::unique_ptr<Bench> bench;
  std::unique_ptr<LiveLane> lane;
  BoundDevice device;
  std::unique_ptr<Port> port;
};

QuickLook::QuickLook() : state_(std::make_unique<State>()) {}

QuickLook::~QuickLook() {
  state_->lane.reset();
  state_->bench.reset();
  state_->recorder.reset();
  std::error_code ignored;
  if (!state_->folder.empty()) std::filesystem::remove_all(state_->folder, ignored);
}

Port& QuickLook::port() { return *state_->port; }

Result<std::unique_ptr<QuickLook>> QuickLook::open(const std::string& address,
                                                   std::shared_ptr<const Protocol> protocol,
                                                   std::stop_token stop) {
  const auto parsed = Address::parse(address);
  if (!parsed) return tl::unexpected(parsed.error());
  std::unique_ptr<QuickLook> look(new QuickLook);
  State& state = *look->state_;
  std::string folder = (std::filesystem::temp_directory_path() / "carebench-XXXXXX").string();
  if (!::mkdtemp(folder.data()))
    return fail(Errc::io, Blame::bench, cat("cannot create a folder below ", folder));
  state.folder = folder;
  if (parsed->scheme == "sim")
    state.clock = std::make_unique<VirtualClock>();
  else
    state.clock = std::make_unique<RealClock>();
  EvidenceLayout layout{{"look"}, {}};
  layout.channels.push_back({"device", address, link_driver(parsed->scheme)->octets(*parsed)});
  auto recorder = Recorder::open(cat(folder, "/look.pcapng"), layout, 0, nullptr);
  if (!recorder) return tl::unexpected(recorder.error());
  state.recorder = std::move(*recorder);
  state.bench = std::make_unique<Bench>(*state.recorder, *state.clock, nullptr);
  if (auto opened = state.bench->open(0, *parsed); !opened) return tl::unexpected(opened.error());
  state.lane = state.bench->lane(0, std::move(stop));
  state.device = {"device", false, 0, std::move(protocol), {}, {}};
  state.port = std::make_unique<Port>(*state.lane, state.device, never);
  return look;
}

}  // namespace carebench
