// Eight float or int32 lanes: what base/simd.h has for four. They are eight streams (base/lockstep.h), eight frames of one,
// or twice four lanes with different work.
//
// Where the processor has registers for them (AVX2) an operation is one instruction; elsewhere it is two halves, with the
// same arithmetic in each lane. AIM_SIMD_EIGHT tells the former.
#pragma once

#include "base/simd.h"

#if defined(AIM_SIMD_VECTOR) && defined(__AVX2__)
#define AIM_SIMD_EIGHT 1
#include <immintrin.h>
#endif

namespace aim {

#if defined(AIM_SIMD_EIGHT)
using NativeF32x8 = float __attribute__((vector_size(32)));
using NativeI32x8 = int32_t __attribute__((vector_size(32)));
using NativeU32x8 = uint32_t __attribute__((vector_size(32)));

struct i32x8 {
    NativeI32x8 v;

    static i32x8 splat(int32_t x) { return {NativeI32x8{x, x, x, x, x, x, x, x}}; }
    static i32x8 join(i32x4 low, i32x4 high) {
        return {__builtin_shufflevector(low.v, high.v, 0, 1, 2, 3, 4, 5, 6, 7)};
    }
    void store(int32_t* p) const { std::memcpy(p, &v, sizeof v); }
    i32x4 low() const { return {__builtin_shufflevector(v, v, 0, 1, 2, 3)}; }
    i32x4 high() const { return {__builtin_shufflevector(v, v, 4, 5, 6, 7)}; }
};

struct f32x8 {
    NativeF32x8 v;

    using Int = i32x8;
    using Stream = float;
    static constexpr uint32_t kLanes = 8;

    static f32x8 splat(float x) { return {NativeF32x8{x, x, x, x, x, x, x, x}}; }
    static f32x8 zero() { return splat(0.0f); }
    static f32x8 load(const float* p) { return {(NativeF32x8)_mm256_loadu_ps(p)}; }
    // Four of them in both halves.
    static f32x8 load_twice(const float* p) { return {(NativeF32x8)_mm256_broadcast_ps((const __m128*)p)}; }
    static f32x8 join(f32x4 low, f32x4 high) {
        return {__builtin_shufflevector(low.v, high.v, 0, 1, 2, 3, 4, 5, 6, 7)};
    }
    void store(float* p) const { _mm256_storeu_ps(p, (__m256)v); }
    f32x4 low() const { return {__builtin_shufflevector(v, v, 0, 1, 2, 3)}; }
    f32x4 high() const { return {__builtin_shufflevector(v, v, 4, 5, 6, 7)}; }
};

inline f32x8 bits_to_f32(i32x8 a) { return {(NativeF32x8)a.v}; }
inline i32x8 bits_to_i32(f32x8 a) { return {(NativeI32x8)a.v}; }
// Unsigned arithmetic: wrapping is part of the contract of the integer lanes.
inline i32x8 operator+(i32x8 a, i32x8 b) { return {(NativeI32x8)((NativeU32x8)a.v + (NativeU32x8)b.v)}; }
inline i32x8 operator-(i32x8 a, i32x8 b) { return {(NativeI32x8)((NativeU32x8)a.v - (NativeU32x8)b.v)}; }
template <int n>
inline i32x8 shift_left(i32x8 a) {
    return {(NativeI32x8)((NativeU32x8)a.v << n)};
}
inline f32x8 to_f32(i32x8 a) { return {__builtin_convertvector(a.v, NativeF32x8)}; }
// Rounds towards zero; the value must fit an int32.
inline i32x8 truncate_to_i32(f32x8 a) { return {__builtin_convertvector(a.v, NativeI32x8)}; }
// b wins when a is NaN.
inline f32x8 min(f32x8 a, f32x8 b) { return {(NativeF32x8)_mm256_min_ps((__m256)a.v, (__m256)b.v)}; }
inline f32x8 max(f32x8 a, f32x8 b) { return {(NativeF32x8)_mm256_max_ps((__m256)a.v, (__m256)b.v)}; }

// In each half, as shuffle() does for four lanes.
template <int i0, int i1, int i2, int i3>
inline f32x8 shuffle_halves(f32x8 a, f32x8 b) {
    constexpr auto from = [](int i, int half) { return (i < 4 ? i : i + 4) + 4 * half; };
    return {__builtin_shufflevector(a.v, b.v, from(i0, 0), from(i1, 0), from(i2, 0), from(i3, 0), from(i0, 1),
                                    from(i1, 1), from(i2, 1), from(i3, 1))};
}
// The lower half of the one, the upper half of the other.
inline f32x8 halves_of(f32x8 lower, f32x8 upper) {
    return {(NativeF32x8)_mm256_blend_ps((__m256)lower.v, (__m256)upper.v, 0xf0)};
}
// Adds to the upper half alone: to minus zero everything adds as it is.
inline f32x8 add_to_upper(f32x8 a, f32x8 b) {
    const NativeF32x8 nothing = f32x8::splat(-0.0f).v;
    return {a.v + (NativeF32x8)_mm256_blend_ps((__m256)nothing, (__m256)b.v, 0xf0)};
}

#define AIM_LANEWISE(Result, op, Operand) \
    inline Result operator op(Operand a, Operand b) { return {(decltype(Result::v))(a.v op b.v)}; }

#else

struct i32x8 {
    i32x4 half[2];

    static i32x8 splat(int32_t x) { return {{i32x4::splat(x), i32x4::splat(x)}}; }
    static i32x8 join(i32x4 low, i32x4 high) { return {{low, high}}; }
    void store(int32_t* p) const {
        half[0].store(p);
        half[1].store(p + 4);
    }
    i32x4 low() const { return half[0]; }
    i32x4 high() const { return half[1]; }
};

struct f32x8 {
    f32x4 half[2];

    using Int = i32x8;
    using Stream = float;
    static constexpr uint32_t kLanes = 8;

    static f32x8 splat(float x) { return {{f32x4::splat(x), f32x4::splat(x)}}; }
    static f32x8 zero() { return splat(0.0f); }
    static f32x8 load(const float* p) { return {{f32x4::load(p), f32x4::load(p + 4)}}; }
    static f32x8 load_twice(const float* p) { return {{f32x4::load(p), f32x4::load(p)}}; }
    static f32x8 join(f32x4 low, f32x4 high) { return {{low, high}}; }
    void store(float* p) const {
        half[0].store(p);
        half[1].store(p + 4);
    }
    f32x4 low() const { return half[0]; }
    f32x4 high() const { return half[1]; }
};

inline f32x8 bits_to_f32(i32x8 a) { return {{bits_to_f32(a.half[0]), bits_to_f32(a.half[1])}}; }
inline i32x8 bits_to_i32(f32x8 a) { return {{bits_to_i32(a.half[0]), bits_to_i32(a.half[1])}}; }
template <int n>
inline i32x8 shift_left(i32x8 a) {
    return {{shift_left<n>(a.half[0]), shift_left<n>(a.half[1])}};
}
inline f32x8 to_f32(i32x8 a) { return {{to_f32(a.half[0]), to_f32(a.half[1])}}; }
inline i32x8 truncate_to_i32(f32x8 a) { return {{truncate_to_i32(a.half[0]), truncate_to_i32(a.half[1])}}; }
inline f32x8 min(f32x8 a, f32x8 b) { return {{min(a.half[0], b.half[0]), min(a.half[1], b.half[1])}}; }
inline f32x8 max(f32x8 a, f32x8 b) { return {{max(a.half[0], b.half[0]), max(a.half[1], b.half[1])}}; }

template <int i0, int i1, int i2, int i3>
inline f32x8 shuffle_halves(f32x8 a, f32x8 b) {
    return {{shuffle<i0, i1, i2, i3>(a.half[0], b.half[0]), shuffle<i0, i1, i2, i3>(a.half[1], b.half[1])}};
}
inline f32x8 halves_of(f32x8 lower, f32x8 upper) { return {{lower.half[0], upper.half[1]}}; }
inline f32x8 add_to_upper(f32x8 a, f32x8 b) { return {{a.half[0], a.half[1] + b.half[1]}}; }

#define AIM_LANEWISE(Result, op, Operand) \
    inline Result operator op(Operand a, Operand b) { return {{a.half[0] op b.half[0], a.half[1] op b.half[1]}}; }
AIM_LANEWISE(i32x8, +, i32x8)
AIM_LANEWISE(i32x8, -, i32x8)

#endif

AIM_LANEWISE(f32x8, +, f32x8)
AIM_LANEWISE(f32x8, -, f32x8)
AIM_LANEWISE(f32x8, *, f32x8)
AIM_LANEWISE(f32x8, /, f32x8)
AIM_LANEWISE(i32x8, &, i32x8)
AIM_LANEWISE(i32x8, >, f32x8)
AIM_LANEWISE(i32x8, >=, f32x8)
AIM_LANEWISE(i32x8, <=, f32x8)
#undef AIM_LANEWISE

inline f32x8& operator+=(f32x8& a, f32x8 b) { return a = a + b; }

// Four lanes are one half.
template <int i0, int i1, int i2, int i3>
inline f32x4 shuffle_halves(f32x4 a, f32x4 b) {
    return shuffle<i0, i1, i2, i3>(a, b);
}

// In both halves.
inline f32x8 twice(f32x4 a) { return f32x8::join(a, a); }

inline f32x8 one_to_eight() {
    return f32x8::join(f32x4::set(1.0f, 2.0f, 3.0f, 4.0f), f32x4::set(5.0f, 6.0f, 7.0f, 8.0f));
}

inline f32x8 abs(f32x8 a) { return bits_to_f32(bits_to_i32(a) & i32x8::splat(0x7fffffff)); }
// Zero where the mask is zero.
inline f32x8 keep(i32x8 mask, f32x8 a) { return bits_to_f32(mask & bits_to_i32(a)); }
// To a sum of four lanes: the lower half of each term, then the upper half of each. A sum over frames keeps its order.
template <int count>
inline void add_up(f32x4& sum, const f32x8 (&terms)[count]) {
    for (const f32x8& term : terms) sum += term.low();
    for (const f32x8& term : terms) sum += term.high();
}
// As for four lanes, in each half.
inline f32x8 lanes_up_1(f32x8 a, f32x8 fill) { return shuffle_halves<4, 0, 1, 2>(a, fill); }
inline f32x8 lanes_up_2(f32x8 a, f32x8 fill) { return shuffle_halves<4, 5, 0, 1>(a, fill); }
template <int i>
inline f32x8 broadcast(f32x8 a) {
    return shuffle_halves<i, i, i, i>(a, a);
}
// In each half the first two lanes twice, or the last two.
inline f32x8 first_pairs(f32x8 a) { return shuffle_halves<0, 1, 0, 1>(a, a); }
inline f32x8 last_pairs(f32x8 a) { return shuffle_halves<2, 3, 2, 3>(a, a); }
// Largest lane.
inline float horizontal_max(f32x8 a) { return horizontal_max(max(a.low(), a.high())); }
// The halves, then as for four lanes.
inline float horizontal_sum(f32x8 a) { return horizontal_sum(a.low() + a.high()); }

}  // namespace aim
