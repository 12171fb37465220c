// Everything that stands in the library about one limit, as JSON and as text for a person.
#pragma once

#include <string>

#include "standards/limit_library.h"
#include "standards/vocab/json.h"

namespace carebench {

// Only what is said: no empty members. Limits it names come with their own text and source.
Json limit_json(const Limit& limit, const LimitLibrary& library);

// "key  value" a line, what is nested indented below its key; a list of maps one line each.
std::string as_lines(const Json& value, int indent = 0);

}  // namespace carebench
