// Drives meter, FFT and MFCC extractor with whatever the bytes say. Promises checked: no crash, finite results, and
// exactly as many frames as announced.
#include <cmath>

#include "ai_mixer_core.h"
#include "fuzz_input.h"

namespace {

using aim_fuzz::FuzzInput;
using aim_fuzz::require;

void fuzz_mfcc(FuzzInput& input) {
    aim_mfcc_config config;
    aim_mfcc_config_init(&config);
    if (input.byte() < 200) config.fft_size = 16u << input.below(9);
    if (input.byte() < 200) config.window = 16 + input.below(config.fft_size);
    if (input.byte() < 200) config.hop = input.below(2000);
    if (input.byte() < 200) config.mel_bands = input.below(260);
    if (input.byte() < 200) config.coefficients = input.below(64);
    if (input.byte() < 100) config.sample_rate_hz = input.raw<uint32_t>() % 200000;
    if (input.byte() < 50) config.low_hz = input.raw<float>();
    if (input.byte() < 50) config.high_hz = input.raw<float>();
    if (input.byte() < 50) config.floor = input.raw<float>();
    aim_mfcc* mfcc = nullptr;
    const aim_status status = aim_mfcc_create(&config, &mfcc);
    require((status == AIM_OK) == (mfcc != nullptr), "an extractor is made or it is not");
    if (mfcc == nullptr) return;
    for (int call = 0; call < 16 && !input.empty(); ++call) {
        if (input.byte() == 0) require(aim_mfcc_reset(mfcc) == AIM_OK, "reset works");
        std::vector<float> samples(input.below(5000));
        for (size_t i = 0; i < samples.size(); ++i) samples[i] = i < 40 ? input.sample() : samples[i - 40];
        uint32_t announced = 0;
        require(aim_mfcc_frames_for(mfcc, static_cast<uint32_t>(samples.size()), &announced) == AIM_OK,
                "frames are told");
        std::vector<float> rows(static_cast<size_t>(announced) * config.coefficients + 1);
        std::vector<float> centroids(announced + 1);
        std::vector<float> rates(announced + 1);
        uint32_t frames = 0;
        float none = 0;
        require(aim_mfcc_process(mfcc, samples.empty() ? &none : samples.data(), static_cast<uint32_t>(samples.size()),
                                 rows.data(), centroids.data(), rates.data(), announced, &frames) == AIM_OK,
                "extraction works");
        require(frames == announced, "as many frames as announced");
        for (const float x : rows) require(std::isfinite(x), "coefficients are finite");
        for (const float x : centroids) require(x >= 0 && x <= static_cast<float>(config.sample_rate_hz), "centroid");
        for (const float x : rates) require(x >= 0 && x <= 1, "zero-crossing rate");
    }
    aim_mfcc_destroy(mfcc);
}

void fuzz_fft(FuzzInput& input) {
    const uint32_t size = input.byte() < 32 ? input.raw<uint32_t>() : 16u << input.below(9);
    aim_fft* fft = nullptr;
    if (aim_fft_create(size, &fft) != AIM_OK) {
        require(fft == nullptr, "no FFT on failure");
        return;
    }
    std::vector<float> samples(size);
    for (size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(input.byte()) / 128 - 1;
    std::vector<float> spectrum(size + 2);
    require(aim_fft_forward(fft, samples.data(), spectrum.data()) == AIM_OK, "the FFT works");
    for (const float x : spectrum) require(std::isfinite(x), "the spectrum is finite");
    aim_fft_destroy(fft);
}

void fuzz_meter(FuzzInput& input) {
    const uint32_t rate = input.byte() < 32 ? input.raw<uint32_t>() : 48000;
    const uint32_t channels = input.byte() < 32 ? input.raw<uint32_t>() : 1 + input.below(2);
    aim_meter_handle* meter = nullptr;
    if (aim_meter_create(rate, channels, &meter) != AIM_OK) {
        require(meter == nullptr, "no meter on failure");
        return;
    }
    for (int call = 0; call < 16 && !input.empty(); ++call) {
        const uint32_t frames = input.below(3000);
        std::vector<float> samples(static_cast<size_t>(frames) * channels + 1);
        for (size_t i = 0; i < samples.size(); ++i) samples[i] = i < 32 ? input.sample() : samples[i - 32];
        require(aim_meter_add_interleaved(meter, samples.data(), frames) == AIM_OK, "metering works");
        aim_loudness loudness;
        require(aim_meter_read(meter, &loudness) == AIM_OK, "the meter can be read");
        for (const float value :
             {loudness.momentary_lufs, loudness.short_term_lufs, loudness.integrated_lufs, loudness.range_lu,
              loudness.momentary_max_lufs, loudness.short_term_max_lufs, loudness.true_peak_dbtp,
              loudness.sample_peak_dbfs, loudness.rms_dbfs, loudness.current_peak_dbfs, loudness.current_rms_dbfs}) {
            require(value >= AIM_SILENCE_DB && value < 200, "loudness is a sane number");
        }
    }
    aim_meter_destroy(meter);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    FuzzInput input(data, size);
    switch (input.below(4)) {
    case 0:
        fuzz_fft(input);
        break;
    case 1:
        fuzz_meter(input);
        break;
    default:
        fuzz_mfcc(input);
        break;
    }
    return 0;
}
