// Several streams side by side: their samples in lanes, and what a stage needs to gather its numbers there.
#pragma once

#include "base/quad.h"
#include "base/spec.h"

namespace aim {

// A number of each stream. Lanes without a stream go along with the first.
template <class V, class NumberOf>
inline V across(uint32_t streams, NumberOf&& number_of) {
    alignas(32) float numbers[V::kLanes];
    for (uint32_t s = 0; s < V::kLanes; ++s) numbers[s] = number_of(s < streams ? s : 0);
    return V::load(numbers);
}

// The way back: take(s, number) for each stream.
template <class V, class Take>
inline void apart(V lanes, uint32_t streams, Take&& take) {
    alignas(32) float numbers[V::kLanes];
    lanes.store(numbers);
    for (uint32_t s = 0; s < streams; ++s) take(s, numbers[s]);
}

// Four numbers of four streams: rows become columns.
inline void transpose(const float* const* from, uint32_t at, float* to_0, float* to_1, float* to_2, float* to_3) {
    const f32x4 a = f32x4::load(from[0] + at);
    const f32x4 b = f32x4::load(from[1] + at);
    const f32x4 c = f32x4::load(from[2] + at);
    const f32x4 d = f32x4::load(from[3] + at);
    const f32x4 ab_low = shuffle<0, 4, 1, 5>(a, b);
    const f32x4 ab_high = shuffle<2, 6, 3, 7>(a, b);
    const f32x4 cd_low = shuffle<0, 4, 1, 5>(c, d);
    const f32x4 cd_high = shuffle<2, 6, 3, 7>(c, d);
    shuffle<0, 1, 4, 5>(ab_low, cd_low).store(to_0);
    shuffle<2, 3, 6, 7>(ab_low, cd_low).store(to_1);
    shuffle<0, 1, 4, 5>(ab_high, cd_high).store(to_2);
    shuffle<2, 3, 6, 7>(ab_high, cd_high).store(to_3);
}
// The columns lie a step apart.
inline void transpose(const float* const* from, uint32_t at, float* to, uint32_t step) {
    transpose(from, at, to, to + step, to + 2 * step, to + 3 * step);
}

// A run of several streams, each with its samples where it keeps them, or all of them in lanes. Stages ask for the form
// that they need; the way over is taken only when the form changes.
template <class V>
class LockstepRun {
public:
    LockstepRun(uint32_t streams, uint32_t channels, uint32_t quanta)
        : streams_(streams), channels_(channels), quanta_(quanta) {}

    // Stream s has channel c at samples[s][c].
    void set_samples(uint32_t stream, float* const* channels) {
        for (uint32_t c = 0; c < channels_; ++c) samples_[c][stream] = channels[c];
    }

    uint32_t streams() const { return streams_; }
    uint32_t channels() const { return channels_; }
    uint32_t quanta() const { return quanta_; }

    // Frame i of stream s is lanes(c)[i * V::kLanes + s].
    float* lanes(uint32_t channel) { return lanes_[channel]; }

    void to_lanes() {
        if (in_lanes_) return;
        in_lanes_ = true;
        for (uint32_t c = 0; c < channels_; ++c) {
            const float* from[V::kLanes];
            for (uint32_t s = 0; s < V::kLanes; ++s) from[s] = samples_[c][s < streams_ ? s : 0];
            for (uint32_t i = 0; i < quanta_ * kQuantumFrames; i += 4) {
                for (uint32_t s = 0; s < V::kLanes; s += 4) {
                    transpose(from + s, i, lanes_[c] + i * V::kLanes + s, V::kLanes);
                }
            }
        }
    }

    void to_samples() {
        if (!in_lanes_) return;
        in_lanes_ = false;
        for (uint32_t c = 0; c < channels_; ++c) {
            for (uint32_t i = 0; i < quanta_ * kQuantumFrames; i += 4) {
                for (uint32_t s = 0; s < streams_; s += 4) {
                    const float* const row = lanes_[c] + i * V::kLanes + s;
                    const float* const from[4] = {row, row + V::kLanes, row + 2 * V::kLanes, row + 3 * V::kLanes};
                    // Lanes without a stream have nowhere to go.
                    float nowhere[4];
                    float* to[4];
                    for (uint32_t j = 0; j < 4; ++j) to[j] = s + j < streams_ ? samples_[c][s + j] + i : nowhere;
                    transpose(from, 0, to[0], to[1], to[2], to[3]);
                }
            }
        }
    }

    // One stream after the other: process(s, channels, quanta).
    template <class Process>
    void each_alone(Process&& process) {
        to_samples();
        for (uint32_t s = 0; s < streams_; ++s) {
            float* const channels[kMaxChannels] = {samples_[0][s], samples_[channels_ - 1][s]};
            process(s, channels, quanta_);
        }
    }

private:
    uint32_t streams_;
    uint32_t channels_;
    uint32_t quanta_;
    bool in_lanes_ = false;
    float* samples_[kMaxChannels][V::kLanes];
    alignas(32) float lanes_[kMaxChannels][kMaxRunFrames * V::kLanes];
};

}  // namespace aim
