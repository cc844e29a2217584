#include "metering/level.h"

#include "base/f32x8.h"

namespace aim {

float peak_of(const float* samples, uint32_t frames) {
    f32x8 highest = f32x8::zero();
    uint32_t i = 0;
    for (; i + 8 <= frames; i += 8) highest = max(abs(f32x8::load(samples + i)), highest);
    float peak = horizontal_max(highest);
    for (; i < frames; ++i) {
        const float magnitude = samples[i] < 0.0f ? -samples[i] : samples[i];
        if (magnitude > peak) peak = magnitude;
    }
    return peak;
}

void Level::reset() {
    recent_squares_.reset();
    squares_ = 0.0;
    frames_ = 0;
    for (float& x : recent_peaks_) x = 0.0f;
    peak_ = 0.0f;
    next_ = 0;
}

void Level::push_sub_block(float peak, double squares, double square_seconds, uint32_t frames) {
    recent_squares_.push(square_seconds);
    squares_ += squares;
    frames_ += frames;
    recent_peaks_[next_ % kRecentPeaks] = peak;
    next_ = (next_ + 1) % kRecentPeaks;
    if (peak > peak_) peak_ = peak;
}

float Level::recent_peak() const {
    float highest = 0.0f;
    for (float x : recent_peaks_) {
        if (x > highest) highest = x;
    }
    return highest;
}

}  // namespace aim
