// Turns the fuzzer's bytes into values; past the end everything is zero, so that every input is a whole story.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace aim_fuzz {

class FuzzInput {
public:
    FuzzInput(const uint8_t* data, size_t size) : data_(data), size_(size) {}

    bool empty() const { return position_ >= size_; }
    uint8_t byte() { return empty() ? 0 : data_[position_++]; }

    template <class Value>
    Value raw() {
        uint8_t bytes[sizeof(Value)];
        for (uint8_t& b : bytes) b = byte();
        Value value;
        std::memcpy(&value, bytes, sizeof value);
        return value;
    }

    uint32_t below(uint32_t limit) { return raw<uint32_t>() % limit; }

    // Mostly music-like levels, sometimes any bit pattern at all.
    float sample() {
        const uint8_t kind = byte();
        if (kind < 8) return raw<float>();
        return (static_cast<float>(kind) - 128) * (kind % 3 == 0 ? 1.0f / 16 : 1.0f / 128);
    }

private:
    const uint8_t* data_;
    size_t size_;
    size_t position_ = 0;
};

// Stops the fuzzer with the line at fault.
inline void require(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

}  // namespace aim_fuzz
