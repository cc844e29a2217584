// Loudness of a programme that comes in pieces and is too long to keep: the standard's filters, energies of 100 ms.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "reference/loudness.h"
#include "signals.h"

namespace aim_test {

// Loudness as the standard says, from audio that comes in pieces: 400 ms blocks every 100 ms.
class RunningLoudness {
public:
    void add(const Audio& audio) {
        for (size_t i = 0; i < audio[0].size(); ++i) {
            for (size_t c = 0; c < audio.size(); ++c) {
                const double y = high_pass_[c].step(kStandardHighPass, shelf_[c].step(kStandardShelf, audio[c][i]));
                sum_ += y * y;
            }
            if (++frames_ % kHop == 0) {
                hops_.push_back(sum_ / static_cast<double>(kHop));
                sum_ = 0;
            }
        }
    }

    // Of the hops from `first_s` to `last_s`, gated.
    double integrated(double first_s = 0, double last_s = 1e9) const {
        const std::vector<double> blocks = blocks_between(first_s, last_s);
        const double relative = std::max(absolute_gate_energy(), mean_above(blocks, absolute_gate_energy()) / 10);
        return loudness_of_energy(mean_above(blocks, relative));
    }
    // Of everything in the window.
    double window(double first_s, double last_s) const {
        return loudness_of_energy(mean_above(blocks_between(first_s, last_s), -1));
    }

private:
    static constexpr size_t kHop = static_cast<size_t>(kStandardRateHz) / 10;

    struct Section {
        double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
        double step(const StandardFilter& f, double x) {
            const double y = f.b[0] * x + f.b[1] * x1 + f.b[2] * x2 - f.a[1] * y1 - f.a[2] * y2;
            x2 = x1;
            x1 = x;
            y2 = y1;
            y1 = y;
            return y;
        }
    };

    std::vector<double> blocks_between(double first_s, double last_s) const {
        std::vector<double> blocks;
        const size_t end = std::min(hops_.size(), static_cast<size_t>(std::min(last_s, 1e6) * 10 + 0.5));
        for (size_t i = static_cast<size_t>(first_s * 10 + 0.5); i + 4 <= end; ++i) {
            blocks.push_back((hops_[i] + hops_[i + 1] + hops_[i + 2] + hops_[i + 3]) / 4);
        }
        return blocks;
    }

    Section shelf_[2], high_pass_[2];
    std::vector<double> hops_;
    double sum_ = 0;
    size_t frames_ = 0;
};

}  // namespace aim_test
