// What a change of settings does to the gain of the chain, told ahead while it happens.
//
// The settings glide along a curve that is known, from 0 to 1; what is not known is how many dB lie at its end, and how
// bent the way is: compressors and limiters do not go in a straight line. Each hop gives one look, dulled by what the
// programme itself does to the gain. A parabola through the looks, with a prior for where it ends (ridge
// regression), weighs the one against the other; old looks fade while the settings move.
#pragma once

#include "engine/glide.h"

namespace aim {

class ChainChange {
public:
    void reset() { state_ = State{}; }

    // In quanta. One that is still on its way goes on from where it is.
    void begin(uint32_t wait, uint32_t length) {
        if (watched()) {
            state_.from_db = gain_db(progress(0));
            expect(0.0, kExpectedVariance);
        }
        state_.glide.begin(wait, length);
        for (double& sum : state_.sums) sum = 0.0;
        state_.before = 0.0;
        state_.settled_hops = 0;
        state_.waiting = watched() ? 0 : 1;
    }
    void advance(uint32_t quanta) {
        if (state_.glide.runs()) state_.glide.advance(quanta);
    }
    // Begun, and not a step from there yet.
    bool begins() const { return state_.glide.runs() && state_.glide.done == 0; }
    bool runs() const { return state_.glide.runs(); }
    uint32_t length() const { return state_.glide.length; }
    double progress(uint32_t quanta_later) const { return state_.glide.at(quanta_later); }

    // Whether it needs to be told where the chain stood: after it began, before it is watched.
    bool waits() const { return state_.waiting != 0; }
    bool has_moved() const { return progress(0) > 0.0; }
    void forget() { state_.waiting = state_.watched = 0; }
    // `variance` is the programme's own, of one hop, in dB^2; `weighting` turns the source's loudness ahead of the chain into
    // that where the leveler stands, as the chain was.
    void watch_from(double gain_db, double variance, double weighting) {
        state_.waiting = 0;
        state_.watched = 1;
        state_.from_db = gain_db;
        state_.variance = variance > kLeastVariance ? variance : kLeastVariance;
        state_.weighting = weighting;
        expect(0.0, kExpectedVariance);
    }
    // Where it ends can be told by more than where it began.
    void foresee(double gain_db) { expect(gain_db - state_.from_db, kForeseenVariance); }
    bool watched() const { return state_.watched != 0; }
    // Whether the source has to be heard ahead of the chain.
    bool listens() const { return waits() || watched(); }
    double weighting() const { return state_.weighting; }

    // A hop of programme; `weight` is its share, 1 on average.
    void look(double gain_db, double weight) {
        const double now = progress(0);
        const double middle = 0.5 * (state_.before + now);
        state_.before = now;
        if (state_.glide.runs()) {
            for (double& sum : state_.sums) sum *= kFading;
        } else {
            ++state_.settled_hops;
        }
        const double bend = middle * (1.0 - middle);
        const double seen_db = gain_db - state_.from_db - middle * state_.expected_db;
        state_.sums[0] += weight * middle * middle;
        state_.sums[1] += weight * middle * bend;
        state_.sums[2] += weight * bend * bend;
        state_.sums[3] += weight * middle * seen_db;
        state_.sums[4] += weight * bend * seen_db;
    }
    // Hops of programme since it arrived.
    uint32_t settled_hops() const { return state_.settled_hops; }

    double gain_db(double progress) const {
        const double* s = state_.sums;
        const double a = s[0] + state_.prior;
        const double c = s[2] + state_.prior;
        const double determinant = a * c - s[1] * s[1];
        const double end_db = (s[3] * c - s[4] * s[1]) / determinant;
        const double bend_db = (s[4] * a - s[3] * s[1]) / determinant;
        return state_.from_db + progress * (state_.expected_db + end_db + (1.0 - progress) * bend_db);
    }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
    }

private:
    void expect(double moved_db, double variance) {
        state_.expected_db = moved_db;
        state_.prior = state_.variance / variance;
    }

    static constexpr double kLeastVariance = 0.01;
    // Between two profiles the gain moves by some 5 dB.
    static constexpr double kExpectedVariance = 25.0;
    // Those that can be foreseen are off by some 2 dB.
    static constexpr double kForeseenVariance = 4.0;
    static constexpr double kFading = 0.6;

    struct State {
        Glide glide;
        uint32_t waiting = 0;
        uint32_t watched = 0;
        uint32_t settled_hops = 0;
        double from_db = 0.0;
        // By how much it may be expected to move.
        double expected_db = 0.0;
        double variance = 1.0;
        double prior = 1.0;
        double weighting = 1.0;
        // Over the looks, of the products of progress p, bend p (1 - p) and what was seen.
        double sums[5] = {};
        // Progress at the last look.
        double before = 0.0;
    };

    State state_;
};

}  // namespace aim
