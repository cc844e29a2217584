#include "dynamics/true_peak_bound.h"

namespace aim {
namespace {

// A sinusoid of w radians per quarter sample never exceeds |y[k]| + c |y[k+1] - y[k-1]| within half a step of k when
// c is tan(w/4) / (2 sin w): 0.1356 for 20 kHz at 48 kHz, less below.
constexpr float kSlope = 0.1357f;

// Largest sum of the taps' magnitudes over the slope-corrected quarter samples, a little above the exact 2.30017 to
// cover rounding. From the half samples it is that of the plain ones: the correction takes from one of the two
// nearest taps what it gives to the other.
constexpr float kMostGain = 2.3005f;

// The same taps as a straight line between two samples and, for what is left, whose sum and first moment are zero, as a
// weighted sum of bends, x[n - 1] - 2 x[n] + x[n + 1]: largest sums of the magnitudes of the line's weights (exact: 1.00072)
// and of the bends' (0.41922). A waveform that bends little, as most music does, goes little beyond its samples.
constexpr float kLineGain = 1.001f;
constexpr float kBendGain = 0.4196f;

// Nothing to be bounded below: -200 dBFS.
constexpr float kSilence = 1e-10f;

f32x8 bends(const float* x) {
    const f32x8 middle = f32x8::load(x + 1);
    return abs((f32x8::load(x) - middle) + (f32x8::load(x + 2) - middle));
}

// Largest bend in `count` samples.
float most_bent(const float* x, uint32_t count) {
    static_assert(PeakWindow::kHistory >= 10 && kQuantumFrames >= 10);
    // The last eight, then all others: some twice.
    const uint32_t last = count - 10;
    f32x8 most = bends(x + last);
    for (uint32_t i = 0; i < last; i += 8) most = max(bends(x + i), most);
    return horizontal_max(most);
}

// No bound of a quantum, which has its history in front of it, is above this.
float bound_by_bends(const float* quantum, float peak) {
    constexpr uint32_t kHistory = PeakWindow::kHistory;
    return kLineGain * peak + kBendGain * most_bent(quantum - kHistory, kHistory + kQuantumFrames);
}

}  // namespace

void TruePeakBound::reset() {
    window_.reset();
    previous_ = 0.0f;
}

// One bound for the whole quantum.
void TruePeakBound::settle_for(float value, float* bound) {
    for (uint32_t i = 0; i < kQuantumFrames; ++i) bound[i] = value;
    previous_ = value;
}

float TruePeakBound::peak(const float* samples, uint32_t quanta) const {
    f32x4 before = f32x4::zero();
    for (uint32_t i = 0; i < PeakWindow::kHistory; i += 4) before = max(abs(f32x4::load(window_.samples + i)), before);
    f32x8 highest = f32x8::join(before, before);
    for (uint32_t i = 0; i < quanta * kQuantumFrames; i += 8) highest = max(abs(f32x8::load(samples + i)), highest);
    return horizontal_max(highest);
}

bool TruePeakBound::stays_below(const float* samples, uint32_t quanta, float level) const {
    const float highest = peak(samples, quanta);
    if (highest * kMostGain <= level) return true;
    if (!(highest * kLineGain <= level)) return false;
    // The history and what follows it at once, then the run.
    constexpr uint32_t kHistory = PeakWindow::kHistory;
    float seam[kHistory + kQuantumFrames];
    std::memcpy(seam, window_.samples, kHistory * sizeof(float));
    std::memcpy(seam + kHistory, samples, kQuantumFrames * sizeof(float));
    const float first = most_bent(seam, kHistory + kQuantumFrames);
    const float rest = most_bent(samples, quanta * kQuantumFrames);
    return kLineGain * highest + kBendGain * (first > rest ? first : rest) <= level;
}

void TruePeakBound::skip(const float* samples, uint32_t quanta, float level) {
    // The last window is all that goes on, and two quanta fill what lies before its own.
    static_assert(PeakWindow::kHistory <= 2 * kQuantumFrames);
    for (uint32_t q = quanta > 3 ? quanta - 3 : 0; q < quanta; ++q) {
        window_.append(samples + q * kQuantumFrames, kQuantumFrames);
        if (q + 1 == quanta) {
            const float highest = window_.peak();
            const float crude = highest * kMostGain;
            previous_ = crude <= level ? crude : bound_by_bends(window_.samples + PeakWindow::kHistory, highest);
        }
        window_.advance(kQuantumFrames);
    }
}

// The whole run behind its history: a window that moves on with every quantum would be read before it is written.
void TruePeakBound::process(const float* samples, uint32_t quanta, float* bound, float threshold) {
    constexpr uint32_t kHistory = PeakWindow::kHistory;
    const uint32_t frames = quanta * kQuantumFrames;
    float line[kHistory + kMaxRunFrames + PeakWindow::kPadding];
    std::memcpy(line, window_.samples, kHistory * sizeof(float));
    std::memcpy(line + kHistory, samples, frames * sizeof(float));
    std::memset(line + kHistory + frames, 0, PeakWindow::kPadding * sizeof(float));
    for (uint32_t i = 0; i < frames; i += kQuantumFrames) process_quantum(line + kHistory + i, bound + i, threshold);
    std::memcpy(window_.samples, line + frames, kHistory * sizeof(float));
}

void TruePeakBound::process_quantum(const float* samples, float* bound, float threshold) {
    const float sample_peak = peak_around(samples);
    const float crude = sample_peak * kMostGain;
    if (crude <= threshold || crude <= kSilence) {
        settle_for(crude, bound);
        return;
    }
    const float smooth = bound_by_bends(samples, sample_peak);
    if (smooth <= threshold) {
        settle_for(smooth, bound);
        return;
    }

    Oversampled y(samples);
    const float half_peak = y.interpolate_halves();
    const float twofold = (half_peak > sample_peak ? half_peak : sample_peak) * kShortGain;
    if (twofold <= threshold) {
        settle_for(twofold, bound);
        return;
    }
    y.interpolate_quarters();
    const f32x8 slope = f32x8::splat(kSlope);
    float peaks[1 + kQuantumFrames];
    peaks[0] = previous_;
    for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
        const f32x8 before = f32x8::load(y.third() + (int)i - 1);
        const f32x8 x0 = f32x8::load(y.x + i);
        const f32x8 q1 = f32x8::load(y.first() + i);
        const f32x8 q2 = f32x8::load(y.half() + i);
        const f32x8 q3 = f32x8::load(y.third() + i);
        const f32x8 x1 = f32x8::load(y.x + i + 1);
        const f32x8 a = max(abs(x0) + slope * abs(q1 - before), abs(q1) + slope * abs(q2 - x0));
        const f32x8 b = max(abs(q2) + slope * abs(q3 - q1), abs(q3) + slope * abs(x1 - q2));
        max(a, b).store(peaks + 1 + i);
    }
    for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
        max(f32x8::load(peaks + i), f32x8::load(peaks + 1 + i)).store(bound + i);
    }
    previous_ = peaks[kQuantumFrames];
}

}  // namespace aim
