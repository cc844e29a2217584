// The delay that the strip reports is the delay that it has.
#include <gtest/gtest.h>

#include <cmath>

#include "reference/setups.h"

namespace latency_test {
namespace {

using namespace aim_test;

size_t loudest_frame(const std::vector<float>& signal) {
    size_t at = 0;
    for (size_t i = 0; i < signal.size(); ++i) {
        if (std::abs(signal[i]) > std::abs(signal[at])) at = i;
    }
    return at;
}

Audio impulse_at(size_t frame, size_t frames) {
    Samples signal = silence(frames);
    signal[frame] = 0.7;
    return to_audio(signal, 2);
}

class Latency : public ::testing::TestWithParam<uint32_t> {};

INSTANTIATE_TEST_SUITE_P(Rates, Latency,
                         ::testing::Values(8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 176400,
                                           192000));

TEST_P(Latency, An_impulse_through_the_chain_lands_where_latency_frames_says) {
    const uint32_t rate = GetParam();
    for (const StripSetup& setup : setups()) {
        for (const Blocks blocks : {Blocks{1}, Blocks{7}, Blocks{480}, Blocks{960}, Blocks{960, true}}) {
            const size_t at = 1237;
            const Audio input = impulse_at(at, at + rate / 10);
            StripUnderTest strip(setup.settings, rate);
            const Audio output = strip.process(input, blocks);
            EXPECT_EQ(at + strip.latency(), loudest_frame(output[0])) << setup.name << ", blocks of " << blocks.frames;
            EXPECT_EQ(at + strip.latency(), loudest_frame(output[1])) << setup.name << ", blocks of " << blocks.frames;
        }
    }
}

TEST_P(Latency, Nothing_is_heard_before_the_impulse_when_no_filter_is_on) {
    const uint32_t rate = GetParam();
    StripUnderTest strip(kEverythingOff, rate);
    const Audio input = impulse_at(100, 100 + rate / 10);
    EXPECT_TRUE(is_delayed(input, strip.process(input), strip.latency(), 0));
}

TEST_P(Latency, Is_the_look_ahead_and_at_most_one_millisecond_or_32_frames) {
    const uint32_t rate = GetParam();
    for (const float lookahead_ms : {1.0f, 2.5f, 5.0f, 10.0f}) {
        StripUnderTest strip({{AIM_PARAM_LIMITER_LOOKAHEAD_MS, lookahead_ms}}, rate);
        const double lookahead_frames = lookahead_ms * rate / 1000.0;
        EXPECT_GE(strip.latency(), lookahead_frames);
        EXPECT_LE(strip.latency(), lookahead_frames + std::max(rate / 1000.0, 32.0) + 1);
        const Audio input = impulse_at(500, 500 + rate / 10);
        EXPECT_EQ(500 + strip.latency(), loudest_frame(strip.process(input)[0])) << lookahead_ms;
    }
}

TEST_P(Latency, Stays_the_same_whatever_else_is_set) {
    StripUnderTest neutral({}, GetParam());
    const uint32_t expected = neutral.latency();
    for (const StripSetup& setup : setups()) {
        StripUnderTest strip(setup.settings, GetParam());
        EXPECT_EQ(expected, strip.latency()) << setup.name;
        strip.process(impulse_at(10, 1000));
        strip.set(AIM_PARAM_BYPASS, 1);
        strip.set(AIM_PARAM_LIMITER_ENABLED, 0);
        strip.process(impulse_at(10, 1000));
        EXPECT_EQ(expected, strip.latency()) << setup.name;
    }
}

TEST(LatencyOfBlocks, Is_the_same_with_every_block_limit) {
    StripUnderTest expected;
    for (const uint32_t max_frames : {1u, 15u, 16u, 17u, 960u, 1048576u}) {
        StripUnderTest strip({}, 48000, 2, max_frames);
        EXPECT_EQ(expected.latency(), strip.latency()) << max_frames;
    }
}

}  // namespace
}  // namespace latency_test
