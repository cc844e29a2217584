#include "base/section.h"

#include "base/elementary.h"
#include "base/simd.h"

namespace aim {
namespace {

// Below -300 dBFS a state is nothing but a denormal to be. A channel's two states go together: one alone would be
// filled again from the other, and taken away again, for ever.
f32x4 without_dust(f32x4 state) {
    const f32x4 size = abs(state);
    return keep(max(size, shuffle<1, 0, 3, 2>(size, size)) >= f32x4::splat(1e-15f), state);
}

struct BlockLanes {
    f32x4 output[6];
    f32x4 change[6];

    explicit BlockLanes(const SectionBlock& block) {
        for (int i = 0; i < 6; ++i) {
            output[i] = f32x4::load(block.output[i]);
            change[i] = f32x4::load(block.change[i]);
        }
    }
};

f32x4 steady_mono(const BlockLanes& b, f32x4 state, float* samples) {
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 x = f32x4::load(samples + i);
        const f32x4 x0 = broadcast<0>(x);
        const f32x4 x1 = broadcast<1>(x);
        const f32x4 x2 = broadcast<2>(x);
        const f32x4 x3 = broadcast<3>(x);
        const f32x4 band = broadcast<0>(state);
        const f32x4 low = broadcast<1>(state);
        // What the inputs contribute comes first: it does not wait for the state.
        const f32x4 forced_output = (b.output[2] * x0 + b.output[3] * x1) + (b.output[4] * x2 + b.output[5] * x3);
        const f32x4 forced_change = (b.change[2] * x0 + b.change[3] * x1) + (b.change[4] * x2 + b.change[5] * x3);
        (forced_output + (b.output[0] * band + b.output[1] * low)).store(samples + i);
        state = (state + forced_change) + (b.change[0] * band + b.change[1] * low);
    }
    return state;
}

f32x4 steady_stereo(const BlockLanes& b, f32x4 state, float* left, float* right) {
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 l = f32x4::load(left + i);
        const f32x4 r = f32x4::load(right + i);
        const f32x4 forced_left = (b.output[2] * broadcast<0>(l) + b.output[3] * broadcast<1>(l)) +
                                  (b.output[4] * broadcast<2>(l) + b.output[5] * broadcast<3>(l));
        const f32x4 forced_right = (b.output[2] * broadcast<0>(r) + b.output[3] * broadcast<1>(r)) +
                                   (b.output[4] * broadcast<2>(r) + b.output[5] * broadcast<3>(r));
        const f32x4 forced_change =
            (b.change[2] * shuffle<0, 0, 4, 4>(l, r) + b.change[3] * shuffle<1, 1, 5, 5>(l, r)) +
            (b.change[4] * shuffle<2, 2, 6, 6>(l, r) + b.change[5] * shuffle<3, 3, 7, 7>(l, r));
        const f32x4 free_left = b.output[0] * broadcast<0>(state) + b.output[1] * broadcast<1>(state);
        const f32x4 free_right = b.output[0] * broadcast<2>(state) + b.output[1] * broadcast<3>(state);
        (forced_left + free_left).store(left + i);
        (forced_right + free_right).store(right + i);
        state = (state + forced_change) +
                (b.change[0] * shuffle<0, 0, 2, 2>(state, state) + b.change[1] * shuffle<1, 1, 3, 3>(state, state));
    }
    return state;
}

// A straight line through one quantum: value of the frames first_frame to first_frame + 3.
f32x4 line(double from, double to, uint32_t first_frame) {
    const float start = (float)from;
    const float step = (float)((to - from) * (1.0 / kQuantumFrames));
    const float n = (float)first_frame;
    return f32x4::splat(start) + f32x4::splat(step) * f32x4::set(n + 1.0f, n + 2.0f, n + 3.0f, n + 4.0f);
}

constexpr double kSqrt2 = 1.41421356237309504880;

}  // namespace

FilterDesign high_pass(double frequency_hz, double wet, double sample_rate_hz) {
    // Up to 0.45 of the sample rate: the tangent must not run away.
    const double share = frequency_hz / sample_rate_hz;
    const double half_w0 = kPi * (share < 0.45 ? share : 0.45);
    FilterDesign design;
    design.g = sin_f64(half_w0) / cos_f64(half_w0);
    design.k = kSqrt2;
    design.input_mix = 1.0;
    design.band_mix = -wet * kSqrt2;
    design.low_mix = -wet;
    return design;
}

SectionBlock make_block(const FilterDesign& design) {
    // One frame: u = d (s1 + g (x - s2)), l = s2 + g u, y = mix; then s1 = 2 u - s1, s2 = 2 l - s2. Running it on the
    // six unit inputs gives the six columns.
    const double g = design.g;
    const double d = 1.0 / (1.0 + g * (g + design.k));
    SectionBlock block;
    for (int column = 0; column < 6; ++column) {
        // The states as start + change, so that the change is never the difference of two nearly equal numbers.
        const double start_1 = column == 0 ? 1.0 : 0.0;
        const double start_2 = column == 1 ? 1.0 : 0.0;
        double change_1 = 0.0;
        double change_2 = 0.0;
        for (int frame = 0; frame < 4; ++frame) {
            const double x = column == frame + 2 ? 1.0 : 0.0;
            const double s1 = start_1 + change_1;
            const double s2 = start_2 + change_2;
            const double drive = g * (x - s2);
            const double band = d * (s1 + drive);
            const double rise = g * band;
            block.output[column][frame] =
                (float)(design.input_mix * x + design.band_mix * band + design.low_mix * (s2 + rise));
            // 2 band - 2 s1 = 2 d (g (x - s2) - g (g + k) s1).
            change_1 = change_1 + 2.0 * d * (drive - g * (g + design.k) * s1);
            change_2 = change_2 + 2.0 * rise;
        }
        for (int channel = 0; channel < 2; ++channel) {
            block.change[column][2 * channel] = (float)change_1;
            block.change[column][2 * channel + 1] = (float)change_2;
        }
    }
    return block;
}

void run_steady(const SectionBlock& block, SectionState& state, float* const* channels, uint32_t channel_count,
                uint32_t offset_frames, uint32_t quanta) {
    const BlockLanes lanes(block);
    f32x4 now = f32x4::load(state.lanes);
    for (uint32_t q = 0; q < quanta; ++q) {
        const uint32_t at = offset_frames + q * kQuantumFrames;
        now = channel_count == 1 ? steady_mono(lanes, now, channels[0] + at)
                                 : steady_stereo(lanes, now, channels[0] + at, channels[1] + at);
        now = without_dust(now);
    }
    now.store(state.lanes);
}

void run_moving(const FilterDesign& from, const FilterDesign& to, SectionState& state, float* const* channels,
                uint32_t channel_count, uint32_t offset_frames) {
    float g[kQuantumFrames];
    float d[kQuantumFrames];
    float input_mix[kQuantumFrames];
    float band_mix[kQuantumFrames];
    float low_mix[kQuantumFrames];
    const f32x4 one = f32x4::splat(1.0f);
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 g4 = line(from.g, to.g, i);
        (one / (one + g4 * (g4 + line(from.k, to.k, i)))).store(d + i);
        g4.store(g + i);
        line(from.input_mix, to.input_mix, i).store(input_mix + i);
        line(from.band_mix, to.band_mix, i).store(band_mix + i);
        line(from.low_mix, to.low_mix, i).store(low_mix + i);
    }
    for (uint32_t channel = 0; channel < channel_count; ++channel) {
        float* samples = channels[channel] + offset_frames;
        float s1 = state.lanes[2 * channel];
        float s2 = state.lanes[2 * channel + 1];
        for (uint32_t i = 0; i < kQuantumFrames; ++i) {
            const float x = samples[i];
            const float band = d[i] * (s1 + g[i] * (x - s2));
            const float rise = g[i] * band;
            const float low = s2 + rise;
            samples[i] = (input_mix[i] * x + band_mix[i] * band) + low_mix[i] * low;
            s1 = (band + band) - s1;
            s2 = low + rise;
        }
        state.lanes[2 * channel] = s1;
        state.lanes[2 * channel + 1] = s2;
    }
    without_dust(f32x4::load(state.lanes)).store(state.lanes);
}

}  // namespace aim
