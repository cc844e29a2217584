// Our own elementary functions. No libm: its last bits differ between platforms, and ours must not.
//
// double: for coefficients, about 1e-15 relative. float lanes: for gains, about 2e-7 relative (exp2) and 1e-6 absolute (log2).
#pragma once

#include "base/simd.h"

namespace aim {

inline constexpr double kPi = 3.14159265358979323846;
// log2 of 10^(1/20): one decibel in octaves of amplitude, and back.
inline constexpr double kOctavesPerDb = 0.16609640474436811739;
inline constexpr double kDbPerOctave = 6.02059991327962390427;

// 2^x; x is clamped to +/-1000.
double exp2_f64(double x);
// log2(x) for x > 0; -1000 for zero, negative or NaN.
double log2_f64(double x);
// For |x| up to some thousands of radians.
double sin_f64(double x);
double cos_f64(double x);
// e^x.
double exp_f64(double x);
// IEEE square root (exact on every platform; not a library call).
inline double sqrt_f64(double x) { return __builtin_sqrt(x); }

// 10^(db/20).
inline double amplitude_from_db(double db) { return exp2_f64(db * kOctavesPerDb); }
// 20 log10(amplitude), `silence_db` at or below that level.
double db_from_amplitude(double amplitude, double silence_db);
// 10 log10(power), `silence_db` at or below that level.
double db_from_power(double power, double silence_db);

// For any float lanes, and quads of them.
//
// 2^x, |x| <= 120. Exactly 1 at 0. Polynomial: near-minimax for 2^f on [-0.5, 0.5], relative error 2e-7.
template <class F>
inline F exp2(F x) {
    // Adding and subtracting 1.5 * 2^23 rounds to the nearest integer without a rounding mode.
    const F rounder = F::splat(12582912.0f);
    const F shifted = x + rounder;
    const F whole = shifted - rounder;
    const F f = x - whole;
    F p = F::splat(0.00132647f);
    p = p * f + F::splat(0.00967151f);
    p = p * f + F::splat(0.05550734f);
    p = p * f + F::splat(0.24022242f);
    p = p * f + F::splat(0.69314698f);
    p = p * f + F::splat(1.0f);
    // The low bits of `shifted` hold the integer: move it to the exponent.
    return bits_to_f32(bits_to_i32(p) + shift_left<23>(bits_to_i32(shifted)));
}

// log2(x) for normal positive x. Absolute error about 5e-7 plus the rounding of the result. Mantissa reduced to [sqrt(1/2), sqrt(2)).
template <class F>
inline F log2(F x) {
    using I = typename F::Int;
    const I bits = bits_to_i32(x);
    // Subtracting the bits of sqrt(1/2) makes the exponent field count from there.
    const I offset = bits - I::splat(0x3f3504f3);
    const I exponent_bits = offset & I::splat((int32_t)0xff800000);
    const F m = bits_to_f32(bits - exponent_bits);
    // An arithmetic shift right by 23, as a conversion: exact, since the low 23 bits are zero.
    const F exponent = to_f32(exponent_bits) * F::splat(1.1920928955078125e-07f);
    const F t = m - F::splat(1.0f);
    F p = F::splat(0.17063282f);
    p = p * t + F::splat(-0.27269753f);
    p = p * t + F::splat(0.29726291f);
    p = p * t + F::splat(-0.35896189f);
    p = p * t + F::splat(0.48046501f);
    p = p * t + F::splat(-0.72137587f);
    p = p * t + F::splat(1.44269973f);
    return p * t + exponent;
}

}  // namespace aim
