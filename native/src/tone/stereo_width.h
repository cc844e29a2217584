// Stereo width: the side signal gains above one frequency and goes away below another; the middle is not touched, so
// the mono fold-down stays what it was. A guard takes widening back where left and right would come apart.
//
//   side -> high-pass at the lower frequency + (width - 1) high-pass at the upper one
//
// Both hear the side as it comes, so that one pass runs both.
#pragma once

#include "tone/band.h"

namespace aim {

class StereoWidth {
public:
    struct Parameters {
        bool enabled = false;
        float width = 1.0f;
        float width_above_hz = 300.0f;
        // 0 is off.
        float mono_below_hz = 0.0f;
    };

    void prepare(const Spec& spec);
    // Glides there over about 20 ms; a widening comes as fast as the guard lets it.
    void set_target(const Parameters& parameters);
    // Widening starts from 1: what follows has not been measured yet.
    void reset();
    // One channel has no width: nothing happens.
    void process(float* const* channels, uint32_t quanta);
    uint32_t latency_frames() const { return 0; }
    // The width at work, after the guard.
    float width() const { return state_.gain.value; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
        mono_.visit_state(visitor);
        above_.visit_state(visitor);
    }

private:
    // Running energies of the middle, of the side, of the side and what is widened together, of the latter alone.
    enum { kMiddle, kSide, kSideByUpper, kUpper, kEnergies };
    struct Energies {
        float of[kEnergies] = {};

        void follow(f32x4 now, float step);
    };

    struct State {
        float width = 1.0f;
        float above_log2_hz = 0.0f;
        float mono_log2_hz = 0.0f;
        // 1 while the lows are made mono; ends when the band has faded out.
        Smoother mono;
        // What the guard grants: `width` or less, moving at the guard's pace.
        float granted = 1.0f;
        Smoother gain;
        uint32_t widening = 0;
        uint32_t quanta_unheard = 0;
        uint32_t quanta_widened = 0;
        Energies energies;
        Energies long_energies;
    };

    bool wants_widening() const { return !(state_.width == 1.0f && state_.granted == 1.0f && state_.gain.settled()); }
    void start_widening();
    void stop_widening();
    bool steady() const;
    void process_run(float* left, float* right, uint32_t quanta);
    void split_side(const float* left, const float* right, uint32_t quanta, float* side, float* upper);
    void measure(const float* left, const float* right, const float* side, const float* upper);
    float safe_width(const Energies& energies) const;
    float grant();
    bool swings_in();

    State state_;
    Band mono_{BandKind::kHighPass};
    Band above_{BandKind::kHighPass};
    Spec spec_;
    SmoothingRate rate_;
    // Of both bands while they stand, and what it was made for. No part of the state.
    SectionOctets<2> octets_;
    BandSettings octets_for_[2];
    float energy_step_ = 1.0f;
    float long_energy_step_ = 1.0f;
    float fall_ = 1.0f;
    float rise_ = 1.0f;
};

}  // namespace aim
