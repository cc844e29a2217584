// What the genre network is told of a window: of 13 coefficients a frame, means (but of the first, which is level),
// deviations, root mean square steps and the correlations of all pairs; and of the first four, how periodic their steps
// are.
//
// Frames are gathered in blocks of ten and each block is measured once. A window is the last whole blocks; nothing is
// carried on from block to block that rounding could pile up in.
#pragma once

#include <cstdint>

namespace aim {

class WindowStatistics {
public:
    static constexpr uint32_t kCoefficients = 13;
    // A frame's coefficients padded to whole vectors; the padding is zero.
    static constexpr uint32_t kRow = 16;
    static constexpr uint32_t kBlockFrames = 10;
    // Frames of 10 ms that a window has at most.
    static constexpr uint32_t kWindowFrames = 300;
    static constexpr uint32_t kPairs = kCoefficients * (kCoefficients - 1) / 2;
    static constexpr uint32_t kRhythmCoefficients = 4;
    static constexpr uint32_t kCount = 3 * kCoefficients - 1 + kPairs + 3 * kRhythmCoefficients;

    void reset();

    // Adds one frame, a row of kRow.
    void add_frame(const float* row);

    uint32_t window_frames() const { return window_blocks() * kBlockFrames; }

    // kCount values. At least one block must be there.
    void measure(float* statistics) const;

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(gathered_);
        visitor(blocks_);
        visitor(frames_);
        visitor(mean_);
        visitor(motion_);
        visitor(products_);
        visitor(beats_);
        // A forged snapshot must not lead out of the block.
        if (Visitor::kReads && gathered_ >= kBlockFrames) gathered_ = 0;
    }

private:
    static constexpr uint32_t kWindowBlocks = kWindowFrames / kBlockFrames;
    // Steps are measured within patches of 50 ms.
    static constexpr uint32_t kPatchFrames = 5;
    static constexpr uint32_t kPatchesPerBlock = kBlockFrames / kPatchFrames;
    // The rhythm is that of means of so many frames.
    static constexpr uint32_t kBeatFrames = 2;
    static constexpr uint32_t kBeatsPerBlock = kBlockFrames / kBeatFrames;
    static constexpr uint32_t kWindowBeats = kWindowBlocks * kBeatsPerBlock;
    // Lags in beats: 0.12 to 1.18 s; slow ones from 0.4 s on.
    static constexpr uint32_t kLagLeast = 6;
    static constexpr uint32_t kLagSlow = 20;
    static constexpr uint32_t kLagMost = 59;
    static constexpr uint32_t kVectors = kRow / 4;
    // Products of the pairs on and above the diagonal, in whole vectors: row i has those from vector i / 4 on.
    static constexpr uint32_t kProductVectors = 4 * (4 + 3 + 2) + 1;

    uint32_t window_blocks() const { return blocks_ < kWindowBlocks ? blocks_ : kWindowBlocks; }
    void measure_block(uint32_t slot);
    void measure_pairs(const float* mean, float* covariances) const;
    void measure_rhythm(float* periodic) const;

    uint32_t gathered_ = 0;  // frames of the block that is being gathered
    uint32_t blocks_ = 0;    // finished so far; wraps where the rings do
    float frames_[kBlockFrames * kRow] = {};
    // Of each block, rings: means, sums of squared steps within patches, sums of products of distances from the means, and
    // means of the first coefficients by beats.
    float mean_[kWindowBlocks * kRow] = {};
    float motion_[kWindowBlocks * kRow] = {};
    float products_[kWindowBlocks * kProductVectors * 4] = {};
    float beats_[kWindowBeats * kRhythmCoefficients] = {};
};

}  // namespace aim
