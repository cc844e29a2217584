// What stands between the caller's samples and the stages: nothing damaged comes past it.
#pragma once

#include "ai_mixer_core.h"
#include "base/simd.h"
#include "base/spec.h"

namespace aim {

// Below this (-400 dBFS) a sample is nothing; products of such numbers would be denormals, which some processors
// compute a hundred times slower.
inline constexpr float kDenormalGuard = 1e-20f;

// Samples that are not finite or beyond AIM_SAMPLE_LIMIT become zero; returns how many.
inline uint32_t silence_damaged(float* samples, uint32_t count) {
    const f32x4 limit = f32x4::splat((float)AIM_SAMPLE_LIMIT);
    // The usual case first: a comparison's lanes are -1, so adding counts, downwards. False for NaN.
    i32x4 fine = i32x4::splat(0);
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) fine = fine + (abs(f32x4::load(samples + i)) <= limit);
    const uint32_t fine_count = (uint32_t) - (fine.lane(0) + fine.lane(1) + fine.lane(2) + fine.lane(3));
    if (fine_count == count) return 0;

    uint32_t damaged = 0;
    for (i = 0; i < count; ++i) {
        const float x = samples[i];
        if (x >= -(float)AIM_SAMPLE_LIMIT && x <= (float)AIM_SAMPLE_LIMIT) continue;
        samples[i] = 0.0f;
        ++damaged;
    }
    return damaged;
}

// `count` is a multiple of four.
inline void flush_tiny(float* samples, uint32_t count) {
    for (uint32_t i = 0; i < count; i += 4) {
        const f32x4 x = f32x4::load(samples + i);
        keep(abs(x) > f32x4::splat(kDenormalGuard), x).store(samples + i);
    }
}

}  // namespace aim
