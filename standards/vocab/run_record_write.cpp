#include "standards/vocab/run_record_fields.h"

namespace carebench {
namespace {

using run_record_fields::fields;

class Writer {
 public:
  template <class T>
  void operator()(std::string_view key, const T& value) {
    if constexpr (run_record_fields::may_be_absent<T>)
      object_.set_if(key, json(value));
    else
      object_.set(key, json(value));
  }
  Json take() { return std::move(object_); }

 private:
  template <class T>
  static Json json(const T& record) {
    Writer writer;
    fields(writer, record);
    return writer.take();
  }
  static Json json(const std::string& text) { return text; }
  static Json json(bool truth) { return truth; }
  static Json json(double number) { return number == 0 ? 0.0 : number; }  // no "-0"
  static Json json(int number) { return number; }
  static Json json(std::int64_t number) { return number; }
  static Json json(std::uint64_t number) { return number; }
  static Json json(char letter) { return std::string(1, letter); }
  static Json json(Distribution distribution) { return to_string(distribution); }
  static Json json(Stamp stamp) { return stamp.ns; }
  static Json json(Unit unit) { return unit.code(); }
  static Json json(Errc code) { return to_string(code); }
  static Json json(Blame blame) { return to_string(blame); }
  static Json json(const Finding& finding) { return to_string(finding); }
  static Json json(const Json& value) { return value; }
  static Json json(const SeqRange& range) {
    if (range.first == 0) return {};
    Writer writer;
    fields(writer, range);
    return writer.take();
  }
  static Json json(const std::variant<Quantity, std::string, bool>& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* truth = std::get_if<bool>(&value)) return *truth;
    return json(std::get<Quantity>(value));
  }
  template <class T>
  static Json json(const std::optional<T>& value) {
    return value ? json(*value) : Json();
  }
  template <class T>
  static Json json(const std::vector<T>& list) {
    Json array = Json::array();
    for (const T& item : list) array.push(json(item));
    return array;
  }

  Json object_ = Json::object();
};

template <class T>
Json object_of(const T& record) {
  Writer writer;
  fields(writer, record);
  return writer.take();
}

}  // namespace

std::string to_text(const RunRecord& record) {
  Json root = Json::object();
  root.set("schema", run_record_fields::schema);
  root.set("given", object_of(record.given));
  root.set("derived", object_of(record));
  return root.dump(2) + "\n";
}

}  // namespace carebench
