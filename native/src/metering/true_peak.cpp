#include "metering/true_peak.h"

#include "base/elementary.h"

namespace aim {
namespace {

// Below half of the sample rate a quarter sample advances a sinusoid by less than pi/4: the cosine between neighbours is
// above 0.7, and a maximum stands at most sqrt(2 / 1.7) = 1.08466 above the quarter sample next to it.
constexpr double kLeastCosine = 0.7;
constexpr float kFitGain = 1.0848f;

constexpr float kSilence = 1e-10f;  // AIM_SILENCE_DB as an amplitude: nothing to be measured below

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

    Oversampled y(window_);
    const float half_peak = y.interpolate_halves();
    const float twofold_peak = half_peak > sample_peak ? half_peak : sample_peak;
    if (twofold_peak * (kShortGain * kFitGain) <= known) return;

    const float quarter_peak = y.interpolate_quarters();
    const float fourfold_peak = quarter_peak > twofold_peak ? quarter_peak : twofold_peak;
    if (fourfold_peak * kFitGain <= known) return;

    double highest = peak_;
    for (uint32_t i = 0; i < frames; ++i) {
        const double points[6] = {y.third()[(int)i - 1], y.x[i], y.first()[i], y.half()[i], y.third()[i], y.x[i + 1]};
        for (int k = 1; k < 5; ++k) {
            const double height = fitted_height(points[k - 1], points[k], points[k + 1]);
            if (height > highest) highest = height;
        }
    }
    peak_ = (float)highest;
}

}  // namespace aim
