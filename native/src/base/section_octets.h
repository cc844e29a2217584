// Sections that stand still, eight frames per step, for two signals side by side: a channel in each half of the lanes, or one
// channel for two filters.
//
// A step waits for the states of the step before and for nothing else: eight frames make it wait half as often as four do
// (base/section.h), with as many multiplications. Two sections in a row wait no longer than one; their four states fill the
// four lanes.
#pragma once

#include "base/section.h"

namespace aim {

// Weights of the states (band state and low state of each section), then of x0 to x7, as far as they count; in each half those
// of its own filter.
template <int states>
struct SectionOctets {
    static_assert(states == 2 || states == 4, "one section or two");

    // In the first four outputs and in the last four.
    alignas(16) float early[states + 4][8] = {};
    alignas(16) float late[states + 8][8] = {};
    // In the change of the states; of a single section twice.
    alignas(16) float change[states + 8][8] = {};
    // The inputs' weights in the change of the first band state and of the first low state once more, four in a row.
    alignas(16) float band_change[2][8] = {};
    alignas(16) float low_change[2][8] = {};
};

// The same in both halves.
SectionOctets<2> make_octets(const FilterDesign& design);
SectionOctets<4> make_octets(const FilterDesign& first, const FilterDesign& second);

// The lower half of the one, the upper half of the other.
template <int states>
SectionOctets<states> beside(const SectionOctets<states>& lower, const SectionOctets<states>& upper);

// Two sections in a row, for two channels.
struct SectionPairState {
    // Band state and low state of the first section, of the second.
    alignas(16) float lanes[kMaxChannels][4] = {};
};

// A source for run_octets(): a channel in each half.
inline auto side_by_side(const float* first, const float* second) {
    return [=](size_t i) { return f32x8::join(f32x4::load(first + i), f32x4::load(second + i)); };
}

// Whether every second frame is enough for whoever only measures.
inline bool every_second_is_enough(uint32_t sample_rate_hz) { return sample_rate_hz >= 44100; }

// A channel in each half, of every second frame.
inline auto every_second_side_by_side(const float* first, const float* second) {
    const auto every_second = [](const float* s) { return shuffle<0, 2, 4, 6>(f32x4::load(s), f32x4::load(s + 4)); };
    return [=](size_t i) { return f32x8::join(every_second(first + 2 * i), every_second(second + 2 * i)); };
}

// Filters some quanta of source(i), four frames from frame i on in each half, and hands them to
// heard(i, x, y, before_octet), the last the states before every eighth frame. The first states are those of the lower half,
// the second those of the upper. A quantum has two octets; one for whoever hears every second frame.
//
// Source and listener come by value, and what the listener adds up is best its own: then it stays in registers. Static, for
// each has one caller, which most compilers make one function with it.
template <int octets_of_quantum = 2, int states, class Source, class Listener>
static void run_octets(const SectionOctets<states>& octets, float* first_states, float* second_states, uint32_t quanta,
                       Source source, Listener heard);

// -------------------------------------------------------------------------------------------- implementation

namespace octets {

// Of one half, held where they are near.
template <int states>
struct HalfOfColumns {
    f32x4 early_columns[states + 4];
    f32x4 late_columns[states + 8];
    f32x4 change_columns[states + 8];
    f32x4 band_sums[2];
    f32x4 low_sums[2];

    HalfOfColumns(const SectionOctets<states>& octets, int half) {
        const auto keep = [half](f32x4* to, const float(*from)[8], int count) {
            for (int i = 0; i < count; ++i) to[i] = f32x4::load(from[i] + 4 * half);
        };
        keep(early_columns, octets.early, states + 4);
        keep(late_columns, octets.late, states + 8);
        keep(change_columns, octets.change, states == 2 ? 2 : states + 8);
        keep(band_sums, octets.band_change, 2);
        keep(low_sums, octets.low_change, 2);
    }
    f32x4 early(int i) const { return early_columns[i]; }
    f32x4 late(int i) const { return late_columns[i]; }
    f32x4 change(int i) const { return change_columns[i]; }
    f32x4 band_change(int i) const { return band_sums[i]; }
    f32x4 low_change(int i) const { return low_sums[i]; }
};

// Of both, where they lie: an operand may come from memory.
template <int states>
struct Columns {
    const SectionOctets<states>& octets;

    f32x8 early(int i) const { return f32x8::load(octets.early[i]); }
    f32x8 late(int i) const { return f32x8::load(octets.late[i]); }
    f32x8 change(int i) const { return f32x8::load(octets.change[i]); }
    f32x8 band_change(int i) const { return f32x8::load(octets.band_change[i]); }
    f32x8 low_change(int i) const { return f32x8::load(octets.low_change[i]); }
};

// Eight frames further.
template <class F, int states>
struct Step {
    F y_early;
    F y_late;
    F after;

    template <class AllColumns>
    Step(const AllColumns& c, F before, F x_early, F x_late) {
        // Input by input: each is needed for all sums, and registers are few.
        F x = broadcast<0>(x_early);
        y_early = c.early(states) * x;
        y_late = c.late(states) * x;
        if constexpr (states == 4) after = c.change(states) * x;
        const auto add_late = [&](int n, F input) {
            y_late += c.late(states + n) * input;
            if constexpr (states == 4) after += c.change(states + n) * input;
        };
        const auto add_early = [&](int n, F input) {
            y_early += c.early(states + n) * input;
            add_late(n, input);
        };
        add_early(1, broadcast<1>(x_early));
        add_early(2, broadcast<2>(x_early));
        add_early(3, broadcast<3>(x_early));
        add_late(4, broadcast<0>(x_late));
        add_late(5, broadcast<1>(x_late));
        add_late(6, broadcast<2>(x_late));
        add_late(7, broadcast<3>(x_late));
        // Two states take two sums over the inputs: less than eight columns of which half the lanes are spare.
        if constexpr (states == 2) {
            const F to_band = c.band_change(0) * x_early + c.band_change(1) * x_late;
            const F to_low = c.low_change(0) * x_early + c.low_change(1) * x_late;
            // Band and low state twice.
            const F pairs = shuffle_halves<0, 4, 1, 5>(to_band, to_low) + shuffle_halves<2, 6, 3, 7>(to_band, to_low);
            after = pairs + shuffle_halves<2, 3, 0, 1>(pairs, pairs);
        }
        // What the states contribute comes last: all else does not wait for them.
        after = before + after;
        F band = broadcast<0>(before);
        F low = broadcast<1>(before);
        F own_change = c.change(0) * band + c.change(1) * low;
        F own_early = c.early(0) * band + c.early(1) * low;
        F own_late = c.late(0) * band + c.late(1) * low;
        if constexpr (states == 4) {
            band = broadcast<2>(before);
            low = broadcast<3>(before);
            own_change += c.change(2) * band + c.change(3) * low;
            own_early += c.early(2) * band + c.early(3) * low;
            own_late += c.late(2) * band + c.late(3) * low;
        }
        after += own_change;
        y_early += own_early;
        y_late += own_late;
    }
};

// Two filters beside each other; where there are no registers for that, one after the other.
template <int states>
struct Both {
#if defined(AIM_SIMD_EIGHT)
    Columns<states> columns;

    explicit Both(const SectionOctets<states>& octets) : columns{octets} {}
    Step<f32x8, states> step(f32x8 before, f32x8 x_early, f32x8 x_late) const {
        return {columns, before, x_early, x_late};
    }
#else
    HalfOfColumns<states> lower;
    HalfOfColumns<states> upper;

    explicit Both(const SectionOctets<states>& octets) : lower(octets, 0), upper(octets, 1) {}
    struct Joined {
        f32x8 y_early;
        f32x8 y_late;
        f32x8 after;
    };
    Joined step(f32x8 before, f32x8 x_early, f32x8 x_late) const {
        const Step<f32x4, states> a(lower, before.low(), x_early.low(), x_late.low());
        const Step<f32x4, states> b(upper, before.high(), x_early.high(), x_late.high());
        return {f32x8::join(a.y_early, b.y_early), f32x8::join(a.y_late, b.y_late), f32x8::join(a.after, b.after)};
    }
#endif
};

}  // namespace octets

template <int states>
SectionOctets<states> beside(const SectionOctets<states>& lower, const SectionOctets<states>& upper) {
    SectionOctets<states> both = lower;
    const auto take_upper = [](float(*to)[8], const float(*from)[8], int count) {
        for (int i = 0; i < count; ++i) f32x4::load(from[i] + 4).store(to[i] + 4);
    };
    take_upper(both.early, upper.early, states + 4);
    take_upper(both.late, upper.late, states + 8);
    take_upper(both.change, upper.change, states + 8);
    take_upper(both.band_change, upper.band_change, 2);
    take_upper(both.low_change, upper.low_change, 2);
    return both;
}

template <int octets_of_quantum, int states, class Source, class Listener>
static void run_octets(const SectionOctets<states>& octets, float* first_states, float* second_states, uint32_t quanta,
                       Source source, Listener heard) {
    const octets::Both<states> both(octets);
    const auto recall = [](const float* s) {
        return states == 4 ? f32x4::load(s) : f32x4::set(s[0], s[1], s[0], s[1]);
    };
    f32x8 now = f32x8::join(recall(first_states), recall(second_states));
    constexpr size_t kFrames = 8 * (size_t)octets_of_quantum;
    for (size_t start = 0; start < quanta * kFrames; start += kFrames) {
        for (size_t i = start; i < start + kFrames; i += 8) {
            const f32x8 before = now;
            const f32x8 x_early = source(i);
            const f32x8 x_late = source(i + 4);
            const auto step = both.step(before, x_early, x_late);
            now = step.after;
            heard(i, x_early, step.y_early, before);
            heard(i + 4, x_late, step.y_late, before);
        }
        now = without_dust(now);
    }
    const auto keep_states = [](f32x4 lanes, float* s) {
        if constexpr (states == 4) {
            lanes.store(s);
        } else {
            s[0] = lanes.lane(0);
            s[1] = lanes.lane(1);
        }
    };
    keep_states(now.low(), first_states);
    keep_states(now.high(), second_states);
}

}  // namespace aim
