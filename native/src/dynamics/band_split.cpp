#include "dynamics/band_split.h"

#include "base/elementary.h"

namespace aim {
namespace {

constexpr double kSqrt2 = 1.41421356237309504880;

// Below -300 dBFS a state is nothing but a denormal to be. A filter's two go together: one alone would be filled again
// from the other.
f32x4 without_dust(f32x4 state) {
    const f32x4 size = abs(state);
    return keep(max(size, shuffle<1, 0, 3, 2>(size, size)) >= f32x4::splat(1e-15f), state);
}

// Four frames, each in all lanes.
struct Inputs {
    f32x4 frame[4];

    explicit Inputs(const float* samples) {
        const f32x4 x = f32x4::load(samples);
        frame[0] = broadcast<0>(x);
        frame[1] = broadcast<1>(x);
        frame[2] = broadcast<2>(x);
        frame[3] = broadcast<3>(x);
    }
};

// What the four inputs contribute: their weights are the last four columns.
f32x4 forced(const float (*columns)[4], const Inputs& x) {
    return (f32x4::load(columns[0]) * x.frame[0] + f32x4::load(columns[1]) * x.frame[1]) +
           (f32x4::load(columns[2]) * x.frame[2] + f32x4::load(columns[3]) * x.frame[3]);
}

f32x4 from_two(const float (*columns)[4], f32x4 state) {
    return f32x4::load(columns[0]) * broadcast<0>(state) + f32x4::load(columns[1]) * broadcast<1>(state);
}

f32x4 from_four(const float (*columns)[4], f32x4 state) {
    return from_two(columns, state) +
           (f32x4::load(columns[2]) * broadcast<2>(state) + f32x4::load(columns[3]) * broadcast<3>(state));
}

// One filter while its block is made. The states as start + change: so weights next to 1 keep all their digits.
struct Probe {
    double start[2] = {};
    double change[2] = {};
    double side = 0.0;
    double high = 0.0;

    // One frame: band = d (s1 + g (x - s2)), low = s2 + g band; then s1 = 2 band - s1, s2 = 2 low - s2.
    void run(double g, double x) {
        const double d = 1.0 / (1.0 + g * (g + kSqrt2));
        const double s1 = start[0] + change[0];
        const double s2 = start[1] + change[1];
        const double drive = g * (x - s2);
        const double band = d * (s1 + drive);
        const double rise = g * band;
        side = kSqrt2 * band;
        high = x - side - (s2 + rise);
        change[0] = change[0] + 2.0 * d * (drive - g * (g + kSqrt2) * s1);
        change[1] = change[1] + 2.0 * rise;
    }
};

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
    // Running both filters on the eight unit inputs gives the eight columns: four states, four frames.
    BandSplitBlock block;
    for (int column = 0; column < 8; ++column) {
        Probe first;
        Probe second;
        if (column < 4) (column < 2 ? first : second).start[column % 2] = 1.0;
        // Of the parts of the first filter the second's states are no part.
        const int own = column < 2 ? column : column - 2;
        for (int frame = 0; frame < 4; ++frame) {
            first.run(tangent, column == frame + 4 ? 1.0 : 0.0);
            second.run(tangent, first.high);
            block.steep[column][frame] = (float)second.high;
            if (column == 2 || column == 3) continue;
            block.side[own][frame] = (float)first.side;
            block.high[own][frame] = (float)first.high;
        }
        for (int i = 0; i < 2; ++i) {
            block.change[column][i] = (float)first.change[i];
            block.change[column][i + 2] = (float)second.change[i];
        }
    }
    return block;
}

float split_steady(const BandSplitBlock& block, BandSplitState& state, const float* samples, BandSplitTrace& trace) {
    f32x4 s = f32x4::load(state.lanes);
    f32x4 sum = f32x4::zero();
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        s.store(trace.states + i);
        const Inputs x(samples + i);
        const f32x4 steep = forced(block.steep + 4, x) + from_four(block.steep, s);
        s = (s + forced(block.change + 4, x)) + from_four(block.change, s);
        sum += steep * steep;
    }
    without_dust(s).store(state.lanes);
    return horizontal_sum(sum) * (1.0f / kQuantumFrames);
}

void make_parts(const BandSplitBlock& block, const BandSplitTrace& trace, const float* samples, BandParts& parts) {
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 s = f32x4::load(trace.states + i);
        const Inputs x(samples + i);
        (forced(block.side + 2, x) + from_two(block.side, s)).store(parts.side + i);
        (forced(block.high + 2, x) + from_two(block.high, s)).store(parts.high + i);
    }
}

float split_moving(double from, double to, BandSplitState& state, const float* samples, BandParts& parts) {
    const float start = (float)from;
    const float step = (float)((to - from) * (1.0 / kQuantumFrames));
    MovingFilter first = {state.lanes[0], state.lanes[1]};
    MovingFilter second = {state.lanes[2], state.lanes[3]};
    float sum = 0.0f;
    for (uint32_t i = 0; i < kQuantumFrames; ++i) {
        const float g = start + step * (float)(i + 1);
        const float d = 1.0f / (1.0f + g * (g + (float)kSqrt2));
        float unused;
        parts.high[i] = first.run(g, d, samples[i], parts.side + i);
        const float steep = second.run(g, d, parts.high[i], &unused);
        sum += steep * steep;
    }
    without_dust(f32x4::set(first.s1, first.s2, second.s1, second.s2)).store(state.lanes);
    return sum * (1.0f / kQuantumFrames);
}

void lower_upper_parts(const BandParts& parts, float from, float to, float* samples) {
    const f32x4 one = f32x4::splat(1.0f);
    // The root of the gain: half as many octaves.
    const f32x4 start = f32x4::splat(-0.5f * from);
    const f32x4 step = f32x4::splat((from - to) * (0.5f / kQuantumFrames));
    f32x4 index = f32x4::set(1.0f, 2.0f, 3.0f, 4.0f);
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 root = exp2(start + index * step);
        const f32x4 taken = f32x4::load(parts.side + i) + (one + root) * f32x4::load(parts.high + i);
        (f32x4::load(samples + i) - (one - root) * taken).store(samples + i);
        index += f32x4::splat(4.0f);
    }
}

}  // namespace aim
