// The strict YAML reader: the only door through which YAML enters. yaml-cpp's event parser stands
// behind it (in yaml.cpp only). Compared with plain yaml-cpp it refuses: duplicate keys, anchors
// and aliases, merge keys, tags, several documents, tabs-as-junk, NUL and bad UTF-8, files over 4
// MiB, nesting over 32, over 200,000 values, one value over 256 KiB, keys without ":", quotes that
// are never closed, lines that begin with %. Unquoted yes/no/on/off are text, 010 is no number,
// columns count characters. Unknown keys are errors with a suggestion.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "standards/vocab/error.h"
#include "standards/vocab/quantity.h"
#include "standards/vocab/text.h"
#include "standards/vocab/time.h"

namespace carebench {

namespace yaml {

enum class Kind { scalar, list, map };

class Document;

// A light handle; lives as long as its Document.
class Node {
 public:
  Node() = default;
  explicit operator bool() const { return document_ != nullptr; }
  Kind kind() const;
  Origin at() const;
  const std::string& text() const;  // the scalar's text; "" for list and map
  bool quoted() const;              // the scalar stood in quotes: it is text, never a number
  bool is_null() const;             // empty unquoted scalar, ~ or null
  std::vector<Node> items() const;  // of a list
  std::vector<std::pair<Node, Node>> entries() const;  // of a map, key and value
  Node find(std::string_view key) const;               // of a map; an empty handle when missing
  // The problem with its position and the file's line with a caret.
  void problem(Problems& problems, std::string message) const;

 private:
  friend class Document;
  Node(const Document* document, std::uint32_t index) : document_(document), index_(index) {}
  const Document* document_ = nullptr;
  std::uint32_t index_ = 0;
};

class Document {
 public:
  // `name` is what errors call the file. Never throws.
  static Result<std::shared_ptr<const Document>> parse(std::string name, std::string text);
  static Result<std::shared_ptr<const Document>> read(
      const std::string& path);  // missing: bad_input
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  Node root() const;
  const std::string& name() const;
  const std::string& source() const;  // the bytes as read

 private:
  friend class Node;
  Document();
  struct Data;
  std::unique_ptr<Data> data_;
};

// Scalars, typed. Each adds a problem and gives the fallback when the node is not what it should
// be.
double to_number(const Node& node, Problems& problems);  // finite; NaN and inf are refused
std::int64_t to_integer(const Node& node, Problems& problems, std::int64_t low, std::int64_t high);
bool to_boolean(const Node& node, Problems& problems);       // true / false only
std::string to_text(const Node& node, Problems& problems);   // any scalar but null
Duration to_duration(const Node& node, Problems& problems);  // "20 s"; positive or zero
Unit to_unit(const Node& node, Problems& problems);
Text2 to_text2(const Node& node, Problems& problems);  // {zh: ..., en: ...}, both needed

// Reads one map, key by key. Keys nobody asked for are reported by finish() (called by the
// destructor), each with the nearest known key as suggestion.
class MapReader {
 public:
  MapReader(Node node, Problems& problems);  // a node that is no map is a problem
  ~MapReader();
  MapReader(const MapReader&) = delete;
  MapReader& operator=(const MapReader&) = delete;

  bool has(std::string_view key);  // marks the key as known, like all below
  Node optional(std::string_view key);
  Node required(std::string_view key);  // a missing key is a problem at the map's position

  std::string text(std::string_view key);
  std::string text_or(std::string_view key, std::string fallback);
  double number(std::string_view key);
  double number_or(std::string_view key, double fallback);
  std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high);
  std::int64_t integer_or(std::string_view key, std::int64_t low, std::int64_t high,
                          std::int64_t fallback);
  bool boolean_or(std::string_view key, bool fallback);
  Duration duration(std::string_view key);
  Duration duration_or(std::string_view key, Duration fallback);
  Unit unit_or(std::string_view key, Unit fallback);
  Text2 text2(std::string_view key);
  Text2 text2_or_empty(std::string_view key);
  // One of `allowed`; returns its index, 0 after a problem.
  std::size_t choice(std::string_view key, std::span<const std::string_view> allowed);
  std::size_t choice_or(std::string_view key, std::span<const std::string_view> allowed,
                        std::size_t fallback);
  std::vector<Node> list(std::string_view key);                   // required
  std::vector<Node> list_or_empty(std::string_view key);          // a missing key is an empty list
  std::vector<std::string> texts_or_empty(std::string_view key);  // a list of scalars

  void problem(std::string message);  // at the map's position
  void finish();
  const Node& node() const { return node_; }

 private:
  void know(std::string_view key);
  Node node_;
  Problems& problems_;
  std::vector<std::string> known_;
  bool finished_ = false;
};

}  // namespace yaml
}  // namespace carebench
