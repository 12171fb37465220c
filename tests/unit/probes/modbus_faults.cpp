// No fault of a Modbus server may become a value: each kind of fault against a real pty and a real
// TCP socket, some hundred requests each (CAREBENCH_TRIES for more), all kinds side by side.
#include <array>
#include <cstdlib>
#include <thread>

#include "probes/link_driver.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/link_conversation.h"
#include "tests/support/modbus_fault_server.h"

namespace carebench {
namespace {

using Kind = ModbusAnswer::Kind;
using Fault = ModbusFault;

constexpr int timeout_ms = 30;
constexpr std::uint8_t unit = 17;

struct RealClock final : Clock {
  Stamp now() const override { return {}; }
};

struct Tally {
  int wrong = 0;
  std::array<int, 7> kinds{};
  std::string error;
  int of(Kind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
};

Tally provoke(ModbusFraming framing, Fault fault, int tries) {
  Tally tally;
  ModbusFaultServer server(framing, fault, unit, timeout_ms);
  RealClock clock;
  const auto address = Address::parse(server.address());
  auto link = open_link(*address, clock);
  if (!link) {
    tally.error = link.error().message;
    return tally;
  }
  LinkConversation conversation(**link);
  auto setup = modbus_setup((*link)->facts());
  setup->timing.recovery = milliseconds(2 * timeout_ms);
  ModbusClient client(conversation, *setup);
  const Duration timeout = milliseconds(fault == Fault::dripped ? 2000 : timeout_ms);
  for (int i = 0; i < tries; ++i) {
    const auto asked = static_cast<std::uint16_t>(i * 7 + 1);
    const auto answer = client.read_holding_registers(asked, 2, timeout);
    if (!answer) {
      tally.error = answer.error().message;
      return tally;
    }
    ++tally.kinds[static_cast<std::size_t>(answer->kind)];
    const auto right = static_cast<std::uint16_t>(asked ^ 0xA5A5);
    if (answer->kind == Kind::response && answer->registers.at(0) != right) ++tally.wrong;
  }
  return tally;
}

// What every single request must come to, where that does not hang on the host's scheduling.
std::optional<Kind> expected_kind(ModbusFraming framing, Fault fault) {
  const bool rtu = framing == ModbusFraming::rtu;
  switch (fault) {
    case Fault::none:
    case Fault::duplicated:
    case Fault::duplicated_apart:
    case Fault::dripped:
    case Fault::wrong_unit_first:
    case Fault::glitch_first:
      return Kind::response;
    case Fault::late:
    case Fault::late_and_twice:
      if (!rtu) return {};  // foreign, when the late answer comes during the next request
      return Kind::timed_out;
    case Fault::silence:
      return Kind::timed_out;
    case Fault::shortened:
    case Fault::rest_late:
    case Fault::wrong_count:
    case Fault::bad_crc:
    case Fault::flipped_value:
      return Kind::malformed;
    case Fault::wrong_unit:
    case Fault::wrong_function:
      return Kind::foreign;
    case Fault::exception:
      return Kind::exception;
    case Fault::garbage_first:
      return Kind::malformed;
    case Fault::previous_first:
      if (!rtu) return Kind::response;
      return {};  // the first request has no previous answer
    case Fault::late_now_and_then:
      return {};
  }
  return {};
}

int tries_per_kind() {
  const char* text = std::getenv("CAREBENCH_TRIES");
  const auto tries = text == nullptr ? std::nullopt : parse_int(text);
  return static_cast<int>(tries.value_or(200));
}

void provoke_all(ModbusFraming framing) {
  const int tries = tries_per_kind();
  std::array<Tally, modbus_fault_count> tallies;
  std::vector<std::thread> threads;
  for (int i = 0; i < modbus_fault_count; ++i) {
    threads.emplace_back([&, i] {
      tallies[static_cast<std::size_t>(i)] = provoke(framing, static_cast<Fault>(i), tries);
    });
  }
  for (std::thread& thread : threads) thread.join();

  for (int i = 0; i < modbus_fault_count; ++i) {
    const auto fault = static_cast<Fault>(i);
    const Tally& tally = tallies[static_cast<std::size_t>(i)];
    BOOST_TEST_CONTEXT(to_string(fault)) {
      BOOST_TEST(tally.error == "");
      BOOST_TEST(tally.wrong == 0);
      const auto kind = expected_kind(framing, fault);
      // A busy host may be late itself now and then: that shows as another kind, never as a value.
      if (kind) BOOST_TEST(tally.of(*kind) >= tries - 1 - tries / 5);
      std::string kinds;
      for (std::size_t k = 0; k < tally.kinds.size(); ++k) {
        if (tally.kinds[k] > 0) {
          kinds += cat(" ", to_string(static_cast<Kind>(k)), " ", tally.kinds[k]);
        }
      }
      BOOST_TEST_MESSAGE(to_string(fault) << ":" << kinds << ", wrong values " << tally.wrong);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_modbus_faults)

BOOST_AUTO_TEST_CASE(rtu_never_takes_a_wrong_value) { provoke_all(ModbusFraming::rtu); }

BOOST_AUTO_TEST_CASE(tcp_never_takes_a_wrong_value) { provoke_all(ModbusFraming::tcp); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
