// What the genre network is told of windows whose statistics are known without computing them.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "genre/window_statistics.h"

namespace window_statistics_test {
namespace {

using aim::WindowStatistics;

constexpr uint32_t kIn = WindowStatistics::kCoefficients;
constexpr uint32_t kPairsFrom = 3 * kIn - 1;
constexpr uint32_t kRhythmFrom = kPairsFrom + WindowStatistics::kPairs;
constexpr uint32_t kRhythmic = WindowStatistics::kRhythmCoefficients;

using Statistics = std::vector<float>;

Statistics measure(size_t frames, const std::function<double(size_t, uint32_t)>& value) {
    WindowStatistics window;
    for (size_t t = 0; t < frames; ++t) {
        float row[WindowStatistics::kRow] = {};
        for (uint32_t k = 0; k < kIn; ++k) row[k] = (float)value(t, k);
        window.add_frame(row);
    }
    Statistics statistics(WindowStatistics::kCount);
    window.measure(statistics.data());
    return statistics;
}

std::function<double(size_t, uint32_t)> noise(double deviation) {
    return [random = std::mt19937(3), normal = std::normal_distribution<double>(0.0, deviation)](
               size_t, uint32_t) mutable { return normal(random); };
}

TEST(WindowStatistics, What_does_not_move_has_means_and_nothing_else) {
    for (const size_t frames : {50u, 60u, 300u, 777u}) {
        const Statistics s = measure(frames, [](size_t, uint32_t k) { return k == 0 ? -400.0 : 3.0 * k; });
        for (uint32_t k = 1; k < kIn; ++k) EXPECT_EQ(s[k - 1], 3.0f * (float)k);
        for (uint32_t i = kIn - 1; i < WindowStatistics::kCount; ++i) EXPECT_EQ(s[i], 0.0f) << i;
    }
}

TEST(WindowStatistics, Coefficients_that_move_together_correlate_and_a_still_one_does_not) {
    // The second follows the first, the third goes against it, the fourth stands still.
    const Statistics s = measure(300, [](size_t t, uint32_t k) {
        const double x = 50.0 * std::sin(0.37 * (double)t);
        return k == 0 ? x : k == 1 ? 2.0 * x : k == 2 ? -x : 0.0;
    });
    EXPECT_NEAR(s[kPairsFrom + 0], 1.0, 0.05);
    EXPECT_NEAR(s[kPairsFrom + 1], -1.0, 0.06);
    EXPECT_EQ(s[kPairsFrom + 2], 0.0f);
    EXPECT_NEAR(s[kPairsFrom + kIn - 1], -1.0, 0.06);
}

TEST(WindowStatistics, A_pulse_is_periodic_at_slow_lags_and_noise_is_not) {
    const Statistics beat = measure(300, [](size_t t, uint32_t) { return t % 50 < 10 ? 20.0 : 0.0; });
    const Statistics rapid = measure(300, [](size_t t, uint32_t) { return t % 16 < 8 ? 20.0 : 0.0; });
    const Statistics hiss = measure(300, noise(10.0));
    for (uint32_t k = 0; k < kRhythmic; ++k) {
        const uint32_t slow = kRhythmFrom + 2 * kRhythmic + k;
        // A lag of 500 ms leaves 124 of 149 steps to compare.
        EXPECT_NEAR(beat[slow], 124.0 / 149.0, 0.05);
        EXPECT_GE(beat[kRhythmFrom + k], beat[slow]);
        EXPECT_GT(rapid[kRhythmFrom + kRhythmic + k], 0.3);
        EXPECT_LT(hiss[kRhythmFrom + k], 0.35);
        EXPECT_LT(hiss[kRhythmFrom + kRhythmic + k], 0.15);
    }
}

TEST(WindowStatistics, A_lag_longer_than_the_window_is_no_rhythm) {
    const Statistics s = measure(50, [](size_t t, uint32_t) { return t % 8 < 4 ? 20.0 : 0.0; });
    for (uint32_t k = 0; k < kRhythmic; ++k) {
        EXPECT_GT(s[kRhythmFrom + k], 0.5);
        EXPECT_TRUE(std::isfinite(s[kRhythmFrom + 2 * kRhythmic + k]));
        EXPECT_LT(s[kRhythmFrom + 2 * kRhythmic + k], 0.25);
    }
}

TEST(WindowStatistics, Only_the_last_three_seconds_count_whatever_came_before) {
    const auto value = [](size_t t, uint32_t k) { return 30.0 * std::sin(0.05 * (double)t * (k + 1)); };
    const Statistics alone = measure(300, [&](size_t t, uint32_t k) { return value(t + 4170, k); });
    const Statistics late =
        measure(4470, [&](size_t t, uint32_t k) { return t < 4170 ? 1000.0 * (t % 3) : value(t, k); });
    for (uint32_t i = 0; i < WindowStatistics::kCount; ++i) EXPECT_NEAR(alone[i], late[i], 1e-4) << i;
}

}  // namespace
}  // namespace window_statistics_test
