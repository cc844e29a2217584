// True peak by 16-fold oversampling with a long Kaiser-windowed sinc: an independent reading, slow and exact.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "dft.h"

namespace aim_test {

// 64 taps at Kaiser beta 12.3 hold -120 dB with a transition of a twelfth of the sample rate on each side of Nyquist:
// exact to 20 kHz at 48 kHz. Between two of the 16 points a 20 kHz tone hides at most 0.03 dB.
// Reads the stretch from `from` to `to`; what stands around it is heard too, so that a cut is not mistaken for a step.
inline double true_peak_16x(const std::vector<float>& signal, size_t from, size_t to) {
    constexpr int kFactor = 16;
    constexpr int kTaps = 64;
    constexpr double kBeta = 12.3;
    static const auto kernels = [] {
        std::array<std::array<double, kTaps>, kFactor> table{};
        for (int phase = 0; phase < kFactor; ++phase) {
            for (int tap = 0; tap < kTaps; ++tap) {
                const double t = tap - (kTaps / 2 - 1) - static_cast<double>(phase) / kFactor;
                const double x = t / (kTaps / 2);
                const double window = std::abs(x) < 1 ? bessel_i0(kBeta * std::sqrt(1 - x * x)) / bessel_i0(kBeta) : 0;
                const double angle = std::numbers::pi * t;
                table[phase][tap] = window * (t == 0 ? 1 : std::sin(angle) / angle);
            }
        }
        return table;
    }();

    std::vector<double> padded(signal.size() + 2 * kTaps, 0.0);
    for (size_t i = 0; i < signal.size(); ++i) padded[i + kTaps] = static_cast<double>(signal[i]);
    double peak = 0;
    // Output i of the loop lies at sample i - kTaps / 2 - 1 of the signal.
    for (size_t i = from + kTaps / 2 + 1; i <= to + kTaps / 2; ++i) {
        for (int phase = 0; phase < kFactor; ++phase) {
            double sum = 0;
            for (int tap = 0; tap < kTaps; ++tap) sum += kernels[phase][tap] * padded[i + tap];
            peak = std::fmax(peak, std::abs(sum));
        }
    }
    return peak;
}

}  // namespace aim_test
