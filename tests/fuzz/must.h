// What a fuzz target says must hold, in any build: assert() is empty in a release.
#pragma once

#include <cstdlib>

inline void must(bool holds) {
  if (!holds) std::abort();
}
