// The parameter table: the single source for C#, REST, JSON and the stages.
#pragma once

#include <atomic>

#include "ai_mixer_core.h"

namespace aim {

inline constexpr int32_t kParameterCount = 32;
extern const aim_parameter_info kParameters[kParameterCount];

// Row of a parameter, -1 when there is none.
int32_t parameter_index(int32_t id);
// Row by text id, -1 when there is none.
int32_t parameter_index(const char* key);
// False for NaN and anything outside the row's range; switches take 0 and 1 only.
bool parameter_accepts(const aim_parameter_info& info, float value);

// The values of one strip. Written from any thread, read by the audio thread: wait-free.
class ParameterValues {
public:
    ParameterValues() {
        for (int32_t i = 0; i < kParameterCount; ++i) values_[i].store(kParameters[i].default_value);
    }

    void set(int32_t index, float value) {
        values_[index].store(value, std::memory_order_relaxed);
        changes_.fetch_add(1, std::memory_order_release);
    }
    float get(int32_t index) const { return values_[index].load(std::memory_order_relaxed); }
    // By pinned id, for ids that exist.
    float of(aim_parameter_id id) const { return get(parameter_index((int32_t)id)); }
    bool on(aim_parameter_id id) const { return of(id) != 0.0f; }
    // Counts the changes; differs from an earlier count when anything was set since.
    uint32_t changes() const { return changes_.load(std::memory_order_acquire); }

private:
    std::atomic<float> values_[kParameterCount];
    std::atomic<uint32_t> changes_{1};
    static_assert(std::atomic<float>::is_always_lock_free);
};

}  // namespace aim
