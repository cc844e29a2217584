// Two sections that hear the same channel, side by side in the lanes as the two channels of one section would be.
#pragma once

#include "base/section_pair.h"

namespace aim {

// Filters some quanta of source(i), four frames from frame i on, and hands them to heard(i, first, second).
template <class Source, class Listener>
void run_twins_steady(const SectionBlock& first, const SectionBlock& second, SectionState& first_state,
                      SectionState& second_state, uint32_t quanta, Source&& source, Listener&& heard) {
    // Columns band, low, x0, x1 of the first two outputs of each; the same and x2, x3 of the last two and of the states.
    f32x4 early[4];
    f32x4 late[6];
    f32x4 change[6];
    for (int i = 0; i < 6; ++i) {
        const f32x4 a = f32x4::load(first.output[i]);
        const f32x4 b = f32x4::load(second.output[i]);
        if (i < 4) early[i] = shuffle<0, 4, 1, 5>(a, b);
        late[i] = shuffle<2, 6, 3, 7>(a, b);
        change[i] = shuffle<0, 4, 1, 5>(f32x4::load(first.change[i]), f32x4::load(second.change[i]));
    }
    // Band state of the first, of the second, low state of the first, of the second.
    f32x4 state = shuffle<0, 4, 1, 5>(f32x4::load(first_state.lanes), f32x4::load(second_state.lanes));
    for (uint32_t q = 0; q < quanta; ++q) {
        for (uint32_t i = q * kQuantumFrames; i < (q + 1) * kQuantumFrames; i += 4) {
            const f32x4 x = source(i);
            const f32x4 x0 = broadcast<0>(x);
            const f32x4 x1 = broadcast<1>(x);
            const f32x4 x2 = broadcast<2>(x);
            const f32x4 x3 = broadcast<3>(x);
            const f32x4 band = first_pair(state);
            const f32x4 low = last_pair(state);
            const f32x4 y01 = (early[2] * x0 + early[3] * x1) + (early[0] * band + early[1] * low);
            const f32x4 y23 =
                ((late[2] * x0 + late[3] * x1) + (late[4] * x2 + late[5] * x3)) + (late[0] * band + late[1] * low);
            state = (state + ((change[2] * x0 + change[3] * x1) + (change[4] * x2 + change[5] * x3))) +
                    (change[0] * band + change[1] * low);
            heard(i, shuffle<0, 2, 4, 6>(y01, y23), shuffle<1, 3, 5, 7>(y01, y23));
        }
        state = section_pair::without_dust(state);
    }
    const f32x4 nothing = f32x4::zero();
    shuffle<0, 2, 4, 5>(state, nothing).store(first_state.lanes);
    shuffle<1, 3, 4, 5>(state, nothing).store(second_state.lanes);
}

}  // namespace aim
