// The loudness meter on its own, read often while it runs.
#include <algorithm>
#include <memory>

#include "ai_mixer_core.h"
#include "cases.h"
#include "check.h"
#include "sha256.h"
#include "signals.h"

namespace bit_exactness {

namespace {

struct MeterDeleter {
    void operator()(aim_meter_handle* meter) const { aim_meter_destroy(meter); }
};

bool run(std::vector<Result>& results, const std::string& name, uint32_t sample_rate_hz, uint32_t channels,
         Signal signal, uint32_t block_frames, const std::string& same_as) {
    const uint32_t frames = sample_rate_hz * 4;
    const Audio input = make_signal(signal, sample_rate_hz, channels, frames);
    aim_meter_handle* created = nullptr;
    AIM_CHECK(aim_meter_create(sample_rate_hz, channels, &created));
    const std::unique_ptr<aim_meter_handle, MeterDeleter> meter(created);

    Sha256 hash;
    // Read where every block size used here has an edge.
    const uint32_t read_every = sample_rate_hz / 50;
    for (uint32_t at = 0; at < frames;) {
        const uint32_t count = std::min({block_frames, frames - at, read_every - at % read_every});
        const float* from[AIM_CHANNELS_MAX] = {};
        for (uint32_t c = 0; c < channels; ++c) from[c] = input[c].data() + at;
        AIM_CHECK(aim_meter_add(created, from, count));
        at += count;
        if (at % read_every != 0) continue;
        aim_loudness l;
        AIM_CHECK(aim_meter_read(created, &l));
        for (const float value : {l.momentary_lufs, l.short_term_lufs, l.integrated_lufs, l.range_lu,
                                  l.momentary_max_lufs, l.short_term_max_lufs, l.true_peak_dbtp, l.sample_peak_dbfs,
                                  l.rms_dbfs, l.current_peak_dbfs, l.current_rms_dbfs}) {
            hash.add(value);
        }
    }
    results.push_back({name, hash.finish(), same_as});
    return true;
}

}  // namespace

bool run_meters(std::vector<Result>& results) {
    for (const uint32_t rate : {8000u, 22050u, 44100u, 48000u, 96000u, 192000u}) {
        for (const uint32_t channels : {1u, 2u}) {
            const std::string name = "meter/" + std::to_string(rate) + (channels == 1 ? "/mono" : "/stereo");
            if (!run(results, name, rate, channels, Signal::kProgramme, rate, "")) return false;
        }
    }
    return run(results, "meter/hostile", 48000, 2, Signal::kHostile, 960, "") &&
           run(results, "meter/blocks/37", 48000, 2, Signal::kProgramme, 37, "meter/48000/stereo");
}

}  // namespace bit_exactness
