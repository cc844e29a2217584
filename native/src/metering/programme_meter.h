// Everything that is measured of one programme: levels, loudness and true peak. 60 kB, no allocation.
#pragma once

#include <cstdint>

#include "ai_mixer_core.h"
#include "base/spec.h"
#include "metering/k_weighting.h"
#include "metering/level.h"
#include "metering/loudness.h"
#include "metering/true_peak.h"

namespace aim {

class ProgrammeMeter {
public:
    void prepare(const Spec& spec);
    void reset();

    // Adds any number of frames of finite samples. The result does not depend on how the stream is cut into calls.
    void process(const float* const* channels, uint32_t frames);

    // What has been measured up to the last frame. Windows move in steps of 5 ms; the true peak knows the waveform
    // between samples from 13 frames ago, and the samples to the last.
    void read(aim_loudness* out) const;

    template <class Visitor>
    void visit_state(Visitor& v) {
        loudness_.visit_state(v);
        level_.visit_state(v);
        for (TruePeakMeter& meter : true_peaks_) meter.visit_state(v);
        v(weighting_state_);
        v(weighted_squares_);
        v(squares_);
        v(sub_block_);
        v(frames_in_sub_block_);
        v(peak_);
    }

private:
    uint32_t frames_left_in_sub_block() const;
    void accumulate(const float* const* channels, uint32_t start, uint32_t frames);
    void finish_sub_block();

    Spec spec_;
    KWeightingCoefficients weighting_ = {};

    Loudness loudness_;
    Level level_;
    TruePeakMeter true_peaks_[kMaxChannels];

    // The running sub-block of 5 ms.
    KWeightingState weighting_state_ = {};
    f64x2 weighted_squares_ = {};
    f64x2 squares_ = {};
    uint32_t sub_block_ = 0;  // number within the second
    uint32_t frames_in_sub_block_ = 0;
    float peak_ = 0.0f;
};

}  // namespace aim
