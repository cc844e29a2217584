// What the stages of tone owe the strip beyond their sound, tried on each stage itself.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "reference/tone_stage.h"

namespace aim_test::tone {

struct Sides {
    Signal left;
    Signal right;

    bool operator==(const Sides& other) const { return same_bits(left, other.left) && same_bits(right, other.right); }
};

// Half alike, so that there is a middle and a side.
inline Sides noise_of_both(size_t frames, uint32_t seed) {
    Sides x{noise(frames, 0.5f, seed), noise(frames, 0.5f, seed + 1)};
    for (size_t n = 0; n < frames; ++n) x.right[n] = 0.5f * (x.left[n] + x.right[n]);
    return x;
}

template <class Stage>
Sides through(Stage& stage, Sides x) {
    run(stage, x.left, x.right);
    return x;
}

// Both hear the same from here on, and answer with the same bits.
template <class Stage>
void expect_alike(Stage& one, Stage& other, size_t frames) {
    const Sides x = noise_of_both(frames, 3);
    EXPECT_TRUE(through(one, x) == through(other, x));
}

// Used with `first`, told `last` and `first` again, and reset in the middle of that glide.
template <class Stage>
void expect_reset_equals_fresh(const typename Stage::Parameters& first, const typename Stage::Parameters& last) {
    auto used = settled_stage<Stage>(first, 48000, 2);
    through(used, noise_of_both(1600, 1));
    used.set_target(last);
    through(used, noise_of_both(1600, 5));
    used.set_target(first);
    through(used, noise_of_both(160, 7));
    used.set_target(last);
    used.reset();
    auto fresh = settled_stage<Stage>(last, 48000, 2);
    expect_alike(used, fresh, 1600);
}

template <class Stage>
void expect_preparing_again_equals_fresh(const typename Stage::Parameters& parameters) {
    auto used = settled_stage<Stage>(parameters, 96000, 2);
    through(used, noise_of_both(1600, 1));
    used.prepare({44100, 2});
    used.set_target(parameters);
    used.reset();
    auto fresh = settled_stage<Stage>(parameters, 44100, 2);
    expect_alike(used, fresh, 1600);
}

// Glides to one target after the other, in one call each or in calls of 1 to `most_quanta` quanta.
template <class Stage>
void expect_any_split_gives_the_same_bits(const typename Stage::Parameters& start,
                                          const std::vector<typename Stage::Parameters>& targets, uint32_t quanta,
                                          uint32_t most_quanta) {
    auto whole = settled_stage<Stage>(start, 48000, 2);
    auto pieces = settled_stage<Stage>(start, 48000, 2);
    for (const auto& target : targets) {
        whole.set_target(target);
        pieces.set_target(target);
        const Sides x = noise_of_both((size_t)quanta * kQuantumFrames, 1);
        Sides y = x;
        uint32_t at = 0;
        for (uint32_t size = 1; at < quanta; size = size % most_quanta + 1) {
            const uint32_t count = std::min(size, quanta - at);
            float* channels[2] = {y.left.data() + at * kQuantumFrames, y.right.data() + at * kQuantumFrames};
            pieces.process(channels, count);
            at += count;
        }
        EXPECT_TRUE(through(whole, x) == y);
    }
}

// Saved so many frames into the glide from one to the other: a stage that did something else meanwhile takes it up as if
// nothing had happened.
template <class Stage>
void expect_continues_from_a_saved_state(const typename Stage::Parameters& off, const typename Stage::Parameters& on,
                                         const typename Stage::Parameters& something_else,
                                         const std::vector<size_t>& frames_into_the_glide) {
    for (const size_t frames : frames_into_the_glide) {
        for (const bool rising : {true, false}) {
            SCOPED_TRACE(::testing::Message() << frames << (rising ? " rising" : " falling"));
            auto first = settled_stage<Stage>(rising ? off : on, 48000, 2);
            first.set_target(rising ? on : off);
            through(first, noise_of_both(frames, 1));
            const std::vector<unsigned char> bytes = saved(first);
            auto second = settled_stage<Stage>(something_else, 48000, 2);
            through(second, noise_of_both(1600, 9));
            restore(second, bytes);
            EXPECT_EQ(saved(second), bytes);
            expect_alike(first, second, 9600);
        }
    }
}

// Other parameters in every quantum, noise on one side and a level that jumps on the other. Yields the highest peak.
template <class Stage, class RandomParameters>
float peak_while_all_jumps(uint32_t rate_hz, RandomParameters&& random_parameters) {
    Noise source{rate_hz};
    Stage stage;
    stage.prepare({rate_hz, 2});
    float peak = 0.0f;
    for (int quantum = 0; quantum < 3000; ++quantum) {
        stage.set_target(random_parameters(source));
        Signal left(kQuantumFrames);
        Signal right(kQuantumFrames);
        for (uint32_t i = 0; i < kQuantumFrames; ++i) {
            left[i] = source.sample();
            right[i] = quantum % 100 < 50 ? 1.0f : -1.0f;
        }
        run(stage, left, right);
        for (uint32_t i = 0; i < kQuantumFrames; ++i) {
            if (!std::isfinite(left[i]) || !std::isfinite(right[i])) return INFINITY;
            peak = std::max({peak, std::abs(left[i]), std::abs(right[i])});
        }
    }
    return peak;
}

}  // namespace aim_test::tone
