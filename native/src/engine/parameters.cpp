#include "engine/parameters.h"

namespace aim {
namespace {

bool same(const char* a, const char* b) {
    while (*a != '\0' && *a == *b) {
        ++a;
        ++b;
    }
    return *a == *b;
}

}  // namespace

int32_t parameter_index(const char* key) {
    for (int32_t i = 0; i < kParameterCount; ++i) {
        if (same(kParameters[i].info.key, key)) return i;
    }
    return -1;
}

bool parameter_accepts(const aim_parameter_info& info, float value) {
    if (!(value >= info.minimum && value <= info.maximum)) return false;
    return info.unit != AIM_UNIT_BOOLEAN || value == 0.0f || value == 1.0f;
}

}  // namespace aim
