#include "engine/leveler_ear.h"

#include <cstring>

#include "metering/k_weighting.h"

namespace aim {
namespace {

// Two lags reach an eighth of a millisecond back: far enough to tell the fundamental and the formants from noise, and
// the same at every sample rate from 16 kHz up.
constexpr uint32_t kLagsPerSecond = 16000;

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
    const KWeightingCoefficients k = design_k_weighting((double)spec.sample_rate_hz);
    constexpr double kScale = (double)kSquaringScale;
    weighting_ =
        make_octets(section_of(k.b0, k.b1, k.b2, k.a1, k.a2), section_of(kScale, -2.0 * kScale, kScale, k.d1, k.d2));
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

    const f32x8 scale = f32x8::splat(kSquaringScale);
    f32x8 weighted_squares = f32x8::load(state_.weighted_squares);
    f32x8 squares = f32x8::load(state_.squares);
    run_octets(weighting_, weighting_, state_.weighting.lanes[0], state_.weighting.lanes[1], quanta,
               side_by_side(first, second), [=, &squares, &weighted_squares](size_t i, f32x8 x, f32x8 y, f32x8) {
                   const f32x8 scaled = x * scale;
                   squares += scaled * scaled;
                   weighted_squares += y * y;
                   (y.low() + y.high()).store(mix + i);
               });
    weighted_squares.store(state_.weighted_squares);
    squares.store(state_.squares);

    f32x8 products[3];
    for (int j = 0; j < 3; ++j) products[j] = f32x8::load(state_.products[j]);
    for (uint32_t i = 0; i < frames; i += 8) {
        const f32x8 x = f32x8::load(mix + i);
        products[0] += x * x;
        products[1] += x * f32x8::load(mix + i - lag_);
        products[2] += x * f32x8::load(mix + i - 2 * lag_);
    }
    for (int j = 0; j < 3; ++j) products[j].store(state_.products[j]);
    std::memcpy(state_.history, line + frames, sizeof state_.history);
}

double LevelerEar::over_channels(const float (&sums)[8]) const {
    const double first = (double)horizontal_sum(f32x4::load(sums));
    return spec_.channels == 2 ? first + (double)horizontal_sum(f32x4::load(sums + 4)) : first;
}

Heard LevelerEar::take(uint32_t frames) {
    Heard heard;
    const double each = kUnscaledSquare / (double)frames;
    heard.energy = over_channels(state_.weighted_squares) * each;
    heard.squares = over_channels(state_.squares) * each;
    for (int i = 0; i < 3; ++i)
        heard.correlation[i] = (double)horizontal_sum(f32x8::load(state_.products[i])) * kUnscaledSquare;
    f32x8::zero().store(state_.weighted_squares);
    f32x8::zero().store(state_.squares);
    for (float(&sums)[8] : state_.products) f32x8::zero().store(sums);
    // Only what is finite may be learnt from; the comparison fails for NaN too. 1e12 is +120 dB.
    if (!(heard.energy < 1e12 && heard.correlation[0] < 1e12)) {
        reset();
        return Heard{};
    }
    return heard;
}

}  // namespace aim
