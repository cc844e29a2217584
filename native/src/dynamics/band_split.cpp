#include "dynamics/band_split.h"

#include "base/elementary.h"

namespace aim {
namespace {

constexpr double kSqrt2 = 1.41421356237309504880;
// Silence counts as -200 dBFS, so that nothing fades into denormals.
constexpr float kPowerFloor = 1e-20f;

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

BandSplitBlock BandSplitBlock::at(double frequency_hz, uint32_t sample_rate_hz) {
    const auto high_part = [](double tangent) { return FilterDesign{tangent, kSqrt2, 1.0, -kSqrt2, -1.0}; };
    const double rate = (double)sample_rate_hz;
    const double tangent = split_tangent(frequency_hz, rate);
    const FilterDesign side = {tangent, kSqrt2, 0.0, kSqrt2, 0.0};
    const SectionOctets<2> sides = make_octets(side);
    const SectionOctets<2> highs = make_octets(high_part(tangent));
    const double heard = every_second_is_enough(sample_rate_hz) ? split_tangent(frequency_hz, 0.5 * rate) : tangent;
    BandSplitBlock block;
    block.steep = make_octets(high_part(heard), high_part(heard));
    const auto keep = [](const float(&column)[8], float(&to)[8]) { f32x8::load(column).store(to); };
    for (int i = 0; i < 10; ++i) {
        if (i < 6) {
            keep(sides.early[i], block.early_side[i]);
            keep(highs.early[i], block.early_high[i]);
        }
        keep(sides.late[i], block.late_side[i]);
        keep(highs.late[i], block.late_high[i]);
        keep(highs.change[i], block.change[i]);
    }
    return block;
}

void BandFollower::follow(float power) {
    present = left * present + rise * (power > kPowerFloor ? power : kPowerFloor);
    const float fallen = held * fall;
    held = present > fallen ? present : fallen;
}

namespace {

template <int octets_of_quantum, class Source>
void hear_band(const BandSplitBlock& block, SectionPairState& state, Source source, uint32_t quanta,
               BandFollower& follower, BandTrace& trace) {
    constexpr size_t kFrames = 8 * (size_t)octets_of_quantum;
    run_octets<octets_of_quantum>(
        block.steep, state.lanes[0], state.lanes[1], quanta, source,
        [=, &trace, &follower, own = follower, whole = f32x8::zero(),
         band = f32x8::zero()](size_t i, f32x8 x, f32x8 y, f32x8 before_octet) mutable {
            const size_t q = i / kFrames;
            whole += x * x;
            band += y * y;
            if (i % kFrames == 0) before_octet.store(trace.states[q][0]);
            if (i % kFrames != kFrames - 4) return;
            // The whole twice, the band twice, of each channel.
            const f32x8 pairs = shuffle_halves<0, 1, 4, 5>(whole, band) + shuffle_halves<2, 3, 6, 7>(whole, band);
            const f32x8 sums = pairs + shuffle_halves<1, 0, 3, 2>(pairs, pairs);
            const f32x4 most = max(sums.low(), sums.high()) * f32x4::splat(1.0f / (float)kFrames);
            trace.whole[q] = most.lane(0);
            own.follow(most.lane(2));
            trace.present[q] = own.present;
            trace.held[q] = own.held;
            if (q + 1 == quanta) follower = own;
            whole = band = f32x8::zero();
        });
}

}  // namespace

void split_steady(const BandSplitBlock& block, bool halves, SectionPairState& state, const float* left,
                  const float* right, uint32_t quanta, BandFollower& follower, BandTrace& trace) {
    if (halves) {
        hear_band<1>(block, state, every_second_side_by_side(left, right), quanta, follower, trace);
    } else {
        hear_band<2>(block, state, side_by_side(left, right), quanta, follower, trace);
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

void lower_upper_parts(const BandSplitBlock& block, SectionState& state, const Ramp& root, float* left, float* right) {
    const float* const s = state.lanes;
    f32x8 now = f32x8::join(f32x4::set(s[0], s[1], s[0], s[1]), f32x4::set(s[2], s[3], s[2], s[3]));
    const f32x8 one = f32x8::splat(1.0f);
    for (uint32_t j = 0; j < kQuantumFrames / 8; ++j) {
        float* const to_left = left + 8 * j;
        float* const to_right = right + 8 * j;
        const f32x8 x_early = f32x8::join(f32x4::load(to_left), f32x4::load(to_right));
        const f32x8 x_late = f32x8::join(f32x4::load(to_left + 4), f32x4::load(to_right + 4));
        const f32x8 x0 = broadcast<0>(x_early);
        f32x8 early_side = f32x8::load(block.early_side[2]) * x0;
        f32x8 early_high = f32x8::load(block.early_high[2]) * x0;
        f32x8 late_side = f32x8::load(block.late_side[2]) * x0;
        f32x8 late_high = f32x8::load(block.late_high[2]) * x0;
        f32x8 change = f32x8::load(block.change[2]) * x0;
        const auto add_late = [&](int n, f32x8 from) {
            late_side += f32x8::load(block.late_side[n]) * from;
            late_high += f32x8::load(block.late_high[n]) * from;
            change += f32x8::load(block.change[n]) * from;
        };
        const auto add = [&](int n, f32x8 from) {
            early_side += f32x8::load(block.early_side[n]) * from;
            early_high += f32x8::load(block.early_high[n]) * from;
            add_late(n, from);
        };
        // The states come last: nothing else waits for them.
        add(3, broadcast<1>(x_early));
        add(4, broadcast<2>(x_early));
        add(5, broadcast<3>(x_early));
        add_late(6, broadcast<0>(x_late));
        add_late(7, broadcast<1>(x_late));
        add_late(8, broadcast<2>(x_late));
        add_late(9, broadcast<3>(x_late));
        add(0, broadcast<0>(now));
        add(1, broadcast<1>(now));
        now = now + change;
        const auto lower = [&](f32x8 x, f32x8 side, f32x8 high, f32x4 gains, uint32_t at) {
            const f32x8 gain = twice(gains);
            const f32x8 lowered = x - (one - gain) * (side + (one + gain) * high);
            lowered.low().store(to_left + at);
            lowered.high().store(to_right + at);
        };
        lower(x_early, early_side, early_high, root.frames[j].low(), 0);
        lower(x_late, late_side, late_high, root.frames[j].high(), 4);
    }
    now = without_dust(now);
    shuffle<0, 1, 4, 5>(now.low(), now.high()).store(state.lanes);
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
