// Cost of the meters per stereo frame, in 20 ms calls as a stream makes them.
#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "dynamics/true_peak_bound.h"
#include "metering/programme_meter.h"

#if __has_include(<ebur128.h>) && defined(AIM_HAVE_EBUR128)
#include <ebur128.h>
#endif

namespace {

constexpr uint32_t kRateHz = 48000;
constexpr uint32_t kCallFrames = 960;
constexpr uint32_t kSeconds = 10;
constexpr uint32_t kFrames = kRateHz * kSeconds;

enum Signal { kSilence, kNoise, kMusic };

std::vector<float> make_channel(int signal, uint32_t seed) {
    std::vector<float> x(kFrames, 0.0f);
    uint32_t state = 12345u + seed;
    auto uniform = [&state] {
        state = state * 1664525u + 1013904223u;
        return (double)state / 4294967296.0 - 0.5;
    };
    for (uint32_t i = 0; i < kFrames; ++i) {
        if (signal == kNoise) {
            // Sum of four: close to Gaussian, -15 dBFS RMS.
            x[i] = (float)(0.31 * (uniform() + uniform() + uniform() + uniform()));
        } else if (signal == kMusic) {
            // Decaying chords, four a second, over a little noise: the crest factor of music.
            const double t = (double)i / kRateHz;
            const double beat = t * 4.0 - std::floor(t * 4.0);
            double sum = 0.02 * uniform();
            for (int k = 1; k <= 5; ++k) sum += std::sin(6.283185307 * 110.0 * k * t + seed) / k;
            x[i] = (float)(0.35 * std::exp(-3.0 * beat) * sum);
        }
    }
    return x;
}

void report_frames(benchmark::State& state) {
    const double frames = (double)state.iterations() * kCallFrames;
    state.counters["ns_per_frame"] =
        benchmark::Counter(frames * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// Everything, and read after every call.
void ProgrammeMeter(benchmark::State& state) {
    const std::vector<float> left = make_channel((int)state.range(0), 1);
    const std::vector<float> right = make_channel((int)state.range(0), 2);
    static aim::ProgrammeMeter meter;
    meter.prepare({kRateHz, 2});
    uint32_t at = 0;
    for (auto _ : state) {
        const float* channels[2] = {left.data() + at, right.data() + at};
        meter.process(channels, kCallFrames);
        aim_loudness loudness;
        meter.read(&loudness);
        benchmark::DoNotOptimize(loudness);
        at = (at + kCallFrames) % kFrames;
    }
    report_frames(state);
}
BENCHMARK(ProgrammeMeter)->ArgName("signal")->Arg(kSilence)->Arg(kNoise)->Arg(kMusic);

void TruePeakMeter(benchmark::State& state) {
    const std::vector<float> left = make_channel((int)state.range(0), 1);
    const std::vector<float> right = make_channel((int)state.range(0), 2);
    aim::TruePeakMeter meters[2];
    uint32_t at = 0;
    for (auto _ : state) {
        meters[0].process(left.data() + at, kCallFrames);
        meters[1].process(right.data() + at, kCallFrames);
        benchmark::DoNotOptimize(meters);
        at = (at + kCallFrames) % kFrames;
    }
    report_frames(state);
}
BENCHMARK(TruePeakMeter)->ArgName("signal")->Arg(kSilence)->Arg(kNoise)->Arg(kMusic);

// What the limiter pays: bounds of two channels, without and with a threshold that most quanta stay below.
void TruePeakBound(benchmark::State& state) {
    const std::vector<float> left = make_channel((int)state.range(0), 1);
    const std::vector<float> right = make_channel((int)state.range(0), 2);
    const float threshold = (float)state.range(1) * 0.01f;
    aim::TruePeakBound bounds[2];
    uint32_t at = 0;
    float bound[2][aim::kQuantumFrames];
    for (auto _ : state) {
        for (uint32_t i = 0; i < kCallFrames; i += aim::kQuantumFrames) {
            bounds[0].process(left.data() + at + i, 1, bound[0], threshold);
            bounds[1].process(right.data() + at + i, 1, bound[1], threshold);
            benchmark::DoNotOptimize(bound);
        }
        at = (at + kCallFrames) % kFrames;
    }
    report_frames(state);
}
BENCHMARK(TruePeakBound)
    ->ArgNames({"signal", "threshold_percent"})
    ->Args({kNoise, 0})
    ->Args({kNoise, 97})
    ->Args({kMusic, 97});

#if defined(EBUR128_VERSION_MAJOR)
void Libebur128(benchmark::State& state) {
    const std::vector<float> left = make_channel((int)state.range(0), 1);
    const std::vector<float> right = make_channel((int)state.range(0), 2);
    std::vector<float> interleaved(kFrames * 2);
    for (uint32_t i = 0; i < kFrames; ++i) {
        interleaved[2 * i] = left[i];
        interleaved[2 * i + 1] = right[i];
    }
    const int mode = EBUR128_MODE_I | EBUR128_MODE_HISTOGRAM | (state.range(1) != 0 ? EBUR128_MODE_TRUE_PEAK : 0);
    ebur128_state* meter = ebur128_init(2, kRateHz, mode);
    uint32_t at = 0;
    for (auto _ : state) {
        ebur128_add_frames_float(meter, interleaved.data() + 2 * at, kCallFrames);
        at = (at + kCallFrames) % kFrames;
    }
    ebur128_destroy(&meter);
    report_frames(state);
}
BENCHMARK(Libebur128)->ArgNames({"signal", "true_peak"})->Args({kMusic, 0})->Args({kMusic, 1});
#endif

}  // namespace
