#include "metering/k_weighting.h"

#include <cstdint>

#include "base/elementary.h"

namespace aim {
namespace {

// A second-order section's squared magnitude is a ratio of second-order polynomials in p = sin^2(w / 2):
// (1 + n1 p + n2 p^2) / (1 + m1 p + m2 p^2) times its value at 0 Hz.
struct Section {
    double b0, b1, b2, a1, a2;
};

struct Quadratic {
    double linear, square;
};

// ITU-R BS.1770-5, annex 1, tables 1 and 2.
constexpr double kReferenceRateHz = 48000.0;
constexpr Section kReferenceShelf = {1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241,
                                     0.73248077421585};
constexpr double kReferenceHighPassA1 = -1.99004745483398;
constexpr double kReferenceHighPassA2 = 0.99007225036621;

// Where the shelf of another rate meets the reference exactly. Tried out over all rates from 8 to 192 kHz: the largest
// deviation between these points is 0.007 dB, at 8 kHz; above 16 kHz it stays below 0.001 dB.
constexpr double kMeetingPointsHz[3] = {1000.0, 1500.0, 2200.0};
constexpr double kTopMeetingPointHz = 10000.0;
constexpr double kTopMeetingPointOfRate = 0.43;

double half_sine_squared(double frequency_hz, double sample_rate_hz) {
    const double s = sin_f64(kPi * frequency_hz / sample_rate_hz);
    return s * s;
}

double power_of(double c0, double c1, double c2, double p) {
    const double sum = c0 + c1 + c2;
    return sum * sum - 4.0 * (c0 * c1 + 4.0 * c0 * c2 + c1 * c2) * p + 16.0 * c0 * c2 * p * p;
}

// |reference shelf|^2.
double reference_power(double frequency_hz) {
    const Section& s = kReferenceShelf;
    const double p = half_sine_squared(frequency_hz, kReferenceRateHz);
    return power_of(s.b0, s.b1, s.b2, p) / power_of(1.0, s.a1, s.a2, p);
}

double magnitude(double x) { return x < 0.0 ? -x : x; }

// Solves m x = rhs in place by elimination with row exchange; rhs becomes x.
void solve(double (&m)[4][4], double (&rhs)[4]) {
    for (int column = 0; column < 4; ++column) {
        int pivot = column;
        for (int row = column + 1; row < 4; ++row) {
            if (magnitude(m[row][column]) > magnitude(m[pivot][column])) pivot = row;
        }
        for (int k = 0; k < 4; ++k) {
            const double held = m[column][k];
            m[column][k] = m[pivot][k];
            m[pivot][k] = held;
        }
        const double held = rhs[column];
        rhs[column] = rhs[pivot];
        rhs[pivot] = held;
        for (int row = column + 1; row < 4; ++row) {
            const double factor = m[row][column] / m[column][column];
            for (int k = column; k < 4; ++k) m[row][k] -= factor * m[column][k];
            rhs[row] -= factor * rhs[column];
        }
    }
    for (int row = 3; row >= 0; --row) {
        for (int k = row + 1; k < 4; ++k) rhs[row] -= m[row][k] * rhs[k];
        rhs[row] /= m[row][row];
    }
}

// The minimum-phase polynomial c0 + c1 z^-1 + c2 z^-2 with |c|^2 = 1 + linear p + square p^2 (spectral factorisation in
// closed form, as in M. Vicanek, "Matched Second Order Digital Filters", 2016).
void factorise(const Quadratic& q, double& c0, double& c1, double& c2) {
    const double at_nyquist = sqrt_f64(1.0 + q.linear + q.square);
    const double outer = 0.5 * (1.0 + at_nyquist);  // c0 + c2
    c1 = 0.5 * (1.0 - at_nyquist);
    c0 = 0.5 * (outer + sqrt_f64(outer * outer - 0.25 * q.square));
    c2 = q.square / (16.0 * c0);
}

Section design_shelf(double sample_rate_hz) {
    double m[4][4];
    double rhs[4];
    for (int i = 0; i < 4; ++i) {
        const double top = kTopMeetingPointOfRate * sample_rate_hz;
        const double frequency_hz = i < 3 ? kMeetingPointsHz[i] : (top < kTopMeetingPointHz ? top : kTopMeetingPointHz);
        const double power = reference_power(frequency_hz);
        const double p = half_sine_squared(frequency_hz, sample_rate_hz);
        m[i][0] = p;
        m[i][1] = p * p;
        m[i][2] = -power * p;
        m[i][3] = -power * p * p;
        rhs[i] = power - 1.0;
    }
    solve(m, rhs);
    Section s;
    double a0;
    factorise({rhs[0], rhs[1]}, s.b0, s.b1, s.b2);
    factorise({rhs[2], rhs[3]}, a0, s.a1, s.a2);
    s.b0 /= a0;
    s.b1 /= a0;
    s.b2 /= a0;
    s.a1 /= a0;
    s.a2 /= a0;
    return s;
}

}  // namespace

KWeightingCoefficients design_k_weighting(double sample_rate_hz) {
    const Section shelf = design_shelf(sample_rate_hz);

    // The high-pass lives at 38 Hz, far below half of any rate: the bilinear transform and back, stretched by the ratio
    // of the rates, is exact enough (0.001 dB).
    const double ratio = sample_rate_hz / kReferenceRateHz;
    const double constant = 1.0 + kReferenceHighPassA1 + kReferenceHighPassA2;
    const double linear = 2.0 * (1.0 - kReferenceHighPassA2) * ratio;
    const double square = (1.0 - kReferenceHighPassA1 + kReferenceHighPassA2) * ratio * ratio;
    const double scale = 1.0 / (constant + linear + square);
    double gain = 4.0 * ratio * ratio * scale;
    // The standard's numerator (1, -2, 1) makes the passband 0.043 dB high at 48 kHz. Other meters (libebur128, ffmpeg)
    // keep it at every rate, where it means another gain: 0.022 dB more at 32 kHz, as much less at 96 kHz, 0.033 dB
    // less at 192 kHz. Half way between is within 0.02 dB of both. Below 32 kHz the two part by more, and the response
    // at 48 kHz is what counts.
    if (sample_rate_hz >= 32000.0) gain = sqrt_f64(gain);

    KWeightingCoefficients c;
    c.b0 = shelf.b0 * gain;
    c.b1 = shelf.b1 * gain;
    c.b2 = shelf.b2 * gain;
    c.a1 = shelf.a1;
    c.a2 = shelf.a2;
    c.d1 = 2.0 * (constant - square) * scale;
    c.d2 = (constant - linear + square) * scale;
    return c;
}

void flush(KWeightingState& state) {
    constexpr double kNothing = 1e-25;  // -500 dB
    f64x2* const members[] = {&state.x1, &state.x2, &state.s1, &state.s2, &state.difference, &state.y1, &state.y2};
    for (f64x2* m : members) {
        const double a = m->lane(0);
        const double b = m->lane(1);
        *m = f64x2::set(magnitude(a) < kNothing ? 0.0 : a, magnitude(b) < kNothing ? 0.0 : b);
    }
}

}  // namespace aim
