#include "tone/filter_design.h"

#include "base/elementary.h"

namespace aim {
namespace {

// The excess of an analogue prototype: |H|^2 = 1 + scale * excess(x), x = (f / f0)^2. Dividing the scale out keeps the
// equations well-conditioned down to a gain of 0 dB, where the scale vanishes and numerator and denominator meet.
// Boosts only; a cut is the boost turned upside down.
struct LowShelfPrototype {
    double a;  // amplitude of half the gain
    double scale() const { return a * a * a * a - 1.0; }
    double excess(double x) const { return 1.0 / (1.0 + a * a * x * x); }
};

struct HighShelfPrototype {
    double a;
    double scale() const { return a * a * a * a - 1.0; }
    double excess(double x) const { return x * x / (x * x + a * a); }
};

struct BellPrototype {
    double a;
    double q;
    double scale() const { return a * a - 1.0 / (a * a); }
    double excess(double x) const {
        const double slope = x / (q * q);
        return slope / ((1.0 - x) * (1.0 - x) + slope / (a * a));
    }
};

// Where the digital response is made to equal the analogue one, besides 0 Hz, in radians per sample.
struct MatchPoints {
    double w[4];
};

// Three points around the centre, `spread` apart, and one far above that holds the top octave. They are spaced evenly in
// v = w / (pi - w), which is a frequency scale with half the sample rate at infinity. The constants come from a search
// over all kinds, rates and gains for the smallest error up to 20 kHz at 44.1 and 48 kHz.
MatchPoints points_around(double centre_w, double spread) {
    const double v = centre_w / (kPi - centre_w);
    const double above = 1.15 * v * spread;
    const double top = 3.0 * sqrt_f64(sqrt_f64(v));
    const double at[4] = {v / spread, v, v * spread, top > above ? top : above};
    MatchPoints points;
    for (int i = 0; i < 4; ++i) points.w[i] = kPi * at[i] / (1.0 + at[i]);
    return points;
}

// c0 + c1 t + c2 t^2.
struct Quadratic {
    double c0;
    double c1;
    double c2;
};

double tan_half_squared(double w) {
    const double s = sin_f64(0.5 * w);
    const double c = cos_f64(0.5 * w);
    return (s * s) / (c * c);
}

// Keeps a square root real and a filter stable should a caller leave the parameters' ranges; inside them it never acts.
double at_least(double floor, double x) { return x > floor ? x : floor; }

constexpr double kFloor = 1e-12;

// The filter whose magnitude squared is numerator(t) / denominator(t), t = T / unit, with all roots in the left half
// plane. |n(jp)|^2 = n0 + n1 p^2 + n2 p^4 belongs to sqrt(n0) + sqrt(n1 + 2 sqrt(n0 n2)) p + sqrt(n2) p^2.
FilterDesign realise(Quadratic numerator, Quadratic denominator, double unit) {
    const double n0 = at_least(kFloor, numerator.c0);
    const double n2 = at_least(kFloor, numerator.c2);
    const double d0 = at_least(kFloor, denominator.c0);
    const double d2 = at_least(kFloor, denominator.c2);
    const double n1 = at_least(kFloor, numerator.c1 + 2.0 * sqrt_f64(n0 * n2));
    const double d1 = at_least(kFloor, denominator.c1 + 2.0 * sqrt_f64(d0 * d2));

    const double ratio = sqrt_f64(sqrt_f64(d0 / d2));
    const double root_d0 = sqrt_f64(d0);
    const double low = sqrt_f64(n0) / root_d0;
    const double band = ratio * sqrt_f64(n1) / root_d0;
    const double high = ratio * ratio * sqrt_f64(n2) / root_d0;

    FilterDesign design;
    design.g = sqrt_f64(unit) * ratio;
    design.k = ratio * sqrt_f64(d1) / root_d0;
    design.input_mix = high;
    design.band_mix = band - high * design.k;
    design.low_mix = low - high;
    return design;
}

// Solves excess = c(t) / d(t), d0 = 1, at 0 and at the four points.
//
// Each point i gives c1 + c2 t - d1 e - d2 e t = (e - e(0)) / t. First differences remove c1, second ones c2; the 2 x 2
// system that is left is solved directly.
template <class Prototype>
FilterDesign match(const Prototype& prototype, double w0, double design_w0, const MatchPoints& points, bool cut) {
    double t[4];
    double e[4];
    double y[4];
    const double unit = tan_half_squared(points.w[1]);
    const double at_zero = prototype.excess(0.0);
    for (int i = 0; i < 4; ++i) {
        const double x = points.w[i] / design_w0;
        t[i] = tan_half_squared(points.w[i]) / unit;
        e[i] = prototype.excess(x * x);
        y[i] = (e[i] - at_zero) / t[i];
    }
    double e_slope[4];
    double et_slope[4];
    double y_slope[4];
    for (int i = 1; i < 4; ++i) {
        const double step = 1.0 / (t[i] - t[0]);
        e_slope[i] = (e[i] - e[0]) * step;
        et_slope[i] = (e[i] * t[i] - e[0] * t[0]) * step;
        y_slope[i] = (y[i] - y[0]) * step;
    }
    const double a11 = e_slope[2] - e_slope[1];
    const double a12 = et_slope[2] - et_slope[1];
    const double b1 = y_slope[1] - y_slope[2];
    const double a21 = e_slope[3] - e_slope[1];
    const double a22 = et_slope[3] - et_slope[1];
    const double b2 = y_slope[1] - y_slope[3];
    const double determinant = a11 * a22 - a12 * a21;
    const double d1 = (b1 * a22 - b2 * a12) / determinant;
    const double d2 = (a11 * b2 - a21 * b1) / determinant;
    double c2 = y_slope[1] + d1 * e_slope[1] + d2 * et_slope[1];
    double c1 = y[0] + d1 * e[0] + d2 * e[0] * t[0] - c2 * t[0];

    if (design_w0 < w0) {
        // The poles were placed for a lower centre; the zeros alone follow the true one, at the outer points.
        double z[2];
        const int outer[2] = {0, 3};
        for (int i = 0; i < 2; ++i) {
            const double x = points.w[outer[i]] / w0;
            const double at = t[outer[i]];
            z[i] = (prototype.excess(x * x) * (1.0 + at * (d1 + at * d2)) - at_zero) / at;
        }
        c2 = (z[1] - z[0]) / (t[3] - t[0]);
        c1 = z[0] - c2 * t[0];
    }

    const double scale = prototype.scale();
    const Quadratic denominator = {1.0, d1, d2};
    const Quadratic numerator = {1.0 + scale * at_zero, d1 + scale * c1, d2 + scale * c2};
    return cut ? realise(denominator, numerator, unit) : realise(numerator, denominator, unit);
}

double magnitude(double x) { return x < 0.0 ? -x : x; }
double lesser(double a, double b) { return a < b ? a : b; }

// Points crowd at half the sample rate when the centre comes near it: shelves and wide bells stop here.
constexpr double kHighestCentre = 0.55 * kPi;
// Half-gain points of a second-order shelf lie about this far from its middle.
constexpr double kShelfSpread = 1.93185165257813657;  // sqrt(1 + 1/2) + sqrt(1/2)

template <class Prototype>
FilterDesign shelf(double frequency_hz, double gain_db, double sample_rate_hz) {
    const double w0 = 2.0 * kPi * frequency_hz / sample_rate_hz;
    const Prototype prototype = {amplitude_from_db(0.5 * magnitude(gain_db))};
    return match(prototype, w0, w0, points_around(lesser(w0, kHighestCentre), kShelfSpread), gain_db < 0.0);
}

}  // namespace

FilterDesign low_shelf(double frequency_hz, double gain_db, double sample_rate_hz) {
    return shelf<LowShelfPrototype>(frequency_hz, gain_db, sample_rate_hz);
}

FilterDesign high_shelf(double frequency_hz, double gain_db, double sample_rate_hz) {
    return shelf<HighShelfPrototype>(frequency_hz, gain_db, sample_rate_hz);
}

FilterDesign bell(double frequency_hz, double gain_db, double q, double sample_rate_hz) {
    const double w0 = 2.0 * kPi * frequency_hz / sample_rate_hz;
    const BellPrototype prototype = {amplitude_from_db(0.5 * magnitude(gain_db)), q};
    // The points straddle the half-gain frequencies, but not further than those of a wide bell.
    const double point_q = at_least(0.7, q);
    const double half = 0.5 / point_q;
    const double spread = sqrt_f64(1.0 + half * half) + half;
    // A narrow bell must be met at its very peak, also close to half the sample rate.
    const double highest = kPi * lesser(0.95, at_least(kHighestCentre / kPi, 1.0 - 0.45 / point_q));
    // A peak beyond half the sample rate has no realisable match of both zeros and poles.
    const double design_w0 = lesser(w0, kPi);
    return match(prototype, w0, design_w0, points_around(lesser(design_w0, highest), spread), gain_db < 0.0);
}

}  // namespace aim
