// Second-order Butterworth high-pass: takes rumble and DC away in front of the chain.
#pragma once

#include "tone/band.h"

namespace aim {

class HighPass {
public:
    struct Parameters {
        bool enabled = false;
        float frequency_hz = 20.0f;
    };

    void prepare(const Spec& spec);
    // Glides there over about 20 ms; switching is a crossfade with the input. Off costs nothing and changes nothing.
    void set_target(const Parameters& target);
    void reset() { band_.reset(); }
    // In place, quanta * kQuantumFrames frames.
    void process(float* const* channels, uint32_t quanta) { band_.process(channels, quanta); }
    uint32_t latency_frames() const { return 0; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        band_.visit_state(visitor);
    }

private:
    Band band_{BandKind::kHighPass};
};

}  // namespace aim
