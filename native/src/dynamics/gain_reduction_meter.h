// How much a stage has turned down: now, on average over all frames, at most.
#pragma once

#include "ai_mixer_core.h"
#include "base/elementary.h"
#include "base/spec.h"

namespace aim {

struct GainReductionMeter {
    double octave_quanta = 0.0;
    uint64_t quanta = 0;
    float now_octaves = 0.0f;
    float maximum_octaves = 0.0f;

    void reset() { *this = GainReductionMeter{}; }

    // One quantum: its mean, largest and last reduction, in octaves of amplitude (6.02 dB), positive.
    void add(float mean, float largest, float last) {
        octave_quanta += (double)mean;
        ++quanta;
        now_octaves = last;
        maximum_octaves = largest > maximum_octaves ? largest : maximum_octaves;
    }

    // The same from linear gains: the sum over the quantum, lane by lane, the least and the last.
    void add_gains(f32x4 sum, f32x4 least, float last) {
        const f32x4 gains =
            f32x4::set(horizontal_sum(sum) * (1.0f / kQuantumFrames), horizontal_min(least), last, 1.0f);
        const f32x4 octaves = log2(max(gains, f32x4::splat(1e-10f)));
        add(-octaves.lane(0), -octaves.lane(1), -octaves.lane(2));
    }

    // The same of several quanta.
    struct Run {
        float mean[kRunRoomQuanta];
        float largest[kRunRoomQuanta];
        float last[kRunRoomQuanta];
    };
    void add(const Run& run, uint32_t count) {
        // A copy, which need not go through memory from quantum to quantum.
        GainReductionMeter meter = *this;
        for (uint32_t q = 0; q < count; ++q) meter.add(run.mean[q], run.largest[q], run.last[q]);
        *this = meter;
    }

    void add_idle(uint32_t count) {
        quanta += count;
        now_octaves = 0.0f;
    }

    aim_gain_reduction read() const {
        const double average = quanta != 0 ? octave_quanta / (double)quanta : 0.0;
        return {(float)(kDbPerOctave * (double)now_octaves), (float)(kDbPerOctave * average),
                (float)(kDbPerOctave * (double)maximum_octaves)};
    }
};

}  // namespace aim
