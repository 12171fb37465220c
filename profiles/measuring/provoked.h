// A device that is sent what it should never see, one case after the other, and watched for signs
// of life in between. Two kinds: one that speaks frames, one that speaks Modbus. Neither is an
// error here: silence, a lost link and a restart are what is measured.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "profiles/context.h"

namespace carebench {

class Provoked {
 public:
  virtual ~Provoked() = default;

  struct Life {
    bool alive = false;
    bool lost = false;  // the link went away
    Duration after;     // alive: how long it took
    SeqRange evidence;
  };
  // Waits for a sign of life; asks for it where the device does not tell of its own accord.
  virtual Result<Life> wait_for_life(Duration patience) = 0;

  struct Reaction {
    bool answered = false;         // something malformed was answered
    bool wrong_exception = false;  // an illegal request got no answer or the wrong one
    bool lost = false;
    SeqRange evidence;
    std::string note;
  };
  virtual std::vector<std::string_view> cases() const = 0;
  // Sends case number `index` and watches for the answer time.
  virtual Result<Reaction> provoke(std::size_t index) = 0;
  // Watches without sending, so that a restart under way is not missed.
  virtual Result<void> watch(Duration time) = 0;

  virtual std::int64_t restarts() const = 0;
  // Whether an answer to something malformed can be told from what the device says anyway.
  virtual bool tells_answers() const = 0;
};

// The parameters both kinds read; a check that uses them declares them all.
struct ProvokedParams {
  static constexpr ParamSpec heartbeat{"heartbeat", ParamKind::text, false, "",
                                       "message or register that is a sign of life; else any sound "
                                       "frame, or the first register that "
                                       "can be read"};
  static constexpr ParamSpec ask{
      "ask", ParamKind::text, false, "",
      "message that asks for the heartbeat; malformed frames are made from it"};
  static constexpr ParamSpec ask_fields{"ask_fields", ParamKind::tree, false, "",
                                        "its fields: {name: value}"};
  static constexpr ParamSpec answer_time{"answer_time", ParamKind::duration, false, "500 ms",
                                         "how long to watch for an answer to each malformed input"};
  static constexpr ParamSpec boot_message{"boot_message", ParamKind::text, false, "",
                                          "message the device sends when it starts, and only then"};
  static constexpr ParamSpec uptime{
      "uptime", ParamKind::text, false, "",
      "field or register that counts since the start: when it falls behind, the device restarted"};
  static constexpr ParamSpec seed{
      "seed", ParamKind::integer, false, "1", "moves what is random in garbage", 0, 1e15};
};
void lint_provoked(const StepView& step, Problems& problems);

// bad_input (blame: profile) where a name is unknown, or no message can be sent to the device.
Result<std::unique_ptr<Provoked>> provoked_by_frames(Context& context, Port& port);
Result<std::unique_ptr<Provoked>> provoked_by_requests(Context& context, Port& port);

// Notices a restart by a counter that falls behind the time.
class UptimeWatch {
 public:
  // `seconds_per_unit`: of the counter; 0: only a falling value tells.
  explicit UptimeWatch(double seconds_per_unit = 0) : seconds_per_unit_(seconds_per_unit) {}
  // True when the device restarted since the last value.
  bool restarted(double value, Stamp stamp);

 private:
  double seconds_per_unit_;
  bool known_ = false;
  double value_ = 0;
  Stamp stamp_;
};
double seconds_per_unit(Unit unit);  // 0 when it is no time

}  // namespace carebench
