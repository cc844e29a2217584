// One second-order section: trapezoidal (topology-preserving) state-variable filter after V. Zavalishin, "The Art of VA
// Filter Design". Its states stay meaningful while the parameters move, and its noise is low at low frequencies.
//
// Three ways to run share the same state: `run_steady` yields four frames per step from a precomputed block state space,
// `run_octets` (base/section_octets.h) eight, `run_moving` glides from one design to another sample by sample.
#pragma once

#include <cstdint>

#include "base/f32x8.h"
#include "base/spec.h"

namespace aim {

// A trapezoidal state-variable filter: output = input_mix * x + band_mix * band-pass + low_mix * low-pass, where
// band-pass = s / (1 + k s + s^2) and low-pass = 1 / (1 + k s + s^2).
struct FilterDesign {
    double g = 0.0;
    double k = 0.0;
    double input_mix = 1.0;
    double band_mix = 0.0;
    double low_mix = 0.0;
};

// Butterworth high-pass of second order, blended with its input: wet 1 is the filter, 0 the input. Bilinear with the
// corner in place: exact at 0 Hz, at the corner and towards the top, which is where a high-pass has to be right.
FilterDesign high_pass(double frequency_hz, double wet, double sample_rate_hz);

// The section with the transfer function (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2), its poles inside the unit
// circle.
FilterDesign section_of(double b0, double b1, double b2, double a1, double a2);

// A section that runs sample by sample in double, to see what its states and inputs do. The states as start + change:
// the change is never the difference of two nearly equal numbers.
struct SectionProbe {
    double start[2] = {};
    double change[2] = {};

    double run(const FilterDesign& design, double x);
};

struct SectionState {
    // Band state and low state of the first channel, then of the second.
    alignas(16) float lanes[2 * kMaxChannels] = {};
};

// Four frames at once: outputs and change of state as weighted sums of the two states and the four inputs.
struct SectionBlock {
    // Weight of (band state, low state, x0, x1, x2, x3) in each of the four outputs.
    alignas(16) float output[6][4] = {};
    // Weight of the same in the change of (band state, low state), the pair twice: once per channel. The change, not the
    // new value: so the weights of a low filter, which lie next to 1, keep all their digits.
    alignas(16) float change[6][4] = {};
};

SectionBlock make_block(const FilterDesign& design);

// Below -300 dBFS a state is nothing but a denormal to be. A section's two states, which lie beside each other, go
// together: one alone would be filled again from the other, and taken away again, for ever.
inline f32x4 without_dust(f32x4 states) {
    const f32x4 size = abs(states);
    return keep(max(size, shuffle<1, 0, 3, 2>(size, size)) >= f32x4::splat(1e-15f), states);
}
inline f32x8 without_dust(f32x8 states) {
    const f32x8 size = abs(states);
    return keep(max(size, shuffle_halves<1, 0, 3, 2>(size, size)) >= f32x8::splat(1e-15f), states);
}

// Filter some quanta of each channel in place.
void run_steady(const SectionBlock& block, SectionState& state, float* const* channels, uint32_t channel_count,
                uint32_t offset_frames, uint32_t quanta = 1);
// Two sections in a row, two channels, in place: the bits of one after the other, in one pass.
void run_cascade_steady(const SectionBlock& first, const SectionBlock& second, SectionState& first_state,
                        SectionState& second_state, float* left, float* right, uint32_t quanta);
// The design glides from `from` to `to`, in a straight line that arrives with the last frame.
void run_moving(const FilterDesign& from, const FilterDesign& to, SectionState& state, float* const* channels,
                uint32_t channel_count, uint32_t offset_frames);

}  // namespace aim
