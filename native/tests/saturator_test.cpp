// The saturator: what it adds and what it must not add.
#include <string>

#include "reference/spectrum.h"
#include "reference/tone_contract.h"
#include "tone/saturator.h"

namespace saturator_test {
namespace {

using namespace aim_test::tone;
using aim::Saturator;
using Parameters = Saturator::Parameters;

constexpr uint32_t kDelay = Saturator::kLatencyFrames;
constexpr Parameters kSubtle = {true, 2.0f, 25.0f, 0.0f};
constexpr Parameters kWarm = {true, 1.0f, 20.0f, 100.0f};
constexpr Parameters kHard = {true, 12.0f, 100.0f, 50.0f};

Parameters off(Parameters p) {
    p.enabled = false;
    return p;
}

Signal delayed(const Signal& x) {
    Signal y(x.size(), 0.0f);
    std::copy(x.begin(), x.end() - kDelay, y.begin() + kDelay);
    return y;
}

// ---------------------------------------------------------------------------------------------- instruments

// Magnitudes of a signal that is periodic in `kPeriod` frames, one per bin, a full-scale sine reads 1.
constexpr size_t kPeriod = 32768;

std::vector<double> magnitudes(const Signal& x) {
    aim_test::Spectrum spectrum(kPeriod);
    for (size_t i = 0; i < kPeriod; ++i) spectrum[i] = (double)x[x.size() - kPeriod + i];
    aim_test::dft(spectrum);
    std::vector<double> result(kPeriod / 2 + 1);
    for (size_t bin = 0; bin < result.size(); ++bin) result[bin] = 2.0 * std::abs(spectrum[bin]) / kPeriod;
    result[0] *= 0.5;
    return result;
}

double db(double x) { return 20.0 * std::log10(x + 1e-20); }

// The odd bin next to a frequency: every harmonic that folds back then falls between the harmonics.
size_t odd_bin(double f, double rate_hz) { return ((size_t)(f / rate_hz * kPeriod) / 2) * 2 + 1; }

// Settled output for a tone in a bin: two periods in, the last one counts.
std::vector<double> tone_through(const Parameters& p, size_t bin, double amplitude, uint32_t rate_hz = 48000,
                                 int periods = 2) {
    auto stage = settled_stage<Saturator>(p, rate_hz);
    Signal x = sine(kPeriod * (size_t)periods, (double)bin, amplitude, (double)kPeriod);
    run(stage, x);
    return magnitudes(x);
}

double worst_alias_db(const std::vector<double>& spectrum, size_t bin) {
    double worst = 0.0;
    for (size_t i = 1; i < spectrum.size(); ++i) {
        if (i % bin != 0) worst = std::max(worst, spectrum[i]);
    }
    return db(worst / spectrum[bin]);
}

// The curve's definition, by Simpson's rule: integral of (1 - t^2)^4 up to u / reach, in units of the end's height.
double curve(double u) {
    const auto integral = [](double to) {
        constexpr int kSteps = 200;
        double sum = 0.0;
        for (int i = 0; i <= kSteps; ++i) {
            const double t = to * i / kSteps;
            sum += std::pow(1.0 - t * t, 4) * (i == 0 || i == kSteps ? 1 : i % 2 != 0 ? 4 : 2);
        }
        return sum * to / (3.0 * kSteps);
    };
    const double end = integral(1.0);
    return integral(std::clamp(u * end, -1.0, 1.0)) / end;
}

// --------------------------------------------------------------------------------------------------- sound

constexpr double kAliasDb = -90.0;

TEST(Saturator, Leaves_no_aliases_of_a_high_tone_at_full_scale) {
    for (const uint32_t rate : {44100u, 48000u, 96000u}) {
        const size_t bin = odd_bin(5000.0, rate);
        for (const float drive_db : {0.0f, 2.0f, 3.0f, 3.5f, 12.0f, 15.0f}) {
            for (const float even : {0.0f, 100.0f}) {
                const double alias = worst_alias_db(tone_through({true, drive_db, 100.0f, even}, bin, 1.0, rate), bin);
                EXPECT_LE(alias, kAliasDb) << rate << " Hz, drive " << drive_db << ", even " << even;
                RecordProperty(std::to_string(rate) + " " + std::to_string((int)drive_db) + " " +
                                   std::to_string((int)even),
                               std::to_string(alias));
            }
        }
    }
}

// The drive up to which twice the sample rate serves, and an input 3 dB above full scale.
TEST(Saturator, Leaves_no_aliases_of_an_input_above_full_scale) {
    for (const uint32_t rate : {44100u, 48000u, 96000u}) {
        const size_t bin = odd_bin(5000.0, rate);
        for (const float even : {0.0f, 100.0f}) {
            const double alias = worst_alias_db(tone_through({true, 3.0f, 100.0f, even}, bin, 1.41, rate), bin);
            EXPECT_LE(alias, kAliasDb) << rate << " Hz, even " << even;
        }
    }
}

TEST(Saturator, The_instrument_sees_aliases_where_there_are_some) {
    const size_t bin = odd_bin(5000.0, 48000);
    Signal x = sine(kPeriod, (double)bin, 1.0, (double)kPeriod);
    for (float& sample : x) sample = (float)curve(4.0 * (double)sample);
    EXPECT_GT(worst_alias_db(magnitudes(x), bin), -30.0);
}

TEST(Saturator, Follows_its_curve) {
    for (const float drive_db : {0.0f, 6.0f, 12.0f}) {
        const double gain = std::pow(10.0, drive_db / 20.0);
        for (const double amplitude : {0.1, 0.5, 1.0}) {
            auto stage = settled_stage<Saturator>(Parameters{true, drive_db, 60.0f, 0.0f}, 48000);
            const Signal x = sine(9600, 50.0, amplitude, 48000.0);
            Signal y = x;
            run(stage, y);
            const Signal dry = delayed(x);
            for (size_t n = 100; n < y.size(); ++n) {
                const double u = (double)dry[n];
                const double expected = 0.4 * u + 0.6 * curve(gain * u) / gain;
                ASSERT_NEAR((double)y[n], expected, 2e-6) << drive_db << ' ' << amplitude << ' ' << n;
            }
        }
    }
}

TEST(Saturator, A_small_signal_keeps_its_level_whatever_the_drive) {
    for (const float drive_db : {0.0f, 6.0f, 12.0f, 24.0f}) {
        for (const size_t f : {100u, 1000u, 5000u, 15000u}) {
            const size_t bin = odd_bin((double)f, 48000);
            const double level = tone_through({true, drive_db, 100.0f, 100.0f}, bin, 1e-4)[bin];
            EXPECT_NEAR(db(level), -80.0, 0.001) << drive_db << ' ' << f;
        }
    }
}

TEST(Saturator, Gives_odd_harmonics_only_until_asked_for_even_ones) {
    const size_t bin = odd_bin(200.0, 48000);
    const std::vector<double> odd = tone_through({true, 12.0f, 100.0f, 0.0f}, bin, 0.5);
    EXPECT_GT(db(odd[3 * bin] / odd[bin]), -20.0);
    for (size_t k = 0; k <= 20; k += 2) EXPECT_LT(db(odd[k * bin] / odd[bin]), -120.0) << k;

    // Up to a driven level of 0 dBFS.
    for (const float drive_db : {0.0f, 2.0f, 6.0f}) {
        for (const double amplitude : {0.05, 0.25, 0.5}) {
            const std::vector<double> even = tone_through({true, drive_db, 100.0f, 100.0f}, bin, amplitude);
            for (size_t k = 3; k <= 20; ++k) EXPECT_GT(even[2 * bin], 1.5 * even[k * bin]) << drive_db << ' ' << k;
        }
    }
}

TEST(Saturator, A_little_of_it_is_a_measurable_second_harmonic) {
    const size_t bin = odd_bin(200.0, 48000);
    const std::vector<double> warm = tone_through(kWarm, bin, 0.25);
    const double second = db(warm[2 * bin] / warm[bin]);
    RecordProperty("second harmonic", std::to_string(second));
    EXPECT_GT(second, -60.0);
    EXPECT_LT(second, -35.0);
    EXPECT_NEAR(db(warm[bin]), -12.04, 0.1);
    const std::vector<double> subtle = tone_through(kSubtle, bin, 0.25);
    RecordProperty("third harmonic", std::to_string(db(subtle[3 * bin] / subtle[bin])));
    EXPECT_LT(db(subtle[3 * bin] / subtle[bin]), -40.0);
}

TEST(Saturator, Lets_no_offset_out) {
    const size_t bin = odd_bin(200.0, 48000);
    const std::vector<double> even = tone_through({true, 12.0f, 100.0f, 100.0f}, bin, 1.0, 48000, 3);
    EXPECT_LT(db(even[0]), -100.0);
}

TEST(Saturator, Stays_bounded_and_monotonic_beyond_full_scale) {
    for (const float even : {0.0f, 100.0f}) {
        double before = 0.0;
        for (const double amplitude : {0.1, 0.3, 1.0, 2.0, 4.0, 10.0, 30.0, 100.0}) {
            auto stage = settled_stage<Saturator>(Parameters{true, 6.0f, 100.0f, even}, 48000);
            Signal x = sine(48000, 100.0, amplitude, 48000.0);
            run(stage, x);
            double peak = 0.0;
            for (size_t n = 24000; n < x.size(); ++n) peak = std::max(peak, std::abs((double)x[n]));
            // Half of full scale is the curve's end, an eighth more that of the asymmetric one; the filter's overshoot at
            // the flanks of what has become a square wave comes on top.
            EXPECT_LT(peak, (even == 0.0f ? 0.5 : 0.65) * 1.25) << amplitude << ' ' << even;
            // The asymmetric curve's mean grows with the level and is taken from the peak.
            EXPECT_GT(peak, (even == 0.0f ? 1.0 : 0.95) * before) << amplitude << ' ' << even;
            before = peak;
        }
    }
}

// ------------------------------------------------------------------------------------------------ contract

TEST(Saturator, Off_it_is_a_delay_bit_for_bit) {
    const Signal x = noise(4800, 1.0f);
    for (const Parameters& p : {Parameters{}, off(kHard), Parameters{true, 6.0f, 0.0f, 50.0f}}) {
        auto stage = settled_stage<Saturator>(p, 48000);
        EXPECT_EQ(stage.latency_frames(), kDelay);
        Signal y = x;
        run(stage, y);
        EXPECT_TRUE(same_bits(y, delayed(x)));
    }
}

TEST(Saturator, Delays_by_the_same_when_it_is_on) {
    for (const uint32_t rate : kRates) {
        auto stage = settled_stage<Saturator>(kHard, rate);
        Signal x(64, 0.0f);
        x[0] = 1e-5f;
        run(stage, x);
        for (size_t n = 0; n < x.size(); ++n) EXPECT_NEAR((double)x[n], n == kDelay ? 1e-5 : 0.0, 1e-9) << n;
    }
    // The saturated part is in time with the rest: what is left beside a symmetric impulse is symmetric about it.
    auto stage = settled_stage<Saturator>(Parameters{true, 12.0f, 100.0f, 0.0f}, 48000);
    Signal x(64, 0.0f);
    x[16] = 1.0f;
    run(stage, x);
    for (size_t i = 1; i <= 12; ++i) {
        EXPECT_NEAR((double)x[16 + kDelay - i], (double)x[16 + kDelay + i], 1e-6) << i;
    }
}

TEST(Saturator, Becomes_the_delay_again_after_it_was_switched_off) {
    for (const uint32_t rate : kRates) {
        auto stage = settled_stage<Saturator>(kHard, rate);
        Signal x = noise(rate / 10 / kQuantumFrames * kQuantumFrames, 0.5f);
        run(stage, x);
        stage.set_target(off(kHard));
        Signal y = noise(x.size(), 0.5f, 3);
        run(stage, y);
        Signal joined = y;
        const Signal dry = noise(x.size(), 0.5f, 5);
        joined.insert(joined.end(), dry.begin(), dry.end());
        // What it had taken in before was input, too.
        const Signal raw = noise(x.size(), 0.5f, 3);
        Signal both = raw;
        both.insert(both.end(), dry.begin(), dry.end());
        y = dry;
        run(stage, y);
        const Signal expected = delayed(both);
        const Signal tail(expected.begin() + (ptrdiff_t)raw.size(), expected.end());
        EXPECT_TRUE(same_bits(y, tail)) << rate;

        // And like new when it comes back.
        stage.set_target(kHard);
        auto fresh = settled_stage<Saturator>(off(kHard), rate);
        Signal same = dry;
        run(fresh, same);
        fresh.set_target(kHard);
        Signal a = noise(x.size(), 0.5f, 7);
        Signal b = a;
        run(stage, a);
        run(fresh, b);
        EXPECT_TRUE(same_bits(a, b)) << rate;
    }
}

TEST(Saturator, Both_channels_are_treated_alike_and_apart) {
    auto stereo = settled_stage<Saturator>(kHard, 48000, 2);
    auto mono = settled_stage<Saturator>(kHard, 48000, 1);
    Signal left = noise(4800, 0.5f, 1);
    Signal right = noise(4800, 0.5f, 2);
    Signal alone = left;
    run(stereo, left, right);
    run(mono, alone);
    EXPECT_TRUE(same_bits(left, alone));
    stereo.reset();
    mono.reset();
    Signal silent(4800, 0.0f);
    Signal second = noise(4800, 0.5f, 2);
    Signal other = second;
    run(stereo, silent, second);
    run(mono, other);
    EXPECT_TRUE(same_bits(second, other));
    for (const float sample : silent) ASSERT_EQ(sample, 0.0f);
}

TEST(Saturator, Reset_and_preparing_again_equal_fresh) {
    expect_reset_equals_fresh<Saturator>(kWarm, kHard);
    expect_preparing_again_equals_fresh<Saturator>(kHard);
}

TEST(Saturator, Any_split_into_calls_gives_the_same_bits) {
    expect_any_split_gives_the_same_bits<Saturator>(off(kHard), {kHard, kWarm, off(kWarm), kSubtle, off(kSubtle)}, 640,
                                                    23);
}

TEST(Saturator, Continues_from_a_saved_state_bit_for_bit) {
    expect_continues_from_a_saved_state<Saturator>(off(kHard), kHard, kWarm, {0, 160, 2560, 3200, 9600});
}

TEST(Saturator, Decays_to_exact_silence_without_denormals) {
    for (const uint32_t rate : kRates) {
        auto stage = settled_stage<Saturator>(kHard, rate);
        Signal x(rate / kQuantumFrames * kQuantumFrames);
        // Down to -400 dBFS, where the strip's guard makes silence of it.
        for (size_t n = 0; n < x.size(); ++n) {
            const double level = std::pow(10.0, -20.0 * (double)n / (double)x.size());
            x[n] = (float)(level * std::sin(0.3 * (double)n));
            if (std::abs(x[n]) < 1e-20f) x[n] = 0.0f;
        }
        run(stage, x);
        Signal silence(8 * rate / kQuantumFrames * kQuantumFrames, 0.0f);
        run(stage, silence);
        EXPECT_EQ(silence.back(), 0.0f) << rate;
        size_t denormals = 0;
        for (const Signal& y : {x, silence}) {
            for (const float sample : y) denormals += std::fpclassify(sample) == FP_SUBNORMAL;
        }
        EXPECT_EQ(denormals, 0u) << rate;
        const std::vector<unsigned char> bytes = saved(stage);
        for (size_t i = 0; i < bytes.size(); i += 4) {
            float value;
            std::memcpy(&value, bytes.data() + i, sizeof value);
            // Flags and counters are small integers, which as floats are denormal; the glides come first.
            if (i >= 3 * sizeof(aim::Smoother) + 24) {
                ASSERT_TRUE(value == 0.0f) << i;
            }
        }
    }
}

// ---------------------------------------------------------------------------------------------------- glide

constexpr double kSplatterDb = -80.0;

// Energy of the last second that is not within 250 Hz of a harmonic of 1 kHz, the zeroth included, relative to the tone:
// harmonics are what the stage is for, and may glide.
double splatter_db(const Signal& x) {
    constexpr size_t kFrames = 48000;
    const std::vector<double> window = aim_test::flat_window(kFrames, 2400);
    aim_test::Spectrum spectrum(65536);
    for (size_t i = 0; i < kFrames; ++i) spectrum[i] = window[i] * (double)x[x.size() - kFrames + i];
    aim_test::dft(spectrum);
    double tone = 0.0;
    double rest = 0.0;
    for (size_t bin = 0; bin <= spectrum.size() / 2; ++bin) {
        const double f = (double)bin * 48000.0 / (double)spectrum.size();
        const double beside = std::abs(f - 1000.0 * std::round(f / 1000.0));
        if (std::abs(f - 1000.0) <= 500.0) tone += std::norm(spectrum[bin]);
        if (beside > 250.0) rest += std::norm(spectrum[bin]);
    }
    return 10.0 * std::log10(rest / tone);
}

// Energy of the last second below 500 Hz, relative to the tone.
double thump_db(const Signal& x) {
    constexpr size_t kFrames = 48000;
    const std::vector<double> window = aim_test::flat_window(kFrames, 2400);
    aim_test::Spectrum spectrum(65536);
    for (size_t i = 0; i < kFrames; ++i) spectrum[i] = window[i] * (double)x[x.size() - kFrames + i];
    aim_test::dft(spectrum);
    double low = 0.0;
    double tone = 0.0;
    for (size_t bin = 0; bin < spectrum.size() / 2; ++bin) {
        const double f = (double)bin * 48000.0 / (double)spectrum.size();
        if (f < 500.0) low += std::norm(spectrum[bin]);
        if (std::abs(f - 1000.0) <= 500.0) tone += std::norm(spectrum[bin]);
    }
    return 10.0 * std::log10(low / tone);
}

TEST(Saturator, Stepping_a_parameter_makes_no_zipper_noise) {
    struct Step {
        const char* what;
        Parameters from;
        Parameters to;
        double thump_db;
    };
    const Parameters base = {true, 6.0f, 50.0f, 50.0f};
    const Step steps[] = {{"on", off(base), base, -80.0},
                          {"off", base, off(base), -80.0},
                          {"drive up", {true, 0.0f, 50.0f, 50.0f}, {true, 12.0f, 50.0f, 50.0f}, -55.0},
                          {"drive down", {true, 12.0f, 50.0f, 50.0f}, {true, 0.0f, 50.0f, 50.0f}, -55.0},
                          {"wet", {true, 6.0f, 5.0f, 50.0f}, {true, 6.0f, 100.0f, 50.0f}, -80.0},
                          {"even", {true, 6.0f, 50.0f, 0.0f}, {true, 6.0f, 50.0f, 100.0f}, -80.0},
                          {"profile", off({true, 0.0f, 20.0f, 0.0f}), kWarm, -80.0}};
    for (const Step& step : steps) {
        for (const double phase : {0.0, 0.125, 0.25}) {
            auto stage = settled_stage<Saturator>(step.from, 48000);
            Signal x = sine(72000, 1000.0, 0.5, 48000.0, phase);
            Signal after = sine(24000, 1000.0, 0.5, 48000.0, phase);
            run(stage, x);
            stage.set_target(step.to);
            run(stage, after);
            x.insert(x.end(), after.begin(), after.end());
            EXPECT_LE(splatter_db(x), kSplatterDb) << step.what << ' ' << phase;
            EXPECT_LE(thump_db(x), step.thump_db) << step.what << ' ' << phase;
            RecordProperty(step.what, std::to_string(splatter_db(x)) + ", low " + std::to_string(thump_db(x)));
        }
    }
}

TEST(Saturator, Stays_bounded_while_every_parameter_jumps_in_every_quantum) {
    const auto any = [](Noise& source) {
        return Parameters{source.bits() % 8 != 0, source.between(0.0, 24.0), source.between(0.0, 100.0),
                          source.between(0.0, 100.0)};
    };
    for (const uint32_t rate : kRates) EXPECT_LT(peak_while_all_jumps<Saturator>(rate, any), 3.0f) << rate;
}

}  // namespace
}  // namespace saturator_test
