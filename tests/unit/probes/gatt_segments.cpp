// Long values that come in segments.
#include "probes/gatt/segments.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

struct Row {
  Segmentation how;
  std::string_view values;  // in their order
  std::string_view taken;   // "p" part, "w" whole, "l" lost; a "!" after it: it gave up what came
  std::string_view joined;  // of the last whole one
};
constexpr auto health = Segmentation::health, binary = Segmentation::binary;
constexpr Row rows[] = {
    {health, "03aabb", "w", "03aabb"},
    {health, "03", "w", "03"},
    {health, "fdaa 00bb 06cc", "p p w", "ffaabbcc"},
    {health, "01aa 06bb 0bcc", "p w w", "0bcc"},
    {health, "01aa 0abb", "p l!", ""},
    {health, "01aa 05bb 0acc", "p p! w", "07bbcc"},
    {health, "01aa 07bb", "p w!", "07bb"},
    {health, "04aa 02bb", "l l", ""},
    {health, "01aa 06bb 0acc", "p w l", ""},
    {health, "01aa - 06bb", "p l! l", ""},
    {binary, "81aabb", "w", "81aabb"},
    {binary, "80aa 82bb 85cc", "p p w", "81aabbcc"},
    {binary, "00aa 03bb", "p w", "01aabb"},
    {binary, "80aa 84bb", "p l!", ""},
    {binary, "80aa 81bb", "p w!", "81bb"},
    {binary, "83bb", "l", ""},
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.values; }

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_gatt_segments)

BOOST_DATA_TEST_CASE(they_are_joined_where_none_is_missing, boost::unit_test::data::make(rows)) {
  SegmentJoiner joiner(sample.how);
  std::vector<std::string> taken;
  std::string joined;
  for (const std::string_view hex : split(sample.values, ' ')) {
    const Bytes value = from_hex(hex == "-" ? "" : hex).value();
    const SegmentJoiner::Taken how = joiner.take(value);
    taken.push_back(cat("pwl"[static_cast<std::size_t>(how)], joiner.gave_up() ? "!" : ""));
    if (how == SegmentJoiner::Taken::whole) joined = to_hex(joiner.joined());
    if (how == SegmentJoiner::Taken::lost) joined.clear();
  }
  BOOST_TEST(join(taken, " ") == sample.taken);
  BOOST_TEST(joined == sample.joined);
}

BOOST_AUTO_TEST_CASE(what_grows_without_end_is_given_up) {
  SegmentJoiner joiner(Segmentation::health);
  Bytes value(512, 0);
  std::size_t parts = 0;
  for (unsigned number = 0;; ++number) {
    value[0] = static_cast<std::uint8_t>(number << 2 | (number == 0));
    if (joiner.take(value) != SegmentJoiner::Taken::part) break;
    BOOST_TEST_REQUIRE(++parts < 200U);
  }
  BOOST_TEST(parts == SegmentJoiner::most_octets / 511);
  BOOST_TEST(joiner.gave_up());
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_what_came) {
  SegmentJoiner joiner(Segmentation::health);
  const Bytes first = *from_hex("01aa"), second = *from_hex("06bb");
  BOOST_TEST((joiner.take(first) == SegmentJoiner::Taken::part));
  joiner.reset();
  BOOST_TEST((joiner.take(second) == SegmentJoiner::Taken::lost));
  BOOST_TEST(!joiner.gave_up());
}

BOOST_AUTO_TEST_SUITE_END()
