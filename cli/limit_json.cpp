#include "cli/limit_json.h"

#include "standards/quantity_name.h"
#include "standards/statistic.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

Json both(std::string_view zh, std::string_view en) {
  return Json::object().set_if("zh", zh).set_if("en", en);
}

Json names(const std::vector<std::string>& ids) {
  Json list = Json::array();
  for (const std::string& id : ids) list.push(id);
  return list;
}

void add_span(Json& out, const Span& span) {
  if (span.low) out.set(span.low_open ? "above" : "from", *span.low);
  if (span.high) out.set(span.high_open ? "below" : "to", *span.high);
}

Json bound_json(const Bound& bound) {
  Json out = Json::object();
  out.set("by", bound.by).set("index_unit", bound.by_unit.code()).set("unit", bound.unit.code());
  if (bound.resolution > 0) out.set("resolution", bound.resolution);
  if (!bound.table) {
    Json bands = Json::array();
    for (const Bound::Band& band : bound.bands) {
      Json one = Json::object();
      add_span(one, band.span);
      one.set("offset", band.offset).set("slope", band.slope);
      if (band.floor) one.set("floor", *band.floor);
      bands.push(std::move(one));
    }
    return out.set("bands", std::move(bands));
  }
  out.set("rule", "next_higher").set("beyond", bound.table->beyond_fails ? "fail" : "no_limit");
  Json rows = Json::array();
  for (std::size_t i = 0; i < bound.table->values.size(); ++i)
    rows.push(Json::object()
                  .set("index", bound.table->from + bound.table->step * static_cast<double>(i))
                  .set("value", bound.table->values[i]));
  return out.set("table", std::move(rows));
}

Json plan_json(const SamplePlan& plan) {
  Json out = Json::object();
  const auto count = [&out](std::string_view key, std::int64_t n) {
    if (n > 0) out.set(key, n);
  };
  const auto share = [&out](std::string_view key, double value) {
    if (value > 0) out.set(key, value);
  };
  count("subjects", plan.subjects);
  count("pairs", plan.pairs);
  count("pairs_per_subject", plan.pairs_per_subject);
  count("lots", plan.lots);
  count("subjects_per_lot", plan.subjects_per_lot);
  count("pairs_per_lot", plan.pairs_per_lot);
  count("devices", plan.devices);
  if (plan.exclusions_max) out.set("exclusions_max", *plan.exclusions_max);
  share("age_above", plan.age_above);
  share("each_sex_share", plan.each_sex_share);
  share("cuff_half_share", plan.cuff_half_share);
  share("cuff_quarter_share", plan.cuff_quarter_share);
  share("cuff_octile_share", plan.cuff_octile_share);
  if (plan.each_cuff_half_of_equal_share) out.set("each_cuff_half_of_equal_share", true);
  Json bins = Json::array();
  for (const SamplePlan::Bin& bin : plan.distribution) {
    Json one = Json::object().set_if("quantity", bin.quantity);
    add_span(one, bin.span);
    bins.push(std::move(one.set("unit", bin.unit.code()).set("share", bin.share)));
  }
  return out.set_if("distribution", std::move(bins)).set_if("source", plan.source);
}

Json source_json(const LimitSource& source) {
  return Json::object()
      .set("kind", to_string(source.kind))
      .set("document", source.document)
      .set_if("title", both(source.title.zh, source.title.en))
      .set_if("clause", source.clause)
      .set_if("edition", source.edition)
      .set_if("in_force_from", source.valid_from)
      .set_if("in_force_to", source.valid_to)
      .set_if("successor", source.successor)
      .set_if("confidence", source.confidence);
}

Json others(const std::vector<std::string>& ids, const LimitLibrary& library) {
  Json list = Json::array();
  for (const std::string& id : ids) {
    Json one = Json::object().set("id", id);
    if (const auto limit = library.find(id))
      one.set("limit", limit->text()).set("source", limit->source.text());
    list.push(std::move(one));
  }
  return list;
}

std::string_view on_text(Limit::On on) {
  if (on == Limit::On::interval_low) return "interval_low";
  return on == Limit::On::interval_high ? "interval_high" : "";
}

void add_number(Json& out, const Limit& limit) {
  if (limit.op_known) out.set("op", to_string(limit.comparison));
  if (limit.status != LimitStatus::established) return;
  if (limit.bound) {
    out.set("value", bound_json(*limit.bound));
  } else if (limit.comparison == Comparison::within) {
    out.set("low", limit.low).set("high", limit.high);
  } else if (limit.is_number()) {
    out.set("value", limit.value);
  } else if (limit.equals == Limit::Equals::text) {
    out.set("value", limit.text_value);
  } else {
    out.set("value", limit.truth);
  }
}

void add_statistic(Json& out, const Limit& limit) {
  if (const StatisticSpec* spec = find_statistic(limit.statistic))
    out.set("statistic", spec->id).set("statistic_name", both(spec->zh, spec->en));
  if (limit.p > 0) out.set("p", limit.p);
  out.set_if("grid", limit.grid);
  Json bands = Json::array();
  for (const Bound& band : limit.band) bands.push(bound_json(band));
  out.set_if("band", std::move(bands)).set_if("aggregation", limit.aggregation);
  out.set_if("on", on_text(limit.on));
  if (limit.confidence > 0)
    out.set("interval_confidence", limit.confidence).set("one_sided", limit.one_sided);
  if (limit.domain) {
    Json domain = Json::object().set("by", limit.domain->by);
    add_span(domain, limit.domain->span);
    out.set("domain", std::move(domain.set("unit", limit.domain->unit.code())));
  }
}

std::string scalar(const Json& value) { return value.is_string() ? value.string() : value.dump(); }

bool is_flat(const Json& value) {
  for (const Json& item : value.items())
    if (item.is_object() || item.is_array()) return false;
  for (const Json::Member& member : value.members())
    if (member.second.is_object() || member.second.is_array()) return false;
  return true;
}

std::string on_one_line(const Json& value) {
  std::vector<std::string> parts;
  for (const Json& item : value.items()) parts.push_back(scalar(item));
  for (const Json::Member& member : value.members())
    parts.push_back(cat(member.first, " ", scalar(member.second)));
  return join(parts, ", ");
}

}  // namespace

Json limit_json(const Limit& limit, const LimitLibrary& library) {
  Json out = Json::object();
  out.set("id", limit.id).set_if("title", both(limit.title.zh, limit.title.en));
  out.set("limit", limit.text());
  const bool names_others = limit.is_composite() || !limit.editions.empty();
  if (!names_others) out.set("status", to_string(limit.status));
  out.set_if("quantity", limit.quantity);
  if (const QuantityName* name = find_quantity_name(limit.quantity))
    out.set("quantity_name", both(name->zh, name->en));
  add_statistic(out, limit);
  if (!names_others) out.set("unit", limit.unit.code());
  if (!names_others) add_number(out, limit);
  out.set_if("all_of", others(limit.all_of, library));
  out.set_if("editions", others(limit.editions, library));
  if (limit.rule) out.set("rule", to_string(*limit.rule));
  if (limit.uncertainty_allowed) out.set("uncertainty_allowed", *limit.uncertainty_allowed);
  out.set_if("range", limit.range).set_if("sample", limit.sample);
  if (!limit.plan.empty()) out.set("plan", plan_json(limit.plan));
  if (limit.min_samples > 0) out.set("min_samples", limit.min_samples);
  out.set("source", source_json(limit.source));
  out.set_if("conflicts_with", others(limit.conflicts_with, library));
  out.set_if("categories", names(limit.categories)).set_if("note", limit.note);
  out.set_if("not_in_force", limit.not_in_force.en);
  const bool replaced = limit.provided == Limit::Provided::replaced;
  out.set("provided", limit.provided == Limit::Provided::shipped ? "shipped"
                      : replaced                                 ? "laboratory, in place of shipped"
                                                                 : "laboratory");
  return out.set_if("own_file", limit.own_file);
}

std::string as_lines(const Json& value, int indent) {
  constexpr int key_width = 22;
  std::string out;
  const std::string blanks(static_cast<std::size_t>(indent), ' ');
  for (const auto& [key, member] : value.members()) {
    const std::string head = blanks + pad(key, std::max(key_width - indent, 1));
    if (!member.is_object() && !member.is_array()) {
      out += cat(head, " ", scalar(member), "\n");
    } else if (is_flat(member)) {
      out += cat(head, " ", on_one_line(member), "\n");
    } else if (member.is_object()) {
      out += cat(blanks, key, "\n", as_lines(member, indent + 2));
    } else {
      out += cat(blanks, key, "\n");
      for (const Json& item : member.items())
        out +=
            is_flat(item) ? cat(blanks, "  ", on_one_line(item), "\n") : as_lines(item, indent + 2);
    }
  }
  return out;
}

}  // namespace carebench
