#include "probes/sim/gatt_host.h"

#include "probes/gatt/refusal.h"
#include "probes/gatt/status.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

using Kind = Outcome::Kind;
using Performed = Link::Performed;
using Step = GattPairingPeer::Step;

constexpr std::string_view failed_text =
    "org.bluez.Error.AuthenticationFailed: Authentication Failed";

Performed refused(std::uint8_t att) { return {Kind::refused, refusal_text(att)}; }

bool is_about_security(std::uint8_t att) {
  return att == att_error::insufficient_authentication || att == att_error::insufficient_encryption;
}

Json state(std::string_view name, const std::string& passkey = {}) {
  Json json = Json::object().set("state", name);
  return json.set_if("passkey", passkey);
}

}  // namespace

Result<Performed> GattHost::perform(const Op& op, Stamp now) {
  const auto linked = [&](auto work) -> Result<Performed> {
    if (!engine_.connected() || engine_.unplugged())
      return Performed{Kind::lost, "the device is not connected: connect first"};
    return work();
  };
  switch (kind_of(op)) {
    case OpKind::connect:
      return connect(now);
    case OpKind::disconnect:
      return disconnect(now);
    case OpKind::status:
      return status(now);
    case OpKind::scan:
      engine_.scan(now, std::get<Scan>(op).on);
      return Performed{};
    case OpKind::unpair:
      bond_ = 0;
      if (engine_.connected()) engine_.disconnect(now);
      return Performed{};
    case OpKind::discover:
      return linked([&] {
        return Performed{Kind::done, to_json(engine_.gatt()->database()).dump()};
      });
    case OpKind::pair:
      return linked([&] { return pair(std::get<Pair>(op).capability, now); });
    case OpKind::pair_reply:
      return linked([&]() -> Result<Performed> {
        if (!engine_.gatt()->pairing().in_dialogue())
          return fail(Errc::not_ready, Blame::profile,
                      "no pairing is under way that this could answer");
        const auto& reply = std::get<PairReply>(op);
        return stands(engine_.pair_reply(now, reply.accept, reply.passkey), now);
      });
    case OpKind::read_value:
      return linked([&] { return attribute(std::get<ReadValue>(op).attribute, op, now); });
    case OpKind::write_value:
      return linked([&] { return attribute(std::get<WriteValue>(op).attribute, op, now); });
    case OpKind::subscribe:
      return linked([&] { return attribute(std::get<Subscribe>(op).attribute, op, now); });
    default:
      return Performed{Kind::refused, "a GATT device has no such operation"};
  }
}

Performed GattHost::connect(Stamp now) {
  if (engine_.connected() && !engine_.unplugged()) return {Kind::done, "was connected"};
  engine_.connect(now);
  if (!engine_.connected() || engine_.unplugged())
    return {Kind::timed_out,
            "org.bluez.Error.Failed: le-connection-abort-by-local; it does not answer"};
  // A device may ask for security at once, and bluetoothd complies.
  const bool secured =
      bond_ != 0 ? engine_.encrypt(now, bond_)
                 : !secures_ || !engine_.gatt()->spec().pairing.asks || raise_security(now);
  if (secured) return {};
  engine_.disconnect(now);
  return {Kind::lost,
          "the link dropped while its services were resolved; the device may have lost its bond: "
          "unpair, and pair again"};
}

Performed GattHost::disconnect(Stamp now) {
  if (!engine_.connected()) return {Kind::done, "was not connected"};
  engine_.disconnect(now);
  return {};
}

Performed GattHost::status(Stamp now) const {
  const GattDevice& device = *engine_.gatt();
  GattStatus status;
  status.connected = status.services_resolved = engine_.connected() && !engine_.unplugged();
  const GattSecurity& security = device.pairing().security();
  status.bonded = bond_ != 0;
  status.paired = status.bonded || security.level > 1;
  status.mtu = status.connected ? device.spec().mtu : 0;
  status.address = device.address(now);
  status.address_type = device.address_type();
  status.name = status.alias = device.name(now);
  status.uuids = device.spec().advertising.uuids;
  status.rssi = device.rssi(now);
  if (status.connected) status.security = security;
  return {Kind::done, to_json(status).dump()};
}

Performed GattHost::pair(const std::string& capability, Stamp now) {
  // As a link does that knows bluetoothd 5.66, which would try it over BR/EDR and fail.
  if (bond_ != 0 || engine_.gatt()->pairing().security().level > 1)
    return {Kind::done, state("paired").dump()};
  return stands(engine_.pair(now, capability), now);
}

Performed GattHost::stands(const Step& step, Stamp now) {
  switch (step.kind) {
    case Step::Kind::paired:
      bond_ = engine_.gatt()->pairing().bond();
      return {Kind::done, state("paired").dump()};
    case Step::Kind::wants_passkey:
      return {Kind::done, state("wants_passkey").dump()};
    case Step::Kind::shows_passkey:
      return {Kind::done, state("shows_passkey", step.passkey).dump()};
    case Step::Kind::compare:
      return {Kind::done, state("compare", step.passkey).dump()};
    case Step::Kind::failed:
      break;
  }
  engine_.drop(now, "the link dropped after pairing failed");
  return {Kind::refused, std::string(failed_text)};
}

// bluetoothd pairs on its own when an attribute wants it; without an agent that is Just Works.
bool GattHost::raise_security(Stamp now) {
  if (engine_.gatt()->pairing().security().level > 1 || bond_ != 0) return false;
  const Step step = engine_.pair(now, "NoInputNoOutput");
  if (step.kind != Step::Kind::paired) return false;
  bond_ = engine_.gatt()->pairing().bond();
  return true;
}

Result<Performed> GattHost::attribute(const std::string& path, const Op& op, Stamp now) {
  const auto parsed = AttributePath::parse(path);
  if (!parsed) return tl::unexpected(parsed.error());
  const GattDatabase::Found found = engine_.gatt()->database().find(*parsed);
  if (!found)
    return Performed{Kind::refused, cat(refusal_text(att_error::attribute_not_found),
                                        "; the device has no ", parsed->text())};
  const std::uint16_t handle = found.handle();
  const auto* write = std::get_if<WriteValue>(&op);
  const auto* subscribe = std::get_if<Subscribe>(&op);
  const bool command = write && write->mode == WriteValue::Mode::command;
  // What bluetoothd itself refuses to send.
  const unsigned wanted = command     ? gatt_flag::write_without_response
                          : write     ? gatt_flag::write
                          : subscribe ? gatt_flag::notify | gatt_flag::indicate
                                      : 0;
  if (wanted && !found.descriptor && !(found.characteristic->properties & wanted))
    return refused(att_error::request_not_supported);
  const auto ask = [&] {
    if (write) return engine_.write_attribute(now, handle, write->octets);
    if (subscribe)
      return engine_.subscribe_attribute(now, handle, subscribe->mode != Subscribe::Mode::off);
    return engine_.read_attribute(now, handle);
  };
  if (command) return (void)ask(), Performed{};  // nobody answers a command
  GattAnswer answer = ask();
  if (is_about_security(answer.att) && engine_.device().behaviour.gatt.hangs_up) {
    engine_.drop(now, "the device ended the link");
    return Performed{Kind::lost, "the link is down"};
  }
  if (secures_ && !answer.silent && is_about_security(answer.att)) {
    if (raise_security(now)) answer = ask();
    if (is_about_security(answer.att) && engine_.gatt()->pairing().security().level < 3) {
      engine_.drop(now, "the link dropped: the device wants security that the bench has not");
      return refused(att_error::unlikely);
    }
  }
  Performed performed = answered(answer);
  if (subscribe && performed.kind == Kind::done)
    performed.text = found.characteristic->has(gatt_flag::notify) ? "notify" : "indicate";
  return performed;
}

Performed GattHost::answered(const GattAnswer& answer) const {
  if (answer.silent) return {Kind::timed_out, "no answer: the device or its radio is silent"};
  if (answer.att) return refused(answer.att);
  return {Kind::done, "", answer.value};
}

}  // namespace carebench::sim
