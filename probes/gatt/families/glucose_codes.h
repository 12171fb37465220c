// What the glucose and the continuous glucose monitoring services have in common.
#pragma once

#include <string_view>

namespace carebench::gatt {

// Low nibble of a type-and-location octet.
inline constexpr std::string_view glucose_types[] = {"",
                                                     "capillary_whole_blood",
                                                     "capillary_plasma",
                                                     "venous_whole_blood",
                                                     "venous_plasma",
                                                     "arterial_whole_blood",
                                                     "arterial_plasma",
                                                     "undetermined_whole_blood",
                                                     "undetermined_plasma",
                                                     "interstitial_fluid",
                                                     "control_solution"};

// High nibble, for continuous monitoring; a meter has no subcutaneous tissue.
inline constexpr std::string_view cgm_locations[] = {"",
                                                     "finger",
                                                     "alternate_site",
                                                     "earlobe",
                                                     "control_solution",
                                                     "subcutaneous_tissue",
                                                     "",
                                                     "",
                                                     "",
                                                     "",
                                                     "",
                                                     "",
                                                     "",
                                                     "",
                                                     "",
                                                     "not_available"};

}  // namespace carebench::gatt
