#include "engine/leveler.h"

namespace aim {
namespace {

constexpr double kHopSeconds = 0.1;
// As long as a profile takes to morph: a boost of 20 dB must not vanish at once when the leveler is switched off.
constexpr double kFadeMs = 1000.0;
// Of a change that brings it in it takes the first part; of one that sends it away as much, from near its end on.
constexpr double kShareOfChange = 0.6;

// -200 dB.
constexpr double kNoPower = 1e-20;
constexpr double kSilenceLufs = -70.0;
// Half of the power cannot be predicted: noise. Measured on 36 pieces of music, 0 to 7 % of the time beyond it.
constexpr double kNoiseFlatness = 0.5;
// A noise floor keeps its level; the share of short events that look like noise does not.
constexpr double kFloorSpreadDb = 4.0;
// Noise this quiet is a floor, whatever the profile's brake says.
constexpr double kQuietNoiseLufs = -40.0;
constexpr double kNoiseCeilingDbfs = -50.0;
constexpr double kFloorFallDbPerS = 3.0;
constexpr double kFloorForgetDbPerS = 0.2;
// Noise counts as applause once this much else has been heard; before that it is all there is, hence the programme.
constexpr uint32_t kTonalHops = 20;

// The relative gate of BS.1770-5, as a ratio of energies.
constexpr double kGate = 0.1;

constexpr double kAcquisitionDbPerS = 24.0;
constexpr double kAcquisitionRate = 8.0;  // per second
// The last second tells what the chain does.
constexpr uint32_t kAcquisitionHops = 10;
// In dB^2: so much must the level have moved before what it does to the chain's gain is believed.
constexpr double kSlopePrior = 1.0;
// A compressor of 3.3:1: whatever is steeper, a step through it shall not be more than three times itself.
constexpr double kSteepest = -0.7;
// Beyond the zone the error falls by 63 % in half a second, inside it in 7: no corner, no hunting.
constexpr double kZoneLu = 0.5;
constexpr double kRate = 2.0;
constexpr double kZoneRate = 0.15;
// A profile of s dB/s judges programme over about 10/s seconds, 3 s at least.
constexpr double kReachDb = 10.0;
constexpr double kLongestSmoothingS = 57.0;
constexpr double kShortestSmoothingS = 0.3;
// Slower than this, a profile takes a second of silence for the end of a piece. Quicker ones find the next level anyway,
// and speech has such pauses in it.
constexpr double kPatientSeconds = 30.0;
constexpr uint32_t kPauseHops = 10;
// A piece that has been heard for t seconds may be turned down by 6/t dB/s: a soft beginning says little.
constexpr double kYoungFallDb = 6.0;
constexpr uint32_t kLongestHops = 6000;
// Further below the last 3 s than this the smoothed loudness is out of date.
constexpr double kStrayLu = 6.0;

constexpr double kCorrectionGain = 2.5;
constexpr double kMostCorrectionLu = 2.0;
constexpr double kCorrectionSeconds = 60.0;

// A loud hop counts for so many of the others at most.
constexpr double kMostShare = 4.0;
// Before this nothing can be told of where a change leads.
constexpr double kFirstProgress = 0.01;
// So close to its limit the gain is held by it.
constexpr double kAtLimitDb = 0.1;
// A leveler that comes in believes itself until the chain has been heard for so long as it now is.
constexpr uint32_t kForeseenHops = 2;
// It rather comes in a little below: profiles that brighten make what was right there louder by so much.
constexpr double kForeseenBelowLu = 0.2;
// A chain that moves by 12 dB in half a second is at its fastest 40 dB/s fast.
constexpr double kAnswerDbPerS = 60.0;

constexpr double kDropDbPerS = 0.5;
constexpr double kRecoverDbPerS = 0.1;
constexpr double kMostDropDb = 24.0;
constexpr double kAheadLu = 1.0;

double clamp(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

double least(double a, double b) { return a < b ? a : b; }

// BS.1770-5.
double lufs(double energy) { return db_from_power(energy, -200.0) - 0.691; }
double energy_of_lufs(double loudness) { return exp2_f64((loudness + 0.691) * 2.0 * kOctavesPerDb); }

}  // namespace

void Leveler::prepare(const Spec& spec) {
    spec_ = spec;
    fade_quanta_ = (uint32_t)(kFadeMs * (double)spec.sample_rate_hz / (1000.0 * kQuantumFrames)) + 1;
    const double quanta = kHopSeconds * (double)spec.sample_rate_hz / (double)kQuantumFrames;
    hop_quanta_ = quanta > 1.0 ? (uint32_t)(quanta + 0.5) : 1;
    ear_.prepare(spec);
    reset();
}

double Leveler::hop_seconds() const { return (double)(hop_quanta_ * kQuantumFrames) / (double)spec_.sample_rate_hz; }

void Leveler::set_target(const Parameters& parameters) {
    state_.parameters = parameters;
    const uint32_t enabled = parameters.enabled ? 1 : 0;
    if (enabled != state_.enabled) {
        state_.enabled = enabled;
        // Alone, or with a chain that jumps, it takes its time.
        const bool with_chain = change_.runs() && change_.length() >= fade_quanta_ / 4;
        const uint32_t with_chain_quanta = (uint32_t)(kShareOfChange * (double)change_.length());
        if (state_.active == 0) {
            // Comes in at a gain of one, listens, and glides from the loudness that it finds to its target.
            const bool foresees = with_chain && change_.begins();
            if (!foresees) begin_change(listening_quanta(), fade_quanta_);
            state_.active = state_.comes_in = 1;
            state_.foresees = foresees ? 1 : 0;
            state_.entry.begin(listening_quanta(), with_chain_quanta);
            state_.depth = 1.0;
        } else {
            state_.depth_from = state_.depth;
            state_.fade.begin(0, with_chain ? with_chain_quanta : fade_quanta_);
        }
    }
    if (state_.active == 0) change_.reset();
}

void Leveler::begin_change(uint32_t wait_quanta, uint32_t length_quanta) {
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
    change_.reset();
    history_.reset();
}

// A forged snapshot may hold any bits: positions must stay inside, the gain must be one that could have been.
void Leveler::distrust() {
    state_.quanta_in_hop %= hop_quanta_;
    state_.programme_next %= kWindowHops;
    if (state_.programme_count > kWindowHops) state_.programme_count = kWindowHops;
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
    state_.amplitude = exp2(f32x4::splat((float)effective_octaves())).lane(0);
}

void Leveler::hear_source(const float* const* channels, uint32_t quanta) {
    if (state_.active == 0) return;
    f32x4 squares = state_.ahead_squares;
    for (uint32_t i = 0; i < quanta * kQuantumFrames; i += 4) {
        for (uint32_t c = 0; c < spec_.channels; ++c) {
            const f32x4 scaled = f32x4::load(channels[c] + i) * f32x4::splat(kSquaringScale);
            squares += scaled * scaled;
        }
    }
    state_.ahead_squares = squares;
}

void Leveler::process(float* const* channels, uint32_t quanta) {
    for (uint32_t q = 0; q < quanta; ++q) {
        if (state_.active == 0) return;
        if (state_.enabled == 0 && !state_.fade.runs()) {
            forget();
            return;
        }
        const float from = state_.amplitude;
        advance();
        apply(channels, q * kQuantumFrames, from);
    }
}

// One quantum: its power counts, then the gain runs in a straight line from `from` to the present amplitude.
void Leveler::apply(float* const* channels, uint32_t at, float from) {
    const f32x4 step = f32x4::splat((state_.amplitude - from) * (1.0f / kQuantumFrames));
    f32x4 gains[kQuantumFrames / 4];
    f32x4 index = f32x4::set(1.0f, 2.0f, 3.0f, 4.0f);
    for (f32x4& gain : gains) {
        gain = f32x4::splat(from) + index * step;
        index += f32x4::splat(4.0f);
    }
    f32x4 squares = state_.source_squares;
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        float* samples = channels[c] + at;
        for (uint32_t i = 0; i < kQuantumFrames / 4; ++i) {
            const f32x4 x = f32x4::load(samples + 4 * i);
            const f32x4 scaled = x * f32x4::splat(kSquaringScale);
            squares += scaled * scaled;
            (x * gains[i]).store(samples + 4 * i);
        }
    }
    state_.source_squares = squares;
}

void Leveler::listen(const float* const* output, uint32_t quanta, const GainReductionMeter& limiter) {
    for (uint32_t q = 0; q < quanta && state_.active != 0;) {
        const uint32_t left = hop_quanta_ - state_.quanta_in_hop;
        const uint32_t run = quanta - q < left ? quanta - q : left;
        ear_.add(output, q * kQuantumFrames, run);
        q += run;
        state_.quanta_in_hop += run;
        if (state_.quanta_in_hop == hop_quanta_) {
            state_.quanta_in_hop = 0;
            finish_hop(limiter);
        }
    }
}

// -------------------------------------------------------------------------------------------------- decisions

void Leveler::finish_hop(const GainReductionMeter& limiter) {
    remember(ear_.take(hop_quanta_ * kQuantumFrames));
    const bool limited = watch_limiter(limiter);

    if (change_.waits_to_move()) meet_change();
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
}

void Leveler::remember(const Heard& output) {
    // Counts in the period of every ring.
    state_.hop = (state_.hop + 1) % (kBlockHops * kNoiseHops * kWindowHops);
    if (state_.hops_heard < kNoiseHops) ++state_.hops_heard;

    const double octaves = effective_octaves();
    // Half-way through the hop, as a power.
    const double own_power = exp2_f64(state_.octaves_before + octaves);
    state_.octaves_before = octaves;
    const double frames = (double)(hop_quanta_ * kQuantumFrames);
    const double ahead = (double)horizontal_sum(state_.ahead_squares) * kUnscaledSquare / frames;
    const double source = (double)horizontal_sum(state_.source_squares) * kUnscaledSquare / frames;
    state_.ahead_squares = state_.source_squares = f32x4::zero();

    state_.output_energy[state_.hop % kBlockHops] = output.energy;
    const bool heard = output.squares > kNoPower && source < 1e12 && ahead < 1e12;
    state_.source_power[state_.hop % kBlockHops] = heard ? ahead : 0.0;
    state_.source_energy[state_.hop % kBlockHops] = heard ? source * (output.energy / output.squares) : 0.0;
    state_.ungained[state_.hop % kNoiseHops] = output.times(1.0 / own_power);
}

Leveler::Block Leveler::last_block() const {
    Block block;
    for (uint32_t age = 0; age < kBlockHops; ++age) {
        block.output += state_.output_energy[age] * (1.0 / kBlockHops);
        block.power += state_.source_power[age] * (1.0 / kBlockHops);
        block.source += state_.source_energy[age] * (1.0 / kBlockHops);
        block.ungained += state_.ungained[(state_.hop + kNoiseHops - age) % kNoiseHops].energy * (1.0 / kBlockHops);
    }
    return block;
}

Leveler::Block Leveler::last_hop() const {
    const uint32_t hop = state_.hop % kBlockHops;
    return {state_.source_power[hop], state_.source_energy[hop], state_.ungained[state_.hop % kNoiseHops].energy,
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

// Energies of the source: the last 400 ms and the last hop.
Leveler::Judgement Leveler::judge(double source_block, double source_now) {
    const double brake_lufs = (double)state_.parameters.target_lufs + (double)state_.parameters.freeze_below_db;
    const double block_lufs = lufs(source_block);
    const double now_lufs = lufs(source_now);
    const Heard& now = state_.ungained[state_.hop % kNoiseHops];
    const bool noise_now = now.flatness() > kNoiseFlatness;
    Heard recent;
    uint32_t noisy_hops = 0;
    for (const Heard& heard : state_.ungained) {
        recent.add(heard);
        noisy_hops += heard.flatness() > kNoiseFlatness ? 1 : 0;
    }
    // All but one of them, and not for the sake of one drum.
    const bool noise =
        state_.hops_heard == kNoiseHops && noisy_hops + 1 >= kNoiseHops && recent.flatness() > kNoiseFlatness;
    const bool heard_other = state_.tonal_hops >= kTonalHops;
    if (noise && (block_lufs < brake_lufs || block_lufs < kQuietNoiseLufs)) {
        watch_noise(recent, block_lufs);
    } else {
        state_.noise_dbfs -= kFloorForgetDbPerS * hop_seconds();
    }
    if (state_.noise_dbfs < -200.0) state_.noise_dbfs = -200.0;

    if (now_lufs < kSilenceLufs) ++state_.silent_hops;
    if (now_lufs < kSilenceLufs || block_lufs < kSilenceLufs) return {false, false, Hold::silence};
    if (state_.silent_hops >= kPauseHops && smoothing_seconds() > kPatientSeconds) {
        // The next piece: what was learnt from the last one would take a minute to be forgotten.
        state_.programme_count = 0;
        state_.piece_hops = 0;
    }
    state_.silent_hops = 0;
    if (block_lufs < brake_lufs) return {false, false, Hold::brake};
    if (noise && block_lufs < kQuietNoiseLufs) return {false, false, Hold::brake};
    if (noise && heard_other) return {false, false, Hold::applause};
    if (state_.onset_hops < kBlockHops) {
        ++state_.onset_hops;
        return {};
    }

    const bool outside = state_.programme_count != 0 && source_block < kGate * usual_energy();
    state_.outside_hops = outside ? state_.outside_hops + 1 : 0;
    // Three seconds of it, or as long as the profile judges over, are no pause: the programme has become quieter.
    const uint32_t patience = (uint32_t)((double)kWindowHops + smoothing_seconds() / kHopSeconds);
    if (outside && state_.outside_hops <= patience) return {};
    if (state_.outside_hops > patience) state_.outside_hops = patience + 1;

    if (noise) {
        state_.taught_by_noise = 1;
    } else if (state_.taught_by_noise != 0) {
        // The concert begins: what the audience taught does not count.
        state_.taught_by_noise = 0;
        state_.programme_count = 0;
        state_.acquired_hops = state_.piece_hops = 0;
    }
    if (!noise && !noise_now && !heard_other) ++state_.tonal_hops;
    const bool movable = now_lufs >= brake_lufs && !(noise_now && heard_other);
    return {true, movable, now_lufs < brake_lufs ? Hold::brake : Hold::none};
}

void Leveler::watch_noise(const Heard& recent, double loudness_lufs) {
    double least = state_.ungained[0].energy;
    double most = least;
    for (const Heard& heard : state_.ungained) {
        least = heard.energy < least ? heard.energy : least;
        most = heard.energy > most ? heard.energy : most;
    }
    const double spread_db = db_from_power(most, -200.0) - db_from_power(least, -200.0);
    if (loudness_lufs < -120.0 || !(spread_db < kFloorSpreadDb)) return;
    const double mean = recent.energy / (double)(kNoiseHops * spec_.channels);
    const double level_dbfs = db_from_power(mean, -200.0);
    const double fallen_dbfs = state_.noise_dbfs - kFloorFallDbPerS * hop_seconds();
    state_.noise_dbfs = level_dbfs > fallen_dbfs ? level_dbfs : fallen_dbfs;
}

double Leveler::smoothing_seconds() const {
    return clamp(kReachDb / (double)state_.parameters.rise_db_per_s - kWindowHops * kHopSeconds, kShortestSmoothingS,
                 kLongestSmoothingS);
}

// The same while a piece is younger than that.
double Leveler::judged_seconds() const {
    const double heard_s = (double)state_.piece_hops * hop_seconds();
    const double smoothing_s = smoothing_seconds();
    return heard_s < smoothing_s ? heard_s : smoothing_s;
}

// While the chain changes, its equaliser must not pass for a change of the source: weighted as before the change.
double Leveler::source_of(const Block& block) const {
    return change_.watched() ? block.power * change_.weighting() : block.source;
}

// What the programme is measured by: its last 3 s, or what the profile has judged it by for longer.
double Leveler::usual_energy() const {
    const double mean = source_mean();
    const double judged = state_.piece_hops <= kWindowHops ? 0.0 : energy_of_lufs(state_.source_lufs);
    return mean > judged ? mean : judged;
}

double Leveler::source_mean() const {
    double sum = 0.0;
    for (uint32_t i = 0; i < state_.programme_count; ++i) sum += source_of(state_.programme[i]);
    return sum / (double)state_.programme_count;
}

void Leveler::learn(const Block& block) {
    if (state_.programme_count == 0) state_.programme_next = 0;
    state_.programme[state_.programme_next] = block;
    state_.programme_next = (state_.programme_next + 1) % kWindowHops;
    if (state_.programme_count < kWindowHops) ++state_.programme_count;

    if (change_.watched()) watch_change();
    const double window_lufs = lufs(source_mean());
    if (state_.piece_hops < kLongestHops) ++state_.piece_hops;
    if (acquiring()) ++state_.acquired_hops;
    if (state_.piece_hops <= kWindowHops) {
        state_.source_lufs = window_lufs;
        return;
    }
    // Of energies, as loudness is integrated: in the mean of a piece with a wide range its loud passages count.
    const double usual = energy_of_lufs(state_.source_lufs);
    const double smoothed = lufs(usual + (source_mean() - usual) * hop_seconds() / judged_seconds());
    state_.source_lufs = clamp(smoothed, window_lufs - kStrayLu, 0.0);
}

// Where the chain stands before the settings move.
void Leveler::meet_change() {
    double power = 0.0;
    double source = 0.0;
    double ungained = 0.0;
    for (uint32_t i = 0; i < state_.programme_count; ++i) {
        power += state_.programme[i].power;
        source += state_.programme[i].source;
        ungained += state_.programme[i].ungained;
    }
    if (!(power > 0.0 && source > 0.0 && ungained > 0.0)) {
        change_.forget();
        return;
    }
    const double weighting = source / power;
    const double mean_db = db_from_power(ungained / source, -200.0);
    double variance = 0.0;
    for (uint32_t i = 0; i < state_.programme_count; ++i) {
        const Block& block = state_.programme[i];
        const double source_energy = block.power * weighting;
        if (!(source_energy > 0.0)) continue;
        const double apart_db = db_from_power(block.ungained / source_energy, -200.0) - mean_db;
        variance += apart_db * apart_db * (source_energy / source);
    }
    const double gain_db = heard_chain().gain_db;
    // Four hops make a block.
    change_.watch_from(gain_db, kBlockHops * variance, weighting);
    // What was owed to the old target is not owed to the new.
    history_.reset();
    state_.history_hops = 0;
    const double own_db = kDbPerOctave * state_.gain_octaves;
    const double present_lufs = state_.source_lufs + gain_db + own_db;
    // A gain that its limit held leads away from where the programme is, not from where it should have been.
    const bool held_low = own_db > state_.boost_from - kAtLimitDb && present_lufs < state_.target_from;
    const bool held_high = own_db < kAtLimitDb - state_.cut_from && present_lufs > state_.target_from;
    state_.way_from = state_.comes_in != 0 || held_low || held_high ? present_lufs : state_.target_from;
    state_.answered_db = state_.way_from - gain_db;
}

void Leveler::watch_change() {
    const Block hop = last_hop();
    const double source = source_of(hop);
    const double mean = source_mean();
    if (source > kGate * mean && hop.ungained > 0.0) {
        const double share = source / mean;
        change_.look(db_from_power(hop.ungained / source, -200.0), share < kMostShare ? share : kMostShare);
    }
    if (change_.settled_hops() < kWindowHops) return;
    // All that is remembered is of the new settings: from here on as ever.
    const double as_before = source_mean();
    change_.forget();
    if (as_before > 0.0 && source_mean() > 0.0) {
        state_.source_lufs += db_from_power(source_mean() / as_before, -200.0);
    }
}

Leveler::ChainGain Leveler::heard_chain() const {
    const uint32_t all = state_.programme_count;
    const uint32_t count = acquiring() && all > kAcquisitionHops ? kAcquisitionHops : all;
    uint32_t heard = 0;
    double most_db = -200.0;
    double source = 0.0;
    double ungained = 0.0;
    double own_sum = 0.0;
    // Of the level into the chain and of the chain's gain, both in dB; weighted by the source's energy.
    double sum = 0.0, level_sum = 0.0, chain_sum = 0.0, level_squares = 0.0, products = 0.0;
    for (uint32_t age = 1; age <= all; ++age) {
        const Block& block = state_.programme[(state_.programme_next + kWindowHops - age) % kWindowHops];
        if (!(block.source > 0.0 && block.ungained > 0.0 && block.output > 0.0)) continue;
        const double own_db = db_from_power(block.output / block.ungained, -200.0);
        const double level_db = db_from_power(block.source, -200.0) + own_db;
        const double chain_db = db_from_power(block.ungained / block.source, -200.0);
        sum += block.source;
        level_sum += block.source * level_db;
        chain_sum += block.source * chain_db;
        level_squares += block.source * level_db * level_db;
        products += block.source * level_db * chain_db;
        most_db = chain_db > most_db ? chain_db : most_db;
        if (age > count) continue;
        ++heard;
        source += block.source;
        ungained += block.ungained;
        own_sum += block.source * own_db;
    }
    if (!(source > 0.0)) return {};
    const double level_mean = level_sum / sum;
    const double variance = level_squares / sum - level_mean * level_mean;
    const double covariance = products / sum - level_mean * (chain_sum / sum);
    ChainGain chain;
    chain.slope = clamp(covariance / (variance + kSlopePrior), kSteepest, 0.0);
    // At the level that is expected, not at the one that was heard; but a limiter gives no more than it has taken.
    const double heard_lufs = lufs(source / (double)heard) + own_sum / source;
    const double expected_lufs = state_.source_lufs + kDbPerOctave * state_.gain_octaves;
    const double gain_db = db_from_power(ungained / source, -200.0) + chain.slope * (expected_lufs - heard_lufs);
    chain.gain_db = gain_db < most_db ? gain_db : most_db;
    return chain;
}

// By the end of the next hop.
Leveler::ChainGain Leveler::expected_chain() const {
    if (!change_.watched()) return heard_chain();
    return {change_.gain_db(change_.progress(hop_quanta_)), 0.0};
}

// Loudness of the programme at the output if the gain stayed as it is.
double Leveler::predicted_lufs(const ChainGain& chain) const {
    return state_.source_lufs + chain.gain_db + kDbPerOctave * state_.gain_octaves;
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
    if (!movable || state_.programme_count == 0) {
        // Frozen; only noise that was lifted too far comes down.
        return gain_db > room_db ? clamp(room_db - gain_db, -fall_db, 0.0) : 0.0;
    }

    const double progress = change_.progress(0);
    const double goal_lufs = at_end(state_.target_from, (double)p.target_lufs);
    if (state_.foresees != 0) {
        // To where the level will be right when the chain is as it shall be, whatever it still makes of it.
        if (change_.runs() || (change_.watched() && change_.settled_hops() < kForeseenHops)) {
            const double own_db = clamp(goal_lufs - kForeseenBelowLu - state_.source_lufs, -(double)p.max_cut_db,
                                        (double)p.max_boost_db < room_db ? (double)p.max_boost_db : room_db);
            state_.answered_db = goal_lufs - expected_chain().gain_db;
            return state_.entry.at(hop_quanta_) * own_db - gain_db;
        }
        state_.foresees = 0;
    }
    // Too early to tell where the change leads, or still listening.
    if (change_.runs() && progress < kFirstProgress && (change_.watched() || state_.comes_in != 0)) return 0.0;
    const double target_lufs =
        change_.watched() ? state_.way_from + (goal_lufs - state_.way_from) * change_.progress(hop_quanta_) : goal_lufs;
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
        const double ours_db = target_lufs - chain.gain_db - state_.answered_db;
        state_.answered_db += ours_db;
        answer = clamp(clamp(ours_db, error < 0.0 ? error : 0.0, error > 0.0 ? error : 0.0), -most, most);
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
