// Damaged samples and nonsense calls: neither may leave a mark.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reference/setups.h"

namespace hostile_test {
namespace {

using namespace aim_test;

constexpr uint32_t kRate = 48000;
constexpr size_t kFrames = kRate / 2;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

class Hostile : public ::testing::TestWithParam<StripSetup> {};

INSTANTIATE_TEST_SUITE_P(Strip, Hostile, ::testing::ValuesIn(setups()),
                         [](const auto& info) { return info.param.name; });

// The promise is silence for the damaged samples and nothing else: so a twin that is given the silence is the model.
void expect_same_as_with_silence(const Settings& settings, const Audio& damaged, const Audio& silenced,
                                 uint64_t count) {
    StripUnderTest strip(settings, kRate, 2, 960, AIM_METER_INPUT | AIM_METER_OUTPUT);
    StripUnderTest twin(settings, kRate, 2, 960, AIM_METER_INPUT | AIM_METER_OUTPUT);
    const Audio output = strip.process(damaged, {333, true});
    EXPECT_TRUE(same_bits(twin.process(silenced, {333, true}), output));
    for (const auto& channel : output) {
        for (size_t i = 0; i < channel.size(); ++i) ASSERT_TRUE(std::isfinite(channel[i])) << i;
    }
    const aim_strip_metrics metrics = strip.metrics();
    const aim_strip_metrics twin_metrics = twin.metrics();
    EXPECT_EQ(count, metrics.non_finite_samples);
    EXPECT_EQ(0u, twin_metrics.non_finite_samples);
    EXPECT_EQ(0, std::memcmp(&twin_metrics.output, &metrics.output, sizeof metrics.output));
    EXPECT_EQ(0, std::memcmp(&twin_metrics.input, &metrics.input, sizeof metrics.input));
}

TEST_P(Hostile, Damaged_samples_become_silence_and_are_counted) {
    const float kWild[] = {kNan,  -kNan,  kInfinity, -kInfinity,
                           1e30f, -1e30f, 1000.001f, -std::nextafter(1000.0f, 2000.0f)};
    for (const float wild : kWild) {
        Audio damaged = programme(kRate, 2, kFrames);
        Audio silenced = damaged;
        for (const size_t at : {0u, 1u, 959u, 960u, 12345u, 12346u, 12347u}) {
            damaged[at % 2][at] = wild;
            silenced[at % 2][at] = 0;
        }
        expect_same_as_with_silence(GetParam().settings, damaged, silenced, 7);
    }
}

TEST_P(Hostile, A_stretch_of_damage_is_a_stretch_of_silence) {
    Audio damaged = programme(kRate, 2, kFrames);
    Audio silenced = damaged;
    for (size_t i = 3000; i < 12000; ++i) {
        damaged[0][i] = i % 2 == 0 ? kNan : kInfinity;
        damaged[1][i] = -1e30f;
        silenced[0][i] = silenced[1][i] = 0;
    }
    expect_same_as_with_silence(GetParam().settings, damaged, silenced, 2 * 9000);
}

TEST_P(Hostile, Sounds_right_again_within_one_frame) {
    // After one damaged sample the gain computers have lost a sample, no more: 20 ms later nobody can tell.
    constexpr double kBackToNormal = 0.001;
    constexpr size_t kOneFrame = 960;
    const Audio clean = programme(kRate, 2, kFrames);
    Audio damaged = clean;
    const size_t at = kFrames / 2;
    damaged[0][at] = kNan;
    damaged[1][at] = kInfinity;
    StripUnderTest strip(GetParam().settings);
    StripUnderTest twin(GetParam().settings);
    const Audio expected = twin.process(clean);
    const Audio output = strip.process(damaged);
    for (size_t i = at + strip.latency() + kOneFrame; i < kFrames; ++i) {
        ASSERT_NEAR(expected[0][i], output[0][i], kBackToNormal) << i;
        ASSERT_NEAR(expected[1][i], output[1][i], kBackToNormal) << i;
    }
}

TEST_P(Hostile, The_largest_legal_sample_and_subnormals_pass_uncounted) {
    Audio input = programme(kRate, 2, kFrames / 4);
    input[0][100] = AIM_SAMPLE_LIMIT;
    input[1][200] = -AIM_SAMPLE_LIMIT;
    for (size_t i = 300; i < 2000; ++i) input[0][i] = std::numeric_limits<float>::denorm_min() * static_cast<float>(i);
    StripUnderTest strip(GetParam().settings);
    const Audio output = strip.process(input);
    EXPECT_EQ(0u, strip.metrics().non_finite_samples);
    for (const float x : output[0]) ASSERT_TRUE(std::isfinite(x));
}

TEST(HostileBypass, Keeps_damage_out_as_well) {
    Audio damaged = programme(kRate, 2, kFrames);
    Audio silenced = damaged;
    damaged[0][777] = kNan;
    silenced[0][777] = 0;
    expect_same_as_with_silence({{AIM_PARAM_BYPASS, 1}}, damaged, silenced, 1);
}

TEST(Calls, Null_arguments_are_refused) {
    StripUnderTest strip;
    aim_strip* const handle = strip.handle();
    float sample[2] = {};
    float* channels[2] = {sample, sample + 1};
    float* one_missing[2] = {sample, nullptr};
    uint32_t u32 = 0;
    uint64_t u64 = 0;
    float f32 = 0;
    int32_t i32 = 0;
    aim_strip_metrics metrics;
    aim_strip_config config;
    aim_strip_config_init(&config);
    aim_strip* created = handle;

    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_config_init(nullptr));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_create(&config, nullptr));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_create(nullptr, &created));
    EXPECT_EQ(nullptr, created);
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_process(nullptr, channels, channels, 1));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_process(handle, nullptr, channels, 1));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_process(handle, channels, nullptr, 1));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_process(handle, one_missing, channels, 1));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_process(handle, channels, one_missing, 1));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_process_interleaved(nullptr, sample, sample, 1));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_process_interleaved(handle, nullptr, sample, 1));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_process_interleaved(handle, sample, nullptr, 1));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_reset(nullptr));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_latency_frames(nullptr, &u32));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_latency_frames(handle, nullptr));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_set_parameter(nullptr, AIM_PARAM_BYPASS, 0));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_get_parameter(nullptr, AIM_PARAM_BYPASS, &f32));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_get_parameter(handle, AIM_PARAM_BYPASS, nullptr));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_get_metrics(nullptr, &metrics));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_get_metrics(handle, nullptr));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_snapshot_size(nullptr, &u64));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_snapshot_size(handle, nullptr));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_save(nullptr, sample, sizeof sample));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_save(handle, nullptr, 1u << 30));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_restore(nullptr, sample, sizeof sample));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_strip_restore(handle, nullptr, sizeof sample));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_parameter_info_at(0, nullptr));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_parameter_find(nullptr, &i32));
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_parameter_find("bypass", nullptr));
    aim_strip_destroy(nullptr);

    EXPECT_EQ(0u, strip.metrics().frames);
}

TEST(Calls, Configurations_out_of_range_are_refused) {
    const auto create = [](auto change) {
        aim_strip_config config;
        aim_strip_config_init(&config);
        change(config);
        aim_strip* strip = reinterpret_cast<aim_strip*>(&config);
        const aim_status status = aim_strip_create(&config, &strip);
        EXPECT_EQ(status == AIM_OK, strip != nullptr);
        if (status == AIM_OK) aim_strip_destroy(strip);
        return status;
    };
    using Config = aim_strip_config;
    EXPECT_EQ(AIM_OK, create([](Config&) {}));
    EXPECT_EQ(AIM_ERROR_STRUCT_SIZE, create([](Config& c) { c.struct_size = 0; }));
    EXPECT_EQ(AIM_ERROR_STRUCT_SIZE, create([](Config& c) { c.struct_size = sizeof(Config) + 4; }));
    EXPECT_EQ(AIM_ERROR_STRUCT_SIZE, create([](Config& c) { c.struct_size = 0xFFFFFFFFu; }));
    for (const uint32_t rate : {0u, 7999u, 192001u, 0xFFFFFFFFu}) {
        EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, create([=](Config& c) { c.sample_rate_hz = rate; })) << rate;
    }
    for (const uint32_t channels : {0u, 3u, 0xFFFFFFFFu}) {
        EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, create([=](Config& c) { c.channels = channels; })) << channels;
    }
    for (const uint32_t frames : {0u, 1048577u, 0xFFFFFFFFu}) {
        EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, create([=](Config& c) { c.max_frames = frames; })) << frames;
    }
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, create([](Config& c) { c.meters = 4; }));
    EXPECT_EQ(AIM_OK, create([](Config& c) { c.meters = 0; }));
    EXPECT_EQ(AIM_OK, create([](Config& c) { c.max_frames = 1048576; }));
    EXPECT_EQ(AIM_OK, create([](Config& c) { c.sample_rate_hz = 47999; }));
}

TEST(Calls, Too_many_frames_change_nothing) {
    StripUnderTest strip({}, kRate, 1, 64);
    StripUnderTest twin({}, kRate, 1, 64);
    std::vector<float> buffer(65, 0.5f);
    float* channels[] = {buffer.data()};
    EXPECT_EQ(AIM_ERROR_TOO_MANY_FRAMES, aim_strip_process(strip.handle(), channels, channels, 65));
    EXPECT_EQ(AIM_ERROR_TOO_MANY_FRAMES,
              aim_strip_process_interleaved(strip.handle(), buffer.data(), buffer.data(), 0xFFFFFFFFu));
    for (const float x : buffer) EXPECT_EQ(0.5f, x);
    const Audio input = programme(kRate, 1, 5000);
    EXPECT_TRUE(same_bits(twin.process(input), strip.process(input)));
}

TEST(Calls, Zero_frames_are_fine_and_change_nothing) {
    StripUnderTest strip;
    StripUnderTest twin;
    const Audio input = programme(kRate, 2, 5000);
    const Audio half = {{input[0].begin(), input[0].begin() + 2500}, {input[1].begin(), input[1].begin() + 2500}};
    const Audio rest = {{input[0].begin() + 2500, input[0].end()}, {input[1].begin() + 2500, input[1].end()}};
    const Audio expected = twin.process(input);
    Audio output = strip.process(half);
    float nothing = 0;
    float* channels[] = {&nothing, &nothing};
    EXPECT_EQ(AIM_OK, aim_strip_process(strip.handle(), channels, channels, 0));
    EXPECT_EQ(AIM_OK, aim_strip_process_interleaved(strip.handle(), &nothing, &nothing, 0));
    const Audio tail = strip.process(rest);
    for (size_t c = 0; c < 2; ++c) output[c].insert(output[c].end(), tail[c].begin(), tail[c].end());
    EXPECT_TRUE(same_bits(expected, output));
}

TEST(Calls, Every_status_has_a_message_of_its_own) {
    std::vector<std::string> seen;
    for (aim_status status = AIM_ERROR_SNAPSHOT; status <= AIM_OK; ++status) {
        const std::string message = aim_status_message(status);
        EXPECT_GT(message.size(), 3u) << status;
        for (const std::string& other : seen) EXPECT_NE(other, message);
        seen.push_back(message);
    }
    for (const aim_status unknown : {1, -10, INT32_MIN, INT32_MAX}) EXPECT_NE(nullptr, aim_status_message(unknown));
}

TEST(Calls, The_library_tells_what_it_is) {
    EXPECT_EQ(AIM_ABI_VERSION, aim_abi_version());
    EXPECT_GE(std::string(aim_version_string()).size(), 5u);
    EXPECT_FALSE(std::string(aim_build_info()).empty());
}

}  // namespace
}  // namespace hostile_test
