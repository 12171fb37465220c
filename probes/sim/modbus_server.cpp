#include "probes/sim/modbus_server.h"

#include <algorithm>

#include "probes/modbus/framing.h"
#include "probes/protocol_registers.h"

namespace carebench::sim {
namespace {

constexpr std::size_t longest_pdu = 253;

std::uint16_t word_at(ByteView octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] << 8 | octets[at + 1]);
}

RegisterTable table_of(std::uint8_t function_code) {
  switch (function_code) {
    case 1:
    case 5:
    case 15:
      return RegisterTable::coil;
    case 2:
      return RegisterTable::discrete_input;
    case 4:
      return RegisterTable::input_register;
    default:
      return RegisterTable::holding_register;
  }
}

bool is_bits(RegisterTable table) {
  return table == RegisterTable::coil || table == RegisterTable::discrete_input;
}

std::size_t width(RegisterTable table) { return is_bits(table) ? 1 : 2; }

// What a write may bring: a known code of an enumeration, a number within min and max.
bool allowed(const RegisterSpec& reg, const FieldValue& value) {
  if (value.kind != FieldValue::Kind::number) return true;
  if ((reg.min && value.number < *reg.min) || (reg.max && value.number > *reg.max)) return false;
  return reg.values.empty() || !value.text.empty();
}

// Where the part of a register that a request asks for stands in the register and in the request.
struct Overlap {
  std::size_t in_register, in_request, octets;
};
Overlap overlap(const RegisterSpec& reg, std::size_t first, std::size_t count) {
  const std::size_t from = std::max<std::size_t>(reg.address, first);
  const std::size_t to = std::min<std::size_t>(reg.address + reg.count, first + count);
  const std::size_t size = width(reg.table);
  return {(from - reg.address) * size, (from - first) * size, (to - from) * size};
}

}  // namespace

Bytes ModbusServer::Row::octets(const FieldInput& input) const {
  const std::size_t size = width(reg->table) * reg->count;
  FieldInput fitting = input;
  if (auto* text = std::get_if<std::string>(&fitting))
    text->resize(std::min(text->size(), size));
  else if (auto* number = std::get_if<double>(&fitting))
    *number = std::clamp(*number, shown.scaling.value_of(shown.low_code()),
                         shown.scaling.value_of(shown.high_code()));
  auto octets = register_octets(shown, fitting);
  return octets ? std::move(*octets) : Bytes(size, 0);
}

ModbusServer::ModbusServer(const VirtualDevice& device, Values& values)
    : device_(device), values_(values) {
  for (const RegisterSpec& reg : device.protocol->registers()) {
    Row row{&reg, reg, values.find(reg.name)};
    row.shown.min = row.shown.max = std::nullopt;
    tables_[static_cast<std::size_t>(reg.table)].push_back(std::move(row));
  }
  for (auto& table : tables_)
    std::sort(table.begin(), table.end(),
              [](const Row& a, const Row& b) { return a.reg->address < b.reg->address; });
}

bool ModbusServer::has_table(RegisterTable table) const {
  return !tables_[static_cast<std::size_t>(table)].empty();
}

bool ModbusServer::writable(const RegisterSpec& reg) const {
  const auto& freed = device_.behaviour.unprotected;
  return reg.writable || std::find(freed.begin(), freed.end(), reg.name) != freed.end();
}

ModbusServer::Served ModbusServer::serve(ByteView frame, Stamp now) {
  Served served;
  const std::uint8_t unit = frame[0];
  const ByteView pdu = frame.subspan(1, frame.size() - 3);
  const bool broadcast = unit == 0;
  if (!broadcast && unit != device_.unit) return served;
  if (broadcast && pdu[0] != 5 && pdu[0] != 6 && pdu[0] != 15 && pdu[0] != 16) return served;

  Bytes answer;
  std::uint8_t exception = dispatch(pdu, now, answer, served);
  if (broadcast) return served;
  if (exception != none) {
    const Illegal illegal = device_.behaviour.illegal;
    if (illegal == Illegal::silence) return served;
    if (illegal == Illegal::wrong_exception) exception = failure;
    answer = illegal == Illegal::data ? answer_anyway(pdu)
                                      : Bytes{static_cast<std::uint8_t>(pdu[0] | 0x80), exception};
  }
  const int from = device_.behaviour.answer_unit;
  served.answer.push_back(from < 0 ? unit : static_cast<std::uint8_t>(from));
  served.answer.insert(served.answer.end(), answer.begin(), answer.end());
  const std::uint16_t crc = modbus_crc(served.answer);
  served.answer.push_back(static_cast<std::uint8_t>(crc));
  served.answer.push_back(static_cast<std::uint8_t>(crc >> 8));
  return served;
}

ModbusServer::Exception ModbusServer::dispatch(ByteView pdu, Stamp now, Bytes& answer,
                                               Served& served) {
  switch (pdu[0]) {
    case 1:
    case 2:
    case 3:
    case 4:
      return has_table(table_of(pdu[0])) ? read(pdu, now, answer) : function;
    case 5:
    case 6:
      return has_table(table_of(pdu[0])) ? write_one(pdu, now, answer, served) : function;
    case 15:
    case 16:
      return has_table(table_of(pdu[0])) ? write_many(pdu, now, answer, served) : function;
    case 43:
      return device_.identification.empty() ? function : identify(pdu, now, answer);
    default:
      return function;
  }
}

ModbusServer::Exception ModbusServer::read(ByteView pdu, Stamp now, Bytes& answer) {
  const RegisterTable table = table_of(pdu[0]);
  if (pdu.size() != 5) return value;
  const std::uint16_t first = word_at(pdu, 1), count = word_at(pdu, 3);
  if (count == 0 || count > (is_bits(table) ? 2000 : 125)) return value;
  Bytes octets;
  if (!load(table, first, count, now, octets)) return address;
  answer.push_back(pdu[0]);
  if (!is_bits(table)) {
    answer.push_back(static_cast<std::uint8_t>(octets.size()));
    answer.insert(answer.end(), octets.begin(), octets.end());
    return none;
  }
  answer.push_back(static_cast<std::uint8_t>((count + 7) / 8));
  answer.resize(answer.size() + answer.back(), 0);
  for (std::size_t i = 0; i < count; ++i)
    if (octets[i]) answer[2 + i / 8] |= static_cast<std::uint8_t>(1u << i % 8);
  return none;
}

// False when an address in the range does not exist or cannot be read.
bool ModbusServer::load(RegisterTable table, std::uint16_t first, std::size_t count, Stamp now,
                        Bytes& octets) {
  octets.assign(count * width(table), 0);
  std::size_t covered = 0;
  FieldInput input;
  for (const Row& row : tables_[static_cast<std::size_t>(table)]) {
    const RegisterSpec& reg = *row.reg;
    if (reg.address + reg.count <= first) continue;
    if (reg.address >= first + count) break;
    if (!reg.readable) return false;
    values_.read(row.value, now, input);
    const Bytes own = row.octets(input);
    const auto [from, to, size] = overlap(reg, first, count);
    std::copy_n(own.data() + from, size, octets.data() + to);
    covered += size;
  }
  return covered == octets.size();
}

ModbusServer::Exception ModbusServer::write_one(ByteView pdu, Stamp now, Bytes& answer,
                                                Served& served) {
  if (pdu.size() != 5) return value;
  const RegisterTable table = table_of(pdu[0]);
  Bytes octets(pdu.begin() + 3, pdu.end());
  if (is_bits(table)) {
    const std::uint16_t word = word_at(pdu, 3);
    if (word != 0 && word != 0xff00) return value;
    octets = {static_cast<std::uint8_t>(word ? 1 : 0)};
  }
  const Exception refused = store(table, word_at(pdu, 1), 1, octets, now, served);
  if (refused == none) answer.assign(pdu.begin(), pdu.end());
  return refused;
}

ModbusServer::Exception ModbusServer::write_many(ByteView pdu, Stamp now, Bytes& answer,
                                                 Served& served) {
  const RegisterTable table = table_of(pdu[0]);
  if (pdu.size() < 6) return value;
  const std::size_t count = word_at(pdu, 3), told = pdu[5];
  const bool bits = is_bits(table);
  if (count == 0 || count > (bits ? 1968 : 123)) return value;
  if (told != (bits ? (count + 7) / 8 : 2 * count) || pdu.size() != 6 + told) return value;
  Bytes octets(pdu.begin() + 6, pdu.end());
  if (bits) {
    octets.resize(count);
    for (std::size_t i = 0; i < count; ++i) octets[i] = pdu[6 + i / 8] >> i % 8 & 1;
  }
  const Exception refused = store(table, word_at(pdu, 1), count, octets, now, served);
  if (refused == none) answer.assign(pdu.begin(), pdu.begin() + 5);
  return refused;
}

// All or nothing: addresses first, then every value, then execution.
ModbusServer::Exception ModbusServer::store(RegisterTable table, std::uint16_t first,
                                            std::size_t count, ByteView octets, Stamp now,
                                            Served& served) {
  std::size_t covered = 0;
  std::vector<std::pair<const Row*, Bytes>> changes;
  for (const Row& row : tables_[static_cast<std::size_t>(table)]) {
    const RegisterSpec& reg = *row.reg;
    if (reg.address + reg.count <= first) continue;
    if (reg.address >= first + count) break;
    if (!writable(reg)) return address;
    Bytes own = row.octets(values_.look(row.value, now));
    const auto [to, from, size] = overlap(reg, first, count);
    std::copy_n(octets.data() + from, size, own.data() + to);
    covered += size;
    changes.emplace_back(&row, std::move(own));
  }
  if (covered != octets.size()) return address;
  for (const auto& [row, own] : changes)
    if (!device_.behaviour.takes_any_value && !allowed(*row->reg, register_value(*row->reg, own)))
      return value;
  for (const auto& [row, own] : changes) {
    FieldInput input = input_of(register_value(*row->reg, own));
    values_.set(row->value, input, now);
    served.written.emplace_back(row->reg, std::move(input));
  }
  return none;
}

ModbusServer::Exception ModbusServer::identify(ByteView pdu, Stamp now, Bytes& answer) const {
  if (pdu.size() != 4) return value;
  if (pdu[1] != 14) return function;
  const std::uint8_t level = pdu[2];
  int object = pdu[3];
  if (level < 1 || level > 4) return value;
  const auto& objects = device_.identification;
  const int last = objects.rbegin()->first;
  const std::uint8_t conformity = last >= 0x80 ? 0x83 : last > 2 ? 0x82 : 0x81;
  if (level == 4 && !objects.contains(object)) return address;
  if (level != 4 && !objects.contains(object)) object = 0;
  const int end = level == 4 ? object : level == 1 ? 2 : level == 2 ? 0x7f : 0xff;
  answer = {43, 14, level, conformity, 0, 0, 0};
  for (auto it = objects.lower_bound(object); it != objects.end() && it->first <= end; ++it) {
    const std::string text = values_.fill_in(it->second, now).substr(0, 240);
    if (answer.size() + 2 + text.size() > longest_pdu) {
      answer[4] = 0xff;
      answer[5] = static_cast<std::uint8_t>(it->first);
      break;
    }
    answer.push_back(static_cast<std::uint8_t>(it->first));
    answer.push_back(static_cast<std::uint8_t>(text.size()));
    answer.insert(answer.end(), text.begin(), text.end());
    ++answer[6];
  }
  return none;
}

// The fault: an illegal request gets an answer that looks right.
Bytes ModbusServer::answer_anyway(ByteView pdu) const {
  Bytes answer = {pdu[0]};
  if (pdu[0] >= 1 && pdu[0] <= 4 && pdu.size() >= 5) {
    const bool bits = pdu[0] <= 2;
    const std::size_t count = std::clamp<std::size_t>(word_at(pdu, 3), 1, bits ? 2000 : 125);
    answer.push_back(static_cast<std::uint8_t>(bits ? (count + 7) / 8 : 2 * count));
    answer.resize(answer.size() + answer.back(), 0);
    return answer;
  }
  for (std::size_t i = 1; i < std::min<std::size_t>(5, pdu.size()); ++i) answer.push_back(pdu[i]);
  return answer;
}

}  // namespace carebench::sim
