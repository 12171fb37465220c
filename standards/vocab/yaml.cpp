// The only file that knows yaml-cpp: its events become our tree, or an Error.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <istream>
#include <optional>
#include <streambuf>

#include "standards/vocab/text.h"
#include "standards/vocab/yaml_data.h"

namespace carebench::yaml {
namespace {

// Thrown through yaml-cpp, caught in build_tree(): a handler has no other way to stop the parser.
struct Refused {
  std::size_t offset;
  std::string message;
};

// yaml-cpp speaks about its own tokens; these say what to do about it.
struct Plain {
  std::string_view theirs, ours;
};
constexpr std::array plain_messages = {
    Plain{"end of map not found",
          "this does not belong to the map above: check the indentation, "
          "and for a missing \":\" or quote before it"},
    Plain{"end of sequence not found",
          "this does not belong to the list above: check the indentation"},
    Plain{"end of map flow not found", "a \"}\" or a comma is missing before this place"},
    Plain{"end of sequence flow not found", "a \"]\" or a comma is missing before this place"},
    Plain{"illegal EOF in scalar", "a quote is opened and never closed"},
    Plain{"illegal document indicator in scalar", "a quote is opened and never closed"},
    Plain{"illegal map value",
          "a \":\" is not allowed here: check the indentation and the line before, and put a text "
          "that holds \": \" in quotes"},
    Plain{"illegal map key", "a key is not allowed here: check the indentation"},
    Plain{"illegal block entry", "a \"- \" is not allowed here: check the indentation"},
    Plain{"illegal flow end", "a closing bracket without an opening one"},
    Plain{"illegal tab when looking for indentation", "a tab in the indentation: use blanks"},
    Plain{"unknown escape character: ",
          "unknown escape in double quotes: write \\\\ for a backslash, or use single quotes"},
};

class LineTable {
 public:
  explicit LineTable(std::string_view source, std::size_t skip) : source_(source) {
    starts_.push_back(skip);
    for (std::size_t at = skip; (at = source.find('\n', at)) != source.npos;)
      starts_.push_back(++at);
  }

  // yaml-cpp counts lines and byte columns from 0, and may point past the end.
  std::size_t offset(const YAML::Mark& mark) const {
    if (mark.line < 0 || static_cast<std::size_t>(mark.line) >= starts_.size())
      return source_.size();
    const std::size_t start = starts_[static_cast<std::size_t>(mark.line)];
    return std::min(source_.size(), start + static_cast<std::size_t>(std::max(mark.column, 0)));
  }

  // In characters, from 1. Counted from the mark before, so that a long line is not counted anew
  // for each of its values; marks can step back a little.
  int column(const YAML::Mark& mark) {
    const std::size_t to = offset(mark);
    if (mark.line != line_) {
      line_ = mark.line;
      counted_to_ =
          starts_[std::min(static_cast<std::size_t>(std::max(line_, 0)), starts_.size() - 1)];
      column_ = 1;
    }
    for (; counted_to_ < to; ++counted_to_) column_ += begins_character(counted_to_);
    for (; counted_to_ > to; --counted_to_) column_ -= begins_character(counted_to_ - 1);
    return column_;
  }

 private:
  int begins_character(std::size_t at) const {
    return (static_cast<unsigned char>(source_[at]) & 0xC0) == 0x80 ? 0 : 1;
  }

  std::string_view source_;
  std::vector<std::size_t> starts_;
  int line_ = -1;
  std::size_t counted_to_ = 0;
  int column_ = 1;
};

struct Progress {
  std::size_t event = 0;               // where the last event stood
  std::optional<std::size_t> lost_at;  // the same when the feed ended before the source did
};

// Feeds the source without a copy. yaml-cpp keeps every token of a list in brackets until it knows
// that the list is no key; a feed that ends bounds the memory this takes.
class Feed : public std::streambuf {
 public:
  Feed(std::string_view source, std::size_t skip, Progress& progress)
      : source_(source), fed_(skip), progress_(progress), ended_(source.ends_with('\n')) {}

 private:
  int_type underflow() override {
    if (progress_.lost_at || (fed_ == source_.size() && ended_)) return traits_type::eof();
    if (fed_ == source_.size()) {
      // Without a line break at the end yaml-cpp gives wrong places for what is missing there.
      ended_ = true;
      setg(&last_break_, &last_break_, &last_break_ + 1);
      return traits_type::to_int_type(last_break_);
    }
    if (fed_ > progress_.event + longest_value) {
      progress_.lost_at = progress_.event;
      return traits_type::eof();
    }
    const std::size_t start = fed_;
    fed_ = std::min(source_.size(), fed_ + 4096);
    char* begin = const_cast<char*>(source_.data());  // a get area is read, never written
    setg(begin, begin + start, begin + fed_);
    return traits_type::to_int_type(source_[start]);
  }

  std::string_view source_;
  std::size_t fed_;
  Progress& progress_;
  bool ended_;
  char last_break_ = '\n';
};

class Builder : public YAML::EventHandler {
 public:
  Builder(std::string_view source, std::size_t skip, Progress& progress)
      : source_(source), lines_(source, skip), progress_(progress) {}

  Tree take() { return std::move(tree_); }
  bool found() const { return documents_ > 0; }
  std::size_t offset(const YAML::Mark& mark) const { return lines_.offset(mark); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1)
      refuse(mark,
             "text after the end of the document: one file holds one document (check for a "
             "\"---\", or for a bracket or quote that closes too early)");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "?", anchor);
    NodeData& node = tree_.nodes[add(mark, Kind::scalar)];
    node.null = true;
    if (open_.empty()) refuse(mark, "the file is empty: nothing but blanks and comments");
    if (!in_map() && node.offset < source_.size() && source_[node.offset] == ',')
      refuse(mark, "a value is missing before this comma");
    if (!in_map() || awaits_value()) return;
    const NodeData& key = tree_.nodes[pending_[pending_.size() - 2]];
    if (!has_colon(key, node.offset))
      throw Refused{key.offset, cat("a \":\" is missing after this key", colon_hint(key.text))};
    // yaml-cpp marks a value that is not there with the place of what follows it.
    node.line = key.line;
    node.column = key.column;
    node.offset = key.offset;
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    NodeData& node = tree_.nodes[add(mark, Kind::scalar)];
    node.quoted = tag == "!";
    node.text = value;
    if (node.quoted && !is_closed(node.offset)) refuse(mark, "this quote is never closed");
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check(mark, tag, anchor);
    open(mark, Kind::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check(mark, tag, anchor);
    open(mark, Kind::map);
  }
  void OnMapEnd() override { index_keys(close()); }

 private:
  struct Open {
    std::uint32_t node;
    std::size_t pending;  // where its children begin in pending_
  };

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string message) const {
    throw Refused{lines_.offset(mark), std::move(message)};
  }
  [[noreturn]] void refuse_anchor(const YAML::Mark& mark) const {
    refuse(mark,
           "anchors (&) and aliases (*) are not allowed: write the value out, or put a text "
           "that begins so in quotes");
  }

  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != 0) refuse_anchor(mark);
    const std::size_t at = lines_.offset(mark);
    const bool written = at < source_.size() && source_[at] == '!';
    if (written || (!tag.empty() && tag != "?" && tag != "!"))
      refuse(mark, "tags (!) are not allowed: put a text in quotes to keep it a text");
  }

  bool in_map() const { return !open_.empty() && tree_.nodes[open_.back().node].kind == Kind::map; }
  // Inside a map: a key came, and its value did not.
  bool awaits_value() const { return (pending_.size() - open_.back().pending) % 2 != 0; }

  // yaml-cpp takes "key" without ":" in {a, b}, after "?", and as the last word of a file.
  bool has_colon(const NodeData& key, std::size_t value_at) const {
    if (value_at <= key.offset) return false;
    if (value_at >= source_.size() || (source_[value_at] != ',' && source_[value_at] != '}'))
      return true;
    const std::size_t before = source_.find_last_not_of(" \t", value_at - 1);
    return source_[before] == ':' || source_[before] == '\n';
  }

  // yaml-cpp takes a quote that the end of the file closes, when a line break stands before it.
  bool is_closed(std::size_t at) const {
    const char quote = at < source_.size() ? source_[at] : '|';
    if (quote != '"' && quote != '\'') return true;
    while (++at < source_.size()) {
      const bool doubled = at + 1 < source_.size() && source_[at + 1] == quote;
      if (quote == '"' ? source_[at] == '\\' : source_[at] == quote && doubled)
        ++at;
      else if (source_[at] == quote)
        return true;
    }
    return false;
  }

  std::uint32_t add(const YAML::Mark& mark, Kind kind) {
    if (!in_map() || awaits_value()) ++values_;
    if (values_ > most_values) refuse(mark, cat("more than ", most_values, " values in one file"));
    const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
    NodeData node;
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = lines_.column(mark);
    node.offset = static_cast<std::uint32_t>(lines_.offset(mark));
    progress_.event = node.offset;
    tree_.nodes.push_back(std::move(node));
    pending_.push_back(index);
    return index;
  }

  void open(const YAML::Mark& mark, Kind kind) {
    if (open_.size() >= deepest_nesting)
      refuse(mark, cat("nested deeper than ", deepest_nesting, " levels"));
    const std::uint32_t node = add(mark, kind);
    open_.push_back({node, pending_.size()});
  }

  NodeData& close() {
    const Open last = open_.back();
    open_.pop_back();
    NodeData& node = tree_.nodes[last.node];
    const auto begin = pending_.begin() + static_cast<std::ptrdiff_t>(last.pending);
    node.first = static_cast<std::uint32_t>(tree_.children.size());
    node.count = static_cast<std::uint32_t>(pending_.end() - begin);
    tree_.children.insert(tree_.children.end(), begin, pending_.end());
    pending_.erase(begin, pending_.end());
    return node;
  }

  void index_keys(NodeData& map) {
    std::vector<std::uint32_t>& sorted = tree_.sorted;
    map.sorted = static_cast<std::uint32_t>(sorted.size());
    for (std::uint32_t i = 0; i + 1 < map.count; i += 2) {
      check_key(key(map.first + i));
      sorted.push_back(map.first + i);
    }
    const auto begin = sorted.begin() + static_cast<std::ptrdiff_t>(map.sorted);
    std::sort(begin, sorted.end(), [this](std::uint32_t a, std::uint32_t b) {
      const int order = key(a).text.compare(key(b).text);
      return order != 0 ? order < 0 : a < b;
    });
    const auto twice = std::adjacent_find(
        begin, sorted.end(), [this](auto a, auto b) { return key(a).text == key(b).text; });
    if (twice == sorted.end()) return;
    throw Refused{key(twice[1]).offset,
                  cat("the key ", shown(key(twice[1]).text),
                      " stands twice in this map, first in line ", key(twice[0]).line)};
  }

  const NodeData& key(std::uint32_t child) const { return tree_.nodes[tree_.children[child]]; }

  static void check_key(const NodeData& key) {
    if (key.kind != Kind::scalar) throw Refused{key.offset, "a list or a map cannot be a key"};
    if (key.null) throw Refused{key.offset, "a key is missing before this \":\""};
    if (key.text == "<<" && !key.quoted)
      throw Refused{key.offset, "merge keys (<<) are not allowed: write the entries out"};
  }

  std::string_view source_;
  LineTable lines_;
  Progress& progress_;
  Tree tree_;
  std::vector<Open> open_;
  std::vector<std::uint32_t> pending_;
  std::size_t values_ = 0;  // all nodes but the keys
  int documents_ = 0;
};

std::string plain_message(std::string_view theirs, std::string_view source, std::size_t offset) {
  if (theirs.find("anchor") != theirs.npos || theirs.find("alias") != theirs.npos)
    return "anchors (&) and aliases (*) are not allowed: put a text that begins so in quotes";
  if (theirs.find("tag") != theirs.npos)
    return "tags (!) are not allowed: put a text that begins so in quotes";
  if (theirs == "unknown token" && offset < source.size())
    return cat("a value cannot begin with ", source[offset], ": put the text in quotes");
  // The colon that is missing may stand in the line before, where an input method typed another.
  const std::size_t line = source.rfind('\n', offset == 0 ? 0 : offset - 1);
  const std::size_t before = line == source.npos || line == 0 ? line : source.rfind('\n', line - 1);
  const std::size_t from = before == source.npos ? 0 : before;
  const bool full_width = source.substr(from, offset - from).find("：") != source.npos;
  const std::string hint = full_width ? colon_hint("：") : "";
  for (const Plain& plain : plain_messages)
    if (theirs.starts_with(plain.theirs)) return cat(plain.ours, hint);
  return lower(printable(theirs));
}

std::string too_long() {
  return cat("the value that begins here is too long: ", longest_value >> 10,
             " KiB is the most for one text, or for one list or map in brackets");
}

}  // namespace

Result<Tree> build_tree(const std::string& file, std::string_view source, std::size_t skip) {
  Progress progress;
  Builder builder(source, skip, progress);
  const auto refused = [&](std::size_t offset, std::string message) {
    return tl::unexpected(error_at(file, source, offset, std::move(message)));
  };
  try {
    Feed feed(source, skip, progress);
    std::istream stream(&feed);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refused& stop) {
    if (!progress.lost_at) return refused(stop.offset, stop.message);
  } catch (const YAML::Exception& e) {
    if (progress.lost_at) return refused(*progress.lost_at, too_long());
    const std::size_t offset = builder.offset(e.mark);
    return refused(offset, plain_message(e.msg, source, offset));
  } catch (const std::exception& e) {
    return refused(0, cat("cannot be read: ", printable(e.what())));
  }
  if (progress.lost_at) return refused(*progress.lost_at, too_long());
  if (!builder.found()) return refused(0, "the file is empty: nothing but blanks and comments");
  return builder.take();
}

}  // namespace carebench::yaml
