// The record access control point of the services that store records (glucose, CGM, pulse oximeter,
// blood pressure, generic health sensor). The same octets are legal as a request and illegal as an
// answer: direction decides.
#include "probes/gatt/value_reader.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;
using enum ValueFinding::Severity;

const ValueFinding operator_not_null{
    violation,
    "operator_not_null",
    {"应答的操作符应为空", "the operator of an answer is not null"}};
const ValueFinding count_width{
    note,
    "count_width",
    {"记录数不是 16 位", "the number of records has another width than 16 bits"}};

constexpr std::string_view op_names[] = {"",         "report_records",  "delete_records",
                                         "abort",    "report_number",   "number_response",
                                         "response", "combined_report", "combined_response"};
constexpr unsigned abort_op = 3, number_response = 5, response_op = 6, combined_response = 8;
constexpr std::string_view operators[] = {
    "null", "all", "less_or_equal", "greater_or_equal", "within_range", "first", "last"};
constexpr unsigned less_or_equal = 2, greater_or_equal = 3, within_range = 4, last_operator = 6;
constexpr std::string_view filters[] = {"", "sequence_number", "user_facing_time"};
constexpr std::string_view responses[] = {"",
                                          "success",
                                          "op_unsupported",
                                          "invalid_operator",
                                          "operator_unsupported",
                                          "invalid_operand",
                                          "no_records",
                                          "abort_failed",
                                          "not_completed",
                                          "operand_unsupported"};

enum : std::size_t {
  opcode,
  operator_code,
  filter,
  min,
  max,
  min_time,
  max_time,
  count,
  request,
  response
};
constexpr ReadingField fields[] = {
    {"opcode", code, "", {"操作码", "op code"}, op_names},
    {"operator", code, "", {"操作符", "operator"}, operators},
    // A CGM's sequence numbers are time offsets, in minutes.
    {"filter", code, "", {"筛选类别", "filter"}, filters},
    {"min", number, "", {"最小值", "minimum"}},
    {"max", number, "", {"最大值", "maximum"}},
    {"min_time", time, "s", {"最早时间", "earliest time"}},
    {"max_time", time, "s", {"最晚时间", "latest time"}},
    {"count", number, "", {"记录数", "number of records"}},
    {"request", code, "", {"所应答的操作码", "op code that is answered"}, op_names, true},
    {"response", code, "", {"应答码", "response code"}, responses, true},
};

constexpr std::string_view bad_length = "bad: the operand has another length";

bool is_answer(unsigned op) {
  return op == number_response || op == response_op || op == combined_response;
}

std::uint32_t take_whole(ValueReader& value, std::size_t octets) {
  return octets == 1 ? value.u8() : octets == 2 ? value.u16() : value.u32();
}

bool put_answer(ValueReader& value, unsigned op, Reading& reading) {
  if (reading.value(operator_code).number != 0) reading.find(operator_not_null);
  if (op == response_op) {
    if (value.left() != 2) return reading.refuse(bad_length);
    put_echo(reading, fields[request], request, value.u8());
    put_code(reading, fields[response], response, value.u8());
    return true;
  }
  // The services define 16 bits, the generic health sensor 32; some devices send 8.
  const std::size_t octets = value.left();
  if (octets != 1 && octets != 2 && octets != 4) return reading.refuse(bad_length);
  if (octets != 2) reading.find(count_width);
  reading.number(count, take_whole(value, octets));
  return true;
}

// One bound or two: sequence numbers of 16 bits (generic health sensor: 32), or dates and times.
bool put_bounds(ValueReader& value, bool lower, bool upper, Reading& reading) {
  const unsigned kind = value.u8();
  const std::size_t bounds = std::size_t{lower} + std::size_t{upper};
  const std::size_t octets = value.left() / bounds;
  const bool numbers = kind == 1, times = kind == 2;
  if (!numbers && !times) return reading.refuse("bad: there is no such filter");
  if (octets * bounds != value.left() || (numbers && octets != 2 && octets != 4) ||
      (times && octets != 7))
    return reading.refuse(bad_length);
  put_code(reading, fields[filter], filter, kind);
  const auto put = [&](std::size_t as_number, std::size_t as_time) {
    if (numbers)
      reading.number(as_number, take_whole(value, octets));
    else
      put_date_time(reading, as_time, value.take(octets));
  };
  if (lower) put(min, min_time);
  if (upper) put(max, max_time);
  const std::size_t low = numbers ? min : min_time, high = numbers ? max : max_time;
  const bool known = reading.value(low).kind == FieldValue::Kind::number &&
                     reading.value(high).kind == FieldValue::Kind::number;
  if (known && reading.value(low).number > reading.value(high).number)
    reading.find(findings::out_of_range);
  return true;
}

bool put_request(ValueReader& value, unsigned op, unsigned which, Reading& reading) {
  if ((op == abort_op) != (which == 0))
    return reading.refuse("bad: abort has the operator null, and no other op code has");
  if (which == less_or_equal || which == greater_or_equal || which == within_range)
    return put_bounds(value, which != less_or_equal, which != greater_or_equal, reading);
  return value.left() ? reading.refuse(bad_length) : true;
}

bool decode(ByteView octets, const GattOptions& options, Reading& reading) {
  ValueReader value(octets);
  const unsigned op = value.u8(), which = value.u8();
  if (!value.ok()) return reading.refuse("bad: op code and operator are missing");
  if (op == 0 || op >= std::size(op_names)) return reading.refuse("bad: there is no such op code");
  if (which > last_operator) return reading.refuse("bad: there is no such operator");
  if (options.direction == Direction::from_device && !is_answer(op))
    return reading.refuse("bad: only a collector writes this op code");
  if (options.direction == Direction::to_device && is_answer(op))
    return reading.refuse("bad: only a device indicates this op code");
  put_code(reading, fields[opcode], opcode, op);
  put_code(reading, fields[operator_code], operator_code, which);
  return is_answer(op) ? put_answer(value, op, reading) : put_request(value, op, which, reading);
}

constexpr GattCharacteristic characteristics[] = {
    {0x2A52,
     0x1808,
     is::write | is::indicate,
     "record_access_control_point",
     {"记录访问控制点", "record access control point"},
     fields,
     decode},
};

}  // namespace

extern const GattFamily record_access;
const GattFamily record_access{characteristics};

}  // namespace carebench::gatt
