// The FFT against the sum that defines it, in double precision.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <vector>

#include "ai_mixer_core.h"

namespace fft_test {
namespace {

struct FftDeleter {
    void operator()(aim_fft* fft) const { aim_fft_destroy(fft); }
};
using Fft = std::unique_ptr<aim_fft, FftDeleter>;

Fft make_fft(uint32_t size) {
    aim_fft* fft = nullptr;
    EXPECT_EQ(aim_fft_create(size, &fft), AIM_OK);
    return Fft(fft);
}

std::vector<float> forward(uint32_t size, const std::vector<float>& samples) {
    const Fft fft = make_fft(size);
    std::vector<float> spectrum(size + 2, -1.0f);
    EXPECT_EQ(aim_fft_forward(fft.get(), samples.data(), spectrum.data()), AIM_OK);
    return spectrum;
}

std::vector<float> noise(size_t count, uint32_t seed) {
    std::mt19937 generator(seed);
    std::vector<float> samples(count);
    for (float& x : samples) x = (float)((double)generator() / 2147483648.0 - 1.0);
    return samples;
}

// Every `step`th bin by the definition; returns the root of error energy over signal energy.
double relative_rms_error(const std::vector<float>& samples, const std::vector<float>& spectrum, size_t step) {
    const size_t n = samples.size();
    std::vector<double> cosine(n);
    std::vector<double> sine(n);
    for (size_t i = 0; i < n; ++i) {
        cosine[i] = std::cos(2.0 * M_PI * (double)i / (double)n);
        sine[i] = std::sin(2.0 * M_PI * (double)i / (double)n);
    }
    double error = 0.0;
    double energy = 0.0;
    for (size_t k = 0; k <= n / 2; k += step) {
        double re = 0.0;
        double im = 0.0;
        for (size_t i = 0; i < n; ++i) {
            re += samples[i] * cosine[k * i % n];
            im -= samples[i] * sine[k * i % n];
        }
        error += std::pow(spectrum[2 * k] - re, 2) + std::pow(spectrum[2 * k + 1] - im, 2);
        energy += re * re + im * im;
    }
    return std::sqrt(error / energy);
}

class FftSize : public testing::TestWithParam<uint32_t> {};
INSTANTIATE_TEST_SUITE_P(EveryPowerOfTwo, FftSize,
                         testing::Values(16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536));

TEST_P(FftSize, Fft_of_noise_agrees_with_the_definition) {
    const uint32_t size = GetParam();
    const std::vector<float> samples = noise(size, size);
    // A prime step visits even and odd bins; every bin up to 2048 points.
    const size_t step = size <= 2048 ? 1 : size / 2048 * 8 + 3;
    EXPECT_LT(relative_rms_error(samples, forward(size, samples), step), 2e-7 * std::log2((double)size));
}

TEST_P(FftSize, Fft_of_a_shifted_impulse_is_a_turning_phasor) {
    const uint32_t size = GetParam();
    for (const uint32_t at : {0u, 1u, size / 2 + 3, size - 1}) {
        std::vector<float> samples(size, 0.0f);
        samples[at] = 1.0f;
        const std::vector<float> spectrum = forward(size, samples);
        for (uint32_t k = 0; k <= size / 2; ++k) {
            const double angle = -2.0 * M_PI * (double)((uint64_t)k * at % size) / size;
            ASSERT_NEAR(spectrum[2 * k], std::cos(angle), 1e-6) << "bin " << k << ", impulse at " << at;
            ASSERT_NEAR(spectrum[2 * k + 1], std::sin(angle), 1e-6) << "bin " << k << ", impulse at " << at;
        }
    }
}

TEST_P(FftSize, Fft_puts_a_centred_cosine_into_its_bin) {
    const uint32_t size = GetParam();
    for (const uint32_t bin : {0u, 1u, size / 4, size / 2 - 1, size / 2}) {
        std::vector<float> samples(size);
        for (uint32_t i = 0; i < size; ++i) {
            samples[i] = (float)std::cos(2.0 * M_PI * (double)((uint64_t)bin * i % size) / size);
        }
        const std::vector<float> spectrum = forward(size, samples);
        const double expected = bin == 0 || bin == size / 2 ? size : size / 2.0;
        for (uint32_t k = 0; k <= size / 2; ++k) {
            const double magnitude = std::hypot(spectrum[2 * k], spectrum[2 * k + 1]);
            ASSERT_NEAR(magnitude, k == bin ? expected : 0.0, size * 2e-7 * std::log2((double)size)) << "bin " << k;
        }
    }
}

TEST_P(FftSize, Fft_of_a_real_signal_is_real_at_both_ends) {
    const std::vector<float> spectrum = forward(GetParam(), noise(GetParam(), 5));
    EXPECT_EQ(spectrum[1], 0.0f);
    EXPECT_EQ(spectrum[GetParam() + 1], 0.0f);
}

TEST(Fft, Fft_repeats_itself_bit_for_bit_whatever_came_before) {
    const Fft fft = make_fft(1024);
    const std::vector<float> samples = noise(1024, 1);
    const std::vector<float> loud(1024, 1e6f);
    std::vector<float> first(1026);
    std::vector<float> other(1026);
    std::vector<float> again(1026);
    aim_fft_forward(fft.get(), samples.data(), first.data());
    aim_fft_forward(fft.get(), loud.data(), other.data());
    aim_fft_forward(fft.get(), samples.data(), again.data());
    EXPECT_EQ(first, again);
    EXPECT_NE(first, other);
}

TEST(Fft, Fft_reads_and_writes_at_any_address) {
    const Fft fft = make_fft(256);
    const std::vector<float> samples = noise(257, 3);
    std::vector<float> shifted_in(samples.begin(), samples.end());
    std::vector<float> spectrum(259 + 1);
    aim_fft_forward(fft.get(), shifted_in.data() + 1, spectrum.data() + 1);
    const std::vector<float> expected = forward(256, std::vector<float>(samples.begin() + 1, samples.end()));
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), spectrum.begin() + 1));
    EXPECT_EQ(spectrum.back(), 0.0f) << "written past the end";
}

TEST(Fft, Fft_makes_no_denormal_numbers_of_a_decay_into_silence) {
    std::vector<float> samples = noise(1024, 9);
    for (double scale = 1.0; scale > 1e-46; scale *= 0.25) {
        std::vector<float> decayed(samples);
        for (float& x : decayed) x = (float)(x * scale);
        for (const float x : forward(1024, decayed)) ASSERT_NE(std::fpclassify(x), FP_SUBNORMAL) << scale;
    }
    std::vector<float> denormals(1024, std::numeric_limits<float>::denorm_min());
    for (const float x : forward(1024, denormals)) EXPECT_EQ(x, 0.0f);
}

TEST(Fft, Fft_refuses_sizes_and_pointers_it_cannot_use) {
    aim_fft* fft = nullptr;
    for (const uint32_t size : {0u, 1u, 8u, 15u, 17u, 1000u, 1023u, 65535u, 131072u, 0xffffffffu}) {
        EXPECT_EQ(aim_fft_create(size, &fft), AIM_ERROR_OUT_OF_RANGE) << size;
        EXPECT_EQ(fft, nullptr);
    }
    EXPECT_EQ(aim_fft_create(1024, nullptr), AIM_ERROR_NULL_ARGUMENT);
    const Fft good = make_fft(16);
    float buffer[18] = {};
    EXPECT_EQ(aim_fft_forward(nullptr, buffer, buffer), AIM_ERROR_NULL_ARGUMENT);
    EXPECT_EQ(aim_fft_forward(good.get(), nullptr, buffer), AIM_ERROR_NULL_ARGUMENT);
    EXPECT_EQ(aim_fft_forward(good.get(), buffer, nullptr), AIM_ERROR_NULL_ARGUMENT);
    aim_fft_destroy(nullptr);
}

}  // namespace
}  // namespace fft_test
