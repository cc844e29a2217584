#include "analysis/fft.h"

namespace aim {
namespace {

// Halved. Samples below 1e-25 (-500 dBFS) count as zero: they would become denormals on the way.
f32x4 half_without_denormals(f32x4 x) { return keep(abs(x) >= f32x4::splat(1e-25f), x) * f32x4::splat(0.5f); }

ComplexLanes<f32x4> load_points(const float* samples, f32x4) {
    const f32x4 a = half_without_denormals(f32x4::load(samples));
    const f32x4 b = half_without_denormals(f32x4::load(samples + 4));
    return {shuffle<0, 2, 4, 6>(a, b), shuffle<1, 3, 5, 7>(a, b)};
}

ComplexLanes<f32x1> load_points(const float* samples, f32x1) {
    const f32x4 a = half_without_denormals(f32x4::set(samples[0], samples[1], 0.0f, 0.0f));
    return {{a.lane(0)}, {a.lane(1)}};
}

template <class V>
void transform_interleaved(FftKernel<V>& kernel, const float* samples, float* spectrum) {
    constexpr size_t kLanes = FftKernel<V>::kLanes;
    const size_t points = kernel.points();
    // Where the bins M - k, M - k - 1, ... go when k is zero.
    float* const top = spectrum + 2 * (points - (kLanes - 1));
    kernel.transform([=](size_t i) { return load_points(samples + 2 * i, V{}); },
                     [=](size_t k, ComplexLanes<V> x) { store_pairs(x.re, x.im, spectrum + 2 * k); },
                     [=](size_t k, ComplexLanes<V> x) { store_pairs(reversed(x.re), reversed(x.im), top - 2 * k); },
                     [=](float re, float im) {
                         spectrum[points] = re;
                         spectrum[points + 1] = im;
                     });
}

}  // namespace

void RealFft::prepare(uint32_t size, Arena& arena) {
    size_ = size;
    if (size == kMinimumSize) {
        small_.prepare(size, arena);
    } else {
        large_.prepare(size, arena);
    }
}

void RealFft::forward(const float* samples, float* spectrum) {
    if (size_ == kMinimumSize) {
        transform_interleaved(small_, samples, spectrum);
    } else {
        transform_interleaved(large_, samples, spectrum);
    }
}

}  // namespace aim
