// What was asked of a strip, and what of that is allowed.
#pragma once

#include <atomic>

#include "engine/profiles.h"

namespace aim {

// Row by text id, -1 when there is none.
int32_t parameter_index(const char* key);
// False for NaN and anything outside the row's range; switches take 0 and 1 only.
bool parameter_accepts(const aim_parameter_info& info, float value);

// How long the move to a genre takes. Speech is recognised late enough as it is.
inline float morph_ms_to(int32_t genre) { return genre == AIM_GENRE_SPEECH ? 500.0f : 1000.0f; }

// What was asked of one strip: a profile, its intensity, and overrides. Written from any thread, read by the audio
// thread: wait-free. A profile is taken up when its counter has moved, which is after its last value was written.
//
// A strip that follows what it recognises has the built-in profile of the genre chosen last, which the audio thread
// chooses; what was set before waits beneath, and is where listening starts again after a reset.
class ParameterValues {
public:
    ParameterValues() {
        for (std::atomic<float>& weight : weights_) weight.store(1.0f);
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
        follows_.store(0, std::memory_order_relaxed);
        count_profile_change();
    }
    // Follows what is recognised, from `genre` on.
    void follow(int32_t genre) {
        chosen_.store(genre, std::memory_order_relaxed);
        follows_.store(1, std::memory_order_relaxed);
        beginnings_.fetch_add(1, std::memory_order_relaxed);
        count_profile_change();
    }
    // What was recognised. [audio thread]
    void choose(int32_t genre) {
        chosen_.store(genre, std::memory_order_relaxed);
        count_profile_change();
    }
    void set_weights(const float* weights) {
        for (int32_t i = 0; i < AIM_GENRE_COUNT; ++i) weights_[i].store(weights[i], std::memory_order_relaxed);
    }
    void set_intensity(float percent) {
        intensity_percent_.store(percent, std::memory_order_relaxed);
        changes_.fetch_add(1, std::memory_order_release);
    }

    float get(int32_t index) const { return overridden(index) ? override_of(index) : profile_of(index); }
    float profile_of(int32_t index) const {
        const bool is_setup = (kParameters[index].info.flags & AIM_PARAMETER_SETUP) != 0;
        if (follows() && !is_setup) return aim::profile_of(chosen_.load(std::memory_order_relaxed)).values[index];
        return set_profile_of(index);
    }
    // What was set, also while the strip follows what it recognises.
    float set_profile_of(int32_t index) const { return profile_[index].load(std::memory_order_relaxed); }
    bool overridden(int32_t index) const { return overridden_[index].load(std::memory_order_relaxed) != 0; }
    float override_of(int32_t index) const { return overrides_[index].load(std::memory_order_relaxed); }
    // The genre of the profile in use; -1 for a profile of the caller's.
    int32_t genre() const { return follows() ? chosen_.load(std::memory_order_relaxed) : set_genre(); }
    int32_t set_genre() const { return genre_.load(std::memory_order_relaxed); }
    // Where listening starts.
    int32_t first_genre() const { return set_genre() >= 0 ? set_genre() : AIM_GENRE_NEUTRAL; }
    bool follows() const { return follows_.load(std::memory_order_relaxed) != 0; }
    // Counts how often it began to.
    uint32_t beginnings() const { return beginnings_.load(std::memory_order_relaxed); }
    float weight(int32_t index) const { return weights_[index].load(std::memory_order_relaxed); }
    float morph_ms() const { return follows() ? morph_ms_to(genre()) : morph_ms_.load(std::memory_order_relaxed); }
    float intensity_percent() const { return intensity_percent_.load(std::memory_order_relaxed); }
    // Count the changes; differ from an earlier count when anything, or the profile, was set since.
    uint32_t changes() const { return changes_.load(std::memory_order_acquire); }
    uint32_t profile_changes() const { return profile_changes_.load(std::memory_order_acquire); }

private:
    void count_profile_change() {
        profile_changes_.fetch_add(1, std::memory_order_release);
        changes_.fetch_add(1, std::memory_order_release);
    }

    std::atomic<float> profile_[kParameterCount];
    std::atomic<float> overrides_[kParameterCount];
    std::atomic<uint32_t> overridden_[kParameterCount];
    std::atomic<float> intensity_percent_{100.0f};
    std::atomic<float> morph_ms_{0.0f};
    std::atomic<float> weights_[AIM_GENRE_COUNT];
    std::atomic<int32_t> genre_{AIM_GENRE_NEUTRAL};
    std::atomic<int32_t> chosen_{AIM_GENRE_NEUTRAL};
    std::atomic<uint32_t> follows_{0};
    std::atomic<uint32_t> beginnings_{0};
    std::atomic<uint32_t> profile_changes_{1};
    std::atomic<uint32_t> changes_{1};
    static_assert(std::atomic<float>::is_always_lock_free);
};

}  // namespace aim
