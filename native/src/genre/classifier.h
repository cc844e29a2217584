// What a stream is: mono mix, MFCCs every 10 ms, the model on the last 3 s and a decision every half second.
#pragma once

#include "analysis/mfcc.h"
#include "base/spec.h"
#include "genre/decision.h"
#include "genre/model.h"
#include "genre/programme.h"

namespace aim {

class GenreClassifier {
public:
    void prepare(const Spec& spec, Arena& arena);
    // Nothing has been heard; `genre` holds.
    void reset(int32_t genre);

    // Adds up to kMaxRunFrames frames. True when another genre holds from here on.
    bool add(const float* const* channels, uint32_t frames, const float* weights);
    // The next half second as another model has heard it, in place of frames: probabilities of 0 to 100, all 0 for silence.
    // True as above.
    bool hear(const float* probabilities, const float* weights);
    // Frames until something may be decided, at the earliest; a step may lie at the end of them only.
    uint32_t frames_to_step() const { return mfcc_.samples_for(kStepHops - state_.hops); }

    int32_t genre() const { return decision_.genre(); }
    const GenreEventLog& log() const { return decision_.log(); }
    void read(aim_genre_reading* reading) const;
    // Everything heard, silence left out.
    const ProgrammeProbabilities& programme() const { return programme_; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
        visitor(programme_);
        // A forged snapshot must not make an endless step.
        if (Visitor::kReads && state_.hops >= kStepHops) state_.hops = 0;
        mfcc_.visit_state(visitor);
        model_.visit_state(visitor);
        decision_.visit_state(visitor);
    }

private:
    // Hops of 10 ms in a step of half a second.
    static constexpr uint32_t kStepHops = 50;

    struct State {
        uint64_t frames = 0;
        // Hops of the present step, and how many of them are more than silence.
        uint32_t hops = 0;
        uint32_t sounding_hops = 0;
        // 1 until something sounds, and again after a step of silence.
        uint32_t silent = 1;
        // Highest magnitudes: of the present hop and step, of the last step, and of late, slowly falling.
        float hop_peak = 0.0f;
        float step_peak = 0.0f;
        float last_peak = 0.0f;
        float recent_peak = 0.0f;
        uint32_t fill = 0;
    };

    bool add_hop(const float* coefficients, const float* weights);
    bool end_step(const float* weights);
    bool decide(const float* probabilities, const float* weights);

    State state_;
    ProgrammeProbabilities programme_;
    MfccExtractor mfcc_;
    GenreModel model_;
    GenreDecision decision_;
    Spec spec_;
    // From the sum of the channels to what the extractor takes.
    float mix_gain_ = 1.0f;
};

}  // namespace aim
