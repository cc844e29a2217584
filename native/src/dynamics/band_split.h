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

#include "base/ramp.h"
#include "base/section_octets.h"

namespace aim {

// tan(pi f / rate), the filter's own measure of frequency; at most 0.45 of the rate.
double split_tangent(double frequency_hz, double sample_rate_hz);

// Eight frames at a time: both filters, and the parts as weighted sums of the first one's two states and the inputs.
struct BandSplitBlock {
    SectionOctets<4> filters;
    // The first four frames of the side part and of the high part; the last four.
    alignas(16) float early_parts[6][8] = {};
    alignas(16) float late_parts[10][8] = {};

    static BandSplitBlock at(double tangent);
};

// One quantum apart: what is turned down.
struct BandParts {
    alignas(16) float side[kQuantumFrames];
    alignas(16) float high[kQuantumFrames];
};

// The states at every eighth frame of a quantum, of each channel: the parts follow from them, and are not made while nobody
// needs them.
struct BandSplitTrace {
    alignas(16) float states[kQuantumFrames / 8][kMaxChannels][4];
};

// Mean squares over a quantum: of the signal, and of its steep part; of the channel where each is stronger.
struct BandPower {
    float whole;
    float band;
};

// Quanta in a row, one trace and one power each. One channel is given as both.
void split_steady(const BandSplitBlock& block, SectionPairState& state, const float* left, const float* right,
                  uint32_t quanta, BandSplitTrace* traces, BandPower* powers);
// One quantum of one channel, the tangent gliding in a straight line.
BandPower split_moving(double from, double to, SectionPairState& state, uint32_t channel, const float* samples,
                       BandParts& parts);

void make_parts(const BandSplitBlock& block, const BandSplitTrace& trace, uint32_t channel, const float* samples,
                BandParts& parts);

// One quantum turned down by the shelf above, given the root of its gain.
void lower_upper_parts(const BandParts& parts, const Ramp& root, float* samples);

}  // namespace aim
