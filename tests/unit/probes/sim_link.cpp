// The sim: link as the bench sees it, and its state file.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "probes/clock.h"
#include "probes/link_driver.h"
#include "probes/modbus/framing.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

struct Heard final : Ingest {
  void frame(Stamp stamp, ByteView bytes) override {
    stamps.push_back(stamp);
    octets.insert(octets.end(), bytes.begin(), bytes.end());
  }
  void lost(Stamp stamp, std::string_view how) override {
    lost_at = stamp;
    lost_how = how;
  }
  std::vector<Stamp> stamps;
  Bytes octets;
  Stamp lost_at = never;
  std::string lost_how;
};

struct Bench {
  explicit Bench(std::string_view address_text) {
    const auto address = Address::parse(address_text);
    BOOST_REQUIRE(address.has_value());
    auto opened = open_link(*address, clock);
    if (!opened) BOOST_FAIL(opened.error().text());
    link = std::move(*opened);
  }
  void run_to(Stamp until) {
    for (Stamp due = link->next_due(); due <= until; due = link->next_due()) {
      clock.advance_to(due);
      link->pump(clock.now(), heard);
    }
    clock.advance_to(until);
  }
  Outcome::Kind perform(const Op& op) {
    const auto performed = link->perform(op, seconds(1), {});
    if (!performed) BOOST_FAIL(performed.error().text());
    return performed->kind;
  }
  VirtualClock clock;
  std::unique_ptr<Link> link;
  Heard heard;
};

Result<std::unique_ptr<Link>> open(std::string_view text, Clock& clock) {
  const auto address = Address::parse(text);
  if (!address) return tl::unexpected(address.error());
  return open_link(*address, clock);
}

std::string slurp(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_sim_link)

BOOST_AUTO_TEST_CASE(facts_say_that_it_is_a_simulation) {
  Bench bench("sim:nursing-bed?fault=bed-exit&sample=3");
  const Facts& facts = bench.link->facts();
  BOOST_TEST(facts.simulated);
  BOOST_TEST(facts.transport == "sim");
  BOOST_TEST(facts.stamp_source == "virtual clock");
  BOOST_TEST(facts.stamp_uncertainty.ns == 0);
  BOOST_TEST(facts.details["device"].string() == "nursing-bed");
  BOOST_TEST(facts.details["fault"].string() == "bed-exit");
  BOOST_TEST(facts.details["modbus"]["framing"].string() == "rtu");
  BOOST_TEST(facts.details["modbus"]["unit"].integer() == 1);
}

BOOST_AUTO_TEST_CASE(frames_carry_their_own_stamps) {
  Bench bench("sim:r60abd1-monitor");
  bench.clock.advance_to({seconds(10).ns});
  bench.link->pump(bench.clock.now(), bench.heard);  // late: all of ten seconds at once
  BOOST_TEST(bench.heard.stamps.size() > 50u);
  BOOST_TEST((bench.heard.stamps.front() < Stamp{seconds(1).ns}));
  for (std::size_t i = 1; i < bench.heard.stamps.size(); ++i)
    BOOST_REQUIRE(bench.heard.stamps[i - 1] < bench.heard.stamps[i]);
}

BOOST_AUTO_TEST_CASE(a_closed_port_hears_and_says_nothing) {
  Bench bench("sim:r60abd1-monitor");
  bench.run_to({seconds(5).ns});
  BOOST_TEST((bench.perform(Connect{}) == Outcome::Kind::done));
  BOOST_TEST((bench.perform(Disconnect{}) == Outcome::Kind::done));
  const std::size_t before = bench.heard.stamps.size();
  BOOST_TEST((bench.link->next_due() == never));
  bench.run_to({seconds(15).ns});
  BOOST_TEST(bench.heard.stamps.size() == before);
  BOOST_TEST((bench.perform(Write{{0x0d}}) == Outcome::Kind::refused));
  BOOST_TEST((bench.perform(SetLine{}) == Outcome::Kind::refused));
  BOOST_TEST((bench.perform(Connect{}) == Outcome::Kind::done));
  bench.run_to({seconds(20).ns});
  BOOST_TEST(bench.heard.stamps.size() > before);
  BOOST_TEST((bench.heard.stamps[before] >= Stamp{seconds(15).ns}));
}

BOOST_AUTO_TEST_CASE(an_unplugged_device_is_lost_and_does_not_come_back) {
  Bench bench("sim:r60abd1-monitor?fault=unplugged");
  bench.run_to({seconds(20).ns});
  BOOST_TEST((bench.heard.lost_at == Stamp{seconds(15).ns}));
  BOOST_TEST(!bench.heard.lost_how.empty());
  BOOST_TEST((bench.perform(Write{{0x0d}}) == Outcome::Kind::lost));
  bench.perform(Disconnect{});
  BOOST_TEST((bench.perform(Connect{}) == Outcome::Kind::timed_out));
}

BOOST_AUTO_TEST_CASE(the_state_is_written_when_the_port_closes) {
  const std::string path = "probes_sim_link_state.json";
  {
    Bench bench("sim:nursing-bed?observe=" + path);
    bench.run_to({seconds(1).ns});
    Bytes up = {1, 6, 0, 67, 0, 1};
    const std::uint16_t crc = modbus_crc(up);
    up.push_back(static_cast<std::uint8_t>(crc));
    up.push_back(static_cast<std::uint8_t>(crc >> 8));
    bench.perform(Write{up});
    bench.run_to({seconds(3).ns});
    bench.perform(Disconnect{});
    bench.clock.advance_to({seconds(90).ns});
    bench.link->close();
  }
  const auto state = parse_json(slurp(path));
  std::remove(path.c_str());
  BOOST_REQUIRE(state.has_value());
  BOOST_TEST((*state)["device"].string() == "nursing-bed");
  BOOST_TEST(!(*state)["moving"].boolean(true));  // it has reached its end since
  BOOST_TEST((*state)["closings"].items().size() == 1u);
  BOOST_TEST((*state)["closings"].items()[0]["moving"].boolean());
}

BOOST_AUTO_TEST_CASE(addresses_that_are_off_are_usage_errors) {
  VirtualClock clock;
  for (const char* text :
       {"sim:nursing-bad", "sim:nursing-bed?fault=nope", "sim:nursing-bed?seed=x",
        "sim:nursing-bed?sample=0", "sim:nursing-bed?flaw=x"}) {
    const auto link = open(text, clock);
    BOOST_REQUIRE(!link);
    BOOST_TEST((link.error().code == Errc::usage), text);
  }
}

BOOST_AUTO_TEST_CASE(scan_lists_the_devices_with_their_faults) {
  const LinkDriver* driver = link_driver("sim");
  BOOST_REQUIRE(driver);
  const auto sightings = driver->scan();
  BOOST_REQUIRE(sightings.has_value());
  BOOST_TEST(sightings->size() >= 8u);
  for (const Sighting& sighting : *sightings) {
    BOOST_TEST(sighting.accessible);
    BOOST_TEST(sighting.details["faults"].size() > 5u);
  }
}

BOOST_AUTO_TEST_CASE(on_a_real_clock_a_timer_wakes_the_reader) {
  RealClock clock;
  auto link = open("sim:ld2410-radar", clock);
  BOOST_REQUIRE(link.has_value());
  BOOST_TEST((*link)->wait_fd() >= 0);
  (*link)->close();
  BOOST_TEST((*link)->wait_fd() == -1);
}

BOOST_AUTO_TEST_SUITE_END()
