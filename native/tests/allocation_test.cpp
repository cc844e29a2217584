// The audio path never allocates: every way to the heap is counted while it runs.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "reference/setups.h"

// glibc lets a program put its own malloc in front of the library's. Sanitizers do that themselves; elsewhere there is
// no such door. Where the counter is missing the tests skip, visibly.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define AIM_TEST_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define AIM_TEST_SANITIZED 1
#endif
#if defined(__GLIBC__) && !defined(AIM_TEST_SANITIZED)
#define AIM_TEST_COUNTS_HEAP 1
#endif

namespace allocation_test {
namespace {
thread_local uint64_t heap_calls = 0;
}

#if defined(AIM_TEST_COUNTS_HEAP)
extern "C" {
void* __libc_malloc(size_t size) noexcept;
void* __libc_calloc(size_t count, size_t size) noexcept;
void* __libc_realloc(void* block, size_t size) noexcept;
void* __libc_memalign(size_t alignment, size_t size) noexcept;
void __libc_free(void* block) noexcept;

void* malloc(size_t size) noexcept {
    ++heap_calls;
    return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) noexcept {
    ++heap_calls;
    return __libc_calloc(count, size);
}
void* realloc(void* block, size_t size) noexcept {
    ++heap_calls;
    return __libc_realloc(block, size);
}
void* memalign(size_t alignment, size_t size) noexcept {
    ++heap_calls;
    return __libc_memalign(alignment, size);
}
void* aligned_alloc(size_t alignment, size_t size) noexcept {
    ++heap_calls;
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** block, size_t alignment, size_t size) noexcept {
    ++heap_calls;
    *block = __libc_memalign(alignment, size);
    return *block == nullptr ? 12 : 0;  // ENOMEM
}
void free(void* block) noexcept {
    ++heap_calls;
    __libc_free(block);
}
}
#endif

namespace {

using namespace aim_test;

class Allocation : public ::testing::Test {
protected:
    void SetUp() override {
#if !defined(AIM_TEST_COUNTS_HEAP)
        GTEST_SKIP() << "no malloc counter in this build: it needs glibc and no sanitizer";
#endif
    }
};

TEST_F(Allocation, The_counter_counts) {
    const uint64_t before = heap_calls;
    void* volatile block = std::malloc(100);
    std::free(block);
    int* volatile number = new int(3);
    delete number;
    EXPECT_EQ(before + 4, heap_calls);
}

TEST_F(Allocation, None_in_anything_that_an_audio_thread_may_call) {
    for (const StripSetup& setup : setups()) {
        StripUnderTest strip(setup.settings, 48000, 2, 960, AIM_METER_INPUT | AIM_METER_OUTPUT);
        aim_strip* const handle = strip.handle();
        Audio audio = programme(48000, 2, 48000);
        uint64_t size = 0;
        ASSERT_EQ(AIM_OK, aim_strip_snapshot_size(handle, &size));
        std::vector<uint8_t> snapshot(size);
        std::vector<float> interleaved(2 * 960, 0.25f);
        aim_strip_metrics metrics;
        aim_genre_reading reading;
        aim_genre_event events[AIM_GENRE_EVENTS_MAX];
        uint32_t event_count = 0;
        bool all_fine = true;
        float value = 0;
        uint32_t latency = 0;

        const uint64_t before = heap_calls;
        all_fine &= aim_strip_set_genre(handle, AIM_GENRE_AUTO) == AIM_OK;
        for (size_t start = 0; start + 960 <= 48000; start += 960) {
            float* channels[] = {audio[0].data() + start, audio[1].data() + start};
            const float wave = static_cast<float>(start % 7) - 3;
            all_fine &= aim_strip_set_parameter(handle, AIM_PARAM_EQ_MID_GAIN_DB, wave) == AIM_OK;
            all_fine &= aim_strip_set_parameter(handle, AIM_PARAM_BYPASS, start % 1920 == 0) == AIM_OK;
            all_fine &= aim_strip_process(handle, channels, channels, 960) == AIM_OK;
            all_fine &= aim_strip_process_interleaved(handle, interleaved.data(), interleaved.data(), 77) == AIM_OK;
            all_fine &= aim_strip_get_metrics(handle, &metrics) == AIM_OK;
            all_fine &= aim_strip_genre(handle, &reading) == AIM_OK;
            all_fine &= aim_strip_genre_events(handle, 0, events, AIM_GENRE_EVENTS_MAX, &event_count) == AIM_OK;
            all_fine &= aim_strip_get_parameter(handle, AIM_PARAM_EQ_MID_GAIN_DB, &value) == AIM_OK;
            all_fine &= aim_strip_latency_frames(handle, &latency) == AIM_OK;
            all_fine &= aim_strip_save(handle, snapshot.data(), size) == AIM_OK;
            all_fine &= aim_strip_restore(handle, snapshot.data(), size) == AIM_OK;
        }
        all_fine &= aim_strip_reset(handle) == AIM_OK;
        all_fine &= aim_strip_set_parameter(handle, AIM_PARAM_LIMITER_LOOKAHEAD_MS, 9) == AIM_OK;
        all_fine &= aim_strip_process_interleaved(handle, interleaved.data(), interleaved.data(), 960) == AIM_OK;
        const uint64_t after = heap_calls;

        EXPECT_TRUE(all_fine) << setup.name;
        EXPECT_EQ(before, after) << setup.name;
    }
}

TEST_F(Allocation, None_in_strips_side_by_side) {
    aim_batch* batch = nullptr;
    ASSERT_EQ(AIM_OK, aim_batch_create(3, &batch));
    StripUnderTest first, second({}, 48000, 1), third;
    aim_strip* const strips[] = {first.handle(), second.handle(), third.handle()};
    std::vector<float> samples(5 * 960, 0.25f);
    float* const planar[] = {&samples[0], &samples[960], &samples[1920], &samples[2880], &samples[3840]};
    float* const interleaved[] = {&samples[0], &samples[1920], &samples[2880]};
    bool all_fine = true;

    const uint64_t before = heap_calls;
    for (int i = 0; i < 10; ++i) {
        all_fine &= aim_batch_process(batch, strips, 3, planar, planar, 960) == AIM_OK;
        all_fine &= aim_batch_process_interleaved(batch, strips, 3, interleaved, interleaved, 77) == AIM_OK;
    }
    const uint64_t after = heap_calls;

    EXPECT_TRUE(all_fine);
    EXPECT_EQ(before, after);
    aim_batch_destroy(batch);
}

TEST_F(Allocation, None_in_meter_and_analysis) {
    aim_meter_handle* meter = nullptr;
    ASSERT_EQ(AIM_OK, aim_meter_create(48000, 2, &meter));
    aim_mfcc_config config;
    ASSERT_EQ(AIM_OK, aim_mfcc_config_init(&config));
    aim_mfcc* mfcc = nullptr;
    ASSERT_EQ(AIM_OK, aim_mfcc_create(&config, &mfcc));
    aim_fft* fft = nullptr;
    ASSERT_EQ(AIM_OK, aim_fft_create(1024, &fft));
    const std::vector<float> noise = to_float(white_noise(-6, 48000, 1));
    std::vector<float> spectrum(1026);
    std::vector<float> coefficients(200 * 13);
    aim_classifier* classifier = nullptr;
    ASSERT_EQ(AIM_OK, aim_classifier_create(48000, 2, &classifier));
    aim_loudness loudness;
    aim_genre_reading reading;
    float probabilities[AIM_GENRE_COUNT] = {};
    uint32_t frames = 0;
    bool all_fine = true;

    const uint64_t before = heap_calls;
    for (int i = 0; i < 10; ++i) {
        all_fine &= aim_meter_add_interleaved(meter, noise.data(), 24000) == AIM_OK;
        all_fine &= aim_meter_read(meter, &loudness) == AIM_OK;
        all_fine &=
            aim_mfcc_process(mfcc, noise.data(), 48000, coefficients.data(), nullptr, nullptr, 200, &frames) == AIM_OK;
        all_fine &= aim_classifier_add_interleaved(classifier, noise.data(), 24000) == AIM_OK;
        all_fine &= aim_classifier_hear(classifier, probabilities) == AIM_OK;
        all_fine &= aim_classifier_read(classifier, &reading) == AIM_OK;
        all_fine &= aim_classify_frames(coefficients.data(), frames, AIM_GENRE_COEFFICIENTS, probabilities) == AIM_OK;
        all_fine &= aim_fft_forward(fft, noise.data(), spectrum.data()) == AIM_OK;
    }
    all_fine &= aim_meter_reset(meter) == AIM_OK;
    all_fine &= aim_mfcc_reset(mfcc) == AIM_OK;
    const uint64_t after = heap_calls;

    EXPECT_TRUE(all_fine);
    EXPECT_EQ(before, after);
    aim_meter_destroy(meter);
    aim_mfcc_destroy(mfcc);
    aim_fft_destroy(fft);
    aim_classifier_destroy(classifier);
}

}  // namespace
}  // namespace allocation_test
