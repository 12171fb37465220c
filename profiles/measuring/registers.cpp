#include "profiles/measuring/registers.h"

#include "standards/vocab/text.h"

namespace carebench {
namespace {

Bytes octets_of(const RegisterSpec& spec, const ModbusAnswer& answer) {
  if (spec.type == RegisterType::bit)
    return answer.bits.empty() ? Bytes{} : Bytes{static_cast<std::uint8_t>(answer.bits.front())};
  Bytes octets;
  octets.reserve(2 * answer.registers.size());
  for (const std::uint16_t one : answer.registers) {
    octets.push_back(static_cast<std::uint8_t>(one >> 8));
    octets.push_back(static_cast<std::uint8_t>(one & 0xFF));
  }
  return octets;
}

Result<ModbusAnswer> ask(ModbusClient& client, const RegisterSpec& spec, Duration timeout) {
  switch (spec.table) {
    case RegisterTable::coil:
      return client.read_coils(spec.address, spec.count, timeout);
    case RegisterTable::discrete_input:
      return client.read_discrete_inputs(spec.address, spec.count, timeout);
    case RegisterTable::input_register:
      return client.read_input_registers(spec.address, spec.count, timeout);
    case RegisterTable::holding_register:
      break;
  }
  return client.read_holding_registers(spec.address, spec.count, timeout);
}

}  // namespace

Result<RegisterReading> read_register(ModbusClient& client, const RegisterSpec& spec,
                                      Duration timeout) {
  auto answer = ask(client, spec, timeout);
  if (!answer) return tl::unexpected(answer.error());
  RegisterReading reading;
  if (answer->kind == ModbusAnswer::Kind::response) {
    reading.octets = octets_of(spec, *answer);
    reading.value = register_value(spec, reading.octets);
  }
  reading.answer = std::move(*answer);
  return reading;
}

Result<ModbusAnswer> write_register(ModbusClient& client, const RegisterSpec& spec,
                                    const FieldInput& input, Duration timeout) {
  const auto octets = register_octets(spec, input);
  if (!octets) return tl::unexpected(octets.error());
  if (spec.table == RegisterTable::coil)
    return client.write_coil(spec.address, octets->front() != 0, timeout);
  if (spec.table != RegisterTable::holding_register)
    return fail(Errc::bad_input, Blame::profile, cat(spec.name, " is an input: it takes no write"));
  std::vector<std::uint16_t> values;
  for (std::size_t i = 0; i + 1 < octets->size(); i += 2)
    values.push_back(static_cast<std::uint16_t>((*octets)[i] << 8 | (*octets)[i + 1]));
  if (values.size() == 1) return client.write_register(spec.address, values.front(), timeout);
  return client.write_registers(spec.address, values, timeout);
}

RegisterPoll::RegisterPoll(Context& context, Port& port, const RegisterSpec& spec, Duration period,
                           Duration timeout)
    : context_(context),
      port_(port),
      spec_(spec),
      period_(period),
      timeout_(timeout),
      due_(context.now()) {}

Result<std::optional<RegisterReading>> RegisterPoll::next(Stamp end) {
  // A whole number of periods later, so that the turns stay where they were.
  if (const Duration late = context_.now() - due_; late > Duration{})
    due_ = due_ + Duration{(late.ns + period_.ns - 1) / period_.ns * period_.ns};
  if (due_ >= end) return std::optional<RegisterReading>();
  if (due_ > context_.now()) {
    const auto waited = context_.sleep(due_ - context_.now());
    if (!waited) return tl::unexpected(waited.error());
    if (waited->kind == Outcome::Kind::gap) {
      RegisterReading away;
      away.answer.kind = ModbusAnswer::Kind::gap;
      away.answer.sent = waited->from;
      away.answer.received = waited->stamp;
      away.answer.problem = std::string(waited->text);
      return std::optional<RegisterReading>(std::move(away));
    }
  }
  auto client = port_.modbus();
  if (!client) return tl::unexpected(client.error());
  auto reading = read_register(**client, spec_, timeout_);
  if (!reading) return tl::unexpected(reading.error());
  due_ = due_ + period_;
  return std::optional<RegisterReading>(std::move(*reading));
}

}  // namespace carebench
