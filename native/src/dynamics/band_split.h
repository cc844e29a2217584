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
// The same filter twice makes the steep part, by which the band is measured. From 44.1 kHz on it hears every second frame: what
// lies above half of the rate folds down into the band, where it counts as it is, but for what would fold below the split.
#pragma once

#include "base/ramp.h"
#include "base/section_octets.h"

namespace aim {

// tan(pi f / rate), the filter's own measure of frequency; at most 0.45 of the rate.
double split_tangent(double frequency_hz, double sample_rate_hz);

// Eight frames at a time.
struct BandSplitBlock {
    // Both filters, at the rate that they hear.
    SectionOctets<4> steep;
    // Weights of the first one's two states and of x0 to x7, as far as they count: in the first four frames of the side part
    // and of the high part, in their last four, in the change of the states. Twice, for both channels.
    alignas(16) float early_side[6][8] = {};
    alignas(16) float early_high[6][8] = {};
    alignas(16) float late_side[10][8] = {};
    alignas(16) float late_high[10][8] = {};
    alignas(16) float change[10][8] = {};

    static BandSplitBlock at(double frequency_hz, uint32_t sample_rate_hz);
};

// One quantum apart: what is turned down.
struct BandParts {
    alignas(16) float side[kQuantumFrames];
    alignas(16) float high[kQuantumFrames];
};

// Mean squares over a quantum: of the signal, and of its steep part; of the channel where each is stronger.
struct BandPower {
    float whole;
    float band;
};

// The band's mean power of the last moments, and the same with a slow fall.
struct BandFollower {
    // Per quantum: how much of the new comes in, what is left of the mean, what is left of the fall.
    float rise = 1.0f;
    float left = 0.0f;
    float fall = 0.0f;
    float present = 0.0f;
    float held = 0.0f;

    void follow(float power);
};

// Of each quantum of a run.
struct BandTrace {
    // What the steep filter's states are before it.
    alignas(32) float states[kMaxRunQuanta][kMaxChannels][4];
    float whole[kMaxRunQuanta];
    alignas(32) float present[kRunRoomQuanta] = {};
    alignas(32) float held[kRunRoomQuanta] = {};
};

// Quanta in a row. One channel is given as both.
void split_steady(const BandSplitBlock& block, bool halves, SectionPairState& state, const float* left,
                  const float* right, uint32_t quanta, BandFollower& follower, BandTrace& trace);
// One quantum of one channel, the tangent gliding in a straight line.
BandPower split_moving(double from, double to, SectionPairState& state, uint32_t channel, const float* samples,
                       BandParts& parts);

// One quantum turned down by the shelf above, given the root of its gain, and the states of its filter. One channel is given as
// both.
void lower_upper_parts(const BandSplitBlock& block, SectionState& state, const Ramp& root, float* left, float* right);
// The same of one channel, its parts being known.
void lower_upper_parts(const BandParts& parts, const Ramp& root, float* samples);

}  // namespace aim
