// The virtual Modbus server against requests made by hand, and the bed that does not stop by
// itself.
#include "probes/modbus/framing.h"
#include "tests/support/boost_test.h"
#include "tests/support/sim_session.h"

using namespace carebench;
using namespace carebench::sim;

namespace {

// "01 03 …" without its CRC -> with it.
Bytes framed(std::string_view hex) {
  Bytes frame = from_hex(hex).value();
  const std::uint16_t crc = modbus_crc(frame);
  frame.push_back(static_cast<std::uint8_t>(crc));
  frame.push_back(static_cast<std::uint8_t>(crc >> 8));
  return frame;
}

std::string answer(Session& session, std::string_view request) {
  Bytes frame = session.ask(framed(request));
  if (frame.empty()) return "";
  BOOST_REQUIRE(frame.size() >= 5);
  const std::uint16_t crc = modbus_crc(ByteView(frame).first(frame.size() - 2));
  BOOST_TEST(frame[frame.size() - 2] == (crc & 0xff));
  BOOST_TEST(frame.back() == crc >> 8);
  frame.resize(frame.size() - 2);
  return to_spaced_hex(frame);
}

struct Exchange {
  const char* what;
  const char* request;
  const char* answer;
};
std::ostream& operator<<(std::ostream& out, const Exchange& e) { return out << e.what; }

// The nursing bed at power-on plus 1 s.
const Exchange exchanges[] = {
    {"read registers", "01 03 00 20 00 03", "01 03 06 00 03 FF FE 00 02"},
    {"read a string", "01 03 00 08 00 03", "01 03 06 4E 42 2D 37 45 00"},
    {"read input registers", "01 04 00 00 00 04", "01 04 08 00 64 00 00 01 C2 00 00"},
    {"read a part of a string", "01 03 00 09 00 01", "01 03 02 2D 37"},
    {"read coils", "01 01 00 00 00 02", "01 01 01 02"},
    {"read a discrete input", "01 02 00 00 00 01", "01 02 01 00"},
    {"read a 32-bit value", "01 04 00 08 00 02", "01 04 04 00 00 00 01"},
    {"unsupported function", "01 07", "01 87 01"},
    {"unknown function", "01 63 01 02", "01 E3 01"},
    {"quantity 0", "01 03 00 00 00 00", "01 83 03"},
    {"quantity above 125", "01 03 00 00 00 7E", "01 83 03"},
    {"quantity is tested before the address", "01 03 FF F0 00 7E", "01 83 03"},
    {"bits: quantity above 2000", "01 01 00 00 07 D1", "01 81 03"},
    {"address that is not there", "01 03 C8 00 00 01", "01 83 02"},
    {"range with a hole", "01 03 00 20 00 04", "01 83 02"},
    {"range beyond 65535", "01 03 FF FF 00 02", "01 83 02"},
    {"request too long", "01 03 00 20 00 01 00", "01 83 03"},
    {"request too short", "01 03 00 20", "01 83 03"},
    {"write one register", "01 06 00 41 00 64", "01 06 00 41 00 64"},
    {"write above max", "01 06 00 41 07 D0", "01 86 03"},
    {"write outside an enumeration", "01 06 00 43 00 09", "01 86 03"},
    {"write to identity", "01 06 00 00 41 42", "01 86 02"},
    {"write to calibration", "01 06 00 20 00 01", "01 86 02"},
    {"write to nowhere", "01 06 10 00 00 01", "01 86 02"},
    {"write one coil", "01 05 00 01 FF 00", "01 05 00 01 FF 00"},
    {"coil value neither 0 nor FF00", "01 05 00 01 12 34", "01 85 03"},
    {"coil value is tested before the address", "01 05 77 77 12 34", "01 85 03"},
    {"write registers", "01 10 00 40 00 02 04 00 C8 00 32", "01 10 00 40 00 02"},
    {"write registers, wrong byte count", "01 10 00 40 00 02 03 00 C8 00", "01 90 03"},
    {"write registers, none", "01 10 00 40 00 00 00", "01 90 03"},
    {"write registers into a protected one", "01 10 00 3F 00 02 04 00 01 00 01", "01 90 02"},
    {"write coils", "01 0F 00 01 00 01 01 00", "01 0F 00 01 00 01"},
    {"write coils beyond the end", "01 0F 00 01 00 02 01 00", "01 8F 02"},
    {"another unit", "02 03 00 20 00 01", ""},
    {"broadcast read", "00 03 00 20 00 01", ""},
    {"broadcast write", "00 06 00 41 00 10", ""},
    {"identification, one object", "01 2B 0E 04 01", "01 2B 0E 04 82 00 00 01 01 04 4E 42 2D 37"},
    {"identification, no such object", "01 2B 0E 04 70", "01 AB 02"},
    {"identification, level 0", "01 2B 0E 00 00", "01 AB 03"},
    {"another encapsulated interface", "01 2B 0D 00 00", "01 AB 01"},
};

double backrest(Session& session) {
  const auto frame = session.ask(framed("01 04 00 00 00 01"));
  return frame.size() == 7 ? (frame[3] << 8 | frame[4]) / 10.0 : -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_sim_modbus)

BOOST_DATA_TEST_CASE(answers_as_the_specification_says, exchanges, exchange) {
  Session session("nursing-bed");
  session.run(seconds(1));
  BOOST_TEST(answer(session, exchange.request) == exchange.answer,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(writes_take_effect_or_not_at_all) {
  Session session("nursing-bed");
  session.run(seconds(1));
  (void)answer(session, "00 06 00 41 00 10");  // broadcast
  BOOST_TEST(answer(session, "01 03 00 41 00 01") == "01 03 02 00 10");
  // The second register is above its max: the first keeps its value.
  BOOST_TEST(answer(session, "01 10 00 40 00 02 04 00 05 07 D0") == "01 90 03");
  BOOST_TEST(answer(session, "01 03 00 40 00 02") == "01 03 04 01 2C 00 10");
}

BOOST_AUTO_TEST_CASE(a_wrong_crc_or_half_a_frame_is_met_with_silence) {
  Session session("nursing-bed");
  session.run(seconds(1));
  Bytes request = framed("01 03 00 20 00 01");
  request.back() ^= 1;
  BOOST_TEST(session.ask(request).empty());
  const Bytes good = framed("01 03 00 20 00 01");
  session.write(ByteView(good).first(5));
  session.run(milliseconds(50));
  BOOST_TEST(session.ask(ByteView(good).subspan(5)).empty());
  BOOST_TEST(session.ask(good).size() == 7u);
  // Two frames without a pause between them are none.
  Bytes twice = good;
  twice.insert(twice.end(), good.begin(), good.end());
  BOOST_TEST(session.ask(twice).empty());
  BOOST_TEST(session.ask(good).size() == 7u);
}

BOOST_AUTO_TEST_CASE(an_answer_takes_the_time_of_its_octets) {
  Session session("nursing-bed");
  session.run(seconds(1));
  session.ask(framed("01 03 00 20 00 01"));
  BOOST_REQUIRE(session.heard.size() == 1u);
  // 8 octets there, 4 ms, 7 octets back, 11 bits each at 19200 baud.
  const Duration octet{11'000'000'000 / 19200};
  BOOST_TEST(((session.heard[0].stamp - Stamp{seconds(1).ns}) ==
              milliseconds(4) + Duration{15 * octet.ns}));
}

BOOST_AUTO_TEST_CASE(identification_steps_through_all_objects) {
  Session session("smart-mattress");
  session.run(seconds(1));
  const auto frame = session.ask(framed("01 2B 0E 02 00"));
  BOOST_TEST(std::string(as_text(frame)).find("Example Sleep") != std::string::npos);
  BOOST_TEST(int{frame[7]} == 4);
}

BOOST_AUTO_TEST_CASE(the_bed_moves_until_it_is_told_to_stop) {
  Session session("nursing-bed");
  session.run(seconds(1));
  BOOST_TEST(answer(session, "01 06 00 43 00 01") == "01 06 00 43 00 01");
  session.run_to(Stamp{} + seconds(11));
  BOOST_TEST(backrest(session) == 35.0, boost::test_tools::tolerance(0.01));
  session.disconnect();
  const Json& left = session.engine->closings().items().at(0);
  BOOST_TEST(left["moving"].boolean());
  BOOST_TEST(left["motions"]["backrest_angle"]["speed"].number() == 2.5);
  session.run(seconds(60));
  session.connect();
  BOOST_TEST(backrest(session) == 75.0);
  BOOST_TEST(!session.engine->observe(session.now)["moving"].boolean());
}

struct Stopping {
  const char* fault;
  const char* how;
  bool moves_after_1_s;
};
std::ostream& operator<<(std::ostream& out, const Stopping& s) {
  return out << s.fault << " " << s.how;
}
const Stopping stoppings[] = {
    {"", "01 05 00 00 FF 00", false},
    {"", "01 06 00 43 00 00", false},
    {"ignores-stop", "01 05 00 00 FF 00", true},
    {"ignores-stop", "01 06 00 43 00 00", true},
    {"stops-late", "01 05 00 00 FF 00", true},
};

BOOST_DATA_TEST_CASE(stopping, stoppings, stop) {
  Session session("nursing-bed", Session::fault(stop.fault));
  session.run(seconds(1));
  answer(session, "01 06 00 43 00 01");
  session.run(seconds(5));
  answer(session, stop.how);
  session.run(seconds(1));
  BOOST_TEST(session.engine->observe(session.now)["moving"].boolean() == stop.moves_after_1_s);
}

BOOST_AUTO_TEST_CASE(moves_to_its_targets_and_rests_there) {
  Session session("nursing-bed");
  session.run(seconds(1));
  answer(session, "01 06 00 43 00 07");
  BOOST_TEST(answer(session, "01 04 00 03 00 01") == "01 04 02 00 01");
  session.run(seconds(20));
  BOOST_TEST(answer(session, "01 04 00 00 00 04") == "01 04 08 01 2C 00 64 01 F4 00 00");
}

const Exchange faulty[] = {
    {"illegal-data", "01 03 C8 00 00 01", "01 03 02 00 00"},
    {"illegal-silence", "01 03 C8 00 00 01", ""},
    {"wrong-exception", "01 03 C8 00 00 01", "01 83 04"},
    {"wrong-unit", "01 03 00 20 00 01", "63 03 02 00 03"},
    {"serial-writable", "01 06 00 00 41 42", "01 06 00 00 41 42"},
    {"calibration-writable", "01 06 00 20 00 07", "01 06 00 20 00 07"},
    {"takes-any-value", "01 06 00 41 07 D0", "01 06 00 41 07 D0"},
    {"id-zeros", "01 03 00 00 00 04", "01 03 08 30 30 30 30 30 30 00 00"},
    {"id-missing", "01 03 00 00 00 02", "01 03 04 00 00 00 00"},
    {"silent", "01 03 00 20 00 01", ""},
};

BOOST_DATA_TEST_CASE(faults_show_in_answers, faulty, exchange) {
  Session session("nursing-bed", Session::fault(exchange.what));
  session.run(seconds(1));
  BOOST_TEST(answer(session, exchange.request) == exchange.answer);
}

BOOST_AUTO_TEST_CASE(what_is_written_without_protection_stays) {
  Session session("nursing-bed", Session::fault("serial-writable+calibration-writable"));
  session.run(seconds(1));
  answer(session, "01 06 00 00 41 42");
  answer(session, "01 06 00 20 00 07");
  BOOST_TEST(answer(session, "01 03 00 00 00 01") == "01 03 02 41 42");
  BOOST_TEST(answer(session, "01 03 00 20 00 01") == "01 03 02 00 07");
}

BOOST_AUTO_TEST_CASE(a_clock_goes_on_from_what_was_written) {
  Session session("smart-mattress");
  session.run(seconds(1));
  answer(session, "01 10 00 40 00 02 04 00 00 03 E8");
  session.run(seconds(10));
  BOOST_TEST(answer(session, "01 03 00 40 00 02") == "01 03 04 00 00 03 F2");
}

BOOST_AUTO_TEST_SUITE_END()
