// Binary Sensor Service 183B (doors, bed exits, presence): commands, answers and events, split over
// several values where they are long.
#include "probes/gatt/value_reader.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;
using enum ValueFinding::Severity;

const ValueFinding message_length{
    violation,
    "message_length",
    {"消息长度与其参数不符", "the message is shorter or longer than its parameters announce"}};

constexpr std::string_view messages[] = {"get_sensor_status", "get_sensor_status_response",
                                         "setting_sensor", "setting_sensor_response",
                                         "sensor_status_event"};

enum : std::size_t {
  execute,
  sequence,
  from_server,
  payload,
  message,
  result,
  cancel,
  sensor_type,
  report_status,
  event_count,
  state,
  name
};
constexpr ReadingField fields[] = {
    {"execute", truth, "", {"末段", "last part"}},
    {"sequence", number, "", {"段序号", "number of the part"}},
    {"from_server", truth, "", {"由传感器发送", "sent by the sensor"}},
    {"payload", octets, "", {"内容", "payload"}},
    {"message", code, "", {"消息", "message"}, messages},
    {"result", number, "", {"结果（0 为成功）", "result (0: success)"}},
    {"cancel", number, "", {"取消", "cancel"}},
    {"sensor_type", code, "", {"传感器类别", "sensor type"}, {}, true},
    {"report_status", number, "", {"报告状态", "report status"}},
    {"event_count", number, "", {"事件计数", "event count"}},
    {"state", number, "", {"状态", "state"}},
    {"name", text, "", {"名称", "name"}},
};

// Sources disagree which of 1 and 2 is human detection and which vibration.
std::string_view name_of_type(unsigned type) {
  switch (type) {
    case 0x00:
      return "open_close";
    case 0x01:
    case 0x02:
      return "human_detection_or_vibration";
    case 0x80:
      return "multiple_open_close";
    case 0x81:
    case 0x82:
      return "multiple_human_detection_or_vibration";
    default:
      return "";
  }
}

// A parameter of one octet; more or less of them is no such parameter.
void put_octet(Reading& reading, std::size_t field, ByteView data) {
  if (data.size() != 1) return reading.find(message_length);
  reading.number(field, data[0]);
}

// What a parameter means that is known here; others stay in the list that JSON shows.
void put_parameter(Reading& reading, unsigned id, ByteView data) {
  ValueReader value(data);
  switch (id) {
    case 0x00:
      return put_octet(reading, result, data);
    case 0x01:
      return put_octet(reading, cancel, data);
    case 0x02:
      if (data.size() != 1) return reading.find(message_length);
      if (name_of_type(data[0]).empty()) reading.find(findings::rfu_value);
      return reading.code(sensor_type, data[0], name_of_type(data[0]));
    case 0x03:
      return put_octet(reading, report_status, data);
    case 0x0A: {
      if (data.size() != 2) return reading.find(message_length);
      const unsigned status = value.u16();
      reading.number(event_count, status & 0x7FF);
      return reading.number(state, status >> 11);
    }
    case 0x0C:
      return reading.text(name, as_text(data));
    default:
      return;
  }
}

struct Parameter {
  unsigned id = 0;
  ByteView data;
};
Parameter take_parameter(ValueReader& value) {
  Parameter parameter;
  parameter.id = value.u8();
  const std::size_t length = value.u8();
  value.u16();
  parameter.data = value.take(length);
  return parameter;
}

// RFU, message, RFU, count of parameters; each: number, length, RFU (16 bits), data.
void put_message(ByteView octets, Reading& reading) {
  ValueReader value(octets);
  value.u8();
  const unsigned id = value.u8();
  value.u8();
  const unsigned count = value.u8();
  if (!value.ok()) return reading.find(message_length);
  put_code(reading, fields[message], message, id);
  for (unsigned left = count; left > 0; --left) {
    const Parameter parameter = take_parameter(value);
    if (!value.ok()) return reading.find(message_length);
    put_parameter(reading, parameter.id, parameter.data);
  }
  if (value.left()) reading.find(message_length);
}

// A header octet: 0 = last part, 1 … 5 = number of the part, 7 = from the sensor. Only a message
// that came whole is looked into.
bool decode(ByteView octets, const GattOptions& options, Reading& reading) {
  ValueReader value(octets);
  const unsigned header = value.u8();
  if (!value.ok()) return reading.refuse("truncated: the split header is missing");
  reading.number(execute, header & 1);
  reading.number(sequence, header >> 1 & 0x1F);
  reading.number(from_server, header >> 7);
  reading.octets(payload, value.rest());
  if (header & 0x40) reading.find(findings::rfu_flags);
  const Direction way = header >> 7 ? Direction::from_device : Direction::to_device;
  if (options.direction != Direction::either && options.direction != way)
    reading.find(findings::wrong_direction);
  if ((header & 0x3F) == 1) put_message(value.rest(), reading);
  return true;
}

void amend(const Reading& reading, Json& json) {
  if (!reading.has(message)) return;
  Json list = Json::array();
  ValueReader value(reading.value(payload).octets);
  value.take(3);
  for (unsigned left = value.u8(); left > 0; --left) {
    const Parameter parameter = take_parameter(value);
    if (!value.ok()) break;
    list.push(Json::object().set("id", parameter.id).set("data", to_hex(parameter.data)));
  }
  json.set("parameters", std::move(list));
}

constexpr GattCharacteristic characteristics[] = {
    {0x2B2B,
     0x183B,
     is::write,
     "bss_control_point",
     {"二元传感器控制点", "binary sensor control point"},
     fields,
     decode,
     amend,
     false,
     0,
     Segmentation::binary},
    {0x2B2C,
     0x183B,
     is::indicate,
     "bss_response",
     {"二元传感器应答", "binary sensor response"},
     fields,
     decode,
     amend,
     false,
     0,
     Segmentation::binary},
};

}  // namespace

extern const GattFamily binary_sensor;
const GattFamily binary_sensor{characteristics};

}  // namespace carebench::gatt
