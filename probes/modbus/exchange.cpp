#include "probes/modbus/exchange.h"

#include <algorithm>

#include "probes/modbus/framing.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

using Kind = ModbusAnswer::Kind;

constexpr std::size_t max_glitches = 4;
constexpr std::size_t max_rtu_adu = 256;
constexpr std::size_t mbap_octets = 6;  // up to and with the length field
constexpr Duration least_gap = milliseconds(20);
constexpr Duration realign_quiet = milliseconds(30);
constexpr Duration least_patience = seconds(2);

Duration times(int n, Duration d) { return {n * d.ns}; }

bool starts_no_answer(std::uint8_t octet) { return octet == 0 || octet >= 0xF8; }

bool is_exception(const ModbusExpectation& expected, ByteView pdu) {
  return pdu[0] == (expected.function | 0x80) && pdu.size() == 2;
}

// Why a PDU of the right function is no answer to this request; empty: it is one.
std::string misfit(const ModbusExpectation& expected, ByteView pdu) {
  if (is_exception(expected, pdu)) return {};
  if (expected.byte_count && (pdu.size() < 2 || pdu[1] != *expected.byte_count)) {
    return cat("byte count ", pdu.size() < 2 ? 0 : static_cast<int>(pdu[1]), ", ",
               *expected.byte_count, " asked for");
  }
  const ByteView echo = expected.echo;
  if (pdu.size() < echo.size() || !std::equal(echo.begin(), echo.end(), pdu.begin())) {
    return cat("echoes ", to_hex(pdu.first(std::min(pdu.size(), echo.size()))), ", ", to_hex(echo),
               " was sent");
  }
  return {};
}

}  // namespace

struct ModbusExchange::Attempt {
  const ModbusExpectation& expected;
  Duration timeout;
  ModbusAnswer answer;
  bool over = false;
  Stamp deadline = {};
  std::string foreign = {};  // the last whole frame that was not for us
  std::string misfit = {};   // the last one for us that does not fit the request

  bool remembered = false;

  bool decided_at_deadline() const { return deadline.ns > 0 && answer.received >= deadline; }
  void end(Kind kind, Stamp stamp, std::string problem) {
    over = true;
    answer.kind = kind;
    answer.received = stamp;
    answer.problem = std::move(problem);
  }
  // Notes the outcome; true when it ends the attempt, whatever was waited for.
  bool ends(const Outcome& outcome) {
    answer.last_seq = outcome.seq;
    if (outcome.kind == Outcome::Kind::lost || outcome.kind == Outcome::Kind::refused) {
      end(Kind::lost, outcome.stamp, std::string(outcome.text));
    }
    return over;
  }
};

ModbusExchange::ModbusExchange(ByteConversation& conversation, const ModbusSetup& setup)
    : conversation_(conversation),
      setup_(setup),
      debt_(setup),
      misaligned_(setup.framing == ModbusFraming::tcp) {}

Result<ModbusAnswer> ModbusExchange::run(ByteView octets, const ModbusExpectation& expected,
                                         Duration timeout) {
  Attempt attempt{expected, timeout, {}};
  attempt.answer.function = expected.function;
  adu_.clear();
  if (auto cleared = clear_line(attempt); !cleared) return tl::unexpected(cleared.error());
  if (!attempt.over) {
    if (auto sent = send(attempt, octets); !sent) return tl::unexpected(sent.error());
  }
  if (!attempt.over) {
    if (auto received = receive(attempt); !received) return tl::unexpected(received.error());
  }
  remember(attempt);
  return std::move(attempt.answer);
}

Result<void> ModbusExchange::clear_line(Attempt& attempt) {
  const bool rtu = setup_.framing == ModbusFraming::rtu;
  if (!rtu && !misaligned_) return {};
  const auto quiet = [&] { return rtu ? debt_.quiet() : realign_quiet; };
  attempt.answer.discarded_octets += buffer_.size();
  buffer_.clear();
  auto flushed = conversation_.flush();
  if (!flushed) return tl::unexpected(flushed.error());
  attempt.answer.first_seq = flushed->seq;
  if (attempt.ends(*flushed)) return {};
  if (const auto dropped = parse_int(flushed->text); dropped && *dropped > 0) {
    attempt.answer.discarded_octets += static_cast<std::uint64_t>(*dropped);
    debt_.disturbed();
  }
  const Stamp start = flushed->stamp;
  const Duration patience =
      std::max(attempt.timeout, std::max(debt_.not_before() - start, Duration{}) + least_patience);

  Stamp last = start;
  for (;;) {
    auto outcome = conversation_.next(std::max(last + quiet(), debt_.not_before()));
    if (!outcome) return tl::unexpected(outcome.error());
    if (attempt.ends(*outcome)) return {};
    if (outcome->kind == Outcome::Kind::timed_out) break;
    last = outcome->stamp;
    if (outcome->kind == Outcome::Kind::frame) {
      attempt.answer.discarded_octets += outcome->octets.size();
      debt_.arrived(outcome->stamp, outcome->octets);
    }
    if (last - start > patience) {
      attempt.answer.sent = last;
      attempt.end(Kind::foreign, last,
                  cat("the line does not fall quiet: ", attempt.answer.discarded_octets,
                      " octets in ", to_string(last - start), "; nothing was sent"));
      return {};
    }
  }
  debt_.cleared();
  misaligned_ = false;
  return {};
}

Result<void> ModbusExchange::send(Attempt& attempt, ByteView octets) {
  auto written = conversation_.write(octets, attempt.timeout);
  if (!written) return tl::unexpected(written.error());
  attempt.answer.first_seq = written->seq;
  attempt.answer.sent = written->stamp;
  if (attempt.ends(*written)) return {};
  if (written->kind != Outcome::Kind::done) {
    attempt.end(Kind::timed_out, written->stamp,
                cat("the request could not be sent: ", written->text));
    return {};
  }
  attempt.deadline = written->stamp +
                     times(static_cast<int>(octets.size()), setup_.timing.char_time) +
                     attempt.timeout;
  return {};
}

Result<void> ModbusExchange::receive(Attempt& attempt) {
  const bool rtu = setup_.framing == ModbusFraming::rtu;
  const Duration gap = std::max(setup_.timing.quiet, least_gap);
  const auto look_at = [&](bool settled) {
    return rtu ? look_rtu(attempt, settled) : look_tcp(attempt);
  };
  Stamp last_octets = attempt.answer.sent;
  Look look = rtu ? Look::more : look_at(false);
  while (!attempt.over) {
    const Stamp until =
        look == Look::settle ? std::min(attempt.deadline, last_octets + gap) : attempt.deadline;
    auto outcome = conversation_.next(until);
    if (!outcome) return tl::unexpected(outcome.error());
    if (attempt.ends(*outcome)) return {};
    if (outcome->kind == Outcome::Kind::gap) {
      attempt.end(Kind::gap, outcome->stamp, cat("not listening: ", outcome->text));
      return {};
    }
    const bool octets = outcome->kind == Outcome::Kind::frame;
    const bool late = outcome->stamp > attempt.deadline;
    if (octets && !late) {
      append(outcome->octets);
      last_octets = outcome->stamp;
    }
    attempt.answer.received = outcome->stamp;
    look = look_at(late || !octets);
    if (look == Look::answered) attempt.answer.received = last_octets;
    if (!attempt.over && outcome->stamp >= attempt.deadline) give_up(attempt);
    if (octets && late) keep_late(*outcome, attempt);
  }
  return {};
}

// What came after the deadline: perhaps what is owed now (RTU), or the start of a frame (TCP).
void ModbusExchange::keep_late(const Outcome& outcome, Attempt& attempt) {
  if (setup_.framing == ModbusFraming::tcp) return append(outcome.octets);
  remember(attempt);
  attempt.remembered = true;
  attempt.answer.discarded_octets += outcome.octets.size();
  debt_.arrived(outcome.stamp, outcome.octets);
}

void ModbusExchange::append(ByteView octets) {
  buffer_.insert(buffer_.end(), octets.begin(), octets.end());
}

void ModbusExchange::drop(Attempt& attempt, std::size_t octets) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(octets));
  attempt.answer.discarded_octets += octets;
}

// `whole` octets of the buffer are the answer's frame; its PDU lies behind `head` octets.
void ModbusExchange::accept(Attempt& attempt, std::size_t whole, std::size_t head,
                            std::size_t pdu_octets) {
  ModbusAnswer& answer = attempt.answer;
  adu_.assign(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(whole));
  const ByteView pdu = ByteView(adu_).subspan(head, pdu_octets);
  answer.pdu.assign(pdu.begin(), pdu.end());
  answer.kind = Kind::response;
  if (is_exception(attempt.expected, pdu)) {
    answer.kind = Kind::exception;
    answer.exception = pdu[1];
  }
  attempt.over = true;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(whole));
  if (setup_.framing == ModbusFraming::tcp || buffer_.empty()) return;
  drop(attempt, buffer_.size());
  debt_.disturbed();
}

bool ModbusExchange::surplus_is_harmless(std::size_t whole) const {
  const std::size_t surplus = buffer_.size() - whole;
  if (surplus < 4) return true;
  for (std::size_t i = whole; i < buffer_.size(); ++i) {
    if (buffer_[i] != buffer_[i % whole]) return false;
  }
  return true;
}

ModbusExchange::Look ModbusExchange::look_rtu(Attempt& attempt, bool settled) {
  const auto spoiled = [&](std::string problem) {
    attempt.end(Kind::malformed, attempt.answer.received, std::move(problem));
    drop(attempt, buffer_.size());
    debt_.disturbed();
    return Look::spoiled;
  };
  for (;;) {
    std::size_t glitches = 0;
    while (glitches < std::min(buffer_.size(), max_glitches) &&
           starts_no_answer(buffer_[glitches]) && buffer_[glitches] != setup_.unit) {
      ++glitches;
    }
    if (glitches > 0) drop(attempt, glitches);
    if (buffer_.size() < 2) return Look::more;
    const PduLength length = modbus_response_length(ByteView(buffer_).subspan(1));
    const bool shapeless = length.kind == PduLength::Kind::shapeless;
    const std::size_t whole = shapeless ? buffer_.size() : length.octets + 3;
    if (length.kind == PduLength::Kind::more && buffer_.size() < max_rtu_adu) return Look::more;
    if (length.kind == PduLength::Kind::more || whole > max_rtu_adu) {
      return settled ? spoiled("longer than the 256 octets of a frame") : Look::settle;
    }
    if (shapeless && !settled) return Look::settle;
    if (buffer_.size() < std::max<std::size_t>(whole, 4)) return Look::more;
    const ByteView frame = ByteView(buffer_).first(whole);
    const std::uint16_t computed = modbus_crc(frame.first(whole - 2));
    const auto carried = static_cast<std::uint16_t>(frame[whole - 2] | frame[whole - 1] << 8);
    if (computed != carried) {
      if (!settled) return Look::settle;
      attempt.answer.bad_crc = true;
      return spoiled(cat("crc ", to_hex(frame.last(2)), ", computed ",
                         to_hex(Bytes{static_cast<std::uint8_t>(computed & 0xFF),
                                      static_cast<std::uint8_t>(computed >> 8)}),
                         " over ", whole - 2, " octets"));
    }
    const ByteView pdu = frame.subspan(1, whole - 3);
    const bool ours = frame[0] == setup_.unit;
    if (!ours || (pdu[0] | 0x80) != (attempt.expected.function | 0x80)) {
      attempt.foreign = cat("unit ", static_cast<int>(frame[0]), " function ",
                            static_cast<int>(pdu[0]), " answered");
      drop(attempt, whole);
      continue;
    }
    if (std::string problem = misfit(attempt.expected, pdu); !problem.empty()) {
      attempt.misfit = std::move(problem);
      drop(attempt, whole);
      continue;
    }
    if (buffer_.size() > whole) {
      if (!settled) return Look::settle;
      if (!surplus_is_harmless(whole)) {
        return spoiled(cat("an answer and ", buffer_.size() - whole,
                           " octets more: which of them answers cannot be told"));
      }
    }
    accept(attempt, whole, 1, whole - 3);
    return Look::answered;
  }
}

ModbusExchange::Look ModbusExchange::look_tcp(Attempt& attempt) {
  const auto spoiled = [&](std::string problem) {
    attempt.end(Kind::malformed, attempt.answer.received, std::move(problem));
    return Look::spoiled;
  };
  while (buffer_.size() >= mbap_octets) {
    const unsigned protocol = static_cast<unsigned>(buffer_[2] << 8 | buffer_[3]);
    const std::size_t length = static_cast<std::size_t>(buffer_[4] << 8 | buffer_[5]);
    if (protocol != 0 || length < 2 || length > 254) {
      misaligned_ = true;
      const std::string head = to_hex(ByteView(buffer_).first(mbap_octets));
      drop(attempt, buffer_.size());
      return spoiled(cat("no modbus/tcp header: ", head));
    }
    const std::size_t whole = mbap_octets + length;
    if (buffer_.size() < whole) return Look::more;
    const ByteView frame = ByteView(buffer_).first(whole);
    const ByteView pdu = frame.subspan(mbap_octets + 1);
    const auto transaction = static_cast<std::uint16_t>(frame[0] << 8 | frame[1]);
    if (transaction != attempt.expected.transaction || frame[6] != setup_.unit ||
        (pdu[0] | 0x80) != (attempt.expected.function | 0x80)) {
      attempt.foreign = cat("transaction ", transaction, " unit ", static_cast<int>(frame[6]),
                            " function ", static_cast<int>(pdu[0]), " answered");
      drop(attempt, whole);
      continue;
    }
    const PduLength by_function = modbus_response_length(pdu);
    std::string problem = misfit(attempt.expected, pdu);
    if (by_function.kind == PduLength::Kind::more ||
        (by_function.kind == PduLength::Kind::known && by_function.octets != pdu.size())) {
      problem = cat("the header says ", pdu.size(), " octets, the function's own length differs");
    }
    if (!problem.empty()) {
      drop(attempt, whole);
      return spoiled(std::move(problem));
    }
    accept(attempt, whole, mbap_octets + 1, length - 1);
    return Look::answered;
  }
  return Look::more;
}

// The deadline is there without an answer: what came instead decides what is said.
void ModbusExchange::give_up(Attempt& attempt) {
  const Stamp stamp = attempt.answer.received;
  if (!buffer_.empty()) {
    std::string problem =
        cat("short: ", buffer_.size(), " octets, then nothing more: ",
            to_hex(ByteView(buffer_).first(std::min<std::size_t>(buffer_.size(), 16))));
    if (setup_.framing == ModbusFraming::rtu) drop(attempt, buffer_.size());
    attempt.end(Kind::malformed, stamp, std::move(problem));
  } else if (!attempt.misfit.empty()) {
    attempt.end(Kind::malformed, stamp, attempt.misfit);
  } else if (!attempt.foreign.empty()) {
    attempt.end(Kind::foreign, stamp, attempt.foreign);
  } else {
    attempt.end(Kind::timed_out, stamp, cat("no answer within ", to_string(attempt.timeout)));
  }
}

void ModbusExchange::remember(const Attempt& attempt) {
  if (setup_.framing == ModbusFraming::tcp || attempt.remembered) return;
  const ModbusAnswer& answer = attempt.answer;
  if (answer.kind == Kind::response || answer.kind == Kind::exception) {
    debt_.answered(answer.received - answer.sent);
  } else if (answer.kind == Kind::lost) {
    debt_.forget();
  } else if (attempt.decided_at_deadline() || answer.kind == Kind::gap) {
    if (setup_.unit == 0) return;  // a broadcast is not answered
    debt_.unanswered(attempt.expected.function, answer.sent, answer.received, attempt.timeout);
  }
}

}  // namespace carebench
