// What a check is given: ports to its devices, parameters, time, the operator, and a place to put
// measurements, figures and notes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/lane.h"
#include "probes/modbus/client.h"
#include "probes/protocol.h"
#include "profiles/check.h"
#include "standards/calibration.h"
#include "standards/limit.h"
#include "standards/vocab/run_record.h"

namespace carebench {

// The instrument behind a device, and what its certificate says of the quantity that the step
// measures, from the job (nothing when none is named).
struct InstrumentData {
  std::string device;  // name in the profile
  std::string id, certificate;
  std::optional<CalibratedRange> range;
};

// What a check used of an instrument: indications from low to high.
struct InstrumentUse {
  std::string role;
  double low = 0, high = 0;
  Unit unit;
};

// The uncertainty of a value as a check tells it: its components, or nothing where it is exact (a
// count). A bare standard uncertainty becomes a budget of one line.
struct Uncertainty {
  Uncertainty(double standard_uncertainty = 0)  // NOLINT(google-explicit-constructor)
      : u(standard_uncertainty) {}
  Uncertainty(Budget components)  // NOLINT(google-explicit-constructor)
      : budget(std::move(components)) {}
  double u = 0;
  Budget budget;
};

// How a profile wants a GATT device to be used (`ble:` of the device).
struct GattManners {
  Subscribe::Mode notify = Subscribe::Mode::acquire;
  std::string pair;  // capability with which the bench pairs before it subscribes; "": not at all
};

// One device as a step sees it.
struct BoundDevice {
  std::string name;          // "dut", "dut#2", "reference"
  bool is_operator = false;  // typed readings instead of a link
  ChannelId channel = 0;
  std::shared_ptr<const Protocol> protocol;  // frames or registers, or null
  std::string label, serial;                 // of the sample, from the job
  GattManners gatt = {};
};

// What lint hooks see of a step: parameters and protocols, nothing live.
struct StepView {
  const Params& with;
  Origin at;                                                       // of the step in the profile
  std::function<const Protocol*(std::string_view role)> protocol;  // null when unbound or none
  std::function<bool(std::string_view role)> bound;
};

// A port to one device: operations go out, outcomes come in (TTCN-3's port of a test system).
class Port {
 public:
  Port(Lane& lane, const BoundDevice& device, Stamp step_deadline);
  const std::string& name() const { return device_.name; }
  const BoundDevice& device() const { return device_; }
  const Facts& facts() const { return lane_.facts(device_.channel); }
  const Protocol* protocol() const { return device_.protocol.get(); }
  ChannelId channel() const { return device_.channel; }

  // Connects a GATT device, pairs where the profile says so, and subscribes to what its protocol is
  // heard on; once, and again after a Connect or Disconnect of the step's own. next() and the
  // message streams do so by themselves, unless the step does it by_hand(). A device that is
  // not there is silent; one that refuses is an Error that says what to do.
  Result<void> listen();
  void by_hand() { listening_ = true; }
  bool speaks_gatt() const;  // its link carries out GATT operations
  // Brings a pairing dialogue to its end; the operator is asked for what it wants and shows.
  Result<Outcome> pair(std::string_view capability, Duration timeout = seconds(60));

  // Each waits no longer than the step's own timeout; passing that is an Error (blame profile).
  // Time when the bench was away is not the step's: a gap that next() tells of puts the timeout
  // off.
  Result<Outcome> perform(const Op& op, Duration timeout = seconds(5));
  Result<Outcome> write(ByteView octets, Duration timeout = seconds(5));
  Result<Outcome> next(Stamp deadline);
  Result<Outcome> flush();
  Stamp now() const { return lane_.now(); }

  // Modbus over this port, when its link says so; else an Error (blame profile).
  Result<ModbusClient*> modbus();

 private:
  friend class Context;
  struct Conversation;
  Result<Outcome> write_attribute(ByteView octets, Duration timeout);
  Lane& lane_;
  const BoundDevice& device_;
  Stamp step_deadline_;
  bool listening_ = false;
  std::shared_ptr<Conversation> conversation_;
  std::shared_ptr<ModbusClient> modbus_;
};

// Frames of a port's protocol, decoded as they come. Views hold until the next call.
class MessageStream {
 public:
  explicit MessageStream(Port& port);  // port.protocol() must be a framing protocol
  struct Heard {
    enum class Kind { message, timed_out, lost, gap } kind = Kind::timed_out;
    Message message;  // kind message
    Outcome outcome;  // kind lost, gap
  };
  Result<Heard> next(Stamp deadline);
  // For several streams at once: feed what Context::next_of gave, then drain with take().
  void feed(const Outcome& frame);
  bool take(Message& message);
  const FrameCounts& counts() const { return reader_.counts(); }
  FrameReader& reader() { return reader_; }
  Port& port() { return port_; }

 private:
  Port& port_;
  FrameReader reader_;
};

class Context {
 public:
  // A limit that the step's results go before, for checks that compute whatever statistic a limit
  // is about. It defines the statistic; whether it is met is nothing to a check.
  struct Asked {
    std::string value;  // the output
    Limit limit;
  };
  struct Setup {
    Lane* lane = nullptr;
    const Check* check = nullptr;
    const Params* with = nullptr;
    std::string step;  // id; the keys of its prompts begin with it: "ACC-1/60"
    std::map<std::string, std::vector<BoundDevice>, std::less<>> roles;
    Stamp deadline = never;
    std::map<std::string, InstrumentData, std::less<>> instruments;  // by device name
    std::map<std::string, Budget, std::less<>> budgets;  // the laboratory's, by measurement name
    CoverageProbability coverage = CoverageProbability::p9545;
    std::function<Result<std::string>(std::string_view)> input_file;
    std::function<void(double)> progress;
    std::vector<std::string> destructive_consent;  // what the customer consented to, from the job
    std::vector<Asked> asked;
    std::int64_t unix_base_ns = 0;  // the wall clock at stamp 0
  };
  explicit Context(Setup setup);

  const Params& with() const { return *setup_.with; }
  bool bound(std::string_view role) const;
  Port& port(std::string_view role);                // the (first) device bound to a role
  std::vector<Port*> ports(std::string_view role);  // all of them
  InstrumentData instrument(std::string_view role) const;

  Stamp now() const { return setup_.lane->now(); }
  // What the wall clock said at a stamp, as the run began: seconds since 1970-01-01 UTC.
  double unix_seconds(Stamp at) const {
    return static_cast<double>(setup_.unix_base_ns + at.ns) * 1e-9;
  }
  Result<Outcome> sleep(Duration d);
  // The next thing that comes in on any of the ports; `who` says on which (index into `ports`).
  Result<Outcome> next_of(std::span<Port* const> ports, Stamp deadline, std::size_t& who);
  Result<Json> ask(const Prompt& prompt);  // not_ready when nobody answers
  // How late the bench itself wakes up, as a component (in s) of a latency; measured once.
  Result<UncertaintyComponent> wake_up();
  // Indications of the instrument in that role went into the values: within its calibration or not
  // is for the runner to see. Several calls add up.
  void used(std::string_view role, double low, double high, Unit unit);
  // A file named in the profile ("pairs.csv"), kept among the run's inputs.
  Result<std::string> input_file(std::string_view name) { return setup_.input_file(name); }
  bool consented(std::string_view what) const;
  const std::vector<Asked>& asked() const { return setup_.asked; }
  void progress(double share);  // 0 … 1, for long steps

  // Measurements. Names are the check's outputs; a name it does not declare is a bug (assert).
  void number(std::string_view output, double value, Uncertainty u = {}, std::int64_t samples = 0,
              SeqRange evidence = {}, std::optional<Interval> interval = {}, std::string note = {});
  // As number(), in the unit the output leaves open ("{unit}").
  void quantity(std::string_view output, double value, Unit unit, Uncertainty u = {},
                std::int64_t samples = 0, SeqRange evidence = {},
                std::optional<Interval> interval = {}, std::string note = {});
  void truth(std::string_view output, bool value, SeqRange evidence = {}, std::string note = {});
  void text(std::string_view output, std::string value, SeqRange evidence = {},
            std::string note = {});
  void figure(Figure figure);
  void note(std::string text);
  // An output that stays without a value because it could not be seen: a note says why, and where
  // the profile has no `judge:` lines an output that is expected to hold is inconclusive.
  void unseen(std::string_view output, std::string_view why);

  // What came of it, for the runner.
  std::vector<Measurement> measurements;
  std::vector<Figure> figures;
  std::vector<std::string> notes;
  std::vector<std::string> not_seen;  // outputs
  std::vector<PromptRecord> prompts;
  // Why the sample plan of the step's limits is not met; a check that looked sets it.
  std::optional<std::vector<Text2>> plan_shortfalls;
  std::vector<InstrumentUse> uses;

 private:
  void emit(std::string_view output, Measurement measurement);
  std::string full_name(std::string_view output) const;
  Setup setup_;
  std::map<std::string, std::vector<std::unique_ptr<Port>>, std::less<>> ports_;
  std::optional<UncertaintyComponent> wake_up_;
};

// Points for a plot, thinned to at most `most` so that first, last, minimum and maximum stay.
Figure::Series thinned(Text2 name, std::span<const double> x, std::span<const double> y,
                       std::size_t most = 400);

}  // namespace carebench
