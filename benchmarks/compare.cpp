// aim_compare TOPIC [FILE CHANNELS [OPTION]]: one measurement of one topic over a raw file of 32-bit floats at 48 kHz.
#include "compare.h"

#include <ctime>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#if defined(__GLIBC__)
extern "C" {
void* __libc_malloc(size_t size) noexcept;
void* __libc_calloc(size_t count, size_t size) noexcept;
void* __libc_realloc(void* block, size_t size) noexcept;
}
#endif

namespace {

thread_local int64_t heap_calls_so_far = 0;

double read_clock(clockid_t clock) {
    timespec now;
    clock_gettime(clock, &now);
    return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

// The first to read a page after it was filled may pay for its mapping, which is as much as the chain takes for it.
void touch(const compare::Signal& signal) {
    volatile float sink = 0.0f;
    for (const float sample : signal.interleaved) sink = sample;
    for (const std::vector<float>& channel : signal.planar) {
        for (const float sample : channel) sink = sample;
    }
    (void)sink;
}

bool read_signal(const char* path, uint32_t channels, compare::Signal& signal) {
    FILE* file = std::fopen(path, "rb");
    if (file == nullptr) return false;
    std::vector<float> part(compare::kBlockFrames * channels);
    while (std::fread(part.data(), sizeof(float), part.size(), file) == part.size()) {
        signal.interleaved.insert(signal.interleaved.end(), part.begin(), part.end());
        for (uint32_t i = 0; i < part.size(); ++i) signal.planar[i % channels].push_back(part[i]);
        ++signal.blocks;
    }
    std::fclose(file);
    signal.channels = channels;
    touch(signal);
    return signal.blocks > 0;
}

// Additions that wait for each other run one a cycle on every processor of the last decades.
void clock_rate() {
    constexpr uint32_t kRounds = 10'000'000;
    uint64_t sum = 0;
    const double start = compare::cpu_ns();
    for (uint32_t i = 0; i < kRounds; ++i) {
#if defined(__x86_64__)
#define AIM_ADD "add $1, %0\n\t"
#else
#define AIM_ADD "add %0, %0, #1\n\t"
#endif
        __asm__ volatile(AIM_ADD AIM_ADD AIM_ADD AIM_ADD AIM_ADD AIM_ADD AIM_ADD AIM_ADD AIM_ADD AIM_ADD : "+r"(sum));
    }
    compare::report("clock_ghz", (double)sum / (compare::cpu_ns() - start));
}

int usage() {
    std::fputs("aim_compare clock\n"
               "aim_compare chain FILE CHANNELS sample_peak|true_peak PASSES\n"
               "aim_compare frames|streams|profiles|meters|analysis FILE CHANNELS\n",
               stderr);
    return 2;
}

}  // namespace

#if defined(__GLIBC__)
// glibc lets a program put its own malloc in front of the library's.
extern "C" {
void* malloc(size_t size) noexcept {
    ++heap_calls_so_far;
    return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) noexcept {
    ++heap_calls_so_far;
    return __libc_calloc(count, size);
}
void* realloc(void* block, size_t size) noexcept {
    ++heap_calls_so_far;
    return __libc_realloc(block, size);
}
}
#endif

namespace compare {

double cpu_ns() { return read_clock(CLOCK_THREAD_CPUTIME_ID); }
double wall_ns() { return read_clock(CLOCK_MONOTONIC); }

int64_t heap_calls() {
#if defined(__GLIBC__)
    return heap_calls_so_far;
#else
    return -1;
#endif
}

void report(const char* name, double value) { std::printf("%s\t%.6g\n", name, value); }

}  // namespace compare

int main(int argc, char** argv) {
    const std::string topic = argc > 1 ? argv[1] : "";
    if (topic == "clock") {
        clock_rate();
        return 0;
    }
    if (argc < 4) return usage();
    const int channels = std::atoi(argv[3]);
    if (channels < 1 || channels > 2) return usage();
    compare::Signal signal;
    if (!read_signal(argv[2], (uint32_t)channels, signal)) {
        std::fprintf(stderr, "aim_compare: %s cannot be read\n", argv[2]);
        return 1;
    }
    if (topic == "chain" && argc == 6) {
        compare::chain(signal, std::strcmp(argv[4], "true_peak") == 0, (uint32_t)std::atoi(argv[5]));
    } else if (topic == "frames") {
        compare::frames(signal);
    } else if (topic == "streams") {
        for (const bool together : {false, true}) {
            compare::streams(signal, compare::kManyStreams, false, false, together);
            compare::streams(signal, compare::kManyStreams, true, true, together);
        }
        for (const uint32_t count : {8u, 64u}) compare::streams(signal, count, false, false, true);
    } else if (topic == "profiles") {
        compare::profiles(signal);
    } else if (topic == "meters" && channels == 2) {
        compare::meters(signal);
    } else if (topic == "analysis") {
        compare::analysis(signal);
    } else {
        return usage();
    }
    return 0;
}
