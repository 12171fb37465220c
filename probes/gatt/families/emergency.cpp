// Emergency Configuration Service 183C: who carries the device that calls for help.
#include "probes/gatt/value_reader.h"
#include "standards/vocab/text.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;
using enum ValueFinding::Severity;

const ValueFinding nul_in_text{
    violation, "nul_in_text", {"文本中有 NUL", "NUL stands in the text"}};

constexpr ReadingField id[] = {{"emergency_id", octets, "", {"紧急标识", "emergency ID"}}};

bool decode_id(ByteView value, const GattOptions&, Reading& reading) {
  if (value.size() != 6) return reading.refuse("length: an emergency ID has 6 octets");
  reading.octets(0, value);
  return true;
}

constexpr ReadingField words[] = {{"text", text, "", {"紧急文本", "emergency text"}}};

bool decode_text(ByteView value, const GattOptions&, Reading& reading) {
  if (value.empty() || value.size() > 20)
    return reading.refuse("length: an emergency text has 1 to 20 octets");
  const std::string_view said = as_text(value);
  if (said.find('\0') != said.npos) reading.find(nul_in_text);
  if (!valid_utf8(said)) reading.find(findings::bad_utf8);
  reading.text(0, said);
  return true;
}

constexpr GattCharacteristic characteristics[] = {
    {0x2B2D, 0x183C, is::read, "emergency_id", {"紧急标识", "emergency ID"}, id, decode_id},
    {0x2B2E,
     0x183C,
     is::read,
     "emergency_text",
     {"紧急文本", "emergency text"},
     words,
     decode_text},
};

}  // namespace

extern const GattFamily emergency;
const GattFamily emergency{characteristics};

}  // namespace carebench::gatt
