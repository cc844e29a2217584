// Feeds bytes to restore: as they come, laid over a valid snapshot, and laid over one whose checksum is made good again.
// The last is what an attacker would do: its sound may be anything, but it must run without touching foreign memory.
#include <algorithm>
#include <cmath>

#include "ai_mixer_core.h"
#include "fuzz_input.h"

namespace {

using aim_fuzz::FuzzInput;
using aim_fuzz::require;

void run(aim_strip* strip, bool finite = true) {
    float block[2 * 256];
    for (int i = 0; i < 8; ++i) {
        for (int n = 0; n < 512; ++n) block[n] = static_cast<float>((n * 37 + i) % 101) / 50.0f - 1.0f;
        require(aim_strip_process_interleaved(strip, block, block, 256) == AIM_OK, "processing works");
        for (const float x : block) require(!finite || std::isfinite(x), "the output is finite");
    }
    aim_strip_metrics metrics;
    require(aim_strip_get_metrics(strip, &metrics) == AIM_OK, "metrics can be read");
}

// The 64-bit FNV-1a (Fowler, Noll, Vo) of the whole snapshot with its own field as zero; the field stands at byte 32.
void seal(std::vector<uint8_t>& snapshot) {
    constexpr size_t kChecksumAt = 32;
    require(snapshot.size() > kChecksumAt + 8, "a snapshot has a header");
    std::memset(snapshot.data() + kChecksumAt, 0, 8);
    uint64_t hash = 0xcbf29ce484222325u;
    for (const uint8_t byte : snapshot) hash = (hash ^ byte) * 0x100000001b3u;
    std::memcpy(snapshot.data() + kChecksumAt, &hash, 8);
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
    seal(snapshot);
    require(snapshot == good, "the seal is the core's own");
    const bool sealed = (input.byte() & 1) != 0;
    while (!input.empty()) {
        const uint32_t at = input.below(static_cast<uint32_t>(snapshot.size()));
        const uint8_t kind = input.byte();
        // Now and then a long run of one byte, to reach counters and positions wherever they stand.
        const size_t count = std::min<size_t>(kind < 64 ? 64u * (1u + kind) : 1u + kind % 16, snapshot.size() - at);
        const uint8_t fill = input.byte();
        for (size_t i = 0; i < count; ++i) snapshot[at + i] = kind < 64 ? fill : input.byte();
    }
    const bool changed = snapshot != good;
    if (sealed) seal(snapshot);
    const aim_status status = aim_strip_restore(strip, snapshot.data(), snapshot.size());
    require(changed || status == AIM_OK, "a good snapshot is accepted");
    require(!changed || sealed || status == AIM_ERROR_SNAPSHOT, "damage is noticed");
    run(strip, status != AIM_OK || !changed);
    require(aim_strip_reset(strip) == AIM_OK, "reset works");
    run(strip);
    aim_strip_destroy(strip);
    return 0;
}
