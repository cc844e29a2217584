#include "metering/loudness.h"

namespace aim {
namespace {

constexpr uint32_t kBlockHop = 20;  // 100 ms: 75 % overlap
// EBU Tech 3342 asks for at least two thirds of overlap; libebur128 takes exactly that, and so its values are ours.
constexpr uint32_t kRangeHop = 200;

constexpr double kIntegratedGate = 0.1;  // -10 LU
constexpr double kRangeGate = 0.01;      // -20 LU
constexpr double kRangeLower = 0.10;
constexpr double kRangeUpper = 0.95;

}  // namespace

void Loudness::reset() {
    momentary_.reset();
    short_term_.reset();
    blocks_.reset();
    short_terms_.reset();
    momentary_max_ = 0.0;
    short_term_max_ = 0.0;
    integrated_ = 0.0;
    range_ = 1.0;
    sub_blocks_ = 0;
}

void Loudness::push_sub_block(double energy_seconds) {
    momentary_.push(energy_seconds);
    short_term_.push(energy_seconds);
    ++sub_blocks_;
    if (momentary() > momentary_max_) momentary_max_ = momentary();
    if (short_term() > short_term_max_) short_term_max_ = short_term();

    // Gating costs a walk through a histogram: done when a block is added, so that reading is free.
    if (sub_blocks_ >= kMomentarySubBlocks && sub_blocks_ % kBlockHop == 0) {
        blocks_.add(momentary());
        integrated_ = blocks_.gated_mean(kIntegratedGate);
    }
    if (sub_blocks_ >= kShortTermSubBlocks && sub_blocks_ % kRangeHop == 0) {
        short_terms_.add(short_term());
        range_ = short_terms_.percentile_ratio(kRangeGate, kRangeLower, kRangeUpper);
    }
}

}  // namespace aim
