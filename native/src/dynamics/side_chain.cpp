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
    if (settled()) block_ = make_block(design_);
}

void SideChain::levels(const float* const* channels, uint32_t at, uint32_t quanta, float* levels) {
    if (settled() && !absent() && spec_.channels == 2) {
        linked_magnitude_steady(block_, state_.section, channels[0] + at, channels[1] + at, quanta, levels);
        return;
    }
    const uint32_t frames = quanta * kQuantumFrames;
    float heard[kMaxChannels][kMaxRunFrames];
    float* const copies[kMaxChannels] = {heard[0], heard[1]};
    for (uint32_t c = 0; c < spec_.channels; ++c) std::memcpy(heard[c], channels[c] + at, frames * sizeof(float));
    uint32_t q = 0;
    for (; q < quanta && !settled(); ++q) glide(copies, q * kQuantumFrames);
    // A glide may have ended in absence.
    if (!absent()) run_steady(block_, state_.section, copies, spec_.channels, q * kQuantumFrames, quanta - q);
    linked_magnitude(copies, spec_.channels, 0, frames, levels);
}

void SideChain::glide(float* const* channels, uint32_t offset_frames) {
    const FilterDesign from = design_;
    state_.amount.tick(rate_);
    state_.log2_frequency_hz.tick(rate_);
    design_ = design();
    run_moving(from, design_, state_.section, channels, spec_.channels, offset_frames);
    if (settled()) derive();
}

}  // namespace aim
