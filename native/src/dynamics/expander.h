// The gain of a closed gate that is a downward expander: the further the level lies below the threshold, the less.
//
// Works once per quantum on the logarithm of the held level. The level falls with the release's one-pole and passes
// three more poles, so that neither a step of the level nor the grain of its detector is heard in the gain. Threshold,
// ratio and range act behind the poles: they have no lag.
#pragma once

#include "base/smoother.h"

namespace aim {

class Expander {
public:
    // From this ratio on the closed gain is the range, whatever the level: a gate.
    static constexpr float kGateRatio = 100.0f;

    // What else decides the gain, all in the gate's own units.
    struct Setting {
        double range_db;
        double attack_ms;
        double release_ms;
    };

    void prepare(const Spec& spec) { spec_ = spec; }
    void set_target(float ratio);
    // The ratio jumps to its target.
    void reset();
    // Advances the ratio by one quantum; true when it has arrived.
    bool tick(SmoothingRate rate);
    void update(const Setting& setting);
    void set_threshold(double db) { threshold_ = (float)(db * kOctavesPerDb); }

    // A gate and nothing else: `gain` need not be asked.
    bool is_gate() const { return state_.gate_share.settled() && state_.gate_share.value == 1.0f; }
    // Gain at the end of a quantum that ends at `level`. The first one after the gate was open starts afresh: what came
    // before was not heard.
    float gain(float level, bool afresh);

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
    }

private:
    struct State {
        // 1 / ratio: the gain moves evenly all the way from a mild ratio to that of a gate.
        Smoother inverse_ratio;
        // 1 a gate, 0 an expander.
        Smoother gate_share;
        // A gate turns into an expander: what the poles hold is long past.
        uint32_t stale = 1;
        // The level in octaves: after the release, then after each of the three poles.
        float released = 0.0f;
        float stage_1 = 0.0f;
        float stage_2 = 0.0f;
        float stage_3 = 0.0f;
        // Range and bottom of the last quantum.
        float range = 0.0f;
        float bottom = 0.0f;
    };

    float bottom(float range) const;
    void follow_bottom(float target);

    State state_;
    Spec spec_;
    // In octaves of amplitude.
    float threshold_ = 0.0f;
    float range_ = 0.0f;
    float range_gain_ = 0.0f;
    // Octaves of gain per octave of level below the threshold, and the inverse.
    float slope_ = 0.0f;
    float span_ = 0.0f;
    float release_step_ = 1.0f;
    float attack_step_ = 1.0f;
};

}  // namespace aim
