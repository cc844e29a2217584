// True peak: the EBU cases, the band-limited waveform itself evaluated between the samples, and the limiter's bound.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "dynamics/true_peak_bound.h"
#include "metering/true_peak.h"
#include "reference/true_peak.h"
#include "signals.h"

namespace true_peak_test {
namespace {

using namespace aim_test;

constexpr double kPi2 = 2 * std::numbers::pi;
constexpr double kEbu = 0.05;        // dB
constexpr double kUnderRead = 0.02;  // dB, of the bound
constexpr double kOverRead = 0.15;   // dB, of the bound
constexpr uint32_t kDelay = aim::TruePeakBound::delay_frames;
constexpr uint32_t kQuantum = aim::kQuantumFrames;

double read_true_peak(const std::vector<float>& x) {
    aim::TruePeakMeter meter;
    meter.process(x.data(), static_cast<uint32_t>(x.size()));
    return to_db(meter.peak());
}

// A sine whose level rises and falls over 100 samples: switching it on would be a true peak of its own.
std::vector<float> faded_sine(double cycles_per_sample, double phase_degrees, double amplitude, size_t frames) {
    std::vector<float> x(frames);
    for (size_t i = 0; i < frames; ++i) {
        const double edge = std::min<double>(1, static_cast<double>(std::min(i, frames - 1 - i)) / 100);
        const double phase = kPi2 * cycles_per_sample * static_cast<double>(i) + phase_degrees * kPi2 / 360;
        x[i] = static_cast<float>(amplitude * edge * std::sin(phase));
    }
    return x;
}

// A sum of sines up to `top` cycles per sample: its value is known at every instant, not only at the samples.
struct Waveform {
    struct Partial {
        double cycles, phase, amplitude;
    };
    std::vector<Partial> partials;

    Waveform(double top, uint64_t seed, int count = 60) {
        Random random(seed);
        for (int i = 0; i < count; ++i) {
            partials.push_back({random.uniform(0.001, top), random.uniform(0, kPi2), random.uniform(0, 0.1)});
        }
    }
    double at(double t) const {
        double sum = 0;
        for (const Partial& p : partials) sum += p.amplitude * std::sin(kPi2 * p.cycles * t + p.phase);
        return sum;
    }
    std::vector<float> samples(size_t frames) const {
        std::vector<float> x(frames);
        for (size_t i = 0; i < frames; ++i) x[i] = static_cast<float>(at(static_cast<double>(i)));
        return x;
    }
    double highest(double from, double to) const {
        double peak = 0;
        for (double t = from; t <= to; t += 1.0 / 16) peak = std::max(peak, std::abs(at(t)));
        return peak;
    }
};

std::vector<float> bounds_of(const std::vector<float>& x, float threshold = 0) {
    aim::TruePeakBound bound;
    std::vector<float> result(x.size() / kQuantum * kQuantum);
    for (size_t i = 0; i < result.size(); i += kQuantum) bound.process(&x[i], 1, &result[i], threshold);
    return result;
}

TEST(TruePeak, Ebu_cases_15_to_19) {
    const struct {
        double cycles, phase_degrees, amplitude, expected_db;
    } cases[] = {{0.25, 0, 0.50, -6.02},
                 {0.25, 45, 0.50, -6.02},
                 {1.0 / 6, 60, 0.50, -6.02},
                 {0.125, 67.5, 0.50, -6.02},
                 {0.25, 45, 1.41, 2.98}};
    for (const auto& c : cases) {
        EXPECT_NEAR(read_true_peak(faded_sine(c.cycles, c.phase_degrees, c.amplitude, 4800)), c.expected_db, kEbu);
    }
}

TEST(TruePeak, Tones_of_any_frequency_and_phase_read_their_amplitude) {
    for (double frequency_hz = 20; frequency_hz <= 20000; frequency_hz *= 1.13) {
        for (double phase = 0; phase < 360; phase += 27) {
            const double read = read_true_peak(faded_sine(frequency_hz / 48000, phase, 0.5, 4800));
            EXPECT_NEAR(read, to_db(0.5), kEbu) << frequency_hz << " Hz, " << phase << " degrees";
        }
    }
}

TEST(TruePeak, Reads_the_waveform_between_the_samples) {
    for (uint64_t seed = 0; seed < 10; ++seed) {
        const Waveform wave(20.0 / 48, seed);
        // A sudden start would be a peak of its own: 200 samples of fade, of which nothing may stand out.
        std::vector<float> x = wave.samples(1200);
        for (size_t i = 0; i < 200; ++i) x[i] *= static_cast<float>(i) / 200;
        aim::TruePeakMeter meter;
        meter.process(x.data(), static_cast<uint32_t>(x.size()));
        const double settled = wave.highest(200, 1200 - 14);
        const double with_fade = std::max(settled, wave.highest(100, 1200));
        EXPECT_GE(to_db(meter.peak()), to_db(settled) - kEbu) << seed;
        EXPECT_LE(to_db(meter.peak()), to_db(with_fade) + kEbu) << seed;
    }
}

TEST(TruePeak, Agrees_with_a_sixteenfold_reading_on_programme) {
    for (const uint64_t seed : {3u, 4u, 5u}) {
        const Samples full_band = joined(music(48000, 0, 24000, seed), pink_noise(0, 24000, seed));
        const std::vector<float> x = to_float(scaled(band_limited(full_band, 48000, 20000), 0.9));
        EXPECT_NEAR(read_true_peak(x), to_db(true_peak_16x(x, 0, x.size())), kEbu) << seed;
    }
}

// Skipping what cannot raise the maximum must not show in the result: a meter that has nothing to skip by, because it is
// started afresh for every quantum, sees the same maximum.
TEST(TruePeak, Skipping_changes_nothing) {
    Random random(17);
    for (int round = 0; round < 20; ++round) {
        const std::vector<float> x =
            to_float(round % 2 == 0 ? white_noise(-1, 3200, round) : music(48000, -1, 3200, round));
        aim::TruePeakMeter whole;
        whole.process(x.data(), 3200);
        float highest = 0;
        constexpr uint32_t kSurround = 64;
        for (uint32_t start = 0; start < 3200; start += kQuantum) {
            const uint32_t from = start < kSurround ? 0 : start - kSurround;
            aim::TruePeakMeter fresh;
            // The history is loaded at zero level, so that only this quantum can set the peak.
            if (start > 0) {
                aim::TruePeakMeter history;
                history.process(&x[from], start - from);
                struct Zero {
                    int visited = 0;
                    void array(float*, size_t) {}
                    void operator()(float& peak) {
                        peak = 0;
                        ++visited;
                    }
                } zero;
                history.visit_state(zero);
                ASSERT_EQ(zero.visited, 1);
                fresh = history;
            }
            fresh.process(&x[start], kQuantum);
            highest = std::max(highest, fresh.peak());
        }
        EXPECT_EQ(whole.peak(), highest) << round;
    }
}

TEST(TruePeak, The_cut_of_the_stream_does_not_matter) {
    Random random(5);
    const std::vector<float> x = to_float(white_noise(-1, 5000, 9));
    aim::TruePeakMeter whole;
    whole.process(x.data(), 5000);
    for (int round = 0; round < 10; ++round) {
        aim::TruePeakMeter cut;
        for (uint32_t at = 0; at < 5000;) {
            const uint32_t n = std::min(5000 - at, random.integer(0, round < 5 ? 5 : 700));
            cut.process(&x[at], n);
            at += n;
        }
        EXPECT_EQ(cut.peak(), whole.peak());
    }
}

// Every local maximum from one sample before to an eighth before the next belongs to a sample's bound, and so does the
// waveform at the quarters. Ripple of the interpolator is relative to the whole signal, not to its smaller maxima.
TEST(TruePeakBound, Never_reads_less_than_the_waveform) {
    constexpr int kSteps = 32;  // per sample
    for (uint64_t seed = 0; seed < 10; ++seed) {
        const Waveform wave(20.0 / 48, seed + 100);
        const std::vector<float> bound = bounds_of(wave.samples(640));
        std::vector<double> fine(640 * kSteps);
        for (size_t i = 0; i < fine.size(); ++i) fine[i] = std::abs(wave.at(static_cast<double>(i) / kSteps));
        const double allowed = *std::max_element(fine.begin(), fine.end()) * (1 - from_db(-kUnderRead));
        for (size_t i = 64; i < bound.size(); ++i) {
            const size_t centre = (i - kDelay) * kSteps;
            double highest = 0;
            for (size_t k = centre - kSteps; k <= centre + kSteps * 7 / 8; ++k) {
                const bool maximum = fine[k] >= fine[k - 1] && fine[k] >= fine[k + 1];
                const bool quarter = k % (kSteps / 4) == 0;
                if (maximum || quarter) highest = std::max(highest, fine[k]);
            }
            EXPECT_GE(bound[i], highest - allowed) << "seed " << seed << ", sample " << i;
        }
    }
}

TEST(TruePeakBound, Reads_little_more_than_a_tone) {
    double worst_under = 0;
    double worst_over = 0;
    for (double step = 2, frequency_hz = 20; frequency_hz <= 20000; frequency_hz += step) {
        step = std::min(frequency_hz * 0.1, 499.0);
        const std::vector<float> bound = bounds_of(faded_sine(frequency_hz / 48000, 33, 0.5, 9600));
        const double highest = *std::max_element(bound.begin(), bound.end());
        worst_over = std::max(worst_over, to_db(highest / 0.5));
        worst_under = std::max(worst_under, -to_db(highest / 0.5));
    }
    EXPECT_LE(worst_over, kOverRead);
    EXPECT_LE(worst_under, kUnderRead);
}

TEST(TruePeakBound, Over_reads_programme_by_little) {
    for (uint64_t seed = 0; seed < 5; ++seed) {
        const Waveform wave(20.0 / 48, seed + 200);
        std::vector<float> x = wave.samples(1600);
        for (size_t i = 0; i < 200; ++i) x[i] *= static_cast<float>(i) / 200;
        const std::vector<float> bound = bounds_of(x);
        const double highest = *std::max_element(bound.begin(), bound.end());
        EXPECT_LE(to_db(highest), to_db(wave.highest(0, 1600)) + kOverRead) << seed;
    }
}

TEST(TruePeakBound, An_impulse_is_bounded_at_its_place) {
    std::vector<float> x(160, 0.0f);
    x[50] = 1;
    const std::vector<float> bound = bounds_of(x);
    const size_t place = static_cast<size_t>(std::max_element(bound.begin(), bound.end()) - bound.begin());
    EXPECT_TRUE(place == 50 + kDelay || place == 51 + kDelay) << place;
    EXPECT_GE(bound[50 + kDelay], 1.0f);
    EXPECT_EQ(bound[20], 0.0f);
    EXPECT_EQ(bound[120], 0.0f);
}

// The shortcut for quiet quanta may read high, but never above the threshold, and never below the waveform; what lies
// above the threshold is untouched by it.
TEST(TruePeakBound, The_threshold_changes_only_what_lies_below_it) {
    const float threshold = 0.6f;
    const std::vector<float> x = to_float(music(48000, 0, 9600, 11));
    const std::vector<float> exact = bounds_of(x);
    const std::vector<float> quick = bounds_of(x, threshold);
    int shortened = 0;
    for (size_t i = 0; i < exact.size(); ++i) {
        if (quick[i] == exact[i]) continue;
        ++shortened;
        EXPECT_LE(quick[i], threshold);
        EXPECT_GE(quick[i], exact[i]);
    }
    EXPECT_GT(shortened, 100);
}

// Whatever the waveform, between its samples it goes no further than its bends let it.
TEST(TruePeakBound, No_quantum_that_reaches_the_threshold_passes_for_a_smooth_one) {
    std::vector<std::vector<float>> signals;
    for (double frequency_hz = 40; frequency_hz < 24000; frequency_hz *= 1.13) {
        signals.push_back(faded_sine(frequency_hz / 48000, frequency_hz, 0.5, 1600));
    }
    for (uint64_t seed = 0; seed < 20; ++seed) {
        signals.push_back(to_float(white_noise(-1, 1600, seed)));
        signals.push_back(to_float(music(48000, -1, 1600, seed)));
        Random random(seed);
        std::vector<float> squares(1600);
        for (size_t i = 0; i < squares.size(); ++i) {
            squares[i] =
                random.integer(0, 3) == 0 || i == 0 ? (random.integer(0, 1) == 0 ? -0.5f : 0.5f) : squares[i - 1];
        }
        signals.push_back(squares);
    }
    for (size_t s = 0; s < signals.size(); ++s) {
        const std::vector<float>& x = signals[s];
        const std::vector<float> exact = bounds_of(x);
        const float highest = *std::max_element(exact.begin(), exact.end());
        for (const float share : {0.5f, 0.8f, 0.95f, 0.999f}) {
            const float threshold = share * highest;
            const std::vector<float> quick = bounds_of(x, threshold);
            for (size_t i = 0; i < exact.size(); ++i) {
                if (exact[i] <= threshold) continue;
                EXPECT_EQ(quick[i], exact[i]) << "signal " << s << ", sample " << i << ", " << share;
            }
        }
        // Runs of several quanta, behind what came before.
        aim::TruePeakBound bound;
        std::vector<float> unused(1600);
        for (size_t i = 0; i < x.size();) {
            const uint32_t quanta = (uint32_t)std::min<size_t>(1 + i / kQuantum % 5, (x.size() - i) / kQuantum);
            const float most = *std::max_element(&exact[i], &exact[i] + quanta * kQuantum);
            EXPECT_FALSE(bound.stays_below(&x[i], quanta, most * 0.9999f)) << "signal " << s << ", sample " << i;
            bound.process(&x[i], quanta, &unused[i]);
            i += quanta * kQuantum;
        }
    }
}

// Most music bends little: it is not looked into until its samples come near the threshold.
TEST(TruePeakBound, A_smooth_waveform_stays_below_what_it_does_not_reach) {
    const std::vector<float> x = faded_sine(500.0 / 48000, 1, 0.5, 1600);
    aim::TruePeakBound bound;
    EXPECT_TRUE(bound.stays_below(x.data(), 31, 0.5f * 1.003f));
    bound.skip(x.data(), 31, 0.5f * 1.003f);
    EXPECT_TRUE(bound.stays_below(&x[31 * kQuantum], 31, 0.5f * 1.003f));
    EXPECT_FALSE(bound.stays_below(&x[31 * kQuantum], 31, 0.5f));
}

}  // namespace
}  // namespace true_peak_test
