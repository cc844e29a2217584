// Instruments that look at a tone: its level, what stands beside it, and what is left when it is taken away.
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "dft.h"

namespace aim_test {

// Flat in the middle with Kaiser-Bessel-derived flanks, so that an event in the middle is weighed fully while the
// leakage of a tone 500 Hz away stays below -180 dB.
inline std::vector<double> flat_window(size_t frames, size_t flank_frames) {
    constexpr double kBeta = 24;
    std::vector<double> window(frames, 1.0);
    std::vector<double> cumulated(flank_frames + 1);
    double sum = 0;
    for (size_t i = 0; i <= flank_frames; ++i) {
        const double x = 2.0 * static_cast<double>(i) / static_cast<double>(flank_frames) - 1;
        sum += bessel_i0(kBeta * std::sqrt(std::fmax(0.0, 1 - x * x)));
        cumulated[i] = sum;
    }
    for (size_t i = 0; i < flank_frames; ++i) {
        window[i] = cumulated[i] / sum;
        window[frames - 1 - i] = window[i];
    }
    return window;
}

struct ToneAndRest {
    double tone_dbfs;  // within the guard band; a full-scale sine reads 0
    double rest_dbfs;  // everything else, DC included, as the sine of equal energy over the whole stretch
    double rest_relative_db() const { return rest_dbfs - tone_dbfs; }
};

// Splits the energy of a stretch of signal into what lies within guard_hz of the tone and the rest.
inline ToneAndRest split_at_tone(const float* signal, size_t frames, double rate_hz, double tone_hz,
                                 double guard_hz = 500) {
    const size_t flank = static_cast<size_t>(0.05 * rate_hz);
    const std::vector<double> window = flat_window(frames, flank);
    Spectrum spectrum(power_of_two_from(frames));
    for (size_t i = 0; i < frames; ++i) spectrum[i] = window[i] * static_cast<double>(signal[i]);
    dft(spectrum);
    const double bin_hz = rate_hz / static_cast<double>(spectrum.size());
    double tone = 0;
    double rest = 0;
    for (size_t bin = 0; bin <= spectrum.size() / 2; ++bin) {
        const bool edge = bin == 0 || bin == spectrum.size() / 2;
        const double energy = std::norm(spectrum[bin]) * (edge ? 1 : 2);
        const bool near = std::abs(static_cast<double>(bin) * bin_hz - tone_hz) <= guard_hz;
        (near ? tone : rest) += energy;
    }
    // Parseval gives the sum of squares; twice the mean square of a full-scale sine is 1.
    const double scale = 2 / (static_cast<double>(spectrum.size()) * static_cast<double>(frames - flank));
    return {10 * std::log10(tone * scale + 1e-40), 10 * std::log10(rest * scale + 1e-40)};
}

struct FittedTone {
    double amplitude;
    double residual_relative_db;  // THD+N: everything but the tone, against the tone
};

// Least-squares fit of sine and cosine; the residual holds distortion, noise and any offset.
inline FittedTone fit_tone(const float* signal, size_t frames, double rate_hz, double tone_hz) {
    double ss = 0, sc = 0, cc = 0, xs = 0, xc = 0;
    std::vector<double> sines(frames);
    std::vector<double> cosines(frames);
    for (size_t i = 0; i < frames; ++i) {
        const double angle = 2 * std::numbers::pi * std::fmod(tone_hz * static_cast<double>(i) / rate_hz, 1.0);
        const double s = std::sin(angle);
        const double c = std::cos(angle);
        sines[i] = s;
        cosines[i] = c;
        ss += s * s;
        sc += s * c;
        cc += c * c;
        xs += static_cast<double>(signal[i]) * s;
        xc += static_cast<double>(signal[i]) * c;
    }
    const double determinant = ss * cc - sc * sc;
    const double a = (xs * cc - xc * sc) / determinant;
    const double b = (xc * ss - xs * sc) / determinant;
    double residual = 0;
    for (size_t i = 0; i < frames; ++i) {
        const double r = static_cast<double>(signal[i]) - a * sines[i] - b * cosines[i];
        residual += r * r;
    }
    const double tone = (a * a + b * b) * static_cast<double>(frames) / 2;
    return {std::sqrt(a * a + b * b), 10 * std::log10(residual / tone + 1e-40)};
}

}  // namespace aim_test
