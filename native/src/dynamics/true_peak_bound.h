// Peaks between the samples (ITU-R BS.1770-5, annex 2), as the limiter needs them: an upper bound for every sample.
#pragma once

#include "base/oversampler.h"

namespace aim {

// Bounds one channel's waveform, sample by sample.
class TruePeakBound {
public:
    static constexpr uint32_t delay_frames = PeakWindow::kDelayFrames;
    void reset();

    // bound[i] belongs to the sample delay_frames before samples[i]. It is at least the band-limited waveform at every
    // quarter sample from the sample before that one to three quarters after it, and at every local maximum from an
    // eighth before to an eighth after these (content up to 5/12 of the sample rate: 20 kHz at 48 kHz); it exceeds a
    // maximum by 0.13 dB at most. A quantum that cannot reach `threshold` is not looked into: its bounds are then
    // simply some value at or above the waveform and at or below the threshold. At most kMaxRunQuanta quanta.
    void process(const float* samples, uint32_t quanta, float* bound, float threshold = 0.0f);

    // The same for a run that stays below `level`.
    void skip(const float* samples, uint32_t quanta, float level);
    // Highest sample of a run and of what came before it and still counts.
    float peak(const float* samples, uint32_t quanta) const;
    // Whether it is known of a run that none of its bounds is above `level`.
    bool stays_below(const float* samples, uint32_t quanta, float level) const;

    template <class Visitor>
    void visit_state(Visitor& v) {
        v.array(window_.samples, PeakWindow::kHistory);
        v(previous_);
    }

private:
    void settle_for(float value, float* bound);
    void process_quantum(const float* samples, float* bound, float threshold);

    PeakWindow window_ = {};
    float previous_ = 0.0f;  // bound between the last sample of the quantum before and the one after it
};

}  // namespace aim
