// A voice made of arithmetic: vowels, sibilants between them, and the energy of either.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "../signals.h"

namespace aim_test {

inline double energy(const Samples& x, size_t from, size_t frames) {
    double sum = 0;
    for (size_t i = from; i < from + frames; ++i) sum += x[i] * x[i];
    return sum;
}

inline double change_db(const Samples& before, const Samples& after, size_t from, size_t frames) {
    return 10 * std::log10(energy(after, from, frames) / energy(before, from, frames));
}

inline Samples sum_of(const Samples& a, const Samples& b, double sign = 1) {
    Samples result(a.size());
    for (size_t i = 0; i < a.size(); ++i) result[i] = a[i] + sign * b[i];
    return result;
}

inline Samples between(const Samples& x, double rate_hz, double low_hz, double high_hz) {
    return sum_of(band_limited(x, rate_hz, high_hz), band_limited(x, rate_hz, low_hz), -1);
}

inline Samples at_rms(const Samples& x, double rms_db) {
    return scaled(x, from_db(rms_db) / std::sqrt(energy(x, 0, x.size()) / (double)x.size()));
}

// Harmonics of a voice of 120 Hz, falling 12 dB per octave from 500 Hz on, with a little breath: -20 dBFS.
inline Samples vowel(double rate_hz, size_t frames, double rms_db = -20) {
    constexpr double kVoiceHz = 120;
    Samples x(frames, 0.0);
    for (int n = 1; n * kVoiceHz < 0.45 * rate_hz; ++n) {
        const double f = n * kVoiceHz;
        const double amplitude = f < 500 ? 1 : (500 / f) * (500 / f);
        const std::complex<double> turn = std::polar(1.0, 2 * std::numbers::pi * f / rate_hz);
        std::complex<double> phasor = amplitude;
        for (size_t i = 0; i < frames; ++i) {
            x[i] += phasor.real();
            phasor *= turn;
        }
    }
    return at_rms(sum_of(at_rms(x, -20), at_rms(white_noise(0, frames, 5), -75)), rms_db);
}

inline constexpr double kBurstSeconds = 0.08;
inline constexpr double kFirstBurst = 1.5;
inline constexpr double kBurstEvery = 0.5;

// Noise from 5 to 9 kHz, 80 ms every half second after one and a half, edges of 10 ms.
inline Samples sibilants(double rate_hz, size_t frames, double rms_db) {
    Samples x = at_rms(between(white_noise(0, frames, 77), rate_hz, 5000, 9000), rms_db);
    for (size_t i = 0; i < frames; ++i) {
        const double t = (double)i / rate_hz - kFirstBurst;
        const double into = t < 0 ? -1 : std::fmod(t, kBurstEvery);
        const double edge = std::min(into, kBurstSeconds - into) / 0.01;
        x[i] *= edge <= 0 ? 0 : edge >= 1 ? 1 : 0.5 - 0.5 * std::cos(std::numbers::pi * edge);
    }
    return x;
}

// Syllables of a voice at 110 to 170 Hz with two formants, hisses between them, phrases and pauses: 20 s.
inline Samples talk(double rate_hz) {
    const size_t frames = static_cast<size_t>(20 * rate_hz);
    Random random(11);
    Samples x(frames, 0.0);
    size_t at = static_cast<size_t>(rate_hz / 20);
    double phrase_left = 2.5;
    while (at < frames) {
        const double length_s = random.uniform(0.12, 0.28);
        const size_t length = static_cast<size_t>(length_s * rate_hz);
        const double pitch_hz = random.uniform(110, 170);
        const double formant_1 = random.uniform(300, 800);
        const double formant_2 = random.uniform(900, 2300);
        const double level = random.uniform(0.3, 1);
        double weights[18];
        for (int k = 1; k <= 18; ++k) {
            const double f = k * pitch_hz;
            weights[k - 1] =
                1 / (1 + std::pow((f - formant_1) / 120, 2)) + 0.4 / (1 + std::pow((f - formant_2) / 180, 2)) + 0.02;
        }
        for (size_t i = 0; i < length && at + i < frames; ++i) {
            const double t = static_cast<double>(i) / rate_hz;
            const double envelope = std::sin(std::numbers::pi * t / length_s);
            // Chebyshev's recurrence runs through the harmonics.
            const double w = 2 * std::numbers::pi * pitch_hz * t;
            const double twice = 2 * std::cos(w);
            double before = 0, now = std::sin(w), sum = 0;
            for (const double weight : weights) {
                sum += weight * now;
                const double next = twice * now - before;
                before = now;
                now = next;
            }
            x[at + i] += level * envelope * sum;
        }
        at += length;
        if (random.integer(0, 2) == 0) {
            double last = 0;
            const size_t hiss = static_cast<size_t>(random.uniform(0.04, 0.09) * rate_hz);
            for (size_t i = 0; i < hiss && at + i < frames; ++i) {
                const double noise = random.normal();
                x[at + i] += 0.08 * (noise - last);
                last = noise;
            }
            at += hiss;
        }
        phrase_left -= length_s;
        if (phrase_left < 0) {
            at += static_cast<size_t>(random.uniform(0.4, 1.1) * rate_hz);
            phrase_left = random.uniform(1.5, 3.5);
        } else {
            at += static_cast<size_t>(random.uniform(0.01, 0.07) * rate_hz);
        }
    }
    return x;
}

}  // namespace aim_test
