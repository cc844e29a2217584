#include "genre/window_statistics.h"

#include <cstring>

#include "base/elementary.h"
#include "base/simd.h"

namespace aim {

namespace {

// Added to deviations (in dB) and to the sum of squared steps, so that what does not move divides by no zero; as in
// training.
constexpr float kStillness = 1.0f;

float sqrt_f32(float x) { return (float)sqrt_f64(x); }

}  // namespace

void WindowStatistics::reset() { *this = WindowStatistics(); }

void WindowStatistics::add_frame(const float* row) {
    std::memcpy(frames_ + gathered_ * kRow, row, kRow * sizeof(float));
    if (++gathered_ < kBlockFrames) return;
    gathered_ = 0;
    measure_block(blocks_ % kWindowBlocks);
    if (++blocks_ == 2 * kWindowBlocks) blocks_ = kWindowBlocks;
}

// Distances from the block's mean rather than sums of squares: the first coefficient is hundreds away from zero and may
// hardly move.
void WindowStatistics::measure_block(uint32_t slot) {
    f32x4 away[kBlockFrames][kVectors];
    for (uint32_t v = 0; v < kVectors; ++v) {
        f32x4 sum = f32x4::zero();
        f32x4 motion = f32x4::zero();
        for (uint32_t t = 0; t < kBlockFrames; ++t) {
            const f32x4 x = f32x4::load(frames_ + t * kRow + 4 * v);
            sum += x;
            if (t % kPatchFrames == 0) continue;
            const f32x4 step = x - f32x4::load(frames_ + (t - 1) * kRow + 4 * v);
            motion += step * step;
        }
        const f32x4 mean = sum / f32x4::splat((float)kBlockFrames);
        mean.store(mean_ + slot * kRow + 4 * v);
        motion.store(motion_ + slot * kRow + 4 * v);
        for (uint32_t t = 0; t < kBlockFrames; ++t) away[t][v] = f32x4::load(frames_ + t * kRow + 4 * v) - mean;
    }

    float* products = products_ + slot * kProductVectors * 4;
    for (uint32_t i = 0; i < kCoefficients; ++i) {
        for (uint32_t v = i / 4; v < kVectors; ++v, products += 4) {
            f32x4 sum = f32x4::zero();
            for (uint32_t t = 0; t < kBlockFrames; ++t)
                sum += f32x4::splat(away[t][i / 4].lane((int)(i % 4))) * away[t][v];
            sum.store(products);
        }
    }

    static_assert(kRhythmCoefficients == 4);
    for (uint32_t beat = 0; beat < kBeatsPerBlock; ++beat) {
        f32x4 sum = f32x4::zero();
        for (uint32_t t = 0; t < kBeatFrames; ++t) sum += f32x4::load(frames_ + (beat * kBeatFrames + t) * kRow);
        (sum / f32x4::splat((float)kBeatFrames)).store(beats_ + (slot * kBeatsPerBlock + beat) * kRhythmCoefficients);
    }
}

// Rings are read in the order of their slots, but for the rhythm's: the same for a window that has not wrapped yet and,
// whatever its slots, the same in every build.
void WindowStatistics::measure(float* statistics) const {
    float mean[kRow];
    float deviations[kRow];
    float covariances[kCoefficients * kRow];
    const uint32_t count = window_blocks();
    for (uint32_t v = 0; v < kVectors; ++v) {
        f32x4 sum = f32x4::zero();
        for (uint32_t b = 0; b < count; ++b) sum += f32x4::load(mean_ + b * kRow + 4 * v);
        (sum / f32x4::splat((float)count)).store(mean + 4 * v);
    }
    measure_pairs(mean, covariances);

    float* next = statistics;
    for (uint32_t k = 1; k < kCoefficients; ++k) *next++ = mean[k];
    for (uint32_t k = 0; k < kCoefficients; ++k) {
        deviations[k] = sqrt_f32(covariances[k * kRow + k]);
        *next++ = deviations[k];
    }
    const float steps = (float)(count * (kBlockFrames - kPatchesPerBlock));
    for (uint32_t k = 0; k < kCoefficients; ++k) {
        float motion = 0.0f;
        for (uint32_t b = 0; b < count; ++b) motion += motion_[b * kRow + k];
        *next++ = sqrt_f32(motion / steps);
    }
    for (uint32_t i = 0; i < kCoefficients; ++i) {
        for (uint32_t j = i + 1; j < kCoefficients; ++j) {
            const float scale = (deviations[i] + kStillness) * (deviations[j] + kStillness);
            *next++ = covariances[i * kRow + j] / scale;
        }
    }
    measure_rhythm(next);
}

// Rows of the covariance matrix, from the diagonal on.
void WindowStatistics::measure_pairs(const float* mean, float* covariances) const {
    const uint32_t count = window_blocks();
    f32x4 away[kWindowBlocks][kVectors];
    for (uint32_t b = 0; b < count; ++b) {
        for (uint32_t v = 0; v < kVectors; ++v) {
            away[b][v] = f32x4::load(mean_ + b * kRow + 4 * v) - f32x4::load(mean + 4 * v);
        }
    }
    const f32x4 frames = f32x4::splat((float)(count * kBlockFrames));
    uint32_t product = 0;
    for (uint32_t i = 0; i < kCoefficients; ++i) {
        for (uint32_t v = i / 4; v < kVectors; ++v, ++product) {
            f32x4 within = f32x4::zero();
            f32x4 between = f32x4::zero();
            for (uint32_t b = 0; b < count; ++b) {
                within += f32x4::load(products_ + (b * kProductVectors + product) * 4);
                between += f32x4::splat(away[b][i / 4].lane((int)(i % 4))) * away[b][v];
            }
            ((within + between * f32x4::splat((float)kBlockFrames)) / frames).store(covariances + i * kRow + 4 * v);
        }
    }
}

// Of the autocorrelation of the steps from beat to beat: the highest value at any lag, the deviation from lag to lag, the
// highest value at slow lags. A lag that the window does not hold has none. All coefficients at once.
void WindowStatistics::measure_rhythm(float* periodic) const {
    const uint32_t beats = window_blocks() * kBeatsPerBlock;
    const uint32_t steps = beats - 1;
    // From the oldest beat on.
    const uint32_t oldest = blocks_ < kWindowBlocks ? 0 : blocks_ % kWindowBlocks * kBeatsPerBlock;
    // Nothing lies before the first step, so that several lags can begin at the same one.
    constexpr uint32_t kLagsAtOnce = 6;
    f32x4 padded[kLagsAtOnce - 1 + kWindowBeats] = {};
    f32x4* const step = padded + kLagsAtOnce - 1;
    f32x4 sum = f32x4::zero();
    f32x4 before = f32x4::load(beats_ + oldest * kRhythmCoefficients);
    for (uint32_t i = 0; i < steps; ++i) {
        const uint32_t slot = (oldest + i + 1) % kWindowBeats;
        const f32x4 beat = f32x4::load(beats_ + slot * kRhythmCoefficients);
        step[i] = beat - before;
        sum += step[i];
        before = beat;
    }
    const f32x4 mean = sum / f32x4::splat((float)steps);
    f32x4 energy = f32x4::splat(kStillness);
    for (uint32_t i = 0; i < steps; ++i) {
        step[i] = step[i] - mean;
        energy += step[i] * step[i];
    }

    constexpr uint32_t kLags = kLagMost - kLagLeast + 1;
    f32x4 periods[kLags];
    f32x4 most = f32x4::splat(-1.0f);
    f32x4 slow = f32x4::splat(-1.0f);
    f32x4 all = f32x4::zero();
    static_assert(kLags % kLagsAtOnce == 0);
    for (uint32_t n = 0; n < kLags; n += kLagsAtOnce) {
        f32x4 products[kLagsAtOnce] = {};
        const f32x4* earlier = step;
        for (const f32x4* now = step + kLagLeast + n; now < step + steps; ++now, ++earlier) {
            for (int j = 0; j < (int)kLagsAtOnce; ++j) products[j] += earlier[-j] * *now;
        }
        for (uint32_t j = 0; j < kLagsAtOnce; ++j) periods[n + j] = products[j] / energy;
    }
    for (uint32_t n = 0; n < kLags; ++n) {
        most = max(periods[n], most);
        if (kLagLeast + n >= kLagSlow) slow = max(periods[n], slow);
        all += periods[n];
    }
    const f32x4 usual = all / f32x4::splat((float)kLags);
    f32x4 scatter = f32x4::zero();
    for (uint32_t n = 0; n < kLags; ++n) {
        const f32x4 away = periods[n] - usual;
        scatter += away * away;
    }
    const f32x4 variance = scatter / f32x4::splat((float)kLags);
    most.store(periodic);
    for (uint32_t k = 0; k < 4; ++k) periodic[kRhythmCoefficients + k] = sqrt_f32(variance.lane((int)k));
    slow.store(periodic + 2 * kRhythmCoefficients);
}

}  // namespace aim
