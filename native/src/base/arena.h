// One block of memory, handed out in pieces while a handle is prepared; nothing is allocated afterwards.
//
// Prepare runs twice over the same code: once with an empty arena, which only adds up the sizes, and once with the
// block of that size. Pieces are zeroed and aligned to 16 bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace aim {

class Arena {
public:
    // Measures only: take() returns null.
    Arena() = default;
    // Hands out `block`, zeroed memory aligned to 16 bytes.
    explicit Arena(void* block) : base_(static_cast<unsigned char*>(block)) {}

    template <class T>
    T* take(size_t count) {
        static_assert(alignof(T) <= kAlignment);
        unsigned char* piece = base_ != nullptr ? base_ + used_ : nullptr;
        used_ += (count * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
        return reinterpret_cast<T*>(piece);
    }

    bool measuring() const { return base_ == nullptr; }
    size_t used() const { return used_; }

private:
    static constexpr size_t kAlignment = 16;
    unsigned char* base_ = nullptr;
    size_t used_ = 0;
};

}  // namespace aim
