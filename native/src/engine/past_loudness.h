// How loud the source has lately been, for every "lately" from half a second to a minute at once: a profile that judges
// slowly takes over from one that judges by the last seconds, and must not have to unlearn what those happened to be.
#pragma once

#include <cstdint>

#include "engine/lufs.h"

namespace aim {

class PastLoudness {
public:
    // A piece begins, or is too young to tell its past from its present.
    void begin(double energy) {
        for (double& past : energies_) past = energy;
    }
    // One hop more of a piece that has been heard for so long; `energy` is the mean that it is to be judged by.
    void add(double energy, double hop_s, double heard_s) {
        double span_s = kShortestS;
        for (double& past : energies_) {
            past += (energy - past) * hop_s / (heard_s < span_s ? heard_s : span_s);
            span_s *= 2.0;
        }
    }
    // What was measured is found to be so many times what it was.
    void scale(double factor) {
        for (double& past : energies_) past *= factor;
    }
    // Judged over that time.
    double lufs_over(double seconds) const {
        const double octaves = log2_f64(seconds > kShortestS ? seconds / kShortestS : 1.0);
        const uint32_t below = octaves < (double)(kSpans - 1) ? (uint32_t)octaves : kSpans - 1;
        const uint32_t above = below + 1 < kSpans ? below + 1 : below;
        const double part = octaves < (double)(kSpans - 1) ? octaves - (double)below : 0.0;
        const double shorter_lufs = lufs(energies_[below]);
        return shorter_lufs + part * (lufs(energies_[above]) - shorter_lufs);
    }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(energies_);
    }

private:
    // Octaves up to 64 s.
    static constexpr double kShortestS = 0.5;
    static constexpr uint32_t kSpans = 8;

    double energies_[kSpans] = {};
};

}  // namespace aim
