#include "reports/html/sections.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

void hash(Page& page, const std::string& sha256) {
  if (sha256.empty())
    page.out.leaf("span", {{"class", "missing"}}, page.text("course.not_recorded"));
  else
    page.out.leaf("code", {{"class", "hash"}}, sha256);
}

void inputs(Page& page) {
  page.out.leaf("h3", {}, page.text("trace.inputs"));
  Table table(page, "plain inputs", {"trace.role", "trace.origin", "trace.sha256"});
  for (const InputFile& input : page.record.given.inputs) {
    const auto row = page.out.in("tr");
    page.out.leaf("th", {{"scope", "row"}}, page.text.word("input", input.role));
    {
      const auto cell = page.out.in("td");
      page.out.leaf("code", {}, input.path);
      page.out.lone("br");
      raw(page, input.origin);
    }
    const auto cell = page.out.in("td");
    hash(page, input.sha256);
  }
}

void evidence_file(Page& page) {
  const Given& given = page.record.given;
  page.out.leaf("h3", {}, page.text("trace.evidence"));
  Facts facts(page);
  facts.row("trace.file", "evidence.pcapng");
  facts.row("trace.sha256", [&] { hash(page, given.evidence_sha256); });
  facts.row("trace.size", page.text("trace.size_text", {{"bytes", cat(given.evidence_bytes)},
                                                        {"packets", cat(given.evidence_packets)}}));
  if (given.torn_bytes > 0)
    facts.row("trace.torn", page.text("trace.torn_text", {{"bytes", cat(given.torn_bytes)}}));
  facts.row("trace.tool", cat(given.tool, " ", given.version, " ", given.build));
  facts.row("trace.host", cat(given.host, given.system.empty() ? "" : " · ", given.system));
  facts.row("trace.operator", given.operator_name);
  facts.row("trace.exit_code", cat(page.record.exit_code));
}

void opening(Page& page) {
  const auto box = page.out.in("div", {{"id", "open"}, {"class", "open"}});
  page.out.leaf("h3", {}, page.text("trace.open"));
  paragraph(page, "plain", page.text("trace.open_text"));
  page.out.leaf("pre", {},
                "tshark -r evidence.pcapng -V \\\n"
                "  -Y 'frame.packet_id >= 4711 && frame.packet_id <= 4712'");
  paragraph(page, "plain", page.text("trace.verify_text"));
  page.out.leaf("pre", {}, "carebench verify .");
}

}  // namespace

void trace(Page& page) {
  const Section section(page, "trace");
  evidence_file(page);
  inputs(page);
  opening(page);
}

}  // namespace carebench::html
