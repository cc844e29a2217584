// The corpus: signals made of integer generators and IEEE arithmetic alone, so that every platform starts from the same
// bits. No libm: a tone is a rotation that steps itself.
#pragma once

#include <cstdint>
#include <vector>

namespace bit_exactness {

// splitmix64 (Steele, Lea, Flood 2014).
class Random {
public:
    explicit Random(uint64_t seed) : state_(seed) {}

    uint64_t next() {
        uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

    // 0 to limit - 1.
    uint32_t below(uint32_t limit) { return (uint32_t)(next() >> 32) % limit; }

    // 0 to just under 1, in steps of 2^-24: exact as float and as double.
    double unit() { return (double)(next() >> 40) * (1.0 / 16777216.0); }

    // -1 to just under 1.
    double bipolar() { return 2.0 * unit() - 1.0; }

private:
    uint64_t state_;
};

enum class Signal {
    kProgramme,  // tones, bursts of noise and pauses, from quiet to too loud
    kSilence,
    kImpulses,
    kNoise,  // white, 12 dB over full scale
    kDecay,  // tones that fade through the denormals into silence
    kSquare,
    kHover,   // a tone that wanders around the gate's threshold
    kHostile  // programme with NaN, infinities, wild values and denormals strewn in
};

using Audio = std::vector<std::vector<float>>;

Audio make_signal(Signal signal, uint32_t sample_rate_hz, uint32_t channels, uint32_t frames);

}  // namespace bit_exactness
