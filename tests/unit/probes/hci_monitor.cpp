#include <array>

#include "probes/hci/monitor.h"
#include "tests/support/boost_test.h"

namespace carebench::hci {
namespace {

namespace bdata = boost::unit_test::data;

std::vector<Event> events_of(MonitorReader& reader, std::string_view hex) {
  const auto packet = from_hex(hex);
  BOOST_REQUIRE(packet.has_value());
  reader.feed(*packet);
  std::vector<Event> events;
  for (Event event; reader.next(event);) events.push_back(event);
  return events;
}

// adapter 0, event packet: LE Connection Complete, handle 0x0040, random address.
constexpr std::string_view connected =
    "0000 0003 3e 13 01 00 4000 00 01 060504030201 1800 0000 2a00 00";

struct Method {
  int initiator, responder;
  bool mitm, secure;
  const char* says;
};
std::ostream& operator<<(std::ostream& out, const Method& m) {
  return out << m.initiator << "/" << m.responder << (m.secure ? " secure" : " legacy");
}

// Core 5.3, Vol 3, Part H, table 2.8.
const std::array<Method, 9> methods = {{
    {1, 1, true, true, "numeric comparison"},
    {1, 1, true, false, "just works"},
    {4, 1, true, true, "numeric comparison"},
    {4, 1, true, false, "passkey entry"},
    {0, 4, true, true, "passkey entry"},
    {2, 2, true, true, "passkey entry"},
    {0, 0, true, true, "just works"},
    {3, 4, true, true, "just works"},
    {4, 4, false, true, "just works"},
}};

struct Sent {
  const char* att;
  int values;
};
std::ostream& operator<<(std::ostream& out, const Sent& s) { return out << s.att; }

const std::array<Sent, 7> sent = {{
    {"1b 1400 163c", 1},
    {"1d 1c00 06", 1},
    {"23 1400 0200 163c 1800 0100 06", 2},  // several at once
    {"23 1400 0200 163c 1800 0200 06", 1},  // cut off
    {"23 1400", 0},
    {"0b 163c", 0},
    {"", 0},
}};

const std::array<const char*, 9> broken = {{
    "",
    "0000",
    "0000 0003",
    "0000 0003 3e",
    "0000 0003 3e ff 01",
    "0000 0005 4020",
    "0000 0005 4020 ffff 00",
    "0000 0003 3e 05 02 05 00 00 00",
    "0000 0003 3e 03 02 ff 00",
}};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_hci_monitor)

BOOST_AUTO_TEST_CASE(a_notification_is_told_with_the_address_of_its_connection) {
  MonitorReader reader;
  const auto opened = events_of(reader, connected);
  BOOST_REQUIRE(opened.size() == 1u);
  BOOST_TEST((opened[0].kind == Event::Kind::connected));
  BOOST_TEST(to_text(opened[0].address) == "01:02:03:04:05:06");
  BOOST_TEST(opened[0].address_type == 1);
  const auto heard = events_of(reader, "0000 0005 4020 0900 0500 0400 1b 0300 0055");
  BOOST_REQUIRE(heard.size() == 1u);
  BOOST_TEST((heard[0].kind == Event::Kind::att));
  BOOST_TEST(!heard[0].sent);
  BOOST_TEST(to_hex(heard[0].octets) == "1b03000055");
  BOOST_TEST(to_text(heard[0].address) == "01:02:03:04:05:06");
}

BOOST_AUTO_TEST_CASE(a_pdu_in_two_acl_packets_is_one_pdu) {
  MonitorReader reader;
  BOOST_TEST(events_of(reader, "0000 0005 4020 0600 0500 0400 1b03").empty());
  const auto heard = events_of(reader, "0000 0005 4010 0300 00 0055");
  BOOST_REQUIRE(heard.size() == 1u);
  BOOST_TEST(to_hex(heard[0].octets) == "1b03000055");
}

BOOST_AUTO_TEST_CASE(a_continuation_without_its_beginning_is_nothing) {
  MonitorReader reader;
  BOOST_TEST(events_of(reader, "0000 0005 4010 0300 00 0055").empty());
}

BOOST_AUTO_TEST_CASE(pairing_shows_capability_key_size_and_secure_connections) {
  MonitorReader reader;
  const auto request = events_of(reader, "0000 0004 4000 0b00 0700 0600 01 04 00 0d 10 0f 0f");
  const auto response = events_of(reader, "0000 0005 4020 0b00 0700 0600 02 03 00 01 07 00 01");
  BOOST_REQUIRE(request.size() == 1u);
  BOOST_REQUIRE(response.size() == 1u);
  BOOST_TEST(request[0].sent);
  BOOST_TEST(request[0].features.secure_connections);
  BOOST_TEST(request[0].features.mitm);
  BOOST_TEST(!response[0].features.secure_connections);
  BOOST_TEST(key_size(request[0].features, response[0].features) == 7);
  BOOST_TEST(pairing_method(request[0].features, response[0].features) == "just works");
}

BOOST_DATA_TEST_CASE(the_method_follows_from_both_capabilities, bdata::make(methods), m) {
  PairingFeatures initiator, responder;
  initiator.io_capability = static_cast<std::uint8_t>(m.initiator);
  responder.io_capability = static_cast<std::uint8_t>(m.responder);
  initiator.mitm = m.mitm;
  initiator.secure_connections = responder.secure_connections = m.secure;
  BOOST_TEST(pairing_method(initiator, responder) == m.says);
}

BOOST_DATA_TEST_CASE(values_that_a_device_sends_are_counted, bdata::make(sent), one) {
  const auto pdu = from_hex(one.att);
  BOOST_REQUIRE(pdu.has_value());
  BOOST_TEST(values_sent(*pdu) == one.values);
}

BOOST_AUTO_TEST_CASE(encryption_and_the_end_of_a_connection_are_told) {
  MonitorReader reader;
  events_of(reader, connected);
  const auto encrypted = events_of(reader, "0000 0003 08 04 00 4000 01");
  BOOST_REQUIRE(encrypted.size() == 1u);
  BOOST_TEST(encrypted[0].encrypted);
  const auto ended = events_of(reader, "0000 0003 05 04 00 4000 13");
  BOOST_REQUIRE(ended.size() == 1u);
  BOOST_TEST((ended[0].kind == Event::Kind::disconnected));
  BOOST_TEST(ended[0].status == 0x13);
}

BOOST_AUTO_TEST_CASE(advertising_comes_raw_with_address_and_rssi) {
  MonitorReader reader;
  const auto legacy = events_of(reader, "0000 0003 3e 0f 02 01 00 01 060504030201 03 020106 c4");
  BOOST_REQUIRE(legacy.size() == 1u);
  BOOST_TEST(to_hex(legacy[0].octets) == "020106");
  BOOST_TEST(static_cast<int>(legacy[0].rssi) == -60);
  const auto extended = events_of(
      reader,
      "0000 0003 3e 1d 0d 01 1300 00 060504030201 01 00 ff 7f c4 0000 00 000000000000 03 020106");
  BOOST_REQUIRE(extended.size() == 1u);
  BOOST_TEST(to_hex(extended[0].octets) == "020106");
  BOOST_TEST(static_cast<int>(extended[0].rssi) == -60);
}

BOOST_DATA_TEST_CASE(broken_packets_make_no_event, bdata::make(broken), hex) {
  MonitorReader reader;
  BOOST_TEST(events_of(reader, hex).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench::hci
