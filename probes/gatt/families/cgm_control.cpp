// The CGM specific operations control point: what a collector asks for, what the sensor answers.
#include "probes/gatt/e2e_crc.h"
#include "probes/gatt/families/glucose_codes.h"
#include "probes/gatt/value_reader.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;

constexpr std::string_view op_names[] = {"",
                                         "set_interval",
                                         "get_interval",
                                         "interval_response",
                                         "set_calibration",
                                         "get_calibration",
                                         "calibration_response",
                                         "set_patient_high",
                                         "get_patient_high",
                                         "patient_high_response",
                                         "set_patient_low",
                                         "get_patient_low",
                                         "patient_low_response",
                                         "set_hypo",
                                         "get_hypo",
                                         "hypo_response",
                                         "set_hyper",
                                         "get_hyper",
                                         "hyper_response",
                                         "set_rate_decrease",
                                         "get_rate_decrease",
                                         "rate_decrease_response",
                                         "set_rate_increase",
                                         "get_rate_increase",
                                         "rate_increase_response",
                                         "reset_device_specific_alert",
                                         "start_session",
                                         "stop_session",
                                         "response_code"};
constexpr unsigned set_interval = 0x01, set_calibration = 0x04, get_calibration = 0x05,
                   reset_alert = 0x19, response_code = 0x1C;
constexpr std::string_view responses[] = {
    "", "success", "op_unsupported", "invalid_operand", "not_completed", "out_of_range"};
constexpr std::string_view calibration_statuses[] = {"rejected", "out_of_range", "process_pending"};

enum : std::size_t {
  opcode,
  request,
  response,
  interval_min,
  glucose,
  time_min,
  type,
  location,
  next_min,
  record,
  status,
  level,
  crc_ok
};
constexpr ReadingField fields[] = {
    {"opcode", code, "", {"操作码", "op code"}, op_names},
    {"request", code, "", {"所应答的操作码", "op code that is answered"}, op_names, true},
    {"response", code, "", {"应答码", "response code"}, responses, true},
    {"interval_min", number, "min", {"通信间隔", "communication interval"}},
    {"glucose", number, "mg/dL", {"校准用葡萄糖值", "glucose of the calibration"}},
    {"time_min", number, "min", {"校准时间", "time of the calibration"}},
    {"type", code, "", {"样本类型", "sample type"}, glucose_types, true},
    {"location", code, "", {"采样部位", "sample location"}, cgm_locations, true},
    {"next_min", number, "min", {"下次校准时间", "time of the next calibration"}},
    {"record", number, "", {"校准记录号", "calibration record number"}},
    {"status", flags, "", {"校准状态", "calibration status"}, calibration_statuses, true},
    {"level", number, "", {"报警限（mg/dL 或 mg/dL/min）", "level (mg/dL; a rate: mg/dL/min)"}},
    {"crc_ok", truth, "", {"E2E-CRC 正确", "E2E-CRC is right"}},
};

// Ops 1 to 24 come in threes: set, get, response.
constexpr bool is_answer(unsigned op) {
  return op == response_code || (op < reset_alert && op % 3 == 0);
}
constexpr bool is_get(unsigned op) { return op < reset_alert && op % 3 == 2; }

void put_interval(Reading& reading, unsigned minutes) {
  if (minutes == 0)
    reading.special(interval_min, "disabled");
  else if (minutes == 0xFF)
    reading.special(interval_min, "fastest");
  else
    reading.number(interval_min, minutes);
}

void put_calibration(Reading& reading, ValueReader& value) {
  put_sfloat(reading, glucose, value.u16());
  reading.number(time_min, value.u16());
  const unsigned kind = value.u8();
  put_code(reading, fields[type], type, kind & 0xF);
  put_code(reading, fields[location], location, kind >> 4);
  reading.number(next_min, value.u16());
  reading.number(record, value.u16());
  put_flags(reading, status, value.u8(), 0x07);
}

void put_operand(Reading& reading, unsigned op, ValueReader& value) {
  if (op == response_code) {
    put_echo(reading, fields[request], request, value.u8());
    put_code(reading, fields[response], response, value.u8());
  } else if (op == get_calibration) {
    reading.number(record, value.u16());
  } else if (is_get(op) || op >= reset_alert) {
    return;
  } else if (op < set_calibration) {
    put_interval(reading, value.u8());
  } else if (op <= get_calibration + 1) {
    put_calibration(reading, value);
  } else {
    put_sfloat(reading, level, value.u16());
  }
}

bool decode(ByteView octets, const GattOptions& options, Reading& reading) {
  ValueReader value(octets);
  const unsigned op = value.u8();
  if (octets.empty()) return reading.refuse("length: the value is empty");
  if (op < set_interval || op > response_code)
    return reading.refuse("bad: there is no such op code");
  if (options.direction == Direction::from_device && !is_answer(op))
    return reading.refuse("bad: only a collector writes this op code");
  if (options.direction == Direction::to_device && is_answer(op))
    return reading.refuse("bad: only a sensor indicates this op code");
  put_code(reading, fields[opcode], opcode, op);
  put_operand(reading, op, value);
  return end_with_crc(value, octets, fields, crc_ok, reading);
}

constexpr GattCharacteristic characteristics[] = {
    {0x2AAC,
     0x181F,
     is::write | is::indicate,
     "cgm_specific_ops_control_point",
     {"动态血糖专用控制点", "CGM specific ops control point"},
     fields,
     decode},
};

}  // namespace

extern const GattFamily cgm_control;
const GattFamily cgm_control{characteristics};

}  // namespace carebench::gatt
