// The whole strip: its mean cost, its worst block, and many of them on one core.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "ai_mixer_core.h"
#include "compare.h"

namespace compare {
namespace {

aim_strip* make_plain_strip(uint32_t channels, bool metered) {
    aim_strip_config config;
    aim_strip_config_init(&config);
    config.sample_rate_hz = kRateHz;
    config.channels = channels;
    config.max_frames = kBlockFrames;
    config.meters = metered ? (uint32_t)AIM_METER_OUTPUT : 0;
    aim_strip* strip = nullptr;
    if (aim_strip_create(&config, &strip) != AIM_OK) std::abort();
    return strip;
}

// Gate and compressor at their defaults, three bands of the equaliser at work, 6 dB into the limiter. run.sh gives the
// peers the same settings.
aim_strip* make_strip(uint32_t channels, bool true_peak, bool metered) {
    aim_strip* strip = make_plain_strip(channels, metered);
    aim_strip_set_parameter(strip, AIM_PARAM_EQ_LOW_GAIN_DB, 3.0f);
    aim_strip_set_parameter(strip, AIM_PARAM_EQ_MID_GAIN_DB, -2.0f);
    aim_strip_set_parameter(strip, AIM_PARAM_EQ_HIGH_GAIN_DB, 2.0f);
    aim_strip_set_parameter(strip, AIM_PARAM_LIMITER_INPUT_GAIN_DB, 6.0f);
    aim_strip_set_parameter(strip, AIM_PARAM_LIMITER_TRUE_PEAK, true_peak ? 1.0f : 0.0f);
    return strip;
}

void report_quantiles(const char* clock, std::vector<double>& block_ns) {
    std::sort(block_ns.begin(), block_ns.end());
    const double deadline_ns = 1e9 * kBlockFrames / kRateHz;
    const auto percent = [&](double quantile) {
        return 100.0 * block_ns[(size_t)(quantile * (double)(block_ns.size() - 1))] / deadline_ns;
    };
    const std::string prefix = std::string(clock) + "_";
    report((prefix + "p50_percent").c_str(), percent(0.5));
    report((prefix + "p99_percent").c_str(), percent(0.99));
    report((prefix + "max_percent").c_str(), percent(1.0));
}

}  // namespace

void chain(const Signal& signal, bool true_peak, uint32_t passes) {
    aim_strip* strip = make_strip(signal.channels, true_peak, false);
    std::vector<float> output((size_t)kBlockFrames * signal.channels);
    const double start = cpu_ns();
    for (uint32_t pass = 0; pass < passes; ++pass) {
        for (uint32_t i = 0; i < signal.blocks; ++i) {
            aim_strip_process_interleaved(strip, signal.block(i), output.data(), kBlockFrames);
        }
    }
    const double frames = (double)passes * signal.blocks * kBlockFrames;
    report("ns_per_frame", (cpu_ns() - start) / frames);
    aim_strip_destroy(strip);
}

void frames(const Signal& signal) {
    aim_strip* strip = make_strip(signal.channels, true, true);
    std::vector<float> output((size_t)kBlockFrames * signal.channels);
    std::vector<double> cpu, wall;
    cpu.reserve(signal.blocks);
    wall.reserve(signal.blocks);
    int64_t heap = 0;
    for (uint32_t i = 0; i < signal.blocks; ++i) {
        const int64_t heap_start = heap_calls();
        const double cpu_start = cpu_ns();
        const double wall_start = wall_ns();
        aim_strip_process_interleaved(strip, signal.block(i), output.data(), kBlockFrames);
        const double wall_end = wall_ns();
        const double cpu_end = cpu_ns();
        heap += heap_calls() - heap_start;
        cpu.push_back(cpu_end - cpu_start);
        wall.push_back(wall_end - wall_start);
    }
    aim_strip_destroy(strip);
    report_quantiles("cpu", cpu);
    report_quantiles("wall", wall);
    report("heap_calls", (double)heap);
}

// Each strip is at its own place of the signal, and has a block of its own to write to: on a server their states have to come
// back from the outer caches. One by one they take turns with every block; side by side all go in one call.
void streams(const Signal& signal, uint32_t count, bool true_peak, bool metered, bool together) {
    std::vector<aim_strip*> strips(count);
    for (aim_strip*& strip : strips) strip = make_strip(signal.channels, true_peak, metered);
    aim_batch* batch = nullptr;
    aim_batch_create(count, &batch);
    const size_t block_samples = (size_t)kBlockFrames * signal.channels;
    std::vector<float> output(block_samples * count);
    std::vector<const float*> from(count);
    std::vector<float*> to(count);
    for (uint32_t s = 0; s < count; ++s) to[s] = output.data() + s * block_samples;
    const uint32_t turns = 12800 / count;
    double start = 0.0;
    for (uint32_t turn = 0; turn < 2 * turns; ++turn) {
        if (turn == turns) start = cpu_ns();
        for (uint32_t s = 0; s < count; ++s) from[s] = signal.block((turn + s * 11) % signal.blocks);
        if (together) {
            aim_batch_process_interleaved(batch, strips.data(), count, from.data(), to.data(), kBlockFrames);
        } else {
            for (uint32_t s = 0; s < count; ++s) aim_strip_process_interleaved(strips[s], from[s], to[s], kBlockFrames);
        }
    }
    const double ns_per_frame = (cpu_ns() - start) / ((double)turns * count * kBlockFrames);
    aim_batch_destroy(batch);
    for (aim_strip* strip : strips) aim_strip_destroy(strip);
    std::string name = true_peak ? "true_peak" : "sample_peak";
    if (metered) name += "_metered";
    if (together) name += "_together";
    if (count != kManyStreams) name.append("_").append(std::to_string(count));
    report((name + "_ns_per_frame").c_str(), ns_per_frame);
    report((name + "_streams").c_str(), 1e9 / (ns_per_frame * kRateHz));
}

// What each stage adds to a strip that does nothing, and what each profile takes: in turn, block by block, so that
// whatever the machine does meanwhile falls on all alike.
void profiles(const Signal& signal) {
    using Settings = std::vector<std::pair<int32_t, float>>;
    const Settings off = {{AIM_PARAM_GATE_ENABLED, 0.0f},
                          {AIM_PARAM_COMPRESSOR_ENABLED, 0.0f},
                          {AIM_PARAM_EQ_ENABLED, 0.0f},
                          {AIM_PARAM_LIMITER_ENABLED, 0.0f},
                          // By hand: a leveler that is off of its own listens.
                          {AIM_PARAM_LEVELER_ENABLED, 0.0f}};
    const auto alone = [&](const Settings& more) {
        Settings settings = off;
        settings.insert(settings.end(), more.begin(), more.end());
        return settings;
    };
    const struct {
        const char* name;
        int32_t genre;
        Settings settings;
    } cases[] = {
        {"off", AIM_GENRE_NEUTRAL, off},
        {"high_pass", AIM_GENRE_NEUTRAL, alone({{AIM_PARAM_HIGH_PASS_ENABLED, 1.0f}})},
        {"leveler", AIM_GENRE_NEUTRAL, alone({{AIM_PARAM_LEVELER_ENABLED, 1.0f}})},
        {"de_esser", AIM_GENRE_NEUTRAL, alone({{AIM_PARAM_DE_ESSER_ENABLED, 1.0f}})},
        {"saturator", AIM_GENRE_NEUTRAL,
         alone({{AIM_PARAM_SATURATOR_ENABLED, 1.0f},
                {AIM_PARAM_SATURATOR_DRIVE_DB, 2.0f},
                {AIM_PARAM_SATURATOR_WET_PERCENT, 25.0f}})},
        {"saturator_driven", AIM_GENRE_NEUTRAL,
         alone({{AIM_PARAM_SATURATOR_ENABLED, 1.0f},
                {AIM_PARAM_SATURATOR_DRIVE_DB, 12.0f},
                {AIM_PARAM_SATURATOR_WET_PERCENT, 25.0f}})},
        {"stereo_width", AIM_GENRE_NEUTRAL,
         alone({{AIM_PARAM_STEREO_ENABLED, 1.0f},
                {AIM_PARAM_STEREO_WIDTH, 1.25f},
                {AIM_PARAM_STEREO_MONO_BELOW_HZ, 120.0f}})},
        {"speech", AIM_GENRE_SPEECH, {}},
        {"rock", AIM_GENRE_ROCK, {}},
        {"jazz", AIM_GENRE_JAZZ, {}},
        {"electronic", AIM_GENRE_ELECTRONIC, {}},
        {"classical", AIM_GENRE_CLASSICAL, {}},
    };
    constexpr size_t kCases = sizeof cases / sizeof *cases;
    // Two of each, without and with output meters; the chain comes first.
    std::vector<aim_strip*> strips = {make_strip(signal.channels, true, false),
                                      make_strip(signal.channels, true, true)};
    std::vector<std::string> names = {"chain", "chain_metered"};
    for (size_t i = 0; i < kCases; ++i) {
        for (const bool metered : {false, true}) {
            aim_strip* strip = make_plain_strip(signal.channels, metered);
            aim_strip_set_genre(strip, cases[i].genre);
            for (const auto& [id, value] : cases[i].settings) aim_strip_set_parameter(strip, id, value);
            strips.push_back(strip);
            names.push_back(std::string(cases[i].name) + (metered ? "_metered" : ""));
        }
    }
    std::vector<double> ns(strips.size(), 0.0);
    std::vector<float> output((size_t)kBlockFrames * signal.channels);
    constexpr uint32_t kBlocksInTurn = 10;
    for (uint32_t first = 0; first < signal.blocks; first += kBlocksInTurn) {
        const uint32_t end = std::min(first + kBlocksInTurn, signal.blocks);
        // Or the first strip would pay for bringing them into the caches, for all others.
        for (uint32_t i = first; i < end; ++i) std::copy_n(signal.block(i), output.size(), output.data());
        for (size_t s = 0; s < strips.size(); ++s) {
            const double start = cpu_ns();
            for (uint32_t i = first; i < end; ++i) {
                aim_strip_process_interleaved(strips[s], signal.block(i), output.data(), kBlockFrames);
            }
            ns[s] += cpu_ns() - start;
        }
    }
    for (size_t s = 0; s < strips.size(); ++s) {
        report((names[s] + "_ns_per_frame").c_str(), ns[s] / ((double)signal.blocks * kBlockFrames));
        aim_strip_destroy(strips[s]);
    }
}

}  // namespace compare
