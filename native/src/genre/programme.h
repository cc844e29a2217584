// The probabilities of several windows as those of one programme: their normalised geometric mean, which is what a
// product of opinions comes to when the windows say much the same. They do not say quite the same, so several are surer than
// one: docs/genre.md tells how much.
#pragma once

#include "ai_mixer_core.h"
#include "base/elementary.h"

namespace aim {

struct ProgrammeProbabilities {
    uint64_t windows = 0;
    double log2_sums[AIM_GENRE_COUNT] = {};

    void add(const float* probabilities) {
        // No single window rules a genre out.
        constexpr float kLeast = 1e-4f;
        for (int i = 0; i < AIM_GENRE_COUNT; ++i) {
            log2_sums[i] += log2_f64((double)(probabilities[i] > kLeast ? probabilities[i] : kLeast));
        }
        ++windows;
    }

    // All 0 when there was no window.
    void read(float* probabilities) const {
        constexpr double kSurer = 0.25;
        const double count = (double)windows;
        const double exponent = windows != 0 ? (1.0 + kSurer * (1.0 - 1.0 / count)) / count : 0.0;
        double powers[AIM_GENRE_COUNT];
        double sum = 0.0;
        for (int i = 0; i < AIM_GENRE_COUNT; ++i) {
            powers[i] = windows != 0 ? exp2_f64(log2_sums[i] * exponent) : 0.0;
            sum += powers[i];
        }
        for (int i = 0; i < AIM_GENRE_COUNT; ++i) probabilities[i] = sum > 0.0 ? (float)(powers[i] / sum) : 0.0f;
    }
};

}  // namespace aim
