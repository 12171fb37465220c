#include "profiles/check.h"

namespace carebench {

std::string_view to_string(Hazard hazard) {
  switch (hazard) {
    case Hazard::none:
      return "none";
    case Hazard::power:
      return "power";
    case Hazard::motion:
      return "motion";
    case Hazard::pressure:
      return "pressure";
    case Hazard::destructive:
      return "destructive";
  }
  return "none";
}

const Check* find_check(std::string_view id) {
  for (const Check* check : checks_table())
    if (check->id == id) return check;
  return nullptr;
}

std::vector<std::string> check_ids() {
  std::vector<std::string> ids;
  for (const Check* check : checks_table()) ids.emplace_back(check->id);
  return ids;
}

}  // namespace carebench
