// Physical Activity Monitor Service 183E: supported features, and general activity as far as its
// layout is established: the fields that are always there. Optional ones are named by their flags
// and kept as octets.
#include "probes/gatt/value_reader.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;

constexpr ReadingField features[] = {
    {"features",
     octets,
     "",
     {"支持的功能（64 位，低位在前）", "features (64 bits, low octet first)"}}};

bool decode_features(ByteView value, const GattOptions&, Reading& reading) {
  if (value.size() != 8) return reading.refuse("length: the features have 8 octets");
  reading.octets(0, value);
  if (value[7] || value[6] & 0x80) reading.find(findings::rfu_flags);  // 55 of 64 bits are used
  return true;
}

enum : std::size_t { header, worn, session, sub_session, relative, sequence, optional };
constexpr ReadingField activity[] = {
    {"header", number, "", {"头", "header"}},
    {"device_worn", truth, "", {"设备已佩戴", "the device is worn"}},
    {"session_id", number, "", {"会话号", "session"}},
    {"sub_session_id", number, "", {"子会话号", "sub-session"}},
    {"relative_time_s", number, "s", {"相对时间", "relative time"}},
    {"sequence", number, "", {"序号", "sequence number"}},
    {"optional", octets, "", {"可选字段（未解码）", "optional fields (not decoded)"}},
};

bool decode_activity(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  reading.number(header, value.u8());
  const std::uint32_t flag_bits = value.u24();
  reading.number(worn, flag_bits >> 23);
  reading.number(session, value.u16());
  reading.number(sub_session, value.u16());
  reading.number(relative, value.u32());
  reading.number(sequence, value.u32());
  if (!value.ok()) return reading.refuse("truncated: fields are missing that are always there");
  const bool announced = flag_bits & 0x7FFFFF;
  if (announced && !value.left())
    return reading.refuse("truncated: flags announce optional fields, and none is there");
  if (!announced && value.left()) reading.find(findings::unannounced_octets);
  if (value.left()) reading.octets(optional, value.rest());
  return true;
}

constexpr GattCharacteristic characteristics[] = {
    {0x2B3B,
     0x183E,
     is::read,
     "physical_activity_monitor_features",
     {"体力活动监测功能", "physical activity monitor features"},
     features,
     decode_features},
    {0x2B3C,
     0x183E,
     0,
     "general_activity_instantaneous_data",
     {"一般活动瞬时数据", "general activity, instantaneous"},
     activity,
     decode_activity},
    {0x2B3D,
     0x183E,
     0,
     "general_activity_summary_data",
     {"一般活动汇总数据", "general activity, summary"},
     activity,
     decode_activity},
};

}  // namespace

extern const GattFamily physical_activity;
const GattFamily physical_activity{characteristics};

}  // namespace carebench::gatt
