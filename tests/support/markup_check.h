// A small check that markup is well formed: tags balance, attributes are quoted, nothing is left
// unescaped. Enough to notice data that broke out of its place; no validator.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace carebench::test {

// "" when well formed, else the first problem with its surroundings. Elements of `lone` have no
// end.
std::string markup_problem(std::string_view text, const std::vector<std::string>& lone = {});

std::size_t count_of(std::string_view text, std::string_view part);

}  // namespace carebench::test
