// What stands between the caller's samples and the stages: nothing damaged comes past it.
#pragma once

#include "ai_mixer_core.h"
#include "base/f32x8.h"
#include "base/spec.h"

namespace aim {

// Below this (-400 dBFS) a sample is nothing; products of such numbers would be denormals, which some processors
// compute a hundred times slower.
inline constexpr float kDenormalGuard = 1e-20f;

// Samples that are not finite or beyond AIM_SAMPLE_LIMIT become zero; returns how many.
inline uint32_t silence_damaged(float* samples, uint32_t count) {
    const f32x8 limit = f32x8::splat((float)AIM_SAMPLE_LIMIT);
    // The usual case first. False for NaN.
    i32x8 fine = i32x8::splat(-1);
    uint32_t i = 0;
    for (; i + 8 <= count; i += 8) fine = fine & (abs(f32x8::load(samples + i)) <= limit);
    if (i == count && lane_bits(fine.low() & fine.high()) == 0xf) return 0;

    uint32_t damaged = 0;
    for (i = 0; i < count; ++i) {
        const float x = samples[i];
        if (x >= -(float)AIM_SAMPLE_LIMIT && x <= (float)AIM_SAMPLE_LIMIT) continue;
        samples[i] = 0.0f;
        ++damaged;
    }
    return damaged;
}

// `count` is a multiple of eight.
inline void flush_tiny(float* samples, uint32_t count) {
    for (uint32_t i = 0; i < count; i += 8) {
        const f32x8 x = f32x8::load(samples + i);
        keep(abs(x) > f32x8::splat(kDenormalGuard), x).store(samples + i);
    }
}

}  // namespace aim
