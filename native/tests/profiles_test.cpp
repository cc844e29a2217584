// Profiles from outside: what a genre sets, how it morphs, what stands above it.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "reference/setups.h"
#include "reference/spectrum.h"
#include "reference/voice.h"

namespace aim_test {
namespace profiles_test {
namespace {

constexpr double kRate = 48000;
constexpr int kGenres = 6;

std::vector<aim_parameter_info> rows() {
    std::vector<aim_parameter_info> all(static_cast<size_t>(aim_parameter_count()));
    for (size_t i = 0; i < all.size(); ++i) aim_parameter_info_at(static_cast<int32_t>(i), &all[i]);
    return all;
}

float profile_value(int32_t genre, int32_t id) {
    float value = 0;
    EXPECT_EQ(AIM_OK, aim_profile_value(genre, id, &value));
    return value;
}

std::string name_of(int32_t genre) {
    aim_profile_info info;
    EXPECT_EQ(AIM_OK, aim_profile_info_of(genre, &info));
    return info.name;
}

void set_genre(StripUnderTest& strip, int32_t genre) { ASSERT_EQ(AIM_OK, aim_strip_set_genre(strip.handle(), genre)); }

TEST(Profiles, Neutral_is_the_default_of_every_parameter) {
    ASSERT_EQ(kGenres, aim_profile_count());
    for (const aim_parameter_info& row : rows()) {
        EXPECT_EQ(row.default_value, profile_value(AIM_GENRE_NEUTRAL, row.id)) << row.key;
    }
}

TEST(Profiles, Every_value_lies_within_its_range_and_every_genre_has_a_name) {
    for (int32_t genre = 0; genre < kGenres; ++genre) {
        EXPECT_FALSE(name_of(genre).empty());
        for (const aim_parameter_info& row : rows()) {
            EXPECT_GE(profile_value(genre, row.id), row.minimum) << name_of(genre) << " " << row.key;
            EXPECT_LE(profile_value(genre, row.id), row.maximum) << name_of(genre) << " " << row.key;
        }
    }
    aim_profile_info info;
    float value = 0;
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_profile_info_of(kGenres, &info));
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_profile_info_of(-1, &info));
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_profile_value(kGenres, AIM_PARAM_BYPASS, &value));
    EXPECT_EQ(AIM_ERROR_UNKNOWN_PARAMETER, aim_profile_value(0, 7, &value));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_profile_value(0, AIM_PARAM_BYPASS, nullptr));
}

TEST(Profiles, Those_that_promise_to_keep_dynamics_want_one_gain_for_whole_files) {
    for (int32_t genre = 0; genre < kGenres; ++genre) {
        aim_profile_info info;
        ASSERT_EQ(AIM_OK, aim_profile_info_of(genre, &info));
        const bool keeps = genre == AIM_GENRE_JAZZ || genre == AIM_GENRE_CLASSICAL;
        EXPECT_EQ(keeps ? AIM_WHOLE_FILE_ONE_GAIN : AIM_WHOLE_FILE_LEVELER, info.whole_file_level) << info.name;
    }
}

TEST(Profiles, A_genre_set_before_the_first_call_is_its_values_set_one_by_one) {
    const Audio input = programme(48000, 2, 96000);
    for (int32_t genre = 0; genre < kGenres; ++genre) {
        StripUnderTest by_genre;
        set_genre(by_genre, genre);
        StripUnderTest one_by_one;
        for (const aim_parameter_info& row : rows()) one_by_one.set(row.id, profile_value(genre, row.id));
        EXPECT_TRUE(same_bits(by_genre.process(input), one_by_one.process(input))) << name_of(genre);
        EXPECT_EQ(genre, by_genre.metrics().genre);
    }
}

TEST(Profiles, An_override_stands_above_the_profile_until_it_is_released) {
    StripUnderTest strip;
    strip.set(AIM_PARAM_EQ_MID_GAIN_DB, -7);
    set_genre(strip, AIM_GENRE_ROCK);
    EXPECT_EQ(-7, strip.get(AIM_PARAM_EQ_MID_GAIN_DB));
    EXPECT_EQ(profile_value(AIM_GENRE_ROCK, AIM_PARAM_EQ_LOW_GAIN_DB), strip.get(AIM_PARAM_EQ_LOW_GAIN_DB));
    ASSERT_EQ(AIM_OK, aim_strip_release_parameter(strip.handle(), AIM_PARAM_EQ_MID_GAIN_DB));
    EXPECT_EQ(profile_value(AIM_GENRE_ROCK, AIM_PARAM_EQ_MID_GAIN_DB), strip.get(AIM_PARAM_EQ_MID_GAIN_DB));
    EXPECT_EQ(AIM_ERROR_UNKNOWN_PARAMETER, aim_strip_release_parameter(strip.handle(), 7));
}

TEST(Profiles, A_morph_ends_where_the_genre_alone_would_be) {
    // The same signal, so loud and even that nothing with a memory of seconds (leveler, de-esser) differs at the end.
    const Settings steady = {{AIM_PARAM_LEVELER_ENABLED, 0},
                             {AIM_PARAM_DE_ESSER_ENABLED, 0},
                             {AIM_PARAM_COMPRESSOR_ENABLED, 0},
                             {AIM_PARAM_GATE_ENABLED, 0}};
    const Audio input = to_audio(sine(kRate, 3200, -20, 48000 * 3), 1);
    for (int32_t genre = 1; genre < kGenres; ++genre) {
        StripUnderTest moved(steady, 48000, 1);
        moved.process(input);
        set_genre(moved, genre);
        StripUnderTest alone(steady, 48000, 1);
        set_genre(alone, genre);
        const Audio a = moved.process(input);
        alone.process(input);
        const Audio b = alone.process(input);
        const double level_a = fit_tone(a[0].data() + 96000, 48000, kRate, 3200).amplitude;
        const double level_b = fit_tone(b[0].data() + 96000, 48000, kRate, 3200).amplitude;
        EXPECT_NEAR(to_db(level_a), to_db(level_b), 0.01) << name_of(genre);
    }
}

// A strip as it was when the state was saved.
struct Saved {
    std::vector<uint8_t> bytes;

    explicit Saved(const StripUnderTest& strip) {
        uint64_t size = 0;
        EXPECT_EQ(AIM_OK, aim_strip_snapshot_size(strip.handle(), &size));
        bytes.resize(size);
        EXPECT_EQ(AIM_OK, aim_strip_save(strip.handle(), bytes.data(), size));
    }
    void restore(StripUnderTest& strip) const {
        ASSERT_EQ(AIM_OK, aim_strip_restore(strip.handle(), bytes.data(), bytes.size()));
    }
};

TEST(Profiles, Moving_from_any_genre_to_any_other_makes_no_click) {
    constexpr double kClickDb = -80;
    const Audio tone = to_audio(sine(kRate, 1000, -18, 48000 * 4), 2);
    for (int32_t from = 0; from < kGenres; ++from) {
        // A curve that bends a tone adds harmonics by design: they are no click.
        StripUnderTest strip({{AIM_PARAM_SATURATOR_ENABLED, 0}});
        set_genre(strip, from);
        strip.process(tone);
        const Saved settled(strip);
        for (int32_t to = 0; to < kGenres; ++to) {
            if (from == to) continue;
            settled.restore(strip);
            set_genre(strip, to);
            const Audio output = strip.process(tone);
            for (const size_t at : {size_t{0}, size_t{48000}}) {
                const ToneAndRest heard = split_at_tone(output[0].data() + at, 65536, kRate, 1000);
                EXPECT_LE(heard.rest_relative_db(), kClickDb) << name_of(from) << " to " << name_of(to) << " at " << at;
            }
        }
    }
}

// Highest and lowest momentary loudness, looked at every 100 ms.
struct Span {
    double highest = -200;
    double lowest = 200;
};

Span loudness_span(StripUnderTest& strip, const Audio& input, size_t seconds) {
    Span span;
    for (size_t step = 0; step < seconds * 10; ++step) {
        const size_t start = (step * 4800) % (input[0].size() - 4800);
        Audio part(2);
        for (size_t c = 0; c < 2; ++c) part[c].assign(input[c].begin() + start, input[c].begin() + start + 4800);
        strip.process(part);
        const double now = strip.metrics().output.momentary_lufs;
        span.highest = std::max(span.highest, now);
        span.lowest = std::min(span.lowest, now);
    }
    return span;
}

// The leveler has found its level, and every change is over.
constexpr size_t kSettledSeconds = 12;

// A strip that has heard so much of a genre, and what it sounded like in the last round.
struct Settled {
    Settled(int32_t genre, const Audio& round, size_t round_seconds) {
        set_genre(strip, genre);
        loudness_span(strip, round, kSettledSeconds);
        before = loudness_span(strip, round, round_seconds);
    }
    StripUnderTest strip;
    Span before;
};

void expect_no_overshoot(Settled& settled, const Audio& round, size_t round_seconds, int32_t from, int32_t to,
                         double allowed_lu, const char* what) {
    set_genre(settled.strip, to);
    const Span during = loudness_span(settled.strip, round, kSettledSeconds);
    const Span after = loudness_span(settled.strip, round, round_seconds);
    EXPECT_LE(during.highest, std::max(settled.before.highest, after.highest) + allowed_lu)
        << what << ", " << name_of(from) << " to " << name_of(to);
    EXPECT_GE(during.lowest, std::min(settled.before.lowest, after.lowest) - allowed_lu)
        << what << ", " << name_of(from) << " to " << name_of(to);
}

// The round is heard again and again: whole rounds before, during and after the change hear the same. All changes from
// one genre begin in the same state.
void expect_no_overshoot(const Audio& round, size_t round_seconds, double allowed_lu, const char* what) {
    for (int32_t from = 0; from < kGenres; ++from) {
        Settled settled(from, round, round_seconds);
        const Saved start(settled.strip);
        for (int32_t to = 0; to < kGenres; ++to) {
            if (from == to) continue;
            start.restore(settled.strip);
            expect_no_overshoot(settled, round, round_seconds, from, to, allowed_lu, what);
        }
    }
}

constexpr double kOvershootLu = 0.5;

TEST(Profiles, Loudness_never_overshoots_both_ends_while_a_genre_changes) {
    // A chord over the whole range: its loudness stands still, so whatever moves is ours. At its loudest, -7 LUFS, neutral
    // takes 11 dB off, and classical nothing: the compressor comes in all at once, late on the way.
    for (const double peak_db : {-36.0, -26.0, -20.0, -14.0}) {
        Samples chord = silence(48000 + 4800);
        for (const double hz : {110.0, 330.0, 1000.0, 3000.0, 7000.0}) {
            const Samples tone = sine(kRate, hz, peak_db, chord.size());
            for (size_t i = 0; i < chord.size(); ++i) chord[i] += tone[i];
        }
        expect_no_overshoot(to_audio(chord, 2), 1, kOvershootLu, std::to_string(peak_db).c_str());
    }
}

TEST(Profiles, Loudness_does_not_overshoot_on_programme_while_a_genre_changes) {
    constexpr size_t kRoundSeconds = 6;
    const size_t frames = 48000 * kRoundSeconds + 4800;
    const Samples voice = talk(kRate);
    expect_no_overshoot(programme(48000, 2, frames), kRoundSeconds, kOvershootLu, "music");
    expect_no_overshoot(to_audio(at_rms({voice.begin(), voice.begin() + frames}, -26), 2), kRoundSeconds, kOvershootLu,
                        "voice");
    // Most of its power lies where the high-pass of speech takes it away, and little of its loudness.
    expect_no_overshoot(to_audio(at_rms(pink_noise(0, frames, 5), -20), at_rms(pink_noise(0, frames, 6), -20)),
                        kRoundSeconds, kOvershootLu, "pink noise");
    // Swells four times a second, as quickly as words do.
    for (const double rms_db : {-26.0, -20.0}) {
        Samples swelling = vowel(kRate, frames, rms_db);
        for (size_t i = 0; i < frames; ++i) swelling[i] *= 1 + 0.5 * std::sin(2 * M_PI * 4 * (double)i / kRate);
        expect_no_overshoot(to_audio(swelling, 2), kRoundSeconds, kOvershootLu, "swelling vowel");
    }
}

// Its level goes up and down by 9 dB within the round: what the new chain makes of it is not known before it has been heard.
TEST(Profiles, A_change_to_another_target_arrives_from_the_side_where_it_was) {
    constexpr size_t kRoundSeconds = 6;
    constexpr double kSwellsDb[kRoundSeconds] = {0, -6, 0, -6, -3, 3};
    Samples swelling = silence(48000 * kRoundSeconds + 4800);
    for (int harmonic = 1; harmonic < 60; ++harmonic) {
        const double gain_db = to_db((harmonic % 5 != 0 ? 1.0 : 2.0) / harmonic);
        const Samples partial = sine(kRate, 120.0 * harmonic, gain_db, swelling.size());
        for (size_t i = 0; i < swelling.size(); ++i) swelling[i] += partial[i];
    }
    swelling = at_rms(swelling, -20);
    for (size_t i = 0; i < swelling.size(); ++i) {
        const size_t second = i / 48000 % kRoundSeconds;
        const double into = (double)(i % 48000) / 48000;
        const double now_db = kSwellsDb[second] + into * (kSwellsDb[(second + 1) % kRoundSeconds] - kSwellsDb[second]);
        swelling[i] *= std::pow(10, now_db / 20);
    }
    const Audio round = to_audio(swelling, 2);
    for (const int32_t from : {AIM_GENRE_ROCK, AIM_GENRE_ELECTRONIC}) {
        Settled settled(from, round, kRoundSeconds);
        expect_no_overshoot(settled, round, kRoundSeconds, from, AIM_GENRE_JAZZ, kOvershootLu,
                            "a voice that swells by 9 dB");
    }
}

TEST(Profiles, Out_of_neutral_the_level_comes_from_what_was_heard_before) {
    // Two seconds soft, two loud, two between, again and again; the change comes with the soft ones.
    constexpr size_t kRoundSeconds = 6;
    const Audio even = programme(48000, 2, 48000 * kRoundSeconds + 4800);
    Audio moving = even;
    const double steps_db[] = {-12, 0, -6, -12};
    for (auto& channel : moving) {
        for (size_t i = 0; i < channel.size(); ++i) channel[i] *= (float)from_db(steps_db[i / 96000]);
    }
    StripUnderTest strip;
    loudness_span(strip, moving, 2 * kRoundSeconds);
    const Span before = loudness_span(strip, moving, kRoundSeconds);
    const Saved settled(strip);
    for (int32_t to = 1; to < kGenres; ++to) {
        settled.restore(strip);
        set_genre(strip, to);
        const Span during = loudness_span(strip, moving, 2 * kRoundSeconds);
        loudness_span(strip, moving, 3 * kRoundSeconds);
        const Span after = loudness_span(strip, moving, kRoundSeconds);
        EXPECT_LE(during.highest, std::max(before.highest, after.highest) + kOvershootLu) << name_of(to);
        EXPECT_GE(during.lowest, std::min(before.lowest, after.lowest) - kOvershootLu) << name_of(to);
    }
}

TEST(Profiles, What_speech_took_for_the_level_a_slower_profile_does_not_have_to_unlearn) {
    // A master driven 12 dB into a clipper; the change comes after a quiet passage of several seconds, to which speech has turned
    // the gain up.
    constexpr size_t kRoundSeconds = 6;
    const size_t frames = 48000 * kRoundSeconds + 4800;
    Audio master = to_audio(music(kRate, -3, frames, 21), music(kRate, -3, frames, 22));
    for (auto& channel : master) {
        for (float& x : channel) x = (float)(0.95 * std::tanh(4 * x / 0.95));
    }
    StripUnderTest strip;
    set_genre(strip, AIM_GENRE_SPEECH);
    loudness_span(strip, master, 12);
    const Span before = loudness_span(strip, master, kRoundSeconds);
    const Saved settled(strip);
    for (const int32_t to : {AIM_GENRE_ROCK, AIM_GENRE_JAZZ, AIM_GENRE_ELECTRONIC}) {
        settled.restore(strip);
        set_genre(strip, to);
        const Span during = loudness_span(strip, master, 12);
        loudness_span(strip, master, kRoundSeconds);
        const Span after = loudness_span(strip, master, kRoundSeconds);
        EXPECT_LE(during.highest, std::max(before.highest, after.highest) + 1.0) << name_of(to);
    }
}

TEST(Profiles, Without_intensity_a_profile_adds_nothing) {
    const Audio input = to_audio(sine(kRate, 3000, -20, 48000 * 2), 2);
    for (int32_t genre = 1; genre < kGenres; ++genre) {
        StripUnderTest strip;
        set_genre(strip, genre);
        ASSERT_EQ(AIM_OK, aim_strip_set_intensity(strip.handle(), 0));
        const Audio output = strip.process(input);
        const FittedTone tone = fit_tone(output[0].data() + 48000, 48000, kRate, 3000);
        EXPECT_NEAR(-20, to_db(tone.amplitude), 0.02) << name_of(genre);
        EXPECT_LE(tone.residual_relative_db, -110) << name_of(genre);
    }
    StripUnderTest strip;
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_intensity(strip.handle(), -1));
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_intensity(strip.handle(), 101));
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_intensity(strip.handle(), std::nanf("")));
}

TEST(Profiles, Genre_changes_give_the_same_bits_for_any_block_size) {
    const size_t part = 40000;
    const Audio input = programme(48000, 2, part);
    std::vector<Audio> first;
    for (const Blocks blocks : {Blocks{960}, Blocks{1}, Blocks{7}, Blocks{64}, Blocks{960, true}}) {
        StripUnderTest strip;
        std::vector<Audio> heard;
        for (const int32_t genre : {AIM_GENRE_ROCK, AIM_GENRE_SPEECH, AIM_GENRE_ELECTRONIC, AIM_GENRE_JAZZ}) {
            heard.push_back(strip.process(input, blocks));
            set_genre(strip, genre);
        }
        heard.push_back(strip.process(input, blocks));
        if (first.empty()) first = heard;
        for (size_t i = 0; i < heard.size(); ++i)
            EXPECT_TRUE(same_bits(first[i], heard[i])) << blocks.frames << " " << i;
    }
}

TEST(Profiles, A_snapshot_in_the_middle_of_a_morph_goes_on_bit_for_bit) {
    const Audio input = programme(48000, 2, 48000);
    const Audio half = programme(48000, 2, 20000);
    StripUnderTest origin;
    set_genre(origin, AIM_GENRE_ELECTRONIC);
    ASSERT_EQ(AIM_OK, aim_strip_set_intensity(origin.handle(), 70));
    origin.process(input);
    set_genre(origin, AIM_GENRE_JAZZ);
    origin.set(AIM_PARAM_EQ_HIGH_GAIN_DB, 3);
    origin.process(half);
    StripUnderTest elsewhere;
    Saved(origin).restore(elsewhere);
    EXPECT_TRUE(same_bits(origin.process(input), elsewhere.process(input)));
    EXPECT_EQ(AIM_GENRE_JAZZ, elsewhere.metrics().genre);
    EXPECT_EQ(3, elsewhere.get(AIM_PARAM_EQ_HIGH_GAIN_DB));
    float intensity = 0;
    EXPECT_EQ(AIM_OK, aim_strip_get_intensity(elsewhere.handle(), &intensity));
    EXPECT_EQ(70, intensity);
}

TEST(Profiles, A_profile_of_the_caller_s_is_taken_whole_or_refused) {
    std::vector<float> values;
    for (const aim_parameter_info& row : rows()) values.push_back(profile_value(AIM_GENRE_JAZZ, row.id));
    const int32_t count = static_cast<int32_t>(values.size());
    StripUnderTest strip;
    EXPECT_EQ(AIM_OK, aim_strip_set_profile(strip.handle(), values.data(), count, 0));
    EXPECT_EQ(profile_value(AIM_GENRE_JAZZ, AIM_PARAM_EQ_LOW_GAIN_DB), strip.get(AIM_PARAM_EQ_LOW_GAIN_DB));
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_profile(strip.handle(), values.data(), count - 1, 0));
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_profile(strip.handle(), values.data(), count, -1));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_set_profile(strip.handle(), nullptr, count, 0));
    values[5] = 1e9f;
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_profile(strip.handle(), values.data(), count, 0));
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_genre(strip.handle(), kGenres));
}

}  // namespace
}  // namespace profiles_test
}  // namespace aim_test
