// A straight line through one quantum, as the audio sees what glides (base/smoother.h).
#pragma once

#include "base/f32x8.h"
#include "base/spec.h"

namespace aim {

// Its value at each frame, eight to a vector.
struct Ramp {
    static_assert(kQuantumFrames == 16);
    f32x8 frames[2];

    // From `from`, which is the value before the first frame, by `step` per frame. Every four frames are the four before them
    // plus four steps: with what that rounds, a line that does not move stays exactly where it is.
    static Ramp from(float from, float step) {
        const f32x4 stride = f32x4::splat(4.0f) * f32x4::splat(step);
        const f32x4 a = f32x4::splat(from) + f32x4::set(1.0f, 2.0f, 3.0f, 4.0f) * f32x4::splat(step);
        const f32x4 b = a + stride;
        const f32x4 c = b + stride;
        return {{f32x8::join(a, b), f32x8::join(c, c + stride)}};
    }
    static Ramp between(float from, float to) { return Ramp::from(from, (to - from) * (1.0f / kQuantumFrames)); }
};

}  // namespace aim
