#include "standards/statistic.h"

#include <algorithm>
#include <array>

namespace carebench {
namespace {

using Scale = StatisticSpec::Scale;
using Data = StatisticSpec::Data;
using Needs = StatisticSpec::Needs;

constexpr std::array specs = {
    StatisticSpec{"bias", "平均误差（偏倚）", "mean error (bias)", Scale::quantity, Data::pairs},
    StatisticSpec{"sd", "误差的标准差（n−1）", "standard deviation of the errors (n-1)",
                  Scale::quantity, Data::pairs},
    StatisticSpec{"sm", "各受试者平均误差的标准差 Sm",
                  "standard deviation Sm of the subjects' means", Scale::quantity, Data::pairs},
    StatisticSpec{"rms", "均方根误差（Arms）", "root mean square error (Arms)", Scale::quantity,
                  Data::pairs},
    StatisticSpec{"mae", "平均绝对误差", "mean absolute error", Scale::quantity, Data::pairs},
    StatisticSpec{"max_abs", "最大绝对误差", "largest absolute error", Scale::quantity,
                  Data::pairs},
    StatisticSpec{"each", "每个误差", "each error", Scale::quantity, Data::pairs},
    StatisticSpec{"abs_percentile", "绝对误差的百分位数", "percentile of the absolute errors",
                  Scale::quantity, Data::pairs, Needs::p},
    StatisticSpec{"loa_low", "一致性界限下限", "lower limit of agreement", Scale::quantity,
                  Data::pairs},
    StatisticSpec{"loa_high", "一致性界限上限", "upper limit of agreement", Scale::quantity,
                  Data::pairs},
    StatisticSpec{"s_corr", "校正后的标准差", "corrected standard deviation", Scale::quantity,
                  Data::pairs},
    StatisticSpec{"mape", "平均绝对百分比误差", "mean absolute percentage error", Scale::pure,
                  Data::pairs},
    StatisticSpec{"mard", "平均绝对相对偏差", "mean absolute relative difference", Scale::pure,
                  Data::pairs},
    StatisticSpec{"each_percent", "每个相对误差", "each error in percent of the reference",
                  Scale::pure, Data::pairs},
    StatisticSpec{"relative_bias", "相对偏倚", "relative bias", Scale::pure, Data::pairs},
    StatisticSpec{"share_within", "误差在限带内的比例", "share of errors inside the band",
                  Scale::pure, Data::pairs, Needs::band},
    StatisticSpec{"share_zone_ab", "误差网格 A+B 区的比例", "share in zones A and B of the grid",
                  Scale::pure, Data::pairs, Needs::grid},
    StatisticSpec{"error_each_mpe", "误差与最大允许误差之比的最大值",
                  "largest ratio of error to maximum permissible error", Scale::pure, Data::pairs,
                  Needs::band},
    StatisticSpec{"icc", "组内相关系数", "intraclass correlation", Scale::pure, Data::pairs},
    StatisticSpec{"ccc", "一致性相关系数", "concordance correlation", Scale::pure, Data::pairs},
    StatisticSpec{"correlation", "相关系数", "correlation", Scale::pure, Data::pairs},
    StatisticSpec{"repeatability", "重复性标准差", "standard deviation of repeatability",
                  Scale::quantity, Data::repeats},
    StatisticSpec{"repeatability_cv", "重复性变异系数", "coefficient of variation of repeatability",
                  Scale::pure, Data::repeats},
    StatisticSpec{"repeatability_range", "重复测量的极差", "range of repeated readings",
                  Scale::quantity, Data::repeats},
    StatisticSpec{"intermediate_precision", "期间精密度", "intermediate precision", Scale::quantity,
                  Data::repeats},
    StatisticSpec{"value", "单次测得值", "the single value", Scale::quantity, Data::values},
    StatisticSpec{"mean", "平均值", "mean", Scale::quantity, Data::values},
    StatisticSpec{"median", "中位数", "median", Scale::quantity, Data::values},
    StatisticSpec{"min", "最小值", "smallest value", Scale::quantity, Data::values},
    StatisticSpec{"max", "最大值", "largest value", Scale::quantity, Data::values},
    StatisticSpec{"percentile", "百分位数", "percentile", Scale::quantity, Data::values, Needs::p},
    StatisticSpec{"total", "总计", "total", Scale::quantity, Data::values},
    StatisticSpec{"count", "计数", "count", Scale::pure, Data::values},
    StatisticSpec{"share", "比例", "share", Scale::pure, Data::values},
    StatisticSpec{"sensitivity", "灵敏度", "sensitivity", Scale::pure, Data::events},
    StatisticSpec{"specificity", "特异度", "specificity", Scale::pure, Data::events},
    StatisticSpec{"ppv", "阳性预测值", "positive predictive value", Scale::pure, Data::events},
    StatisticSpec{"npv", "阴性预测值", "negative predictive value", Scale::pure, Data::events},
    StatisticSpec{"kappa", "kappa 系数", "kappa", Scale::pure, Data::events},
    StatisticSpec{"false_alarm_rate", "误报率", "false alarms by time", Scale::rate, Data::events},
};

}  // namespace

const StatisticSpec* find_statistic(std::string_view id) {
  const auto found = std::find_if(specs.begin(), specs.end(),
                                  [id](const StatisticSpec& spec) { return spec.id == id; });
  return found == specs.end() ? nullptr : &*found;
}

std::vector<std::string_view> statistic_ids() {
  std::vector<std::string_view> ids;
  for (const StatisticSpec& spec : specs) ids.push_back(spec.id);
  return ids;
}

}  // namespace carebench
