// Eight float or int32 lanes: what base/simd.h has for four, as far as the lanes do not know each other. They are eight
// streams (base/lockstep.h) or eight frames of one.
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
    static constexpr uint32_t kLanes = 8;

    static f32x8 splat(float x) { return {NativeF32x8{x, x, x, x, x, x, x, x}}; }
    static f32x8 zero() { return splat(0.0f); }
    static f32x8 load(const float* p) {
        f32x8 r;
        std::memcpy(&r.v, p, sizeof r.v);
        return r;
    }
    static f32x8 join(f32x4 low, f32x4 high) {
        return {__builtin_shufflevector(low.v, high.v, 0, 1, 2, 3, 4, 5, 6, 7)};
    }
    void store(float* p) const { std::memcpy(p, &v, sizeof v); }
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
    static constexpr uint32_t kLanes = 8;

    static f32x8 splat(float x) { return {{f32x4::splat(x), f32x4::splat(x)}}; }
    static f32x8 zero() { return splat(0.0f); }
    static f32x8 load(const float* p) { return {{f32x4::load(p), f32x4::load(p + 4)}}; }
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
// Largest lane.
inline float horizontal_max(f32x8 a) { return horizontal_max(max(a.low(), a.high())); }

}  // namespace aim
