#include "genre/classifier.h"

#include "base/elementary.h"

namespace aim {
namespace {

// -80 dBFS: above the dither of 16 bits.
constexpr float kSilence = 1e-4f;
// -40 dB: what is left of a programme between its parts.
constexpr float kFarBelow = 0.01f;
// Two decibels per second, per hop.
constexpr float kRecentFall = 0.99770f;
// A click is no programme: 100 ms of a step must sound.
constexpr uint32_t kLeastSoundingHops = 10;

// Windows of 20 ms every 10 ms at any rate, and the bands of 48 kHz.
aim_mfcc_config config_for(uint32_t sample_rate_hz) {
    aim_mfcc_config config = MfccExtractor::default_config();
    config.sample_rate_hz = sample_rate_hz;
    config.window = sample_rate_hz / 50;
    config.hop = sample_rate_hz / 100;
    config.fft_size = 16;
    while (config.fft_size < config.window) config.fft_size *= 2;
    return config;
}

// The powers of bins grow with the window and with the points of the FFT: brought to what they are at 48 kHz.
double gain_for(const aim_mfcc_config& config) {
    const aim_mfcc_config standard = MfccExtractor::default_config();
    const double points = (double)standard.window * standard.fft_size;
    return sqrt_f64(points / ((double)config.window * config.fft_size));
}

// Largest magnitude: the same whatever the order.
float peak_of(const float* samples, uint32_t count) {
    f32x4 peaks = f32x4::zero();
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) peaks = max(abs(f32x4::load(samples + i)), peaks);
    float peak = 0.0f;
    for (int lane = 0; lane < 4; ++lane) peak = peaks.lane(lane) > peak ? peaks.lane(lane) : peak;
    for (; i < count; ++i) {
        const float magnitude = samples[i] < 0.0f ? -samples[i] : samples[i];
        peak = magnitude > peak ? magnitude : peak;
    }
    return peak;
}

}  // namespace

void GenreClassifier::prepare(const Spec& spec, Arena& arena) {
    spec_ = spec;
    const aim_mfcc_config config = config_for(spec.sample_rate_hz);
    mix_gain_ = (float)(gain_for(config) / (double)spec.channels);
    mfcc_.prepare(config, arena);
    decision_.prepare(spec.sample_rate_hz);
}

void GenreClassifier::reset(int32_t genre) {
    state_ = State{};
    programme_ = ProgrammeProbabilities{};
    mfcc_.reset();
    model_.reset();
    decision_.reset(genre);
}

bool GenreClassifier::add(const float* const* channels, uint32_t frames, const float* weights) {
    float mono[kMaxRunFrames];
    const float* const first = channels[0];
    const float* const second = channels[spec_.channels - 1];
    const float gain = mix_gain_;
    if (spec_.channels == 2) {
        for (uint32_t i = 0; i < frames; ++i) mono[i] = (first[i] + second[i]) * gain;
    } else {
        for (uint32_t i = 0; i < frames; ++i) mono[i] = first[i] * gain;
    }

    bool changed = false;
    for (uint32_t done = 0; done < frames;) {
        const uint32_t to_hop = mfcc_.samples_for(1);
        const uint32_t count = frames - done < to_hop ? frames - done : to_hop;
        const float peak = peak_of(mono + done, count);
        if (peak > state_.hop_peak) state_.hop_peak = peak;
        state_.frames += count;
        float coefficients[AIM_GENRE_COEFFICIENTS];
        if (mfcc_.process(mono + done, count, coefficients, nullptr, nullptr) != 0 && add_hop(coefficients, weights)) {
            changed = true;
        }
        done += count;
    }
    return changed;
}

bool GenreClassifier::add_hop(const float* coefficients, const float* weights) {
    const float peak = state_.hop_peak / (mix_gain_ * (float)spec_.channels);
    state_.hop_peak = 0.0f;
    const float fallen = state_.recent_peak * kRecentFall;
    state_.recent_peak = peak > fallen ? peak : fallen > kSilence ? fallen : kSilence;
    const bool sounds = peak > kSilence && peak > kFarBelow * state_.recent_peak;
    if (state_.silent != 0 && sounds) {
        // Steps begin with the sound, so that its first answer comes as early as can be.
        state_.silent = 0;
        state_.hops = 0;
        state_.step_peak = 0.0f;
    }
    if (peak > state_.step_peak) state_.step_peak = peak;
    if (state_.silent == 0) {
        model_.add_frame(coefficients);
        if (sounds) ++state_.sounding_hops;
    }
    return ++state_.hops == kStepHops && end_step(weights);
}

bool GenreClassifier::end_step(const float* weights) {
    const bool sounded = state_.sounding_hops >= kLeastSoundingHops;
    state_.hops = 0;
    state_.sounding_hops = 0;
    state_.last_peak = state_.step_peak;
    state_.step_peak = 0.0f;
    if (!sounded) {
        state_.silent = 1;
        if (decision_.hear_silence(state_.frames)) model_.reset();
        return false;
    }

    float probabilities[AIM_GENRE_COUNT];
    if (!model_.probabilities(probabilities)) return false;
    if (model_.steady()) {
        // It has no genre: none is likelier than another, which is what `unsure` waits for.
        for (float& p : probabilities) p = 1.0f / AIM_GENRE_COUNT;
    }
    return decide(probabilities, weights);
}

bool GenreClassifier::hear(const float* probabilities, const float* weights) {
    state_.frames += (uint64_t)kStepHops * config_for(spec_.sample_rate_hz).hop;
    float sum = 0.0f;
    for (uint32_t i = 0; i < AIM_GENRE_COUNT; ++i) sum += probabilities[i];
    if (sum == 0.0f) {
        decision_.hear_silence(state_.frames);
        return false;
    }
    float scaled[AIM_GENRE_COUNT];
    for (uint32_t i = 0; i < AIM_GENRE_COUNT; ++i) scaled[i] = probabilities[i] / sum;
    return decide(scaled, weights);
}

bool GenreClassifier::decide(const float* probabilities, const float* weights) {
    programme_.add(probabilities);
    return decision_.hear(probabilities, weights, state_.frames);
}

void GenreClassifier::read(aim_genre_reading* reading) const {
    *reading = {};
    reading->frames = state_.frames;
    decision_.read(reading);
    reading->peak_dbfs = (float)db_from_amplitude(state_.last_peak, AIM_SILENCE_DB);
}

}  // namespace aim
