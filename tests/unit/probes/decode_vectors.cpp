// Known answers: octets that others publish (vectors/wire.json) and octets composed from the
// specifications (vectors/own.json), each with what decoding them must say.
#include <cmath>
#include <fstream>
#include <ostream>
#include <sstream>

#include "probes/decode_family.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

struct Vector {
  std::string id, family;
  Bytes octets;
  Json expected;
};
std::ostream& operator<<(std::ostream& out, const Vector& v) { return out << v.id; }

std::string hex_of(const Json& json) {
  if (json.is_string()) return json.string();
  std::string hex;
  for (const Json& part : json.items()) hex += part.string();
  return hex;
}

std::vector<Vector> vectors_of(std::string_view name) {
  const std::string path = cat(CAREBENCH_SOURCE_DIR, "/tests/vectors/", name);
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::vector<Vector> vectors;
  const auto json = parse_json(text.str(), path);
  if (!json) return {{json.error().text(), "", {}, {}}};
  for (const Json& row : (*json)["vectors"].items())
    vectors.push_back({row["id"].string(), row["family"].string(),
                       from_hex(hex_of(row["input_hex"])).value_or(Bytes{}), row["expected"]});
  return vectors;
}

bool same(const Json& expected, const Json& found) {
  if (expected.is_number()) {
    const double e = expected.number(), f = found.number();
    return found.is_number() && std::fabs(e - f) <= 1e-9 * std::max(std::fabs(e), std::fabs(f));
  }
  if (!expected.is_array()) return expected.dump() == found.dump();
  if (!found.is_array() || expected.size() != found.size()) return false;
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (!same(expected.items()[i], found.items()[i])) return false;
  return true;
}

void check(const Vector& vector) {
  const auto found = decode(vector.family, vector.octets);
  if (vector.expected.has("error")) {
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST((found.error().code == Errc::bad_input));
    BOOST_TEST(found.error().message.starts_with(vector.expected["error"].string() + ":"),
               found.error().message);
    return;
  }
  if (!found) BOOST_FAIL(found.error().message);
  for (const auto& [key, value] : vector.expected.members())
    BOOST_TEST((found->has(key) && same(value, (*found)[key])),
               cat(key, " is ", (*found)[key].dump(), " and should be ", value.dump()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_decode_vectors)

BOOST_DATA_TEST_CASE(published_by_others, boost::unit_test::data::make(vectors_of("wire.json"))) {
  check(sample);
}

BOOST_DATA_TEST_CASE(from_the_specifications,
                     boost::unit_test::data::make(vectors_of("own.json"))) {
  check(sample);
}

BOOST_AUTO_TEST_CASE(all_were_read) {
  BOOST_TEST(vectors_of("wire.json").size() == 31U);
  BOOST_TEST(vectors_of("own.json").size() == 147U);
}

BOOST_AUTO_TEST_SUITE_END()
