// Four frames of several streams that go in lockstep, one stream per lane: what f32x4 is for one stream.
//
// A loop over frames that is written for a quad Q runs for both: with Q = f32x4 its lanes are four frames of one stream,
// with Q = Quad<V> each of its four values is one frame of as many streams as V has lanes. The operations on a stream's
// numbers and their order are the same, hence its bits.
#pragma once

#include "base/f32x8.h"

namespace aim {

// As many streams as the widest lanes at hand take side by side.
#if defined(AIM_SIMD_EIGHT)
using StreamLanes = f32x8;
#else
using StreamLanes = f32x4;
#endif

// V: float or int32 lanes.
template <class V>
struct Quad;

namespace quad {

// The quad of masks and bits that belongs to a quad of floats; an int's is never asked for.
template <class V>
struct IntOf {
    using Type = void;
};
template <class V>
requires requires { typename V::Int; }
struct IntOf<V> {
    using Type = Quad<typename V::Int>;
};

}  // namespace quad

template <class V>
struct Quad {
    V frame[4];

    using Int = typename quad::IntOf<V>::Type;
    // A number of each stream.
    using Stream = V;

    static Quad splat(V x) { return {{x, x, x, x}}; }
    template <class Number>
    static Quad splat(Number x) {
        return splat(V::splat(x));
    }
    static Quad zero() { return splat(V::zero()); }
    static Quad set(V a, V b, V c, V d) { return {{a, b, c, d}}; }
    // The frames lie behind each other, each with a value per stream.
    static Quad load(const float* p) {
        return {{V::load(p), V::load(p + V::kLanes), V::load(p + 2 * V::kLanes), V::load(p + 3 * V::kLanes)}};
    }
    void store(float* p) const {
        // Not as a loop, which compilers keep: the frames would have to go through memory.
        frame[0].store(p);
        frame[1].store(p + V::kLanes);
        frame[2].store(p + 2 * V::kLanes);
        frame[3].store(p + 3 * V::kLanes);
    }
};

#define AIM_EACH_FRAME(expression) \
    { \
        auto at = [&](int i) { return expression; }; \
        return {{at(0), at(1), at(2), at(3)}}; \
    }
#define AIM_QUAD_OPERATOR(op) \
    template <class V> \
    inline Quad<V> operator op(const Quad<V>& a, const Quad<V>& b) AIM_EACH_FRAME(a.frame[i] op b.frame[i])
AIM_QUAD_OPERATOR(+)
AIM_QUAD_OPERATOR(-)
AIM_QUAD_OPERATOR(*)
AIM_QUAD_OPERATOR(&)
template <class V>
inline typename Quad<V>::Int operator>(const Quad<V>& a,
                                       const Quad<V>& b) AIM_EACH_FRAME(a.frame[i] > b.frame[i]) template <class V>
inline Quad<V> min(const Quad<V>& a, const Quad<V>& b) AIM_EACH_FRAME(min(a.frame[i], b.frame[i])) template <class V>
inline Quad<V> max(const Quad<V>& a, const Quad<V>& b) AIM_EACH_FRAME(max(a.frame[i], b.frame[i])) template <class V>
inline Quad<V> abs(const Quad<V>& a) AIM_EACH_FRAME(abs(a.frame[i])) template <class V>
inline Quad<V> keep(const typename Quad<V>::Int& mask, const Quad<V>& a)
    AIM_EACH_FRAME(keep(mask.frame[i], a.frame[i])) template <class V>
    inline typename Quad<V>::Int bits_to_i32(const Quad<V>& a)
        AIM_EACH_FRAME(bits_to_i32(a.frame[i])) inline Quad<f32x4> bits_to_f32(const Quad<i32x4>& a)
            AIM_EACH_FRAME(bits_to_f32(a.frame[i])) inline Quad<f32x4> to_f32(const Quad<i32x4>& a)
                AIM_EACH_FRAME(to_f32(a.frame[i])) inline Quad<f32x8> bits_to_f32(const Quad<i32x8>& a)
                    AIM_EACH_FRAME(bits_to_f32(a.frame[i])) inline Quad<f32x8> to_f32(const Quad<i32x8>& a)
                        AIM_EACH_FRAME(to_f32(a.frame[i])) template <int n, class I>
                        inline Quad<I> shift_left(const Quad<I>& a) AIM_EACH_FRAME(shift_left<n>(a.frame[i]))
#undef AIM_QUAD_OPERATOR
#undef AIM_EACH_FRAME

    // What base/simd.h does with the four lanes of f32x4.
    template <class V>
    inline Quad<V> lanes_up_1(const Quad<V>& a, const Quad<V>& fill) {
    return {{fill.frame[0], a.frame[0], a.frame[1], a.frame[2]}};
}
template <class V>
inline Quad<V> lanes_up_2(const Quad<V>& a, const Quad<V>& fill) {
    return {{fill.frame[0], fill.frame[1], a.frame[0], a.frame[1]}};
}
template <int i, class V>
inline Quad<V> broadcast(const Quad<V>& a) {
    return Quad<V>::splat(a.frame[i]);
}
template <class V>
inline V horizontal_max(const Quad<V>& a) {
    return max(max(a.frame[0], a.frame[1]), max(a.frame[2], a.frame[3]));
}
template <class V>
inline V horizontal_sum(const Quad<V>& a) {
    return (a.frame[0] + a.frame[2]) + (a.frame[1] + a.frame[3]);
}

}  // namespace aim
