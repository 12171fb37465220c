// Every shipped virtual device: that it loads, repeats itself octet by octet, says nothing wrong
// without a fault, and that each of its faults shows.
#include <cmath>
#include <map>
#include <set>

#include "probes/modbus/framing.h"
#include "probes/protocol_spec.h"
#include "tests/support/boost_test.h"
#include "tests/support/sim_session.h"

using namespace carebench;
using namespace carebench::sim;

namespace {

std::vector<std::string> device_names() {
  std::vector<std::string> names;
  for (const std::string_view name : shipped_devices())
    if (!loaded(name)->gatt) names.emplace_back(name);  // sim_gatt_devices.cpp
  return names;
}

Bytes rtu(std::initializer_list<int> octets) {
  Bytes frame;
  for (const int octet : octets) frame.push_back(static_cast<std::uint8_t>(octet));
  const std::uint16_t crc = modbus_crc(frame);
  frame.push_back(static_cast<std::uint8_t>(crc));
  frame.push_back(static_cast<std::uint8_t>(crc >> 8));
  return frame;
}

void ask_registers(Session& session) {
  const Bytes requests[] = {rtu({1, 3, 0, 0, 0, 20}),     rtu({1, 4, 0, 0, 0, 11}),
                            rtu({1, 1, 0, 0, 0, 1}),      rtu({1, 2, 0, 0, 0, 1}),
                            rtu({1, 43, 14, 1, 0}),       rtu({1, 3, 0, 32, 0, 2}),
                            rtu({1, 3, 200, 0, 0, 2}),    rtu({1, 3, 0, 0, 0, 0}),
                            rtu({1, 99, 1, 2}),           rtu({1, 6, 0, 67, 0, 200}),
                            rtu({1, 6, 0, 66, 255, 255}), rtu({1, 6, 0, 0, 65, 66}),
                            rtu({1, 6, 0, 32, 0, 7}),     rtu({1, 16, 0, 34, 0, 1, 2, 0, 9}),
                            rtu({1, 3, 0, 0, 0, 8}),      rtu({1, 3, 0, 32, 0, 2}),
                            rtu({1, 4, 0, 0, 0, 13}),     rtu({1, 6, 0, 67, 0, 1})};
  for (const Bytes& request : requests) {
    session.write(request);
    session.run(seconds(1));
  }
  for (int i = 0; i < 32; ++i) {
    if (i % 8 == 0) session.write(rtu({1, 4, 0, 8, 0, 5}));
    session.run(milliseconds(200));
    session.write(rtu({1, 4, 0, 0, 0, 11}));
    session.run(milliseconds(800));
  }
  for (const Bytes& request :
       {rtu({1, 6, 0, 67, 0, 2}), rtu({1, 5, 0, 0, 255, 0}), rtu({1, 4, 0, 0, 0, 2})}) {
    session.write(request);
    session.run(seconds(2));
  }
}

void ask_messages(Session& session) {
  const Protocol& protocol = *session.engine->device().protocol;
  const auto enable = protocol.encode("enable_configuration", {});
  for (const MessageSpec& message : protocol.messages()) {
    if (message.direction == Direction::from_device || message.id == "restart" ||
        message.id == "reset")
      continue;
    if (enable) session.write(*enable);
    session.run(milliseconds(50));
    if (const auto frame = protocol.encode(message.id, {})) session.write(*frame);
    session.run(milliseconds(250));
  }
  if (const auto end = protocol.encode("end_configuration", {})) session.write(*end);
  session.run(milliseconds(50));
}

void ask(Session& session) {
  session.engine->device().is_modbus() ? ask_registers(session) : ask_messages(session);
}

// A frame with one octet too many changed.
void provoke(Session& session) {
  const VirtualDevice& device = session.engine->device();
  Bytes frame = rtu({1, 3, 0, 32, 0, 1});
  if (!device.is_modbus())
    for (const MessageSpec& message : device.protocol->messages())
      if (const auto made = device.protocol->encode(message.id, {}))
        if (message.direction != Direction::from_device) frame = *made;
  // Brackets have no checksum: what is wrong there is the end mark.
  const bool text = device.protocol->framing().kind == Framing::Kind::line;
  frame[frame.size() - (text ? 3 : 1)] ^= 0x01;
  session.write(frame);
  session.run(seconds(1));
  if (device.is_modbus() || device.protocol->framing().kind != Framing::Kind::binary) return;
  for (const MessageSpec& message : device.protocol->messages()) {
    auto made = device.protocol->encode(message.id, {});
    if (!made || message.direction == Direction::from_device || made->size() < 6) continue;
    (*made)[made->size() - 3] ^= 0x01;  // the checksum, where there is a two-octet end mark
    session.write(*made);
    session.run(milliseconds(100));
  }
}

// All that a laboratory might do.
std::vector<Session::Heard> a_while(std::string_view name, std::string_view fault) {
  EngineOptions options;
  options.faults = fault;
  Session session(name, options);
  session.run(seconds(45 * 60));
  return session.heard;
}

std::vector<Session::Heard> whole_session(std::string_view name, std::string_view fault,
                                          std::uint64_t seed = 1) {
  EngineOptions options;
  options.faults = fault;
  options.seed = seed;
  options.sample = 2;
  Session session(name, options);
  session.run(seconds(3));
  ask(session);
  for (const char* line : {"\r\n", "AT\r\n", "help\r\n", "root\r\n"}) {
    session.write(line);
    session.run(milliseconds(200));
  }
  provoke(session);
  ask(session);
  session.run(seconds(40));
  session.disconnect();
  session.run(seconds(72));
  session.connect();
  session.run(seconds(5));
  ask(session);
  session.run(seconds(100));
  return session.heard;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_sim)

BOOST_DATA_TEST_CASE(loads_under_its_file_name, device_names(), name) {
  const auto device = load(name);
  if (!device) BOOST_FAIL(device.error().text());
  BOOST_TEST((*device)->name == name);
  BOOST_TEST(!(*device)->title.zh.empty());
}

BOOST_DATA_TEST_CASE(repeats_itself_octet_by_octet, device_names(), name) {
  const auto first = whole_session(name, "");
  BOOST_TEST(!first.empty());
  BOOST_TEST((first == whole_session(name, "")));
}

BOOST_DATA_TEST_CASE(says_nothing_wrong_without_a_fault, device_names(), name) {
  Session session(name);
  session.run(seconds(60));
  const VirtualDevice& device = session.engine->device();
  if (device.is_modbus()) {
    BOOST_TEST(session.heard.empty());
    return;
  }
  FrameReader reader(*device.protocol);
  std::uint64_t messages = 0;
  for (const auto& [stamp, octets] : session.heard) {
    reader.feed(octets, stamp, 1);
    for (Message message; reader.next(message);) ++messages;
  }
  const FrameCounts& counts = reader.counts();
  BOOST_TEST(messages == session.heard.size());
  BOOST_TEST(messages >= 10u);
  BOOST_TEST(counts.unknown + counts.checksum_errors + counts.malformed + counts.dropped_octets ==
             0u);
  BOOST_TEST(reader.pending() == 0u);
  BOOST_TEST(!session.engine->take_trouble().has_value());
}

BOOST_DATA_TEST_CASE(each_fault_shows, device_names(), name) {
  const auto device = loaded(name);
  const auto sound = whole_session(name, "");
  for (const Fault& fault : device->faults) {
    BOOST_TEST_CONTEXT(name << "?fault=" << fault.name) {
      const auto tried = try_out(device, fault.name);
      BOOST_TEST(tried.has_value(), (tried ? "" : tried.error().text()));
      const auto heard = whole_session(name, fault.name);
      // Some show in what a night brings only.
      const bool shows = heard != sound || a_while(name, fault.name) != a_while(name, "");
      BOOST_TEST(shows, "the fault changes nothing");
      for (std::size_t i = 1; i < heard.size(); ++i)
        BOOST_REQUIRE(heard[i - 1].stamp <= heard[i].stamp);
    }
  }
}

BOOST_AUTO_TEST_CASE(another_seed_gives_other_octets) {
  BOOST_TEST((whole_session("r60abd1-monitor", "", 1) != whole_session("r60abd1-monitor", "", 2)));
}

BOOST_AUTO_TEST_CASE(a_long_night_is_soon_over) {
  Session session("r60abd1-monitor");
  for (int hour = 0; hour < 48; ++hour) {
    session.heard.clear();
    session.run(seconds(3600));
  }
  BOOST_TEST(session.heard.size() > 20'000u);
}

BOOST_AUTO_TEST_CASE(unknown_names_are_told_with_a_suggestion) {
  const auto device = load("r60abd1-monitr");
  BOOST_REQUIRE(!device);
  BOOST_TEST((device.error().code == Errc::usage));
  BOOST_TEST(device.error().message.find("did you mean \"r60abd1-monitor\"") != std::string::npos);
  const auto fault = loaded("nursing-bed")->with_faults("ignore-stop");
  BOOST_REQUIRE(!fault);
  BOOST_TEST((fault.error().code == Errc::usage));
  BOOST_TEST(fault.error().message.find("did you mean \"ignores-stop\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
