// Loudness against EBU Tech 3341 and 3342, against the standard's own arithmetic, and against libebur128.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>
#include <vector>

#include "metering/k_weighting.h"
#include "metering/programme_meter.h"
#include "reference/loudness.h"
#include "reference/tone_programme.h"
#include "signals.h"

#ifdef AIM_HAVE_EBUR128
#include <ebur128.h>
#endif

namespace loudness_test {
namespace {

using namespace aim_test;

constexpr double kSteady = 0.02;    // LU, a tone that stays
constexpr double kGated = 0.03;     // LU, gated or windowed
constexpr double kMoving = 0.05;    // LU, case 12
constexpr double kRange = 0.1;      // LU
constexpr double kReadings = 1e-3;  // LU, between two correct implementations of one text

aim_loudness measure(const Audio& audio, uint32_t rate_hz) {
    const auto meter = std::make_unique<aim::ProgrammeMeter>();
    meter->prepare({rate_hz, static_cast<uint32_t>(audio.size())});
    const float* channels[2] = {audio.front().data(), audio.back().data()};
    meter->process(channels, static_cast<uint32_t>(audio.front().size()));
    aim_loudness loudness;
    meter->read(&loudness);
    return loudness;
}

// Noise with the spectrum of music (falling by 6 dB per octave above 1 kHz), in notes that decay, loud and soft
// passages, half of it common to both channels.
Audio programme(uint32_t rate_hz, double seconds, uint64_t seed) {
    const size_t frames = static_cast<size_t>(seconds * rate_hz);
    const double smoothing = 1 - std::exp(-2 * std::numbers::pi * 1000 / rate_hz);
    const double decay = std::exp(-5.0 / rate_hz);
    Samples left(frames), right(frames);
    Random random(seed);
    double common = 0, a = 0, b = 0, passage = 1, note = 1;
    for (size_t i = 0; i < frames; ++i) {
        if (i % (2 * rate_hz) == 0) passage = from_db(random.uniform(-30, 0));
        if (i % (rate_hz / 4) == 0) note = random.uniform(0.2, 1);
        note *= decay;
        common += smoothing * (random.uniform(-1, 1) - common);
        a += smoothing * (random.uniform(-1, 1) - a);
        b += smoothing * (random.uniform(-1, 1) - b);
        left[i] = passage * note * (common + a);
        right[i] = passage * note * (common - b);
    }
    return to_audio(left, right);
}

// ---------------------------------------------------------------------------------------- EBU Tech 3341, 3342

class EbuTech : public testing::TestWithParam<uint32_t> {};
// Minutes of tone: two rates are enough.
class EbuTechLong : public testing::TestWithParam<uint32_t> {};

INSTANTIATE_TEST_SUITE_P(Rates, EbuTech, testing::Values(8000u, 44100u, 48000u, 96000u));
INSTANTIATE_TEST_SUITE_P(Rates, EbuTechLong, testing::Values(8000u, 48000u));

TEST_P(EbuTech, Cases_1_and_2_a_steady_tone_reads_its_level) {
    for (const double level_db : {-23.0, -33.0}) {
        ToneProgramme tone(GetParam());
        tone.play(20, level_db);
        EXPECT_NEAR(tone.read().momentary_lufs, level_db, kSteady);
        EXPECT_NEAR(tone.read().short_term_lufs, level_db, kSteady);
        EXPECT_NEAR(tone.read().integrated_lufs, level_db, kSteady);
        EXPECT_NEAR(tone.read().range_lu, 0, kSteady);
    }
}

TEST_P(EbuTechLong, Case_3_the_relative_gate_drops_soft_ends) {
    ToneProgramme tone(GetParam());
    tone.play(10, -36);
    tone.play(60, -23);
    tone.play(10, -36);
    EXPECT_NEAR(tone.read().integrated_lufs, -23, kGated);
}

TEST_P(EbuTechLong, Case_4_the_absolute_gate_drops_near_silence) {
    ToneProgramme tone(GetParam());
    tone.play(10, -72);
    tone.play(10, -36);
    tone.play(60, -23);
    tone.play(10, -36);
    tone.play(10, -72);
    EXPECT_NEAR(tone.read().integrated_lufs, -23, kGated);
}

TEST_P(EbuTechLong, Case_5_levels_within_the_gate_are_averaged) {
    ToneProgramme tone(GetParam());
    tone.play(20, -26);
    tone.play(20.1, -20);
    tone.play(20, -26);
    EXPECT_NEAR(tone.read().integrated_lufs, -23, kGated);
}

TEST_P(EbuTech, Case_9_short_term_is_constant_over_a_three_second_pattern) {
    ToneProgramme tone(GetParam());
    for (int i = 0; i < 5; ++i) {
        const auto check = [&](const aim_loudness& l) {
            if (i > 0) {
                EXPECT_NEAR(l.short_term_lufs, -23, kGated);
            }
        };
        tone.play(1.34, -20, check);
        tone.play(1.66, -30, check);
    }
}

TEST_P(EbuTechLong, Case_10_short_term_peaks_wherever_a_tone_begins) {
    for (int i = 0; i < 20; ++i) {
        ToneProgramme tone(GetParam());
        tone.play(i * 0.15, kSilent);
        tone.play(3, -23);
        tone.play(1, kSilent);
        EXPECT_NEAR(tone.read().short_term_max_lufs, -23, kGated) << i;
    }
}

TEST_P(EbuTechLong, Case_11_short_term_follows_rising_tones) {
    ToneProgramme tone(GetParam());
    for (int i = 0; i < 20; ++i) {
        tone.play(i * 0.15, kSilent);
        tone.play(3, -38.0 + i);
        tone.play(3 - 0.15 * i, kSilent);
        EXPECT_NEAR(tone.read().short_term_max_lufs, -38.0 + i, kGated) << i;
    }
}

TEST_P(EbuTech, Case_12_momentary_is_constant_over_a_400_ms_pattern) {
    ToneProgramme tone(GetParam());
    const auto check = [&](const aim_loudness& l) {
        if (tone.seconds() > 1.4) {
            EXPECT_NEAR(l.momentary_lufs, -23, kMoving);
        }
    };
    for (int i = 0; i < 25; ++i) {
        tone.play(0.18, -20, check);
        tone.play(0.22, -30, check);
    }
}

TEST_P(EbuTech, Case_13_momentary_peaks_wherever_a_tone_begins) {
    for (int i = 0; i < 20; ++i) {
        ToneProgramme tone(GetParam());
        tone.play(i * 0.02, kSilent);
        tone.play(0.4, -23);
        tone.play(1, kSilent);
        EXPECT_NEAR(tone.read().momentary_max_lufs, -23, kGated) << i;
    }
}

TEST_P(EbuTech, Case_14_momentary_follows_rising_tones) {
    ToneProgramme tone(GetParam());
    for (int i = 0; i < 20; ++i) {
        tone.play(i * 0.02, kSilent);
        tone.play(0.4, -38.0 + i);
        tone.play(0.4 - 0.02 * i, kSilent);
        EXPECT_NEAR(tone.read().momentary_max_lufs, -38.0 + i, kGated) << i;
    }
}

TEST_P(EbuTechLong, Loudness_range_cases_1_to_4) {
    const struct {
        std::vector<double> levels_db;
        double range_lu;
    } cases[] = {{{-20, -30}, 10}, {{-20, -15}, 5}, {{-40, -20}, 20}, {{-50, -35, -20, -35, -50}, 15}};
    for (const auto& c : cases) {
        ToneProgramme tone(GetParam());
        for (const double level_db : c.levels_db) tone.play(20, level_db);
        EXPECT_NEAR(tone.read().range_lu, c.range_lu, kRange);
    }
}

// ------------------------------------------------------------------------------------------------ definition

TEST(Loudness, Mono_is_one_channel) {
    ToneProgramme mono(48000, 1, 997);
    mono.play(3, 0);
    EXPECT_NEAR(mono.read().momentary_lufs, -3.01, kSteady);
    EXPECT_NEAR(mono.read().integrated_lufs, -3.01, kSteady);
}

// 0.02 dB is the goal at every rate. The digital filters at 48 kHz are the reference as far as they reach; above, the
// analogue filters behind them.
TEST(Loudness, K_weighting_agrees_at_every_rate) {
    constexpr double kTolerance = 0.02;
    std::vector<uint32_t> rates = {8000,  11025, 12000, 16000, 22050, 24000,  32000,
                                   44100, 48000, 64000, 88200, 96000, 176400, 192000};
    for (uint32_t rate = 8000; rate <= 192000; rate += 1777) rates.push_back(rate);
    for (const uint32_t rate_hz : rates) {
        const aim::KWeightingCoefficients c = aim::design_k_weighting(rate_hz);
        double worst = 0;
        for (double f = 10; f <= 0.45 * rate_hz; f *= 1.01) {
            const std::complex<double> z = std::polar(1.0, -2 * std::numbers::pi * f / rate_hz);
            const std::complex<double> response = (c.b0 + c.b1 * z + c.b2 * z * z) / (1.0 + c.a1 * z + c.a2 * z * z) *
                                                  (1.0 - z) * (1.0 - z) / (1.0 + c.d1 * z + c.d2 * z * z);
            const double expected = f < 21600 ? k_weighting_gain(f) : k_weighting_gain_analogue(f);
            worst = std::max(worst, std::abs(to_db(std::abs(response) / expected)));
        }
        EXPECT_LE(worst, kTolerance) << rate_hz;
    }
}

TEST(Loudness, Tones_of_every_frequency_read_alike_at_every_rate) {
    for (const uint32_t rate_hz : {8000u, 11025u, 22050u, 44100u, 48000u, 88200u, 192000u}) {
        for (const uint32_t frequency_hz : {40u, 100u, 500u, 1700u, 3000u, 3600u, 9000u, 18000u, 21000u}) {
            if (frequency_hz > 0.45 * rate_hz) continue;
            ToneProgramme tone(rate_hz, 2, frequency_hz);
            tone.play(1.5, -20);
            const double expected = -20 + to_db(k_weighting_gain(frequency_hz)) - 0.691;
            EXPECT_NEAR(tone.read().momentary_lufs, expected, kSteady) << rate_hz << " Hz, tone " << frequency_hz;
        }
    }
}

TEST(Loudness, Agrees_with_the_standard_in_double_precision) {
    for (const uint64_t seed : {1u, 2u}) {
        const Audio audio = programme(48000, 30.27, seed);
        const aim_loudness read = measure(audio, 48000);
        // The gate is as fine as a bin of the histogram.
        EXPECT_NEAR(read.integrated_lufs, integrated_loudness(audio), 0.01);
        EXPECT_NEAR(read.range_lu, loudness_range(audio), 0.05);
        EXPECT_NEAR(read.momentary_max_lufs, highest_window(audio, 19200, 240), kReadings);
        EXPECT_NEAR(read.short_term_max_lufs, highest_window(audio, 144000, 240), kReadings);
    }
}

TEST(Loudness, The_last_incomplete_block_is_dropped) {
    ToneProgramme tone(48000);
    tone.play(0.395, -23);
    EXPECT_EQ(tone.read().integrated_lufs, AIM_SILENCE_DB);
    tone.play(0.005, -23);
    const float complete = tone.read().integrated_lufs;
    EXPECT_NEAR(complete, -23, kSteady);
    tone.play(0.095, 0);
    EXPECT_EQ(tone.read().integrated_lufs, complete);
    tone.play(0.005, 0);
    EXPECT_GT(tone.read().integrated_lufs, complete);
}

TEST(Loudness, A_loud_past_leaves_nothing_in_the_windows) {
    ToneProgramme tone(48000);
    tone.play(5, 40);
    tone.play(3.5, -60);
    tone.play(3.5, -60);
    EXPECT_NEAR(tone.read().momentary_lufs, -60, kSteady);
    EXPECT_NEAR(tone.read().short_term_lufs, -60, kSteady);
    tone.play(7, kSilent);
    EXPECT_LT(tone.read().momentary_lufs, -190);
    EXPECT_LT(tone.read().short_term_lufs, -190);
}

// The histogram ends at +26 LUFS; means stay exact beyond it.
TEST(Loudness, Levels_far_above_full_scale_are_read) {
    ToneProgramme tone(48000);
    tone.play(4, 59);
    EXPECT_NEAR(tone.read().integrated_lufs, 59, kSteady);
    EXPECT_NEAR(tone.read().short_term_lufs, 59, kSteady);
}

// ---------------------------------------------------------------------------------------------------- oracle

#if defined(AIM_HAVE_EBUR128)

constexpr double kOracleLoudness = 0.02;  // LU
constexpr double kOracleTruePeak = 0.1;   // dB; libebur128 reads quarter samples and nothing between them

struct OracleReading {
    double integrated_lufs, momentary_lufs, short_term_lufs, range_lu, true_peak_dbtp;
};

OracleReading read_oracle(const Audio& audio, uint32_t rate_hz) {
    const unsigned channels = static_cast<unsigned>(audio.size());
    std::vector<float> interleaved(audio.front().size() * channels);
    for (size_t i = 0; i < audio.front().size(); ++i) {
        for (unsigned c = 0; c < channels; ++c) interleaved[i * channels + c] = audio[c][i];
    }
    ebur128_state* meter =
        ebur128_init(channels, rate_hz, EBUR128_MODE_I | EBUR128_MODE_S | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
    if (meter == nullptr) {
        ADD_FAILURE() << "libebur128 refuses";
        return {};
    }
    ebur128_add_frames_float(meter, interleaved.data(), audio.front().size());
    OracleReading reading{};
    ebur128_loudness_global(meter, &reading.integrated_lufs);
    ebur128_loudness_momentary(meter, &reading.momentary_lufs);
    ebur128_loudness_shortterm(meter, &reading.short_term_lufs);
    ebur128_loudness_range(meter, &reading.range_lu);
    double highest = 0;
    for (unsigned c = 0; c < channels; ++c) {
        double peak = 0;
        ebur128_true_peak(meter, c, &peak);
        highest = std::max(highest, peak);
    }
    reading.true_peak_dbtp = to_db(highest);
    ebur128_destroy(&meter);
    return reading;
}

#endif

TEST(Loudness, Agrees_with_libebur128_on_programme) {
#if defined(AIM_HAVE_EBUR128)
    const struct { uint32_t rate_hz, channels; } cases[] = {{44100, 2}, {48000, 1}, {48000, 2}, {96000, 2}};
    for (const auto [rate_hz, channels] : cases) {
        SCOPED_TRACE(testing::Message() << rate_hz << " Hz, channels " << channels);
        Audio audio = programme(rate_hz, 30, rate_hz + channels);
        audio.resize(channels);
        const OracleReading oracle = read_oracle(audio, rate_hz);
        const aim_loudness read = measure(audio, rate_hz);
        EXPECT_NEAR(read.integrated_lufs, oracle.integrated_lufs, kOracleLoudness);
        EXPECT_NEAR(read.momentary_lufs, oracle.momentary_lufs, kOracleLoudness);
        EXPECT_NEAR(read.short_term_lufs, oracle.short_term_lufs, kOracleLoudness);
        EXPECT_NEAR(read.range_lu, oracle.range_lu, kRange);
        EXPECT_NEAR(read.true_peak_dbtp, oracle.true_peak_dbtp, kOracleTruePeak);
    }
#else
    GTEST_SKIP() << "libebur128 is not installed";
#endif
}

}  // namespace
}  // namespace loudness_test
