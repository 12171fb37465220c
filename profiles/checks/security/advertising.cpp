// What does a Bluetooth device tell to everybody (SEC-BLE-01, -02)? The bench listens without
// connecting: identifiers of the unit, known texts, citizen and telephone numbers in the clear,
// measured values in service and manufacturer data, and what kind of address it uses and whether
// that changes. Relates to EN 303 645 5.8 and clause 6.
//
// A link to a real device hears one address; of a private one that changes it hears no more. A tap
// on the HCI (role `monitor`) hears all, and takes those with the device's name for the device's.
// What could not be heard is noted, and the values that depend on it are missing. What a name means
// to people is for them to see: it stands in the record.
#include "probes/gatt/advertising.h"

#include <algorithm>
#include <optional>
#include <set>

#include "probes/gatt/characteristic.h"
#include "probes/hci/monitor.h"
#include "probes/protocol_spec.h"
#include "profiles/measuring/address_watch.h"
#include "profiles/measuring/gatt_session.h"
#include "profiles/measuring/personal_data.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "device under test"},
    {"monitor", false, false, "a tap on the HCI (hci:hci0), which hears every address"},
};
constexpr OpKind needs[] = {OpKind::scan};

constexpr ParamSpec params[] = {
    {"duration", ParamKind::duration, false, "30 s",
     "how long to listen; 20 min or more where a changing address is to be seen"},
    {"known", ParamKind::texts, false, "",
     "texts that must not appear: the test user's name, an account; hexadecimal ones are looked "
     "for "
     "as octets, too, and the job's serial and label anyway"},
    {"broadcasts", ParamKind::boolean, false, "false",
     "the device is declared to broadcast its values; they are not held against it"},
};

constexpr Output outputs[] = {
    {"reports", OutputKind::number, "{count}", "advertising events heard", {}},
    {"identity_hidden", OutputKind::truth, "",
     "neither serial number nor label nor a known text nor a citizen or telephone number stands in "
     "what is advertised",
     true},
    {"values_hidden", OutputKind::truth, "",
     "neither a health service's data nor values in a known layout are broadcast", true},
    {"undecoded_data",
     OutputKind::number,
     "{count}",
     "services and companies whose data no known layout explains",
     {}},
    {"name", OutputKind::text, "", "the name it advertises", {}},
    {"address_kind",
     OutputKind::text,
     "",
     "public, static, resolvable or non-resolvable: by its type and its two highest bits",
     {}},
    {"address_is_private", OutputKind::truth, "", "the address is a private one, which may change",
     true},
    {"address_rotates", OutputKind::truth, "",
     "the address changed while the bench listened; false is told after 20 min at least", true},
    {"longest_address_stay",
     OutputKind::number,
     "s",
     "longest time that one address was heard; told after 20 min at least",
     {}},
    {"rssi", OutputKind::number, "1", "median received signal strength in dBm", {}},
};

constexpr Duration long_enough = seconds(20 * 60);  // SEC-BLE-02
constexpr std::size_t shortest_known = 4, most_strengths = 1'000'000;
constexpr int no_strength = 127;

class Listener {
 public:
  Listener(Context& context, Port& port) : context_(context), session_(port), texts_(setup()) {
    if (port.protocol() && std::ranges::any_of(port.protocol()->gatt, &GattUse::advertised))
      frames_.emplace(*port.protocol());
  }

  Result<void> run() {
    if (auto left = session_.disconnect(); !left) return left;
    auto status = session_.status();
    if (!status) return tl::unexpected(status.error());
    device_ = *status;
    auto scanning = session_.port().perform(Scan{true}, seconds(10));
    if (!scanning) return tl::unexpected(scanning.error());
    began_ = context_.now();
    if (auto heard = listen(); !heard) return heard;
    scanning = session_.port().perform(Scan{false}, seconds(10));
    if (!scanning) return tl::unexpected(scanning.error());
    report();
    return {};
  }

 private:
  PersonalDataScanner::Setup setup() {
    PersonalDataScanner::Setup setup;
    const BoundDevice& sample = session_.port().device();
    for (const std::string* text : {&sample.serial, &sample.label})
      if (text->size() >= shortest_known) setup.known.push_back(*text);
    for (const std::string& text : context_.with().texts("known")) setup.known.push_back(text);
    looked_for_ = setup.known.size();
    for (const std::string& text : setup.known) {
      auto octets = from_hex(text);
      if (!octets || octets->size() < shortest_known) continue;
      setup.known_octets.push_back(*octets);
      std::ranges::reverse(*octets);
      setup.known_octets.push_back(std::move(*octets));
    }
    return setup;
  }

  Result<void> listen() {
    std::vector<Port*> ports{&session_.port()};
    if (context_.bound("monitor")) ports.push_back(&context_.port("monitor"));
    const Stamp until = began_ + context_.with().duration("duration");
    while (true) {
      std::size_t who = 0;
      auto outcome = context_.next_of(ports, until, who);
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::timed_out) break;
      if (outcome->kind == Outcome::Kind::lost) {
        context_.note(cat("listening ended early: ", outcome->text));
        break;
      }
      if (outcome->kind != Outcome::Kind::frame) continue;
      if (who == 1)
        take_packet(*outcome);
      else if (GattEvent event; GattEvent::parse(outcome->octets, event))
        take(*outcome, event);
    }
    listened_ = context_.now() - began_;
    return {};
  }

  void take(const Outcome& outcome, const GattEvent& event) {
    if (event.kind == EventKind::advertising) return take_report(outcome, event);
    if (event.kind != EventKind::service_data && event.kind != EventKind::manufacturer_data) return;
    search(event.value, outcome.seq);
    const bool service = event.kind == EventKind::service_data;
    const std::string what = cat(service ? "service " : "company ", event.uuid.text());
    if (service && is_common_service(event.uuid)) return;
    const std::string meaning = meaning_of(event, outcome);
    if (!meaning.empty())
      values_.insert(cat(what, ": ", meaning));
    else if (!(service && is_health_service(event.uuid)))
      undecoded_.insert(what);
    else if (!event.value.empty())
      values_.insert(what);
  }

  void take_report(const Outcome& outcome, const GattEvent& event) {
    ++reports_;
    evidence_.extend(outcome.seq);
    if (event.rssi() != no_strength && rssi_.size() < most_strengths) rssi_.push_back(event.rssi());
    const auto json = parse_json(as_text(event.value), "advertising");
    if (!json) return;
    if (!(*json)["name"].string().empty()) name_ = (*json)["name"].string();
    search(as_bytes((*json)["name"].string()), outcome.seq);
    for (const auto& [type, hex] : (*json)["advertising_data"].members())
      if (const auto octets = from_hex(hex.string())) search(*octets, outcome.seq);
    addresses_.heard((*json)["address"].string(), outcome.stamp);
  }

  // Every device in reach: the one that is meant by its address, or by its name.
  void take_packet(const Outcome& outcome) {
    tap_.feed(outcome.octets);
    for (hci::Event event; tap_.next(event);) {
      if (event.kind != hci::Event::Kind::advertising) continue;
      const std::string address = hci::to_text(event.address);
      bool ours = address == device_.address;
      AdReader reader(event.octets);
      for (AdStructure one; reader.next(one);)
        ours |= (one.type == ad_type::name || one.type == ad_type::short_name) &&
                !device_.name.empty() && as_text(one.data) == device_.name;
      if (!ours) continue;
      search(event.octets, outcome.seq);
      addresses_.heard(address, outcome.stamp);
    }
  }

  void search(ByteView octets, std::uint64_t seq) {
    texts_.feed(octets, seq);
    const std::uint8_t end = 0;  // nothing goes on in the next event
    texts_.feed(ByteView(&end, 1), seq);
  }

  // By the device's own protocol, or by a layout that is known.
  std::string meaning_of(const GattEvent& event, const Outcome& outcome) {
    if (frames_) {
      frames_->feed(outcome.octets, outcome.stamp, outcome.seq);
      std::string id;
      for (Message message; frames_->next(message);)
        if (message.spec) id = message.spec->id;
      if (!id.empty()) return id;
    }
    const auto assigned = event.uuid.assigned();
    for (const GattBroadcast* one : gatt_broadcasts())
      if (one->kind == event.kind && one->value.uuid == assigned &&
          read_value(one->value, event.value, reading_))
        return one->name();
    return "";
  }

  void report() {
    context_.number("reports", static_cast<double>(reports_), 0, 0, evidence_);
    const std::string kind = kind_of_address(device_.address_type, device_.address);
    const bool is_private = kind == "resolvable" || kind == "non-resolvable";
    if (!kind.empty()) {
      context_.text("address_kind", kind);
      context_.truth("address_is_private", is_private);
    }
    if (reports_ == 0) {
      for (const std::string_view output : {"identity_hidden", "values_hidden", "address_rotates"})
        context_.unseen(output, "nothing was advertised");
      return;
    }
    report_rotation(kind, is_private);
    context_.text("name", name_);
    report_texts();
    if (!context_.with().boolean("broadcasts"))
      context_.truth("values_hidden", values_.empty(), evidence_,
                     values_.empty() && !undecoded_.empty()
                         ? "but for data that nothing explains"
                         : join({values_.begin(), values_.end()}, ", "));
    context_.number("undecoded_data", static_cast<double>(undecoded_.size()), 0, 0, evidence_, {},
                    join({undecoded_.begin(), undecoded_.end()}, ", "));
    if (rssi_.empty()) return;
    const auto middle = rssi_.begin() + static_cast<std::ptrdiff_t>(rssi_.size() / 2);
    std::nth_element(rssi_.begin(), middle, rssi_.end());
    context_.number("rssi", *middle, 0, static_cast<std::int64_t>(rssi_.size()), evidence_);
  }

  void report_rotation(std::string_view kind, bool is_private) {
    if (!kind.empty() && !is_private) {
      context_.truth("address_rotates", false, {}, cat("a ", kind, " address"));
    } else if (addresses_.addresses() == 0) {
      context_.unseen("address_rotates",
                      "this link hears one address, "
                      "and no tap was given (hci:hci0, which wants CAP_NET_RAW)");
    } else if (addresses_.several_devices()) {
      context_.unseen("address_rotates",
                      "several devices by this name "
                      "are near");
    } else if (addresses_.addresses() > 1 || listened_ >= long_enough) {
      context_.truth("address_rotates", addresses_.addresses() > 1, evidence_,
                     cat(addresses_.addresses(), " addresses in ", to_string(listened_)));
      if (listened_ >= long_enough)
        context_.number("longest_address_stay",
                        addresses_.longest_stay(began_ + listened_).seconds(), 0,
                        static_cast<std::int64_t>(addresses_.addresses()), evidence_);
    } else {
      context_.unseen("address_rotates", cat("it did not change in ", to_string(listened_),
                                             ": listen for 20 min to tell that it does not"));
    }
  }

  void report_texts() {
    texts_.finish();
    std::vector<std::string> shown;
    SeqRange where;
    for (const auto kind :
         {PersonalData::known_text, PersonalData::resident_id, PersonalData::telephone}) {
      const PersonalDataFound& found = texts_.found(kind);
      if (found.count == 0) continue;
      shown.insert(shown.end(), found.shown.begin(), found.shown.end());
      where.extend(found.evidence.first);
      where.extend(found.evidence.last);
    }
    if (!shown.empty())
      context_.truth("identity_hidden", false, where, join(shown, ", "));
    else if (looked_for_ > 0)
      context_.truth("identity_hidden", true, evidence_,
                     cat(looked_for_, looked_for_ == 1 ? " text" : " texts", " looked for"));
    else
      context_.unseen(
          "identity_hidden",
          "no text was known that must not appear: name the sample's serial in the job, "
          "or texts in `known`");
  }

  Context& context_;
  GattSession session_;
  std::size_t looked_for_ = 0;
  PersonalDataScanner texts_;
  std::optional<FrameReader> frames_;
  Reading reading_;
  hci::MonitorReader tap_;
  GattStatus device_;
  AddressWatch addresses_;
  std::set<std::string> values_, undecoded_;
  std::vector<int> rssi_;
  std::string name_;
  std::int64_t reports_ = 0;
  Stamp began_;
  Duration listened_;
  SeqRange evidence_;
};

void lint(const StepView& step, Problems& problems) {
  for (const std::string& text : step.with.texts("known"))
    if (text.size() < shortest_known)
      step.with.problem(
          "known", step.at,
          cat("\"", printable(text), "\" is too short to be told from chance: 4 octets at least"),
          problems);
}

Result<void> run(Context& context) { return Listener(context, context.port("test")).run(); }

}  // namespace

extern const Check security_advertising;
const Check security_advertising{
    .id = "security/advertising",
    .revision = 1,
    .summary = "what a Bluetooth device tells to everybody, and by which address",
    .roles = roles,
    .needs = needs,
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
