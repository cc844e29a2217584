// What was asked of a strip, and what of that is allowed.
#pragma once

#include <atomic>

#include "engine/parameter_table.h"

namespace aim {

// Row by text id, -1 when there is none.
int32_t parameter_index(const char* key);
// False for NaN and anything outside the row's range; switches take 0 and 1 only.
bool parameter_accepts(const aim_parameter_info& info, float value);

// What was asked of one strip: a profile, its intensity, and overrides. Written from any thread, read by the audio
// thread: wait-free. A profile is taken up when its counter has moved, which is after its last value was written.
class ParameterValues {
public:
    ParameterValues() {
        for (int32_t i = 0; i < kParameterCount; ++i) {
            profile_[i].store(kParameters[i].info.default_value);
            overrides_[i].store(0.0f);
            overridden_[i].store(0);
        }
    }

    void set(int32_t index, float value) {
        overrides_[index].store(value, std::memory_order_relaxed);
        overridden_[index].store(1, std::memory_order_relaxed);
        changes_.fetch_add(1, std::memory_order_release);
    }
    void release(int32_t index) {
        overridden_[index].store(0, std::memory_order_relaxed);
        changes_.fetch_add(1, std::memory_order_release);
    }
    void set_profile(const float* values, int32_t genre, float morph_ms) {
        for (int32_t i = 0; i < kParameterCount; ++i) profile_[i].store(values[i], std::memory_order_relaxed);
        genre_.store(genre, std::memory_order_relaxed);
        morph_ms_.store(morph_ms, std::memory_order_relaxed);
        profile_changes_.fetch_add(1, std::memory_order_release);
        changes_.fetch_add(1, std::memory_order_release);
    }
    void set_intensity(float percent) {
        intensity_percent_.store(percent, std::memory_order_relaxed);
        changes_.fetch_add(1, std::memory_order_release);
    }

    float get(int32_t index) const { return overridden(index) ? override_of(index) : profile_of(index); }
    float profile_of(int32_t index) const { return profile_[index].load(std::memory_order_relaxed); }
    bool overridden(int32_t index) const { return overridden_[index].load(std::memory_order_relaxed) != 0; }
    float override_of(int32_t index) const { return overrides_[index].load(std::memory_order_relaxed); }
    int32_t genre() const { return genre_.load(std::memory_order_relaxed); }
    float morph_ms() const { return morph_ms_.load(std::memory_order_relaxed); }
    float intensity_percent() const { return intensity_percent_.load(std::memory_order_relaxed); }
    // Count the changes; differ from an earlier count when anything, or the profile, was set since.
    uint32_t changes() const { return changes_.load(std::memory_order_acquire); }
    uint32_t profile_changes() const { return profile_changes_.load(std::memory_order_acquire); }

private:
    std::atomic<float> profile_[kParameterCount];
    std::atomic<float> overrides_[kParameterCount];
    std::atomic<uint32_t> overridden_[kParameterCount];
    std::atomic<float> intensity_percent_{100.0f};
    std::atomic<float> morph_ms_{0.0f};
    std::atomic<int32_t> genre_{AIM_GENRE_NEUTRAL};
    std::atomic<uint32_t> profile_changes_{1};
    std::atomic<uint32_t> changes_{1};
    static_assert(std::atomic<float>::is_always_lock_free);
};

}  // namespace aim
