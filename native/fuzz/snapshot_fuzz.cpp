// Feeds bytes to restore: as they come, and laid over a valid snapshot. Whatever is accepted must then run safely.
#include <algorithm>
#include <cmath>

#include "ai_mixer_core.h"
#include "fuzz_input.h"

namespace {

using aim_fuzz::FuzzInput;
using aim_fuzz::require;

void run(aim_strip* strip) {
    float block[2 * 256];
    for (int i = 0; i < 8; ++i) {
        for (int n = 0; n < 512; ++n) block[n] = static_cast<float>((n * 37 + i) % 101) / 50.0f - 1.0f;
        require(aim_strip_process_interleaved(strip, block, block, 256) == AIM_OK, "processing works");
        for (const float x : block) require(std::isfinite(x), "the output is finite");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    FuzzInput input(data, size);
    aim_strip_config config;
    aim_strip_config_init(&config);
    config.channels = 1 + input.below(2);
    config.meters = input.below(4);
    config.sample_rate_hz = (input.byte() & 1) != 0 ? 48000 : 8000;
    // Interleaved blocks of 256 frames are written as stereo: mono reads half of them.
    aim_strip* strip = nullptr;
    require(aim_strip_create(&config, &strip) == AIM_OK, "a strip is made");
    run(strip);

    aim_strip_restore(strip, data, size);
    uint64_t snapshot_size = 0;
    require(aim_strip_snapshot_size(strip, &snapshot_size) == AIM_OK, "a snapshot has a size");
    std::vector<uint8_t> snapshot(snapshot_size);
    require(aim_strip_save(strip, snapshot.data(), snapshot.size()) == AIM_OK, "saving works");
    const std::vector<uint8_t> good = snapshot;
    while (!input.empty()) {
        const uint32_t at = input.below(static_cast<uint32_t>(snapshot.size()));
        const size_t count = std::min<size_t>(1 + input.byte() % 16, snapshot.size() - at);
        for (size_t i = 0; i < count; ++i) snapshot[at + i] = input.byte();
    }
    const aim_status status = aim_strip_restore(strip, snapshot.data(), snapshot.size());
    require(snapshot != good || status == AIM_OK, "a good snapshot is accepted");
    run(strip);
    aim_strip_destroy(strip);
    return 0;
}
