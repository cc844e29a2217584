#include "analysis/mel_bank.h"

namespace aim {
namespace {

constexpr double kLinearHzPerMel = 200.0 / 3.0;
constexpr double kBreakHz = 1000.0;
constexpr double kBreakMel = kBreakHz / kLinearHzPerMel;
// Above the break 27 mels are a factor of 6.4: log2(6.4) / 27.
constexpr double kOctavesPerMel = 2.67807190511263765 / 27.0;

double mel_from_hz(double hz) {
    return hz < kBreakHz ? hz / kLinearHzPerMel : kBreakMel + log2_f64(hz / kBreakHz) / kOctavesPerMel;
}

double hz_from_mel(double mel) {
    return mel < kBreakMel ? mel * kLinearHzPerMel : kBreakHz * exp2_f64((mel - kBreakMel) * kOctavesPerMel);
}

struct Triangle {
    double low_hz;
    double centre_hz;
    double high_hz;

    double weight(double hz) const {
        if (!(hz > low_hz && hz < high_hz)) return 0.0;
        const double slope =
            hz < centre_hz ? (hz - low_hz) / (centre_hz - low_hz) : (high_hz - hz) / (high_hz - centre_hz);
        return slope * 2.0 / (high_hz - low_hz);
    }
};

Triangle triangle(const MelBankSpec& spec, uint32_t band) {
    const double low_mel = mel_from_hz(spec.low_hz);
    const double step = (mel_from_hz(spec.high_hz) - low_mel) / (spec.bands + 1);
    return {hz_from_mel(low_mel + step * band), hz_from_mel(low_mel + step * (band + 1)),
            hz_from_mel(low_mel + step * (band + 2))};
}

// Bins strictly inside the triangle, first and one behind the last.
struct BinRange {
    uint32_t begin;
    uint32_t end;
};

BinRange bins_inside(const Triangle& t, double hz_per_bin, uint32_t bins) {
    // Compared as numbers of bins and only then converted: the edges may lie far above half the sample rate.
    const double last = (double)bins - 1.0;
    const double low = t.low_hz / hz_per_bin < last ? t.low_hz / hz_per_bin : last;
    const double high = t.high_hz / hz_per_bin < last ? t.high_hz / hz_per_bin : last;
    const uint32_t begin = (uint32_t)low;
    const uint32_t end = (uint32_t)high + 1;
    return {begin, end};
}

constexpr uint32_t round_down_4(uint32_t n) { return n & ~3u; }
constexpr uint32_t round_up_4(uint32_t n) { return (n + 3) & ~3u; }

}  // namespace

void MelBank::prepare(const MelBankSpec& spec, Arena& arena) {
    const uint32_t bins = spec.fft_size / 2 + 1;
    const double hz_per_bin = (double)spec.sample_rate_hz / spec.fft_size;
    size_t weight_count = 0;
    for (uint32_t b = 0; b < spec.bands; ++b) {
        const BinRange range = bins_inside(triangle(spec, b), hz_per_bin, bins);
        weight_count += round_up_4(range.end) - round_down_4(range.begin);
    }
    bands_ = arena.take<Band>(spec.bands);
    weights_ = arena.take<float>(weight_count);
    band_count_ = spec.bands;
    if (arena.measuring()) return;

    float* weights = weights_;
    for (uint32_t b = 0; b < spec.bands; ++b) {
        const Triangle t = triangle(spec, b);
        const BinRange range = bins_inside(t, hz_per_bin, bins);
        const uint32_t first = round_down_4(range.begin);
        const uint32_t count = round_up_4(range.end) - first;
        bands_[b] = {first, count};
        for (uint32_t i = 0; i < count; ++i) weights[i] = (float)t.weight((first + i) * hz_per_bin);
        weights += count;
    }
}

void MelBank::apply(const float* power, float* energies) const {
    const float* weights = weights_;
    for (uint32_t b = 0; b < band_count_; ++b) {
        const Band band = bands_[b];
        const float* bins = power + band.first_bin;
        f32x4 sum = f32x4::zero();
        for (uint32_t i = 0; i < band.bin_count; i += 4) {
            sum += load_aligned<f32x4>(weights + i) * load_aligned<f32x4>(bins + i);
        }
        energies[b] = horizontal_sum(sum);
        weights += band.bin_count;
    }
}

}  // namespace aim
