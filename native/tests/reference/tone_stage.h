// Filters measured from outside: signals in, the analogue prototypes beside them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <vector>

#include "base/state.h"
#include "signals.h"
#include "tone/equalizer.h"
#include "tone/high_pass.h"

namespace aim_test::tone {

using aim::Equalizer;
using aim::HighPass;
using aim::kQuantumFrames;
using aim_test::same_bits;
using Complex = std::complex<double>;
using Signal = std::vector<float>;

inline constexpr double kTurn = 6.283185307179586;
inline constexpr uint32_t kRates[] = {8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 176400, 192000};

// ------------------------------------------------------------------------------------ analogue prototypes

// The transfer functions of the Audio EQ Cookbook, s in units of the centre frequency.
inline double low_shelf_db(double f, double f0, double gain_db) {
    const Complex s(0.0, f / f0);
    const double a = std::pow(10.0, gain_db / 40.0);
    const double slope = std::sqrt(2.0 * a);
    return 20.0 * std::log10(std::abs(a * (s * s + slope * s + a) / (a * s * s + slope * s + 1.0)));
}

inline double high_shelf_db(double f, double f0, double gain_db) {
    const Complex s(0.0, f / f0);
    const double a = std::pow(10.0, gain_db / 40.0);
    const double slope = std::sqrt(2.0 * a);
    return 20.0 * std::log10(std::abs(a * (a * s * s + slope * s + 1.0) / (s * s + slope * s + a)));
}

inline double bell_db(double f, double f0, double gain_db, double q) {
    const Complex s(0.0, f / f0);
    const double a = std::pow(10.0, gain_db / 40.0);
    return 20.0 * std::log10(std::abs((s * s + s * (a / q) + 1.0) / (s * s + s / (a * q) + 1.0)));
}

inline double high_pass_db(double f, double f0) {
    const Complex s(0.0, f / f0);
    return 20.0 * std::log10(std::abs(s * s / (s * s + std::sqrt(2.0) * s + 1.0)));
}

inline double prototype_db(const Equalizer::Parameters& p, double f) {
    return low_shelf_db(f, p.low_frequency_hz, p.low_gain_db) + bell_db(f, p.mid_frequency_hz, p.mid_gain_db, p.mid_q) +
           high_shelf_db(f, p.high_frequency_hz, p.high_gain_db);
}

// ------------------------------------------------------------------------------------------- measuring

inline Equalizer::Parameters flat() {
    Equalizer::Parameters p;
    p.enabled = true;
    return p;
}

inline Equalizer::Parameters busy() {
    Equalizer::Parameters p = flat();
    p.low_gain_db = 6.0f;
    p.mid_gain_db = -7.5f;
    p.high_gain_db = 9.0f;
    return p;
}

template <class Stage, class Parameters>
Stage settled_stage(const Parameters& p, uint32_t rate_hz, uint32_t channels = 1) {
    Stage stage;
    stage.prepare({rate_hz, channels});
    stage.set_target(p);
    stage.reset();
    return stage;
}

template <class Stage>
void run(Stage& stage, Signal& left) {
    ASSERT_EQ(left.size() % kQuantumFrames, 0u);
    float* channels[1] = {left.data()};
    stage.process(channels, (uint32_t)(left.size() / kQuantumFrames));
}

template <class Stage>
void run(Stage& stage, Signal& left, Signal& right) {
    ASSERT_EQ(left.size() % kQuantumFrames, 0u);
    float* channels[2] = {left.data(), right.data()};
    stage.process(channels, (uint32_t)(left.size() / kQuantumFrames));
}

template <class Stage>
inline Signal impulse_response(Stage& stage, double seconds, double rate_hz) {
    const auto quanta = (size_t)(seconds * rate_hz / kQuantumFrames);
    Signal h(quanta * kQuantumFrames, 0.0f);
    h[0] = 1.0f;
    run(stage, h);
    // What is left of the tail adds less than a millionth of a decibel, and time.
    while (h.size() > 1 && std::abs(h.back()) < 1e-12f) h.pop_back();
    return h;
}

// Direct Fourier sum at one frequency, in dB.
inline double response_db(const Signal& h, double f, double rate_hz) {
    const Complex turn = std::polar(1.0, -kTurn * f / rate_hz);
    Complex phase = 1.0;
    Complex sum = 0.0;
    for (size_t n = 0; n < h.size(); ++n) {
        if (n % 256 == 0) phase = std::polar(1.0, -kTurn * std::fmod(f / rate_hz * (double)n, 1.0));
        sum += (double)h[n] * phase;
        phase *= turn;
    }
    return 20.0 * std::log10(std::abs(sum));
}

struct Deviation {
    double to_16k_db = 0.0;
    double to_20k_db = 0.0;
};

// Largest distance between a stage and its prototype from 20 Hz to 20 kHz.
template <class Stage>
Deviation deviation(Stage& stage, double rate_hz, const std::function<double(double)>& expected_db) {
    const Signal h = impulse_response(stage, 0.7, rate_hz);
    Deviation worst;
    const int kSteps = 60;
    for (int i = 0; i <= kSteps; ++i) {
        const double f = 20.0 * std::pow(1000.0, (double)i / kSteps);
        const double off = std::abs(response_db(h, f, rate_hz) - expected_db(f));
        if (f <= 16000.0) worst.to_16k_db = std::max(worst.to_16k_db, off);
        worst.to_20k_db = std::max(worst.to_20k_db, off);
    }
    return worst;
}

struct Noise {
    uint32_t state = 1;
    uint32_t bits() {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return state;
    }
    // Even over [-1, 1).
    float sample() { return (float)(int32_t)bits() / 2147483648.0f; }
    // Even over [lowest, highest).
    float between(double lowest, double highest) {
        return (float)(lowest + (highest - lowest) * ((double)bits() / 4294967296.0));
    }
};

inline Signal noise(size_t frames, float amplitude, uint32_t seed = 7) {
    Noise source{seed};
    Signal x(frames);
    for (float& sample : x) sample = amplitude * source.sample();
    return x;
}

inline Signal sine(size_t frames, double f, double amplitude, double rate_hz, double phase = 0.0) {
    Signal x(frames);
    for (size_t n = 0; n < frames; ++n) x[n] = (float)(amplitude * std::sin(kTurn * (f / rate_hz * (double)n + phase)));
    return x;
}

// Anywhere within the ranges of the parameter table.
inline Equalizer::Parameters random_parameters(Noise& source) {
    Equalizer::Parameters p;
    p.enabled = source.bits() % 8 != 0;
    p.low_frequency_hz = 20.0f * std::exp2(source.between(0.0, std::log2(100.0)));
    p.low_gain_db = source.between(-12.0, 12.0);
    p.mid_frequency_hz = 20.0f * std::exp2(source.between(0.0, std::log2(1000.0)));
    p.mid_gain_db = source.between(-12.0, 12.0);
    p.mid_q = 0.1f * std::exp2(source.between(0.0, std::log2(100.0)));
    p.high_frequency_hz = 1000.0f * std::exp2(source.between(0.0, std::log2(20.0)));
    p.high_gain_db = source.between(-12.0, 12.0);
    return p;
}

// What travels from one machine to another: the bytes of the state, in the stage's own order.
template <class Stage>
std::vector<unsigned char> saved(Stage& stage) {
    aim::StateSizer sizer;
    stage.visit_state(sizer);
    std::vector<unsigned char> bytes(sizer.bytes());
    aim::StateWriter writer(bytes.data());
    stage.visit_state(writer);
    return bytes;
}

template <class Stage>
void restore(Stage& stage, const std::vector<unsigned char>& bytes) {
    aim::StateReader reader(bytes.data());
    stage.visit_state(reader);
}

}  // namespace aim_test::tone
