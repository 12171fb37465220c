#include <array>

#include "reports/html/job.h"
#include "reports/html/sections.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

struct Row {
  std::string_view key;
  std::array<std::string_view, 3> paths;  // in the job, where laboratories may put it
};

// ISO/IEC 17025:2017, 7.8.2.1 c, h, j, k, n, p: what only a person can tell.
constexpr std::array rows = {
    Row{"identity.location", {"location", "laboratory.location", "laboratory.address"}},
    Row{"identity.received", {"order.received", "received", "samples_received"}},
    Row{"identity.issued", {"issued", "report.issued", "order.issued"}},
    Row{"identity.sampling", {"sampling", "order.sampling"}},
    Row{"identity.condition", {"condition", "order.condition", "product.condition"}},
    Row{"identity.deviations", {"deviations", "order.deviations"}},
    Row{"identity.external", {"external_results", "order.external_results"}}};

void signature(Page& page) {
  const auto box = page.out.in("div", {{"class", "signatures"}});
  for (const std::string_view role :
       {"signature.tested", "signature.checked", "signature.authorised"}) {
    const auto field = page.out.in("div");
    page.out.leaf("span", {{"class", "role"}}, page.text(role));
    std::string name;
    if (role == "signature.tested") name = page.record.given.operator_name;
    if (role == "signature.authorised") name = told(page.record.job["authorised_by"], page.text);
    page.out.leaf("span", {{"class", "line"}}, name);
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
    facts.row_if("identity.method_notes", told(record.job["method"], page.text));
    facts.row_if("identity.job", told(record.job["id"], page.text));
    for (const auto& [key, paths] : rows)
      facts.row(key, told(job_at(record.job, {paths[0], paths[1], paths[2]}), page.text));
    const std::string r = record.guard_factor ? cat(" (r = ", *record.guard_factor, ")") : "";
    facts.row("identity.decision_rule",
              record.decision_rule.empty() ? page.text("rule.none_named")
                                           : page.text.word("rule_name", record.decision_rule) + r);
    const std::string operators = told(job_at(record.job, {"operators", "operator"}), page.text);
    facts.row("identity.operators", operators.empty() ? record.given.operator_name : operators);
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
