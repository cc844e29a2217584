// The de-esser: what it turns down, how far, how fast, and all that it leaves alone.
#include "dynamics/de_esser.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <string>

#include "base/state.h"
#include "reference/spectrum.h"
#include "reference/voice.h"

namespace de_esser_test {
namespace {

using namespace aim_test;
using aim::DeEsser;
using aim::kQuantumFrames;
using Signal = std::vector<float>;

constexpr uint32_t kRate = 48000;

DeEsser::Parameters speech() {
    DeEsser::Parameters p;
    p.enabled = true;
    return p;
}

DeEsser de_esser(const DeEsser::Parameters& p, uint32_t rate_hz = kRate, uint32_t channels = 1) {
    DeEsser stage;
    stage.prepare({rate_hz, channels});
    stage.set_target(p);
    stage.reset();
    return stage;
}

// From frame `from` on, `quanta_per_call` at a time; returns the deepest reduction met, in dB.
double run(DeEsser& stage, Audio& audio, size_t from = 0, size_t frames = SIZE_MAX, uint32_t quanta_per_call = 17) {
    const size_t end = frames == SIZE_MAX ? audio[0].size() : from + frames;
    double deepest = 0;
    while (from + kQuantumFrames <= end) {
        const auto quanta = (uint32_t)std::min<size_t>((end - from) / kQuantumFrames, quanta_per_call);
        float* channels[2] = {audio[0].data() + from, audio.back().data() + from};
        stage.process(channels, quanta);
        deepest = std::max(deepest, (double)stage.meter().read().now_db);
        from += (size_t)quanta * kQuantumFrames;
    }
    return deepest;
}

Audio processed(DeEsser& stage, Audio audio) {
    run(stage, audio);
    return audio;
}

size_t frames_of(double seconds, double rate_hz = kRate) {
    return (size_t)(seconds * rate_hz) / kQuantumFrames * kQuantumFrames;
}

Samples to_samples(const Signal& x) { return {x.begin(), x.end()}; }

// ------------------------------------------------------------------------------------------------ what it does

TEST(DeEsser, Turns_sibilants_down_and_leaves_the_vowels) {
    const size_t frames = frames_of(2.7);
    const Samples voice = vowel(kRate, frames);
    const Samples noise = sibilants(kRate, frames, 0);
    for (const double level_db : {-22.0, -32.0}) {
        const Samples before = to_samples(to_float(sum_of(voice, scaled(noise, from_db(level_db)))));
        DeEsser stage = de_esser(speech());
        const Samples after = to_samples(processed(stage, to_audio(before, 1))[0]);
        const Samples high_before = between(before, kRate, 5000, 9000);
        const Samples high_after = between(after, kRate, 5000, 9000);
        for (double at = kFirstBurst; at + kBurstSeconds <= 2.7; at += kBurstEvery) {
            const double burst = change_db(high_before, high_after, frames_of(at), frames_of(kBurstSeconds));
            EXPECT_LT(burst, -3) << level_db << " dBFS at " << at;
            EXPECT_GT(burst, -8) << level_db << " dBFS at " << at;
            // Everything between two bursts, the release included.
            const double vowel_change =
                change_db(before, after, frames_of(at + kBurstSeconds),
                          std::min(frames_of(kBurstEvery - kBurstSeconds), frames - frames_of(at + kBurstSeconds)));
            EXPECT_NEAR(0, vowel_change, 0.05) << level_db << " dBFS at " << at;
            RecordProperty("burst_db_at_" + std::to_string((int)-level_db), std::to_string(burst));
        }
        // Under the split nothing is lost during the bursts either.
        const Samples low_before = band_limited(before, kRate, 2000);
        const Samples low_after = band_limited(after, kRate, 2000);
        EXPECT_NEAR(0, change_db(low_before, low_after, 0, frames), 0.02);
    }
}

// Gain of the shelf at a frequency: (1 + g^2 w^4) / (1 + w^4) in power, w in the filter's warped frequency.
double shelf_db(double frequency_hz, double split_hz, double reduction_db, double rate_hz) {
    const double corner = split_hz * std::pow(10, -0.1);
    const double unit = std::numbers::pi / rate_hz;
    const double w = std::tan(unit * frequency_hz) / std::tan(unit * corner);
    const double g = std::pow(10, -reduction_db / 20);
    return 10 * std::log10((1 + g * g * std::pow(w, 4)) / (1 + std::pow(w, 4)));
}

TEST(DeEsser, Reduces_by_its_ratio_above_the_mean_and_threshold_down_to_its_range) {
    // The fall between two crests of the tone, and what the mean has moved.
    constexpr double kCurveDb = 0.1;
    struct Case {
        float threshold_db, ratio, range_db;
    };
    for (const Case c : {Case{6, 3, -8}, Case{3, 2, -12}, Case{10, 20, -6}}) {
        DeEsser::Parameters p = speech();
        p.threshold_db = c.threshold_db;
        p.ratio = c.ratio;
        p.range_db = c.range_db;
        for (double excess_db = 0; excess_db <= 30; excess_db += 5) {
            const size_t usual = frames_of(12, 16000);
            const size_t loud = frames_of(0.2, 16000);
            DeEsser stage = de_esser(p, 16000);
            // The low tone keeps the programme's power where it is.
            const Samples low = sine(16000, 250, -12, usual + loud);
            const Samples high = joined(sine(16000, 6100, -40, usual), sine(16000, 6100, -40 + excess_db, loud));
            Audio audio = to_audio(sum_of(low, high), 1);
            run(stage, audio);
            const double over = std::max(0.0, excess_db - c.threshold_db) * (1 - 1 / c.ratio);
            const double expected = std::min<double>(over, -c.range_db);
            EXPECT_NEAR(expected, stage.meter().read().now_db, kCurveDb) << excess_db;
            const size_t from = usual + loud / 2;
            const double heard =
                to_db(fit_tone(audio[0].data() + from, loud / 2, 16000, 6100).amplitude) + 40 - excess_db;
            EXPECT_NEAR(shelf_db(6100, p.split_hz, expected, 16000), heard, kCurveDb) << excess_db;
        }
    }
}

TEST(DeEsser, Half_of_eight_decibels_is_reached_at_the_split) { EXPECT_NEAR(-4, shelf_db(5500, 5500, 8, 1e9), 0.05); }

TEST(DeEsser, Attacks_within_two_milliseconds_and_lets_go_within_sixty) {
    const size_t usual = frames_of(8);
    const size_t loud = frames_of(0.1);
    const size_t after = frames_of(0.4);
    DeEsser stage = de_esser(speech());
    const Samples low = sine(kRate, 250, -12, usual + loud + after);
    const Samples high =
        joined(joined(sine(kRate, 7000, -45, usual), sine(kRate, 7000, -45 + 18, loud)), sine(kRate, 7000, -45, after));
    Audio audio = to_audio(sum_of(low, high), 1);
    std::vector<double> reductions;
    for (size_t at = 0; at < audio[0].size(); at += kQuantumFrames) {
        run(stage, audio, at, kQuantumFrames);
        reductions.push_back(stage.meter().read().now_db);
    }
    const double quanta_per_ms = kRate / 1000.0 / kQuantumFrames;
    const auto attacked = [&](double ms) {
        return reductions[(size_t)((double)(usual / kQuantumFrames) + ms * quanta_per_ms)];
    };
    const double most = attacked(50);
    EXPECT_NEAR(8, most, 0.1);
    EXPECT_LT(attacked(0), 0.25 * most);
    EXPECT_GT(attacked(1), 0.4 * most);
    EXPECT_GT(attacked(2), 0.632 * most);
    RecordProperty("attack_1_ms_db", std::to_string(attacked(1)));
    RecordProperty("attack_2_ms_db", std::to_string(attacked(2)));
    size_t q = (usual + loud) / kQuantumFrames;
    while (q < reductions.size() && reductions[q] > 0.368 * most) ++q;
    const double release_ms = (double)(q - (usual + loud) / kQuantumFrames) / quanta_per_ms;
    EXPECT_NEAR(60, release_ms, 12);
    RecordProperty("release_ms", std::to_string(release_ms));
    EXPECT_EQ(0, reductions.back());
}

TEST(DeEsser, Does_not_mind_how_loud_the_voice_is) {
    const size_t frames = frames_of(4);
    const Samples voice = sum_of(vowel(kRate, frames), sibilants(kRate, frames, -28));
    const auto last_burst_db = [&](double gain_db) {
        DeEsser stage = de_esser(speech());
        Audio audio = to_audio(scaled(voice, from_db(gain_db)), 1);
        run(stage, audio, 0, frames_of(3.4));
        return run(stage, audio, frames_of(3.4), SIZE_MAX, 1);
    };
    const double reference = last_burst_db(0);
    for (const double gain_db : {-25.0, -12.0, 12.0}) EXPECT_NEAR(reference, last_burst_db(gain_db), 0.2) << gain_db;
}

// ------------------------------------------------------------------------------------------ what it leaves alone

TEST(DeEsser, Is_not_pumped_by_a_steady_high_band) {
    constexpr double kPumpingDb = 0.5;
    // After a voice, after a dull tone, after silence; white noise, and such as cymbals make.
    const size_t before = frames_of(3);
    const size_t steady = frames_of(4);
    const Samples beginnings[] = {vowel(kRate, before), sine(kRate, 200, -20, before), silence(before)};
    const Samples white = at_rms(white_noise(0, steady, 21), 0);
    const Samples cymbals = at_rms(between(white_noise(0, steady, 22), kRate, 5000, 16000), 0);
    for (const Samples& beginning : beginnings) {
        for (const Samples& noise : {white, cymbals}) {
            for (const double level_db : {-40.0, -25.0, -10.0}) {
                DeEsser stage = de_esser(speech());
                Audio audio = to_audio(joined(beginning, scaled(noise, from_db(level_db))), 1);
                run(stage, audio, 0, before + frames_of(3));
                EXPECT_LT(run(stage, audio, before + frames_of(3), frames_of(1), 1), kPumpingDb) << level_db;
            }
        }
    }
}

TEST(DeEsser, Does_not_over_react_in_the_first_second) {
    const size_t second = frames_of(1);
    // Whatever a programme begins with is what it is like, as far as anybody can know.
    const Samples beginnings[] = {
        vowel(kRate, second), at_rms(between(white_noise(0, second, 3), kRate, 5000, 9000), -20),
        joined(silence(second / 2), vowel(kRate, second / 2)), pink_noise(-6, second, 8),
        joined(at_rms(between(white_noise(0, second / 4, 3), kRate, 5000, 9000), -20), vowel(kRate, 3 * second / 4))};
    for (const Samples& beginning : beginnings) {
        DeEsser stage = de_esser(speech());
        Audio audio = to_audio(beginning, 1);
        EXPECT_LT(run(stage, audio, 0, SIZE_MAX, 1), 0.1);
    }
    // And yet the first sibilant after half a second of voice is one.
    DeEsser stage = de_esser(speech());
    Samples first = sibilants(kRate, 2 * second, -24);
    first.erase(first.begin(), first.begin() + (ptrdiff_t)second);
    Audio audio = to_audio(sum_of(vowel(kRate, second), first), 1);
    EXPECT_GT(run(stage, audio, 0, SIZE_MAX, 1), 3);
}

TEST(DeEsser, Forgets_nothing_in_a_pause) {
    // Of the upper band, for a moment; a forgotten voice would be turned down by the whole range.
    constexpr double kOnsetDb = 1;
    const size_t talk = frames_of(3);
    const size_t pause = frames_of(4);
    Samples voice = vowel(kRate, talk);
    // A mouth opens within 30 ms; an edge would be a sibilant of its own.
    const size_t edge = frames_of(0.03);
    for (size_t i = 0; i < edge; ++i) {
        const double opening = 0.5 - 0.5 * std::cos(std::numbers::pi * (double)i / (double)edge);
        voice[i] *= opening;
        voice[talk - 1 - i] *= opening;
    }
    for (const double pause_db : {-300.0, -75.0, -50.0}) {
        DeEsser stage = de_esser(speech());
        const Samples floor = at_rms(white_noise(0, pause, 31), pause_db);
        Audio audio = to_audio(joined(joined(voice, floor), voice), 1);
        run(stage, audio, 0, talk + pause);
        EXPECT_LT(run(stage, audio, talk + pause, talk, 1), kOnsetDb) << pause_db;
    }
}

TEST(DeEsser, Takes_sibilants_for_nothing_usual) {
    // The eighth burst is treated as the second.
    const size_t frames = frames_of(5.4);
    DeEsser stage = de_esser(speech());
    Audio audio = to_audio(sum_of(vowel(kRate, frames), sibilants(kRate, frames, -30)), 1);
    run(stage, audio, 0, frames_of(1.9));
    const double early = run(stage, audio, frames_of(1.9), frames_of(0.5), 1);
    run(stage, audio, frames_of(2.4), frames_of(2.5));
    const double late = run(stage, audio, frames_of(4.9), SIZE_MAX, 1);
    EXPECT_GT(early, 6);
    EXPECT_NEAR(early, late, 0.5);
}

TEST(DeEsser, Leaves_the_input_alone_bit_for_bit_while_nothing_stands_out) {
    const Audio input = to_audio(vowel(kRate, frames_of(2)), 1);
    DeEsser stage = de_esser(speech());
    EXPECT_EQ(input, processed(stage, input));
}

TEST(DeEsser, Is_absent_when_off) {
    DeEsser stage = de_esser({}, kRate, 2);
    const Audio input = to_audio(white_noise(0, frames_of(0.5), 1), sibilants(kRate, frames_of(0.5), -3));
    EXPECT_EQ(input, processed(stage, input));
    EXPECT_EQ(0, stage.meter().read().maximum_db);
    EXPECT_EQ(0u, stage.latency_frames());

    // Switched off in the middle of a sibilant it becomes absent.
    const size_t frames = frames_of(3);
    DeEsser used = de_esser(speech());
    Audio audio = to_audio(sum_of(vowel(kRate, frames), sibilants(kRate, frames, -24)), 1);
    const Audio original = audio;
    run(used, audio, 0, frames_of(1.55));
    used.set_target({});
    run(used, audio, frames_of(1.55), frames - frames_of(1.55));
    const auto gone = (ptrdiff_t)frames_of(1.7);
    EXPECT_TRUE(std::equal(audio[0].begin() + gone, audio[0].end(), original[0].begin() + gone));
}

// ------------------------------------------------------------------------------------------------- recorded speech

// Spoken by espeak-ng where it is installed: no recording, but sounds that no filter of ours has made.
Samples spoken(const std::string& voice, const std::string& text, double* rate_hz) {
    // Other builds of the tests may be running at the same time.
    const std::string name = "aim_de_esser_" + std::to_string(std::random_device{}()) + ".wav";
    const std::filesystem::path file = std::filesystem::temp_directory_path() / name;
    const std::string command = "espeak-ng -v " + voice + " -w \"" + file.string() + "\" \"" + text + "\"";
    const bool said = std::system((command + " 2>&1").c_str()) == 0;
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    // A plain header of 44 bytes, 16 bits, one channel.
    if (!said || bytes.size() < 44 + 2 * 16000) return {};
    uint32_t rate = 0;
    std::memcpy(&rate, bytes.data() + 24, sizeof rate);
    *rate_hz = rate;
    Samples x((bytes.size() - 44) / 2 / kQuantumFrames * kQuantumFrames);
    for (size_t i = 0; i < x.size(); ++i) {
        int16_t sample = 0;
        std::memcpy(&sample, bytes.data() + 44 + 2 * i, sizeof sample);
        x[i] = sample / 32768.0;
    }
    return x;
}

TEST(DeEsser, Softens_the_sibilants_of_speech_and_not_its_vowels) {
    // A window of 20 ms that touches a sibilant; all vowels together stay within a tenth of a decibel.
    constexpr double kOneWindowDb = 0.4;
    constexpr double kAllVowelsDb = 0.1;
    const std::string text = "Many men may allow a long winter. Sister Susie sews shirts. She sells sea shells.";
    for (const std::string voice : {"en-gb", "en-us+f3", "de+m3"}) {
        double rate_hz = 0;
        const Samples before = spoken(voice, text, &rate_hz);
        if (before.empty()) GTEST_SKIP() << "espeak-ng is not installed";
        DeEsser stage = de_esser(speech(), (uint32_t)rate_hz);
        const Samples after = to_samples(processed(stage, to_audio(before, 1))[0]);

        const Samples low = band_limited(before, rate_hz, 3000);
        const Samples high_before = between(before, rate_hz, 5000, 10000);
        const Samples high_after = between(after, rate_hz, 5000, 10000);
        const size_t window = frames_of(0.02, rate_hz);
        double sibilant_before = 0, sibilant_after = 0, vowels_before = 0, vowels_after = 0, worst_vowel = 0;
        int sibilant_windows = 0, vowel_windows = 0;
        // After a second of getting to know the voice.
        for (size_t at = frames_of(1, rate_hz); at + window <= before.size(); at += window) {
            const double low_energy = energy(low, at, window);
            const double high_energy = energy(high_before, at, window);
            const double level_db = 10 * std::log10(energy(before, at, window) / (double)window + 1e-20);
            if (level_db < -50) continue;
            if (high_energy > low_energy) {
                sibilant_before += high_energy;
                sibilant_after += energy(high_after, at, window);
                ++sibilant_windows;
            } else if (high_energy < 0.01 * low_energy) {
                vowels_before += energy(before, at, window);
                vowels_after += energy(after, at, window);
                worst_vowel = std::max(worst_vowel, std::abs(change_db(before, after, at, window)));
                ++vowel_windows;
            }
        }
        ASSERT_GT(sibilant_windows, 15) << voice;
        ASSERT_GT(vowel_windows, 60) << voice;
        const double sibilants_db = 10 * std::log10(sibilant_after / sibilant_before);
        EXPECT_LT(sibilants_db, -3) << voice;
        EXPECT_GT(sibilants_db, -8) << voice;
        EXPECT_NEAR(0, 10 * std::log10(vowels_after / vowels_before), kAllVowelsDb) << voice;
        EXPECT_LT(worst_vowel, kOneWindowDb) << voice;
        RecordProperty(voice + "_sibilants_db", std::to_string(sibilants_db));
        RecordProperty(voice + "_worst_vowel_db", std::to_string(worst_vowel));
    }
}

// --------------------------------------------------------------------------------------------------- changes

double splatter_db(const Signal& x) { return split_at_tone(x.data(), x.size(), kRate, 1000).rest_relative_db(); }

struct Step {
    const char* name;
    std::function<void(DeEsser::Parameters&)> change;
};

const Step kSteps[] = {
    {"switched", [](DeEsser::Parameters& p) { p.enabled = !p.enabled; }},
    {"split down", [](DeEsser::Parameters& p) { p.split_hz = 2500; }},
    {"split up", [](DeEsser::Parameters& p) { p.split_hz = 9000; }},
    {"threshold down", [](DeEsser::Parameters& p) { p.threshold_db = 1; }},
    {"threshold up", [](DeEsser::Parameters& p) { p.threshold_db = 20; }},
    {"ratio", [](DeEsser::Parameters& p) { p.ratio = 1.2f; }},
    {"range down", [](DeEsser::Parameters& p) { p.range_db = -20; }},
    {"range up", [](DeEsser::Parameters& p) { p.range_db = 0; }},
};

TEST(DeEsser, No_change_of_a_parameter_clicks) {
    constexpr double kClickDb = -80;
    const size_t step_at = frames_of(0.5);
    for (const bool enabled : {true, false}) {
        for (const Step& step : kSteps) {
            DeEsser::Parameters p = speech();
            p.enabled = enabled;
            DeEsser stage = de_esser(p);
            Audio audio = to_audio(sine(kRate, 1000, -6, frames_of(1) + kRate), 1);
            run(stage, audio, 0, frames_of(1) + step_at);
            step.change(p);
            stage.set_target(p);
            run(stage, audio, frames_of(1) + step_at);
            EXPECT_LE(splatter_db({audio[0].end() - kRate, audio[0].end()}), kClickDb) << step.name << enabled;
        }
    }
}

// The same while the band is turned down: by the other channel, where a high tone swells slowly.
TEST(DeEsser, No_change_of_a_parameter_clicks_in_a_sibilant) {
    constexpr double kClickDb = -80;
    const size_t lead = frames_of(4);
    const size_t frames = lead + kRate;
    Samples other = sine(kRate, 7000, 0, frames);
    for (size_t i = 0; i < frames; ++i) {
        const double t = ((double)i - (double)lead) / kRate;
        const double swell = t < 0.2 ? 0 : t < 0.4 ? 0.5 - 0.5 * std::cos(std::numbers::pi * (t - 0.2) / 0.2) : 1;
        other[i] *= from_db(-40 + 24 * swell);
    }
    for (const Step& step : kSteps) {
        DeEsser::Parameters p = speech();
        DeEsser stage = de_esser(p, kRate, 2);
        Audio audio = to_audio(sine(kRate, 1000, -20, frames), other);
        run(stage, audio, 0, lead + frames_of(0.45));
        ASSERT_GT(stage.meter().read().now_db, 6);
        step.change(p);
        stage.set_target(p);
        run(stage, audio, lead + frames_of(0.45));
        EXPECT_LE(splatter_db({audio[0].end() - kRate, audio[0].end()}), kClickDb) << step.name;
    }
}

// Its filter works only while there is something to turn down, and finds a bass on its way when it begins: here by the other
// channel's sibilants, at every phase of the bass.
TEST(DeEsser, Begins_without_a_click_in_a_bass) {
    constexpr double kClickDb = -80;
    for (const uint32_t rate_hz : {32000u, 48000u, 96000u}) {
        const size_t frames = frames_of(8, rate_hz);
        const Samples bass = sine(rate_hz, 61.7, -3, frames);
        Samples other = sine(rate_hz, 7000, -20, frames);
        for (size_t i = 0; i < frames; ++i) {
            const double s = (double)i / rate_hz;
            const double t = s < 4 ? 1 : std::fmod(s, 0.2) / 0.02;
            other[i] *= from_db(-40) + (t < 1 ? std::pow(std::sin(std::numbers::pi * t), 2) : 0);
        }
        DeEsser stage = de_esser(speech(), rate_hz, 2);
        Audio audio = to_audio(bass, other);
        EXPECT_GT(run(stage, audio, 0, SIZE_MAX, 1), 3) << rate_hz;
        const Samples left = to_samples(audio[0]);
        const Samples low = band_limited(left, rate_hz, 3000);
        double click = 0;
        for (size_t i = frames / 2; i < frames - rate_hz / 4; ++i) click = std::max(click, std::abs(left[i] - low[i]));
        EXPECT_LE(to_db(click), kClickDb) << rate_hz;
        RecordProperty("click_db_" + std::to_string(rate_hz), std::to_string(to_db(click)));
    }
}

// ---------------------------------------------------------------------------------------------- the contract

DeEsser::Parameters random_parameters(Random& random) {
    DeEsser::Parameters p;
    p.enabled = random.integer(0, 3) != 0;
    p.split_hz = (float)random.uniform(2000, 12000);
    p.threshold_db = (float)random.uniform(0, 20);
    p.ratio = (float)random.uniform(1, 20);
    p.range_db = (float)random.uniform(-24, 0);
    return p;
}

Audio busy(uint32_t channels, size_t frames) {
    const Samples left = sum_of(vowel(kRate, frames), sibilants(kRate, frames, -20));
    return channels == 1 ? to_audio(left, 1) : to_audio(left, music(kRate, -6, frames, 4));
}

TEST(DeEsser, Grouping_of_quanta_does_not_matter) {
    for (const uint32_t channels : {1u, 2u}) {
        const Audio input = busy(channels, frames_of(2));
        std::vector<Audio> outputs;
        for (const uint32_t group : {1u, 3u, 17u, 60u}) {
            DeEsser stage = de_esser(speech(), kRate, channels);
            Audio audio = input;
            Random random(9);
            // Moving in the first part of it, at rest when the first sibilant comes.
            for (size_t part = 0; part < 4; ++part) {
                run(stage, audio, part * frames_of(0.3), frames_of(0.3), group);
                DeEsser::Parameters p = part == 3 ? speech() : random_parameters(random);
                p.enabled = true;
                stage.set_target(p);
            }
            run(stage, audio, 4 * frames_of(0.3), SIZE_MAX, group);
            outputs.push_back(audio);
        }
        for (const Audio& output : outputs) EXPECT_EQ(outputs[0], output);
        EXPECT_NE(input, outputs[0]);
    }
}

TEST(DeEsser, Reset_equals_fresh_and_a_snapshot_goes_on) {
    const Audio input = busy(2, frames_of(2));
    DeEsser fresh = de_esser(speech(), kRate, 2);
    const Audio expected = processed(fresh, input);

    DeEsser used = de_esser({}, kRate, 2);
    processed(used, busy(2, frames_of(1.6)));
    used.set_target(speech());
    used.reset();
    EXPECT_EQ(expected, processed(used, input));

    DeEsser first = de_esser(speech(), kRate, 2);
    Audio audio = input;
    run(first, audio, 0, frames_of(1.55));
    DeEsser::Parameters moving = speech();
    moving.split_hz = 7000;
    first.set_target(moving);
    run(first, audio, frames_of(1.55), frames_of(0.005));
    aim::StateSizer sizer;
    first.visit_state(sizer);
    std::vector<unsigned char> bytes(sizer.bytes());
    aim::StateWriter writer(bytes.data());
    first.visit_state(writer);
    DeEsser second = de_esser({}, kRate, 2);
    aim::StateReader reader(bytes.data());
    second.visit_state(reader);
    Audio copy = audio;
    run(first, audio, frames_of(1.56));
    run(second, copy, frames_of(1.56));
    EXPECT_EQ(audio, copy);
}

TEST(DeEsser, Channels_are_linked_and_alike_to_mono) {
    const Audio mono = busy(1, frames_of(2));
    DeEsser one = de_esser(speech());
    DeEsser two = de_esser(speech(), kRate, 2);
    const Audio single = processed(one, mono);
    const Audio both = processed(two, {mono[0], mono[0]});
    EXPECT_EQ(single[0], both[0]);
    EXPECT_EQ(single[0], both[1]);
    // Hard to one side: the other channel's band goes down with it.
    const Samples voice = vowel(kRate, frames_of(2));
    DeEsser side = de_esser(speech(), kRate, 2);
    const Audio output = processed(side, to_audio(sum_of(voice, sibilants(kRate, frames_of(2), -20)), voice));
    const double right = change_db(between(voice, kRate, 7000, 15000),
                                   between(to_samples(output[1]), kRate, 7000, 15000), frames_of(1.5), frames_of(0.08));
    EXPECT_LT(right, -4);
}

TEST(DeEsser, Works_at_every_rate_and_stays_bounded_whatever_moves) {
    for (const uint32_t rate : {8000u, 11025u, 16000u, 22050u, 44100u, 48000u, 96000u, 192000u}) {
        Random random(rate);
        DeEsser stage = de_esser(speech(), rate, 2);
        const size_t frames = frames_of(0.5, rate);
        Audio audio = to_audio(white_noise(0, frames, rate), bursts(rate, 0.3 * rate, 0, frames));
        for (size_t at = 0; at + 160 <= frames; at += 160) {
            stage.set_target(random_parameters(random));
            run(stage, audio, at, 160);
        }
        for (const Signal& channel : audio) {
            // A shelf that only cuts; a hair more where its slope moves through the signal.
            for (const float x : channel) ASSERT_LT(std::abs(x), 2.0f) << rate;
        }
    }
}

TEST(DeEsser, Ends_in_exact_zeros_without_subnormals) {
    // Cut off in the middle of a sibilant: what is turned down rings on, and must not ring for ever.
    const size_t cut = frames_of(1.54);
    Samples signal = sum_of(vowel(kRate, cut), sibilants(kRate, cut, -20));
    DeEsser stage = de_esser(speech());
    Audio audio = to_audio(joined(signal, silence(frames_of(1))), 1);
    run(stage, audio, 0, cut);
    ASSERT_GT(stage.meter().read().now_db, 6);
    run(stage, audio, cut);
    for (size_t i = cut; i < audio[0].size(); ++i) ASSERT_NE(FP_SUBNORMAL, std::fpclassify(audio[0][i])) << i;
    for (size_t i = cut + frames_of(0.1); i < audio[0].size(); ++i) ASSERT_EQ(0, audio[0][i]) << i;
    EXPECT_EQ(0, stage.meter().read().now_db);
}

}  // namespace
}  // namespace de_esser_test
