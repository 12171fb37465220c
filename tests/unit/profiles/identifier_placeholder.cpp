#include "profiles/measuring/identifier_placeholder.h"

#include "tests/support/boost_test.h"

using namespace carebench;

BOOST_AUTO_TEST_SUITE(profiles_identifier_placeholder)

const std::string_view placeholders[] = {
    "",
    " ",
    "0123456789",
    "123456",
    "1234567890",
    "87654321",
    "9876543210",
    "0000000000",
    "FFFF",
    "ffffffff",
    "Serial Number",
    "SERIAL_NUMBER",
    "S/N",
    "SN",
    "sn:",
    "unknown",
    "Unknown",
    "default",
    "Default string",
    "none",
    "N/A",
    "null",
    "TBD",
    "SN0123456789",
    "SN: 12345678",
    "SN-000000",
    "IMEI:000000000000000",
    "XXXXXXXX",
    "SN-XXXX-0001",
    "SN%08d",
    "%s",
    "{{serial}}",
    "${SERIAL}",
    "<serial>",
    "ABCDEF",
    "0123456789ABCDEF",
    "12121212",
    "ABCABCABC",
    "00:00:00:00:00:00",
    "FF-FF-FF-FF-FF-FF",
    "To be filled by O.E.M.",
    "system serial number",
    "abc",
    "A1",
    "SN1",
    "-",
    "\xFF\xFF\xFF\xFF\xFF",
    "序列号",
    "未知",
    "DEVICE_ID",
    "test",
    "####-####",
};
BOOST_DATA_TEST_CASE(placeholders_are_found_out, boost::unit_test::data::make(placeholders), text) {
  BOOST_TEST(placeholder_reason(text) != "");
}

const std::string_view numbers[] = {
    "SM302-261100001",
    "NB7E261100001",
    "490154203237518",
    "R-0000017",
    "RM-1-000001",
    "001BC5000007",
    "1234",
    "20260301",
    "8800000015",
    "(01)06291041500213(21)12345",
    "MA.156.M0.100221.12345678.S0001",
    "100100",
    "2121",
    "00A1",
    "Nordic-17",
    "No17A4",
    "deadbeef",
    "A0B1C2D3",
    "112233445",
    "SN20260001",
    "+A123BJC5D6E71G",
    "CN-0X-4711",
};
BOOST_DATA_TEST_CASE(identifiers_are_let_pass, boost::unit_test::data::make(numbers), text) {
  BOOST_TEST(placeholder_reason(text) == "");
}

BOOST_AUTO_TEST_CASE(the_least_length_is_the_profiles) {
  BOOST_TEST(placeholder_reason("A17", 3) == "");
  BOOST_TEST(placeholder_reason("A17") == "shorter than 4 characters");
  BOOST_TEST(placeholder_reason("A1734", 8) == "shorter than 8 characters");
}

BOOST_AUTO_TEST_SUITE_END()
