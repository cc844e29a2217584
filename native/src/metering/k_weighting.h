// The K weighting of ITU-R BS.1770-5 for two channels side by side: a high shelf (the head) and a high-pass (RLB).
#pragma once

#include "base/f64x2.h"

namespace aim {

// shelf: (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2); high-pass: (1 - z^-1)^2 / (1 + d1 z^-1 + d2 z^-2), its
// gain moved into b0, b1 and b2.
struct KWeightingCoefficients {
    double b0, b1, b2, a1, a2;
    double d1, d2;
};

// For any rate the magnitude follows the standard's filters at 48 kHz within 0.02 dB up to 0.45 times the sample rate.
KWeightingCoefficients design_k_weighting(double sample_rate_hz);

// Direct form I in double: no word-length noise to speak of at any rate, and only a multiplication and a subtraction
// from one output to the next. Sample by sample, so the bits cannot depend on how a stream is cut.
struct KWeightingState {
    f64x2 x1, x2;      // inputs
    f64x2 s1, s2;      // outputs of the shelf
    f64x2 difference;  // s1 minus the one before it
    f64x2 y1, y2;      // outputs of the high-pass
};

struct KWeighting {
    f64x2 b0, b1, b2, a1, a2, d1, d2;

    explicit KWeighting(const KWeightingCoefficients& c)
        : b0(f64x2::splat(c.b0)), b1(f64x2::splat(c.b1)), b2(f64x2::splat(c.b2)), a1(f64x2::splat(c.a1)),
          a2(f64x2::splat(c.a2)), d1(f64x2::splat(c.d1)), d2(f64x2::splat(c.d2)) {}

    f64x2 step(KWeightingState& s, f64x2 x) const {
        const f64x2 shelf = ((b0 * x + (b1 * s.x1 + b2 * s.x2)) - a2 * s.s2) - a1 * s.s1;
        const f64x2 difference = shelf - s.s1;
        const f64x2 y = ((difference - s.difference) - d2 * s.y2) - d1 * s.y1;
        s.x2 = s.x1;
        s.x1 = x;
        s.s2 = s.s1;
        s.s1 = shelf;
        s.difference = difference;
        s.y2 = s.y1;
        s.y1 = y;
        return y;
    }
};

// Sets what lies below any signal to zero, long before it becomes denormal.
void flush(KWeightingState& state);

}  // namespace aim
