#include <algorithm>
#include <cmath>

#include "standards/vocab/run_record_fields.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

using run_record_fields::fields;

// Where in the file the reader stands: "derived.steps[3].attempts[0].from_ns".
struct Path {
  const Path* up = nullptr;
  std::string_view key;
  std::optional<std::size_t> index;

  std::string text() const {
    if (index) return cat(up ? up->text() : "", "[", *index, "]");
    const std::string above = up ? up->text() : "";
    return above.empty() ? std::string(key) : cat(above, ".", key);
  }
};

// Keeps the first problem only: run.json is written by a machine, nobody mends it by hand.
using Problem = std::optional<std::string>;

class Reader {
 public:
  Reader(const Json& object, const Path& path, Problem& problem)
      : object_(object), path_(path), problem_(problem) {
    if (!object.is_object()) wrong(path, "an object is needed");
  }
  ~Reader() {
    if (found_ == object_.size()) return;
    for (const Json::Member& member : object_.members()) {
      const bool known = std::find(known_.begin(), known_.end(), member.first) != known_.end();
      if (!known)
        wrong({&path_, member.first, {}}, "unknown key" + suggestion(member.first, known_));
    }
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  template <class T>
  void operator()(std::string_view key, T& out) {
    known_.push_back(key);
    const Path path{&path_, key, {}};
    if (object_.has(key)) {
      ++found_;
      read(object_[key], out, path);
    } else if constexpr (!run_record_fields::may_be_absent<T>) {
      wrong(path, "missing");
    }
  }

 private:
  void wrong(const Path& path, std::string_view what) {
    if (!problem_) problem_ = cat(path.text(), ": ", what);
  }

  template <class T>
  void read(const Json& json, T& record, const Path& path) {
    Reader reader(json, path, problem_);
    if (json.is_object()) fields(reader, record);
  }
  void read(const Json& json, std::string& out, const Path& path) {
    if (!json.is_string()) return wrong(path, "a text is needed");
    out = json.string();
  }
  void read(const Json& json, bool& out, const Path& path) {
    if (!json.is_bool()) return wrong(path, "true or false is needed");
    out = json.boolean();
  }
  void read(const Json& json, double& out, const Path& path) {
    const double absent = std::nan("");
    out = json.number(absent);
    if (std::isnan(out) && !json.is_null()) wrong(path, "a number is needed");
  }
  void read(const Json& json, std::int64_t& out, const Path& path) {
    constexpr std::int64_t absent = std::numeric_limits<std::int64_t>::min();
    out = json.integer(absent);
    if (out == absent) wrong(path, "a whole number is needed");
  }
  void read(const Json& json, int& out, const Path& path) {
    std::int64_t wide = 0;
    read(json, wide, path);
    if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max())
      return wrong(path, "the number is too large");
    out = static_cast<int>(wide);
  }
  void read(const Json& json, std::uint64_t& out, const Path& path) {
    std::int64_t number = 0;
    read(json, number, path);
    if (number < 0) return wrong(path, "the number is negative");
    out = static_cast<std::uint64_t>(number);
  }
  void read(const Json& json, char& out, const Path& path) {
    // An axis of a plot, or the type of an uncertainty component.
    constexpr std::string_view letters = "xyAB";
    const std::string& text = json.string();
    if (text.size() != 1 || letters.find(text[0]) == letters.npos)
      return wrong(path, "x, y, A or B is needed");
    out = text.front();
  }
  void read(const Json& json, Distribution& out, const Path& path) {
    const std::optional<Distribution> distribution = distribution_from(json.string());
    if (!distribution)
      return wrong(path, cat("no distribution \"", printable(json.string()), "\""));
    out = *distribution;
  }
  void read(const Json& json, Stamp& out, const Path& path) { read(json, out.ns, path); }
  void read(const Json& json, Unit& out, const Path& path) {
    const std::optional<Unit> unit = Unit::parse(json.string());
    if (!unit) return wrong(path, cat("no unit \"", printable(json.string()), "\""));
    out = *unit;
  }
  void read(const Json& json, Errc& out, const Path& path) {
    out = errc_from(json.string());
    if (to_string(out) != json.string()) wrong(path, "no such kind of error");
  }
  void read(const Json& json, Blame& out, const Path& path) {
    out = blame_from(json.string());
    if (to_string(out) != json.string()) wrong(path, "no such blame");
  }
  void read(const Json& json, Finding& out, const Path& path) {
    const std::optional<Finding> finding = finding_from(json.string());
    if (!finding) return wrong(path, cat("no finding \"", printable(json.string()), "\""));
    out = *finding;
  }
  void read(const Json& json, Json& out, const Path&) { out = json; }
  void read(const Json& json, std::variant<Quantity, std::string, bool>& out, const Path& path) {
    if (json.is_string())
      out = json.string();
    else if (json.is_bool())
      out = json.boolean();
    else
      read(json, out.emplace<Quantity>(), path);
  }
  template <class T>
  void read(const Json& json, std::optional<T>& out, const Path& path) {
    read(json, out.emplace(), path);
  }
  template <class T>
  void read(const Json& json, std::vector<T>& out, const Path& path) {
    if (!json.is_array()) return wrong(path, "a list is needed");
    out.resize(json.size());
    for (std::size_t i = 0; i < out.size(); ++i) read(json.items()[i], out[i], {&path, {}, i});
  }

  const Json& object_;
  const Path& path_;
  Problem& problem_;
  std::vector<std::string_view> known_;
  std::size_t found_ = 0;
};

template <class T>
void read_object(const Json& root, std::string_view key, T& out, Problem& problem) {
  const Path path{nullptr, key, {}};
  Reader reader(root[key], path, problem);
  if (root[key].is_object()) fields(reader, out);
}

}  // namespace

Result<RunRecord> run_record_from(std::string_view text, std::string_view file) {
  const Result<Json> root = parse_json(text, file);
  if (!root) return tl::unexpected(root.error());
  const Json& schema = (*root)["schema"];
  RunRecord record;
  Problem problem;
  if (schema.string() != run_record_fields::schema) {
    problem = cat("this is no run record of this edition: schema \"", printable(schema.string()),
                  "\", not \"", run_record_fields::schema, "\"");
  } else {
    read_object(*root, "given", record.given, problem);
    read_object(*root, "derived", record, problem);
    if (!problem && root->size() != 3) problem = "only schema, given and derived belong here";
  }
  if (!problem) return record;
  return tl::unexpected(
      Error{Errc::bad_input, Blame::profile, std::move(*problem), {std::string(file), 0, 0}, {}});
}

}  // namespace carebench
