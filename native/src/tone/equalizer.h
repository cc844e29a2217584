// Three-band equaliser: low shelf, bell, high shelf.
#pragma once

#include "tone/band.h"

namespace aim {

class Equalizer {
public:
    struct Parameters {
        bool enabled = false;
        float low_frequency_hz = 100.0f;
        float low_gain_db = 0.0f;
        float mid_frequency_hz = 1000.0f;
        float mid_gain_db = 0.0f;
        float mid_q = 0.7f;
        float high_frequency_hz = 10000.0f;
        float high_gain_db = 0.0f;
    };

    void prepare(const Spec& spec);
    // Glides there over about 20 ms. Off is a glide of all gains to 0 dB; a band at rest at 0 dB costs nothing and
    // changes nothing.
    void set_target(const Parameters& target);
    // Silence in the filters, every glide at its end.
    void reset();
    // In place, quanta * kQuantumFrames frames.
    void process(float* const* channels, uint32_t quanta);
    // How its bands go: streams in lockstep are quickest where they are alike.
    uint32_t lockstep_key() const { return low_.lockstep_key() + 4 * mid_.lockstep_key() + 16 * high_.lockstep_key(); }
    // The same as process() for every stream of a run.
    template <class V>
    static void process_lockstep(Equalizer* const* streams, LockstepRun<V>& run);
    uint32_t latency_frames() const { return 0; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        low_.visit_state(visitor);
        mid_.visit_state(visitor);
        high_.visit_state(visitor);
    }

private:
    Band low_{BandKind::kLowShelf};
    Band mid_{BandKind::kBell};
    Band high_{BandKind::kHighShelf};
};

}  // namespace aim
