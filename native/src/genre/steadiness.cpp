#include "genre/steadiness.h"

namespace aim {

namespace {

// In dB, of the means of 100 ms around that of 1.5 s, over all coefficients. Tones, hums and noise of any colour stay
// below 6.4; of what the network was trained on one in two thousand does.
constexpr float kLeastMovement = 6.5f;

}  // namespace

void Steadiness::reset() { *this = Steadiness(); }

void Steadiness::add_frame(const float* mfcc) {
    for (uint32_t k = 0; k < kCoefficients; ++k) sum_[k] += mfcc[k];
    if (++gathered_ < kBlockFrames) return;
    gathered_ = 0;
    const uint32_t slot = blocks_ % kBlocks;
    for (uint32_t k = 0; k < kCoefficients; ++k) {
        mean_[slot * kCoefficients + k] = sum_[k] / (float)kBlockFrames;
        sum_[k] = 0.0f;
    }
    if (++blocks_ == 2 * kBlocks) blocks_ = kBlocks;
}

bool Steadiness::steady() const {
    const uint32_t count = blocks_ < kBlocks ? blocks_ : kBlocks;
    float movement = 0.0f;
    for (uint32_t k = 0; k < kCoefficients; ++k) {
        float sum = 0.0f;
        for (uint32_t b = 1; b <= count; ++b) sum += mean_[(blocks_ - b) % kBlocks * kCoefficients + k];
        const float mean = sum / (float)count;
        for (uint32_t b = 1; b <= count; ++b) {
            const float away = mean_[(blocks_ - b) % kBlocks * kCoefficients + k] - mean;
            movement += away * away;
        }
    }
    return movement < kLeastMovement * kLeastMovement * (float)count;
}

}  // namespace aim
