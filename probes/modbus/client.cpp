#include "probes/modbus/client.h"

#include <algorithm>

#include "probes/modbus/codec.h"
#include "probes/modbus/exchange.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

using Kind = ModbusAnswer::Kind;

constexpr int max_steps = 32;

Result<void> within(std::string_view what, std::size_t count, int least, int most) {
  if (count >= static_cast<std::size_t>(least) && count <= static_cast<std::size_t>(most)) {
    return {};
  }
  return fail(Errc::bad_input, Blame::profile,
              cat(what, ": ", count, " is outside ", least, " to ", most,
                  "; send illegal requests as a raw pdu"));
}

ModbusExpectation expectation(const ModbusRequest& request, ByteView pdu,
                              std::uint16_t transaction) {
  ModbusExpectation expected;
  expected.function = request.function;
  expected.transaction = transaction;
  switch (request.function) {
    case 1:
    case 2:
      expected.byte_count = static_cast<std::size_t>(request.count + 7) / 8;
      break;
    case 3:
    case 4:
      expected.byte_count = static_cast<std::size_t>(request.count) * 2;
      break;
    default:
      expected.echo.assign(pdu.begin(), pdu.begin() + 5);
  }
  return expected;
}

// Takes the objects out of a 43/14 response whose length is already checked; what is wrong, or "".
std::string take_objects(ByteView pdu, ModbusIdentity& identity, bool& more, std::uint8_t& next) {
  if (pdu.size() < 7) return cat("a device identification of ", pdu.size(), " octets");
  identity.conformity = pdu[3];
  more = pdu[4] == 0xFF;
  next = pdu[5];
  if (pdu[4] != 0xFF && pdu[4] != 0) return cat("\"more follows\" is ", to_hex(pdu.subspan(4, 1)));
  std::size_t at = 7;
  for (int object = 0; object < pdu[6]; ++object) {
    if (at + 2 > pdu.size() || at + 2 + pdu[at + 1] > pdu.size()) return "an object is cut short";
    const ByteView value = pdu.subspan(at + 2, pdu[at + 1]);
    identity.objects.insert_or_assign(pdu[at], std::string(as_text(value)));
    at += 2U + value.size();
  }
  return at == pdu.size() ? std::string() : "octets after the last object";
}

}  // namespace

struct ModbusClient::State {
  State(ByteConversation& talk, const ModbusSetup& setup)
      : conversation(talk),
        exchange(talk, setup),
        opened(codec.open(setup.framing, setup.unit)),
        // Two clients of one connection must not count alike; the stamp is evidence, so a replay
        // starts at the same one.
        transaction(static_cast<std::uint16_t>(talk.now().ns / 1000)) {}

  Result<ModbusAnswer> ask(const ModbusRequest& request, Duration timeout);
  Result<ModbusAnswer> ask_pdu(ByteView pdu, ModbusExpectation expected, Duration timeout);

  ByteConversation& conversation;
  ModbusExchange exchange;
  ModbusCodec codec;
  Result<void> opened;
  std::uint16_t transaction;
};

Result<ModbusAnswer> ModbusClient::State::ask(const ModbusRequest& request, Duration timeout) {
  if (!opened) return tl::unexpected(opened.error());
  auto octets = codec.encode(request, ++transaction);
  if (!octets) return tl::unexpected(octets.error());
  const std::size_t head = exchange.setup().framing == ModbusFraming::tcp ? 7 : 1;
  const ModbusExpectation expected =
      expectation(request, ByteView(*octets).subspan(head), transaction);
  auto answer = exchange.run(*octets, expected, timeout);
  if (!answer || answer->kind != Kind::response) return answer;

  auto decoded = codec.decode(request, exchange.answer_octets());
  if (!decoded) return tl::unexpected(decoded.error());
  if (!decoded->refused.empty() || decoded->exception != 0) {
    answer->kind = Kind::malformed;
    answer->problem = cat("libmodbus refuses the answer: ", decoded->refused);
    return answer;
  }
  answer->registers = std::move(decoded->registers);
  answer->bits = std::move(decoded->bits);
  return answer;
}

Result<ModbusAnswer> ModbusClient::State::ask_pdu(ByteView pdu, ModbusExpectation expected,
                                                  Duration timeout) {
  if (!opened) return tl::unexpected(opened.error());
  auto octets = codec.encode_pdu(pdu, ++transaction);
  if (!octets) return tl::unexpected(octets.error());
  expected.transaction = transaction;
  return exchange.run(*octets, expected, timeout);
}

ModbusClient::ModbusClient(ByteConversation& conversation, const ModbusSetup& setup)
    : state_(std::make_unique<State>(conversation, setup)) {}
ModbusClient::~ModbusClient() = default;
ModbusClient::ModbusClient(ModbusClient&&) noexcept = default;

const ModbusSetup& ModbusClient::setup() const { return state_->exchange.setup(); }

Result<ModbusAnswer> ModbusClient::read_coils(std::uint16_t address, int count, Duration timeout) {
  return read(1, address, count, timeout);
}

Result<ModbusAnswer> ModbusClient::read_discrete_inputs(std::uint16_t address, int count,
                                                        Duration timeout) {
  return read(2, address, count, timeout);
}

Result<ModbusAnswer> ModbusClient::read_holding_registers(std::uint16_t address, int count,
                                                          Duration timeout) {
  return read(3, address, count, timeout);
}

Result<ModbusAnswer> ModbusClient::read_input_registers(std::uint16_t address, int count,
                                                        Duration timeout) {
  return read(4, address, count, timeout);
}

Result<ModbusAnswer> ModbusClient::read(std::uint8_t function, std::uint16_t address, int count,
                                        Duration timeout) {
  const bool bits = function <= 2;
  const auto asked = static_cast<std::size_t>(std::max(count, 0));
  if (auto ok = within(bits ? "bits to read" : "registers to read", asked, 1, bits ? 2000 : 125);
      !ok) {
    return tl::unexpected(ok.error());
  }
  return state_->ask({function, address, count, {}, {}}, timeout);
}

Result<ModbusAnswer> ModbusClient::write_coil(std::uint16_t address, bool on, Duration timeout) {
  return state_->ask({5, address, 1, {}, {on}}, timeout);
}

Result<ModbusAnswer> ModbusClient::write_register(std::uint16_t address, std::uint16_t value,
                                                  Duration timeout) {
  return state_->ask({6, address, 1, {value}, {}}, timeout);
}

Result<ModbusAnswer> ModbusClient::write_coils(std::uint16_t address,
                                               const std::vector<bool>& values, Duration timeout) {
  if (auto ok = within("coils to write", values.size(), 1, 1968); !ok) {
    return tl::unexpected(ok.error());
  }
  return state_->ask({15, address, static_cast<int>(values.size()), {}, values}, timeout);
}

Result<ModbusAnswer> ModbusClient::write_registers(std::uint16_t address,
                                                   const std::vector<std::uint16_t>& values,
                                                   Duration timeout) {
  if (auto ok = within("registers to write", values.size(), 1, 123); !ok) {
    return tl::unexpected(ok.error());
  }
  return state_->ask({16, address, static_cast<int>(values.size()), values, {}}, timeout);
}

Result<ModbusIdentity> ModbusClient::read_device_identification(int level, std::uint8_t object,
                                                                Duration timeout) {
  if (auto ok = within("level of device identification",
                       static_cast<std::size_t>(std::max(level, 0)), 1, 4);
      !ok) {
    return tl::unexpected(ok.error());
  }
  ModbusIdentity identity;
  for (int step = 0; step < max_steps; ++step) {
    const Bytes pdu = {0x2B, 0x0E, static_cast<std::uint8_t>(level), object};
    ModbusExpectation expected;
    expected.function = 0x2B;
    expected.echo = {0x2B, 0x0E, static_cast<std::uint8_t>(level)};
    const std::uint64_t first_seq = identity.answer.first_seq;
    const std::uint64_t discarded = identity.answer.discarded_octets;
    auto answer = state_->ask_pdu(pdu, std::move(expected), timeout);
    if (!answer) return tl::unexpected(answer.error());
    identity.answer = std::move(*answer);
    if (step > 0) identity.answer.first_seq = first_seq;
    identity.answer.discarded_octets += discarded;
    if (identity.answer.kind != Kind::response) return identity;

    bool more = false;
    std::uint8_t next = 0;
    std::string problem = take_objects(identity.answer.pdu, identity, more, next);
    if (problem.empty() && more && level < 4 && next <= object) {
      problem = cat("more follows, but the next object is ", static_cast<int>(next), " after ",
                    static_cast<int>(object));
    }
    if (!problem.empty()) {
      identity.answer.kind = Kind::malformed;
      identity.answer.problem = std::move(problem);
      return identity;
    }
    if (!more || level == 4) {
      identity.complete = true;
      return identity;
    }
    object = next;
  }
  identity.answer.kind = Kind::malformed;
  identity.answer.problem = cat("more follows after ", max_steps, " steps");
  return identity;
}

Result<ModbusAnswer> ModbusClient::raw_pdu(ByteView pdu, Duration timeout) {
  if (auto ok = within("octets of a modbus pdu", pdu.size(), 1, 253); !ok) {
    return tl::unexpected(ok.error());
  }
  ModbusExpectation expected;
  expected.function = pdu[0];
  return state_->ask_pdu(pdu, std::move(expected), timeout);
}

Result<ModbusAnswer> ModbusClient::raw_frame(ByteView octets, Duration timeout) {
  ModbusExpectation expected;
  const bool tcp = setup().framing == ModbusFraming::tcp;
  const std::size_t at = tcp ? 7 : 1;
  if (octets.size() > at) expected.function = octets[at];
  if (tcp && octets.size() > 1) {
    expected.transaction = static_cast<std::uint16_t>(octets[0] << 8 | octets[1]);
  }
  return state_->exchange.run(octets, expected, timeout);
}

Result<ModbusSetup> modbus_setup(const Facts& facts) {
  const Json& modbus = facts.details["modbus"];
  if (!modbus.is_object()) {
    return fail(
        Errc::bad_input, Blame::profile,
        cat("\"", facts.address, "\" is not opened for modbus: give the device a modbus: address"));
  }
  ModbusSetup setup;
  setup.unit = static_cast<std::uint8_t>(modbus["unit"].integer(1));
  if (modbus["framing"].string() == "tcp") {
    setup.framing = ModbusFraming::tcp;
    setup.timing = ModbusTiming::tcp();
    return setup;
  }
  const Json& latency = facts.details["latency_timer_ms"];
  const Duration adapter = milliseconds(latency.has("now") ? latency["now"].integer() : 0);
  setup.timing =
      ModbusTiming::rtu(static_cast<int>(facts.details["baud"].integer(19200)),
                        facts.details["bits_per_character"].number(11), milliseconds(5) + adapter);
  return setup;
}

ModbusTiming ModbusTiming::rtu(int baud, double bits_per_char, Duration slack) {
  ModbusTiming timing;
  timing.char_time = from_seconds(bits_per_char / std::max(baud, 1));
  const Duration silence =
      baud > 19200 ? microseconds(1750) : from_seconds(3.5 * bits_per_char / std::max(baud, 1));
  timing.quiet = silence + slack;
  timing.recovery = milliseconds(100);
  return timing;
}

ModbusTiming ModbusTiming::tcp() { return {}; }

}  // namespace carebench
