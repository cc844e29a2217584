// From what was asked to what the stages get: profile, intensity, overrides and relative thresholds become one value per
// parameter, and a change of profile becomes a morph.
//
// A morph runs along a raised cosine; dB and percent move linearly, times, frequencies and Q on a logarithmic scale,
// ratios as slopes (1 - 1/R). A stage that one end switches off glides to and from the amounts that do nothing. Where a
// leveler is switched on the morph waits until it has listened, so that it knows where to go.
#pragma once

#include "base/spec.h"
#include "engine/glide.h"
#include "engine/parameters.h"

namespace aim {

class MixSettings {
public:
    // Values are renewed this often while they move; the stages' own smoothing makes lines of the steps.
    static constexpr uint32_t kStepQuanta = 8;
    // Without a morph only the loudness that thresholds refer to moves, and slowly: every stop cuts a run of the stages.
    static constexpr uint32_t kFollowQuanta = 8 * kStepQuanta;

    void prepare(const Spec& spec) { spec_ = spec; }

    // Stands at what is asked, without a morph.
    void reset(const ParameterValues& asked, float reference_lufs);
    // Whether anything was set since the last reset() or take_up().
    bool is_behind(const ParameterValues& asked) const { return asked.changes() != state_.changes; }
    // True when a morph begins with it.
    bool take_up(const ParameterValues& asked, float reference_lufs, uint32_t listening_quanta);
    // Moves on by one step. True when the stages' targets have changed.
    bool step(const ParameterValues& asked, float reference_lufs);

    // step() is due wherever the quanta of the stream are a multiple of this; 0 when it has nothing to do.
    uint32_t step_quanta() const { return state_.morph.runs() ? kStepQuanta : is_relative() ? kFollowQuanta : 0; }
    // What is left of the wait and of the morph.
    uint32_t wait_quanta() const { return state_.morph.wait * kStepQuanta; }
    uint32_t morph_quanta() const { return state_.morph.length * kStepQuanta; }
    // Whether a threshold refers to the loudness target.
    bool is_relative() const { return state_.relative != 0; }
    // After a snapshot: `asked` is what the state belongs to, though it has counted differently. `behind`: what was set
    // but not yet heard when the snapshot was taken is taken up by the next call.
    void recognise(const ParameterValues& asked, bool behind) {
        state_.profile_changes = asked.profile_changes();
        state_.changes = asked.changes() - (behind ? 1 : 0);
    }

    template <aim_parameter_id id>
    float of() const {
        return state_.now[kRow<id>];
    }
    template <aim_parameter_id id>
    bool on() const {
        return of<id>() != 0.0f;
    }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
    }

private:
    struct State {
        float now[kParameterCount] = {};
        // Where the morph began.
        float from[kParameterCount] = {};
        // In steps.
        Glide morph;
        uint32_t relative = 0;
        float reference_lufs = 0.0f;
        uint32_t changes = 0;
        uint32_t profile_changes = 0;
    };

    void resolve(const ParameterValues& asked, float reference_lufs, float* values);
    void blend_towards(const float* target);

    State state_;
    Spec spec_;
};

}  // namespace aim
