#include "profiles/measuring/dialogue.h"

#include <algorithm>
#include <set>

#include "probes/protocol_registers.h"
#include "profiles/measuring/named.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_acts = 1000;
constexpr std::string_view verbs[] = {"send", "expect", "read", "write", "wait", "prompt"};

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

class Reader {
 public:
  Reader(const Protocol* protocol, Problems& problems) : protocol_(protocol), problems_(problems) {}

  std::vector<Act> read(const yaml::Node& script) {
    std::vector<Act> acts;
    if (!script || script.kind() != yaml::Kind::list || script.items().empty()) {
      if (script) script.problem(problems_, "a dialogue is a list of what is done, one a line");
      return acts;
    }
    const auto items = script.items();
    if (items.size() > most_acts) {
      script.problem(problems_, cat("a dialogue has at most ", most_acts, " lines"));
      return acts;
    }
    for (const auto& item : items) {
      number_ = acts.size() + 1;
      acts.push_back(act(item));
    }
    return acts;
  }

 private:
  Act act(const yaml::Node& item) {
    if (item.kind() != yaml::Kind::map || item.entries().size() != 1) {
      item.problem(problems_, cat("one line does one thing: ",
                                  join({std::begin(verbs), std::end(verbs)}, ", ")));
      return {};
    }
    const auto [key, value] = item.entries().front();
    const std::string& verb = key.text();
    Act out;
    out.label = cat(number_, ". ", verb);
    if (verb == "send")
      send(value, out);
    else if (verb == "expect")
      expect(value, out);
    else if (verb == "read")
      read_register(value, out);
    else if (verb == "write")
      write(value, out);
    else if (verb == "wait")
      out.what = WaitAct{yaml::to_duration(value, problems_)};
    else if (verb == "prompt")
      prompt(value, out);
    else
      key.problem(problems_, cat("there is no \"", verb, "\" in a dialogue",
                                 suggestion(verb, std::span<const std::string_view>(verbs))));
    return out;
  }

  bool speaks_registers(const yaml::Node& at) {
    if (!protocol_ || !protocol_->is_register_map()) return false;
    at.problem(problems_, "the device has registers: `read` and `write` them");
    return true;
  }

  void use(const yaml::Node& at, const std::string& name) {
    if (saved_.contains(name)) return;
    const std::vector<std::string> names(saved_.begin(), saved_.end());
    at.problem(problems_,
               cat("nothing was saved as \"", name, "\" before", suggestion(name, names)));
  }

  Term term(const yaml::Node& node) {
    Term out;
    if (node.kind() != yaml::Kind::scalar) {
      node.problem(problems_, "one value is needed here");
      return out;
    }
    const std::string_view text = node.text();
    if (text.starts_with("${") && text.ends_with("}")) {
      out.saved = text.substr(2, text.size() - 3);
      use(node, out.saved);
    } else {
      out.constant = input_of(node);
    }
    return out;
  }

  std::vector<TextPart> template_of(const yaml::Node& node) {
    std::vector<TextPart> parts;
    const std::string whole = yaml::to_text(node, problems_);
    std::string_view rest = whole;
    while (!rest.empty()) {
      const std::size_t begin = std::min(rest.find("${"), rest.size());
      if (begin > 0) parts.push_back({std::string(rest.substr(0, begin)), false});
      rest.remove_prefix(begin);
      if (rest.empty()) break;
      const std::size_t end = rest.find('}');
      if (end == rest.npos) {
        node.problem(problems_, "\"${\" without \"}\"");
        break;
      }
      parts.push_back({std::string(rest.substr(2, end - 2)), true});
      use(node, parts.back().text);
      rest.remove_prefix(end + 1);
    }
    if (parts.empty()) node.problem(problems_, "an empty text says nothing");
    return parts;
  }

  Bytes octets(const yaml::Node& node) {
    const auto found = from_hex(yaml::to_text(node, problems_));
    if (found && !found->empty()) return *found;
    node.problem(problems_, "octets are written as hexadecimal digits, two an octet");
    return {};
  }

  template <class T>
  std::optional<T> take(Result<T> found, const yaml::Node& at) {
    if (found) return std::move(*found);
    at.problem(problems_, found.error().message);
    return std::nullopt;
  }

  // {equals, not, min, max, one_of, save}, read from `map`.
  Constraint constraint(yaml::MapReader& map, bool numeric) {
    Constraint out;
    if (const auto node = map.optional("equals")) out.equals.push_back(term(node));
    if (const auto node = map.optional("one_of"); node && out.equals.empty()) {
      if (node.kind() != yaml::Kind::list || node.items().empty())
        node.problem(problems_, "one_of is a list of values");
      for (const auto& item : node.items()) out.equals.push_back(term(item));
    } else if (node) {
      node.problem(problems_, "equals and one_of exclude each other");
    }
    if (const auto node = map.optional("not")) out.unequal.push_back(term(node));
    bound(map.optional("min"), numeric, out.least);
    bound(map.optional("max"), numeric, out.most);
    if (const auto node = map.optional("save")) {
      out.save = yaml::to_text(node, problems_);
      if (!is_name(out.save))
        node.problem(problems_, "a name is made of letters, digits and \"_\"");
      to_save_.push_back(out.save);
    }
    return out;
  }

  void bound(const yaml::Node& node, bool numeric, std::vector<Term>& out) {
    if (!node) return;
    out.push_back(term(node));
    if (!numeric)
      node.problem(problems_, "only numbers have a least or a greatest value");
    else if (out.back().saved.empty() && !std::holds_alternative<double>(out.back().constant))
      node.problem(problems_, "a number is needed here");
  }

  // What an act saves can be used from the next one on.
  void remember() {
    for (std::string& name : to_save_) saved_.insert(std::move(name));
    to_save_.clear();
  }

  void send(const yaml::Node& node, Act& act) {
    if (speaks_registers(node)) return;
    yaml::MapReader map(node, problems_);
    SendAct out;
    const auto message = map.optional("message"), octet = map.optional("octets"),
               text = map.optional("text"), fields = map.optional("fields");
    if (int(bool(message)) + int(bool(octet)) + int(bool(text)) != 1)
      map.problem("send one of: message, octets, text");
    if (fields && !message) fields.problem(problems_, "only a message has fields");
    if (octet) out.octets = octets(octet);
    if (text) out.text = template_of(text);
    if (message) {
      act.label += cat(" ", message.text());
      if (const auto found = take(sent_message(protocol_, message.text()), message)) {
        out.message = *found;
        if (fields) read_fields(fields, out);
        encodes(fields ? fields : message, out);
      }
    }
    act.what = std::move(out);
  }

  void read_fields(const yaml::Node& fields, SendAct& out) {
    if (fields.kind() != yaml::Kind::map)
      return fields.problem(problems_, "fields are a map of names and values");
    for (const auto& [key, value] : fields.entries())
      out.fields.emplace_back(key.text(), term(value));
  }

  // What is known now must encode; what will be saved is left out.
  void encodes(const yaml::Node& at, const SendAct& send) {
    FieldInputs inputs;
    const Framing& framing = protocol_->framing();
    for (const auto& field : send.fields) {
      if (field.second.saved.empty()) {
        inputs.insert_or_assign(field.first, field.second.constant);
        continue;
      }
      const auto is_it = [&](const FieldSpec& spec) { return spec.name == field.first; };
      const bool known = send.message->field(field.first) ||
                         std::any_of(framing.header.begin(), framing.header.end(), is_it) ||
                         framing.kind != Framing::Kind::binary;
      if (!known) take(field_of(send.message, field.first), at);
    }
    take(protocol_->encode(send.message->id, inputs), at);
  }

  void expect(const yaml::Node& node, Act& act) {
    if (speaks_registers(node)) return;
    yaml::MapReader map(node, problems_);
    const auto silence = map.optional("silence"), message = map.optional("message"),
               text = map.optional("text"), octet = map.optional("octets");
    if (silence) {
      SilenceAct out;
      out.length = yaml::to_duration(silence, problems_);
      act.label += " silence";
      if (message) {
        act.label += cat(" of ", message.text());
        if (const auto found = take(heard_message(protocol_, message.text()), message))
          out.message = *found;
      }
      act.what = out;
      return;
    }
    if (int(bool(message)) + int(bool(octet)) + int(bool(text)) != 1)
      map.problem("expect one of: message, octets, text, silence");
    const Duration within = map.duration_or("within", seconds(2));
    if (message) {
      act.label += cat(" ", message.text());
      expect_message(map, message, within, act);
      return;
    }
    ExpectOctetsAct out;
    out.within = within;
    if (octet) out.octets = octets(octet);
    if (text) out.text = template_of(text);
    act.label += text ? " a text" : " octets";
    act.what = std::move(out);
  }

  void expect_message(yaml::MapReader& map, const yaml::Node& message, Duration within, Act& act) {
    ExpectMessageAct out;
    out.within = within;
    const auto where = map.optional("where");
    if (const auto found = take(heard_message(protocol_, message.text()), message))
      out.message = *found;
    if (where && out.message) {
      if (where.kind() != yaml::Kind::map)
        where.problem(problems_, "where is a map of fields and what they are held to");
      else
        for (const auto& [key, value] : where.entries()) {
          const auto field = take(field_of(out.message, key.text()), key);
          yaml::MapReader constraints(value, problems_);
          out.where.emplace_back(field.value_or(FieldHandle{}),
                                 constraint(constraints, !field || is_number(*field->field)));
        }
      remember();
    }
    act.what = std::move(out);
  }

  int exception(yaml::MapReader& map) {
    return static_cast<int>(map.integer_or("exception", 1, 255, 0));
  }

  void read_register(const yaml::Node& node, Act& act) {
    yaml::MapReader map(node, problems_);
    ReadAct out;
    const auto name = map.required("register");
    if (name) {
      act.label += cat(" ", name.text());
      if (const auto found = take(readable_register(protocol_, name.text()), name))
        out.reg = *found;
    }
    out.within = map.duration_or("within", Duration{});
    out.timeout = map.duration_or("timeout", seconds(1));
    out.exception = exception(map);
    out.constraint = constraint(map, !out.reg || is_number(*out.reg));
    remember();
    act.what = std::move(out);
  }

  void write(const yaml::Node& node, Act& act) {
    yaml::MapReader map(node, problems_);
    WriteAct out;
    const auto name = map.required("register"), value = map.required("value");
    if (name) {
      act.label += cat(" ", name.text());
      if (const auto found = take(writable_register(protocol_, name.text()), name))
        out.reg = *found;
    }
    out.timeout = map.duration_or("timeout", seconds(1));
    out.exception = exception(map);
    if (value) {
      out.value = term(value);
      if (out.reg && out.value.saved.empty())
        take(register_octets(*out.reg, out.value.constant), value);
    }
    act.what = std::move(out);
  }

  void prompt(const yaml::Node& node, Act& act) {
    yaml::MapReader map(node, problems_);
    PromptAct out;
    out.prompt.id = map.text_or("id", cat("prompt-", number_));
    out.prompt.purpose = map.text("purpose");
    out.prompt.steps = map.text("steps");
    out.prompt.look_for = map.text_or("look_for", "");
    act.what = std::move(out);
  }

  const Protocol* protocol_;
  Problems& problems_;
  std::size_t number_ = 0;
  std::set<std::string> saved_;
  std::vector<std::string> to_save_;
};

}  // namespace

std::vector<Act> read_dialogue(const yaml::Node& script, const Protocol* protocol,
                               Problems& problems) {
  return Reader(protocol, problems).read(script);
}

}  // namespace carebench
