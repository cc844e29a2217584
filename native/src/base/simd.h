// Four float or int32 lanes.
//
// Every lane does exactly what scalar IEEE code would do, in the same order, so a build with AIM_SIMD_SCALAR (plain
// arrays) gives the same bits as one with vector registers. Comparisons yield lanes of all ones or all zeros.
#pragma once

#include <cstdint>
#include <cstring>

#if !defined(AIM_SIMD_SCALAR) && (defined(__GNUC__) || defined(__clang__))
#define AIM_SIMD_VECTOR 1
#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif
#endif

namespace aim {

#if defined(AIM_SIMD_VECTOR)
using NativeF32 = float __attribute__((vector_size(16)));
using NativeI32 = int32_t __attribute__((vector_size(16)));
#else
struct NativeF32 {
    float lane[4];
    float& operator[](int i) { return lane[i]; }
    float operator[](int i) const { return lane[i]; }
};
struct NativeI32 {
    int32_t lane[4];
    int32_t& operator[](int i) { return lane[i]; }
    int32_t operator[](int i) const { return lane[i]; }
};
#endif

struct i32x4 {
    NativeI32 v;

    static i32x4 splat(int32_t x) { return {NativeI32{x, x, x, x}}; }
    static i32x4 load(const int32_t* p) {
        i32x4 r;
        std::memcpy(&r.v, p, sizeof r.v);
        return r;
    }
    void store(int32_t* p) const { std::memcpy(p, &v, sizeof v); }
    int32_t lane(int i) const { return v[i]; }
};

struct f32x4 {
    NativeF32 v;

    using Int = i32x4;
    // As four frames of one stream (base/quad.h): what one number of a stream is.
    using Stream = float;
    static constexpr uint32_t kLanes = 4;

    static f32x4 splat(float x) { return {NativeF32{x, x, x, x}}; }
    static f32x4 zero() { return splat(0.0f); }
    static f32x4 set(float a, float b, float c, float d) { return {NativeF32{a, b, c, d}}; }
    static f32x4 load(const float* p) {
        f32x4 r;
        std::memcpy(&r.v, p, sizeof r.v);
        return r;
    }
    void store(float* p) const { std::memcpy(p, &v, sizeof v); }
    float lane(int i) const { return v[i]; }
};

#if defined(AIM_SIMD_VECTOR)

#define AIM_LANEWISE_F(op) \
    inline f32x4 operator op(f32x4 a, f32x4 b) { return {a.v op b.v}; }
#define AIM_LANEWISE_I(op) \
    inline i32x4 operator op(i32x4 a, i32x4 b) { return {a.v op b.v}; }
#define AIM_COMPARE_F(op) \
    inline i32x4 operator op(f32x4 a, f32x4 b) { return {(NativeI32)(a.v op b.v)}; }

inline f32x4 bits_to_f32(i32x4 a) { return {(NativeF32)a.v}; }
inline i32x4 bits_to_i32(f32x4 a) { return {(NativeI32)a.v}; }
// Unsigned arithmetic: wrapping is part of the contract of the integer lanes.
using NativeU32 = uint32_t __attribute__((vector_size(16)));
inline i32x4 operator+(i32x4 a, i32x4 b) { return {(NativeI32)((NativeU32)a.v + (NativeU32)b.v)}; }
inline i32x4 operator-(i32x4 a, i32x4 b) { return {(NativeI32)((NativeU32)a.v - (NativeU32)b.v)}; }
template <int n>
inline i32x4 shift_left(i32x4 a) {
    return {(NativeI32)((NativeU32)a.v << n)};
}
inline f32x4 to_f32(i32x4 a) { return {__builtin_convertvector(a.v, NativeF32)}; }
// Rounds towards zero; the value must fit an int32.
inline i32x4 truncate_to_i32(f32x4 a) { return {__builtin_convertvector(a.v, NativeI32)}; }
template <int i0, int i1, int i2, int i3>
inline f32x4 shuffle(f32x4 a, f32x4 b) {
    return {__builtin_shufflevector(a.v, b.v, i0, i1, i2, i3)};
}
template <int i0, int i1, int i2, int i3>
inline i32x4 shuffle(i32x4 a, i32x4 b) {
    return {__builtin_shufflevector(a.v, b.v, i0, i1, i2, i3)};
}

#else

#define AIM_EACH_LANE(expression) \
    for (int i = 0; i < 4; ++i) r.v[i] = (expression); \
    return r;
#define AIM_LANEWISE_F(op) \
    inline f32x4 operator op(f32x4 a, f32x4 b) { \
        f32x4 r; \
        AIM_EACH_LANE(a.v[i] op b.v[i]) \
    }
#define AIM_LANEWISE_I(op) \
    inline i32x4 operator op(i32x4 a, i32x4 b) { \
        i32x4 r; \
        AIM_EACH_LANE(a.v[i] op b.v[i]) \
    }
#define AIM_COMPARE_F(op) \
    inline i32x4 operator op(f32x4 a, f32x4 b) { \
        i32x4 r; \
        AIM_EACH_LANE(a.v[i] op b.v[i] ? -1 : 0) \
    }

inline f32x4 bits_to_f32(i32x4 a) {
    f32x4 r;
    std::memcpy(&r, &a, sizeof r);
    return r;
}
inline i32x4 bits_to_i32(f32x4 a) {
    i32x4 r;
    std::memcpy(&r, &a, sizeof r);
    return r;
}
inline i32x4 operator+(i32x4 a, i32x4 b) {
    i32x4 r;
    AIM_EACH_LANE((int32_t)((uint32_t)a.v[i] + (uint32_t)b.v[i]))
}
inline i32x4 operator-(i32x4 a, i32x4 b) {
    i32x4 r;
    AIM_EACH_LANE((int32_t)((uint32_t)a.v[i] - (uint32_t)b.v[i]))
}
template <int n>
inline i32x4 shift_left(i32x4 a) {
    i32x4 r;
    AIM_EACH_LANE((int32_t)((uint32_t)a.v[i] << n))
}
inline f32x4 to_f32(i32x4 a) {
    f32x4 r;
    AIM_EACH_LANE((float)a.v[i])
}
inline i32x4 truncate_to_i32(f32x4 a) {
    i32x4 r;
    AIM_EACH_LANE((int32_t)a.v[i])
}
template <int i0, int i1, int i2, int i3>
inline f32x4 shuffle(f32x4 a, f32x4 b) {
    const float both[8] = {a.v[0], a.v[1], a.v[2], a.v[3], b.v[0], b.v[1], b.v[2], b.v[3]};
    return f32x4::set(both[i0], both[i1], both[i2], both[i3]);
}
template <int i0, int i1, int i2, int i3>
inline i32x4 shuffle(i32x4 a, i32x4 b) {
    const int32_t both[8] = {a.v[0], a.v[1], a.v[2], a.v[3], b.v[0], b.v[1], b.v[2], b.v[3]};
    return {NativeI32{both[i0], both[i1], both[i2], both[i3]}};
}
#endif

AIM_LANEWISE_F(+)
AIM_LANEWISE_F(-)
AIM_LANEWISE_F(*)
AIM_LANEWISE_F(/)
AIM_LANEWISE_I(&)
AIM_LANEWISE_I(|)
AIM_LANEWISE_I(^)
AIM_COMPARE_F(<)
AIM_COMPARE_F(<=)
AIM_COMPARE_F(>)
AIM_COMPARE_F(>=)
#undef AIM_LANEWISE_F
#undef AIM_LANEWISE_I
#undef AIM_COMPARE_F
#undef AIM_EACH_LANE

inline f32x4& operator+=(f32x4& a, f32x4 b) { return a = a + b; }
inline f32x4& operator*=(f32x4& a, f32x4 b) { return a = a * b; }

// mask ? a : b, lane by lane; the mask's lanes are all ones or all zeros.
inline f32x4 select(i32x4 mask, f32x4 a, f32x4 b) {
#if defined(AIM_SIMD_VECTOR) && defined(__SSE4_1__)
    return {(NativeF32)_mm_blendv_ps((__m128)b.v, (__m128)a.v, (__m128)mask.v)};
#else
    const i32x4 ones = i32x4::splat(-1);
    return bits_to_f32((mask & bits_to_i32(a)) | ((mask ^ ones) & bits_to_i32(b)));
#endif
}

// Zero where the mask is zero.
inline f32x4 keep(i32x4 mask, f32x4 a) { return bits_to_f32(mask & bits_to_i32(a)); }

// a < b ? a : b, so b wins when a is NaN: the definition that SSE has, spelt out elsewhere.
inline f32x4 min(f32x4 a, f32x4 b) {
#if defined(AIM_SIMD_VECTOR) && defined(__SSE4_1__)
    return {(NativeF32)_mm_min_ps((__m128)a.v, (__m128)b.v)};
#else
    return select(a < b, a, b);
#endif
}

// a > b ? a : b, so b wins when a is NaN.
inline f32x4 max(f32x4 a, f32x4 b) {
#if defined(AIM_SIMD_VECTOR) && defined(__SSE4_1__)
    return {(NativeF32)_mm_max_ps((__m128)a.v, (__m128)b.v)};
#else
    return select(a > b, a, b);
#endif
}

inline f32x4 abs(f32x4 a) { return bits_to_f32(bits_to_i32(a) & i32x4::splat(0x7fffffff)); }

// Bit i is set when lane i of the mask is.
inline uint32_t lane_bits(i32x4 mask) {
#if defined(AIM_SIMD_VECTOR) && defined(__SSE4_1__)
    return (uint32_t)_mm_movemask_ps((__m128)mask.v);
#else
    return ((uint32_t)mask.v[0] >> 31) | (((uint32_t)mask.v[1] >> 31) << 1) | (((uint32_t)mask.v[2] >> 31) << 2) |
           (((uint32_t)mask.v[3] >> 31) << 3);
#endif
}

// Lanes move up by one or two; the lanes that come free take those of `fill`.
inline f32x4 lanes_up_1(f32x4 a, f32x4 fill) { return shuffle<4, 0, 1, 2>(a, fill); }
inline f32x4 lanes_up_2(f32x4 a, f32x4 fill) { return shuffle<4, 5, 0, 1>(a, fill); }
inline i32x4 lanes_up_1(i32x4 a) { return shuffle<4, 0, 1, 2>(a, i32x4::splat(0)); }
inline i32x4 lanes_up_2(i32x4 a) { return shuffle<4, 5, 0, 1>(a, i32x4::splat(0)); }

template <int i>
inline i32x4 broadcast(i32x4 a) {
    return shuffle<i, i, i, i>(a, a);
}
// As integers: SSE can shuffle those into another register, floats only in place, which takes a copy first.
template <int i>
inline f32x4 broadcast(f32x4 a) {
    return bits_to_f32(broadcast<i>(bits_to_i32(a)));
}

// The first two lanes twice, the last two twice.
inline f32x4 first_pair(f32x4 a) {
    const i32x4 bits = bits_to_i32(a);
    return bits_to_f32(shuffle<0, 1, 0, 1>(bits, bits));
}
inline f32x4 last_pair(f32x4 a) {
    const i32x4 bits = bits_to_i32(a);
    return bits_to_f32(shuffle<2, 3, 2, 3>(bits, bits));
}

// Largest lane.
inline float horizontal_max(f32x4 a) {
    const f32x4 pairs = max(a, shuffle<2, 3, 0, 1>(a, a));
    return max(pairs, shuffle<1, 0, 3, 2>(pairs, pairs)).lane(0);
}
// Smallest lane.
inline float horizontal_min(f32x4 a) {
    const f32x4 pairs = min(a, shuffle<2, 3, 0, 1>(a, a));
    return min(pairs, shuffle<1, 0, 3, 2>(pairs, pairs)).lane(0);
}
// (lane 0 + lane 2) + (lane 1 + lane 3): this order everywhere.
inline float horizontal_sum(f32x4 a) {
    const f32x4 pairs = a + shuffle<2, 3, 0, 1>(a, a);
    return (pairs + shuffle<1, 0, 3, 2>(pairs, pairs)).lane(0);
}

}  // namespace aim
