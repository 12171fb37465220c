#include "profiles/measuring/personal_data.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

// The example of GB 11643-1999; the telephone number is an operator's own.
constexpr std::string_view citizen = "11010519491231002X";
constexpr std::string_view mobile = "13800138000";

std::string utf16(std::string_view ascii, bool big_endian) {
  std::string out;
  for (const char c : ascii) {
    if (big_endian) out += '\0';
    out += c;
    if (!big_endian) out += '\0';
  }
  return out;
}

struct Counts {
  std::int64_t resident_id, telephone, known_text;
  bool operator==(const Counts&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Counts& c) {
  return out << c.resident_id << "/" << c.telephone << "/" << c.known_text;
}

// Fed in pieces of every size, the result must be the same.
Counts scan(std::string_view text, const PersonalDataScanner::Setup& setup = {}) {
  std::optional<Counts> first;
  for (std::size_t piece = 1; piece <= text.size() + 1; ++piece) {
    PersonalDataScanner scanner(setup);
    for (std::size_t at = 0; at < text.size(); at += piece)
      scanner.feed(as_bytes(text.substr(at, piece)), 10 + at);
    scanner.finish();
    const Counts counts{scanner.found(PersonalData::resident_id).count,
                        scanner.found(PersonalData::telephone).count,
                        scanner.found(PersonalData::known_text).count};
    if (!first) first = counts;
    BOOST_TEST(counts == *first);
    BOOST_TEST(scanner.octets() == text.size());
  }
  return first.value_or(Counts{});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_security_personal_data)

BOOST_AUTO_TEST_CASE(citizen_numbers) {
  BOOST_TEST(is_resident_id(citizen));
  BOOST_TEST(is_resident_id("11010519491231002x"));
  for (const char* wrong : {"110105194912310021", "11010519491231002", "110105194913310021",
                            "990105194912310025", "11010517491231002X", "11010519491231002XX", ""})
    BOOST_TEST(!is_resident_id(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(mobile_numbers) {
  BOOST_TEST(is_mobile_number(mobile));
  for (const char* wrong :
       {"12345678901", "1380013800", "138001380000", "1380013800A", "23800138000"})
    BOOST_TEST(!is_mobile_number(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(found_wherever_they_stand) {
  const std::string id(citizen), tel(mobile);
  BOOST_TEST(scan("user=" + id + "\r\n") == (Counts{1, 0, 0}));
  BOOST_TEST(scan(id) == (Counts{1, 0, 0}));
  BOOST_TEST(scan("sos contact=" + tel + "\r\n") == (Counts{0, 1, 0}));
  BOOST_TEST(scan(tel) == (Counts{0, 1, 0}));
  BOOST_TEST(scan("tel" + tel) == (Counts{0, 1, 0}));
  BOOST_TEST(scan("phone" + tel + ",") == (Counts{0, 1, 0}));
  BOOST_TEST(scan("+86" + tel) == (Counts{0, 1, 0}));
  BOOST_TEST(scan("0086" + tel) == (Counts{0, 1, 0}));
  BOOST_TEST(scan("\x53\x59\x85" + id + "\x01" + tel + "\x54\x43") == (Counts{1, 1, 0}));
  BOOST_TEST(scan(tel + "," + tel) == (Counts{0, 2, 0}));
  BOOST_TEST(scan("{\"id\":\"" + id + "\",\"tel\":\"" + tel + "\"}") == (Counts{1, 1, 0}));
}

BOOST_AUTO_TEST_CASE(found_in_utf16) {
  for (const bool big_endian : {false, true})
    for (const char* before : {"", "x", "xy"}) {
      const std::string text = cat(citizen, ",", mobile, ",");
      const auto counts = scan(before + utf16(text, big_endian));
      BOOST_TEST(counts.resident_id >= 1);
      BOOST_TEST(counts.telephone >= 1);
    }
}

BOOST_AUTO_TEST_CASE(what_only_looks_like_it) {
  const std::string tel(mobile);
  BOOST_TEST(scan("1" + tel) == Counts{});  // inside a longer number
  BOOST_TEST(scan(tel + "7") == Counts{});
  BOOST_TEST(scan("490154203237518") == Counts{});  // IMEI
  BOOST_TEST(scan("1700000000000") == Counts{});    // milliseconds
  BOOST_TEST(scan("0." + tel) == Counts{});         // decimals
  BOOST_TEST(scan("$GPGGA,123519.00,4807.0380000,N,01131.0000000,E") == Counts{});
  BOOST_TEST(scan("A4" + tel + "FFE0C3") == Counts{});  // a dump in hexadecimal
  BOOST_TEST(scan("110105194912310021") == Counts{});   // wrong check character
  BOOST_TEST(scan("1" + std::string(citizen)) == Counts{});
  BOOST_TEST(scan(std::string(600, 'a') + tel) == Counts{});
}

BOOST_AUTO_TEST_CASE(identifiers_are_no_telephone_numbers) {
  const std::string tel(mobile);
  BOOST_TEST(scan(tel, {{}, {}, {tel}}) == Counts{});
  BOOST_TEST(scan("SN" + tel, {{}, {}, {"SN-" + tel}}) == Counts{});
  BOOST_TEST(scan(tel, {{}, {}, {"SN1234", ""}}) == (Counts{0, 1, 0}));
}

BOOST_AUTO_TEST_CASE(known_texts) {
  PersonalDataScanner::Setup setup;
  setup.known = {"王建国", "Zhang San"};
  setup.known_octets = {*from_hex("cd f5 bd a8 b9 fa")};  // the first in GB 18030
  BOOST_TEST(scan("name=王建国 room=302\r\n", setup) == (Counts{0, 0, 1}));
  BOOST_TEST(scan("\xcd\xf5\xbd\xa8\xb9\xfa", setup) == (Counts{0, 0, 1}));
  BOOST_TEST(scan("Zhang SanZhang San", setup) == (Counts{0, 0, 2}));
  BOOST_TEST(scan("\x8b\x73\xfa\x5e\xfd\x56", setup) == (Counts{0, 0, 1}));  // UTF-16 LE
  BOOST_TEST(scan("\x73\x8b\x5e\xfa\x56\xfd", setup) == (Counts{0, 0, 1}));  // UTF-16 BE
  BOOST_TEST(scan("Zhang Sen, 王建", setup) == Counts{});
}

BOOST_AUTO_TEST_CASE(nothing_leaves_unmasked) {
  BOOST_TEST(masked(citizen) == "110*************2X");
  BOOST_TEST(masked(mobile) == "138******00");
  BOOST_TEST(masked("王建国") == "***");
  BOOST_TEST(masked("Zhang S") == "*******");
  BOOST_TEST(masked("") == "");
  PersonalDataScanner scanner({{"王建国"}, {}, {}});
  const std::string text = "王建国 " + std::string(citizen) + " " + std::string(mobile) + " ";
  scanner.feed(as_bytes(text), 7);
  scanner.finish();
  for (const auto kind :
       {PersonalData::resident_id, PersonalData::telephone, PersonalData::known_text}) {
    const auto& found = scanner.found(kind);
    BOOST_TEST(found.count == 1);
    BOOST_TEST(found.evidence.first == 7u);
    BOOST_TEST(found.evidence.last == 7u);
    for (const std::string& shown : found.shown)
      BOOST_TEST(text.find(shown) == std::string::npos, shown);
  }
}

BOOST_AUTO_TEST_CASE(evidence_spans_the_packets_it_came_in) {
  PersonalDataScanner scanner({});
  scanner.feed(as_bytes("tel=138001"), 41);
  scanner.feed(as_bytes("38000\r"), 42);
  scanner.feed(as_bytes("\n"), 43);
  BOOST_TEST(scanner.found(PersonalData::telephone).evidence.first == 41u);
  BOOST_TEST(scanner.found(PersonalData::telephone).evidence.last == 42u);
}

BOOST_AUTO_TEST_SUITE_END()
