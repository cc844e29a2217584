// The door: argument checks, handles, status codes. No DSP here.
#include "ai_mixer_core.h"

#include <cstdlib>

#include "arguments.h"
#include "base/handle.h"
#include "engine/channel_strip.h"
#include "engine/input_guard.h"
#include "engine/profiles.h"
#include "strip_handle.h"

#ifndef AIM_VERSION_STRING
#error "AIM_VERSION_STRING comes from the build"
#endif
#ifndef AIM_BUILD_INFO
#error "AIM_BUILD_INFO comes from the build"
#endif

struct aim_meter_handle {
    aim::Spec spec;
    aim::ProgrammeMeter meter;

    // Samples of channel c are input[c][i * stride].
    void add(const float* const* input, uint32_t stride, uint32_t frames);
};

namespace {

constexpr uint32_t kMaxFramesLimit = 1048576;
constexpr float kMaxMorphMs = 60000.0f;

// The version with a name before it, by which it is found in a library that cannot be run here.
constexpr char kName[] = "ai_mixer_core " AIM_VERSION_STRING;

bool valid_genre(int32_t genre) { return genre >= 0 && genre < aim::kProfileCount; }

bool valid(const aim_strip_config& config) {
    const uint32_t known_meters = AIM_METER_OUTPUT | AIM_METER_INPUT;
    return aim::valid_format(config.sample_rate_hz, config.channels) && config.max_frames >= 1 &&
           config.max_frames <= kMaxFramesLimit && (config.meters & ~known_meters) == 0;
}

// Room for a chunk on its way into a meter: whole quanta.
constexpr uint32_t kMeterChunkFrames = 240;

}  // namespace

void aim_meter_handle::add(const float* const* input, uint32_t stride, uint32_t frames) {
    float work[AIM_CHANNELS_MAX][kMeterChunkFrames];
    const float* const channels[AIM_CHANNELS_MAX] = {work[0], work[1]};
    for (uint32_t done = 0; done < frames;) {
        const uint32_t count = frames - done < kMeterChunkFrames ? frames - done : kMeterChunkFrames;
        for (uint32_t c = 0; c < spec.channels; ++c) {
            for (uint32_t i = 0; i < count; ++i) work[c][i] = input[c][(size_t)(done + i) * stride];
            aim::silence_damaged(work[c], count);
        }
        meter.process(channels, count);
        done += count;
    }
}

// -------------------------------------------------------------------------------------------------- version, status

int32_t aim_abi_version(void) noexcept { return AIM_ABI_VERSION; }

const char* aim_version_string(void) noexcept { return kName + sizeof kName - sizeof AIM_VERSION_STRING; }

const char* aim_build_info(void) noexcept { return AIM_BUILD_INFO; }

const char* aim_status_message(aim_status status) noexcept {
    switch (status) {
    case AIM_OK:
        return "Done.";
    case AIM_ERROR_NULL_ARGUMENT:
        return "A required pointer was NULL.";
    case AIM_ERROR_OUT_OF_RANGE:
        return "A value lies outside its allowed range.";
    case AIM_ERROR_STRUCT_SIZE:
        return "struct_size is zero or belongs to a newer interface.";
    case AIM_ERROR_UNKNOWN_PARAMETER:
        return "No parameter has this id.";
    case AIM_ERROR_STATE:
        return "A set-up parameter can be set only before processing begins or after a reset.";
    case AIM_ERROR_OUT_OF_MEMORY:
        return "Memory could not be had.";
    case AIM_ERROR_TOO_MANY_FRAMES:
        return "More frames than max_frames were passed in one call.";
    case AIM_ERROR_BUFFER_TOO_SMALL:
        return "The buffer given for results is too small.";
    case AIM_ERROR_SNAPSHOT:
        return "The snapshot is damaged, or was written for another version or configuration.";
    default:
        return "Unknown status.";
    }
}

// ------------------------------------------------------------------------------------------------------- parameters

int32_t aim_parameter_count(void) noexcept { return aim::kParameterCount; }

aim_status aim_parameter_info_at(int32_t index, aim_parameter_info* info) noexcept {
    if (info == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (index < 0 || index >= aim::kParameterCount) return AIM_ERROR_OUT_OF_RANGE;
    *info = aim::kParameters[index].info;
    return AIM_OK;
}

aim_status aim_parameter_find(const char* key, int32_t* id) noexcept {
    if (key == nullptr || id == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    const int32_t index = aim::parameter_index(key);
    if (index < 0) return AIM_ERROR_UNKNOWN_PARAMETER;
    *id = aim::kParameters[index].info.id;
    return AIM_OK;
}

// --------------------------------------------------------------------------------------------------------- profiles

int32_t aim_profile_count(void) noexcept { return aim::kProfileCount; }

aim_status aim_profile_info_of(int32_t genre, aim_profile_info* info) noexcept {
    if (info == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (!valid_genre(genre)) return AIM_ERROR_OUT_OF_RANGE;
    const aim::Profile& profile = aim::profile_of(genre);
    *info = {profile.genre, profile.version, profile.name, profile.description, profile.whole_file_level};
    return AIM_OK;
}

aim_status aim_profile_value(int32_t genre, int32_t id, float* value) noexcept {
    if (value == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (!valid_genre(genre)) return AIM_ERROR_OUT_OF_RANGE;
    const int32_t index = aim::parameter_index(id);
    if (index < 0) return AIM_ERROR_UNKNOWN_PARAMETER;
    *value = aim::profile_of(genre).values[index];
    return AIM_OK;
}

// ---------------------------------------------------------------------------------------------------- channel strip

aim_status aim_strip_config_init(aim_strip_config* config) noexcept {
    if (config == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *config = {sizeof(aim_strip_config), 48000, 2, 960, AIM_METER_OUTPUT};
    return AIM_OK;
}

aim_status aim_strip_create(const aim_strip_config* config, aim_strip** strip) noexcept {
    if (strip == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *strip = nullptr;
    if (config == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (config->struct_size != sizeof(aim_strip_config)) return AIM_ERROR_STRUCT_SIZE;
    if (!valid(*config)) return AIM_ERROR_OUT_OF_RANGE;

    return aim::create_handle(strip,
                              [config](aim_strip& handle, aim::Arena& arena) { handle.strip.prepare(*config, arena); });
}

void aim_strip_destroy(aim_strip* strip) noexcept { std::free(strip); }

aim_status aim_strip_process(aim_strip* strip, const float* const* input, float* const* output,
                             uint32_t frames) noexcept {
    if (strip == nullptr || input == nullptr || output == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    const aim_strip_config& config = strip->strip.config();
    if (aim::any_null(input, config.channels) || aim::any_null(output, config.channels)) return AIM_ERROR_NULL_ARGUMENT;
    if (frames > config.max_frames) return AIM_ERROR_TOO_MANY_FRAMES;
    strip->strip.process(input, output, 1, frames);
    return AIM_OK;
}

aim_status aim_strip_process_interleaved(aim_strip* strip, const float* input, float* output,
                                         uint32_t frames) noexcept {
    if (strip == nullptr || input == nullptr || output == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    const aim_strip_config& config = strip->strip.config();
    if (frames > config.max_frames) return AIM_ERROR_TOO_MANY_FRAMES;
    const float* const from[AIM_CHANNELS_MAX] = {input, input + config.channels - 1};
    float* const to[AIM_CHANNELS_MAX] = {output, output + config.channels - 1};
    strip->strip.process(from, to, config.channels, frames);
    return AIM_OK;
}

aim_status aim_strip_reset(aim_strip* strip) noexcept {
    if (strip == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    strip->strip.reset();
    return AIM_OK;
}

aim_status aim_strip_latency_frames(const aim_strip* strip, uint32_t* frames) noexcept {
    if (strip == nullptr || frames == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *frames = strip->strip.latency_frames();
    return AIM_OK;
}

aim_status aim_strip_set_parameter(aim_strip* strip, int32_t id, float value) noexcept {
    if (strip == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    return strip->strip.set_parameter(id, value);
}

aim_status aim_strip_release_parameter(aim_strip* strip, int32_t id) noexcept {
    if (strip == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    return strip->strip.release_parameter(id);
}

aim_status aim_strip_set_genre(aim_strip* strip, int32_t genre) noexcept {
    if (strip == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (!valid_genre(genre) && genre != AIM_GENRE_AUTO) return AIM_ERROR_OUT_OF_RANGE;
    strip->strip.set_genre(genre);
    return AIM_OK;
}

aim_status aim_strip_set_genre_weights(aim_strip* strip, const float* weights) noexcept {
    if (strip == nullptr || weights == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (!aim::valid_genre_weights(weights)) return AIM_ERROR_OUT_OF_RANGE;
    strip->strip.set_genre_weights(weights);
    return AIM_OK;
}

aim_status aim_strip_genre(const aim_strip* strip, aim_genre_reading* reading) noexcept {
    if (strip == nullptr || reading == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *reading = strip->strip.genre_reading();
    return AIM_OK;
}

aim_status aim_strip_genre_events(const aim_strip* strip, uint64_t since_sequence, aim_genre_event* events,
                                  uint32_t capacity, uint32_t* count) noexcept {
    if (strip == nullptr || count == nullptr || (events == nullptr && capacity != 0)) return AIM_ERROR_NULL_ARGUMENT;
    *count = strip->strip.genre_events().copy_since(since_sequence, events, capacity);
    return AIM_OK;
}

aim_status aim_strip_set_profile(aim_strip* strip, const float* values, int32_t count, float morph_ms) noexcept {
    if (strip == nullptr || values == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (count != aim::kParameterCount || !(morph_ms >= 0.0f && morph_ms <= kMaxMorphMs)) return AIM_ERROR_OUT_OF_RANGE;
    for (int32_t i = 0; i < count; ++i) {
        if (!aim::parameter_accepts(aim::kParameters[i].info, values[i])) return AIM_ERROR_OUT_OF_RANGE;
    }
    strip->strip.set_profile(values, -1, morph_ms);
    return AIM_OK;
}

aim_status aim_strip_set_intensity(aim_strip* strip, float percent) noexcept {
    if (strip == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (!(percent >= 0.0f && percent <= 100.0f)) return AIM_ERROR_OUT_OF_RANGE;
    strip->strip.set_intensity(percent);
    return AIM_OK;
}

aim_status aim_strip_get_intensity(const aim_strip* strip, float* percent) noexcept {
    if (strip == nullptr || percent == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *percent = strip->strip.intensity_percent();
    return AIM_OK;
}

aim_status aim_strip_get_parameter(const aim_strip* strip, int32_t id, float* value) noexcept {
    if (strip == nullptr || value == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    return strip->strip.get_parameter(id, value);
}

aim_status aim_strip_get_metrics(const aim_strip* strip, aim_strip_metrics* metrics) noexcept {
    if (strip == nullptr || metrics == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *metrics = strip->strip.metrics();
    return AIM_OK;
}

aim_status aim_strip_snapshot_size(const aim_strip* strip, uint64_t* size) noexcept {
    if (strip == nullptr || size == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *size = strip->strip.snapshot_bytes();
    return AIM_OK;
}

aim_status aim_strip_save(const aim_strip* strip, void* buffer, uint64_t size) noexcept {
    if (strip == nullptr || buffer == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (size < strip->strip.snapshot_bytes()) return AIM_ERROR_BUFFER_TOO_SMALL;
    strip->strip.save(static_cast<unsigned char*>(buffer));
    return AIM_OK;
}

aim_status aim_strip_restore(aim_strip* strip, const void* buffer, uint64_t size) noexcept {
    if (strip == nullptr || buffer == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (size < strip->strip.snapshot_bytes()) return AIM_ERROR_SNAPSHOT;
    return strip->strip.restore(static_cast<const unsigned char*>(buffer));
}

// --------------------------------------------------------------------------------------------------- loudness meter

aim_status aim_meter_create(uint32_t sample_rate_hz, uint32_t channels, aim_meter_handle** meter) noexcept {
    if (meter == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *meter = nullptr;
    if (!aim::valid_format(sample_rate_hz, channels)) return AIM_ERROR_OUT_OF_RANGE;
    const aim::Spec spec = {sample_rate_hz, channels};
    return aim::create_handle(meter, [&spec](aim_meter_handle& handle, aim::Arena&) {
        handle.spec = spec;
        handle.meter.prepare(spec);
        handle.meter.reset();
    });
}

void aim_meter_destroy(aim_meter_handle* meter) noexcept { std::free(meter); }

aim_status aim_meter_add(aim_meter_handle* meter, const float* const* input, uint32_t frames) noexcept {
    if (meter == nullptr || input == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (aim::any_null(input, meter->spec.channels)) return AIM_ERROR_NULL_ARGUMENT;
    meter->add(input, 1, frames);
    return AIM_OK;
}

aim_status aim_meter_add_interleaved(aim_meter_handle* meter, const float* input, uint32_t frames) noexcept {
    if (meter == nullptr || input == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    const float* const channels[AIM_CHANNELS_MAX] = {input, input + meter->spec.channels - 1};
    meter->add(channels, meter->spec.channels, frames);
    return AIM_OK;
}

aim_status aim_meter_read(const aim_meter_handle* meter, aim_loudness* loudness) noexcept {
    if (meter == nullptr || loudness == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    meter->meter.read(loudness);
    return AIM_OK;
}

aim_status aim_meter_reset(aim_meter_handle* meter) noexcept {
    if (meter == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    meter->meter.reset();
    return AIM_OK;
}
