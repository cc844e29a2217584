// Peaks between the samples (ITU-R BS.1770-5, annex 2), as the meter needs them: the exact height of the highest.
#pragma once

#include "base/oversampler.h"

namespace aim {

// Reads the true peak of one channel. The result is that of every quarter sample, fitted by a sinusoid at the maxima;
// quarter samples that cannot raise the maximum are not computed.
class TruePeakMeter {
public:
    void reset();
    // Any number of frames; how a stream is cut does not matter.
    void process(const float* samples, uint32_t frames);

    // Highest magnitude so far, of all that lies at least 13 frames in the past.
    float peak() const { return peak_; }

    template <class Visitor>
    void visit_state(Visitor& v) {
        v.array(window_.samples, PeakWindow::kHistory);
        v(peak_);
    }

private:
    void measure(uint32_t frames);

    PeakWindow window_ = {};
    float peak_ = 0.0f;
};

}  // namespace aim
