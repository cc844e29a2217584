// Sections of several streams in lockstep, each with its own design: run_steady(), a stream in each lane.
#pragma once

#include "base/lockstep.h"
#include "base/section.h"

namespace aim {

// The blocks of several streams, weight by weight.
template <class V>
struct SectionBlocks {
    // Of each output, and of the change of each state: the weights of band state, low state, x0, x1, x2, x3.
    V output[4][6];
    V change[2][6];

    SectionBlocks(const SectionBlock* const* blocks, uint32_t streams) {
        for (int column = 0; column < 6; ++column) {
            alignas(32) float outputs[4][V::kLanes];
            alignas(32) float changes[4][V::kLanes];
            for (uint32_t s = 0; s < V::kLanes; s += 4) {
                const float* from_output[4];
                const float* from_change[4];
                for (uint32_t j = 0; j < 4; ++j) {
                    const SectionBlock* block = blocks[s + j < streams ? s + j : 0];
                    from_output[j] = block->output[column];
                    from_change[j] = block->change[column];
                }
                transpose(from_output, 0, outputs[0] + s, V::kLanes);
                transpose(from_change, 0, changes[0] + s, V::kLanes);
            }
            for (int frame = 0; frame < 4; ++frame) output[frame][column] = V::load(outputs[frame]);
            for (int state = 0; state < 2; ++state) change[state][column] = V::load(changes[state]);
        }
    }
};

// Below -300 dBFS a state is nothing but a denormal to be.
template <class V>
inline void drop_dust(V& band, V& low) {
    const auto heard = max(abs(band), abs(low)) >= V::splat(1e-15f);
    band = keep(heard, band);
    low = keep(heard, low);
}

// One channel of each stream, in place. Mono and stereo differ in the sign of a zero: a section of two channels leaves
// out what the last two inputs contribute to the first two outputs, which is nothing.
template <class V, bool stereo>
inline void run_steady(const SectionBlocks<V>& b, V& band_state, V& low_state, float* samples, uint32_t quanta) {
    constexpr uint32_t kQuantum = kQuantumFrames * V::kLanes;
    V band = band_state;
    V low = low_state;
    for (uint32_t q = 0; q < quanta; ++q) {
        for (uint32_t i = q * kQuantum; i < (q + 1) * kQuantum; i += 4 * V::kLanes) {
            const Quad<V> x = Quad<V>::load(samples + i);
            const auto of_inputs = [&x](const V(&weights)[6]) {
                return (weights[2] * x.frame[0] + weights[3] * x.frame[1]) +
                       (weights[4] * x.frame[2] + weights[5] * x.frame[3]);
            };
            const auto of_states = [&](const V(&weights)[6]) { return weights[0] * band + weights[1] * low; };
            Quad<V> y;
            for (int n = 0; n < 4; ++n) {
                const V(&weights)[6] = b.output[n];
                const V forced =
                    stereo && n < 2 ? weights[2] * x.frame[0] + weights[3] * x.frame[1] : of_inputs(weights);
                y.frame[n] = forced + of_states(weights);
            }
            const V next_band = (band + of_inputs(b.change[0])) + of_states(b.change[0]);
            low = (low + of_inputs(b.change[1])) + of_states(b.change[1]);
            band = next_band;
            y.store(samples + i);
        }
        drop_dust(band, low);
    }
    band_state = band;
    low_state = low;
}

// Filters a run of each stream in place.
template <class V>
inline void run_steady_lockstep(const SectionBlock* const* blocks, SectionState* const* states, LockstepRun<V>& run) {
    const SectionBlocks<V> lanes(blocks, run.streams());
    run.to_lanes();
    for (uint32_t c = 0; c < run.channels(); ++c) {
        V band = across<V>(run.streams(), [&](uint32_t s) { return states[s]->lanes[2 * c]; });
        V low = across<V>(run.streams(), [&](uint32_t s) { return states[s]->lanes[2 * c + 1]; });
        if (run.channels() == 2) {
            run_steady<V, true>(lanes, band, low, run.lanes(c), run.quanta());
        } else {
            run_steady<V, false>(lanes, band, low, run.lanes(c), run.quanta());
        }
        apart(band, run.streams(), [&](uint32_t s, float x) { states[s]->lanes[2 * c] = x; });
        apart(low, run.streams(), [&](uint32_t s, float x) { states[s]->lanes[2 * c + 1] = x; });
    }
}

}  // namespace aim
