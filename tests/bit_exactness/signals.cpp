#include "signals.h"

#include <limits>

namespace bit_exactness {

namespace {

// A tone by Minsky's circle: two multiplications and two additions per sample, and the amplitude stays bounded.
class Tone {
public:
    Tone(double frequency_hz, double sample_rate_hz, double amplitude)
        : step_(6.283185307179586 * frequency_hz / sample_rate_hz), x_(amplitude) {}

    double next() {
        x_ = x_ - step_ * y_;
        y_ = y_ + step_ * x_;
        return y_;
    }

private:
    double step_;
    double x_;
    double y_ = 0.0;
};

// Loudness over time: eight levels from -50 to +6 dBFS and a pause, each an eighth of a second, linear in between.
double envelope(uint32_t frame, uint32_t sample_rate_hz) {
    static constexpr double kLevels[8] = {0.003, 0.1, 0.8, 0.0, 2.0, 0.01, 0.3, 0.0};
    const uint32_t part = sample_rate_hz / 8;
    const uint32_t index = frame / part;
    const double from = kLevels[index % 8];
    const double to = kLevels[(index + 1) % 8];
    const double along = (double)(frame % part) / (double)part;
    return along < 0.75 ? from : from + (to - from) * (along - 0.75) * 4.0;
}

float programme_sample(uint32_t frame, uint32_t rate, Tone& low, Tone& mid, Tone& high, Random& noise) {
    const double hiss = noise.bipolar();
    const bool burst = frame % (rate / 3) < rate / 30;
    const double mixed = low.next() + mid.next() + high.next() + (burst ? 0.5 * hiss : 0.001 * hiss);
    return (float)(envelope(frame, rate) * mixed);
}

void make_programme(std::vector<float>& out, uint32_t rate, uint32_t channel) {
    Tone low(channel == 0 ? 110.0 : 111.0, rate, 0.4);
    Tone mid(channel == 0 ? 880.0 : 660.0, rate, 0.3);
    Tone high(channel == 0 ? 2500.0 : 3100.0, rate, 0.15);
    Random noise(1 + channel);
    for (uint32_t i = 0; i < out.size(); ++i) out[i] = programme_sample(i, rate, low, mid, high, noise);
}

void make_hostile(std::vector<float>& out, uint32_t rate, uint32_t channel) {
    make_programme(out, rate, channel);
    const float wild[] = {std::numeric_limits<float>::quiet_NaN(),
                          std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity(),
                          1e30f,
                          -1e30f,
                          std::numeric_limits<float>::max(),
                          std::numeric_limits<float>::denorm_min(),
                          -1e-40f,
                          1000.5f,
                          -0.0f};
    Random where(77 + channel);
    for (uint32_t n = 0; n < out.size() / 50; ++n) out[where.below((uint32_t)out.size())] = wild[n % 10];
    // A stretch of nothing but NaN.
    for (uint32_t i = (uint32_t)out.size() / 2; i < out.size() / 2 + rate / 100; ++i) out[i] = wild[0];
}

void make_channel(std::vector<float>& out, Signal signal, uint32_t rate, uint32_t channel) {
    const uint32_t frames = (uint32_t)out.size();
    switch (signal) {
    case Signal::kProgramme:
        make_programme(out, rate, channel);
        break;
    case Signal::kSilence:
        break;
    case Signal::kImpulses:
        for (uint32_t i = 100; i < frames; i += rate / 10 + 13 * channel)
            out[i] = (i / (rate / 10)) % 2 == 0 ? 1.0f : -4.0f;
        break;
    case Signal::kNoise: {
        Random noise(5 + channel);
        for (float& x : out) x = (float)(4.0 * noise.bipolar());
        break;
    }
    case Signal::kDecay: {
        Tone tone(440.0 + 30.0 * channel, rate, 1.0);
        double level = 0.7;
        for (float& x : out) {
            x = (float)(level * tone.next());
            level *= 0.997;
        }
        break;
    }
    case Signal::kSquare:
        for (uint32_t i = 0; i < frames; ++i) out[i] = (i / (rate / 1994)) % 2 == 0 ? 0.9f : -0.9f;
        break;
    case Signal::kHover: {
        Tone tone(1000.0, rate, 0.0105);
        for (uint32_t i = 0; i < frames; ++i) out[i] = (float)(tone.next() * ((i / (rate / 7)) % 3 == 0 ? 0.5 : 1.0));
        break;
    }
    case Signal::kHostile:
        make_hostile(out, rate, channel);
        break;
    }
}

}  // namespace

Audio make_signal(Signal signal, uint32_t sample_rate_hz, uint32_t channels, uint32_t frames) {
    Audio audio(channels, std::vector<float>(frames, 0.0f));
    for (uint32_t c = 0; c < channels; ++c) make_channel(audio[c], signal, sample_rate_hz, c);
    return audio;
}

}  // namespace bit_exactness
