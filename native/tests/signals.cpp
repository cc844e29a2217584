#include "signals.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>
#include <numbers>
#include <tuple>

#include "reference/dft.h"

namespace aim_test {
namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;

// What std::fmod(x, 1) gives, to the bit, in a fraction of its time.
double fraction(double x) { return x - std::trunc(x); }

Samples normalised(Samples signal, double peak_db) {
    double peak = 0;
    for (const double x : signal) peak = std::max(peak, std::abs(x));
    const double gain = peak > 0 ? from_db(peak_db) / peak : 0;
    for (double& x : signal) x *= gain;
    return signal;
}

// Multiplies the spectrum by weight(frequency as a share of the sample rate, 0 to 0.5).
template <class Weight>
Samples shaped(const Samples& signal, Weight weight) {
    const size_t size = power_of_two_from(signal.size());
    Spectrum spectrum(size);
    for (size_t i = 0; i < signal.size(); ++i) spectrum[i] = signal[i];
    dft(spectrum);
    for (size_t bin = 0; bin < size; ++bin) {
        const size_t mirrored = std::min(bin, size - bin);
        spectrum[bin] *= weight(static_cast<double>(mirrored) / static_cast<double>(size)) / static_cast<double>(size);
    }
    dft(spectrum, true);
    Samples result(signal.size());
    for (size_t i = 0; i < result.size(); ++i) result[i] = spectrum[i].real();
    return result;
}

Samples play(double rate_hz, double peak_db, size_t frames, uint64_t seed) {
    constexpr double kNotesHz[] = {55, 82.41, 110, 146.83, 196, 220, 293.66, 440, 659.26};
    constexpr double kBeatSeconds = 0.25;
    constexpr int kPartials = 6;
    Random random(seed);
    Samples signal(frames, 0.0);
    const size_t beat_frames = static_cast<size_t>(kBeatSeconds * rate_hz);
    for (size_t start = 0; start < frames; start += beat_frames) {
        const double loudness = random.uniform(0.1, 1);
        const bool drum = random.integer(0, 2) == 0;
        const double note_hz = kNotesHz[random.integer(0, std::size(kNotesHz) - 1)];
        const size_t end = std::min(frames, start + 4 * beat_frames);
        for (size_t i = start; i < end; ++i) {
            const double t = static_cast<double>(i - start) / rate_hz;
            double x = 0;
            for (int k = 1; k <= kPartials && k * note_hz < 0.45 * rate_hz; ++k) {
                x += std::sin(kTwoPi * k * note_hz * t) * std::exp(-t * (3 + k)) / k;
            }
            if (drum) x += 1.5 * random.normal() * std::exp(-t * 40);
            signal[i] += loudness * x;
        }
    }
    return normalised(std::move(signal), peak_db);
}

}  // namespace

uint64_t Random::bits() {
    state_ += 0x9E3779B97F4A7C15u;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

double Random::uniform(double low, double high) {
    constexpr double kScale = 1.0 / 9007199254740992.0;  // 2^-53
    return low + (high - low) * (static_cast<double>(bits() >> 11) * kScale);
}

double Random::normal() {
    // Box and Muller 1958; 1 - u keeps the logarithm away from zero.
    const double radius = std::sqrt(-2 * std::log(1 - uniform(0, 1)));
    return radius * std::cos(kTwoPi * uniform(0, 1));
}

uint32_t Random::integer(uint32_t low, uint32_t high) {
    return low + static_cast<uint32_t>(bits() % (static_cast<uint64_t>(high) - low + 1));
}

double from_db(double db) { return std::pow(10.0, db / 20); }

double to_db(double magnitude) { return magnitude > 0 ? 20 * std::log10(magnitude) : -400; }

Samples silence(size_t frames) { return Samples(frames, 0.0); }

Samples constant(double level, size_t frames) { return Samples(frames, level); }

Samples sine(double rate_hz, double frequency_hz, double peak_db, size_t frames, double phase_radians) {
    const double amplitude = from_db(peak_db);
    Samples signal(frames);
    for (size_t i = 0; i < frames; ++i) {
        // The cycle count is reduced before it meets 2 pi, so that the phase stays exact in a long tone.
        const double cycles = fraction(frequency_hz * static_cast<double>(i) / rate_hz);
        signal[i] = amplitude * std::sin(kTwoPi * cycles + phase_radians);
    }
    return signal;
}

Samples square(double rate_hz, double frequency_hz, double peak_db, size_t frames) {
    const double amplitude = from_db(peak_db);
    Samples signal(frames);
    for (size_t i = 0; i < frames; ++i) {
        const double cycles = fraction(frequency_hz * static_cast<double>(i) / rate_hz);
        signal[i] = cycles < 0.5 ? amplitude : -amplitude;
    }
    return signal;
}

Samples white_noise(double peak_db, size_t frames, uint64_t seed) {
    Random random(seed);
    const double amplitude = from_db(peak_db);
    Samples signal(frames);
    for (double& x : signal) x = random.uniform(-amplitude, amplitude);
    return signal;
}

Samples pink_noise(double peak_db, size_t frames, uint64_t seed) {
    static constexpr double kFlatBelow = 20.0 / 48000;  // 1/f power must not run away towards DC
    const Samples white = white_noise(0, frames, seed);
    return normalised(shaped(white, [](double f) { return 1 / std::sqrt(std::max(f, kFlatBelow)); }), peak_db);
}

Samples sparse_impulses(double amplitude, size_t frames, uint64_t seed) {
    Random random(seed);
    Samples signal(frames, 0.0);
    for (size_t i = random.integer(50, 400); i < frames; i += random.integer(50, 900)) {
        signal[i] = (random.bits() & 1) != 0 ? amplitude : -amplitude;
    }
    return signal;
}

Samples bursts(double rate_hz, double frequency_hz, double peak_db, size_t frames) {
    Samples signal = sine(rate_hz, frequency_hz, peak_db, frames);
    for (size_t i = 0; i < frames; ++i) {
        if (std::fmod(static_cast<double>(i) / rate_hz, 0.05) >= 0.005) signal[i] = 0;
    }
    return signal;
}

Samples music(double rate_hz, double peak_db, size_t frames, uint64_t seed) {
    // The dearest of the signals, and the one most often asked for again: made once.
    static std::map<std::tuple<double, double, size_t, uint64_t>, Samples> played;
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    Samples& signal = played[{rate_hz, peak_db, frames, seed}];
    if (signal.empty()) signal = play(rate_hz, peak_db, frames, seed);
    return signal;
}

Samples band_limited(const Samples& signal, double rate_hz, double cutoff_hz) {
    const double cutoff = cutoff_hz / rate_hz;
    return shaped(signal, [cutoff](double f) { return f < cutoff ? 1.0 : 0.0; });
}

Samples scaled(const Samples& signal, double gain) {
    Samples result = signal;
    for (double& x : result) x *= gain;
    return result;
}

Samples joined(const Samples& first, const Samples& second) {
    Samples result = first;
    result.insert(result.end(), second.begin(), second.end());
    return result;
}

std::vector<float> to_float(const Samples& signal) { return {signal.begin(), signal.end()}; }

Audio to_audio(const Samples& signal, uint32_t channels) { return Audio(channels, to_float(signal)); }

Audio to_audio(const Samples& left, const Samples& right) { return {to_float(left), to_float(right)}; }

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

}  // namespace aim_test
