#include "reports/html/job.h"
#include "reports/html/sections.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

struct Row {
  std::string_view key;
  std::initializer_list<std::string_view> paths;  // in the job, where laboratories may put it
};

// ISO/IEC 17025:2017, 7.8.2.1 c, h, j, k, n, p: what only a person can tell.
const std::initializer_list<Row> rows = {
    {"identity.location", {"location", "laboratory.location", "laboratory.address"}},
    {"identity.received", {"order.received", "received", "samples_received"}},
    {"identity.issued", {"issued", "report.issued", "order.issued"}},
    {"identity.sampling", {"sampling", "order.sampling"}},
    {"identity.condition", {"condition", "order.condition", "product.condition"}},
    {"identity.deviations", {"deviations", "order.deviations"}},
    {"identity.external", {"external", "external_providers", "order.external"}}};

void signature(Page& page) {
  const auto box = page.out.in("div", {{"class", "signatures"}});
  for (const std::string_view role :
       {"signature.tested", "signature.checked", "signature.authorised"}) {
    const auto field = page.out.in("div");
    page.out.leaf("span", {{"class", "role"}}, page.text(role));
    page.out.leaf("span", {{"class", "line"}},
                  role == "signature.tested" ? page.record.given.operator_name : std::string());
  }
}

}  // namespace

void identification(Page& page) {
  const RunRecord& record = page.record;
  const Section section(page, "identification");
  {
    Facts facts(page);
    facts.row("identity.run", page.run_id);
    facts.row("identity.method_full", [&] {
      page.out.text(
          cat(record.profile, " ", record.profile_version, page.text("report.separator")));
      page.out.leaf("code", {{"class", "hash"}}, "SHA-256 " + record.profile_sha256);
    });
    facts.row("identity.tool",
              cat(record.given.tool, " ", record.given.version,
                  record.given.build.empty() ? "" : cat(" (", record.given.build, ")")));
    for (const Row& row : rows) {
      const Json* found = &record.job["\n"];
      for (const std::string_view path : row.paths)
        if (found->is_null()) found = &job_at(record.job, {path});
      facts.row(row.key, told(*found, page.text));
    }
    facts.row("identity.decision_rule", record.decision_rule.empty()
                                            ? page.text("rule.none_named")
                                            : page.text.word("rule_name", record.decision_rule));
    facts.row("identity.operators",
              told(job_at(record.job, {"operators", "operator"}), page.text).empty()
                  ? record.given.operator_name
                  : told(job_at(record.job, {"operators", "operator"}), page.text));
  }
  {
    const auto list = page.out.in("ul", {{"class", "statements"}});
    for (const std::string_view key :
         {"statement.items", "statement.copy", "statement.received", "statement.customer_data",
          "statement.conformity", "statement.listing"})
      page.out.leaf("li", {}, page.text(key));
    if (record.simulated) page.out.leaf("li", {}, page.text("statement.simulation"));
  }
  if (record.not_signable.empty() && !record.simulated)
    signature(page);
  else
    paragraph(page, "empty", page.text("signature.none"));
}

}  // namespace carebench::html
