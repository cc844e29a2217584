// A snapshot carries a stream from one strip to another without a seam, and a damaged one does no harm.
#include <gtest/gtest.h>

#include "reference/setups.h"

namespace snapshot_test {
namespace {

using namespace aim_test;

constexpr uint32_t kRate = 48000;
constexpr size_t kFrames = kRate / 2;
constexpr size_t kCut = 11111;  // off every grid

std::vector<uint8_t> save(const StripUnderTest& strip) {
    uint64_t size = 0;
    EXPECT_EQ(AIM_OK, aim_strip_snapshot_size(strip.handle(), &size));
    std::vector<uint8_t> bytes(size, 0xA5);
    EXPECT_EQ(AIM_OK, aim_strip_save(strip.handle(), bytes.data(), size));
    return bytes;
}

aim_status restore(const StripUnderTest& strip, const std::vector<uint8_t>& bytes) {
    return aim_strip_restore(strip.handle(), bytes.data(), bytes.size());
}

Audio part(const Audio& audio, size_t from, size_t to) {
    Audio result;
    for (const auto& channel : audio) result.emplace_back(channel.begin() + from, channel.begin() + to);
    return result;
}

bool same_metrics(const StripUnderTest& a, const StripUnderTest& b) {
    const aim_strip_metrics first = a.metrics();
    const aim_strip_metrics second = b.metrics();
    return std::memcmp(&first, &second, sizeof first) == 0;
}

class Snapshot : public ::testing::TestWithParam<StripSetup> {};

INSTANTIATE_TEST_SUITE_P(Strip, Snapshot, ::testing::ValuesIn(setups()),
                         [](const auto& info) { return info.param.name; });

TEST_P(Snapshot, The_stream_continues_elsewhere_bit_for_bit) {
    for (const uint32_t channels : {1u, 2u}) {
        const Audio input = programme(kRate, channels, kFrames);
        StripUnderTest origin(GetParam().settings, kRate, channels);
        origin.process(part(input, 0, kCut));
        const std::vector<uint8_t> bytes = save(origin);
        StripUnderTest elsewhere({}, kRate, channels, 64);
        ASSERT_EQ(AIM_OK, restore(elsewhere, bytes));
        EXPECT_EQ(origin.latency(), elsewhere.latency());
        const Audio rest = part(input, kCut, kFrames);
        EXPECT_TRUE(same_bits(origin.process(rest, {64}), elsewhere.process(rest, {64})));
        EXPECT_TRUE(same_metrics(origin, elsewhere));
        for (const Setting& setting : GetParam().settings) EXPECT_EQ(origin.get(setting.id), elsewhere.get(setting.id));
    }
}

TEST_P(Snapshot, Saving_does_not_disturb_the_stream) {
    const Audio input = programme(kRate, 2, kFrames);
    StripUnderTest saved(GetParam().settings);
    StripUnderTest twin(GetParam().settings);
    saved.process(part(input, 0, kCut));
    twin.process(part(input, 0, kCut));
    EXPECT_EQ(save(saved), save(twin));  // no byte is left to chance
    EXPECT_TRUE(same_bits(twin.process(part(input, kCut, kFrames)), saved.process(part(input, kCut, kFrames))));
}

TEST_P(Snapshot, Taken_in_the_middle_of_a_ramp_it_carries_the_ramp) {
    const Audio input = programme(kRate, 2, kFrames);
    StripUnderTest origin(GetParam().settings);
    origin.process(part(input, 0, kCut));
    origin.set({{AIM_PARAM_LIMITER_INPUT_GAIN_DB, -12},
                {AIM_PARAM_EQ_ENABLED, 1},
                {AIM_PARAM_EQ_MID_GAIN_DB, 12},
                {AIM_PARAM_BYPASS, 1}});
    origin.process(part(input, kCut, kCut + 101));
    StripUnderTest elsewhere;
    ASSERT_EQ(AIM_OK, restore(elsewhere, save(origin)));
    const Audio rest = part(input, kCut + 101, kFrames);
    EXPECT_TRUE(same_bits(origin.process(rest), elsewhere.process(rest)));
}

TEST_P(Snapshot, A_change_set_but_not_yet_heard_is_carried_too) {
    const Audio input = programme(kRate, 2, kFrames);
    StripUnderTest origin(GetParam().settings);
    origin.process(part(input, 0, kCut));
    origin.set(AIM_PARAM_COMPRESSOR_MAKEUP_DB, 9);
    origin.set(AIM_PARAM_BYPASS, 1);
    StripUnderTest elsewhere;
    ASSERT_EQ(AIM_OK, restore(elsewhere, save(origin)));
    EXPECT_EQ(9, elsewhere.get(AIM_PARAM_COMPRESSOR_MAKEUP_DB));
    const Audio rest = part(input, kCut, kFrames);
    EXPECT_TRUE(same_bits(origin.process(rest), elsewhere.process(rest)));
}

TEST(SnapshotBytes, A_restored_strip_of_before_the_stream_can_still_be_set_up) {
    StripUnderTest origin({{AIM_PARAM_LIMITER_LOOKAHEAD_MS, 2}});
    StripUnderTest elsewhere;
    elsewhere.process(programme(kRate, 2, 2000));
    ASSERT_EQ(AIM_OK, restore(elsewhere, save(origin)));
    EXPECT_EQ(origin.latency(), elsewhere.latency());
    EXPECT_EQ(AIM_OK, aim_strip_set_parameter(elsewhere.handle(), AIM_PARAM_LIMITER_LOOKAHEAD_MS, 3));
}

TEST(SnapshotBytes, Too_small_a_buffer_is_refused_and_left_alone) {
    StripUnderTest strip;
    uint64_t size = 0;
    ASSERT_EQ(AIM_OK, aim_strip_snapshot_size(strip.handle(), &size));
    std::vector<uint8_t> bytes(size, 0xA5);
    EXPECT_EQ(AIM_ERROR_BUFFER_TOO_SMALL, aim_strip_save(strip.handle(), bytes.data(), size - 1));
    EXPECT_EQ(AIM_ERROR_BUFFER_TOO_SMALL, aim_strip_save(strip.handle(), bytes.data(), 0));
    for (const uint8_t byte : bytes) ASSERT_EQ(0xA5, byte);
}

TEST(SnapshotBytes, A_larger_buffer_serves_as_well) {
    StripUnderTest origin;
    origin.process(programme(kRate, 2, kCut));
    const std::vector<uint8_t> exact = save(origin);
    std::vector<uint8_t> bytes(exact.size() + 100, 0xA5);
    ASSERT_EQ(AIM_OK, aim_strip_save(origin.handle(), bytes.data(), bytes.size()));
    EXPECT_TRUE(std::equal(exact.begin(), exact.end(), bytes.begin()));
    for (size_t i = exact.size(); i < bytes.size(); ++i) ASSERT_EQ(0xA5, bytes[i]);
    StripUnderTest elsewhere;
    ASSERT_EQ(AIM_OK, restore(elsewhere, bytes));
    const Audio rest = programme(kRate, 2, kFrames);
    EXPECT_TRUE(same_bits(origin.process(rest), elsewhere.process(rest)));
}

TEST(SnapshotBytes, Another_configuration_is_refused) {
    StripUnderTest origin;
    origin.process(programme(kRate, 2, 5000));
    const std::vector<uint8_t> bytes = save(origin);
    StripUnderTest other_rate({}, 44100);
    StripUnderTest other_channels({}, kRate, 1);
    StripUnderTest other_meters({}, kRate, 2, 960, AIM_METER_INPUT);
    for (const StripUnderTest* other : {&other_rate, &other_channels, &other_meters}) {
        EXPECT_EQ(AIM_ERROR_SNAPSHOT, restore(*other, bytes));
    }
}

TEST(SnapshotBytes, Damage_is_refused_and_leaves_the_strip_as_it_was) {
    const Audio input = programme(kRate, 2, kFrames);
    StripUnderTest origin(everything());
    origin.process(part(input, 0, kCut));
    const std::vector<uint8_t> good = save(origin);

    StripUnderTest strip(everything());
    StripUnderTest twin(everything());
    strip.process(part(input, 0, kCut / 2));
    twin.process(part(input, 0, kCut / 2));

    Random random(7);
    for (int i = 0; i < 1000; ++i) {
        std::vector<uint8_t> bad = good;
        // The first bytes hold what is checked first: try each of their bits, then bits anywhere.
        const uint32_t bit =
            i < 512 ? static_cast<uint32_t>(i) : random.integer(0, static_cast<uint32_t>(good.size() * 8 - 1));
        bad[bit / 8] = static_cast<uint8_t>(bad[bit / 8] ^ (1u << (bit % 8)));
        ASSERT_EQ(AIM_ERROR_SNAPSHOT, restore(strip, bad)) << "bit " << bit;
    }
    for (const size_t size : {size_t{0}, size_t{1}, size_t{8}, good.size() / 2, good.size() - 1}) {
        EXPECT_EQ(AIM_ERROR_SNAPSHOT, aim_strip_restore(strip.handle(), good.data(), size)) << size;
    }

    EXPECT_TRUE(same_metrics(twin, strip));
    EXPECT_TRUE(same_bits(twin.process(part(input, kCut / 2, kFrames)), strip.process(part(input, kCut / 2, kFrames))));
}

}  // namespace
}  // namespace snapshot_test
