#include "genre/decision.h"

namespace aim {
namespace {

// How sure and for how long is told in docs/genre-decisions.md, and what each is worth on recordings. A stream's first answer
// may be what is likelier than not; music is given up for other music least easily.
constexpr float kLikelierThanNot = 0.50f;
constexpr float kSpeaks = 0.60f;
constexpr float kTakesOver = 0.65f;
constexpr float kReplacesMusic = 0.75f;
constexpr float kLead = 0.15f;
// Of the likeliest genre, and of the one that holds. What is made for a talk does music the most harm, and whether there is
// one is what the model knows best: it is given up soonest.
constexpr float kUnsureBelow = 0.30f;
constexpr float kGoneBelow = 0.10f;
constexpr float kSpeechGoneBelow = 0.20f;
constexpr float kFirstHoldSeconds = 1.0f;
constexpr float kHoldSeconds = 1.5f;
constexpr float kReplacesMusicHoldSeconds = 3.0f;
constexpr float kSpeechHoldSeconds = 0.5f;
constexpr float kUnsureHoldSeconds = 3.0f;
constexpr float kSpeechGoneHoldSeconds = 1.0f;
constexpr uint32_t kDwellSeconds = 4;
// A pause in a talk is shorter; after a longer one something else may begin.
constexpr uint32_t kForgetSeconds = 2;
// 1 - e^(-0.5 s / time constant), for 1.5 s and 0.5 s.
constexpr float kStep = 0.28346869f;
constexpr float kSpeechStep = 0.63212056f;

constexpr int32_t kSpeechIndex = AIM_GENRE_SPEECH - 1;

struct Rule {
    int32_t name;
    // What the genre must have, and for how long.
    float least;
    float hold_s;
};

// `first`: nothing has been decided yet.
Rule rule_into(int32_t genre, int32_t from, bool first) {
    const bool from_nothing = from == AIM_GENRE_NEUTRAL;
    first = first && from_nothing;
    if (genre == AIM_GENRE_NEUTRAL) {
        return {AIM_GENRE_RULE_UNSURE, 0.0f, from == AIM_GENRE_SPEECH ? kSpeechGoneHoldSeconds : kUnsureHoldSeconds};
    }
    if (genre == AIM_GENRE_SPEECH) {
        // Nothing is lost when a talk is believed at once that follows nothing.
        return {AIM_GENRE_RULE_SPEAKS, first ? kLikelierThanNot : kSpeaks, from_nothing ? 0.0f : kSpeechHoldSeconds};
    }
    if (first) return {AIM_GENRE_RULE_LEADS, kLikelierThanNot, kFirstHoldSeconds};
    if (from_nothing || from == AIM_GENRE_SPEECH) return {AIM_GENRE_RULE_LEADS, kTakesOver, kHoldSeconds};
    return {AIM_GENRE_RULE_LEADS, kReplacesMusic, kReplacesMusicHoldSeconds};
}

// Index of the largest; the first of equals.
int32_t largest_of(const float* values) {
    int32_t largest = 0;
    for (int32_t i = 1; i < AIM_GENRE_COUNT; ++i) {
        if (values[i] > values[largest]) largest = i;
    }
    return largest;
}

}  // namespace

bool valid_genre_weights(const float* weights) {
    bool any = false;
    for (int32_t i = 0; i < AIM_GENRE_COUNT; ++i) {
        if (!(weights[i] >= 0.0f && weights[i] <= 100.0f)) return false;
        any = any || weights[i] > 0.0f;
    }
    return any;
}

void GenreDecision::reset(int32_t genre) {
    state_ = State{};
    state_.genre = genre;
    state_.candidate = genre;
    log_ = GenreEventLog{};
}

bool GenreDecision::hear(const float* probabilities, const float* weights, uint64_t frame) {
    state_.silent = 0;
    const bool heard = smooth(probabilities, weights);
    const int32_t now = genre();
    if (now != AIM_GENRE_NEUTRAL && weights[now - 1] == 0.0f) {
        decide(AIM_GENRE_NEUTRAL, AIM_GENRE_RULE_FORBIDDEN, 0.0f, frame);
        return true;
    }
    if (!heard) return false;

    const int32_t candidate = next_candidate();
    state_.held_steps = candidate == state_.candidate ? state_.held_steps + 1 : 0;
    state_.candidate = candidate;
    if (candidate == now) return false;

    const Rule rule = rule_into(candidate, now, log_.decisions == 0);
    const float held_s = kStepSeconds * (float)state_.held_steps;
    if (held_s < rule.hold_s || dwells(frame)) return false;
    decide(candidate, rule.name, held_s, frame);
    return true;
}

bool GenreDecision::hear_silence(uint64_t frame) {
    if (state_.silent == 0) {
        state_.silent = 1;
        state_.silent_since = frame;
        return false;
    }
    if (frame - state_.silent_since < (uint64_t)kForgetSeconds * sample_rate_hz_) return false;
    state_.heard = 0;
    state_.held_steps = 0;
    state_.candidate = genre();
    return true;
}

// Weighted, scaled to add up to 1, and smoothed; at first their mean, as there is nothing older. False when there is
// nothing to go by.
bool GenreDecision::smooth(const float* probabilities, const float* weights) {
    float weighted[AIM_GENRE_COUNT];
    float sum = 0.0f;
    for (int32_t i = 0; i < AIM_GENRE_COUNT; ++i) {
        weighted[i] = probabilities[i] * weights[i];
        sum += weighted[i];
    }
    // All that is likely is forbidden. Written so that NaN fails too.
    if (!(sum > 1e-6f && sum <= 1e6f)) return false;
    for (float& p : weighted) p /= sum;

    if (state_.heard < 1000) ++state_.heard;
    const float mean_step = 1.0f / (float)state_.heard;
    // Into speech it follows more quickly.
    const bool speaks = largest_of(weighted) == kSpeechIndex && genre() != AIM_GENRE_SPEECH;
    float step = speaks ? kSpeechStep : kStep;
    if (step < mean_step) step = mean_step;
    for (int32_t i = 0; i < AIM_GENRE_COUNT; ++i) {
        state_.smoothed[i] += step * (weighted[i] - state_.smoothed[i]);
    }
    return true;
}

// Only a forged snapshot holds anything else.
int32_t GenreDecision::genre() const {
    const bool known = state_.genre >= AIM_GENRE_NEUTRAL && state_.genre <= AIM_GENRE_CLASSICAL;
    return known ? state_.genre : AIM_GENRE_NEUTRAL;
}

int32_t GenreDecision::likeliest() const { return 1 + largest_of(state_.smoothed); }

// The genre that should hold by the present probabilities alone.
int32_t GenreDecision::next_candidate() const {
    const int32_t best = likeliest();
    const float p = state_.smoothed[best - 1];
    float second = 0.0f;
    for (int32_t i = 0; i < AIM_GENRE_COUNT; ++i) {
        if (i != best - 1 && state_.smoothed[i] > second) second = state_.smoothed[i];
    }
    const int32_t now = genre();
    const float least = rule_into(best, now, log_.decisions == 0).least;
    if (best != now && p >= least && p - second >= kLead) return best;
    if (now == AIM_GENRE_NEUTRAL) return now;
    const float gone_below = now == AIM_GENRE_SPEECH ? kSpeechGoneBelow : kGoneBelow;
    return p < kUnsureBelow || state_.smoothed[now - 1] < gone_below ? AIM_GENRE_NEUTRAL : now;
}

bool GenreDecision::dwells(uint64_t frame) const {
    return genre() != AIM_GENRE_NEUTRAL && log_.decisions != 0 &&
           frame - state_.last_decision_frame < (uint64_t)kDwellSeconds * sample_rate_hz_;
}

void GenreDecision::decide(int32_t to, int32_t rule, float held_s, uint64_t frame) {
    aim_genre_event event = {};
    event.frame = frame;
    event.from = genre();
    event.to = to;
    event.rule = rule;
    event.held_s = held_s;
    state_.genre = to;
    state_.candidate = to;
    state_.held_steps = 0;
    state_.last_decision_frame = frame;
    for (int32_t i = 0; i < AIM_GENRE_COUNT; ++i) event.probabilities[i] = state_.smoothed[i];
    event.confidence = confidence();
    log_.add(event);
}

float GenreDecision::confidence() const {
    const int32_t now = genre();
    return state_.smoothed[(now == AIM_GENRE_NEUTRAL ? likeliest() : now) - 1];
}

void GenreDecision::read(aim_genre_reading* reading) const {
    reading->decisions = log_.decisions;
    reading->last_decision_frame = state_.last_decision_frame;
    reading->genre = genre();
    reading->state = state_.silent != 0 ? AIM_GENRE_STATE_SILENCE : genre();
    reading->confidence = confidence();
    for (int32_t i = 0; i < AIM_GENRE_COUNT; ++i) reading->probabilities[i] = state_.smoothed[i];
}

}  // namespace aim
