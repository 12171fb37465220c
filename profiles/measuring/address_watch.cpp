#include "profiles/measuring/address_watch.h"

#include <algorithm>

#include "standards/vocab/bytes.h"

namespace carebench {

void AddressWatch::heard(std::string_view address, Stamp at) {
  if (address.empty() || (!stays_.empty() && stays_.back().address == address)) return;
  mixed_ |= std::ranges::find(stays_, address, &Stay::address) != stays_.end();
  if (stays_.size() < most) stays_.push_back({std::string(address), at});
}

Duration AddressWatch::longest_stay(Stamp end) const {
  Duration longest;
  for (std::size_t i = 0; i < stays_.size(); ++i)
    longest =
        std::max(longest, (i + 1 < stays_.size() ? stays_[i + 1].from : end) - stays_[i].from);
  return longest;
}

std::string kind_of_address(std::string_view type, std::string_view address) {
  if (type == "public") return "public";
  const auto first = from_hex(address.substr(0, 2));
  if (type.empty() || !first || first->empty()) return "";
  switch (first->front() >> 6) {
    case 0:
      return "non-resolvable";
    case 1:
      return "resolvable";
    case 3:
      return "static";
    default:
      return "";
  }
}

}  // namespace carebench
