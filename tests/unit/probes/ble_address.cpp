#include <array>

#include "probes/link_driver.h"
#include "tests/support/boost_test.h"

namespace carebench {
namespace {

namespace bdata = boost::unit_test::data;

Result<void> checked(const char* text) {
  const auto address = Address::parse(text);
  if (!address) return tl::unexpected(address.error());
  return link_driver(address->scheme)->check(*address);
}

struct BadAddress {
  const char* text;
  const char* says;
};
std::ostream& operator<<(std::ostream& out, const BadAddress& bad) { return out << bad.text; }

const std::array bad_addresses = {
    BadAddress{"ble:AA:BB:CC:DD:EE", "has six octets"},
    BadAddress{"ble:AA:BB:CC:DD:EE:GG", "has six octets"},
    BadAddress{"ble:AA-BB-CC-DD-EE-FF", "has six octets"},
    BadAddress{"ble:Band", "by name it is ble:any?name=NAME"},
    BadAddress{"ble:any", "by name it is ble:any?name=NAME"},
    BadAddress{"ble:AA:BB:CC:DD:EE:FF?name=Band", "name= goes with ble:any only"},
    BadAddress{"ble:AA:BB:CC:DD:EE:FF@", "after @ stands the adapter"},
    BadAddress{"ble:AA:BB:CC:DD:EE:FF@eth0", "after @ stands the adapter"},
    BadAddress{"ble:AA:BB:CC:DD:EE:FF@hci", "after @ stands the adapter"},
    BadAddress{"ble:AA:BB:CC:DD:EE:FF?scan=soon", "scan= is how long"},
    BadAddress{"ble:AA:BB:CC:DD:EE:FF?scan=1h", "scan= is how long"},
    BadAddress{"ble:any?name=Band&scan=0s", "scan= is how long"},
    BadAddress{"ble:AA:BB:CC:DD:EE:FF?retries=-1", "retries= is a whole number"},
    BadAddress{"ble:AA:BB:CC:DD:EE:FF?notify=loudly", "notify= is"},
    BadAddress{"ble:AA:BB:CC:DD:EE:FF?exclusive=maybe", "exclusive= is on or off"},
    BadAddress{"ble:AA:BB:CC:DD:EE:FF?retrys=1", "did you mean \"retries\"?"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_ble_address)

BOOST_DATA_TEST_CASE(bad_addresses_are_usage_errors, bdata::make(bad_addresses)) {
  const auto check = checked(sample.text);
  BOOST_REQUIRE(!check.has_value());
  BOOST_TEST(exit_code(check.error().code) == exit_status::usage);
  BOOST_TEST(check.error().message.find(sample.says) != std::string::npos, check.error().message);
}

BOOST_DATA_TEST_CASE(good_addresses_are_taken,
                     bdata::make({"ble:AA:BB:CC:DD:EE:FF", "ble:aa:bb:cc:dd:ee:0f@hci1",
                                  "ble:any?name=Band 3", "ble:any@hci0?name=Band&scan=30s",
                                  "ble:AA:BB:CC:DD:EE:FF?scan=0s&retries=0&notify=start",
                                  "ble:AA:BB:CC:DD:EE:FF?notify=acquire&exclusive=on"})) {
  const auto check = checked(sample);
  const std::string says = check ? "" : check.error().message;
  BOOST_TEST(says == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
