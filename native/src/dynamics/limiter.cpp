#include "dynamics/limiter.h"

#include <cstring>

namespace aim {
namespace {

// Half a period of 40 Hz: the gain stands still between the peaks of any tone above.
constexpr double kHoldMs = 12.5;
constexpr float kReductionFloor = 1e-9f;
// The gain is right to about 1e-7; aiming 8 millionths of a dB (2^-20) below the ceiling keeps rounding beneath it.
constexpr double kCeilingMargin = 1.0 - 1.0 / 1048576.0;
// The averages round up by this much, for the same reason.
constexpr double kReductionMargin = 1.0 + 1.0 / 2097152.0;
// The interpolator's error in the band, 0.014 dB: what it may read too low.
constexpr float kInterpolationError = 1.0017f;
// Higher than any sample can be after the input gain: no safeguard.
constexpr float kNoClamp = 1e30f;

// Largest power of two whose `count`-fold stays within 2^30: integer sums must not overflow.
double scale_for(uint32_t count) {
    double scale = 1073741824.0;
    while (scale * (double)count > 1073741824.0) scale *= 0.5;
    return scale;
}

// Towards zero after adding almost one: up, and zero stays zero.
i32x8 round_up(f32x8 x) { return truncate_to_i32(x + f32x8::splat(0.999f)); }

}  // namespace

uint32_t Limiter::lookahead_frames(float lookahead_ms, uint32_t sample_rate_hz) {
    const uint32_t frames = frames_for_ms((double)lookahead_ms, sample_rate_hz);
    return frames > TruePeakBound::delay_frames ? frames : TruePeakBound::delay_frames;
}

void Limiter::prepare(const Spec& spec, Arena& arena) {
    spec_ = spec;
    rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
    // A run is written before it is read.
    const uint32_t longest = lookahead_frames((float)kMaxLookaheadMs, spec.sample_rate_hz) + kMaxRunFrames;
    for (uint32_t c = 0; c < spec.channels; ++c) {
        audio_[c].prepare(longest, arena);
    }
    reductions_.prepare(longest, arena);
    averages_.prepare(longest, arena);
}

void Limiter::set_target(const Parameters& p) {
    state_.input_gain_db.target = p.input_gain_db;
    state_.threshold_db.target = p.threshold_db;
    state_.ceiling_db.target = p.ceiling_db;
    state_.release_log2_ms.target = (float)log2_f64((double)p.release_ms);
    state_.depth.target = p.enabled ? 1.0f : 0.0f;
    state_.target_lookahead_ms = p.lookahead_ms;
    state_.true_peak.target = p.true_peak ? 1.0f : 0.0f;
    state_.moving = 1;
}

void Limiter::reset() {
    const State old = state_;
    state_ = State{};
    state_.input_gain_db.snap(old.input_gain_db.target);
    state_.threshold_db.snap(old.threshold_db.target);
    state_.ceiling_db.snap(old.ceiling_db.target);
    state_.release_log2_ms.snap(old.release_log2_ms.target);
    state_.depth.snap(old.depth.target);
    state_.target_lookahead_ms = state_.lookahead_ms = old.target_lookahead_ms;
    state_.true_peak.snap(old.true_peak.target);
    hold_.reset();
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        audio_[c].clear();
        bound_[c].reset();
    }
    reductions_.clear();
    averages_.clear();
    update_timing();
    update_coefficients();
    state_.input_gain = input_gain_;
    state_.clamp_level = clamp_level_wanted();
}

void Limiter::update_timing() {
    // A state that was read is data from outside: keep the delay within what prepare() made room for.
    const float ms = state_.lookahead_ms;
    delay_frames_ = lookahead_frames(ms >= 0.0f && ms <= (float)kMaxLookaheadMs ? ms : (float)kMaxLookaheadMs,
                                     spec_.sample_rate_hz);
    // The reduction that a peak needs is known when its bound is: this long before it leaves the delay line.
    const uint32_t ahead = delay_frames_ - TruePeakBound::delay_frames;
    const uint32_t minimum_hold = frames_for_ms(kHoldMs, spec_.sample_rate_hz);
    const uint32_t hold = ahead > minimum_hold ? ahead : minimum_hold;
    hold_.set_window(hold);
    box_1_frames_ = (ahead + 2) / 2;
    box_2_frames_ = ahead + 2 - box_1_frames_;

    const double scale_1 = scale_for(box_1_frames_);
    const double scale_2 = scale_for(box_2_frames_);
    scale_1_ = (float)scale_1;
    scale_1_to_2_ = (float)(scale_2 / (scale_1 * (double)box_1_frames_));
    scale_2_to_reduction_ = (float)(kReductionMargin / (scale_2 * (double)box_2_frames_));
}

void Limiter::update_coefficients() {
    input_gain_ = (float)amplitude_from_db((double)state_.input_gain_db.value);
    const double ceiling = amplitude_from_db((double)state_.ceiling_db.value);
    const double aim = ceiling * kCeilingMargin;
    const double threshold = amplitude_from_db((double)state_.threshold_db.value);
    ceiling_ = (float)ceiling;
    threshold_ = (float)(threshold < aim ? threshold : aim);
    // The parabola that leaves the threshold with slope 1 and arrives at the ceiling with slope 0.
    knee_ = (float)(threshold < aim ? 2.0 * (aim - threshold) : 0.0);
    knee_scale_ = knee_ > 0.0f ? 0.5f / knee_ : 0.0f;
    const double release_ms = exp2_f64((double)state_.release_log2_ms.value);
    release_ = PolePowers::of(exp_f64(-1000.0 / (release_ms * (double)spec_.sample_rate_hz)));
}

void Limiter::tick() {
    Smoother* const smoothers[] = {&state_.input_gain_db,   &state_.threshold_db, &state_.ceiling_db,
                                   &state_.release_log2_ms, &state_.depth,        &state_.true_peak};
    const bool settled = tick_all(smoothers, rate_);
    update_coefficients();
    state_.moving = settled ? 0 : 1;
}

float Limiter::clamp_level_wanted() const { return state_.depth.value == 1.0f ? ceiling_ : kNoClamp; }

// What is in the delay line was measured against the ceiling of its time.
void Limiter::follow_clamp_level() {
    const float wanted = clamp_level_wanted();
    if (wanted >= state_.clamp_level) {
        state_.clamp_level = wanted;
        return;
    }
    if (state_.moving != 0) {
        state_.clamp_wait_quanta = delay_frames_ / kQuantumFrames + 2;
    } else if (state_.clamp_wait_quanta != 0) {
        --state_.clamp_wait_quanta;
    } else {
        state_.clamp_level = wanted;
    }
}

void Limiter::apply_input_gain(float* const* channels, uint32_t at, uint32_t frames) {
    const float from = state_.input_gain;
    const float step = (input_gain_ - from) * (1.0f / kQuantumFrames);
    state_.input_gain = input_gain_;
    if (step == 0.0f && from == 1.0f) return;
    float gains[kMaxRunFrames];
    f32x8 index = one_to_eight();
    for (uint32_t i = 0; i < frames; i += 8) {
        (f32x8::splat(from) + index * f32x8::splat(step)).store(gains + i);
        index += f32x8::splat(8.0f);
    }
    apply_gains(channels, spec_.channels, at, frames, gains);
}

// Level i belongs to the sample TruePeakBound::delay_frames before sample i, in both modes. Returns the highest.
float Limiter::detect(float* const* channels, uint32_t at, uint32_t quanta, float* levels) {
    const float amount = state_.true_peak.value;
    f32x8 highest = f32x8::zero();
    const float worth_a_look = amount != 0.0f ? threshold_ / kInterpolationError : kNoClamp;
    float peaks[kMaxRunFrames];
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        audio_[c].write_run(state_.quantum, channels[c] + at, quanta);
        bound_[c].process(channels[c] + at, quanta, peaks, worth_a_look);
        for (uint32_t q = 0; q < quanta; ++q) {
            const float* delayed = audio_[c].read(state_.quantum + q, TruePeakBound::delay_frames);
            for (uint32_t j = 0; j < kQuantumFrames; j += 8) {
                const uint32_t i = q * kQuantumFrames + j;
                f32x8 level = abs(f32x8::load(delayed + j));
                if (amount != 0.0f) {
                    const f32x8 peak = f32x8::load(peaks + i) * f32x8::splat(kInterpolationError);
                    level = level + f32x8::splat(amount) * max(peak - level, f32x8::zero());
                }
                if (c != 0) level = max(level, f32x8::load(levels + i));
                highest = max(highest, level);
                level.store(levels + i);
            }
        }
    }
    return horizontal_max(highest);
}

// Levels become reductions, 1 - gain.
void Limiter::wanted_reduction(float* levels, uint32_t frames) const {
    const f32x8 threshold = f32x8::splat(threshold_);
    const f32x8 depth = f32x8::splat(state_.depth.value);
    for (uint32_t i = 0; i < frames; i += 8) {
        const f32x8 level = max(f32x8::load(levels + i), threshold);
        const f32x8 over = level - threshold;
        const f32x8 in_knee = min(over, f32x8::splat(knee_));
        const f32x8 excess = in_knee * in_knee * f32x8::splat(knee_scale_) + (over - in_knee);
        (depth * (excess / level)).store(levels + i);
    }
}

// Nothing held, nothing fading; and sums of what is never negative say that both averages hold nothing but zeros.
bool Limiter::at_rest() const {
    return state_.held == 0.0f && state_.released == 0.0f && state_.sum_1 == 0 && state_.sum_2 == 0;
}

// Whether no level of a run, its input gain applied, can reach the threshold.
bool Limiter::stays_below(const float* const* channels, uint32_t at, uint32_t quanta) const {
    const bool between = state_.true_peak.value != 0.0f;
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        const float* const samples = channels[c] + at;
        const bool stays = between ? bound_[c].stays_below(samples, quanta, quiet_level())
                                   : bound_[c].peak(samples, quanta) <= threshold_;
        if (!stays) return false;
    }
    return true;
}

// Of bounds: below the threshold by more than rounding could add to a level.
float Limiter::quiet_level() const { return threshold_ * ((1.0f - 1e-5f) / kInterpolationError); }

// Such a run: it goes through the delay line unlooked at.
void Limiter::pass(float* const* channels, uint32_t at, uint32_t quanta) {
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        float* const samples = channels[c] + at;
        bound_[c].skip(samples, quanta, quiet_level());
        audio_[c].write_run(state_.quantum, samples, quanta);
        audio_[c].read_run(state_.quantum, delay_frames_, samples, quanta);
    }
}

// The gain is one, and what leaves the delay line was below the threshold.
void Limiter::rest(uint32_t quanta) {
    write_nothing(quanta);
    state_.meter.add_idle(quanta);
}

// The averages' delay lines hold nothing but zeros; this keeps them that way.
void Limiter::write_nothing(uint32_t quanta) {
    const int32_t nothing[kQuantumFrames] = {};
    for (uint32_t q = 0; q < quanta && quanta_of_nothing_ < reductions_.capacity_quanta(); ++q) {
        reductions_.write(state_.quantum + q, nothing);
        averages_.write(state_.quantum + q, nothing);
        ++quanta_of_nothing_;
    }
}

// One quantum; `released` and what is returned are the newest in every lane.
f32x4 Limiter::release(float* held, f32x4 released) const {
    for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
        const f32x8 each = scan_decay(f32x8::load(held + i), released, release_);
        released = broadcast<3>(each.high());
        each.store(held + i);
    }
    return keep(released > f32x4::splat(kReductionFloor), released);
}

// One quantum of a running mean over box_frames; returns the sum at its end.
int32_t Limiter::average_quantum(QuantumRing<int32_t>& ring, uint32_t quantum, uint32_t box_frames, int32_t sum,
                                 const int32_t* fresh, float scale, float* averages) const {
    ring.write(quantum, fresh);
    const int32_t* leaving = ring.read(quantum, box_frames);
    i32x4 last = i32x4::splat(sum);
    const auto add_four = [&](uint32_t i) {
        i32x4 change = i32x4::load(fresh + i) - i32x4::load(leaving + i);
        change = change + lanes_up_1(change);
        change = change + lanes_up_2(change);
        const i32x4 sums = last + change;
        last = broadcast<3>(sums);
        return sums;
    };
    // Stored as they are read next: a load of eight waits for two stores of four.
    for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
        const i32x4 first = add_four(i);
        (to_f32(i32x8::join(first, add_four(i + 4))) * f32x8::splat(scale)).store(averages + i);
    }
    return last.lane(0);
}

// What is held becomes gains. Quantum by quantum: while the averages of one wait for each other, the next is released.
void Limiter::smooth(float* held, uint32_t quanta) {
    f32x4 released = f32x4::splat(state_.released);
    for (uint32_t q = 0; q < quanta; ++q) {
        float* values = held + q * kQuantumFrames;
        released = release(values, released);
        const uint32_t quantum = state_.quantum + q;
        int32_t fresh[kQuantumFrames];
        for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
            round_up(f32x8::load(values + i) * f32x8::splat(scale_1_)).store(fresh + i);
        }
        state_.sum_1 = average_quantum(reductions_, quantum, box_1_frames_, state_.sum_1, fresh, scale_1_to_2_, values);
        for (uint32_t i = 0; i < kQuantumFrames; i += 8) round_up(f32x8::load(values + i)).store(fresh + i);
        state_.sum_2 =
            average_quantum(averages_, quantum, box_2_frames_, state_.sum_2, fresh, scale_2_to_reduction_, values);

        f32x4 sum = f32x4::zero();
        f32x8 least = f32x8::splat(1.0f);
        for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
            const f32x8 gain = max(f32x8::splat(1.0f) - f32x8::load(values + i), f32x8::zero());
            add_up(sum, {gain});
            least = min(least, gain);
            gain.store(values + i);
        }
        state_.meter.add_gains(sum, min(least.low(), least.high()), values[kQuantumFrames - 1]);
    }
    state_.released = released.lane(3);
}

void Limiter::delay(float* const* channels, uint32_t at, uint32_t quanta) {
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        for (uint32_t q = 0; q < quanta; ++q) {
            std::memcpy(channels[c] + at + q * kQuantumFrames, audio_[c].read(state_.quantum + q, delay_frames_),
                        kQuantumFrames * sizeof(float));
        }
    }
}

void Limiter::clamp(float* const* channels, uint32_t at, uint32_t quanta) {
    const f32x8 highest = f32x8::splat(state_.clamp_level);
    const f32x8 lowest = f32x8::splat(-state_.clamp_level);
    i32x8 counts = i32x8::splat(0);
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        float* samples = channels[c] + at;
        for (uint32_t i = 0; i < quanta * kQuantumFrames; i += 8) {
            const f32x8 x = f32x8::load(samples + i);
            // A comparison's lanes are -1: subtracting counts.
            counts = counts - (abs(x) > highest);
            max(min(x, highest), lowest).store(samples + i);
        }
    }
    const i32x4 beyond = counts.low() + counts.high();
    state_.clamped_samples += (uint64_t)(beyond.lane(0) + beyond.lane(1) + beyond.lane(2) + beyond.lane(3));
}

void Limiter::process(float* const* channels, uint32_t quanta) {
    for (uint32_t q = 0; q < quanta;) {
        if (state_.moving != 0) tick();
        follow_clamp_level();
        // While anything changes from quantum to quantum, one at a time.
        const uint32_t left = quanta - q < kMaxRunQuanta ? quanta - q : kMaxRunQuanta;
        const uint32_t run = state_.moving != 0 || clamp_level_wanted() != state_.clamp_level ? 1 : left;
        process_run(channels, q * kQuantumFrames, run);
        state_.quantum += run;
        q += run;
    }
}

void Limiter::process_run(float* const* channels, uint32_t at, uint32_t quanta) {
    const uint32_t frames = quanta * kQuantumFrames;
    float work[kMaxRunFrames];
    apply_input_gain(channels, at, frames);
    if (stays_below(channels, at, quanta)) {
        pass(channels, at, quanta);
        if (at_rest()) {
            rest(quanta);
            return;
        }
        // What was before still fades.
        std::memset(work, 0, frames * sizeof(float));
    } else {
        const float highest = detect(channels, at, quanta, work);
        delay(channels, at, quanta);
        if (highest <= threshold_ && at_rest()) {
            rest(quanta);
            return;
        }
        wanted_reduction(work, frames);
    }
    quanta_of_nothing_ = 0;
    state_.held = hold_.process(work, work, quanta);
    smooth(work, quanta);
    apply_gains(channels, spec_.channels, at, frames, work);
    clamp(channels, at, quanta);
}

}  // namespace aim
