// The door to the analysis: argument checks, handles, status codes.
#include "ai_mixer_core.h"

#include <cstdlib>
#include <cstring>

#include "analysis/fft.h"
#include "analysis/mfcc.h"
#include "base/handle.h"

struct aim_fft {
    aim::RealFft transform;
};

struct aim_mfcc {
    aim::MfccExtractor extractor;
};

namespace {

// The configuration grows at its end only; callers built against the first version pass this size.
constexpr uint32_t kMfccConfigFirstSize = 40;
static_assert(sizeof(aim_mfcc_config) >= kMfccConfigFirstSize);

}  // namespace

aim_status aim_fft_create(uint32_t size, aim_fft** fft) noexcept {
    if (fft == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *fft = nullptr;
    if (!aim::RealFft::valid(size)) return AIM_ERROR_OUT_OF_RANGE;
    return aim::create_handle(fft,
                              [size](aim_fft& handle, aim::Arena& arena) { handle.transform.prepare(size, arena); });
}

void aim_fft_destroy(aim_fft* fft) noexcept { std::free(fft); }

aim_status aim_fft_forward(aim_fft* fft, const float* samples, float* spectrum) noexcept {
    if (fft == nullptr || samples == nullptr || spectrum == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    fft->transform.forward(samples, spectrum);
    return AIM_OK;
}

aim_status aim_mfcc_config_init(aim_mfcc_config* config) noexcept {
    if (config == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *config = aim::MfccExtractor::default_config();
    return AIM_OK;
}

aim_status aim_mfcc_create(const aim_mfcc_config* config, aim_mfcc** mfcc) noexcept {
    if (mfcc == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *mfcc = nullptr;
    if (config == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (config->struct_size < kMfccConfigFirstSize || config->struct_size > sizeof(aim_mfcc_config)) {
        return AIM_ERROR_STRUCT_SIZE;
    }
    aim_mfcc_config complete = aim::MfccExtractor::default_config();
    std::memcpy(&complete, config, config->struct_size);
    complete.struct_size = sizeof complete;
    if (!aim::MfccExtractor::valid(complete)) return AIM_ERROR_OUT_OF_RANGE;
    return aim::create_handle(
        mfcc, [&complete](aim_mfcc& handle, aim::Arena& arena) { handle.extractor.prepare(complete, arena); });
}

void aim_mfcc_destroy(aim_mfcc* mfcc) noexcept { std::free(mfcc); }

aim_status aim_mfcc_frames_for(const aim_mfcc* mfcc, uint32_t samples, uint32_t* frames) noexcept {
    if (mfcc == nullptr || frames == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *frames = mfcc->extractor.frames_for(samples);
    return AIM_OK;
}

// An empty span has no address in many languages: the input may be NULL when there are no samples, the coefficients
// when there are no frames.
aim_status aim_mfcc_process(aim_mfcc* mfcc, const float* input, uint32_t samples, float* coefficients_out,
                            float* centroid_hz_out, float* zero_crossing_rate_out, uint32_t capacity_frames,
                            uint32_t* frames_out) noexcept {
    if (mfcc == nullptr || frames_out == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (input == nullptr && samples > 0) return AIM_ERROR_NULL_ARGUMENT;
    const uint32_t frames = mfcc->extractor.frames_for(samples);
    if (coefficients_out == nullptr && frames > 0) return AIM_ERROR_NULL_ARGUMENT;
    if (capacity_frames < frames) return AIM_ERROR_BUFFER_TOO_SMALL;
    *frames_out = mfcc->extractor.process(input, samples, coefficients_out, centroid_hz_out, zero_crossing_rate_out);
    return AIM_OK;
}

aim_status aim_mfcc_reset(aim_mfcc* mfcc) noexcept {
    if (mfcc == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    mfcc->extractor.reset();
    return AIM_OK;
}
