// The leveler in a chain of its own: gain, compressor, limiter, and back. The standard's own filters read the loudness.
#include "engine/leveler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "base/arena.h"
#include "base/state.h"
#include "dynamics/compressor.h"
#include "dynamics/limiter.h"
#include "reference/running_loudness.h"
#include "reference/spectrum.h"
#include "reference/voice.h"
#include "signals.h"

namespace leveler_test {
namespace {

using namespace aim_test;
using aim::Leveler;
using Meter = RunningLoudness;
using Hold = aim::Leveler::Hold;

constexpr uint32_t kRate = 48000;

// PROFILES.md: speech, rock, jazz, classical.
constexpr Leveler::Parameters kSpeech{true, -16, 20, 20, 3, 6, -20, 4};
constexpr Leveler::Parameters kRock{true, -14, 6, 10, 1, 1, -20, 4};
constexpr Leveler::Parameters kJazz{true, -16, 6, 8, 0.5, 0.5, -25, 2};
constexpr Leveler::Parameters kClassical{true, -20, 4, 12, 0.1f, 0.1f, -30, 1};

// How far the peaks of a programme at its target stand above a threshold 5 dB below it: what is lost is made up for.
constexpr double kTakenDb = 15;

// Leveler, compressor, limiter, as the strip wires them.
class Chain {
public:
    explicit Chain(const Leveler::Parameters& parameters, uint32_t channels = 1, uint32_t rate_hz = kRate,
                   double ratio = 1)
        : spec_{rate_hz, channels} {
        aim::Arena measure;
        limiter_.prepare(spec_, measure);
        memory_.resize(measure.used() / sizeof(float) + 1);
        aim::Arena arena(memory_.data());
        limiter_.prepare(spec_, arena);
        limiter_.set_target({.true_peak = false, .threshold_db = -1.5f, .ceiling_db = -1.0f, .release_ms = 100});
        limiter_.reset();
        compressor_.prepare(spec_);
        compressor_.set_target({.enabled = ratio > 1,
                                .threshold_db = parameters.target_lufs - 5,
                                .ratio = static_cast<float>(ratio),
                                .knee_db = 9,
                                .attack_ms = 5,
                                .release_ms = 80,
                                .makeup_db = static_cast<float>(kTakenDb * (1 - 1 / ratio))});
        compressor_.reset();
        leveler.prepare(spec_);
        leveler.set_target(parameters);
        leveler.reset();
    }

    // Whole quanta; `most` quanta at a time.
    void process(Audio& audio, uint32_t most = aim::kMaxRunQuanta, bool only_gain = false) {
        const uint32_t quanta = static_cast<uint32_t>(audio[0].size() / aim::kQuantumFrames);
        for (uint32_t q = 0; q < quanta;) {
            const uint32_t run = std::min({quanta - q, most, leveler.quanta_left()});
            float* channels[2] = {audio[0].data() + q * aim::kQuantumFrames,
                                  audio.back().data() + q * aim::kQuantumFrames};
            leveler.process(channels, run);
            if (!only_gain) {
                compressor_.process(channels, run);
                limiter_.process(channels, run);
            }
            leveler.listen(channels, run, limiter_.meter());
            q += run;
        }
    }

    // Plays the signal, from wherever the chain stands, and calls `each` after every 100 ms.
    Audio play(const Samples& signal, const std::function<void(double seconds)>& each = {}, bool only_gain = false) {
        Audio output(spec_.channels);
        const size_t piece = spec_.sample_rate_hz / 10;
        for (size_t start = 0; start + piece <= signal.size(); start += piece) {
            const Samples part(signal.begin() + static_cast<ptrdiff_t>(start),
                               signal.begin() + static_cast<ptrdiff_t>(start + piece));
            Audio audio = to_audio(part, spec_.channels);
            process(audio, aim::kMaxRunQuanta, only_gain);
            meter.add(audio);
            for (uint32_t c = 0; c < spec_.channels; ++c) {
                output[c].insert(output[c].end(), audio[c].begin(), audio[c].end());
            }
            if (each) each(static_cast<double>(start + piece) / spec_.sample_rate_hz);
        }
        return output;
    }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        leveler.visit_state(visitor);
        compressor_.visit_state(visitor);
        limiter_.visit_state(visitor);
    }

    Leveler leveler;
    Meter meter;

private:
    aim::Spec spec_;
    std::vector<float> memory_;
    aim::Compressor compressor_;
    aim::Limiter limiter_;
};

// ---------------------------------------------------------------------------------------------------- signals

Samples at_loudness(const Samples& signal, double lufs) {
    Meter meter;
    meter.add(to_audio(signal, 1));
    return scaled(signal, from_db(lufs - meter.integrated()));
}

Samples tiled(const Samples& signal, double seconds) {
    Samples result(static_cast<size_t>(seconds * kRate));
    for (size_t i = 0; i < result.size(); ++i) result[i] = signal[i % signal.size()];
    return result;
}

Samples cut(const Samples& signal, double first_s, double last_s) {
    return {signal.begin() + static_cast<ptrdiff_t>(first_s * kRate),
            signal.begin() + static_cast<ptrdiff_t>(last_s * kRate)};
}

const Samples& speech() {
    static const Samples signal = at_loudness(talk(kRate), -23);
    return signal;
}

const Samples& tune() {
    static const Samples signal = at_loudness(music(kRate, -6, 12 * kRate, 5), -23);
    return signal;
}

// Claps: short resonant bursts of noise at 0.7 to 2.5 kHz, `per_second` of them (after Peltola, Erkut, Cook, Valimaki,
// "Synthesis of Hand Clapping Sounds", 2007).
Samples applause(double per_second, double seconds, double lufs, uint64_t seed = 3) {
    Random random(seed);
    Samples x(static_cast<size_t>(seconds * kRate), 0.0);
    for (int clap = 0; clap < static_cast<int>(per_second * seconds); ++clap) {
        const size_t at = random.integer(0, static_cast<uint32_t>(x.size() - 1));
        const double f = 700 * std::pow(2500.0 / 700, random.uniform(0, 1));
        const double decay = std::exp(-1 / (random.uniform(0.004, 0.012) * kRate));
        const double level = random.uniform(0.1, 1);
        const double a1 = 2 * 0.93 * std::cos(2 * std::numbers::pi * f / kRate), a2 = -0.93 * 0.93;
        double y1 = 0, y2 = 0, x1 = 0, x2 = 0, envelope = level;
        for (size_t i = at; i < x.size() && envelope > 0.01; ++i, envelope *= decay) {
            const double noise = random.normal();
            const double y = noise - x2 + a1 * y1 + a2 * y2;
            x2 = x1;
            x1 = noise;
            y2 = y1;
            y1 = y;
            x[i] += envelope * y;
        }
    }
    return at_loudness(x, lufs);
}

// Distorted chords in quick succession under cymbals: more noise than tone, as metal is, but with a bass.
Samples wall_of_guitars(double seconds, double lufs) {
    const size_t frames = static_cast<size_t>(seconds * kRate);
    Samples x = pink_noise(-6, frames, 21);
    const double roots_hz[] = {82.4, 98, 73.4, 110};
    for (size_t i = 0; i < frames; ++i) {
        const double t = static_cast<double>(i) / kRate;
        const double root_hz = roots_hz[static_cast<size_t>(4 * t) % 4];
        double chord = 0;
        for (const double ratio : {1.0, 1.5, 2.0}) chord += std::sin(2 * std::numbers::pi * root_hz * ratio * t);
        x[i] += 0.15 * std::tanh(20 * chord);
    }
    return at_loudness(x, lufs);
}

Samples noise_at_dbfs(double rms_dbfs, double seconds) {
    // Uniform noise has an effective value of 1 / sqrt(3) of its peak.
    return white_noise(rms_dbfs + 10 * std::log10(3.0), static_cast<size_t>(seconds * kRate), 17);
}

Samples louder(const Samples& signal, double db) { return scaled(signal, from_db(db)); }

double rms_db(const std::vector<float>& signal, double first_s, double last_s) {
    double sum = 0;
    const size_t first = static_cast<size_t>(first_s * kRate), last = static_cast<size_t>(last_s * kRate);
    for (size_t i = first; i < last; ++i) sum += static_cast<double>(signal[i]) * signal[i];
    return 10 * std::log10(sum / static_cast<double>(last - first));
}

// ------------------------------------------------------------------------------------------------------ level

TEST(Leveler, Finds_the_level_within_3_s_of_a_cold_start) {
    constexpr double kWithinLu = 0.5;
    // What the voice says in the first 3 s is a little louder than what it says in the next 7.
    constexpr double kVoiceWithinLu = 1;
    const struct {
        const char* name;
        Samples signal;
    } programmes[] = {{"speech", cut(speech(), 0, 12)},
                      {"music", tune()},
                      {"pink noise", at_loudness(pink_noise(-10, 12 * kRate, 2), -23)},
                      {"tone", at_loudness(sine(kRate, 1000, -20, 12 * kRate), -23)}};
    for (const auto& programme : programmes) {
        for (const double input_lufs : {-31.0, -24.0, -8.0}) {
            for (const double ratio : {1.0, 3.0}) {
                Chain chain(kSpeech, 1, kRate, ratio);
                // Silence first, as every recording has it: it must not count.
                chain.play(joined(silence(kRate), louder(programme.signal, input_lufs + 23)));
                EXPECT_NEAR(chain.meter.integrated(4, 11), -16, &programme == programmes ? kVoiceWithinLu : kWithinLu)
                    << programme.name << " at " << input_lufs << ", ratio " << ratio;
            }
        }
    }
}

// Short-term loudness, that is over 3 s, also where the compressor takes back most of what is turned down.
TEST(Leveler, Is_back_6_s_after_a_much_louder_voice_begins) {
    constexpr double kAboveLu = 1.25;
    // At the fall of 6 dB/s, once it is heard; then the loud seconds have to leave the window of 3 s.
    constexpr double kBackAfterS = 6;
    for (const double ratio : {1.0, 3.0}) {
        Chain chain(kSpeech, 1, kRate, ratio);
        chain.play(louder(cut(speech(), 0, 15), -8));
        double highest = -200, lowest = 200;
        chain.play(louder(cut(speech(), 0, 15), 10), [&](double seconds) {
            const double now = chain.meter.window(15 + seconds - 3, 15 + seconds);
            if (seconds > kBackAfterS) highest = std::max(highest, now);
            lowest = std::min<double>(lowest, chain.leveler.gain_db());
        });
        EXPECT_LE(highest, -16 + kAboveLu) << ratio;
        // Nor is it turned down by far too much on the way.
        EXPECT_GE(lowest, chain.leveler.gain_db() - 5) << ratio;
    }
}

// Loud and soft for half a minute each, 18 dB apart, as in one movement of a symphony.
Samples movement(double loud_lufs, double seconds) {
    Samples x = tiled(tune(), seconds);
    for (size_t i = 0; i < x.size(); ++i) {
        const bool soft = i / (30 * static_cast<size_t>(kRate)) % 2 == 1;
        x[i] *= from_db(loud_lufs + 23 - (soft ? 18 : 0));
    }
    return x;
}

TEST(Leveler, A_slow_profile_leaves_soft_passages_soft) {
    constexpr double kMovedDb = 1;
    Chain chain(kClassical);
    double least = 100, most = -100;
    chain.play(movement(-14, 240), [&](double seconds) {
        if (seconds < 60) return;
        least = std::min<double>(least, chain.leveler.gain_db());
        most = std::max<double>(most, chain.leveler.gain_db());
    });
    EXPECT_LE(most - least, kMovedDb);
    EXPECT_NEAR(chain.meter.integrated(60), -20, 0.5);
}

TEST(Leveler, Ten_minutes_of_loud_and_soft_masters_meet_a_slow_target) {
    constexpr double kWithinLu = 0.5;
    Chain chain(kClassical);
    // As masters are: each with a second and a half of silence before the next, some with a soft beginning.
    for (const double lufs : {-11.0, -17.0, -13.0, -22.0}) {
        chain.play(tiled(louder(tune(), lufs + 23 - 8), 15));
        chain.play(tiled(louder(tune(), lufs + 23), 133.5));
        chain.play(silence(3 * kRate / 2));
    }
    EXPECT_NEAR(chain.meter.integrated(), -20, kWithinLu);
}

TEST(Leveler, A_steady_signal_gets_a_steady_gain) {
    constexpr double kModulationDb = 0.3;
    const Samples tone = at_loudness(sine(kRate, 1000, -20, 30 * kRate), -20);
    const Samples noise = tiled(at_loudness(pink_noise(-10, 10 * kRate, 4), -20), 30);
    for (const auto& p : {kSpeech, kRock, kJazz, kClassical}) {
        for (const Samples& signal :
             {louder(tone, p.target_lufs - 3.0 + 20), louder(noise, p.target_lufs + 3.0 + 20)}) {
            Chain chain(p);
            double least = 100, most = -100;
            chain.play(signal, [&](double seconds) {
                if (seconds < 4) return;
                least = std::min<double>(least, chain.leveler.gain_db());
                most = std::max<double>(most, chain.leveler.gain_db());
            });
            EXPECT_LE(most - least, kModulationDb) << "target " << p.target_lufs;
            EXPECT_NEAR(chain.meter.integrated(4), p.target_lufs, 0.3);
        }
    }
}

TEST(Leveler, Moves_no_faster_than_the_profile_after_the_first_seconds) {
    Chain chain(kRock);
    chain.play(tiled(louder(tune(), 5), 10));
    for (const double step_db : {8.0, -8.0}) {
        double last = chain.leveler.gain_db();
        double fastest = 0;
        chain.play(tiled(louder(tune(), 5 + step_db), 12), [&](double) {
            fastest = std::max(fastest, std::abs(chain.leveler.gain_db() - last) / 0.1);
            last = chain.leveler.gain_db();
        });
        EXPECT_LE(fastest, 1.02);
        EXPECT_GE(fastest, 0.5);
    }
}

TEST(Leveler, Ten_minutes_of_this_and_that_land_on_the_target) {
    constexpr double kWithinLu = 0.5;
    const Samples clapping = applause(400, 8, -23);
    const struct {
        const Samples* signal;
        double lufs;
        double seconds;
    } sections[] = {{&speech(), -27, 70}, {&tune(), -18, 90},   {&speech(), -20, 40}, {&clapping, -24, 15},
                    {&tune(), -24, 80},   {&tune(), -13, 45},   {&speech(), -30, 60}, {&clapping, -20, 10},
                    {&tune(), -17, 100},  {&speech(), -24, 50}, {&tune(), -21, 40}};
    const struct {
        Leveler::Parameters parameters;
        double ratio;
        // Its range is what a leveler can do: the narrow ones get a programme that stays within.
        double middle_lufs, spread;
    } profiles[] = {{kSpeech, 3, -21, 1}, {kRock, 2, -17, 0.4}, {kJazz, 1.5, -18, 0.4}};
    for (const auto& profile : profiles) {
        const Leveler::Parameters& p = profile.parameters;
        Chain chain(p, 1, kRate, profile.ratio);
        for (const auto& section : sections) {
            const double lufs = profile.middle_lufs + profile.spread * (section.lufs + 21);
            const Samples piece = louder(*section.signal, lufs + 23);
            for (double t = 0; t < section.seconds; t += 5) {
                const double at = std::fmod(t, static_cast<double>(piece.size()) / kRate - 4.99);
                chain.play(cut(piece, at, at + 5));
            }
        }
        EXPECT_NEAR(chain.meter.integrated(), p.target_lufs, kWithinLu);
    }
}

// ------------------------------------------------------------------------------------------------------- holds

TEST(Leveler, Stands_still_in_silence) {
    for (const Samples& quiet : {silence(20 * kRate), noise_at_dbfs(-90, 20)}) {
        Chain chain(kSpeech);
        chain.play(louder(cut(speech(), 0, 10), -8));
        const double before = chain.leveler.gain_db();
        EXPECT_GT(before, 10);
        double furthest = 0;
        chain.play(quiet, [&](double) { furthest = std::max(furthest, std::abs(chain.leveler.gain_db() - before)); });
        EXPECT_LE(furthest, 0.01);
        EXPECT_EQ(chain.leveler.hold(), Hold::silence);
    }
}

TEST(Leveler, Stands_still_below_its_brake_however_far_it_has_boosted) {
    Chain chain(kSpeech);
    chain.play(louder(cut(speech(), 0, 10), -8));
    const double before = chain.leveler.gain_db();
    // At -42 LUFS: below the brake of -36, although the boost brings it to -28.
    double furthest = 0;
    chain.play(at_loudness(sine(kRate, 300, -30, 20 * kRate), -42), [&](double seconds) {
        if (seconds > 0.6) furthest = std::max(furthest, std::abs(chain.leveler.gain_db() - before));
    });
    EXPECT_LE(furthest, 0.3);
    EXPECT_EQ(chain.leveler.hold(), Hold::brake);
    const double settled = chain.leveler.gain_db();
    chain.play(at_loudness(sine(kRate, 300, -30, 10 * kRate), -42));
    EXPECT_EQ(settled, chain.leveler.gain_db());
}

TEST(Leveler, Stands_still_in_applause) {
    const Samples before_it = tiled(louder(tune(), 5), 12);
    for (const double per_second : {60.0, 200.0, 800.0}) {
        const Samples clapping = applause(per_second, 8, -23);
        for (const double lufs : {-30.0, -14.0}) {
            Chain chain(kRock);
            chain.play(before_it);
            const double before = chain.leveler.gain_db();
            uint32_t held = 0;
            chain.play(louder(clapping, lufs + 23),
                       [&](double) { held += chain.leveler.hold() == Hold::applause ? 1 : 0; });
            // It takes half a second to know; at 1 dB/s.
            EXPECT_NEAR(chain.leveler.gain_db(), before, 0.6) << per_second << " claps at " << lufs;
            EXPECT_GE(held, 70u);
        }
    }
}

TEST(Leveler, Programme_is_no_applause) {
    for (const Samples& signal : {speech(), tune()}) {
        Chain chain(kSpeech);
        uint32_t held = 0;
        chain.play(signal, [&](double) { held += chain.leveler.hold() == Hold::applause ? 1 : 0; });
        EXPECT_EQ(held, 0u);
    }
}

TEST(Leveler, A_wall_of_guitars_is_programme) {
    for (const double lufs : {-20.0, -9.0}) {
        Chain chain(kRock);
        chain.play(tiled(louder(tune(), 5), 12));
        uint32_t held = 0;
        chain.play(wall_of_guitars(20, lufs), [&](double) { held += chain.leveler.hold() == Hold::applause ? 1 : 0; });
        EXPECT_EQ(held, 0u);
        EXPECT_NEAR(chain.meter.integrated(22), -14, 0.5) << lufs;
    }
}

// A pure tone, a full band of steady noise: whatever comes first is the programme, since nothing else is known.
TEST(Leveler, Noise_is_programme_until_there_is_better) {
    Chain chain(kRock);
    chain.play(at_loudness(pink_noise(-10, 10 * kRate, 9), -17));
    EXPECT_NEAR(chain.leveler.gain_db(), 3, 0.3);
    // The concert after the welcome is found as quickly as one without.
    chain.play(louder(cut(tune(), 0, 4), 1));
    EXPECT_NEAR(chain.leveler.gain_db(), 6, 1);
}

TEST(Leveler, Noise_is_not_lifted_above_50_dB_below_full_scale) {
    constexpr double kCeilingDbfs = -50;
    for (const double noise_dbfs : {-75.0, -65.0, -58.0, -51.0}) {
        // From the start, and after quiet speech has asked for all the gain there is.
        for (const bool speech_first : {false, true}) {
            Chain chain(kSpeech);
            if (speech_first) chain.play(louder(cut(speech(), 0, 10), -11));
            const Audio output = chain.play(noise_at_dbfs(noise_dbfs, 12));
            EXPECT_LE(rms_db(output[0], 8, 12), std::max(kCeilingDbfs, noise_dbfs)) << noise_dbfs;
        }
    }
}

TEST(Leveler, A_noise_floor_under_speech_bounds_the_boost) {
    Samples signal = louder(tiled(speech(), 40), -8);
    const Samples floor = noise_at_dbfs(-60, 40);
    for (size_t i = 0; i < signal.size(); ++i) signal[i] += floor[i];
    Chain chain(kSpeech);
    chain.play(signal);
    EXPECT_LE(chain.leveler.gain_db(), 10.5);
    EXPECT_GE(chain.leveler.gain_db(), 5);
}

// A laugh or a long hiss, steady for half a second: what is softer a moment later tells that it was no floor.
TEST(Leveler, A_hiss_that_ends_in_quiet_is_no_noise_floor) {
    for (const Samples& quiet : {silence(kRate), noise_at_dbfs(-75, 1)}) {
        Chain chain(kSpeech);
        chain.play(joined(noise_at_dbfs(-45, 0.8), quiet));
        chain.play(louder(cut(speech(), 0, 12), -10));
        EXPECT_GE(chain.leveler.gain_db(), 15);
    }
}

TEST(Leveler, Guitars_that_begin_softly_are_no_noise_floor) {
    Chain chain(kRock);
    chain.play(wall_of_guitars(3, -41));
    chain.play(wall_of_guitars(20, -20));
    EXPECT_NEAR(chain.leveler.gain_db(), 6, 0.5);
}

TEST(Leveler, A_limiter_that_works_too_much_lowers_the_target) {
    Leveler::Parameters p = kSpeech;
    p.target_lufs = -2;
    p.limiter_allowance_db = 2;
    Chain chain(p);
    double lowest = 0, fastest = 0, last = p.target_lufs;
    chain.play(tiled(louder(tune(), 10), 60), [&](double) {
        const double target = chain.leveler.effective_target_lufs();
        fastest = std::max(fastest, (last - target) / 0.1);
        lowest = std::min(lowest, target);
        last = target;
    });
    EXPECT_LT(lowest, -4);
    EXPECT_NEAR(fastest, 0.5, 0.01);
    EXPECT_EQ(chain.leveler.hold(), Hold::limit);
    // And recovers, slowly, when there is room again.
    const double before = chain.leveler.effective_target_lufs();
    chain.play(tiled(louder(tune(), -20), 20));
    EXPECT_GT(chain.leveler.effective_target_lufs(), before + 0.8);
    EXPECT_LT(chain.leveler.effective_target_lufs(), before + 2.1);
}

// ------------------------------------------------------------------------------------------------- while off

Leveler::Parameters off_but_listening(Leveler::Parameters parameters) {
    parameters.enabled = 0;
    parameters.listens_when_off = 1;
    return parameters;
}

// The gain a second and a half after it is switched on, when the way of a second is over.
double gain_soon_after_on(Chain& chain, const Leveler::Parameters& on, const Samples& next) {
    chain.leveler.set_target(on);
    chain.play(cut(next, 0, 1.5));
    return chain.leveler.gain_db();
}

TEST(Leveler, Off_it_leaves_the_sound_alone_and_comes_in_knowing_the_programme) {
    // Loud for 6 s, then softer by 10 dB: what is heard last says little of the whole.
    Samples programme = tiled(louder(tune(), -4), 18);
    const Samples soft = tiled(louder(tune(), -14), 6);
    Chain on(kClassical, 2);
    on.play(programme);

    Chain off(off_but_listening(kClassical), 2);
    EXPECT_EQ(off.play(programme, {}, true), to_audio(programme, 2));
    Chain knowing(off_but_listening(kClassical), 2);
    knowing.play(programme);
    EXPECT_EQ(knowing.leveler.gain_db(), 0);
    EXPECT_LT(knowing.leveler.listening_quanta(), Chain(kClassical, 2).leveler.listening_quanta());
    EXPECT_NEAR(gain_soon_after_on(knowing, kClassical, soft), on.leveler.gain_db(), 0.5);
    Chain deaf({.enabled = 0}, 2);
    deaf.play(programme);
    EXPECT_EQ(deaf.leveler.quanta_left(), UINT32_MAX);
}

TEST(Leveler, Off_it_does_not_take_the_ringing_of_its_filter_for_programme) {
    // The output is late: while the source sounds already, there may be next to nothing behind the chain, and in the filter what
    // the last glance left there.
    constexpr uint32_t kHop = kRate / 10;
    Leveler leveler;
    leveler.prepare({kRate, 1});
    leveler.set_target(off_but_listening(kSpeech));
    leveler.reset();
    const Samples tone = sine(kRate, 60, -26, kHop);
    const Samples nothing = sine(kRate, 1000, -160, kHop);
    aim::GainReductionMeter idle;
    const auto hear = [&](const Samples& behind) {
        Audio source = to_audio(tone, 1);
        const Audio output = to_audio(behind, 1);
        for (uint32_t q = 0; q < kHop / aim::kQuantumFrames;) {
            const uint32_t run = std::min(kHop / aim::kQuantumFrames - q, leveler.quanta_left());
            float* in[1] = {source[0].data() + q * aim::kQuantumFrames};
            const float* out[1] = {output[0].data() + q * aim::kQuantumFrames};
            leveler.process(in, run);
            leveler.listen(out, run, idle);
            q += run;
        }
    };
    for (int hop = 0; hop < 100; ++hop) hear(hop % 4 == 3 ? nothing : tone);
    leveler.set_target(kSpeech);
    for (int hop = 0; hop < 16; ++hop) hear(hop % 4 == 3 ? nothing : tone);
    // About -30 LUFS, less what the weighting takes from so low a tone.
    EXPECT_GT(leveler.gain_db(), 10);
}

TEST(Leveler, Off_it_hears_the_same_in_runs_of_any_length) {
    Audio reference;
    for (const uint32_t most : {1u, 5u, 17u}) {
        Chain chain(off_but_listening(kRock), 2);
        Audio audio = to_audio(cut(tune(), 0, 4), 2);
        chain.process(audio, most);
        chain.leveler.set_target(kRock);
        audio = to_audio(cut(tune(), 4, 6), 2);
        chain.process(audio, most);
        if (reference.empty()) reference = audio;
        EXPECT_EQ(audio, reference) << most;
    }
}

// ---------------------------------------------------------------------------------------------------- contract

TEST(Leveler, Off_is_transparent_and_on_again_starts_like_new) {
    Leveler::Parameters off = kSpeech;
    off.enabled = false;
    Chain chain(off, 2);
    const Samples signal = cut(speech(), 0, 4);
    EXPECT_EQ(chain.play(signal, {}, true), to_audio(signal, 2));

    chain.leveler.set_target(kSpeech);
    const Audio first = chain.play(signal, {}, true);
    EXPECT_GT(chain.leveler.gain_db(), 3);
    chain.leveler.set_target(off);
    chain.play(silence(2 * kRate), {}, true);
    EXPECT_EQ(chain.leveler.gain_db(), 0);
    EXPECT_EQ(chain.play(signal, {}, true), to_audio(signal, 2));
    chain.leveler.set_target(kSpeech);
    EXPECT_EQ(chain.play(signal, {}, true), first);
}

TEST(Leveler, Reset_is_like_fresh) {
    Chain fresh(kRock, 2);
    Chain used(kRock, 2);
    used.play(louder(cut(tune(), 0, 6), 9), {}, true);
    used.leveler.reset();
    EXPECT_EQ(used.play(cut(tune(), 0, 5), {}, true), fresh.play(cut(tune(), 0, 5), {}, true));
}

TEST(Leveler, Grouping_does_not_matter) {
    for (const uint32_t rate : {8000u, 44100u, 192000u}) {
        Audio reference;
        for (const uint32_t most : {1u, 5u, 17u}) {
            Chain chain(kSpeech, 2, rate, 3);
            Audio audio = to_audio(cut(speech(), 0, 6), 2);
            chain.process(audio, most);
            if (reference.empty()) reference = audio;
            EXPECT_EQ(audio, reference) << rate << " Hz, " << most;
        }
    }
}

TEST(Leveler, Continues_from_a_snapshot_bit_for_bit) {
    Chain first(kSpeech, 2, kRate, 3);
    first.play(cut(speech(), 0, 7.03 + 0.07));
    aim::StateSizer sizer;
    first.visit_state(sizer);
    std::vector<unsigned char> bytes(sizer.bytes());
    aim::StateWriter writer(bytes.data());
    first.visit_state(writer);
    Chain second(kRock, 2, kRate, 3);
    aim::StateReader reader(bytes.data());
    second.visit_state(reader);
    const Samples rest = cut(speech(), 8, 15);
    EXPECT_EQ(first.play(rest), second.play(rest));
    EXPECT_LT(sizer.bytes(), 60000u);
}

TEST(Leveler, Forged_state_stays_harmless) {
    Chain chain(kSpeech, 2);
    aim::StateSizer sizer;
    chain.leveler.visit_state(sizer);
    Random random(1);
    for (int round = 0; round < 50; ++round) {
        std::vector<unsigned char> bytes(sizer.bytes());
        for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(random.bits());
        aim::StateReader reader(bytes.data());
        chain.leveler.visit_state(reader);
        Audio audio = to_audio(cut(tune(), 0, 0.5), 2);
        chain.process(audio, aim::kMaxRunQuanta, true);
    }
}

TEST(Leveler, Nonsense_at_the_output_does_not_stay) {
    Chain chain(kSpeech);
    chain.play(cut(speech(), 0, 5));
    const double before = chain.leveler.gain_db();
    std::vector<float> broken(4800, std::numeric_limits<float>::quiet_NaN());
    const float* channels[1] = {broken.data()};
    aim::GainReductionMeter idle;
    for (int i = 0; i < 5; ++i) chain.leveler.listen(channels, 300, idle);
    EXPECT_NEAR(chain.leveler.gain_db(), before, 0.5);
    const Audio output = chain.play(cut(speech(), 5, 15));
    for (const float x : output[0]) ASSERT_TRUE(std::isfinite(x));
    EXPECT_NEAR(chain.meter.integrated(10, 15), -16, 1.5);
}

TEST(Leveler, No_change_of_any_parameter_clicks) {
    constexpr double kSplatterDb = -80;
    Leveler::Parameters off = kSpeech;
    off.enabled = false;
    Leveler::Parameters low = kSpeech;
    low.target_lufs = -30;
    low.max_boost_db = 0;
    low.fall_db_per_s = 20;
    const Samples tone = sine(kRate, 1000, -30, 7 * kRate);
    for (const Leveler::Parameters& changed : {off, low}) {
        Chain chain(kSpeech);
        chain.play(cut(tone, 0, 5), {}, true);
        chain.leveler.set_target(changed);
        const Audio output = chain.play(cut(tone, 5, 7), {}, true);
        for (const double at : {0.0, 0.5, 1.0}) {
            const float* second = output[0].data() + static_cast<size_t>(at * kRate);
            EXPECT_LE(split_at_tone(second, kRate, kRate, 1000).rest_relative_db(), kSplatterDb);
        }
    }
    // Nor does the search for the level at the start, fast as it is.
    Chain chain(kSpeech);
    const Audio output = chain.play(cut(tone, 0, 2), {}, true);
    EXPECT_LE(split_at_tone(output[0].data() + kRate / 5, kRate, kRate, 1000).rest_relative_db(), kSplatterDb);
}

TEST(Leveler, Works_at_every_rate) {
    for (const uint32_t rate : {8000u, 11025u, 16000u, 44100u, 96000u, 192000u}) {
        Chain chain(kSpeech, 2, rate);
        // 400 Hz, where the weighting is all but flat: stereo reads 3 LU more than one channel.
        Samples tone = sine(rate, 400, -30, 5 * rate);
        chain.play(tone, {}, true);
        // -30 dBFS peak, two channels: -30.7 + the weighting's 0.0; the standard's 997 Hz reads -30.0.
        EXPECT_NEAR(chain.leveler.gain_db(), 14.4, 0.7) << rate;
    }
}

}  // namespace
}  // namespace leveler_test
