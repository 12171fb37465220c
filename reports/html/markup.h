// Writes HTML and inline SVG, and is the only thing that does: whatever comes in is escaped, so
// that a device that calls itself "<script>" stays a device with an odd name. Tags and attribute
// names come from our own code; everything else is data. Characters that a reader can not see or
// that turn the line around (controls, bidirectional overrides, zero-width) are shown by their code
// point.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace carebench {

struct Attribute {
  std::string_view name;
  std::string value;
};
using Attributes = std::initializer_list<Attribute>;

class Markup {
 public:
  // An open tag, closed where the scope ends.
  class Element {
   public:
    Element(Markup& out, std::string_view tag) : out_(out), tag_(tag) {}
    ~Element() { out_.close(tag_); }
    Element(const Element&) = delete;
    Element& operator=(const Element&) = delete;

   private:
    Markup& out_;
    std::string_view tag_;
  };

  [[nodiscard]] Element in(std::string_view tag, Attributes attributes = {});
  void leaf(std::string_view tag, Attributes attributes,
            std::string_view text);                             // <p class="x">…</p>
  void lone(std::string_view tag, Attributes attributes = {});  // void elements: <meta …>, <br>
  void text(std::string_view data);
  void line();  // a line break in the source, for readers of the source
  // Bytes of our own that are no text: the style sheet and the document type. Never data.
  void verbatim(std::string_view bytes) { out_ += bytes; }

  std::string take() { return std::move(out_); }

 private:
  void open(std::string_view tag, Attributes attributes);
  void close(std::string_view tag);
  std::string out_;
};

}  // namespace carebench
