// What the leveler hears, against the standard's own filters over all frames.
#include "engine/leveler_ear.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reference/loudness.h"
#include "reference/voice.h"
#include "signals.h"

namespace leveler_ear_test {
namespace {

using namespace aim_test;

constexpr uint32_t kRate = 48000;
constexpr uint32_t kHop = 4800;

// Samples of the K-weighted signal, in double precision.
Samples weighted(const Samples& x) {
    return standard_filtered(standard_filtered(x, kStandardShelf), kStandardHighPass);
}

aim::Heard heard_of(const Samples& x, uint32_t first, uint32_t frames, uint32_t rate_hz = kRate) {
    aim::LevelerEar ear;
    ear.prepare({rate_hz, 1});
    std::vector<float> samples(x.begin(), x.end());
    const float* channels[2] = {samples.data(), samples.data()};
    ear.add(channels, 0, first / aim::kQuantumFrames);
    ear.take(first);
    ear.add(channels, first, frames / aim::kQuantumFrames);
    return ear.take(frames);
}

double mean_square(const Samples& x, uint32_t first, uint32_t frames) {
    double sum = 0;
    for (uint32_t i = first; i < first + frames; ++i) sum += x[i] * x[i];
    return sum / frames;
}

double to_db(double ratio) { return 10 * std::log10(ratio); }

// What two lags of 1/16 ms leave to predict, from the definition: the error of the best linear prediction.
double flatness_of(const Samples& y, uint32_t first, uint32_t frames) {
    double r[3] = {};
    for (uint32_t lag = 0; lag < 3; ++lag) {
        for (uint32_t i = first; i < first + frames; ++i) r[lag] += y[i] * y[i - 3 * lag];
    }
    const double determinant = r[0] * r[0] - r[1] * r[1];
    const double a1 = r[1] * (r[0] - r[2]) / determinant;
    const double a2 = (r[0] * r[2] - r[1] * r[1]) / determinant;
    return (r[0] - a1 * r[1] - a2 * r[2]) / r[0];
}

TEST(LevelerEar, Half_of_the_frames_are_as_loud_as_all_of_them) {
    // White noise is the worst: as much lies above 22 kHz, which folds down to where the weighting is another, as anywhere.
    const Samples signals[] = {talk(kRate), music(kRate, -6, 12 * kRate, 5), white_noise(-12, 12 * kRate, 3)};
    const double allowed_db[] = {0.03, 0.03, 0.25};
    for (size_t s = 0; s < 3; ++s) {
        const uint32_t frames = (uint32_t)signals[s].size() / kHop * kHop - kRate;
        const aim::Heard heard = heard_of(signals[s], kRate, frames);
        EXPECT_NEAR(to_db(heard.energy / mean_square(weighted(signals[s]), kRate, frames)), 0, allowed_db[s]) << s;
        EXPECT_NEAR(to_db(heard.squares / mean_square(signals[s], kRate, frames)), 0, 0.03) << s;
    }
}

TEST(LevelerEar, Tones_have_their_level) {
    for (const double frequency_hz : {50.0, 997.0, 3000.0, 6000.0, 8000.0, 11900.0, 15000.0, 20000.0}) {
        const Samples x = sine(kRate, frequency_hz, -20, 2 * kRate);
        const aim::Heard heard = heard_of(x, kRate, kHop);
        EXPECT_NEAR(to_db(heard.energy / mean_square(weighted(x), kRate, kHop)), 0, 0.1) << frequency_hz;
    }
}

TEST(LevelerEar, Tells_noise_from_tones_as_all_frames_do) {
    const Samples signals[] = {talk(kRate), music(kRate, -6, 12 * kRate, 5), white_noise(-12, 12 * kRate, 3),
                               pink_noise(-12, 12 * kRate, 3)};
    for (size_t s = 0; s < 4; ++s) {
        const Samples y = weighted(signals[s]);
        for (uint32_t at = kRate; at + 5 * kHop <= y.size(); at += 5 * kHop) {
            if (mean_square(y, at, 5 * kHop) < 1e-7) continue;
            EXPECT_NEAR(heard_of(signals[s], at, 5 * kHop).flatness(), flatness_of(y, at, 5 * kHop), 0.05) << s;
        }
    }
}

TEST(LevelerEar, Hears_the_same_at_every_rate) {
    for (const uint32_t rate_hz : {16000u, 22050u, 32000u, 44100u, 88200u, 96000u, 192000u}) {
        const uint32_t frames = rate_hz / 160 * 16;
        const aim::Heard heard = heard_of(sine(rate_hz, 997, -20, 2 * rate_hz), rate_hz / 16 * 16, frames, rate_hz);
        EXPECT_NEAR(loudness_of_energy(heard.energy), -23.01, 0.05) << rate_hz;
        EXPECT_LT(heard.flatness(), 0.01) << rate_hz;
    }
}

}  // namespace
}  // namespace leveler_ear_test
