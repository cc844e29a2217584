#include "engine/leveler.h"

#include "base/f32x8.h"
#include "engine/lufs.h"

namespace aim {
namespace {

// As long as a profile takes to morph: a boost of 20 dB must not vanish at once when the leveler is switched off.
constexpr double kFadeMs = 1000.0;
// Of a change that brings it in it takes the first part, but never so little that the compressor it comes in ahead of could
// not let go meanwhile.
constexpr double kShareOfEntry = 0.6;
constexpr double kLeastEntryMs = 350.0;
// Of one that sends it away this much, from the middle on.
constexpr double kShareOfExit = 0.5;

// -200 dB.
constexpr double kNoPower = 1e-20;
constexpr double kNoiseCeilingDbfs = -50.0;
// K weighting adds 4 dB to high frequencies; what seems more is its ringing in silence.
constexpr double kMostTilt = 2.6;

constexpr double kAcquisitionDbPerS = 24.0;
constexpr double kAcquisitionRate = 8.0;  // per second
// Beyond the zone the error falls by 63 % in half a second, inside it in 7: no corner, no hunting.
constexpr double kZoneLu = 0.5;
constexpr double kRate = 2.0;
constexpr double kZoneRate = 0.15;
// A piece that has been heard for t seconds may be turned down by 6/t dB/s: a soft beginning says little.
constexpr double kYoungFallDb = 6.0;

constexpr double kCorrectionGain = 2.5;
constexpr double kMostCorrectionLu = 2.0;
constexpr double kCorrectionSeconds = 60.0;

// Before this nothing can be told of where a change leads.
constexpr double kFirstProgress = 0.01;
// A leveler that comes in believes itself until the chain has been heard for so long as it now is.
constexpr uint32_t kForeseenHops = 2;
// What the new chain makes of the programme is known to half a dB or so at first. From one target to another the gain stops
// short by a sixth of the way, and goes the rest when the chain has been heard, at the speed for programme: what lacks then
// still lies between both ends, what is too much does not.
constexpr double kKeptBackShare = 1.0 / 6.0;
constexpr double kMostKeptBackLu = 1.0;
// A chain that moves by 12 dB in half a second is at its fastest 40 dB/s fast.
constexpr double kAnswerDbPerS = 60.0;

constexpr double kDropDbPerS = 0.5;
constexpr double kRecoverDbPerS = 0.1;
constexpr double kMostDropDb = 24.0;
constexpr double kAheadLu = 1.0;

double least(double a, double b) { return a < b ? a : b; }
double largest(double a, double b) { return a > b ? a : b; }

// As much of a move as leads to the goal and not beyond it.
double part_of(double move, double goal) {
    return goal < 0.0 ? largest(goal, least(move, 0.0)) : least(goal, largest(move, 0.0));
}

}  // namespace

void Leveler::prepare(const Spec& spec) {
    spec_ = spec;
    fade_quanta_ = (uint32_t)(kFadeMs * (double)spec.sample_rate_hz / (1000.0 * kQuantumFrames)) + 1;
    const double quanta = kHopSeconds * (double)spec.sample_rate_hz / (double)kQuantumFrames;
    hop_quanta_ = quanta > 1.0 ? (uint32_t)(quanta + 0.5) : 1;
    ear_.prepare(spec);
    source_ear_.prepare(spec);
    reset();
}

double Leveler::hop_seconds() const { return (double)(hop_quanta_ * kQuantumFrames) / (double)spec_.sample_rate_hz; }

// Where in the hop it listens while it is off.
uint32_t Leveler::glance_start() const { return state_.hop * kGlanceStep % kGlances * glance_quanta(); }

uint32_t Leveler::quanta_left() const {
    if (state_.active == 0 && !rests()) return UINT32_MAX;
    const uint32_t now = state_.quanta_in_hop;
    if (rests() && now < glance_start()) return glance_start() - now;
    return (glances() ? glance_end() : hop_quanta_) - now;
}

void Leveler::set_target(const Parameters& parameters) {
    state_.parameters = parameters;
    const uint32_t enabled = parameters.enabled ? 1 : 0;
    if (state_.active == 0 && enabled == 0 && !listens_when_off() && state_.hops_heard != 0) forget();
    if (enabled != state_.enabled) {
        state_.enabled = enabled;
        // Alone, or with a chain that jumps, it takes its time.
        const bool with_chain = change_.runs() && change_.length() >= fade_quanta_ / 4;
        if (state_.active == 0 || (enabled != 0 && state_.depth == 0.0)) {
            // Comes in at a gain of one, listens if it has not, and glides from the loudness that it finds to its target.
            wake();
            const uint32_t wait = listening_quanta();
            const bool foresees = with_chain && change_.begins();
            if (!foresees) {
                begin_change(wait, fade_quanta_);
                // Nothing else moves: as fast as from a cold start.
                state_.acquired_hops = 0;
            }
            state_.comes_in = 1;
            state_.foresees = foresees ? 1 : 0;
            const uint32_t share = (uint32_t)(kShareOfEntry * (double)change_.length());
            const uint32_t least = (uint32_t)(kLeastEntryMs / kFadeMs * (double)fade_quanta_);
            state_.entry.begin(wait, share > least ? share : least);
        } else {
            state_.depth_from = state_.depth;
            state_.fade.begin(0, with_chain ? (uint32_t)(kShareOfExit * (double)change_.length()) : fade_quanta_);
        }
    }
    if (state_.active == 0) change_.reset();
}

void Leveler::begin_change(uint32_t wait_quanta, uint32_t length_quanta) {
    if (!change_.listens()) {
        source_ear_.reset();
        state_.ahead_quanta = 0;
        state_.stood_energy = 0.0;
        state_.squares_before = source_sum();
    }
    change_.begin(wait_quanta, length_quanta != 0 ? length_quanta : 1);
    state_.comes_in = state_.foresees = 0;
    state_.target_from = (double)state_.parameters.target_lufs;
    state_.boost_from = (double)state_.parameters.max_boost_db;
    state_.cut_from = (double)state_.parameters.max_cut_db;
}

void Leveler::reset() {
    forget();
    state_.active = state_.enabled;
    state_.depth = state_.enabled != 0 ? 1.0 : 0.0;
}

void Leveler::forget() {
    const State old = state_;
    state_ = State{};
    state_.parameters = old.parameters;
    state_.enabled = old.enabled != 0 ? 1 : 0;
    ear_.reset();
    source_ear_.reset();
    change_.reset();
    history_.reset();
    past_.begin(0.0);
    curve_.reset();
}

// Out of the way of the sound, with all that is known of the programme.
void Leveler::rest() {
    state_.active = state_.comes_in = state_.foresees = state_.hold = 0;
    state_.depth = state_.gain_octaves = state_.step_octaves = state_.octaves_before = state_.drop_db = 0.0;
    for (double& db : state_.limiter_db) db = 0.0;
    state_.entry = Glide{};
    history_.reset();
    state_.history_hops = 0;
}

void Leveler::wake() {
    if (state_.active == 0) {
        // A hop of its own, heard from end to end.
        state_.quanta_in_hop = 0;
        f32x8::zero().store(state_.source_squares);
        ear_.take(1);
        state_.squares_before = 0.0;
    }
    state_.active = 1;
    state_.gain_octaves = 0.0;
    state_.depth = 1.0;
}

// A forged snapshot may hold any bits: positions must stay inside, the gain must be one that could have been.
void Leveler::distrust() {
    state_.quanta_in_hop %= hop_quanta_;
    state_.programme_next %= kWindowHops;
    if (state_.programme_count > kWindowHops) state_.programme_count = kWindowHops;
    // No change waits for so long; more could overflow into nothing at all.
    if (state_.ahead_quanta > kWindowHops * hop_quanta_) state_.ahead_quanta = 0;
    if (!(state_.gain_octaves > -20.0 && state_.gain_octaves < 20.0)) state_.gain_octaves = 0.0;
    if (!(state_.step_octaves > -1.0 && state_.step_octaves < 1.0)) state_.step_octaves = 0.0;
    if (!(state_.depth >= 0.0 && state_.depth <= 1.0)) state_.depth = 0.0;
    if (!(state_.depth_from >= 0.0 && state_.depth_from <= 1.0)) state_.depth_from = 0.0;
}

// ------------------------------------------------------------------------------------------------------ gain

void Leveler::advance() {
    change_.advance(1);
    if (state_.entry.runs()) state_.entry.advance(1);
    if (state_.step_octaves == 0.0 && !state_.fade.runs()) return;
    state_.gain_octaves += state_.step_octaves;
    if (state_.fade.runs()) {
        state_.fade.advance(1);
        state_.depth = state_.depth_from + ((double)state_.enabled - state_.depth_from) * state_.fade.now();
    }
}

void Leveler::hear_source(const float* const* channels, uint32_t quanta) {
    if (state_.active == 0 || !change_.listens()) return;
    source_ear_.add(channels, 0, quanta);
    state_.ahead_quanta += quanta;
}

void Leveler::process(float* const* channels, uint32_t quanta) {
    if (glances()) count_squares(channels, quanta);
    for (uint32_t q = 0; q < quanta && state_.active != 0;) {
        // The gain at the end of each quantum: all at once, for each alone takes as long as they do together.
        alignas(32) float amplitudes[kRunRoomQuanta] = {};
        const uint32_t most = quanta - q < kMaxRunQuanta ? quanta - q : kMaxRunQuanta;
        uint32_t run = 0;
        if (change_.runs() || state_.entry.runs() || state_.fade.runs()) {
            for (; run < most && !is_forgotten(); ++run) {
                advance();
                amplitudes[run] = (float)effective_octaves();
            }
        } else {
            // Nothing but the gain moves.
            double octaves = state_.gain_octaves;
            for (; run < most; ++run) {
                octaves += state_.step_octaves;
                amplitudes[run] = (float)(octaves * state_.depth);
            }
            state_.gain_octaves = octaves;
        }
        for (uint32_t i = 0; i < run; i += 8) exp2(f32x8::load(amplitudes + i)).store(amplitudes + i);
        apply(channels, q * kQuantumFrames, amplitudes, run);
        q += run;
        if (is_forgotten()) forget();
    }
}

// Of the source, as long as no gain is on it.
void Leveler::count_squares(const float* const* channels, uint32_t quanta) {
    f32x8 squares = f32x8::load(state_.source_squares);
    // Frame by frame, not channel by channel: the sum must not depend on how long a run is.
    for (uint32_t i = 0; i < quanta * kQuantumFrames; i += 8) {
        for (uint32_t c = 0; c < spec_.channels; ++c) {
            const f32x8 scaled = f32x8::load(channels[c] + i) * f32x8::splat(kSquaringScale);
            squares += scaled * scaled;
        }
    }
    squares.store(state_.source_squares);
}

// Some quanta: their power counts, then the gain runs in straight lines from the present amplitude to those given.
void Leveler::apply(float* const* channels, uint32_t at, const float* amplitudes, uint32_t quanta) {
    float* const left = channels[0] + at;
    float* const right = spec_.channels == 2 ? channels[1] + at : nullptr;
    f32x8 squares = f32x8::load(state_.source_squares);
    float from = state_.amplitude;
    for (uint32_t q = 0; q < quanta; ++q) {
        const f32x8 start = f32x8::splat(from);
        const f32x8 step = f32x8::splat((amplitudes[q] - from) * (1.0f / kQuantumFrames));
        const f32x8 gains[2] = {start + one_to_eight() * step, start + (one_to_eight() + f32x8::splat(8.0f)) * step};
        from = amplitudes[q];
        const auto raise = [&](float* samples) {
            for (uint32_t j = 0; j < 2; ++j) {
                const f32x8 x = f32x8::load(samples + 8 * j);
                const f32x8 scaled = x * f32x8::splat(kSquaringScale);
                squares += scaled * scaled;
                (x * gains[j]).store(samples + 8 * j);
            }
        };
        raise(left + q * kQuantumFrames);
        if (right != nullptr) raise(right + q * kQuantumFrames);
    }
    squares.store(state_.source_squares);
    state_.amplitude = from;
}

void Leveler::listen(const float* const* output, uint32_t quanta, const GainReductionMeter& limiter) {
    for (uint32_t q = 0; q < quanta && (state_.active != 0 || rests());) {
        const uint32_t left = quanta_left();
        const uint32_t run = quanta - q < left ? quanta - q : left;
        if (state_.active != 0 || glances()) ear_.add(output, q * kQuantumFrames, run);
        q += run;
        state_.quanta_in_hop += run;
        if (state_.quanta_in_hop == hop_quanta_) {
            state_.quanta_in_hop = 0;
            if (state_.active != 0) {
                finish_hop(limiter);
            } else {
                finish_glance(limiter);
            }
        }
    }
}

// -------------------------------------------------------------------------------------------------- decisions

void Leveler::finish_glance(const GainReductionMeter& limiter) {
    const uint32_t frames = glance_quanta() * kQuantumFrames;
    remember(ear_.take(frames), frames);
    state_.limiter_octave_quanta = limiter.octave_quanta;
    state_.limiter_quanta = limiter.quanta;
    const Block block = last_block();
    if (judge(block.source, last_hop().source).programme) learn(block);
}

void Leveler::finish_hop(const GainReductionMeter& limiter) {
    const uint32_t frames = hop_quanta_ * kQuantumFrames;
    remember(ear_.take(frames), frames);
    const bool limited = watch_limiter(limiter);

    if (change_.waits()) meet_change();
    const Block block = last_block();
    const Judgement judgement = judge(source_of(block), source_of(last_hop()));
    if (judgement.programme) learn(block);
    // The first 3 s are for finding the level, and say little about the programme.
    if (!acquiring() && lufs(block.output) > kSilenceLufs) {
        history_.add(block.output / energy_of_lufs((double)effective_target_lufs()));
        ++state_.history_hops;
    }
    const bool lowered = limited || state_.drop_db > 0.0;
    state_.hold = (uint32_t)(judgement.hold == Hold::none && lowered ? Hold::limit : judgement.hold);
    state_.step_octaves = move_db(judgement.movable, limited) * kOctavesPerDb / (double)hop_quanta_;
    if (has_left() && !change_.listens()) rest();
}

// Squares of the running hop, before the gain.
double Leveler::source_sum() const {
    return (double)horizontal_sum(f32x8::load(state_.source_squares)) * kUnscaledSquare;
}

void Leveler::remember(const Heard& output, uint32_t frames) {
    // Counts in the period of every ring.
    state_.hop = (state_.hop + 1) % (kBlockHops * kNoiseHops * kWindowHops);
    if (state_.hops_heard < kNoiseHops) ++state_.hops_heard;

    const double octaves = effective_octaves();
    // Half-way through the hop, as a power.
    const double own_power = exp2_f64(state_.octaves_before + octaves);
    state_.octaves_before = octaves;
    const double sum = source_sum();
    const double source = sum / (double)frames;
    f32x8::zero().store(state_.source_squares);

    const bool heard = output.squares > kNoPower && source < 1e12;
    // What weighting makes of the output's power, it makes of the source's, as long as the chain stays as it is.
    const double tilt = heard ? least(output.tilt(), kMostTilt) : 0.0;
    if (change_.waits()) state_.stood_energy += (sum - state_.squares_before) * tilt;
    state_.squares_before = 0.0;
    const uint32_t hop = state_.hop % kBlockHops;
    state_.output_energy[hop] = output.energy;
    state_.source_energy[hop] = state_.steady_energy[hop] = source * tilt;
    if (change_.watched()) {
        const double frames_ahead = (double)(state_.ahead_quanta * kQuantumFrames);
        const double ahead = take_ahead() / frames_ahead;
        state_.steady_energy[hop] = heard ? ahead * change_.weighting() : 0.0;
    }
    state_.ungained[state_.hop % kNoiseHops] = output.times(1.0 / own_power);
}

// K-weighted energy ahead of the chain, of all frames since the last call together.
double Leveler::take_ahead() {
    state_.ahead_quanta = 0;
    return source_ear_.take(1).energy;
}

Leveler::Block Leveler::last_block() const {
    Block block;
    for (uint32_t age = 0; age < kBlockHops; ++age) {
        block.output += state_.output_energy[age] * (1.0 / kBlockHops);
        block.source += state_.source_energy[age] * (1.0 / kBlockHops);
        block.steady_source += state_.steady_energy[age] * (1.0 / kBlockHops);
        block.ungained += state_.ungained[(state_.hop + kNoiseHops - age) % kNoiseHops].energy * (1.0 / kBlockHops);
    }
    return block;
}

Leveler::Block Leveler::last_hop() const {
    const uint32_t hop = state_.hop % kBlockHops;
    return {state_.source_energy[hop], state_.steady_energy[hop], state_.ungained[state_.hop % kNoiseHops].energy,
            state_.output_energy[hop]};
}

// Whether the limiter did more than it may, on average over 3 s; lowers or recovers the target.
bool Leveler::watch_limiter(const GainReductionMeter& limiter) {
    // Not what it counted before the leveler began to listen.
    const bool continues = state_.hops_heard > 1 && limiter.quanta > state_.limiter_quanta;
    const double octaves = limiter.octave_quanta - state_.limiter_octave_quanta;
    const double quanta = (double)(limiter.quanta - state_.limiter_quanta);
    const double reduction_db = continues ? kDbPerOctave * octaves / quanta : 0.0;
    state_.limiter_octave_quanta = limiter.octave_quanta;
    state_.limiter_quanta = limiter.quanta;
    state_.limiter_db[state_.hop % kWindowHops] = reduction_db > 0.0 ? reduction_db : 0.0;

    double sum = 0.0;
    for (const double db : state_.limiter_db) sum += db;
    const double average_db = sum * (1.0 / kWindowHops);
    const double allowance_db = (double)state_.parameters.limiter_allowance_db;
    const double relaxed_db = allowance_db > 2.0 ? allowance_db - 1.0 : 0.5 * allowance_db;
    if (average_db > allowance_db) {
        // Never far ahead of the gain that has to follow: a slow profile would overshoot by all that piled up meanwhile.
        const bool ahead = state_.programme_count != 0 &&
                           (double)effective_target_lufs() < predicted_lufs(expected_chain()) - kAheadLu;
        if (!ahead) state_.drop_db += kDropDbPerS * hop_seconds();
    } else if (average_db <= relaxed_db) {
        state_.drop_db -= kRecoverDbPerS * hop_seconds();
    }
    state_.drop_db = clamp(state_.drop_db, 0.0, kMostDropDb);
    return average_db > allowance_db;
}

// What the programme so far owes to its target.
double Leveler::correction_db() const {
    const double trust = clamp((double)state_.history_hops * hop_seconds() / kCorrectionSeconds, 0.0, 1.0);
    const double owed = -kCorrectionGain * trust * history_.relative_lu();
    // The guard rail stands above the debt.
    return clamp(owed, -kMostCorrectionLu, state_.drop_db > 0.0 ? 0.0 : kMostCorrectionLu);
}

// Where a value that glides with the change arrives.
double Leveler::at_end(double from, double now) const {
    const double progress = change_.progress(0);
    return state_.comes_in != 0 || !change_.watched() ? now : from + (now - from) / progress;
}

// By how much the gain moves during the next hop.
double Leveler::move_db(bool movable, bool limited) {
    const Parameters& p = state_.parameters;
    const double seconds = hop_seconds();
    const double gain_db = kDbPerOctave * state_.gain_octaves;
    const double room_db = clamp(kNoiseCeilingDbfs - state_.noise_dbfs, 0.0, 200.0);
    const double fall_db = (double)p.fall_db_per_s * seconds;
    // On its way out it only fades.
    if (state_.enabled == 0) return 0.0;
    const double progress = change_.progress(0);
    const double goal_lufs = at_end(state_.target_from, (double)p.target_lufs);
    if (state_.foresees != 0 && state_.programme_count != 0) {
        // To where the level will be right when the chain is as it shall be, whatever it still makes of it.
        if (change_.runs() || (change_.watched() && change_.settled_hops() < kForeseenHops)) {
            const double own_db = clamp(goal_lufs - kForeseenChainDb - state_.source_lufs, -(double)p.max_cut_db,
                                        (double)p.max_boost_db < room_db ? (double)p.max_boost_db : room_db);
            state_.answered_db = goal_lufs - kForeseenChainDb;
            return state_.entry.at(hop_quanta_) * own_db - gain_db;
        }
        state_.foresees = 0;
    }
    if (!movable || state_.programme_count == 0) {
        // Frozen; only noise that was lifted too far comes down.
        return gain_db > room_db ? clamp(room_db - gain_db, -fall_db, 0.0) : 0.0;
    }

    // Too early to tell where the change leads, or still listening.
    if (change_.runs() && progress < kFirstProgress && (change_.watched() || state_.comes_in != 0)) return 0.0;
    const double way_lu = goal_lufs - state_.way_from;
    const double kept_back_lu =
        state_.comes_in != 0 ? 0.0 : clamp(kKeptBackShare * way_lu, -kMostKeptBackLu, kMostKeptBackLu);
    const double target_lufs =
        change_.watched() ? state_.way_from + (way_lu - kept_back_lu) * change_.progress(hop_quanta_) : goal_lufs;
    // The narrower of its present limits and those to come: held by a limit it neither runs ahead nor has to come back.
    const double cut_db = least(at_end(state_.cut_from, (double)p.max_cut_db), (double)p.max_cut_db);
    const double boost_db = least(at_end(state_.boost_from, (double)p.max_boost_db), (double)p.max_boost_db);
    const double least_db = -cut_db;
    const double most_db = least(room_db, boost_db);

    const ChainGain chain = expected_chain();
    const double missing_db =
        (target_lufs - state_.drop_db + correction_db() - predicted_lufs(chain)) / (1.0 + chain.slope);
    const double error = clamp(gain_db + missing_db, least_db, most_db) - gain_db;
    // What our own settings do is answered as fast as they do it; speeds are for the programme.
    double answer = 0.0;
    if (change_.watched()) {
        const double most = kAnswerDbPerS * seconds;
        const double ours_db = target_lufs - chain.gain_db - state_.rejudged_db - state_.answered_db;
        answer = clamp(part_of(ours_db, error), -most, most);
        // What a limit of the gain holds back while it opens is still to be answered.
        const double unlimited_db = clamp(part_of(ours_db, missing_db), -most, most);
        const bool held = change_.runs() && error * unlimited_db > 0.0;
        state_.answered_db += ours_db - (held ? unlimited_db - answer : 0.0);
    }
    const double left = error - answer;
    double move = answer;
    if (acquiring()) {
        const double most = kAcquisitionDbPerS * seconds;
        move += clamp(left * kAcquisitionRate * seconds, -most, most);
    } else {
        const double beyond = left - clamp(left, -kZoneLu, kZoneLu);
        const double young_db = kYoungFallDb / (double)(state_.piece_hops + 1);
        move += clamp((beyond * kRate + left * kZoneRate) * seconds, fall_db > young_db ? -fall_db : -young_db,
                      (double)p.rise_db_per_s * seconds);
    }
    return limited && move > 0.0 ? 0.0 : move;
}

}  // namespace aim
