#include "profiles/measuring/identity.h"

#include <algorithm>

#include "probes/protocol_spec.h"
#include "profiles/measuring/identity_attribute.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/registers.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr Duration between_questions = milliseconds(200);
constexpr std::size_t longest_identifier = 512;  // of a hostile device; no identifier is that long

tl::unexpected<Error> bad_source(std::string message) {
  return fail(Errc::bad_input, Blame::profile, std::move(message));
}

std::vector<std::string> header_names(const Framing& framing) {
  if (framing.kind == Framing::Kind::line) return {"talker", "type"};
  if (framing.kind == Framing::Kind::brackets) return {"maker", "id", "index", "type"};
  std::vector<std::string> names;
  for (const FieldSpec& field : framing.header) names.push_back(field.name);
  return names;
}

Result<IdentitySource> message_source(IdentitySource source, std::string_view rest,
                                      const Protocol* protocol) {
  const auto slash = rest.find('/');
  if (slash == rest.npos || slash + 1 == rest.size())
    return bad_source(cat("source \"", source.text, "\" is written message/ID/FIELD"));
  const std::string_view id = rest.substr(0, slash), name = rest.substr(slash + 1);
  if (id != "*" || !protocol || protocol->is_register_map()) {
    const auto message = heard_message(protocol, id);
    if (!message) return tl::unexpected(message.error());
    source.message = *message;
  }
  source.name = name;
  if (const FieldSpec* field = source.message ? source.message->field(name) : nullptr) {
    source.field = {source.message, field};
    return source;
  }
  std::vector<std::string> names = header_names(protocol->framing());
  if (std::find(names.begin(), names.end(), name) != names.end()) return source;
  if (source.message)
    for (const FieldSpec& field : source.message->fields) names.push_back(field.name);
  return bad_source(cat(source.message ? cat("message ", source.message->id) : "the frame's header",
                        " has no field \"", name, "\"", suggestion(name, names)));
}

Result<IdentitySource> device_id_source(IdentitySource source, std::string_view name) {
  source.kind = IdentitySource::Kind::device_id;
  std::vector<std::string_view> names;
  for (int id = 0; id < 256; ++id) {
    const auto object = static_cast<std::uint8_t>(id);
    const std::string_view known = modbus_object_name(object);
    if (!known.empty()) names.push_back(known);
    const Bytes octet = {object};
    if (name != std::to_string(id) && name != cat("0x", to_hex(octet)) && name != known) continue;
    source.object = object;
    return source;
  }
  return bad_source(cat("\"", name, "\" is no object of a device identification: give a number or ",
                        join({names.begin(), names.end()}, ", "), suggestion(name, names)));
}

void keep(IdentityReading& reading, std::string_view text) {
  text = trim(text.substr(0, text.find('\0')));
  if (text.empty())
    reading.note = "what came is empty";
  else
    reading.value = printable(text.substr(0, longest_identifier));
}

void keep(IdentityReading& reading, const FieldValue& value) {
  switch (value.kind) {
    case FieldValue::Kind::text:
      return keep(reading, value.text);
    case FieldValue::Kind::octets:
      return keep(
          reading,
          to_hex(value.octets.first(std::min(value.octets.size(), longest_identifier / 2))));
    case FieldValue::Kind::number:
      return keep(reading, number(value.number));
    case FieldValue::Kind::special:
      reading.note = cat("the device says \"", printable(value.text), "\" instead");
      return;
    case FieldValue::Kind::absent:
      reading.note = "what came does not hold it";
      return;
  }
}

bool worth_asking_again(const ModbusAnswer& answer) {
  switch (answer.kind) {
    case ModbusAnswer::Kind::timed_out:
    case ModbusAnswer::Kind::malformed:
    case ModbusAnswer::Kind::foreign:
      return true;
    case ModbusAnswer::Kind::exception:
      return answer.exception == 5 || answer.exception == 6;  // acknowledge, busy: later
    default:
      return false;
  }
}

// Notes the answer; an error where the check cannot go on.
Result<void> note_answer(const Port& port, const ModbusAnswer& answer, IdentityReading& reading) {
  if (answer.kind == ModbusAnswer::Kind::lost) return link_lost(port, answer.problem);
  if (answer.kind == ModbusAnswer::Kind::gap) return cut_off();
  reading.evidence.extend(answer.first_seq);
  reading.evidence.extend(answer.last_seq);
  if (answer.kind != ModbusAnswer::Kind::response) reading.note = describe(answer);
  return {};
}

Result<IdentityReading> from_register(Port& port, const IdentitySource& source,
                                      const IdentityAsking& asking) {
  IdentityReading reading;
  auto client = port.modbus();
  if (!client) return tl::unexpected(client.error());
  for (int tried = 0; tried < asking.tries; ++tried) {
    const auto got = read_register(**client, *source.reg, asking.timeout);
    if (!got) return tl::unexpected(got.error());
    if (auto noted = note_answer(port, got->answer, reading); !noted)
      return tl::unexpected(noted.error());
    if (got->answer.kind == ModbusAnswer::Kind::response) {
      keep(reading, got->value);
      break;
    }
    if (!worth_asking_again(got->answer)) break;
  }
  return reading;
}

// Asks for the one object; devices that give the whole list only are asked for that.
Result<IdentityReading> from_device_id(Port& port, const IdentitySource& source,
                                       const IdentityAsking& asking) {
  constexpr int single = 4;
  const int list = source.object <= 2 ? 1 : source.object < 0x80 ? 2 : 3;
  IdentityReading reading;
  auto client = port.modbus();
  if (!client) return tl::unexpected(client.error());
  for (int level = single, tried = 0; tried < asking.tries; ++tried) {
    const auto got = (*client)->read_device_identification(
        level, level == single ? source.object : 0, asking.timeout);
    if (!got) return tl::unexpected(got.error());
    if (auto noted = note_answer(port, got->answer, reading); !noted)
      return tl::unexpected(noted.error());
    if (const auto object = got->objects.find(source.object); object != got->objects.end()) {
      reading.note.clear();
      keep(reading, object->second);
      break;
    }
    if (got->answer.kind == ModbusAnswer::Kind::response)
      reading.note =
          cat("the device identification has no object ", static_cast<int>(source.object));
    if (worth_asking_again(got->answer)) continue;
    if (level == list) break;
    level = list;
    tried = -1;
  }
  return reading;
}

bool take(const Protocol& protocol, const IdentitySource& source, const Message& message,
          IdentityReading& reading) {
  if (source.message && message.spec != source.message) return false;
  reading.evidence.extend(message.first_seq);
  reading.evidence.extend(message.last_seq);
  if (source.field) {
    keep(reading, message.value(source.field));
    return true;
  }
  const Json json = message.to_json(protocol);
  const Json& field = json[source.name];
  keep(reading, field.is_number() ? number(field.number()) : field.string());
  return true;
}

Result<void> send_all(Port& port, std::span<const Bytes> frames, SeqRange& evidence) {
  for (const Bytes& frame : frames) {
    const auto written = port.write(frame);
    if (auto sent = done_or_error(port, written); !sent) return sent;
    evidence.extend(written->seq);
  }
  return {};
}

// All but the last question prepare the device for it and get their time to take effect.
Result<void> ask(Port& port, MessageStream& stream, const IdentityAsking& asking,
                 SeqRange& evidence) {
  const std::span<const Bytes> questions = asking.questions;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (i > 0)
      if (auto waited = ignore_until(stream, port.now() + between_questions); !waited)
        return waited;
    if (auto sent = send_all(port, questions.subspan(i, 1), evidence); !sent) return sent;
  }
  return {};
}

// One try: true when there is an answer, or the device said that it has none.
Result<bool> wait_for_message(Port& port, MessageStream& stream, const IdentitySource& source,
                              Duration timeout, IdentityReading& reading) {
  const Stamp deadline = port.now() + timeout;
  do {
    const auto heard = stream.next(deadline);
    if (!heard) return tl::unexpected(heard.error());
    switch (heard->kind) {
      case MessageStream::Heard::Kind::lost:
        return link_lost(port, heard->outcome.text);
      case MessageStream::Heard::Kind::gap:
        return cut_off();
      case MessageStream::Heard::Kind::timed_out:
        reading.evidence.extend(heard->outcome.seq);
        return false;
      case MessageStream::Heard::Kind::message:
        if (take(*port.protocol(), source, heard->message, reading) && reading.value) return true;
    }
  } while (port.now() < deadline);
  return false;
}

Result<IdentityReading> from_message(Port& port, const IdentitySource& source,
                                     const IdentityAsking& asking) {
  IdentityReading reading;
  MessageStream stream(port);
  for (int tried = 0; tried < asking.tries && !reading.value; ++tried) {
    if (auto asked = ask(port, stream, asking, reading.evidence); !asked)
      return tl::unexpected(asked.error());
    const auto found = wait_for_message(port, stream, source, asking.timeout, reading);
    if (!found) return tl::unexpected(found.error());
  }
  SeqRange after;
  if (auto sent = send_all(port, asking.afterwards, after); !sent)
    return tl::unexpected(sent.error());
  if (!reading.value && reading.note.empty())
    reading.note = cat("no message ", source.message ? source.message->id : "", " within ",
                       asking.tries, " x ", to_string(asking.timeout));
  return reading;
}

IdentityReading from_facts(const Port& port, const IdentitySource& source) {
  IdentityReading reading;
  Json value = port.facts().details;
  for (const std::string_view key : split(source.name, '/')) value = Json(value[key]);
  if (value.is_number()) keep(reading, number(value.number()));
  if (value.is_string()) keep(reading, value.string());
  if (!reading.value)
    reading.note = cat("the link knows no ", source.name);
  else if (source.name.starts_with("usb/"))
    reading.note = "of the USB interface: it identifies an adapter, where there is one";
  return reading;
}

Result<IdentityReading> from_label(Context& context, const Port& port) {
  const std::string& name = port.device().name;
  Prompt prompt;
  prompt.kind = Prompt::Kind::text;
  prompt.id = cat("label/", name);
  prompt.purpose = "标识码与样品标签比较 / compare the identifier with the sample's label";
  prompt.steps =
      cat("读取 ", name, " 标签上的设备标识码并输入 / read the device identifier off the label of ",
          name, " and type it");
  prompt.look_for =
      "序列号或设备码，不是型号 / the serial number or device code of the unit, not the model";
  const auto answer = context.ask(prompt);
  if (!answer) return tl::unexpected(answer.error());
  IdentityReading reading;
  keep(reading, (*answer)["text"].string());
  if (!reading.value) reading.note = "the operator found no identifier on the label";
  return reading;
}

}  // namespace

Result<IdentitySource> identity_source(std::string_view text, const Protocol* protocol) {
  static constexpr std::string_view kinds[] = {"register", "device_id", "message",
                                               "facts",    "ble",       "operator"};
  IdentitySource source;
  source.text = printable(text);
  const auto slash = text.find('/');
  const std::string_view kind = text.substr(0, slash);
  const std::string_view rest = slash == text.npos ? "" : text.substr(slash + 1);
  if (kind == "register") {
    const auto reg = readable_register(protocol, rest);
    if (!reg) return tl::unexpected(reg.error());
    source.kind = IdentitySource::Kind::register_value;
    source.reg = *reg;
    return source;
  }
  if (kind == "device_id") return device_id_source(std::move(source), rest);
  if (kind == "message") {
    source.kind = IdentitySource::Kind::message;
    return message_source(std::move(source), rest, protocol);
  }
  if (kind == "ble") return attribute_source(std::move(source), rest);
  if (kind == "facts" && !rest.empty()) {
    source.kind = IdentitySource::Kind::facts;
    source.name = rest == "usb_serial" ? "usb/serial" : std::string(rest);
    return source;
  }
  if (text == "operator/label") return source;
  return bad_source(cat("\"", source.text, "\" is no source of an identifier",
                        suggestion(kind, kinds),
                        "; there are register/NAME, device_id/OBJECT, message/ID/FIELD, "
                        "facts/usb_serial, ble/SERVICE/CHARACTERISTIC, ble/address, ble/name and "
                        "operator/label"));
}

FieldInputs field_inputs(const yaml::Node& map) {
  FieldInputs inputs;
  if (!map || map.kind() != yaml::Kind::map) return inputs;
  for (const auto& [key, value] : map.entries()) {
    const auto parsed = value.quoted() ? std::nullopt : parse_double(value.text());
    inputs[key.text()] = parsed ? FieldInput(*parsed) : FieldInput(value.text());
  }
  return inputs;
}

Result<IdentityAsking> identity_asking(const Params& with, const Protocol* protocol) {
  IdentityAsking asking;
  asking.timeout = with.duration("timeout");
  asking.tries = static_cast<int>(with.integer("tries"));
  const auto encode = [&](std::string_view param, std::vector<Bytes>& frames) -> Result<void> {
    const auto& ids = with.texts(param);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto message = sent_message(protocol, ids[i]);
      if (!message) return tl::unexpected(message.error());
      const bool has_fields = param == "ask" && i + 1 == ids.size();
      auto frame = protocol->encode(
          (*message)->id, has_fields ? field_inputs(with.tree("ask_fields")) : FieldInputs{});
      if (!frame) return tl::unexpected(frame.error());
      frames.push_back(std::move(*frame));
    }
    return {};
  };
  if (auto done = encode("ask", asking.questions); !done) return tl::unexpected(done.error());
  if (auto done = encode("afterwards", asking.afterwards); !done)
    return tl::unexpected(done.error());
  return asking;
}

void lint_identity(const StepView& step, std::span<const std::string> sources,
                   std::string_view param, Problems& problems) {
  const Protocol* protocol = step.protocol("test");
  if (!step.with.has(param)) return;  // a missing one was reported already
  for (const std::string& source : sources)
    linted(step, param, identity_source(source, protocol), problems);
  linted(step, "ask", identity_asking(step.with, protocol), problems);
  if (step.with.has("ask_fields") && !step.with.has("ask"))
    step.with.problem("ask_fields", step.at, "fields of what? name the message with `ask:`",
                      problems);
}

Result<IdentityReading> read_identity(Context& context, Port& port, const IdentitySource& source,
                                      const IdentityAsking& asking) {
  switch (source.kind) {
    case IdentitySource::Kind::register_value:
      return from_register(port, source, asking);
    case IdentitySource::Kind::device_id:
      return from_device_id(port, source, asking);
    case IdentitySource::Kind::message:
      return from_message(port, source, asking);
    case IdentitySource::Kind::facts:
      return from_facts(port, source);
    case IdentitySource::Kind::attribute:
      return from_attribute(port, source, asking);
    case IdentitySource::Kind::label:
      break;
  }
  return from_label(context, port);
}

bool same_identifier(std::string_view a, std::string_view b) {
  const auto core = [](std::string_view text) {
    std::string out;
    for (const char c : lower(text))
      if (std::string_view(" \t-:._/").find(c) == std::string_view::npos) out += c;
    return out;
  };
  return core(a) == core(b);
}

}  // namespace carebench
