// What is marked [any thread] runs beside the audio thread: for ThreadSanitizer, and for anybody who reads a torn set.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>

#include "reference/setups.h"

namespace threading_test {
namespace {

using namespace aim_test;

constexpr uint32_t kRate = 48000;
constexpr uint32_t kBlock = 240;

// The audio thread processes until the others have done enough, so that they truly overlap on any number of cores.
template <class Beside>
void run_beside_audio(StripUnderTest& strip, Beside beside) {
    std::atomic<bool> stop{false};
    std::atomic<bool> started{false};
    bool all_fine = true;
    std::thread audio([&] {
        Audio block = programme(kRate, 2, kBlock);
        while (!stop.load()) {
            float* channels[] = {block[0].data(), block[1].data()};
            all_fine &= aim_strip_process(strip.handle(), channels, channels, kBlock) == AIM_OK;
            started.store(true);
        }
    });
    while (!started.load()) std::this_thread::yield();
    beside();
    stop.store(true);
    audio.join();
    EXPECT_TRUE(all_fine);
}

TEST(Threading, Parameters_may_be_set_and_read_while_the_stream_runs) {
    StripUnderTest strip;
    run_beside_audio(strip, [&] {
        std::thread other([&] {
            for (int i = 0; i < 2000; ++i) {
                const float wave = static_cast<float>(i % 25) - 12;
                EXPECT_EQ(AIM_OK, aim_strip_set_parameter(strip.handle(), AIM_PARAM_EQ_MID_GAIN_DB, wave));
                EXPECT_EQ(AIM_OK, aim_strip_set_parameter(strip.handle(), AIM_PARAM_BYPASS, static_cast<float>(i % 2)));
            }
        });
        for (int i = 0; i < 2000; ++i) {
            const float wave = static_cast<float>(i % 25) - 12;
            EXPECT_EQ(AIM_OK, aim_strip_set_parameter(strip.handle(), AIM_PARAM_EQ_LOW_GAIN_DB, wave));
            float value = 0;
            EXPECT_EQ(AIM_OK, aim_strip_get_parameter(strip.handle(), AIM_PARAM_EQ_LOW_GAIN_DB, &value));
            EXPECT_EQ(wave, value);
            EXPECT_EQ(AIM_ERROR_STATE, aim_strip_set_parameter(strip.handle(), AIM_PARAM_LIMITER_LOOKAHEAD_MS, 2));
        }
        other.join();
    });
}

TEST(Threading, Metrics_are_one_consistent_set_and_never_run_backwards) {
    StripUnderTest strip(everything());
    run_beside_audio(strip, [&] {
        const auto poll = [&] {
            uint64_t last = 0;
            for (int i = 0; i < 3000; ++i) {
                const aim_strip_metrics metrics = strip.metrics();
                ASSERT_EQ(0u, metrics.frames % kBlock);
                ASSERT_GE(metrics.frames, last);
                ASSERT_GE(metrics.compressor.maximum_db, metrics.compressor.now_db);
                ASSERT_GE(metrics.compressor.maximum_db, metrics.compressor.average_db);
                last = metrics.frames;
                uint32_t latency = 0;
                uint64_t size = 0;
                ASSERT_EQ(AIM_OK, aim_strip_latency_frames(strip.handle(), &latency));
                ASSERT_EQ(AIM_OK, aim_strip_snapshot_size(strip.handle(), &size));
            }
        };
        std::thread other(poll);
        poll();
        other.join();
    });
}

TEST(Threading, Strips_on_different_threads_do_not_know_of_each_other) {
    const Audio input = programme(kRate, 2, kRate);
    StripUnderTest alone(everything());
    const Audio expected = alone.process(input);
    std::vector<Audio> outputs(4);
    std::vector<std::thread> threads;
    for (Audio& output : outputs) {
        threads.emplace_back([&input, &output] {
            StripUnderTest strip(everything());
            output = strip.process(input, {480, true});
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const Audio& output : outputs) EXPECT_TRUE(same_bits(expected, output));
}

TEST(Threading, The_parameter_table_may_be_read_from_everywhere) {
    std::vector<std::thread> threads;
    std::atomic<int> rows{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&rows] {
            aim_parameter_info info;
            for (int32_t row = 0; row < aim_parameter_count(); ++row) {
                rows += aim_parameter_info_at(row, &info) == AIM_OK ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(4 * aim_parameter_count(), rows.load());
}

TEST(Threading, Genres_may_be_pinned_released_and_read_while_the_stream_runs) {
    StripUnderTest strip;
    run_beside_audio(strip, [&] {
        std::thread other([&] {
            for (int i = 0; i < 2000; ++i) {
                const int32_t genre = i % 3 == 0 ? i / 3 % aim_profile_count() : static_cast<int32_t>(AIM_GENRE_AUTO);
                EXPECT_EQ(AIM_OK, aim_strip_set_genre(strip.handle(), genre));
                const float weights[AIM_GENRE_COUNT] = {1, static_cast<float>(i % 2), 1, 0, 2};
                EXPECT_EQ(AIM_OK, aim_strip_set_genre_weights(strip.handle(), weights));
            }
        });
        uint64_t frames = 0;
        for (int i = 0; i < 3000; ++i) {
            aim_genre_reading reading;
            ASSERT_EQ(AIM_OK, aim_strip_genre(strip.handle(), &reading));
            float sum = 0;
            for (const float p : reading.probabilities) sum += p;
            ASSERT_TRUE(sum == 0 || std::abs(sum - 1) < 1e-4) << sum;
            aim_genre_event events[AIM_GENRE_EVENTS_MAX];
            uint32_t count = 0;
            ASSERT_EQ(AIM_OK, aim_strip_genre_events(strip.handle(), 0, events, AIM_GENRE_EVENTS_MAX, &count));
            for (uint32_t n = 0; n + 1 < count; ++n) ASSERT_EQ(events[n].sequence + 1, events[n + 1].sequence);
            frames = reading.frames > frames ? reading.frames : frames;
        }
        other.join();
    });
}

}  // namespace
}  // namespace threading_test
