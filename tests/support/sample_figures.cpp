#include "tests/support/sample_figures.h"

#include <cmath>
#include <limits>

namespace carebench::test {
namespace {

// The same numbers on every machine, without <random>.
double noise(int i) {
  const double x = std::sin(i * 12.9898) * 43758.5453;
  return x - std::floor(x);
}

}  // namespace

Figure latency_figure() {
  Figure f;
  f.kind = "ecdf";
  f.title = {"应答时延的经验分布", "Distribution of the response latency"};
  f.x_label = {"时延", "latency"};
  f.y_label = {"累计比例", "share of answers"};
  f.x_unit = "ms";
  f.y_unit = "1";
  Figure::Series series{{"应答", "answers"}, {}, {}};
  for (int i = 0; i < 120; ++i) {
    series.x.push_back(i < 117 ? 118 + 1.6 * i + std::exp(i * 0.052)
                               : std::numeric_limits<double>::infinity());
    series.y.push_back((i + 1) / 120.0);
  }
  f.series = {series};
  f.marks = {{{"中位数", "median"}, 'x', 238.1},
             {{"P95", "P95"}, 'x', 672.4},
             {{"P90", "P90"}, 'x', 561.3},
             {{"限值", "limit"}, 'x', 2000}};
  return f;
}

Figure deviation_figure() {
  Figure f;
  f.kind = "deviation";
  f.title = {"心率偏差：样品减参考", "Heart rate deviation: device minus reference"};
  f.x_label = {"参考心率", "reference heart rate"};
  f.y_label = {"偏差", "deviation"};
  f.x_unit = f.y_unit = "/min";
  for (const char* name : {"60", "80", "120"}) f.series.push_back({{name, name}, {}, {}});
  for (int i = 0; i < 90; ++i) {
    Figure::Series& series = f.series[static_cast<std::size_t>(i / 30)];
    const double level = i < 30 ? 60 : i < 60 ? 80 : 120;
    series.x.push_back(level + noise(i) * 3 - 1.5);
    series.y.push_back(0.4 + (noise(i + 500) - 0.5) * 3.4);
  }
  for (Figure::Series& series : f.series)
    series.name = {"模拟 " + series.name.zh + " 次/min", "simulated " + series.name.en + " /min"};
  f.marks = {{{"限值", "limit"}, 'y', 3, "limit"},
             {{"限值 − w", "limit − w"}, 'y', 2.4, "guard"},
             {{"平均偏差", "bias"}, 'y', 0.42, "mean"},
             {{"限值 − w", "limit − w"}, 'y', -2.4, "guard"},
             {{"限值", "limit"}, 'y', -3, "limit"}};
  f.note = "thinned from 5400 to 90 points";
  return f;
}

Figure series_figure() {
  Figure f;
  f.kind = "series";
  f.title = {"呼吸率：样品与参考", "Respiration rate: device and reference"};
  f.x_label = {"时间", "time"};
  f.y_label = {"呼吸率", "respiration rate"};
  f.x_unit = "s";
  f.y_unit = "/min";
  f.series = {{{"样品", "device"}, {}, {}}, {{"参考", "reference"}, {}, {}}};
  for (int i = 0; i <= 180; ++i) {
    const double truth = 14 + 3 * std::sin(i / 24.0);
    f.series[0].x.push_back(i * 2);
    f.series[0].y.push_back(i > 95 && i < 104 ? std::nan("") : truth + (noise(i) - 0.5) * 1.2);
    f.series[1].x.push_back(i * 2);
    f.series[1].y.push_back(truth);
  }
  f.gaps = {{190, 208}};
  f.marks = {{{"样品静默", "device silent"}, 'x', 192}};
  return f;
}

Figure histogram_figure() {
  Figure f;
  f.kind = "histogram";
  f.title = {"帧间隔", "Interval between frames"};
  f.x_label = {"间隔", "interval"};
  f.y_label = {"次数", "count"};
  f.x_unit = "ms";
  f.series = {{{"间隔", "interval"}, {960, 970, 980, 990, 1000, 1010, 1020, 1030, 1040}, {}}};
  f.series[0].y = {2, 9, 41, 160, 420, 171, 38, 8, 1};
  f.marks = {{{"声明", "declared"}, 'x', 1000}};
  return f;
}

Figure banded_figure() {
  Figure f;
  f.kind = "ecdf";
  f.title = {"报警时延的经验分布", "Distribution of the time to alarm"};
  f.x_label = {"报警时延", "time to alarm"};
  f.y_label = {"累计比例", "share of events"};
  f.x_unit = "s";
  f.y_unit = "1";
  Figure::Series series{{"实测", "measured"}, {}, {}};
  series.band = {"95 % 区间（Clopper-Pearson）", "95 % interval (Clopper-Pearson)"};
  for (int i = 1; i <= 40; ++i) {
    const double share = i / 42.0, half = 1.96 * std::sqrt(share * (1 - share) / 42);
    series.x.push_back(2.1 + 0.08 * i + noise(i) * 0.05);
    series.y.push_back(share);
    series.low.push_back(std::max(0.0, share - half));
    series.high.push_back(std::min(1.0, share + half));
  }
  f.series = {series};
  f.marks = {{{"P50", "P50"}, 'x', 3.78},
             {{"P95", "P95"}, 'x', 5.3},
             {{"限值 p95", "limit p95"}, 'x', 6, "limit"},
             {{"限值 − w", "limit − w"}, 'x', 5.8, "guard"}};
  f.note = "n = 42, of which 2 never came";
  return f;
}

Figure bland_altman_figure() {
  Figure f;
  f.kind = "bland_altman";
  f.title = {"收缩压：Bland-Altman", "Systolic pressure: Bland-Altman"};
  f.x_label = {"两者均值", "mean of the two"};
  f.y_label = {"被测值 − 参考值", "device − reference"};
  f.x_unit = f.y_unit = "mm[Hg]";
  Figure::Series series{{"配对读数", "pairs"}, {}, {}};
  for (int i = 0; i < 255; ++i) {
    series.x.push_back(92 + noise(i) * 86);
    series.y.push_back(1.3 + (noise(i + 900) + noise(i + 1900) + noise(i + 2900) - 1.5) * 11);
  }
  f.series = {series};
  f.marks = {{{"平均偏差", "bias"}, 'y', 1.31, "mean", Interval{0.6, 2.0, 0.95, "t"}},
             {{"一致性上限", "upper limit of agreement"},
              'y',
              12.2,
              "",
              Interval{11.2, 13.4, 0.95, "Carkeet"}},
             {{"一致性下限", "lower limit of agreement"},
              'y',
              -9.6,
              "",
              Interval{-10.8, -8.6, 0.95, "Carkeet"}}};
  f.note = "n = 255";
  return f;
}

// The consensus grid for type 1 (Parkes), mg/dL.
Figure error_grid_figure() {
  Figure f;
  f.kind = "error_grid";
  f.title = {"一致性误差网格（1 型）", "Consensus error grid (type 1)"};
  f.x_label = {"参考值", "reference"};
  f.y_label = {"被测值", "device"};
  f.x_unit = f.y_unit = "mg/dL";
  f.borders = {{{}, {0, 30, 140, 280, 430, 550}, {50, 50, 170, 380, 550, 682}, "zone"},
               {{}, {50, 50, 170, 385, 550}, {0, 30, 145, 300, 450}, "zone"},
               {{}, {0, 30, 50, 70, 260}, {60, 60, 80, 110, 550}, "zone"},
               {{}, {120, 120, 260, 550}, {0, 30, 130, 250}, "zone"},
               {{}, {0, 25, 50, 80, 125}, {100, 100, 125, 215, 550}, "zone"},
               {{}, {250, 250, 550}, {0, 40, 150}, "zone"},
               {{}, {0, 35, 50}, {150, 155, 550}, "zone"},
               {{}, {0, 550}, {0, 550}, "identity"}};
  f.borders[0].y.back() = 550;
  f.borders[0].x.back() = 430;
  f.places = {{{"A", "A"}, 500, 505}, {{"B", "B"}, 340, 505}, {{"B", "B"}, 500, 330},
              {{"C", "C"}, 185, 505}, {{"C", "C"}, 500, 180}, {{"D", "D"}, 90, 505},
              {{"D", "D"}, 500, 60},  {{"E", "E"}, 22, 505}};
  Figure::Series series{{"配对读数", "pairs"}, {}, {}};
  for (int i = 0; i < 600; ++i) {
    const double x = 40 + 400 * noise(i) * noise(i + 77);
    series.x.push_back(x);
    series.y.push_back(x * (1 + 0.22 * (noise(i + 300) + noise(i + 301) - 1)));
  }
  f.series = {series};
  f.note = "n = 600";
  return f;
}

Figure stages_figure() {
  Figure f;
  f.kind = "steps";
  f.title = {"报警状态与设定值", "Alarm state and stimulus"};
  f.x_label = {"时间", "time"};
  f.y_label = {"心率", "heart rate"};
  f.x_unit = "s";
  f.y_unit = "/min";
  f.series = {{{"激励", "stimulus"}, {0, 30, 60, 90, 120, 150}, {70, 96, 104, 98, 92, 92}},
              {{"读数", "reading"}, {0, 31, 61, 75, 91, 122, 150}, {70, 96, 104, 0, 98, 92, 92}}};
  f.series[1].y[3] = std::nan("");
  f.gaps = {{75, 91}};
  f.marks = {{{"报警阈值", "alarm limit"}, 'y', 100, "limit"},
             {{"报警开始", "alarm on"}, 'x', 63},
             {{"报警结束", "alarm off"}, 'x', 124}};
  return f;
}

}  // namespace carebench::test
