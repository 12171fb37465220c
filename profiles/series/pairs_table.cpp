#include "profiles/series/pairs_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "profiles/series/csv.h"
#include "standards/vocab/glucose.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_rows = 20'000'000, longest_name = 200, most_notes = 50;

enum class Column {
  subject,
  device,
  reference,
  lot,
  time,
  sex,
  age,
  cuff,
  stratum,
  unit,
  exclude,
  added,
  none
};
constexpr std::size_t columns = static_cast<std::size_t>(Column::none);

struct Name {
  std::string_view text;
  Column column;
};
constexpr std::array names = {
    Name{"subject", Column::subject},
    Name{"受试者", Column::subject},
    Name{"受试者编号", Column::subject},
    Name{"device", Column::device},
    Name{"设备", Column::device},
    Name{"被测值", Column::device},
    Name{"reference", Column::reference},
    Name{"参考", Column::reference},
    Name{"参考值", Column::reference},
    Name{"lot", Column::lot},
    Name{"批号", Column::lot},
    Name{"time", Column::time},
    Name{"时间", Column::time},
    Name{"sex", Column::sex},
    Name{"性别", Column::sex},
    Name{"age", Column::age},
    Name{"年龄", Column::age},
    Name{"cuff", Column::cuff},
    Name{"袖带", Column::cuff},
    Name{"stratum", Column::stratum},
    Name{"分层", Column::stratum},
    Name{"unit", Column::unit},
    Name{"单位", Column::unit},
    Name{"exclude", Column::exclude},
    Name{"排除", Column::exclude},
    Name{"added", Column::added},
    Name{"附加砝码", Column::added},
};

struct Heading {
  Column column = Column::none;
  std::optional<Unit> unit;
};

class TableReader {
 public:
  TableReader(std::string_view text, std::string_view file, const PairsOptions& options,
              PairsTable& table)
      : reader_(text, file), options_(options), table_(table) {
    table_.unit = options.unit;
    table_.glucose = options.glucose;
  }

  Result<void> read() {
    auto header = reader_.next(cells_);
    if (!header) return tl::unexpected(header.error());
    if (!*header) return refuse({{}, 1}, "the file is empty: its first line names the columns");
    if (auto known = read_header(); !known) return known;
    if (reader_.separator() != ',')
      note(reader_.separator() == ';' ? "cells are separated by semicolons"
                                      : "cells are separated by tabs");
    while (true) {
      auto more = reader_.next(cells_);
      if (!more) return tl::unexpected(more.error());
      if (!*more) break;
      if (++rows_ > most_rows) return refuse({{}, 1}, cat("more than ", most_rows, " lines"));
      if (auto taken = read_row(); !taken) return taken;
    }
    if (table_.device.empty()) return refuse({{}, 1}, "the file holds no pair of readings");
    return conclude();
  }

 private:
  tl::unexpected<Error> refuse(const csv::Cell& cell, std::string message) const {
    return tl::unexpected<Error>(reader_.error(cell, std::move(message)));
  }
  void note(std::string text) {
    if (table_.notes.size() < most_notes) table_.notes.push_back(std::move(text));
  }

  // "device (mmol/L)", "reference [mg/dL]": a unit may stand behind the name.
  Result<void> read_header() {
    std::array<bool, columns> seen{};
    for (const csv::Cell& cell : cells_) {
      std::string_view name = cell.text;
      Heading heading;
      if (const auto open = name.find_first_of("(["); open != std::string_view::npos) {
        const std::string_view unit = name.substr(open + 1, name.size() - open - 2);
        heading.unit = unit_in_a_table(unit);
        if (!heading.unit || (name.back() != ')' && name.back() != ']'))
          return refuse(cell, cat("\"", printable(unit), "\" is no unit known here"));
        name = trim(name.substr(0, open));
      }
      const std::string small = lower(name);
      const auto found = std::find_if(names.begin(), names.end(),
                                      [&](const Name& known) { return known.text == small; });
      if (found != names.end()) {
        heading.column = found->column;
        bool& there = seen[static_cast<std::size_t>(heading.column)];
        if (there) return refuse(cell, cat("the column \"", printable(name), "\" is there twice"));
        there = true;
      } else {
        note(cat("the column \"", printable(cell.text), "\" was not used"));
      }
      headings_.push_back(heading);
    }
    for (const Column must : {Column::subject, Column::device, Column::reference})
      if (!seen[static_cast<std::size_t>(must)])
        return refuse({{}, 1}, "the first line must name the columns subject, device, reference");
    const auto has = [&](Column column) { return seen[static_cast<std::size_t>(column)]; };
    has_ = seen;
    table_.has_sex = has(Column::sex);
    table_.has_age = has(Column::age);
    table_.has_cuff = has(Column::cuff);
    return {};
  }

  bool has(Column column) const { return has_[static_cast<std::size_t>(column)]; }
  const csv::Cell& cell(Column column) const { return row_[static_cast<std::size_t>(column)]; }

  Result<void> read_row() {
    if (cells_.size() != headings_.size())
      return refuse(cells_.back(), cat("this line has ", cells_.size(), " cells, the first one ",
                                       headings_.size()));
    units_ = {};
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (headings_[i].column == Column::none) continue;
      row_[static_cast<std::size_t>(headings_[i].column)] = cells_[i];
      units_[static_cast<std::size_t>(headings_[i].column)] = headings_[i].unit;
    }
    if (cell(Column::subject).text.empty())
      return refuse(cell(Column::subject), "no subject: every reading belongs to somebody");
    for (const Column column : {Column::subject, Column::lot, Column::stratum})
      if (cell(column).text.size() > longest_name)
        return refuse(cell(column), cat("longer than ", longest_name, " octets"));
    if (has(Column::exclude) && !cell(Column::exclude).text.empty())
      return leave_out(cat("excluded by the study: ", printable(cell(Column::exclude).text)));
    std::optional<double> device, reference, added;
    for (const auto& [column, value] :
         {std::pair{Column::device, &device}, std::pair{Column::reference, &reference}}) {
      if (auto taken = reading(column, *value); !taken) return taken;
    }
    if (!device || !reference) return leave_out(why_);
    if (has(Column::added)) {
      if (auto taken = reading(Column::added, added); !taken) return taken;
      if (!added) return refuse(cell(Column::added), "no number: how much weight was added?");
      table_.added.push_back(*added);
    }
    return take(*device, *reference);
  }

  Result<void> leave_out(const std::string& why) {
    ++table_.left_out;
    ++reasons_[why];
    return {};
  }

  // In the table's unit; nothing for what is no number.
  Result<void> reading(Column column, std::optional<double>& value) {
    const csv::Cell& from = cell(column);
    const bool device = column == Column::device;
    const auto number = parse(from);
    if (!number) return tl::unexpected(number.error());
    if (!*number) {
      const std::string_view what = device ? "the device" : "the reference";
      why_ = from.text.empty() ? cat("no reading of ", what)
                               : cat("no number of ", what, ": \"", printable(from.text), "\"");
      return {};
    }
    auto converted = convert(**number, column);
    if (!converted) return tl::unexpected(converted.error());
    if (*converted < 0 && !options_.signed_scale)
      return refuse(from, cat(from.text, " is below zero: this quantity cannot be"));
    if (std::abs(*converted) > 1e9) return refuse(from, cat(from.text, " is no possible value"));
    value = *converted;
    return {};
  }

  Result<std::optional<double>> parse(const csv::Cell& from) {
    std::string text(from.text);
    const auto comma = text.find(',');
    const bool point = text.find('.') != std::string::npos;
    if (comma != std::string::npos) {
      if (point || text.find(',', comma + 1) != std::string::npos)
        return refuse(from, "commas and points in one number: write it with one decimal point");
      text[comma] = '.';
    }
    const auto number = parse_double(text);
    if (!number || !std::isfinite(*number)) return std::optional<double>();
    if (comma != std::string::npos) {
      ++commas_;
      if (text.size() - comma != 4) clear_commas_ = true;  // not three digits behind it
      if (!first_comma_.column) first_comma_ = from, comma_line_ = reader_.line();
    }
    points_ += point;
    return std::optional<double>(*number);
  }

  Result<double> convert(double value, Column column) {
    std::optional<Unit> unit = units_[static_cast<std::size_t>(column)];
    if (has(Column::unit) && !unit) {
      const csv::Cell& named = cell(Column::unit);
      unit = unit_in_a_table(named.text);
      if (!unit) return refuse(named, cat("\"", printable(named.text), "\" is no unit known here"));
    }
    if (!unit || *unit == options_.unit) return value;
    seen_units_.insert(std::string(unit->code()));
    if (const auto converted = unit->convert(value, options_.unit)) return *converted;
    const auto factor = options_.glucose ? glucose_factor(*unit, options_.unit) : std::nullopt;
    if (factor) return value * *factor;
    return refuse(cell(column),
                  cat("a reading in ", unit->code(), " cannot be taken in ", options_.unit.code()));
  }

  std::uint32_t index(std::map<std::string, std::uint32_t, std::less<>>& known,
                      std::vector<std::string>& list, std::string_view name) {
    const auto found = known.find(name);
    if (found != known.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(list.size());
    known.emplace(name, number);
    list.emplace_back(name);
    return number;
  }

  Result<void> take(double device, double reference) {
    auto found = subjects_.find(cell(Column::subject).text);
    if (found == subjects_.end()) {
      found = subjects_
                  .emplace(std::string(cell(Column::subject).text),
                           static_cast<std::uint32_t>(table_.subjects.size()))
                  .first;
      table_.subjects.push_back({std::string(cell(Column::subject).text), {}, {}, -1, 0});
    }
    PairsTable::Subject& subject = table_.subjects[found->second];
    if (auto described = describe(subject); !described) return described;
    if (has(Column::time) && !cell(Column::time).text.empty() &&
        !times_
             .emplace(found->second, std::string(cell(Column::lot).text),
                      std::string(cell(Column::time).text))
             .second)
      return refuse(cell(Column::time), cat("subject ", printable(subject.name),
                                            " has a second line at this time: one "
                                            "of the two is there twice"));
    ++subject.pairs;
    table_.subject.push_back(found->second);
    for (const auto& [column, known, list, rows] :
         {std::tuple{Column::lot, &lots_, &table_.lots, &table_.lot},
          std::tuple{Column::stratum, &strata_, &table_.strata, &table_.stratum}}) {
      if (!has(column)) continue;
      if (cell(column).text.empty()) return refuse(cell(column), "this cell is empty");
      rows->push_back(index(*known, *list, cell(column).text));
    }
    table_.device.push_back(device);
    table_.reference.push_back(reference);
    return {};
  }

  // What is told of a subject must be the same on each of its lines.
  Result<void> describe(PairsTable::Subject& subject) {
    const auto same = [&](std::string& kept, Column column, std::string told) -> Result<void> {
      if (told.empty()) return {};
      if (!kept.empty() && kept != told)
        return refuse(cell(column), cat("subject ", printable(subject.name), " was told to be \"",
                                        printable(kept), "\" before"));
      kept = std::move(told);
      return {};
    };
    if (has(Column::sex)) {
      const std::string told = lower(cell(Column::sex).text);
      const bool female = told == "f" || told == "female" || told == "女" || told == "w";
      const bool male = told == "m" || told == "male" || told == "男";
      auto kept = same(subject.sex, Column::sex,
                       told.empty() ? ""
                       : female     ? "f"
                       : male       ? "m"
                                    : "x");
      if (!kept) return kept;
    }
    if (has(Column::cuff))
      if (auto kept = same(subject.cuff, Column::cuff, std::string(cell(Column::cuff).text)); !kept)
        return kept;
    if (!has(Column::age) || cell(Column::age).text.empty()) return {};
    const auto age = parse_double(cell(Column::age).text);
    if (!age || *age < 0 || *age > 130)
      return refuse(cell(Column::age), "an age is a number of years, 0 to 130");
    if (subject.age >= 0 && subject.age != *age)
      return refuse(cell(Column::age),
                    cat("subject ", printable(subject.name), " was ", subject.age, " before"));
    subject.age = *age;
    return {};
  }

  Result<void> conclude() {
    if (commas_ > 0 && points_ > 0)
      return refuse({{}, 1},
                    "some numbers have decimal commas, some have decimal points: which is "
                    "meant?");
    if (commas_ > 0 && !clear_commas_)
      return refuse({{}, 1}, cat("line ", comma_line_, ": ", first_comma_.text,
                                 " may be a thousand or a decimal number: write decimal points"));
    if (commas_ > 0) note(cat(commas_, " numbers with a decimal comma"));
    for (const std::string& unit : seen_units_)
      note(cat("readings in ", unit, " were converted to ", options_.unit.code()));
    for (const auto& [why, count] : reasons_)
      note(cat(count, count == 1 ? " line" : " lines", " left out: ", why));
    return {};
  }

  csv::Reader reader_;
  const PairsOptions& options_;
  PairsTable& table_;
  std::vector<csv::Cell> cells_;
  std::vector<Heading> headings_;
  std::array<bool, columns> has_{};
  std::array<csv::Cell, columns> row_{};
  std::array<std::optional<Unit>, columns> units_{};
  std::map<std::string, std::uint32_t, std::less<>> subjects_, lots_, strata_;
  std::set<std::tuple<std::uint32_t, std::string, std::string>> times_;
  std::map<std::string, std::int64_t> reasons_;
  std::set<std::string> seen_units_;
  std::string why_;
  std::size_t rows_ = 0;
  std::int64_t commas_ = 0, points_ = 0;
  bool clear_commas_ = false;
  csv::Cell first_comma_{{}, 0};
  int comma_line_ = 0;
};

}  // namespace

std::optional<double> PairsTable::factor_to(Unit to) const {
  if (const auto factor = unit.convert_difference(1, to)) return *factor;
  return glucose ? glucose_factor(unit, to) : std::nullopt;
}

Result<PairsTable> read_pairs(std::string_view text, std::string_view file,
                              const PairsOptions& options) {
  PairsTable table;
  auto decoded = csv::to_utf8(text, file, table.notes);
  if (!decoded) return tl::unexpected(decoded.error());
  TableReader reader(*decoded, file, options, table);
  if (auto read = reader.read(); !read) return tl::unexpected(read.error());
  return table;
}

}  // namespace carebench
