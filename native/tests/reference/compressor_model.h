// The compressor of Giannoulis, Massberg and Reiss ("Digital Dynamic Range Compressor Design", JAES 60(6), 2012) in
// double precision, sample by sample: quadratic knee in the log domain, smooth decoupled peak detector.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <vector>

namespace aim_test {

struct CompressorCurve {
    double threshold_db;
    double ratio;
    double knee_db;

    // Output level for a settled input level.
    double output_db(double input_db) const {
        const double over = input_db - threshold_db;
        if (2 * over <= -knee_db) return input_db;
        if (2 * over >= knee_db) return threshold_db + over / ratio;
        const double into_knee = over + knee_db / 2;
        return input_db + (1 / ratio - 1) * into_knee * into_knee / (2 * knee_db);
    }

    double reduction_db(double input_db) const { return input_db - output_db(input_db); }
};

struct CompressorTiming {
    double rate_hz;
    double attack_ms;
    double release_ms;
};

// Gain reduction in dB per sample for a level that is the largest magnitude from `behind` samples ago to `ahead`
// samples ahead.
inline std::vector<double> compressor_reduction_db(const std::vector<double>& magnitude, const CompressorCurve& curve,
                                                   const CompressorTiming& timing, int behind, int ahead) {
    const double attack = std::exp(-1000 / (timing.attack_ms * timing.rate_hz));
    const double release = std::exp(-1000 / (timing.release_ms * timing.rate_hz));
    const auto frames = static_cast<std::ptrdiff_t>(magnitude.size());
    std::vector<double> result(magnitude.size());
    std::deque<std::ptrdiff_t> window;  // indices of falling magnitudes: the front is the largest of the window
    double released = 0;
    double smoothed = 0;
    std::ptrdiff_t next = 0;
    for (std::ptrdiff_t n = 0; n < frames; ++n) {
        for (; next < frames && next <= n + ahead; ++next) {
            while (!window.empty() && magnitude[window.back()] <= magnitude[next]) window.pop_back();
            window.push_back(next);
        }
        while (window.front() < n - behind) window.pop_front();
        const double level = magnitude[window.front()];
        const double wanted = level > 1e-10 ? curve.reduction_db(20 * std::log10(level)) : 0;
        released = std::max(wanted, release * released + (1 - release) * wanted);
        smoothed = attack * smoothed + (1 - attack) * released;
        result[n] = smoothed;
    }
    return result;
}

// Seconds until gain reduction has fallen by 63.2 % after the level fell below the knee: the release recurrence feeds
// the attack one-pole, so both poles show.
inline double release_seconds_to_63_percent(double attack_ms, double release_ms) {
    const double a = attack_ms / 1000;
    const double r = release_ms / 1000;
    const auto left = [a, r](double t) {
        if (std::abs(a - r) < 1e-9) return (1 + t / r) * std::exp(-t / r);
        return (r * std::exp(-t / r) - a * std::exp(-t / a)) / (r - a);
    };
    double low = 0;
    double high = 20 * (a + r);
    for (int i = 0; i < 200; ++i) {
        const double middle = (low + high) / 2;
        (left(middle) > std::exp(-1.0) ? low : high) = middle;
    }
    return low;
}

}  // namespace aim_test
