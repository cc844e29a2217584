// The gain in front of the chain: exact, clean, and in front of everything but the bypass.
#include "engine/input_gain.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reference/setups.h"
#include "reference/spectrum.h"
#include "reference/stage_contract.h"

namespace aim_test {
namespace input_gain_test {
namespace {

using aim::InputGain;

constexpr uint32_t kRate = 48000;
constexpr float kRangeDb = 40;

TEST(InputGain, Keeps_the_stage_contract) {
    expect_stage_contract<InputGain>({0}, {12}, programme(kRate, 2, 9600));
    expect_stage_contract<InputGain>({-kRangeDb}, {kRangeDb}, programme(kRate, 1, 9600));
}

TEST(InputGain, Zero_decibels_are_bit_transparent_also_after_a_glide) {
    const Audio input = to_audio(white_noise(-3, kRate / 2 / 16 * 16, 7), 2);
    StripUnderTest strip(kEverythingOff);
    EXPECT_TRUE(is_delayed(input, strip.process(input), strip.latency(), 0));
    strip.set(AIM_PARAM_INPUT_GAIN_DB, 20);
    strip.process(input);
    strip.set(AIM_PARAM_INPUT_GAIN_DB, 0);
    strip.process(input);
    EXPECT_TRUE(is_delayed(input, strip.process(input), strip.latency(), strip.latency()));
}

TEST(InputGain, Is_the_gain_that_was_asked_for) {
    constexpr double kExactDb = 1e-4;
    for (const float gain_db : {-kRangeDb, -17.3f, -0.1f, 6.0f, kRangeDb}) {
        StripUnderTest strip(only({{AIM_PARAM_INPUT_GAIN_DB, gain_db}}));
        const Audio output = strip.process(to_audio(sine(kRate, 997, -50, kRate), 2));
        const double level_db = to_db(fit_tone(output[0].data() + kRate / 2, kRate / 2, kRate, 997).amplitude);
        EXPECT_NEAR(-50 + gain_db, level_db, kExactDb) << gain_db;
    }
}

// A source that is 12 dB softer and 12 dB louder at the input is the same source to all stages.
TEST(InputGain, Makes_up_for_a_source_of_another_level_before_every_stage) {
    constexpr double kRounding = 1e-5;
    const Audio input = programme(kRate, 2, kRate);
    Audio soft = input;
    for (auto& channel : soft) {
        for (float& x : channel) x *= static_cast<float>(std::pow(10.0, -12.0 / 20.0));
    }
    for (const StripSetup& setup : setups()) {
        StripUnderTest strip(with(setup.settings, {{AIM_PARAM_INPUT_GAIN_DB, 0}}));
        StripUnderTest made_up(with(setup.settings, {{AIM_PARAM_INPUT_GAIN_DB, 12}}));
        const Audio expected = strip.process(input);
        const Audio output = made_up.process(soft);
        for (size_t i = 0; i < expected[0].size(); ++i) {
            ASSERT_NEAR(expected[0][i], output[0][i], kRounding) << setup.name << " " << i;
        }
    }
}

TEST(InputGain, Bypass_passes_the_input_without_it) {
    const Audio input = programme(kRate, 2, kRate / 2);
    StripUnderTest strip({{AIM_PARAM_BYPASS, 1}, {AIM_PARAM_INPUT_GAIN_DB, 20}});
    EXPECT_TRUE(is_delayed(input, strip.process(input), strip.latency(), 0));
}

TEST(InputGain, The_meter_of_the_input_reads_what_came) {
    const Audio input = programme(kRate, 2, kRate);
    StripUnderTest plain({}, kRate, 2, 960, AIM_METER_INPUT);
    StripUnderTest raised({{AIM_PARAM_INPUT_GAIN_DB, 20}}, kRate, 2, 960, AIM_METER_INPUT);
    plain.process(input);
    raised.process(input);
    EXPECT_EQ(plain.metrics().input.integrated_lufs, raised.metrics().input.integrated_lufs);
}

// Without the leveler relative thresholds follow the loudness that the dynamics see.
TEST(InputGain, Moves_thresholds_that_are_relative_to_the_loudness_along) {
    const Settings follows = only({{AIM_PARAM_COMPRESSOR_ENABLED, 1},
                                   {AIM_PARAM_COMPRESSOR_THRESHOLD_RELATIVE, 1},
                                   {AIM_PARAM_COMPRESSOR_THRESHOLD_DB, -6}});
    const Audio input = to_audio(sine(kRate, 997, -30, 6 * kRate), 2);
    StripUnderTest plain(follows);
    StripUnderTest raised(with(follows, {{AIM_PARAM_INPUT_GAIN_DB, 20}}));
    plain.process(input);
    raised.process(input);
    EXPECT_GT(plain.metrics().compressor.now_db, 3);
    EXPECT_NEAR(plain.metrics().compressor.now_db, raised.metrics().compressor.now_db, 0.01);
}

TEST(InputGain, The_loudest_legal_samples_stay_finite_at_the_largest_gain) {
    for (const StripSetup& setup : setups()) {
        StripUnderTest strip(with(setup.settings, {{AIM_PARAM_INPUT_GAIN_DB, kRangeDb}}));
        const Audio output = strip.process(to_audio(white_noise(59.9, kRate / 4, 1), 2));
        for (const auto& channel : output) {
            for (const float x : channel) ASSERT_TRUE(std::isfinite(x)) << setup.name;
        }
        // And it hears again afterwards.
        const Audio after = strip.process(to_audio(sine(kRate, 997, -50, 4 * kRate), 2));
        EXPECT_GT(peak(after[0], 3 * kRate), 0.01) << setup.name;
    }
}

}  // namespace
}  // namespace input_gain_test
}  // namespace aim_test
