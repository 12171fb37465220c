#include "standards/limit_record.h"

#include "standards/vocab/text.h"

namespace carebench {

LimitRecord limit_record(const Limit& limit) {
  LimitRecord record{limit.id,
                     limit.text(),
                     limit.source.text(),
                     std::string(to_string(limit.source.kind)),
                     limit.source.confidence,
                     std::string(to_string(limit.status))};
  if (limit.provided == Limit::Provided::shipped) return record;
  const bool replaced = limit.provided == Limit::Provided::replaced;
  record.source_kind = replaced ? "laboratory_replaced" : "laboratory_own";
  record.source += cat(" [", limit.own_file.substr(limit.own_file.rfind('/') + 1), "]");
  return record;
}

}  // namespace carebench
