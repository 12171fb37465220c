#include "probes/decode_family.h"

#include "standards/vocab/text.h"

namespace carebench {

std::vector<std::string> members_of(const DecodeFamily& family) {
  std::vector<std::string> names;
  for (const std::string_view member : split(family.members, ' '))
    if (!member.empty()) names.emplace_back(member);
  if (family.more_members)
    for (std::string& member : family.more_members()) names.push_back(std::move(member));
  return names;
}

Result<Json> decode(std::string_view family, ByteView octets) {
  const DecodeFamily* found = nullptr;
  std::vector<std::string> names;
  for (const DecodeFamily* one : decode_families()) {
    const bool own = family.starts_with(one->prefix) &&
                     (family.size() == one->prefix.size() || family[one->prefix.size()] == '.');
    if (own && (!found || one->prefix.size() > found->prefix.size())) found = one;
    for (std::string& member : members_of(*one)) names.push_back(std::move(member));
  }
  if (found) return found->decode(family, octets);
  return fail(Errc::usage, Blame::bench,
              cat("there is no decoder \"", printable(family), '"', suggestion(family, names)));
}

}  // namespace carebench
