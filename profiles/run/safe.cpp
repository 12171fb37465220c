#include "profiles/run/safe.h"

#include "probes/protocol_registers.h"
#include "probes/protocol_spec.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr Duration patience = seconds(5);

std::string what(const SafeAction& action) {
  switch (action.kind) {
    case SafeAction::Kind::disconnect:
      return "disconnect";
    case SafeAction::Kind::send:
      return cat("send ", action.message);
    case SafeAction::Kind::write_register:
      return cat("write ", action.value, " to ", action.register_name);
    case SafeAction::Kind::prompt:
      return "operator's confirmation";
  }
  return {};
}

Result<std::string> answer_of(const Result<Outcome>& outcome) {
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->kind == Outcome::Kind::done || outcome->kind == Outcome::Kind::answered)
    return std::string(outcome->text);
  return fail(Errc::lost, Blame::bench, cat(to_string(outcome->kind), " ", outcome->text));
}

Result<std::string> write_register(Port& port, const SafeAction& action) {
  auto client = port.modbus();
  if (!client) return tl::unexpected(client.error());
  const auto* spec = port.protocol()->register_named(action.register_name);
  const auto octets = register_octets(*spec, action.value);
  if (!octets) return tl::unexpected(octets.error());
  std::vector<std::uint16_t> words;
  for (std::size_t i = 0; i + 1 < octets->size(); i += 2)
    words.push_back(static_cast<std::uint16_t>((*octets)[i] << 8 | (*octets)[i + 1]));
  // A bed that moves must hear this: one retry, then it is an error.
  for (int attempt = 0;; ++attempt) {
    auto answer = spec->table == RegisterTable::coil
                      ? (*client)->write_coil(spec->address, action.value != 0, seconds(1))
                  : words.size() == 1
                      ? (*client)->write_register(spec->address, words.front(), seconds(1))
                      : (*client)->write_registers(spec->address, words, seconds(1));
    if (!answer) return tl::unexpected(answer.error());
    if (answer->kind == ModbusAnswer::Kind::response) return describe(*answer);
    if (attempt == 1) return fail(Errc::silent, Blame::bench, describe(*answer));
  }
}

Result<std::string> carry_out(Lane& lane, const SafeAction& action, Port& port) {
  switch (action.kind) {
    case SafeAction::Kind::disconnect:
      return answer_of(port.perform(Disconnect{}, patience));
    case SafeAction::Kind::send: {
      auto frame = port.protocol()->encode(action.message, action.fields);
      if (!frame) return tl::unexpected(frame.error());
      return answer_of(port.write(*frame, patience));
    }
    case SafeAction::Kind::write_register:
      return write_register(port, action);
    case SafeAction::Kind::prompt: {
      Prompt prompt;
      prompt.id = cat("safe/", action.device);
      prompt.purpose = "使设备处于安全状态 / make the device safe";
      prompt.steps = cat(action.prompt.zh, " / ", action.prompt.en);
      return answer_of(lane.ask(prompt));
    }
  }
  return std::string();
}

}  // namespace

std::vector<std::string> make_safe(Lane& lane, const std::vector<SafeAction>& actions,
                                   const std::vector<const RunDevice*>& devices,
                                   const std::vector<OpenEvidence>& opens,
                                   std::vector<Error>& errors) {
  std::vector<std::string> done;
  for (const auto& action : actions)
    for (const RunDevice* device : devices) {
      if (device->spec->name != action.device) continue;
      if (!device->is_operator && !opens[device->channel].facts) continue;  // never opened
      const BoundDevice bound{
          device->name, device->is_operator, device->channel, device->spec->protocol, {}, {}};
      Port port(lane, bound, never);
      const auto result = carry_out(lane, action, port);
      if (result) {
        done.push_back(cat(device->name, ": ", what(action), ": done"));
      } else {
        done.push_back(cat(device->name, ": ", what(action), ": FAILED: ", result.error().message));
        Error error = result.error();
        error.message = cat("safe action on ", device->name, " failed (", what(action),
                            "): ", error.message, "; make the device safe by hand");
        errors.push_back(std::move(error));
      }
    }
  return done;
}

}  // namespace carebench
