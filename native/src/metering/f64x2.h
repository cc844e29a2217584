// Two double lanes: the two channels of a programme, side by side.
//
// Every lane does what scalar IEEE code would do, so the plain arrays of AIM_SIMD_SCALAR give the same bits.
#pragma once

#include "base/simd.h"

namespace aim {

#if defined(AIM_SIMD_VECTOR)

using NativeF64 = double __attribute__((vector_size(16)));

struct f64x2 {
    NativeF64 v;
    static f64x2 set(double a, double b) { return {NativeF64{a, b}}; }
    double lane(int i) const { return v[i]; }
};

inline f64x2 operator+(f64x2 a, f64x2 b) { return {a.v + b.v}; }
inline f64x2 operator-(f64x2 a, f64x2 b) { return {a.v - b.v}; }
inline f64x2 operator*(f64x2 a, f64x2 b) { return {a.v * b.v}; }

#else

struct f64x2 {
    double v[2];
    static f64x2 set(double a, double b) { return {{a, b}}; }
    double lane(int i) const { return v[i]; }
};

inline f64x2 operator+(f64x2 a, f64x2 b) { return {{a.v[0] + b.v[0], a.v[1] + b.v[1]}}; }
inline f64x2 operator-(f64x2 a, f64x2 b) { return {{a.v[0] - b.v[0], a.v[1] - b.v[1]}}; }
inline f64x2 operator*(f64x2 a, f64x2 b) { return {{a.v[0] * b.v[0], a.v[1] * b.v[1]}}; }

#endif

inline f64x2 splat_f64x2(double a) { return f64x2::set(a, a); }

}  // namespace aim
