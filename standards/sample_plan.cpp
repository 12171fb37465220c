#include "standards/sample_plan.h"

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::int64_t most = 1'000'000'000;

double share(yaml::MapReader& map, std::string_view key, Problems& problems) {
  const double value = map.number_or(key, 0);
  if (value < 0 || value > 1)
    map.optional(key).problem(problems, cat("\"", key, "\" is a share from 0 to 1"));
  return value;
}

SamplePlan::Bin read_bin(const yaml::Node& node, Unit unit, Problems& problems) {
  SamplePlan::Bin bin;
  yaml::MapReader map(node, problems);
  bin.quantity = map.text_or("quantity", "");
  bin.unit = map.unit_or("unit", unit);
  bin.span = read_span(map);
  map.required("share");
  bin.share = share(map, "share", problems);
  if (!bin.span.low && !bin.span.high) map.problem("a bin has an end: from, above, to or below");
  return bin;
}

}  // namespace

bool SamplePlan::empty() const {
  return subjects == 0 && pairs == 0 && pairs_per_subject == 0 && lots == 0 &&
         subjects_per_lot == 0 && pairs_per_lot == 0 && devices == 0 && !exclusions_max &&
         age_above == 0 && each_sex_share == 0 && cuff_half_share == 0 && cuff_quarter_share == 0 &&
         cuff_octile_share == 0 && !each_cuff_half_of_equal_share && distribution.empty();
}

SamplePlan read_sample_plan(const yaml::Node& node, Unit unit, Problems& problems) {
  SamplePlan plan;
  yaml::MapReader map(node, problems);
  const auto count = [&map](std::string_view key) { return map.integer_or(key, 1, most, 0); };
  plan.subjects = count("subjects");
  plan.pairs = count("pairs");
  plan.pairs_per_subject = count("pairs_per_subject");
  plan.lots = count("lots");
  plan.subjects_per_lot = count("subjects_per_lot");
  plan.pairs_per_lot = count("pairs_per_lot");
  plan.devices = count("devices");
  if (map.has("exclusions_max")) plan.exclusions_max = map.integer("exclusions_max", 0, most);
  plan.age_above = map.number_or("age_above", 0);
  plan.each_sex_share = share(map, "each_sex_share", problems);
  plan.cuff_half_share = share(map, "cuff_half_share", problems);
  plan.cuff_quarter_share = share(map, "cuff_quarter_share", problems);
  plan.cuff_octile_share = share(map, "cuff_octile_share", problems);
  plan.each_cuff_half_of_equal_share = map.boolean_or("each_cuff_half_of_equal_share", false);
  for (const yaml::Node& bin : map.list_or_empty("distribution"))
    plan.distribution.push_back(read_bin(bin, unit, problems));
  plan.source = map.text_or("source", "");
  if (plan.empty()) map.problem("the plan asks for nothing: leave it out, or put it in \"sample\"");
  return plan;
}

}  // namespace carebench
