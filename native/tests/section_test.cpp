// Filters that share their passes give the bits of filters that do not.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/recurrence.h"
#include "base/section_octets.h"
#include "signals.h"

namespace section_test {
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

// One channel through sections that run in double, frame by frame.
std::vector<double> through(const std::vector<aim::FilterDesign>& designs, const std::vector<float>& x) {
    std::vector<double> y(x.begin(), x.end());
    for (const aim::FilterDesign& design : designs) {
        double s1 = 0.0;
        double s2 = 0.0;
        for (double& sample : y) {
            const double band = (s1 + design.g * (sample - s2)) / (1.0 + design.g * (design.g + design.k));
            const double low = s2 + design.g * band;
            sample = design.input_mix * sample + design.band_mix * band + design.low_mix * low;
            s1 = 2.0 * band - s1;
            s2 = 2.0 * low - s2;
        }
    }
    return y;
}

// What run_octets() makes of two channels, each with filters of its own, in runs of every length that there is.
template <int states>
std::vector<std::vector<float>> octets_through(const aim::SectionOctets<states>& first,
                                               const aim::SectionOctets<states>& second, const std::vector<float>& left,
                                               const std::vector<float>& right, aim::SectionPairState& state) {
    std::vector<std::vector<float>> y(2, std::vector<float>(left.size()));
    const uint32_t all = (uint32_t)left.size() / kQuantumFrames;
    for (uint32_t done = 0, run = 1; done < all; done += run) {
        run = done % aim::kMaxRunQuanta + 1 < all - done ? done % aim::kMaxRunQuanta + 1 : all - done;
        const size_t at = (size_t)done * kQuantumFrames;
        aim::run_octets(aim::beside(first, second), state.lanes[0], state.lanes[1], run,
                        aim::side_by_side(&left[at], &right[at]),
                        [&](uint32_t i, aim::f32x8, aim::f32x8 out, aim::f32x8) {
                            out.low().store(&y[0][at + i]);
                            out.high().store(&y[1][at + i]);
                        });
    }
    return y;
}

template <int states>
void expect_octets_to_follow(const std::vector<aim::FilterDesign>& first, const std::vector<aim::FilterDesign>& second,
                             const aim::SectionOctets<states>& first_octets,
                             const aim::SectionOctets<states>& second_octets) {
    constexpr size_t kFrames = 4000 * kQuantumFrames;
    // -110 dB under noise at full scale: rounding in float, which a low filter gathers.
    constexpr double kError = 3e-6;
    const std::vector<float> x[2] = {noise_and_silence(1, kFrames), noise_and_silence(2, kFrames)};
    aim::SectionPairState state;
    const auto y = octets_through(first_octets, second_octets, x[0], x[1], state);
    for (int c = 0; c < 2; ++c) {
        const std::vector<double> expected = through(c == 0 ? first : second, x[c]);
        double worst = 0.0;
        for (size_t i = 0; i < kFrames; ++i) worst = std::max(worst, std::abs(expected[i] - (double)y[c][i]));
        EXPECT_LE(worst, kError) << "channel " << c;
        // Silence comes to an end.
        EXPECT_EQ(0.0f, y[c].back());
        for (const float s : state.lanes[c]) EXPECT_EQ(0.0f, s);
    }
}

TEST(SectionOctets, Are_the_sections_of_either_half) {
    const aim::FilterDesign low = aim::high_pass(25.0, 1.0, 48000.0);
    const aim::FilterDesign middle = aim::high_pass(200.0, 1.0, 48000.0);
    const aim::FilterDesign high = aim::high_pass(6300.0, 1.0, 48000.0);
    expect_octets_to_follow<2>({low}, {high}, aim::make_octets(low), aim::make_octets(high));
    expect_octets_to_follow<4>({high, high}, {middle, low}, aim::make_octets(high, high),
                               aim::make_octets(middle, low));
}

TEST(SectionOctets, Are_the_same_bits_whatever_the_other_half_does) {
    const std::vector<float> x = noise_and_silence(1, 100 * kQuantumFrames);
    const std::vector<float> other = noise_and_silence(2, 100 * kQuantumFrames);
    const aim::SectionOctets<2> filter = aim::make_octets(aim::high_pass(120.0, 1.0, 48000.0));
    const aim::SectionOctets<2> another = aim::make_octets(aim::high_pass(3000.0, 0.5, 48000.0));
    aim::SectionPairState states[3];
    const auto expected = octets_through(filter, filter, x, x, states[0]);
    EXPECT_EQ(expected[0], expected[1]);
    EXPECT_EQ(expected[0], octets_through(filter, another, x, other, states[1])[0]);
    EXPECT_EQ(expected[0], octets_through(another, filter, other, x, states[2])[1]);
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
}  // namespace section_test
