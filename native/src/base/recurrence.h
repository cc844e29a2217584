// First-order recurrences, four samples at a time.
//
// y[n] = a y[n-1] + b[n] and y[n] = max(x[n], a y[n-1] + b[n]) look serial, but both kinds of step are closed under
// composition, so a prefix scan over four lanes leaves only one multiply-add per four samples on the critical path.
// The scan's order of operations is the definition; scalar code does the same.
#pragma once

#include "base/simd.h"

namespace aim {

// The powers of a one-pole's coefficient that the scans need.
struct PolePowers {
    float a = 0.0f;
    float a_2 = 0.0f;
    float a_3 = 0.0f;
    float a_4 = 0.0f;

    static PolePowers of(double a) { return {(float)a, (float)(a * a), (float)(a * a * a), (float)(a * a * a * a)}; }
    f32x4 ladder() const { return f32x4::set(a, a_2, a_3, a_4); }
};

// y[i] = a y[i-1] + b[i], continuing from `last` (the previous y in every lane).
inline f32x4 scan_linear(f32x4 b, f32x4 last, const PolePowers& pole) {
    const f32x4 zero = f32x4::zero();
    b = b + f32x4::splat(pole.a) * lanes_up_1(b, zero);
    b = b + f32x4::splat(pole.a_2) * lanes_up_2(b, zero);
    return b + pole.ladder() * last;
}

// y[i] = max(x[i], a y[i-1] + (1 - a) x[i]) for x >= 0: rises at once, falls exponentially towards x.
inline f32x4 scan_decay(f32x4 x, f32x4 last, const PolePowers& pole) {
    const f32x4 zero = f32x4::zero();
    const f32x4 a = f32x4::splat(pole.a);
    const f32x4 a_2 = f32x4::splat(pole.a_2);
    f32x4 floor = x;
    f32x4 offset = x * f32x4::splat(1.0f - pole.a);
    floor = max(floor, a * lanes_up_1(floor, zero) + offset);
    offset = offset + a * lanes_up_1(offset, zero);
    floor = max(floor, a_2 * lanes_up_2(floor, zero) + offset);
    offset = offset + a_2 * lanes_up_2(offset, zero);
    return max(floor, pole.ladder() * last + offset);
}

}  // namespace aim
