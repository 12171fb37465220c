// What a tap on the HCI saw, held against what arrived: packets as the kernel writes them, and
// values as a link hands them in, in every order that they may come.
#include "profiles/measuring/tapped_port.h"

#include <cmath>

#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/scripted_lane.h"

using namespace carebench;

namespace {

constexpr ChannelId device = 0, tap = 1;

Stamp at_ms(std::int64_t ms) { return {ms * 1'000'000}; }

Bytes hex(std::string_view text) { return from_hex(text).value(); }

Bytes le16(std::size_t value) {
  return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8)};
}

void append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }

// An ATT PDU on a connection, from the device or from the bench.
Bytes acl(std::string_view att, std::uint16_t connection = 0x0040, bool sent = false) {
  const Bytes pdu = hex(att);
  Bytes packet = hex(sent ? "0000 0004" : "0000 0005");
  append(packet, le16(connection | (sent ? 0U : 0x2000U)));
  append(packet, le16(pdu.size() + 4));
  append(packet, le16(pdu.size()));
  append(packet, hex("0400"));
  append(packet, pdu);
  return packet;
}

Bytes value(std::string_view octets, EventKind kind = EventKind::notification,
            std::uint16_t handle = 0x0014) {
  const Bytes told = hex(octets);
  GattEvent event;
  event.kind = kind;
  event.handle = handle;
  event.uuid = Uuid::of(0x2A37);
  event.value = told;
  Bytes out;
  event.append_to(out);
  return out;
}

struct Bench {
  Bench() {
    lane.link_facts.stamp_uncertainty = microseconds(50);
    Context::Setup setup;
    setup.lane = &lane;
    setup.check = find_check("transmission/stability");
    setup.with = &with;
    setup.roles["test"].push_back({"dut", false, device, nullptr, "", ""});
    setup.roles["monitor"].push_back({"tap", false, tap, nullptr, "", ""});
    context.emplace(std::move(setup));
    context->port("test").by_hand();
    tapped.emplace(*context, context->port("test"));
    tapped->begin({});
  }
  void seen(std::int64_t ms, const Bytes& packet) { lane.frame(at_ms(ms), packet, tap); }
  void came(std::int64_t ms, const Bytes& event) { lane.frame(at_ms(ms), event, device); }

  // What is handed on until then: "12:n1648", time in ms, n or i for the method.
  std::string hear(std::int64_t until_ms) {
    std::string all;
    while (true) {
      const auto outcome = tapped->next(at_ms(until_ms));
      BOOST_REQUIRE(outcome.has_value());
      if (outcome->kind == Outcome::Kind::timed_out) break;
      if (!all.empty()) all += ' ';
      if (outcome->kind != Outcome::Kind::frame) {
        all += to_string(outcome->kind);
        break;
      }
      GattEvent event;
      BOOST_REQUIRE(GattEvent::parse(outcome->octets, event));
      all += cat(outcome->stamp.ns / 1'000'000, ":",
                 event.kind == EventKind::indication ? "i" : "n", to_hex(event.value));
    }
    tapped->end(at_ms(until_ms));
    BOOST_REQUIRE(tapped->settle().has_value());
    return all;
  }

  test::ScriptedLane lane;
  Params with;
  std::optional<Context> context;
  std::optional<TappedPort> tapped;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_tapped_port)

BOOST_AUTO_TEST_CASE(values_come_with_the_stamp_of_the_tap) {
  Bench bench;
  for (int i = 0; i < 3; ++i) {
    bench.seen(1000 * i, acl(cat("1b 1400 164", i)));
    bench.came(1000 * i + 4, value(cat("164", i)));
  }
  BOOST_TEST(bench.hear(5000) == "0:n1640 1000:n1641 2000:n1642");
  BOOST_TEST(bench.tapped->passed() == 3);
  BOOST_TEST(bench.tapped->unheard() == 0);
  BOOST_TEST(bench.tapped->sees_it());
}

BOOST_AUTO_TEST_CASE(the_packet_may_be_read_after_the_value) {
  Bench bench;
  bench.came(104, value("1648"));
  bench.seen(100, acl("1b 1400 1648"));  // its stamp is the kernel's
  bench.came(204, value("1649"));
  bench.seen(200, acl("1b 1400 1649"));
  BOOST_TEST(bench.hear(1000) == "100:n1648 200:n1649");
}

BOOST_AUTO_TEST_CASE(what_the_tap_saw_and_never_arrived_was_lost_in_the_bench) {
  Bench bench;
  for (const int i : {0, 1, 2, 3}) {
    bench.seen(1000 * i, acl("1b 1400 1648"));  // the same value each time
    if (i != 1) bench.came(1000 * i + 2, value("1648"));
  }
  BOOST_TEST(bench.hear(5000) == "0:n1648 2000:n1648 3000:n1648");
  BOOST_TEST(bench.tapped->unheard() == 1);
  BOOST_TEST(bench.tapped->passed() == 4);
}

BOOST_AUTO_TEST_CASE(several_values_in_one_packet_are_values_each) {
  Bench bench;
  bench.seen(100, acl("23 1400 0200 1648 1400 0200 1649"));
  bench.came(103, value("1648"));
  BOOST_TEST(bench.hear(1000) == "100:n1648");
  BOOST_TEST(bench.tapped->passed() == 2);
  BOOST_TEST(bench.tapped->unheard() == 1);
}

BOOST_AUTO_TEST_CASE(the_method_is_what_passed_not_what_is_declared) {
  Bench bench;
  bench.seen(100, acl("1d 1400 1648"));
  bench.came(103, value("1648", EventKind::value));
  BOOST_TEST(bench.hear(1000) == "100:i1648");
  BOOST_TEST(bench.tapped->shown());
}

BOOST_AUTO_TEST_CASE(another_device_on_the_adapter_does_not_count) {
  Bench bench;
  for (int i = 0; i < 4; ++i) {
    bench.seen(1000 * i, acl("1b 1400 1648"));
    bench.seen(1000 * i + 1, acl("1b 2000 0101", 0x0041));
    bench.came(1000 * i + 3, value("1648"));
  }
  bench.hear(5000);
  BOOST_TEST(bench.tapped->passed() == 4);
  BOOST_TEST(bench.tapped->unheard() == 0);
}

BOOST_AUTO_TEST_CASE(another_attribute_with_the_same_octets_is_another_value) {
  Bench bench;
  bench.seen(100, acl("1b 2000 1648"));
  bench.came(103, value("1648"));
  BOOST_TEST(bench.hear(1000) == "103:n1648");
  BOOST_TEST(!bench.tapped->shown());
  BOOST_TEST(!bench.tapped->sees_it());
}

BOOST_AUTO_TEST_CASE(a_loss_of_the_link_is_told_after_what_came_before_it) {
  Bench bench;
  bench.came(104, value("1648"));
  bench.lane.lost(at_ms(105), "gone", device);
  bench.seen(100, acl("1b 1400 1648"));
  const std::string heard = bench.hear(1000);
  BOOST_TEST(heard.ends_with("lost"));
  BOOST_TEST(heard.find("1648") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(writes_pass_the_tap_on_the_connection_of_the_device) {
  Bench bench;
  bench.seen(90, acl("12 1600 0401", 0x0041, true));  // to another device
  bench.seen(100, acl("12 1600 0401", 0x0040, true));
  bench.seen(130, acl("1d 1400 0500 0c00"));
  bench.came(134, value("05000c00", EventKind::indication));
  BOOST_TEST(bench.hear(1000) == "130:i05000c00");
  BOOST_TEST_REQUIRE(bench.tapped->sent_after(at_ms(80)).has_value());
  BOOST_TEST(bench.tapped->sent_after(at_ms(80))->ns == at_ms(100).ns);
  BOOST_TEST(!bench.tapped->sent_after(at_ms(101)).has_value());
}

BOOST_AUTO_TEST_CASE(the_way_to_the_bench_goes_into_the_budget_where_the_tap_missed_some) {
  Bench all, some;
  for (int i = 0; i < 6; ++i) {
    for (Bench* bench : {&all, &some}) {
      if (bench == &all || i != 4) bench->seen(1000 * i, acl(cat("1b 1400 164", i)));
      bench->came(1000 * i + (i % 2 ? 6 : 2), value(cat("164", i)));
    }
  }
  all.hear(9000);
  some.hear(9000);
  const auto known = all.tapped->budget(), partly = some.tapped->budget();
  BOOST_TEST_REQUIRE((known.has_value() && partly.has_value()));
  BOOST_TEST(known->fixed.size() == 1U);
  BOOST_TEST(partly->fixed.size() == 2U);
  BOOST_TEST(partly->fixed.back().given > 0.001);
}

BOOST_AUTO_TEST_CASE(whatever_the_tap_tells_is_bounded) {
  Bench bench;
  for (int i = 0; i < 10'000; ++i) bench.seen(i / 100, acl("1b 1400 1648"));
  bench.seen(200, hex("0000 0005 4020 0700 0300 0400 23 14"));
  bench.seen(200, hex("00"));
  bench.came(201, value("1648"));
  bench.hear(1000);
  BOOST_TEST(bench.tapped->passed() == 10'000);
}

// Asked at t, out of the adapter at t + 3 ms, answered there at t + 33 ms, at the bench at t + 41
// ms.
BOOST_AUTO_TEST_CASE(a_response_is_timed_where_it_passes_the_adapter) {
  for (const bool tapped : {true, false}) {
    test::ScriptedCheck check(
        "latency/response",
        "{request: racp_request, fields: {opcode: report_number, operator: all}, answer: "
        "racp_number, n: 20, spacing: 200 ms, within: 1 s}",
        "gatt-glucose");
    BOOST_TEST_REQUIRE(check.problems == "");
    check.tapped = tapped;
    check.lane.on_perform = [&](ChannelId, const Op& op) {
      const auto* write = std::get_if<WriteValue>(&op);
      if (!write) return Outcome::Kind::done;
      const Stamp now = check.lane.now();
      check.lane.frame(now + milliseconds(3), acl("12 1600 0401", 0x0040, true), tap);
      check.lane.frame(now + milliseconds(33), acl("1d 1600 0500 0c00"), tap);
      Bytes answer = value("05000c00", EventKind::indication, 0x0016);
      GattEvent event;
      BOOST_REQUIRE(GattEvent::parse(answer, event));
      event.uuid = Uuid::of(0x2A52);
      Bytes octets;
      event.append_to(octets);
      check.lane.frame(now + milliseconds(41), octets, device);
      return Outcome::Kind::done;
    };
    const auto ran = check.run();
    BOOST_TEST_REQUIRE(ran.has_value(), (ran ? "" : ran.error().text()));
    BOOST_TEST(std::abs(check.number("p50") - (tapped ? 0.030 : 0.041)) < 1e-9);
    BOOST_TEST(check.number("unanswered") == 0);
  }
}

// One answer in four never reaches the bench.
BOOST_AUTO_TEST_CASE(what_the_bench_loses_is_no_answer_that_the_device_owes) {
  test::ScriptedCheck check("latency/response",
                            "{request: racp_request, fields: {opcode: report_number, operator: "
                            "all}, answer: racp_number, "
                            "n: 20, spacing: 200 ms, within: 1 s}",
                            "gatt-glucose");
  check.tapped = true;
  int asked = 0;
  check.lane.on_perform = [&](ChannelId, const Op& op) {
    if (!std::holds_alternative<WriteValue>(op)) return Outcome::Kind::done;
    const Stamp now = check.lane.now();
    check.lane.frame(now + milliseconds(33), acl("1d 1600 0500 0c00"), tap);
    GattEvent event;
    event.kind = EventKind::indication;
    event.handle = 0x0016;
    event.uuid = Uuid::of(0x2A52);
    const Bytes told = hex("05000c00");
    event.value = told;
    Bytes octets;
    event.append_to(octets);
    if (++asked % 4) check.lane.frame(now + milliseconds(41), octets, device);
    return Outcome::Kind::done;
  };
  const auto ran = check.run();
  BOOST_TEST_REQUIRE(!ran.has_value());
  BOOST_TEST((ran.error().blame == Blame::bench));
  BOOST_TEST(ran.error().message.find("5 of them never arrived") != std::string::npos,
             ran.error().message);
}

BOOST_AUTO_TEST_SUITE_END()
