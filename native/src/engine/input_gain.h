// The gain in front of the chain: what is known of a source's level beforehand. At 0 dB it is free and changes nothing.
#pragma once

#include "base/simd.h"
#include "base/smoother.h"

namespace aim {

class InputGain {
public:
    struct Parameters {
        float gain_db = 0.0f;
    };

    void prepare(const Spec& spec) {
        spec_ = spec;
        rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
        set_target(Parameters{});
        reset();
    }

    // Glides there over about 20 ms.
    void set_target(const Parameters& parameters) { state_.gain_db.target = parameters.gain_db; }

    void reset() {
        state_.gain_db.snap(state_.gain_db.target);
        state_.gain = (float)amplitude_from_db((double)state_.gain_db.target);
    }

    void process(float* const* channels, uint32_t quanta) {
        if (state_.gain_db.settled() && state_.gain == 1.0f) return;
        for (uint32_t q = 0; q < quanta; ++q) {
            const float from = state_.gain;
            if (!state_.gain_db.settled()) {
                state_.gain_db.tick(rate_);
                state_.gain = (float)amplitude_from_db((double)state_.gain_db.value);
            }
            apply(channels, q * kQuantumFrames, from);
        }
    }

    uint32_t latency_frames() const { return 0; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
    }

private:
    struct State {
        Smoother gain_db;
        // At the end of the last quantum.
        float gain = 1.0f;
    };

    // One quantum, in a straight line from `from` to the present gain.
    void apply(float* const* channels, uint32_t at, float from) {
        const f32x4 step = f32x4::splat((state_.gain - from) * (1.0f / kQuantumFrames));
        f32x4 index = f32x4::set(1.0f, 2.0f, 3.0f, 4.0f);
        for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
            const f32x4 gain = f32x4::splat(from) + index * step;
            for (uint32_t c = 0; c < spec_.channels; ++c) {
                float* samples = channels[c] + at + i;
                (f32x4::load(samples) * gain).store(samples);
            }
            index += f32x4::splat(4.0f);
        }
    }

    State state_;
    Spec spec_;
    SmoothingRate rate_;
};

}  // namespace aim
