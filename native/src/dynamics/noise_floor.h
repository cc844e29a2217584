// How loud it is when nobody speaks: the lowest mean level of the last seconds.
//
// Minimum statistics after R. Martin, "Noise Power Spectral Density Estimation Based on Optimal Smoothing and Minimum
// Statistics", IEEE Trans. Speech Audio Process. 9 (2001), in one band and on means of 400 ms: long enough to even the
// noise out, short enough to fit between two sentences.
#pragma once

#include "base/elementary.h"
#include "base/spec.h"

namespace aim {

class NoiseFloor {
public:
    void prepare(const Spec& spec) {
        const uint32_t quanta = frames_for_ms(kBlockMs, spec.sample_rate_hz) / kQuantumFrames;
        block_quanta_ = quanta < 1 ? 1 : quanta;
    }
    void reset() { state_ = State{}; }

    // One quantum's level. True at the end of a block of 100 ms, when the floor may have moved.
    bool listen(float level) {
        State& s = state_;
        s.sum += level;
        if (++s.quanta < block_quanta_) return false;
        s.means[s.blocks % kMeanBlocks] = s.sum / (float)s.quanta;
        s.sum = 0.0f;
        s.quanta = 0;
        float& lowest = s.minima[s.blocks / kSpanBlocks % kSpans];
        if (s.blocks % kSpanBlocks == 0) lowest = kNoMinimum;
        if (++s.blocks >= kMeanBlocks) {
            const float mean = ((s.means[0] + s.means[1]) + (s.means[2] + s.means[3])) * (1.0f / kMeanBlocks);
            lowest = mean < lowest ? mean : lowest;
        }
        return true;
    }

    // Two seconds of history are the least to judge by.
    bool known() const { return state_.blocks >= kLeastBlocks; }

    double level_db() const {
        float lowest = kNoMinimum;
        const uint32_t begun = (state_.blocks + kSpanBlocks - 1) / kSpanBlocks;
        for (uint32_t i = 0; i < kSpans && i < begun; ++i) {
            lowest = state_.minima[i] < lowest ? state_.minima[i] : lowest;
        }
        return db_from_amplitude((double)lowest, kSilenceDb);
    }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
    }

private:
    static constexpr double kBlockMs = 100.0;
    static constexpr uint32_t kMeanBlocks = 4;
    static constexpr uint32_t kLeastBlocks = 20;
    // The minima of nine spans of one second: between eight and nine seconds.
    static constexpr uint32_t kSpanBlocks = 10;
    static constexpr uint32_t kSpans = 9;
    // Above any level that the input's guard lets through.
    static constexpr float kNoMinimum = 1e3f;
    static constexpr double kSilenceDb = -200.0;

    struct State {
        float sum = 0.0f;
        uint32_t quanta = 0;
        // Blocks heard.
        uint32_t blocks = 0;
        float means[kMeanBlocks] = {};
        float minima[kSpans] = {};
    };

    State state_;
    uint32_t block_quanta_ = 1;
};

}  // namespace aim
