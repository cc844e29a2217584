// Spectral centroid and zero-crossing rate against their definitions.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "ai_mixer_core.h"

namespace spectral_test {
namespace {

constexpr uint32_t kWindow = 960;

struct Features {
    float centroid_hz = -1.0f;
    float zero_crossing_rate = -1.0f;
};

Features measure(const std::vector<float>& window, aim_mfcc_config config) {
    config.window = (uint32_t)window.size();
    aim_mfcc* mfcc = nullptr;
    EXPECT_EQ(aim_mfcc_create(&config, &mfcc), AIM_OK);
    std::vector<float> coefficients(config.coefficients);
    Features features;
    uint32_t frames = 0;
    EXPECT_EQ(aim_mfcc_process(mfcc, window.data(), config.window, coefficients.data(), &features.centroid_hz,
                               &features.zero_crossing_rate, 1, &frames),
              AIM_OK);
    EXPECT_EQ(frames, 1u);
    aim_mfcc_destroy(mfcc);
    return features;
}

Features measure(const std::vector<float>& window) {
    aim_mfcc_config config;
    aim_mfcc_config_init(&config);
    return measure(window, config);
}

double centroid_by_definition(const std::vector<float>& window, uint32_t fft_size, double sample_rate_hz) {
    double weighted = 0.0;
    double total = 0.0;
    for (uint32_t k = 0; k <= fft_size / 2; ++k) {
        double re = 0.0;
        double im = 0.0;
        for (size_t i = 0; i < window.size(); ++i) {
            const double hann = 0.5 - 0.5 * std::cos(2.0 * M_PI * (double)i / (double)window.size());
            const double angle = 2.0 * M_PI * (double)((uint64_t)k * i % fft_size) / fft_size;
            re += hann * window[i] * std::cos(angle);
            im -= hann * window[i] * std::sin(angle);
        }
        const double magnitude = std::hypot(re, im);
        total += magnitude;
        weighted += magnitude * k * sample_rate_hz / fft_size;
    }
    return weighted / total;
}

std::vector<float> tone(double frequency_hz, double amplitude, double sample_rate_hz, size_t count) {
    std::vector<float> samples(count);
    for (size_t i = 0; i < count; ++i) {
        samples[i] = (float)(amplitude * std::sin(2.0 * M_PI * frequency_hz * (double)i / sample_rate_hz + 0.3));
    }
    return samples;
}

std::vector<float> noise(size_t count, uint32_t seed) {
    std::mt19937 generator(seed);
    std::vector<float> samples(count);
    for (float& x : samples) x = (float)((double)generator() / 2147483648.0 - 1.0);
    return samples;
}

double crossings_by_definition(const std::vector<float>& samples) {
    int crossings = 0;
    for (size_t i = 1; i < samples.size(); ++i) {
        const bool was_negative = samples[i - 1] < 0.0f;
        const bool is_negative = samples[i] < 0.0f;
        crossings += was_negative != is_negative ? 1 : 0;
    }
    return (double)crossings / (double)(samples.size() - 1);
}

// The goal for the centroid: 0.1 %.
constexpr double kCentroidTolerance = 1e-3;

TEST(Spectral, Centroid_of_tones_is_within_a_thousandth) {
    for (const double frequency_hz : {55.0, 440.0, 1000.0, 5000.0, 15000.0}) {
        for (const double amplitude : {1.0, 1e-3, 1e-6}) {
            const std::vector<float> window = tone(frequency_hz, amplitude, 48000.0, kWindow);
            const double expected = centroid_by_definition(window, 1024, 48000.0);
            EXPECT_NEAR(measure(window).centroid_hz / expected, 1.0, kCentroidTolerance) << frequency_hz;
        }
    }
}

TEST(Spectral, Centroid_of_noise_is_within_a_thousandth_at_other_sizes) {
    for (const uint32_t fft_size : {16u, 64u, 2048u}) {
        aim_mfcc_config config;
        aim_mfcc_config_init(&config);
        config.sample_rate_hz = 44100;
        config.fft_size = fft_size;
        const std::vector<float> window = noise(fft_size, fft_size);
        const double expected = centroid_by_definition(window, fft_size, 44100.0);
        EXPECT_NEAR(measure(window, config).centroid_hz / expected, 1.0, kCentroidTolerance) << fft_size;
    }
}

TEST(Spectral, Centroid_of_a_long_frame_keeps_the_quiet_end_of_the_spectrum) {
    aim_mfcc_config config;
    aim_mfcc_config_init(&config);
    config.fft_size = 65536;
    // The spectrum of a lone impulse is flat, wherever the window has it: its centre is a quarter of the sample rate.
    std::vector<float> window(65536, 0.0f);
    window[20000] = 1.0f;
    EXPECT_NEAR(measure(window, config).centroid_hz / 12000.0, 1.0, 1e-5);
}

TEST(Spectral, Centroid_and_crossings_of_silence_are_zero) {
    const Features features = measure(std::vector<float>(kWindow, 0.0f));
    EXPECT_EQ(features.centroid_hz, 0.0f);
    EXPECT_EQ(features.zero_crossing_rate, 0.0f);
}

TEST(Spectral, Zero_crossing_rate_is_exact) {
    for (const size_t count : {16, 17, 18, 19, 20, 21, 959, 960}) {
        const std::vector<float> window = noise(count, (uint32_t)count);
        EXPECT_EQ(measure(window).zero_crossing_rate, (float)crossings_by_definition(window)) << count;
    }
    const std::vector<float> sine = tone(1000.0, 0.5, 48000.0, kWindow);
    EXPECT_EQ(measure(sine).zero_crossing_rate, (float)crossings_by_definition(sine));
}

TEST(Spectral, Zero_crossing_rate_of_alternating_signs_is_one) {
    std::vector<float> window(kWindow);
    for (size_t i = 0; i < kWindow; ++i) window[i] = i % 2 == 0 ? 0.5f : -0.5f;
    EXPECT_EQ(measure(window).zero_crossing_rate, 1.0f);
}

TEST(Spectral, Zero_counts_as_positive_for_crossings_and_so_does_minus_zero) {
    std::vector<float> window(kWindow, 0.25f);
    window[100] = 0.0f;
    window[200] = -0.0f;
    EXPECT_EQ(measure(window).zero_crossing_rate, 0.0f);
    window[300] = -0.25f;
    EXPECT_EQ(measure(window).zero_crossing_rate, (float)(2.0 / (kWindow - 1)));
    window[300] = -std::numeric_limits<float>::denorm_min();
    EXPECT_EQ(measure(window).zero_crossing_rate, (float)(2.0 / (kWindow - 1)));
}

TEST(Spectral, Damaged_samples_count_as_silence) {
    std::vector<float> clean = noise(kWindow, 4);
    std::vector<float> damaged = clean;
    const float damage[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity(), 1e30f, -1000.1f};
    for (size_t i = 0; i < 5; ++i) {
        clean[100 * i + 7] = 0.0f;
        damaged[100 * i + 7] = damage[i];
    }
    EXPECT_EQ(measure(damaged).centroid_hz, measure(clean).centroid_hz);
    EXPECT_EQ(measure(damaged).zero_crossing_rate, measure(clean).zero_crossing_rate);
}

}  // namespace
}  // namespace spectral_test
