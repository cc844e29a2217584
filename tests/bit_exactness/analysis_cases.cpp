// FFT, MFCC and spectral features.
#include <algorithm>
#include <memory>

#include "ai_mixer_core.h"
#include "cases.h"
#include "check.h"
#include "sha256.h"
#include "signals.h"

namespace bit_exactness {

namespace {

struct FftDeleter {
    void operator()(aim_fft* fft) const { aim_fft_destroy(fft); }
};
struct MfccDeleter {
    void operator()(aim_mfcc* mfcc) const { aim_mfcc_destroy(mfcc); }
};

bool run_fft(std::vector<Result>& results, uint32_t size) {
    aim_fft* created = nullptr;
    AIM_CHECK(aim_fft_create(size, &created));
    const std::unique_ptr<aim_fft, FftDeleter> fft(created);
    std::vector<float> spectrum(size + 2);
    Sha256 hash;
    for (const Signal signal : {Signal::kProgramme, Signal::kNoise, Signal::kImpulses, Signal::kSilence}) {
        const Audio audio = make_signal(signal, 48000, 1, size);
        AIM_CHECK(aim_fft_forward(created, audio[0].data(), spectrum.data()));
        hash.add(spectrum.data(), spectrum.size());
    }
    results.push_back({"fft/" + std::to_string(size), hash.finish(), ""});
    return true;
}

bool run_mfcc(std::vector<Result>& results, const std::string& name, const aim_mfcc_config& config, Signal signal,
              uint32_t block_samples, const std::string& same_as = "") {
    aim_mfcc* created = nullptr;
    AIM_CHECK(aim_mfcc_create(&config, &created));
    const std::unique_ptr<aim_mfcc, MfccDeleter> mfcc(created);
    const uint32_t samples = config.sample_rate_hz * 3 / 2;
    const Audio audio = make_signal(signal, config.sample_rate_hz, 1, samples);
    Sha256 hash;
    for (uint32_t at = 0; at < samples;) {
        const uint32_t count = std::min(block_samples, samples - at);
        uint32_t frames = 0;
        AIM_CHECK(aim_mfcc_frames_for(created, count, &frames));
        // One more than needed: an empty vector has no address.
        std::vector<float> rows((frames + 1) * config.coefficients);
        std::vector<float> centroids(frames + 1);
        std::vector<float> crossings(frames + 1);
        uint32_t written = 0;
        AIM_CHECK(aim_mfcc_process(created, audio[0].data() + at, count, rows.data(), centroids.data(),
                                   crossings.data(), frames, &written));
        if (written != frames) {
            std::fprintf(stderr, "%s: %u frames promised, %u written\n", name.c_str(), frames, written);
            return false;
        }
        for (uint32_t f = 0; f < written; ++f) {
            hash.add(rows.data() + (size_t)f * config.coefficients, config.coefficients);
            hash.add(centroids[f]);
            hash.add(crossings[f]);
        }
        at += count;
    }
    results.push_back({name, hash.finish(), same_as});
    return true;
}

}  // namespace

bool run_analysis(std::vector<Result>& results) {
    for (uint32_t size = 16; size <= 65536; size *= 2) {
        if (!run_fft(results, size)) return false;
    }

    aim_mfcc_config standard;
    AIM_CHECK(aim_mfcc_config_init(&standard));
    if (!run_mfcc(results, "mfcc/default", standard, Signal::kProgramme, 48000)) return false;
    if (!run_mfcc(results, "mfcc/blocks/1", standard, Signal::kProgramme, 1, "mfcc/default")) return false;
    if (!run_mfcc(results, "mfcc/blocks/777", standard, Signal::kProgramme, 777, "mfcc/default")) return false;
    if (!run_mfcc(results, "mfcc/hostile", standard, Signal::kHostile, 960)) return false;
    if (!run_mfcc(results, "mfcc/noise", standard, Signal::kNoise, 960)) return false;

    aim_mfcc_config speech = standard;
    speech.sample_rate_hz = 16000;
    speech.window = 400;
    speech.hop = 160;
    speech.fft_size = 512;
    speech.mel_bands = 26;
    speech.high_hz = 8000.0f;
    if (!run_mfcc(results, "mfcc/speech", speech, Signal::kProgramme, 1000)) return false;

    aim_mfcc_config sparse = standard;
    sparse.sample_rate_hz = 44100;
    sparse.window = 2048;
    sparse.hop = 5000;
    sparse.fft_size = 2048;
    sparse.mel_bands = 128;
    sparse.coefficients = 20;
    return run_mfcc(results, "mfcc/sparse", sparse, Signal::kProgramme, 1000);
}

}  // namespace bit_exactness
