// The identifier checks on virtual devices: what tests/mutants does not show.
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/check_harness.h"

using namespace carebench;
using namespace carebench::test;

namespace {

CheckRun radar(std::string check, std::string with, std::string options = "") {
  return {
      std::move(check), std::move(with), {{"sim:r60abd1-monitor" + options, "r60abd1"}}, {}, {}, {},
      seconds(1200)};
}
CheckRun bed(std::string check, std::string with, std::string options = "") {
  return {
      std::move(check), std::move(with), {{"sim:nursing-bed" + options, "nursing-bed"}}, {}, {}, {},
      seconds(1200)};
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string note_of(const CheckResult& result, std::string_view output) {
  const Measurement* found = result.find(output);
  return found ? found->note : "not measured";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_identifier_checks)

struct Source {
  const char* device;
  const char* protocol;
  const char* with;
  const char* identifier;  // "": none comes
};
const Source sources[] = {
    {"sim:r60abd1-monitor", "r60abd1",
     "{source: message/product_id/product_id, ask: query_product_id}", "SM302-261100001"},
    {"sim:r60abd1-monitor?sample=3", "r60abd1",
     "{source: message/product_id/product_id, ask: [query_product_model, query_product_id]}",
     "SM302-261100003"},
    {"sim:r60abd1-monitor", "r60abd1", "{source: message/product_id/product_id, timeout: 200 ms}",
     ""},
    {"sim:r60abd1-monitor", "r60abd1", "{source: facts/device}", "r60abd1-monitor"},
    {"sim:r60abd1-monitor", "r60abd1", "{source: facts/usb_serial}", ""},
    {"sim:watch-3g", "watch-3g", "{source: \"message/*/id\", timeout: 20 s}", "001018610000011"},
    {"sim:watch-3g", "watch-3g", "{source: message/LK/id, timeout: 60 s}", "001018610000011"},
    {"sim:gnss-locator", "nmea0183", "{source: message/TXT/text, timeout: 15 s}",
     "001018610000011"},
    {"sim:nursing-bed", "nursing-bed", "{source: register/serial_number}", "NB7E261100001"},
    {"sim:nursing-bed", "nursing-bed", "{source: device_id/ProductCode}", "NB-7"},
    {"sim:nursing-bed", "nursing-bed", "{source: device_id/5}", "NB-7E"},
    {"sim:nursing-bed", "nursing-bed", "{source: device_id/0x80, timeout: 200 ms}", ""},
    {"sim:smart-mattress", "smart-mattress", "{source: device_id/VendorName, timeout: 200 ms}",
     "Example Sleep"},
    {"sim:ld2410-radar", "ld2410",
     "{source: message/mac/mac, ask: [enable_configuration, query_mac], afterwards: "
     "end_configuration}",
     "00005e005301"},
    {"sim:ld2410-radar", "ld2410", "{source: message/mac/mac, ask: query_mac, timeout: 200 ms}",
     ""},
};
std::ostream& operator<<(std::ostream& out, const Source& s) { return out << s.with; }

BOOST_DATA_TEST_CASE(every_source, boost::unit_test::data::make(sources), one) {
  const auto result = run_check(
      {"identifier/present", one.with, {{one.device, one.protocol}}, {}, {}, {}, seconds(1200)});
  BOOST_REQUIRE_MESSAGE(!result.error, result.summary());
  BOOST_TEST((result.truth("present") == !std::string_view(one.identifier).empty()),
             result.summary());
  BOOST_TEST(result.text("identifier").value_or("") == one.identifier);
  if (std::string_view(one.identifier).empty()) {
    BOOST_TEST(!result.find("placeholder"));
    BOOST_TEST(!note_of(result, "present").empty());
  }
}

BOOST_AUTO_TEST_CASE(the_operator_reads_the_label) {
  auto run = bed("identifier/present", "{source: register/serial_number, label: operator/label}");
  run.answers = "\"label/dut\": {text: \"nb7e 2611 00001\"}";
  auto result = run_check(run);
  BOOST_TEST((result.truth("matches_label") == true), result.summary());
  run.answers = "\"label/dut\": {text: \"NB7E261100002\"}";
  result = run_check(run);
  BOOST_TEST((result.truth("matches_label") == false), result.summary());
  run.answers = "";
  result = run_check(run);
  BOOST_REQUIRE(result.error);
  BOOST_TEST((result.error->code == Errc::not_ready));
}

BOOST_AUTO_TEST_CASE(the_jobs_serial_or_label_is_compared) {
  auto run = bed("identifier/present", "{source: register/serial_number}");
  BOOST_TEST(!run_check(run).find("matches_label"));
  run.devices[0].serial = "NB7E-2611-00001";
  BOOST_TEST((run_check(run).truth("matches_label") == true));
  run.devices[0].serial = "sample A";
  run.devices[0].label = "NB7E261100001";
  BOOST_TEST((run_check(run).truth("matches_label") == true));
  run.devices[0].label = "";
  BOOST_TEST((run_check(run).truth("matches_label") == false));
}

BOOST_AUTO_TEST_CASE(the_first_source_that_answers_counts) {
  const auto result = run_check(bed("identifier/present",
                                    "{source: [device_id/0x90, register/model, "
                                    "register/serial_number], timeout: 200 ms}"));
  BOOST_TEST(result.text("identifier").value_or("") == "NB-7E");
  BOOST_TEST(holds(note_of(result, "present"), "device_id/0x90"));
  BOOST_TEST(holds(note_of(result, "present"), "holds another one: NB7E261100001"));
}

BOOST_AUTO_TEST_CASE(a_silent_device_takes_no_longer_than_its_tries) {
  const auto result = run_check(radar("identifier/present",
                                      "{source: message/product_id/product_id, ask: "
                                      "query_product_id, timeout: 1 s, tries: 4}",
                                      "?fault=silent"));
  BOOST_TEST((result.truth("present") == false));
  BOOST_TEST(result.ended.seconds() < 4.1);
}

BOOST_AUTO_TEST_CASE(late_answers_are_still_the_devices_own) {
  const auto result = run_check(
      radar("identifier/stable",
            "{source: message/product_id/product_id, ask: query_product_id, reconnects: 2}",
            "?fault=late-answers"));
  BOOST_TEST((result.truth("stable") == true), result.summary());
}

BOOST_AUTO_TEST_CASE(a_lost_link_is_no_finding) {
  const auto result = run_check(radar("identifier/present",
                                      "{source: message/product_id/product_id, timeout: 30 s}",
                                      "?fault=unplugged"));
  BOOST_REQUIRE(result.error);
  BOOST_TEST((result.error->code == Errc::lost));
  BOOST_TEST((result.error->blame == Blame::bench));
  BOOST_TEST(result.measurements.empty());
}

BOOST_AUTO_TEST_CASE(one_sample_cannot_be_compared) {
  const auto result = run_check(bed("identifier/distinct", "{source: register/serial_number}"));
  BOOST_REQUIRE(result.error);
  BOOST_TEST((result.error->code == Errc::not_ready));
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_not_decided) {
  const auto result = run_check(bed(
      "identifier/format", "{source: register/serial_number, format: gs1}", "?serial=9912345678"));
  BOOST_REQUIRE(result.error);
  BOOST_TEST((result.error->code == Errc::unsupported));
  BOOST_TEST((result.error->blame == Blame::tool));
}

BOOST_AUTO_TEST_CASE(a_check_digit_of_the_makers_own) {
  const char* with =
      "{source: register/serial_number, format: pattern, pattern: \"\\\\d{11}\", check_digit: "
      "luhn}";
  auto result = run_check(bed("identifier/format", with, "?serial=79927398713"));
  BOOST_TEST((result.truth("check_digit_valid") == true), result.summary());
  result = run_check(bed("identifier/format", with, "?serial=79927398714"));
  BOOST_TEST((result.truth("check_digit_valid") == false), result.summary());
  BOOST_TEST((result.truth("format_valid") == true));
}

struct Mistake {
  const char* check;
  const char* with;
  const char* said;
};
const Mistake radar_mistakes[] = {
    {"identifier/present", "{}", "needs the parameter \"source\""},
    {"identifier/present", "{source: mesage/product_id/product_id}", "did you mean \"message\""},
    {"identifier/present", "{source: message/product_id}", "message/ID/FIELD"},
    {"identifier/present", "{source: message/produkt_id/product_id}",
     "did you mean \"product_id\""},
    {"identifier/present", "{source: message/product_id/product_ld}",
     "did you mean \"product_id\""},
    {"identifier/present", "{source: message/query_product_id/x}", "goes to the device"},
    {"identifier/present", "{source: register/serial}", "no registers"},
    {"identifier/present", "{source: facts}", "is no source"},
    {"identifier/present", "{source: message/product_id/product_id, ask: query_produkt_id}",
     "did you mean \"query_product_id\""},
    {"identifier/present", "{source: facts/device, ask_fields: {x: 1}}", "fields of what"},
    {"identifier/present", "{source: facts/device, tries: 0}", "out of range"},
    {"identifier/present", "{source: facts/device, label: nowhere}", "is no source"},
    {"identifier/format", "{source: facts/device, format: imai}", "did you mean \"imei\""},
    {"identifier/format", "{source: facts/device, format: pattern}", "needs the `pattern`"},
    {"identifier/format", "{source: facts/device, format: imei, pattern: A}", "goes with"},
    {"identifier/format", "{source: facts/device, format: pattern, pattern: \"[A\"}", "has no ]"},
    {"identifier/format", "{source: facts/device, format: imei, check_digit: luhn}", "its own"},
    {"identifier/format", "{source: facts/device, format: pattern, pattern: A, check_digit: lun}",
     "did you mean \"luhn\""},
};
std::ostream& operator<<(std::ostream& out, const Mistake& m) { return out << m.with; }

BOOST_DATA_TEST_CASE(mistakes_are_found_before_the_run,
                     boost::unit_test::data::make(radar_mistakes), one) {
  const std::string said = lint_check(radar(one.check, one.with));
  BOOST_TEST(holds(said, one.said), said);
}

const Mistake bed_mistakes[] = {
    {"identifier/stable", "{source: register/serial_nummer}", "did you mean \"serial_number\""},
    {"identifier/stable", "{source: device_id/ProductCod}", "did you mean \"ProductCode\""},
    {"identifier/stable", "{source: device_id/256}", "is no object"},
    {"identifier/stable", "{source: message/x/y}", "has no messages"},
    {"identifier/stable", "{source: register/serial_number, reconnects: 0}", "out of range"},
    {"identifier/distinct", "{source: register/serial_number, ask: x}", "has no messages"},
};
BOOST_DATA_TEST_CASE(mistakes_with_registers, boost::unit_test::data::make(bed_mistakes), one) {
  const std::string said = lint_check(bed(one.check, one.with));
  BOOST_TEST(holds(said, one.said), said);
}

BOOST_AUTO_TEST_SUITE_END()
