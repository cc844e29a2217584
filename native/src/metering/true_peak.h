// Peaks between the samples (ITU-R BS.1770-5, annex 2): four-fold oversampling in two steps, shared by the meter, which
// wants the exact height, and by the limiter, which wants a bound for every sample.
#pragma once

#include <cstdint>

#include "base/spec.h"

namespace aim {

// One channel's recent samples, oldest first: history, then up to a quantum of new ones. Between calls only the history
// means anything.
struct PeakWindow {
    static constexpr uint32_t kHistory = 28;
    static constexpr uint32_t kPadding = 4;  // read by lanes whose results nobody uses
    float samples[kHistory + kQuantumFrames + kPadding];

    void reset();
    // Puts 0 to 16 new samples behind the history and zeros behind them.
    void append(const float* samples, uint32_t frames);
    // Makes `frames` new samples part of the history.
    void advance(uint32_t frames);
    float peak() const;
};

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

// Bounds one channel's waveform, sample by sample.
class TruePeakBound {
public:
    static constexpr uint32_t delay_frames = 13;

    void prepare(const Spec& spec);
    void reset();

    // bound[i] belongs to the sample delay_frames before samples[i]. It is at least the band-limited waveform at every
    // quarter sample from the sample before that one to three quarters after it, and at every local maximum from an
    // eighth before to an eighth after these (content up to 5/12 of the sample rate: 20 kHz at 48 kHz); it exceeds a
    // maximum by 0.13 dB at most. A quantum that cannot reach `threshold` is not looked into: its bounds are then
    // simply some value at or above the waveform and at or below the threshold.
    void process_quantum(const float* samples, float* bound, float threshold = 0.0f);

    template <class Visitor>
    void visit_state(Visitor& v) {
        v.array(window_.samples, PeakWindow::kHistory);
        v(previous_);
    }

private:
    PeakWindow window_ = {};
    float previous_ = 0.0f;  // bound between the last sample of the quantum before and the one after it
};

}  // namespace aim
