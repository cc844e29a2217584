// Peaks between the samples (ITU-R BS.1770-5, annex 2), as the limiter needs them: an upper bound for every sample.
#pragma once

#include "base/oversampler.h"

namespace aim {

// Bounds one channel's waveform, sample by sample.
class TruePeakBound {
public:
    static constexpr uint32_t delay_frames = PeakWindow::kDelayFrames;
    // Largest sum of the taps' magnitudes over the slope-corrected quarter samples, a little above the exact 2.30017 to
    // cover rounding. From the half samples it is that of the plain ones: the correction takes from one of the two
    // nearest taps what it gives to the other.
    static constexpr float kMostGain = 2.3005f;

    void reset();

    // bound[i] belongs to the sample delay_frames before samples[i]. It is at least the band-limited waveform at every
    // quarter sample from the sample before that one to three quarters after it, and at every local maximum from an
    // eighth before to an eighth after these (content up to 5/12 of the sample rate: 20 kHz at 48 kHz); it exceeds a
    // maximum by 0.13 dB at most. A quantum that cannot reach `threshold` is not looked into: its bounds are then
    // simply some value at or above the waveform and at or below the threshold. At most kMaxRunQuanta quanta.
    void process(const float* samples, uint32_t quanta, float* bound, float threshold = 0.0f);

    // The same for a run of quanta of which it is known that none can reach `threshold`.
    void skip(const float* samples, uint32_t quanta);
    // Highest sample of a run and of what came before it and still counts. No bound is more than kMostGain times that.
    float peak(const float* samples, uint32_t quanta) const;

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
