// The genre network against itself in double precision, written as the formulas stand; and what a stream may do to it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include "base/state.h"
#include "genre/model.h"

namespace genre_model_test {
namespace {

#include "genre/model_weights.inc"

using aim::GenreModel;

constexpr uint32_t kIn = GenreModel::kCoefficients;
constexpr uint32_t kOut = GenreModel::kGenres;
// Single precision against double: inputs of hundreds, sums of a hundred terms.
constexpr double kTolerance = 1e-4;

using Matrix = std::vector<std::vector<double>>;

// Layer with weights [input][padded output].
template <size_t n, size_t m>
std::vector<double> layer(const float (&weights)[n], const float (&bias)[m], const std::vector<double>& x,
                          bool rectified) {
    std::vector<double> y(m);
    EXPECT_EQ(x.size() * m, n);
    for (size_t o = 0; o < m; ++o) {
        y[o] = bias[o];
        for (size_t i = 0; i < x.size(); ++i) y[o] += (double)weights[i * m + o] * x[i];
        if (rectified) y[o] = std::max(0.0, y[o]);
    }
    return y;
}

double mean_of(const std::vector<double>& values) {
    double sum = 0.0;
    for (const double v : values) sum += v;
    return sum / (double)values.size();
}

double deviation_of(const std::vector<double>& values) {
    const double mean = mean_of(values);
    double sum = 0.0;
    for (const double v : values) sum += (v - mean) * (v - mean);
    return std::sqrt(sum / (double)values.size());
}

// A frame as twenty bands in dB, the quiet ones raised to 30 dB below the loudest, and back.
std::vector<double> outline(const std::vector<double>& frame) {
    const auto cosine = [](uint32_t k, uint32_t b) {
        return std::sqrt((k == 0 ? 1.0 : 2.0) / 40.0) * std::cos(std::numbers::pi * k * (b + 0.5) / 20.0);
    };
    double bands[20] = {};
    for (uint32_t b = 0; b < 20; ++b)
        for (uint32_t k = 0; k < kIn; ++k) bands[b] += frame[k] * cosine(k, b);
    const double floor = *std::max_element(bands, bands + 20) - 30.0;
    std::vector<double> heard(kIn, 0.0);
    for (uint32_t k = 0; k < kIn; ++k)
        for (uint32_t b = 0; b < 20; ++b) heard[k] += 2.0 * std::max(bands[b], floor) * cosine(k, b);
    return heard;
}

// Autocorrelation of the steps between means of two frames, at lags of 6 to 59 such steps.
std::vector<double> periods(const std::vector<double>& column) {
    std::vector<double> steps;
    for (size_t i = 2; i + 1 < column.size(); i += 2)
        steps.push_back((column[i] + column[i + 1] - column[i - 2] - column[i - 1]) / 2.0);
    const double mean = mean_of(steps);
    double energy = 1.0;
    for (const double s : steps) energy += (s - mean) * (s - mean);
    std::vector<double> result;
    for (size_t lag = 6; lag <= 59; ++lag) {
        double sum = 0.0;
        for (size_t i = lag; i < steps.size(); ++i) sum += (steps[i] - mean) * (steps[i - lag] - mean);
        result.push_back(sum / energy);
    }
    return result;
}

std::vector<double> reference_logits(const Matrix& frames) {
    const size_t whole = frames.size() / 10 * 10;
    Matrix columns(kIn);
    for (size_t t = whole > 300 ? whole - 300 : 0; t < whole; ++t) {
        const std::vector<double> heard = outline(frames[t]);
        for (uint32_t k = 0; k < kIn; ++k) columns[k].push_back(heard[k]);
    }
    std::vector<double> statistics, deviations;
    for (uint32_t k = 0; k < kIn; ++k) {
        if (k > 0) statistics.push_back(mean_of(columns[k]));
        deviations.push_back(deviation_of(columns[k]));
    }
    statistics.insert(statistics.end(), deviations.begin(), deviations.end());
    for (const auto& column : columns) {
        std::vector<double> squares;
        for (size_t t = 1; t < column.size(); ++t)
            if (t % 5 != 0) squares.push_back(std::pow(column[t] - column[t - 1], 2));
        statistics.push_back(std::sqrt(mean_of(squares)));
    }
    for (uint32_t i = 0; i < kIn; ++i) {
        for (uint32_t j = i + 1; j < kIn; ++j) {
            std::vector<double> products;
            for (size_t t = 0; t < columns[i].size(); ++t)
                products.push_back((columns[i][t] - mean_of(columns[i])) * (columns[j][t] - mean_of(columns[j])));
            statistics.push_back(mean_of(products) / ((deviations[i] + 1.0) * (deviations[j] + 1.0)));
        }
    }
    for (const int part : {0, 1, 2}) {
        for (uint32_t k = 0; k < 4; ++k) {
            const std::vector<double> p = periods(columns[k]);
            statistics.push_back(part == 1 ? deviation_of(p)
                                           : *std::max_element(p.begin() + (part == 0 ? 0 : 14), p.end()));
        }
    }
    std::vector<double> logits =
        layer(kOutputWeights, kOutputBias, layer(kHiddenWeights, kHiddenBias, statistics, true), false);
    logits.resize(kOut);
    return logits;
}

// A walk through plausible coefficients: the first hundreds below zero, the others tens around it.
Matrix walk(size_t count, uint32_t seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> step(0.0, 3.0);
    Matrix frames(count, std::vector<double>(kIn, 0.0));
    for (size_t t = 0; t < count; ++t) {
        for (uint32_t k = 0; k < kIn; ++k) {
            const double before = t > 0 ? frames[t - 1][k] : (k == 0 ? -300.0 : 0.0);
            // Rounded to float, as the model is given them.
            frames[t][k] = (float)(before * 0.99 + step(random));
        }
    }
    return frames;
}

void feed(GenreModel& model, const Matrix& frames, size_t from = 0) {
    float row[kIn];
    for (size_t t = from; t < frames.size(); ++t) {
        for (uint32_t k = 0; k < kIn; ++k) row[k] = (float)frames[t][k];
        model.add_frame(row);
    }
}

TEST(GenreModel, agrees_with_double_precision_for_any_length_of_stream) {
    for (const size_t count : {50u, 59u, 60u, 123u, 290u, 300u, 307u, 777u, 3000u, 26000u}) {
        GenreModel model;
        const Matrix frames = walk(count, (uint32_t)count);
        feed(model, frames);
        float logits[kOut];
        ASSERT_TRUE(model.logits(logits));
        const std::vector<double> expected = reference_logits(frames);
        for (uint32_t g = 0; g < kOut; ++g)
            EXPECT_NEAR(logits[g], expected[g], kTolerance * (1.0 + std::abs(expected[g])));
    }
}

TEST(GenreModel, probabilities_are_the_softmax_of_the_logits_by_the_temperature) {
    GenreModel model;
    feed(model, walk(300, 5));
    float logits[kOut], probabilities[kOut];
    ASSERT_TRUE(model.logits(logits));
    ASSERT_TRUE(model.probabilities(probabilities));
    double sum = 0.0;
    for (const float l : logits) sum += std::exp((double)l / kTemperature);
    for (uint32_t g = 0; g < kOut; ++g)
        EXPECT_NEAR(probabilities[g], std::exp((double)logits[g] / kTemperature) / sum, 1e-6);

    // Also far apart, where an exponential would overflow.
    const float wide[kOut] = {1e6f, -1e6f, 0.0f, 3e4f, -3.0f};
    GenreModel::probabilities_of(wide, probabilities);
    EXPECT_EQ(probabilities[0], 1.0f);
    EXPECT_EQ(probabilities[1], 0.0f);
}

TEST(GenreModel, says_nothing_before_half_a_second) {
    GenreModel model;
    float out[kOut] = {7.0f, 7.0f, 7.0f, 7.0f, 7.0f};
    const Matrix frames = walk(50, 1);
    float row[kIn];
    for (uint32_t t = 0; t < 50; ++t) {
        EXPECT_FALSE(model.logits(out));
        EXPECT_FALSE(model.probabilities(out));
        EXPECT_EQ(out[0], 7.0f);
        for (uint32_t k = 0; k < kIn; ++k) row[k] = (float)frames[t][k];
        model.add_frame(row);
    }
    EXPECT_EQ(model.window_frames(), 50u);
    EXPECT_TRUE(model.logits(out));
}

// Level moves the first coefficient and nothing else. Rounding of the shifted values is all that may be left.
TEST(GenreModel, does_not_hear_level) {
    const Matrix frames = walk(300, 9);
    Matrix louder = frames;
    for (auto& row : louder) row[0] = (float)(row[0] + 250.0);
    GenreModel a, b;
    feed(a, frames);
    feed(b, louder);
    float of_a[kOut], of_b[kOut];
    ASSERT_TRUE(a.logits(of_a) && b.logits(of_b));
    for (uint32_t g = 0; g < kOut; ++g) EXPECT_NEAR(of_a[g], of_b[g], 1e-3 * (1.0 + std::abs(of_a[g])));
}

TEST(GenreModel, damaged_frames_stay_finite_and_are_forgotten) {
    GenreModel model, clean;
    float bad[kIn];
    const float nasty[] = {std::numeric_limits<float>::quiet_NaN(),
                           std::numeric_limits<float>::infinity(),
                           -std::numeric_limits<float>::infinity(),
                           3e38f,
                           -3e38f,
                           1e-42f};
    for (uint32_t t = 0; t < 300; ++t) {
        for (uint32_t k = 0; k < kIn; ++k) bad[k] = nasty[(t + k) % 6];
        model.add_frame(bad);
    }
    float out[kOut];
    ASSERT_TRUE(model.probabilities(out));
    for (const float p : out) EXPECT_TRUE(p >= 0.0f && p <= 1.0f);
    const Matrix frames = walk(840, 3);
    feed(model, frames);
    feed(clean, walk(300, 4));
    feed(clean, frames);
    float after[kOut], expected[kOut];
    ASSERT_TRUE(model.logits(after) && clean.logits(expected));
    EXPECT_EQ(0, std::memcmp(after, expected, sizeof after));
}

TEST(GenreModel, reset_is_a_fresh_start_and_a_snapshot_goes_on_bit_for_bit) {
    const Matrix frames = walk(1000, 8);
    GenreModel whole, first, fresh;
    feed(whole, frames);
    feed(first, Matrix(frames.begin(), frames.begin() + 333));

    aim::StateSizer sizer;
    first.visit_state(sizer);
    std::vector<unsigned char> bytes(sizer.bytes());
    aim::StateWriter writer(bytes.data());
    first.visit_state(writer);
    GenreModel second;
    aim::StateReader reader(bytes.data());
    second.visit_state(reader);
    feed(second, frames, 333);
    EXPECT_EQ(0, std::memcmp(&whole, &second, sizeof whole));

    whole.reset();
    EXPECT_EQ(0, std::memcmp(&whole, &fresh, sizeof whole));
}

}  // namespace
}  // namespace genre_model_test
