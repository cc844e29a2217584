// Two double lanes.
//
// As in base/simd.h every lane does what scalar IEEE code would do, so plain arrays give the same bits.
#pragma once

#include "base/simd.h"

namespace aim {

#if defined(AIM_SIMD_VECTOR)
using NativeF64 = double __attribute__((vector_size(16)));
#else
struct NativeF64 {
    double lane[2];
    double& operator[](int i) { return lane[i]; }
    double operator[](int i) const { return lane[i]; }
};
#endif

struct f64x2 {
    NativeF64 v;

    using Scalar = double;
    static constexpr uint32_t kLanes = 2;

    static f64x2 splat(double x) { return {NativeF64{x, x}}; }
    static f64x2 set(double a, double b) { return {NativeF64{a, b}}; }
    static f64x2 load(const double* p) {
        f64x2 r;
        std::memcpy(&r.v, p, sizeof r.v);
        return r;
    }
    void store(double* p) const { std::memcpy(p, &v, sizeof v); }
    double lane(int i) const { return v[i]; }
};

#if defined(AIM_SIMD_VECTOR)
inline f64x2 operator+(f64x2 a, f64x2 b) { return {a.v + b.v}; }
inline f64x2 operator-(f64x2 a, f64x2 b) { return {a.v - b.v}; }
inline f64x2 operator*(f64x2 a, f64x2 b) { return {a.v * b.v}; }
template <int i0, int i1>
inline f64x2 shuffle(f64x2 a, f64x2 b) {
    return {__builtin_shufflevector(a.v, b.v, i0, i1)};
}
#else
inline f64x2 operator+(f64x2 a, f64x2 b) { return f64x2::set(a.v[0] + b.v[0], a.v[1] + b.v[1]); }
inline f64x2 operator-(f64x2 a, f64x2 b) { return f64x2::set(a.v[0] - b.v[0], a.v[1] - b.v[1]); }
inline f64x2 operator*(f64x2 a, f64x2 b) { return f64x2::set(a.v[0] * b.v[0], a.v[1] * b.v[1]); }
template <int i0, int i1>
inline f64x2 shuffle(f64x2 a, f64x2 b) {
    const double both[4] = {a.v[0], a.v[1], b.v[0], b.v[1]};
    return f64x2::set(both[i0], both[i1]);
}
#endif

}  // namespace aim
