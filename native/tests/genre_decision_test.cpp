// The logic that decides which genre holds, on sequences of made-up probabilities: no audio, no model.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <deque>
#include <limits>

#include "../src/genre/decision.h"
#include "signals.h"

namespace aim_test {
namespace genre_decision_test {
namespace {

using Probabilities = std::array<float, AIM_GENRE_COUNT>;

constexpr uint32_t kRateHz = 48000;
constexpr double kStepSeconds = 0.5;
constexpr size_t kWindowSteps = 6;
constexpr std::array<float, AIM_GENRE_COUNT> kEqual = {1, 1, 1, 1, 1};

// `sure` for one genre, the rest split at random among the others.
Probabilities about(int32_t genre, double sure, Random& random) {
    Probabilities p{};
    double rest = 0;
    for (float& x : p) rest += x = (float)random.uniform(0.05, 1);
    rest -= p[(size_t)genre - 1];
    for (float& x : p) x = (float)((1 - sure) * x / rest);
    p[(size_t)genre - 1] = (float)sure;
    return p;
}

// What a model says whose window holds the last 3 s: the mean of what each half second would say.
class Listener {
public:
    Listener() {
        decision.prepare(kRateHz);
        decision.reset(AIM_GENRE_NEUTRAL);
    }

    double seconds() const { return kStepSeconds * (double)steps_; }

    bool hear(const Probabilities& now) {
        window_.push_back(now);
        if (window_.size() > kWindowSteps) window_.pop_front();
        Probabilities mean{};
        for (const Probabilities& p : window_) {
            for (size_t i = 0; i < p.size(); ++i) mean[i] += p[i] / (float)window_.size();
        }
        return hear_window(mean);
    }

    bool hear_window(const Probabilities& p) {
        ++steps_;
        const bool changed = decision.hear(p.data(), weights.data(), frame());
        if (changed) changed_at.push_back(seconds());
        return changed;
    }

    void hear_silence() {
        ++steps_;
        if (decision.hear_silence(frame())) window_.clear();
    }

    // Seconds until `genre` holds, at most `most`.
    template <class Next>
    double until(int32_t genre, double most, Next next) {
        const double start = seconds();
        while (seconds() - start < most) {
            hear(next());
            if (decision.genre() == genre) break;
        }
        return decision.genre() == genre ? seconds() - start : std::numeric_limits<double>::infinity();
    }

    template <class Next>
    void listen(double length_s, Next next) {
        for (const double end = seconds() + length_s; seconds() < end;) hear(next());
    }

    uint64_t decisions() const { return decision.log().decisions; }
    int32_t state() const {
        aim_genre_reading reading{};
        decision.read(&reading);
        return reading.state;
    }

    aim::GenreDecision decision;
    std::array<float, AIM_GENRE_COUNT> weights = kEqual;
    std::vector<double> changed_at;

private:
    uint64_t frame() const { return (uint64_t)steps_ * kRateHz / 2; }

    std::deque<Probabilities> window_;
    uint32_t steps_ = 0;
};

TEST(GenreDecision, The_first_answer_takes_half_a_second_for_speech_and_one_and_a_half_for_music) {
    for (int32_t genre = AIM_GENRE_SPEECH; genre <= AIM_GENRE_CLASSICAL; ++genre) {
        Random random(1);
        Listener listener;
        EXPECT_EQ(AIM_GENRE_STATE_UNKNOWN, listener.state());
        const double seconds = listener.until(genre, 20, [&] { return about(genre, 0.8, random); });
        EXPECT_EQ(genre == AIM_GENRE_SPEECH ? 0.5 : 1.5, seconds) << genre;
        EXPECT_EQ(genre, listener.state());
    }
}

TEST(GenreDecision, Talk_music_talk_is_three_decisions_each_in_time) {
    // The window has to fill with the new and the smoothing to follow: at most these, with probabilities of 0.85.
    constexpr double kIntoMusic = 6.5;
    constexpr double kIntoSpeech = 3;
    for (int32_t music = AIM_GENRE_ROCK; music <= AIM_GENRE_CLASSICAL; ++music) {
        Random random(2);
        Listener listener;
        listener.listen(20, [&] { return about(AIM_GENRE_SPEECH, 0.85, random); });
        EXPECT_LE(listener.until(music, 20, [&] { return about(music, 0.85, random); }), kIntoMusic) << music;
        listener.listen(20, [&] { return about(music, 0.85, random); });
        const auto talk = [&] { return about(AIM_GENRE_SPEECH, 0.85, random); };
        EXPECT_LE(listener.until(AIM_GENRE_SPEECH, 20, talk), kIntoSpeech) << music;
        listener.listen(20, talk);
        EXPECT_EQ(3u, listener.decisions());
    }
}

TEST(GenreDecision, A_talk_that_is_over_is_given_up_before_it_is_known_what_follows) {
    Random random(21);
    Listener listener;
    listener.listen(20, [&] { return about(AIM_GENRE_SPEECH, 0.9, random); });
    // No speech, and three kinds of music as likely as each other. The window takes 3 s to hold nothing else.
    const auto music = [] { return Probabilities{0.02f, 0.3f, 0.3f, 0.3f, 0.08f}; };
    EXPECT_LE(listener.until(AIM_GENRE_NEUTRAL, 20, music), 5.0);
    listener.listen(30, music);
    EXPECT_EQ(AIM_GENRE_NEUTRAL, listener.decision.genre());
    EXPECT_EQ(AIM_GENRE_RULE_UNSURE, listener.decision.log().events[1].rule);
    EXPECT_EQ(1.0f, listener.decision.log().events[1].held_s);
    // Music that is just as doubtful holds for longer.
    Listener music_first;
    music_first.listen(20, [&] { return about(AIM_GENRE_CLASSICAL, 0.9, random); });
    EXPECT_GE(music_first.until(AIM_GENRE_NEUTRAL, 20, music), 6.0);
}

TEST(GenreDecision, Speech_over_music_stays_speech) {
    Random random(3);
    Listener listener;
    listener.listen(600, [&] {
        const double speech = random.uniform(0.45, 0.85);
        Probabilities p{};
        p[AIM_GENRE_SPEECH - 1] = (float)speech;
        p[AIM_GENRE_JAZZ - 1] = (float)(0.8 * (1 - speech));
        p[AIM_GENRE_CLASSICAL - 1] = (float)(0.2 * (1 - speech));
        return p;
    });
    EXPECT_EQ(AIM_GENRE_SPEECH, listener.decision.genre());
    EXPECT_EQ(1u, listener.decisions());
}

TEST(GenreDecision, Applause_is_no_genre) {
    Random random(4);
    Listener listener;
    listener.listen(30, [&] { return about(AIM_GENRE_CLASSICAL, 0.9, random); });
    ASSERT_EQ(AIM_GENRE_CLASSICAL, listener.decision.genre());
    listener.listen(15, [&] { return about((int32_t)random.integer(1, 5), 0.35, random); });
    listener.listen(30, [&] { return about(AIM_GENRE_CLASSICAL, 0.9, random); });
    for (const aim_genre_event& event : listener.decision.log().events) {
        EXPECT_TRUE(event.to == AIM_GENRE_NEUTRAL || event.to == AIM_GENRE_CLASSICAL) << event.to;
    }
    EXPECT_EQ(3u, listener.decisions());
    EXPECT_EQ(AIM_GENRE_CLASSICAL, listener.decision.genre());
}

TEST(GenreDecision, Nothing_moves_in_silence_and_the_genre_holds) {
    Random random(5);
    Listener listener;
    listener.listen(10, [&] { return about(AIM_GENRE_JAZZ, 0.9, random); });
    for (int step = 0; step < 7200; ++step) {
        listener.hear_silence();
        ASSERT_EQ(AIM_GENRE_JAZZ, listener.decision.genre());
        ASSERT_EQ(AIM_GENRE_STATE_SILENCE, listener.state());
    }
    EXPECT_EQ(1u, listener.decisions());
    EXPECT_FALSE(listener.hear(about(AIM_GENRE_JAZZ, 0.9, random)));
    EXPECT_EQ(AIM_GENRE_STATE_JAZZ, listener.state());
}

TEST(GenreDecision, After_a_long_pause_the_past_does_not_delay_the_answer) {
    Random random(6);
    Listener listener;
    listener.listen(20, [&] { return about(AIM_GENRE_ROCK, 0.95, random); });
    for (int step = 0; step < 6; ++step) listener.hear_silence();
    EXPECT_EQ(1.0, listener.until(AIM_GENRE_SPEECH, 20, [&] { return about(AIM_GENRE_SPEECH, 0.8, random); }));
}

TEST(GenreDecision, A_short_pause_in_a_talk_changes_nothing) {
    Random random(7);
    Listener listener;
    listener.listen(10, [&] { return about(AIM_GENRE_SPEECH, 0.8, random); });
    for (int i = 0; i < 100; ++i) {
        listener.hear_silence();
        listener.hear_silence();
        listener.listen(3, [&] { return about(AIM_GENRE_SPEECH, 0.7, random); });
    }
    EXPECT_EQ(1u, listener.decisions());
}

TEST(GenreDecision, Noise_that_sounds_like_anything_stays_unknown) {
    Random random(8);
    Listener listener;
    constexpr double kMinutes = 60;
    listener.listen(60 * kMinutes, [&] { return about((int32_t)random.integer(1, 5), 0.75, random); });
    // Chance makes a genre of it now and then.
    EXPECT_LE((double)listener.decisions() / kMinutes, 0.2);
}

TEST(GenreDecision, Chirps_that_swing_between_two_genres_do_not_swing_the_mix) {
    for (const double period_s : {1.0, 2.0, 4.0, 6.0}) {
        Listener listener;
        int step = 0;
        listener.listen(600, [&] {
            const double swing = 0.5 + 0.45 * std::sin(2 * 3.14159265 * kStepSeconds * step++ / period_s);
            return Probabilities{0, 0, 0, (float)swing, (float)(1 - swing)};
        });
        EXPECT_LE(listener.decisions(), 2u) << period_s;
    }
}

TEST(GenreDecision, A_quiet_bridge_does_not_change_the_song) {
    Random random(9);
    Listener listener;
    listener.listen(60, [&] { return about(AIM_GENRE_ROCK, 0.85, random); });
    listener.listen(15, [&] {
        const double jazz = random.uniform(0.35, 0.6);
        return Probabilities{0.02f, (float)(0.93 - jazz), (float)jazz, 0.02f, 0.03f};
    });
    listener.listen(60, [&] { return about(AIM_GENRE_ROCK, 0.85, random); });
    EXPECT_EQ(1u, listener.decisions());
    EXPECT_EQ(AIM_GENRE_ROCK, listener.decision.genre());
}

TEST(GenreDecision, Jazz_piano_into_a_string_quartet_is_one_change) {
    Random random(10);
    Listener listener;
    listener.listen(30, [&] {
        const double jazz = random.uniform(0.6, 0.8);
        return Probabilities{0, 0, (float)jazz, 0, (float)(1 - jazz)};
    });
    ASSERT_EQ(AIM_GENRE_JAZZ, listener.decision.genre());
    listener.listen(10, [&] {
        const double jazz = random.uniform(0.4, 0.6);
        return Probabilities{0, 0, (float)jazz, 0, (float)(1 - jazz)};
    });
    listener.listen(30, [&] { return about(AIM_GENRE_CLASSICAL, 0.85, random); });
    EXPECT_EQ(2u, listener.decisions());
    EXPECT_EQ(AIM_GENRE_CLASSICAL, listener.decision.genre());
}

TEST(GenreDecision, A_model_that_errs_a_tenth_of_the_time_rarely_moves_the_mix) {
    for (int32_t genre = AIM_GENRE_SPEECH; genre <= AIM_GENRE_CLASSICAL; ++genre) {
        Random random(100 + (uint64_t)genre);
        Listener listener;
        constexpr double kMinutes = 60;
        listener.listen(60 * kMinutes, [&] {
            const bool errs = random.integer(1, 10) == 1;
            return about(errs ? (int32_t)random.integer(1, 5) : genre, random.uniform(0.5, 0.95), random);
        });
        EXPECT_EQ(genre, listener.decision.genre());
        EXPECT_LE((double)(listener.decisions() - 1) / kMinutes, 0.2) << genre;
    }
}

TEST(GenreDecision, A_genre_holds_for_four_seconds_at_least) {
    Random random(11);
    Listener listener;
    for (int i = 0; i < 2000; ++i) {
        // Speech for 1 s, rock for 4 s: each long enough to be decided, were it not for the dwell.
        const int32_t genre = i % 10 < 2 ? AIM_GENRE_SPEECH : AIM_GENRE_ROCK;
        listener.hear_window(about(genre, 0.99, random));
    }
    ASSERT_GT(listener.changed_at.size(), 100u);
    for (size_t i = 1; i < listener.changed_at.size(); ++i) {
        EXPECT_GE(listener.changed_at[i] - listener.changed_at[i - 1], 4.0) << i;
    }
}

TEST(GenreDecision, A_forbidden_genre_is_never_chosen_and_left_at_once) {
    Random random(12);
    Listener listener;
    listener.listen(10, [&] { return about(AIM_GENRE_ROCK, 0.9, random); });
    listener.weights[AIM_GENRE_ROCK - 1] = 0;
    EXPECT_TRUE(listener.hear(about(AIM_GENRE_ROCK, 0.9, random)));
    const aim_genre_event& event = listener.decision.log().events[1];
    EXPECT_EQ(AIM_GENRE_RULE_FORBIDDEN, event.rule);
    EXPECT_EQ(AIM_GENRE_ROCK, event.from);
    EXPECT_EQ(AIM_GENRE_NEUTRAL, event.to);
    listener.listen(600, [&] { return about(AIM_GENRE_ROCK, 0.9, random); });
    EXPECT_NE(AIM_GENRE_ROCK, listener.decision.genre());
}

TEST(GenreDecision, Leaving_a_forbidden_genre_needs_no_other_that_is_likely) {
    Random random(13);
    Listener listener;
    listener.listen(10, [&] { return Probabilities{0, 1, 0, 0, 0}; });
    ASSERT_EQ(AIM_GENRE_ROCK, listener.decision.genre());
    listener.weights[AIM_GENRE_ROCK - 1] = 0;
    listener.hear(Probabilities{0, 1, 0, 0, 0});
    EXPECT_EQ(AIM_GENRE_NEUTRAL, listener.decision.genre());
    listener.listen(10, [&] { return Probabilities{0, 1, 0, 0, 0}; });
    EXPECT_EQ(2u, listener.decisions());
}

TEST(GenreDecision, Weights_tip_the_balance) {
    Listener even;
    Listener tipped;
    tipped.weights[AIM_GENRE_JAZZ - 1] = 3;
    const auto balanced = [] { return Probabilities{0, 0, 0.5f, 0, 0.5f}; };
    even.listen(30, balanced);
    tipped.listen(30, balanced);
    EXPECT_EQ(AIM_GENRE_NEUTRAL, even.decision.genre());
    EXPECT_EQ(AIM_GENRE_JAZZ, tipped.decision.genre());
    aim_genre_reading reading{};
    tipped.decision.read(&reading);
    EXPECT_NEAR(0.75, reading.confidence, 1e-6);
}

TEST(GenreDecision, Weights_out_of_range_are_refused) {
    EXPECT_TRUE(aim::valid_genre_weights(kEqual.data()));
    for (const float wrong : {-0.1f, 100.1f, std::nanf(""), std::numeric_limits<float>::infinity()}) {
        std::array<float, AIM_GENRE_COUNT> weights = kEqual;
        weights[3] = wrong;
        EXPECT_FALSE(aim::valid_genre_weights(weights.data())) << wrong;
    }
    const std::array<float, AIM_GENRE_COUNT> none{};
    EXPECT_FALSE(aim::valid_genre_weights(none.data()));
}

TEST(GenreDecision, Probabilities_that_are_no_numbers_change_nothing) {
    Random random(14);
    Listener listener;
    listener.listen(10, [&] { return about(AIM_GENRE_JAZZ, 0.9, random); });
    const float nan = std::nanf("");
    const float infinity = std::numeric_limits<float>::infinity();
    for (int i = 0; i < 100; ++i) {
        listener.hear_window({nan, 0.5f, 0.1f, 0.2f, 0.2f});
        listener.hear_window({infinity, 0, 0, 0, 0});
        listener.hear_window({0, 0, 0, 0, 0});
    }
    EXPECT_EQ(1u, listener.decisions());
    listener.listen(10, [&] { return about(AIM_GENRE_JAZZ, 0.9, random); });
    aim_genre_reading reading{};
    listener.decision.read(&reading);
    EXPECT_GT(reading.confidence, 0.8f);
}

TEST(GenreDecision, An_event_tells_when_from_what_to_what_and_why) {
    Random random(15);
    Listener listener;
    listener.listen(10, [&] { return about(AIM_GENRE_ELECTRONIC, 0.8, random); });
    listener.listen(10, [&] { return about((int32_t)random.integer(1, 5), 0.3, random); });
    const aim::GenreEventLog& log = listener.decision.log();
    ASSERT_EQ(2u, log.decisions);
    const aim_genre_event& first = log.events[0];
    EXPECT_EQ(1u, first.sequence);
    EXPECT_EQ(3u * kRateHz / 2, first.frame);
    EXPECT_EQ(AIM_GENRE_NEUTRAL, first.from);
    EXPECT_EQ(AIM_GENRE_ELECTRONIC, first.to);
    EXPECT_EQ(AIM_GENRE_RULE_LEADS, first.rule);
    EXPECT_EQ(1.0f, first.held_s);
    EXPECT_EQ(first.probabilities[AIM_GENRE_ELECTRONIC - 1], first.confidence);
    EXPECT_NEAR(0.8, first.confidence, 1e-6);
    const aim_genre_event& second = log.events[1];
    EXPECT_EQ(AIM_GENRE_RULE_UNSURE, second.rule);
    EXPECT_EQ(AIM_GENRE_ELECTRONIC, second.from);
    EXPECT_EQ(AIM_GENRE_NEUTRAL, second.to);
    EXPECT_TRUE(second.confidence < 0.35f || second.probabilities[AIM_GENRE_ELECTRONIC - 1] < 0.15f);
}

TEST(GenreDecision, The_last_decisions_can_be_fetched_by_number) {
    aim::GenreEventLog log;
    aim_genre_event events[AIM_GENRE_EVENTS_MAX];
    EXPECT_EQ(0u, log.copy_since(0, events, AIM_GENRE_EVENTS_MAX));
    for (uint64_t i = 1; i <= 100; ++i) {
        aim_genre_event event{};
        event.frame = 7 * i;
        log.add(event);
    }
    ASSERT_EQ((uint32_t)AIM_GENRE_EVENTS_MAX, log.copy_since(0, events, AIM_GENRE_EVENTS_MAX));
    for (uint64_t i = 0; i < AIM_GENRE_EVENTS_MAX; ++i) {
        EXPECT_EQ(69 + i, events[i].sequence);
        EXPECT_EQ(7 * (69 + i), events[i].frame);
    }
    ASSERT_EQ(3u, log.copy_since(97, events, AIM_GENRE_EVENTS_MAX));
    EXPECT_EQ(98u, events[0].sequence);
    ASSERT_EQ(2u, log.copy_since(90, events, 2));
    EXPECT_EQ(91u, events[0].sequence);
    EXPECT_EQ(0u, log.copy_since(100, events, 4));
    EXPECT_EQ(0u, log.copy_since(UINT64_MAX, events, 4));
    EXPECT_EQ(0u, log.copy_since(0, nullptr, 0));
}

// The rules once more, in double and in the words of docs/genre-decisions.md.
class Rules {
public:
    int genre = 0;

    void hear(const Probabilities& p, double now_s) {
        ++heard_;
        size_t best = 0;
        for (size_t i = 1; i < p.size(); ++i) {
            if (p[i] > p[best]) best = i;
        }
        const double time_constant_s = best == 0 && genre != 1 ? 0.5 : 1.5;
        const double step = std::max(1.0 / heard_, 1.0 - std::exp(-0.5 / time_constant_s));
        double first = -1;
        double second = -1;
        int likeliest = 0;
        for (size_t i = 0; i < p.size(); ++i) {
            smoothed_[i] += step * (p[i] - smoothed_[i]);
            if (smoothed_[i] > first) {
                second = first;
                first = smoothed_[i];
                likeliest = (int)i + 1;
            } else {
                second = std::max(second, smoothed_[i]);
            }
        }
        const bool gone = genre != 0 && (first < 0.30 || smoothed_[genre - 1] < (genre == 1 ? 0.20 : 0.10));
        const bool nothing_yet = changed_s_ < 0;
        const double least = nothing_yet ? 0.50 : likeliest == 1 ? 0.60 : genre > 1 ? 0.75 : 0.65;
        const bool leads = likeliest != genre && first >= least && first - second >= 0.15;
        const int wanted = leads ? likeliest : gone ? 0 : genre;
        if (wanted != wanted_ || wanted == genre) since_s_ = now_s;
        wanted_ = wanted;
        const double into_music_s = genre > 1 ? 3.0 : nothing_yet ? 1.0 : 1.5;
        const double hold_s = wanted == 1   ? (genre == 0 ? 0.0 : 0.5)
                              : wanted == 0 ? (genre == 1 ? 1.0 : 3.0)
                                            : into_music_s;
        const bool dwells = genre != 0 && now_s - changed_s_ < 4;
        if (wanted != genre && now_s - since_s_ >= hold_s && !dwells) {
            genre = wanted;
            changed_s_ = now_s;
        }
    }

private:
    double smoothed_[AIM_GENRE_COUNT] = {};
    int heard_ = 0;
    int wanted_ = 0;
    double since_s_ = 0;
    double changed_s_ = -100;
};

TEST(GenreDecision, Follows_the_written_rules_step_by_step) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
        Random random(1000 + seed);
        Listener listener;
        Rules rules;
        int32_t genre = 1;
        for (int step = 1; step <= 3000; ++step) {
            if (random.integer(1, 12) == 1) genre = (int32_t)random.integer(1, 5);
            const Probabilities p = about(genre, random.uniform(0.2, 0.99), random);
            listener.hear_window(p);
            rules.hear(p, kStepSeconds * step);
            ASSERT_EQ(rules.genre, listener.decision.genre()) << "seed " << seed << ", step " << step;
        }
        EXPECT_GT(listener.decisions(), 20u) << seed;
    }
}

}  // namespace
}  // namespace genre_decision_test
}  // namespace aim_test
