// Between the caller's layout, planar or interleaved, and the core's, which is planar.
#pragma once

#include <cstddef>
#include <cstring>

#include "base/simd.h"
#include "base/spec.h"

namespace aim {

// Sample i of channel c is from[c][i * stride]. Interleaved stereo is two pointers one sample apart with stride 2.
inline void gather(const float* const* from, uint32_t channel_count, uint32_t stride, float* const* to,
                   uint32_t frames) {
    if (stride == 1) {
        for (uint32_t c = 0; c < channel_count; ++c) std::memcpy(to[c], from[c], frames * sizeof(float));
        return;
    }
    uint32_t i = 0;
    for (; i + 4 <= frames; i += 4) {
        const f32x4 a = f32x4::load(from[0] + 2 * (size_t)i);
        const f32x4 b = f32x4::load(from[0] + 2 * (size_t)i + 4);
        shuffle<0, 2, 4, 6>(a, b).store(to[0] + i);
        shuffle<1, 3, 5, 7>(a, b).store(to[1] + i);
    }
    for (; i < frames; ++i) {
        to[0][i] = from[0][2 * (size_t)i];
        to[1][i] = from[1][2 * (size_t)i];
    }
}

// The way back.
inline void scatter(const float* const* from, uint32_t channel_count, float* const* to, uint32_t stride,
                    uint32_t frames) {
    if (stride == 1) {
        for (uint32_t c = 0; c < channel_count; ++c) std::memcpy(to[c], from[c], frames * sizeof(float));
        return;
    }
    uint32_t i = 0;
    for (; i + 4 <= frames; i += 4) {
        const f32x4 left = f32x4::load(from[0] + i);
        const f32x4 right = f32x4::load(from[1] + i);
        shuffle<0, 4, 1, 5>(left, right).store(to[0] + 2 * (size_t)i);
        shuffle<2, 6, 3, 7>(left, right).store(to[0] + 2 * (size_t)i + 4);
    }
    for (; i < frames; ++i) {
        to[0][2 * (size_t)i] = from[0][i];
        to[1][2 * (size_t)i] = from[1][i];
    }
}

}  // namespace aim
