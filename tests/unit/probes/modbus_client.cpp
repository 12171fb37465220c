#include <deque>

#include "probes/modbus/client.h"
#include "probes/modbus/framing.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

namespace carebench {
namespace {

using Kind = ModbusAnswer::Kind;

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

Bytes rtu(std::string_view hex) {
  Bytes adu = octets_of(hex);
  const std::uint16_t crc = modbus_crc(adu);
  adu.push_back(static_cast<std::uint8_t>(crc & 0xFF));
  adu.push_back(static_cast<std::uint8_t>(crc >> 8));
  return adu;
}

// Virtual time; what the device sends is scripted relative to the end of each write.
class Script final : public ByteConversation {
 public:
  struct Event {
    Duration after;
    Bytes octets;
    Outcome::Kind kind = Outcome::Kind::frame;
  };
  std::deque<std::vector<Event>> on_write;  // one entry a write
  std::vector<std::string> written;
  std::string log;  // every request and outcome

  Result<Outcome> write(ByteView octets, Duration) override {
    written.push_back(to_hex(octets));
    const Outcome done = outcome(Outcome::Kind::done, now_);
    if (!on_write.empty()) {
      for (Event& event : on_write.front()) {
        Event due = std::move(event);
        due.after = Duration{now_.ns} + due.after;
        pending_.push_back(std::move(due));
      }
      on_write.pop_front();
    }
    return done;
  }
  Result<Outcome> next(Stamp deadline) override {
    if (pending_.empty() || pending_.front().after.ns > deadline.ns) {
      return outcome(Outcome::Kind::timed_out, deadline);
    }
    delivered_ = std::move(pending_.front());
    pending_.pop_front();
    Outcome result = outcome(delivered_.kind, Stamp{delivered_.after.ns});
    result.octets = delivered_.octets;
    result.text = "script";
    return result;
  }
  Result<Outcome> flush() override { return outcome(Outcome::Kind::done, now_); }
  Stamp now() const override { return now_; }

 private:
  Outcome outcome(Outcome::Kind kind, Stamp stamp) {
    now_ = std::max(now_, stamp);
    Outcome result;
    result.kind = kind;
    result.seq = ++seq_;
    result.stamp = now_;
    log += cat(to_string(kind), " ", now_.ns, "\n");
    return result;
  }

  std::deque<Event> pending_;
  Event delivered_{};
  std::uint64_t seq_ = 0;
  Stamp now_{1'000'000};
};

constexpr Duration timeout = milliseconds(500);

struct Bench {
  explicit Bench(ModbusFraming framing = ModbusFraming::rtu, std::uint8_t unit = 17) {
    setup.framing = framing;
    setup.unit = unit;
    setup.timing = framing == ModbusFraming::rtu ? ModbusTiming::rtu(115200) : ModbusTiming::tcp();
    client.emplace(script, setup);
  }
  void answers(Bytes octets, Duration after = milliseconds(10)) {
    script.on_write.push_back({{after, std::move(octets)}});
  }
  Script script;
  ModbusSetup setup;
  std::optional<ModbusClient> client;
};

ModbusAnswer got(const Result<ModbusAnswer>& answer) {
  BOOST_REQUIRE_MESSAGE(answer.has_value(), (answer ? std::string() : answer.error().message));
  return *answer;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_modbus_client)

// MODBUS Application Protocol V1.1b3, the examples of 6.1 to 6.12, to unit 17.
BOOST_AUTO_TEST_CASE(requests_and_answers_of_the_specification) {
  Bench bench;
  bench.answers(rtu("110103CD6B05"));
  const auto coils = got(bench.client->read_coils(0x13, 0x13, timeout));
  BOOST_TEST(describe(coils) == "19 bits: 1011001111010110101");
  bench.answers(rtu("110203ACDB35"));
  const auto inputs = got(bench.client->read_discrete_inputs(0xC4, 0x16, timeout));
  BOOST_TEST(inputs.bits.size() == 22U);
  bench.answers(rtu("110306022B00000064"));
  const auto holding = got(bench.client->read_holding_registers(0x6B, 3, timeout));
  BOOST_TEST(holding.registers == (std::vector<std::uint16_t>{555, 0, 100}));
  BOOST_TEST(describe(holding) == "3 registers: 022b 0000 0064");
  BOOST_TEST(to_hex(holding.pdu) == "0306022b00000064");
  bench.answers(rtu("110402000A"));
  BOOST_TEST(got(bench.client->read_input_registers(8, 1, timeout)).registers.at(0) == 10);
  bench.answers(rtu("110500ACFF00"));
  BOOST_TEST(describe(got(bench.client->write_coil(0xAC, true, timeout))) == "written");
  bench.answers(rtu("110600010003"));
  BOOST_TEST(describe(got(bench.client->write_register(1, 3, timeout))) == "written");
  bench.answers(rtu("110F0013000A"));
  const std::vector<bool> ten = {true, false, true, true, false, false, true, true, true, false};
  BOOST_TEST(describe(got(bench.client->write_coils(0x13, ten, timeout))) == "written");
  bench.answers(rtu("111000010002"));
  const auto written = got(bench.client->write_registers(1, {0x0A, 0x0102}, timeout));
  BOOST_TEST(describe(written) == "written");

  const std::vector<std::string> expected = {
      to_hex(rtu("110100130013")),       to_hex(rtu("110200C40016")),
      to_hex(rtu("1103006B0003")),       to_hex(rtu("110400080001")),
      to_hex(rtu("110500ACFF00")),       to_hex(rtu("110600010003")),
      to_hex(rtu("110F0013000A02CD01")), to_hex(rtu("11100001000204000A0102"))};
  BOOST_TEST(bench.script.written == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tcp_counts_transactions_and_drops_old_ones) {
  Bench bench(ModbusFraming::tcp, 1);
  Bytes old = octets_of("0001000000050103020007");
  Bytes right = octets_of("0002000000050103020008");
  // The first transaction follows from the clock: 1 ms = 1000 us, so 1001.
  old[0] = 0x03;
  old[1] = 0xE9;
  bench.answers(old);
  BOOST_TEST(got(bench.client->read_holding_registers(0, 1, timeout)).registers.at(0) == 7);
  right[0] = 0x03;
  right[1] = 0xEA;
  Bytes both = old;
  both.insert(both.end(), right.begin(), right.end());
  bench.answers(both);
  const auto answer = got(bench.client->read_holding_registers(0, 1, timeout));
  BOOST_TEST(answer.registers.at(0) == 8);
  BOOST_TEST(answer.discarded_octets == old.size());
  BOOST_TEST(bench.script.written.at(0) ==
             "03e9000000060103000000"
             "01");
  BOOST_TEST(bench.script.written.at(1) ==
             "03ea000000060103000000"
             "01");
}

BOOST_AUTO_TEST_CASE(exceptions_carry_their_code) {
  Bench bench;
  bench.answers(rtu("118302"));
  const auto answer = got(bench.client->read_holding_registers(0, 1, timeout));
  BOOST_TEST(to_string(answer.kind) == "exception");
  BOOST_TEST(describe(answer) == "exception 2 (illegal data address)");
  bench.answers(rtu("118363"));
  const auto odd = got(bench.client->read_holding_registers(0, 1, timeout));
  BOOST_TEST(describe(odd) == "exception 99 (not in the specification)");
}

BOOST_AUTO_TEST_CASE(stamps_and_evidence_of_an_answer) {
  Bench bench;
  const Bytes whole = rtu("1103020102");
  bench.script.on_write.push_back({{milliseconds(10), Bytes(whole.begin(), whole.begin() + 3)},
                                   {milliseconds(14), Bytes(whole.begin() + 3, whole.end())}});
  const auto answer = got(bench.client->read_holding_registers(0, 1, timeout));
  BOOST_TEST((answer.received - answer.sent).milliseconds() == 14.0);
  BOOST_TEST(answer.first_seq == 3U);  // flush, quiet line, write, two frames
  BOOST_TEST(answer.last_seq == 5U);
}

BOOST_AUTO_TEST_CASE(a_late_answer_ends_the_wait_for_it) {
  Bench bench;
  bench.answers(rtu("1103020001"), milliseconds(700));
  const auto silent = got(bench.client->read_holding_registers(0, 1, timeout));
  BOOST_TEST(to_string(silent.kind) == "timed_out");
  BOOST_TEST(describe(silent) == "no answer within 500 ms");
  bench.answers(rtu("1103020002"));
  const auto answer = got(bench.client->read_holding_registers(0, 1, timeout));
  BOOST_TEST(answer.registers.at(0) == 2);
  BOOST_TEST(answer.discarded_octets == 7U);
  BOOST_TEST((answer.sent - silent.sent).milliseconds() < 800.0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_never_comes_is_waited_for_twice_the_time_out) {
  Bench bench;
  const auto silent = got(bench.client->read_holding_registers(0, 1, timeout));
  bench.answers(rtu("1103020002"));
  const auto answer = got(bench.client->read_holding_registers(0, 1, timeout));
  BOOST_TEST((answer.sent - silent.received).milliseconds() == 1000.0);
}

BOOST_AUTO_TEST_CASE(surplus_octets) {
  const Bytes right = rtu("1103020102");
  struct Case {
    Bytes surplus;
    Kind kind;
  };
  for (const Case& c :
       {Case{right, Kind::response}, Case{{0xFF}, Kind::response},
        Case{rtu("1103020103"), Kind::malformed}, Case{{0x11, 3, 2, 1}, Kind::response},
        Case{{0x11, 3, 2, 9}, Kind::malformed}}) {
    Bench bench;
    Bytes both = right;
    both.insert(both.end(), c.surplus.begin(), c.surplus.end());
    bench.answers(both);
    const auto answer = got(bench.client->read_holding_registers(0, 1, timeout));
    BOOST_TEST_CONTEXT(to_hex(c.surplus)) {
      BOOST_TEST(to_string(answer.kind) == to_string(c.kind));
      if (answer.kind == Kind::response) {
        BOOST_TEST(answer.discarded_octets == c.surplus.size());
        BOOST_TEST((answer.received - answer.sent).milliseconds() == 10.0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(writes_must_be_echoed) {
  Bench bench;
  bench.answers(rtu("110600010004"));
  const auto answer = got(bench.client->write_register(1, 3, timeout));
  BOOST_TEST(describe(answer) == "malformed: echoes 0600010004, 0600010003 was sent");
}

BOOST_AUTO_TEST_CASE(lost_and_gap_say_so) {
  Bench bench;
  bench.script.on_write.push_back({{milliseconds(1), {}, Outcome::Kind::gap}});
  BOOST_TEST(describe(got(bench.client->read_coils(0, 1, timeout))) ==
             "gap: not listening: script");
  bench.script.on_write.push_back({{milliseconds(1), {}, Outcome::Kind::lost}});
  BOOST_TEST(describe(got(bench.client->read_coils(0, 1, timeout))) == "lost: script");
}

BOOST_AUTO_TEST_CASE(a_line_that_never_falls_quiet_is_not_talked_to) {
  Bench bench;
  std::vector<Script::Event> babble;
  for (int i = 0; i < 10000; ++i) babble.push_back({milliseconds(i), {0x55}});
  bench.script.on_write.push_back(std::move(babble));
  got(bench.client->read_coils(0, 1, timeout));
  const auto answer = got(bench.client->read_coils(0, 1, timeout));
  BOOST_TEST(to_string(answer.kind) == "foreign");
  BOOST_TEST((answer.problem.find("does not fall quiet") != std::string::npos));
  BOOST_TEST(bench.script.written.size() == 1U);
}

BOOST_AUTO_TEST_CASE(identification_steps_while_more_follows) {
  Bench bench;
  bench.answers(rtu("112B0E0181FF020200024142010143"));
  bench.answers(rtu("112B0E01810000010203312E30"));
  const auto identity = bench.client->read_device_identification(1, 0, timeout);
  BOOST_REQUIRE(identity.has_value());
  BOOST_TEST(identity->complete);
  BOOST_TEST(identity->conformity == 0x81);
  BOOST_TEST(identity->objects.size() == 3U);
  BOOST_TEST(identity->objects.at(0) == "AB");
  BOOST_TEST(identity->objects.at(2) == "1.0");
  BOOST_TEST(modbus_object_name(2) == "MajorMinorRevision");
  BOOST_TEST(bench.script.written.at(0) == to_hex(rtu("112B0E0100")));
  BOOST_TEST(bench.script.written.at(1) == to_hex(rtu("112B0E0102")));
}

BOOST_AUTO_TEST_CASE(identification_that_does_not_advance_is_malformed) {
  Bench bench;
  for (int i = 0; i < 2; ++i) bench.answers(rtu("112B0E0101FF0001000141"));
  const auto identity = bench.client->read_device_identification(1, 0, timeout);
  BOOST_REQUIRE(identity.has_value());
  BOOST_TEST(!identity->complete);
  BOOST_TEST(to_string(identity->answer.kind) == "malformed");
}

BOOST_AUTO_TEST_CASE(illegal_requests_go_as_raw_pdus_and_frames) {
  Bench bench;
  const auto refused = bench.client->read_holding_registers(0, 126, timeout);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().message ==
             "registers to read: 126 is outside 1 to 125; send illegal requests as a raw pdu");
  bench.answers(rtu("118303"));
  const auto quantity = got(bench.client->raw_pdu(octets_of("030000007E"), timeout));
  BOOST_TEST(quantity.exception == 3);
  bench.answers(rtu("11E401"));
  const auto function = got(bench.client->raw_pdu(octets_of("64"), timeout));
  BOOST_TEST(function.exception == 1);
  bench.answers(rtu("1164ABCDEF"));  // no length rule: the quiet line ends it
  BOOST_TEST(to_hex(got(bench.client->raw_pdu(octets_of("64"), timeout)).pdu) == "64abcdef");
  const auto broken = got(bench.client->raw_frame(octets_of("1103000000010000"), timeout));
  BOOST_TEST(to_string(broken.kind) == "timed_out");
  BOOST_TEST(bench.script.written.back() == "1103000000010000");
}

BOOST_AUTO_TEST_CASE(the_same_outcomes_give_the_same_requests) {
  std::string logs[2];
  for (std::string& log : logs) {
    Bench bench(ModbusFraming::rtu);
    bench.answers(rtu("1103020001"), milliseconds(700));
    bench.answers(rtu("1103020002"));
    for (int i = 0; i < 3; ++i) got(bench.client->read_holding_registers(0, 1, timeout));
    log = bench.script.log + join(bench.script.written, " ");
  }
  BOOST_TEST(logs[0] == logs[1]);
}

BOOST_AUTO_TEST_CASE(reserved_units_are_refused) {
  Bench bench(ModbusFraming::rtu, 250);
  const auto answer = bench.client->read_coils(0, 1, timeout);
  BOOST_REQUIRE(!answer);
  BOOST_TEST(to_string(answer.error().code) == to_string(Errc::bad_input));
}

BOOST_AUTO_TEST_CASE(the_setup_comes_from_the_facts) {
  Facts facts;
  facts.address = "serial:/dev/ttyUSB0";
  BOOST_TEST(!modbus_setup(facts));
  facts.details = *parse_json(
      R"({"baud": 9600, "bits_per_character": 11, "latency_timer_ms": {"found": 16, "now": 16},
          "modbus": {"framing": "rtu", "unit": 9}})");
  const auto setup = modbus_setup(facts);
  BOOST_REQUIRE(setup.has_value());
  BOOST_TEST(setup->unit == 9);
  BOOST_TEST(setup->timing.char_time.milliseconds() == 11e3 / 9600,
             boost::test_tools::tolerance(1e-6));
  BOOST_TEST(setup->timing.quiet.milliseconds() == 3.5 * 11e3 / 9600 + 21,
             boost::test_tools::tolerance(1e-6));
  BOOST_TEST(ModbusTiming::rtu(38400, 11, {}).quiet.milliseconds() == 1.75);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
