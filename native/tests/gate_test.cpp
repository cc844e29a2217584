// The noise gate from outside: where it opens and closes, how far, how fast, how often, and what that sounds like.
#include <gtest/gtest.h>

#include <cmath>

#include "reference/setups.h"
#include "reference/spectrum.h"

namespace gate_test {
namespace {

using namespace aim_test;

constexpr uint32_t kRate = 48000;

Settings gate(float threshold_db = -40, const Settings& more = {}) {
    return with(only({{AIM_PARAM_GATE_ENABLED, 1}, {AIM_PARAM_GATE_THRESHOLD_DB, threshold_db}}), more);
}

float minimum_of(int32_t id) {
    aim_parameter_info info{};
    for (int32_t row = 0; row < aim_parameter_count(); ++row) {
        aim_parameter_info_at(row, &info);
        if (info.id == id) return info.minimum;
    }
    ADD_FAILURE() << "no parameter " << id;
    return 0;
}

// A tone whose peak level moves linearly in dB. 1 kHz at 48 kHz has samples at its very peaks.
Samples ramped_tone(double from_level_db, double to_level_db, size_t frames) {
    Samples tone = sine(kRate, 1000, 0, frames);
    for (size_t i = 0; i < frames; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(frames);
        tone[i] *= from_db(from_level_db + (to_level_db - from_level_db) * share);
    }
    return tone;
}

// Gain at every sample where the input can be told from nothing; where not, the last one.
std::vector<double> gains(const std::vector<float>& input, const std::vector<float>& output, size_t latency) {
    std::vector<double> result(output.size() - latency, 0.0);
    double last = 0;
    for (size_t i = 0; i < result.size(); ++i) {
        if (std::abs(input[i]) > 1e-7f) last = static_cast<double>(output[i + latency]) / static_cast<double>(input[i]);
        result[i] = last;
    }
    return result;
}

std::vector<double> gains(StripUnderTest& strip, const Samples& signal) {
    const Audio input = to_audio(signal, 1);
    return gains(input[0], strip.process(input)[0], strip.latency());
}

size_t first(const std::vector<double>& gain, bool (*condition)(double), size_t from = 0) {
    size_t i = from;
    while (i < gain.size() && !condition(gain[i])) ++i;
    return i;
}

bool moved_up(double gain) { return gain > 0.5; }
bool moved_down(double gain) { return gain < 0.5; }

int transitions(const std::vector<double>& gain) {
    int count = 0;
    bool open = gain.front() > 0.5;
    for (const double g : gain) {
        if (open != (g > 0.5)) {
            open = !open;
            ++count;
        }
    }
    return count;
}

TEST(Gate, Opens_at_the_threshold_and_closes_below_the_hysteresis) {
    constexpr double kLevelDb = 0.1;
    // 0.5 dB per second: hold and release, 200 ms in all, cost less than the tolerance.
    constexpr double kDbPerSecond = 0.5;
    struct Case {
        float threshold_db, hysteresis_db;
    };
    for (const Case c : {Case{-40, 3}, Case{-25, 6}, Case{-55, 1}}) {
        const double low = c.threshold_db - c.hysteresis_db - 1;
        const double high = c.threshold_db + 1;
        const auto frames = static_cast<size_t>((high - low) / kDbPerSecond * kRate);
        StripUnderTest strip(gate(c.threshold_db, {{AIM_PARAM_GATE_HYSTERESIS_DB, c.hysteresis_db},
                                                   {AIM_PARAM_GATE_HOLD_MS, minimum_of(AIM_PARAM_GATE_HOLD_MS)},
                                                   {AIM_PARAM_GATE_RELEASE_MS, 10}}),
                             kRate, 1);
        const std::vector<double> gain =
            gains(strip, joined(ramped_tone(low, high, frames), ramped_tone(high, low, frames)));
        // A fresh gate is open; it has the first second to notice that there is nothing to keep it so.
        const size_t opened = first(gain, moved_up, kRate);
        const size_t closed = first(gain, moved_down, opened);
        ASSERT_LT(opened, frames);
        ASSERT_LT(closed, gain.size());
        EXPECT_NEAR(c.threshold_db, low + kDbPerSecond * static_cast<double>(opened) / kRate, kLevelDb);
        EXPECT_NEAR(c.threshold_db - c.hysteresis_db,
                    high - kDbPerSecond * static_cast<double>(closed - frames) / kRate, kLevelDb);
    }
}

TEST(Gate, Keeps_the_first_word_of_a_programme_that_begins_at_once) {
    StripUnderTest strip(gate());
    const Audio input = to_audio(sine(kRate, 200, -12, kRate / 4), 2);
    const Audio output = strip.process(input);
    // The very first sample of a sine is zero and may let the gain dip by a hair.
    for (size_t i = strip.latency(); i < output[0].size(); ++i) {
        const float expected = input[0][i - strip.latency()];
        ASSERT_NEAR(expected, output[0][i], 1e-4 * std::abs(expected)) << i;
    }
}

TEST(Gate, Range_is_the_gain_while_closed) {
    constexpr double kRangeDb = 0.1;
    for (const float range_db : {-6.0f, -20.0f, -40.0f, -60.0f}) {
        StripUnderTest strip(gate(-40, {{AIM_PARAM_GATE_RANGE_DB, range_db}}), kRate, 1);
        const Audio output = strip.process(to_audio(sine(kRate, 1000, -50, kRate), 1));
        EXPECT_NEAR(-50 + range_db, to_db(peak(output[0], kRate / 2)), kRangeDb);
        EXPECT_NEAR(-range_db, strip.metrics().gate.now_db, kRangeDb);
    }
}

TEST(Gate, Opens_within_its_attack_time) {
    constexpr double kOpen = 0.9999;
    for (const uint32_t rate : {8000u, 44100u, 48000u, 192000u}) {
        const size_t quiet = rate / 4 + 7;  // time to close, and off every grid
        for (const float attack_ms : {0.5f, 2.0f, 10.0f, 30.0f}) {
            StripUnderTest strip(gate(-40, {{AIM_PARAM_GATE_ATTACK_MS, attack_ms}}), rate, 1);
            const std::vector<double> gain = gains(strip, joined(constant(1e-4, quiet), constant(0.1, rate / 10)));
            ASSERT_LT(gain[quiet - 1 - rate / 1000], 0.1);
            size_t open = quiet;
            while (open < gain.size() && gain[open] < kOpen) ++open;
            const double attack_frames = attack_ms * rate / 1000;
            EXPECT_LE(static_cast<double>(open - quiet), std::ceil(attack_frames) + 1) << rate << " " << attack_ms;
            // Opening long before its attack time has passed would be a click.
            EXPECT_GE(static_cast<double>(open - quiet), 0.7 * attack_frames - 17) << rate << " " << attack_ms;
        }
    }
}

TEST(Gate, Closes_after_hold_and_release) {
    constexpr size_t kLoud = 20011;
    constexpr double kDetectorMs = 12;  // it must bridge the lowest notes: 10 ms and its granularity
    for (const float hold_ms : {0.0f, 50.0f, 200.0f}) {
        for (const float release_ms : {20.0f, 100.0f, 400.0f}) {
            StripUnderTest strip(
                gate(-40, {{AIM_PARAM_GATE_HOLD_MS, hold_ms}, {AIM_PARAM_GATE_RELEASE_MS, release_ms}}), kRate, 1);
            const std::vector<double> gain = gains(strip, joined(constant(0.1, kLoud), constant(1e-4, kRate)));
            const double closed_gain = gain.back();
            EXPECT_LT(closed_gain, 0.1);
            size_t fall = kLoud;
            while (gain[fall] > 0.9999) ++fall;
            size_t closed = fall;
            while (gain[closed] > closed_gain * 1.001 + 1e-6) ++closed;
            EXPECT_GE(static_cast<double>(fall - kLoud), hold_ms * kRate / 1000) << hold_ms;
            EXPECT_LE(static_cast<double>(closed - kLoud), (hold_ms + release_ms + kDetectorMs) * kRate / 1000 + 32)
                << hold_ms << " " << release_ms;
            EXPECT_GE(static_cast<double>(closed - fall), 0.7 * release_ms * kRate / 1000) << release_ms;
        }
    }
}

TEST(Gate, Gain_moves_one_way_only_while_it_opens_and_closes) {
    constexpr double kReadingError = 1e-5;
    StripUnderTest strip(gate(), kRate, 1);
    const std::vector<double> gain =
        gains(strip, joined(joined(constant(1e-3, 9000), constant(0.1, 9000)), constant(1e-3, 24000)));
    for (size_t i = 8001; i < 18000; ++i) ASSERT_GE(gain[i], gain[i - 1] - kReadingError) << i;
    for (size_t i = 18001; i < gain.size(); ++i) ASSERT_LE(gain[i], gain[i - 1] + kReadingError) << i;
    EXPECT_NEAR(1, gain[17999], 0);
}

TEST(Gate, Does_not_chatter_on_a_tone_that_hovers_around_the_threshold) {
    constexpr size_t kSeconds = 6;
    for (const double wobble_hz : {0.4, 1.3, 5.0, 17.0}) {
        Samples tone = sine(kRate, 1000, -40, kSeconds * kRate);
        for (size_t i = 0; i < tone.size(); ++i) {
            tone[i] *= from_db(0.5 * std::sin(2 * M_PI * wobble_hz * static_cast<double>(i) / kRate));
        }
        StripUnderTest strip(gate(), kRate, 1);
        EXPECT_LE(transitions(gains(strip, tone)), static_cast<int>(kSeconds)) << wobble_hz;
    }
    Samples noisy = sine(kRate, 1000, -40, kSeconds * kRate);
    Random random(3);
    double wander_db = 0;
    for (double& x : noisy) {
        wander_db = std::min(0.5, std::max(-0.5, wander_db + 0.002 * random.normal()));
        x *= from_db(wander_db);
    }
    StripUnderTest strip(gate(), kRate, 1);
    EXPECT_LE(transitions(gains(strip, noisy)), static_cast<int>(kSeconds));
}

TEST(Gate, Bass_notes_do_not_make_it_flutter) {
    StripUnderTest strip(gate(-40), kRate, 1);
    const std::vector<double> gain = gains(strip, sine(kRate, 30, -37, 2 * kRate));
    for (size_t i = kRate / 2; i < gain.size(); ++i) ASSERT_NEAR(1, gain[i], 1e-6) << i;
}

// The figure is in dBFS over one second, for a tone that crosses the threshold of -40 dBFS and stays there at -39: a
// gain that rises within 0.5 ms must spread about -41 dB of the tone's own second beyond 500 Hz, whatever its shape.
TEST(Gate, Opening_and_closing_splatter_stays_below_80_dBFS) {
    constexpr double kSplatterDbfs = -80;
    constexpr size_t kMoveFrames = kRate / 2;  // slow enough that the input itself is clean
    constexpr size_t kRestFrames = kRate;
    const auto eased_tone = [](double from_level_db, double to_level_db) {
        Samples tone = sine(kRate, 1000, 0, 2 * kRestFrames + kMoveFrames);
        for (size_t i = 0; i < tone.size(); ++i) {
            double t = (static_cast<double>(i) - kRestFrames) / kMoveFrames;
            t = std::min(1.0, std::max(0.0, t));
            tone[i] *= from_db(from_level_db + (to_level_db - from_level_db) * (0.5 - 0.5 * std::cos(M_PI * t)));
        }
        return tone;
    };
    for (const bool opening : {true, false}) {
        const Samples tone = opening ? eased_tone(-45, -39) : eased_tone(-39, -47);
        StripUnderTest strip(gate(), kRate, 1);
        const Audio input = to_audio(tone, 1);
        const Audio output = strip.process(input);
        const std::vector<double> gain = gains(input[0], output[0], strip.latency());
        const size_t settled = kRestFrames / 2;
        const size_t moved = first(gain, opening ? moved_up : moved_down, settled);
        ASSERT_LT(moved, gain.size());
        const size_t middle = moved + strip.latency();
        ASSERT_GE(middle, kRate / 2);
        ASSERT_LE(middle + kRate / 2, output[0].size());
        const float* around = output[0].data() + middle - kRate / 2;
        EXPECT_LE(split_at_tone(around, kRate, kRate, 1000).rest_dbfs, kSplatterDbfs)
            << (opening ? "opening" : "closing");
        const float* same_input = input[0].data() + moved - kRate / 2;
        EXPECT_LE(split_at_tone(same_input, kRate, kRate, 1000).rest_dbfs, kSplatterDbfs - 20);
    }
}

TEST(Gate, Stereo_opens_both_channels_together) {
    StripUnderTest strip(gate());
    const Audio input = to_audio(sine(kRate, 1000, -20, kRate / 2), sine(kRate, 700, -70, kRate / 2));
    const Audio output = strip.process(input);
    for (size_t i = kRate / 8; i < output[1].size(); ++i) {
        ASSERT_EQ(input[1][i - strip.latency()], output[1][i]) << i;
    }
}

}  // namespace
}  // namespace gate_test
