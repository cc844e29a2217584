// Stereo width: what becomes of the side, what stays of the middle, and what the guard prevents.
#include <string>

#include "reference/spectrum.h"
#include "reference/tone_contract.h"
#include "tone/stereo_width.h"

namespace stereo_width_test {
namespace {

using namespace aim_test::tone;
using aim::StereoWidth;
using Parameters = StereoWidth::Parameters;

constexpr Parameters kOff = {};
constexpr Parameters kWide = {true, 1.25f, 200.0f, 120.0f};
constexpr Parameters kWidest = {true, 2.0f, 200.0f, 0.0f};
constexpr Parameters kNarrow = {true, 0.5f, 300.0f, 100.0f};
constexpr Parameters kMonoLows = {true, 1.0f, 200.0f, 120.0f};

Sides from_middle_and_side(const Signal& middle, const Signal& side) {
    Sides x{middle, middle};
    for (size_t n = 0; n < middle.size(); ++n) {
        x.left[n] += side[n];
        x.right[n] -= side[n];
    }
    return x;
}

Sides settled_through(const Parameters& p, const Sides& x, uint32_t rate_hz = 48000) {
    auto stage = settled_stage<StereoWidth>(p, rate_hz, 2);
    return through(stage, x);
}

// Level of a tone in the second half of the side signal, in dB.
double side_level_db(const Sides& x, double f, double rate_hz = 48000.0) {
    Signal side(x.left.size() / 2);
    for (size_t n = 0; n < side.size(); ++n) side[n] = 0.5f * (x.left[side.size() + n] - x.right[side.size() + n]);
    return 20.0 * std::log10(aim_test::fit_tone(side.data(), side.size(), rate_hz, f).amplitude);
}

double factor(double db) { return std::pow(10.0, db / 20.0); }

// A side tone well below the middle, so that the guard has nothing to do: its gain, and the model's.
double side_gain_db(const Parameters& p, double f, uint32_t rate_hz = 48000) {
    const size_t frames = rate_hz * 3 / 2 / kQuantumFrames * kQuantumFrames;
    const Sides x = from_middle_and_side(sine(frames, 1000.0, 0.5, rate_hz), sine(frames, f, 0.05, rate_hz));
    return side_level_db(settled_through(p, x, rate_hz), f, rate_hz) - 20.0 * std::log10(0.05);
}

double expected_side_gain_db(const Parameters& p, double f) {
    const auto high_pass = [](double frequency, double corner) {
        const Complex s(0.0, frequency / corner);
        return s * s / (s * s + std::sqrt(2.0) * s + 1.0);
    };
    const Complex without_lows = p.mono_below_hz > 0.0f ? high_pass(f, (double)p.mono_below_hz) : 1.0;
    const Complex h = without_lows + ((double)p.width - 1.0) * high_pass(f, (double)p.width_above_hz);
    return 20.0 * std::log10(std::abs(h));
}

// Correlation of left and right in every 300 ms window, 10 ms apart, from `start` on: the least, beside the least that
// the input had.
struct Correlations {
    double least = 1.0;
    // Over the windows whose input had 0.2 or more.
    double least_where_fine = 1.0;
    // Largest fall against the input over the windows whose input had less.
    double worst_fall_elsewhere = 0.0;
};

constexpr size_t kHop = 480;
constexpr size_t kWindowHops = 30;

std::vector<double> correlations(const Sides& x, size_t window_hops = kWindowHops) {
    struct Sums {
        double ll = 0.0;
        double rr = 0.0;
        double lr = 0.0;
    };
    std::vector<Sums> hops(x.left.size() / kHop);
    for (size_t n = 0; n < hops.size() * kHop; ++n) {
        Sums& sums = hops[n / kHop];
        sums.ll += (double)x.left[n] * (double)x.left[n];
        sums.rr += (double)x.right[n] * (double)x.right[n];
        sums.lr += (double)x.left[n] * (double)x.right[n];
    }
    std::vector<double> result;
    for (size_t start = 0; start + window_hops <= hops.size(); ++start) {
        Sums window;
        for (size_t hop = start; hop < start + window_hops; ++hop) {
            window.ll += hops[hop].ll;
            window.rr += hops[hop].rr;
            window.lr += hops[hop].lr;
        }
        result.push_back(window.lr / std::sqrt(window.ll * window.rr + 1e-30));
    }
    return result;
}

Correlations compare(const Sides& input, const Sides& output) {
    const std::vector<double> before = correlations(input);
    const std::vector<double> after = correlations(output);
    Correlations result;
    for (size_t i = 0; i < before.size(); ++i) {
        result.least = std::min(result.least, after[i]);
        if (before[i] >= 0.2) {
            result.least_where_fine = std::min(result.least_where_fine, after[i]);
        } else {
            result.worst_fall_elsewhere = std::max(result.worst_fall_elsewhere, before[i] - after[i]);
        }
    }
    return result;
}

// ---------------------------------------------------------------------------------------------------- sound

TEST(StereoWidth, Gains_the_side_above_and_takes_it_away_below) {
    for (const Parameters& p :
         {kWide, kNarrow, kMonoLows, Parameters{true, 1.5f, 1000.0f, 0.0f}, Parameters{true, 0.0f, 300.0f, 0.0f}}) {
        for (const double f : {30.0, 60.0, 120.0, 200.0, 300.0, 1500.0, 5000.0}) {
            // 0.05 dB of full gain.
            EXPECT_NEAR(factor(side_gain_db(p, f)), factor(expected_side_gain_db(p, f)), 0.006) << p.width << ' ' << f;
        }
    }
    EXPECT_GT(side_gain_db(kWide, 5000.0), 1.9);
    EXPECT_LT(side_gain_db(kWide, 40.0), -18.0);
    EXPECT_LT(side_gain_db(kMonoLows, 30.0), -24.0);
    EXPECT_NEAR(side_gain_db(kMonoLows, 2000.0), 0.0, 0.01);
}

TEST(StereoWidth, Is_right_at_other_sample_rates) {
    for (const uint32_t rate : {16000u, 44100u, 192000u}) {
        EXPECT_NEAR(side_gain_db(kWide, 1500.0, rate), 1.94, 0.05) << rate;
        EXPECT_LT(side_gain_db(kWide, 40.0, rate), -18.0) << rate;
    }
}

TEST(StereoWidth, Leaves_the_mono_fold_down_alone) {
    const Sides x = {noise(96000, 0.5f, 1), noise(96000, 0.5f, 2)};
    const Sides tame = from_middle_and_side(x.left, [&] {
        Signal side = x.right;
        for (float& s : side) s *= 0.3f;
        return side;
    }());
    for (const Parameters& p : {kWide, kWidest, kNarrow, kMonoLows}) {
        for (const Sides& input : {x, tame}) {
            const Sides y = settled_through(p, input);
            for (size_t n = 0; n < y.left.size(); ++n) {
                // Two roundings of sums below 2.
                ASSERT_NEAR((double)y.left[n] + (double)y.right[n], (double)input.left[n] + (double)input.right[n],
                            2.5e-7)
                    << n;
            }
        }
    }
}

TEST(StereoWidth, Adds_no_noise) {
    const size_t frames = 96000;
    const Sides x = from_middle_and_side(sine(frames, 997.0, 0.09, 48000.0), sine(frames, 997.0, 0.01, 48000.0));
    const Sides y = settled_through(kWide, x);
    EXPECT_LT(aim_test::fit_tone(y.left.data() + 48000, 48000, 48000.0, 997.0).residual_relative_db, -125.0);
}

// ---------------------------------------------------------------------------------------------------- guard

// The steepest move of the width over 20 ms, in dB, and its least and last value.
struct Watched {
    Sides output;
    double steepest_db = 0.0;
    double last = 1.0;
};

Watched watch(const Parameters& p, const Sides& input) {
    auto stage = settled_stage<StereoWidth>(p, 48000, 2);
    Watched watched{input};
    double before = (double)stage.width();
    for (size_t at = 0; at + 960 <= input.left.size(); at += 960) {
        float* channels[2] = {watched.output.left.data() + at, watched.output.right.data() + at};
        stage.process(channels, 960 / kQuantumFrames);
        watched.last = (double)stage.width();
        watched.steepest_db = std::max(watched.steepest_db, std::abs(20.0 * std::log10(watched.last / before)));
        before = watched.last;
    }
    return watched;
}

Sides blend(double side_gain, size_t frames, uint32_t seed) {
    Signal side = noise(frames, 0.4f, seed + 1);
    for (float& s : side) s = (float)((double)s * side_gain);
    return from_middle_and_side(noise(frames, 0.4f, seed), side);
}

Sides joined(Sides a, const Sides& b) {
    a.left.insert(a.left.end(), b.left.begin(), b.left.end());
    a.right.insert(a.right.end(), b.right.begin(), b.right.end());
    return a;
}

constexpr double kPromised = 0.2;
// A window of noise estimates a correlation with this much scatter.
constexpr double kScatter = 0.01;

TEST(StereoWidthGuard, Keeps_what_was_correlated_correlated) {
    for (const double side : {0.1, 0.3, 0.5, 0.6, 0.7, 0.8}) {
        const Sides x = blend(side, 192000, 11);
        for (const Parameters& p : {kWide, kWidest}) {
            const Watched y = watch(p, x);
            const Correlations c = compare(x, y.output);
            EXPECT_GE(c.least_where_fine, kPromised) << side << ' ' << p.width;
            EXPECT_LE(c.worst_fall_elsewhere, kScatter) << side << ' ' << p.width;
            EXPECT_LE(y.steepest_db, 1.01) << side << ' ' << p.width;
            RecordProperty("side " + std::to_string(side) + " width " + std::to_string(p.width),
                           std::to_string(c.least) + ", width at the end " + std::to_string(y.last));
        }
    }
}

TEST(StereoWidthGuard, Grants_what_is_safe) {
    EXPECT_NEAR(watch(kWide, blend(0.3, 96000, 3)).last, 1.25, 1e-3);
    EXPECT_NEAR(watch(kWidest, blend(0.3, 192000, 3)).last, 2.0, 1e-3);
    const double between = watch(kWidest, blend(0.55, 192000, 3)).last;
    EXPECT_GT(between, 1.2);
    EXPECT_LT(between, 1.8);
}

TEST(StereoWidthGuard, Does_not_widen_what_is_apart_already) {
    const size_t frames = 144000;
    const Signal tone = noise(frames, 0.4f, 5);
    Signal opposite = tone;
    for (float& s : opposite) s = -s;
    Signal nearly = tone;
    for (size_t n = 0; n < frames; ++n) nearly[n] = -0.8f * tone[n] + 0.1f * noise(1, 1.0f, (uint32_t)n + 1)[0];
    const Sides programmes[] = {{noise(frames, 0.4f, 1), noise(frames, 0.4f, 2)},
                                {tone, opposite},
                                {tone, nearly},
                                {tone, Signal(frames, 0.0f)}};
    for (const Sides& x : programmes) {
        for (const Parameters& p : {Parameters{true, 1.25f, 200.0f, 0.0f}, kWidest}) {
            const Watched y = watch(p, x);
            EXPECT_LT(y.last, 1.02);
            const Correlations c = compare(x, y.output);
            EXPECT_LE(c.worst_fall_elsewhere, kScatter) << p.width;
            EXPECT_GE(c.least_where_fine, kPromised) << p.width;
        }
    }
}

TEST(StereoWidthGuard, Steps_back_in_time_when_the_programme_opens_up) {
    const auto mono = [](size_t frames) { return blend(0.0, frames, 21); };
    for (const double wide_side : {0.6, 0.7, 0.77}) {
        for (const double narrow_side : {0.0, 0.2, 0.4}) {
            Sides x = narrow_side == 0.0 ? mono(96000) : blend(narrow_side, 96000, 31);
            x = joined(joined(x, blend(wide_side, 48000, 41)), blend(narrow_side, 48000, 51));
            const Watched y = watch(kWide, x);
            const Correlations c = compare(x, y.output);
            EXPECT_GE(c.least_where_fine, kPromised) << wide_side << ' ' << narrow_side;
            EXPECT_LE(y.steepest_db, 1.01);
            const Correlations widest = compare(x, watch(kWidest, x).output);
            RecordProperty("from " + std::to_string(narrow_side) + " to " + std::to_string(wide_side),
                           std::to_string(c.least_where_fine) + ", width 2 " + std::to_string(widest.least_where_fine));
        }
    }
}

TEST(StereoWidthGuard, Takes_moments_of_correlation_for_no_room_where_the_whole_is_apart) {
    constexpr size_t kThreeSeconds = 300;
    constexpr double kNothing = 0.002;
    Sides x = blend(1.1, 48000, 61);
    for (uint32_t seed = 70; seed < 86; seed += 2) {
        x = joined(joined(x, blend(0.3, 24000, seed)), blend(1.1, 48000, seed + 1));
    }
    const std::vector<double> before = correlations(x, kThreeSeconds);
    const std::vector<double> after = correlations(watch(kWidest, x).output, kThreeSeconds);
    for (size_t i = 0; i < before.size(); ++i) {
        ASSERT_LT(before[i], kPromised);
        ASSERT_GE(after[i], before[i] - kNothing) << i;
    }
}

// ------------------------------------------------------------------------------------------------ contract

TEST(StereoWidth, Off_or_at_rest_it_is_bit_transparent) {
    const Sides x = {noise(4800, 1.0f, 1), noise(4800, 1.0f, 2)};
    Parameters wide_off = kWide;
    wide_off.enabled = false;
    for (const Parameters& p : {kOff, wide_off, Parameters{true, 1.0f, 200.0f, 0.0f}})
        EXPECT_TRUE(settled_through(p, x) == x);
    Signal alone = x.left;
    auto mono = settled_stage<StereoWidth>(kWide, 48000, 1);
    run(mono, alone);
    EXPECT_TRUE(same_bits(alone, x.left));
    EXPECT_EQ(mono.latency_frames(), 0u);
}

TEST(StereoWidth, Becomes_bit_transparent_again_after_it_was_switched_off) {
    for (const uint32_t rate : kRates) {
        for (const Parameters& p : {kWide, kNarrow, kMonoLows}) {
            auto stage = settled_stage<StereoWidth>(p, rate, 2);
            const size_t frames = rate / 5 / kQuantumFrames * kQuantumFrames;
            const Sides x = blend(0.3, frames, 7);
            through(stage, x);
            stage.set_target(kOff);
            through(stage, x);
            EXPECT_TRUE(through(stage, x) == x) << rate;
            // And like new when it comes back.
            auto fresh = settled_stage<StereoWidth>(kOff, rate, 2);
            stage.set_target(p);
            fresh.set_target(p);
            EXPECT_TRUE(through(stage, x) == through(fresh, x)) << rate;
        }
    }
}

TEST(StereoWidth, Reset_and_preparing_again_equal_fresh) {
    for (const Parameters& first : {kOff, kNarrow, kMonoLows}) expect_reset_equals_fresh<StereoWidth>(first, kWide);
    expect_preparing_again_equals_fresh<StereoWidth>(kWide);
}

TEST(StereoWidth, Any_split_into_calls_gives_the_same_bits) {
    expect_any_split_gives_the_same_bits<StereoWidth>(kOff, {kWide, kOff, kNarrow, kWidest, kMonoLows, kOff}, 640, 23);
}

TEST(StereoWidth, Continues_from_a_saved_state_bit_for_bit) {
    expect_continues_from_a_saved_state<StereoWidth>(kOff, kWide, kNarrow, {0, 160, 480, 960, 9600});
}

TEST(StereoWidth, Decays_to_exact_silence_without_denormals) {
    for (const uint32_t rate : kRates) {
        auto stage = settled_stage<StereoWidth>(Parameters{true, 1.5f, 20.0f, 20.0f}, rate, 2);
        through(stage, blend(0.3, rate / 2 / kQuantumFrames * kQuantumFrames, 1));
        const Signal silence(4 * rate / kQuantumFrames * kQuantumFrames, 0.0f);
        const Sides y = through(stage, Sides{silence, silence});
        size_t denormals = 0;
        for (size_t n = 0; n < silence.size(); ++n) {
            denormals += std::fpclassify(y.left[n]) == FP_SUBNORMAL || std::fpclassify(y.right[n]) == FP_SUBNORMAL;
        }
        EXPECT_EQ(denormals, 0u) << rate;
        EXPECT_EQ(y.left.back(), 0.0f) << rate;
        EXPECT_EQ(y.right.back(), 0.0f) << rate;
    }
}

TEST(StereoWidth, Stepping_a_parameter_makes_no_zipper_noise) {
    const auto with = [](float width, float above_hz, float mono_hz) {
        return Parameters{true, width, above_hz, mono_hz};
    };
    const Parameters steps[][2] = {{kOff, kWide},
                                   {kWide, kOff},
                                   {kOff, kMonoLows},
                                   {kMonoLows, kOff},
                                   {kWide, kWidest},
                                   {kWidest, kNarrow},
                                   {kNarrow, kWidest},
                                   {with(0.0f, 200.0f, 0.0f), with(2.0f, 200.0f, 0.0f)},
                                   {with(1.25f, 100.0f, 0.0f), with(1.25f, 3000.0f, 0.0f)},
                                   {with(1.0f, 300.0f, 40.0f), with(1.0f, 300.0f, 500.0f)}};
    for (const auto& step : steps) {
        double worst = -1000.0;
        for (const double phase : {0.0, 0.125, 0.25}) {
            auto stage = settled_stage<StereoWidth>(step[0], 48000, 2);
            // The side a quarter of the middle, a quarter of a turn apart; together -6 dBFS.
            Sides x = from_middle_and_side(sine(72000, 1000.0, 0.4, 48000.0, phase),
                                           sine(72000, 1000.0, 0.2, 48000.0, phase + 0.25));
            x = through(stage, x);
            stage.set_target(step[1]);
            const Sides after = from_middle_and_side(sine(24000, 1000.0, 0.4, 48000.0, phase),
                                                     sine(24000, 1000.0, 0.2, 48000.0, phase + 0.25));
            x = joined(x, through(stage, after));
            for (const Signal* channel : {&x.left, &x.right}) {
                worst = std::max(
                    worst, aim_test::split_at_tone(channel->data() + channel->size() - 48000, 48000, 48000.0, 1000.0)
                               .rest_relative_db());
            }
        }
        EXPECT_LE(worst, -80.0) << step[0].width << " to " << step[1].width;
        RecordProperty("width " + std::to_string(step[0].width) + " to " + std::to_string(step[1].width) + " " +
                           std::to_string(step[1].width_above_hz),
                       std::to_string(worst));
    }
}

// The guard at work is not heard either: a side that comes and goes under a steady tone.
TEST(StereoWidthGuard, Works_without_splatter) {
    const size_t frames = 144000;
    Signal side = sine(frames, 1000.0, 0.1, 48000.0, 0.25);
    // Half a second into the last second it rises to four fifths of the middle, over 20 ms.
    for (size_t n = 0; n < frames; ++n) {
        const double t = std::clamp(((double)n - 120000.0) / 960.0, 0.0, 1.0);
        side[n] = (float)((double)side[n] * (1.0 + 3.0 * t * t * t * (10.0 - 15.0 * t + 6.0 * t * t)));
    }
    const Sides x = from_middle_and_side(sine(frames, 1000.0, 0.5, 48000.0), side);
    const auto rest = [&](const Sides& y) {
        return aim_test::split_at_tone(y.left.data() + frames - 48000, 48000, 48000.0, 1000.0).rest_relative_db();
    };
    const Watched y = watch(kWidest, x);
    EXPECT_LT(y.last, 1.2);
    EXPECT_LE(rest(y.output), std::max(-80.0, rest(x) + 6.0));
    RecordProperty("splatter", std::to_string(rest(y.output)) + " of " + std::to_string(rest(x)));
}

TEST(StereoWidth, Stays_bounded_while_every_parameter_jumps_in_every_quantum) {
    const auto any = [](Noise& source) {
        return Parameters{source.bits() % 8 != 0, source.between(0.0, 2.0), source.between(20.0, 5000.0),
                          source.bits() % 2 != 0 ? 0.0f : source.between(20.0, 500.0)};
    };
    for (const uint32_t rate : kRates) EXPECT_LT(peak_while_all_jumps<StereoWidth>(rate, any), 10.0f) << rate;
}

}  // namespace
}  // namespace stereo_width_test
