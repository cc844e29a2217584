// Speed of the strip: each stage alone and the chain, in frames of 20 ms as a live stream would send them.
// Read them as shares of real time and against each other; absolute figures belong to the machine.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "ai_mixer_core.h"

namespace {

constexpr uint32_t kRate = 48000;
constexpr uint32_t kFrame = 960;
constexpr uint32_t kFramesOfSignal = 250;  // 5 s: larger than the caches hold closely, short enough to repeat

enum class Signal { kMusic, kNoise, kSilence, kDecay };

const char* name_of(Signal signal) {
    switch (signal) {
    case Signal::kMusic:
        return "music";
    case Signal::kNoise:
        return "noise";
    case Signal::kSilence:
        return "silence";
    case Signal::kDecay:
        return "decay";
    }
    return "";
}

class Noise {
public:
    float next() {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<float>(static_cast<int32_t>(state_ >> 32)) / 2147483648.0f;
    }

private:
    uint64_t state_ = 1;
};

// Notes with decaying partials, drum hits, short pauses; or one decay that dives below the smallest normal float.
std::vector<float> synthesise(Signal signal, uint32_t channel) {
    const size_t total = static_cast<size_t>(kFrame) * kFramesOfSignal;
    std::vector<float> samples(total, 0.0f);
    Noise noise;
    for (size_t i = 0; i < total; ++i) {
        const double beat = std::fmod(static_cast<double>(i) / kRate, 0.5);
        const double note_hz = 110.0 * (1 + static_cast<double>((i / (kRate / 2)) % 5 + channel) / 4);
        switch (signal) {
        case Signal::kMusic: {
            double x = 0;
            for (int k = 1; k <= 5; ++k) {
                x += std::sin(6.283185307179586 * k * note_hz * beat) * std::exp(-beat * (4 + k)) / k;
            }
            x += noise.next() * std::exp(-beat * 60);
            samples[i] = static_cast<float>(0.45 * x);
            break;
        }
        case Signal::kNoise:
            samples[i] = noise.next() * 0.9f;
            break;
        case Signal::kSilence:
            break;
        case Signal::kDecay:
            samples[i] = noise.next() * static_cast<float>(std::exp(-200.0 * static_cast<double>(i) / total));
            break;
        }
    }
    return samples;
}

const std::vector<float>& signal_of(Signal signal, uint32_t channel) {
    static const std::vector<std::vector<float>> all = [] {
        std::vector<std::vector<float>> result;
        for (const Signal s : {Signal::kMusic, Signal::kNoise, Signal::kSilence, Signal::kDecay}) {
            for (uint32_t c = 0; c < 2; ++c) result.push_back(synthesise(s, c));
        }
        return result;
    }();
    return all[static_cast<size_t>(signal) * 2 + channel];
}

struct Setting {
    int32_t id;
    float value;
};

using Settings = std::vector<Setting>;

const Settings kNothing = {{AIM_PARAM_GATE_ENABLED, 0},
                           {AIM_PARAM_COMPRESSOR_ENABLED, 0},
                           {AIM_PARAM_EQ_ENABLED, 0},
                           {AIM_PARAM_LIMITER_ENABLED, 0},
                           {AIM_PARAM_LEVELER_ENABLED, 0}};
const Settings kTone = {{AIM_PARAM_EQ_LOW_GAIN_DB, 3}, {AIM_PARAM_EQ_MID_GAIN_DB, -2}, {AIM_PARAM_EQ_HIGH_GAIN_DB, 2}};
const Settings kPushed = {{AIM_PARAM_LIMITER_INPUT_GAIN_DB, 6}};

Settings alone(int32_t enabled, const Settings& more = {}) {
    Settings settings = kNothing;
    settings.push_back({enabled, 1});
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
}

Settings chain(float true_peak) {
    Settings settings = kTone;
    settings.insert(settings.end(), kPushed.begin(), kPushed.end());
    settings.push_back({AIM_PARAM_LIMITER_TRUE_PEAK, true_peak});
    return settings;
}

void run(benchmark::State& state, const Settings& settings, uint32_t channels, uint32_t meters, int32_t genre,
         Signal signal) {
    aim_strip_config config;
    aim_strip_config_init(&config);
    config.channels = channels;
    config.meters = meters;
    aim_strip* strip = nullptr;
    if (aim_strip_create(&config, &strip) != AIM_OK) {
        state.SkipWithError("no strip");
        return;
    }
    aim_strip_set_genre(strip, genre);
    for (const Setting& setting : settings) aim_strip_set_parameter(strip, setting.id, setting.value);

    std::vector<float> output[2] = {std::vector<float>(kFrame), std::vector<float>(kFrame)};
    float* out[] = {output[0].data(), output[1].data()};
    const float* source[] = {signal_of(signal, 0).data(), signal_of(signal, 1).data()};
    uint32_t at = 0;
    std::vector<double> times_us;
    times_us.reserve(1u << 20);
    for (auto _ : state) {
        const float* in[] = {source[0] + static_cast<size_t>(at) * kFrame,
                             source[1] + static_cast<size_t>(at) * kFrame};
        const auto start = std::chrono::steady_clock::now();
        aim_strip_process(strip, in, out, kFrame);
        const auto end = std::chrono::steady_clock::now();
        benchmark::DoNotOptimize(output[0].data());
        benchmark::ClobberMemory();
        if (times_us.size() < times_us.capacity()) {
            times_us.push_back(std::chrono::duration<double, std::micro>(end - start).count());
        }
        at = at + 1 == kFramesOfSignal ? 0 : at + 1;
    }
    aim_strip_destroy(strip);

    std::sort(times_us.begin(), times_us.end());
    const auto share_of_deadline = [&](double quantile) {
        const auto index = static_cast<size_t>(quantile * static_cast<double>(times_us.size() - 1));
        return 100 * times_us[index] / (1e6 * kFrame / kRate);
    };
    const double frames = static_cast<double>(state.iterations()) * kFrame;
    state.counters["per_frame"] = benchmark::Counter(frames, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["x_real_time"] = benchmark::Counter(frames / kRate, benchmark::Counter::kIsRate);
    state.counters["p50_%"] = share_of_deadline(0.5);
    state.counters["p99_%"] = share_of_deadline(0.99);
    state.counters["max_%"] = share_of_deadline(1);
    state.SetLabel(name_of(signal));
}

struct Case {
    const char* name;
    Settings settings;
    uint32_t channels;
    uint32_t meters;
    int32_t genre = AIM_GENRE_NEUTRAL;
};

int register_all() {
    const std::vector<Case> cases = {
        {"strip/everything_off/stereo", kNothing, 2, 0},
        {"strip/high_pass/stereo", alone(AIM_PARAM_HIGH_PASS_ENABLED), 2, 0},
        {"strip/gate/stereo", alone(AIM_PARAM_GATE_ENABLED), 2, 0},
        {"strip/compressor/stereo", alone(AIM_PARAM_COMPRESSOR_ENABLED), 2, 0},
        {"strip/equalizer/stereo", alone(AIM_PARAM_EQ_ENABLED, kTone), 2, 0},
        {"strip/leveler/stereo", alone(AIM_PARAM_LEVELER_ENABLED), 2, 0},
        {"strip/de_esser/stereo", alone(AIM_PARAM_DE_ESSER_ENABLED), 2, 0},
        {"strip/saturator/stereo",
         alone(AIM_PARAM_SATURATOR_ENABLED, {{AIM_PARAM_SATURATOR_DRIVE_DB, 2}, {AIM_PARAM_SATURATOR_WET_PERCENT, 25}}),
         2, 0},
        {"strip/stereo_width/stereo",
         alone(AIM_PARAM_STEREO_ENABLED, {{AIM_PARAM_STEREO_WIDTH, 1.25f}, {AIM_PARAM_STEREO_MONO_BELOW_HZ, 120}}), 2,
         0},
        {"strip/limiter_sample_peak/stereo",
         alone(AIM_PARAM_LIMITER_ENABLED, {{AIM_PARAM_LIMITER_TRUE_PEAK, 0}, {AIM_PARAM_LIMITER_INPUT_GAIN_DB, 6}}), 2,
         0},
        {"strip/limiter_true_peak/stereo", alone(AIM_PARAM_LIMITER_ENABLED, kPushed), 2, 0},
        {"strip/chain_sample_peak/mono", chain(0), 1, 0},
        {"strip/chain_sample_peak/stereo", chain(0), 2, 0},
        {"strip/chain_true_peak/mono", chain(1), 1, 0},
        {"strip/chain_true_peak/stereo", chain(1), 2, 0},
        {"strip/chain_true_peak_and_meters/stereo", chain(1), 2, AIM_METER_OUTPUT},
        {"strip/genre_speech/stereo", {}, 2, 0, AIM_GENRE_SPEECH},
        {"strip/genre_rock/stereo", {}, 2, 0, AIM_GENRE_ROCK},
        {"strip/genre_jazz/stereo", {}, 2, 0, AIM_GENRE_JAZZ},
        {"strip/genre_electronic/stereo", {}, 2, 0, AIM_GENRE_ELECTRONIC},
        {"strip/genre_classical/stereo", {}, 2, 0, AIM_GENRE_CLASSICAL},
    };
    for (const Case& c : cases) {
        for (const Signal signal : {Signal::kMusic, Signal::kNoise, Signal::kSilence, Signal::kDecay}) {
            benchmark::RegisterBenchmark((std::string(c.name) + "/" + name_of(signal)).c_str(),
                                         [c, signal](benchmark::State& state) {
                                             run(state, c.settings, c.channels, c.meters, c.genre, signal);
                                         });
        }
    }
    return 0;
}

[[maybe_unused]] const int kRegistered = register_all();

}  // namespace
