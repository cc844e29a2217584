// The limiter from outside: the ceiling above all, then what it costs the sound.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "reference/setups.h"
#include "reference/spectrum.h"
#include "reference/true_peak.h"

namespace limiter_test {
namespace {

using namespace aim_test;

constexpr uint32_t kRate = 48000;

// The ceiling in dB becomes a float factor: half a unit in the last place of dB and of the factor.
constexpr double kCeilingRoundingDb = 1e-5;

struct Values {
    float input_gain_db = 0;
    float threshold_db = -0.3f;
    float ceiling_db = -0.1f;
    float lookahead_ms = 5;
    float release_ms = 50;
    float true_peak = 0;
};

Settings limiter(const Values& v) {
    return only({{AIM_PARAM_LIMITER_ENABLED, 1},
                 {AIM_PARAM_LIMITER_INPUT_GAIN_DB, v.input_gain_db},
                 {AIM_PARAM_LIMITER_THRESHOLD_DB, v.threshold_db},
                 {AIM_PARAM_LIMITER_CEILING_DB, v.ceiling_db},
                 {AIM_PARAM_LIMITER_LOOKAHEAD_MS, v.lookahead_ms},
                 {AIM_PARAM_LIMITER_RELEASE_MS, v.release_ms},
                 {AIM_PARAM_LIMITER_TRUE_PEAK, v.true_peak}});
}

struct Stimulus {
    const char* name;
    std::function<Samples(size_t frames)> make;
};

const std::vector<Stimulus>& stimuli() {
    static const std::vector<Stimulus> table = {
        {"white noise +6 dB", [](size_t n) { return white_noise(6, n, 1); }},
        {"sparse impulses x 4", [](size_t n) { return sparse_impulses(4, n, 2); }},
        {"fs/4 at 45 degrees", [](size_t n) { return sine(kRate, kRate / 4.0, 6, n, M_PI / 4); }},
        {"60 Hz", [](size_t n) { return sine(kRate, 60, 7, n); }},
        {"square 997 Hz", [](size_t n) { return square(kRate, 997, 6, n); }},
        {"bursts of 5 kHz", [](size_t n) { return bursts(kRate, 5000, 12, n); }},
        {"pink noise", [](size_t n) { return pink_noise(9, n, 3); }},
        {"music", [](size_t n) { return music(kRate, 12, n, 4); }},
    };
    return table;
}

float bound_of(int32_t id, bool maximum) {
    aim_parameter_info info{};
    for (int32_t row = 0; row < aim_parameter_count(); ++row) {
        aim_parameter_info_at(row, &info);
        if (info.id == id) return maximum ? info.maximum : info.minimum;
    }
    ADD_FAILURE() << "no parameter " << id;
    return 0;
}

TEST(Limiter, Never_exceeds_the_ceiling) {
    constexpr size_t kFrames = kRate / 2;
    const float lookahead_min = bound_of(AIM_PARAM_LIMITER_LOOKAHEAD_MS, false);
    const float lookahead_max = bound_of(AIM_PARAM_LIMITER_LOOKAHEAD_MS, true);
    const float release_min = bound_of(AIM_PARAM_LIMITER_RELEASE_MS, false);
    for (const Stimulus& stimulus : stimuli()) {
        const Audio input = to_audio(stimulus.make(kFrames), 2);
        for (const Values& v :
             {Values{}, Values{.true_peak = 1}, Values{.lookahead_ms = 1}, Values{.lookahead_ms = lookahead_min},
              Values{.lookahead_ms = lookahead_max, .release_ms = release_min}, Values{.release_ms = release_min},
              Values{.threshold_db = -6, .ceiling_db = -1, .release_ms = 500},
              Values{.input_gain_db = 24, .lookahead_ms = 2, .true_peak = 1},
              // A threshold above the ceiling leaves no room for a knee.
              Values{.threshold_db = 0, .ceiling_db = -6}}) {
            StripUnderTest strip(limiter(v));
            const Audio output = strip.process(input, {960, true});
            const double loudest_db = to_db(std::max(peak(output[0]), peak(output[1])));
            EXPECT_LE(loudest_db, v.ceiling_db + kCeilingRoundingDb)
                << stimulus.name << ", look-ahead " << v.lookahead_ms << ", release " << v.release_ms;
            // Between the samples of fs/4 at 45 degrees hide 3.01 dB.
            EXPECT_GE(loudest_db, v.ceiling_db - (v.true_peak == 1 ? 3.3 : 0.5))
                << stimulus.name << ": it gave away the level";
            EXPECT_EQ(0u, strip.metrics().limiter_clamped_samples)
                << stimulus.name << ", look-ahead " << v.lookahead_ms << ", release " << v.release_ms;
        }
    }
}

TEST(Limiter, Never_exceeds_the_ceiling_on_a_million_random_frames) {
    constexpr int kRuns = 50;
    constexpr size_t kFrames = 20000;
    Random random(2024);
    for (int run = 0; run < kRuns; ++run) {
        const auto between = [&](int32_t id) {
            return static_cast<float>(random.uniform(bound_of(id, false), bound_of(id, true)));
        };
        Values v;
        v.lookahead_ms = between(AIM_PARAM_LIMITER_LOOKAHEAD_MS);
        v.release_ms = between(AIM_PARAM_LIMITER_RELEASE_MS);
        v.threshold_db = between(AIM_PARAM_LIMITER_THRESHOLD_DB);
        v.ceiling_db = between(AIM_PARAM_LIMITER_CEILING_DB);
        v.true_peak = static_cast<float>(run % 2);
        constexpr uint32_t kRates[] = {8000, 44100, 48000, 96000};
        const uint32_t rate = kRates[random.integer(0, 3)];

        // Noise whose loudness jumps every few hundred samples, up to +30 dBFS.
        Samples left(kFrames);
        Samples right(kFrames);
        double gain = 0;
        for (size_t i = 0; i < kFrames; ++i) {
            if (random.integer(0, 300) == 0) gain = from_db(random.uniform(-60, 30));
            left[i] = gain * random.uniform(-1, 1);
            right[i] = gain * random.uniform(-1, 1) * (random.integer(0, 50) == 0 ? 3 : 0.2);
        }
        StripUnderTest strip(limiter(v), rate);
        const Audio output = strip.process(to_audio(left, right), {960, true});
        EXPECT_LE(to_db(std::max(peak(output[0]), peak(output[1]))), v.ceiling_db + kCeilingRoundingDb)
            << "run " << run << ", look-ahead " << v.lookahead_ms << ", release " << v.release_ms;
        EXPECT_EQ(0u, strip.metrics().limiter_clamped_samples) << "run " << run;
    }
}

TEST(Limiter, Keeps_the_peaks_between_the_samples_below_the_ceiling_too) {
    constexpr size_t kFrames = kRate;
    constexpr double kBandHz = 20000;
    for (const Stimulus& stimulus : stimuli()) {
        const Audio input = to_audio(band_limited(stimulus.make(kFrames), kRate, kBandHz), 1);
        for (const Values& v : {Values{.true_peak = 1}, Values{.ceiling_db = -1, .lookahead_ms = 1, .true_peak = 1},
                                Values{.input_gain_db = 6, .release_ms = 200, .true_peak = 1}}) {
            StripUnderTest strip(limiter(v), kRate, 1);
            const Audio output = strip.process(input);
            // The band-limited signal starts and ends in mid-wave: its edges are no programme.
            EXPECT_LE(to_db(true_peak_16x(output[0], 2000, kFrames - 200)), v.ceiling_db)
                << stimulus.name << ", look-ahead " << v.lookahead_ms << ", ceiling " << v.ceiling_db;
        }
    }
}

TEST(Limiter, Ceiling_holds_while_its_parameters_move) {
    const Audio input = to_audio(white_noise(12, 4 * kRate, 8), 2);
    StripUnderTest strip(limiter({}));
    Random random(5);
    double loudest = 0;
    for (size_t start = 0; start + 960 <= input[0].size(); start += 960) {
        strip.set(AIM_PARAM_LIMITER_INPUT_GAIN_DB, static_cast<float>(random.uniform(-12, 12)));
        strip.set(AIM_PARAM_LIMITER_THRESHOLD_DB, static_cast<float>(random.uniform(-12, -1)));
        strip.set(AIM_PARAM_LIMITER_RELEASE_MS, static_cast<float>(random.uniform(10, 300)));
        const Audio block = {{input[0].begin() + start, input[0].begin() + start + 960},
                             {input[1].begin() + start, input[1].begin() + start + 960}};
        loudest = std::max(loudest, peak(strip.process(block)[0]));
    }
    EXPECT_LE(to_db(loudest), -0.1 + kCeilingRoundingDb);
    EXPECT_EQ(0u, strip.metrics().limiter_clamped_samples);
}

TEST(Limiter, Ceiling_that_moves_is_kept_from_start_to_end) {
    // Between two ceilings the output may follow the glide; it must never pass the higher, nor stay above the lower.
    constexpr size_t kSettledFrames = kRate / 5;
    const Audio input = to_audio(white_noise(12, kRate, 8), 2);
    StripUnderTest strip(limiter({.ceiling_db = -1}));
    EXPECT_LE(to_db(peak(strip.process(input)[0])), -1 + kCeilingRoundingDb);
    strip.set(AIM_PARAM_LIMITER_CEILING_DB, -6);
    const Audio lower = strip.process(input);
    EXPECT_LE(to_db(peak(lower[0])), -1 + kCeilingRoundingDb);
    EXPECT_LE(to_db(peak(lower[0], kSettledFrames)), -6 + kCeilingRoundingDb);
    strip.set(AIM_PARAM_LIMITER_CEILING_DB, -2);
    EXPECT_LE(to_db(peak(strip.process(input)[0])), -2 + kCeilingRoundingDb);
}

TEST(Limiter, Does_nothing_below_its_threshold) {
    for (const float true_peak : {0.0f, 1.0f}) {
        StripUnderTest strip(limiter({.true_peak = true_peak}));
        const Audio input = to_audio(sine(kRate, 1000, -0.4, kRate / 2), 2);
        EXPECT_TRUE(is_delayed(input, strip.process(input), strip.latency(), 0));
        EXPECT_EQ(0, strip.metrics().limiter.maximum_db);
    }
}

TEST(Limiter, Holds_a_steady_tone_just_below_the_ceiling) {
    constexpr double kGivenAwayDb = 0.3;
    for (const float true_peak : {0.0f, 1.0f}) {
        for (const double tone_hz : {100.0, 1000.0, 5000.0}) {
            StripUnderTest strip(limiter({.true_peak = true_peak}));
            const Audio output = strip.process(to_audio(sine(kRate, tone_hz, 6, kRate), 2));
            EXPECT_NEAR(-0.1, to_db(peak(output[0], kRate / 2)), kGivenAwayDb) << tone_hz;
            EXPECT_NEAR(6.1, strip.metrics().limiter.now_db, kGivenAwayDb) << tone_hz;
        }
    }
}

TEST(Limiter, Distorts_a_low_tone_by_less_than_50_dB) {
    constexpr double kDistortionDb = -50;
    StripUnderTest strip(limiter({}));
    const Audio output = strip.process(to_audio(sine(kRate, 60, 6.9, 3 * kRate), 2));
    EXPECT_NEAR(7, strip.metrics().limiter.now_db, 0.2);
    EXPECT_LE(fit_tone(output[0].data() + 2 * kRate, kRate, kRate, 60).residual_relative_db, kDistortionDb);
}

TEST(Limiter, Recovers_with_its_release_time) {
    // The release is an exponential of the reduction as an amplitude, 1 - gain.
    // The averages delay the recovery by up to two look-aheads, the hold by half a period of 40 Hz (so that low tones
    // meet a constant gain).
    constexpr double kLookaheadMs = 5;
    constexpr double kHoldMs = 12.5;
    for (const float release_ms : {20.0f, 50.0f, 200.0f}) {
        StripUnderTest strip(limiter({.release_ms = release_ms}), kRate, 1);
        constexpr size_t kLoud = kRate / 2;
        const Audio input = to_audio(joined(constant(2, kLoud), constant(0.1, 2 * kRate)), 1);
        const Audio output = strip.process(input);
        const size_t latency = strip.latency();
        const auto reduction = [&](size_t i) { return 1 - static_cast<double>(output[0][i + latency]) / input[0][i]; };
        const double depth = reduction(kLoud - 1);
        ASSERT_NEAR(0.506, depth, 0.02);
        size_t recovered = kLoud;
        while (reduction(recovered) > depth * std::exp(-1.0)) ++recovered;
        const double ms = static_cast<double>(recovered - kLoud) * 1000 / kRate;
        EXPECT_GE(ms, 0.9 * release_ms);
        EXPECT_LE(ms, 1.1 * release_ms + 2 * kLookaheadMs + kHoldMs);
    }
}

TEST(Limiter, Stereo_shares_one_gain) {
    StripUnderTest strip(limiter({}));
    const Audio input = to_audio(sine(kRate, 300, 9, kRate / 2), sine(kRate, 300, -20, kRate / 2));
    const Audio output = strip.process(input);
    const size_t latency = strip.latency();
    for (size_t i = kRate / 4; i < output[0].size(); ++i) {
        if (std::abs(input[1][i - latency]) < 0.01f) continue;
        ASSERT_NEAR(output[0][i] / input[0][i - latency], output[1][i] / input[1][i - latency], 1e-6) << i;
    }
}

}  // namespace
}  // namespace limiter_test
