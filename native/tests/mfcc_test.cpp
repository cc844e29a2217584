// MFCCs against librosa's definition, computed here by direct sums in double precision.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "ai_mixer_core.h"

namespace mfcc_test {
namespace {

// The goal: within 1e-3 of a double-precision reference, in the coefficients' own unit.
constexpr double kTolerance = 1e-3;

struct MfccDeleter {
    void operator()(aim_mfcc* mfcc) const { aim_mfcc_destroy(mfcc); }
};
using Mfcc = std::unique_ptr<aim_mfcc, MfccDeleter>;

aim_mfcc_config defaults() {
    aim_mfcc_config config;
    EXPECT_EQ(aim_mfcc_config_init(&config), AIM_OK);
    return config;
}

Mfcc make(const aim_mfcc_config& config) {
    aim_mfcc* mfcc = nullptr;
    EXPECT_EQ(aim_mfcc_create(&config, &mfcc), AIM_OK);
    return Mfcc(mfcc);
}

struct Frames {
    std::vector<float> coefficients;
    std::vector<float> centroid_hz;
    std::vector<float> zero_crossing_rate;

    bool operator==(const Frames&) const = default;
};

// Feeds the signal in pieces whose sizes `next_piece` tells.
Frames extract(aim_mfcc* mfcc, uint32_t row, const std::vector<float>& signal,
               const std::function<uint32_t()>& next_piece) {
    Frames all;
    size_t at = 0;
    while (at < signal.size()) {
        const uint32_t piece = (uint32_t)std::min<size_t>(next_piece(), signal.size() - at);
        uint32_t expected = 0;
        EXPECT_EQ(aim_mfcc_frames_for(mfcc, piece, &expected), AIM_OK);
        std::vector<float> coefficients((size_t)expected * row);
        std::vector<float> centroid(expected);
        std::vector<float> rate(expected);
        uint32_t frames = 0;
        EXPECT_EQ(aim_mfcc_process(mfcc, signal.data() + at, piece, coefficients.data(), centroid.data(), rate.data(),
                                   expected, &frames),
                  AIM_OK);
        EXPECT_EQ(frames, expected);
        all.coefficients.insert(all.coefficients.end(), coefficients.begin(), coefficients.end());
        all.centroid_hz.insert(all.centroid_hz.end(), centroid.begin(), centroid.end());
        all.zero_crossing_rate.insert(all.zero_crossing_rate.end(), rate.begin(), rate.end());
        at += piece;
    }
    return all;
}

Frames extract(const aim_mfcc_config& config, const std::vector<float>& signal) {
    const Mfcc mfcc = make(config);
    return extract(mfcc.get(), config.coefficients, signal, [&] { return (uint32_t)signal.size(); });
}

double slaney_hz(double mel) {
    return mel < 15.0 ? mel * 200.0 / 3.0 : 1000.0 * std::exp((mel - 15.0) * std::log(6.4) / 27.0);
}

double slaney_mel(double hz) {
    return hz < 1000.0 ? hz * 3.0 / 200.0 : 15.0 + std::log(hz / 1000.0) * 27.0 / std::log(6.4);
}

// One frame by the definition, with a dense filter matrix.
std::vector<double> reference_frame(const aim_mfcc_config& c, const float* window) {
    const uint32_t bins = c.fft_size / 2 + 1;
    std::vector<double> cosine(c.fft_size);
    std::vector<double> sine(c.fft_size);
    for (uint32_t i = 0; i < c.fft_size; ++i) {
        cosine[i] = std::cos(2.0 * M_PI * i / c.fft_size);
        sine[i] = std::sin(2.0 * M_PI * i / c.fft_size);
    }
    std::vector<double> power(bins);
    for (uint32_t k = 0; k < bins; ++k) {
        double re = 0.0;
        double im = 0.0;
        for (uint32_t i = 0; i < c.window; ++i) {
            const double x = window[i] * (0.5 - 0.5 * std::cos(2.0 * M_PI * i / c.window));
            const uint32_t turn = (uint32_t)((uint64_t)k * i % c.fft_size);
            re += x * cosine[turn];
            im -= x * sine[turn];
        }
        power[k] = re * re + im * im;
    }
    std::vector<double> edges(c.mel_bands + 2);
    const double low = slaney_mel(c.low_hz);
    const double high = slaney_mel(c.high_hz);
    for (uint32_t e = 0; e < edges.size(); ++e) edges[e] = slaney_hz(low + (high - low) * e / (c.mel_bands + 1));
    std::vector<double> level(c.mel_bands);
    for (uint32_t b = 0; b < c.mel_bands; ++b) {
        double energy = 0.0;
        for (uint32_t k = 0; k < bins; ++k) {
            const double hz = (double)k * c.sample_rate_hz / c.fft_size;
            const double rise = (hz - edges[b]) / (edges[b + 1] - edges[b]);
            const double fall = (edges[b + 2] - hz) / (edges[b + 2] - edges[b + 1]);
            energy += std::max(0.0, std::min(rise, fall)) * 2.0 / (edges[b + 2] - edges[b]) * power[k];
        }
        level[b] = 10.0 * std::log10(std::max((double)c.floor, energy));
    }
    std::vector<double> coefficients(c.coefficients);
    for (uint32_t q = 0; q < c.coefficients; ++q) {
        for (uint32_t b = 0; b < c.mel_bands; ++b) {
            coefficients[q] += level[b] * std::cos(M_PI * q * (2.0 * b + 1.0) / (2.0 * c.mel_bands));
        }
        coefficients[q] *= std::sqrt((q == 0 ? 1.0 : 2.0) / c.mel_bands);
    }
    return coefficients;
}

// Compares every `stride`th frame.
void expect_reference(const aim_mfcc_config& config, const std::vector<float>& signal, const std::string& what,
                      size_t stride = 1) {
    const Frames frames = extract(config, signal);
    const size_t count = frames.coefficients.size() / config.coefficients;
    ASSERT_EQ(count, signal.size() < config.window ? 0 : 1 + (signal.size() - config.window) / config.hop) << what;
    ASSERT_GT(count, 0u) << what;
    for (size_t f = 0; f < count; f += stride) {
        const std::vector<double> expected = reference_frame(config, signal.data() + f * config.hop);
        for (uint32_t q = 0; q < config.coefficients; ++q) {
            ASSERT_NEAR(frames.coefficients[f * config.coefficients + q], expected[q], kTolerance)
                << what << ", frame " << f << ", coefficient " << q;
        }
    }
}

std::vector<float> tone(double frequency_hz, double amplitude, double rate_hz, size_t count) {
    std::vector<float> samples(count);
    for (size_t i = 0; i < count; ++i) {
        samples[i] = (float)(amplitude * std::sin(2.0 * M_PI * frequency_hz * (double)i / rate_hz + 0.7));
    }
    return samples;
}

std::vector<float> noise(size_t count, uint32_t seed, double amplitude = 1.0) {
    std::mt19937 generator(seed);
    std::vector<float> samples(count);
    for (float& x : samples) x = (float)(amplitude * ((double)generator() / 2147483648.0 - 1.0));
    return samples;
}

// Struck chords: decaying harmonics of several notes, as a plucked instrument has them.
std::vector<float> music(double rate_hz, size_t count) {
    std::vector<float> samples(count);
    for (size_t i = 0; i < count; ++i) {
        const double t = (double)i / rate_hz;
        double sum = 0.0;
        for (const double root_hz : {110.0, 164.81, 220.0, 277.18}) {
            for (int harmonic = 1; harmonic <= 12; ++harmonic) {
                sum += std::sin(2.0 * M_PI * root_hz * harmonic * t) * std::exp(-t * 2.0 * harmonic) / harmonic;
            }
        }
        samples[i] = (float)(0.1 * sum);
    }
    return samples;
}

// A buzz through three resonators, as in a vowel.
std::vector<float> speech(double rate_hz, size_t count) {
    std::vector<float> samples(count);
    double phase = 0.0;
    double state[3][2] = {};
    for (size_t i = 0; i < count; ++i) {
        phase += (120.0 + 10.0 * std::sin((double)i * 1e-4)) / rate_hz;
        double x = 0.0;
        if (phase >= 1.0) {
            phase -= 1.0;
            x = 1.0;
        }
        const double formants_hz[3] = {700.0, 1220.0, 2600.0};
        double sum = 0.0;
        for (int f = 0; f < 3; ++f) {
            const double radius = std::exp(-M_PI * 90.0 / rate_hz);
            const double y = x + 2.0 * radius * std::cos(2.0 * M_PI * formants_hz[f] / rate_hz) * state[f][0] -
                             radius * radius * state[f][1];
            state[f][1] = state[f][0];
            state[f][0] = y;
            sum += y;
        }
        samples[i] = (float)(0.1 * sum);
    }
    return samples;
}

TEST(Mfcc, Mfcc_of_tones_at_any_level_agrees_with_the_reference) {
    for (const double frequency_hz : {30.0, 440.0, 997.0, 1500.0, 7000.0, 19000.0, 23000.0}) {
        for (const double amplitude : {1.0, 0.1, 1e-3, 1e-6}) {
            expect_reference(defaults(), tone(frequency_hz, amplitude, 48000.0, 1440),
                             "tone " + std::to_string(frequency_hz) + " x " + std::to_string(amplitude));
        }
    }
}

TEST(Mfcc, Mfcc_of_noise_music_and_speech_agrees_with_the_reference) {
    expect_reference(defaults(), noise(2400, 1), "noise");
    expect_reference(defaults(), noise(2400, 2, 1e-4), "quiet noise");
    expect_reference(defaults(), music(48000.0, 9600), "music", 3);
    expect_reference(defaults(), speech(48000.0, 9600), "speech", 3);
}

TEST(Mfcc, Mfcc_of_silence_is_the_floor_in_every_band) {
    const Frames frames = extract(defaults(), std::vector<float>(960, 0.0f));
    ASSERT_EQ(frames.coefficients.size(), 13u);
    EXPECT_NEAR(frames.coefficients[0], -100.0 * std::sqrt(40.0), kTolerance);
    for (int q = 1; q < 13; ++q) EXPECT_NEAR(frames.coefficients[q], 0.0, kTolerance);

    aim_mfcc_config config = defaults();
    config.mel_bands = config.coefficients = 256;
    const Frames many = extract(config, std::vector<float>(960, 0.0f));
    EXPECT_NEAR(many.coefficients[0], -1600.0, kTolerance);
    for (int q = 1; q < 256; ++q) EXPECT_NEAR(many.coefficients[q], 0.0, kTolerance);
}

TEST(Mfcc, Mfcc_with_other_settings_agrees_with_the_reference) {
    struct Case {
        const char* name;
        uint32_t sample_rate_hz, window, hop, fft_size, mel_bands, coefficients;
        float low_hz, high_hz, floor;
    };
    const Case cases[] = {
        {"telephone, bands above half the rate", 8000, 200, 80, 256, 40, 20, 0.0f, 20000.0f, 1e-10f},
        {"cd", 44100, 1024, 512, 1024, 26, 13, 20.0f, 20000.0f, 1e-10f},
        {"speech recognition", 16000, 400, 160, 512, 80, 13, 0.0f, 8000.0f, 1e-10f},
        {"smallest", 48000, 16, 1, 16, 1, 1, 100.0f, 20000.0f, 1e-10f},
        {"small", 48000, 31, 7, 32, 4, 4, 0.0f, 24000.0f, 1e-10f},
        {"odd window", 22050, 777, 333, 1024, 33, 17, 50.0f, 9000.0f, 1e-6f},
        {"many bands", 96000, 2048, 1024, 2048, 256, 256, 0.0f, 48000.0f, 1e-10f},
        {"hop beyond the window", 192000, 500, 1300, 512, 20, 16, 300.0f, 90000.0f, 1e-10f},
        {"narrow", 48000, 960, 480, 1024, 12, 12, 995.0f, 1005.0f, 1e-10f},
        {"tiny floor", 48000, 960, 480, 1024, 40, 13, 20.0f, 20000.0f, 1e-20f},
    };
    for (const Case& k : cases) {
        aim_mfcc_config config = defaults();
        config.sample_rate_hz = k.sample_rate_hz;
        config.window = k.window;
        config.hop = k.hop;
        config.fft_size = k.fft_size;
        config.mel_bands = k.mel_bands;
        config.coefficients = k.coefficients;
        config.low_hz = k.low_hz;
        config.high_hz = k.high_hz;
        config.floor = k.floor;
        expect_reference(config, noise(k.window + 2 * k.hop, 7), k.name);
        expect_reference(config, tone(1000.0, 0.9, k.sample_rate_hz, k.window + k.hop), k.name);
    }
}

TEST(Mfcc, Mfcc_of_the_longest_frame_is_finite_and_repeats) {
    aim_mfcc_config config = defaults();
    config.window = config.fft_size = config.hop = 65536;
    config.mel_bands = config.coefficients = 256;
    const std::vector<float> signal = noise(2 * 65536, 3);
    const Frames frames = extract(config, signal);
    ASSERT_EQ(frames.coefficients.size(), 512u);
    for (const float c : frames.coefficients) EXPECT_TRUE(std::isfinite(c));
    EXPECT_EQ(frames, extract(config, signal));
}

TEST(Mfcc, Frames_are_the_same_bits_for_any_split_of_the_stream) {
    for (const uint32_t hop : {1u, 480u, 960u, 961u, 2500u}) {
        aim_mfcc_config config = defaults();
        config.hop = hop;
        const std::vector<float> signal = noise(hop == 1 ? 1200 : 20000, hop);
        const Frames whole = extract(config, signal);
        ASSERT_FALSE(whole.coefficients.empty());
        for (const uint32_t piece : {1u, 7u, 64u, 480u, 959u, 960u, 961u, 4000u}) {
            const Mfcc mfcc = make(config);
            EXPECT_EQ(extract(mfcc.get(), config.coefficients, signal, [=] { return piece; }), whole)
                << "hop " << hop << ", pieces of " << piece;
        }
        std::mt19937 generator(hop);
        const Mfcc mfcc = make(config);
        EXPECT_EQ(extract(mfcc.get(), config.coefficients, signal, [&] { return generator() % 2000; }), whole);
    }
}

TEST(Mfcc, First_frame_comes_with_the_window_and_the_others_with_each_hop) {
    const Mfcc mfcc = make(defaults());
    uint32_t frames = 99;
    for (const auto& [samples, expected] :
         {std::pair{0u, 0u}, {959u, 0u}, {960u, 1u}, {1439u, 1u}, {1440u, 2u}, {4294967295u, 8947847u}}) {
        EXPECT_EQ(aim_mfcc_frames_for(mfcc.get(), samples, &frames), AIM_OK);
        EXPECT_EQ(frames, expected) << samples;
    }
}

TEST(Mfcc, Reset_equals_fresh) {
    const std::vector<float> signal = noise(5000, 8);
    const Frames fresh = extract(defaults(), signal);
    for (const uint32_t hop : {480u, 3000u}) {
        aim_mfcc_config config = defaults();
        config.hop = hop;
        const Mfcc mfcc = make(config);
        const auto whole = [&] { return (uint32_t)signal.size(); };
        const Frames first = extract(mfcc.get(), 13, signal, whole);
        ASSERT_EQ(aim_mfcc_reset(mfcc.get()), AIM_OK);
        EXPECT_EQ(extract(mfcc.get(), 13, signal, whole), first);
    }
}

TEST(Mfcc, Damaged_samples_count_as_silence) {
    std::vector<float> clean = noise(3000, 6);
    std::vector<float> damaged = clean;
    const float damage[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity(), 1e30f, -1000.1f};
    for (size_t i = 0; i < clean.size(); i += 13) {
        clean[i] = 0.0f;
        damaged[i] = damage[i % 5];
    }
    for (const uint32_t piece : {3u, 3000u}) {
        const Mfcc a = make(defaults());
        const Mfcc b = make(defaults());
        EXPECT_EQ(extract(a.get(), 13, damaged, [=] { return piece; }),
                  extract(b.get(), 13, clean, [=] { return piece; }));
    }
}

TEST(Mfcc, Optional_results_may_be_left_out) {
    const std::vector<float> signal = noise(960, 2);
    const Frames all = extract(defaults(), signal);
    const Mfcc mfcc = make(defaults());
    std::vector<float> coefficients(13);
    uint32_t frames = 0;
    ASSERT_EQ(aim_mfcc_process(mfcc.get(), signal.data(), 960, coefficients.data(), nullptr, nullptr, 1, &frames),
              AIM_OK);
    EXPECT_EQ(frames, 1u);
    EXPECT_EQ(coefficients, all.coefficients);
}

TEST(Mfcc, Too_small_a_buffer_consumes_nothing) {
    const std::vector<float> signal = noise(1920, 2);
    const Mfcc mfcc = make(defaults());
    std::vector<float> coefficients(3 * 13, -7.0f);
    uint32_t frames = 77;
    EXPECT_EQ(aim_mfcc_process(mfcc.get(), signal.data(), 1920, coefficients.data(), nullptr, nullptr, 2, &frames),
              AIM_ERROR_BUFFER_TOO_SMALL);
    EXPECT_EQ(frames, 77u);
    EXPECT_EQ(coefficients, std::vector<float>(3 * 13, -7.0f));
    EXPECT_EQ(aim_mfcc_process(mfcc.get(), signal.data(), 1920, coefficients.data(), nullptr, nullptr, 3, &frames),
              AIM_OK);
    EXPECT_EQ(frames, 3u);
    EXPECT_EQ(coefficients, extract(defaults(), signal).coefficients);
}

TEST(Mfcc, Settings_out_of_range_are_refused) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    const std::function<void(aim_mfcc_config&)> faults[] = {
        [](auto& c) { c.sample_rate_hz = 7999; },
        [](auto& c) { c.sample_rate_hz = 192001; },
        [](auto& c) { c.window = 15; },
        [](auto& c) { c.window = 1025; },
        [](auto& c) { c.hop = 0; },
        [](auto& c) { c.hop = 65537; },
        [](auto& c) { c.fft_size = 1000; },
        [](auto& c) { c.fft_size = 131072; },
        [](auto& c) { c.fft_size = 0; },
        [](auto& c) { c.mel_bands = 0; },
        [](auto& c) { c.mel_bands = 257; },
        [](auto& c) { c.coefficients = 0; },
        [](auto& c) { c.coefficients = 41; },
        [](auto& c) { c.low_hz = -1.0f; },
        [](auto& c) { c.low_hz = c.high_hz; },
        [=](auto& c) { c.low_hz = nan; },
        [=](auto& c) { c.high_hz = nan; },
        [=](auto& c) { c.high_hz = infinity; },
        [](auto& c) { c.floor = 0.0f; },
        [](auto& c) { c.floor = -1e-10f; },
        [=](auto& c) { c.floor = nan; },
        [=](auto& c) { c.floor = infinity; },
    };
    for (size_t i = 0; i < std::size(faults); ++i) {
        aim_mfcc_config config = defaults();
        faults[i](config);
        aim_mfcc* mfcc = nullptr;
        EXPECT_EQ(aim_mfcc_create(&config, &mfcc), AIM_ERROR_OUT_OF_RANGE) << "fault " << i;
        EXPECT_EQ(mfcc, nullptr);
    }
}

TEST(Mfcc, Extreme_settings_give_finite_numbers) {
    const std::vector<float> signal = noise(2000, 1, 1000.0);
    for (const auto& [low_hz, high_hz, floor] :
         {std::tuple{0.0f, 3e38f, 1e-45f}, {1e30f, 2e38f, 1e-10f}, {0.0f, 1e-40f, 3e38f}, {23999.0f, 1e9f, 1e-30f}}) {
        aim_mfcc_config config = defaults();
        config.low_hz = low_hz;
        config.high_hz = high_hz;
        config.floor = floor;
        const Frames frames = extract(config, signal);
        for (const float c : frames.coefficients) EXPECT_TRUE(std::isfinite(c)) << low_hz << " to " << high_hz;
        for (const float hz : frames.centroid_hz) EXPECT_TRUE(std::isfinite(hz));
    }
}

TEST(Mfcc, Struct_size_tells_the_version) {
    aim_mfcc* mfcc = nullptr;
    aim_mfcc_config config = defaults();
    config.struct_size = 0;
    EXPECT_EQ(aim_mfcc_create(&config, &mfcc), AIM_ERROR_STRUCT_SIZE);
    config.struct_size = sizeof config + 1;
    EXPECT_EQ(aim_mfcc_create(&config, &mfcc), AIM_ERROR_STRUCT_SIZE);
    // The first version of the struct has 40 bytes for ever.
    config.struct_size = 40;
    ASSERT_EQ(aim_mfcc_create(&config, &mfcc), AIM_OK);
    aim_mfcc_destroy(mfcc);
}

TEST(Mfcc, Null_arguments_are_refused) {
    const Mfcc mfcc = make(defaults());
    aim_mfcc_config config = defaults();
    aim_mfcc* out = nullptr;
    std::vector<float> samples(960);
    std::vector<float> results(13);
    uint32_t frames = 0;
    EXPECT_EQ(aim_mfcc_config_init(nullptr), AIM_ERROR_NULL_ARGUMENT);
    EXPECT_EQ(aim_mfcc_create(nullptr, &out), AIM_ERROR_NULL_ARGUMENT);
    EXPECT_EQ(aim_mfcc_create(&config, nullptr), AIM_ERROR_NULL_ARGUMENT);
    EXPECT_EQ(aim_mfcc_frames_for(nullptr, 1, &frames), AIM_ERROR_NULL_ARGUMENT);
    EXPECT_EQ(aim_mfcc_frames_for(mfcc.get(), 1, nullptr), AIM_ERROR_NULL_ARGUMENT);
    EXPECT_EQ(aim_mfcc_reset(nullptr), AIM_ERROR_NULL_ARGUMENT);
    const auto process = [&](aim_mfcc* m, const float* in, float* coefficients, uint32_t* count) {
        return aim_mfcc_process(m, in, 960, coefficients, nullptr, nullptr, 1, count);
    };
    EXPECT_EQ(process(nullptr, samples.data(), results.data(), &frames), AIM_ERROR_NULL_ARGUMENT);
    EXPECT_EQ(process(mfcc.get(), nullptr, results.data(), &frames), AIM_ERROR_NULL_ARGUMENT);
    EXPECT_EQ(process(mfcc.get(), samples.data(), nullptr, &frames), AIM_ERROR_NULL_ARGUMENT);
    EXPECT_EQ(process(mfcc.get(), samples.data(), results.data(), nullptr), AIM_ERROR_NULL_ARGUMENT);
    // Nothing in, nothing out: an empty span has no address.
    EXPECT_EQ(aim_mfcc_process(mfcc.get(), nullptr, 0, nullptr, nullptr, nullptr, 0, &frames), AIM_OK);
    EXPECT_EQ(frames, 0u);
    aim_mfcc_destroy(nullptr);
}

}  // namespace
}  // namespace mfcc_test
