// Does the device send personal data in the clear? Citizen numbers, mobile numbers and texts known
// beforehand (the test user's name) are looked for in everything it says: in the raw octets
// whatever frames they stand in, in what each message carries when it is joined over frames, and in
// the registers of a Modbus device. Relates to ETSI EN 303 645 5.8-1 and 5.8-2 (confidentiality of
// personal data in transit). What was found stands in the record masked; the evidence holds it.
#include <array>
#include <map>

#include "probes/protocol_spec.h"
#include "profiles/measuring/identity.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/personal_data.h"
#include "profiles/measuring/registers.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};

constexpr ParamSpec params[] = {
    {"duration", ParamKind::duration, false, "30 s", "how long to listen"},
    {"ask", ParamKind::texts, false, "", "messages to send in turn while listening"},
    {"ask_every", ParamKind::duration, false, "1 s", "time between two of them"},
    {"registers", ParamKind::texts, false, "",
     "of a register map: the ones to read; else all that can be read"},
    {"timeout", ParamKind::duration, false, "1 s", "how long to wait for a register"},
    {"known", ParamKind::texts, false, "",
     "texts that must not appear, such as the test user's name; looked for in UTF-8 and UTF-16"},
    {"known_hex", ParamKind::texts, false, "",
     "the same as octets in hexadecimal, for GB 18030 and other encodings"},
    {"exclude", ParamKind::texts, false, "",
     "identifiers that may be sent: digits inside them are no telephone number; the job's serial "
     "and label are left out anyway"},
};

constexpr Output outputs[] = {
    {"resident_id_found", OutputKind::truth, "",
     "a citizen number: 18 characters, region, date and ISO/IEC 7064 MOD 11-2 check", false},
    {"telephone_found", OutputKind::truth, "",
     "a mainland mobile number: 11 digits from 13 to 19, no digit before or after", false},
    {"known_text_found", OutputKind::truth, "", "one of the known texts", false},
    {"octets_scanned",
     OutputKind::number,
     "1",
     "octets that came; without any, nothing is said about the others",
     {}},
};

constexpr std::size_t shortest_known = 4;  // octets; less appears by chance

void lint(const StepView& step, Problems& problems) {
  const Params& with = step.with;
  for (const std::string& id : with.texts("ask"))
    linted(step, "ask", sent_message(step.protocol("test"), id), problems);
  for (const std::string& name : with.texts("registers"))
    linted(step, "registers", readable_register(step.protocol("test"), name), problems);
  if (with.has("ask") && with.duration("ask_every") < milliseconds(10))
    with.problem("ask_every", step.at, "ask_every must be 10 ms or more", problems);
  for (const std::string& text : with.texts("known"))
    if (text.size() < shortest_known)
      with.problem("known", step.at,
                   cat("\"", text, "\" is too short to be told from chance: 4 octets at least"),
                   problems);
  for (const std::string& text : with.texts("known_hex"))
    if (const auto octets = from_hex(text); !octets || octets->size() < shortest_known)
      with.problem("known_hex", step.at,
                   cat("\"", text, "\" is no hexadecimal text of 4 octets at least"), problems);
}

class Scan {
 public:
  Scan(Context& context, Port& port) : context_(context), port_(port), raw_(setup()) {}

  Result<void> listen() {
    const Protocol* protocol = port_.protocol();
    std::optional<MessageStream> stream;
    if (protocol && !protocol->is_register_map()) stream.emplace(port_);
    const auto& questions = context_.with().texts("ask");
    const Stamp begin = port_.now(), end = begin + context_.with().duration("duration");
    Progress progress(context_, begin, end - begin);
    Stamp due = begin;
    for (std::size_t turn = 0; port_.now() < end;) {
      if (!questions.empty() && port_.now() >= due) {
        if (auto asked = ask(questions[turn++ % questions.size()]); !asked) return asked;
        due = port_.now() + context_.with().duration("ask_every");
      }
      const auto outcome = port_.next(questions.empty() ? end : std::min(end, due));
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::lost) return link_lost(port_, outcome->text);
      if (outcome->kind == Outcome::Kind::gap) return cut_off();
      if (outcome->kind != Outcome::Kind::frame) continue;
      heard(raw_, outcome->octets, outcome->seq);
      progress.at(outcome->stamp);
      if (!stream) continue;
      stream->feed(*outcome);
      for (Message message; stream->take(message);) take(message);
    }
    return {};
  }

  // Both octet orders, because a register map does not say how a text stands in unnamed registers.
  Result<void> read_registers() {
    auto client = port_.modbus();
    if (!client) return tl::unexpected(client.error());
    PersonalDataScanner swapped(setup());
    for (const RegisterSpec* reg : wanted()) {
      const auto reading = read_register(**client, *reg, context_.with().duration("timeout"));
      if (!reading) return tl::unexpected(reading.error());
      const ModbusAnswer& answer = reading->answer;
      if (answer.kind == ModbusAnswer::Kind::lost) return link_lost(port_, answer.problem);
      if (answer.kind == ModbusAnswer::Kind::gap) return cut_off();
      if (reading->octets.empty()) continue;
      heard(raw_, reading->octets, answer.last_seq);
      Bytes turned = reading->octets;
      for (std::size_t i = 0; i + 1 < turned.size(); i += 2) std::swap(turned[i], turned[i + 1]);
      swapped.feed(turned, answer.last_seq);
    }
    swapped.finish();
    collect(swapped);
    return {};
  }

  void emit() {
    raw_.finish();
    collect(raw_);
    for (auto& [spec, scanner] : joined_) {
      scanner.finish();
      collect(scanner);
    }
    const auto octets = static_cast<double>(raw_.octets());
    context_.number("octets_scanned", octets, 0, 0, all_);
    if (raw_.octets() == 0) return context_.note("the device said nothing: nothing was searched");
    say("resident_id_found", PersonalData::resident_id);
    say("telephone_found", PersonalData::telephone);
    if (context_.with().has("known") || context_.with().has("known_hex"))
      say("known_text_found", PersonalData::known_text);
  }

 private:
  PersonalDataScanner::Setup setup() const {
    PersonalDataScanner::Setup setup;
    const Params& with = context_.with();
    setup.known = with.texts("known");
    for (const std::string& text : with.texts("known_hex"))
      if (auto octets = from_hex(text)) setup.known_octets.push_back(std::move(*octets));
    setup.excluded = with.texts("exclude");
    setup.excluded.push_back(port_.device().serial);
    setup.excluded.push_back(port_.device().label);
    return setup;
  }

  std::vector<const RegisterSpec*> wanted() const {
    std::vector<const RegisterSpec*> list;
    const auto& names = context_.with().texts("registers");
    for (const RegisterSpec& reg : port_.protocol()->registers())
      if (reg.readable &&
          (names.empty() || std::find(names.begin(), names.end(), reg.name) != names.end()))
        list.push_back(&reg);
    return list;
  }

  Result<void> ask(const std::string& id) {
    const auto frame = port_.protocol()->encode(id, {});
    if (!frame) return tl::unexpected(frame.error());
    return done_or_error(port_, port_.write(*frame));
  }

  void heard(PersonalDataScanner& scanner, ByteView octets, std::uint64_t seq) {
    scanner.feed(octets, seq);
    all_.extend(seq);
  }

  void take(const Message& message) {
    if (!message.spec) return;
    const auto [entry, fresh] = joined_.try_emplace(message.spec, setup());
    entry->second.feed(message.data, message.last_seq);
  }

  void collect(const PersonalDataScanner& scanner) {
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const PersonalDataFound& found = scanner.found(static_cast<PersonalData>(i));
      if (found.count == 0) continue;
      widen(found_[i].evidence, found.evidence);
      found_[i].count = std::max(found_[i].count, found.count);
      for (const std::string& text : found.shown)
        if (std::find(found_[i].shown.begin(), found_[i].shown.end(), text) ==
            found_[i].shown.end())
          found_[i].shown.push_back(text);
    }
  }

  void say(std::string_view output, PersonalData kind) {
    const PersonalDataFound& found = found_[static_cast<std::size_t>(kind)];
    context_.truth(output, found.count > 0, found.count > 0 ? found.evidence : all_,
                   found.count > 0 ? cat(join(found.shown, ", "), ", seen ", found.count,
                                         found.count == 1 ? " time" : " times")
                                   : "");
  }

  Context& context_;
  Port& port_;
  PersonalDataScanner raw_;
  // By message, so that a text cut over several frames is whole again; ordered as the protocol is.
  std::map<const MessageSpec*, PersonalDataScanner> joined_;
  std::array<PersonalDataFound, 3> found_;
  SeqRange all_;
};

Result<void> run(Context& context) {
  Port& port = context.port("test");
  Scan scan(context, port);
  const bool registers = port.protocol() && port.protocol()->is_register_map();
  if (auto done = registers ? scan.read_registers() : scan.listen(); !done) return done;
  scan.emit();
  return {};
}

}  // namespace

extern const Check security_plaintext;
const Check security_plaintext{
    .id = "security/plaintext",
    .revision = 1,
    .summary = "no citizen number, telephone number or known name goes over the line in the clear",
    .roles = roles,
    .needs = {},
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
