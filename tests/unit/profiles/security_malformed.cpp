#include "probes/modbus/framing.h"
#include "probes/protocol_spec.h"
#include "profiles/measuring/illegal_requests.h"
#include "profiles/measuring/malformed_frames.h"
#include "profiles/measuring/provoked.h"
#include "profiles/measuring/write_attempts.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

std::shared_ptr<const Protocol> protocol(const char* name) {
  auto loaded = Protocol::load(name);
  BOOST_REQUIRE_MESSAGE(loaded, name);
  return *loaded;
}

// How many sound frames a device would find in these octets.
std::uint64_t sound_frames(const Protocol& spec, ByteView octets, std::string_view& id) {
  FrameReader reader(spec, Direction::to_device);
  reader.feed(octets, {}, 1);
  for (Message message; reader.next(message);) id = message.id();
  return reader.counts().frames;
}

struct Speaker {
  const char* protocol;
  const char* message;
};
const Speaker speakers[] = {{"r60abd1", "query_product_id"},
                            {"ld2410", "read_mac"},
                            {"nmea0183", "GGA"},
                            {"reference-line", "IDQ"},
                            {"watch-3g", "LK"}};
std::ostream& operator<<(std::ostream& out, const Speaker& s) { return out << s.protocol; }

Bytes sound_frame(const Protocol& spec, const char* message) {
  if (spec.message(message))
    if (auto frame = spec.encode(message, {})) return *frame;
  for (const MessageSpec& one : spec.messages())
    if (one.direction != Direction::from_device)
      if (auto frame = spec.encode(one.id, {})) return *frame;
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_security_malformed)

BOOST_DATA_TEST_CASE(unsound_frames_hold_no_frame, boost::unit_test::data::make(speakers), one) {
  const auto spec = protocol(one.protocol);
  const Bytes sound = sound_frame(*spec, one.message);
  BOOST_REQUIRE(!sound.empty());
  std::string_view id;
  BOOST_TEST(sound_frames(*spec, sound, id) == 1u);
  const auto frames = malformed_frames(*spec, sound, 1);
  BOOST_TEST(frames.size() >= 10u);
  int unsound = 0;
  for (const MalformedFrame& frame : frames) {
    BOOST_TEST(!frame.octets.empty(), frame.name);
    BOOST_TEST((frame.octets != sound), frame.name);
    const auto names = malformed_frame_names();
    BOOST_TEST((std::find(names.begin(), names.end(), frame.name) != names.end()), frame.name);
    if (!frame.unsound) continue;
    ++unsound;
    BOOST_TEST(sound_frames(*spec, frame.octets, id) == 0u, frame.name);
  }
  BOOST_TEST(unsound >= 3);
}

BOOST_AUTO_TEST_CASE(cases_that_are_sound_but_odd) {
  const auto spec = protocol("r60abd1");
  const Bytes sound = sound_frame(*spec, "query_product_id");
  for (const MalformedFrame& frame : malformed_frames(*spec, sound, 1)) {
    std::string_view id = "none";
    if (frame.name == "unknown_message") {
      BOOST_TEST(sound_frames(*spec, frame.octets, id) == 1u);
      BOOST_TEST(id == "");
    }
    if (frame.name == "oversized") BOOST_TEST(frame.octets.size() > 2000u);
  }
}

BOOST_AUTO_TEST_CASE(the_seed_fixes_every_octet) {
  const auto spec = protocol("r60abd1");
  const Bytes sound = sound_frame(*spec, "query_product_id");
  const auto a = malformed_frames(*spec, sound, 7), b = malformed_frames(*spec, sound, 7),
             c = malformed_frames(*spec, sound, 8);
  BOOST_REQUIRE(a.size() == b.size());
  BOOST_REQUIRE(a.size() == c.size());
  bool differs = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    BOOST_TEST((a[i].octets == b[i].octets));
    differs = differs || a[i].octets != c[i].octets;
  }
  BOOST_TEST(differs);
  std::uint64_t seed = 0;
  BOOST_TEST(to_hex(arbitrary_octets(4, seed)) == "aff44fec");  // of e220a8397b1dcdaf, …
}

BOOST_AUTO_TEST_CASE(modbus_requests) {
  const auto map = protocol("nursing-bed");
  const RegisterSpec& reg = *map->register_named("uptime");
  ModbusSetup setup;
  setup.unit = 1;
  const auto requests = illegal_requests(reg, setup, 1);
  for (const IllegalRequest& request : requests) {
    if (!request.whole_frame) {
      BOOST_TEST(request.octets.size() <= 253u, request.name);
      BOOST_TEST((!request.exceptions.empty() || request.silence_allowed), request.name);
      continue;
    }
    const bool right_crc =
        request.octets.size() > 4 &&
        modbus_crc(ByteView(request.octets).first(request.octets.size() - 2)) ==
            (request.octets[request.octets.size() - 2] | request.octets.back() << 8);
    const bool for_us = request.octets[0] == setup.unit && request.octets.size() <= 256;
    BOOST_TEST((!right_crc || !for_us), request.name);
  }
  BOOST_TEST(to_hex(modbus_frame(ModbusFraming::rtu, 1, Bytes{4, 0, 8, 0, 2})) ==
             "010400080002f009");
  BOOST_TEST(to_hex(modbus_frame(ModbusFraming::tcp, 1, Bytes{3, 0, 0, 0, 1})) ==
             "434200000006010300000001");
}

BOOST_AUTO_TEST_CASE(other_values_differ_as_little_as_they_may) {
  const auto map = protocol("nursing-bed");
  const auto other = [&](const char* name, const char* hex) {
    return to_hex(other_value(*map->register_named(name), *from_hex(hex)));
  };
  BOOST_TEST(other("backrest_zero", "0003") == "0002");
  BOOST_TEST(other("load_gain", "3f808312") == "3f808313");
  BOOST_TEST(other("stop", "00") == "01");
  BOOST_TEST(other("motion_command", "0000") == "0001");
  BOOST_TEST(other("motion_command", "0001") == "0000");
  BOOST_TEST(other("backrest_target", "02ee") == "02ec");  // 75.0 deg is the most: not 75.1
  BOOST_TEST(other("serial_number", "41423031000000000000000000000000") ==
             "41423030000000000000000000000000");
  BOOST_TEST(other("serial_number", "00000000000000000000000000000000") ==
             "30000000000000000000000000000000");
}

BOOST_AUTO_TEST_CASE(uptime_tells_a_restart) {
  UptimeWatch watch(1);
  BOOST_TEST(!watch.restarted(100, Stamp{0}));
  BOOST_TEST(!watch.restarted(110, Stamp{seconds(10).ns}));
  BOOST_TEST(watch.restarted(3, Stamp{seconds(20).ns}));
  BOOST_TEST(!watch.restarted(13, Stamp{seconds(30).ns}));
  BOOST_TEST(watch.restarted(15, Stamp{seconds(40).ns}));  // it should stand at 23
  UptimeWatch counter;
  BOOST_TEST(!counter.restarted(5, Stamp{0}));
  BOOST_TEST(!counter.restarted(5, Stamp{seconds(100).ns}));
  BOOST_TEST(counter.restarted(4, Stamp{seconds(101).ns}));
}

BOOST_AUTO_TEST_SUITE_END()
