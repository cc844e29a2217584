// Momentary, short-term and integrated loudness and loudness range (ITU-R BS.1770-5, EBU Tech 3341, EBU Tech 3342) from
// the K-weighted energies of sub-blocks of 5 ms.
#pragma once

#include <cstdint>

#include "metering/loudness_histogram.h"
#include "metering/sliding_sum.h"

namespace aim {

class Loudness {
public:
    static constexpr uint32_t kSubBlocksPerSecond = 200;
    static constexpr uint32_t kMomentarySubBlocks = 80;   // 400 ms
    static constexpr uint32_t kShortTermSubBlocks = 600;  // 3 s

    void reset();

    // Adds the sum over all channels of the squared K-weighted samples of one sub-block, times 1 / sample rate.
    void push_sub_block(double energy_seconds);

    // Mean energies; silence is 0.
    double momentary() const { return momentary_.sum() * (1.0 / 0.4); }
    double short_term() const { return short_term_.sum() * (1.0 / 3.0); }
    double momentary_max() const { return momentary_max_; }
    double short_term_max() const { return short_term_max_; }
    double integrated() const { return integrated_; }
    // Ratio of energies.
    double range() const { return range_; }

    template <class Visitor>
    void visit_state(Visitor& v) {
        momentary_.visit_state(v);
        short_term_.visit_state(v);
        blocks_.visit_state(v);
        short_terms_.visit_state(v);
        v(momentary_max_);
        v(short_term_max_);
        v(integrated_);
        v(range_);
        v(sub_blocks_);
    }

private:
    SlidingSum<kMomentarySubBlocks> momentary_;
    SlidingSum<kShortTermSubBlocks> short_term_;
    LoudnessHistogram blocks_;       // 400 ms, one every 100 ms
    LoudnessHistogram short_terms_;  // 3 s, one every second
    double momentary_max_ = 0.0;
    double short_term_max_ = 0.0;
    double integrated_ = 0.0;
    double range_ = 1.0;
    uint64_t sub_blocks_ = 0;
};

}  // namespace aim
