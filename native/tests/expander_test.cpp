// The gate as a downward expander, and its threshold above the noise floor.
#include <gtest/gtest.h>

#include <cmath>
#include <deque>

#include "dynamics/noise_gate.h"
#include "reference/spectrum.h"
#include "reference/stage_contract.h"

namespace expander_test {
namespace {

using namespace aim_test;
using aim::NoiseGate;
using Parameters = NoiseGate::Parameters;

constexpr uint32_t kRate = 48000;
constexpr double kCurveDb = 0.1;

// What the closed gate does to a settled level.
double expander_gain_db(const Parameters& p, double threshold_db, double level_db) {
    const double below = std::min(0.0, level_db - threshold_db);
    return std::max(static_cast<double>(p.range_db), (static_cast<double>(p.ratio) - 1) * below);
}

Parameters expander(float ratio, float range_db = -80, float threshold_db = -40) {
    Parameters p;
    p.threshold_db = threshold_db;
    p.range_db = range_db;
    p.release_ms = 50;
    p.ratio = ratio;
    return p;
}

Audio mono(const Samples& signal) { return to_audio(signal, 1); }

// Gain in dB of the peaks from `from` to `to`.
double gain_db(const Audio& input, const Audio& output, size_t from, size_t to) {
    double in = 0;
    double out = 0;
    for (size_t i = from; i < to; ++i) {
        in = std::max(in, std::abs(static_cast<double>(input[0][i])));
        out = std::max(out, std::abs(static_cast<double>(output[0][i])));
    }
    return to_db(out / in);
}

Samples shaped_tone(size_t frames, double (*level_db)(double seconds)) {
    Samples tone = sine(kRate, 1000, 0, frames);
    for (size_t i = 0; i < frames; ++i) tone[i] *= from_db(level_db(static_cast<double>(i) / kRate));
    return tone;
}

TEST(Expander, Static_curve_follows_the_formula) {
    for (const Parameters& p : {expander(1.5f), expander(2, -12), expander(2), expander(4, -60), expander(20, -50),
                                expander(99.5f), expander(1.2f, -6, -20)}) {
        for (double below = p.hysteresis_db + 0.3; below < 45; below += 3.7) {
            const double level_db = p.threshold_db - below;
            auto gate = fresh_stage<NoiseGate>(p, kRate, 1);
            const Audio input = mono(sine(kRate, 1000, level_db, kRate / 2));
            const Audio output = rendered(gate, input);
            EXPECT_NEAR(expander_gain_db(p, p.threshold_db, level_db), gain_db(input, output, kRate / 4, kRate / 2),
                        kCurveDb)
                << level_db << " dBFS, ratio " << p.ratio;
            EXPECT_NEAR(-expander_gain_db(p, p.threshold_db, level_db), gate.meter().read().now_db, kCurveDb);
        }
    }
}

TEST(Expander, Static_curve_holds_at_every_rate) {
    const Parameters p = expander(3, -40);
    for (const uint32_t rate : {8000u, 16000u, 44100u, 96000u, 192000u}) {
        auto gate = fresh_stage<NoiseGate>(p, rate, 1);
        const size_t frames = rate / 2 / 16 * 16;
        const Audio input = mono(sine(rate, rate / 48.0, -50, frames));
        EXPECT_NEAR(-20, gain_db(input, rendered(gate, input), frames / 2, frames), kCurveDb) << rate;
    }
}

TEST(Expander, Between_the_thresholds_a_closed_gate_follows_the_curve_up_to_no_reduction) {
    const Parameters p = expander(4);
    auto gate = fresh_stage<NoiseGate>(p, kRate, 1);
    Audio low = mono(sine(kRate, 1000, -60, kRate / 2));
    rendered(gate, low);
    for (const double below : {2.9, 2.0, 1.0, 0.2}) {
        const Audio input = mono(sine(kRate, 1000, p.threshold_db - below, kRate / 2));
        EXPECT_NEAR(-3 * below, gain_db(input, rendered(gate, input), kRate / 4, kRate / 2), kCurveDb) << below;
    }
}

// 2 dB per second: the detector's hold and the release cost less than the tolerance.
TEST(Expander, Gain_is_continuous_where_the_gate_closes_and_opens) {
    constexpr double kDbPerSecond = 2;
    constexpr double kFollowsDb = 0.2;
    constexpr double kJumpDb = 0.02;
    Parameters p = expander(3);
    auto gate = fresh_stage<NoiseGate>(p, kRate, 1);
    // Down from 1 dB above the threshold to 9 below, and up again.
    const Samples tone = shaped_tone(10 * kRate, [](double t) { return -39 - kDbPerSecond * (5 - std::abs(5 - t)); });
    const Audio input = mono(tone);
    const Audio output = rendered(gate, input);
    double last_db = 0;
    for (size_t at = 0; at < tone.size(); at += kRate / 1000) {
        const double t = static_cast<double>(at) / kRate;
        const double level_db = -39 - kDbPerSecond * (5 - std::abs(5 - t));
        const double heard_db = gain_db(input, output, at, at + kRate / 1000);
        const bool open = t < 2.0;              // closes 3 dB below the threshold
        const bool closing = !open && t < 2.1;  // the release
        if (open) {
            ASSERT_EQ(0, heard_db) << t;
        }
        if (!open && !closing) {
            ASSERT_NEAR(expander_gain_db(p, -40, level_db), heard_db, kFollowsDb) << t;
        }
        // The release takes 6 dB in 50 ms, at most 0.36 dB in one of them.
        ASSERT_NEAR(last_db, heard_db, closing ? 0.36 : kJumpDb) << t;
        last_db = heard_db;
    }
}

TEST(Expander, Ratio_one_does_nothing) {
    auto gate = fresh_stage<NoiseGate>(expander(1), kRate, 2);
    const Audio input = to_audio(white_noise(-50, kRate / 2, 3), music(kRate, -45, kRate / 2, 4));
    EXPECT_TRUE(same_bits(input, rendered(gate, input)));
}

TEST(Expander, Switched_off_and_settled_it_does_nothing) {
    Parameters p = expander(2);
    auto gate = fresh_stage<NoiseGate>(p, kRate, 1);
    const Audio input = mono(sine(kRate, 1000, -60, kRate / 2));
    rendered(gate, input);
    p.enabled = false;
    gate.set_target(p);
    rendered(gate, input);
    EXPECT_TRUE(same_bits(input, rendered(gate, input)));
    EXPECT_EQ(0, gate.meter().read().now_db);
}

// Words must not lose their beginnings.
TEST(Expander, Opens_within_the_attack_time) {
    constexpr double kOpen = 0.9999;
    for (const uint32_t rate : {8000u, 48000u, 192000u}) {
        for (const float attack_ms : {0.5f, 5.0f, 30.0f}) {
            Parameters p = expander(2, -40);
            p.attack_ms = attack_ms;
            p.above_floor_db = 8;
            auto gate = fresh_stage<NoiseGate>(p, rate, 1);
            const size_t quiet = rate / 4 / 16 * 16 + 7;
            const size_t total = (quiet + rate / 10) / 16 * 16;
            const Audio input = mono(joined(constant(from_db(-62), quiet), constant(from_db(-20), total - quiet)));
            const Audio output = rendered(gate, input);
            ASSERT_NEAR(-22, to_db(output[0][quiet - 17] / input[0][quiet - 17]), 0.1);
            size_t open = quiet;
            while (open < total && output[0][open] < kOpen * static_cast<double>(input[0][open])) ++open;
            EXPECT_LE(static_cast<double>(open - quiet), std::ceil(attack_ms * rate / 1000) + 1) << rate;
        }
    }
}

TEST(Expander, Closes_to_its_range_within_hold_and_release) {
    constexpr double kDetectorMs = 12;
    for (const float hold_ms : {0.0f, 150.0f}) {
        Parameters p = expander(2, -12);
        p.hold_ms = hold_ms;
        p.release_ms = 250;
        auto gate = fresh_stage<NoiseGate>(p, kRate, 1);
        constexpr size_t loud = 20000;
        const Audio input = mono(joined(constant(0.1, loud), constant(1e-4, kRate)));
        const Audio output = rendered(gate, input);
        const auto gain = [&](size_t i) { return static_cast<double>(output[0][i]) / input[0][i]; };
        const auto closed = loud + static_cast<size_t>((hold_ms + p.release_ms + kDetectorMs) * kRate / 1000) + 32;
        EXPECT_NEAR(-12, to_db(gain(closed)), 0.01);
        EXPECT_NEAR(1, gain(loud + static_cast<size_t>(hold_ms * kRate / 1000)), 0);
        for (size_t i = loud + 1; i < closed; ++i) ASSERT_LE(gain(i), gain(i - 1) + 1e-5) << i;
    }
}

TEST(Expander, Does_not_rise_when_a_gate_becomes_an_expander_in_a_pause) {
    Parameters p = expander(100, -60);
    auto gate = fresh_stage<NoiseGate>(p, kRate, 1);
    const Audio loud = mono(sine(kRate, 1000, -6, kRate / 2));
    const Audio soft = mono(sine(kRate, 1000, -80, kRate / 2));
    rendered(gate, loud);
    rendered(gate, soft);
    p.ratio = 2;
    p.range_db = -30;
    gate.set_target(p);
    const Audio output = rendered(gate, soft);
    EXPECT_LE(gain_db(soft, output, 0, kRate / 2), -29.9);
    EXPECT_NEAR(-30, gain_db(soft, output, kRate / 4, kRate / 2), kCurveDb);
}

// ----------------------------------------------------------------------------------------------- no clicks

constexpr double kZipperDb = -80;

double splatter_db(const Audio& audio, size_t middle) {
    return split_at_tone(audio[0].data() + middle - kRate / 2, kRate, kRate, 1000).rest_relative_db();
}

TEST(Expander, A_tone_that_hovers_around_the_threshold_stays_clean) {
    for (const float ratio : {1.5f, 2.0f, 4.0f, 10.0f}) {
        for (const double wobble_hz : {0.4, 1.3, 5.0, 17.0}) {
            for (const double centre_db : {-6.0, -7.5, -9.0}) {
                Parameters p = expander(ratio, -60, -6);
                auto gate = fresh_stage<NoiseGate>(p, kRate, 1);
                Samples tone = sine(kRate, 1000, centre_db, 3 * kRate);
                for (size_t i = 0; i < tone.size(); ++i) {
                    tone[i] *= from_db(0.5 * std::sin(2 * M_PI * wobble_hz * static_cast<double>(i) / kRate));
                }
                const Audio output = rendered(gate, mono(tone));
                EXPECT_LE(splatter_db(output, kRate * 3 / 2), kZipperDb)
                    << ratio << " " << wobble_hz << " " << centre_db;
            }
        }
    }
}

TEST(Expander, Parameters_move_without_a_click) {
    const Parameters base = expander(2, -40, -3);
    const auto changed = [&](auto change) {
        Parameters p = base;
        change(p);
        return p;
    };
    const Parameters others[] = {
        changed([](Parameters& p) { p.ratio = 4; }),           changed([](Parameters& p) { p.ratio = 1; }),
        changed([](Parameters& p) { p.ratio = 100; }),         changed([](Parameters& p) { p.range_db = -2; }),
        changed([](Parameters& p) { p.threshold_db = -1; }),   changed([](Parameters& p) { p.hysteresis_db = 1; }),
        changed([](Parameters& p) { p.above_floor_db = 12; }), changed([](Parameters& p) { p.enabled = false; }),
        changed([](Parameters& p) { p.release_ms = 500; }),    changed([](Parameters& p) { p.attack_ms = 20; }),
    };
    Audio tone = mono(sine(kRate, 1000, -6.5, 3 * kRate));
    int index = 0;
    for (const Parameters& other : others) {
        for (const bool back : {false, true}) {
            auto gate = fresh_stage<NoiseGate>(back ? other : base, kRate, 1);
            Audio audio = tone;
            const uint32_t middle = quanta_in(audio) / 2;
            run_quanta(gate, audio, 0, middle, 60);
            gate.set_target(back ? base : other);
            run_quanta(gate, audio, middle, quanta_in(audio), 60);
            EXPECT_LE(splatter_db(audio, middle * 16), kZipperDb) << "change " << index << (back ? " back" : "");
        }
        ++index;
    }
}

// ------------------------------------------------------------------------------------------ noise floor

Parameters above_floor(float above_db, float threshold_db = -60) {
    Parameters p = expander(2, -40, threshold_db);
    p.above_floor_db = above_db;
    return p;
}

TEST(ExpanderFloor, Threshold_stays_above_a_steady_floor_but_not_far_above_what_was_asked) {
    struct Case {
        double floor_db;
        float above_db;
        double threshold_db;
    };
    for (const Case c :
         {Case{-55, 6, -49}, Case{-58, 6, -52}, Case{-80, 8, -60}, Case{-55, 24, -48}, Case{-55, 8, -48}}) {
        auto gate = fresh_stage<NoiseGate>(above_floor(c.above_db), kRate, 1);
        const Audio input = mono(sine(kRate, 1000, c.floor_db, 10 * kRate));
        const Audio output = rendered(gate, input);
        EXPECT_NEAR(expander_gain_db(above_floor(0), c.threshold_db, c.floor_db),
                    gain_db(input, output, 9 * kRate, 10 * kRate), kCurveDb)
            << c.floor_db << " " << c.above_db;
    }
}

TEST(ExpanderFloor, Two_seconds_of_history_come_first_and_then_it_rises_slowly) {
    const Audio input = mono(sine(kRate, 1000, -55, 10 * kRate));
    auto gate = fresh_stage<NoiseGate>(above_floor(8), kRate, 1);
    const Audio output = rendered(gate, input);
    for (size_t i = 0; i < 2 * kRate; ++i) ASSERT_EQ(input[0][i], output[0][i]) << i;
    // Lifted 2 dB per second it passes the floor, 5 dB up and 3 of hysteresis, 4 s later and no sooner.
    for (size_t i = 2 * kRate; i < 5 * kRate; ++i) ASSERT_EQ(input[0][i], output[0][i]) << i;
    EXPECT_LT(gain_db(input, output, 7 * kRate, 8 * kRate), -5);
}

// An independent look at the floor: plain maxima over the hold, means over 400 ms, the least of the last 8 s.
double floor_model_db(const std::vector<float>& signal, size_t end) {
    constexpr size_t kHold = 480;
    constexpr size_t kMean = kRate * 4 / 10;
    std::deque<size_t> window;
    std::vector<double> sums(end + 1, 0.0);
    for (size_t i = 0; i < end; ++i) {
        while (!window.empty() && std::abs(signal[window.back()]) <= std::abs(signal[i])) window.pop_back();
        window.push_back(i);
        while (window.front() + kHold < i) window.pop_front();
        sums[i + 1] = sums[i] + std::abs(static_cast<double>(signal[window.front()]));
    }
    double least = 1e9;
    for (size_t i = end - std::min<size_t>(end, 8 * kRate) + kMean; i <= end; i += kRate / 100) {
        least = std::min(least, (sums[i] - sums[i - kMean]) / static_cast<double>(kMean));
    }
    return to_db(least);
}

// A word of 300 ms with soft ends, every 1.2 s.
double word_at(size_t i) {
    const double t = std::fmod(static_cast<double>(i) / kRate, 1.2) - 0.6;
    if (t < 0 || t > 0.3) return 0;
    const double ends = std::min(1.0, std::min(t, 0.3 - t) / 0.005);
    return from_db(-15) * ends * std::sin(2 * M_PI * 220 * t);
}

TEST(ExpanderFloor, Noise_between_words_goes_down_and_the_words_stay) {
    constexpr size_t kFrames = 14 * kRate;
    Samples signal = white_noise(-52, kFrames, 21);
    Samples words(kFrames);
    for (size_t i = 0; i < kFrames; ++i) {
        words[i] = word_at(i);
        signal[i] += words[i];
    }
    const Audio input = mono(signal);
    const double floor_db = floor_model_db(input[0], kFrames);
    ASSERT_NEAR(-52, floor_db, 1);
    Parameters p = above_floor(6, -56);
    auto following = fresh_stage<NoiseGate>(p, kRate, 1);
    p.above_floor_db = 0;
    auto fixed = fresh_stage<NoiseGate>(p, kRate, 1);
    const Audio output = rendered(following, input);
    const Audio unfollowed = rendered(fixed, input);
    double in = 0;
    double out = 0;
    for (size_t i = 11 * kRate; i < kFrames; ++i) {
        const double t = std::fmod(static_cast<double>(i) / kRate, 1.2) - 0.6;
        // Without the floor the noise keeps the gate open.
        ASSERT_EQ(input[0][i], unfollowed[0][i]);
        if (t > -0.4 && t < -0.02) {
            in += std::pow(static_cast<double>(input[0][i]), 2);
            out += std::pow(static_cast<double>(output[0][i]), 2);
        }
        // From 10 ms after its start the word is what it was.
        if (t > 0.010 && t < 0.295) {
            ASSERT_EQ(input[0][i], output[0][i]) << t;
        }
    }
    // The noise lies 6 dB below the threshold, at 2:1 that is 6 dB of reduction, in the mean of a fluctuating level.
    EXPECT_NEAR(-6, 10 * std::log10(out / in), 1);
}

TEST(ExpanderFloor, Follows_the_floor_down_at_once_and_up_after_its_memory) {
    const Parameters p = above_floor(8);
    auto gate = fresh_stage<NoiseGate>(p, kRate, 1);
    rendered(gate, mono(sine(kRate, 1000, -56, 8 * kRate)));
    // 14 dB down: within the mean's 400 ms the threshold is back at what was asked for.
    const Audio softer = mono(sine(kRate, 1000, -70, 4 * kRate));
    const Audio after = rendered(gate, softer);
    EXPECT_NEAR(-10, gain_db(softer, after, kRate, 4 * kRate), kCurveDb);
    // Up again: for the 8 s of the memory nothing happens, so the louder floor passes.
    const Audio louder = mono(sine(kRate, 1000, -56, 18 * kRate));
    const Audio passed = rendered(gate, louder);
    EXPECT_NEAR(0, gain_db(louder, passed, kRate, 7 * kRate), 0);
    EXPECT_NEAR(-8, gain_db(louder, passed, 17 * kRate, 18 * kRate), kCurveDb);
}

// ---------------------------------------------------------------------------------------------- contract

TEST(Expander, Keeps_the_stage_contract) {
    Parameters first = expander(2, -30, -25);
    Parameters second = first;
    second.ratio = 8;
    second.threshold_db = -35;
    Parameters off = first;
    off.enabled = false;
    for (const float above_db : {0.0f, 10.0f}) {
        first.above_floor_db = above_db;
        for (const Parameters& other : {second, off, Parameters{}}) {
            expect_stage_contract<NoiseGate>(first, other, mono(music(kRate, -12, 4 * kRate, 6)));
        }
        expect_stage_contract<NoiseGate>(first, second,
                                         to_audio(music(kRate, -12, 3 * kRate, 7), music(kRate, -20, 3 * kRate, 8)));
    }
}

TEST(Expander, Decay_ends_in_exact_zeros_and_leaves_no_subnormals) {
    Parameters p = expander(2, -100, 0);
    p.above_floor_db = 8;
    auto gate = fresh_stage<NoiseGate>(p, kRate, 1);
    Samples signal = white_noise(0, 3 * kRate, 9);
    for (size_t i = 0; i < signal.size(); ++i) {
        signal[i] *= i < kRate ? std::exp(-40.0 * static_cast<double>(i) / kRate) : 0.0;
    }
    const Audio output = rendered(gate, mono(signal));
    for (size_t i = 0; i < output[0].size(); ++i) {
        ASSERT_NE(FP_SUBNORMAL, std::fpclassify(output[0][i])) << i;
        if (i >= kRate) {
            ASSERT_EQ(0.0f, output[0][i]);
        }
    }
}

TEST(Expander, Stereo_shares_one_gain) {
    auto gate = fresh_stage<NoiseGate>(expander(2), kRate, 2);
    const Audio output = rendered(gate, to_audio(sine(kRate, 1000, -50, kRate / 2), sine(kRate, 1000, -70, kRate / 2)));
    for (size_t i = kRate / 4; i < kRate / 2; ++i) {
        ASSERT_NEAR(output[0][i], output[1][i] * 10.0, 1e-3 * from_db(-50)) << i;
    }
    EXPECT_NEAR(-60, to_db(peak(output[0], kRate / 4)), kCurveDb);
}

}  // namespace
}  // namespace expander_test
