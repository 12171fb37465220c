#include "profiles/series/sample_check.h"

#include <algorithm>
#include <map>

#include "standards/stats/proportions.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

class Counting {
 public:
  Counting(const SamplePlan& plan, const PairsTable& table, std::string_view quantity)
      : plan_(plan), table_(table), quantity_(quantity) {}

  SampleCheck run() {
    const auto subjects = static_cast<std::int64_t>(table_.subjects.size());
    at_least(subjects, plan_.subjects, "受试者", "subjects");
    at_least(table_.n(), plan_.pairs, "配对", "pairs");
    if (plan_.pairs_per_subject > 0) count_per_subject();
    if (plan_.lots > 0 || plan_.pairs_per_lot > 0 || plan_.subjects_per_lot > 0) count_lots();
    if (plan_.exclusions_max && table_.left_out > *plan_.exclusions_max)
      shortfall(
          cat("剔除 ", table_.left_out, " 行，至多允许 ", *plan_.exclusions_max),
          cat(table_.left_out, " lines left out, at most ", *plan_.exclusions_max, " may be"));
    count_people(subjects);
    if (plan_.devices > 1) unshown("设备台数", "number of devices");
    if (plan_.cuff_half_share > 0 || plan_.cuff_quarter_share > 0 || plan_.cuff_octile_share > 0)
      unshown("肢体周长在袖带范围内的分布", "limb circumferences over the range of the cuffs");
    for (const SamplePlan::Bin& bin : plan_.distribution) count_bin(bin);
    return std::move(check_);
  }

 private:
  void shortfall(std::string zh, std::string en) {
    check_.shortfalls.push_back({std::move(zh), std::move(en)});
  }
  void unshown(std::string zh, std::string en) {
    check_.unshown.push_back({std::move(zh), std::move(en)});
  }
  void at_least(std::int64_t have, std::int64_t want, std::string_view zh, std::string_view en) {
    if (have < want)
      shortfall(cat(zh, " ", have, "，至少需要 ", want), cat(have, " ", en, " of ", want));
  }

  void count_per_subject() {
    const auto few =
        std::count_if(table_.subjects.begin(), table_.subjects.end(),
                      [&](const auto& subject) { return subject.pairs < plan_.pairs_per_subject; });
    if (few > 0)
      shortfall(cat(few, " 名受试者的配对少于 ", plan_.pairs_per_subject, " 个"),
                cat(few, " subjects have fewer than ", plan_.pairs_per_subject, " pairs"));
  }

  void count_lots() {
    if (table_.lot.empty()) {
      if (plan_.lots > 1) return shortfall("未分批号（缺少列 lot）", "no lots (no column lot)");
      return unshown("批号", "lots");
    }
    at_least(static_cast<std::int64_t>(table_.lots.size()), plan_.lots, "批号", "lots");
    std::vector<std::int64_t> pairs(table_.lots.size(), 0);
    std::map<std::pair<std::uint32_t, std::uint32_t>, bool> seen;
    std::vector<std::int64_t> subjects(table_.lots.size(), 0);
    for (std::size_t i = 0; i < table_.lot.size(); ++i) {
      ++pairs[table_.lot[i]];
      if (plan_.subjects_per_lot > 0 &&
          !std::exchange(seen[{table_.lot[i], table_.subject[i]}], true))
        ++subjects[table_.lot[i]];
    }
    for (std::size_t lot = 0; lot < pairs.size(); ++lot) {
      const std::string name = printable(table_.lots[lot]);
      at_least(pairs[lot], plan_.pairs_per_lot, cat("批号 ", name, " 的配对"),
               cat("pairs of lot ", name));
      at_least(subjects[lot], plan_.subjects_per_lot, cat("批号 ", name, " 的受试者"),
               cat("subjects of lot ", name));
    }
  }

  void count_people(std::int64_t subjects) {
    if (plan_.age_above > 0) {
      const auto young =
          std::count_if(table_.subjects.begin(), table_.subjects.end(),
                        [&](const auto& s) { return s.age >= 0 && s.age <= plan_.age_above; });
      if (young > 0)
        shortfall(cat(young, " 名受试者未满 ", plan_.age_above, " 岁以上"),
                  cat(young, " subjects are not older than ", plan_.age_above, " years"));
      if (!told(subjects, [](const auto& s) { return s.age >= 0; })) unshown("年龄", "age");
    }
    if (plan_.each_sex_share > 0) {
      if (!told(subjects, [](const auto& s) { return !s.sex.empty(); })) {
        unshown("性别", "sex");
      } else {
        for (const auto& [code, zh, en] : {std::tuple{"f", "女性", "women"}, {"m", "男性", "men"}})
          at_least(std::count_if(
                       table_.subjects.begin(), table_.subjects.end(),
                       [code = std::string_view(code)](const auto& s) { return s.sex == code; }),
                   stats::required_count(plan_.each_sex_share, subjects), zh, en);
      }
    }
    if (plan_.each_cuff_half_of_equal_share) count_cuffs(subjects);
  }

  void count_cuffs(std::int64_t subjects) {
    if (!told(subjects, [](const auto& s) { return !s.cuff.empty(); }))
      return unshown("袖带", "cuff");
    std::map<std::string, std::int64_t> cuffs;
    for (const auto& subject : table_.subjects) ++cuffs[subject.cuff];
    const auto want = stats::required_count(0.5 / static_cast<double>(cuffs.size()), subjects);
    for (const auto& [name, count] : cuffs)
      at_least(count, want, cat("袖带 ", printable(name), " 的受试者"),
               cat("subjects with cuff ", printable(name)));
  }

  template <class Told>
  bool told(std::int64_t subjects, Told is_told) const {
    return std::count_if(table_.subjects.begin(), table_.subjects.end(), is_told) == subjects;
  }

  void count_bin(const SamplePlan::Bin& bin) {
    if (!bin.quantity.empty() && bin.quantity != quantity_) return;
    double times = 1, plus = 0;
    if (const auto zero = table_.unit.convert(0, bin.unit)) {
      plus = *zero;
      times = *table_.unit.convert(1, bin.unit) - plus;
    } else if (const auto factor = table_.factor_to(bin.unit)) {
      times = *factor;
    } else {
      return unshown(cat("分布 ", bin.span.text("x", bin.unit.symbol())),
                     cat("distribution ", bin.span.text("x", bin.unit.symbol())));
    }
    const auto have = std::count_if(table_.reference.begin(), table_.reference.end(),
                                    [&](double x) { return bin.span.contains(x * times + plus); });
    const std::string span = bin.span.text("x", bin.unit.symbol());
    at_least(have, stats::required_count(bin.share, table_.n()), cat("参考值 ", span),
             cat("reference values ", span));
  }

  const SamplePlan& plan_;
  const PairsTable& table_;
  const std::string_view quantity_;
  SampleCheck check_;
};

}  // namespace

SampleCheck check_sample(const SamplePlan& plan, const PairsTable& table,
                         std::string_view quantity) {
  return Counting(plan, table, quantity).run();
}

}  // namespace carebench
