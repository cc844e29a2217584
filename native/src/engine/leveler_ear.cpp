#include "engine/leveler_ear.h"

#include <cstring>

#include "metering/k_weighting.h"

namespace aim {
namespace {

// Two lags reach an eighth of a millisecond back: far enough to tell the fundamental and the formants from noise, and
// the same at every sample rate from 16 kHz up.
constexpr uint32_t kLagsPerSecond = 16000;
constexpr uint32_t kLongestLag = 8;
// Below this 1/16 ms is nearer to one frame and a half than to two.
constexpr uint32_t kLeastRateOfTwoHz = 28000;

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
    halves_ = every_second_is_enough(spec.sample_rate_hz);
    const uint32_t rate_hz = halves_ ? spec.sample_rate_hz / 2 : spec.sample_rate_hz;
    const KWeightingCoefficients k = design_k_weighting((double)spec.sample_rate_hz / (halves_ ? 2.0 : 1.0));
    constexpr double kScale = (double)kSquaringScale;
    weighting_ =
        make_octets(section_of(k.b0, k.b1, k.b2, k.a1, k.a2), section_of(kScale, -2.0 * kScale, kScale, k.d1, k.d2));
    between_ = halves_ && rate_hz < kLeastRateOfTwoHz;
    lag_ = between_ ? 1 : (rate_hz + kLagsPerSecond / 2) / kLagsPerSecond;
    if (lag_ < 1) lag_ = 1;
    static_assert((kLags - 1) * kLongestLag <= kHistory);
    if (lag_ > kLongestLag) lag_ = kLongestLag;
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
    const uint32_t frames = quanta * kQuantumFrames / (halves_ ? 2 : 1);
    float line[kHistory + kMaxRunFrames];
    std::memcpy(line, state_.history, sizeof state_.history);
    float* const mix = line + kHistory;
    if (halves_) {
        weigh<1>(every_second_side_by_side(first, second), quanta, mix);
    } else {
        weigh<2>(side_by_side(first, second), quanta, mix);
    }

    f32x8 products[kLags];
    for (int j = 0; j < kLags; ++j) products[j] = f32x8::load(state_.products[j]);
    for (uint32_t i = 0; i < frames; i += 8) {
        const f32x8 x = f32x8::load(mix + i);
        products[0] += x * x;
        for (int j = 1; j < kLags; ++j) products[j] += x * f32x8::load(mix + i - (uint32_t)j * lag_);
    }
    for (int j = 0; j < kLags; ++j) products[j].store(state_.products[j]);
    std::memcpy(state_.history, line + frames, sizeof state_.history);
}

template <int octets_of_quantum, class Source>
void LevelerEar::weigh(Source source, uint32_t quanta, float* mix) {
    const f32x8 scale = f32x8::splat(kSquaringScale);
    f32x8 weighted_squares = f32x8::load(state_.weighted_squares);
    f32x8 squares = f32x8::load(state_.squares);
    run_octets<octets_of_quantum>(weighting_, state_.weighting.lanes[0], state_.weighting.lanes[1], quanta, source,
                                  [=, &squares, &weighted_squares](size_t i, f32x8 x, f32x8 y, f32x8) {
                                      const f32x8 scaled = x * scale;
                                      squares += scaled * scaled;
                                      weighted_squares += y * y;
                                      (y.low() + y.high()).store(mix + i);
                                  });
    weighted_squares.store(state_.weighted_squares);
    squares.store(state_.squares);
}

double LevelerEar::over_channels(const float (&sums)[8]) const {
    const double first = (double)horizontal_sum(f32x4::load(sums));
    return spec_.channels == 2 ? first + (double)horizontal_sum(f32x4::load(sums + 4)) : first;
}

Heard LevelerEar::take(uint32_t frames) {
    Heard heard;
    const double each = kUnscaledSquare * (halves_ ? 2.0 : 1.0) / (double)frames;
    heard.energy = over_channels(state_.weighted_squares) * each;
    heard.squares = over_channels(state_.squares) * each;
    double products[kLags];
    for (int i = 0; i < kLags; ++i) {
        products[i] = (double)horizontal_sum(f32x8::load(state_.products[i])) * kUnscaledSquare;
    }
    heard.correlation[0] = products[0];
    if (between_) {
        // The cubic through all four, at one and a half.
        heard.correlation[1] = (9.0 * (products[1] + products[2]) - (products[0] + products[3])) * (1.0 / 16.0);
        heard.correlation[2] = products[3];
    } else {
        heard.correlation[1] = products[1];
        heard.correlation[2] = products[2];
    }
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
