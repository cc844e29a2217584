#include "metering/true_peak.h"

#include <cstring>

#include "base/elementary.h"
#include "base/simd.h"

namespace aim {
namespace {

// Two half-band interpolators in a row: sharp from 1x to 2x, short from 2x to 4x. Symmetric, one side given, nearest
// tap first: y(1/2) = sum over j of c[j] (x[-j] + x[1 + j]). Least squares of
//     sum over j of 2 c[j] cos(w (j + 1/2)) - 1
// over a dense grid of w, reweighted by the error until it is equal everywhere: w to 2 pi 20/48 for the first
// (error 0.006 dB), to 2 pi 20/96 for the second (0.008 dB).
constexpr int kSharpTaps = 12;
constexpr float kSharp[kSharpTaps] = {0.633599222f,   -0.203289732f, 0.112932034f,   -0.0717385784f,
                                      0.0475539677f,  -0.0316690877f, 0.0207262114f, -0.0131044062f,
                                      0.0078665372f,  -0.00438358355f, 0.002186161f, -0.00101531681f};
constexpr float kShort[3] = {0.598114073f, -0.117935091f, 0.0203012619f};

// Largest sums of the taps' magnitudes, a little above the exact ones to cover rounding.
constexpr float kQuarterGain = 2.3005f;       // any quarter sample, from the samples (exact: 2.30013)
constexpr float kShortGain = 1.4730f;         // any quarter sample, from the half samples (exact: 1.47270)
constexpr float kBoundGain = 2.3005f;         // any slope-corrected quarter sample (exact: 2.30017)

// Below half of the sample rate a quarter sample advances a sinusoid by less than pi/4: the cosine between neighbours is
// above 0.7, and a maximum stands at most sqrt(2 / 1.7) = 1.08466 above the quarter sample next to it.
constexpr double kLeastCosine = 0.7;
constexpr float kFitGain = 1.0848f;

// A sinusoid of w radians per quarter sample never exceeds |y[k]| + c |y[k+1] - y[k-1]| within half a step of k when
// c is tan(w/4) / (2 sin w): 0.1356 for 20 kHz at 48 kHz, less below.
constexpr float kSlope = 0.1357f;

constexpr float kSilence = 1e-10f;  // AIM_SILENCE_DB as an amplitude: nothing to be measured below

// Buffer position of the first of the 16 samples whose surroundings are complete.
constexpr uint32_t kHistory = PeakWindow::kHistory;
constexpr uint32_t kFirst = kHistory - TruePeakBound::delay_frames;
constexpr uint32_t kHalves = 20;

f32x4 interpolate_short(f32x4 a0, f32x4 b0, f32x4 a1, f32x4 b1, f32x4 a2, f32x4 b2) {
    return (f32x4::splat(kShort[0]) * (a0 + b0) + f32x4::splat(kShort[1]) * (a1 + b1)) +
           f32x4::splat(kShort[2]) * (a2 + b2);
}

float interpolate_short(float a0, float b0, float a1, float b1, float a2, float b2) {
    return (kShort[0] * (a0 + b0) + kShort[1] * (a1 + b1)) + kShort[2] * (a2 + b2);
}

// The quarter samples around 16 samples x[0] to x[15]: one, half, three quarters after each.
struct Oversampled {
    const float* x;             // may be read from -1 to 16
    float half_storage[kHalves];
    float first_storage[kQuantumFrames];
    float third_storage[kQuantumFrames + 1];

    const float* half() const { return half_storage + 2; }    // from -2 to 17; 17 is not to be used
    const float* first() const { return first_storage; }
    const float* third() const { return third_storage + 1; }  // from -1

    // Returns the largest magnitude, the samples' excepted.
    float interpolate_halves() {
        f32x4 highest = f32x4::zero();
        for (uint32_t i = 0; i < kHalves; i += 4) {
            const float* centre = x + (int)i - 2;
            f32x4 sum = f32x4::splat(kSharp[0]) * (f32x4::load(centre) + f32x4::load(centre + 1));
            for (int j = 1; j < kSharpTaps; ++j) {
                sum += f32x4::splat(kSharp[j]) * (f32x4::load(centre - j) + f32x4::load(centre + 1 + j));
            }
            sum.store(half_storage + i);
            highest = max(abs(sum), highest);
        }
        return horizontal_max(highest);
    }

    float interpolate_quarters() {
        const float* h = half();
        third_storage[0] = interpolate_short(h[-1], x[0], x[-1], h[0], h[-2], x[1]);
        f32x4 highest = abs(f32x4::splat(third_storage[0]));
        for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
            const f32x4 x0 = f32x4::load(x + i);
            const f32x4 x1 = f32x4::load(x + i + 1);
            const f32x4 before = f32x4::load(h + (int)i - 1);
            const f32x4 here = f32x4::load(h + i);
            const f32x4 after = f32x4::load(h + i + 1);
            const f32x4 q1 = interpolate_short(x0, here, before, x1, f32x4::load(x + (int)i - 1), after);
            const f32x4 q3 = interpolate_short(here, x1, x0, after, before, f32x4::load(x + i + 2));
            q1.store(first_storage + i);
            q3.store(third_storage + 1 + i);
            highest = max(max(abs(q1), abs(q3)), highest);
        }
        return horizontal_max(highest);
    }
};

// The height of the sinusoid through three neighbouring quarter samples, when the middle one is the highest.
// cos w = (before + after) / (2 here); height^2 = here^2 + ((after - before) / (2 sin w))^2.
double fitted_height(double before, double here, double after) {
    if (here < 0.0) {
        before = -before;
        here = -here;
        after = -after;
    }
    if (!(here >= before && here >= after) || here == 0.0) return here;
    double cosine = (before + after) / (2.0 * here);
    if (cosine < kLeastCosine) cosine = kLeastCosine;
    const double sine_squared = (1.0 - cosine) * (1.0 + cosine);
    if (!(sine_squared > 1e-9)) return here;
    const double slope = after - before;
    const double height = sqrt_f64(here * here + slope * slope / (4.0 * sine_squared));
    const double highest = here * (double)kFitGain;
    return height < highest ? height : highest;
}

}  // namespace

void PeakWindow::reset() {
    for (float& s : samples) s = 0.0f;
}

void PeakWindow::append(const float* fresh, uint32_t frames) {
    if (frames == kQuantumFrames) {
        for (uint32_t i = 0; i < kQuantumFrames; i += 4) f32x4::load(fresh + i).store(samples + kHistory + i);
        return;
    }
    std::memcpy(samples + kHistory, fresh, frames * sizeof(float));
    for (uint32_t i = kHistory + frames; i < kHistory + kQuantumFrames; ++i) samples[i] = 0.0f;
}

void PeakWindow::advance(uint32_t frames) {
    // Upwards, and each group is read whole before it is written: the ranges may overlap.
    for (uint32_t i = 0; i < kHistory; i += 4) f32x4::load(samples + frames + i).store(samples + i);
}

float PeakWindow::peak() const {
    f32x4 highest = f32x4::zero();
    for (uint32_t i = 0; i < kHistory + kQuantumFrames; i += 4) highest = max(abs(f32x4::load(samples + i)), highest);
    return horizontal_max(highest);
}

void TruePeakMeter::reset() {
    window_.reset();
    peak_ = 0.0f;
}

void TruePeakMeter::process(const float* samples, uint32_t frames) {
    while (frames > 0) {
        const uint32_t n = frames < kQuantumFrames ? frames : kQuantumFrames;
        window_.append(samples, n);
        measure(n);
        window_.advance(n);
        samples += n;
        frames -= n;
    }
}

void TruePeakMeter::measure(uint32_t frames) {
    const float known = peak_ > kSilence ? peak_ : kSilence;
    const float sample_peak = window_.peak();
    if (sample_peak * (kQuarterGain * kFitGain) <= known) return;

    Oversampled y;
    y.x = window_.samples + kFirst;
    const float half_peak = y.interpolate_halves();
    const float twofold_peak = half_peak > sample_peak ? half_peak : sample_peak;
    if (twofold_peak * (kShortGain * kFitGain) <= known) return;

    const float quarter_peak = y.interpolate_quarters();
    const float fourfold_peak = quarter_peak > twofold_peak ? quarter_peak : twofold_peak;
    if (fourfold_peak * kFitGain <= known) return;

    double highest = peak_;
    for (uint32_t i = 0; i < frames; ++i) {
        const double points[6] = {y.third()[(int)i - 1], y.x[i],         y.first()[i],
                                  y.half()[i],           y.third()[i], y.x[i + 1]};
        for (int k = 1; k < 5; ++k) {
            const double height = fitted_height(points[k - 1], points[k], points[k + 1]);
            if (height > highest) highest = height;
        }
    }
    peak_ = (float)highest;
}

void TruePeakBound::prepare(const Spec&) { reset(); }

void TruePeakBound::reset() {
    window_.reset();
    previous_ = 0.0f;
}

void TruePeakBound::process_quantum(const float* samples, float* bound, float threshold) {
    window_.append(samples, kQuantumFrames);
    const float crude = window_.peak() * kBoundGain;
    if (crude <= threshold || crude <= kSilence) {
        for (uint32_t i = 0; i < kQuantumFrames; ++i) bound[i] = crude;
        previous_ = crude;
        window_.advance(kQuantumFrames);
        return;
    }

    Oversampled y;
    y.x = window_.samples + kFirst;
    y.interpolate_halves();
    y.interpolate_quarters();
    const f32x4 slope = f32x4::splat(kSlope);
    float peaks[1 + kQuantumFrames];
    peaks[0] = previous_;
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 before = f32x4::load(y.third() + (int)i - 1);
        const f32x4 x0 = f32x4::load(y.x + i);
        const f32x4 q1 = f32x4::load(y.first() + i);
        const f32x4 q2 = f32x4::load(y.half() + i);
        const f32x4 q3 = f32x4::load(y.third() + i);
        const f32x4 x1 = f32x4::load(y.x + i + 1);
        const f32x4 a = max(abs(x0) + slope * abs(q1 - before), abs(q1) + slope * abs(q2 - x0));
        const f32x4 b = max(abs(q2) + slope * abs(q3 - q1), abs(q3) + slope * abs(x1 - q2));
        max(a, b).store(peaks + 1 + i);
    }
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        max(f32x4::load(peaks + i), f32x4::load(peaks + 1 + i)).store(bound + i);
    }
    previous_ = peaks[kQuantumFrames];
    window_.advance(kQuantumFrames);
}

}  // namespace aim
