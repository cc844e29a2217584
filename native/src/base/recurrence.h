// First-order recurrences, four samples at a time.
//
// y[n] = a y[n-1] + b[n] and y[n] = max(x[n], a y[n-1] + b[n]) look serial, but both kinds of step are closed under
// composition, so a prefix scan over four lanes leaves only one multiply-add per four samples on the critical path.
// The scan's order of operations is the definition; scalar code does the same, and so does a quad of many streams.
#pragma once

#include "base/quad.h"

namespace aim {

// The powers of a one-pole's coefficient that the scans need; S is a number of one stream, or of several in lanes.
template <class S>
struct PolePowersOf {
    S a = {};
    S a_2 = {};
    S a_3 = {};
    S a_4 = {};

    template <class Q>
    Q ladder() const {
        return Q::set(a, a_2, a_3, a_4);
    }
};

struct PolePowers : PolePowersOf<float> {
    static PolePowers of(double a) { return {{(float)a, (float)(a * a), (float)(a * a * a), (float)(a * a * a * a)}}; }
};

// What each four frames make of themselves, before what came before them is added.
template <class Q>
inline Q prefix_linear(Q b, const PolePowersOf<typename Q::Stream>& pole) {
    const Q zero = Q::zero();
    b = b + Q::splat(pole.a) * lanes_up_1(b, zero);
    return b + Q::splat(pole.a_2) * lanes_up_2(b, zero);
}

template <class Q>
struct DecayPrefix {
    Q floor;
    Q offset;

    DecayPrefix(const Q& x, const PolePowersOf<typename Q::Stream>& pole) {
        const Q zero = Q::zero();
        const Q a = Q::splat(pole.a);
        const Q a_2 = Q::splat(pole.a_2);
        floor = x;
        offset = x * (Q::splat(1.0f) - a);
        floor = max(floor, a * lanes_up_1(floor, zero) + offset);
        offset = offset + a * lanes_up_1(offset, zero);
        floor = max(floor, a_2 * lanes_up_2(floor, zero) + offset);
        offset = offset + a_2 * lanes_up_2(offset, zero);
    }
};

// y[i] = a y[i-1] + b[i], continuing from `last` (the previous y in every lane).
template <class Q>
inline Q scan_linear(const Q& b, const Q& last, const PolePowersOf<typename Q::Stream>& pole) {
    return prefix_linear(b, pole) + pole.template ladder<Q>() * last;
}

// y[i] = max(x[i], a y[i-1] + (1 - a) x[i]) for x >= 0: rises at once, falls exponentially towards x.
template <class Q>
inline Q scan_decay(const Q& x, const Q& last, const PolePowersOf<typename Q::Stream>& pole) {
    const DecayPrefix<Q> own(x, pole);
    return max(own.floor, pole.template ladder<Q>() * last + own.offset);
}

// The same for eight frames: four, then the four behind them.
inline f32x8 scan_linear(f32x8 b, f32x4 last, const PolePowersOf<float>& pole) {
    const f32x8 own = prefix_linear(b, pole);
    const f32x4 ladder = pole.ladder<f32x4>();
    const f32x4 low = own.low() + ladder * last;
    return f32x8::join(low, own.high() + ladder * broadcast<3>(low));
}
inline f32x8 scan_decay(f32x8 x, f32x4 last, const PolePowersOf<float>& pole) {
    const DecayPrefix<f32x8> own(x, pole);
    const f32x4 ladder = pole.ladder<f32x4>();
    const f32x4 low = max(own.floor.low(), ladder * last + own.offset.low());
    return f32x8::join(low, max(own.floor.high(), ladder * broadcast<3>(low) + own.offset.high()));
}

}  // namespace aim
