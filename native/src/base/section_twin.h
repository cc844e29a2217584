// Two sections that hear the same channel, side by side in the lanes as the two channels of one section would be.
#pragma once

#include "base/f32x8.h"
#include "base/section_pair.h"

namespace aim {

// Filters some quanta of source(i), four frames from frame i on, and hands them to heard(i, first, second).
template <class Source, class Listener>
void run_twins_steady(const SectionBlock& first, const SectionBlock& second, SectionState& first_state,
                      SectionState& second_state, uint32_t quanta, Source&& source, Listener&& heard) {
    // Columns band, low, x0, x1 of the first two outputs of each, and x2 and x3 too, in the upper half, of the last two;
    // and all of them of the states.
    f32x8 output[6];
    f32x4 change[6];
    for (int i = 0; i < 6; ++i) {
        const f32x4 a = f32x4::load(first.output[i]);
        const f32x4 b = f32x4::load(second.output[i]);
        output[i] = f32x8::join(shuffle<0, 4, 1, 5>(a, b), shuffle<2, 6, 3, 7>(a, b));
        change[i] = shuffle<0, 4, 1, 5>(f32x4::load(first.change[i]), f32x4::load(second.change[i]));
    }
    // Band state of the first, of the second, low state of the first, of the second.
    f32x4 state = shuffle<0, 4, 1, 5>(f32x4::load(first_state.lanes), f32x4::load(second_state.lanes));
    for (uint32_t q = 0; q < quanta; ++q) {
        for (uint32_t i = q * kQuantumFrames; i < (q + 1) * kQuantumFrames; i += 4) {
            const f32x8 x = twice(source(i));
            const f32x8 x0 = shuffle_halves<0, 0, 0, 0>(x, x);
            const f32x8 x1 = shuffle_halves<1, 1, 1, 1>(x, x);
            const f32x8 x2 = shuffle_halves<2, 2, 2, 2>(x, x);
            const f32x8 x3 = shuffle_halves<3, 3, 3, 3>(x, x);
            const f32x4 band = first_pair(state);
            const f32x4 low = last_pair(state);
            const f32x8 y = add_to_upper(output[2] * x0 + output[3] * x1, output[4] * x2 + output[5] * x3) +
                            (output[0] * twice(band) + output[1] * twice(low));
            state = (state +
                     ((change[2] * x0.low() + change[3] * x1.low()) + (change[4] * x2.low() + change[5] * x3.low()))) +
                    (change[0] * band + change[1] * low);
            heard(i, shuffle<0, 2, 4, 6>(y.low(), y.high()), shuffle<1, 3, 5, 7>(y.low(), y.high()));
        }
        state = section_pair::without_dust(state);
    }
    const f32x4 nothing = f32x4::zero();
    shuffle<0, 2, 4, 5>(state, nothing).store(first_state.lanes);
    shuffle<1, 3, 4, 5>(state, nothing).store(second_state.lanes);
}

}  // namespace aim
