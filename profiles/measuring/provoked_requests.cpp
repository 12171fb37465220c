// A Modbus server under illegal requests and malformed frames.
#include <algorithm>

#include "profiles/measuring/identity.h"
#include "profiles/measuring/illegal_requests.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/provoked.h"
#include "profiles/measuring/registers.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t least_answer = 4;  // octets of the shortest frame; fewer are noise

class ModbusServer final : public Provoked {
 public:
  ModbusServer(Context& context, Port& port, ModbusClient& client)
      : context_(context), port_(port), client_(client) {}

  Result<void> prepare() {
    const Params& with = context_.with();
    answer_time_ = with.duration("answer_time");
    const Protocol* protocol = port_.protocol();
    if (with.has("heartbeat")) heartbeat_ = protocol->register_named(with.text("heartbeat"));
    for (const RegisterSpec& reg : protocol->registers())
      if (!heartbeat_ && reg.readable) heartbeat_ = &reg;
    if (!heartbeat_)
      return fail(Errc::bad_input, Blame::profile,
                  "the register map has no register that can be read: name one with `heartbeat:`");
    if (with.has("uptime")) {
      uptime_ = protocol->register_named(with.text("uptime"));
      if (uptime_) uptime_watch_ = UptimeWatch(seconds_per_unit(uptime_->unit));
    }
    cases_ = illegal_requests(*heartbeat_, client_.setup(),
                              static_cast<std::uint64_t>(with.integer("seed")));
    return {};
  }

  std::vector<std::string_view> cases() const override {
    std::vector<std::string_view> list;
    for (const IllegalRequest& one : cases_) list.push_back(one.name);
    return list;
  }
  std::int64_t restarts() const override { return restarts_; }
  bool tells_answers() const override { return true; }

  Result<Reaction> provoke(std::size_t index) override {
    return cases_[index].whole_frame ? send_frame(cases_[index]) : send_pdu(cases_[index]);
  }

  // The time from the request that was answered first to its answer, and what was lost before it;
  // the client's own waits after earlier requests are not the device's.
  Result<Life> wait_for_life(Duration patience) override {
    Life life;
    const Stamp end = port_.now() + patience;
    Duration lost_time;
    do {
      const auto reading = read_register(client_, *heartbeat_, answer_time_);
      if (!reading) return tl::unexpected(reading.error());
      const ModbusAnswer& answer = reading->answer;
      if (answer.kind == ModbusAnswer::Kind::gap) return cut_off();
      note(life.evidence, answer);
      life.lost = answer.kind == ModbusAnswer::Kind::lost;
      life.alive = answer.kind == ModbusAnswer::Kind::response;
      life.after = lost_time + (answer.received - answer.sent);
      lost_time = life.after;
    } while (!life.alive && !life.lost && port_.now() < end);
    if (life.alive && uptime_)
      if (auto done = read_uptime(); !done) return tl::unexpected(done.error());
    return life;
  }

  Result<void> watch(Duration) override { return {}; }

 private:
  static void note(SeqRange& range, const ModbusAnswer& answer) {
    if (answer.first_seq) range.extend(answer.first_seq);
    if (answer.last_seq) range.extend(answer.last_seq);
  }

  Result<Reaction> send_pdu(const IllegalRequest& request) {
    const auto answer = client_.raw_pdu(request.octets, answer_time_);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->kind == ModbusAnswer::Kind::gap) return cut_off();
    Reaction reaction;
    note(reaction.evidence, *answer);
    reaction.lost = answer->kind == ModbusAnswer::Kind::lost;
    if (reaction.lost && over_tcp()) {
      reaction.lost = false;
      if (auto opened = open_again(); !opened) return tl::unexpected(opened.error());
    } else if (reaction.lost) {
      return reaction;
    }
    if (request.exceptions.empty() && request.silence_allowed) return reaction;
    const auto& right = request.exceptions;
    const bool refused = answer->kind == ModbusAnswer::Kind::exception &&
                         std::find(right.begin(), right.end(), answer->exception) != right.end();
    const bool silent = request.silence_allowed && (answer->kind == ModbusAnswer::Kind::timed_out ||
                                                    answer->kind == ModbusAnswer::Kind::lost);
    reaction.wrong_exception = !refused && !silent;
    if (reaction.wrong_exception) {
      std::vector<std::string> wanted;
      for (const int code : right) wanted.push_back(modbus_exception_text(code));
      reaction.note = cat(describe(*answer), ", not ", join(wanted, " or "));
    }
    return reaction;
  }

  // Past the client: nothing is owed for a frame that must not be answered.
  Result<Reaction> send_frame(const IllegalRequest& request) {
    Reaction reaction;
    if (auto flushed = port_.flush(); !flushed) return tl::unexpected(flushed.error());
    const auto written = port_.write(request.octets);
    if (!written) return tl::unexpected(written.error());
    reaction.evidence.extend(written->seq);
    reaction.lost = written->kind == Outcome::Kind::lost;
    Bytes answer;
    const Stamp end = port_.now() + answer_time_;
    while (!reaction.lost && port_.now() < end && answer.size() < 1024) {
      const auto outcome = port_.next(end);
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::gap) return cut_off();
      reaction.evidence.extend(outcome->seq);
      reaction.lost = outcome->kind == Outcome::Kind::lost;
      if (outcome->kind == Outcome::Kind::frame)
        answer.insert(answer.end(), outcome->octets.begin(), outcome->octets.end());
    }
    reaction.answered = answer.size() >= least_answer;
    if (reaction.answered)
      reaction.note =
          cat("answered with ",
              to_spaced_hex(ByteView(answer).first(std::min<std::size_t>(answer.size(), 16))));
    if (!over_tcp()) return reaction;
    reaction.lost = false;
    if (auto opened = open_again(); !opened) return tl::unexpected(opened.error());
    return reaction;
  }

  bool over_tcp() const { return client_.setup().framing == ModbusFraming::tcp; }

  // On a TCP stream that was spoilt, dropping the connection is a right answer, and any client
  // would open another one.
  Result<void> open_again() {
    if (auto closed = port_.perform(Disconnect{}); !closed) return tl::unexpected(closed.error());
    if (auto opened = port_.perform(Connect{}); !opened) return tl::unexpected(opened.error());
    return {};
  }

  Result<void> read_uptime() {
    const auto reading = read_register(client_, *uptime_, answer_time_);
    if (!reading) return tl::unexpected(reading.error());
    if (reading->value.kind == FieldValue::Kind::number &&
        uptime_watch_.restarted(reading->value.number, reading->answer.received))
      ++restarts_;
    return {};
  }

  Context& context_;
  Port& port_;
  ModbusClient& client_;
  Duration answer_time_;
  const RegisterSpec* heartbeat_ = nullptr;
  const RegisterSpec* uptime_ = nullptr;
  UptimeWatch uptime_watch_;
  std::vector<IllegalRequest> cases_;
  std::int64_t restarts_ = 0;
};

}  // namespace

Result<std::unique_ptr<Provoked>> provoked_by_requests(Context& context, Port& port) {
  auto client = port.modbus();
  if (!client) return tl::unexpected(client.error());
  auto device = std::make_unique<ModbusServer>(context, port, **client);
  if (auto done = device->prepare(); !done) return tl::unexpected(done.error());
  return device;
}

}  // namespace carebench
