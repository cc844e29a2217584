// The built-in mix profiles, one per genre: native/profiles/*.json as the compiler sees them.
#pragma once

#include "engine/parameter_table.h"

namespace aim {

struct Profile {
    int32_t genre;
    int32_t version;
    int32_t whole_file_level;
    const char* name;
    const char* description;
    // In the order of the parameter table.
    float values[kParameterCount];
};

inline constexpr int32_t kProfileCount = AIM_GENRE_CLASSICAL + 1;

// `genre` from 0 to kProfileCount - 1.
const Profile& profile_of(int32_t genre);

}  // namespace aim
