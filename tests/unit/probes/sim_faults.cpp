// That faults do what their names say, seen with the frame reader of the bench.
#include <algorithm>
#include <cmath>
#include <set>

#include "tests/support/boost_test.h"
#include "tests/support/sim_session.h"

using namespace carebench;
using namespace carebench::sim;

namespace {

// What a bench makes of a session: messages of one id, their stamps and the numbers of one field.
struct Read {
  FrameCounts counts;
  std::vector<double> values;  // nan: a special value
  std::vector<double> seconds;
};
Read read(const Session& session, std::string_view field) {
  const Protocol& protocol = *session.engine->device().protocol;
  const FieldHandle handle = protocol.field(field);
  BOOST_REQUIRE(handle);
  FrameReader reader(protocol);
  Read result;
  for (const auto& [stamp, octets] : session.heard) {
    reader.feed(octets, stamp, 1);
    for (Message message; reader.next(message);) {
      if (message.spec != handle.message) continue;
      const FieldValue value = message.value(handle);
      result.values.push_back(value.kind == FieldValue::Kind::number ? value.number : std::nan(""));
      result.seconds.push_back(message.stamp.seconds());
    }
  }
  result.counts = reader.counts();
  return result;
}

Read run(std::string_view device, std::string fault, std::string_view field, Duration time) {
  Session session(device, Session::fault(std::move(fault)));
  session.run(time);
  return read(session, field);
}

double widest_gap(const Read& r) {
  double widest = 0;
  for (std::size_t i = 1; i < r.seconds.size(); ++i)
    widest = std::max(widest, r.seconds[i] - r.seconds[i - 1]);
  return widest;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Bytes query(const Session& session, std::string_view message) {
  return session.engine->device().protocol->encode(message, {}).value();
}

// The identifier as it stands in the answer; "" without one.
std::string asked_for_id(Session& session) {
  const Bytes octets = session.ask(query(session, "query_product_id"), milliseconds(50));
  const Protocol& protocol = *session.engine->device().protocol;
  FrameReader reader(protocol);
  reader.feed(octets, session.now, 1);
  std::string id;
  for (Message message; reader.next(message);)
    if (message.id() == "product_id")
      id = message.value(protocol.field("product_id.product_id")).text;
  return id;
}

constexpr std::string_view monitor = "r60abd1-monitor";

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_sim_faults)

BOOST_AUTO_TEST_CASE(frames_are_broken_as_told) {
  const Duration time = seconds(60);
  const FrameCounts sound = run(monitor, "", "heart_rate", time).counts;
  const auto counts = [&](const char* fault) {
    return run(monitor, fault, "heart_rate", time).counts;
  };
  BOOST_TEST(counts("checksum-errors").checksum_errors == sound.frames / 20);
  BOOST_TEST(counts("checksum-errors").frames == sound.frames - sound.frames / 20);
  BOOST_TEST(counts("garbage").dropped_octets == sound.frames / 20 * 24);
  BOOST_TEST(counts("garbage").frames == sound.frames);
  BOOST_TEST(counts("garbage-marks").frames == sound.frames);
  BOOST_TEST(counts("garbage-marks").malformed > 0u);
  BOOST_TEST(counts("truncated-frames").frames == sound.frames - sound.frames / 20);
  BOOST_TEST(counts("dropped-frames").frames < sound.frames - sound.frames / 12);
  BOOST_TEST(counts("duplicated-frames").frames == sound.frames + sound.frames / 10);
  BOOST_TEST(counts("dripped").frames == sound.frames);
  BOOST_TEST(counts("silent").octets == 0u);
}

BOOST_AUTO_TEST_CASE(the_rate_is_wrong_as_told) {
  const auto rate = [](const char* fault) {
    return run(monitor, fault, "heart_rate", seconds(60));
  };
  BOOST_TEST(rate("").values.size() == 60u);
  BOOST_TEST(widest_gap(rate("")) < 1.02);
  BOOST_TEST(rate("rate-slow").values.size() == 30u);
  BOOST_TEST(rate("rate-fast").values.size() == 120u);
  BOOST_TEST(widest_gap(rate("rate-jitter")) > 1.3);
  BOOST_TEST(rate("stops").seconds.back() < 30.5);
  BOOST_TEST(widest_gap(rate("burst-gap")) > 8.0);
  BOOST_TEST(widest_gap(rate("late-frames")) > 2.0);
}

BOOST_AUTO_TEST_CASE(values_are_wrong_as_told) {
  const auto rates = [](const char* fault) {
    return run(monitor, fault, "heart_rate", seconds(300)).values;
  };
  const auto sound = rates("");
  BOOST_TEST(mean(rates("bias")) - mean(sound) == 8.0, boost::test_tools::tolerance(0.05));
  BOOST_TEST(mean(rates("gain")) / mean(sound) == 1.12, boost::test_tools::tolerance(0.01));
  const auto stuck = rates("stuck");
  BOOST_TEST((std::set<double>(stuck.begin() + 12, stuck.end()).size() == 1));
  const auto drop_outs = rates("drop-outs");
  BOOST_TEST(std::count_if(drop_outs.begin(), drop_outs.end(),
                           [](double v) { return std::isnan(v); }) == 100);
  double difference = 0;
  const auto noisy = rates("noise");
  for (std::size_t i = 0; i < sound.size(); ++i)
    difference = std::max(difference, std::fabs(noisy[i] - sound[i]));
  BOOST_TEST(difference > 10);
}

BOOST_AUTO_TEST_CASE(a_reference_reads_the_same_truth) {
  const auto test = run(monitor, "", "heart_rate", seconds(600));
  const auto reference = run("reference-monitor", "", "heart_rate", seconds(600));
  double worst = 0, sum = 0;
  const std::size_t n = std::min(test.values.size(), reference.values.size());
  for (std::size_t i = 0; i < n; ++i) {
    const double error = test.values[i] - reference.values[i];
    worst = std::max(worst, std::fabs(error));
    sum += error;
  }
  BOOST_TEST(worst < 4);
  BOOST_TEST(std::fabs(sum / static_cast<double>(n)) < 0.3);
  const auto [low, high] = std::minmax_element(reference.values.begin(), reference.values.end());
  BOOST_TEST(*high - *low > 12);  // a stuck or wrongly scaled device cannot hide
}

BOOST_AUTO_TEST_CASE(a_sequence_skips_as_told) {
  const auto skips = [](const char* fault) {
    const auto numbers = run("reference-monitor", fault, "VITAL.sequence", seconds(100)).values;
    int count = 0;
    for (std::size_t i = 1; i < numbers.size(); ++i)
      if (numbers[i] != numbers[i - 1] + 1) ++count;
    return count;
  };
  BOOST_TEST(skips("") == 0);
  BOOST_TEST(skips("sequence-skips") == 6);
  BOOST_TEST(skips("dropped-frames") == 9);
}

struct Identity {
  const char* fault;
  const char* first;
  const char* after_reconnect;
  const char* sample_2;
};
std::ostream& operator<<(std::ostream& out, const Identity& i) { return out << i.fault; }
const Identity identities[] = {
    {"", "SM302-261100001", "SM302-261100001", "SM302-261100002"},
    {"id-missing", "", "", ""},
    {"id-empty", "", "", ""},
    {"id-digits", "0123456789", "0123456789", "0123456789"},
    {"id-placeholder", "Serial Number", "Serial Number", "Serial Number"},
    {"id-zeros", "000000", "000000", "000000"},
    {"id-changes", "SM302-261100001", "SM302-261100002", "SM302-261100002"},
    {"id-shared", "SM302-261100001", "SM302-261100001", "SM302-261100001"},
    {"id-wrong-check", "SM302-261100002", "SM302-261100002", "SM302-261100003"},
};

BOOST_DATA_TEST_CASE(the_identifier_is_wrong_as_told, identities, expected) {
  Session first(monitor, Session::fault(expected.fault));
  first.run(seconds(1));
  BOOST_TEST(asked_for_id(first) == expected.first);
  first.disconnect();
  first.run(seconds(2));
  first.connect();
  BOOST_TEST(asked_for_id(first) == expected.after_reconnect);
  EngineOptions options = Session::fault(expected.fault);
  options.sample = 2;
  Session second(monitor, options);
  second.run(seconds(1));
  BOOST_TEST(asked_for_id(second) == expected.sample_2);
}

BOOST_AUTO_TEST_CASE(an_imei_carries_its_check_digit) {
  const auto imei = [](const char* fault, const char* serial) {
    EngineOptions options = Session::fault(fault);
    options.serial = serial;
    Session session("gnss-locator", options);
    session.run(seconds(5));
    const std::string text = session.text();
    const auto at = text.find(",07,") + 4;
    return text.substr(at, text.find('*', at) - at);
  };
  BOOST_TEST(imei("", "") == "001018610000011");
  BOOST_TEST(imei("id-wrong-check", "") == "001018610000012");
  BOOST_TEST(imei("", "490154203237518") == "490154203237518");
  BOOST_TEST(luhn_digit("49015420323751") == '8');
}

struct Console {
  const char* fault;
  const char* input;
  const char* expected;
};
std::ostream& operator<<(std::ostream& out, const Console& c) { return out << c.fault; }
const Console consoles[] = {
    {"shell", "\r", "/ # "},
    {"shell", "id\r\n", "uid=0(root)"},
    {"login", "\r\n", "login: "},
    {"login", "\rroot\r", "Password: "},
    {"at-commands", "AT\r\n", "\r\nOK\r\n"},
    {"at-commands", "AT+GMR\r\n", "\r\nOK\r\n"},
    {"help-command", "help\r\n", "factory"},
    {"u-boot", "\r", "=> "},
    {"plain-phone", "", "13800138000"},
    {"plain-citizen-id", "", "11010519491231002X"},
    {"plain-name", "", "王建国"},
};

BOOST_DATA_TEST_CASE(consoles_answer_and_secrets_are_told, consoles, console) {
  Session faulty(monitor, Session::fault(console.fault));
  Session sound(monitor);
  for (Session* session : {&faulty, &sound}) {
    session->run(seconds(2));
    session->write(console.input);
    session->run(seconds(3));
  }
  BOOST_TEST(faulty.text().find(console.expected) != std::string::npos);
  BOOST_TEST(sound.text().find(console.expected) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_boot_banner_comes_with_each_opening) {
  Session session(monitor, Session::fault("boot-banner"));
  session.run(seconds(2));
  BOOST_TEST(session.text().find("Booting Linux") != std::string::npos);
  session.heard.clear();
  session.disconnect();
  session.run(seconds(1));
  session.connect();
  session.run(seconds(2));
  BOOST_TEST(session.text().find("BusyBox") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(recovery_after_a_disconnection) {
  const auto silence = [](const char* fault) {
    Session session(monitor, Session::fault(fault));
    session.run(seconds(5));
    session.disconnect();
    session.heard.clear();
    session.run(seconds(5));
    BOOST_TEST(session.heard.empty());
    session.connect();
    session.run(seconds(90));
    return session.heard.empty() ? 1e9 : (session.heard[0].stamp - Stamp{seconds(10).ns}).seconds();
  };
  BOOST_TEST(silence("") < 1);
  BOOST_TEST(silence("slow-recovery") > 44);
  BOOST_TEST(silence("slow-recovery") < 46);
  BOOST_TEST(silence("no-recovery") == 1e9);
}

BOOST_AUTO_TEST_CASE(malformed_frames_are_survived_or_not) {
  const auto session_after = [](const char* fault) {
    Session session(monitor, Session::fault(fault));
    session.run(seconds(5));
    Bytes broken = query(session, "query_product_id");
    broken[broken.size() - 3] ^= 1;
    session.write(broken);
    session.heard.clear();
    session.run(seconds(20));
    return session;
  };
  BOOST_TEST(session_after("").text().find("initialized") == std::string::npos);
  const Bytes initialized =
      loaded(monitor)->protocol->encode("initialized", {{"initialized", 1.0}}).value();
  const auto has = [&](const Session& session) {
    return std::any_of(session.heard.begin(), session.heard.end(),
                       [&](const auto& heard) { return heard.octets == initialized; });
  };
  BOOST_TEST(!has(session_after("")));
  BOOST_TEST(has(session_after("reboots")));
  BOOST_TEST(session_after("hangs").heard.empty());
  BOOST_TEST(session_after("hangs").engine->observe({seconds(30).ns})["hung"].boolean());
}

BOOST_AUTO_TEST_CASE(answers_are_late_or_missing_as_told) {
  const auto answered_after = [](const char* fault) {
    Session session(monitor, Session::fault(fault));
    session.run_to({milliseconds(1005).ns});
    session.ask(query(session, "query_product_id"), seconds(3));
    for (const auto& [stamp, octets] : session.heard)
      if (std::string(as_text(octets)).find("SM302") != std::string::npos)
        return (stamp - Stamp{milliseconds(1005).ns}).milliseconds();
    return 1e9;
  };
  BOOST_TEST(answered_after("") < 30);
  BOOST_TEST(answered_after("late-answers") > 1500);
  BOOST_TEST(answered_after("no-answers") == 1e9);
}

BOOST_AUTO_TEST_CASE(an_unplugged_device_is_lost_once) {
  Session session(monitor, Session::fault("unplugged"));
  session.run(seconds(60));
  BOOST_REQUIRE(session.lost_at.has_value());
  BOOST_TEST((*session.lost_at == Stamp{seconds(15).ns}));
  BOOST_TEST((session.heard.back().stamp <= *session.lost_at));
  BOOST_TEST((session.engine->next_due() == never));
}

BOOST_AUTO_TEST_CASE(stored_positions_come_after_the_gap) {
  const auto stored = [](const char* fault) {
    Session session("watch-3g", Session::fault(fault));
    session.run(seconds(30));
    session.disconnect();
    session.run(seconds(100));
    session.heard.clear();
    session.connect();
    session.run(seconds(3));
    const std::string text = session.text();
    int count = 0;
    for (auto at = text.find("*UD2,"); at != text.npos; at = text.find("*UD2,", at + 1)) ++count;
    return count;
  };
  BOOST_TEST(stored("") == 10);
  BOOST_TEST(stored("lose-some-stored") == 8);
  BOOST_TEST(stored("lose-stored") == 0);
}

BOOST_AUTO_TEST_CASE(faults_and_scenarios_combine) {
  const auto result = run(monitor, "bed-exit+checksum-errors", "bed", seconds(60));
  BOOST_TEST(result.counts.checksum_errors > 10u);
  BOOST_TEST(std::count(result.values.begin(), result.values.end(), 0.0) > 3);
}

BOOST_AUTO_TEST_CASE(at_another_speed_there_is_only_garbage) {
  Session session(monitor);
  session.engine->set_peer_baud(9600);
  session.run(seconds(20));
  BOOST_TEST(!session.heard.empty());
  BOOST_TEST(read(session, "heart_rate").counts.frames == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
