// Loudness in double precision, straight from the text of ITU-R BS.1770-5 and EBU Tech 3342: every block is kept, nothing
// is binned or updated in passing. 48 kHz only, as the standard's own filter table.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <vector>

namespace aim_test {

struct StandardFilter {
    double b[3];
    double a[3];
};

inline constexpr StandardFilter kStandardShelf = {{1.53512485958697, -2.69169618940638, 1.19839281085285},
                                                  {1, -1.69065929318241, 0.73248077421585}};
inline constexpr StandardFilter kStandardHighPass = {{1, -2, 1}, {1, -1.99004745483398, 0.99007225036621}};
inline constexpr double kStandardRateHz = 48000;

inline double loudness_of_energy(double energy) { return -0.691 + 10 * std::log10(energy); }

// |K| of the standard's digital filters at 48 kHz, up to 24 kHz.
inline double k_weighting_gain(double frequency_hz) {
    const std::complex<double> z = std::polar(1.0, -2 * std::numbers::pi * frequency_hz / kStandardRateHz);
    const auto at = [&](const StandardFilter& f) {
        return (f.b[0] + f.b[1] * z + f.b[2] * z * z) / (f.a[0] + f.a[1] * z + f.a[2] * z * z);
    };
    return std::abs(at(kStandardShelf) * at(kStandardHighPass));
}

// |K| of the analogue filters that the bilinear transform at 48 kHz made those of, at any frequency.
inline double k_weighting_gain_analogue(double frequency_hz) {
    const std::complex<double> s(0, std::numbers::pi * frequency_hz / kStandardRateHz);
    const std::complex<double> z = (1.0 - s) / (1.0 + s);
    const auto at = [&](const StandardFilter& f) {
        return (f.b[0] + f.b[1] * z + f.b[2] * z * z) / (f.a[0] + f.a[1] * z + f.a[2] * z * z);
    };
    return std::abs(at(kStandardShelf) * at(kStandardHighPass));
}

inline std::vector<double> standard_filtered(const std::vector<double>& x, const StandardFilter& f) {
    std::vector<double> y(x.size());
    double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
    for (size_t i = 0; i < x.size(); ++i) {
        y[i] = f.b[0] * x[i] + f.b[1] * x1 + f.b[2] * x2 - f.a[1] * y1 - f.a[2] * y2;
        x2 = x1;
        x1 = x[i];
        y2 = y1;
        y1 = y[i];
    }
    return y;
}

// Energy of the K-weighted channels, added up, as sums from the start: window energies are differences of two of them.
inline std::vector<double> weighted_energy_from_start(const std::vector<std::vector<float>>& channels) {
    std::vector<double> sums(channels.front().size() + 1, 0.0);
    for (const std::vector<float>& channel : channels) {
        const std::vector<double> x(channel.begin(), channel.end());
        const std::vector<double> y = standard_filtered(standard_filtered(x, kStandardShelf), kStandardHighPass);
        double sum = 0;
        for (size_t i = 0; i < y.size(); ++i) {
            sum += y[i] * y[i];
            sums[i + 1] += sum;
        }
    }
    return sums;
}

inline std::vector<double> window_energies(const std::vector<double>& sums, size_t window, size_t hop) {
    std::vector<double> energies;
    for (size_t end = window; end < sums.size(); end += hop) {
        energies.push_back((sums[end] - sums[end - window]) / static_cast<double>(window));
    }
    return energies;
}

inline double mean_above(const std::vector<double>& energies, double gate, std::vector<double>* kept = nullptr) {
    double sum = 0;
    size_t count = 0;
    for (const double e : energies) {
        if (e <= gate) continue;
        sum += e;
        ++count;
        if (kept != nullptr) kept->push_back(e);
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
}

inline double absolute_gate_energy() { return std::pow(10, (-70 + 0.691) / 10); }

inline double integrated_loudness(const std::vector<std::vector<float>>& channels) {
    const std::vector<double> blocks = window_energies(weighted_energy_from_start(channels), 19200, 4800);
    const double absolute = absolute_gate_energy();
    const double relative = std::max(absolute, mean_above(blocks, absolute) / 10);
    return loudness_of_energy(mean_above(blocks, relative));
}

inline double loudness_range(const std::vector<std::vector<float>>& channels) {
    const std::vector<double> windows = window_energies(weighted_energy_from_start(channels), 144000, 48000);
    const double absolute = absolute_gate_energy();
    std::vector<double> kept;
    mean_above(windows, std::max(absolute, mean_above(windows, absolute) / 100), &kept);
    if (kept.empty()) return 0;
    std::sort(kept.begin(), kept.end());
    const auto at = [&](double share) {
        return kept[static_cast<size_t>(std::floor(static_cast<double>(kept.size() - 1) * share + 0.5))];
    };
    return 10 * std::log10(at(0.95) / at(0.10));
}

inline double highest_window(const std::vector<std::vector<float>>& channels, size_t window, size_t hop) {
    const std::vector<double> energies = window_energies(weighted_energy_from_start(channels), window, hop);
    return loudness_of_energy(*std::max_element(energies.begin(), energies.end()));
}

}  // namespace aim_test
