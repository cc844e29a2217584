// The level detector's first half: the largest magnitude of the last few milliseconds.
//
// Holding a peak for about half a period of the lowest tone of interest keeps the gain from following the waveform,
// which is distortion. The window is the present quantum up to the sample plus a number of whole quanta before it, so
// it costs one prefix maximum per quantum whatever its length; its end moves in steps of a quantum, its start is exact.
#pragma once

#include "base/simd.h"
#include "base/spec.h"

namespace aim {

class PeakHold {
public:
    static constexpr uint32_t kMaxQuanta = 256;

    void set_window(uint32_t frames) {
        const uint32_t quanta = (frames + kQuantumFrames - 1) / kQuantumFrames;
        window_quanta_ = quanta < 1 ? 1 : quanta > kMaxQuanta ? kMaxQuanta : quanta;
    }

    void reset() { state_ = State{}; }

    // levels, held: 16 values >= 0; may be the same array.
    void process(const float* levels, float* held) {
        const f32x4 zero = f32x4::zero();
        f32x4 running = f32x4::splat(state_.window_maximum);
        f32x4 within = zero;
        for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
            f32x4 x = f32x4::load(levels + i);
            x = max(x, lanes_up_1(x, zero));
            x = max(x, lanes_up_2(x, zero));
            x = max(x, within);
            within = broadcast<3>(x);
            max(x, running).store(held + i);
        }
        push(within.lane(0));
    }

    // Largest value held, that of the present window.
    float window_maximum() const { return state_.window_maximum; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
    }

private:
    struct State {
        uint32_t next = 0;
        float window_maximum = 0.0f;
        // Each maximum stands twice, kMaxQuanta apart, so the window is always one run of memory.
        float maxima[2 * kMaxQuanta] = {};
    };

    void push(float maximum) {
        const uint32_t at = state_.next % kMaxQuanta;
        state_.maxima[at] = maximum;
        state_.maxima[at + kMaxQuanta] = maximum;
        state_.next = at + 1;
        const float* window = state_.maxima + at + kMaxQuanta + 1 - window_quanta_;
        if (window_quanta_ < 4) {
            float largest = window[0];
            for (uint32_t i = 1; i < window_quanta_; ++i) largest = window[i] > largest ? window[i] : largest;
            state_.window_maximum = largest;
            return;
        }
        f32x4 largest = f32x4::load(window + window_quanta_ - 4);
        for (uint32_t i = 0; i + 4 <= window_quanta_; i += 4) largest = max(largest, f32x4::load(window + i));
        state_.window_maximum = horizontal_max(largest);
    }

    State state_;
    uint32_t window_quanta_ = 1;
};

// Largest magnitude over the channels, sample by sample: what linked detection sees.
inline void linked_magnitude(const float* const* channels, uint32_t channel_count, uint32_t at, float* levels) {
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        f32x4 level = abs(f32x4::load(channels[0] + at + i));
        if (channel_count == 2) level = max(level, abs(f32x4::load(channels[1] + at + i)));
        level.store(levels + i);
    }
}

}  // namespace aim
