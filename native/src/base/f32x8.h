// Eight float or int32 lanes, where the processor has registers for them: what base/simd.h has for four, as far as a
// lane stands for a stream. The lanes do not know each other, so there is nothing to shuffle.
#pragma once

#include "base/simd.h"

#if defined(AIM_SIMD_VECTOR) && defined(__AVX2__)
#define AIM_SIMD_EIGHT 1
#include <immintrin.h>

namespace aim {

using NativeF32x8 = float __attribute__((vector_size(32)));
using NativeI32x8 = int32_t __attribute__((vector_size(32)));
using NativeU32x8 = uint32_t __attribute__((vector_size(32)));

struct i32x8 {
    NativeI32x8 v;

    static i32x8 splat(int32_t x) { return {NativeI32x8{x, x, x, x, x, x, x, x}}; }
};

struct f32x8 {
    NativeF32x8 v;

    using Int = i32x8;
    static constexpr uint32_t kLanes = 8;

    static f32x8 splat(float x) { return {NativeF32x8{x, x, x, x, x, x, x, x}}; }
    static f32x8 zero() { return splat(0.0f); }
    static f32x8 load(const float* p) {
        f32x8 r;
        std::memcpy(&r.v, p, sizeof r.v);
        return r;
    }
    void store(float* p) const { std::memcpy(p, &v, sizeof v); }
};

inline f32x8 operator+(f32x8 a, f32x8 b) { return {a.v + b.v}; }
inline f32x8 operator-(f32x8 a, f32x8 b) { return {a.v - b.v}; }
inline f32x8 operator*(f32x8 a, f32x8 b) { return {a.v * b.v}; }
inline i32x8 operator&(i32x8 a, i32x8 b) { return {a.v & b.v}; }
inline i32x8 operator+(i32x8 a, i32x8 b) { return {(NativeI32x8)((NativeU32x8)a.v + (NativeU32x8)b.v)}; }
inline i32x8 operator-(i32x8 a, i32x8 b) { return {(NativeI32x8)((NativeU32x8)a.v - (NativeU32x8)b.v)}; }
inline i32x8 operator>(f32x8 a, f32x8 b) { return {(NativeI32x8)(a.v > b.v)}; }
inline i32x8 operator>=(f32x8 a, f32x8 b) { return {(NativeI32x8)(a.v >= b.v)}; }

inline f32x8 bits_to_f32(i32x8 a) { return {(NativeF32x8)a.v}; }
inline i32x8 bits_to_i32(f32x8 a) { return {(NativeI32x8)a.v}; }
template <int n>
inline i32x8 shift_left(i32x8 a) {
    return {(NativeI32x8)((NativeU32x8)a.v << n)};
}
inline f32x8 to_f32(i32x8 a) { return {__builtin_convertvector(a.v, NativeF32x8)}; }

// b wins when a is NaN.
inline f32x8 min(f32x8 a, f32x8 b) { return {(NativeF32x8)_mm256_min_ps((__m256)a.v, (__m256)b.v)}; }
inline f32x8 max(f32x8 a, f32x8 b) { return {(NativeF32x8)_mm256_max_ps((__m256)a.v, (__m256)b.v)}; }
inline f32x8 abs(f32x8 a) { return bits_to_f32(bits_to_i32(a) & i32x8::splat(0x7fffffff)); }
// Zero where the mask is zero.
inline f32x8 keep(i32x8 mask, f32x8 a) { return bits_to_f32(mask & bits_to_i32(a)); }

}  // namespace aim
#endif
