#include "base/section.h"

#include "base/elementary.h"

namespace aim {
namespace {

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

// For two channels that lie frame by frame beside each other: left, right, left, right. What an input contributes to
// the outputs before it is not multiplied by zero, as above.
struct StereoLanes {
    // Columns band, low, x0, x1 of the first two outputs; the same and x2, x3 of the last two and of the states.
    f32x4 early[4];
    f32x4 late[6];
    f32x4 change[6];

    explicit StereoLanes(const SectionBlock& block) {
        for (int i = 0; i < 6; ++i) {
            const f32x4 output = f32x4::load(block.output[i]);
            const f32x4 both = f32x4::load(block.change[i]);
            if (i < 4) early[i] = shuffle<0, 0, 1, 1>(output, output);
            late[i] = shuffle<2, 2, 3, 3>(output, output);
            change[i] = shuffle<0, 0, 1, 1>(both, both);
        }
    }
};

// Between band and low state of each channel and the states of both channels.
f32x4 swap_inner(f32x4 a) { return shuffle<0, 2, 1, 3>(a, a); }

// Filters some quanta in place, four frames at a time. The outputs are the halves of one vector; nothing waits for them, as it
// does for the states.
void steady_stereo(const SectionBlock& block, SectionState& state, float* left, float* right, uint32_t quanta) {
    const StereoLanes b(block);
    f32x8 output[6];
    for (int i = 0; i < 6; ++i) output[i] = f32x8::join(b.early[i < 4 ? i : 0], b.late[i]);
    f32x4 s = swap_inner(f32x4::load(state.lanes));
    for (uint32_t q = 0; q < quanta; ++q) {
        for (uint32_t i = q * kQuantumFrames; i < (q + 1) * kQuantumFrames; i += 4) {
            const f32x8 l = f32x8::load_twice(left + i);
            const f32x8 r = f32x8::load_twice(right + i);
            const f32x8 x01 = shuffle_halves<0, 4, 1, 5>(l, r);
            const f32x8 x23 = shuffle_halves<2, 6, 3, 7>(l, r);
            const f32x8 x0 = first_pairs(x01);
            const f32x8 x1 = last_pairs(x01);
            const f32x8 x2 = first_pairs(x23);
            const f32x8 x3 = last_pairs(x23);
            const f32x4 band = first_pair(s);
            const f32x4 low = last_pair(s);
            // What the inputs contribute comes first: it does not wait for the state.
            const f32x8 y = add_to_upper(output[2] * x0 + output[3] * x1, output[4] * x2 + output[5] * x3) +
                            (output[0] * twice(band) + output[1] * twice(low));
            s = (s + ((b.change[2] * x0.low() + b.change[3] * x1.low()) +
                      (b.change[4] * x2.low() + b.change[5] * x3.low()))) +
                (b.change[0] * band + b.change[1] * low);
            shuffle<0, 2, 4, 6>(y.low(), y.high()).store(left + i);
            shuffle<1, 3, 5, 7>(y.low(), y.high()).store(right + i);
        }
        s = swap_inner(without_dust(swap_inner(s)));
    }
    swap_inner(s).store(state.lanes);
}

// Two sections in the halves: the arithmetic of steady_stereo() in each.
struct CascadeLanes {
    f32x8 early[4];
    f32x8 late[6];
    f32x8 change[6];

    CascadeLanes(const SectionBlock& first, const SectionBlock& second) {
        const StereoLanes a(first);
        const StereoLanes b(second);
        for (int i = 0; i < 6; ++i) {
            if (i < 4) early[i] = f32x8::join(a.early[i], b.early[i]);
            late[i] = f32x8::join(a.late[i], b.late[i]);
            change[i] = f32x8::join(a.change[i], b.change[i]);
        }
    }
};

// Four frames further.
struct CascadeStep {
    f32x8 y01;
    f32x8 y23;
    f32x8 states;

    CascadeStep(const CascadeLanes& b, f32x8 s, f32x8 x01, f32x8 x23) {
        const f32x8 x0 = first_pairs(x01);
        const f32x8 x1 = last_pairs(x01);
        const f32x8 x2 = first_pairs(x23);
        const f32x8 x3 = last_pairs(x23);
        const f32x8 band = first_pairs(s);
        const f32x8 low = last_pairs(s);
        y01 = (b.early[2] * x0 + b.early[3] * x1) + (b.early[0] * band + b.early[1] * low);
        y23 = ((b.late[2] * x0 + b.late[3] * x1) + (b.late[4] * x2 + b.late[5] * x3)) +
              (b.late[0] * band + b.late[1] * low);
        states = (s + ((b.change[2] * x0 + b.change[3] * x1) + (b.change[4] * x2 + b.change[5] * x3))) +
                 (b.change[0] * band + b.change[1] * low);
    }
};

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

FilterDesign section_of(double b0, double b1, double b2, double a1, double a2) {
    // The bilinear transform backwards: both polynomials at z = -1 and at z = 1.
    const double top = 1.0 - a1 + a2;
    const double bottom = 1.0 + a1 + a2;
    FilterDesign design;
    design.g = sqrt_f64(bottom / top);
    design.k = 2.0 * (1.0 - a2) / (top * design.g);
    design.input_mix = (b0 - b1 + b2) / top;
    design.band_mix = 2.0 * (b0 - b2) / (top * design.g) - design.k * design.input_mix;
    design.low_mix = (b0 + b1 + b2) / bottom - design.input_mix;
    return design;
}

double SectionProbe::run(const FilterDesign& design, double x) {
    // u = d (s1 + g (x - s2)), l = s2 + g u, y = mix; then s1 = 2 u - s1, s2 = 2 l - s2.
    const double g = design.g;
    const double d = 1.0 / (1.0 + g * (g + design.k));
    const double s1 = start[0] + change[0];
    const double s2 = start[1] + change[1];
    const double drive = g * (x - s2);
    const double band = d * (s1 + drive);
    const double rise = g * band;
    // 2 band - 2 s1 = 2 d (g (x - s2) - g (g + k) s1).
    change[0] = change[0] + 2.0 * d * (drive - g * (g + design.k) * s1);
    change[1] = change[1] + 2.0 * rise;
    return design.input_mix * x + design.band_mix * band + design.low_mix * (s2 + rise);
}

SectionBlock make_block(const FilterDesign& design) {
    // Running it on the six unit inputs gives the six columns.
    SectionBlock block;
    for (int column = 0; column < 6; ++column) {
        SectionProbe probe;
        if (column < 2) probe.start[column] = 1.0;
        for (int frame = 0; frame < 4; ++frame) {
            block.output[column][frame] = (float)probe.run(design, column == frame + 2 ? 1.0 : 0.0);
        }
        for (int channel = 0; channel < 2; ++channel) {
            block.change[column][2 * channel] = (float)probe.change[0];
            block.change[column][2 * channel + 1] = (float)probe.change[1];
        }
    }
    return block;
}

void run_steady(const SectionBlock& block, SectionState& state, float* const* channels, uint32_t channel_count,
                uint32_t offset_frames, uint32_t quanta) {
    if (channel_count == 1) {
        const BlockLanes lanes(block);
        f32x4 now = f32x4::load(state.lanes);
        for (uint32_t q = 0; q < quanta; ++q) {
            now = without_dust(steady_mono(lanes, now, channels[0] + offset_frames + q * kQuantumFrames));
        }
        now.store(state.lanes);
        return;
    }
    steady_stereo(block, state, channels[0] + offset_frames, channels[1] + offset_frames, quanta);
}

void run_cascade_steady(const SectionBlock& first, const SectionBlock& second, SectionState& first_state,
                        SectionState& second_state, float* left, float* right, uint32_t quanta) {
    if (quanta == 0) return;
    const CascadeLanes lanes(first, second);
    const uint32_t frames = quanta * kQuantumFrames;
    const auto x01 = [&](uint32_t i) { return shuffle<0, 4, 1, 5>(f32x4::load(left + i), f32x4::load(right + i)); };
    const auto x23 = [&](uint32_t i) { return shuffle<2, 6, 3, 7>(f32x4::load(left + i), f32x4::load(right + i)); };
    const auto store = [&](uint32_t i, const CascadeStep& step) {
        shuffle<0, 2, 4, 6>(step.y01.high(), step.y23.high()).store(left + i);
        shuffle<1, 3, 5, 7>(step.y01.high(), step.y23.high()).store(right + i);
    };
    const auto clean = [](f32x4 s) { return swap_inner(without_dust(swap_inner(s))); };

    // The second section is four frames behind. What it makes of nothing at first is not kept, nor the first one at last.
    f32x8 s = f32x8::join(swap_inner(f32x4::load(first_state.lanes)), swap_inner(f32x4::load(second_state.lanes)));
    CascadeStep step(lanes, s, twice(x01(0)), twice(x23(0)));
    s = halves_of(step.states, s);
    for (uint32_t i = 4; i < frames; i += 4) {
        step = CascadeStep(lanes, s, f32x8::join(x01(i), step.y01.low()), f32x8::join(x23(i), step.y23.low()));
        s = step.states;
        store(i - 4, step);
        // At the end of a quantum, each at its own.
        if (i % kQuantumFrames == kQuantumFrames - 4) s = f32x8::join(clean(s.low()), s.high());
        if (i % kQuantumFrames == 0) s = f32x8::join(s.low(), clean(s.high()));
    }
    swap_inner(s.low()).store(first_state.lanes);
    step = CascadeStep(lanes, s, twice(step.y01.low()), twice(step.y23.low()));
    store(frames - 4, step);
    swap_inner(clean(step.states.high())).store(second_state.lanes);
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
