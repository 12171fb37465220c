// What does a Bluetooth device tell to everybody (SEC-BLE-01, -02)? The bench listens without
// connecting: identifiers of the unit and known texts in the clear, measured values in service
// data, and what kind of address it uses and whether that changes. Relates to EN 303 645 5.8 and
// clause 6. Address kinds: Bluetooth Core 5.3, Vol 6, Part B, 1.3.
#include <algorithm>
#include <set>

#include "probes/gatt/event.h"
#include "profiles/measuring/gatt_session.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
constexpr OpKind needs[] = {OpKind::scan};

constexpr ParamSpec params[] = {
    {"duration", ParamKind::duration, false, "30 s",
     "how long to listen; more than 20 min where a changing address is to be seen"},
    {"known", ParamKind::texts, false, "",
     "texts that must not appear: the test user's name, an account; the job's serial and label are "
     "looked for anyway"},
    {"broadcasts", ParamKind::boolean, false, "false",
     "the device is declared to broadcast its values; they are counted, not held against it"},
};

constexpr Output outputs[] = {
    {"reports", OutputKind::number, "{count}", "advertising events heard", {}},
    {"identity_hidden", OutputKind::truth, "",
     "neither serial number nor label nor a known text stands in what is advertised", true},
    {"values_hidden", OutputKind::truth, "", "no health service's data are broadcast", {}},
    {"name", OutputKind::text, "", "the name it advertises", {}},
    {"address_kind",
     OutputKind::text,
     "",
     "public, static, resolvable or non-resolvable: by its type and its two highest bits",
     {}},
    {"address_is_private",
     OutputKind::truth,
     "",
     "the address is a private one, which may change",
     {}},
    {"rssi", OutputKind::number, "1", "median received signal strength in dBm", {}},
};

std::string kind_of_address(const GattStatus& status) {
  if (status.address_type == "public") return "public";
  const auto first = from_hex(status.address.substr(0, 2));
  if (status.address_type.empty() || !first || first->empty()) return "";
  switch (first->front() >> 6) {
    case 0:
      return "non-resolvable";
    case 1:
      return "resolvable";
    case 3:
      return "static";
    default:
      return "";
  }
}

class Listener {
 public:
  Listener(Context& context, Port& port) : context_(context), session_(port) {
    for (const std::string* text : {&port.device().serial, &port.device().label})
      if (text->size() >= 4) known_.push_back(*text);
    for (const std::string& text : context.with().texts("known")) known_.push_back(text);
  }

  Result<void> run() {
    if (auto left = session_.disconnect(); !left) return left;
    for (const bool on : {true, false}) {
      auto scanning = session_.port().perform(Scan{on}, seconds(10));
      if (!scanning) return tl::unexpected(scanning.error());
      if (!on) break;
      auto heard = session_.listen(
          context_.now() + context_.with().duration("duration"),
          [this](const Outcome& outcome, const GattEvent& event) { take(outcome, event); });
      if (!heard) return tl::unexpected(heard.error());
    }
    return report();
  }

 private:
  void take(const Outcome& outcome, const GattEvent& event) {
    switch (event.kind) {
      case EventKind::advertising: {
        ++reports_;
        evidence_.extend(outcome.seq);
        if (event.rssi() != 127 && rssi_.size() < 1'000'000) rssi_.push_back(event.rssi());
        const auto json = parse_json(as_text(event.value), "advertising");
        if (json && !(*json)["name"].string().empty()) name_ = (*json)["name"].string();
        look_for_texts(as_text(event.value), outcome.seq);
        return;
      }
      case EventKind::service_data:
        if (is_health_service(event.uuid)) values_.insert(event.uuid.text());
        look_for_texts(as_text(event.value), outcome.seq);
        return;
      case EventKind::manufacturer_data:
        look_for_texts(as_text(event.value), outcome.seq);
        return;
      default:
        return;
    }
  }

  // As text, and as the octets that its hexadecimal digits mean.
  void look_for_texts(std::string_view data, std::uint64_t seq) {
    for (const std::string& text : known_) {
      const auto octets = from_hex(text);
      const bool there =
          data.find(text) != std::string_view::npos ||
          (octets && octets->size() >= 4 && data.find(as_text(*octets)) != std::string_view::npos);
      if (!there) continue;
      found_.insert(text);
      found_at_.extend(seq);
    }
  }

  Result<void> report() {
    context_.number("reports", static_cast<double>(reports_), 0, 0, evidence_);
    auto status = session_.status();
    if (!status) return tl::unexpected(status.error());
    if (const std::string kind = kind_of_address(*status); !kind.empty()) {
      context_.text("address_kind", kind);
      context_.truth("address_is_private", kind == "resolvable" || kind == "non-resolvable");
    }
    if (reports_ == 0) {
      context_.note("nothing was advertised: nothing can be said of it");
      return {};
    }
    context_.text("name", name_);
    const std::string masked = cat(found_.size(), " of the texts that were looked for");
    context_.truth("identity_hidden", found_.empty(), found_.empty() ? evidence_ : found_at_,
                   found_.empty() ? "" : masked);
    if (!context_.with().boolean("broadcasts"))
      context_.truth("values_hidden", values_.empty(), evidence_,
                     join({values_.begin(), values_.end()}, ", "));
    if (!rssi_.empty()) {
      std::nth_element(rssi_.begin(), rssi_.begin() + static_cast<std::ptrdiff_t>(rssi_.size() / 2),
                       rssi_.end());
      context_.number("rssi", rssi_[rssi_.size() / 2], 0, static_cast<std::int64_t>(rssi_.size()));
    }
    return {};
  }

  Context& context_;
  GattSession session_;
  std::vector<std::string> known_;
  std::set<std::string> found_, values_;
  std::vector<int> rssi_;
  std::string name_;
  std::int64_t reports_ = 0;
  SeqRange evidence_, found_at_;
};

Result<void> run(Context& context) { return Listener(context, context.port("test")).run(); }

}  // namespace

extern const Check security_advertising;
const Check security_advertising{"security/advertising",
                                 1,
                                 "what a Bluetooth device tells to everybody, and by which address",
                                 roles,
                                 needs,
                                 params,
                                 outputs,
                                 Hazard::none,
                                 false,
                                 nullptr,
                                 &run};

}  // namespace carebench::checks
