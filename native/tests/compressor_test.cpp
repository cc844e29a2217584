// The compressor against its double-precision model, seen from outside.
#include <gtest/gtest.h>

#include <cmath>

#include "reference/compressor_model.h"
#include "reference/setups.h"

namespace compressor_test {
namespace {

using namespace aim_test;

constexpr uint32_t kRate = 48000;

// The detector holds peaks for 1 ms, in steps of 16 frames that it sees whole; what lies beyond this is an error.
constexpr double kHoldMs = 1;
constexpr int kGranularityFrames = 16;

struct Values {
    double threshold_db = -20;
    double ratio = 4;
    double knee_db = 2;
    double attack_ms = 5;
    double release_ms = 50;
};

Settings compressor(const Values& v) {
    return only({{AIM_PARAM_COMPRESSOR_ENABLED, 1},
                 {AIM_PARAM_COMPRESSOR_THRESHOLD_DB, static_cast<float>(v.threshold_db)},
                 {AIM_PARAM_COMPRESSOR_RATIO, static_cast<float>(v.ratio)},
                 {AIM_PARAM_COMPRESSOR_KNEE_DB, static_cast<float>(v.knee_db)},
                 {AIM_PARAM_COMPRESSOR_ATTACK_MS, static_cast<float>(v.attack_ms)},
                 {AIM_PARAM_COMPRESSOR_RELEASE_MS, static_cast<float>(v.release_ms)}});
}

// Gain in dB at each output sample, the latency taken out; input samples must not be zero.
std::vector<double> gain_db(const Audio& input, const Audio& output, size_t channel, size_t latency) {
    std::vector<double> gain(output[channel].size() - latency);
    for (size_t i = 0; i < gain.size(); ++i) {
        gain[i] = to_db(static_cast<double>(output[channel][i + latency]) / static_cast<double>(input[channel][i]));
    }
    return gain;
}

// Index, with fraction, at which `signal` first crosses `level` at or after `from`.
double crossing(const std::vector<double>& signal, double level, size_t from) {
    for (size_t i = std::max<size_t>(from, 1); i < signal.size(); ++i) {
        if ((signal[i - 1] - level) * (signal[i] - level) <= 0 && signal[i] != signal[i - 1]) {
            return static_cast<double>(i - 1) + (level - signal[i - 1]) / (signal[i] - signal[i - 1]);
        }
    }
    return std::nan("");
}

TEST(Compressor, Static_curve_follows_the_formula) {
    constexpr double kCurveDb = 0.05;
    for (const Values& v : {Values{}, Values{.knee_db = 0}, Values{.threshold_db = -30, .ratio = 10, .knee_db = 12},
                            Values{.ratio = 1}, Values{.ratio = 20, .knee_db = 6}}) {
        const CompressorCurve curve{v.threshold_db, v.ratio, v.knee_db};
        StripUnderTest strip(compressor(v));
        for (int level_db = -60; level_db <= 0; ++level_db) {
            // 10 release times settle the detector to 0.0001 of the last step; the level is read from the last tenth.
            const size_t frames = kRate / 2;
            const Audio output = strip.process(to_audio(sine(kRate, 1000, level_db, frames), 2));
            const double expected = curve.output_db(level_db);
            EXPECT_NEAR(expected, to_db(peak(output[0], frames - frames / 10)), kCurveDb)
                << level_db << " dBFS, ratio " << v.ratio << ", knee " << v.knee_db;
        }
    }
}

TEST(Compressor, Makeup_is_plain_gain) {
    constexpr double kGainDb = 0.01;
    for (const float makeup_db : {0.0f, 3.0f, 12.0f}) {
        StripUnderTest strip(with(compressor({}), {{AIM_PARAM_COMPRESSOR_MAKEUP_DB, makeup_db}}));
        const Audio output = strip.process(to_audio(sine(kRate, 1000, -40, kRate / 2), 2));
        EXPECT_NEAR(-40 + makeup_db, to_db(peak(output[0], kRate / 4)), kGainDb);
    }
}

struct Timing {
    uint32_t rate;
    double attack_ms;
    double release_ms;
};

class CompressorTimes : public ::testing::TestWithParam<Timing> {};

INSTANTIATE_TEST_SUITE_P(Rates, CompressorTimes,
                         ::testing::Values(Timing{48000, 5, 50}, Timing{48000, 0.5, 100}, Timing{48000, 50, 60},
                                           Timing{48000, 20, 500}, Timing{44100, 5, 50}, Timing{8000, 5, 50},
                                           Timing{192000, 5, 50}, Timing{96000, 1, 30}));

TEST_P(CompressorTimes, Steps_take_attack_and_release_time_to_63_percent) {
    constexpr double kAttackShare = 0.02;
    constexpr double kReleaseShare = 0.05;
    const Timing timing = GetParam();
    const double to_63_percent = 1 - std::exp(-1.0);
    // Constant levels show the gain at every sample. The step lies off the grid of 16 frames.
    const size_t settle = static_cast<size_t>(0.05 * timing.rate) + 5;
    const size_t loud = static_cast<size_t>((12 * timing.attack_ms + 20) * timing.rate / 1000) + 3;
    const size_t quiet = static_cast<size_t>((6 * timing.release_ms + 6 * timing.attack_ms) * timing.rate / 1000);
    const Audio input =
        to_audio(joined(joined(constant(from_db(-40), settle), constant(1, loud)), constant(from_db(-40), quiet)), 1);
    StripUnderTest mono(compressor({.attack_ms = timing.attack_ms, .release_ms = timing.release_ms}), timing.rate, 1);
    const std::vector<double> gain = gain_db(input, mono.process(input), 0, mono.latency());
    const double depth_db = CompressorCurve{-20, 4, 2}.reduction_db(0);
    ASSERT_NEAR(0, gain[settle - 1], 0.01);
    ASSERT_NEAR(-depth_db, gain[settle + loud - 1], 0.01);

    // A step at sample n first moves the recurrence at n, one sample before the continuous clock starts.
    const double attack_frames = crossing(gain, -depth_db * to_63_percent, settle) - (static_cast<double>(settle) - 1);
    const double attack_expected = timing.attack_ms * timing.rate / 1000;
    EXPECT_NEAR(attack_expected, attack_frames, std::max(1.0, kAttackShare * attack_expected));

    const double release_frames =
        crossing(gain, -depth_db * (1 - to_63_percent), settle + loud) - static_cast<double>(settle + loud);
    const double hold_frames = kHoldMs * timing.rate / 1000;
    const double release_expected =
        release_seconds_to_63_percent(timing.attack_ms, timing.release_ms) * timing.rate + hold_frames;
    EXPECT_NEAR(release_expected, release_frames, kReleaseShare * release_expected + kGranularityFrames);
}

// The hold's granularity leaves a corridor: a detector that holds exactly 1 ms and one that also sees the rest of its
// group of 16 frames and the group before. The product must run between them.
TEST(Compressor, Gain_runs_in_the_corridor_of_the_model_on_programme) {
    constexpr double kRoundingDb = 0.02;
    constexpr size_t kFrames = 2 * kRate;
    for (const Values& v : {Values{}, Values{.threshold_db = -35, .ratio = 8, .knee_db = 10, .attack_ms = 1},
                            Values{.threshold_db = -30, .knee_db = 0, .attack_ms = 30, .release_ms = 300}}) {
        const Audio input = programme(kRate, 2, kFrames);
        StripUnderTest strip(compressor(v));
        const Audio output = strip.process(input);
        const size_t latency = strip.latency();

        std::vector<double> magnitude(kFrames);
        for (size_t i = 0; i < kFrames; ++i) {
            magnitude[i] =
                std::max(std::abs(static_cast<double>(input[0][i])), std::abs(static_cast<double>(input[1][i])));
        }
        const CompressorCurve curve{v.threshold_db, v.ratio, v.knee_db};
        const CompressorTiming timing{kRate, v.attack_ms, v.release_ms};
        const int hold = static_cast<int>(kHoldMs * kRate / 1000);
        const std::vector<double> least =
            compressor_reduction_db(magnitude, curve, timing, hold - kGranularityFrames, 0);
        const std::vector<double> most =
            compressor_reduction_db(magnitude, curve, timing, hold + 2 * kGranularityFrames, kGranularityFrames);
        double deepest = 0;
        for (size_t i = 0; i + latency < kFrames; ++i) {
            if (std::abs(input[0][i]) < 1e-3f) continue;  // too small to read a gain from
            const double reduction = -to_db(static_cast<double>(output[0][i + latency]) / input[0][i]);
            ASSERT_GE(reduction, least[i] - kRoundingDb) << i;
            ASSERT_LE(reduction, most[i] + kRoundingDb) << i;
            deepest = std::max(deepest, reduction);
        }
        EXPECT_GT(deepest, 3);  // or nothing was tried
    }
}

TEST(Compressor, Stereo_shares_one_gain) {
    constexpr double kLinkDb = 0.01;
    StripUnderTest strip(compressor({}));
    const Audio output = strip.process(to_audio(sine(kRate, 1000, -12, kRate / 2), sine(kRate, 1000, -40, kRate / 2)));
    const double left_db = to_db(peak(output[0], kRate / 4)) + 12;
    const double right_db = to_db(peak(output[1], kRate / 4)) + 40;
    EXPECT_NEAR(left_db, right_db, kLinkDb);
    const CompressorCurve curve{-20, 4, 2};
    EXPECT_NEAR(-curve.reduction_db(-12), left_db, 0.05);
}

TEST(Compressor, Meter_reads_the_reduction) {
    constexpr double kMeterDb = 0.05;
    StripUnderTest strip(with(compressor({}), {{AIM_PARAM_COMPRESSOR_MAKEUP_DB, 6}}));
    strip.process(to_audio(sine(kRate, 1000, -4, kRate), 2));
    const double expected = CompressorCurve{-20, 4, 2}.reduction_db(-4);
    const aim_strip_metrics metrics = strip.metrics();
    EXPECT_NEAR(expected, metrics.compressor.now_db, kMeterDb);
    EXPECT_NEAR(expected, metrics.compressor.maximum_db, kMeterDb);
    // The attack eats a few milliseconds of the second.
    EXPECT_NEAR(expected, metrics.compressor.average_db, 0.02 * expected);
}

TEST(Compressor, Extremes_of_its_parameters_stay_in_bounds) {
    const Audio input = to_audio(music(kRate, 0, kRate / 2, 21), 2);
    for (const int32_t id :
         {AIM_PARAM_COMPRESSOR_THRESHOLD_DB, AIM_PARAM_COMPRESSOR_RATIO, AIM_PARAM_COMPRESSOR_KNEE_DB,
          AIM_PARAM_COMPRESSOR_ATTACK_MS, AIM_PARAM_COMPRESSOR_RELEASE_MS}) {
        for (int32_t row = 0; row < aim_parameter_count(); ++row) {
            aim_parameter_info info;
            ASSERT_EQ(AIM_OK, aim_parameter_info_at(row, &info));
            if (info.id != id) continue;
            for (const float value : {info.minimum, info.maximum}) {
                StripUnderTest strip(with(compressor({}), {{id, value}}));
                const Audio output = strip.process(input);
                // Without makeup a compressor never amplifies.
                EXPECT_LE(peak(output[0]), 1.000001) << info.key << " = " << value;
            }
        }
    }
}

}  // namespace
}  // namespace compressor_test
