#include "dynamics/band_split.h"

#include "base/elementary.h"

namespace aim {
namespace {

constexpr double kSqrt2 = 1.41421356237309504880;

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
    const SectionOctets<2> sides = make_octets(side);
    const SectionOctets<2> highs = make_octets(high);
    BandSplitBlock block;
    block.filters = make_octets(high, high);
    for (int i = 0; i < 10; ++i) {
        if (i < 6) {
            f32x8::join(f32x4::load(sides.early[i]), f32x4::load(highs.early[i])).store(block.early_parts[i]);
        }
        f32x8::join(f32x4::load(sides.late[i]), f32x4::load(highs.late[i])).store(block.late_parts[i]);
    }
    return block;
}

void split_steady(const BandSplitBlock& block, SectionPairState& state, const float* left, const float* right,
                  uint32_t quanta, BandSplitTrace* traces, BandPower* powers) {
    run_octets(
        block.filters, block.filters, state.lanes[0], state.lanes[1], quanta, side_by_side(left, right),
        [=, whole = f32x8::zero(), band = f32x8::zero()](size_t i, f32x8 x, f32x8 y, f32x8 before_octet) mutable {
            const size_t q = i / kQuantumFrames;
            whole += x * x;
            band += y * y;
            if (i % 8 == 0) before_octet.store(traces[q].states[i / 8 % 2][0]);
            if (i % kQuantumFrames != kQuantumFrames - 4) return;
            // The whole twice, the band twice, of each channel.
            const f32x8 pairs = shuffle_halves<0, 1, 4, 5>(whole, band) + shuffle_halves<2, 3, 6, 7>(whole, band);
            const f32x8 sums = pairs + shuffle_halves<1, 0, 3, 2>(pairs, pairs);
            const f32x4 most = max(sums.low(), sums.high()) * f32x4::splat(1.0f / kQuantumFrames);
            powers[q] = {most.lane(0), most.lane(2)};
            whole = band = f32x8::zero();
        });
}

void make_parts(const BandSplitBlock& block, const BandSplitTrace& trace, uint32_t channel, const float* samples,
                BandParts& parts) {
    for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
        const float* const states = trace.states[i / 8][channel];
        f32x8 early = f32x8::zero();
        f32x8 late = f32x8::zero();
        for (int n = 0; n < 10; ++n) {
            const f32x8 from = f32x8::splat(n < 2 ? states[n] : samples[i + n - 2]);
            if (n < 6) early += f32x8::load(block.early_parts[n]) * from;
            late += f32x8::load(block.late_parts[n]) * from;
        }
        f32x8::join(early.low(), late.low()).store(parts.side + i);
        f32x8::join(early.high(), late.high()).store(parts.high + i);
    }
}

BandPower split_moving(double from, double to, SectionPairState& state, uint32_t channel, const float* samples,
                       BandParts& parts) {
    const float start = (float)from;
    const float step = (float)((to - from) * (1.0 / kQuantumFrames));
    float* const states = state.lanes[channel];
    MovingFilter first = {states[0], states[1]};
    MovingFilter second = {states[2], states[3]};
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
    without_dust(f32x4::set(first.s1, first.s2, second.s1, second.s2)).store(states);
    return {whole * (1.0f / kQuantumFrames), band * (1.0f / kQuantumFrames)};
}

void lower_upper_parts(const BandParts& parts, const Ramp& root, float* samples) {
    const f32x8 one = f32x8::splat(1.0f);
    for (uint32_t j = 0; j < 2; ++j) {
        const uint32_t i = 8 * j;
        const f32x8 taken = f32x8::load(parts.side + i) + (one + root.frames[j]) * f32x8::load(parts.high + i);
        (f32x8::load(samples + i) - (one - root.frames[j]) * taken).store(samples + i);
    }
}

}  // namespace aim
