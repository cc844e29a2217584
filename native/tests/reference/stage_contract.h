// What every stage owes the strip, tried on the stage itself: bits that do not depend on how quanta are grouped, and
// state that goes on elsewhere.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "reference/strip_under_test.h"
#include "reference/tone_stage.h"

namespace aim_test {

// Processes the quanta from `first` to `end` in groups of up to `group`.
template <class Stage>
void run_quanta(Stage& stage, Audio& audio, uint32_t first, uint32_t end, uint32_t group) {
    for (uint32_t at = first; at < end; at += group) {
        float* channels[AIM_CHANNELS_MAX] = {};
        for (size_t c = 0; c < audio.size(); ++c) channels[c] = audio[c].data() + at * aim::kQuantumFrames;
        stage.process(channels, std::min(group, end - at));
    }
}

inline uint32_t quanta_in(const Audio& audio) { return (uint32_t)(audio[0].size() / aim::kQuantumFrames); }

template <class Stage>
Stage fresh_stage(const typename Stage::Parameters& p, uint32_t rate_hz, uint32_t channels) {
    return tone::settled_stage<Stage>(p, rate_hz, channels);
}

template <class Stage>
Audio rendered(Stage& stage, Audio audio) {
    run_quanta(stage, audio, 0, quanta_in(audio), quanta_in(audio));
    return audio;
}

// Starts with `first`, is told `second` after a third, `first` again after two thirds.
template <class Stage>
Audio rendered_with_changes(const typename Stage::Parameters& first, const typename Stage::Parameters& second,
                            Audio audio, uint32_t group, bool moves_house) {
    const auto channels = (uint32_t)audio.size();
    Stage stage = fresh_stage<Stage>(first, 48000, channels);
    const uint32_t third = quanta_in(audio) / 3;
    run_quanta(stage, audio, 0, third, group);
    stage.set_target(second);
    // In the middle of the glide.
    run_quanta(stage, audio, third, third + 20, group);
    Stage other = fresh_stage<Stage>(first, 48000, channels);
    if (moves_house) {
        tone::restore(other, tone::saved(stage));
    } else {
        other = stage;
    }
    run_quanta(other, audio, third + 20, 2 * third, group);
    other.set_target(first);
    run_quanta(other, audio, 2 * third, quanta_in(audio), group);
    return audio;
}

template <class Stage>
void expect_stage_contract(const typename Stage::Parameters& first, const typename Stage::Parameters& second,
                           const Audio& audio) {
    const Audio expected = rendered_with_changes<Stage>(first, second, audio, 1, false);
    for (const uint32_t group : {3u, 17u, 60u, 1000u}) {
        EXPECT_TRUE(same_bits(expected, rendered_with_changes<Stage>(first, second, audio, group, false))) << group;
    }
    EXPECT_TRUE(same_bits(expected, rendered_with_changes<Stage>(first, second, audio, 17, true)));

    Stage stage = fresh_stage<Stage>(first, 48000, (uint32_t)audio.size());
    const Audio once = rendered(stage, audio);
    for (const auto& channel : once) {
        for (const float x : channel) ASSERT_TRUE(std::isfinite(x));
    }
    stage.reset();
    EXPECT_TRUE(same_bits(once, rendered(stage, audio)));
}

}  // namespace aim_test
