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
    weighting_ = make_pair_block(section_of(k.b0, k.b1, k.b2, k.a1, k.a2),
                                 section_of(kScale, -2.0 * kScale, kScale, k.d1, k.d2));
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

    const f32x4 scale = f32x4::splat(kSquaringScale);
    f32x4 weighted_squares = state_.weighted_squares;
    f32x4 squares = state_.squares;
    listen_steady(weighting_, state_.weighting, first, second, quanta,
                  [&](uint32_t i, f32x4 x01, f32x4 x23, f32x4 y01, f32x4 y23, f32x4) {
                      const f32x4 x01_scaled = x01 * scale;
                      const f32x4 x23_scaled = x23 * scale;
                      squares += x01_scaled * x01_scaled;
                      squares += x23_scaled * x23_scaled;
                      weighted_squares += y01 * y01;
                      weighted_squares += y23 * y23;
                      (shuffle<0, 2, 4, 6>(y01, y23) + shuffle<1, 3, 5, 7>(y01, y23)).store(mix + i);
                  });
    state_.weighted_squares = weighted_squares;
    state_.squares = squares;

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

double LevelerEar::over_channels(f32x4 sums) const {
    const f32x4 both = sums + shuffle<2, 3, 0, 1>(sums, sums);
    return (double)both.lane(0) + (spec_.channels == 2 ? (double)both.lane(1) : 0.0);
}

Heard LevelerEar::take(uint32_t frames) {
    Heard heard;
    const double each = kUnscaledSquare / (double)frames;
    heard.energy = over_channels(state_.weighted_squares) * each;
    heard.squares = over_channels(state_.squares) * each;
    for (int i = 0; i < 3; ++i) heard.correlation[i] = (double)horizontal_sum(state_.products[i]) * kUnscaledSquare;
    state_.weighted_squares = f32x4::zero();
    state_.squares = f32x4::zero();
    for (f32x4& product : state_.products) product = f32x4::zero();
    // Only what is finite may be learnt from; the comparison fails for NaN too. 1e12 is +120 dB.
    if (!(heard.energy < 1e12 && heard.correlation[0] < 1e12)) {
        reset();
        return Heard{};
    }
    return heard;
}

}  // namespace aim
