// Feed-forward compressor: linked peak level, log domain, soft knee, smooth decoupled peak detector.
//
// Giannoulis, Massberg, Reiss, "Digital Dynamic Range Compressor Design", JAES 60 (2012), section 3.2.2: the detector
// works on the gain reduction, rises with the attack's one-pole, and falls with the release's before it.
//
// The detector may hear the signal through a high-pass; the compressed signal may be mixed with the input, which is one
// gain as well since there is no delay between the two.
#pragma once

#include "base/lockstep.h"
#include "base/recurrence.h"
#include "base/smoother.h"
#include "dynamics/gain_curve.h"
#include "dynamics/gain_reduction_meter.h"
#include "dynamics/peak_hold.h"
#include "dynamics/side_chain.h"

namespace aim {

class Compressor {
public:
    struct Parameters {
        bool enabled = true;
        float threshold_db = -20.0f;
        float ratio = 4.0f;
        float knee_db = 2.0f;
        float attack_ms = 5.0f;
        float release_ms = 50.0f;
        float makeup_db = 0.0f;
        float side_chain_hz = 0.0f;
        float wet_percent = 100.0f;
    };

    void prepare(const Spec& spec);
    void set_target(const Parameters& parameters);
    // Clears the audio's traces; every parameter jumps to its target.
    void reset();
    void process(float* const* channels, uint32_t quanta);
    // How it goes at present: streams in lockstep are quickest where they are alike, and 0 goes alone.
    uint32_t lockstep_key() const;
    // The same as process() for every stream of a run.
    template <class V>
    static void process_lockstep(Compressor* const* streams, LockstepRun<V>& run);
    uint32_t latency_frames() const { return 0; }
    const GainReductionMeter& meter() const { return state_.meter; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
        hold_.visit_state(visitor);
        side_chain_.visit_state(visitor);
        if constexpr (Visitor::kReads) update_coefficients();
    }

private:
    struct State {
        Smoother threshold_octaves;
        Smoother slope;
        Smoother knee_octaves;
        Smoother makeup_octaves;
        Smoother attack_log2_ms;
        Smoother release_log2_ms;
        // Share of the compressed signal, 0 to 1.
        Smoother wet;
        // The detector: after the release, after the attack; octaves of reduction.
        float released = 0.0f;
        float smoothed = 0.0f;
        uint32_t moving = 0;
        GainReductionMeter meter;
    };

    bool switched_off() const;
    bool unheard() const;
    void rest();
    void tick();
    void update_coefficients();
    void process_run(float* const* channels, uint32_t at, uint32_t quanta);
    void wanted_reduction(float* levels, uint32_t frames) const;
    void smooth(float* reductions, uint32_t quanta, GainReductionMeter::Run& metered);
    void gains_of(float* reductions, uint32_t frames) const;
    void mixed_gains_of(float* reductions, uint32_t quanta) const;
    void what_is_left(GainReductionMeter::Run& run, uint32_t quanta) const;

    State state_;
    PeakHold hold_;
    SideChain side_chain_;
    Spec spec_;
    SmoothingRate rate_;
    GainCurve curve_;
    PolePowers attack_;
    PolePowers release_;
};

}  // namespace aim
