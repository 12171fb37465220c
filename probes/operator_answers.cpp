#include <map>

#include "probes/operator.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

Json read_answer(const yaml::Node& node, Problems& problems) {
  yaml::MapReader map(node, problems);
  Json answer = Json::object();
  if (map.has("done")) answer.set("done", map.boolean_or("done", false));
  if (map.has("text")) answer.set("text", map.text("text"));
  if (const auto value = map.optional("value")) {
    answer.set("value", yaml::to_number(value, problems));
    answer.set("unit", map.unit_or("unit", Unit()).code());
  }
  if (map.has("reader")) answer.set("reader", map.text("reader"));
  if (map.has("second_reader")) answer.set("second_reader", map.text("second_reader"));
  if (answer.size() == 0) map.problem("an answer has done, text, or value and unit");
  return answer;
}

class AnswersOperator final : public Operator {
 public:
  AnswersOperator(std::map<std::string, std::vector<Json>> answers, std::string file,
                  std::unique_ptr<Operator> next)
      : answers_(std::move(answers)), file_(std::move(file)), next_(std::move(next)) {}

  Result<Json> ask(const Prompt& prompt, std::stop_token stop) override {
    const auto it = answers_.find(prompt.id);
    if (it == answers_.end() && next_) return next_->ask(prompt, stop);
    const std::size_t asked = asked_[prompt.id]++;
    if (it != answers_.end() && asked < it->second.size()) return it->second[asked];
    std::string message =
        cat(file_, " has no ", asked > 0 ? "further " : "", "answer to \"", prompt.id, "\"");
    if (it != answers_.end()) {
      message += cat(": its ", it->second.size(), " are used up");
    } else {
      std::vector<std::string> keys;
      for (const auto& [key, list] : answers_) keys.push_back(key);
      message += suggestion(prompt.id, keys);
    }
    return fail(Errc::not_ready, Blame::bench, std::move(message));
  }

 private:
  std::map<std::string, std::vector<Json>> answers_;
  std::map<std::string, std::size_t> asked_;
  std::string file_;
  std::unique_ptr<Operator> next_;
};

}  // namespace

Result<std::unique_ptr<Operator>> answers_operator(const yaml::Document& answers,
                                                   std::unique_ptr<Operator> next) {
  Problems problems;
  std::map<std::string, std::vector<Json>> map;
  const auto root = answers.root();
  if (root.kind() != yaml::Kind::map) {
    root.problem(problems, "an answers file maps prompt ids to answers");
  } else {
    for (const auto& [key, value] : root.entries()) {
      auto& list = map[key.text()];
      if (value.kind() == yaml::Kind::list)
        for (const auto& item : value.items()) list.push_back(read_answer(item, problems));
      else
        list.push_back(read_answer(value, problems));
    }
  }
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  return std::make_unique<AnswersOperator>(std::move(map), answers.name(), std::move(next));
}

}  // namespace carebench
