// The YAML reader on arbitrary bytes: no crash, bounded work, and an error always has its place.
#include "standards/vocab/yaml.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "standards/vocab/text.h"

namespace {

using namespace carebench;

void read_all_ways(const yaml::Node& node, Problems& problems) {
  yaml::to_number(node, problems);
  yaml::to_integer(node, problems, -5, 300);
  yaml::to_boolean(node, problems);
  yaml::to_text(node, problems);
  yaml::to_duration(node, problems);
  yaml::to_unit(node, problems);
}

void walk(const yaml::Node& node, int depth) {
  if (depth > 40) std::abort();
  Problems problems;
  read_all_ways(node, problems);
  {
    yaml::MapReader reader(node, problems);
    reader.text("title");
    reader.text2_or_empty("note");
    reader.list_or_empty("steps");
  }
  for (const Error& error : problems.list())
    if (error.at.line < 1 || error.at.column < 1 || !valid_utf8(error.text())) std::abort();
  for (const yaml::Node& item : node.items()) walk(item, depth + 1);
  for (const auto& [key, value] : node.entries()) {
    walk(value, depth + 1);
    if (node.find(key.text()).at().line != value.at().line) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document =
      yaml::Document::parse("fuzz.yaml", std::string(reinterpret_cast<const char*>(data), size));
  if (document)
    walk((*document)->root(), 0);
  else if (!valid_utf8(document.error().text()) || document.error().text().size() > 2000)
    std::abort();
  return 0;
}
