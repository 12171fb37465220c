#include "probes/lane.h"

namespace carebench {

Json to_json(const Prompt& prompt) {
  static constexpr std::string_view kinds[] = {"confirm", "reading", "text"};
  Json json = Json::object();
  json.set("id", prompt.id).set("kind", kinds[static_cast<std::size_t>(prompt.kind)]);
  json.set_if("purpose", prompt.purpose);
  json.set_if("steps", prompt.steps);
  json.set_if("look_for", prompt.look_for);
  json.set_if("unit", prompt.unit);
  if (prompt.second_reader) json.set("second_reader", true);
  return json;
}

}  // namespace carebench
