// Look-ahead limiter with a soft knee and true-peak detection; never above its ceiling by construction.
//
//   level -> wanted reduction (knee) -> hold -> release -> box average -> box average -> 1 - reduction -> delayed audio
//
// The hold spans the look-ahead, so when a peak leaves the delay line every value inside both averages is at least
// the reduction it needs. The averages are running sums of integers: exact, hence without drift and the same
// everywhere. Beyond the look-ahead the hold lasts half a period of 40 Hz, so a low tone gets a constant gain instead
// of distortion.
#pragma once

#include "base/recurrence.h"
#include "base/ring.h"
#include "base/smoother.h"
#include "dynamics/gain_reduction_meter.h"
#include "dynamics/peak_hold.h"
#include "dynamics/true_peak_bound.h"

namespace aim {

class Limiter {
public:
    static constexpr double kMaxLookaheadMs = 10.0;

    struct Parameters {
        bool enabled = true;
        bool true_peak = true;
        float input_gain_db = 0.0f;
        float threshold_db = -0.3f;
        float ceiling_db = -0.1f;
        float lookahead_ms = 5.0f;
        float release_ms = 50.0f;
    };

    void prepare(const Spec& spec, Arena& arena);
    // The look-ahead is taken over by the next reset().
    void set_target(const Parameters& parameters);
    void reset();
    void process(float* const* channels, uint32_t quanta);
    uint32_t latency_frames() const { return lookahead_frames(state_.lookahead_ms, spec_.sample_rate_hz); }
    static uint32_t lookahead_frames(float lookahead_ms, uint32_t sample_rate_hz);
    const GainReductionMeter& meter() const { return state_.meter; }
    uint64_t clamped_samples() const { return state_.clamped_samples; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
        hold_.visit_state(visitor);
        for (uint32_t c = 0; c < spec_.channels; ++c) {
            bound_[c].visit_state(visitor);
            audio_[c].visit_state(visitor);
        }
        reductions_.visit_state(visitor);
        averages_.visit_state(visitor);
        if constexpr (Visitor::kReads) {
            quanta_of_nothing_ = 0;
            update_timing();
            update_coefficients();
        }
    }

private:
    struct State {
        Smoother input_gain_db;
        Smoother threshold_db;
        Smoother ceiling_db;
        Smoother release_log2_ms;
        // 1 while switched on, 0 while off: scales the reduction.
        Smoother depth;
        // How much of what lies between the samples counts.
        Smoother true_peak;
        float target_lookahead_ms = 5.0f;
        float lookahead_ms = 5.0f;
        uint32_t moving = 0;
        // Counts quanta; every position in the delay lines follows from it.
        uint32_t quantum = 0;
        // Input gain at the end of the previous quantum, linear.
        float input_gain = 1.0f;
        // The largest reduction in the hold's window.
        float held = 0.0f;
        float released = 0.0f;
        int32_t sum_1 = 0;
        int32_t sum_2 = 0;
        // What the last safeguard enforces: follows a falling ceiling only when the delay line has emptied.
        float clamp_level = 1.0f;
        uint32_t clamp_wait_quanta = 0;
        uint32_t fill = 0;
        uint64_t clamped_samples = 0;
        GainReductionMeter meter;
    };

    void tick();
    void update_timing();
    void update_coefficients();
    float clamp_level_wanted() const;
    void follow_clamp_level();
    void apply_input_gain(float* const* channels, uint32_t at, uint32_t frames);
    float detect(float* const* channels, uint32_t at, uint32_t quanta, float* levels);
    void wanted_reduction(float* levels, uint32_t frames) const;
    bool at_rest() const;
    float quiet_level() const;
    bool stays_below(const float* const* channels, uint32_t at, uint32_t quanta) const;
    void pass(float* const* channels, uint32_t at, uint32_t quanta);
    void rest(uint32_t quanta);
    void write_nothing(uint32_t quanta);
    f32x4 release(float* held, f32x4 released) const;
    void smooth(float* held, uint32_t quanta);
    int32_t average_quantum(QuantumRing<int32_t>& ring, uint32_t quantum, uint32_t box_frames, int32_t sum,
                            const int32_t* fresh, float scale, float* averages) const;
    void delay(float* const* channels, uint32_t at, uint32_t quanta);
    void clamp(float* const* channels, uint32_t at, uint32_t quanta);
    void process_run(float* const* channels, uint32_t at, uint32_t quanta);

    State state_;
    PeakHold hold_;
    TruePeakBound bound_[kMaxChannels];
    QuantumRing<float> audio_[kMaxChannels];
    QuantumRing<int32_t> reductions_;
    QuantumRing<int32_t> averages_;
    Spec spec_;
    SmoothingRate rate_;
    PolePowers release_;

    // Nothing but zeros was written to the averages' delay lines for so long; no longer counted once they are full of them.
    uint32_t quanta_of_nothing_ = 0;

    uint32_t delay_frames_ = 0;
    uint32_t box_1_frames_ = 1;
    uint32_t box_2_frames_ = 1;
    float scale_1_ = 0.0f;
    float scale_1_to_2_ = 0.0f;
    float scale_2_to_reduction_ = 0.0f;

    float input_gain_ = 1.0f;
    float threshold_ = 1.0f;
    float ceiling_ = 1.0f;
    float knee_ = 0.0f;
    float knee_scale_ = 0.0f;
};

}  // namespace aim
