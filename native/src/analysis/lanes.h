// What the analysis needs of SIMD lanes beyond base: one float lane, square roots, and the few data movements of the FFT
// spelt once for every lane type.
//
// As in base/simd.h every lane does what scalar IEEE code would do, so plain arrays give the same bits.
#pragma once

#include "base/elementary.h"
#include "base/f64x2.h"

namespace aim {

// Lanes 0 and 1.
inline f64x2 low_to_f64(f32x4 a) {
#if defined(AIM_SIMD_VECTOR) && defined(__SSE4_1__)
    return {(NativeF64)_mm_cvtps_pd((__m128)a.v)};
#else
    return f64x2::set(a.lane(0), a.lane(1));
#endif
}

// Lanes 2 and 3.
inline f64x2 high_to_f64(f32x4 a) { return low_to_f64(shuffle<2, 3, 2, 3>(a, a)); }

// Lanes below `least` become zero.
inline f64x2 drop_below(f64x2 a, double least) {
#if defined(AIM_SIMD_VECTOR)
    using NativeI64 = int64_t __attribute__((vector_size(16)));
    return {(NativeF64)((NativeI64)(a.v >= f64x2::splat(least).v) & (NativeI64)a.v)};
#else
    return f64x2::set(a.v[0] >= least ? a.v[0] : 0.0, a.v[1] >= least ? a.v[1] : 0.0);
#endif
}

// Both lanes, rounded.
inline void store_as_f32(f64x2 a, float* p) {
#if defined(AIM_SIMD_VECTOR) && defined(__SSE4_1__)
    _mm_storel_pi(reinterpret_cast<__m64*>(p), _mm_cvtpd_ps((__m128d)a.v));
#else
    p[0] = (float)a.lane(0);
    p[1] = (float)a.lane(1);
#endif
}

// Rounding the double root to float gives the correctly rounded float root, because 53 >= 2 * 24 + 2 bits.
inline f32x4 sqrt(f32x4 a) {
#if defined(AIM_SIMD_VECTOR) && defined(__SSE4_1__)
    return {(NativeF32)_mm_sqrt_ps((__m128)a.v)};
#else
    return f32x4::set((float)sqrt_f64(a.lane(0)), (float)sqrt_f64(a.lane(1)), (float)sqrt_f64(a.lane(2)),
                      (float)sqrt_f64(a.lane(3)));
#endif
}

// One lane, for transforms too small to fill a register.
struct f32x1 {
    float v;

    using Scalar = float;
    static constexpr uint32_t kLanes = 1;

    static f32x1 splat(float x) { return {x}; }
    static f32x1 load(const float* p) { return {*p}; }
    void store(float* p) const { *p = v; }
};
inline f32x1 operator+(f32x1 a, f32x1 b) { return {a.v + b.v}; }
inline f32x1 operator-(f32x1 a, f32x1 b) { return {a.v - b.v}; }
inline f32x1 operator*(f32x1 a, f32x1 b) { return {a.v * b.v}; }

// Number type and width of a lane type.
template <class Lanes>
struct LaneTraits {
    using Scalar = typename Lanes::Scalar;
    static constexpr uint32_t kLanes = Lanes::kLanes;
};
template <>
struct LaneTraits<f32x4> {
    using Scalar = float;
    static constexpr uint32_t kLanes = 4;
};

// From an address that is a multiple of 16: an operand of the arithmetic rather than an instruction of its own.
template <class V>
inline V load_aligned(const typename LaneTraits<V>::Scalar* p) {
#if defined(AIM_SIMD_VECTOR)
    if constexpr (LaneTraits<V>::kLanes > 1) {
        V r;
        std::memcpy(&r.v, __builtin_assume_aligned(p, 16), sizeof r.v);
        return r;
    }
#endif
    return V::load(p);
}

template <class V>
inline void store_aligned(V a, typename LaneTraits<V>::Scalar* p) {
#if defined(AIM_SIMD_VECTOR)
    if constexpr (LaneTraits<V>::kLanes > 1) {
        std::memcpy(__builtin_assume_aligned(p, 16), &a.v, sizeof a.v);
        return;
    }
#endif
    a.store(p);
}

inline f32x1 reversed(f32x1 a) { return a; }
inline f32x4 reversed(f32x4 a) { return shuffle<3, 2, 1, 0>(a, a); }
inline f64x2 reversed(f64x2 a) { return shuffle<1, 0>(a, a); }

// The first lane of `above`, then the lanes of `below` from the last down to the second.
inline f32x1 mirror(f32x1 above, f32x1) { return above; }
inline f32x4 mirror(f32x4 above, f32x4 below) { return shuffle<0, 7, 6, 5>(above, below); }
inline f64x2 mirror(f64x2 above, f64x2 below) { return shuffle<0, 3>(above, below); }

// out = a0 b0, a1 b1, ...
inline void store_pairs(f32x1 a, f32x1 b, float* out) {
    a.store(out);
    b.store(out + 1);
}
inline void store_pairs(f32x4 a, f32x4 b, float* out) {
    shuffle<0, 4, 1, 5>(a, b).store(out);
    shuffle<2, 6, 3, 7>(a, b).store(out + 4);
}

// Rows to columns.
inline void transpose(f32x4& a, f32x4& b, f32x4& c, f32x4& d) {
    const f32x4 ab_low = shuffle<0, 4, 1, 5>(a, b);
    const f32x4 ab_high = shuffle<2, 6, 3, 7>(a, b);
    const f32x4 cd_low = shuffle<0, 4, 1, 5>(c, d);
    const f32x4 cd_high = shuffle<2, 6, 3, 7>(c, d);
    a = shuffle<0, 1, 4, 5>(ab_low, cd_low);
    b = shuffle<2, 3, 6, 7>(ab_low, cd_low);
    c = shuffle<0, 1, 4, 5>(ab_high, cd_high);
    d = shuffle<2, 3, 6, 7>(ab_high, cd_high);
}

}  // namespace aim
