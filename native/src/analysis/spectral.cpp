#include "analysis/spectral.h"

#include "analysis/lanes.h"

namespace aim {

float spectral_centroid_hz(const float* power, size_t bins, double hz_per_bin) {
    // Float sums over a short stretch only: a long one would lose the small magnitudes at its end.
    constexpr size_t kStretch = 64;
    const f32x4 four = f32x4::splat(4.0f);
    f32x4 bin = f32x4::set(0.0f, 1.0f, 2.0f, 3.0f);
    double magnitude_sum = 0.0;
    double weighted_sum = 0.0;
    for (size_t start = 0; start < bins; start += kStretch) {
        const size_t end = start + kStretch < bins ? start + kStretch : bins;
        f32x4 magnitudes = f32x4::zero();
        f32x4 weighted = f32x4::zero();
        for (size_t k = start; k < end; k += 4) {
            const f32x4 magnitude = sqrt(f32x4::load(power + k));
            magnitudes += magnitude;
            weighted += magnitude * bin;
            bin += four;
        }
        magnitude_sum += horizontal_sum(magnitudes);
        weighted_sum += horizontal_sum(weighted);
    }
    return magnitude_sum > 0.0 ? (float)(weighted_sum / magnitude_sum * hz_per_bin) : 0.0f;
}

float zero_crossing_rate(const float* samples, size_t count) {
    const f32x4 zero = f32x4::zero();
    i32x4 lanes = i32x4::splat(0);
    size_t i = 0;
    for (; i + 4 < count; i += 4) {
        const i32x4 negative = f32x4::load(samples + i) < zero;
        const i32x4 next_negative = f32x4::load(samples + i + 1) < zero;
        // A mask that is set is -1.
        lanes = lanes - (negative ^ next_negative);
    }
    int64_t crossings = (int64_t)lanes.lane(0) + lanes.lane(1) + lanes.lane(2) + lanes.lane(3);
    for (; i + 1 < count; ++i) crossings += (samples[i] < 0.0f) != (samples[i + 1] < 0.0f);
    return (float)((double)crossings / (double)(count - 1));
}

}  // namespace aim
