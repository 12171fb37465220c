#include "probes/gatt/reading.h"

#include <algorithm>

namespace carebench {

bool Reading::found(const ValueFinding& finding) const {
  return std::ranges::find(findings(), &finding) != findings().end();
}

void Reading::find(const ValueFinding& finding) {
  if (finding_count_ < most_findings && !found(finding)) findings_[finding_count_++] = &finding;
}

namespace findings {

using enum ValueFinding::Severity;
const ValueFinding trailing_octets{
    note,
    "trailing_octets",
    {"保留标志置位，其后有多余字节", "octets follow that reserved flags announce"}};
const ValueFinding unannounced_octets{
    violation,
    "unannounced_octets",
    {"有标志未声明的多余字节", "octets follow that no flag announces"}};
const ValueFinding rfu_flags{note, "rfu_flags", {"保留标志位置位", "reserved flag bits are set"}};
const ValueFinding rfu_value{violation, "rfu_value", {"取值为保留代码", "a code is reserved"}};
const ValueFinding out_of_range{
    violation, "out_of_range", {"取值超出规定范围", "a value is outside its range"}};
const ValueFinding wrong_direction{
    violation, "wrong_direction", {"传输方向错误", "the value travels the wrong way"}};
const ValueFinding wrong_method{
    violation, "wrong_method", {"通知与指示用错", "notified instead of indicated, or the reverse"}};
const ValueFinding unit_flip{
    violation, "unit_flip", {"单位与前一条记录不同", "the unit differs from the record before"}};
const ValueFinding bad_utf8{
    violation, "bad_utf8", {"文本不是有效的 UTF-8", "the text is not UTF-8"}};

}  // namespace findings

}  // namespace carebench
