#include "analysis/mfcc.h"

#include "analysis/spectral.h"

namespace aim {
namespace {

// Bin powers below this are rounding noise of a full-scale signal, or a signal below -300 dBFS. They count as zero, and
// no denormal number ever arises from them.
constexpr double kTinyPower = 1e-25;
// Likewise for samples: their denormals would be slow to convert.
constexpr float kTinySample = 1e-25f;
// The logarithm takes normal numbers.
constexpr float kSmallestFloor = 1.17549435e-38f;
// 10 log10(2).
constexpr float kPowerDbPerOctave = 3.01029995663981195f;
// Coefficients computed side by side: eight registers hide the latency of the addition.
constexpr uint32_t kCosineGroup = 16;

constexpr uint32_t round_up(uint32_t n, uint32_t multiple) { return (n + multiple - 1) / multiple * multiple; }

bool within(uint32_t value, uint32_t low, uint32_t high) { return value >= low && value <= high; }

// Damaged samples become silence.
void copy_sound(const float* from, uint32_t count, float* to) {
    const f32x4 limit = f32x4::splat((float)AIM_SAMPLE_LIMIT);
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) {
        const f32x4 x = f32x4::load(from + i);
        keep(abs(x) <= limit, x).store(to + i);
    }
    for (; i < count; ++i) {
        const float x = from[i];
        to[i] = x <= (float)AIM_SAMPLE_LIMIT && x >= (float)-AIM_SAMPLE_LIMIT ? x : 0.0f;
    }
}

f64x2 power_of(ComplexLanes<f64x2> x) { return drop_below(x.re * x.re + x.im * x.im, kTinyPower); }

}  // namespace

aim_mfcc_config MfccExtractor::default_config() {
    aim_mfcc_config config = {};
    config.struct_size = sizeof config;
    config.sample_rate_hz = 48000;
    config.window = 960;
    config.hop = 480;
    config.fft_size = 1024;
    config.mel_bands = 40;
    config.coefficients = 13;
    config.low_hz = 20.0f;
    config.high_hz = 20000.0f;
    config.floor = 1e-10f;
    return config;
}

bool MfccExtractor::valid(const aim_mfcc_config& c) {
    constexpr float kLargest = 3.402823466e38f;
    return within(c.sample_rate_hz, AIM_SAMPLE_RATE_MIN, AIM_SAMPLE_RATE_MAX) && within(c.fft_size, 16, 65536) &&
           (c.fft_size & (c.fft_size - 1)) == 0 && within(c.window, 16, c.fft_size) && within(c.hop, 1, 65536) &&
           within(c.mel_bands, 1, 256) && within(c.coefficients, 1, c.mel_bands) && c.low_hz >= 0.0f &&
           c.low_hz < c.high_hz && c.high_hz <= kLargest && c.floor > 0.0f && c.floor <= kLargest;
}

void MfccExtractor::prepare(const aim_mfcc_config& config, Arena& arena) {
    config_ = config;
    fft_.prepare(config.fft_size, arena);
    mel_bank_.prepare({config.sample_rate_hz, config.fft_size, config.mel_bands, config.low_hz, config.high_hz}, arena);
    samples_ = arena.take<float>(config.fft_size);
    window_ = arena.take<double>(config.fft_size);
    power_ = arena.take<float>(round_up(config.fft_size / 2 + 1, 4));
    decibels_ = arena.take<float>(round_up(config.mel_bands, 4));
    cosines_ = arena.take<double>((size_t)round_up(config.coefficients, kCosineGroup) * config.mel_bands);
    if (arena.measuring()) return;
    fill_window(config.window);
    fill_cosines();
    reset();
}

void MfccExtractor::fill_window(uint32_t window) {
    for (uint32_t n = 0; n < window; ++n) {
        const double half_wave = sin_f64(kPi * n / window);
        const uint32_t place = (n & ~3u) + (n & 1) * 2 + (n >> 1 & 1);
        window_[place] = 0.5 * half_wave * half_wave;
    }
}

void MfccExtractor::fill_cosines() {
    const double bands = config_.mel_bands;
    for (uint32_t c = 0; c < config_.coefficients; ++c) {
        const double scale = sqrt_f64((c == 0 ? 1.0 : 2.0) / bands);
        double* group = cosines_ + (size_t)(c / kCosineGroup) * kCosineGroup * config_.mel_bands;
        for (uint32_t b = 0; b < config_.mel_bands; ++b) {
            group[b * kCosineGroup + c % kCosineGroup] = scale * cos_f64(kPi * c * (b + 0.5) / bands);
        }
    }
}

void MfccExtractor::reset() {
    // Not only forgotten: equal states are equal bytes.
    std::memset(samples_, 0, config_.window * sizeof(float));
    filled_ = 0;
    skip_ = 0;
}

uint32_t MfccExtractor::frames_for(uint32_t samples) const {
    const uint32_t first = skip_ + config_.window - filled_;
    return samples < first ? 0 : 1 + (samples - first) / config_.hop;
}

uint32_t MfccExtractor::samples_for(uint32_t frames) const {
    return skip_ + config_.window - filled_ + (frames - 1) * config_.hop;
}

uint32_t MfccExtractor::process(const float* input, uint32_t samples, float* coefficients, float* centroid_hz,
                                float* zero_crossing_rate) {
    const uint32_t window = config_.window;
    const uint32_t hop = config_.hop;
    uint32_t frames = 0;
    while (samples > 0) {
        const uint32_t passed_over = skip_ < samples ? skip_ : samples;
        skip_ -= passed_over;
        input += passed_over;
        samples -= passed_over;

        const uint32_t missing = window - filled_;
        const uint32_t taken = missing < samples ? missing : samples;
        copy_sound(input, taken, samples_ + filled_);
        filled_ += taken;
        input += taken;
        samples -= taken;
        if (filled_ < window) break;

        measure_power();
        write_coefficients(coefficients + (size_t)frames * config_.coefficients);
        if (centroid_hz != nullptr) {
            const double hz_per_bin = (double)config_.sample_rate_hz / config_.fft_size;
            centroid_hz[frames] = spectral_centroid_hz(power_, config_.fft_size / 2 + 1, hz_per_bin);
        }
        if (zero_crossing_rate != nullptr) zero_crossing_rate[frames] = aim::zero_crossing_rate(samples_, window);
        ++frames;

        filled_ = hop < window ? window - hop : 0;
        skip_ = hop < window ? 0 : hop - window;
        std::memmove(samples_, samples_ + (window - filled_), filled_ * sizeof(float));
    }
    return frames;
}

void MfccExtractor::measure_power() {
    const float* samples = samples_;
    const double* window = window_;
    float* power = power_;
    const size_t points = config_.fft_size / 2;
    const auto load = [=](size_t i) {
        const f32x4 raw = load_aligned<f32x4>(samples + 2 * i);
        const f32x4 x = keep(abs(raw) >= f32x4::splat(kTinySample), raw);
        const f32x4 even_odd = shuffle<0, 2, 1, 3>(x, x);
        return ComplexLanes<f64x2>{low_to_f64(even_odd) * load_aligned<f64x2>(window + 2 * i),
                                   high_to_f64(even_odd) * load_aligned<f64x2>(window + 2 * i + 2)};
    };
    fft_.transform(
        load, [=](size_t k, ComplexLanes<f64x2> x) { store_as_f32(power_of(x), power + k); },
        [=](size_t k, ComplexLanes<f64x2> x) { store_as_f32(reversed(power_of(x)), power + points - k - 1); },
        [=](double re, double im) {
            power[points / 2] = (float)power_of({f64x2::splat(re), f64x2::splat(im)}).lane(0);
        });
}

void MfccExtractor::write_coefficients(float* coefficients) {
    const uint32_t bands = config_.mel_bands;
    mel_bank_.apply(power_, decibels_);
    const float floor_power = config_.floor > kSmallestFloor ? config_.floor : kSmallestFloor;
    for (uint32_t b = 0; b < bands; b += 4) {
        const f32x4 power = max(f32x4::load(decibels_ + b), f32x4::splat(floor_power));
        (log2(power) * f32x4::splat(kPowerDbPerOctave)).store(decibels_ + b);
    }
    const double* cosines = cosines_;
    for (uint32_t c = 0; c < config_.coefficients; c += kCosineGroup) {
        f64x2 sums[kCosineGroup / 2] = {};
        for (uint32_t b = 0; b < bands; ++b, cosines += kCosineGroup) {
            const f64x2 level = f64x2::splat(decibels_[b]);
            for (uint32_t i = 0; i < kCosineGroup / 2; ++i) {
                sums[i] = sums[i] + level * load_aligned<f64x2>(cosines + 2 * i);
            }
        }
        float group[kCosineGroup];
        for (uint32_t i = 0; i < kCosineGroup / 2; ++i) store_as_f32(sums[i], group + 2 * i);
        const uint32_t left = config_.coefficients - c;
        std::memcpy(coefficients + c, group, (left < kCosineGroup ? left : kCosineGroup) * sizeof(float));
    }
}

}  // namespace aim
