// Modbus register maps.
#include <algorithm>
#include <array>

#include "probes/protocol_parse.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::array<std::string_view, 4> tables = {"coil", "discrete_input", "input_register",
                                                    "holding_register"};
constexpr std::array<std::string_view, 8> types = {"bit", "u16", "s16",    "u32",
                                                   "s32", "f32", "string", "bits"};
constexpr std::array<std::string_view, 4> orders = {"ABCD", "CDAB", "BADC", "DCBA"};
constexpr std::array<std::string_view, 3> accesses = {"r", "rw", "w"};
constexpr int most_registers = 123;  // what one request can write

}  // namespace

std::string_view to_string(RegisterTable table) { return tables[static_cast<std::size_t>(table)]; }
std::string_view to_string(RegisterType type) { return types[static_cast<std::size_t>(type)]; }
std::string_view to_string(WordOrder order) { return orders[static_cast<std::size_t>(order)]; }

double RegisterSpec::high_code() const {
  switch (type) {
    case RegisterType::bit:
      return 1;
    case RegisterType::s16:
      return INT16_MAX;
    case RegisterType::u32:
      return UINT32_MAX;
    case RegisterType::s32:
      return INT32_MAX;
    case RegisterType::f32:
      return 3.4028234663852886e38;
    default:
      return UINT16_MAX;
  }
}

double RegisterSpec::low_code() const {
  switch (type) {
    case RegisterType::s16:
      return INT16_MIN;
    case RegisterType::s32:
      return INT32_MIN;
    case RegisterType::f32:
      return -high_code();
    default:
      return 0;
  }
}

namespace protocol_parse {
namespace {

bool is_wide(RegisterType type) {
  return type == RegisterType::u32 || type == RegisterType::s32 || type == RegisterType::f32;
}
bool is_bit_table(RegisterTable table) { return table <= RegisterTable::discrete_input; }

void bit_names(yaml::MapReader& reader, RegisterSpec& spec, Problems& problems) {
  const yaml::Node node = reader.required("bits");
  if (!node) return;
  for (const CodeName& one : codes(node, 0, 15, problems))
    spec.bits.emplace_back(static_cast<int>(one.code), one.name);
}

void type_keys(yaml::MapReader& reader, RegisterSpec& spec, Problems& problems) {
  const bool bit = is_bit_table(spec.table);
  spec.type = bit ? RegisterType::bit : static_cast<RegisterType>(reader.choice("type", types));
  if (bit ? reader.has("type") : spec.type == RegisterType::bit)
    reader.problem("coils and discrete inputs hold one bit and need no type, registers are no bit");
  if (is_wide(spec.type)) {
    spec.order = static_cast<WordOrder>(reader.choice("order", orders));
    spec.count = 2;
  }
  if (spec.type == RegisterType::string)
    spec.count = static_cast<std::uint16_t>(reader.integer("registers", 1, most_registers));
  if (spec.type == RegisterType::bits) bit_names(reader, spec, problems);
  if (spec.type == RegisterType::string || spec.type == RegisterType::bits) return;
  if (!bit) {
    spec.scaling = scaling(reader, problems);
    spec.unit = reader.unit_or("unit", Unit());
    if (reader.has("min")) spec.min = reader.number("min");
    if (reader.has("max")) spec.max = reader.number("max");
    if (spec.min && spec.max && *spec.min > *spec.max) reader.problem("min is larger than max");
  }
  spec.special = codes(reader.optional("special"), spec.low_code(), spec.high_code(), problems);
  spec.values = codes(reader.optional("values"), spec.low_code(), spec.high_code(), problems);
  codes_differ(spec.special, spec.values, reader.node(), problems);
}

RegisterSpec one_register(const yaml::Node& node, Problems& problems) {
  yaml::MapReader reader(node, problems);
  RegisterSpec spec;
  spec.name = name(reader, "name", problems);
  spec.title = reader.text2_or_empty("title");
  spec.table = static_cast<RegisterTable>(reader.choice("table", tables));
  spec.address = static_cast<std::uint16_t>(reader.integer("at", 0, 0xFFFF));
  const std::size_t access = reader.choice("access", accesses);
  spec.readable = access != 2;
  spec.writable = access != 0;
  const bool input =
      spec.table == RegisterTable::discrete_input || spec.table == RegisterTable::input_register;
  if (input && spec.writable) reader.problem("inputs can only be read: access is r");
  type_keys(reader, spec, problems);
  if (spec.address + spec.count > 0x10000)
    reader.problem(cat("the register \"", spec.name, "\" ends beyond address 65535"));
  return spec;
}

}  // namespace

std::vector<RegisterSpec> registers(const std::vector<yaml::Node>& nodes, Problems& problems) {
  std::vector<RegisterSpec> out;
  for (const yaml::Node& node : nodes) {
    RegisterSpec spec = one_register(node, problems);
    for (const RegisterSpec& other : out) {
      if (!spec.name.empty() && other.name == spec.name)
        node.problem(problems, cat("two registers are called \"", spec.name, '"'));
      if (other.table == spec.table && other.address < spec.address + spec.count &&
          spec.address < other.address + other.count)
        node.problem(problems,
                     cat("the register \"", spec.name, "\" overlaps \"", other.name, '"'));
    }
    out.push_back(std::move(spec));
  }
  return out;
}

}  // namespace protocol_parse
}  // namespace carebench
