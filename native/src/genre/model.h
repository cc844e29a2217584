// What a window of MFCCs sounds like: logits and probabilities of the five genres.
//
// Each frame is brought to what of it can be heard, a smooth spectrum of 30 dB; of the window so made statistics are
// measured, and two dense layers make logits of them. What the weights are and how they were trained is told in
// docs/genre.md; they are generated, as model_weights.inc.
#pragma once

#include <cstdint>

#include "genre/steadiness.h"
#include "genre/window_statistics.h"

namespace aim {

class GenreModel {
public:
    static constexpr uint32_t kCoefficients = WindowStatistics::kCoefficients;
    static constexpr uint32_t kGenres = 5;  // speech, rock, jazz, electronic, classical: aim_genre from 1 on
    // Frames of 10 ms that a window has at least before there is an answer.
    static constexpr uint32_t kLeastFrames = 50;

    void reset();

    // Adds one frame of 13 coefficients. One that is not finite counts as zero; magnitudes are held to 10000.
    void add_frame(const float* mfcc);

    // Frames that an answer would rest on: the last whole blocks, at most 300 of them.
    uint32_t window_frames() const { return statistics_.window_frames(); }

    // Whether nothing has moved of late that could have a genre.
    bool steady() const { return steadiness_.steady(); }

    // Logits of the window. False, and nothing written, while it is shorter than kLeastFrames.
    bool logits(float out[kGenres]) const;

    // Calibrated probabilities of the window; they sum to 1. False as above.
    bool probabilities(float out[kGenres]) const;

    // From logits to calibrated probabilities, also for logits averaged over several windows.
    static void probabilities_of(const float logits[kGenres], float out[kGenres]);

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        steadiness_.visit_state(visitor);
        statistics_.visit_state(visitor);
    }

private:
    Steadiness steadiness_;
    WindowStatistics statistics_;
};

}  // namespace aim
