// A strip driven from outside, through the C interface only.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "../../include/ai_mixer_core.h"
#include "../signals.h"

namespace aim_test {

struct Setting {
    int32_t id;
    float value;
};

using Settings = std::vector<Setting>;

// How a stream is cut into calls: the same number every time, or a fresh random one from 0 to that number.
struct Blocks {
    uint32_t frames = 960;
    bool random = false;
};

class StripUnderTest {
public:
    explicit StripUnderTest(const Settings& settings = {}, uint32_t rate_hz = 48000, uint32_t channels = 2,
                            uint32_t max_frames = 960, uint32_t meters = AIM_METER_OUTPUT)
        : channels_(channels), max_frames_(max_frames) {
        aim_strip_config config;
        EXPECT_EQ(AIM_OK, aim_strip_config_init(&config));
        config.sample_rate_hz = rate_hz;
        config.channels = channels;
        config.max_frames = max_frames;
        config.meters = meters;
        EXPECT_EQ(AIM_OK, aim_strip_create(&config, &strip_));
        set(settings);
    }
    ~StripUnderTest() { aim_strip_destroy(strip_); }
    StripUnderTest(const StripUnderTest&) = delete;
    StripUnderTest& operator=(const StripUnderTest&) = delete;

    aim_strip* handle() const { return strip_; }

    void set(int32_t id, float value) {
        EXPECT_EQ(AIM_OK, aim_strip_set_parameter(strip_, id, value)) << "parameter " << id << " = " << value;
    }
    void set(const Settings& settings) {
        for (const Setting& setting : settings) set(setting.id, setting.value);
    }
    float get(int32_t id) const {
        float value = 0;
        EXPECT_EQ(AIM_OK, aim_strip_get_parameter(strip_, id, &value));
        return value;
    }
    uint32_t latency() const {
        uint32_t frames = 0;
        EXPECT_EQ(AIM_OK, aim_strip_latency_frames(strip_, &frames));
        return frames;
    }
    aim_strip_metrics metrics() const {
        aim_strip_metrics result;
        std::memset(&result, 0, sizeof result);
        EXPECT_EQ(AIM_OK, aim_strip_get_metrics(strip_, &result));
        return result;
    }
    void reset() { EXPECT_EQ(AIM_OK, aim_strip_reset(strip_)); }

    // Out of place, planar.
    Audio process(const Audio& input, Blocks blocks = {}) {
        Audio output(channels_, std::vector<float>(input[0].size(), -77.0f));  // a value that must not survive
        each_block(input[0].size(), blocks, [&](size_t start, uint32_t frames) {
            const float* in[AIM_CHANNELS_MAX];
            float* out[AIM_CHANNELS_MAX];
            for (uint32_t c = 0; c < channels_; ++c) {
                in[c] = input[c].data() + start;
                out[c] = output[c].data() + start;
            }
            ASSERT_EQ(AIM_OK, aim_strip_process(strip_, in, out, frames));
        });
        return output;
    }

    Audio process_in_place(const Audio& input, Blocks blocks = {}) {
        Audio audio = input;
        each_block(audio[0].size(), blocks, [&](size_t start, uint32_t frames) {
            float* channel[AIM_CHANNELS_MAX];
            for (uint32_t c = 0; c < channels_; ++c) channel[c] = audio[c].data() + start;
            ASSERT_EQ(AIM_OK, aim_strip_process(strip_, channel, channel, frames));
        });
        return audio;
    }

    Audio process_interleaved(const Audio& input, bool in_place, Blocks blocks = {}) {
        const size_t total = input[0].size();
        std::vector<float> in(total * channels_);
        for (size_t i = 0; i < total; ++i) {
            for (uint32_t c = 0; c < channels_; ++c) in[i * channels_ + c] = input[c][i];
        }
        std::vector<float> separate(in_place ? 0 : in.size());
        std::vector<float>& out = in_place ? in : separate;
        each_block(total, blocks, [&](size_t start, uint32_t frames) {
            ASSERT_EQ(AIM_OK, aim_strip_process_interleaved(strip_, in.data() + start * channels_,
                                                            out.data() + start * channels_, frames));
        });
        Audio output(channels_, std::vector<float>(total));
        for (size_t i = 0; i < total; ++i) {
            for (uint32_t c = 0; c < channels_; ++c) output[c][i] = out[i * channels_ + c];
        }
        return output;
    }

private:
    template <class Process>
    void each_block(size_t total, Blocks blocks, Process process) {
        Random random(total + blocks.frames);
        const uint32_t most = std::min(blocks.frames, max_frames_);
        for (size_t start = 0; start < total;) {
            const uint32_t wanted = blocks.random ? random.integer(0, most) : most;
            const uint32_t frames = static_cast<uint32_t>(std::min<size_t>(wanted, total - start));
            process(start, frames);
            start += frames;
        }
    }

    aim_strip* strip_ = nullptr;
    uint32_t channels_;
    uint32_t max_frames_;
};

inline size_t first_difference(const std::vector<float>& a, const std::vector<float>& b) {
    size_t i = 0;
    while (i < a.size() && i < b.size() && std::memcmp(&a[i], &b[i], sizeof(float)) == 0) ++i;
    return i;
}

inline ::testing::AssertionResult same_bits(const Audio& a, const Audio& b) {
    if (a.size() != b.size())
        return ::testing::AssertionFailure() << a.size() << " against " << b.size() << " channels";
    for (size_t c = 0; c < a.size(); ++c) {
        if (same_bits(a[c], b[c])) continue;
        const size_t i = first_difference(a[c], b[c]);
        if (i >= std::min(a[c].size(), b[c].size())) return ::testing::AssertionFailure() << "lengths differ";
        return ::testing::AssertionFailure()
               << "channel " << c << " differs first at frame " << i << ": " << a[c][i] << " against " << b[c][i];
    }
    return ::testing::AssertionSuccess();
}

// From frame `from` on, is `output` the input delayed by `latency`, bit for bit?
inline ::testing::AssertionResult is_delayed(const Audio& input, const Audio& output, size_t latency, size_t from) {
    for (size_t c = 0; c < input.size(); ++c) {
        for (size_t i = std::max(from, latency); i < output[c].size(); ++i) {
            if (std::memcmp(&output[c][i], &input[c][i - latency], sizeof(float)) != 0) {
                return ::testing::AssertionFailure() << "channel " << c << " frame " << i << ": " << output[c][i]
                                                     << " in place of " << input[c][i - latency];
            }
        }
    }
    return ::testing::AssertionSuccess();
}

inline double peak(const std::vector<float>& signal, size_t from = 0) {
    double result = 0;
    for (size_t i = from; i < signal.size(); ++i) result = std::max(result, std::abs(static_cast<double>(signal[i])));
    return result;
}

}  // namespace aim_test
