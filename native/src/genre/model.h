// What a window of MFCCs sounds like: logits and probabilities of the five genres.
//
// Two convolutions over time, pooled over the window by mean, deviation and maximum and joined by statistics of the
// coefficients themselves, then two dense layers. Frames are gathered in blocks of ten; each block is convolved once, so
// a decision costs no more than pooling and the dense layers. What the weights are and how they were trained is told in
// docs/genre.md; they are generated, as model_weights.inc.
#pragma once

#include <cstdint>

namespace aim {

class GenreModel {
public:
    static constexpr uint32_t kCoefficients = 13;
    static constexpr uint32_t kGenres = 5;  // speech, rock, jazz, electronic, classical: aim_genre from 1 on
    static constexpr uint32_t kBlockFrames = 10;
    // Frames of 10 ms that a window has at most, and at least before there is an answer.
    static constexpr uint32_t kWindowFrames = 300;
    static constexpr uint32_t kLeastFrames = 50;

    void reset();

    // Adds one frame of 13 coefficients. One that is not finite counts as zero; magnitudes are held to 10000.
    void add_frame(const float* mfcc);

    // Frames that an answer would rest on: the last whole blocks, at most kWindowFrames of them.
    uint32_t window_frames() const { return window_blocks() * kBlockFrames; }

    // Whether nothing has moved of late but what an extractor makes of noise: a tone, a hum, a hiss. The network must call
    // it one of the five all the same, and can be very sure of it.
    bool steady() const;

    // Logits of the window. False, and nothing written, while it is shorter than kLeastFrames.
    bool logits(float out[kGenres]) const;

    // Calibrated probabilities of the window; they sum to 1. False as above.
    bool probabilities(float out[kGenres]) const;

    // From logits to calibrated probabilities, also for logits averaged over several windows.
    static void probabilities_of(const float logits[kGenres], float out[kGenres]);

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(gathered_);
        visitor(blocks_);
        visitor(frames_);
        visitor(patches_);
        visitor(motifs_);
        visitor(mean_);
        visitor(scatter_);
        visitor(motion_);
        // A forged snapshot must not lead out of the block.
        if (Visitor::kReads && gathered_ >= kBlockFrames) gathered_ = 0;
    }

private:
    static constexpr uint32_t kWindowBlocks = kWindowFrames / kBlockFrames;
    // Width of the layers; the generated weights are checked against them.
    static constexpr uint32_t kPatchFrames = 5;
    static constexpr uint32_t kPatchesPerBlock = kBlockFrames / kPatchFrames;
    static constexpr uint32_t kPatchChannels = 12;
    static constexpr uint32_t kMotifBlocks = 3;
    static constexpr uint32_t kMotifPatches = kMotifBlocks * kPatchesPerBlock;
    static constexpr uint32_t kMotifChannels = 20;
    static constexpr uint32_t kWindowMotifs = kWindowBlocks - kMotifBlocks + 1;
    static constexpr uint32_t kHidden = 24;
    static constexpr uint32_t kStatistics = 3 * kCoefficients - 1;
    static constexpr uint32_t kFeatures = 3 * kMotifChannels + kStatistics;

    uint32_t window_blocks() const { return blocks_ < kWindowBlocks ? blocks_ : kWindowBlocks; }
    void finish_block();
    void measure_block(uint32_t slot);
    void pool(float* features) const;
    void gather_statistics(float* features) const;

    uint32_t gathered_ = 0;  // frames of the block that is being gathered
    // Blocks finished so far. The rings' slots follow from it; it wraps where both rings do.
    uint32_t blocks_ = 0;
    float frames_[kBlockFrames * kCoefficients] = {};
    // First convolution: outputs of the last kMotifBlocks blocks, oldest first.
    float patches_[kMotifPatches * kPatchChannels] = {};
    // Second convolution: one output per block, a ring.
    float motifs_[kWindowMotifs * kMotifChannels] = {};
    // Of each block and coefficient, a ring: mean, sum of squared distances from it, sum of squared steps within patches.
    float mean_[kWindowBlocks * kCoefficients] = {};
    float scatter_[kWindowBlocks * kCoefficients] = {};
    float motion_[kWindowBlocks * kCoefficients] = {};
};

}  // namespace aim
