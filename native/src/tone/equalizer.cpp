#include "tone/equalizer.h"

namespace aim {
namespace {

float log2_of(float x) { return (float)log2_f64((double)x); }

}  // namespace

void Equalizer::prepare(const Spec& spec) {
    set_target(Parameters{});
    low_.prepare(spec);
    mid_.prepare(spec);
    high_.prepare(spec);
}

void Equalizer::set_target(const Parameters& target) {
    const bool on = target.enabled;
    low_.set_target({on ? target.low_gain_db : 0.0f, log2_of(target.low_frequency_hz), 0.0f});
    mid_.set_target({on ? target.mid_gain_db : 0.0f, log2_of(target.mid_frequency_hz), log2_of(target.mid_q)});
    high_.set_target({on ? target.high_gain_db : 0.0f, log2_of(target.high_frequency_hz), 0.0f});
}

void Equalizer::reset() {
    low_.reset();
    mid_.reset();
    high_.reset();
}

void Equalizer::process(float* const* channels, uint32_t quanta) {
    // Two go together, three do not.
    if (low_.stands()) {
        Band::process_both(low_, mid_, channels, quanta);
        high_.process(channels, quanta);
    } else {
        low_.process(channels, quanta);
        Band::process_both(mid_, high_, channels, quanta);
    }
}

template <class V>
void Equalizer::process_lockstep(Equalizer* const* streams, LockstepRun<V>& run) {
    constexpr Band Equalizer::*kBands[] = {&Equalizer::low_, &Equalizer::mid_, &Equalizer::high_};
    for (Band Equalizer::*band : kBands) {
        Band* bands[V::kLanes] = {};
        for (uint32_t s = 0; s < run.streams(); ++s) bands[s] = &(streams[s]->*band);
        Band::process_lockstep(bands, run);
    }
}

template void Equalizer::process_lockstep(Equalizer* const*, LockstepRun<StreamLanes>&);

}  // namespace aim
