// What the comparisons share: two clocks, the signal, and the way a figure leaves the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace compare {

constexpr uint32_t kRateHz = 48000;
constexpr uint32_t kBlockFrames = 960;

// A whole number of blocks, in both layouts.
struct Signal {
    uint32_t channels = 0;
    uint32_t blocks = 0;
    std::vector<float> interleaved;
    std::vector<float> planar[2];

    const float* block(uint32_t index) const {
        return interleaved.data() + (std::size_t)index * kBlockFrames * channels;
    }
    const float* channel(uint32_t index, uint32_t c) const {
        return planar[c].data() + (std::size_t)index * kBlockFrames;
    }
};

// CPU time of this thread: what other programs on the machine take does not count.
double cpu_ns();
double wall_ns();
// Calls of this thread to the heap so far; negative where the C library does not let us count.
int64_t heap_calls();

// One line "name<TAB>value" on standard output.
void report(const char* name, double value);

void chain(const Signal& signal, bool true_peak, uint32_t passes);
void frames(const Signal& signal);
constexpr uint32_t kManyStreams = 256;
void streams(const Signal& signal, uint32_t count, bool true_peak, bool metered, bool together);
void profiles(const Signal& signal);
void meters(const Signal& signal);
void analysis(const Signal& signal);

}  // namespace compare
