#include "engine/profiles.h"

namespace aim {
namespace {

struct Setting {
    const char* key;
    float value;
};

constexpr bool same(const char* a, const char* b) {
    while (*a != '\0' && *a == *b) {
        ++a;
        ++b;
    }
    return *a == *b;
}

// Not constexpr: reaching one while compiling is the error message.
void profile_sets_an_unknown_parameter() {}
void profile_sets_a_value_out_of_range() {}

template <int count>
consteval Profile make_profile(int32_t genre, int32_t version, int32_t whole_file_level, const char* name,
                               const char* description, const Setting (&settings)[count]) {
    Profile profile = {genre, version, whole_file_level, name, description, {}};
    for (int32_t i = 0; i < kParameterCount; ++i) profile.values[i] = kParameters[i].info.default_value;
    for (const Setting& setting : settings) {
        int32_t row = 0;
        while (row < kParameterCount && !same(kParameters[row].info.key, setting.key)) ++row;
        if (row == kParameterCount) profile_sets_an_unknown_parameter();
        const aim_parameter_info& info = kParameters[row].info;
        const bool in_range = setting.value >= info.minimum && setting.value <= info.maximum;
        const bool fits = info.unit != AIM_UNIT_BOOLEAN || setting.value == 0.0f || setting.value == 1.0f;
        if (!in_range || !fits) profile_sets_a_value_out_of_range();
        profile.values[row] = setting.value;
    }
    return profile;
}

#include "profile_values.inc"
static_assert(sizeof(kTable) / sizeof(kTable[0]) == kProfileCount);

}  // namespace

const Profile& profile_of(int32_t genre) { return kTable[genre]; }

}  // namespace aim
