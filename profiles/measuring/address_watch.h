// The addresses that a Bluetooth device was heard by, in the order of time: whether they change,
// and how long one stays. A device has one at a time; where an address comes back after another one
// was heard, they belong to several devices that are alike, and nothing can be said of either.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/time.h"

namespace carebench {

class AddressWatch {
 public:
  void heard(std::string_view address, Stamp at);
  bool several_devices() const { return mixed_; }
  std::size_t addresses() const { return stays_.size(); }
  // Of one address, from where it was heard first to where the next one was, or to the end: what
  // is told is the least that the longest can have been.
  Duration longest_stay(Stamp end) const;

 private:
  static constexpr std::size_t most = 10'000;
  struct Stay {
    std::string address;
    Stamp from;
  };
  std::vector<Stay> stays_;
  bool mixed_ = false;
};

// "public", "static", "resolvable" or "non-resolvable", by its type and its two highest bits
// (Bluetooth Core 5.3, Vol 6, Part B, 1.3); "": not known.
std::string kind_of_address(std::string_view type, std::string_view address);

}  // namespace carebench
