// Signals the tests are made of: synthesised in double precision, the same on every run and every machine that agrees
// on its libm to the last float digit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace aim_test {

using Samples = std::vector<double>;

// One vector per channel, as the core is given it.
using Audio = std::vector<std::vector<float>>;

// SplitMix64 (Steele, Lea, Flood 2014): small, fast, and its sequence is fixed for ever.
class Random {
public:
    explicit Random(uint64_t seed) : state_(seed) {}
    uint64_t bits();
    double uniform(double low, double high);
    double normal();
    uint32_t integer(uint32_t low, uint32_t high);

private:
    uint64_t state_;
};

double from_db(double db);
double to_db(double magnitude);

Samples silence(size_t frames);
Samples constant(double level, size_t frames);
Samples sine(double rate_hz, double frequency_hz, double peak_db, size_t frames, double phase_radians = 0);
Samples square(double rate_hz, double frequency_hz, double peak_db, size_t frames);
Samples white_noise(double peak_db, size_t frames, uint64_t seed);
// 3 dB per octave, shaped exactly by DFT.
Samples pink_noise(double peak_db, size_t frames, uint64_t seed);
// Single samples of +/- `amplitude`, a few hundred apart, silence between.
Samples sparse_impulses(double amplitude, size_t frames, uint64_t seed);
// Tone bursts of 5 ms every 50 ms with hard edges.
Samples bursts(double rate_hz, double frequency_hz, double peak_db, size_t frames);
// Decaying partials and drum hits over a soft bed: the crest factor and the pauses of a programme.
Samples music(double rate_hz, double peak_db, size_t frames, uint64_t seed);

// Removes everything from `cutoff_hz` up, by DFT (circular).
Samples band_limited(const Samples& signal, double rate_hz, double cutoff_hz);
Samples scaled(const Samples& signal, double gain);
Samples joined(const Samples& first, const Samples& second);

std::vector<float> to_float(const Samples& signal);
// The same signal in `channels` channels.
Audio to_audio(const Samples& signal, uint32_t channels);
Audio to_audio(const Samples& left, const Samples& right);

// Bits, not values: -0 differs from 0, and a NaN equals itself.
bool same_bits(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace aim_test
