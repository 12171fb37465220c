// Reads what the job file tells, whatever its shape: the record keeps it as given, and the report
// must lose nothing of it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "reports/html/texts.h"
#include "standards/vocab/json.h"

namespace carebench::html {

// The first of these dotted paths that holds something: job_at(job, {"order.received",
// "received"}).
const Json& job_at(const Json& job, std::initializer_list<std::string_view> paths);

// On one line: "Example Lab; address: 1 Road; contact: …". {value, unit} becomes "23 °C".
std::string told(const Json& value, const Texts& text);

// The name of a member as the report calls it: text "field.<key>", or the key itself.
std::string field_name(std::string_view key, const Texts& text);

}  // namespace carebench::html
