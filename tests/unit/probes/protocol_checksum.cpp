#include <ostream>
#include <set>

#include "probes/checksum.h"
#include "tests/support/boost_test.h"

namespace carebench {
std::ostream& operator<<(std::ostream& out, const Checksum& c) { return out << c.name; }
}  // namespace carebench

using namespace carebench;

namespace {

std::vector<Checksum> all() { return {checksums().begin(), checksums().end()}; }

// Bit by bit, as the CRC catalogue defines it.
std::uint32_t slow_crc(const Checksum& c, ByteView octets) {
  const std::uint64_t top = std::uint64_t{1} << (c.bits - 1), mask = top * 2 - 1;
  const auto reversed = [&](std::uint64_t value, int bits) {
    std::uint64_t out = 0;
    for (int i = 0; i < bits; ++i) out |= (value >> i & 1) << (bits - 1 - i);
    return out;
  };
  // The table keeps the initial value of reflected registers as they stand in the register.
  std::uint64_t crc = c.reflected ? reversed(c.initial, c.bits) : c.initial;
  for (const std::uint8_t octet : octets) {
    crc ^= (c.reflected ? reversed(octet, 8) : octet) << (c.bits - 8);
    for (int i = 0; i < 8; ++i) crc = (crc & top ? crc << 1 ^ c.polynomial : crc << 1) & mask;
  }
  return static_cast<std::uint32_t>((c.reflected ? reversed(crc, c.bits) : crc) ^ c.final_xor);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_protocol_checksum)

BOOST_DATA_TEST_CASE(gives_its_check_value, boost::unit_test::data::make(all())) {
  BOOST_TEST(sample(as_bytes("123456789")) == sample.check);
}

BOOST_DATA_TEST_CASE(agrees_with_the_definition, boost::unit_test::data::make(all())) {
  if (sample.kind != Checksum::Kind::crc) return;
  Bytes octets;
  for (std::uint32_t i = 0; i < 300; ++i) {
    BOOST_TEST(sample(octets) == slow_crc(sample, octets));
    octets.push_back(static_cast<std::uint8_t>(i * 37 + 11));
  }
}

BOOST_AUTO_TEST_CASE(names_are_found_and_differ) {
  const auto names = checksum_names();
  BOOST_TEST(std::set<std::string_view>(names.begin(), names.end()).size() == names.size());
  for (const std::string_view name : names) BOOST_TEST(checksum_named(name) != nullptr);
  BOOST_TEST(checksum_named("modbus")->name == "crc16/modbus");
  BOOST_TEST(checksum_named("ibm")->name == "crc16/arc");
  BOOST_TEST(checksum_named("") == nullptr);
  BOOST_TEST(checksum_named("crc16/nothing") == nullptr);
}

BOOST_AUTO_TEST_CASE(sums_of_nothing) {
  BOOST_TEST((*checksum_named("sum8"))({}) == 0U);
  BOOST_TEST((*checksum_named("sum8-inverted"))({}) == 0xFFU);
  BOOST_TEST((*checksum_named("xor8-inverted"))({}) == 0xFFU);
  BOOST_TEST((*checksum_named("crc16/modbus"))({}) == 0xFFFFU);
}

BOOST_AUTO_TEST_SUITE_END()
