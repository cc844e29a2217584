// The door for strips side by side: argument checks, handles, status codes. No DSP here.
#include "ai_mixer_core.h"

#include <cstdlib>

#include "arguments.h"
#include "base/handle.h"
#include "strip_handle.h"

struct aim_batch {
    using Stream = aim::ChannelStrip::Stream;

    uint32_t max_strips;
    Stream* streams;
};

namespace {

// Whether each of them is there, takes so many frames and is listed once.
aim_status check(aim_strip* const* strips, uint32_t count, uint32_t frames) {
    for (uint32_t i = 0; i < count; ++i) {
        if (strips[i] == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    }
    for (uint32_t i = 0; i < count; ++i) {
        if (frames > strips[i]->strip.config().max_frames) return AIM_ERROR_TOO_MANY_FRAMES;
    }
    uint32_t met = 0;
    while (met < count && !strips[met]->listed) strips[met++]->listed = true;
    for (uint32_t i = 0; i < met; ++i) strips[i]->listed = false;
    return met == count ? AIM_OK : AIM_ERROR_OUT_OF_RANGE;
}

// What every way in asks first.
aim_status check(const aim_batch* batch, aim_strip* const* strips, uint32_t count, const float* const* input,
                 float* const* output, uint32_t frames) {
    if (batch == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (count > batch->max_strips) return AIM_ERROR_OUT_OF_RANGE;
    if (count != 0 && (strips == nullptr || input == nullptr || output == nullptr)) return AIM_ERROR_NULL_ARGUMENT;
    return check(strips, count, frames);
}

}  // namespace

aim_status aim_batch_create(uint32_t max_strips, aim_batch** batch) noexcept {
    if (batch == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *batch = nullptr;
    if (max_strips < 1 || max_strips > AIM_BATCH_STRIPS_MAX) return AIM_ERROR_OUT_OF_RANGE;
    return aim::create_handle(batch, [max_strips](aim_batch& handle, aim::Arena& arena) {
        handle.max_strips = max_strips;
        handle.streams = arena.take<aim_batch::Stream>(max_strips);
    });
}

void aim_batch_destroy(aim_batch* batch) noexcept { std::free(batch); }

aim_status aim_batch_process(aim_batch* batch, aim_strip* const* strips, uint32_t count, const float* const* input,
                             float* const* output, uint32_t frames) noexcept {
    const aim_status status = check(batch, strips, count, input, output, frames);
    if (status != AIM_OK) return status;
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; ++i) at += strips[i]->strip.config().channels;
    if (aim::any_null(input, at) || aim::any_null(output, at)) return AIM_ERROR_NULL_ARGUMENT;
    at = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t channels = strips[i]->strip.config().channels;
        const uint32_t last = at + channels - 1;
        batch->streams[i] = {&strips[i]->strip, {input[at], input[last]}, {output[at], output[last]}, 1, 0};
        at += channels;
    }
    aim::ChannelStrip::process_together(batch->streams, count, frames);
    return AIM_OK;
}

aim_status aim_batch_process_interleaved(aim_batch* batch, aim_strip* const* strips, uint32_t count,
                                         const float* const* input, float* const* output, uint32_t frames) noexcept {
    const aim_status status = check(batch, strips, count, input, output, frames);
    if (status != AIM_OK) return status;
    if (aim::any_null(input, count) || aim::any_null(output, count)) return AIM_ERROR_NULL_ARGUMENT;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t channels = strips[i]->strip.config().channels;
        const uint32_t last = channels - 1;
        batch->streams[i] = {
            &strips[i]->strip, {input[i], input[i] + last}, {output[i], output[i] + last}, channels, 0};
    }
    aim::ChannelStrip::process_together(batch->streams, count, frames);
    return AIM_OK;
}
