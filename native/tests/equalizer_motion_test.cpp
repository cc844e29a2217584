// The equaliser and the high-pass while their parameters move: stable, and without a click.
#include <string>

#include "reference/spectrum.h"
#include "reference/tone_contract.h"

namespace equalizer_motion_test {
namespace {

using namespace aim_test::tone;

TEST(Equalizer, Stays_finite_and_bounded_while_every_parameter_jumps_in_every_quantum) {
    for (const uint32_t rate : kRates) {
        // Three bands of +12 dB are a factor of 63; a moving filter may add some to it.
        EXPECT_LT(peak_while_all_jumps<Equalizer>(rate, random_parameters), 130.0f) << rate;
    }
}

TEST(Equalizer, Is_stable_wherever_its_parameters_come_to_rest) {
    for (const uint32_t rate : kRates) {
        Noise source{rate + 1};
        for (int trial = 0; trial < 150; ++trial) {
            Equalizer::Parameters p = random_parameters(source);
            p.enabled = true;
            auto eq = settled_stage<Equalizer>(p, rate);
            Signal x(rate / 4 / kQuantumFrames * kQuantumFrames, 0.0f);
            for (size_t n = 0; n < 64; ++n) x[n] = source.sample();
            run(eq, x);
            float early = 0.0f;
            float late = 0.0f;
            for (size_t n = 0; n < x.size(); ++n) {
                float& peak = n < x.size() / 2 ? early : late;
                peak = std::max(peak, std::abs(x[n]));
            }
            ASSERT_LT(early, 130.0f);
            // The slowest band, 20 Hz and a Q of 10 cut into 2.5, still loses half its level in this time.
            ASSERT_LT(late, 0.5f * early) << "rate " << rate << " trial " << trial;
        }
    }
}

constexpr double kSplatterDb = -80.0;

// Energy further than 500 Hz from the 1 kHz tone, over the last second, relative to the tone.
double splatter_db(const Signal& x) {
    return aim_test::split_at_tone(x.data() + x.size() - 48000, 48000, 48000.0, 1000.0).rest_relative_db();
}

// The same for one second with the step in its middle, where the tone stands at its worst of four phases.
template <class Stage, class Parameters>
double splatter_of_step(const Parameters& from, const Parameters& to) {
    double worst = -1000.0;
    for (const double phase : {0.0, 0.125, 0.25, 0.375}) {
        auto stage = settled_stage<Stage>(from, 48000);
        Signal x = sine(72000, 1000.0, 0.5, 48000.0, phase);
        Signal after = sine(24000, 1000.0, 0.5, 48000.0, phase);
        run(stage, x);
        stage.set_target(to);
        run(stage, after);
        x.insert(x.end(), after.begin(), after.end());
        worst = std::max(worst, splatter_db(x));
    }
    return worst;
}

struct Step {
    const char* what;
    Equalizer::Parameters from;
    Equalizer::Parameters to;
};

std::vector<Step> every_step() {
    const Equalizer::Parameters base = busy();
    std::vector<Step> steps;
    const auto add = [&](const char* what, auto change) {
        Step step{what, base, base};
        change(step);
        steps.push_back(step);
    };
    add("off", [](Step& s) { s.to.enabled = false; });
    add("on", [](Step& s) { s.from.enabled = false; });
    add("low gain", [](Step& s) { s.from.low_gain_db = -12.0f, s.to.low_gain_db = 12.0f; });
    add("mid gain", [](Step& s) { s.from.mid_gain_db = -12.0f, s.to.mid_gain_db = 12.0f; });
    add("high gain", [](Step& s) { s.from.high_gain_db = -12.0f, s.to.high_gain_db = 12.0f; });
    add("low frequency", [](Step& s) { s.from.low_frequency_hz = 60.0f, s.to.low_frequency_hz = 200.0f; });
    add("mid frequency", [](Step& s) { s.from.mid_frequency_hz = 300.0f, s.to.mid_frequency_hz = 3200.0f; });
    add("high frequency", [](Step& s) { s.from.high_frequency_hz = 10000.0f, s.to.high_frequency_hz = 8000.0f; });
    add("low frequency, whole range",
        [](Step& s) { s.from.low_frequency_hz = 20.0f, s.to.low_frequency_hz = 2000.0f; });
    add("mid frequency, octave at the tone", [](Step& s) { s.to.mid_frequency_hz = 2000.0f; });
    add("high frequency, whole range",
        [](Step& s) { s.from.high_frequency_hz = 20000.0f, s.to.high_frequency_hz = 1000.0f; });
    add("mid Q", [](Step& s) { s.from.mid_q = 0.5f, s.to.mid_q = 4.0f; });
    return steps;
}

TEST(Equalizer, Stepping_a_parameter_makes_no_zipper_noise) {
    for (const Step& step : every_step()) {
        const double splatter = splatter_of_step<Equalizer>(step.from, step.to);
        EXPECT_LE(splatter, kSplatterDb) << step.what;
        RecordProperty(step.what, std::to_string(splatter));
    }
}

TEST(Equalizer, The_instrument_hears_a_step_and_nothing_else) {
    auto eq = settled_stage<Equalizer>(busy(), 48000);
    Signal x = sine(96000, 1000.0, 0.5, 48000.0);
    run(eq, x);
    EXPECT_LT(splatter_db(x), -130.0);
    // Half a dB, not smoothed.
    for (size_t n = 72000; n < x.size(); ++n) x[n] *= 1.06f;
    EXPECT_GT(splatter_db(x), kSplatterDb);
}

TEST(HighPass, Switching_and_moving_make_no_zipper_noise) {
    const HighPass::Parameters settings[] = {{false, 80.0f}, {true, 80.0f}, {true, 200.0f},
                                             {false, 20.0f}, {true, 20.0f}, {false, 20.0f}};
    for (int to = 1; to < 6; ++to) {
        const double splatter = splatter_of_step<HighPass>(settings[to - 1], settings[to]);
        EXPECT_LE(splatter, kSplatterDb) << to;
        RecordProperty("setting " + std::to_string(to), std::to_string(splatter));
    }
}

}  // namespace
}  // namespace equalizer_motion_test
