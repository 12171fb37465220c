#include <cstdio>
#include <optional>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/inspect_gatt.h"
#include "cli/interrupt.h"
#include "probes/protocol_registers.h"
#include "probes/protocol_spec.h"
#include "profiles/run/inputs.h"
#include "profiles/run/quick_look.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "address", "ADDRESS", "device, as devices prints it", true},
    {Kind::value, "-p,--protocol", "NAME", "protocol or register map: shipped name or file"},
    {Kind::value, "--listen", "DURATION", "how long to listen to what it sends (default 3 s)"},
    {Kind::flag, "--json", "", "print JSON"},
};

constexpr std::size_t most_shown = 96;

struct Heard {
  Bytes octets;
  Stamp began, ended;
};

// Bounded in time and, against a babbling device, in octets.
Result<Heard> listen(Port& port, Duration how_long) {
  constexpr std::size_t most = 4u * 1024 * 1024;
  Heard heard;
  heard.began = port.now();
  const Stamp until = port.now() + how_long;
  while (port.now() < until && heard.octets.size() < most) {
    auto outcome = port.next(until);
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->kind == Outcome::Kind::lost)
      return fail(Errc::lost, Blame::bench,
                  cat("the device went away: ", outcome->text, "; plug it in again"));
    if (outcome->kind != Outcome::Kind::frame) break;
    heard.octets.insert(heard.octets.end(), outcome->octets.begin(), outcome->octets.end());
  }
  heard.ended = port.now();
  return heard;
}

// How much of what was heard each shipped protocol explains.
Json explained(const Heard& heard) {
  Json list = Json::array();
  for (const auto& name : shipped_names("protocol")) {
    auto protocol = Protocol::load(name);
    if (!protocol || (*protocol)->is_register_map()) continue;
    FrameReader reader(**protocol);
    reader.feed(heard.octets, {}, 1);
    for (Message message; reader.next(message);) {
    }
    const auto& counts = reader.counts();
    if (counts.frames == 0) continue;
    list.push(Json::object()
                  .set("protocol", name)
                  .set("frames", counts.frames)
                  .set("unknown_frames", counts.unknown)
                  .set("checksum_errors", counts.checksum_errors)
                  .set("explained_share",
                       round_significant(1.0 - static_cast<double>(counts.dropped_octets) /
                                                   static_cast<double>(counts.octets),
                                         4)));
  }
  return list;
}

Error silent(const std::string& address, std::string_view how) {
  return {Errc::silent, Blame::bench, cat(address, ": ", how), {}, {}};
}

// No device has to know 43/14, but each answers a read, if only with an exception.
Result<Json> identification(ModbusClient& client, const std::string& address) {
  auto identity = client.read_device_identification(1, 0, seconds(1));
  if (!identity) return tl::unexpected(identity.error());
  if (identity->answer.kind == ModbusAnswer::Kind::timed_out) {
    const auto knock = client.read_holding_registers(0, 1, seconds(1));
    if (!knock) return tl::unexpected(knock.error());
    if (knock->kind == ModbusAnswer::Kind::timed_out)
      return tl::unexpected(silent(
          address, "no answer: check supply and wiring, then unit, baud and mode in the address"));
  }
  Json json = Json::object();
  for (const auto& [id, text] : identity->objects) {
    const auto name = modbus_object_name(id);
    json.set(name.empty() ? cat("object ", id) : std::string(name), printable(text));
  }
  if (identity->objects.empty()) json.set("none", describe(identity->answer));
  return json;
}

Result<Json> registers(ModbusClient& client, const Protocol& map) {
  Json json = Json::object();
  for (const auto& spec : map.registers()) {
    if (!spec.readable) continue;
    auto answer = spec.table == RegisterTable::coil
                      ? client.read_coils(spec.address, spec.count, seconds(1))
                  : spec.table == RegisterTable::discrete_input
                      ? client.read_discrete_inputs(spec.address, spec.count, seconds(1))
                  : spec.table == RegisterTable::input_register
                      ? client.read_input_registers(spec.address, spec.count, seconds(1))
                      : client.read_holding_registers(spec.address, spec.count, seconds(1));
    if (!answer) return tl::unexpected(answer.error());
    if (answer->kind == ModbusAnswer::Kind::response)
      json.set(spec.name, register_json(spec, ByteView(answer->pdu).subspan(2)));
    else
      json.set(spec.name, describe(*answer));
  }
  return json;
}

struct Look {
  Json json;
  std::optional<Error> silent;  // what there is to say about a device that said nothing
};

Result<Look> look(const Arguments& arguments, std::stop_token stop) {
  std::shared_ptr<const Protocol> protocol;
  if (const auto& name = arguments.value("protocol"); !name.empty()) {
    auto loaded = Protocol::load(name);
    if (!loaded) return tl::unexpected(loaded.error());
    protocol = *loaded;
  }
  Duration how_long = seconds(3);
  if (const auto& text = arguments.value("listen"); !text.empty()) {
    const auto parsed = parse_duration(text);
    if (!parsed)
      return fail(Errc::usage, Blame::profile, cat("--listen ", text, ": write it as \"3 s\""));
    how_long = *parsed;
  }
  const auto& address = arguments.value("address");
  auto opened = QuickLook::open(address, protocol, std::move(stop));
  if (!opened) return tl::unexpected(opened.error());
  Port& port = (*opened)->port();
  Json json = Json::object().set("facts", to_json(port.facts()));
  if (is_gatt(port.facts())) {
    auto seen = inspect_gatt(port);
    if (!seen) return tl::unexpected(seen.error());
    for (const auto& [key, value] : seen->members()) json.set(key, value);
    return Look{std::move(json), {}};
  }
  if (port.facts().details["modbus"].is_object()) {
    auto client = port.modbus();
    if (!client) return tl::unexpected(client.error());
    auto identity = identification(**client, address);
    if (!identity) return tl::unexpected(identity.error());
    json.set("device_identification", std::move(*identity));
    if (!protocol || !protocol->is_register_map()) return Look{std::move(json), {}};
    auto values = registers(**client, *protocol);
    if (!values) return tl::unexpected(values.error());
    return Look{json.set("registers", std::move(*values)), {}};
  }
  auto heard = listen(port, how_long);
  if (!heard) return tl::unexpected(heard.error());
  json.set(
      "heard",
      Json::object()
          .set("octets", heard->octets.size())
          .set("seconds", round_significant((heard->ended - heard->began).seconds(), 4))
          .set("first",
               to_spaced_hex(
                   ByteView(heard->octets).first(std::min(most_shown, heard->octets.size())))));
  json.set("explained_by", explained(*heard));
  std::optional<Error> nothing;
  if (heard->octets.empty())
    nothing = silent(address, cat("nothing came in ", to_string(how_long),
                                  ": it may speak only when asked, as a profile does; else check "
                                  "supply and wiring, then baud and mode in the address"));
  if (!protocol) return Look{std::move(json), std::move(nothing)};
  Json messages = Json::object();
  FrameReader reader(*protocol);
  reader.feed(heard->octets, {}, 1);
  for (Message message; reader.next(message);)
    messages.set(message.id().empty() ? "unknown" : message.id(), message.to_json(*protocol));
  return Look{json.set("last_of_each_message", std::move(messages)), std::move(nothing)};
}

int inspect_command(const Arguments& arguments) {
  Interrupt interrupt;
  auto seen = look(arguments, interrupt.token());
  if (!seen) return report_error(seen.error());
  std::printf("%s\n", seen->json.dump(arguments.flag("json") ? 0 : 2).c_str());
  return seen->silent ? report_error(*seen->silent) : 0;
}

}  // namespace

extern const Command inspect;
const Command inspect{"inspect", "identity, services, registers and traffic of one device", args,
                      "Examples:\n  carebench inspect serial:/dev/ttyUSB0?baud=115200\n"
                      "  carebench inspect modbus:/dev/ttyUSB0?unit=1 -p nursing-bed\n"
                      "  carebench inspect ble:AA:BB:CC:DD:EE:FF",
                      inspect_command};

}  // namespace carebench::commands
