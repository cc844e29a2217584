// Crossfade between the processed signal and the input delayed by the same latency.
#pragma once

#include "base/ring.h"
#include "base/smoother.h"

namespace aim {

class Bypass {
public:
    void prepare(const Spec& spec, uint32_t max_delay_frames, Arena& arena) {
        spec_ = spec;
        rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
        for (uint32_t c = 0; c < spec.channels; ++c) dry_[c].prepare(max_delay_frames, arena);
    }

    void set_delay(uint32_t delay_frames) { delay_frames_ = delay_frames; }
    void set_target(bool bypassed) { state_.amount.target = bypassed ? 1.0f : 0.0f; }

    void reset(uint32_t delay_frames) {
        const float target = state_.amount.target;
        state_ = State{};
        state_.amount.snap(target);
        set_delay(delay_frames);
        for (uint32_t c = 0; c < spec_.channels; ++c) dry_[c].clear();
    }

    // Before the stages: remembers the input of a run. After them, crossfade() for the same run.
    void remember(const float* const* channels, uint32_t quanta) {
        for (uint32_t c = 0; c < spec_.channels; ++c) dry_[c].write_run(state_.quantum, channels[c], quanta);
    }

    void crossfade(float* const* channels, uint32_t quanta) {
        if (state_.amount.settled() && state_.amount.value == 0.0f) {
            state_.quantum += quanta;
            return;
        }
        for (uint32_t q = 0; q < quanta; ++q) {
            state_.amount.tick(rate_);
            mix(channels, q * kQuantumFrames, state_.amount.previous, state_.amount.value);
            ++state_.quantum;
        }
    }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
        for (uint32_t c = 0; c < spec_.channels; ++c) dry_[c].visit_state(visitor);
    }

private:
    struct State {
        Smoother amount;
        uint32_t quantum = 0;
    };

    void mix(float* const* channels, uint32_t at, float from, float to) {
        const f32x4 step = f32x4::splat((to - from) * (1.0f / kQuantumFrames));
        for (uint32_t c = 0; c < spec_.channels; ++c) {
            const float* dry = dry_[c].read(state_.quantum, delay_frames_);
            f32x4 index = f32x4::set(1.0f, 2.0f, 3.0f, 4.0f);
            for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
                float* samples = channels[c] + at + i;
                const f32x4 d = f32x4::load(dry + i);
                const f32x4 wet = f32x4::load(samples);
                const f32x4 amount = f32x4::splat(from) + index * step;
                // Settled bypass is the input itself, not a sum that rounds to it.
                (from == 1.0f && to == 1.0f ? d : wet + amount * (d - wet)).store(samples);
                index += f32x4::splat(4.0f);
            }
        }
    }

    State state_;
    QuantumRing<float> dry_[kMaxChannels];
    Spec spec_;
    SmoothingRate rate_;
    uint32_t delay_frames_ = 0;
};

}  // namespace aim
