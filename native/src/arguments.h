// What more than one door asks of its arguments.
#pragma once

#include "ai_mixer_core.h"

namespace aim {

inline bool valid_format(uint32_t sample_rate_hz, uint32_t channels) {
    return sample_rate_hz >= AIM_SAMPLE_RATE_MIN && sample_rate_hz <= AIM_SAMPLE_RATE_MAX && channels >= 1 &&
           channels <= AIM_CHANNELS_MAX;
}

inline bool any_null(const float* const* channels, uint32_t count) {
    for (uint32_t c = 0; c < count; ++c) {
        if (channels[c] == nullptr) return true;
    }
    return false;
}

}  // namespace aim
