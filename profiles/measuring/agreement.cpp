#include "profiles/measuring/agreement.h"

#include <algorithm>
#include <cmath>

#include "standards/vocab/text.h"

namespace carebench {

void Agreement::end_of_level(Context& context, std::string_view heading, Unit unit) {
  const auto shown = [](double value) { return number(value, 4); };
  std::string text = cat(heading, ": ", level_.n(), " pairs");
  if (level_.n() > 0)
    text += cat(", bias ", shown(level_.mean()), ", s ", shown(level_.sd()), " ", unit.symbol());
  context.note(std::move(text));
  level_ = {};
}

void Agreement::emit(Context& context, Unit unit, const PairBudget& uncertainty, std::int64_t least,
                     const SeqRange& evidence) const {
  const std::int64_t pairs = n();
  context.number("{quantity}.n", static_cast<double>(pairs), 0, pairs, evidence);
  const Unit percent = *Unit::parse("%");
  if (pairs < std::max<std::int64_t>(1, least)) {
    const std::string why = cat(pairs, " pairs, ", least, " are wanted: no statistic");
    for (const std::string_view output :
         {"{quantity}.bias", "{quantity}.sd", "{quantity}.rms", "{quantity}.max_abs"})
      context.quantity(output, std::nan(""), unit, 0, pairs, evidence, {}, why);
    context.quantity("{quantity}.mape", std::nan(""), percent, 0, pairs, evidence, {}, why);
    return;
  }
  const double bias = errors_.mean(), rms = errors_.rms();
  const auto put = [&](std::string_view output, double value, Budget budget) {
    context.quantity(output, value, unit, std::move(budget), pairs, evidence);
  };
  context.quantity(
      "{quantity}.bias", bias, unit, uncertainty.bias(), pairs, evidence,
      stats::mean_interval(errors_),
      "the interval takes pairs for independent, which readings of one wearer are not");
  if (pairs > 1)
    put("{quantity}.sd", errors_.sd(), uncertainty.sd());
  else
    context.quantity("{quantity}.sd", std::nan(""), unit, 0, pairs, evidence, {},
                     "one pair has no standard deviation");
  put("{quantity}.rms", rms, uncertainty.rms(rms));
  const double largest = std::max(std::abs(errors_.min()), std::abs(errors_.max()));
  put("{quantity}.max_abs", largest, uncertainty.largest());

  std::string excluded;
  if (zeros_ > 0) excluded = cat(zeros_, " pairs with a reference of 0 are excluded");
  if (percent_.n() == 0)
    context.quantity("{quantity}.mape", std::nan(""), percent, 0, 0, evidence, {}, excluded);
  else
    context.quantity("{quantity}.mape", percent_.mean(), percent, uncertainty.mape(), percent_.n(),
                     evidence, {}, excluded);
  draw(context, unit);
}

void Agreement::draw(Context& context, Unit unit) const {
  const double bias = errors_.mean(), spread = 1.959964 * errors_.sd();
  Figure figure;
  figure.kind = "deviation";
  figure.title = {"被测设备与参考的偏差", "deviation of the device from the reference"};
  figure.x_label = {"参考值", "reference"};
  figure.y_label = {"被测值 − 参考值", "device − reference"};
  figure.x_unit = figure.y_unit = unit.code();
  figure.series.push_back(deviations_.series({"配对读数", "pairs"}));
  figure.marks.push_back({{"平均偏差", "mean"}, 'y', bias, "mean"});
  if (n() > 1) {
    figure.marks.push_back({{"平均 + 1.96 s", "mean + 1.96 s"}, 'y', bias + spread});
    figure.marks.push_back({{"平均 − 1.96 s", "mean − 1.96 s"}, 'y', bias - spread});
  }
  const std::string quantity = cat(context.with().text("quantity"), ".");
  figure.shows = {{quantity + "max_abs", 'y', true}, {quantity + "bias", 'y', true}};
  figure.note = cat("n = ", n(), deviations_.note().empty() ? "" : "; ", deviations_.note());
  context.figure(std::move(figure));
}

}  // namespace carebench
