// The compressor's detector behind its high-pass, and the compressed signal mixed with the input.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>

#include "dynamics/compressor.h"
#include "reference/compressor_model.h"
#include "reference/spectrum.h"
#include "reference/stage_contract.h"

namespace side_chain_test {
namespace {

using namespace aim_test;
using aim::Compressor;
using Parameters = Compressor::Parameters;

constexpr uint32_t kRate = 48000;

Audio mono(const Samples& signal) { return to_audio(signal, 1); }

double butterworth_high_pass_db(double frequency_hz, double corner_hz) {
    const std::complex<double> s(0, frequency_hz / corner_hz);
    return to_db(std::abs(s * s / (s * s + std::sqrt(2.0) * s + 1.0)));
}

// A detector that rises at once and hardly falls reads the peak of the lowest tone.
Parameters peak_reader(float side_chain_hz) {
    Parameters p;
    p.threshold_db = -60;
    p.ratio = 2;
    p.knee_db = 0;
    p.attack_ms = 0.1f;
    p.release_ms = 5000;
    p.side_chain_hz = side_chain_hz;
    return p;
}

double reduction_db(const Parameters& p, uint32_t rate_hz, double frequency_hz, double level_db) {
    auto compressor = fresh_stage<Compressor>(p, rate_hz, 1);
    const size_t frames = rate_hz / 2 / 16 * 16;
    // A soft start: the filter's answer to a tone that begins at once is louder than the tone.
    Samples tone = sine(rate_hz, frequency_hz, level_db, frames);
    for (size_t i = 0; i < frames; ++i) {
        tone[i] *=
            0.5 - 0.5 * std::cos(M_PI * std::min(1.0, 2.5 * static_cast<double>(i) / static_cast<double>(frames)));
    }
    Audio audio = mono(tone);
    rendered(compressor, audio);
    return compressor.meter().read().now_db;
}

TEST(SideChain, Hears_what_a_Butterworth_high_pass_leaves) {
    constexpr double kDetectorDb = 0.15;
    struct Case {
        uint32_t rate_hz;
        float corner_hz;
    };
    for (const Case c : {Case{48000, 100}, Case{48000, 20}, Case{48000, 500}, Case{8000, 100}, Case{192000, 250}}) {
        const Parameters p = peak_reader(c.corner_hz);
        const CompressorCurve curve{p.threshold_db, p.ratio, p.knee_db};
        for (const double octaves : {-2.0, -1.0, 0.0, 1.0, 2.0}) {
            const double frequency_hz = c.corner_hz * std::exp2(octaves);
            const double heard_db = -6 + butterworth_high_pass_db(frequency_hz, c.corner_hz);
            EXPECT_NEAR(curve.reduction_db(heard_db), reduction_db(p, c.rate_hz, frequency_hz, -6), kDetectorDb)
                << c.rate_hz << " " << c.corner_hz << " " << frequency_hz;
        }
    }
}

// At 2:1 every 2 dB that the detector does not hear are 1 dB less of reduction.
TEST(SideChain, Bass_triggers_12_dB_less_per_octave_of_the_corner) {
    const double at_240 = reduction_db(peak_reader(240), kRate, 60, -6);
    const double at_480 = reduction_db(peak_reader(480), kRate, 60, -6);
    const double at_0 = reduction_db(peak_reader(0), kRate, 60, -6);
    EXPECT_NEAR(6, at_240 - at_480, 0.1);
    EXPECT_NEAR(27, at_0, 0.05);
    EXPECT_NEAR(12, at_0 - at_240, 0.1);
}

TEST(SideChain, Is_not_heard_itself) {
    Parameters p;
    p.ratio = 1;
    p.side_chain_hz = 200;
    auto compressor = fresh_stage<Compressor>(p, kRate, 2);
    const Audio input = to_audio(music(kRate, -3, kRate / 2, 4), pink_noise(-3, kRate / 2, 5));
    EXPECT_TRUE(same_bits(input, rendered(compressor, input)));
}

TEST(SideChain, Off_again_it_is_as_if_it_had_never_been) {
    Parameters p;
    auto never = fresh_stage<Compressor>(p, kRate, 1);
    p.side_chain_hz = 300;
    auto once = fresh_stage<Compressor>(p, kRate, 1);
    const Audio quiet = mono(silence(kRate / 2));
    rendered(once, mono(music(kRate, -3, kRate / 2, 4)));
    p.side_chain_hz = 0;
    once.set_target(p);
    rendered(once, quiet);
    rendered(once, quiet);
    const Audio input = mono(music(kRate, -3, kRate / 2, 6));
    EXPECT_TRUE(same_bits(rendered(never, input), rendered(once, input)));
}

TEST(SideChain, Stereo_shares_one_gain) {
    Parameters p = peak_reader(100);
    p.release_ms = 50;
    auto compressor = fresh_stage<Compressor>(p, kRate, 2);
    const Audio output = rendered(compressor, to_audio(sine(kRate, 50, -12, kRate), sine(kRate, 1000, -20, kRate)));
    const double left = to_db(peak(output[0], kRate / 2)) + 12;
    const double right = to_db(peak(output[1], kRate / 2)) + 20;
    EXPECT_NEAR(left, right, 0.02);
    // The soft treble is louder to the detector than the loud bass: -20 against -12 - 12.3 dB.
    EXPECT_NEAR(-20, left, 0.2);
}

// --------------------------------------------------------------------------------------------- wet and dry

struct Mixed {
    double gain;
    double unreduced;
    double reduction_db() const { return to_db(unreduced / gain); }
};

Mixed mixed_model(const Parameters& p, double level_db) {
    const CompressorCurve curve{p.threshold_db, p.ratio, p.knee_db};
    const double wet = static_cast<double>(p.wet_percent) / 100;
    const double compressed = from_db(p.makeup_db - curve.reduction_db(level_db));
    return {1 + wet * (compressed - 1), 1 + wet * (from_db(p.makeup_db) - 1)};
}

TEST(CompressorMix, Static_curve_and_meter_are_those_of_the_mix) {
    constexpr double kCurveDb = 0.05;
    for (const float wet_percent : {0.0f, 10.0f, 50.0f, 80.0f, 100.0f}) {
        for (const float makeup_db : {0.0f, 6.0f}) {
            Parameters p;
            p.wet_percent = wet_percent;
            p.makeup_db = makeup_db;
            auto compressor = fresh_stage<Compressor>(p, kRate, 1);
            for (const double level_db : {-40.0, -20.0, -12.0, -6.0, 0.0}) {
                const Audio output = rendered(compressor, mono(sine(kRate, 1000, level_db, kRate / 2)));
                const Mixed expected = mixed_model(p, level_db);
                EXPECT_NEAR(to_db(expected.gain), to_db(peak(output[0], kRate / 4)) - level_db, kCurveDb)
                    << wet_percent << " % of " << level_db;
                const double metered = wet_percent == 0 ? 0 : expected.reduction_db();
                EXPECT_NEAR(metered, compressor.meter().read().now_db, kCurveDb) << wet_percent << " " << level_db;
            }
        }
    }
}

// out = dry + wet (compressed - dry), sample by sample, with the wholly compressed signal as the reference.
TEST(CompressorMix, Is_the_sum_of_dry_and_compressed_on_programme) {
    constexpr double kRounding = 2e-6;
    Parameters p;
    p.threshold_db = -30;
    p.makeup_db = 4;
    const Audio input = to_audio(music(kRate, -1, kRate, 2), music(kRate, -4, kRate, 3));
    auto wet = fresh_stage<Compressor>(p, kRate, 2);
    const Audio compressed = rendered(wet, input);
    p.wet_percent = 60;
    auto mix = fresh_stage<Compressor>(p, kRate, 2);
    const Audio output = rendered(mix, input);
    double difference = 0;
    for (size_t c = 0; c < 2; ++c) {
        for (size_t i = 0; i < input[c].size(); ++i) {
            const double dry = input[c][i];
            ASSERT_NEAR(dry + 0.6 * (compressed[c][i] - dry), output[c][i], kRounding) << i;
            difference = std::max(difference, std::abs(output[c][i] - dry));
        }
    }
    EXPECT_GT(difference, 0.1);  // or nothing was tried
}

TEST(CompressorMix, Nothing_wet_is_the_input_and_comes_back_without_a_trace) {
    Parameters p;
    p.wet_percent = 0;
    p.makeup_db = 12;
    auto compressor = fresh_stage<Compressor>(p, kRate, 1);
    const Audio input = mono(music(kRate, -3, kRate / 2, 8));
    EXPECT_TRUE(same_bits(input, rendered(compressor, input)));
    p.wet_percent = 100;
    compressor.set_target(p);
    rendered(compressor, input);
    p.wet_percent = 0;
    compressor.set_target(p);
    rendered(compressor, input);
    EXPECT_TRUE(same_bits(input, rendered(compressor, input)));
}

TEST(CompressorMix, Switched_off_with_everything_set_does_nothing) {
    Parameters p;
    p.side_chain_hz = 120;
    p.wet_percent = 40;
    auto compressor = fresh_stage<Compressor>(p, kRate, 1);
    const Audio input = mono(music(kRate, -3, kRate, 8));
    rendered(compressor, input);
    p.enabled = false;
    compressor.set_target(p);
    rendered(compressor, input);
    EXPECT_TRUE(same_bits(input, rendered(compressor, input)));
    EXPECT_EQ(0, compressor.meter().read().now_db);
}

// ------------------------------------------------------------------------------------------------ both

TEST(SideChain, And_mix_move_without_a_click) {
    constexpr double kZipperDb = -80;
    const auto made = [](float side_chain_hz, float wet_percent) {
        Parameters p;
        p.side_chain_hz = side_chain_hz;
        p.wet_percent = wet_percent;
        return p;
    };
    const Parameters steps[] = {made(0, 100),  made(500, 100), made(20, 100), made(0, 50),
                                made(100, 80), made(500, 0),   made(0, 0)};
    for (const Parameters& from : steps) {
        for (const Parameters& to : steps) {
            auto compressor = fresh_stage<Compressor>(from, kRate, 1);
            Audio audio = mono(sine(kRate, 1000, -6, kRate));
            const uint32_t middle = quanta_in(audio) / 2;
            run_quanta(compressor, audio, 0, middle, 60);
            compressor.set_target(to);
            run_quanta(compressor, audio, middle, quanta_in(audio), 60);
            // The beginning of the tone is a change of its own: the first tenth is left out.
            const size_t start = kRate / 10;
            EXPECT_LE(split_at_tone(audio[0].data() + start, kRate - start, kRate, 1000).rest_relative_db(), kZipperDb)
                << from.side_chain_hz << "/" << from.wet_percent << " to " << to.side_chain_hz << "/" << to.wet_percent;
        }
    }
}

TEST(SideChain, And_mix_keep_the_stage_contract) {
    Parameters first;
    first.side_chain_hz = 100;
    first.wet_percent = 70;
    Parameters second = first;
    second.side_chain_hz = 0;
    second.wet_percent = 100;
    Parameters third = first;
    third.side_chain_hz = 400;
    third.wet_percent = 0;
    Parameters off = first;
    off.enabled = false;
    for (const Parameters& other : {second, third, off}) {
        expect_stage_contract<Compressor>(first, other, mono(music(kRate, -3, kRate, 6)));
        expect_stage_contract<Compressor>(other, first,
                                          to_audio(music(kRate, -3, kRate, 7), music(kRate, -9, kRate, 8)));
    }
}

TEST(SideChain, Decay_ends_in_exact_zeros_and_leaves_no_subnormals) {
    Parameters p;
    p.side_chain_hz = 20;
    p.wet_percent = 50;
    auto compressor = fresh_stage<Compressor>(p, kRate, 1);
    Samples signal = white_noise(0, 2 * kRate, 9);
    for (size_t i = 0; i < signal.size(); ++i) {
        signal[i] *= i < kRate ? std::exp(-40.0 * static_cast<double>(i) / kRate) : 0.0;
    }
    const Audio output = rendered(compressor, mono(signal));
    for (size_t i = 0; i < output[0].size(); ++i) {
        ASSERT_NE(FP_SUBNORMAL, std::fpclassify(output[0][i])) << i;
        if (i >= kRate) {
            ASSERT_EQ(0.0f, output[0][i]);
        }
    }
}

}  // namespace
}  // namespace side_chain_test
