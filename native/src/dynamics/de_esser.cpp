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
// Reductions below this (6e-9 dB) are zero: the input untouched, and no denormals.
constexpr float kReductionFloor = 1e-9f;

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
    rise_ = (float)(1.0 - left_of(kLevelMs, spec.sample_rate_hz));
    fall_ = (float)left_of(0.5 * kFallMs, spec.sample_rate_hz);  // of power
    attack_ = (float)(1.0 - left_of(kAttackMs, spec.sample_rate_hz));
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
    BandLevel levels[kMaxRunQuanta];
    split_steady(block_, state_.split, channels[0], channels[spec_.channels - 1], quanta, traces, powers);
    follow(powers, quanta, levels);
    for (uint32_t q = 0; q < quanta; ++q) {
        const float before = state_.reduction;
        move_reduction(detect(powers[q], levels[q]));
        if (before == 0.0f && state_.reduction == 0.0f) continue;
        float roots[kQuantumFrames];
        shelf_roots(before, state_.reduction, roots);
        for (uint32_t c = 0; c < spec_.channels; ++c) {
            float* const samples = channels[c] + q * kQuantumFrames;
            BandParts parts;
            make_parts(block_, traces[q], c, samples, parts);
            lower_upper_parts(parts, roots, samples);
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
    const float before = state_.reduction;
    BandLevel level;
    follow(&power, 1, &level);
    move_reduction(detect(power, level));
    if (before == 0.0f && state_.reduction == 0.0f) return;
    float roots[kQuantumFrames];
    shelf_roots(before, state_.reduction, roots);
    for (uint32_t c = 0; c < spec_.channels; ++c) lower_upper_parts(parts[c], roots, channels[c]);
}

// The level rises with the mean power and falls slowly. The logarithms of all quanta at once: each alone takes as long as
// they do together.
void DeEsser::follow(const BandPower* powers, uint32_t quanta, BandLevel* levels) {
    State& s = state_;
    alignas(32) float present[kRunRoomQuanta] = {};
    alignas(32) float held[kRunRoomQuanta] = {};
    for (uint32_t q = 0; q < quanta; ++q) {
        s.power = s.power + rise_ * (powers[q].band - s.power);
        const float fallen = s.level * fall_;
        s.level = s.power > fallen ? s.power : fallen;
        if (!(s.level > kPowerFloor)) s.power = s.level = 0.0f;
        levels[q].present = present[q] = s.power;
        levels[q].held = held[q] = s.level;
    }
    for (uint32_t q = 0; q < quanta; q += 8) {
        octaves_of_power(f32x8::load(present + q)).store(present + q);
        octaves_of_power(f32x8::load(held + q)).store(held + q);
    }
    for (uint32_t q = 0; q < quanta; ++q) {
        levels[q].present_octaves = present[q];
        levels[q].held_octaves = held[q];
    }
}

// How far the band's level lies above the threshold, in octaves of amplitude. Linked: the stronger channel counts.
float DeEsser::detect(const BandPower& power, const BandLevel& level) {
    State& s = state_;
    float present = level.present_octaves;
    float held = level.held_octaves;
    const float floor = history_.least_power() + kPowerFloor;
    if (level.present < floor) {
        const float least = octaves_of_power(f32x4::splat(floor)).lane(0);
        present = least;
        if (level.held < floor) held = least;
    }
    if (!s.split_log2_hz.settled()) history_.follow_move(held);
    const float over = history_.excess(held) - s.threshold_octaves.value;
    history_.add(power.whole, present, held, s.threshold_octaves.value);
    return over;
}

void DeEsser::move_reduction(float over_octaves) {
    State& s = state_;
    const float asked = over_octaves > 0.0f ? s.slope.value * over_octaves : 0.0f;
    const float wanted = asked < s.range_octaves.value ? asked : s.range_octaves.value;
    const float before = s.reduction;
    const float after = before + attack_ * (wanted - before);
    s.reduction = after > kReductionFloor ? after : 0.0f;
    s.meter.add(0.5f * (before + s.reduction), before > s.reduction ? before : s.reduction, s.reduction);
}

}  // namespace aim
