#include "dynamics/band_split.h"

#include <cstring>

#include "base/elementary.h"
#include "base/f32x8.h"

namespace aim {
namespace {

constexpr double kSqrt2 = 1.41421356237309504880;

// What nobody hears and only a denormal would come of.
float without_dust(float state) { return state > 1e-15f || state < -1e-15f ? state : 0.0f; }

// One of the parts of four frames, from the first filter's states and the inputs.
f32x4 part(const float (&columns)[6][4], f32x4 band, f32x4 low, f32x4 x) {
    const f32x4 from_inputs = (f32x4::load(columns[2]) * broadcast<0>(x) + f32x4::load(columns[3]) * broadcast<1>(x)) +
                              (f32x4::load(columns[4]) * broadcast<2>(x) + f32x4::load(columns[5]) * broadcast<3>(x));
    return from_inputs + (f32x4::load(columns[0]) * band + f32x4::load(columns[1]) * low);
}

// One filter, gliding.
struct MovingFilter {
    float s1;
    float s2;

    // Returns the high part.
    float run(float g, float d, float x, float* side) {
        const float band = d * (s1 + g * (x - s2));
        const float rise = g * band;
        const float low = s2 + rise;
        *side = (float)kSqrt2 * band;
        s1 = (band + band) - s1;
        s2 = low + rise;
        return (x - *side) - low;
    }
};

}  // namespace

double split_tangent(double frequency_hz, double sample_rate_hz) {
    const double share = frequency_hz / sample_rate_hz;
    const double half_w = kPi * (share < 0.45 ? share : 0.45);
    return sin_f64(half_w) / cos_f64(half_w);
}

BandSplitBlock BandSplitBlock::at(double tangent) {
    const FilterDesign side = {tangent, kSqrt2, 0.0, kSqrt2, 0.0};
    const FilterDesign high = {tangent, kSqrt2, 1.0, -kSqrt2, -1.0};
    const SectionBlock sides = make_block(side);
    const SectionBlock highs = make_block(high);
    BandSplitBlock block;
    std::memcpy(block.side, sides.output, sizeof block.side);
    std::memcpy(block.high, highs.output, sizeof block.high);
    block.filters = make_pair_block(high, high);
    return block;
}

void split_steady(const BandSplitBlock& block, SectionPairState& state, const float* left, const float* right,
                  uint32_t quanta, BandSplitTrace* traces, BandPower* powers) {
    f32x4 whole = f32x4::zero();
    f32x4 band = f32x4::zero();
    listen_steady(block.filters, state, left, right, quanta,
                  [&](uint32_t i, f32x4 x01, f32x4 x23, f32x4 y01, f32x4 y23, f32x4 states) {
                      const uint32_t q = i / kQuantumFrames;
                      states.store(traces[q].states + i % kQuantumFrames);
                      whole += x01 * x01;
                      whole += x23 * x23;
                      band += y01 * y01;
                      band += y23 * y23;
                      if (i % kQuantumFrames != kQuantumFrames - 4) return;
                      // Both channels of the whole, both of the band.
                      const f32x4 sums = shuffle<0, 1, 4, 5>(whole, band) + shuffle<2, 3, 6, 7>(whole, band);
                      const f32x4 most =
                          max(sums, shuffle<1, 0, 3, 2>(sums, sums)) * f32x4::splat(1.0f / kQuantumFrames);
                      powers[q] = {most.lane(0), most.lane(2)};
                      whole = band = f32x4::zero();
                  });
}

void make_parts(const BandSplitBlock& block, const BandSplitTrace& trace, uint32_t channel, const float* samples,
                BandParts& parts) {
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 band = f32x4::splat(trace.states[i + channel]);
        const f32x4 low = f32x4::splat(trace.states[i + 2 + channel]);
        const f32x4 x = f32x4::load(samples + i);
        part(block.side, band, low, x).store(parts.side + i);
        part(block.high, band, low, x).store(parts.high + i);
    }
}

BandPower split_moving(double from, double to, SectionPairState& state, uint32_t channel, const float* samples,
                       BandParts& parts) {
    const float start = (float)from;
    const float step = (float)((to - from) * (1.0 / kQuantumFrames));
    MovingFilter first = {state.first[channel], state.first[2 + channel]};
    MovingFilter second = {state.second[channel], state.second[2 + channel]};
    float whole = 0.0f;
    float band = 0.0f;
    for (uint32_t i = 0; i < kQuantumFrames; ++i) {
        const float g = start + step * (float)(i + 1);
        const float d = 1.0f / (1.0f + g * (g + (float)kSqrt2));
        float unused;
        parts.high[i] = first.run(g, d, samples[i], parts.side + i);
        const float steep = second.run(g, d, parts.high[i], &unused);
        whole += samples[i] * samples[i];
        band += steep * steep;
    }
    state.first[channel] = without_dust(first.s1);
    state.first[2 + channel] = without_dust(first.s2);
    state.second[channel] = without_dust(second.s1);
    state.second[2 + channel] = without_dust(second.s2);
    return {whole * (1.0f / kQuantumFrames), band * (1.0f / kQuantumFrames)};
}

void shelf_roots(float from, float to, float* roots) {
    // Half as many octaves.
    const f32x8 start = f32x8::splat(-0.5f * from);
    const f32x8 step = f32x8::splat((from - to) * (0.5f / kQuantumFrames));
    f32x8 index = one_to_eight();
    for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
        exp2(start + index * step).store(roots + i);
        index += f32x8::splat(8.0f);
    }
}

void lower_upper_parts(const BandParts& parts, const float* roots, float* samples) {
    const f32x8 one = f32x8::splat(1.0f);
    for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
        const f32x8 root = f32x8::load(roots + i);
        const f32x8 taken = f32x8::load(parts.side + i) + (one + root) * f32x8::load(parts.high + i);
        (f32x8::load(samples + i) - (one - root) * taken).store(samples + i);
    }
}

}  // namespace aim
