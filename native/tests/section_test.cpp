// Filters that share their passes give the bits of filters that do not.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "base/recurrence.h"
#include "base/section.h"
#include "signals.h"

namespace {

using aim::kQuantumFrames;

// Noise, then silence for long enough that the states fade to dust.
std::vector<float> noise_and_silence(uint64_t seed, size_t frames) {
    return aim_test::to_float(
        aim_test::joined(aim_test::white_noise(0.0, frames / 4, seed), aim_test::silence(frames - frames / 4)));
}

TEST(Section, A_cascade_is_one_section_after_the_other_bit_for_bit) {
    constexpr uint32_t kFrames = 4000 * kQuantumFrames;
    const aim::FilterDesign first = aim::high_pass(120.0, 1.0, 48000.0);
    const aim::FilterDesign second = aim::high_pass(3000.0, 0.5, 48000.0);
    const aim::SectionBlock blocks[2] = {aim::make_block(first), aim::make_block(second)};
    std::vector<float> left = noise_and_silence(1, kFrames);
    std::vector<float> right = noise_and_silence(2, kFrames);
    std::vector<float> expected_left = left;
    std::vector<float> expected_right = right;
    aim::SectionState states[2], expected[2];
    // Runs of every length that there is.
    for (uint32_t at = 0, quanta = 1; at < kFrames; at += quanta * kQuantumFrames) {
        quanta = at % aim::kMaxRunQuanta + 1;
        const uint32_t left_quanta = (kFrames - at) / kQuantumFrames;
        quanta = quanta < left_quanta ? quanta : left_quanta;
        aim::run_cascade_steady(blocks[0], blocks[1], states[0], states[1], left.data() + at, right.data() + at,
                                quanta);
        float* const channels[2] = {expected_left.data(), expected_right.data()};
        for (int i = 0; i < 2; ++i) aim::run_steady(blocks[i], expected[i], channels, 2, at, quanta);
        for (int i = 0; i < 2; ++i) ASSERT_EQ(0, std::memcmp(&states[i], &expected[i], sizeof states[i])) << at;
    }
    EXPECT_EQ(0, std::memcmp(left.data(), expected_left.data(), kFrames * sizeof(float)));
    EXPECT_EQ(0, std::memcmp(right.data(), expected_right.data(), kFrames * sizeof(float)));
    // It did come to an end.
    EXPECT_EQ(0.0f, states[0].lanes[0]);
    EXPECT_EQ(0.0f, states[1].lanes[3]);
}

TEST(Recurrence, Eight_frames_are_four_and_then_four_bit_for_bit) {
    const aim::PolePowers pole = aim::PolePowers::of(0.97);
    aim_test::Random random(3);
    aim::f32x4 decayed = aim::f32x4::zero();
    aim::f32x4 smoothed = aim::f32x4::zero();
    for (int turn = 0; turn < 1000; ++turn) {
        float x[8];
        for (float& sample : x) sample = (float)random.uniform(-1.0, 1.0);
        const aim::f32x8 both = aim::f32x8::load(x);
        const aim::f32x8 level = aim::abs(both);
        float found[2][8];
        aim::scan_linear(both, smoothed, pole).store(found[0]);
        aim::scan_decay(level, decayed, pole).store(found[1]);
        float expected[2][8];
        for (int i = 0; i < 8; i += 4) {
            const aim::f32x4 linear = aim::scan_linear(aim::f32x4::load(x + i), smoothed, pole);
            const aim::f32x4 decay = aim::scan_decay(aim::abs(aim::f32x4::load(x + i)), decayed, pole);
            linear.store(expected[0] + i);
            decay.store(expected[1] + i);
            smoothed = aim::broadcast<3>(linear);
            decayed = aim::broadcast<3>(decay);
        }
        ASSERT_EQ(0, std::memcmp(found, expected, sizeof found)) << turn;
    }
}

}  // namespace
