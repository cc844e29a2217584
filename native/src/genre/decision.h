// From what the model makes of the last seconds, every half second, to a genre that holds.
//
// Plain logic without audio: probabilities or silence go in, decisions come out. A genre takes over when its smoothed
// probability is high and ahead for a while; then it holds for a while; nothing changes in silence.
#pragma once

#include "ai_mixer_core.h"
#include "genre/event_log.h"

namespace aim {

// What a caller may ask for: each 0 to 100, one at least above 0. False for NaN.
bool valid_genre_weights(const float* weights);

class GenreDecision {
public:
    // What is said at a time is said of this long.
    static constexpr float kStepSeconds = 0.5f;

    void prepare(uint32_t sample_rate_hz) { sample_rate_hz_ = sample_rate_hz; }
    // Nothing has been heard; `genre` holds.
    void reset(int32_t genre);

    // Takes the probabilities of the genres, which add up to 1, and the caller's weights; `frame` counts the frames heard.
    // True when another genre holds from here on.
    bool hear(const float* probabilities, const float* weights, uint64_t frame);
    // Takes half a second of silence. True when it has lasted so long that what was heard before counts no more.
    bool hear_silence(uint64_t frame);

    // The genre that holds, one of aim_genre.
    int32_t genre() const;
    const GenreEventLog& log() const { return log_; }
    // Fills in what is known here.
    void read(aim_genre_reading* reading) const;

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
        visitor(log_);
    }

private:
    struct State {
        uint64_t last_decision_frame = 0;
        uint64_t silent_since = 0;
        float smoothed[AIM_GENRE_COUNT] = {};
        // How many probabilities the smoothed ones rest on.
        uint32_t heard = 0;
        int32_t genre = AIM_GENRE_NEUTRAL;
        uint32_t silent = 0;
        // What would take over, and for how many steps it has been so after the first.
        int32_t candidate = AIM_GENRE_NEUTRAL;
        uint32_t held_steps = 0;
    };

    bool smooth(const float* probabilities, const float* weights);
    int32_t likeliest() const;
    int32_t next_candidate() const;
    bool dwells(uint64_t frame) const;
    void decide(int32_t genre, int32_t rule, float held_s, uint64_t frame);
    float confidence() const;

    State state_;
    GenreEventLog log_;
    uint32_t sample_rate_hz_ = 48000;
};

}  // namespace aim
