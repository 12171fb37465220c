#include "reports/renderer.h"

namespace carebench {

const Renderer* renderer(std::string_view id) {
  for (const Renderer* entry : renderers())
    if (entry->id == id) return entry;
  return nullptr;
}

}  // namespace carebench
