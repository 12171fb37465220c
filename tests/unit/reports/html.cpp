#include <sstream>

#include "reports/html/parts.h"
#include "reports/renderer.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/markup_check.h"
#include "tests/support/sample_record.h"

using namespace carebench;
using test::count_of;

BOOST_AUTO_TEST_SUITE(reports_html)

namespace {

const std::vector<std::string> lone = {"meta", "br", "wbr"};

std::string rendered(const RunRecord& record, Language language = Language::zh_cn) {
  const Renderer* html = renderer("html");
  BOOST_REQUIRE(html);
  std::ostringstream out;
  const Result<void> done = html->render(record, language, out);
  BOOST_REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
  return out.str();
}

bool has(const std::string& page, const std::string& part) { return page.find(part) != page.npos; }

std::string escaped(const std::string& text) {
  Markup out;
  out.text(text);
  return out.take();
}

RunRecord signable() {
  RunRecord record = test::sample_record();
  record.simulated = false;
  record.not_signable.clear();
  return record;
}

const Language languages[] = {Language::zh_cn, Language::en};

}  // namespace

BOOST_AUTO_TEST_CASE(is_well_formed_whatever_the_record_holds) {
  for (const Language language : languages)
    for (const RunRecord& record :
         {RunRecord{}, test::sample_record(), test::hostile_record(), signable()}) {
      const std::string page = rendered(record, language);
      BOOST_TEST(test::markup_problem(page, lone) == "");
      BOOST_TEST(valid_utf8(page));
    }
}

BOOST_AUTO_TEST_CASE(needs_nothing_but_itself) {
  for (const Language language : languages) {
    const std::string page = rendered(test::sample_record(), language);
    for (const char* part :
         {"http:", "https:", "src=", "url(", "@import", "<script", "<link", "//"})
      BOOST_TEST(!has(page, part), part);
    BOOST_TEST(has(page, "default-src &#39;none&#39;"));
  }
}

BOOST_AUTO_TEST_CASE(hostile_texts_stay_texts) {
  for (const Language language : languages) {
    const std::string page = rendered(test::hostile_record(), language);
    for (const char* part : {"<script", "<svg onload", " onmouseover=\"", "</style><svg", "\u202E",
                             "\u2066", "\u200B", "\uFEFF", "\x1b", "\x07", "\x7f"})
      BOOST_TEST(!has(page, part));
    BOOST_TEST(page.find('\0') == page.npos);
    BOOST_TEST(count_of(page, "<style>") == 1u);
    for (const std::string& text : test::hostile_texts())
      BOOST_TEST(has(page, escaped(text)), escaped(text));
  }
}

BOOST_AUTO_TEST_CASE(every_step_value_limit_and_judgement_is_printed) {
  const RunRecord record = test::sample_record();
  for (const Language language : languages) {
    const std::string page = rendered(record, language);
    const bool chinese = language == Language::zh_cn;
    for (const StepRecord& step : record.steps) {
      BOOST_TEST(has(page, ">" + step.id + "<"), step.id);
      BOOST_TEST(has(page, escaped(chinese ? step.title.zh : step.title.en)));
      for (const Attempt& attempt : step.attempts) {
        for (const Measurement& m : attempt.measurements) {
          if (const auto* q = std::get_if<Quantity>(&m.value)) {
            BOOST_TEST(has(page, "title=\"" + escaped(value_text(m)) + "\""), value_text(m));
            BOOST_TEST(has(page, ">" + html::with_unit(q->value, q->unit) + "<"));
          } else if (const auto* text = std::get_if<std::string>(&m.value)) {
            BOOST_TEST(has(page, escaped(*text)));
          }
          if (!m.note.empty()) BOOST_TEST(has(page, escaped(m.note)));
        }
        for (const JudgedRecord& judged : attempt.judged) {
          BOOST_TEST(has(page, "title=\"" + escaped(judged.limit.text) + "\""), judged.limit.text);
          BOOST_TEST(has(page, escaped(chinese ? judged.wording.zh : judged.wording.en)));
        }
        for (const std::string& note : attempt.notes) BOOST_TEST(has(page, escaped(note)));
        if (attempt.error) BOOST_TEST(has(page, escaped(attempt.error->message)));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_rest_of_the_record_is_printed_too) {
  const RunRecord record = test::sample_record();
  const std::string page = rendered(record, Language::en);
  for (const InputFile& input : record.given.inputs) {
    BOOST_TEST(has(page, input.sha256));
    BOOST_TEST(has(page, escaped(input.origin)));
  }
  for (const LedgerRow& row : record.ledger) {
    BOOST_TEST(has(page, escaped(row.clause.en)));
    BOOST_TEST(has(page, escaped(row.clause.zh)), "the verbatim clause is missing");
    BOOST_TEST(has(page, row.requirement));
  }
  for (const InstrumentRecord& one : record.instruments) {
    BOOST_TEST(has(page, one.certificate));
    BOOST_TEST(has(page, one.expanded_uncertainty));
  }
  for (const std::string& note : record.notes) BOOST_TEST(has(page, escaped(note)));
  for (const PromptRecord& prompt : record.prompts) BOOST_TEST(has(page, escaped(prompt.answer)));
  for (const Text2& why : record.not_signable) BOOST_TEST(has(page, escaped(why.en)));
  for (const char* part : {"示例健康科技有限公司", "WT-2026-0417", "JC-2026-0417", "2026-11-12",
                           "Debian GNU/Linux 12", "SB3A00917", "temperature", "23.1", "PM-02"})
    BOOST_TEST(has(page, part), part);
  BOOST_TEST(has(page, record.given.evidence_sha256));
  BOOST_TEST(has(page, "frame.packet_id &gt;= 4711 &amp;&amp; frame.packet_id &lt;= 15230"));
}

BOOST_AUTO_TEST_CASE(says_in_words_what_iso_17025_asks_for) {
  const std::string zh = rendered(signable()), en = rendered(signable(), Language::en);
  for (const char* part :
       {"检测报告", "结果仅与被检测的样品有关", "不得部分复制", "报告结束", "签发日期", "收样日期",
        "检测地点", "批准（授权签字人）", "有条件合格", "未能检测"})
    BOOST_TEST(has(zh, part), part);
  for (const char* part : {"Test Report", "relate only to the items tested", "except in full",
                           "End of report", "Date of issue", "Authorised by", "laboratory&#39;s"})
    BOOST_TEST(has(en, part), part);
}

BOOST_AUTO_TEST_CASE(is_in_its_language) {
  const RunRecord record = test::sample_record();
  BOOST_TEST(has(rendered(record, Language::zh_cn), "<html lang=\"zh-CN\">"));
  BOOST_TEST(has(rendered(record, Language::en), "<html lang=\"en\">"));
}

BOOST_AUTO_TEST_CASE(no_text_of_the_tables_is_missing) {
  for (const Language language : languages)
    for (const RunRecord& record : {RunRecord{}, test::sample_record(), signable()})
      BOOST_TEST(!has(rendered(record, language), "[?"));
}

BOOST_AUTO_TEST_CASE(claims_nothing_it_may_not_claim) {
  for (const Language language : languages) {
    std::string page = lower(rendered(signable(), language));
    for (const char* word : {"certified", "passed the catalogue", "认证", "通过目录"})
      BOOST_TEST(!has(page, word), word);
  }
}

BOOST_AUTO_TEST_CASE(a_simulation_is_marked_on_every_part) {
  const RunRecord record = test::sample_record();
  const std::string page = rendered(record);
  BOOST_TEST(count_of(page, "<h2>") == 7u);
  BOOST_TEST(count_of(page, "class=\"simulated\"") == 7u);
  BOOST_TEST(has(page, "class=\"watermark\""));
  BOOST_TEST(has(page, "class=\"simulation\""));
  BOOST_TEST(has(page, "@top-right{content:\"仿真"));
  const std::string real = rendered(signable());
  BOOST_TEST(!has(real, "仿真"));
  BOOST_TEST(!has(real, "class=\"watermark\""));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_signed_has_no_place_to_sign) {
  RunRecord record = test::sample_record();
  BOOST_TEST(!has(rendered(record), "class=\"signatures\""));
  record.not_signable.clear();
  BOOST_TEST(!has(rendered(record), "class=\"signatures\""));
  BOOST_TEST(has(rendered(signable()), "class=\"signatures\""));
}

BOOST_AUTO_TEST_CASE(open_clauses_keep_a_run_without_fails_from_looking_whole) {
  RunRecord record = signable();
  record.exit_code = exit_status::passed;
  record.ledger[0].measured.finding = Finding::without(Reason::not_tested);
  const std::string page = rendered(record, Language::en);
  BOOST_TEST(has(page, "class=\"result exit-open\""));
  BOOST_TEST(has(page, "Applicable clauses without any verdict: 1"));
  record.ledger.clear();
  BOOST_TEST(has(rendered(record), "class=\"result exit-0\""));
}

BOOST_AUTO_TEST_CASE(the_run_id_stands_on_every_part) {
  const RunRecord record = test::sample_record();
  const std::string id = html::run_id(record);
  BOOST_TEST(id == "CB-20261121T093012Z-ef2c5a7be0d1");
  BOOST_TEST(count_of(rendered(record), "<span class=\"id\">" + id) == 7u);
  for (const char c : html::run_id(test::hostile_record()))
    BOOST_TEST((std::isalnum(static_cast<unsigned char>(c)) || c == '-'));
}

BOOST_AUTO_TEST_CASE(the_same_record_gives_the_same_bytes) {
  BOOST_TEST(rendered(test::sample_record()) == rendered(test::sample_record()));
}

BOOST_AUTO_TEST_CASE(tables_and_plots_are_told_to_those_who_do_not_see_them) {
  const std::string page = rendered(test::sample_record(), Language::en);
  BOOST_TEST(count_of(page, "<th>") == 0u);
  BOOST_TEST(count_of(page, "<svg ") == 9u);
  BOOST_TEST(count_of(page, "role=\"img\"") == 9u);
  BOOST_TEST(count_of(page, "<desc ") == 9u);
  BOOST_TEST(has(page, "Empirical distribution, 120 points; x axis latency (ms)"));
}

BOOST_AUTO_TEST_CASE(links_lead_somewhere) {
  const std::string page = rendered(test::sample_record());
  for (std::size_t at = 0; (at = page.find("href=\"#", at)) != page.npos;) {
    at += 7;
    const std::string target = page.substr(at, page.find('"', at) - at);
    BOOST_TEST(count_of(page, "id=\"" + target + "\"") == 1u, target);
  }
}

BOOST_AUTO_TEST_SUITE_END()
