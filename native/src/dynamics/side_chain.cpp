#include "dynamics/side_chain.h"

#include "base/elementary.h"
#include "dynamics/peak_hold.h"

namespace aim {

void SideChain::prepare(const Spec& spec) {
    spec_ = spec;
    rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
}

void SideChain::set_target(float frequency_hz) {
    const bool was_absent = absent();
    state_.amount.target = frequency_hz > 0.0f ? 1.0f : 0.0f;
    if (frequency_hz > 0.0f) state_.log2_frequency_hz.target = (float)log2_f64((double)frequency_hz);
    if (was_absent) {
        // Nobody hears an absent filter move: it comes back where it is wanted.
        state_.log2_frequency_hz.snap(state_.log2_frequency_hz.target);
        derive();
    }
}

void SideChain::reset() {
    state_.amount.snap(state_.amount.target);
    state_.log2_frequency_hz.snap(state_.log2_frequency_hz.target);
    state_.section = SectionState{};
    derive();
}

void SideChain::rest() {
    state_.section = SectionState{};
    if (!settled()) reset();
}

FilterDesign SideChain::design() const {
    return high_pass(exp2_f64((double)state_.log2_frequency_hz.value), (double)state_.amount.value,
                     (double)spec_.sample_rate_hz);
}

void SideChain::derive() {
    if (absent()) {
        state_.section = SectionState{};
        return;
    }
    design_ = design();
    if (settled()) octets_ = make_octets(design_);
}

void SideChain::levels(const float* const* channels, uint32_t at, uint32_t quanta, float* levels) {
    uint32_t q = 0;
    for (; q < quanta && !settled(); ++q) {
        const uint32_t from = at + q * kQuantumFrames;
        float heard[kMaxChannels][kQuantumFrames];
        float* const copies[kMaxChannels] = {heard[0], heard[1]};
        for (uint32_t c = 0; c < spec_.channels; ++c) std::memcpy(heard[c], channels[c] + from, sizeof heard[c]);
        glide(copies);
        linked_magnitude(copies, spec_.channels, 0, kQuantumFrames, levels + q * kQuantumFrames);
    }
    const uint32_t from = at + q * kQuantumFrames;
    const uint32_t left_quanta = quanta - q;
    float* const to = levels + q * kQuantumFrames;
    if (absent()) {
        // A glide has ended in absence.
        linked_magnitude(channels, spec_.channels, from, left_quanta * kQuantumFrames, to);
        return;
    }
    // One channel is heard as both, from the same states.
    const float* const left = channels[0] + from;
    const float* const right = channels[spec_.channels - 1] + from;
    float* const states = state_.section.lanes;
    if (spec_.channels == 1) std::memcpy(states + 2, states, 2 * sizeof(float));
    run_octets(octets_, states, states + 2, left_quanta, side_by_side(left, right),
               [=](size_t i, f32x8, f32x8 y, f32x8) { max(abs(y.low()), abs(y.high())).store(to + i); });
}

void SideChain::glide(float* const* channels) {
    const FilterDesign from = design_;
    state_.amount.tick(rate_);
    state_.log2_frequency_hz.tick(rate_);
    design_ = design();
    run_moving(from, design_, state_.section, channels, spec_.channels, 0);
    if (settled()) derive();
}

}  // namespace aim
