// Noise gate with hysteresis, hold and range.
//
// A linked peak detector drives an open/closed decision; the gain then travels an S-curve in linear amplitude, in
// exactly the attack time up and the release time down. The S-curve has no corners, which is what keeps the opening
// from splattering. Where it ends is the range, or what the expander makes of the level.
//
// The threshold can be kept above the noise floor: it is lifted, never lowered, at once down and slowly up.
#pragma once

#include "base/smoother.h"
#include "dynamics/expander.h"
#include "dynamics/gain_reduction_meter.h"
#include "dynamics/noise_floor.h"
#include "dynamics/peak_hold.h"

namespace aim {

class NoiseGate {
public:
    struct Parameters {
        bool enabled = true;
        float threshold_db = -40.0f;
        float hysteresis_db = 3.0f;
        float range_db = -80.0f;
        float attack_ms = 0.5f;
        float hold_ms = 0.0f;
        float release_ms = 100.0f;
        float ratio = Expander::kGateRatio;
        float above_floor_db = 0.0f;
    };

    void prepare(const Spec& spec);
    void set_target(const Parameters& parameters);
    // Starts open: what begins loud keeps its first word, what begins as noise is closed within detector and release.
    void reset();
    void process(float* const* channels, uint32_t quanta);
    uint32_t latency_frames() const { return 0; }
    const GainReductionMeter& meter() const { return state_.meter; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
        hold_.visit_state(visitor);
        expander_.visit_state(visitor);
        floor_.visit_state(visitor);
        if constexpr (Visitor::kReads) update_coefficients();
    }

private:
    struct State {
        Smoother threshold_db;
        // Added to the threshold to keep it above the noise floor.
        Smoother lift_db;
        Smoother hysteresis_db;
        Smoother range_db;
        // 1 while switched on, 0 while off: scales the reduction.
        Smoother depth;
        Smoother attack_log2_ms;
        Smoother release_log2_ms;
        float hold_ms = 0.0f;
        float above_floor_db = 0.0f;
        uint32_t moving = 0;
        // Whether more than levels moves.
        uint32_t shape_moving = 0;
        uint32_t fill = 0;
        uint32_t open = 1;
        // Whole quanta since the level last reached the closing threshold.
        uint32_t quiet_quanta = 0;
        // Where the gain stands on the S-curve: 0 closed, 1 open.
        float position = 1.0f;
        // Gain while closed, at the end of the previous quantum.
        float closed_gain = 0.0f;
        GainReductionMeter meter;
    };

    void tick();
    void update_coefficients();
    void update_levels();
    bool switched_off() const;
    float lift_wanted_db() const;
    void follow(float level);
    void lift_threshold();
    void rest();
    uint32_t decide(const float* levels);
    void process_run(float* const* channels, uint32_t at, uint32_t quanta);
    void be_open();
    void look_into(float* const* channels, uint32_t at, uint32_t q);
    float expanded_gain(float level);
    void process_quantum(float* const* channels, uint32_t at, uint32_t open, float closed_gain);

    State state_;
    PeakHold hold_;
    Expander expander_;
    NoiseFloor floor_;
    Spec spec_;
    SmoothingRate rate_;
    bool expanding_ = false;
    float open_level_ = 0.0f;
    float close_level_ = 0.0f;
    float closed_gain_ = 0.0f;
    float rise_ = 0.0f;
    float fall_ = 0.0f;
    uint32_t hold_quanta_ = 0;
};

}  // namespace aim
