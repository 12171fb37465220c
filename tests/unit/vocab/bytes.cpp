#include "standards/vocab/bytes.h"

#include "tests/support/boost_test.h"

using namespace carebench;

BOOST_AUTO_TEST_SUITE(vocab_bytes)

BOOST_AUTO_TEST_CASE(hex_both_ways) {
  const Bytes bytes = {0x53, 0x59, 0x81, 0x02, 0x00, 0xAF};
  BOOST_TEST(to_hex(bytes) == "5359810200af");
  BOOST_TEST(to_spaced_hex(bytes) == "53 59 81 02 00 AF");
  BOOST_TEST(to_hex({}).empty());
  for (const char* text : {"5359810200af", "53 59 81 02 00 AF", "53:59:81:02:00:af",
                           "53-59-81-02-00-AF", " 5359 8102\n00af "})
    BOOST_TEST((from_hex(text) == bytes), text);
  BOOST_TEST(from_hex("")->empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_hex) {
  for (const char* text : {"5", "535", "0x53", "5g", "5 3", "53 5", "５３"})
    BOOST_TEST(!from_hex(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
