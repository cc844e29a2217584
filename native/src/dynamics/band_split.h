// Takes a signal apart at a frequency, so that what lies above can be heard alone, turned down, and put together again.
//
// A Butterworth filter of second order, as the trapezoidal state-variable filter of V. Zavalishin ("The Art of VA
// Filter Design"), yields three parts that sum to the input: low, side = sqrt(2) s / D and high = s^2 / D. Then
//
//     input - (1 - h) (side + (1 + h) high),   h = sqrt(g)
//
// has the numerator 1 + sqrt(2) (h s) + (h s)^2: a shelf of minimum phase whose magnitude falls steadily from 1 to g,
// (1 + g^2 w^4) / (1 + w^4) in power. Turning the high part down alone would lift the octave around the split, where
// the parts stand at right angles. A gain of 1 leaves the input as it is, bit for bit.
//
// The same filter once more behind the high part makes the steep part, by which the band is measured.
#pragma once

#include "base/simd.h"
#include "base/spec.h"

namespace aim {

struct BandSplitState {
    // Band and low integrator of the first filter, then of the second.
    alignas(16) float lanes[4] = {};
};

// tan(pi f / rate), the filter's own measure of frequency; at most 0.45 of the rate.
double split_tangent(double frequency_hz, double sample_rate_hz);

// Four frames at a time: parts and change of state as weighted sums of the states and the four inputs.
struct BandSplitBlock {
    alignas(16) float side[6][4] = {};
    alignas(16) float high[6][4] = {};
    alignas(16) float steep[8][4] = {};
    alignas(16) float change[8][4] = {};

    static BandSplitBlock at(double tangent);
};

// One quantum apart: what is turned down.
struct BandParts {
    alignas(16) float side[kQuantumFrames];
    alignas(16) float high[kQuantumFrames];
};

// The states at every fourth frame of a quantum: the parts follow from them, and are not made while nobody needs them.
struct BandSplitTrace {
    alignas(16) float states[kQuantumFrames];
};

// Both filter one quantum and return the mean square of its steep part.
float split_steady(const BandSplitBlock& block, BandSplitState& state, const float* samples, BandSplitTrace& trace);
// The tangent gliding in a straight line.
float split_moving(double from, double to, BandSplitState& state, const float* samples, BandParts& parts);

void make_parts(const BandSplitBlock& block, const BandSplitTrace& trace, const float* samples, BandParts& parts);

// The shelf above: one quantum turned down, in octaves of amplitude, along a straight line that arrives with the last
// frame.
void lower_upper_parts(const BandParts& parts, float from, float to, float* samples);

}  // namespace aim
