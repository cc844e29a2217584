// What the leveler hears: K-weighted energy and the shape of the spectrum, hop by hop of about 100 ms.
//
// From 44.1 kHz on every second frame is enough, without a filter before it: energy stays what it was when what lies above
// half of the rate folds down, and the weighting makes no difference between where it was and where it comes to lie, but for
// the topmost 2 kHz. Recordings read 0.01 dB apart, a hop with a sibilant at its edge 1 dB. Tones within 5 Hz of a quarter of
// the sample rate are heard too loud or not at all.
#pragma once

#include "base/section_octets.h"

namespace aim {

// Samples are scaled by this before they are squared, 2^20: the squares of dust would be denormal.
inline constexpr float kSquaringScale = 1048576.0f;
// Takes it out of a sum of squares again.
inline constexpr double kUnscaledSquare = 1.0 / ((double)kSquaringScale * (double)kSquaringScale);

// One stretch of the signal, or several added up.
struct Heard {
    // K-weighted mean square, summed over the channels.
    double energy = 0.0;
    // The same without weighting.
    double squares = 0.0;
    // Autocorrelation of the K-weighted signal (mixed to mono) at 0, 1/16 ms and 1/8 ms.
    double correlation[3] = {};

    Heard times(double factor) const;
    void add(const Heard& other);
    // What a linear predictor of second order leaves of the power, 0 to 1: a cheap stand-in for spectral flatness.
    // White noise 1, pink 0.9, applause 0.7; speech 0.03 and music 0.05 in the median; distorted guitars 0.6.
    double flatness() const;
    // The power that weighting leaves, relative to that without: pink noise 1.3, white 2.2; applause, which has no bass, 1.5 to
    // 2.2; music from 0.6 to 1.4.
    double tilt() const { return squares > 0.0 ? energy / squares : 0.0; }
};

class LevelerEar {
public:
    void prepare(const Spec& spec);
    void reset() { state_ = State{}; }

    // Frames from `at` on.
    void add(const float* const* channels, uint32_t at, uint32_t quanta);
    // What was heard since the last call.
    Heard take(uint32_t frames);

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
    }

private:
    // Three times the longest lag, which is 6 frames at 96 kHz.
    static constexpr uint32_t kHistory = 24;
    static constexpr int kLags = 4;

    struct State {
        SectionPairState weighting = {};
        // Eight partial sums each; of the squares four per channel.
        float weighted_squares[8] = {};
        float squares[8] = {};
        float products[kLags][8] = {};
        // The last samples of the weighted mono mix.
        float history[kHistory] = {};
    };

    void add_run(const float* first, const float* second, uint32_t quanta);
    template <int octets_of_quantum, class Source>
    void weigh(Source source, uint32_t quanta, float* mix);
    double over_channels(const float (&sums)[8]) const;

    State state_;
    Spec spec_;
    // Whether it hears every second frame only.
    bool halves_ = false;
    // In frames that it hears. Half-way `between` two of them lies 1/16 ms at the usual sample rates.
    uint32_t lag_ = 1;
    bool between_ = false;
    SectionOctets<4> weighting_ = {};
};

}  // namespace aim
