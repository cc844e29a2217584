#include "engine/leveler_ear.h"

#include <cstring>

namespace aim {
namespace {

// Two lags reach an eighth of a millisecond back: far enough to tell the fundamental and the formants from noise, and
// the same at every sample rate from 16 kHz up.
constexpr uint32_t kLagsPerSecond = 16000;
// -300 dB: below it the products would become denormal.
constexpr float kNothing = 1e-15f;

}  // namespace

Heard Heard::times(double factor) const {
    return {
        energy * factor, squares * factor, {correlation[0] * factor, correlation[1] * factor, correlation[2] * factor}};
}

void Heard::add(const Heard& other) {
    energy += other.energy;
    squares += other.squares;
    for (int i = 0; i < 3; ++i) correlation[i] += other.correlation[i];
}

// The error of the Levinson-Durbin recursion after two steps.
double Heard::flatness() const {
    if (!(correlation[0] > 0.0)) return 0.0;
    const double r1 = correlation[1] / correlation[0];
    const double r2 = correlation[2] / correlation[0];
    const double left_1 = 1.0 - r1 * r1;
    if (!(left_1 > 1e-6)) return 0.0;
    const double k2 = (r2 - r1 * r1) / left_1;
    const double left_2 = left_1 * (1.0 - k2 * k2);
    return left_2 > 0.0 ? left_2 : 0.0;
}

void LevelerEar::prepare(const Spec& spec) {
    spec_ = spec;
    weighting_ = design_k_weighting((double)spec.sample_rate_hz);
    lag_ = (spec.sample_rate_hz + kLagsPerSecond / 2) / kLagsPerSecond;
    if (lag_ < 1) lag_ = 1;
    if (lag_ > kHistory / 2) lag_ = kHistory / 2;
}

void LevelerEar::add(const float* const* channels, uint32_t at, uint32_t quanta) {
    // Mono runs in both lanes; only the first is read.
    const float* first = channels[0] + at;
    const float* second = channels[spec_.channels - 1] + at;
    while (quanta != 0) {
        const uint32_t run = quanta < kMaxRunQuanta ? quanta : kMaxRunQuanta;
        add_run(first, second, run);
        first += run * kQuantumFrames;
        second += run * kQuantumFrames;
        quanta -= run;
    }
}

void LevelerEar::add_run(const float* first, const float* second, uint32_t quanta) {
    const uint32_t frames = quanta * kQuantumFrames;
    float line[kHistory + kMaxRunFrames];
    std::memcpy(line, state_.history, sizeof state_.history);
    float* const mix = line + kHistory;

    const KWeighting weighting(weighting_);
    KWeightingState weighted = state_.weighting;
    f64x2 weighted_squares = state_.weighted_squares;
    for (uint32_t i = 0; i < frames; ++i) {
        const f64x2 x = f64x2::set((double)first[i], (double)second[i]);
        const f64x2 y = weighting.step(weighted, x);
        weighted_squares = weighted_squares + y * y;
        mix[i] = (float)(y.lane(0) + y.lane(1));
    }
    state_.weighting = weighted;
    state_.weighted_squares = weighted_squares;
    add_squares(0, first, frames);
    if (spec_.channels == 2) add_squares(1, second, frames);

    for (uint32_t i = 0; i < frames; i += 4) {
        const f32x4 x = f32x4::load(mix + i);
        keep(abs(x) > f32x4::splat(kNothing), x).store(mix + i);
    }
    f32x4 p0 = state_.products[0];
    f32x4 p1 = state_.products[1];
    f32x4 p2 = state_.products[2];
    for (uint32_t i = 0; i < frames; i += 4) {
        const f32x4 x = f32x4::load(mix + i);
        p0 += x * x;
        p1 += x * f32x4::load(mix + i - lag_);
        p2 += x * f32x4::load(mix + i - 2 * lag_);
    }
    state_.products[0] = p0;
    state_.products[1] = p1;
    state_.products[2] = p2;
    std::memcpy(state_.history, line + frames, sizeof state_.history);
}

void LevelerEar::add_squares(uint32_t channel, const float* samples, uint32_t frames) {
    f32x4 squares = state_.squares[channel];
    for (uint32_t i = 0; i < frames; i += 4) {
        const f32x4 x = f32x4::load(samples + i);
        const f32x4 heard = keep(abs(x) > f32x4::splat(kNothing), x);
        squares += heard * heard;
    }
    state_.squares[channel] = squares;
}

Heard LevelerEar::take(uint32_t frames) {
    const bool stereo = spec_.channels == 2;
    const double weighted = state_.weighted_squares.lane(0) + (stereo ? state_.weighted_squares.lane(1) : 0.0);
    Heard heard;
    heard.energy = weighted / (double)frames;
    heard.squares = (double)horizontal_sum(state_.squares[0] + state_.squares[1]) / (double)frames;
    for (int i = 0; i < 3; ++i) heard.correlation[i] = (double)horizontal_sum(state_.products[i]);
    state_.weighted_squares = f64x2{};
    for (f32x4& squares : state_.squares) squares = f32x4::zero();
    for (f32x4& product : state_.products) product = f32x4::zero();
    flush(state_.weighting);
    // Only what is finite may be learnt from; the comparison fails for NaN too. 1e12 is +120 dB.
    if (!(heard.energy < 1e12 && heard.correlation[0] < 1e12)) {
        reset();
        return Heard{};
    }
    return heard;
}

}  // namespace aim
