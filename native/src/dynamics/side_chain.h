// The signal as the compressor's detector hears it: through a second-order Butterworth high-pass, so that a bass drum
// does not turn the whole programme down, or as it is.
#pragma once

#include "base/section_octets.h"
#include "base/smoother.h"

namespace aim {

class SideChain {
public:
    void prepare(const Spec& spec);
    // 0 is off. Glides there over about 20 ms; switching is a crossfade.
    void set_target(float frequency_hz);
    void reset();
    // Forgets what it heard; costs next to nothing when there is nothing to forget.
    void rest();
    // The detector hears the signal as it is.
    bool absent() const { return state_.amount.settled() && state_.amount.value == 0.0f; }
    // Linked magnitudes of the filtered signal: quanta * kQuantumFrames frames, at most kMaxRunQuanta quanta.
    void levels(const float* const* channels, uint32_t at, uint32_t quanta, float* levels);

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
        if constexpr (Visitor::kReads) derive();
    }

private:
    struct State {
        // Share of the filter in the signal, 0 to 1.
        Smoother amount;
        Smoother log2_frequency_hz;
        float fill[2] = {};
        SectionState section;
    };

    bool settled() const { return state_.amount.settled() && state_.log2_frequency_hz.settled(); }
    FilterDesign design() const;
    void glide(float* const* channels);
    void derive();

    State state_;
    Spec spec_;
    SmoothingRate rate_;
    // Follow from the state.
    FilterDesign design_;
    SectionOctets<2> octets_;
};

}  // namespace aim
