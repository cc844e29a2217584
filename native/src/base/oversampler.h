// Four-fold oversampling of one channel in two steps, for whoever needs to know what happens between the samples: the
// meter, which wants the exact height of a peak, and the limiter, which wants a bound for every sample.
#pragma once

#include <cstring>

#include "base/f32x8.h"
#include "base/spec.h"

namespace aim {

// Two half-band interpolators in a row: sharp from 1x to 2x, short from 2x to 4x. Symmetric, one side given, nearest
// tap first: y(1/2) = sum over j of c[j] (x[-j] + x[1 + j]). Least squares of
//     sum over j of 2 c[j] cos(w (j + 1/2)) - 1
// over a dense grid of w, reweighted by the error until it is equal everywhere: w to 2 pi 20/48 for the first
// (error 0.006 dB), to 2 pi 20/96 for the second (0.008 dB).
inline constexpr int kSharpTaps = 12;
inline constexpr float kSharp[kSharpTaps] = {0.633599222f,  -0.203289732f,   0.112932034f,  -0.0717385784f,
                                             0.0475539677f, -0.0316690877f,  0.0207262114f, -0.0131044062f,
                                             0.0078665372f, -0.00438358355f, 0.002186161f,  -0.00101531681f};
inline constexpr float kShort[3] = {0.598114073f, -0.117935091f, 0.0203012619f};

// Largest sums of the taps' magnitudes, a little above the exact ones to cover rounding.
inline constexpr float kQuarterGain = 2.3005f;  // any quarter sample, from the samples (exact: 2.30013)
inline constexpr float kShortGain = 1.4730f;    // any quarter sample, from the half samples (exact: 1.47270)

// One channel's recent samples, oldest first: history, then up to a quantum of new ones. Between calls only the history
// means anything.
struct PeakWindow {
    static constexpr uint32_t kHistory = 28;
    static constexpr uint32_t kPadding = 4;  // read by lanes whose results nobody uses
    // Frames from the newest sample back to the first whose surroundings are complete.
    static constexpr uint32_t kDelayFrames = 13;
    float samples[kHistory + kQuantumFrames + kPadding];

    void reset();
    // Puts 0 to 16 new samples behind the history and zeros behind them.
    void append(const float* samples, uint32_t frames);
    // Makes `frames` new samples part of the history.
    void advance(uint32_t frames);
    float peak() const;
};

inline void PeakWindow::reset() {
    for (float& s : samples) s = 0.0f;
}

inline void PeakWindow::append(const float* fresh, uint32_t frames) {
    if (frames == kQuantumFrames) {
        for (uint32_t i = 0; i < kQuantumFrames; i += 8) f32x8::load(fresh + i).store(samples + kHistory + i);
        return;
    }
    std::memcpy(samples + kHistory, fresh, frames * sizeof(float));
    for (uint32_t i = kHistory + frames; i < kHistory + kQuantumFrames; ++i) samples[i] = 0.0f;
}

inline void PeakWindow::advance(uint32_t frames) {
    // Upwards, and each group is read whole before it is written: the ranges may overlap.
    for (uint32_t i = 0; i < kHistory; i += 4) f32x4::load(samples + frames + i).store(samples + i);
}

// Highest of a quantum and of the history before it.
inline float peak_around(const float* quantum) {
    constexpr uint32_t kFrames = PeakWindow::kHistory + kQuantumFrames;
    static_assert(kFrames % 8 == 4);
    const float* const from = quantum - PeakWindow::kHistory;
    f32x8 highest = twice(abs(f32x4::load(from)));
    for (uint32_t i = 4; i < kFrames; i += 8) highest = max(abs(f32x8::load(from + i)), highest);
    return horizontal_max(highest);
}

inline float PeakWindow::peak() const { return peak_around(samples + kHistory); }

inline f32x8 interpolate_short(f32x8 a0, f32x8 b0, f32x8 a1, f32x8 b1, f32x8 a2, f32x8 b2) {
    return (f32x8::splat(kShort[0]) * (a0 + b0) + f32x8::splat(kShort[1]) * (a1 + b1)) +
           f32x8::splat(kShort[2]) * (a2 + b2);
}

inline float interpolate_short(float a0, float b0, float a1, float b1, float a2, float b2) {
    return (kShort[0] * (a0 + b0) + kShort[1] * (a1 + b1)) + kShort[2] * (a2 + b2);
}

// The quarter samples around 16 samples x[0] to x[15]: one, half, three quarters after each.
struct Oversampled {
    static constexpr uint32_t kHalves = 20;

    const float* x;  // may be read from -1 to 16
    float half_storage[kHalves];
    float first_storage[kQuantumFrames];
    float third_storage[kQuantumFrames + 1];

    const float* half() const { return half_storage + 2; }  // from -2 to 17; 17 is not to be used
    const float* first() const { return first_storage; }
    const float* third() const { return third_storage + 1; }  // from -1

    // Of the 16 samples kDelayFrames before a quantum, which has its history in front of it and padding behind it.
    explicit Oversampled(const float* quantum) : x(quantum - PeakWindow::kDelayFrames) {}
    explicit Oversampled(const PeakWindow& window) : Oversampled(window.samples + PeakWindow::kHistory) {}

    // Returns the largest magnitude, the samples' excepted.
    float interpolate_halves() {
        static_assert(kHalves == 8 + 8 + 4);
        const f32x8 highest = max(abs(interpolate_halves_from<f32x8>(0)), abs(interpolate_halves_from<f32x8>(8)));
        const f32x4 last = abs(interpolate_halves_from<f32x4>(16));
        // The fourth has a sample yet to come in it.
        return horizontal_max(max(max(highest.low(), highest.high()), shuffle<0, 1, 2, 2>(last, last)));
    }

    float interpolate_quarters() {
        const float* h = half();
        third_storage[0] = interpolate_short(h[-1], x[0], x[-1], h[0], h[-2], x[1]);
        f32x8 highest = abs(f32x8::splat(third_storage[0]));
        for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
            const f32x8 x0 = f32x8::load(x + i);
            const f32x8 x1 = f32x8::load(x + i + 1);
            const f32x8 before = f32x8::load(h + (int)i - 1);
            const f32x8 here = f32x8::load(h + i);
            const f32x8 after = f32x8::load(h + i + 1);
            const f32x8 q1 = interpolate_short(x0, here, before, x1, f32x8::load(x + (int)i - 1), after);
            const f32x8 q3 = interpolate_short(here, x1, x0, after, before, f32x8::load(x + i + 2));
            q1.store(first_storage + i);
            q3.store(third_storage + 1 + i);
            highest = max(max(abs(q1), abs(q3)), highest);
        }
        return horizontal_max(highest);
    }

private:
    // As many as there are lanes.
    template <class F>
    F interpolate_halves_from(uint32_t i) {
        const float* centre = x + (int)i - 2;
        F sum = F::splat(kSharp[0]) * (F::load(centre) + F::load(centre + 1));
        for (int j = 1; j < kSharpTaps; ++j) {
            sum += F::splat(kSharp[j]) * (F::load(centre - j) + F::load(centre + 1 + j));
        }
        sum.store(half_storage + i);
        return sum;
    }
};

}  // namespace aim
