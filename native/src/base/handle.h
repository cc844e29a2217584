// A handle and everything it will ever use, in one zeroed block: created with one allocation, destroyed with free().
#pragma once

#include <cstdlib>
#include <new>
#include <type_traits>

#include "ai_mixer_core.h"
#include "base/arena.h"

namespace aim {

// prepare(handle, arena) takes its memory from the arena; it runs twice, first on a measuring one.
// Returns AIM_OK, AIM_ERROR_OUT_OF_MEMORY.
template <class Handle, class Prepare>
aim_status create_handle(Handle** handle, Prepare prepare) {
    static_assert(std::is_trivially_destructible_v<Handle>);
    constexpr size_t kAlignment = 16;
    constexpr size_t kHandleBytes = (sizeof(Handle) + kAlignment - 1) / kAlignment * kAlignment;

    void* scratch = std::calloc(1, sizeof(Handle));
    if (scratch == nullptr) return AIM_ERROR_OUT_OF_MEMORY;
    Arena measure;
    prepare(*new (scratch) Handle, measure);
    std::free(scratch);

    auto* block = static_cast<unsigned char*>(std::calloc(1, kHandleBytes + measure.used()));
    if (block == nullptr) return AIM_ERROR_OUT_OF_MEMORY;
    auto* created = new (block) Handle;
    Arena arena(block + kHandleBytes);
    prepare(*created, arena);
    *handle = created;
    return AIM_OK;
}

}  // namespace aim
