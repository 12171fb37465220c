#include "probes/gatt/advertising.h"

#include <algorithm>

#include "probes/gatt/uuid.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

using enum ValueFinding::Severity;

const ValueFinding structure_beyond_end{
    violation,
    "structure_beyond_end",
    {"广播结构超出数据末尾", "an AD structure is longer than what is left"}};
const ValueFinding octets_after_end{
    note, "octets_after_end", {"结束标记之后有数据", "octets other than 0 follow the end"}};
const ValueFinding structure_length{
    violation,
    "structure_length",
    {"广播结构长度与类型不符", "an AD structure has a length that its type does not have"}};

constexpr std::string_view flag_names[] = {"limited_discoverable", "general_discoverable",
                                           "bredr_not_supported", "le_bredr_controller",
                                           "le_bredr_host"};

// UUIDs of 2, 4 or 16 octets, least significant first, on the Base UUID.
std::string uuid_text(ByteView sent) {
  Uuid uuid = Uuid::of(0);
  const std::size_t end = sent.size() == 16 ? 16 : 4;
  std::ranges::copy_backward(Bytes(sent.rbegin(), sent.rend()), uuid.octets.begin() + end);
  const std::string hex = to_hex(uuid.octets);
  return cat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
             hex.substr(16, 4), "-", hex.substr(20));
}

// A shortened name may end inside a character.
std::string_view whole_characters(std::string_view text) {
  for (std::size_t cut = 0; cut < 4 && cut <= text.size(); ++cut)
    if (const auto kept = text.substr(0, text.size() - cut); valid_utf8(kept)) return kept;
  return text;
}

class Advertising {
 public:
  Json json(ByteView octets);

 private:
  void add(const AdStructure& one);
  void add_uuids(ByteView data, std::size_t size);
  void add_data(Json& list, const AdStructure& one, std::size_t size);
  void add_name(std::string_view text, bool complete);
  void find(const ValueFinding& finding) {
    if (std::ranges::find(found_, &finding) == found_.end()) found_.push_back(&finding);
  }

  Json flags_, flag_names_ = Json::array(), name_, complete_, tx_power_, appearance_;
  Json uuids_ = Json::array(), mfg_ = Json::array(), service_data_ = Json::array(),
       other_ = Json::array();
  std::vector<const ValueFinding*> found_;
};

void Advertising::add_uuids(ByteView data, std::size_t size) {
  if (data.size() % size) find(structure_length);
  for (; data.size() >= size; data = data.subspan(size)) uuids_.push(uuid_text(data.first(size)));
}

// [what it belongs to, data]; `size` octets say what.
void Advertising::add_data(Json& list, const AdStructure& one, std::size_t size) {
  if (one.data.size() < size) return find(structure_length);
  const ByteView owner = one.data.first(size);
  const bool company = one.type == ad_type::manufacturer_data;
  list.push(Json(Json::Array{company ? Json(owner[0] | owner[1] << 8) : Json(uuid_text(owner)),
                             to_hex(one.data.subspan(size))}));
}

void Advertising::add_name(std::string_view text, bool complete) {
  const std::string_view kept = complete ? text : whole_characters(text);
  if (!valid_utf8(kept)) find(findings::bad_utf8);
  if (complete_.boolean() && !complete) return;
  name_ = printable(kept);
  complete_ = complete;
}

void Advertising::add(const AdStructure& one) {
  const ByteView data = one.data;
  switch (one.type) {
    case ad_type::flags:
      if (data.empty()) return find(structure_length);
      flags_ = data[0];
      for (std::size_t bit = 0; bit < std::size(flag_names); ++bit)
        if (data[0] >> bit & 1) flag_names_.push(flag_names[bit]);
      return;
    case 0x02:
    case 0x03:
      return add_uuids(data, 2);
    case 0x04:
    case 0x05:
      return add_uuids(data, 4);
    case 0x06:
    case 0x07:
      return add_uuids(data, 16);
    case ad_type::short_name:
    case ad_type::name:
      return add_name(as_text(data), one.type == ad_type::name);
    case ad_type::tx_power:
      if (data.size() != 1) return find(structure_length);
      tx_power_ = static_cast<std::int8_t>(data[0]);
      return;
    case ad_type::appearance:
      if (data.size() != 2) return find(structure_length);
      appearance_ = data[0] | data[1] << 8;
      return;
    case ad_type::service_data_16:
      return add_data(service_data_, one, 2);
    case ad_type::service_data_32:
      return add_data(service_data_, one, 4);
    case ad_type::service_data_128:
      return add_data(service_data_, one, 16);
    case ad_type::manufacturer_data:
      return add_data(mfg_, one, 2);
    default:
      other_.push(Json(Json::Array{one.type, to_hex(data)}));
  }
}

Json Advertising::json(ByteView octets) {
  AdReader reader(octets);
  AdStructure one;
  while (reader.next(one)) add(one);
  if (reader.malformed()) find(structure_beyond_end);
  const auto is_zero = [](std::uint8_t octet) { return octet == 0; };
  if (!reader.malformed() && !std::ranges::all_of(reader.rest(), is_zero)) find(octets_after_end);
  Json json = Json::object();
  json.set("flags", flags_).set_if("flag_names", flag_names_);
  json.set("name", name_).set_if("name_complete", complete_);
  json.set("tx_power", tx_power_).set("appearance", appearance_);
  json.set("uuids", uuids_).set("mfg", mfg_).set("service_data", service_data_);
  json.set_if("other", other_);
  Json codes = Json::array();
  for (const ValueFinding* finding : found_) codes.push(finding->code);
  return std::move(json.set_if("findings", std::move(codes)));
}

}  // namespace

bool AdReader::next(AdStructure& structure) {
  if (malformed_ || rest_.empty() || rest_[0] == 0) return false;
  const std::size_t length = rest_[0];
  malformed_ = length >= rest_.size();
  if (malformed_) return false;
  structure = {rest_[1], rest_.subspan(2, length - 1)};
  rest_ = rest_.subspan(1 + length);
  return true;
}

Json advertising_json(ByteView octets) { return Advertising().json(octets); }

}  // namespace carebench
