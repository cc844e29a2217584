// Glides a parameter to its target over about 20 ms.
//
// Three one-poles in cascade, ticked once per quantum; the audio sees a straight line from one tick to the next. One
// pole alone leaves a corner that is heard as a tick; three put the energy of a unit step more than 500 Hz away at
// -100 dB, and unlike a fixed S-curve they take a new target in mid-flight without a corner.
#pragma once

#include "base/elementary.h"
#include "base/spec.h"

namespace aim {

// Coefficient shared by all smoothers of a sample rate.
struct SmoothingRate {
    float step = 1.0f;

    // 99 % of the way after `total_ms`: 1 - e^-x (1 + x + x^2/2) = 0.99 at x = 8.406.
    static SmoothingRate over_ms(double total_ms, uint32_t sample_rate_hz) {
        const double quanta = total_ms * (double)sample_rate_hz / (1000.0 * kQuantumFrames);
        return {(float)(1.0 - exp_f64(-8.406 / quanta))};
    }
};

inline constexpr double kSmoothingMs = 20.0;

struct Smoother {
    float target = 0.0f;
    float stage_1 = 0.0f;
    float stage_2 = 0.0f;
    // Values at the end and at the start of the present quantum.
    float value = 0.0f;
    float previous = 0.0f;

    void snap(float to) { target = stage_1 = stage_2 = value = previous = to; }

    bool settled() const { return value == target && previous == target; }

    // Advances by one quantum; afterwards the quantum runs from `previous` to `value`.
    void tick(SmoothingRate rate) {
        previous = value;
        stage_1 = stage_1 + rate.step * (target - stage_1);
        stage_2 = stage_2 + rate.step * (stage_1 - stage_2);
        value = value + rate.step * (stage_2 - value);
        // The exponential never arrives: end it where what is left can no longer be told from the target.
        const float scale = 1e-5f + 1e-5f * (target < 0.0f ? -target : target);
        if (near(stage_1, scale) && near(stage_2, scale) && near(value, scale)) {
            stage_1 = stage_2 = value = target;
        }
    }

    // The straight line from `previous` to `value`, four samples at a time: first + i * increment for sample i.
    float increment() const { return (value - previous) * (1.0f / kQuantumFrames); }

private:
    bool near(float x, float tolerance) const {
        const float difference = x - target;
        return difference < tolerance && difference > -tolerance;
    }
};

// Ticks all of them; true when none moves any more.
template <int count>
bool tick_all(Smoother* const (&smoothers)[count], SmoothingRate rate) {
    bool settled = true;
    for (Smoother* smoother : smoothers) {
        smoother->tick(rate);
        settled = settled && smoother->settled();
    }
    return settled;
}

}  // namespace aim
