#include "genre/model.h"

#include <cstring>

#include "base/elementary.h"
#include "base/simd.h"

namespace aim {

namespace {

#include "genre/model_weights.inc"

// Keeps deviations of the pooled outputs away from zero, as in training.
constexpr float kPoolEpsilon = 1e-4f;
constexpr float kMostMagnitude = 10000.0f;
// In dB, of the means of 100 ms around that of 1.5 s, over all coefficients. Tones, hums and noise of any colour stay
// below 6.4; of what the network was trained on one in two thousand does.
constexpr float kLeastMovement = 6.5f;
constexpr uint32_t kMovementBlocks = 15;

// y = W x + b, optionally rectified. `weights` has one row per input, of `outputs` values each; every output is a sum in
// the order of the inputs.
template <uint32_t inputs, uint32_t outputs, bool rectified>
void dense(const float (&weights)[inputs * outputs], const float (&bias)[outputs], const float* x, float* y) {
    static_assert(outputs % 4 == 0);
    constexpr uint32_t kVectors = outputs / 4;
    f32x4 sum[kVectors];
    for (uint32_t v = 0; v < kVectors; ++v) sum[v] = f32x4::load(bias + 4 * v);
    for (uint32_t i = 0; i < inputs; ++i) {
        const f32x4 input = f32x4::splat(x[i]);
        const float* row = weights + i * outputs;
        for (uint32_t v = 0; v < kVectors; ++v) sum[v] += f32x4::load(row + 4 * v) * input;
    }
    for (uint32_t v = 0; v < kVectors; ++v) {
        (rectified ? max(sum[v], f32x4::zero()) : sum[v]).store(y + 4 * v);
    }
}

float sqrt_f32(float x) { return (float)sqrt_f64(x); }

}  // namespace

void GenreModel::reset() { *this = GenreModel(); }

void GenreModel::add_frame(const float* mfcc) {
    float* frame = frames_ + gathered_ * kCoefficients;
    for (uint32_t k = 0; k < kCoefficients; ++k) {
        const float x = mfcc[k];
        // A NaN fails every comparison; infinity minus itself is one.
        frame[k] = !(x - x == 0.0f)      ? 0.0f
                   : x > kMostMagnitude  ? kMostMagnitude
                   : x < -kMostMagnitude ? -kMostMagnitude
                                         : x;
    }
    if (++gathered_ == kBlockFrames) finish_block();
}

void GenreModel::finish_block() {
    gathered_ = 0;
    measure_block(blocks_ % kWindowBlocks);

    constexpr uint32_t kBlockPatches = kPatchesPerBlock * kPatchChannels;
    constexpr uint32_t kKept = kMotifPatches * kPatchChannels - kBlockPatches;
    std::memmove(patches_, patches_ + kBlockPatches, kKept * sizeof(float));
    for (uint32_t p = 0; p < kPatchesPerBlock; ++p) {
        dense<kPatchFrames * kCoefficients, kPatchChannels, true>(kPatchWeights, kPatchBias,
                                                                  frames_ + p * kPatchFrames * kCoefficients,
                                                                  patches_ + kKept + p * kPatchChannels);
    }
    ++blocks_;
    if (blocks_ >= kMotifBlocks) {
        const uint32_t slot = (blocks_ - kMotifBlocks) % kWindowMotifs;
        dense<kMotifPatches * kPatchChannels, kMotifChannels, true>(kMotifWeights, kMotifBias, patches_,
                                                                    motifs_ + slot * kMotifChannels);
    }
    // Back by a multiple of both rings' lengths, long before the count could overflow.
    constexpr uint32_t kWrap = kWindowBlocks * kWindowMotifs;
    if (blocks_ == 3 * kWrap) blocks_ -= 2 * kWrap;
}

// Mean and scatter rather than sums of squares: the first coefficient is hundreds away from zero and may hardly move.
void GenreModel::measure_block(uint32_t slot) {
    for (uint32_t k = 0; k < kCoefficients; ++k) {
        float sum = 0.0f;
        for (uint32_t t = 0; t < kBlockFrames; ++t) sum += frames_[t * kCoefficients + k];
        const float mean = sum / (float)kBlockFrames;
        float scatter = 0.0f;
        float motion = 0.0f;
        for (uint32_t t = 0; t < kBlockFrames; ++t) {
            const float x = frames_[t * kCoefficients + k];
            scatter += (x - mean) * (x - mean);
            if (t % kPatchFrames == 0) continue;
            const float step = x - frames_[(t - 1) * kCoefficients + k];
            motion += step * step;
        }
        mean_[slot * kCoefficients + k] = mean;
        scatter_[slot * kCoefficients + k] = scatter;
        motion_[slot * kCoefficients + k] = motion;
    }
}

bool GenreModel::logits(float out[kGenres]) const {
    if (window_frames() < kLeastFrames) return false;
    float features[kFeatures];
    float hidden[kHidden];
    float padded[8];
    pool(features);
    gather_statistics(features + 3 * kMotifChannels);
    dense<kFeatures, kHidden, true>(kHiddenWeights, kHiddenBias, features, hidden);
    dense<kHidden, 8, false>(kOutputWeights, kOutputBias, hidden, padded);
    std::memcpy(out, padded, kGenres * sizeof(float));
    return true;
}

// Mean, deviation and maximum of each output over the window. The ring is read in the order of its slots: the same for a
// window that has not wrapped yet and, whatever its slots, the same in every build.
void GenreModel::pool(float* features) const {
    const uint32_t count = window_blocks() - kMotifBlocks + 1;
    const f32x4 n = f32x4::splat((float)count);
    for (uint32_t c = 0; c < kMotifChannels; c += 4) {
        f32x4 sum = f32x4::zero();
        f32x4 most = f32x4::zero();
        for (uint32_t i = 0; i < count; ++i) {
            const f32x4 x = f32x4::load(motifs_ + i * kMotifChannels + c);
            sum += x;
            most = max(x, most);
        }
        const f32x4 mean = sum / n;
        f32x4 scatter = f32x4::zero();
        for (uint32_t i = 0; i < count; ++i) {
            const f32x4 away = f32x4::load(motifs_ + i * kMotifChannels + c) - mean;
            scatter += away * away;
        }
        const f32x4 variance = scatter / n + f32x4::splat(kPoolEpsilon);
        mean.store(features + c);
        for (int lane = 0; lane < 4; ++lane) {
            features[kMotifChannels + c + (uint32_t)lane] = sqrt_f32(variance.lane(lane));
        }
        most.store(features + 2 * kMotifChannels + c);
    }
}

// Means of the coefficients from the second on (the first is level), deviations of all, root mean square steps of all.
void GenreModel::gather_statistics(float* features) const {
    const uint32_t count = window_blocks();
    for (uint32_t k = 0; k < kCoefficients; ++k) {
        float sum = 0.0f;
        float scatter = 0.0f;
        float motion = 0.0f;
        for (uint32_t b = 0; b < count; ++b) {
            sum += mean_[b * kCoefficients + k];
            scatter += scatter_[b * kCoefficients + k];
            motion += motion_[b * kCoefficients + k];
        }
        const float mean = sum / (float)count;
        float between = 0.0f;
        for (uint32_t b = 0; b < count; ++b) {
            const float away = mean_[b * kCoefficients + k] - mean;
            between += away * away;
        }
        const float variance = scatter / (float)(count * kBlockFrames) + between / (float)count;
        const uint32_t steps = count * (kBlockFrames - kPatchesPerBlock);
        if (k > 0) features[k - 1] = mean;
        features[kCoefficients - 1 + k] = sqrt_f32(variance);
        features[2 * kCoefficients - 1 + k] = sqrt_f32(motion / (float)steps);
    }
}

bool GenreModel::steady() const {
    const uint32_t count = blocks_ < kMovementBlocks ? blocks_ : kMovementBlocks;
    float movement = 0.0f;
    for (uint32_t k = 0; k < kCoefficients; ++k) {
        float sum = 0.0f;
        for (uint32_t b = 1; b <= count; ++b) sum += mean_[(blocks_ - b) % kWindowBlocks * kCoefficients + k];
        const float mean = sum / (float)count;
        for (uint32_t b = 1; b <= count; ++b) {
            const float away = mean_[(blocks_ - b) % kWindowBlocks * kCoefficients + k] - mean;
            movement += away * away;
        }
    }
    return movement < kLeastMovement * kLeastMovement * (float)count;
}

bool GenreModel::probabilities(float out[kGenres]) const {
    float window_logits[kGenres];
    if (!logits(window_logits)) return false;
    probabilities_of(window_logits, out);
    return true;
}

void GenreModel::probabilities_of(const float logits[kGenres], float out[kGenres]) {
    float most = logits[0];
    for (uint32_t g = 1; g < kGenres; ++g) most = logits[g] > most ? logits[g] : most;
    double sum = 0.0;
    double odds[kGenres];
    for (uint32_t g = 0; g < kGenres; ++g) {
        odds[g] = exp_f64(((double)logits[g] - (double)most) / (double)kTemperature);
        sum += odds[g];
    }
    for (uint32_t g = 0; g < kGenres; ++g) out[g] = (float)(odds[g] / sum);
}

}  // namespace aim
