// Two sections in a row for two channels that are only listened to.
//
// The channels lie frame by frame beside each other, two frames to a vector. What an input contributes to the outputs
// before it is not multiplied by zero, as in the block of one section, and nothing has to be put apart again.
#pragma once

#include "base/section.h"
#include "base/simd.h"

namespace aim {

struct SectionPairState {
    // Band state of the left, of the right, low state of the left, of the right; of the first section, then the second.
    alignas(16) float first[4] = {};
    alignas(16) float second[4] = {};
};

// Weights of (band, low of the first section, band, low of the second, x0, x1, x2, x3), as far as they count.
struct SectionPairBlock {
    // In the outputs of the first two frames (four states, two inputs) and of the last two.
    alignas(16) float early[6][4] = {};
    alignas(16) float late[8][4] = {};
    // In the change of the first section's states (two states, four inputs) and of the second's.
    alignas(16) float change_first[6][4] = {};
    alignas(16) float change_second[8][4] = {};
};

SectionPairBlock make_pair_block(const FilterDesign& first, const FilterDesign& second);

// One channel is given as both. For every fourth frame i: heard(i, x01, x23, y01, y23, first), inputs and outputs as
// left, right, left, right, and the states of the first section before them.
template <class Listener>
void listen_steady(const SectionPairBlock& block, SectionPairState& state, const float* left, const float* right,
                   uint32_t quanta, Listener&& heard);

// -------------------------------------------------------------------------------------------- implementation

namespace section_pair {

template <int count>
struct Columns {
    f32x4 at[count];
    explicit Columns(const float (&columns)[count][4]) {
        for (int i = 0; i < count; ++i) at[i] = f32x4::load(columns[i]);
    }
};

// Below -300 dBFS a state is nothing but a denormal to be; a channel's two go together.
inline f32x4 without_dust(f32x4 state) {
    const f32x4 size = abs(state);
    return keep(max(size, shuffle<2, 3, 0, 1>(size, size)) >= f32x4::splat(1e-15f), state);
}

}  // namespace section_pair

template <class Listener>
void listen_steady(const SectionPairBlock& block, SectionPairState& state, const float* left, const float* right,
                   uint32_t quanta, Listener&& heard) {
    using namespace section_pair;
    const Columns<6> early(block.early);
    const Columns<8> late(block.late);
    const Columns<6> change_1(block.change_first);
    const Columns<8> change_2(block.change_second);
    f32x4 first = f32x4::load(state.first);
    f32x4 second = f32x4::load(state.second);
    for (uint32_t q = 0; q < quanta; ++q) {
        for (uint32_t i = q * kQuantumFrames; i < (q + 1) * kQuantumFrames; i += 4) {
            const f32x4 l = f32x4::load(left + i);
            const f32x4 r = f32x4::load(right + i);
            const f32x4 x01 = shuffle<0, 4, 1, 5>(l, r);
            const f32x4 x23 = shuffle<2, 6, 3, 7>(l, r);
            const f32x4 x0 = first_pair(x01);
            const f32x4 x1 = last_pair(x01);
            const f32x4 x2 = first_pair(x23);
            const f32x4 x3 = last_pair(x23);
            const f32x4 band_1 = first_pair(first);
            const f32x4 low_1 = last_pair(first);
            const f32x4 band_2 = first_pair(second);
            const f32x4 low_2 = last_pair(second);
            const f32x4 y01 = (early.at[4] * x0 + early.at[5] * x1) + ((early.at[0] * band_1 + early.at[1] * low_1) +
                                                                       (early.at[2] * band_2 + early.at[3] * low_2));
            const f32x4 y23 = ((late.at[4] * x0 + late.at[5] * x1) + (late.at[6] * x2 + late.at[7] * x3)) +
                              ((late.at[0] * band_1 + late.at[1] * low_1) + (late.at[2] * band_2 + late.at[3] * low_2));
            heard(i, x01, x23, y01, y23, first);
            first =
                (first + ((change_1.at[2] * x0 + change_1.at[3] * x1) + (change_1.at[4] * x2 + change_1.at[5] * x3))) +
                (change_1.at[0] * band_1 + change_1.at[1] * low_1);
            second =
                (second + ((change_2.at[4] * x0 + change_2.at[5] * x1) + (change_2.at[6] * x2 + change_2.at[7] * x3))) +
                ((change_2.at[0] * band_1 + change_2.at[1] * low_1) +
                 (change_2.at[2] * band_2 + change_2.at[3] * low_2));
        }
        first = without_dust(first);
        second = without_dust(second);
    }
    first.store(state.first);
    second.store(state.second);
}

}  // namespace aim
