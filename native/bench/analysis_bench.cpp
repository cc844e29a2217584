// Time of one FFT and of one MFCC frame.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <vector>

#include "ai_mixer_core.h"

namespace {

std::vector<float> noise(size_t count) {
    std::mt19937 generator(1);
    std::vector<float> samples(count);
    for (float& x : samples) x = (float)((double)generator() / 2147483648.0 - 1.0);
    return samples;
}

void real_fft(benchmark::State& state) {
    const auto size = (uint32_t)state.range(0);
    aim_fft* fft = nullptr;
    aim_fft_create(size, &fft);
    const std::vector<float> samples = noise(size);
    std::vector<float> spectrum(size + 2);
    for (auto _ : state) {
        aim_fft_forward(fft, samples.data(), spectrum.data());
        benchmark::DoNotOptimize(spectrum.data());
        benchmark::ClobberMemory();
    }
    aim_fft_destroy(fft);
}
BENCHMARK(real_fft)->RangeMultiplier(4)->Range(16, 65536)->Unit(benchmark::kMicrosecond);

// One iteration is one frame: 480 samples of `signal`, 1024 points.
void mfcc_frames(benchmark::State& state, std::vector<float> signal, uint32_t mel_bands, bool features) {
    aim_mfcc_config config;
    aim_mfcc_config_init(&config);
    config.mel_bands = mel_bands;
    aim_mfcc* mfcc = nullptr;
    aim_mfcc_create(&config, &mfcc);
    std::vector<float> coefficients(config.coefficients);
    float centroid_hz = 0.0f;
    float zero_crossing_rate = 0.0f;
    uint32_t frames = 0;
    size_t at = 0;
    for (auto _ : state) {
        aim_mfcc_process(mfcc, signal.data() + at, config.hop, coefficients.data(), features ? &centroid_hz : nullptr,
                         features ? &zero_crossing_rate : nullptr, 1, &frames);
        benchmark::DoNotOptimize(coefficients.data());
        at = at + 2 * config.hop <= signal.size() ? at + config.hop : 0;
    }
    aim_mfcc_destroy(mfcc);
}

// Sound that falls 6 dB every 100 samples, through every denormal number, into silence.
std::vector<float> decay() {
    std::vector<float> samples = noise(48000);
    double gain = 1.0;
    for (float& x : samples) {
        x = (float)(x * gain);
        gain *= 0.993;
    }
    return samples;
}

BENCHMARK_CAPTURE(mfcc_frames, noise_26_bands, noise(48000), 26, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(mfcc_frames, noise_40_bands, noise(48000), 40, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(mfcc_frames, noise_40_bands_features, noise(48000), 40, true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(mfcc_frames, silence_40_bands_features, std::vector<float>(48000), 40, true)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(mfcc_frames, decay_40_bands_features, decay(), 40, true)->Unit(benchmark::kMicrosecond);

}  // namespace
