// What every stage owes its caller, whatever it does to the sound: one suite, run over each stage alone and over all.
#include <gtest/gtest.h>

#include <cmath>

#include "reference/setups.h"
#include "reference/spectrum.h"

namespace contract_test {
namespace {

using namespace aim_test;

constexpr uint32_t kRate = 48000;
constexpr size_t kSecond = kRate;

class Contract : public ::testing::TestWithParam<StripSetup> {
protected:
    const Settings& settings() const { return GetParam().settings; }
};

INSTANTIATE_TEST_SUITE_P(Strip, Contract, ::testing::ValuesIn(setups()),
                         [](const auto& info) { return info.param.name; });

bool all_finite(const Audio& audio) {
    for (const auto& channel : audio) {
        for (const float x : channel) {
            if (!std::isfinite(x)) return false;
        }
    }
    return true;
}

bool all_zero(const Audio& audio, size_t from = 0) {
    for (const auto& channel : audio) {
        for (size_t i = from; i < channel.size(); ++i) {
            if (channel[i] != 0) return false;
        }
    }
    return true;
}

TEST_P(Contract, Silence_stays_silence) {
    StripUnderTest strip(settings());
    EXPECT_TRUE(all_zero(strip.process(to_audio(silence(kSecond), 2))));
}

TEST_P(Contract, Output_is_finite_for_any_level) {
    for (const double level_db : {-300.0, -120.0, 0.0, 30.0, 59.9}) {
        StripUnderTest strip(settings());
        EXPECT_TRUE(all_finite(strip.process(to_audio(white_noise(level_db, kSecond / 4, 1), 2)))) << level_db;
    }
}

TEST_P(Contract, Something_is_heard) {
    StripUnderTest strip(settings());
    EXPECT_GT(peak(strip.process(programme(kRate, 2, kSecond))[0]), 0.1);
}

TEST_P(Contract, Bypass_is_the_input_delayed_by_the_latency) {
    StripUnderTest strip(with(settings(), {{AIM_PARAM_BYPASS, 1}}));
    const Audio input = programme(kRate, 2, kSecond);
    EXPECT_TRUE(is_delayed(input, strip.process(input), strip.latency(), 0));
}

TEST_P(Contract, Bypass_becomes_exact_after_it_is_switched_on) {
    // The crossfade takes 20 ms; the rest of the time is for a smoother's last bits.
    constexpr size_t kSettledFrames = kSecond / 4;
    StripUnderTest strip(settings());
    const Audio input = programme(kRate, 2, kSecond);
    strip.process(input);
    strip.set(AIM_PARAM_BYPASS, 1);
    EXPECT_TRUE(is_delayed(input, strip.process(input), strip.latency(), kSettledFrames));
}

TEST_P(Contract, Bypass_toggles_without_a_click) {
    constexpr double kClickDb = -80;  // off the tone, against the tone, over one second
    // Loud enough to keep the gate open, soft enough that a boost does not meet the limiter.
    const Audio tone = to_audio(sine(kRate, 1000, -18, 4 * kSecond), 2);
    for (const float first : {0.0f, 1.0f}) {
        // A curve that bends the tone adds harmonics by design: they are no click.
        StripUnderTest strip(with(settings(), {{AIM_PARAM_BYPASS, first}, {AIM_PARAM_SATURATOR_ENABLED, 0}}));
        const Audio before = strip.process(
            {{tone[0].begin(), tone[0].begin() + 2 * kSecond}, {tone[1].begin(), tone[1].begin() + 2 * kSecond}});
        strip.set(AIM_PARAM_BYPASS, 1 - first);
        const Audio after = strip.process(
            {{tone[0].begin() + 2 * kSecond, tone[0].end()}, {tone[1].begin() + 2 * kSecond, tone[1].end()}});
        std::vector<float> around(before[0].end() - kSecond / 2, before[0].end());
        around.insert(around.end(), after[0].begin(), after[0].begin() + kSecond / 2);
        EXPECT_LE(split_at_tone(around.data(), around.size(), kRate, 1000).rest_relative_db(), kClickDb) << first;
    }
}

TEST_P(Contract, Reset_equals_fresh) {
    const Audio input = programme(kRate, 2, kSecond);
    StripUnderTest fresh(settings());
    const Audio expected = fresh.process(input);
    const aim_strip_metrics expected_metrics = fresh.metrics();

    StripUnderTest used(settings());
    used.process(to_audio(white_noise(20, kSecond / 3 + 5, 3), 2), {77, true});
    used.reset();
    EXPECT_EQ(0u, used.metrics().frames);
    EXPECT_TRUE(same_bits(expected, used.process(input)));
    const aim_strip_metrics metrics = used.metrics();
    EXPECT_EQ(0, std::memcmp(&expected_metrics, &metrics, sizeof metrics));
}

TEST_P(Contract, Reset_in_the_middle_of_a_ramp_equals_fresh_at_its_target) {
    const Audio input = programme(kRate, 2, kSecond / 2);
    const Settings moved = with(settings(), {{AIM_PARAM_EQ_ENABLED, 1},
                                             {AIM_PARAM_EQ_MID_GAIN_DB, 9},
                                             {AIM_PARAM_COMPRESSOR_THRESHOLD_DB, -35},
                                             {AIM_PARAM_LIMITER_CEILING_DB, -3}});
    StripUnderTest fresh(moved);
    StripUnderTest used(settings());
    used.process(input);
    used.set(moved);
    used.process(to_audio(silence(100), 2));
    used.reset();
    EXPECT_TRUE(same_bits(fresh.process(input), used.process(input)));
}

TEST_P(Contract, Layout_and_place_do_not_matter) {
    for (const uint32_t channels : {1u, 2u}) {
        const Audio input = programme(kRate, channels, kSecond / 2);
        StripUnderTest planar(settings(), kRate, channels);
        const Audio expected = planar.process(input);
        StripUnderTest in_place(settings(), kRate, channels);
        EXPECT_TRUE(same_bits(expected, in_place.process_in_place(input)));
        StripUnderTest interleaved(settings(), kRate, channels);
        EXPECT_TRUE(same_bits(expected, interleaved.process_interleaved(input, false)));
        StripUnderTest interleaved_in_place(settings(), kRate, channels);
        EXPECT_TRUE(same_bits(expected, interleaved_in_place.process_interleaved(input, true, {77, true})));
    }
}

TEST_P(Contract, Input_is_left_alone_when_the_output_lies_elsewhere) {
    const Audio input = programme(kRate, 2, kSecond / 8);
    const Audio copy = input;
    StripUnderTest strip(settings());
    strip.process(input);
    EXPECT_TRUE(same_bits(copy, input));
}

TEST_P(Contract, Block_size_does_not_matter) {
    for (const uint32_t channels : {1u, 2u}) {
        const Audio input = programme(kRate, channels, kSecond / 2 + 13);
        StripUnderTest whole(settings(), kRate, channels, 65536);
        const Audio expected = whole.process(input, {65536, false});
        const aim_strip_metrics expected_metrics = whole.metrics();
        for (const Blocks blocks : {Blocks{1}, Blocks{7}, Blocks{16}, Blocks{64}, Blocks{480}, Blocks{960},
                                    Blocks{50, true}, Blocks{960, true}}) {
            StripUnderTest strip(settings(), kRate, channels);
            EXPECT_TRUE(same_bits(expected, strip.process(input, blocks))) << blocks.frames << blocks.random;
            const aim_strip_metrics metrics = strip.metrics();
            EXPECT_EQ(expected_metrics.frames, metrics.frames);
            EXPECT_EQ(0, std::memcmp(&expected_metrics.output, &metrics.output, sizeof metrics.output))
                << blocks.frames;
            EXPECT_EQ(expected_metrics.compressor.average_db, metrics.compressor.average_db);
            EXPECT_EQ(expected_metrics.limiter.maximum_db, metrics.limiter.maximum_db);
        }
    }
}

TEST_P(Contract, Every_rate_and_channel_count_works) {
    for (const uint32_t rate : {8000u, 11025u, 16000u, 22050u, 32000u, 44100u, 48000u, 88200u, 96000u, 192000u}) {
        for (const uint32_t channels : {1u, 2u}) {
            StripUnderTest strip(settings(), rate, channels);
            const Audio output = strip.process(programme(rate, channels, rate / 4));
            EXPECT_TRUE(all_finite(output)) << rate;
            EXPECT_GT(peak(output[0]), 0.05) << rate;
            EXPECT_EQ(0u, strip.metrics().limiter_clamped_samples) << rate;
        }
    }
}

TEST_P(Contract, Mono_sounds_like_both_channels_of_the_same_in_stereo) {
    const Samples signal = music(kRate, -3, kSecond, 5);
    // By BS.1770 one channel is half as much power as the same in two.
    constexpr float kSecondChannelLu = 3.0103f;
    StripUnderTest mono(settings(), kRate, 1);
    mono.set(AIM_PARAM_LEVELER_TARGET_LUFS, mono.get(AIM_PARAM_LEVELER_TARGET_LUFS) - kSecondChannelLu);
    // Thresholds that refer to a loudness lie as much lower against the samples.
    if (mono.get(AIM_PARAM_COMPRESSOR_THRESHOLD_RELATIVE) != 0) {
        mono.set(AIM_PARAM_COMPRESSOR_THRESHOLD_RELATIVE, 1);
        mono.set(AIM_PARAM_COMPRESSOR_THRESHOLD_DB, mono.get(AIM_PARAM_COMPRESSOR_THRESHOLD_DB) + kSecondChannelLu);
    }
    StripUnderTest stereo(settings(), kRate, 2);
    const Audio one = mono.process(to_audio(signal, 1));
    const Audio two = stereo.process(to_audio(signal, 2));
    EXPECT_TRUE(same_bits(two[0], two[1]));
    // The filters may sum in another order for one channel than for two, and the leveler, which a recognised genre may
    // have switched on meanwhile, reads its target in floats.
    const double kRoundingOfFilters = stereo.get(AIM_PARAM_LEVELER_ENABLED) != 0 ? 1e-4 : 2e-6;
    for (size_t i = 0; i < kSecond; ++i) ASSERT_NEAR(one[0][i], two[0][i], kRoundingOfFilters) << i;
}

TEST_P(Contract, Decay_ends_in_exact_zeros_and_leaves_no_subnormals) {
    constexpr size_t kDecay = kSecond;
    constexpr size_t kTail = 2 * kSecond;
    Samples signal = white_noise(0, kDecay + kTail, 9);
    // Down to the smallest float and below within a second, then nothing.
    for (size_t i = 0; i < signal.size(); ++i) {
        signal[i] *= i < kDecay ? std::exp(-110.0 * static_cast<double>(i) / kDecay) : 0.0;
    }
    StripUnderTest strip(settings());
    const Audio output = strip.process(to_audio(signal, 2));
    EXPECT_TRUE(all_zero(output, kDecay + kTail - kSecond / 2));
    for (size_t i = kDecay + strip.latency(); i < output[0].size(); ++i) {
        ASSERT_NE(FP_SUBNORMAL, std::fpclassify(output[0][i])) << i;
    }
}

TEST_P(Contract, Metrics_count_frames_and_gain_reduction_makes_sense) {
    StripUnderTest strip(settings());
    strip.process(programme(kRate, 2, kSecond), {311, true});
    const aim_strip_metrics metrics = strip.metrics();
    EXPECT_EQ(kSecond, metrics.frames);
    EXPECT_EQ(0u, metrics.non_finite_samples);
    EXPECT_EQ(0u, metrics.limiter_clamped_samples);
    for (const aim_gain_reduction& stage : {metrics.gate, metrics.compressor, metrics.limiter}) {
        EXPECT_GE(stage.now_db, 0);
        EXPECT_GE(stage.average_db, 0);
        EXPECT_GE(stage.maximum_db, stage.average_db);
        EXPECT_GE(stage.maximum_db, stage.now_db);
        EXPECT_TRUE(std::isfinite(stage.maximum_db));
    }
}

// 997 Hz shares no period with the block size; -20 dBFS leaves gate, compressor (threshold raised) and limiter idle.
TEST(Chain, Untriggered_stages_leave_a_tone_clean) {
    constexpr double kThdPlusNoiseDb = -120;
    StripUnderTest strip({{AIM_PARAM_COMPRESSOR_THRESHOLD_DB, -10}});
    const Audio output = strip.process(to_audio(sine(kRate, 997, -20, 2 * kSecond), 2));
    EXPECT_LE(fit_tone(output[0].data() + kSecond, kSecond, kRate, 997).residual_relative_db, kThdPlusNoiseDb);
}

TEST(Chain, Working_filters_add_no_audible_noise_to_a_tone) {
    constexpr double kThdPlusNoiseDb = -120;
    StripUnderTest strip(with(only(kEqualizer), kHighPass));
    const Audio output = strip.process(to_audio(sine(kRate, 997, -6, 2 * kSecond), 2));
    EXPECT_LE(fit_tone(output[0].data() + kSecond, kSecond, kRate, 997).residual_relative_db, kThdPlusNoiseDb);
}

TEST(Chain, Idle_chain_is_bit_transparent) {
    constexpr size_t kGateIsOpen = kSecond / 4;
    const Settings idle = {{AIM_PARAM_COMPRESSOR_RATIO, 1}};
    for (const float true_peak : {0.0f, 1.0f}) {
        StripUnderTest strip(with(idle, {{AIM_PARAM_LIMITER_TRUE_PEAK, true_peak}}));
        // A steady tone keeps the gate open below the soft noise in the other channel.
        const Audio input = to_audio(sine(kRate, 440, -8, 2 * kSecond), white_noise(-30, 2 * kSecond, 4));
        EXPECT_TRUE(is_delayed(input, strip.process(input), strip.latency(), kGateIsOpen));
        const aim_strip_metrics metrics = strip.metrics();
        EXPECT_EQ(0, metrics.compressor.maximum_db);
        EXPECT_EQ(0, metrics.limiter.maximum_db);
    }
}

}  // namespace
}  // namespace contract_test
