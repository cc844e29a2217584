// The compressor's static curve with its quadratic knee, as gain reduction.
//
// Giannoulis, Massberg, Reiss, "Digital Dynamic Range Compressor Design", JAES 60 (2012), eq. 4. Levels in octaves of
// amplitude: a base-2 logarithm needs no scaling.
#pragma once

#include "base/simd.h"

namespace aim {

// S is a number of one stream, or of several in lanes.
template <class S>
struct GainCurveOf {
    S half_knee = {};
    // 1 / (2 knee); zero for a hard knee, whose quadratic part is empty.
    S knee_scale = {};
    S knee = {};

    // Q is a quad of frames; slope is 1 - 1/ratio. Reduction >= 0 for a level.
    template <class Q>
    Q reduction(const Q& level, const Q& threshold, const Q& slope) const {
        const Q zero = Q::zero();
        const Q over = level - threshold;
        const Q in_knee = min(max(over + Q::splat(half_knee), zero), Q::splat(knee));
        const Q beyond = max(over - Q::splat(half_knee), zero);
        return slope * (in_knee * in_knee * Q::splat(knee_scale) + beyond);
    }
};

struct GainCurve : GainCurveOf<float> {
    void set_knee(float octaves) {
        knee = octaves;
        half_knee = 0.5f * octaves;
        knee_scale = octaves > 0.0f ? 0.5f / octaves : 0.0f;
    }
};

}  // namespace aim
