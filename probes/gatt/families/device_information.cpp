// Device Information Service 180A: names and numbers of the device. Whether they identify it is a
// check's business; here they are only read.
#include "probes/gatt/value_reader.h"
#include "standards/vocab/text.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;
using enum ValueFinding::Severity;

const ValueFinding padded_text{note, "padded_text", {"文本末尾有填充", "padding follows the text"}};
const ValueFinding empty_text{violation, "empty_text", {"文本为空", "the text is empty"}};
const ValueFinding eui48_filler{
    note,
    "eui48_filler",
    {"由 48 位地址填充 FFFE 而成", "made from a 48-bit address, FFFE filled in"}};
const ValueFinding version_not_bcd{
    violation, "version_not_bcd", {"产品版本不是 BCD", "the product version is not BCD"}};

// Text without the NULs and blanks that some devices fill its field up with.
void put_text(Reading& reading, std::size_t field, ByteView octets) {
  std::string_view text = as_text(octets);
  const std::size_t whole = text.size();
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.remove_suffix(1);
  if (text.size() != whole) reading.find(padded_text);
  if (text.empty()) reading.find(empty_text);
  if (!valid_utf8(text)) reading.find(findings::bad_utf8);
  reading.text(field, text);
}

constexpr ReadingField name[] = {{"text", text, "", {"文本", "text"}}};

bool decode_text(ByteView octets, const GattOptions&, Reading& reading) {
  put_text(reading, 0, octets);
  return true;
}

namespace system_id {
enum : std::size_t { whole, manufacturer, oui };
constexpr ReadingField fields[] = {
    {"system_id", octets, "", {"系统标识", "System ID"}},
    {"manufacturer_id", number, "", {"厂商分配标识", "manufacturer-defined identifier"}},
    {"oui", number, "", {"组织唯一标识", "organizationally unique identifier"}},
};

bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  reading.octets(whole, octets);
  const std::uint64_t assigned = value.whole<5>();
  reading.number(manufacturer, static_cast<double>(assigned));
  reading.number(oui, value.u24());
  if (assigned >> 24 == 0xFFFE) reading.find(eui48_filler);
  return end_of_fixed(value, reading);
}

// An EUI-64 is written the other way round.
void amend(const Reading& reading, Json& json) {
  const ByteView sent = reading.value(whole).octets;
  const Bytes reversed(sent.rbegin(), sent.rend());
  json.set("eui64", to_hex(reversed));
  json.set("oui", to_hex(ByteView(reversed).first(3)));
  json.set("manufacturer_id", to_hex(ByteView(reversed).subspan(3)));
}
}  // namespace system_id

namespace pnp_id {
constexpr std::string_view sources[] = {"", "Bluetooth SIG", "USB-IF"};
enum : std::size_t { source, vendor, product, version };
constexpr ReadingField fields[] = {
    {"source", code, "", {"厂商代码来源", "source of the vendor code"}, sources, true},
    {"vendor", number, "", {"厂商代码", "vendor"}},
    {"product", number, "", {"产品代码", "product"}},
    {"version", number, "", {"产品版本", "product version"}},
};

bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  put_code(reading, fields[source], source, value.u8());
  reading.number(vendor, value.u16());
  reading.number(product, value.u16());
  const unsigned bcd = value.u16();
  reading.number(version, bcd);
  for (int shift = 0; shift < 16; shift += 4)
    if ((bcd >> shift & 0xF) > 9) reading.find(version_not_bcd);
  return end_of_fixed(value, reading);
}

void amend(const Reading& reading, Json& json) {
  const auto bcd = static_cast<unsigned>(reading.value(version).number);
  const unsigned major = (bcd >> 12 & 0xF) * 10 + (bcd >> 8 & 0xF);
  if (!reading.found(version_not_bcd))
    json.set("version_text", cat(major, ".", bcd >> 4 & 0xF, ".", bcd & 0xF));
}
}  // namespace pnp_id

namespace udi {
constexpr ReadingField fields[] = {
    {"label", text, "", {"标签", "UDI label"}},
    {"device_identifier", text, "", {"产品标识", "device identifier"}},
    {"issuer", text, "", {"发码机构", "issuer"}},
    {"authority", text, "", {"监管机构", "authority"}},
};

// Flags: one bit a field, in their order; each field ends with a NUL.
bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  for (std::size_t field = 0; field < std::size(fields); ++field) {
    if (!(flag_bits >> field & 1)) continue;
    const std::string_view rest = as_text(value.rest());
    const std::size_t end = rest.find('\0');
    if (end == rest.npos) return reading.refuse("truncated: a text does not end with NUL");
    const ByteView taken = value.take(end + 1);
    if (!valid_utf8(as_text(taken.first(end)))) reading.find(findings::bad_utf8);
    if (end == 0) reading.find(empty_text);
    reading.text(field, as_text(taken.first(end)));
  }
  return end_of_value(value, flag_bits & 0xF0, reading);
}
}  // namespace udi

// IEEE 11073-20601 regulatory certification list: big-endian, unlike all else here.
namespace regulatory {
enum : std::size_t { entries, version_major, version_minor, classes, unregulated };
constexpr ReadingField fields[] = {
    {"entries", number, "", {"条目数", "entries"}},
    {"version_major", number, "", {"Continua 版本（主）", "Continua version, major"}},
    {"version_minor", number, "", {"Continua 版本（次）", "Continua version, minor"}},
    // transport * 8192 + (specialization - 10400)
    {"device_classes", list, "", {"设备类别", "device classes"}},
    {"unregulated", truth, "", {"不受监管", "not regulated"}},
};

class BigEndian {
 public:
  explicit BigEndian(ValueReader& value) : value_(value) {}
  unsigned u16() {
    const unsigned high = value_.u8();
    return high << 8 | value_.u8();
  }

 private:
  ValueReader& value_;
};

// One entry of Continua's: 1 = version and device classes, 2 = regulation (most significant bit).
bool decode_continua(unsigned type, ByteView octets, Reading& reading) {
  ValueReader value(octets);
  BigEndian big(value);
  if (type == 1) {
    reading.number(version_major, value.u8());
    reading.number(version_minor, value.u8());
    const unsigned count = big.u16(), size = big.u16();
    if (size != 2 * count || size != value.left()) return false;
    reading.octets(classes, value.rest());
    while (value.left()) reading.item(big.u16());
  } else if (type == 2) {
    reading.number(unregulated, big.u16() >> 15);
  } else {
    reading.find(findings::rfu_value);
    return true;
  }
  return value.ok() && !value.left();
}

bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  BigEndian big(value);
  const unsigned count = big.u16(), size = big.u16();
  if (!value.ok() || size != value.left())
    return reading.refuse("length: the list's length is not that of the octets after it");
  reading.number(entries, count);
  for (unsigned i = 0; i < count; ++i) {
    const unsigned body = value.u8(), type = value.u8();
    const ByteView data = value.take(big.u16());
    if (!value.ok()) return reading.refuse("truncated: the list ends inside an entry");
    constexpr unsigned continua = 2;
    if (body != continua) continue;
    if (type == 1 && reading.has(classes)) return reading.refuse("count: two version entries");
    if (!decode_continua(type, data, reading))
      return reading.refuse("length: an entry does not have the octets that it announces");
  }
  if (value.left()) return reading.refuse("trailing: octets follow the last entry");
  return true;
}
}  // namespace regulatory

constexpr GattCharacteristic text_of(std::uint16_t uuid, std::string_view id, Title title) {
  return {uuid, 0x180A, is::read, id, title, name, decode_text};
}

constexpr GattCharacteristic characteristics[] = {
    {0x2A23,
     0x180A,
     is::read,
     "system_id",
     {"系统标识", "System ID"},
     system_id::fields,
     system_id::decode,
     system_id::amend},
    text_of(0x2A24, "model_number", {"型号", "model number"}),
    text_of(0x2A25, "serial_number", {"序列号", "serial number"}),
    text_of(0x2A26, "firmware_revision", {"固件版本", "firmware revision"}),
    text_of(0x2A27, "hardware_revision", {"硬件版本", "hardware revision"}),
    text_of(0x2A28, "software_revision", {"软件版本", "software revision"}),
    text_of(0x2A29, "manufacturer_name", {"制造商", "manufacturer name"}),
    {0x2A2A,
     0x180A,
     is::read,
     "regulatory_certification_list",
     {"法规认证列表", "regulatory certification list"},
     regulatory::fields,
     regulatory::decode},
    {0x2A50,
     0x180A,
     is::read,
     "pnp_id",
     {"PnP 标识", "PnP ID"},
     pnp_id::fields,
     pnp_id::decode,
     pnp_id::amend},
    {0x2BFF,
     0x180A,
     is::read,
     "udi_for_medical_devices",
     {"医疗器械唯一标识", "UDI for medical devices"},
     udi::fields,
     udi::decode},
};

}  // namespace

extern const GattFamily device_information;
const GattFamily device_information{characteristics};

}  // namespace carebench::gatt
