// Does a device hand over the records that it stored, all of them, once and in order? Glucose
// meters, oximeters and CGM sensors are asked through the Record Access Control Point (2A52): how
// many records are there, then all of them; what comes is counted against what was announced, and
// sequence numbers against each other. Then the link is cut in the middle of a transfer, and it is
// asked again: nothing may be missing, nothing may come twice (Glucose Profile 1.0.1, 5.2; wire
// formats: probes/gatt). An empty store shows none of this: take readings first.
#include <algorithm>

#include "probes/gatt/characteristic.h"
#include "profiles/measuring/gatt_session.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/record_numbers.h"
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
    {"step", ParamKind::integer, false, "1",
     "by how much that field grows from record to record: of a time offset the interval, in its "
     "unit",
     1, 65535},
    {"timeout", ParamKind::duration, false, "30 s", "of one procedure"},
    {"link_loss", ParamKind::boolean, false, "true",
     "cut the link in the middle of a transfer, and ask again"},
    {"pair", ParamKind::text, false, "",
     "pair first, with this input and output capability of the bench; not given: as the device's "
     "`ble: {pair: …}` says"},
};

constexpr Output outputs[] = {
    {"announced", OutputKind::number, "{count}", "records that the device says it holds", {}},
    {"delivered", OutputKind::number, "{count}", "records that came and could be decoded", {}},
    {"complete", OutputKind::truth, "", "as many came as were announced", true},
    {"ends_with_success", OutputKind::truth, "",
     "the procedure ended with the response code for success", true},
    {"missing_numbers", OutputKind::number, "{count}", "gaps in the sequence numbers", {}},
    {"repeated", OutputKind::number, "{count}", "records that came twice in one procedure", {}},
    {"out_of_order", OutputKind::number, "{count}", "records older than the one before", {}},
    {"same_after_link_loss", OutputKind::truth, "",
     "after a loss of the link in the middle of a transfer the same records come, once, and as "
     "many as are announced then",
     true},
    {"refuses_unknown", OutputKind::truth, "",
     "an operation that does not exist is answered with the code for it", true},
};

constexpr std::uint8_t report_records = 1, report_number = 4, number_response = 5, response = 6,
                       all_records = 1, success = 1, not_supported = 2, no_records = 6,
                       unknown_operation = 0x63;
constexpr std::size_t most_records = 100'000;

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
        control_(*AttributePath::parse(context.with().text("control_point"))) {
    if (const auto assigned = measurement_.characteristic.assigned())
      known_ = gatt_characteristic(*assigned);
  }

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
    if (counted->number >= 0 && counted->number != decodable(*first)) {
      // A record may have been taken between the two.
      auto again = ask({report_number, all_records});
      if (!again) return tl::unexpected(again.error());
      if (again->number > counted->number) counted = std::move(again);
    }
    report(*counted, *first);
    if (auto unknown = ask_unknown(); !unknown) return unknown;
    if (context_.with().boolean("link_loss") && !first->records.empty())
      if (auto again = after_link_loss(*first); !again) return again;
    return session_.disconnect();
  }

 private:
  Result<bool> prepare() {
    auto found = session_.attach(context_.with().text("pair"));
    if (!found || !*found) return found;
    // The control point first: its indications must be on before it is written to.
    for (const AttributePath* path : {&control_, &measurement_}) {
      auto outcome = session_.port().perform(
          Subscribe{path->text(), session_.port().device().gatt.notify}, seconds(35));
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::done) continue;
      if (outcome->kind == Outcome::Kind::refused && session_.database().find(*path))
        return fail(Errc::not_ready, Blame::profile,
                    cat(path->text(), " could not be subscribed to: ", outcome->text,
                        "; where it wants pairing, give `pair: CAPABILITY`"));
      session_.lost(cat(path->text(), " could not be subscribed to: ", outcome->text));
      return false;
    }
    return true;
  }

  // Until the procedure ends, in its time; or until `most` records came.
  Result<Procedure> ask(Bytes request, std::size_t most = most_records) {
    Procedure procedure;
    const std::uint8_t operation = request[0];
    auto written = session_.port().perform(WriteValue{control_.text(), std::move(request)});
    if (!written) return tl::unexpected(written.error());
    if (written->kind != Outcome::Kind::done) return procedure;
    const Stamp deadline = context_.now() + context_.with().duration("timeout");
    while (!procedure.answered && context_.now() < deadline && procedure.records.size() < most) {
      auto outcome = session_.port().next(deadline);
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::gap) return cut_off();
      if (outcome->kind != Outcome::Kind::frame) break;
      GattEvent event;
      if (!GattEvent::parse(outcome->octets, event)) continue;
      evidence_.extend(outcome->seq);
      if (event.uuid == measurement_.characteristic)
        take_records(event.value, procedure);
      else if (event.uuid == control_.characteristic)
        take_response(event.value, operation, procedure);
    }
    return procedure;
  }

  // Where a value holds several records (CGM), each is one.
  void take_records(ByteView value, Procedure& procedure) const {
    Reading reading;
    while (known_ && known_->several && read_value(*known_, value, reading) &&
           reading.octets() > 0 && reading.octets() < value.size()) {
      const ByteView one = value.first(reading.octets());
      procedure.records.emplace_back(one.begin(), one.end());
      value = value.subspan(reading.octets());
    }
    procedure.records.emplace_back(value.begin(), value.end());
  }

  static void take_response(ByteView value, std::uint8_t operation, Procedure& procedure) {
    if (operation == report_number && value.size() == 4 && value[0] == number_response) {
      procedure.number = value[2] | value[3] << 8;
      procedure.answered = true;
    } else if (value.size() == 4 && value[0] == response && value[2] == operation) {
      procedure.code = value[3];
      procedure.answered = true;
    }
  }

  // Records that are whole; of what is not known, all of them.
  std::int64_t decodable(const Procedure& procedure) const {
    Reading reading;
    return std::count_if(procedure.records.begin(), procedure.records.end(), [&](const Bytes& one) {
      return !known_ || read_value(*known_, one, reading);
    });
  }

  std::optional<std::int64_t> number_of(const Bytes& record) const {
    const std::string& name = context_.with().text("sequence");
    Reading reading;
    if (!known_ || name == "none" || !read_value(*known_, record, reading)) return std::nullopt;
    for (std::size_t i = 0; i < known_->fields.size(); ++i)
      if (known_->fields[i].name == name && reading.value(i).kind == FieldValue::Kind::number)
        return static_cast<std::int64_t>(reading.value(i).number);
    return std::nullopt;
  }

  void report(const Procedure& counted, const Procedure& all) {
    const std::int64_t delivered = decodable(all);
    const auto came = static_cast<std::int64_t>(all.records.size());
    if (counted.number >= 0)
      context_.number("announced", static_cast<double>(counted.number), 0, 0, evidence_);
    else
      context_.note("the device did not say how many records it holds");
    context_.number("delivered", static_cast<double>(delivered), 0, 0, evidence_);
    if (came > delivered) context_.note(cat(came - delivered, " records could not be decoded"));
    if (counted.number <= 0 && came == 0 && all.answered && all.code == no_records) {
      for (const std::string_view output :
           {"complete", "ends_with_success", "same_after_link_loss"})
        context_.unseen(output, "the store is empty: take readings, then repeat the step");
      return;
    }
    context_.truth("complete", counted.number == came && came == delivered, evidence_,
                   counted.number < 0 ? cat(delivered, " came, none were announced")
                                      : cat(delivered, " of ", counted.number));
    context_.truth("ends_with_success", all.answered && all.code == success, evidence_,
                   all.answered ? cat("code ", static_cast<int>(all.code)) : "no response in time");
    std::vector<std::int64_t> numbers;
    for (const Bytes& record : all.records)
      if (const auto number = number_of(record)) numbers.push_back(*number);
    if (numbers.empty()) return;
    const RecordNumbers found = record_numbers(numbers, context_.with().integer("step"));
    const auto put = [&](std::string_view output, std::int64_t value) {
      context_.number(output, static_cast<double>(value), 0, delivered, evidence_);
    };
    put("missing_numbers", found.missing);
    put("repeated", found.repeated);
    put("out_of_order", found.backwards);
  }

  Result<void> ask_unknown() {
    auto answer = ask({unknown_operation, 0});
    if (!answer) return tl::unexpected(answer.error());
    context_.truth("refuses_unknown", answer->answered && answer->code == not_supported, evidence_,
                   answer->answered ? cat("code ", static_cast<int>(answer->code)) : "no response");
    return {};
  }

  Result<void> after_link_loss(const Procedure& before) {
    if (auto cut = ask({report_records, all_records}, 1); !cut) return tl::unexpected(cut.error());
    if (auto left = session_.disconnect(); !left) return left;
    if (auto waited = pass_time(context_, seconds(2)); !waited) return waited;
    if (auto flushed = session_.port().flush(); !flushed) return tl::unexpected(flushed.error());
    auto ready = prepare();
    if (!ready) return tl::unexpected(ready.error());
    Procedure again, counted;
    if (*ready) {
      auto asked = ask({report_records, all_records});
      if (!asked) return tl::unexpected(asked.error());
      again = std::move(*asked);
      asked = ask({report_number, all_records});
      if (!asked) return tl::unexpected(asked.error());
      counted = std::move(*asked);
    }
    // Newer records may have come meanwhile; the older ones must be there as they were.
    const auto came = static_cast<std::int64_t>(again.records.size());
    const bool same =
        counted.number == came && again.records.size() >= before.records.size() &&
        std::equal(before.records.begin(), before.records.end(), again.records.begin());
    context_.truth("same_after_link_loss", same, evidence_,
                   *ready ? cat(before.records.size(), " records before, ", came, " after, ",
                                counted.number, " announced then")
                          : session_.why());
    return {};
  }

  Context& context_;
  GattSession session_;
  AttributePath measurement_, control_;
  const GattCharacteristic* known_ = nullptr;
  SeqRange evidence_;
};

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"timeout"}, problems);
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
