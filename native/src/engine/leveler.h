// Rides the level towards a loudness target: a gain in front of the dynamics that is steered by what leaves the chain.
//
// Every 100 ms it looks at the last 400 ms and decides whether they are programme. Programme teaches it: how loud its
// source is (over 3 s, smoothed for longer the slower the profile is), and what the chain behind makes of that. From
// the two follows the gain that is wanted; the integrated loudness so far adds up to 2 dB, so that a whole programme
// lands on its target.
//
// Only the output is weighted. The source's loudness is the output's, scaled by what was lost or won of the plain power
// between the two: one filter for both, and a compressor in between cannot make a source look quieter than it is. While the
// chain itself changes, and so what the output is like, the source is weighted too, ahead of all that changes.
// Silence, what lies below the brake, and applause neither teach nor move it.
//
// Switched off it does nothing to the sound, but may go on listening: a short glance in every hop, elsewhere in it each time,
// for an eighth of the work. A profile that brings it in finds it knowing the programme then.
#pragma once

#include "dynamics/gain_reduction_meter.h"
#include "engine/chain_change.h"
#include "engine/chain_curve.h"
#include "engine/gated_average.h"
#include "engine/leveler_ear.h"
#include "engine/past_loudness.h"

namespace aim {

class Leveler {
public:
    // Why the gain stands still, or what holds it back.
    enum class Hold : uint32_t {
        none = 0,
        silence = 1,   // nothing to hear
        brake = 2,     // quieter than target + freeze_below
        applause = 3,  // noise without bass after programme
        limit = 4,     // the limiter works more than it may: the target is lowered
    };

    struct Parameters {
        // 0 or 1; a whole word, because snapshots hold no padding.
        uint32_t enabled = 0;
        float target_lufs = -16.0f;
        float max_boost_db = 10.0f;
        float max_cut_db = 10.0f;
        float rise_db_per_s = 1.0f;
        float fall_db_per_s = 1.0f;
        // Relative to the target, negative; compared with the loudness before the leveler's own gain.
        float freeze_below_db = -20.0f;
        float limiter_allowance_db = 4.0f;
        // 0 or 1: whether it listens while it is off.
        uint32_t listens_when_off = 0;
    };

    void prepare(const Spec& spec);
    void set_target(const Parameters& parameters);
    // The settings of the whole chain, the target among them, begin to glide to others. They wait for
    // listening_quanta() first where that switches the leveler on.
    void begin_change(uint32_t wait_quanta, uint32_t length_quanta);
    // How long it has to listen before it comes in.
    uint32_t listening_quanta() const {
        return (state_.acquired_hops < kKnownHops ? kListeningHops : kGreetingHops) * hop_quanta_;
    }
    void reset();
    // Hears what comes into the chain, ahead of all that may change with a profile: while something does.
    void hear_source(const float* const* channels, uint32_t quanta);
    // Multiplies by the present gain.
    void process(float* const* channels, uint32_t quanta);
    // Hears what became of the same quanta at the end of the chain. `limiter` has counted up to their end. process()
    // and listen() take turns, with no more than quanta_left() at a time: decisions fall between two calls.
    void listen(const float* const* output, uint32_t quanta, const GainReductionMeter& limiter);
    uint32_t quanta_left() const;
    uint32_t latency_frames() const { return 0; }

    float gain_db() const { return (float)(kDbPerOctave * effective_octaves()); }
    float effective_target_lufs() const { return (float)((double)state_.parameters.target_lufs - state_.drop_db); }
    Hold hold() const { return (Hold)state_.hold; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
        ear_.visit_state(visitor);
        source_ear_.visit_state(visitor);
        change_.visit_state(visitor);
        history_.visit_state(visitor);
        past_.visit_state(visitor);
        curve_.visit_state(visitor);
        if constexpr (Visitor::kReads) distrust();
    }

private:
    static constexpr double kHopSeconds = 0.1;
    static constexpr double kSilenceLufs = -70.0;
    // The relative gate of BS.1770-5, as a ratio of energies.
    static constexpr double kGate = 0.1;
    static constexpr uint32_t kBlockHops = 4;    // 400 ms
    static constexpr uint32_t kNoiseHops = 5;    // how long the ear takes to call something noise
    static constexpr uint32_t kWindowHops = 30;  // 3 s
    // 400 ms to hear whether it is programme, 100 to learn from it.
    static constexpr uint32_t kListeningHops = kBlockHops + 1;
    // After so many hops of programme it knows that already, and only needs to hear where the chain stands.
    static constexpr uint32_t kKnownHops = 10;
    static constexpr uint32_t kGreetingHops = 1;
    // What comes in at its target is made louder by so much by profiles that brighten; the dynamics take about nothing there.
    static constexpr double kForeseenChainDb = 0.2;
    // While it is off it hears one of so many parts of a hop; the next time three parts later, so that no beat keeps it from
    // hearing what lies between.
    static constexpr uint32_t kGlances = 8;
    static constexpr uint32_t kGlanceStep = 3;

    // 400 ms.
    struct Block {
        // K-weighted energy of the source where the leveler stands, told by what the output is like; and as it is heard ahead
        // of the chain, while that changes.
        double source = 0.0;
        double steady_source = 0.0;
        // At the output, the own gain divided out.
        double ungained = 0.0;
        double output = 0.0;
    };

    // One that counted as programme.
    struct Learnt : Block {
        // The source, what the chain made of it and what the own gain did; kept, for logarithms are dear.
        double source_db = 0.0;
        double chain_db = 0.0;
        double own_db = 0.0;
        bool heard() const { return source > 0.0 && ungained > 0.0 && output > 0.0; }
    };

    struct State {
        // Its switch is read from `enabled`: a forged bool may be neither true nor false.
        Parameters parameters;
        uint32_t enabled = 0;
        uint32_t active = 0;
        // Whether the present change is the one that brings it in.
        uint32_t comes_in = 0;
        uint32_t quanta_in_hop = 0;
        uint32_t hop = 0;
        uint32_t hold = 0;
        // Whether it comes in by what it foresees, and how far it is on that way.
        uint32_t foresees = 0;
        Glide entry;
        // 1 while switched on, 0 when it has left: scales the gain.
        Glide fade;
        // Quanta of the source that were heard ahead of the chain and not asked for yet.
        uint32_t ahead_quanta = 0;
        uint32_t fill_3 = 0;
        // While a change waits to be met: the energy of the source where the leveler stands since it began, and what the running
        // hop's squares were then.
        double stood_energy = 0.0;
        double squares_before = 0.0;
        double depth = 0.0;
        double depth_from = 0.0;
        double gain_octaves = 0.0;
        double step_octaves = 0.0;
        // At the start of the hop, depth included.
        double octaves_before = 0.0;
        // At the end of the last quantum.
        float amplitude = 1.0f;
        float fill_0[3] = {};
        // Of the running hop, before the gain.
        float source_squares[8] = {};

        // The last hops: weighted energy of the output and of the source, both ways, and the output with the own gain
        // divided out.
        double output_energy[kBlockHops] = {};
        double source_energy[kBlockHops] = {};
        double steady_energy[kBlockHops] = {};
        Heard ungained[kNoiseHops] = {};
        uint32_t hops_heard = 0;
        uint32_t fill_1 = 0;

        // Blocks that counted as programme.
        Learnt programme[kWindowHops] = {};
        uint32_t programme_next = 0;
        uint32_t programme_count = 0;
        // Hops since the first that may be programme: until 400 ms are full nothing can be said.
        uint32_t onset_hops = 0;
        // Hops of programme too far below the rest to belong to it.
        uint32_t outside_hops = 0;
        // In a row.
        uint32_t silent_hops = 0;
        uint32_t acquired_hops = 0;
        uint32_t piece_hops = 0;
        uint32_t history_hops = 0;
        // Hops of programme that was not noise, and whether noise has taught what is known.
        uint32_t tonal_hops = 0;
        uint32_t taught_by_noise = 0;
        double source_lufs = 0.0;
        // The time it was judged over at the last hop, and what longer ones have made of it in the present change.
        double smoothing_s = 0.0;
        double rejudged_db = 0.0;
        // Where target and source were when the present change began, where the programme was, as far as the leveler leads it
        // on from there, and how much of that way and of the chain the gain has answered.
        double target_from = 0.0;
        double source_from = 0.0;
        double way_from = 0.0;
        double boost_from = 0.0;
        double cut_from = 0.0;
        double answered_db = 0.0;

        double noise_dbfs = -200.0;

        double limiter_db[kWindowHops] = {};
        double limiter_octave_quanta = 0.0;
        uint64_t limiter_quanta = 0;
        double drop_db = 0.0;
        uint32_t fill_2[2] = {};
    };

    // What a hop turned out to be.
    struct Judgement {
        bool programme = false;
        bool movable = false;
        Hold hold = Hold::none;
    };

    // The chain behind: what it makes of the programme, in dB, and how much of it goes when the level rises by 1 dB
    // (-2/3 for a compressor of 3:1 at work).
    struct ChainGain {
        double gain_db = 0.0;
        double slope = 0.0;
    };

    static double clamp(double x, double low, double high) { return x < low ? low : x > high ? high : x; }
    // Switched off, and faded out.
    bool has_left() const { return state_.enabled == 0 && !state_.fade.runs(); }
    bool listens_when_off() const { return state_.parameters.listens_when_off != 0; }
    bool is_forgotten() const { return has_left() && !listens_when_off(); }
    bool rests() const { return state_.active == 0 && listens_when_off(); }
    // Whether it listens right now, while it rests.
    bool glances() const {
        return rests() && state_.quanta_in_hop >= glance_start() && state_.quanta_in_hop < glance_end();
    }
    uint32_t glance_quanta() const { return hop_quanta_ / kGlances; }
    uint32_t glance_start() const;
    uint32_t glance_end() const { return glance_start() + glance_quanta(); }
    double effective_octaves() const { return state_.gain_octaves * state_.depth; }
    double hop_seconds() const;
    bool acquiring() const { return state_.acquired_hops < kWindowHops; }
    void forget();
    void rest();
    void wake();
    void distrust();
    void advance();
    void count_squares(const float* const* channels, uint32_t quanta);
    void apply(float* const* channels, uint32_t at, const float* amplitudes, uint32_t quanta);
    void finish_hop(const GainReductionMeter& limiter);
    void finish_glance(const GainReductionMeter& limiter);
    double source_sum() const;
    void remember(const Heard& output, uint32_t frames);
    double take_ahead();
    bool watch_limiter(const GainReductionMeter& limiter);
    Block last_block() const;
    Block last_hop() const;
    Judgement judge(double source_block, double source_now);
    void watch_noise(const Heard& recent, double loudness_lufs);
    void refute_noise(const Heard& now, const Heard& recent, bool noise);
    void learn(const Block& block);
    double rejudge();
    double smoothing_seconds() const;
    double judged_seconds() const;
    double source_of(const Block& block) const;
    double source_mean() const;
    double usual_energy() const;
    void meet_change();
    void watch_chain();
    void watch_change();
    ChainGain heard_chain() const;
    ChainGain expected_chain() const;
    double predicted_lufs(const ChainGain& chain) const;
    double correction_db() const;
    double at_end(double from, double now) const;
    double move_db(bool movable, bool limited);

    State state_;
    LevelerEar ear_;
    LevelerEar source_ear_;
    ChainChange change_;
    GatedAverage history_;
    PastLoudness past_;
    ChainCurve curve_;
    Spec spec_;
    uint32_t fade_quanta_ = 1;
    uint32_t hop_quanta_ = 1;
};

}  // namespace aim
