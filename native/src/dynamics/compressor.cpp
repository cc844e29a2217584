#include "dynamics/compressor.h"

#include "base/ramp.h"

namespace aim {
namespace {

// One period of 1 kHz: shorter would let the detector sag between the peaks of a tone and read it 0.06 dB low.
constexpr double kHoldMs = 1.0;
// -200 dBFS: keeps the logarithm away from zero, far below any threshold.
constexpr float kLevelFloor = 1e-10f;
// Reductions below this (6e-9 dB) are zero: a gain of exactly one, and no denormals.
constexpr float kReductionFloor = 1e-9f;

double pole_for_ms(double ms, uint32_t sample_rate_hz) { return exp_f64(-1000.0 / (ms * (double)sample_rate_hz)); }

}  // namespace

void Compressor::prepare(const Spec& spec) {
    spec_ = spec;
    rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
    hold_.set_window(frames_for_ms(kHoldMs, spec.sample_rate_hz));
    side_chain_.prepare(spec);
}

void Compressor::set_target(const Parameters& p) {
    state_.threshold_octaves.target = (float)((double)p.threshold_db * kOctavesPerDb);
    state_.slope.target = p.enabled ? (float)(1.0 - 1.0 / (double)p.ratio) : 0.0f;
    state_.knee_octaves.target = (float)((double)p.knee_db * kOctavesPerDb);
    state_.makeup_octaves.target = p.enabled ? (float)((double)p.makeup_db * kOctavesPerDb) : 0.0f;
    state_.attack_log2_ms.target = (float)log2_f64((double)p.attack_ms);
    state_.release_log2_ms.target = (float)log2_f64((double)p.release_ms);
    state_.wet.target = (float)((double)p.wet_percent / 100.0);
    side_chain_.set_target(p.side_chain_hz);
    state_.moving = 1;
}

void Compressor::reset() {
    const State old = state_;
    state_ = State{};
    state_.threshold_octaves.snap(old.threshold_octaves.target);
    state_.slope.snap(old.slope.target);
    state_.knee_octaves.snap(old.knee_octaves.target);
    state_.makeup_octaves.snap(old.makeup_octaves.target);
    state_.attack_log2_ms.snap(old.attack_log2_ms.target);
    state_.release_log2_ms.snap(old.release_log2_ms.target);
    state_.wet.snap(old.wet.target);
    hold_.reset();
    side_chain_.reset();
    update_coefficients();
}

void Compressor::update_coefficients() {
    curve_.set_knee(state_.knee_octaves.value);
    attack_ = PolePowers::of(pole_for_ms(exp2_f64((double)state_.attack_log2_ms.value), spec_.sample_rate_hz));
    release_ = PolePowers::of(pole_for_ms(exp2_f64((double)state_.release_log2_ms.value), spec_.sample_rate_hz));
}

void Compressor::tick() {
    Smoother* const smoothers[] = {
        &state_.threshold_octaves, &state_.slope,           &state_.knee_octaves, &state_.makeup_octaves,
        &state_.attack_log2_ms,    &state_.release_log2_ms, &state_.wet};
    const bool settled = tick_all(smoothers, rate_);
    update_coefficients();
    state_.moving = settled ? 0 : 1;
}

// Nothing wanted and nothing on the way; what is left of the last reduction may still be fading.
bool Compressor::switched_off() const {
    return state_.moving == 0 && state_.slope.value == 0.0f && state_.makeup_octaves.value == 0.0f;
}

// Nothing of it is in the mix, whatever it does.
bool Compressor::unheard() const { return state_.moving == 0 && state_.wet.value == 0.0f; }

// Nothing is left of what was heard, so that switching on again starts like new.
void Compressor::rest() {
    state_.released = state_.smoothed = 0.0f;
    hold_.reset();
    side_chain_.rest();
}

void Compressor::process(float* const* channels, uint32_t quanta) {
    for (uint32_t q = 0; q < quanta;) {
        if (state_.moving != 0) tick();
        if (unheard() || (switched_off() && state_.released == 0.0f && state_.smoothed == 0.0f)) {
            rest();
            state_.meter.add_idle(quanta - q);
            return;
        }
        // While anything changes from quantum to quantum, one at a time.
        const uint32_t left = quanta - q < kMaxRunQuanta ? quanta - q : kMaxRunQuanta;
        const uint32_t run = state_.moving != 0 || switched_off() ? 1 : left;
        process_run(channels, q * kQuantumFrames, run);
        q += run;
    }
}

void Compressor::process_run(float* const* channels, uint32_t at, uint32_t quanta) {
    const uint32_t frames = quanta * kQuantumFrames;
    float work[kMaxRunFrames];
    if (side_chain_.absent()) {
        linked_magnitude(channels, spec_.channels, at, frames, work);
    } else {
        side_chain_.levels(channels, at, quanta, work);
    }
    hold_.process(work, work, quanta);
    wanted_reduction(work, frames);
    const bool all_wet = state_.wet.previous == 1.0f && state_.wet.value == 1.0f;
    GainReductionMeter::Run reductions;
    smooth(work, quanta, reductions);
    if (all_wet) {
        gains_of(work, frames);
    } else {
        mixed_gains_of(work, quanta);
        what_is_left(reductions, quanta);
    }
    state_.meter.add(reductions, quanta);
    apply_gains(channels, spec_.channels, at, frames, work);
}

// Reductions, in octaves, become gains.
void Compressor::gains_of(float* reductions, uint32_t frames) const {
    const f32x8 makeup = f32x8::splat(state_.makeup_octaves.previous);
    const f32x8 makeup_step = f32x8::splat(state_.makeup_octaves.increment());
    f32x8 index = one_to_eight();
    for (uint32_t i = 0; i < frames; i += 8) {
        exp2(makeup + index * makeup_step - f32x8::load(reductions + i)).store(reductions + i);
        index += f32x8::splat(8.0f);
    }
}

// The same with the input mixed in.
void Compressor::mixed_gains_of(float* reductions, uint32_t quanta) const {
    const f32x8 one = f32x8::splat(1.0f);
    // A run is longer than a quantum only while nothing moves.
    const Ramp lift = Ramp::from(state_.makeup_octaves.previous, state_.makeup_octaves.increment());
    const Ramp wet = Ramp::from(state_.wet.previous, state_.wet.increment());
    for (uint32_t q = 0; q < quanta; ++q) {
        for (uint32_t j = 0; j < 2; ++j) {
            float* const values = reductions + q * kQuantumFrames + 8 * j;
            (one + wet.frames[j] * (exp2(lift.frames[j] - f32x8::load(values)) - one)).store(values);
        }
    }
}

// Reductions of the compressed signal become those of the mix: against the mix without any reduction.
void Compressor::what_is_left(GainReductionMeter::Run& run, uint32_t quanta) const {
    const f32x8 one = f32x8::splat(1.0f);
    const f32x8 lift = f32x8::splat(state_.makeup_octaves.value);
    const f32x8 wet = f32x8::splat(state_.wet.value);
    const f32x8 without_reduction = one + wet * (exp2(lift) - one);
    const auto left_of = [&](f32x8 reductions) {
        const f32x8 mix = one + wet * (exp2(lift - reductions) - one);
        const f32x8 left = max(min(mix / without_reduction, one), f32x8::splat(kLevelFloor));
        return f32x8::zero() - log2(left);
    };
    for (uint32_t i = quanta; i % 8 != 0; ++i) run.mean[i] = 0.0f;
    for (uint32_t i = 0; i < quanta; i += 8) left_of(f32x8::load(run.mean + i)).store(run.mean + i);
    // Of these only the largest and the newest are read.
    float largest = 0.0f;
    for (uint32_t q = 0; q < quanta; ++q) largest = run.largest[q] > largest ? run.largest[q] : largest;
    const f32x8 left = left_of(f32x8::join(f32x4::splat(largest), f32x4::splat(run.last[quanta - 1])));
    for (uint32_t q = 0; q < quanta; ++q) run.largest[q] = left.low().lane(0);
    run.last[quanta - 1] = left.high().lane(0);
}

// Levels become reductions, in octaves.
void Compressor::wanted_reduction(float* levels, uint32_t frames) const {
    const f32x8 threshold = f32x8::splat(state_.threshold_octaves.previous);
    const f32x8 threshold_step = f32x8::splat(state_.threshold_octaves.increment());
    const f32x8 slope = f32x8::splat(state_.slope.previous);
    const f32x8 slope_step = f32x8::splat(state_.slope.increment());
    f32x8 index = one_to_eight();
    for (uint32_t i = 0; i < frames; i += 8) {
        const f32x8 level = log2(max(f32x8::load(levels + i), f32x8::splat(kLevelFloor)));
        curve_.reduction(level, threshold + index * threshold_step, slope + index * slope_step).store(levels + i);
        index += f32x8::splat(8.0f);
    }
}

void Compressor::smooth(float* reductions, uint32_t quanta, GainReductionMeter::Run& metered) {
    const f32x8 attack_input = f32x8::splat(1.0f - attack_.a);
    // The newest in every lane.
    f32x4 released = f32x4::splat(state_.released);
    f32x4 smoothed = f32x4::splat(state_.smoothed);
    for (uint32_t q = 0; q < quanta; ++q) {
        float* values = reductions + q * kQuantumFrames;
        f32x4 sum = f32x4::zero();
        f32x8 largest = f32x8::zero();
        for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
            const f32x8 after_release = scan_decay(f32x8::load(values + i), released, release_);
            const f32x8 after_attack = scan_linear(after_release * attack_input, smoothed, attack_);
            released = broadcast<3>(after_release.high());
            smoothed = broadcast<3>(after_attack.high());
            add_up(sum, {after_attack});
            largest = max(largest, after_attack);
            after_attack.store(values + i);
        }
        metered.mean[q] = horizontal_sum(sum) * (1.0f / kQuantumFrames);
        metered.largest[q] = horizontal_max(largest);
        metered.last[q] = smoothed.lane(3);
        released = keep(released > f32x4::splat(kReductionFloor), released);
        smoothed = keep(smoothed > f32x4::splat(kReductionFloor), smoothed);
    }
    state_.released = released.lane(3);
    state_.smoothed = smoothed.lane(3);
}

// ------------------------------------------------------------------------------------------------- lockstep

uint32_t Compressor::lockstep_key() const {
    const bool steady = state_.moving == 0 && state_.slope.value != 0.0f && state_.wet.value == 1.0f;
    const bool fits = hold_.window_quanta() <= PeakHold::kMaxLockstepWindow;
    return steady && fits && side_chain_.absent() ? hold_.window_quanta() : 0;
}

// As process_run() when nothing moves and all is wet, in one pass: what streams wait for is each other's company, not
// their own recurrences.
template <class V>
void Compressor::process_lockstep(Compressor* const* streams, LockstepRun<V>& run) {
    using Q = Quad<V>;
    constexpr uint32_t kStep = 4 * V::kLanes;
    constexpr uint32_t kQuantum = kQuantumFrames * V::kLanes;
    const uint32_t count = run.streams();
    const uint32_t quanta = run.quanta();
    const uint32_t key = streams[0]->lockstep_key();
    for (uint32_t s = 0; s < count; ++s) {
        if (key != 0 && streams[s]->lockstep_key() == key) continue;
        run.each_alone([&](uint32_t t, float* const* channels, uint32_t n) { streams[t]->process(channels, n); });
        return;
    }
    const auto gathered = [&](auto number_of) {
        return across<V>(count, [&](uint32_t s) { return number_of(*streams[s]); });
    };
    const auto poles = [&](PolePowers Compressor::*pole) {
        return PolePowersOf<V>{gathered([&](const Compressor& c) { return (c.*pole).a; }),
                               gathered([&](const Compressor& c) { return (c.*pole).a_2; }),
                               gathered([&](const Compressor& c) { return (c.*pole).a_3; }),
                               gathered([&](const Compressor& c) { return (c.*pole).a_4; })};
    };
    const PolePowersOf<V> attack = poles(&Compressor::attack_);
    const PolePowersOf<V> release = poles(&Compressor::release_);
    const GainCurveOf<V> curve{gathered([](const Compressor& c) { return c.curve_.half_knee; }),
                               gathered([](const Compressor& c) { return c.curve_.knee_scale; }),
                               gathered([](const Compressor& c) { return c.curve_.knee; })};
    const V threshold = gathered([](const Compressor& c) { return c.state_.threshold_octaves.value; });
    const V slope = gathered([](const Compressor& c) { return c.state_.slope.value; });
    const V makeup = gathered([](const Compressor& c) { return c.state_.makeup_octaves.value; });
    const V attack_input = V::splat(1.0f) - attack.a;
    V released = gathered([](const Compressor& c) { return c.state_.released; });
    V smoothed = gathered([](const Compressor& c) { return c.state_.smoothed; });

    run.to_lanes();
    const auto level_of = [&run](uint32_t frame) {
        const V level = abs(V::load(run.lanes(0) + frame * V::kLanes));
        return run.channels() == 2 ? max(level, abs(V::load(run.lanes(1) + frame * V::kLanes))) : level;
    };
    PeakHold* holds[V::kLanes] = {};
    for (uint32_t s = 0; s < count; ++s) holds[s] = &streams[s]->hold_;
    alignas(32) float running[kMaxRunFrames * V::kLanes];
    V before[kMaxRunQuanta];
    PeakHold::process_lockstep<V>(holds, count, level_of, running, before, quanta);

    struct Metered {
        alignas(32) float mean[V::kLanes];
        float largest[V::kLanes];
        float last[V::kLanes];
    };
    Metered metered[kMaxRunQuanta];
    for (uint32_t q = 0; q < quanta; ++q) {
        Q sum = Q::zero();
        Q largest = Q::zero();
        const Q quietest = Q::splat(max(before[q], V::splat(kLevelFloor)));
        for (uint32_t i = q * kQuantum; i < (q + 1) * kQuantum; i += kStep) {
            const Q level = log2(max(Q::load(running + i), quietest));
            const Q wanted = curve.template reduction<Q>(level, Q::splat(threshold), Q::splat(slope));
            const Q after_release = scan_decay(wanted, Q::splat(released), release);
            const Q after_attack = scan_linear(after_release * Q::splat(attack_input), Q::splat(smoothed), attack);
            released = after_release.frame[3];
            smoothed = after_attack.frame[3];
            sum = sum + after_attack;
            largest = max(largest, after_attack);
            const Q gain = exp2(Q::splat(makeup) - after_attack);
            for (uint32_t c = 0; c < run.channels(); ++c) {
                float* const samples = run.lanes(c) + i;
                (Q::load(samples) * gain).store(samples);
            }
        }
        (horizontal_sum(sum) * V::splat(1.0f / kQuantumFrames)).store(metered[q].mean);
        horizontal_max(largest).store(metered[q].largest);
        smoothed.store(metered[q].last);
        released = keep(released > V::splat(kReductionFloor), released);
        smoothed = keep(smoothed > V::splat(kReductionFloor), smoothed);
    }
    apart(released, count, [&](uint32_t s, float x) { streams[s]->state_.released = x; });
    apart(smoothed, count, [&](uint32_t s, float x) { streams[s]->state_.smoothed = x; });
    for (uint32_t s = 0; s < count; ++s) {
        GainReductionMeter& meter = streams[s]->state_.meter;
        for (uint32_t q = 0; q < quanta; ++q) meter.add(metered[q].mean[s], metered[q].largest[s], metered[q].last[s]);
    }
}

template void Compressor::process_lockstep(Compressor* const*, LockstepRun<StreamLanes>&);

}  // namespace aim
