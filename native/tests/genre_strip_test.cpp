// A strip that follows what it recognises, through the C interface. What the model says of these signals does not matter
// here: the weights leave it one genre, or it is compared with itself by another way.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "reference/setups.h"
#include "reference/voice.h"

namespace aim_test {
namespace genre_strip_test {
namespace {

constexpr uint32_t kRate = 48000;

using Weights = std::array<float, AIM_GENRE_COUNT>;

Weights only(int32_t genre) {
    Weights weights{};
    weights[static_cast<size_t>(genre) - 1] = 1;
    return weights;
}

void follow(StripUnderTest& strip) { ASSERT_EQ(AIM_OK, aim_strip_set_genre(strip.handle(), AIM_GENRE_AUTO)); }

void weigh(StripUnderTest& strip, const Weights& weights) {
    ASSERT_EQ(AIM_OK, aim_strip_set_genre_weights(strip.handle(), weights.data()));
}

aim_genre_reading reading_of(const StripUnderTest& strip) {
    aim_genre_reading reading;
    std::memset(&reading, 0xA5, sizeof reading);
    EXPECT_EQ(AIM_OK, aim_strip_genre(strip.handle(), &reading));
    return reading;
}

std::vector<aim_genre_event> events_of(const StripUnderTest& strip, uint64_t since = 0) {
    std::vector<aim_genre_event> events(AIM_GENRE_EVENTS_MAX);
    uint32_t count = 0;
    EXPECT_EQ(AIM_OK, aim_strip_genre_events(strip.handle(), since, events.data(), AIM_GENRE_EVENTS_MAX, &count));
    events.resize(count);
    return events;
}

bool same_events(const std::vector<aim_genre_event>& a, const std::vector<aim_genre_event>& b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof a[0]) == 0);
}

float profile_value(int32_t genre, int32_t id) {
    float value = 0;
    EXPECT_EQ(AIM_OK, aim_profile_value(genre, id, &value));
    return value;
}

class Classifier {
public:
    Classifier(uint32_t rate_hz, uint32_t channels) : channels_(channels) {
        EXPECT_EQ(AIM_OK, aim_classifier_create(rate_hz, channels, &handle));
    }
    ~Classifier() { aim_classifier_destroy(handle); }
    Classifier(const Classifier&) = delete;
    Classifier& operator=(const Classifier&) = delete;

    void add(const Audio& audio, size_t block) {
        for (size_t at = 0; at < audio[0].size(); at += block) {
            const float* input[AIM_CHANNELS_MAX];
            for (uint32_t c = 0; c < channels_; ++c) input[c] = audio[c].data() + at;
            const size_t count = std::min(block, audio[0].size() - at);
            EXPECT_EQ(AIM_OK, aim_classifier_add(handle, input, static_cast<uint32_t>(count)));
        }
    }
    aim_genre_reading read() const {
        aim_genre_reading reading;
        EXPECT_EQ(AIM_OK, aim_classifier_read(handle, &reading));
        return reading;
    }
    std::vector<aim_genre_event> events() const {
        std::vector<aim_genre_event> events(AIM_GENRE_EVENTS_MAX);
        uint32_t count = 0;
        EXPECT_EQ(AIM_OK, aim_classifier_events(handle, 0, events.data(), AIM_GENRE_EVENTS_MAX, &count));
        events.resize(count);
        return events;
    }
    Weights programme(uint64_t* windows) const {
        Weights probabilities{};
        EXPECT_EQ(AIM_OK, aim_classifier_programme(handle, probabilities.data(), windows));
        return probabilities;
    }

    aim_classifier* handle = nullptr;

private:
    uint32_t channels_;
};

// Music, a voice, noise and a pause, long enough for several decisions.
Audio show(uint32_t rate_hz) {
    const size_t part = 6 * rate_hz;
    Samples all = music(rate_hz, -3, part, 1);
    all = joined(all, vowel(rate_hz, part));
    all = joined(all, pink_noise(-12, part, 2));
    all = joined(all, silence(3 * rate_hz));
    all = joined(all, music(rate_hz, -9, part, 3));
    return to_audio(all, 2);
}

TEST(GenreStrip, Moves_to_the_profile_of_what_it_recognises_and_tells_why) {
    const Audio input = to_audio(music(kRate, -3, 4 * kRate, 1), 2);
    for (int32_t genre = AIM_GENRE_SPEECH; genre <= AIM_GENRE_CLASSICAL; ++genre) {
        StripUnderTest strip;
        weigh(strip, only(genre));
        follow(strip);
        EXPECT_EQ(1, reading_of(strip).listening);
        strip.process(input);
        const aim_genre_reading reading = reading_of(strip);
        EXPECT_EQ(genre, reading.genre);
        EXPECT_EQ(genre, reading.state);
        EXPECT_EQ(genre, strip.metrics().genre);
        EXPECT_EQ(1.0f, reading.confidence);
        EXPECT_EQ(4u * kRate, reading.frames + reading.frames % 16);
        EXPECT_GT(reading.peak_dbfs, -20);
        EXPECT_LE(reading.peak_dbfs, -3);
        for (const int32_t id : {AIM_PARAM_COMPRESSOR_RATIO, AIM_PARAM_EQ_LOW_GAIN_DB, AIM_PARAM_STEREO_WIDTH}) {
            EXPECT_EQ(profile_value(genre, id), strip.get(id)) << id;
        }
        const std::vector<aim_genre_event> events = events_of(strip);
        ASSERT_EQ(1u, events.size());
        EXPECT_EQ(1u, reading.decisions);
        EXPECT_EQ(events[0].frame, reading.last_decision_frame);
        EXPECT_EQ(genre, events[0].to);
        EXPECT_EQ(genre == AIM_GENRE_SPEECH ? AIM_GENRE_RULE_SPEAKS : AIM_GENRE_RULE_LEADS, events[0].rule);
        // Windows of 20 ms every 10 ms: half a second is complete 10 ms late.
        const double seconds = genre == AIM_GENRE_SPEECH ? 0.5 : 1.5;
        EXPECT_NEAR(seconds, (double)events[0].frame / kRate, 0.011);
    }
}

TEST(GenreStrip, Recognises_what_the_classifier_by_itself_does_however_it_mixes) {
    const Audio input = show(kRate);
    Classifier alone(kRate, 2);
    alone.add(input, 1000);
    for (const Settings& settings :
         {Settings{},
          Settings{{AIM_PARAM_EQ_LOW_GAIN_DB, 12}, {AIM_PARAM_EQ_HIGH_GAIN_DB, -12}, {AIM_PARAM_BYPASS, 1}}}) {
        StripUnderTest strip(settings);
        follow(strip);
        strip.process(input);
        EXPECT_TRUE(same_events(alone.events(), events_of(strip)));
        const aim_genre_reading a = alone.read();
        const aim_genre_reading b = reading_of(strip);
        EXPECT_EQ(a.state, b.state);
        for (size_t i = 0; i < AIM_GENRE_COUNT; ++i) EXPECT_EQ(a.probabilities[i], b.probabilities[i]);
    }
}

TEST(GenreStrip, Gives_the_same_bits_for_any_block_size_while_genres_change) {
    const size_t part = 5 * kRate / 2;
    const Audio input = programme(kRate, 2, part);
    std::vector<Audio> first;
    std::vector<aim_genre_event> first_events;
    for (const Blocks blocks : {Blocks{960}, Blocks{7}, Blocks{64}, Blocks{480}, Blocks{960, true}}) {
        StripUnderTest strip;
        follow(strip);
        std::vector<Audio> heard;
        for (const int32_t genre : {AIM_GENRE_ROCK, AIM_GENRE_SPEECH, AIM_GENRE_ELECTRONIC}) {
            weigh(strip, only(genre));
            heard.push_back(strip.process(input, blocks));
        }
        if (first.empty()) {
            first = heard;
            first_events = events_of(strip);
            EXPECT_GE(first_events.size(), 3u);
        }
        for (size_t i = 0; i < heard.size(); ++i)
            EXPECT_TRUE(same_bits(first[i], heard[i])) << blocks.frames << " " << i;
        EXPECT_TRUE(same_events(first_events, events_of(strip))) << blocks.frames;
    }
}

TEST(GenreStrip, A_snapshot_goes_on_listening_bit_for_bit) {
    const Audio input = show(kRate);
    for (const size_t cut : {size_t(1), size_t(23999), size_t(2 * kRate + 77), size_t(10 * kRate)}) {
        Audio head, rest;
        for (const auto& channel : input) {
            head.emplace_back(channel.begin(), channel.begin() + (std::ptrdiff_t)cut);
            rest.emplace_back(channel.begin() + (std::ptrdiff_t)cut, channel.begin() + (std::ptrdiff_t)cut + 6 * kRate);
        }
        StripUnderTest origin;
        weigh(origin, {0, 1, 0, 1, 0});
        follow(origin);
        origin.process(head);
        uint64_t size = 0;
        ASSERT_EQ(AIM_OK, aim_strip_snapshot_size(origin.handle(), &size));
        std::vector<uint8_t> bytes(size);
        ASSERT_EQ(AIM_OK, aim_strip_save(origin.handle(), bytes.data(), size));
        StripUnderTest elsewhere;
        ASSERT_EQ(AIM_OK, aim_strip_restore(elsewhere.handle(), bytes.data(), size));
        EXPECT_EQ(1, reading_of(elsewhere).listening);
        EXPECT_TRUE(same_events(events_of(origin), events_of(elsewhere)));
        EXPECT_TRUE(same_bits(origin.process(rest), elsewhere.process(rest))) << cut;
        EXPECT_TRUE(same_events(events_of(origin), events_of(elsewhere)));
        EXPECT_EQ(origin.metrics().genre, elsewhere.metrics().genre);
    }
}

TEST(GenreStrip, A_reset_forgets_what_was_recognised) {
    const Audio input = programme(kRate, 2, 3 * kRate);
    StripUnderTest used;
    weigh(used, only(AIM_GENRE_JAZZ));
    follow(used);
    used.process(show(kRate));
    ASSERT_EQ(AIM_GENRE_JAZZ, reading_of(used).genre);
    used.reset();
    EXPECT_EQ(AIM_GENRE_NEUTRAL, used.metrics().genre);
    EXPECT_EQ(0u, reading_of(used).decisions);
    EXPECT_TRUE(events_of(used).empty());
    StripUnderTest fresh;
    weigh(fresh, only(AIM_GENRE_JAZZ));
    follow(fresh);
    EXPECT_TRUE(same_bits(fresh.process(input), used.process(input)));
    EXPECT_TRUE(same_events(events_of(fresh), events_of(used)));
}

TEST(GenreStrip, A_genre_that_is_set_is_pinned) {
    StripUnderTest strip;
    weigh(strip, only(AIM_GENRE_JAZZ));
    follow(strip);
    const Audio input = programme(kRate, 2, 4 * kRate);
    strip.process(input);
    ASSERT_EQ(AIM_GENRE_JAZZ, strip.metrics().genre);
    ASSERT_EQ(AIM_OK, aim_strip_set_genre(strip.handle(), AIM_GENRE_ROCK));
    strip.process(input);
    strip.process(input);
    EXPECT_EQ(AIM_GENRE_ROCK, strip.metrics().genre);
    EXPECT_EQ(0, reading_of(strip).listening);
    EXPECT_EQ(1u, events_of(strip).size());
    EXPECT_EQ(profile_value(AIM_GENRE_ROCK, AIM_PARAM_COMPRESSOR_RATIO), strip.get(AIM_PARAM_COMPRESSOR_RATIO));
}

TEST(GenreStrip, Following_begins_with_the_genre_that_was_set) {
    StripUnderTest strip;
    ASSERT_EQ(AIM_OK, aim_strip_set_genre(strip.handle(), AIM_GENRE_CLASSICAL));
    StripUnderTest pinned;
    ASSERT_EQ(AIM_OK, aim_strip_set_genre(pinned.handle(), AIM_GENRE_CLASSICAL));
    const Audio second = programme(kRate, 2, kRate);
    strip.process(second);
    pinned.process(second);
    follow(strip);
    EXPECT_TRUE(same_bits(pinned.process(second), strip.process(second)));
    EXPECT_EQ(AIM_GENRE_CLASSICAL, strip.metrics().genre);
    EXPECT_EQ(AIM_GENRE_CLASSICAL, reading_of(strip).genre);
    EXPECT_TRUE(events_of(strip).empty());
}

TEST(GenreStrip, A_profile_of_the_caller_s_gives_way_to_neutral) {
    StripUnderTest strip;
    std::vector<float> values;
    for (int32_t i = 0; i < aim_parameter_count(); ++i) {
        aim_parameter_info info;
        ASSERT_EQ(AIM_OK, aim_parameter_info_at(i, &info));
        values.push_back(info.id == AIM_PARAM_LIMITER_LOOKAHEAD_MS ? 8 : profile_value(AIM_GENRE_ROCK, info.id));
    }
    ASSERT_EQ(AIM_OK, aim_strip_set_profile(strip.handle(), values.data(), (int32_t)values.size(), 0));
    follow(strip);
    EXPECT_EQ(profile_value(AIM_GENRE_NEUTRAL, AIM_PARAM_COMPRESSOR_RATIO), strip.get(AIM_PARAM_COMPRESSOR_RATIO));
    EXPECT_EQ(8, strip.get(AIM_PARAM_LIMITER_LOOKAHEAD_MS));
    strip.process(programme(kRate, 2, kRate));
    EXPECT_EQ(AIM_GENRE_NEUTRAL, strip.metrics().genre);
}

TEST(GenreStrip, Overrides_stand_whatever_is_recognised) {
    StripUnderTest strip({{AIM_PARAM_COMPRESSOR_RATIO, 7}});
    weigh(strip, only(AIM_GENRE_ROCK));
    follow(strip);
    strip.process(programme(kRate, 2, 4 * kRate));
    ASSERT_EQ(AIM_GENRE_ROCK, strip.metrics().genre);
    EXPECT_EQ(7, strip.get(AIM_PARAM_COMPRESSOR_RATIO));
    ASSERT_EQ(AIM_OK, aim_strip_release_parameter(strip.handle(), AIM_PARAM_COMPRESSOR_RATIO));
    EXPECT_EQ(profile_value(AIM_GENRE_ROCK, AIM_PARAM_COMPRESSOR_RATIO), strip.get(AIM_PARAM_COMPRESSOR_RATIO));
}

TEST(GenreStrip, Silence_moves_nothing_and_is_told) {
    StripUnderTest strip;
    weigh(strip, only(AIM_GENRE_ROCK));
    follow(strip);
    strip.process(programme(kRate, 2, 4 * kRate));
    ASSERT_EQ(AIM_GENRE_ROCK, reading_of(strip).state);
    strip.process(to_audio(silence(kRate), 2));
    // What is asked for in silence waits for sound; the dither of 16 bits is none.
    weigh(strip, only(AIM_GENRE_JAZZ));
    strip.process(to_audio(joined(silence(2 * kRate), white_noise(-87, 10 * kRate, 4)), 2));
    const aim_genre_reading reading = reading_of(strip);
    EXPECT_EQ(AIM_GENRE_STATE_SILENCE, reading.state);
    EXPECT_EQ(AIM_GENRE_ROCK, reading.genre);
    EXPECT_EQ(1u, reading.decisions);
    EXPECT_EQ(AIM_GENRE_ROCK, strip.metrics().genre);
}

TEST(GenreStrip, Clicks_in_a_pause_are_no_programme) {
    StripUnderTest strip;
    weigh(strip, only(AIM_GENRE_ROCK));
    follow(strip);
    Samples clicks = silence(30 * kRate);
    for (size_t i = 1000; i < clicks.size(); i += 31337) clicks[i] = 0.9;
    strip.process(to_audio(clicks, 2));
    EXPECT_EQ(0u, reading_of(strip).decisions);
}

// What stays as it is, at any level: tones, hums, noise of several colours.
std::vector<Samples> steady_sounds(uint32_t rate_hz, size_t frames) {
    std::vector<Samples> sounds;
    for (const double hz : {50.0, 440.0, 3000.0}) {
        for (const double peak_db : {-3.0, -60.0}) sounds.push_back(sine(rate_hz, hz, peak_db, frames));
    }
    sounds.push_back(sum_of(sine(rate_hz, 1000, -12, frames), white_noise(-40, frames, 3)));
    Samples hum(frames, 0.0);
    for (int n = 1; n < 20; ++n) hum = sum_of(hum, sine(rate_hz, 50 * n, -20 - 6 * std::log2(n), frames));
    sounds.push_back(hum);
    for (const double level_db : {-12.0, -60.0}) {
        sounds.push_back(white_noise(level_db, frames, 1));
        sounds.push_back(pink_noise(level_db, frames, 2));
    }
    sounds.push_back(at_rms(between(white_noise(-12, frames, 5), rate_hz, 300, 3400), -30));
    return sounds;
}

TEST(GenreStrip, A_tone_a_hum_and_noise_have_no_genre) {
    for (const uint32_t rate : {8000u, 48000u}) {
        for (const Samples& sound : steady_sounds(rate, 12 * rate)) {
            Classifier classifier(rate, 1);
            classifier.add(to_audio(sound, 1), 960);
            EXPECT_EQ(0u, classifier.read().decisions) << rate;
            uint64_t windows = 0;
            const Weights programme = classifier.programme(&windows);
            EXPECT_GE(windows, 20u);
            for (const float p : programme) EXPECT_NEAR(0.2, p, 0.05) << rate;
        }
    }
}

TEST(GenreStrip, A_talk_and_music_are_not_taken_for_a_steady_sound) {
    for (const Samples& sound : {talk(kRate), music(kRate, -3, 8 * kRate, 1)}) {
        Classifier classifier(kRate, 1);
        classifier.add(to_audio(sound, 1), 960);
        uint64_t windows = 0;
        const Weights programme = classifier.programme(&windows);
        EXPECT_GT(*std::max_element(programme.begin(), programme.end()), 0.4f);
    }
}

TEST(GenreStrip, A_genre_ends_with_the_tone_that_follows_it) {
    for (const Samples& sound : steady_sounds(kRate, 10 * kRate)) {
        StripUnderTest strip;
        weigh(strip, only(AIM_GENRE_ROCK));
        follow(strip);
        strip.process(programme(kRate, 2, 4 * kRate));
        ASSERT_EQ(AIM_GENRE_ROCK, strip.metrics().genre);
        weigh(strip, {1, 1, 1, 1, 1});
        strip.process(to_audio(at_rms(sound, -20), 2));
        EXPECT_EQ(AIM_GENRE_NEUTRAL, strip.metrics().genre);
        EXPECT_EQ(AIM_GENRE_RULE_UNSURE, events_of(strip).back().rule);
    }
}

TEST(GenreStrip, Damaged_input_does_not_stop_the_listening) {
    Audio input = programme(kRate, 2, 4 * kRate);
    Random random(5);
    for (auto& channel : input) {
        for (size_t i = 0; i < channel.size(); i += random.integer(1, 5000)) channel[i] = i % 2 ? std::nanf("") : 1e30f;
    }
    StripUnderTest strip;
    weigh(strip, only(AIM_GENRE_CLASSICAL));
    follow(strip);
    strip.process(input);
    const aim_genre_reading reading = reading_of(strip);
    EXPECT_EQ(AIM_GENRE_CLASSICAL, reading.genre);
    for (const float p : reading.probabilities) EXPECT_TRUE(p >= 0 && p <= 1) << p;
}

// Harmonics up to 3.4 kHz, which every rate carries; `shape` is how loud they are over time.
template <class Shape>
Samples harmonics(double rate_hz, double fundamental_hz, size_t frames, Shape shape) {
    Samples x(frames, 0.0);
    for (int n = 1; n * fundamental_hz < 3400; ++n) {
        const Samples partial = sine(rate_hz, n * fundamental_hz, -12 - 6 * std::log2(n), frames, 0.7 * n);
        for (size_t i = 0; i < frames; ++i) x[i] += partial[i] * shape((double)i / rate_hz);
    }
    return x;
}

TEST(GenreStrip, The_reading_hardly_depends_on_the_sample_rate) {
    // The bins of the transform lie elsewhere at every rate.
    constexpr double kAgree = 0.15;
    constexpr double kSeconds = 4;
    const auto swelling = [](double t) { return 0.6 - 0.4 * std::cos(std::numbers::pi * t); };
    const auto syllables = [](double t) { return 0.5 - 0.5 * std::cos(2 * std::numbers::pi * 4 * t); };
    const auto plucked = [](double t) { return std::exp(-5 * std::fmod(t, 0.5)); };
    for (int signal = 0; signal < 3; ++signal) {
        Weights expected{};
        for (const uint32_t rate : {48000u, 8000u, 16000u, 22050u, 44100u, 96000u}) {
            const size_t frames = (size_t)(kSeconds * rate);
            const Samples x = signal == 0   ? harmonics(rate, 220, frames, swelling)
                              : signal == 1 ? harmonics(rate, 130, frames, syllables)
                                            : harmonics(rate, 330, frames, plucked);
            StripUnderTest strip({}, rate, 1);
            follow(strip);
            strip.process(to_audio(x, 1));
            const aim_genre_reading reading = reading_of(strip);
            if (rate == kRate) std::copy_n(reading.probabilities, AIM_GENRE_COUNT, expected.begin());
            for (size_t i = 0; i < AIM_GENRE_COUNT; ++i) {
                EXPECT_NEAR(expected[i], reading.probabilities[i], kAgree) << rate << " Hz, signal " << signal;
            }
        }
    }
}

TEST(GenreStrip, The_reading_does_not_depend_on_the_level) {
    // With a room's noise, as any recording has it: bands without any would sit on the floor of the features.
    const Samples x =
        sum_of(joined(music(kRate, -6, 6 * kRate, 1), vowel(kRate, 4 * kRate)), white_noise(-50, 10 * kRate, 9));
    std::vector<int32_t> expected;
    for (const double gain_db : {0.0, -40.0, 12.0}) {
        Classifier classifier(kRate, 2);
        classifier.add(to_audio(scaled(x, from_db(gain_db)), 2), 960);
        std::vector<int32_t> heard;
        for (const aim_genre_event& event : classifier.events()) heard.push_back(event.to);
        if (gain_db == 0) expected = heard;
        EXPECT_EQ(expected, heard) << gain_db;
    }
}

TEST(GenreStrip, One_channel_is_as_good_as_two_that_are_the_same) {
    const Samples x = music(kRate, -3, 6 * kRate, 1);
    Classifier mono(kRate, 1);
    Classifier stereo(kRate, 2);
    mono.add(to_audio(x, 1), 960);
    stereo.add(to_audio(x, 2), 123);
    EXPECT_TRUE(same_events(mono.events(), stereo.events()));
    uint64_t windows[2];
    const Weights a = mono.programme(&windows[0]);
    const Weights b = stereo.programme(&windows[1]);
    EXPECT_EQ(a, b);
    EXPECT_EQ(windows[0], windows[1]);
}

TEST(GenreStrip, A_programme_is_the_surer_the_more_windows_it_has) {
    const std::vector<Weights> told = {
        {0.1f, 0.5f, 0.2f, 0.15f, 0.05f}, {0.05f, 0.3f, 0.4f, 0.15f, 0.1f}, {0.1f, 0.6f, 0.05f, 0.05f, 0.2f}};
    Classifier classifier(kRate, 1);
    for (size_t n = 1; n <= told.size(); ++n) {
        ASSERT_EQ(AIM_OK, aim_classifier_hear(classifier.handle, told[n - 1].data()));
        uint64_t windows = 0;
        const Weights programme = classifier.programme(&windows);
        ASSERT_EQ(n, windows);

        std::array<double, AIM_GENRE_COUNT> expected;
        expected.fill(1);
        double sum = 0;
        for (size_t g = 0; g < AIM_GENRE_COUNT; ++g) {
            for (size_t i = 0; i < n; ++i) expected[g] *= told[i][g];
            expected[g] = std::pow(expected[g], (1.25 - 0.25 / (double)n) / (double)n);
            sum += expected[g];
        }
        for (size_t g = 0; g < AIM_GENRE_COUNT; ++g) EXPECT_NEAR(expected[g] / sum, programme[g], 1e-6) << n;
    }
}

TEST(GenreStrip, The_programme_is_of_everything_since_reset) {
    const Audio input = show(kRate);
    Classifier whole(kRate, 2);
    whole.add(input, 960);
    uint64_t windows = 0;
    const Weights programme = whole.programme(&windows);

    float sum = 0;
    for (const float p : programme) sum += p;
    EXPECT_NEAR(1, sum, 1e-5);
    EXPECT_GT(windows, 40u);
    EXPECT_LT(windows, 54u);
    EXPECT_EQ(AIM_OK, aim_classifier_reset(whole.handle));
    EXPECT_EQ(Weights{}, whole.programme(&windows));
    EXPECT_EQ(0u, windows);
    EXPECT_EQ(0u, whole.read().frames);
    whole.add(input, 77);
    EXPECT_EQ(programme, whole.programme(&windows));
}

TEST(GenreStrip, Frames_alone_are_classified_as_the_stream_that_they_come_from) {
    const Audio mono = to_audio(music(kRate, -3, 3 * kRate + 480, 1), 1);
    aim_mfcc_config config;
    ASSERT_EQ(AIM_OK, aim_mfcc_config_init(&config));
    aim_mfcc* mfcc = nullptr;
    ASSERT_EQ(AIM_OK, aim_mfcc_create(&config, &mfcc));
    std::vector<float> frames(400 * AIM_GENRE_COEFFICIENTS);
    uint32_t count = 0;
    ASSERT_EQ(AIM_OK, aim_mfcc_process(mfcc, mono[0].data(), (uint32_t)mono[0].size(), frames.data(), nullptr, nullptr,
                                       400, &count));
    aim_mfcc_destroy(mfcc);
    ASSERT_EQ(300u, count);

    // A window of half a second is the first of the stream: what the programme says after one window.
    Classifier stream(kRate, 1);
    stream.add({{mono[0].begin(), mono[0].begin() + 24480}}, 480);
    uint64_t windows = 0;
    const Weights expected = stream.programme(&windows);
    ASSERT_EQ(1u, windows);
    Weights heard{};
    ASSERT_EQ(AIM_OK, aim_classify_frames(frames.data(), 50, AIM_GENRE_COEFFICIENTS, heard.data()));
    for (size_t i = 0; i < AIM_GENRE_COUNT; ++i) {
        // The programme holds every window to 1e-4.
        EXPECT_NEAR(std::max(expected[i], 1e-4f), std::max(heard[i], 1e-4f), 5e-4) << i;
    }
}

TEST(GenreStrip, Frames_of_any_number_give_probabilities) {
    Random random(3);
    std::vector<float> frames(1000 * AIM_GENRE_COEFFICIENTS);
    for (float& x : frames) x = (float)random.uniform(-10000, 10000);
    for (const uint32_t count : {1u, 2u, 49u, 50u, 51u, 299u, 300u, 301u, 350u, 1000u}) {
        Weights p{};
        ASSERT_EQ(AIM_OK, aim_classify_frames(frames.data(), count, AIM_GENRE_COEFFICIENTS, p.data())) << count;
        float sum = 0;
        for (const float x : p) {
            EXPECT_TRUE(x >= 0 && x <= 1) << count;
            sum += x;
        }
        EXPECT_NEAR(1, sum, 1e-5) << count;
    }
    Weights once{};
    Weights often{};
    std::vector<float> repeated;
    for (int i = 0; i < 50; ++i)
        repeated.insert(repeated.end(), frames.begin(), frames.begin() + AIM_GENRE_COEFFICIENTS);
    ASSERT_EQ(AIM_OK, aim_classify_frames(frames.data(), 1, AIM_GENRE_COEFFICIENTS, once.data()));
    ASSERT_EQ(AIM_OK, aim_classify_frames(repeated.data(), 50, AIM_GENRE_COEFFICIENTS, often.data()));
    EXPECT_EQ(often, once);
}

TEST(GenreStrip, Answers_of_another_model_are_decided_as_the_classifier_decides_its_own) {
    // Two kinds of sound, noise instead of pauses, and the core's own answers to them as if another model had given them.
    Samples sound = talk(kRate);
    sound.resize(9 * kRate);
    sound = sum_of(sound, pink_noise(-20, sound.size(), 2));
    const Audio audio = to_audio(joined(sound, music(kRate, -3, 9 * kRate, 1)), 1);
    Classifier own(kRate, 1);
    own.add(audio, 960);

    aim_mfcc_config config;
    ASSERT_EQ(AIM_OK, aim_mfcc_config_init(&config));
    aim_mfcc* mfcc = nullptr;
    ASSERT_EQ(AIM_OK, aim_mfcc_create(&config, &mfcc));
    std::vector<float> frames(1800 * AIM_GENRE_COEFFICIENTS);
    uint32_t count = 0;
    ASSERT_EQ(AIM_OK, aim_mfcc_process(mfcc, audio[0].data(), static_cast<uint32_t>(audio[0].size()), frames.data(),
                                       nullptr, nullptr, 1800, &count));
    aim_mfcc_destroy(mfcc);
    Classifier told(kRate, 1);
    for (uint32_t end = 50; end <= count; end += 50) {
        const uint32_t window = end < 300 ? end : 300;
        Weights p{};
        ASSERT_EQ(AIM_OK, aim_classify_frames(frames.data() + (end - window) * AIM_GENRE_COEFFICIENTS, window,
                                              AIM_GENRE_COEFFICIENTS, p.data()));
        // Any scale will do; that of a power of two keeps the bits.
        for (float& x : p) x *= 64;
        ASSERT_EQ(AIM_OK, aim_classifier_hear(told.handle, p.data()));
    }

    // Frames are 20 ms long every 10 ms: a step of sound ends 10 ms later than one that is told.
    const std::vector<aim_genre_event> expected = own.events();
    const std::vector<aim_genre_event> events = told.events();
    ASSERT_FALSE(expected.empty());
    ASSERT_EQ(expected.size(), events.size());
    for (size_t i = 0; i < events.size(); ++i) {
        EXPECT_NEAR((double)expected[i].frame, (double)events[i].frame, 0.02 * kRate);
        EXPECT_EQ(expected[i].from, events[i].from);
        EXPECT_EQ(expected[i].to, events[i].to);
        EXPECT_EQ(expected[i].rule, events[i].rule);
        for (size_t g = 0; g < AIM_GENRE_COUNT; ++g) {
            EXPECT_NEAR(expected[i].probabilities[g], events[i].probabilities[g], 1e-5);
        }
    }
    uint64_t windows = 0;
    told.programme(&windows);
    EXPECT_EQ(count / 50, windows);
}

TEST(GenreStrip, Another_model_s_silence_changes_nothing_and_lets_the_next_sound_begin_anew) {
    const Weights rock = {0, 1, 0, 0, 0};
    const Weights speech = {1, 0, 0, 0, 0};
    const Weights silence{};
    Classifier told(11025, 2);
    for (int i = 0; i < 10; ++i) ASSERT_EQ(AIM_OK, aim_classifier_hear(told.handle, rock.data()));
    ASSERT_EQ(AIM_GENRE_ROCK, told.read().genre);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(AIM_OK, aim_classifier_hear(told.handle, silence.data()));
    EXPECT_EQ(AIM_GENRE_STATE_SILENCE, told.read().state);
    EXPECT_EQ(AIM_GENRE_ROCK, told.read().genre);
    EXPECT_EQ(1u, told.read().decisions);
    // Steps of 50 hops of 110 samples, as sound has them at that rate.
    EXPECT_EQ(1010u * 5500, told.read().frames);
    EXPECT_EQ(AIM_SILENCE_DB, told.read().peak_dbfs);
    for (int i = 0; i < 2; ++i) ASSERT_EQ(AIM_OK, aim_classifier_hear(told.handle, speech.data()));
    EXPECT_EQ(AIM_GENRE_STATE_SPEECH, told.read().state);
    EXPECT_EQ(1.0f, told.read().confidence);
}

TEST(GenreStrip, Probabilities_that_are_none_are_refused_and_not_heard) {
    Classifier told(kRate, 1);
    for (const float wrong : {std::nanf(""), std::numeric_limits<float>::infinity(), -0.01f, 100.5f}) {
        const Weights p = {0.2f, 0.2f, 0.2f, wrong, 0.2f};
        EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_classifier_hear(told.handle, p.data())) << wrong;
    }
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_classifier_hear(told.handle, nullptr));
    EXPECT_EQ(0u, told.read().frames);
    // As little as a float can be is a probability all the same.
    const Weights least = {0, 0, std::numeric_limits<float>::denorm_min(), 0, 0};
    for (int i = 0; i < 10; ++i) EXPECT_EQ(AIM_OK, aim_classifier_hear(told.handle, least.data()));
    EXPECT_EQ(AIM_GENRE_STATE_JAZZ, told.read().state);
}

TEST(GenreStrip, Nonsense_is_refused) {
    StripUnderTest strip;
    Weights weights = only(AIM_GENRE_ROCK);
    aim_genre_reading reading;
    aim_genre_event event;
    uint32_t count = 0;
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_genre(strip.handle(), -1));
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_genre(strip.handle(), -3));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_set_genre_weights(nullptr, weights.data()));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_set_genre_weights(strip.handle(), nullptr));
    weights[1] = 101;
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_genre_weights(strip.handle(), weights.data()));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_genre(strip.handle(), nullptr));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_genre(nullptr, &reading));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_genre_events(strip.handle(), 0, nullptr, 1, &count));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_genre_events(strip.handle(), 0, &event, 1, nullptr));
    EXPECT_EQ(AIM_OK, aim_strip_genre_events(strip.handle(), 0, nullptr, 0, &count));

    aim_classifier* classifier = nullptr;
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_classifier_create(7999, 1, &classifier));
    EXPECT_EQ(nullptr, classifier);
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_classifier_create(48000, 3, &classifier));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_classifier_create(48000, 1, nullptr));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_classifier_add(nullptr, nullptr, 0));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_classifier_hear(nullptr, weights.data()));
    aim_classifier_destroy(nullptr);

    std::vector<float> frames(50 * AIM_GENRE_COEFFICIENTS, 1.0f);
    Weights p{};
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_classify_frames(nullptr, 50, 13, p.data()));
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_classify_frames(frames.data(), 0, 13, p.data()));
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_classify_frames(frames.data(), 50, 12, p.data()));
    for (const float wrong : {std::nanf(""), std::numeric_limits<float>::infinity(), -10001.0f}) {
        frames[77] = wrong;
        EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_classify_frames(frames.data(), 50, 13, p.data()));
    }
    EXPECT_EQ(Weights{}, p);
}

}  // namespace
}  // namespace genre_strip_test
}  // namespace aim_test
