// The loudness meter against libebur128, stereo, in blocks of 20 ms.
#include "ai_mixer_core.h"
#include "compare.h"
#include "metering/true_peak.h"

#if defined(AIM_HAVE_EBUR128)
#include <ebur128.h>
#endif

namespace compare {
namespace {

template <class Block>
void time_blocks(const char* name, const Signal& signal, Block&& process) {
    const double start = cpu_ns();
    for (uint32_t i = 0; i < signal.blocks; ++i) process(i);
    report(name, (cpu_ns() - start) / ((double)signal.blocks * kBlockFrames));
}

#if defined(AIM_HAVE_EBUR128)
void libebur128(const char* name, const Signal& signal, int mode, bool read) {
    ebur128_state* meter = ebur128_init(signal.channels, kRateHz, mode | EBUR128_MODE_HISTOGRAM);
    volatile double sink = 0.0;
    time_blocks(name, signal, [&](uint32_t i) {
        ebur128_add_frames_float(meter, signal.block(i), kBlockFrames);
        if (!read) return;
        double momentary = 0.0, short_term = 0.0;
        ebur128_loudness_momentary(meter, &momentary);
        ebur128_loudness_shortterm(meter, &short_term);
        sink = momentary + short_term;
    });
    (void)sink;
    ebur128_destroy(&meter);
}
#endif

}  // namespace

void meters(const Signal& signal) {
    aim_meter_handle* meter = nullptr;
    if (aim_meter_create(kRateHz, signal.channels, &meter) != AIM_OK) return;
    time_blocks("meter", signal, [&](uint32_t i) { aim_meter_add_interleaved(meter, signal.block(i), kBlockFrames); });
    aim_meter_reset(meter);
    volatile float sink = 0.0f;
    time_blocks("meter_read", signal, [&](uint32_t i) {
        aim_meter_add_interleaved(meter, signal.block(i), kBlockFrames);
        aim_loudness loudness;
        aim_meter_read(meter, &loudness);
        sink = loudness.momentary_lufs + loudness.short_term_lufs;
    });
    aim_meter_destroy(meter);

    // The meter cannot leave the true peak out; what that part takes alone tells what the rest takes.
    aim::TruePeakMeter true_peak[2];
    for (aim::TruePeakMeter& m : true_peak) m.reset();
    time_blocks("true_peak_part", signal, [&](uint32_t i) {
        for (uint32_t c = 0; c < 2; ++c) true_peak[c].process(signal.channel(i, c), kBlockFrames);
    });
    sink = true_peak[0].peak() + true_peak[1].peak();
    (void)sink;

#if defined(AIM_HAVE_EBUR128)
    constexpr int kLoudness = EBUR128_MODE_M | EBUR128_MODE_S | EBUR128_MODE_I;
    libebur128("ebur128", signal, kLoudness, false);
    libebur128("ebur128_read", signal, kLoudness, true);
    libebur128("ebur128_true_peak", signal, kLoudness | EBUR128_MODE_TRUE_PEAK, false);
    libebur128("ebur128_true_peak_read", signal, kLoudness | EBUR128_MODE_TRUE_PEAK, true);
#endif
}

}  // namespace compare
