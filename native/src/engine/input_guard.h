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
    i32x4 sound = i32x4::splat(0);
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) {
        const f32x4 x = f32x4::load(samples + i);
        // False for NaN.
        const i32x4 fine = abs(x) <= f32x4::splat((float)AIM_SAMPLE_LIMIT);
        keep(fine, x).store(samples + i);
        sound = sound - fine;
    }
    uint32_t damaged = i - (uint32_t)(sound.lane(0) + sound.lane(1) + sound.lane(2) + sound.lane(3));
    for (; i < count; ++i) {
        const float x = samples[i];
        if (x >= -(float)AIM_SAMPLE_LIMIT && x <= (float)AIM_SAMPLE_LIMIT) continue;
        samples[i] = 0.0f;
        ++damaged;
    }
    return damaged;
}

inline void flush_tiny(const float* from, float* to, uint32_t count) {
    for (uint32_t i = 0; i < count; i += 4) {
        const f32x4 x = f32x4::load(from + i);
        keep(abs(x) > f32x4::splat(kDenormalGuard), x).store(to + i);
    }
}

}  // namespace aim
