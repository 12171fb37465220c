#include "standards/vocab/digest.h"

#include "tests/support/boost_test.h"

using namespace carebench;

BOOST_AUTO_TEST_SUITE(vocab_digest)

// FIPS 180-4 and the NIST example values.
BOOST_AUTO_TEST_CASE(known_answers) {
  BOOST_TEST(sha256_hex({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(sha256_hex(as_bytes("abc")) ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(sha256_hex(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
             "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

BOOST_AUTO_TEST_CASE(streaming_goes_on_after_hex) {
  Sha256 sha;
  sha.update(as_bytes("a"));
  BOOST_TEST(sha.hex() == sha256_hex(as_bytes("a")));
  sha.update(as_bytes("bc"));
  BOOST_TEST(sha.hex() == sha256_hex(as_bytes("abc")));
  Sha256 moved = std::move(sha);
  moved.update(as_bytes("d"));
  BOOST_TEST(moved.hex() == sha256_hex(as_bytes("abcd")));
}

BOOST_AUTO_TEST_SUITE_END()
