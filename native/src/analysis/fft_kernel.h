// The FFT itself, once for every lane type.
//
// A real transform of N points is a complex one of M = N/2 points over pairs of neighbours, followed by one pass that
// separates even from odd (Sorensen, Jones, Heideman, Burrus: Real-valued fast Fourier transform algorithms, 1987).
// The complex one is Stockham's self-sorting radix-4 decimation in frequency (Van Loan: Computational Frameworks for
// the Fast Fourier Transform, 1992, section 1.7). Where M is an odd power of two its last pass has radix 8, or 2 for
// M = 8.
//
// Complex points lie in groups of one register each: the real parts of a group, then its imaginary parts. Every load
// and store is a whole register, and one address serves both parts.
#pragma once

#include "analysis/lanes.h"
#include "base/arena.h"

namespace aim {

// Real and imaginary parts of as many points as V has lanes.
template <class V>
struct ComplexLanes {
    V re;
    V im;

    friend ComplexLanes operator+(ComplexLanes a, ComplexLanes b) { return {a.re + b.re, a.im + b.im}; }
    friend ComplexLanes operator-(ComplexLanes a, ComplexLanes b) { return {a.re - b.re, a.im - b.im}; }
    friend ComplexLanes operator*(ComplexLanes a, ComplexLanes w) {
        return {a.re * w.re - a.im * w.im, a.re * w.im + a.im * w.re};
    }
    // a + ib and a - ib.
    friend ComplexLanes add_i(ComplexLanes a, ComplexLanes b) { return {a.re - b.im, a.im + b.re}; }
    friend ComplexLanes sub_i(ComplexLanes a, ComplexLanes b) { return {a.re + b.im, a.im - b.re}; }
};

// out, in groups of one register: the first points of a, b, c, d, then their second points, and so on.
inline void store_transposed(ComplexLanes<f32x1> a, ComplexLanes<f32x1> b, ComplexLanes<f32x1> c, ComplexLanes<f32x1> d,
                             float* out) {
    store_pairs(a.re, a.im, out);
    store_pairs(b.re, b.im, out + 2);
    store_pairs(c.re, c.im, out + 4);
    store_pairs(d.re, d.im, out + 6);
}
inline void store_transposed(ComplexLanes<f64x2> a, ComplexLanes<f64x2> b, ComplexLanes<f64x2> c, ComplexLanes<f64x2> d,
                             double* out) {
    store_aligned(shuffle<0, 2>(a.re, b.re), out);
    store_aligned(shuffle<0, 2>(a.im, b.im), out + 2);
    store_aligned(shuffle<0, 2>(c.re, d.re), out + 4);
    store_aligned(shuffle<0, 2>(c.im, d.im), out + 6);
    store_aligned(shuffle<1, 3>(a.re, b.re), out + 8);
    store_aligned(shuffle<1, 3>(a.im, b.im), out + 10);
    store_aligned(shuffle<1, 3>(c.re, d.re), out + 12);
    store_aligned(shuffle<1, 3>(c.im, d.im), out + 14);
}
inline void store_transposed(ComplexLanes<f32x4> a, ComplexLanes<f32x4> b, ComplexLanes<f32x4> c, ComplexLanes<f32x4> d,
                             float* out) {
    transpose(a.re, b.re, c.re, d.re);
    transpose(a.im, b.im, c.im, d.im);
    store_aligned(a.re, out);
    store_aligned(a.im, out + 4);
    store_aligned(b.re, out + 8);
    store_aligned(b.im, out + 12);
    store_aligned(c.re, out + 16);
    store_aligned(c.im, out + 20);
    store_aligned(d.re, out + 24);
    store_aligned(d.im, out + 28);
}

template <class V>
class FftKernel {
public:
    using Scalar = typename LaneTraits<V>::Scalar;
    using Complex = ComplexLanes<V>;
    static constexpr size_t kLanes = LaneTraits<V>::kLanes;

    // `size`: a power of two from 16 (up to two lanes) or 32 (four lanes).
    void prepare(uint32_t size, Arena& arena) {
        points_ = size / 2;
        for (Scalar*& plane : planes_) plane = arena.take<Scalar>(2 * points_);
        size_t factors = 0;
        for (size_t n = points_, stride = 1; stride == 1 || n > 8; n /= 4, stride *= 4) {
            factors += factor_count(n, stride);
        }
        factors_ = arena.take<Scalar>(factors);
        rotations_ = arena.take<Scalar>(points_);
        if (arena.measuring()) return;
        fill_factors();
        fill_rotations();
    }

    size_t points() const { return points_; }

    // load(i) gives the points i, i + 1, ... of the lanes: half of the even samples as re, half of the odd ones as im.
    // Results: low(k, X) for the bins k, k + 1, ..., k counting from 0 to M/2 - 1; high(k, X) for the bins M - k,
    // M - k - 1, ...; middle(re, im) for bin M/2.
    template <class Load, class Low, class High, class Middle>
    void transform(Load load, Low low, High high, Middle middle) {
        unpack(run_passes(load), low, high, middle);
    }

private:
    static Complex get(const Scalar* z) { return {load_aligned<V>(z), load_aligned<V>(z + kLanes)}; }
    static void put(Scalar* z, Complex value) {
        store_aligned(value.re, z);
        store_aligned(value.im, z + kLanes);
    }

    struct Quad {
        Complex a, b, c, d;
    };
    static Quad butterfly4(Complex a, Complex b, Complex c, Complex d) {
        const Complex ac_sum = a + c;
        const Complex ac_difference = a - c;
        const Complex bd_sum = b + d;
        const Complex bd_difference = b - d;
        return {ac_sum + bd_sum, sub_i(ac_difference, bd_difference), ac_sum - bd_sum,
                add_i(ac_difference, bd_difference)};
    }

    // The first pass has one p per lane; a pass whose stride is one register finds each factor repeated in every lane;
    // the others spread a single one.
    static size_t factor_count(size_t n, size_t stride) { return n / 4 * 6 * (stride == kLanes ? kLanes : 1); }

    // Powers 1, 2, 3 of exp(-2 pi i p / n) for every p, pass after pass.
    void fill_factors() {
        Scalar* out = factors_;
        for (size_t n = points_, stride = 1; stride == 1 || n > 8; n /= 4, stride *= 4) {
            const bool first = stride == 1;
            const size_t lanes = stride <= kLanes ? kLanes : 1;
            for (size_t p = 0; p < n / 4; p += first ? lanes : 1) {
                for (size_t power = 1; power <= 3; ++power, out += 2 * lanes) {
                    for (size_t i = 0; i < lanes; ++i) {
                        const double angle = 2.0 * kPi * (double)((p + (first ? i : 0)) * power) / (double)n;
                        out[i] = (Scalar)cos_f64(angle);
                        out[lanes + i] = (Scalar)-sin_f64(angle);
                    }
                }
            }
        }
    }

    // exp(-i pi k / M) for k below M/2, grouped like the points.
    void fill_rotations() {
        for (size_t k = 0; k < points_ / 2; ++k) {
            const double angle = kPi * (double)k / (double)points_;
            Scalar* group = rotations_ + 2 * (k - k % kLanes);
            group[k % kLanes] = (Scalar)cos_f64(angle);
            group[kLanes + k % kLanes] = (Scalar)-sin_f64(angle);
        }
    }

    template <class Load>
    const Scalar* run_passes(Load load) {
        Scalar* x = planes_[0];
        Scalar* y = planes_[1];
        const Scalar* w = factors_;
        first_pass(load, x, points_, w);
        w += factor_count(points_, 1);
        size_t n = points_ / 4;
        size_t stride = 4;
        for (; n > 8; n /= 4, stride *= 4) {
            if (stride == kLanes) {
                one_register_pass(x, y, n, w);
            } else {
                middle_pass(x, y, n, stride, w);
            }
            w += factor_count(n, stride);
            Scalar* const swap = x;
            x = y;
            y = swap;
        }
        if (n == 8) {
            last_pass_8(x, y, stride);
        } else if (n == 4) {
            last_pass_4(x, y, stride);
        } else {
            last_pass_2(x, y, stride);
        }
        return y;
    }

    // Neighbours in the output come from the four butterfly results: the lanes run along p and are transposed.
    template <class Load>
    static void first_pass(Load load, Scalar* y, size_t n, const Scalar* w) {
        const size_t quarter = n / 4;
        for (size_t p = 0; p < quarter; p += kLanes, y += 8 * kLanes, w += 6 * kLanes) {
            const Quad t = butterfly4(load(p), load(p + quarter), load(p + 2 * quarter), load(p + 3 * quarter));
            store_transposed(t.a, t.b * get(w), t.c * get(w + 2 * kLanes), t.d * get(w + 4 * kLanes), y);
        }
    }

    static void one_register_pass(const Scalar* x, Scalar* y, size_t n, const Scalar* w) {
        const size_t quarter = n / 4 * 2 * kLanes;
        for (size_t p = 0; p < n / 4; ++p, x += 2 * kLanes, y += 8 * kLanes, w += 6 * kLanes) {
            const Quad t = butterfly4(get(x), get(x + quarter), get(x + 2 * quarter), get(x + 3 * quarter));
            put(y, t.a);
            put(y + 2 * kLanes, t.b * get(w));
            put(y + 4 * kLanes, t.c * get(w + 2 * kLanes));
            put(y + 6 * kLanes, t.d * get(w + 4 * kLanes));
        }
    }

    static void middle_pass(const Scalar* x, Scalar* y, size_t n, size_t stride, const Scalar* w) {
        const size_t quarter = n / 4 * 2 * stride;
        const size_t step = 2 * stride;
        for (size_t p = 0; p < n / 4; ++p, w += 6, y += 3 * step) {
            const Complex w1 = {V::splat(w[0]), V::splat(w[1])};
            const Complex w2 = {V::splat(w[2]), V::splat(w[3])};
            const Complex w3 = {V::splat(w[4]), V::splat(w[5])};
            for (const Scalar* end = x + step; x != end; x += 2 * kLanes, y += 2 * kLanes) {
                const Quad t = butterfly4(get(x), get(x + quarter), get(x + 2 * quarter), get(x + 3 * quarter));
                put(y, t.a);
                put(y + step, t.b * w1);
                put(y + 2 * step, t.c * w2);
                put(y + 3 * step, t.d * w3);
            }
        }
    }

    static void last_pass_2(const Scalar* x, Scalar* y, size_t stride) {
        const size_t step = 2 * stride;
        for (size_t q = 0; q < stride; q += kLanes, x += 2 * kLanes, y += 2 * kLanes) {
            const Complex a = get(x);
            const Complex b = get(x + step);
            put(y, a + b);
            put(y + step, a - b);
        }
    }

    static void last_pass_4(const Scalar* x, Scalar* y, size_t stride) {
        const size_t step = 2 * stride;
        for (size_t q = 0; q < stride; q += kLanes, x += 2 * kLanes, y += 2 * kLanes) {
            const Quad t = butterfly4(get(x), get(x + step), get(x + 2 * step), get(x + 3 * step));
            put(y, t.a);
            put(y + step, t.b);
            put(y + 2 * step, t.c);
            put(y + 3 * step, t.d);
        }
    }

    static void last_pass_8(const Scalar* x, Scalar* y, size_t stride) {
        const V half_root = V::splat((Scalar)0.70710678118654752440);
        const size_t step = 2 * stride;
        for (size_t q = 0; q < stride; q += kLanes, x += 2 * kLanes, y += 2 * kLanes) {
            const Quad odd = butterfly4(get(x + step), get(x + 3 * step), get(x + 5 * step), get(x + 7 * step));
            // Times exp(-i pi/4) and exp(i pi/4): the latter is -exp(-3 i pi/4).
            const Complex b = {(odd.b.re + odd.b.im) * half_root, (odd.b.im - odd.b.re) * half_root};
            const Complex d = {(odd.d.re - odd.d.im) * half_root, (odd.d.re + odd.d.im) * half_root};
            const Quad even = butterfly4(get(x), get(x + 2 * step), get(x + 4 * step), get(x + 6 * step));
            put(y, even.a + odd.a);
            put(y + 4 * step, even.a - odd.a);
            put(y + step, even.b + b);
            put(y + 5 * step, even.b - b);
            put(y + 2 * step, sub_i(even.c, odd.c));
            put(y + 6 * step, add_i(even.c, odd.c));
            put(y + 3 * step, even.d - d);
            put(y + 7 * step, even.d + d);
        }
    }

    // With Z the complex transform of the halved samples, X[k] = E + R and X[M - k] = conj(E - R), where
    // E = Z[k] + conj Z[M - k] and R = -i exp(-i pi k / M) (Z[k] - conj Z[M - k]).
    template <class Low, class High, class Middle>
    void unpack(const Scalar* z, Low low, High high, Middle middle) const {
        // Locals: as far as the compiler knows, any store may change a member.
        const Scalar* rotation = rotations_;
        const size_t half = points_ / 2;
        const Scalar* mirrored = z + 2 * points_;
        // Z[M] is Z[0].
        Complex above = get(z);
        for (size_t k = 0; k < half; k += kLanes) {
            mirrored -= 2 * kLanes;
            const Complex below = get(mirrored);
            const Complex b = {mirror(above.re, below.re), mirror(above.im, below.im)};
            above = below;
            const Complex a = get(z + 2 * k);
            const Complex even = {a.re + b.re, a.im - b.im};
            const Complex r = Complex{a.im + b.im, b.re - a.re} * get(rotation + 2 * k);
            low(k, even + r);
            high(k, Complex{even.re - r.re, r.im - even.im});
        }
        middle(z[points_] + z[points_], -(z[points_ + kLanes] + z[points_ + kLanes]));
    }

    size_t points_ = 0;
    Scalar* planes_[2] = {};
    Scalar* factors_ = nullptr;
    Scalar* rotations_ = nullptr;
};

}  // namespace aim
