#include "engine/leveler.h"

namespace aim {
namespace {

constexpr double kHopSeconds = 0.1;
// As long as a profile takes to morph: a boost of 20 dB must not vanish at once when the leveler is switched off.
constexpr double kFadeMs = 1000.0;

// -300 dB: below it squares would become denormal.
constexpr float kNothing = 1e-15f;
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
// How much of a step of gain that the output does not show yet is believed.
constexpr double kBelief = 0.5;
// Beyond the zone the error falls by 63 % in a second, inside it in 20: no corner, no hunting.
constexpr double kZoneLu = 0.5;
constexpr double kRate = 1.0;
constexpr double kZoneRate = 0.05;
// A profile of s dB/s judges programme over about 10/s seconds, 3 s at least.
constexpr double kReachDb = 10.0;
constexpr double kLongestSmoothingS = 57.0;
constexpr double kShortestSmoothingS = 0.3;
// Further than this from the last 3 s the smoothed loudness is out of date.
constexpr double kStrayLu = 6.0;

constexpr double kCorrectionGain = 2.5;
constexpr double kMostCorrectionLu = 2.0;
constexpr double kCorrectionSeconds = 60.0;

constexpr double kDropDbPerS = 0.5;
constexpr double kRecoverDbPerS = 0.1;
constexpr double kMostDropDb = 24.0;
constexpr double kAheadLu = 1.0;

double clamp(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

// BS.1770-5.
double lufs(double energy) { return db_from_power(energy, -200.0) - 0.691; }
double energy_of_lufs(double loudness) { return exp2_f64((loudness + 0.691) * 2.0 * kOctavesPerDb); }

}  // namespace

void Leveler::prepare(const Spec& spec) {
    spec_ = spec;
    rate_ = SmoothingRate::over_ms(kFadeMs, spec.sample_rate_hz);
    const double quanta = kHopSeconds * (double)spec.sample_rate_hz / (double)kQuantumFrames;
    hop_quanta_ = quanta > 1.0 ? (uint32_t)(quanta + 0.5) : 1;
    ear_.prepare(spec);
    reset();
}

double Leveler::hop_seconds() const { return (double)(hop_quanta_ * kQuantumFrames) / (double)spec_.sample_rate_hz; }

void Leveler::set_target(const Parameters& parameters) {
    state_.parameters = parameters;
    state_.enabled = parameters.enabled ? 1 : 0;
    if (state_.active != 0) {
        state_.depth.target = parameters.enabled ? 1.0f : 0.0f;
    } else if (parameters.enabled) {
        // Nothing is remembered and the gain is one: there is nothing to glide from.
        state_.active = 1;
        state_.depth.snap(1.0f);
    }
}

void Leveler::reset() {
    forget();
    state_.active = state_.enabled;
    state_.depth.snap(state_.enabled != 0 ? 1.0f : 0.0f);
}

void Leveler::forget() {
    const State old = state_;
    state_ = State{};
    state_.parameters = old.parameters;
    state_.enabled = old.enabled != 0 ? 1 : 0;
    ear_.reset();
    history_.reset();
}

// A forged snapshot may hold any bits: positions must stay inside, the gain must be one that could have been.
void Leveler::distrust() {
    state_.quanta_in_hop %= hop_quanta_;
    state_.programme_next %= kWindowHops;
    if (state_.programme_count > kWindowHops) state_.programme_count = kWindowHops;
    if (!(state_.gain_octaves > -20.0 && state_.gain_octaves < 20.0)) state_.gain_octaves = 0.0;
    if (!(state_.step_octaves > -1.0 && state_.step_octaves < 1.0)) state_.step_octaves = 0.0;
}

// ------------------------------------------------------------------------------------------------------ gain

void Leveler::advance() {
    if (state_.step_octaves == 0.0 && state_.depth.settled()) return;
    state_.gain_octaves += state_.step_octaves;
    if (!state_.depth.settled()) state_.depth.tick(rate_);
    state_.amplitude = exp2(f32x4::splat((float)effective_octaves())).lane(0);
}

void Leveler::process(float* const* channels, uint32_t quanta) {
    for (uint32_t q = 0; q < quanta; ++q) {
        if (state_.active == 0) return;
        if (state_.enabled == 0 && state_.depth.settled()) {
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
            const f32x4 heard = keep(abs(x) > f32x4::splat(kNothing), x);
            squares += heard * heard;
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

    const Block block = last_block();
    const Judgement judgement = judge(block.source, state_.source_energy[state_.hop % kBlockHops]);
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
    const double source = (double)horizontal_sum(state_.source_squares) / frames;
    state_.source_squares = f32x4::zero();

    state_.output_energy[state_.hop % kBlockHops] = output.energy;
    state_.source_energy[state_.hop % kBlockHops] =
        output.squares > kNoPower && source < 1e12 ? source * (output.energy / output.squares) : 0.0;
    state_.ungained[state_.hop % kNoiseHops] = output.times(1.0 / own_power);
}

Leveler::Block Leveler::last_block() const {
    Block block;
    for (uint32_t age = 0; age < kBlockHops; ++age) {
        block.output += state_.output_energy[age] * (1.0 / kBlockHops);
        block.source += state_.source_energy[age] * (1.0 / kBlockHops);
        block.ungained += state_.ungained[(state_.hop + kNoiseHops - age) % kNoiseHops].energy * (1.0 / kBlockHops);
    }
    block.gain_db = kDbPerOctave * state_.gain_octaves;
    return block;
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
    // Never far ahead of the gain that has to follow: a slow profile would overshoot by all that piled up meanwhile.
    const bool ahead = state_.programme_count != 0 && (double)effective_target_lufs() < predicted_lufs() - kAheadLu;
    if (average_db > allowance_db) {
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

    if (now_lufs < kSilenceLufs || block_lufs < kSilenceLufs) return {false, false, Hold::silence};
    if (block_lufs < brake_lufs) return {false, false, Hold::brake};
    if (noise && block_lufs < kQuietNoiseLufs) return {false, false, Hold::brake};
    if (noise && heard_other) return {false, false, Hold::applause};
    if (state_.onset_hops < kBlockHops) {
        ++state_.onset_hops;
        return {};
    }

    const bool outside = state_.programme_count != 0 && source_block < kGate * source_mean();
    state_.outside_hops = outside ? state_.outside_hops + 1 : 0;
    // Three seconds of it are no pause: the programme has become quieter.
    if (outside && state_.outside_hops <= kWindowHops) return {};
    if (state_.outside_hops > kWindowHops) state_.outside_hops = kWindowHops + 1;

    if (noise) {
        state_.taught_by_noise = 1;
    } else if (state_.taught_by_noise != 0) {
        // The concert begins: what the audience taught does not count.
        state_.taught_by_noise = 0;
        state_.programme_count = 0;
        state_.acquired_hops = 0;
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

double Leveler::source_mean() const {
    double sum = 0.0;
    for (uint32_t i = 0; i < state_.programme_count; ++i) sum += state_.programme[i].source;
    return sum / (double)state_.programme_count;
}

void Leveler::learn(const Block& block) {
    if (state_.programme_count == 0) state_.programme_next = 0;
    state_.programme[state_.programme_next] = block;
    state_.programme_next = (state_.programme_next + 1) % kWindowHops;
    if (state_.programme_count < kWindowHops) ++state_.programme_count;

    const double window_lufs = lufs(source_mean());
    if (acquiring()) {
        ++state_.acquired_hops;
        state_.source_lufs = window_lufs;
        return;
    }
    const double smoothing_s = clamp(kReachDb / (double)state_.parameters.rise_db_per_s - kWindowHops * kHopSeconds,
                                     kShortestSmoothingS, kLongestSmoothingS);
    state_.source_lufs += (window_lufs - state_.source_lufs) * hop_seconds() / smoothing_s;
    state_.source_lufs = clamp(state_.source_lufs, window_lufs - kStrayLu, window_lufs + kStrayLu);
}

// Loudness of the programme at the output if the gain stayed as it is.
double Leveler::predicted_lufs() const {
    const uint32_t all = state_.programme_count;
    const uint32_t count = acquiring() && all > kAcquisitionHops ? kAcquisitionHops : all;
    double source = 0.0;
    double ungained = 0.0;
    double gain_db = 0.0;
    for (uint32_t age = 1; age <= count; ++age) {
        const Block& block = state_.programme[(state_.programme_next + kWindowHops - age) % kWindowHops];
        source += block.source;
        ungained += block.ungained;
        gain_db += block.gain_db;
    }
    const double chain_db = source > 0.0 && ungained > 0.0 ? db_from_power(ungained / source, -200.0) : 0.0;
    const double now_db = kDbPerOctave * state_.gain_octaves;
    if (!acquiring()) return state_.source_lufs + chain_db + now_db;
    // A compressor takes back part of every step, and shows it late. Believing half makes up for some of that, and does
    // not overshoot where there is none.
    return state_.source_lufs + chain_db + kBelief * now_db + (1.0 - kBelief) * gain_db / (double)count;
}

// What the programme so far owes to its target.
double Leveler::correction_db() const {
    const double trust = clamp((double)state_.history_hops * hop_seconds() / kCorrectionSeconds, 0.0, 1.0);
    const double owed = -kCorrectionGain * trust * history_.relative_lu();
    // The guard rail stands above the debt.
    return clamp(owed, -kMostCorrectionLu, state_.drop_db > 0.0 ? 0.0 : kMostCorrectionLu);
}

// By how much the gain moves during the next hop.
double Leveler::move_db(bool movable, bool limited) const {
    const Parameters& p = state_.parameters;
    const double seconds = hop_seconds();
    const double gain_db = kDbPerOctave * state_.gain_octaves;
    const double room_db = clamp(kNoiseCeilingDbfs - state_.noise_dbfs, 0.0, 200.0);
    const double most_db = room_db < (double)p.max_boost_db ? room_db : (double)p.max_boost_db;
    const double fall_db = (double)p.fall_db_per_s * seconds;
    if (!movable || state_.programme_count == 0) {
        // Frozen; only noise that was lifted too far comes down.
        return gain_db > room_db ? clamp(room_db - gain_db, -fall_db, 0.0) : 0.0;
    }

    const double missing_db = (double)effective_target_lufs() + correction_db() - predicted_lufs();
    const double error = clamp(gain_db + missing_db, -(double)p.max_cut_db, most_db) - gain_db;
    if (acquiring()) {
        const double most = kAcquisitionDbPerS * seconds;
        return clamp(error * kAcquisitionRate * seconds, -most, limited ? 0.0 : most);
    }
    const double beyond = error - clamp(error, -kZoneLu, kZoneLu);
    return clamp((beyond * kRate + error * kZoneRate) * seconds, -fall_db,
                 limited ? 0.0 : (double)p.rise_db_per_s * seconds);
}

}  // namespace aim
