#include "dynamics/de_esser.h"

namespace aim {
namespace {

// The mean that makes a level of a waveform. The upper band of a voice comes in pulses, sibilants are noise: a peak
// level would put the pulses, of little energy, beside a sibilant. In decibels this mean rises at once where much more
// comes in: a sibilant 18 dB above the mean is turned down by half of what it will be within a millisecond and a half.
constexpr double kLevelMs = 2.0;
// The level's fall. A sibilant 18 to 20 dB above the mean lets go by 63 % in as much time; between the pulses of a
// voice at 80 Hz the level sags by 1.8 dB, well inside the usual threshold.
constexpr double kFallMs = 60.0;
// Takes the corners off the reduction.
constexpr double kAttackMs = 0.7;
// The shelf's corner below the split: at a reduction of 8 dB half of it, in dB, is reached a factor of 10^(8/80) above
// the corner.
constexpr double kCornerShare = 0.7943282347242815;
// -200 dBFS: keeps the logarithm away from zero.
constexpr float kPowerFloor = 1e-20f;
// Taken from the reduction in every quantum (6e-5 dB): so it soon ends at zero, the input untouched, and without denormals.
constexpr float kReductionFloor = 1e-5f;

// In octaves of amplitude.
template <class F>
F octaves_of_power(F power) {
    return F::splat(0.5f) * log2(max(power, F::splat(kPowerFloor)));
}

// What is left after a quantum of something that fades with this time constant.
double left_of(double ms, uint32_t sample_rate_hz) {
    return exp_f64(-1000.0 * kQuantumFrames / (ms * (double)sample_rate_hz));
}

}  // namespace

void DeEsser::prepare(const Spec& spec) {
    spec_ = spec;
    rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
    left_ = (float)left_of(kLevelMs, spec.sample_rate_hz);
    rise_ = 1.0f - left_;
    fall_ = (float)left_of(0.5 * kFallMs, spec.sample_rate_hz);  // of power
    waited_ = (float)left_of(kAttackMs, spec.sample_rate_hz);
    attack_ = 1.0f - waited_;
    history_.prepare(spec.sample_rate_hz);
}

void DeEsser::set_target(const Parameters& p) {
    state_.split_log2_hz.target = (float)log2_f64((double)p.split_hz);
    state_.threshold_octaves.target = (float)((double)p.threshold_db * kOctavesPerDb);
    state_.slope.target = p.enabled ? (float)(1.0 - 1.0 / (double)p.ratio) : 0.0f;
    state_.range_octaves.target = (float)(-(double)p.range_db * kOctavesPerDb);
    state_.moving = 1;
}

void DeEsser::reset() {
    const State old = state_;
    state_ = State{};
    state_.split_log2_hz.snap(old.split_log2_hz.target);
    state_.threshold_octaves.snap(old.threshold_octaves.target);
    state_.slope.snap(old.slope.target);
    state_.range_octaves.snap(old.range_octaves.target);
    forget();
    update_split();
}

// Nothing is left of what was heard, so that switching on again starts like new.
void DeEsser::forget() {
    state_.split = SectionPairState{};
    state_.power = 0.0f;
    state_.level = 0.0f;
    history_.reset();
}

void DeEsser::update_split() {
    const double rate = (double)spec_.sample_rate_hz;
    const auto tangent = [rate](float log2_hz) {
        return split_tangent(kCornerShare * exp2_f64((double)log2_hz), rate);
    };
    tangent_before_ = tangent(state_.split_log2_hz.previous);
    tangent_ = tangent(state_.split_log2_hz.value);
    if (state_.split_log2_hz.settled() && block_for_ != tangent_) {
        block_ = BandSplitBlock::at(tangent_);
        block_for_ = tangent_;
    }
}

void DeEsser::tick() {
    Smoother* const smoothers[] = {&state_.split_log2_hz, &state_.threshold_octaves, &state_.slope,
                                   &state_.range_octaves};
    const bool settled = tick_all(smoothers, rate_);
    update_split();
    state_.moving = settled ? 0 : 1;
}

void DeEsser::process(float* const* channels, uint32_t quanta) {
    for (uint32_t q = 0; q < quanta;) {
        if (state_.moving != 0) tick();
        if (switched_off() && state_.reduction == 0.0f) {
            forget();
            state_.meter.add_idle(quanta - q);
            return;
        }
        // One at a time while anything moves, and on the way to being off, which is noticed where it happens.
        const uint32_t most = state_.moving != 0 || switched_off() ? 1 : kMaxRunQuanta;
        const uint32_t run = quanta - q < most ? quanta - q : most;
        float* const at[kMaxChannels] = {channels[0] + q * kQuantumFrames,
                                         spec_.channels == 2 ? channels[1] + q * kQuantumFrames : nullptr};
        if (state_.split_log2_hz.settled()) {
            process_run(at, run);
        } else {
            glide(at);
        }
        q += run;
    }
}

void DeEsser::process_run(float* const* channels, uint32_t quanta) {
    BandSplitTrace traces[kMaxRunQuanta];
    BandPower powers[kMaxRunQuanta];
    float roots[kRunRoomQuanta];
    split_steady(block_, state_.split, channels[0], channels[spec_.channels - 1], quanta, traces, powers);
    if (!detect(powers, quanta, roots)) return;
    for (uint32_t q = 0; q < quanta; ++q) {
        if (roots[q] == 1.0f && roots[q + 1] == 1.0f) continue;
        const Ramp root = Ramp::between(roots[q], roots[q + 1]);
        for (uint32_t c = 0; c < spec_.channels; ++c) {
            float* const samples = channels[c] + q * kQuantumFrames;
            BandParts parts;
            make_parts(block_, traces[q], c, samples, parts);
            lower_upper_parts(parts, root, samples);
        }
    }
}

// One quantum while the split moves.
void DeEsser::glide(float* const* channels) {
    BandParts parts[kMaxChannels];
    BandPower power = {0.0f, 0.0f};
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        const BandPower own = split_moving(tangent_before_, tangent_, state_.split, c, channels[c], parts[c]);
        power.whole = own.whole > power.whole ? own.whole : power.whole;
        power.band = own.band > power.band ? own.band : power.band;
    }
    float roots[kRunRoomQuanta];
    if (!detect(&power, 1, roots)) return;
    const Ramp root = Ramp::between(roots[0], roots[1]);
    for (uint32_t c = 0; c < spec_.channels; ++c) lower_upper_parts(parts[c], root, channels[c]);
}

// Whether anything is turned down; if so, the root of the shelf's gain before the first quantum and at the end of each.
bool DeEsser::detect(const BandPower* powers, uint32_t quanta, float* roots) {
    static_assert(kMaxRunQuanta < kRunRoomQuanta, "one root more than quanta");
    BandLevels levels;
    float over[kRunRoomQuanta] = {};
    follow(powers, quanta, levels);
    compare(powers, quanta, levels, over);
    float reductions[kRunRoomQuanta] = {};
    move_reduction(over, quanta, reductions);
    float most = 0.0f;
    for (uint32_t q = 0; q <= quanta; ++q) most = reductions[q] > most ? reductions[q] : most;
    if (most == 0.0f) return false;
    // Half as many octaves.
    const f32x8 half = f32x8::splat(-0.5f);
    for (uint32_t q = 0; q <= quanta; q += 8) exp2(half * f32x8::load(reductions + q)).store(roots + q);
    return true;
}

// The level rises with the mean power and falls slowly. Silence counts as the floor, so that nothing fades into denormals.
// What need not wait for the quantum before, logarithms above all, is done for eight at once.
void DeEsser::follow(const BandPower* powers, uint32_t quanta, BandLevels& levels) {
    const f32x8 rise = f32x8::splat(rise_);
    const f32x8 floor = f32x8::splat(kPowerFloor);
    for (uint32_t q = 0; q < quanta; ++q) levels.present[q] = powers[q].band;
    for (uint32_t q = 0; q < quanta; q += 8) {
        (rise * max(f32x8::load(levels.present + q), floor)).store(levels.present + q);
    }
    float power = state_.power;
    float level = state_.level;
    for (uint32_t q = 0; q < quanta; ++q) {
        power = left_ * power + levels.present[q];
        const float fallen = level * fall_;
        level = power > fallen ? power : fallen;
        levels.present[q] = power;
        levels.held[q] = level;
    }
    state_.power = power;
    state_.level = level;
    for (uint32_t q = 0; q < quanta; q += 8) {
        octaves_of_power(f32x8::load(levels.present + q)).store(levels.present_octaves + q);
        octaves_of_power(f32x8::load(levels.held + q)).store(levels.held_octaves + q);
    }
}

// How far the band's level lies above the threshold, in octaves of amplitude. Linked: the stronger channel counts.
void DeEsser::compare(const BandPower* powers, uint32_t quanta, const BandLevels& levels, float* over) {
    const bool moves = !state_.split_log2_hz.settled();
    const float threshold = state_.threshold_octaves.value;
    // A copy, which need not go through memory from quantum to quantum.
    BandHistory history = history_;
    for (uint32_t q = 0; q < quanta; ++q) {
        float present = levels.present_octaves[q];
        float held = levels.held_octaves[q];
        const float floor = history.least_power() + kPowerFloor;
        if (levels.present[q] < floor) {
            const float least = octaves_of_power(f32x4::splat(floor)).lane(0);
            present = least;
            if (levels.held[q] < floor) held = least;
        }
        if (moves) history.follow_move(held);
        over[q] = history.excess(held) - threshold;
        history.add(powers[q].whole, present, held, threshold);
    }
    history_ = history;
}

// Before the first quantum and at the end of each.
void DeEsser::move_reduction(const float* over, uint32_t quanta, float* reductions) {
    const f32x8 slope = f32x8::splat(state_.slope.value);
    const f32x8 range = f32x8::splat(state_.range_octaves.value);
    const f32x8 attack = f32x8::splat(attack_);
    const f32x8 floor = f32x8::splat(kReductionFloor);
    // What comes in with each quantum.
    alignas(32) float coming[kRunRoomQuanta];
    for (uint32_t q = 0; q < quanta; q += 8) {
        const f32x8 wanted = min(slope * max(f32x8::load(over + q), f32x8::zero()), range);
        (attack * wanted - floor).store(coming + q);
    }
    float reduction = reductions[0] = state_.reduction;
    GainReductionMeter::Run metered;
    for (uint32_t q = 0; q < quanta; ++q) {
        const float before = reduction;
        const float after = waited_ * before + coming[q];
        reduction = reductions[q + 1] = after > 0.0f ? after : 0.0f;
        metered.mean[q] = 0.5f * (before + reduction);
        metered.largest[q] = before > reduction ? before : reduction;
        metered.last[q] = reduction;
    }
    state_.reduction = reduction;
    state_.meter.add(metered, quanta);
}

}  // namespace aim
