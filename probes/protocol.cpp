#include "probes/protocol.h"

#include <algorithm>
#include <array>

#include "probes/frame_scan.h"
#include "probes/gatt/event.h"
#include "probes/protocol_parse.h"
#include "probes/protocol_spec.h"
#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::array<std::string_view, 4> foundations = {"adopted", "published", "documented",
                                                         "undocumented"};
constexpr std::string_view folder = "probes/protocols/";

std::string shipped_path(std::string_view name) { return cat(folder, name, ".yaml"); }

std::vector<std::string> shipped_names() {
  std::vector<std::string> names;
  for (const ShippedFile& file : shipped_files(folder)) {
    std::string_view stem = file.path.substr(folder.size());
    stem.remove_suffix(std::string_view(".yaml").size());
    names.emplace_back(stem);
  }
  return names;
}

bool is_path(std::string_view text) {
  return text.find('/') != text.npos || text.ends_with(".yaml");
}

// One use for each attribute, in the order of the file.
std::vector<GattUse> heard_on(const Framing& framing, const std::vector<MessageSpec>& messages) {
  std::vector<GattUse> uses;
  if (framing.pipe) uses.push_back({framing.pipe->notify, false, false});
  for (const MessageSpec& message : messages) {
    if (!message.gatt || message.gatt->method == GattMethod::read ||
        message.gatt->method == GattMethod::write)
      continue;
    const GattBinding& binding = *message.gatt;
    const auto same = std::ranges::find_if(uses, [&](const GattUse& use) {
      return use.attribute.text() == binding.attribute.text() &&
             use.advertised == binding.advertised();
    });
    if (same == uses.end())
      uses.push_back({binding.attribute, binding.advertised(), binding.optional});
    else
      same->optional = same->optional && binding.optional;
  }
  return uses;
}

bool is_mode(std::string_view mode) {
  return mode.size() == 3 && mode[0] >= '5' && mode[0] <= '8' &&
         std::string_view("NEOMS").find(mode[1]) != std::string_view::npos &&
         (mode[2] == '1' || mode[2] == '2');
}

}  // namespace

std::string_view to_string(GattMethod method) {
  constexpr std::array<std::string_view, 6> names = {"notify", "indicate",     "read",
                                                     "write",  "service_data", "manufacturer_data"};
  return names[static_cast<std::size_t>(method)];
}

std::string_view to_string(Foundation f) { return foundations[static_cast<std::size_t>(f)]; }

struct Protocol::Data {
  bool register_map = false;
  Framing framing;
  std::vector<MessageSpec> messages;
  std::vector<RegisterSpec> registers;
};

Protocol::Protocol() : data_(std::make_unique<Data>()) {}
Protocol::~Protocol() = default;

Result<std::shared_ptr<const Protocol>> Protocol::parse(const yaml::Document& document) {
  Problems problems;
  std::shared_ptr<Protocol> protocol(new Protocol);
  Data& data = *protocol->data_;
  {
    yaml::MapReader reader(document.root(), problems);
    protocol->name = reader.text("protocol");
    protocol->version = reader.text("version");
    protocol->title = reader.text2("title");
    protocol->founded = static_cast<Foundation>(reader.choice("founded", foundations));
    protocol->source = reader.text("source");
    if (const yaml::Node line = reader.optional("line")) {
      yaml::MapReader one(line, problems);
      protocol->baud = static_cast<int>(one.integer_or("baud", 50, 4'000'000, 0));
      protocol->mode = one.text_or("mode", "");
      if (!protocol->mode.empty() && !is_mode(protocol->mode))
        one.optional("mode").problem(problems, "the mode of a line is written like 8N1 or 7E2");
    }
    const yaml::Node pipe = reader.optional("gatt");
    data.register_map = reader.has("registers");
    if (data.register_map) {
      data.registers = protocol_parse::registers(reader.list("registers"), problems);
      if (data.registers.empty()) reader.problem("a register map needs registers");
    } else if (const yaml::Node framing = reader.required("framing")) {
      const std::size_t before = problems.list().size();
      protocol_parse::framing(framing, data.framing, problems);
      if (pipe) data.framing.pipe = protocol_parse::pipe(pipe, problems);
      if (pipe && data.framing.kind == Framing::Kind::gatt)
        pipe.problem(problems, "these messages name their attributes themselves: no `gatt`");
      // What stands in a frame has no meaning while frames are not understood.
      const auto nodes = reader.list("messages");
      if (problems.list().size() == before)
        data.messages = protocol_parse::messages(nodes, data.framing, problems);
    } else {
      reader.optional("messages");
    }
  }
  if (!problems.empty()) return tl::unexpected<Error>(problems.as_error());
  index_messages(data.framing, data.messages);
  protocol->gatt = heard_on(data.framing, data.messages);
  return protocol;
}

Result<std::shared_ptr<const Protocol>> Protocol::load(std::string_view name_or_path) {
  if (is_path(name_or_path)) {
    const auto document = yaml::Document::read(std::string(name_or_path));
    if (!document) return tl::unexpected<Error>(document.error());
    return parse(**document);
  }
  const auto file = shipped_file(shipped_path(name_or_path));
  if (!file)
    return fail(Errc::bad_input, Blame::profile,
                cat("there is no protocol \"", printable(name_or_path), '"',
                    suggestion(name_or_path, shipped_names()),
                    " (a file is named by a path with \"/\" or ending in .yaml)"));
  const auto document = yaml::Document::parse(std::string(file->path), std::string(file->text));
  if (!document) return tl::unexpected<Error>(document.error());
  return parse(**document);
}

bool Protocol::is_register_map() const { return data_->register_map; }
bool Protocol::is_gatt() const {
  return data_->framing.kind == Framing::Kind::gatt || data_->framing.pipe;
}

std::optional<GattTarget> Protocol::gatt_target(ByteView frame) const {
  if (const auto& pipe = framing().pipe) return GattTarget{pipe->write, pipe->with_response, frame};
  GattEvent event;
  if (framing().kind != Framing::Kind::gatt || !GattEvent::parse(frame, event)) return {};
  for (const MessageSpec& one : messages())
    if (one.gatt->method == GattMethod::write && one.gatt->attribute.characteristic == event.uuid)
      return GattTarget{one.gatt->attribute, one.gatt->with_response, event.value};
  return {};
}

const std::vector<MessageSpec>& Protocol::messages() const { return data_->messages; }
const std::vector<RegisterSpec>& Protocol::registers() const { return data_->registers; }
const Framing& Protocol::framing() const { return data_->framing; }

const MessageSpec* Protocol::message(std::string_view id) const {
  for (const MessageSpec& one : data_->messages)
    if (one.id == id) return &one;
  return nullptr;
}

const RegisterSpec* Protocol::register_named(std::string_view wanted) const {
  for (const RegisterSpec& one : data_->registers)
    if (one.name == wanted) return &one;
  return nullptr;
}

FieldHandle Protocol::field(std::string_view wanted) const {
  if (const std::size_t dot = wanted.find('.'); dot != wanted.npos) {
    const MessageSpec* spec = message(wanted.substr(0, dot));
    const FieldSpec* found = spec ? spec->field(wanted.substr(dot + 1)) : nullptr;
    return found ? FieldHandle{spec, found} : FieldHandle{};
  }
  FieldHandle handle;
  for (const MessageSpec& one : data_->messages) {
    const FieldSpec* found = one.field(wanted);
    if (found && handle) return {};
    if (found) handle = {&one, found};
  }
  return handle;
}

std::vector<std::string> Protocol::field_names() const {
  std::vector<std::string> names;
  for (const MessageSpec& one : data_->messages)
    for (const FieldSpec& spec : one.fields) names.push_back(cat(one.id, ".", spec.name));
  return names;
}

}  // namespace carebench
