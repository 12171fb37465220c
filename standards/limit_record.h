// A limit as the record prints it.
#pragma once

#include "standards/limit.h"
#include "standards/vocab/run_record.h"

namespace carebench {

// source_kind: the kind of the source, or laboratory_own / laboratory_replaced for an entry of the
// laboratory's own file, beside the shipped ones or in place of one.
LimitRecord limit_record(const Limit& limit);

}  // namespace carebench
