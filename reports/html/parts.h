// The small parts that every section of the report is made of.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/html/markup.h"
#include "reports/html/numbers.h"
#include "reports/html/texts.h"
#include "standards/vocab/run_record.h"

namespace carebench::html {

// One report under construction.
struct Page {
  const RunRecord& record;
  const Texts& text;
  std::string run_id;
  Markup out = {};
  int sections = 0, figures = 0;
};

// Names the run on every part of the report: start time and the head of the evidence's hash. Only
// letters, digits and '-', whatever the record holds.
std::string run_id(const RunRecord& record);

// A numbered section with its heading, the run id and, where due, the mark of a simulation.
class Section {
 public:
  Section(Page& page, std::string_view key);  // title: text "section.<key>"; anchor: the key

 private:
  Markup::Element element_;
};

// A table with a head row; the columns are text keys. Add rows with page.out.in("tr").
class Table {
 public:
  Table(Page& page, std::string_view kind, std::initializer_list<std::string_view> columns);

 private:
  Markup::Element scroll_, table_;
  std::optional<Markup::Element> body_;
};

// Rows of a name and a value.
class Facts {
 public:
  explicit Facts(Page& page, std::string_view kind = "facts");
  void row(std::string_view key, const std::string& value);  // says "not stated" where it is ""
  void row_if(std::string_view key, const std::string& value);
  void named(const std::string& name, const std::string& value);  // a name that is data
  void row(std::string_view key, const std::function<void()>& value);

 private:
  Page& page_;
  Markup::Element table_, body_;
};

void badge(Page& page, const Finding& finding);
void quantity(Page& page, std::string_view text);    // never broken between number and unit
void evidence(Page& page, const SeqRange& range);    // "#4711–4712", linked to how to open it
void raw(Page& page, std::string_view device_text);  // what came from outside, set apart
void paragraph(Page& page, std::string_view kind, std::string_view text);
void error(Page& page, const Error& error);
// "ACC-1 (dut#2)", linked to the step where there is one.
void step_link(Page& page, std::string_view step);

std::string step_anchor(std::size_t index);
std::string clause_anchor(std::size_t index);
std::string step_name(const StepRecord& step);  // "ACC-1 (dut#2)"

}  // namespace carebench::html
