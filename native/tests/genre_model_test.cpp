// The genre network against itself in double precision, written as the formulas stand; and what a stream may do to it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "base/state.h"
#include "genre/model.h"

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

template <size_t n, size_t m>
Matrix convolve(const float (&weights)[n], const float (&bias)[m], const Matrix& rows, size_t kernel, size_t stride) {
    Matrix result;
    for (size_t at = 0; at + kernel <= rows.size(); at += stride) {
        std::vector<double> x;
        for (size_t k = 0; k < kernel; ++k) x.insert(x.end(), rows[at + k].begin(), rows[at + k].end());
        result.push_back(layer(weights, bias, x, true));
    }
    return result;
}

void pool(const Matrix& rows, double epsilon, std::vector<double>& mean, std::vector<double>& deviation,
          std::vector<double>& most) {
    for (size_t c = 0; c < rows[0].size(); ++c) {
        double sum = 0.0, squares = 0.0, top = rows[0][c];
        for (const auto& row : rows) {
            sum += row[c];
            top = std::max(top, row[c]);
        }
        const double m = sum / (double)rows.size();
        for (const auto& row : rows) squares += (row[c] - m) * (row[c] - m);
        mean.push_back(m);
        deviation.push_back(std::sqrt(squares / (double)rows.size() + epsilon));
        most.push_back(top);
    }
}

std::vector<double> reference_logits(const Matrix& frames) {
    const size_t whole = frames.size() / 10 * 10;
    const Matrix window(frames.begin() + (long)(whole > 300 ? whole - 300 : 0), frames.begin() + (long)whole);
    const Matrix patches = convolve(kPatchWeights, kPatchBias, window, 5, 5);
    const Matrix motifs = convolve(kMotifWeights, kMotifBias, patches, 6, 2);
    std::vector<double> features, deviation, most, unused;
    pool(motifs, 1e-4, features, deviation, most);
    features.insert(features.end(), deviation.begin(), deviation.end());
    features.insert(features.end(), most.begin(), most.end());
    std::vector<double> mean, spread;
    pool(window, 0.0, mean, spread, unused);
    features.insert(features.end(), mean.begin() + 1, mean.end());
    features.insert(features.end(), spread.begin(), spread.end());
    for (uint32_t k = 0; k < kIn; ++k) {
        double sum = 0.0;
        size_t count = 0;
        for (size_t t = 1; t < window.size(); ++t) {
            if (t % 5 == 0) continue;
            sum += std::pow(window[t][k] - window[t - 1][k], 2);
            ++count;
        }
        features.push_back(std::sqrt(sum / (double)count));
    }
    std::vector<double> logits =
        layer(kOutputWeights, kOutputBias, layer(kHiddenWeights, kHiddenBias, features, true), false);
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
