// The limits library of one run: the shipped files as inputs keep them, and over them the
// laboratory's own files (role "own_limits"), and over those another edition (`carebench judge`,
// role "other_limits").
#pragma once

#include <string>
#include <vector>

#include "profiles/run/inputs.h"
#include "standards/limit_library.h"

namespace carebench {

inline constexpr std::string_view own_limits = "own_limits", other_limits = "other_limits";

// Adds limits files to the inputs: each path is a file, or a folder whose *.yaml are taken.
Result<void> add_limits(Inputs& inputs, std::string_view role,
                        const std::vector<std::string>& paths);
// `inputs` must outlive the library.
Result<LimitLibrary> limit_library(Inputs& inputs);
// The same without a run: shipped files and own ones, for commands that only look things up.
Result<LimitLibrary> limit_library(const std::vector<std::string>& paths);

// The entries of limits files alone, without the shipped ones.
Result<std::vector<Limit>> own_limits_in(const std::vector<std::string>& paths);

}  // namespace carebench
