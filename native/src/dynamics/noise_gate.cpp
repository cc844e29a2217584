#include "dynamics/noise_gate.h"

namespace aim {
namespace {

// Half a period of 50 Hz: a low tone above the threshold must not close the gate between its peaks.
constexpr double kDetectorHoldMs = 10.0;
// Most that the noise floor may lift the threshold.
constexpr float kMostLiftDb = 12.0f;
// 2 dB per second, taken a block of the floor's history at a time: a talker without pauses looks like a noise floor at
// first, and is not to be cut off before he takes a breath.
constexpr float kLiftStepDb = 0.2f;
constexpr uint32_t kAllOpen = (1u << kQuantumFrames) - 1;

float within_lift(float db) { return db < 0.0f ? 0.0f : db > kMostLiftDb ? kMostLiftDb : db; }

// 3p^2 - 2p^3: no slope at either end.
f32x4 s_curve(f32x4 p) { return p * p * (f32x4::splat(3.0f) - (p + p)); }

}  // namespace

void NoiseGate::prepare(const Spec& spec) {
    spec_ = spec;
    rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
    hold_.set_window(frames_for_ms(kDetectorHoldMs, spec.sample_rate_hz));
    expander_.prepare(spec);
    floor_.prepare(spec);
}

void NoiseGate::set_target(const Parameters& p) {
    // A threshold above the floor stays where it is when the one asked for moves beneath it.
    const float lifted_db = state_.threshold_db.target + state_.lift_db.target;
    state_.threshold_db.target = p.threshold_db;
    state_.above_floor_db = p.above_floor_db;
    if (p.above_floor_db == 0.0f) floor_.reset();
    const float kept_db = within_lift(lifted_db - p.threshold_db);
    const float wanted_db = lift_wanted_db();
    state_.lift_db.target = wanted_db < kept_db ? wanted_db : kept_db;
    expander_.set_target(p.ratio);
    state_.hysteresis_db.target = p.hysteresis_db;
    state_.range_db.target = p.range_db;
    state_.attack_log2_ms.target = (float)log2_f64((double)p.attack_ms);
    state_.release_log2_ms.target = (float)log2_f64((double)p.release_ms);
    state_.hold_ms = p.hold_ms;
    state_.depth.target = p.enabled ? 1.0f : 0.0f;
    state_.moving = state_.shape_moving = 1;
}

void NoiseGate::reset() {
    const State old = state_;
    state_ = State{};
    state_.threshold_db.snap(old.threshold_db.target);
    state_.hysteresis_db.snap(old.hysteresis_db.target);
    state_.range_db.snap(old.range_db.target);
    state_.attack_log2_ms.snap(old.attack_log2_ms.target);
    state_.release_log2_ms.snap(old.release_log2_ms.target);
    state_.hold_ms = old.hold_ms;
    state_.depth.snap(old.depth.target);
    state_.above_floor_db = old.above_floor_db;
    expander_.reset();
    rest();
    update_coefficients();
    state_.closed_gain = closed_gain_;
}

// As after a loud signal: the decision to close waits for the detector's window.
void NoiseGate::rest() {
    state_.open = 1;
    state_.quiet_quanta = 0;
    state_.lift_db.snap(0.0f);
    hold_.reset(1.0f);
    floor_.reset();
}

void NoiseGate::update_coefficients() {
    update_levels();
    closed_gain_ = (float)amplitude_from_db((double)state_.range_db.value);
    const double frames_per_ms = (double)spec_.sample_rate_hz / 1000.0;
    const double attack_ms = exp2_f64((double)state_.attack_log2_ms.value);
    const double release_ms = exp2_f64((double)state_.release_log2_ms.value);
    const double attack_frames = frames_per_ms * attack_ms;
    const double release_frames = frames_per_ms * release_ms;
    rise_ = (float)(1.0 / (attack_frames > 1.0 ? attack_frames : 1.0));
    fall_ = (float)(1.0 / (release_frames > 1.0 ? release_frames : 1.0));
    hold_quanta_ = frames_for_ms((double)state_.hold_ms, spec_.sample_rate_hz) / kQuantumFrames;
    expanding_ = !expander_.is_gate();
    expander_.update({(double)state_.range_db.value, attack_ms, release_ms});
}

// Of all coefficients those that move with the noise floor.
void NoiseGate::update_levels() {
    const double threshold_db = (double)state_.threshold_db.value + (double)state_.lift_db.value;
    open_level_ = (float)amplitude_from_db(threshold_db);
    close_level_ = (float)amplitude_from_db(threshold_db - (double)state_.hysteresis_db.value);
    expander_.set_threshold(threshold_db);
}

float NoiseGate::lift_wanted_db() const {
    if (!floor_.known()) return 0.0f;
    return within_lift((float)floor_.level_db() + state_.above_floor_db - state_.threshold_db.target);
}

// What moves between two quanta: the threshold with the noise floor, the parameters with their targets.
void NoiseGate::follow(float level) {
    if (state_.above_floor_db > 0.0f && floor_.listen(level)) lift_threshold();
    if (state_.moving != 0) tick();
}

void NoiseGate::lift_threshold() {
    const float wanted_db = lift_wanted_db();
    const float next_db = state_.lift_db.target + kLiftStepDb;
    state_.lift_db.target = wanted_db < next_db ? wanted_db : next_db;
    if (!state_.lift_db.settled()) state_.moving = 1;
}

void NoiseGate::tick() {
    Smoother* const levels[] = {&state_.threshold_db, &state_.lift_db, &state_.hysteresis_db, &state_.depth};
    const bool levels_settled = tick_all(levels, rate_);
    if (state_.shape_moving == 0) {
        update_levels();
    } else {
        Smoother* const shape[] = {&state_.range_db, &state_.attack_log2_ms, &state_.release_log2_ms};
        const bool expander_settled = expander_.tick(rate_);
        state_.shape_moving = tick_all(shape, rate_) && expander_settled ? 0 : 1;
        update_coefficients();
    }
    state_.moving = levels_settled && state_.shape_moving == 0 ? 0 : 1;
}

// Bit i: open after sample i. Sample by sample, open = reaches || (stays && open before): that is the carry of a
// binary addition, so one addition decides the whole quantum.
uint32_t NoiseGate::decide(const float* levels) {
    uint32_t reaches = 0;
    uint32_t stays = 0;
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 level = f32x4::load(levels + i);
        reaches |= lane_bits(level >= f32x4::splat(open_level_)) << i;
        stays |= lane_bits(level >= f32x4::splat(close_level_)) << i;
    }
    stays |= reaches;
    state_.quiet_quanta = stays != 0 ? 0 : state_.quiet_quanta + (state_.quiet_quanta < UINT32_MAX ? 1 : 0);
    if (state_.quiet_quanta <= hold_quanta_ && hold_quanta_ != 0) stays = kAllOpen;
    if (state_.depth.value == 0.0f) reaches = stays = kAllOpen;
    const uint32_t sum = stays + reaches + (state_.open & 1);
    const uint32_t carries = (sum ^ stays ^ reaches) >> 1;
    state_.open = (carries >> (kQuantumFrames - 1)) & 1;
    return carries & kAllOpen;
}

bool NoiseGate::switched_off() const {
    return state_.moving == 0 && state_.depth.value == 0.0f && state_.position >= 1.0f;
}

void NoiseGate::process(float* const* channels, uint32_t quanta) {
    for (uint32_t q = 0; q < quanta;) {
        if (switched_off()) {
            // Nothing is left of what was heard, so that switching on again starts like new.
            rest();
            state_.meter.add_idle(quanta - q);
            return;
        }
        // One at a time on the way to being off, which is noticed where it happens.
        const uint32_t most = state_.depth.target == 0.0f ? 1 : kMaxRunQuanta;
        const uint32_t run = quanta - q < most ? quanta - q : most;
        process_run(channels, q * kQuantumFrames, run);
        q += run;
    }
}

void NoiseGate::process_run(float* const* channels, uint32_t at, uint32_t quanta) {
    // All of them first: the window is not read while it is written.
    float first_levels[kMaxRunQuanta];
    for (uint32_t q = 0; q < quanta; ++q) {
        static_assert(kQuantumFrames == 16);
        const uint32_t from = at + q * kQuantumFrames;
        const f32x8 levels = linked_magnitude(channels, spec_.channels, from);
        first_levels[q] = levels.low().lane(0);
        hold_.note(q, horizontal_max(max(levels, linked_magnitude(channels, spec_.channels, from + 8))));
    }
    // Only what is asked here can set anything in motion.
    const bool steady = state_.moving == 0 && state_.above_floor_db == 0.0f;
    uint32_t open_quanta = 0;
    for (uint32_t q = 0; q < quanta; ++q) {
        if (!steady) follow(hold_.at_end(q));
        // What is held within a quantum only rises: where it begins it is least.
        const bool stays_open = state_.open != 0 && state_.position >= 1.0f &&
                                (first_levels[q] >= close_level_ || hold_.reached_before(q, close_level_));
        if (stays_open) {
            state_.quiet_quanta = 0;
            be_open();
            ++open_quanta;
        } else {
            if (open_quanta != 0) state_.meter.add_idle(open_quanta);
            open_quanta = 0;
            look_into(channels, at + q * kQuantumFrames, q);
        }
    }
    if (open_quanta != 0) state_.meter.add_idle(open_quanta);
    hold_.end_run(quanta);
}

void NoiseGate::be_open() {
    state_.position = 1.0f;
    state_.closed_gain = closed_gain_;
}

// Quantum q of a run, which may close the gate or finds it closed.
void NoiseGate::look_into(float* const* channels, uint32_t at, uint32_t q) {
    float levels[kQuantumFrames];
    linked_magnitude(channels, spec_.channels, at, kQuantumFrames, levels);
    hold_.look_into(q, levels, levels);
    const uint32_t opened = decide(levels);
    if (opened == kAllOpen && state_.position >= 1.0f) {
        be_open();
        state_.meter.add_idle(1);
        return;
    }
    const float closed_gain = expanding_ ? expanded_gain(levels[kQuantumFrames - 1]) : closed_gain_;
    process_quantum(channels, at, opened, closed_gain);
}

// Gain while closed, at the end of a quantum that ends at `level`.
float NoiseGate::expanded_gain(float level) {
    const bool afresh = state_.position >= 1.0f;
    const float gain = expander_.gain(level, afresh);
    // Fully open so far: there is no gain to come from.
    if (afresh) state_.closed_gain = gain;
    return gain;
}

void NoiseGate::process_quantum(float* const* channels, uint32_t at, uint32_t open, float closed_gain) {
    const f32x4 zero = f32x4::zero();
    const f32x4 one = f32x4::splat(1.0f);
    float positions[kQuantumFrames];
    if (open == kAllOpen || open == 0) {
        const f32x4 step = f32x4::splat(open != 0 ? rise_ : -fall_);
        f32x4 index = f32x4::set(1.0f, 2.0f, 3.0f, 4.0f);
        for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
            max(min(f32x4::splat(state_.position) + index * step, one), zero).store(positions + i);
            index += f32x4::splat(4.0f);
        }
    } else {
        float position = state_.position;
        for (uint32_t i = 0; i < kQuantumFrames; ++i) {
            position = ((open >> i) & 1) != 0 ? position + rise_ : position - fall_;
            position = position < 0.0f ? 0.0f : position > 1.0f ? 1.0f : position;
            positions[i] = position;
        }
    }
    state_.position = positions[kQuantumFrames - 1];

    const f32x4 closed_from = f32x4::splat(state_.closed_gain);
    const f32x4 closed_step = f32x4::splat((closed_gain - state_.closed_gain) * (1.0f / kQuantumFrames));
    state_.closed_gain = closed_gain;
    const f32x4 depth_from = f32x4::splat(state_.depth.previous);
    const f32x4 depth_step = f32x4::splat(state_.depth.increment());
    f32x4 index = f32x4::set(1.0f, 2.0f, 3.0f, 4.0f);
    f32x4 sum = zero;
    f32x4 least = one;
    f32x4 gain = one;
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 depth = (depth_from + index * depth_step) * (one - (closed_from + index * closed_step));
        // Written so that a position of one gives a gain of exactly one.
        gain = one - depth * (one - s_curve(f32x4::load(positions + i)));
        for (uint32_t c = 0; c < spec_.channels; ++c) {
            float* samples = channels[c] + at + i;
            (f32x4::load(samples) * gain).store(samples);
        }
        sum += gain;
        least = min(least, gain);
        index += f32x4::splat(4.0f);
    }
    state_.meter.add_gains(sum, least, gain.lane(3));
}

}  // namespace aim
