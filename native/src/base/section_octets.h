// Sections that stand still, eight frames per step, for two signals side by side: a channel in each half of the lanes, or one
// channel for two filters.
//
// A step waits for the states of the step before and for nothing else: eight frames make it wait half as often as four do
// (base/section.h), with as many multiplications. Two sections in a row wait no longer than one; their four states fill the
// four lanes.
#pragma once

#include "base/section.h"

namespace aim {

// Weights of the states (band state and low state of each section), then of x0 to x7, as far as they count.
template <int states>
struct SectionOctets {
    static_assert(states == 2 || states == 4, "one section or two");

    // In the first four outputs and in the last four.
    alignas(16) float early[states + 4][4] = {};
    alignas(16) float late[states + 8][4] = {};
    // In the change of the states; of a single section twice.
    alignas(16) float change[states + 8][4] = {};
};

SectionOctets<2> make_octets(const FilterDesign& design);
SectionOctets<4> make_octets(const FilterDesign& first, const FilterDesign& second);

// Two sections in a row, for two channels.
struct SectionPairState {
    // Band state and low state of the first section, of the second.
    alignas(16) float lanes[kMaxChannels][4] = {};
};

// A source for run_octets(): a channel in each half.
inline auto side_by_side(const float* first, const float* second) {
    return [=](size_t i) { return f32x8::join(f32x4::load(first + i), f32x4::load(second + i)); };
}

// Filters some quanta of source(i), four frames from frame i on in each half, and hands them to
// heard(i, x, y, before_octet), the last the states before every eighth frame. `first` and its states are those of the lower
// half, `second` and its states those of the upper.
//
// Source and listener come by value, and what the listener adds up is best its own: then it stays in registers. Static, for
// each has one caller, which most compilers make one function with it.
template <int states, class Source, class Listener>
static void run_octets(const SectionOctets<states>& first, const SectionOctets<states>& second, float* first_states,
                       float* second_states, uint32_t quanta, Source source, Listener heard);

// -------------------------------------------------------------------------------------------- implementation

namespace octets {

template <class F, int states>
struct Columns {
    F early[states + 4];
    F late[states + 8];
    F change[states + 8];

    // column_of(first, second) makes one of two that belong together.
    template <class ColumnOf>
    Columns(const SectionOctets<states>& first, const SectionOctets<states>& second, ColumnOf&& column_of) {
        for (int i = 0; i < states + 4; ++i) early[i] = column_of(first.early[i], second.early[i]);
        for (int i = 0; i < states + 8; ++i) late[i] = column_of(first.late[i], second.late[i]);
        for (int i = 0; i < states + 8; ++i) change[i] = column_of(first.change[i], second.change[i]);
    }
};

// Eight frames further.
template <class F>
struct Step {
    F y_early;
    F y_late;
    F after;

    template <int states>
    Step(const Columns<F, states>& c, F before, F x_early, F x_late) {
        // Input by input: each is needed for all three sums, and registers are few.
        F x = broadcast<0>(x_early);
        y_early = c.early[states] * x;
        y_late = c.late[states] * x;
        after = c.change[states] * x;
        const auto add_early = [&](int n, F input) {
            y_early += c.early[states + n] * input;
            y_late += c.late[states + n] * input;
            after += c.change[states + n] * input;
        };
        add_early(1, broadcast<1>(x_early));
        add_early(2, broadcast<2>(x_early));
        add_early(3, broadcast<3>(x_early));
        const auto add_late = [&](int n, F input) {
            y_late += c.late[states + n] * input;
            after += c.change[states + n] * input;
        };
        add_late(4, broadcast<0>(x_late));
        add_late(5, broadcast<1>(x_late));
        add_late(6, broadcast<2>(x_late));
        add_late(7, broadcast<3>(x_late));
        // What the states contribute comes last: all else does not wait for them.
        after = before + after;
        F band = broadcast<0>(before);
        F low = broadcast<1>(before);
        F own_change = c.change[0] * band + c.change[1] * low;
        F own_early = c.early[0] * band + c.early[1] * low;
        F own_late = c.late[0] * band + c.late[1] * low;
        if constexpr (states == 4) {
            band = broadcast<2>(before);
            low = broadcast<3>(before);
            own_change += c.change[2] * band + c.change[3] * low;
            own_early += c.early[2] * band + c.early[3] * low;
            own_late += c.late[2] * band + c.late[3] * low;
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
    Columns<f32x8, states> columns;

    Both(const SectionOctets<states>& first, const SectionOctets<states>& second)
        : columns(first, second,
                  [](const float* a, const float* b) { return f32x8::join(f32x4::load(a), f32x4::load(b)); }) {}
    Step<f32x8> step(f32x8 before, f32x8 x_early, f32x8 x_late) const { return {columns, before, x_early, x_late}; }
#else
    Columns<f32x4, states> lower;
    Columns<f32x4, states> upper;

    Both(const SectionOctets<states>& first, const SectionOctets<states>& second)
        : lower(first, first, [](const float* a, const float*) { return f32x4::load(a); }),
          upper(second, second, [](const float* a, const float*) { return f32x4::load(a); }) {}
    struct Joined {
        f32x8 y_early;
        f32x8 y_late;
        f32x8 after;
    };
    Joined step(f32x8 before, f32x8 x_early, f32x8 x_late) const {
        const Step<f32x4> a(lower, before.low(), x_early.low(), x_late.low());
        const Step<f32x4> b(upper, before.high(), x_early.high(), x_late.high());
        return {f32x8::join(a.y_early, b.y_early), f32x8::join(a.y_late, b.y_late), f32x8::join(a.after, b.after)};
    }
#endif
};

}  // namespace octets

template <int states, class Source, class Listener>
static void run_octets(const SectionOctets<states>& first, const SectionOctets<states>& second, float* first_states,
                       float* second_states, uint32_t quanta, Source source, Listener heard) {
    const octets::Both<states> both(first, second);
    const auto recall = [](const float* s) {
        return states == 4 ? f32x4::load(s) : f32x4::set(s[0], s[1], s[0], s[1]);
    };
    f32x8 now = f32x8::join(recall(first_states), recall(second_states));
    const size_t frames = (size_t)quanta * kQuantumFrames;
    for (size_t start = 0; start < frames; start += kQuantumFrames) {
        for (size_t i = start; i < start + kQuantumFrames; i += 8) {
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
