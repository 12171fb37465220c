// What a yaml::Document is made of. For yaml*.cpp only; everybody else includes yaml.h.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/yaml.h"

namespace carebench::yaml {

struct NodeData {
  Kind kind = Kind::scalar;
  bool quoted = false;
  bool null = false;
  int line = 1, column = 1;  // 1-based, in characters
  std::uint32_t offset = 0;  // of the node in the source, in bytes
  std::uint32_t first = 0;   // of the children; a map's are key, value, key, value ...
  std::uint32_t count = 0;
  std::uint32_t sorted = 0;  // of a map: its keys in text order, count / 2 of them
  std::string text;
};

// All nodes in one arena: a node is an index, and its children stand side by side.
struct Tree {
  std::deque<NodeData> nodes;
  std::vector<std::uint32_t> children;
  std::vector<std::uint32_t> sorted;  // places of keys in `children`
  std::uint32_t root = 0;
};

struct Document::Data {
  std::string name;
  std::string source;
  Tree tree;
};

inline constexpr std::size_t largest_file = std::size_t{4} << 20;
inline constexpr std::size_t most_values = 200'000;
inline constexpr std::size_t longest_value = std::size_t{256} << 10;
inline constexpr std::size_t deepest_nesting = 32;

// A problem at the byte `offset` of `source`, with line, column and excerpt.
Error error_at(const std::string& file, std::string_view source, std::size_t offset,
               std::string message);

// What no YAML file may hold, whatever its structure: NUL, control characters, bad UTF-8 ...
// Gives the number of bytes of the byte order mark (0 or 3).
Result<std::size_t> check_characters(const std::string& file, std::string_view source);

// What may be wrong with a text that should have been "key: value": an input method typed a
// full-width colon, or no blank follows the colon. "" when it is neither.
std::string colon_hint(std::string_view text);

// A text of the file as a message repeats it: in quotes, printable, cut to 60 characters.
std::string shown(std::string_view text);

// yaml.cpp: the tree of the one document in `source`, whose first `skip` bytes are no text.
Result<Tree> build_tree(const std::string& file, std::string_view source, std::size_t skip);

}  // namespace carebench::yaml
