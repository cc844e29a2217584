// Whether nothing has moved of late but what an extractor makes of noise: a tone, a hum, a hiss. The network must call
// such a sound one of the five all the same, and can be very sure of it.
#pragma once

#include <cstdint>

namespace aim {

class Steadiness {
public:
    static constexpr uint32_t kCoefficients = 13;
    // Frames of 10 ms whose mean counts as one value.
    static constexpr uint32_t kBlockFrames = 10;

    void reset();
    void add_frame(const float* mfcc);
    // Of the last 1.5 s, or of what there is.
    bool steady() const;

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(gathered_);
        visitor(blocks_);
        visitor(sum_);
        visitor(mean_);
        // A forged snapshot must not lead out of the ring.
        if (Visitor::kReads && gathered_ >= kBlockFrames) gathered_ = 0;
    }

private:
    static constexpr uint32_t kBlocks = 15;

    uint32_t gathered_ = 0;
    // Blocks finished so far; wraps where the ring does.
    uint32_t blocks_ = 0;
    float sum_[kCoefficients] = {};
    float mean_[kBlocks * kCoefficients] = {};
};

}  // namespace aim
