// The compressor's static curve with its quadratic knee, as gain reduction.
//
// Giannoulis, Massberg, Reiss, "Digital Dynamic Range Compressor Design", JAES 60 (2012), eq. 4. Levels in octaves of
// amplitude: a base-2 logarithm needs no scaling.
#pragma once

#include "base/simd.h"

namespace aim {

struct GainCurve {
    float half_knee = 0.0f;
    // 1 / (2 knee); zero for a hard knee, whose quadratic part is empty.
    float knee_scale = 0.0f;
    float knee = 0.0f;

    void set_knee(float octaves) {
        knee = octaves;
        half_knee = 0.5f * octaves;
        knee_scale = octaves > 0.0f ? 0.5f / octaves : 0.0f;
    }

    // slope is 1 - 1/ratio. Reduction >= 0 for a level.
    f32x4 reduction(f32x4 level, f32x4 threshold, f32x4 slope) const {
        const f32x4 zero = f32x4::zero();
        const f32x4 over = level - threshold;
        const f32x4 in_knee = min(max(over + f32x4::splat(half_knee), zero), f32x4::splat(knee));
        const f32x4 beyond = max(over - f32x4::splat(half_knee), zero);
        return slope * (in_knee * in_knee * f32x4::splat(knee_scale) + beyond);
    }
};

}  // namespace aim
