#include "probes/protocol.h"
#include "profiles/measuring/console_signs.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

std::string signs(std::string_view text, std::string_view sent = {}) {
  static constexpr char letters[] = {'b', 's', 'u', 'l'};  // banner, shell, boot loader, login
  std::string out;
  for (const ConsoleFind& find : find_console_signs(text, sent))
    out += letters[static_cast<std::size_t>(find.sign)];
  return out;
}

struct Row {
  const char* text;
  const char* signs;
};
const Row rows[] = {
    {"\r\nU-Boot 2016.05 (Mar 02 2020)\r\nHit any key to stop autoboot:  3 ", "bu"},
    {"[    0.000000] Booting Linux on physical CPU 0x0\r\n", "b"},
    {"Linux version 4.9.84 (build@ci)", "b"},
    {"BusyBox v1.24.1 built-in shell (ash)", "b"},
    {"rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)", "b"},
    {"ets Jun  8 2016 00:22:57", "b"},
    {"*** Booting Zephyr OS build v3.2.0 ***", "b"},
    {"MicroPython v1.19.1 on 2022-06-18; ESP32 module", "b"},
    {"\r\n=> ", "u"},
    {"U-Boot> ", "u"},
    {"/ # ", "s"},
    {"root@OpenWrt:/# ", "bs"},
    {"[root@gateway ~]# ", "s"},
    {"sh-4.2# ", "s"},
    {"bash-5.0$ ", "s"},
    {"# ", "s"},
    {"$ ", "s"},
    {"msh />", "s"},
    {"uart:~$ ", "s"},
    {">>> ", "s"},
    {"\r\nhealth-gw login: ", "l"},
    {"Password: ", "l"},
    {"USERNAME:", "l"},
    // What products say.
    {"", ""},
    {"\r\n", ""},
    {"OK\r\n", ""},
    {"ready", ""},
    {"HR=72 #3", ""},
    {"price: 5 $ each", ""},
    {"login successful", ""},
    {"password changed", ""},
    {"$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A", ""},
    {"[3G*8800000015*0002*LK]", ""},
    {"a => b", ""},
    {"temperature > 37", ""},
    {"SM302 sleep monitor V3.2.1", ""},
};
std::ostream& operator<<(std::ostream& out, const Row& r) { return out << r.text; }

std::string left_of(const Protocol* protocol, std::string_view octets, bool quiet = true) {
  UnframedText whole(protocol);
  whole.feed(as_bytes(octets));
  const std::string text = whole.take(quiet);
  // Octet by octet it must come to the same.
  UnframedText dripped(protocol);
  std::string out;
  for (const char c : octets) {
    dripped.feed(as_bytes({&c, 1}));
    out += dripped.take(false);
  }
  out += dripped.take(quiet);
  BOOST_TEST(out == text);
  BOOST_TEST(dripped.frames() == whole.frames());
  return text;
}

std::string frame(const Protocol& protocol, std::string_view message, const FieldInputs& fields) {
  const auto octets = protocol.encode(message, fields);
  BOOST_REQUIRE(octets);
  return std::string(as_text(*octets));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_security_console_signs)

BOOST_DATA_TEST_CASE(recognised_lines, boost::unit_test::data::make(rows), row) {
  BOOST_TEST(signs(row.text) == row.signs);
}

BOOST_AUTO_TEST_CASE(an_echo_hides_no_prompt) {
  BOOST_TEST(signs("/ # help\r\n", "help") == "s");
  BOOST_TEST(signs("=> printenv", "printenv") == "u");
  BOOST_TEST(signs("/ # help\r\n") == "");
}

BOOST_AUTO_TEST_CASE(readable_answers) {
  using Lines = std::vector<std::string>;
  BOOST_TEST((readable_lines("\r\nOK\r\n", "AT") == Lines{"OK"}));
  BOOST_TEST(
      (readable_lines("help\r\ncommands: cal dump\r\n", "help") == Lines{"commands: cal dump"}));
  BOOST_TEST(readable_lines("help\r\n", "help").empty());
  BOOST_TEST(readable_lines("12345\r\n??\r\nTC\r\n", "AT").empty());
  BOOST_TEST(readable_lines(std::string_view("ab\0cd\r\n\x85\xFF ok\r\n", 13), "AT").empty());
  BOOST_TEST(line_shape("t=17 rssi=-52") == line_shape("t=18 rssi=-60"));
  BOOST_TEST(line_shape("t=17") != line_shape("u=17"));
}

BOOST_AUTO_TEST_CASE(frames_of_the_protocol_are_taken_out) {
  const auto radar = Protocol::load("r60abd1");
  BOOST_REQUIRE(radar);
  const std::string heart = frame(**radar, "heart_rate", {{"heart_rate", 72.0}});
  const std::string id = frame(**radar, "product_id", {{"product_id", "root@host:~#"}});
  BOOST_TEST(left_of(radar->get(), heart + id + heart) == "");
  BOOST_TEST(left_of(radar->get(), heart + "\r\n/ # " + heart) == "\r\n/ # ");
  BOOST_TEST(left_of(radar->get(), "U-Bo" + heart + "ot 2020") == "U-Boot 2020");
  std::string broken = id;
  broken[broken.size() - 3] ^= 0x55;
  BOOST_TEST(signs(left_of(radar->get(), heart + broken + heart)) == "");
  // A frame that is not whole yet is no text yet.
  BOOST_TEST(left_of(radar->get(), heart.substr(0, 5), false) == "");
}

BOOST_AUTO_TEST_CASE(broken_sentences_are_no_console) {
  const auto nmea = Protocol::load("nmea0183");
  BOOST_REQUIRE(nmea);
  const std::string sound =
      "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n";
  BOOST_TEST(left_of(nmea->get(), sound + sound) == "");
  BOOST_TEST(left_of(nmea->get(), "$GPTXT,hello world*00\r\n").find("hello") == std::string::npos);
  BOOST_TEST(signs(left_of(nmea->get(), sound + "\r\n$ ")) == "s");
  const auto watch = Protocol::load("watch-3g");
  BOOST_REQUIRE(watch);
  BOOST_TEST(left_of(watch->get(), "[3G*8800000015*0002*LK]") == "");
  BOOST_TEST(readable_lines(left_of(watch->get(), "[3G*8800000015*0009*LK]")).empty());
}

BOOST_AUTO_TEST_CASE(without_a_protocol_all_is_text) {
  BOOST_TEST(left_of(nullptr, "SY\x85 login: ") == "SY\x85 login: ");
}

BOOST_AUTO_TEST_SUITE_END()
