// The equaliser and the high-pass: their response against the analogue prototypes, and their noise.
#include "reference/spectrum.h"
#include "reference/tone_stage.h"
#include "tone/filter_design.h"

namespace equalizer_test {
namespace {

using namespace aim_test::tone;

// Goals of the equaliser: what separates a curve from the one drawn on the panel, and can no longer be heard.
constexpr double kTo16kDb = 0.05;
constexpr double kTo20kDb = 0.15;

void expect_analogue(const Equalizer::Parameters& p, double rate_hz, double to_16k_db, double to_20k_db) {
    auto eq = settled_stage<Equalizer>(p, (uint32_t)rate_hz);
    const Deviation off = deviation(eq, rate_hz, [&](double f) { return prototype_db(p, f); });
    EXPECT_LE(off.to_16k_db, to_16k_db) << p.low_frequency_hz << " Hz " << p.low_gain_db << " dB, "
                                        << p.mid_frequency_hz << " Hz " << p.mid_gain_db << " dB Q " << p.mid_q << ", "
                                        << p.high_frequency_hz << " Hz " << p.high_gain_db << " dB at " << rate_hz;
    EXPECT_LE(off.to_20k_db, to_20k_db) << p.mid_frequency_hz << " Hz Q " << p.mid_q << ", " << p.high_frequency_hz
                                        << " Hz";
}

TEST(Equalizer, Low_shelf_follows_the_analogue_curve) {
    for (const float f : {60.0f, 100.0f, 200.0f}) {
        for (const float gain : {-12.0f, -6.0f, -0.5f, 0.5f, 3.0f, 12.0f}) {
            Equalizer::Parameters p = flat();
            p.low_frequency_hz = f;
            p.low_gain_db = gain;
            expect_analogue(p, 48000.0, kTo16kDb, kTo20kDb);
        }
    }
}

TEST(Equalizer, Bell_follows_the_analogue_curve) {
    for (const float f : {300.0f, 1000.0f, 3200.0f}) {
        for (const float q : {0.7f, 1.0f}) {
            for (const float gain : {-12.0f, -6.0f, -0.5f, 3.0f, 12.0f}) {
                Equalizer::Parameters p = flat();
                p.mid_frequency_hz = f;
                p.mid_q = q;
                p.mid_gain_db = gain;
                expect_analogue(p, 48000.0, kTo16kDb, kTo20kDb);
            }
        }
    }
}

TEST(Equalizer, High_shelf_follows_the_analogue_curve) {
    for (const float f : {8000.0f, 9000.0f, 10000.0f}) {
        for (const float gain : {-12.0f, -6.0f, -0.5f, 0.5f, 3.0f, 12.0f}) {
            Equalizer::Parameters p = flat();
            p.high_frequency_hz = f;
            p.high_gain_db = gain;
            expect_analogue(p, 48000.0, kTo16kDb, kTo20kDb);
        }
    }
}

TEST(Equalizer, Default_bands_together_follow_the_analogue_curve) {
    for (const float low : {-12.0f, 12.0f}) {
        for (const float mid : {-12.0f, 12.0f}) {
            for (const float high : {-12.0f, 12.0f}) {
                Equalizer::Parameters p = flat();
                p.low_gain_db = low;
                p.mid_gain_db = mid;
                p.high_gain_db = high;
                expect_analogue(p, 48000.0, kTo16kDb, kTo20kDb);
            }
        }
    }
}

TEST(Equalizer, Higher_rates_follow_the_analogue_curve_more_closely) {
    for (const double rate : {88200.0, 96000.0, 176400.0, 192000.0}) {
        for (const float gain : {-12.0f, 12.0f}) {
            Equalizer::Parameters p = flat();
            p.low_frequency_hz = 20.0f;
            p.low_gain_db = gain;
            p.mid_gain_db = gain;
            p.high_gain_db = gain;
            expect_analogue(p, rate, 0.02, 0.02);
        }
    }
}

// Below half the rate there is less room: what is left of the analogue curve is still followed.
TEST(Equalizer, Every_rate_follows_the_analogue_curve_below_four_fifths_of_its_band) {
    for (const uint32_t rate : kRates) {
        const double top = std::min(20000.0, 0.4 * rate);
        for (const float gain : {-12.0f, 12.0f}) {
            Equalizer::Parameters p = flat();
            p.low_gain_db = gain;
            p.mid_gain_db = -gain;
            p.high_gain_db = gain;
            auto eq = settled_stage<Equalizer>(p, rate);
            const Signal h = impulse_response(eq, 0.7, rate);
            for (double f = 20.0; f < top; f *= 1.15) {
                EXPECT_NEAR(response_db(h, f, rate), prototype_db(p, f), 0.15) << f << " Hz at " << rate;
            }
        }
    }
}

TEST(Equalizer, Extreme_frequencies_and_qualities_stay_near_the_analogue_curve) {
    for (const uint32_t rate : {44100u, 48000u, 96000u}) {
        for (const float f : {20.0f, 200.0f, 5000.0f, 12000.0f, 16000.0f, 20000.0f}) {
            for (const float q : {0.1f, 0.7f, 2.0f, 10.0f}) {
                Equalizer::Parameters p = flat();
                p.mid_frequency_hz = f;
                p.mid_q = q;
                p.mid_gain_db = 12.0f;
                auto eq = settled_stage<Equalizer>(p, rate);
                const Signal h = impulse_response(eq, 2.0, rate);
                for (double at = 20.0; at < 16000.0; at *= 1.5) {
                    EXPECT_NEAR(response_db(h, at, rate), bell_db(at, f, 12.0, q), 0.4)
                        << at << " of " << f << " Q " << q;
                }
            }
        }
        for (const float f : {1000.0f, 14000.0f, 20000.0f}) {
            Equalizer::Parameters p = flat();
            p.high_frequency_hz = f;
            p.high_gain_db = -12.0f;
            expect_analogue(p, rate, 0.15, 0.3);
        }
        for (const float f : {20.0f, 2000.0f}) {
            Equalizer::Parameters p = flat();
            p.low_frequency_hz = f;
            p.low_gain_db = 12.0f;
            expect_analogue(p, rate, 0.01, 0.01);
        }
    }
}

TEST(Equalizer, Boost_and_cut_of_the_same_size_cancel) {
    Equalizer::Parameters p = busy();
    auto boost = settled_stage<Equalizer>(p, 48000);
    p.low_gain_db = -p.low_gain_db;
    p.mid_gain_db = -p.mid_gain_db;
    p.high_gain_db = -p.high_gain_db;
    auto cut = settled_stage<Equalizer>(p, 48000);
    const Signal x = noise(48000, 0.5f);
    Signal y = x;
    run(boost, y);
    run(cut, y);
    for (size_t n = 0; n < x.size(); ++n) ASSERT_NEAR(y[n], x[n], 4e-6) << n;
}

TEST(HighPass, Is_a_Butterworth_of_second_order) {
    for (const uint32_t rate : kRates) {
        for (const float f0 : {10.0f, 20.0f, 80.0f, 300.0f}) {
            auto filter = settled_stage<HighPass>(HighPass::Parameters{true, f0}, rate);
            const Signal h = impulse_response(filter, 2.0, rate);
            EXPECT_NEAR(response_db(h, f0, rate), -3.0103, 0.01) << f0 << " Hz at " << rate;
            // The bilinear transform bends the slope by this much where the corner is a thirtieth of the rate.
            for (double f = f0 / 4.0; f < 0.2 * rate; f *= 1.5) {
                EXPECT_NEAR(response_db(h, f, rate), high_pass_db(f, f0), 0.1)
                    << f << " of " << f0 << " Hz at " << rate;
            }
        }
    }
}

TEST(HighPass, Takes_away_a_constant) {
    auto filter = settled_stage<HighPass>(HighPass::Parameters{true, 20.0f}, 48000);
    Signal x(96000, 0.5f);
    run(filter, x);
    for (size_t n = 90000; n < x.size(); ++n) ASSERT_LT(std::abs(x[n]), 1e-6f) << n;
}

// A direct-form biquad in double precision: the response is taken from the stage's own design, the arithmetic is not.
struct DoubleBiquad {
    double b0, b1, b2, a1, a2;
    double x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0;

    // The bilinear transform of (high s^2 + band s + low) / (s^2 + k s + 1), s = (1 - z^-1) / (g (1 + z^-1)).
    explicit DoubleBiquad(const aim::FilterDesign& d) {
        const double g = d.g;
        const double band = d.band_mix + d.input_mix * d.k;
        const double low = d.low_mix + d.input_mix;
        const double a0 = 1.0 + g * (g + d.k);
        b0 = (d.input_mix + g * band + g * g * low) / a0;
        b1 = 2.0 * (g * g * low - d.input_mix) / a0;
        b2 = (d.input_mix - g * band + g * g * low) / a0;
        a1 = 2.0 * (g * g - 1.0) / a0;
        a2 = (1.0 - g * d.k + g * g) / a0;
    }
    double next(double x) {
        const double y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
        x2 = x1, x1 = x, y2 = y1, y1 = y;
        return y;
    }
};

double rounding_noise_dbfs(const Equalizer::Parameters& p, uint32_t rate, float amplitude) {
    auto eq = settled_stage<Equalizer>(p, rate);
    DoubleBiquad low(aim::low_shelf(p.low_frequency_hz, p.low_gain_db, rate));
    DoubleBiquad mid(aim::bell(p.mid_frequency_hz, p.mid_gain_db, p.mid_q, rate));
    DoubleBiquad high(aim::high_shelf(p.high_frequency_hz, p.high_gain_db, rate));
    Signal x = noise(rate * 2 / kQuantumFrames * kQuantumFrames, amplitude);
    std::vector<double> expected(x.size());
    for (size_t n = 0; n < x.size(); ++n) expected[n] = high.next(mid.next(low.next((double)x[n])));
    run(eq, x);
    double power = 0.0;
    for (size_t n = 0; n < x.size(); ++n) power += std::pow((double)x[n] - expected[n], 2);
    return 10.0 * std::log10(power / (double)x.size());
}

TEST(Equalizer, Adds_less_noise_than_120_dB_below_full_scale) {
    // White noise that reaches -12 dBFS leaves room for 9 dB of boost below full scale.
    for (const uint32_t rate : kRates) {
        const double dbfs = rounding_noise_dbfs(busy(), rate, 0.25f);
        EXPECT_LT(dbfs, -120.0) << rate;
        RecordProperty(std::to_string(rate), std::to_string(dbfs));
    }
    Equalizer::Parameters lowest = flat();
    lowest.low_frequency_hz = 20.0f;
    lowest.low_gain_db = 12.0f;
    lowest.mid_frequency_hz = 20.0f;
    lowest.mid_gain_db = -12.0f;
    lowest.mid_q = 4.0f;
    lowest.high_gain_db = -12.0f;
    EXPECT_LT(rounding_noise_dbfs(lowest, 48000, 0.25f), -120.0);
}

TEST(Equalizer, Tones_stay_clean_to_120_dB) {
    auto eq = settled_stage<Equalizer>(busy(), 48000);
    Signal x = sine(144000, 997.0, 0.1, 48000.0);
    run(eq, x);
    EXPECT_LT(aim_test::fit_tone(x.data() + 96000, 48000, 48000.0, 997.0).residual_relative_db, -120.0);
}

}  // namespace
}  // namespace equalizer_test
