// A value that the audio thread publishes and any thread may read: one consistent copy, the writer never waits.
//
// A sequence lock over relaxed atomic words (Boehm, "Can seqlocks get along with programming language memory models?",
// MSPC 2012): odd while writing; a reader that saw a change reads again.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace aim {

template <class T>
class Published {
public:
    void publish(const T& value) {
        uint64_t words[kWords];
        std::memcpy(words, &value, sizeof value);
        const uint32_t sequence = sequence_.load(std::memory_order_relaxed);
        sequence_.store(sequence + 1, std::memory_order_relaxed);
        std::atomic_thread_fence(std::memory_order_release);
        for (uint32_t i = 0; i < kWords; ++i) words_[i].store(words[i], std::memory_order_relaxed);
        sequence_.store(sequence + 2, std::memory_order_release);
    }

    T read() const {
        uint64_t words[kWords];
        uint32_t before = 0;
        uint32_t after = 0;
        do {
            before = sequence_.load(std::memory_order_acquire);
            for (uint32_t i = 0; i < kWords; ++i) words[i] = words_[i].load(std::memory_order_relaxed);
            std::atomic_thread_fence(std::memory_order_acquire);
            after = sequence_.load(std::memory_order_relaxed);
        } while (before != after || (before & 1) != 0);
        T value;
        std::memcpy(&value, words, sizeof value);
        return value;
    }

private:
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(uint64_t) == 0);
    static constexpr uint32_t kWords = sizeof(T) / sizeof(uint64_t);

    std::atomic<uint32_t> sequence_{0};
    std::atomic<uint64_t> words_[kWords] = {};
};

}  // namespace aim
