// Known answers: octets that others publish (vectors/wire*.json) and octets composed from the
// specifications (vectors/own*.json), each with what decoding them must say.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
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

void read_vectors(const std::string& path, std::vector<Vector>& vectors) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const auto json = parse_json(text.str(), path);
  if (!json) return vectors.push_back({json.error().text(), "", {}, {}});
  for (const Json& row : (*json)["vectors"].items())
    vectors.push_back({row["id"].string(), row["family"].string(),
                       from_hex(hex_of(row["input_hex"])).value_or(Bytes{}), row["expected"]});
}

// Of all files whose name starts so.
std::vector<Vector> vectors_of(std::string_view start) {
  std::vector<std::string> paths;
  const std::filesystem::path folder(CAREBENCH_SOURCE_DIR "/tests/vectors");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (path.substr(path.rfind('/') + 1).starts_with(start)) paths.push_back(path);
  }
  std::ranges::sort(paths);
  std::vector<Vector> vectors;
  for (const std::string& path : paths) read_vectors(path, vectors);
  return vectors;
}

bool same(const Json& expected, const Json& found) {
  if (expected.is_number()) {
    const double e = expected.number(), f = found.number();
    return found.is_number() && std::fabs(e - f) <= 1e-9 * std::max(std::fabs(e), std::fabs(f));
  }
  if (expected.is_object()) {
    for (const auto& [key, value] : expected.members())
      if (!found.has(key) || !same(value, found[key])) return false;
    return found.is_object();
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

BOOST_DATA_TEST_CASE(published_by_others, boost::unit_test::data::make(vectors_of("wire"))) {
  check(sample);
}

BOOST_DATA_TEST_CASE(from_the_specifications, boost::unit_test::data::make(vectors_of("own"))) {
  check(sample);
}

BOOST_AUTO_TEST_CASE(all_were_read) {
  BOOST_TEST(vectors_of("wire").size() >= 130U);
  BOOST_TEST(vectors_of("own").size() >= 555U);
  std::set<std::string> ids;
  for (const std::string_view start : {"wire", "own"})
    for (const Vector& vector : vectors_of(start)) {
      BOOST_TEST(ids.insert(vector.id).second, vector.id);
      BOOST_TEST(!vector.expected.members().empty(), vector.id);
    }
}

BOOST_AUTO_TEST_SUITE_END()
