#include "profiles/measuring/write_attempts.h"

#include <algorithm>

#include "profiles/measuring/listening.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr int reading_tries = 3;

bool within(const RegisterSpec& reg, ByteView octets) {
  const FieldValue value = register_value(reg, octets);
  if (value.kind != FieldValue::Kind::number) return reg.type == RegisterType::string;
  return (!reg.min || value.number >= *reg.min) && (!reg.max || value.number <= *reg.max);
}

// Octets of a name of the map that is not the present one.
Bytes other_name(const RegisterSpec& reg, ByteView octets) {
  for (const CodeName& one : reg.values) {
    auto other = register_octets(reg, one.name);
    if (other && !std::equal(other->begin(), other->end(), octets.begin(), octets.end()))
      return std::move(*other);
  }
  return {};
}

Bytes other_text(ByteView octets) {
  Bytes other(octets.begin(), octets.end());
  const std::string_view text = as_text(octets);
  const auto end = std::min(text.find('\0'), text.size());
  const auto last = text.substr(0, end).find_last_not_of(' ');
  std::uint8_t& octet = other[last == text.npos ? 0 : last];
  octet = octet == '0' ? '1' : '0';
  return other;
}

class Writer {
 public:
  Writer(Port& port, ModbusClient& client, const RegisterSpec& reg, Duration timeout)
      : port_(port), client_(client), reg_(reg), timeout_(timeout) {}

  Result<WriteAttempt> run() {
    auto before = read_twice();
    if (!before) return tl::unexpected(before.error());
    if (before->empty()) return std::move(attempt_);
    attempt_.tried = true;
    const Bytes other = other_value(reg_, *before);
    for (const bool many : {true, false}) {
      const auto answer = write(other, *before, many);
      if (!answer) return tl::unexpected(answer.error());
      if (auto noted = note(*answer); !noted) return tl::unexpected(noted.error());
      attempt_.acknowledged |= answer->kind == ModbusAnswer::Kind::response;
      const auto after = read();
      if (!after) return tl::unexpected(after.error());
      if (after->empty()) {
        say("it could not be read back");
        attempt_.restored = false;
        break;
      } else if (*after != *before) {
        attempt_.changed = true;
        say(cat("function ", static_cast<int>(answer->function), " changed it"));
        if (auto done = restore(*before, *after); !done) return tl::unexpected(done.error());
        break;  // it is shown; no need to strain the sample further
      }
    }
    if (attempt_.acknowledged && !attempt_.changed) say("acknowledged, without effect");
    return std::move(attempt_);
  }

 private:
  void say(std::string_view what) { attempt_.note += cat(attempt_.note.empty() ? "" : ", ", what); }

  Result<void> note(const ModbusAnswer& answer) {
    if (answer.kind == ModbusAnswer::Kind::lost) return link_lost(port_, answer.problem);
    if (answer.kind == ModbusAnswer::Kind::gap) return cut_off();
    if (answer.first_seq) attempt_.evidence.extend(answer.first_seq);
    if (answer.last_seq) attempt_.evidence.extend(answer.last_seq);
    return {};
  }

  // Empty when it could not be read.
  Result<Bytes> read() {
    Bytes octets;
    for (int tried = 0; octets.empty() && tried < reading_tries; ++tried) {
      auto reading = read_register(client_, reg_, timeout_);
      if (!reading) return tl::unexpected(reading.error());
      if (auto noted = note(reading->answer); !noted) return tl::unexpected(noted.error());
      octets = std::move(reading->octets);
      last_ = std::move(reading->answer);
      if (last_.kind == ModbusAnswer::Kind::exception) break;
    }
    return octets;
  }

  Result<Bytes> read_twice() {
    auto first = read();
    if (!first) return first;
    if (first->empty()) {
      attempt_.silent = last_.kind == ModbusAnswer::Kind::timed_out;
      say(cat("not tried, it could not be read: ", describe(last_)));
      return first;
    }
    auto second = read();
    if (!second) return second;
    if (*first == *second) return first;
    say("not tried, it changes by itself");
    return Bytes{};
  }

  // `many`: FC 15 and 16; else FC 5 and 6, of several registers the first one that differs.
  Result<ModbusAnswer> write(const Bytes& octets, const Bytes& present, bool many) {
    if (reg_.table == RegisterTable::coil)
      return many ? client_.write_coils(reg_.address, {octets[0] != 0}, timeout_)
                  : client_.write_coil(reg_.address, octets[0] != 0, timeout_);
    std::vector<std::uint16_t> words;
    std::size_t differs = 0;
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
      if (octets[i] != present[i] || octets[i + 1] != present[i + 1]) differs = i / 2;
      words.push_back(static_cast<std::uint16_t>(octets[i] << 8 | octets[i + 1]));
    }
    if (many) return client_.write_registers(reg_.address, words, timeout_);
    return client_.write_register(static_cast<std::uint16_t>(reg_.address + differs),
                                  words[differs], timeout_);
  }

  Result<void> restore(const Bytes& before, const Bytes& present) {
    for (const bool many : {true, false}) {
      const auto answer = write(before, present, many);
      if (!answer) return tl::unexpected(answer.error());
      if (auto noted = note(*answer); !noted) return noted;
      const auto now = read();
      if (!now) return tl::unexpected(now.error());
      if (*now == before) {
        say("put right again");
        return {};
      }
    }
    attempt_.restored = false;
    say("COULD NOT BE PUT RIGHT");
    return {};
  }

  Port& port_;
  ModbusClient& client_;
  const RegisterSpec& reg_;
  Duration timeout_;
  WriteAttempt attempt_;
  ModbusAnswer last_;
};

}  // namespace

Bytes other_value(const RegisterSpec& reg, ByteView octets) {
  if (octets.empty()) return {};
  if (reg.type == RegisterType::bit) return {static_cast<std::uint8_t>(octets[0] ? 0 : 1)};
  if (reg.type == RegisterType::string) return other_text(octets);
  if (Bytes named = other_name(reg, octets); !named.empty()) return named;
  Bytes other(octets.begin(), octets.end());
  // The least significant octet of the value, wherever the order of words puts it.
  const bool wide = octets.size() == 4;
  constexpr std::size_t least[] = {3, 1, 2, 0};  // ABCD, CDAB, BADC, DCBA
  std::uint8_t& octet = other[wide ? least[static_cast<std::size_t>(reg.order)] : 1];
  for (const int flip : {0x01, 0x02, 0x03, 0x04, 0x08}) {
    const std::uint8_t kept = octet;
    octet = static_cast<std::uint8_t>(octet ^ flip);
    if (within(reg, other)) return other;
    octet = kept;
  }
  octet ^= 0x01;
  return other;
}

Result<WriteAttempt> try_to_write(Port& port, const RegisterSpec& reg, Duration timeout) {
  auto client = port.modbus();
  if (!client) return tl::unexpected(client.error());
  return Writer(port, **client, reg, timeout).run();
}

}  // namespace carebench
