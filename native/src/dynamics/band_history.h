// What a band is usually like: the mean of its level in decibels over the last seconds of programme.
//
// The mean is one of decibels because what is usual is wanted: rare loud moments hardly move it, where a mean of energy
// would be made of little else, and a new steady level is reached in the same time however far away it is.
//
// Three things must not be taken for the usual. Pauses: what lies under -60 dBFS, or 20 dB under the programme's own
// mean power (as far as speech sounds lie apart), is not heard. Sibilants: while the band stands out, the mean waits;
// only what has stood out for longer than any sibilant is taken in, twice as fast. The beginning: the band counts as
// having been at full scale for a tenth of a second, so nothing stands out of it before something else has been heard.
// A band that moves begins anew from where it stands: what moving brings into it does not stand out.
//
// It learns at every second quantum, every 0.7 ms at 48 kHz.
#pragma once

#include "base/elementary.h"
#include "base/spec.h"

namespace aim {

class BandHistory {
public:
    void prepare(uint32_t sample_rate_hz) {
        const double looks_per_ms = (double)sample_rate_hz / (1000.0 * kLookQuanta * kQuantumFrames);
        power_step_ = step_over(kPowerMs * looks_per_ms);
        // An exponential mean weighs like a plain one over twice its time constant.
        last_step_ = step_over(0.5 * kHistoryMs * looks_per_ms);
        first_step_ = (float)(1.0 / (1.0 + kBeginningMs * looks_per_ms));
        forget_ = (float)exp2_f64(-2.0 * kOctavesPerDb * kForgetDbPerSecond / (1000.0 * looks_per_ms));
        patience_looks_ = (uint32_t)(kLongestSibilantMs * looks_per_ms) + 1;
        reset();
    }

    void reset() {
        state_ = State{};
        state_.step = first_step_;
    }

    // How far a level lies above the mean, in octaves of amplitude.
    float excess(float level_octaves) const { return level_octaves - state_.mean_octaves; }

    // The band has moved, and with it the level, to this.
    void follow_move(float level_octaves) {
        State& s = state_;
        const float allowed = s.excess > 0.0f ? s.excess : 0.0f;
        if (excess(level_octaves) > allowed) s.mean_octaves = level_octaves - allowed;
        s.step = first_step_;
    }

    // One quantum, in octaves of amplitude, 0 at full scale: the band's level as it is, and as it is held against the
    // mean; and from where on it stands out. `power` is that of the whole signal.
    void add(float power, float present_octaves, float held_octaves, float threshold_octaves) {
        State& s = state_;
        s.excess = excess(held_octaves);
        s.power_sum += power;
        if (++s.quanta % kLookQuanta != 0) return;
        s.power = s.power + power_step_ * (s.power_sum * (1.0f / kLookQuanta) - s.power);
        s.power_sum = 0.0f;
        // Below -180 dBFS: nothing, and no denormals.
        if (!(s.power > 1e-18f)) s.power = 0.0f;
        if (!(s.power > kPauseBelow * s.programme_power && s.power > kSilentBelow)) {
            // A programme that goes on softly is found again.
            s.programme_power = s.programme_power * forget_;
            if (!(s.programme_power > kSilentBelow)) s.programme_power = 0.0f;
            return;
        }
        s.programme_power = s.programme_power + s.step * (s.power - s.programme_power);
        float step = s.step;
        if (s.excess > threshold_octaves) {
            if (s.standing_out_looks < patience_looks_) {
                ++s.standing_out_looks;
                return;
            }
            step = step + step;
        } else if (s.standing_out_looks != 0) {
            --s.standing_out_looks;
        }
        s.mean_octaves = s.mean_octaves + step * (present_octaves - s.mean_octaves);
        // 1/n becomes 1/(n + 1): a plain mean of all that was heard, until that is as long as the history.
        if (s.step > last_step_) s.step = s.step / (1.0f + s.step);
    }

    // The band counts as at least this loud, 36 dB below the programme: what a dull sound leaves up there is no
    // measure.
    float least_power() const { return kBandFloor * state_.programme_power; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
    }

private:
    static constexpr double kHistoryMs = 3000.0;
    // Longer than the period of a low voice.
    static constexpr double kPowerMs = 15.0;
    static constexpr double kBeginningMs = 100.0;
    // Sibilants last 60 to 250 ms.
    static constexpr double kLongestSibilantMs = 300.0;
    static constexpr double kForgetDbPerSecond = 3.0;
    static constexpr uint32_t kLookQuanta = 2;
    static constexpr float kSilentBelow = 1e-6f;
    static constexpr float kPauseBelow = 0.01f;
    static constexpr float kBandFloor = 2.5e-4f;

    static float step_over(double looks) { return (float)(1.0 - exp_f64(-1.0 / looks)); }

    struct State {
        // Mean power of the last moments, and of what was heard of the programme.
        float power = 0.0f;
        float programme_power = 0.0f;
        float mean_octaves = 0.0f;
        // Of the last quantum.
        float excess = 0.0f;
        // The weight of the next look.
        float step = 1.0f;
        // Up while the band stands out, down while it does not.
        uint32_t standing_out_looks = 0;
        // Since the last look, and all so far.
        float power_sum = 0.0f;
        uint32_t quanta = 0;
    };

    State state_;
    float power_step_ = 1.0f;
    float first_step_ = 1.0f;
    float last_step_ = 1.0f;
    float forget_ = 1.0f;
    uint32_t patience_looks_ = 1;
};

}  // namespace aim
