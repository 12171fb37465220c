#include "standards/quantity_name.h"

#include <algorithm>
#include <array>

namespace carebench {
namespace {

constexpr std::array names = {
    QuantityName{"blood_pressure", "血压", "blood pressure", "mm[Hg]", ""},
    QuantityName{"systolic", "收缩压", "systolic blood pressure", "mm[Hg]", ""},
    QuantityName{"diastolic", "舒张压", "diastolic blood pressure", "mm[Hg]", ""},
    QuantityName{"mean_arterial_pressure", "平均动脉压", "mean arterial pressure", "mm[Hg]", ""},
    QuantityName{"blood_pressure_change_error", "血压变化相对误差",
                 "relative error of changes of blood pressure", "%", ""},
    QuantityName{"blood_pressure_increment", "血压显示分度",
                 "displayed increment of blood pressure", "mm[Hg]", ""},
    QuantityName{"cuff_pressure", "袖带压力", "cuff pressure", "mm[Hg]", ""},
    QuantityName{"pressure_leakage", "漏气率", "pressure leakage", "mm[Hg]/min", ""},
    QuantityName{"exhaust_time", "放气时间", "exhaust time", "s", ""},
    QuantityName{"heart_rate", "心率", "heart rate", "/min", ""},
    QuantityName{"pulse_rate", "脉率", "pulse rate", "/min", ""},
    QuantityName{"respiration_rate", "呼吸率", "respiration rate", "/min", ""},
    QuantityName{"spo2", "血氧饱和度", "oxygen saturation SpO2", "%", ""},
    QuantityName{"spo2_range", "血氧测量范围", "measuring range of SpO2", "%", ""},
    QuantityName{"body_temperature", "体温", "body temperature", "Cel", ""},
    QuantityName{"skin_temperature", "皮肤温度", "skin temperature", "Cel", ""},
    QuantityName{"blood_glucose", "血糖", "blood glucose", "mg/dL", "mmol/L"},
    QuantityName{"lot_difference", "批间差", "difference between lots", "%", ""},
    QuantityName{"uric_acid", "尿酸", "uric acid", "mg/dL", "umol/L"},
    QuantityName{"total_cholesterol", "总胆固醇", "total cholesterol", "mg/dL", "mmol/L"},
    QuantityName{"triglycerides", "甘油三酯", "triglycerides", "mg/dL", "mmol/L"},
    QuantityName{"hdl_cholesterol", "高密度脂蛋白胆固醇", "HDL cholesterol", "mg/dL", "mmol/L"},
    QuantityName{"ldl_cholesterol", "低密度脂蛋白胆固醇", "LDL cholesterol", "mg/dL", "mmol/L"},
    QuantityName{"body_mass", "体重", "body mass", "kg", "{e}"},
    QuantityName{"body_height", "身高", "stature", "cm", ""},
    QuantityName{"body_fat", "体脂率", "body fat", "%", ""},
    QuantityName{"scale_interval", "检定分度值", "verification scale interval", "g", ""},
    QuantityName{"smallest_load", "最小称量", "smallest load", "{e}", "kg"},
    QuantityName{"step_count", "步数", "step count", "{step}", ""},
    QuantityName{"ecg_frequency_response", "心电频率响应", "ECG frequency response", "%", ""},
    QuantityName{"ecg_frequency_response_error", "心电频率响应偏差",
                 "deviation of the ECG frequency response", "%", ""},
    QuantityName{"gain_error", "增益误差", "gain error", "%", ""},
    QuantityName{"ecg_noise", "心电噪声", "ECG noise", "uV", ""},
    QuantityName{"ecg_dynamic_range", "心电动态范围", "ECG dynamic range", "mV", ""},
    QuantityName{"ecg_dc_offset", "心电直流偏置", "ECG DC offset", "mV", ""},
    QuantityName{"ecg_interval", "心电间期", "ECG interval", "ms", ""},
    QuantityName{"common_mode_rejection", "共模抑制", "common mode rejection", "dB", ""},
    QuantityName{"input_impedance", "输入阻抗", "input impedance", "MOhm", ""},
    QuantityName{"beats", "心搏", "beats", "1", ""},
    QuantityName{"atrial_fibrillation", "房颤", "atrial fibrillation", "1", ""},
    QuantityName{"sleep_epochs", "睡眠分期", "sleep epochs", "1", ""},
    QuantityName{"total_sleep_time", "总睡眠时间", "total sleep time", "min", ""},
    QuantityName{"sleep_onset_latency", "入睡潜伏期", "sleep onset latency", "min", ""},
    QuantityName{"wake_after_sleep_onset", "入睡后清醒时间", "wake after sleep onset", "min", ""},
    QuantityName{"sleep_efficiency", "睡眠效率", "sleep efficiency", "%", ""},
    QuantityName{"apnoea_hypopnoea_index", "呼吸暂停低通气指数", "apnoea-hypopnoea index", "/h",
                 ""},
    QuantityName{"falls", "跌倒", "falls", "1", ""},
    QuantityName{"bed_exits", "离床", "bed exits", "1", ""},
    QuantityName{"geofence_exits", "越界", "geofence exits", "1", ""},
    QuantityName{"latency", "时延", "latency", "s", ""},
    QuantityName{"response_time", "响应时间", "response time", "s", ""},
    QuantityName{"stop_time", "停止时间", "stop time", "s", ""},
    QuantityName{"time_to_first_fix", "首次定位时间", "time to first fix", "s", ""},
    QuantityName{"duration", "持续时间", "duration", "h", ""},
    QuantityName{"availability", "可用率", "availability", "%", ""},
    QuantityName{"horizontal_error", "水平定位误差", "horizontal position error", "m", ""},
    QuantityName{"indoor_position_error", "室内定位误差", "indoor position error", "m", ""},
    QuantityName{"noise", "噪声", "noise", "dB", ""},
    QuantityName{"speed", "速度", "speed", "mm/s", ""},
    QuantityName{"angle", "角度", "angle", "deg", ""},
    QuantityName{"gap", "间隙", "gap", "mm", ""},
    QuantityName{"speed_of_sound", "声速", "speed of sound", "m/s", ""},
    QuantityName{"acoustic_frequency", "声工作频率", "acoustic working frequency", "MHz", ""},
    QuantityName{"battery_current", "电池电流", "battery current", "mA", ""},
    QuantityName{"ospl90", "OSPL90", "OSPL90", "dB", ""},
    QuantityName{"ospl90_deviation", "OSPL90 与声明值之差", "OSPL90, deviation from declared", "dB",
                 ""},
    QuantityName{"hfa_ospl90_deviation", "HFA-OSPL90 与声明值之差",
                 "HFA-OSPL90, deviation from declared", "dB", ""},
    QuantityName{"full_on_gain_deviation", "满档增益与声明值之差",
                 "full-on gain, deviation from declared", "dB", ""},
    QuantityName{"response_deviation", "频率响应与声明值之差",
                 "frequency response, deviation from declared", "dB", ""},
    QuantityName{"equivalent_input_noise", "等效输入噪声", "equivalent input noise", "dB", ""},
    QuantityName{"self_noise", "自噪声", "self-generated noise", "dB", ""},
    QuantityName{"total_harmonic_distortion", "总谐波失真", "total harmonic distortion", "%", ""},
    QuantityName{"band_low", "频带下限", "lower end of the band", "Hz", ""},
    QuantityName{"band_high", "频带上限", "upper end of the band", "Hz", ""},
    QuantityName{"icon_size", "图标尺寸", "icon size", "mm", ""},
    QuantityName{"text_size", "字号", "text size", "{dp}", ""},
    QuantityName{"touch_target", "可点击区域", "touch target", "{dp}", ""},
    QuantityName{"contrast_ratio", "对比度", "contrast ratio", "1", ""},
    QuantityName{"line_spacing", "行距", "line spacing", "1", ""},
    QuantityName{"screen_magnification", "屏幕放大", "screen magnification", "%", ""},
    QuantityName{"functions", "功能数", "number of functions", "1", ""},
};

}  // namespace

bool QuantityName::takes(Unit of) const {
  const auto same = [of](std::string_view code) {
    const auto known = Unit::parse(code);
    return known && of.same_dimension(*known);
  };
  return same(unit) || (!other_unit.empty() && same(other_unit));
}

const QuantityName* find_quantity_name(std::string_view id) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [id](const QuantityName& name) { return name.id == id; });
  return found == names.end() ? nullptr : &*found;
}

}  // namespace carebench
