// De-esser: turns the upper band down where it stands out of its own history.
//
//   upper band -> level -> above its usual level by more than the threshold? -> reduction -> shelf
//
// Measured against the band's own past, not against full scale: the same settings fit a soft and a loud, a dull and a
// bright voice, and cymbals that simply are bright are left alone.
#pragma once

#include "base/smoother.h"
#include "dynamics/band_history.h"
#include "dynamics/band_split.h"
#include "dynamics/gain_reduction_meter.h"

namespace aim {

class DeEsser {
public:
    struct Parameters {
        bool enabled = false;
        // Where the deepest reduction of the usual 8 dB is half there.
        float split_hz = 5500.0f;
        // Above the band's mean level.
        float threshold_db = 6.0f;
        float ratio = 3.0f;
        // Gain at most taken away, as a gain: negative.
        float range_db = -8.0f;
    };

    void prepare(const Spec& spec);
    void set_target(const Parameters& parameters);
    // Clears the audio's traces; every parameter jumps to its target.
    void reset();
    void process(float* const* channels, uint32_t quanta);
    uint32_t latency_frames() const { return 0; }
    // Of the upper band, far above the split.
    const GainReductionMeter& meter() const { return state_.meter; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
        history_.visit_state(visitor);
        if constexpr (Visitor::kReads) update_split();
    }

private:
    struct State {
        Smoother split_log2_hz;
        Smoother threshold_octaves;
        Smoother slope;
        Smoother range_octaves;
        SectionPairState split;
        // The shelf's filter; its states mean something while it turns anything down.
        SectionState shelf;
        uint32_t awake = 0;
        // The band's mean power of the last moments, and the same with a slow fall.
        float power = 0.0f;
        float level = 0.0f;
        // At the end of the previous quantum, in octaves.
        float reduction = 0.0f;
        uint32_t moving = 0;
        uint32_t fill = 0;
        GainReductionMeter meter;
    };

    bool switched_off() const { return state_.moving == 0 && state_.slope.value == 0.0f; }
    void forget();
    void tick();
    void update_split();
    void process_run(float* const* channels, uint32_t quanta);
    void glide(float* const* channels);
    void wake(const float* split_states);
    BandFollower follower() const;
    bool detect(const BandTrace& trace, uint32_t quanta, float* roots);
    void move_reduction(const BandTrace& trace, uint32_t quanta, float* reductions);
    void add_to_meter(const float* reductions, uint32_t quanta);

    State state_;
    BandHistory history_;
    Spec spec_;
    SmoothingRate rate_;
    // Per quantum: what is left of the mean power, and how much of the new comes in; of the level; of the reduction.
    float left_ = 0.0f;
    float rise_ = 1.0f;
    float fall_ = 0.0f;
    float waited_ = 0.0f;
    float attack_ = 1.0f;
    // Follow from the split's frequency: its tangent at the end of the previous and of this quantum; the block belongs
    // to the latter.
    double tangent_before_ = 0.0;
    double tangent_ = 0.0;
    double block_for_hz_ = -1.0;
    BandSplitBlock block_;
};

}  // namespace aim
