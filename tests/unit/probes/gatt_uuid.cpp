#include <array>

#include "probes/gatt/event.h"
#include "probes/gatt/uuid.h"
#include "tests/support/boost_test.h"

namespace carebench {
namespace {

namespace bdata = boost::unit_test::data;

struct Written {
  const char *text, *canonical;
};
std::ostream& operator<<(std::ostream& out, const Written& w) { return out << w.text; }

const std::array<Written, 6> paths = {{
    {"180D/2A37", "180D/2A37"},
    {"180d/2a37", "180D/2A37"},
    {"0x2A37", "2A37"},
    {"0000180a-0000-1000-8000-00805f9b34fb/2A25", "180A/2A25"},
    {"180D/2A37/2902#2", "180D/2A37/2902#2"},
    {"6E400001-B5A3-F393-E0A9-E50E24DCCA9E/2A37", "6e400001-b5a3-f393-e0a9-e50e24dcca9e/2A37"},
}};

const std::array<const char*, 9> no_paths = {
    {"", "/", "180D/", "2A3", "2A37#0", "2A37#x", "180D/2A37/2902/1", "xyzw", "2A 37"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_gatt_uuid)

BOOST_DATA_TEST_CASE(a_path_is_read_and_written_in_one_way, bdata::make(paths), w) {
  const auto path = AttributePath::parse(w.text);
  BOOST_REQUIRE(path.has_value());
  BOOST_TEST(path->text() == w.canonical);
}

BOOST_DATA_TEST_CASE(what_is_no_path_is_refused_with_the_form, bdata::make(no_paths), text) {
  const auto path = AttributePath::parse(text);
  BOOST_REQUIRE(!path.has_value());
  BOOST_TEST(path.error().message.find("180A/2A25") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_event_is_read_as_it_was_written) {
  const Bytes value{0x00, 0x55};
  Bytes octets;
  GattEvent{EventKind::notification, EventSource::signal, 0x1234, Uuid::of(0x2A37), value}
      .append_to(octets);
  GattEvent read;
  BOOST_REQUIRE(GattEvent::parse(octets, read));
  BOOST_TEST((read.kind == EventKind::notification));
  BOOST_TEST(read.handle == 0x1234);
  BOOST_TEST(read.uuid.text() == "2A37");
  BOOST_TEST(to_hex(read.value) == "0055");
  octets.resize(19);
  BOOST_TEST(!GattEvent::parse(octets, read));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
