// Sample peak and root mean square, since reset and of late, from sub-blocks of 5 ms.
#pragma once

#include <cstdint>

#include "metering/sliding_sum.h"

namespace aim {

// Largest magnitude.
float peak_of(const float* samples, uint32_t frames);

class Level {
public:
    void reset();

    // Adds the highest magnitude, the sum of squares over all channels and the frames of one finished sub-block.
    // square_seconds: that sum times 1 / sample rate.
    void push_sub_block(float peak, double squares, double square_seconds, uint32_t frames);

    float peak() const { return peak_; }
    // Highest magnitude in the last 20 ms of finished sub-blocks.
    float recent_peak() const;
    // Sum of squares and frames since reset.
    double squares() const { return squares_; }
    uint64_t frames() const { return frames_; }
    // Mean square of the last 400 ms, summed over the channels.
    double recent_mean_square() const { return recent_squares_.sum() * (1.0 / 0.4); }

    template <class Visitor>
    void visit_state(Visitor& v) {
        recent_squares_.visit_state(v);
        v(squares_);
        v(frames_);
        v(recent_peaks_);
        v(peak_);
        v(next_);
    }

private:
    static constexpr uint32_t kRecentPeaks = 4;  // 20 ms

    SlidingSum<80> recent_squares_;  // 400 ms
    double squares_ = 0.0;
    uint64_t frames_ = 0;
    float recent_peaks_[kRecentPeaks] = {};
    float peak_ = 0.0f;
    uint32_t next_ = 0;
};

}  // namespace aim
