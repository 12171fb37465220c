// Documents and nodes of yaml.h: from a file to a tree, and how to walk it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "standards/vocab/text.h"
#include "standards/vocab/yaml_data.h"

namespace carebench::yaml {
namespace {

tl::unexpected<Error> refuse_file(const std::string& path, std::string message) {
  return tl::unexpected(
      Error{Errc::bad_input, Blame::profile, std::move(message), {path, 0, 0}, {}});
}

std::string too_large(std::uintmax_t bytes) {
  return cat("the file is too large: ", number(static_cast<double>(bytes) / (1 << 20), 3),
             " MiB, and ", largest_file >> 20, " MiB is the most a YAML file may have");
}

std::string why_not(int error_number) {
  if (error_number == ENOENT || error_number == ENOTDIR) return "there is no such file";
  if (error_number == EACCES) return "no permission to read the file";
  return cat("cannot be opened: ", lower(std::strerror(error_number)));
}

const char* kind_of_file(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  if (S_ISFIFO(mode)) return "a pipe";
  return "a socket";
}

class File {
 public:
  explicit File(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// Nothing when reading failed. A file may be longer than it said (or say nothing, in /proc), and is
// read up to one byte more than is allowed, which shows that it is too large.
std::optional<std::string> read_all(int descriptor, std::size_t expected) {
  std::string text(expected + 1, '\0');
  std::size_t filled = 0;
  for (;;) {
    if (filled > largest_file) break;
    if (filled == text.size()) text.resize(std::min(2 * text.size(), largest_file + 1));
    const ssize_t got = ::read(descriptor, text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return text;
}

std::string code_point(char32_t c) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out = "U+0000";
  for (std::size_t i = out.size(); i-- > 2; c >>= 4) out[i] = hex[c & 15];
  return out;
}

// A tab in the indentation looks like blanks and counts otherwise.
bool is_indenting_tab(std::string_view source, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && source[begin - 1] == ' ') --begin;
  if (begin > 0 && source[begin - 1] != '\n') return false;
  const std::size_t text = source.find_first_not_of(" \t\r", at);
  return text != source.npos && source[text] != '\n' && source[text] != '#';
}

}  // namespace

Error error_at(const std::string& file, std::string_view source, std::size_t offset,
               std::string message) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  const std::size_t skip = source.starts_with(mark) ? mark.size() : 0;
  offset = std::max(offset, skip) - skip;
  source.remove_prefix(skip);
  const auto [line, column] = line_and_column(source, offset);
  return {Errc::bad_input,
          Blame::profile,
          std::move(message),
          {file, line, column},
          excerpt(source, offset)};
}

Result<std::size_t> check_characters(const std::string& file, std::string_view source) {
  const auto refuse = [&](std::size_t at, std::string message) {
    return tl::unexpected(error_at(file, source, at, std::move(message)));
  };
  if (source.starts_with("\xFF\xFE") || source.starts_with("\xFE\xFF"))
    return refuse(0, "the file is in UTF-16: save it as UTF-8");
  const std::size_t skip = source.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (std::size_t at = skip; at < source.size();) {
    const std::size_t here = at;
    const std::optional<char32_t> c = next_character(source, at);
    if (!c) return refuse(here, "this is no UTF-8: save the file as UTF-8");
    // yaml-cpp takes such a line for a directive wherever it stands, and drops it.
    if (*c == '%' && (here == skip || source[here - 1] == '\n'))
      return refuse(here, "a line cannot begin with %: put the text in quotes or indent it");
    if (*c == '\t' && is_indenting_tab(source, here))
      return refuse(here, "a tab in the indentation: use blanks");
    if (*c == '\t' || *c == '\n' || (*c == '\r' && at < source.size() && source[at] == '\n'))
      continue;
    if (*c < 0x20 || (*c >= 0x7F && *c < 0xA0) || *c == 0xFEFF)
      return refuse(here, cat("the character ", code_point(*c),
                              " is not allowed in a YAML file: is this a text file?"));
  }
  return skip;
}

std::string colon_hint(std::string_view text) {
  if (text.find("：") != text.npos) return " (the full-width \"：\" is no \":\")";
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon + 1 == text.size() || text[colon + 1] == ' ') return {};
  return " (a blank must follow the \":\")";
}

Document::Document() : data_(std::make_unique<Data>()) {}
Document::~Document() = default;

Result<std::shared_ptr<const Document>> Document::parse(std::string name, std::string text) {
  if (text.size() > largest_file) return refuse_file(name, too_large(text.size()));
  const Result<std::size_t> skip = check_characters(name, text);
  if (!skip) return tl::unexpected(skip.error());
  Result<Tree> tree = build_tree(name, text, *skip);
  if (!tree) return tl::unexpected(std::move(tree.error()));
  const std::shared_ptr<Document> document(new Document);
  *document->data_ = {std::move(name), std::move(text), std::move(*tree)};
  return document;
}

Result<std::shared_ptr<const Document>> Document::read(const std::string& path) {
  // Asked by name first: opening a device or a pipe can already do something to it.
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return refuse_file(path, why_not(errno));
  if (!S_ISREG(info.st_mode))
    return refuse_file(path, cat("this is ", kind_of_file(info.st_mode), ", not a file"));
  const File file(path);
  if (file.get() < 0) return refuse_file(path, why_not(errno));
  if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode))
    return refuse_file(path, "the file changed while it was opened");
  if (static_cast<std::uintmax_t>(info.st_size) > largest_file)
    return refuse_file(path, too_large(static_cast<std::uintmax_t>(info.st_size)));
  std::optional<std::string> text = read_all(file.get(), static_cast<std::size_t>(info.st_size));
  if (!text) return refuse_file(path, cat("cannot be read: ", lower(std::strerror(errno))));
  return parse(path, std::move(*text));
}

Node Document::root() const { return {this, data_->tree.root}; }
const std::string& Document::name() const { return data_->name; }
const std::string& Document::source() const { return data_->source; }

Kind Node::kind() const {
  return document_ ? document_->data_->tree.nodes[index_].kind : Kind::scalar;
}

Origin Node::at() const {
  if (!document_) return {};
  const NodeData& node = document_->data_->tree.nodes[index_];
  return {document_->data_->name, node.line, node.column};
}

const std::string& Node::text() const {
  static const std::string none;
  return document_ ? document_->data_->tree.nodes[index_].text : none;
}

bool Node::quoted() const { return document_ && document_->data_->tree.nodes[index_].quoted; }

bool Node::is_null() const { return document_ && document_->data_->tree.nodes[index_].null; }

std::vector<Node> Node::items() const {
  std::vector<Node> out;
  if (!document_ || kind() != Kind::list) return out;
  const Tree& tree = document_->data_->tree;
  const NodeData& list = tree.nodes[index_];
  out.reserve(list.count);
  for (std::uint32_t i = 0; i < list.count; ++i)
    out.push_back({document_, tree.children[list.first + i]});
  return out;
}

std::vector<std::pair<Node, Node>> Node::entries() const {
  std::vector<std::pair<Node, Node>> out;
  if (!document_ || kind() != Kind::map) return out;
  const Tree& tree = document_->data_->tree;
  const NodeData& map = tree.nodes[index_];
  out.reserve(map.count / 2);
  for (std::uint32_t i = map.first; i < map.first + map.count; i += 2)
    out.push_back({{document_, tree.children[i]}, {document_, tree.children[i + 1]}});
  return out;
}

Node Node::find(std::string_view key) const {
  if (!document_ || kind() != Kind::map) return {};
  const Tree& tree = document_->data_->tree;
  const NodeData& map = tree.nodes[index_];
  const auto text_of = [&tree](std::uint32_t child) -> std::string_view {
    return tree.nodes[tree.children[child]].text;
  };
  const auto begin = tree.sorted.begin() + static_cast<std::ptrdiff_t>(map.sorted);
  const auto end = begin + static_cast<std::ptrdiff_t>(map.count / 2);
  const auto found = std::lower_bound(
      begin, end, key, [&](std::uint32_t child, std::string_view k) { return text_of(child) < k; });
  if (found == end || text_of(*found) != key) return {};
  return {document_, tree.children[*found + 1]};
}

void Node::problem(Problems& problems, std::string message) const {
  Error error{Errc::bad_input, Blame::profile, std::move(message), at(), {}};
  if (document_) {
    const Document::Data& data = *document_->data_;
    error.excerpt = excerpt(data.source, data.tree.nodes[index_].offset);
  }
  problems.add(std::move(error));
}

}  // namespace carebench::yaml
