// What every stage is prepared with.
#pragma once

#include <cstdint>

namespace aim {

// The core always works on whole quanta, aligned to the start of the stream; the engine's queue of one quantum makes
// any split of the stream into calls give the same bits. 16 frames are a third of a millisecond at 48 kHz.
inline constexpr uint32_t kQuantumFrames = 16;
inline constexpr uint32_t kMaxChannels = 2;
// Most quanta that the engine hands to a stage at a time. Stages work pass by pass over such a run: many independent
// samples per pass are what keeps the processor busy, and a run still fits the first-level cache. The code of all stages of a
// profile does not, so a run is as long as that allows: two of them, with what waits in the queue, make the usual 960 frames.
inline constexpr uint32_t kMaxRunQuanta = 31;
inline constexpr uint32_t kMaxRunFrames = kMaxRunQuanta * kQuantumFrames;
// Room for a value per quantum of a run, eight at a time.
inline constexpr uint32_t kRunRoomQuanta = (kMaxRunQuanta + 7) / 8 * 8;

struct Spec {
    uint32_t sample_rate_hz = 48000;
    uint32_t channels = 2;
};

// Frames in a time, rounded up. Nonsense, which only a forged snapshot can bring here, is no time at all.
inline uint32_t frames_for_ms(double ms, uint32_t sample_rate_hz) {
    const double frames = ms * (double)sample_rate_hz / 1000.0;
    if (!(frames > 0.0 && frames < 1e9)) return 0;
    const uint32_t whole = (uint32_t)frames;
    // Times such as 0.1 ms are not exact in binary: a hair above a whole number is that number.
    return frames - (double)whole > 1e-6 ? whole + 1 : whole;
}

}  // namespace aim
