// The level detector's first half: the largest magnitude of the last few milliseconds.
//
// Holding a peak for about half a period of the lowest tone of interest keeps the gain from following the waveform,
// which is distortion. The window is the present quantum up to the sample plus a number of whole quanta before it, so
// it costs one prefix maximum per quantum whatever its length; its end moves in steps of a quantum, its start is exact.
#pragma once

#include "base/lockstep.h"

#include <cstring>

namespace aim {

class PeakHold {
public:
    static constexpr uint32_t kMaxQuanta = 256;

    void set_window(uint32_t frames) {
        const uint32_t quanta = (frames + kQuantumFrames - 1) / kQuantumFrames;
        window_quanta_ = quanta < 1 ? 1 : quanta > kMaxQuanta ? kMaxQuanta : quanta;
    }

    // As if the level had been this throughout the window.
    void reset(float level = 0.0f) {
        for (uint32_t i = 0; i < window_quanta_; ++i) state_.maxima[i] = level;
    }

    // levels, held: 16 * quanta values >= 0, may be the same array; at most kMaxRunQuanta quanta. Returns the largest
    // of `held`.
    float process(const float* levels, float* held, uint32_t quanta) {
        float* const fresh = state_.maxima + window_quanta_;
        for (uint32_t q = 0; q < quanta; ++q) {
            fresh[q] = running_maximum(levels + q * kQuantumFrames, held + q * kQuantumFrames);
        }
        f32x8 largest = f32x8::zero();
        for (uint32_t q = 0; q < quanta; ++q) {
            const f32x8 before = f32x8::splat(window_maximum(state_.maxima + q));
            for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
                float* to = held + q * kQuantumFrames + i;
                const f32x8 x = max(f32x8::load(to), before);
                largest = max(largest, x);
                x.store(to);
            }
        }
        std::memmove(state_.maxima, state_.maxima + quanta, window_quanta_ * sizeof(float));
        return horizontal_max(largest);
    }

    uint32_t window_quanta() const { return window_quanta_; }

    // The same for whom a quantum's largest level is most often enough. First those of a whole run, kMaxRunQuanta quanta at
    // most, are noted; then each may be asked for; then the run ends.
    void note(uint32_t q, float largest) { state_.maxima[window_quanta_ + q] = largest; }
    // What is held at the end of quantum q; and whether the window before it reaches `least`, which most often the quantum
    // before settles.
    float at_end(uint32_t q) const {
        const float before = window_maximum(state_.maxima + q);
        const float own = state_.maxima[window_quanta_ + q];
        return before > own ? before : own;
    }
    bool reached_before(uint32_t q, float least) const {
        return state_.maxima[window_quanta_ + q - 1] >= least || window_maximum(state_.maxima + q) >= least;
    }
    // All of its levels, as process() holds them.
    void look_into(uint32_t q, const float* levels, float* held) const {
        running_maximum(levels, held);
        const f32x8 before = f32x8::splat(window_maximum(state_.maxima + q));
        for (uint32_t i = 0; i < kQuantumFrames; i += 8) max(f32x8::load(held + i), before).store(held + i);
    }
    void end_run(uint32_t quanta) {
        std::memmove(state_.maxima, state_.maxima + quanta, window_quanta_ * sizeof(float));
    }

    // The same for several streams whose windows are equally long, in two halves: what is held at a frame is the larger
    // of its running maximum, running[i * V::kLanes + s] for frame i of stream s, and of what came before its quantum.
    // level_of(i) is the level at frame i of all of them.
    template <class V, class LevelOf>
    static void process_lockstep(PeakHold* const* streams, uint32_t count, LevelOf&& level_of, float* running,
                                 V* before, uint32_t quanta) {
        const uint32_t window = streams[0]->window_quanta_;
        V maxima[kMaxLockstepWindow + kMaxRunQuanta];
        for (uint32_t q = 0; q < window; ++q) {
            maxima[q] = across<V>(count, [&](uint32_t s) { return streams[s]->state_.maxima[q]; });
        }
        for (uint32_t q = 0; q < quanta; ++q) {
            V largest = V::zero();
            for (uint32_t i = q * kQuantumFrames; i < (q + 1) * kQuantumFrames; ++i) {
                largest = max(level_of(i), largest);
                largest.store(running + i * V::kLanes);
            }
            maxima[window + q] = largest;
            before[q] = maxima[q];
            for (uint32_t i = 1; i < window; ++i) before[q] = max(maxima[q + i], before[q]);
        }
        for (uint32_t q = 0; q < window; ++q) {
            apart(maxima[quanta + q], count, [&](uint32_t s, float x) { streams[s]->state_.maxima[q] = x; });
        }
    }
    // Longer ones do not go in lockstep.
    static constexpr uint32_t kMaxLockstepWindow = 16;

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
    }

private:
    struct State {
        // The maxima of the quanta in the window, oldest first; behind them those of the run at work.
        float maxima[kMaxQuanta + kMaxRunQuanta] = {};
    };

    // Maxima from the start of the quantum on; returns the last.
    static float running_maximum(const float* levels, float* maxima) {
        const f32x4 zero = f32x4::zero();
        f32x4 last = zero;
        for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
            f32x4 x = f32x4::load(levels + i);
            x = max(x, lanes_up_1(x, zero));
            x = max(x, lanes_up_2(x, zero));
            x = max(x, last);
            last = broadcast<3>(x);
            x.store(maxima + i);
        }
        return last.lane(0);
    }

    float window_maximum(const float* window) const {
        if (window_quanta_ < 4) {
            float largest = window[0];
            for (uint32_t i = 1; i < window_quanta_; ++i) largest = window[i] > largest ? window[i] : largest;
            return largest;
        }
        f32x4 largest = f32x4::load(window + window_quanta_ - 4);
        for (uint32_t i = 0; i + 4 <= window_quanta_; i += 4) largest = max(largest, f32x4::load(window + i));
        return horizontal_max(largest);
    }

    State state_;
    uint32_t window_quanta_ = 1;
};

// Largest magnitude over the channels, sample by sample: what linked detection sees. Of eight frames from `at` on.
inline f32x8 linked_magnitude(const float* const* channels, uint32_t channel_count, uint32_t at) {
    const f32x8 level = abs(f32x8::load(channels[0] + at));
    return channel_count == 2 ? max(level, abs(f32x8::load(channels[1] + at))) : level;
}
inline void linked_magnitude(const float* const* channels, uint32_t channel_count, uint32_t at, uint32_t frames,
                             float* levels) {
    for (uint32_t i = 0; i < frames; i += 8) {
        linked_magnitude(channels, channel_count, at + i).store(levels + i);
    }
}

// Multiplies every channel by the same gains.
inline void apply_gains(float* const* channels, uint32_t channel_count, uint32_t at, uint32_t frames,
                        const float* gains) {
    for (uint32_t c = 0; c < channel_count; ++c) {
        float* samples = channels[c] + at;
        for (uint32_t i = 0; i < frames; i += 8) {
            (f32x8::load(samples + i) * f32x8::load(gains + i)).store(samples + i);
        }
    }
}

}  // namespace aim
