// Does a device hand over the records that it stored, all of them, once and in order? Glucose
// meters, oximeters and CGM sensors are asked through the Record Access Control Point (2A52): how
// many records are there, then all of them; what comes is counted against what was announced, and
// sequence numbers against each other. After a loss of the link it is asked again: nothing may be
// missing, nothing may come twice (Glucose Profile 1.0.1, 5.2; wire formats: probes/gatt).
#include <algorithm>
#include <set>

#include "probes/gatt/characteristic.h"
#include "profiles/measuring/gatt_session.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
constexpr OpKind needs[] = {OpKind::discover, OpKind::subscribe, OpKind::write_value};

constexpr ParamSpec params[] = {
    {"measurement", ParamKind::text, false, "1808/2A18", "what carries the records"},
    {"control_point", ParamKind::text, false, "1808/2A52", "their record access control point"},
    {"sequence", ParamKind::text, false, "sequence",
     "field of the record that counts them; `none` where there is none"},
    {"timeout", ParamKind::duration, false, "30 s", "of one procedure"},
    {"link_loss", ParamKind::boolean, false, "true", "ask again after a loss of the link"},
    {"pair", ParamKind::text, false, "",
     "pair first, with this input and output capability of the bench"},
};

constexpr Output outputs[] = {
    {"announced", OutputKind::number, "{count}", "records that the device says it holds", {}},
    {"delivered", OutputKind::number, "{count}", "records that came", {}},
    {"complete", OutputKind::truth, "", "as many came as were announced", true},
    {"ends_with_success", OutputKind::truth, "",
     "the procedure ended with the response code for success", true},
    {"missing_numbers", OutputKind::number, "{count}", "gaps in the sequence numbers", {}},
    {"repeated", OutputKind::number, "{count}", "records that came twice in one procedure", {}},
    {"out_of_order", OutputKind::number, "{count}", "records older than the one before", {}},
    {"same_after_link_loss", OutputKind::truth, "",
     "the same records come after a loss of the link", true},
    {"refuses_unknown", OutputKind::truth, "",
     "an operation that does not exist is answered with the code for it", true},
};

constexpr std::uint8_t report_records = 1, report_number = 4, number_response = 5, response = 6,
                       all_records = 1, success = 1, not_supported = 2, unknown_operation = 0x63;

struct Procedure {
  bool answered = false;
  std::uint8_t code = 0;       // of the response
  std::int64_t number = -1;    // of a number response
  std::vector<Bytes> records;  // as they came
};

class Store {
 public:
  Store(Context& context, Port& port)
      : context_(context),
        session_(port),
        measurement_(*AttributePath::parse(context.with().text("measurement"))),
        control_(*AttributePath::parse(context.with().text("control_point"))) {}

  Result<void> run() {
    auto ready = prepare();
    if (!ready) return tl::unexpected(ready.error());
    if (!*ready) {
      context_.truth("complete", false, {}, session_.why());
      return {};
    }
    auto counted = ask({report_number, all_records});
    if (!counted) return tl::unexpected(counted.error());
    auto first = ask({report_records, all_records});
    if (!first) return tl::unexpected(first.error());
    report(*counted, *first);
    if (auto unknown = ask_unknown(); !unknown) return unknown;
    if (context_.with().boolean("link_loss"))
      if (auto again = after_link_loss(*first); !again) return again;
    return session_.disconnect();
  }

 private:
  Result<bool> prepare() {
    auto found = session_.discover();
    if (!found || !*found) return found;
    if (const std::string& capability = context_.with().text("pair"); !capability.empty()) {
      auto paired = session_.port().pair(capability);
      if (!paired) return tl::unexpected(paired.error());
    }
    // The control point first: its indications must be on before it is written to.
    for (const AttributePath* path : {&control_, &measurement_}) {
      auto outcome = session_.port().perform(
          Subscribe{path->text(), session_.port().device().gatt.notify}, seconds(35));
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::refused)
        return fail(Errc::not_ready, Blame::profile,
                    cat(path->text(), " could not be subscribed to: ", outcome->text,
                        "; where it wants pairing, give `pair: CAPABILITY`"));
    }
    return true;
  }

  Result<Procedure> ask(Bytes request) {
    Procedure procedure;
    const std::uint8_t operation = request[0];
    auto written = session_.port().perform(WriteValue{control_.text(), std::move(request)});
    if (!written) return tl::unexpected(written.error());
    if (written->kind != Outcome::Kind::done) return procedure;
    const Stamp deadline = context_.now() + context_.with().duration("timeout");
    while (!procedure.answered && context_.now() < deadline) {
      auto outcome = session_.port().next(deadline);
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind != Outcome::Kind::frame) break;
      GattEvent event;
      if (!GattEvent::parse(outcome->octets, event)) continue;
      evidence_.extend(outcome->seq);
      if (event.uuid == measurement_.characteristic)
        procedure.records.emplace_back(event.value.begin(), event.value.end());
      else if (event.uuid == control_.characteristic)
        take_response(event.value, operation, procedure);
      if (procedure.records.size() > 100'000) break;
    }
    return procedure;
  }

  static void take_response(ByteView value, std::uint8_t operation, Procedure& procedure) {
    if (value.size() >= 4 && value[0] == number_response) {
      procedure.number = value[2] | value[3] << 8;
      procedure.answered = true;
    } else if (value.size() >= 4 && value[0] == response && value[2] == operation) {
      procedure.code = value[3];
      procedure.answered = true;
    }
  }

  std::optional<double> number_of(const Bytes& record) const {
    const auto assigned = measurement_.characteristic.assigned();
    const GattCharacteristic* known = assigned ? gatt_characteristic(*assigned) : nullptr;
    const std::string& name = context_.with().text("sequence");
    if (!known || name == "none") return std::nullopt;
    Reading reading;
    if (!read_value(*known, record, reading)) return std::nullopt;
    for (std::size_t i = 0; i < known->fields.size(); ++i)
      if (known->fields[i].name == name && reading.value(i).kind == FieldValue::Kind::number)
        return reading.value(i).number;
    return std::nullopt;
  }

  void report(const Procedure& counted, const Procedure& all) {
    const auto delivered = static_cast<std::int64_t>(all.records.size());
    if (counted.number >= 0)
      context_.number("announced", static_cast<double>(counted.number), 0, 0, evidence_);
    else
      context_.note("the device did not say how many records it holds");
    context_.number("delivered", static_cast<double>(delivered), 0, 0, evidence_);
    context_.truth("complete", counted.number >= 0 && counted.number == delivered, evidence_,
                   cat(delivered, " of ", counted.number));
    context_.truth("ends_with_success", all.answered && all.code == success, evidence_,
                   all.answered ? cat("code ", static_cast<int>(all.code)) : "no response in time");
    std::int64_t missing = 0, repeated = 0, backwards = 0;
    std::set<double> seen;
    std::optional<double> last;
    for (const Bytes& record : all.records) {
      const auto number = number_of(record);
      if (!number) continue;
      repeated += !seen.insert(*number).second;
      if (last && *number < *last) ++backwards;
      last = number;
    }
    if (seen.empty()) return;
    missing = static_cast<std::int64_t>(*seen.rbegin() - *seen.begin() + 1) -
              static_cast<std::int64_t>(seen.size());
    context_.number("missing_numbers", static_cast<double>(missing), 0, delivered, evidence_);
    context_.number("repeated", static_cast<double>(repeated), 0, delivered, evidence_);
    context_.number("out_of_order", static_cast<double>(backwards), 0, delivered, evidence_);
  }

  Result<void> ask_unknown() {
    auto answer = ask({unknown_operation, 0});
    if (!answer) return tl::unexpected(answer.error());
    context_.truth("refuses_unknown", answer->answered && answer->code == not_supported, evidence_,
                   answer->answered ? cat("code ", static_cast<int>(answer->code)) : "no response");
    return {};
  }

  Result<void> after_link_loss(const Procedure& before) {
    if (auto left = session_.disconnect(); !left) return left;
    if (auto waited = context_.sleep(seconds(2)); !waited) return tl::unexpected(waited.error());
    auto ready = prepare();
    if (!ready) return tl::unexpected(ready.error());
    Procedure again;
    if (*ready) {
      auto asked = ask({report_records, all_records});
      if (!asked) return tl::unexpected(asked.error());
      again = std::move(*asked);
    }
    // Newer records may have come meanwhile; the older ones must be there as they were.
    const bool same =
        again.records.size() >= before.records.size() &&
        std::equal(before.records.begin(), before.records.end(), again.records.begin());
    context_.truth("same_after_link_loss", same, evidence_,
                   cat(before.records.size(), " records before, ", again.records.size(), " after"));
    return {};
  }

  Context& context_;
  GattSession session_;
  AttributePath measurement_, control_;
  SeqRange evidence_;
};

void lint(const StepView& step, Problems& problems) {
  for (const std::string_view param : {"measurement", "control_point"})
    if (const auto path = AttributePath::parse(step.with.text(param)); !path)
      step.with.problem(param, step.at, path.error().message, problems);
}

Result<void> run(Context& context) { return Store(context, context.port("test")).run(); }

}  // namespace

extern const Check transmission_stored_records;
const Check transmission_stored_records{"transmission/stored_records",
                                        1,
                                        "stored records: all of them, once, in order",
                                        roles,
                                        needs,
                                        params,
                                        outputs,
                                        Hazard::none,
                                        false,
                                        &lint,
                                        &run};

}  // namespace carebench::checks
