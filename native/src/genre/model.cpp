#include "genre/model.h"

#include <cstring>

#include "base/elementary.h"
#include "base/simd.h"

namespace aim {

namespace {

#include "genre/model_weights.inc"

constexpr float kMostMagnitude = 10000.0f;
constexpr uint32_t kBands = 20;
// Width of the layer in between; the generated weights are checked against it.
constexpr uint32_t kHidden = 32;

// y = W x + b, optionally rectified. `weights` has one row per input, of `outputs` values each; every output is a sum in
// the order of the inputs.
template <uint32_t inputs, uint32_t outputs, bool rectified>
void dense(const float (&weights)[inputs * outputs], const float (&bias)[outputs], const float* x, float* y) {
    static_assert(outputs % 4 == 0);
    constexpr uint32_t kVectors = outputs / 4;
    f32x4 sum[kVectors];
    for (uint32_t v = 0; v < kVectors; ++v) sum[v] = f32x4::load(bias + 4 * v);
    for (uint32_t i = 0; i < inputs; ++i) {
        const f32x4 input = f32x4::splat(x[i]);
        const float* row = weights + i * outputs;
        for (uint32_t v = 0; v < kVectors; ++v) sum[v] += f32x4::load(row + 4 * v) * input;
    }
    for (uint32_t v = 0; v < kVectors; ++v) {
        (rectified ? max(sum[v], f32x4::zero()) : sum[v]).store(y + 4 * v);
    }
}

// What of a frame can be heard: its smooth spectrum, no band further below the loudest than kOutlineRangeDb. Band limits,
// sample rates, codecs and noise change what lies below.
void outline(const float* mfcc, float row[WindowStatistics::kRow]) {
    constexpr float kNoBias[kBands] = {};
    float bands[kBands];
    dense<GenreModel::kCoefficients, kBands, false>(kOutlineBands, kNoBias, mfcc, bands);
    f32x4 highest = f32x4::load(bands);
    for (uint32_t b = 4; b < kBands; b += 4) highest = max(f32x4::load(bands + b), highest);
    const f32x4 floor = f32x4::splat(horizontal_max(highest) - kOutlineRangeDb);
    for (uint32_t b = 0; b < kBands; b += 4) max(f32x4::load(bands + b), floor).store(bands + b);
    constexpr float kNoRowBias[WindowStatistics::kRow] = {};
    dense<kBands, WindowStatistics::kRow, false>(kOutlineCoefficients, kNoRowBias, bands, row);
}

}  // namespace

void GenreModel::reset() { *this = GenreModel(); }

void GenreModel::add_frame(const float* mfcc) {
    float frame[kCoefficients];
    for (uint32_t k = 0; k < kCoefficients; ++k) {
        const float x = mfcc[k];
        // A NaN fails every comparison; infinity minus itself is one.
        frame[k] = !(x - x == 0.0f)      ? 0.0f
                   : x > kMostMagnitude  ? kMostMagnitude
                   : x < -kMostMagnitude ? -kMostMagnitude
                                         : x;
    }
    steadiness_.add_frame(frame);
    float row[WindowStatistics::kRow];
    outline(frame, row);
    statistics_.add_frame(row);
}

bool GenreModel::logits(float out[kGenres]) const {
    if (window_frames() < kLeastFrames) return false;
    float statistics[WindowStatistics::kCount];
    float hidden[kHidden];
    float padded[8];
    statistics_.measure(statistics);
    dense<WindowStatistics::kCount, kHidden, true>(kHiddenWeights, kHiddenBias, statistics, hidden);
    dense<kHidden, 8, false>(kOutputWeights, kOutputBias, hidden, padded);
    std::memcpy(out, padded, kGenres * sizeof(float));
    return true;
}

bool GenreModel::probabilities(float out[kGenres]) const {
    float window_logits[kGenres];
    if (!logits(window_logits)) return false;
    probabilities_of(window_logits, out);
    return true;
}

void GenreModel::probabilities_of(const float logits[kGenres], float out[kGenres]) {
    float most = logits[0];
    for (uint32_t g = 1; g < kGenres; ++g) most = logits[g] > most ? logits[g] : most;
    double sum = 0.0;
    double odds[kGenres];
    for (uint32_t g = 0; g < kGenres; ++g) {
        odds[g] = exp_f64(((double)logits[g] - (double)most) / (double)kTemperature);
        sum += odds[g];
    }
    for (uint32_t g = 0; g < kGenres; ++g) out[g] = (float)(odds[g] / sum);
}

}  // namespace aim
