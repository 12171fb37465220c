#include "probes/decode_family.h"

#include "standards/vocab/text.h"

namespace carebench {

Result<Json> decode(std::string_view family, ByteView octets) {
  std::vector<std::string_view> names;
  for (const DecodeFamily* one : decode_families()) {
    const bool own = family.starts_with(one->prefix) &&
                     (family.size() == one->prefix.size() || family[one->prefix.size()] == '.');
    if (own) return one->decode(family, octets);
    for (const std::string_view member : split(one->members, ' ')) names.push_back(member);
  }
  return fail(Errc::usage, Blame::bench,
              cat("there is no decoder \"", printable(family), '"',
                  suggestion(family, std::span<const std::string_view>(names))));
}

}  // namespace carebench
