#include "tests/support/sample_record.h"

namespace carebench::test {
namespace {

constexpr std::string_view some_hash =
    "9f2c5a7be0d14c38a1b6f0e2d4c7985b3a6e1f0c2d4b7a98e5f3c1d0b2a49687";

Json object(std::initializer_list<Json::Member> members) { return Json(Json::Object(members)); }

Json job() {
  Json laboratory = object({{"name", "示例检测实验室"},
                            {"address", "上海市示例路 1 号"},
                            {"contact", "+86 21 0000 0000"}});
  Json customer = object({{"name", "示例健康科技有限公司"},
                          {"address", "杭州市样品路 2 号"},
                          {"contact", "quality@example.org"}});
  Json order = object(
      {{"number", "WT-2026-0417"}, {"received", "2026-11-12"}, {"report_number", "JC-2026-0417"}});
  Json temperature = object({{"value", 23.1}, {"unit", "Cel"}, {"u", 0.3}});
  Json humidity = object({{"value", 46}, {"unit", "%"}});
  Json capabilities = Json::array();
  for (const char* one : {"heart_rate", "respiration", "bed_exit"}) capabilities.push(one);
  return object({{"laboratory", laboratory},
                 {"customer", customer},
                 {"order", order},
                 {"product", object({{"name", "睡眠监测带"}, {"model", "SB-3"}})},
                 {"environment", object({{"temperature", temperature}, {"humidity", humidity}})},
                 {"declaration", object({{"capabilities", capabilities},
                                         {"claims", "心率 ±3 次/min（30–150 次/min）"}})},
                 {"operators", "王检测"},
                 {"deviations", "无"}});
}

Given given() {
  Given g;
  g.tool = "carebench";
  g.version = "0.1.0";
  g.build = "g++ 12.2.0, revision 0123abcd";
  g.host = "bench-3";
  g.system = "Debian GNU/Linux 12, Linux 6.1.0";
  g.operator_name = "王检测";
  g.started = "2026-11-21T09:30:12Z";
  g.ended = "2026-11-21T10:41:55Z";
  g.inputs = {{"inputs/profile.yaml", "shipped:profiles/examples/sleep-monitor.yaml", "profile",
               std::string(some_hash)},
              {"inputs/job.yaml", "/home/lab/jobs/WT-2026-0417.yaml", "job",
               "1" + std::string(some_hash.substr(1))},
              {"inputs/limits-sleep.yaml", "shipped:standards/limits/sleep.yaml", "limits",
               "2" + std::string(some_hash.substr(1))}};
  g.evidence_sha256 = "e" + std::string(some_hash.substr(1));
  g.evidence_bytes = 4812344;
  g.evidence_packets = 61284;
  g.torn_bytes = 96;
  return g;
}

LedgerCell cell(Finding finding, std::vector<std::string> steps, Text2 reason = {}) {
  return {finding, std::move(steps), std::move(reason)};
}

LedgerRow row(std::string id, Text2 clause, Text2 means, std::vector<std::string> kinds) {
  LedgerRow out;
  out.requirement = "miit-2024/" + std::move(id);
  out.clause = std::move(clause);
  out.failure_means = std::move(means);
  out.kinds = std::move(kinds);
  for (LedgerCell* one : {&out.measured, &out.probed, &out.attested, &out.calculated})
    *one = cell(Finding::without(Reason::not_applicable), {},
                {"此类结果不能判定该条款", "this kind of result cannot settle the clause"});
  for (const std::string& kind : out.kinds) {
    LedgerCell& one = kind == "measured"   ? out.measured
                      : kind == "probed"   ? out.probed
                      : kind == "attested" ? out.attested
                                           : out.calculated;
    one = cell(Finding::without(Reason::not_tested), {},
               {"没有步骤或证明涉及该条款", "no step and no attestation covers it"});
  }
  return out;
}

std::vector<LedgerRow> ledger() {
  const std::string note =
      "原表“基本要求”一栏按 1.1 至 6 共用的合并单元格理解 / the basic requirements are read as one "
      "merged cell over 1.1 to 6";
  LedgerRow identifier =
      row("product/identifier",
          {"具备独立的设备标识码", "has an independent device identification code"},
          {"平台上无法区分各台设备", "units cannot be told apart on a platform"},
          {"measured", "attested"});
  identifier.applies_note = note;
  identifier.measured = cell(Finding::of(Verdict::fail), {"ID-1 (dut)", "ID-1 (dut#2)", "ID-2"});
  LedgerRow real_time =
      row("product/real-time", {"具备数据实时传输能力", "can transmit data in real time"},
          {"数据迟到或丢失，照护人员看到的不是当前状态",
           "data arrives late or never, carers do not see the present state"},
          {"measured", "probed"});
  real_time.applies_note = note;
  real_time.measured = cell(Finding::of(Verdict::pass), {"TR-1 (dut)", "LAT-1 (dut)"});
  LedgerRow safety = row(
      "product/electrical-safety",
      {"符合电气安全等国家标准要求", "meets national standards on electrical safety and others"},
      {"设备可能伤人", "the device may hurt people"}, {"attested"});
  safety.attested =
      cell(Finding::of(Verdict::pass), {},
           {"报告 CQ-2026-118，有效期至 2028-03-01", "report CQ-2026-118, until 2028-03-01"});
  LedgerRow indicators =
      row("3.2/indicators", {"并符合相关标准", "and comply with relevant standards"},
          {"测得的指标不可信", "the indicators cannot be relied on"},
          {"measured", "probed", "attested", "calculated"});
  indicators.measured =
      cell(Finding::without(Reason::error), {"ACC-1 (dut)", "ACC-2 (dut)", "SEC-1 (dut)"},
           {"一个步骤未能检测", "one step could not be tested"});
  indicators.calculated = cell(Finding::of(Verdict::inconclusive), {"ACC-2 (dut)"});
  LedgerRow warning =
      row("product/warning",
          {"具备趋势分析、智能预警能力", "can analyse trends and give intelligent warnings"},
          {"恶化时无人得到提醒", "nobody is warned of a decline"}, {"measured"});
  warning.applicable = false;
  warning.measured = cell(Finding::without(Reason::not_applicable), {},
                          {"送检方未声明该功能", "the vendor does not declare the capability"});
  return {identifier, real_time, safety, indicators, warning};
}

}  // namespace

RunRecord sample_record() {
  RunRecord r;
  r.given = given();
  r.profile = "sleep-monitor";
  r.profile_version = "1.0";
  r.profile_sha256 = some_hash;
  r.title = {"智能看护设备（睡眠监测带）", "Smart care device (sleep monitoring belt)"};
  r.scope = "miit-2024/3.2";
  r.catalogue_id = "miit-2024";
  r.catalogue_title = {"智慧健康养老产品及服务推广目录（2024年版）分类",
                       "Categories of the Catalogue for the Promotion of Smart Health and "
                       "Eldercare Products and Services (2024 edition)"};
  r.job = job();
  r.decision_rule = "guarded_nonbinary";
  r.simulated = true;
  r.not_signable = {{"含有虚拟设备的数据", "it holds data of a virtual device"},
                    {"参考仪器 PM-02 的校准已过期", "reference instrument PM-02 is overdue"}};
  r.state = "complete";
  r.given.segments = {
      {"2026-11-21T09:30:12Z", "", 1, 30211, {0}, {2'100'000'000'000}, "not recorded"},
      {"2026-11-21T10:08:40Z",
       "2026-11-21T10:41:55Z",
       30212,
       61284,
       {2'308'000'000'000},
       {4'303'000'000'001},
       "complete"}};
  Json facts = object({{"baud", 115200}, {"mode", "8N1"}, {"latency_timer_ms", 1}});
  r.samples = {
      {"dut", "sim:sleep-belt", "under_test", "SB3A00917", "SB-3", "S-1", facts},
      {"dut#2", "sim:sleep-belt?fault=same_id", "under_test", "SB3A00918", "SB-3", "S-2", facts},
      {"reference", "serial:/dev/ttyUSB1", "reference", "", "PM-100", "", {}}};
  r.instruments = {
      {"PM-01", "多参数监护仪校准器", "PM-2203", "JZ-2026-0311", "示例计量院", "2026-03-11",
       "2027-03-10", "heart rate", "0.3 /min (k = 2)", "60 /min: error 0.1, U 0.3", "valid"},
      {"PM-02", "Respiration simulator", "", "JZ-2025-1102", "示例计量院", "2025-11-02",
       "2026-11-01", "respiration rate", "0.2 /min (k = 2)", "", "overdue"}};
  r.steps = sample_steps();
  r.ledger = ledger();
  r.prompts = {
      {"ACC-1 (dut)", "将模拟器设为 60 次/min", "done", {61'000'000'000}, {75'250'000'000}}};
  r.notes = {"gap of 208 s between segment 1 and segment 2",
             "safe action: disconnect dut (end of step ACC-1)"};
  r.errors = {{Errc::not_ready,
               Blame::bench,
               "instrument PM-02: calibration was due 2026-11-01",
               {"inputs/job.yaml", 31, 5},
               "    due: 2026-11-01\n         ^"}};
  for (const StepRecord& step : r.steps) r.tally.add(step.finding);
  r.exit_code = r.tally.exit_code();
  return r;
}

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts = {
      "</td></tr></table><script>alert(1)</script>",
      "\" onmouseover=\"alert(2)\" x='",
      "javascript:alert(3)&amp;&#60;",
      std::string("a\0b\x07\x1b[31mred\x7f", 13),
      "user\u202Etxt.exe\u2066\u200B\uFEFF",
      "\xff\xfe\xc0\xaf bad octets",
      "]]></testcase><!-- --></style><svg onload=alert(4)>",
      "\uFFFE\uFFFF {number} [?key]"};
  return texts;
}

RunRecord hostile_record() {
  RunRecord r = sample_record();
  std::string all;
  for (const std::string& text : hostile_texts()) all += text + "\n";
  r.profile = r.profile_version = r.profile_sha256 = r.scope = r.decision_rule = r.state = all;
  r.title = r.catalogue_title = {all, all};
  r.given.started = r.given.ended = r.given.host = r.given.version = r.given.evidence_sha256 = all;
  r.given.operator_name = r.given.tool = all;
  for (InputFile& input : r.given.inputs) input = {all, all, all, all};
  for (SampleRecord& s : r.samples) s.name = s.address = s.serial = s.model = s.role = all;
  for (InstrumentRecord& i : r.instruments)
    i.name = i.state = i.due = i.certificate = i.points = i.serial = all;
  for (LedgerRow& row : r.ledger) row.requirement = row.applies_note = row.clause.zh = all;
  for (PromptRecord& p : r.prompts) p.step = p.answer = p.purpose = all;
  r.job.set("laboratory", all).set(all, all).set("environment", all);
  r.notes.push_back(all);
  r.errors.push_back({Errc::lost, Blame::tool, all, {all, 1, 1}, all});
  for (StepRecord& step : r.steps) {
    step.check = step.requirement = all;
    step.devices = {all};
    for (Attempt& attempt : step.attempts) {
      attempt.state = all;
      attempt.notes = {all};
      attempt.unfit = {{all, all}};
      for (Measurement& m : attempt.measurements) {
        m.note = all;
        for (UncertaintyComponent& one : m.budget) {
          one.name = {all, all};
          one.source = one.instrument = all;
        }
        if (m.reported) m.reported = {all, all};
        if (std::holds_alternative<std::string>(m.value)) m.value = all;
      }
      for (JudgedRecord& j : attempt.judged) {
        j.limit.source = j.limit.source_kind = j.limit.status = j.rule = all;
        j.wording = j.no_statement = {all, all};
      }
      for (Figure& f : attempt.figures) {
        f.title = f.x_label = {all, all};
        f.y_unit = all;
        for (Figure::Mark& mark : f.marks) mark.label = {all, all};
      }
    }
  }
  return r;
}

}  // namespace carebench::test
