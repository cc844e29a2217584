#include "dynamics/limiter.h"

namespace aim {
namespace {

// Half a period of 40 Hz: the gain stands still between the peaks of any tone above.
constexpr double kHoldMs = 12.5;
constexpr float kReductionFloor = 1e-9f;
// The gain is right to about 1e-7; aiming 8 millionths of a dB (2^-20) below the ceiling keeps rounding beneath it.
constexpr double kCeilingMargin = 1.0 - 1.0 / 1048576.0;
// The averages round up by this much, for the same reason.
constexpr double kReductionMargin = 1.0 + 1.0 / 2097152.0;
// Higher than any sample can be after the input gain: no safeguard.
constexpr float kNoClamp = 1e30f;

// Largest power of two whose `count`-fold stays within 2^30: integer sums must not overflow.
double scale_for(uint32_t count) {
    double scale = 1073741824.0;
    while (scale * (double)count > 1073741824.0) scale *= 0.5;
    return scale;
}

// Towards zero after adding almost one: up, and zero stays zero.
i32x4 round_up(f32x4 x) { return truncate_to_i32(x + f32x4::splat(0.999f)); }

}  // namespace

uint32_t Limiter::lookahead_frames(float lookahead_ms, uint32_t sample_rate_hz) {
    const uint32_t frames = frames_for_ms((double)lookahead_ms, sample_rate_hz);
    return frames > TruePeakBound::delay_frames ? frames : TruePeakBound::delay_frames;
}

void Limiter::prepare(const Spec& spec, Arena& arena) {
    spec_ = spec;
    rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
    const uint32_t longest = lookahead_frames((float)kMaxLookaheadMs, spec.sample_rate_hz);
    for (uint32_t c = 0; c < spec.channels; ++c) {
        audio_[c].prepare(longest, arena);
        bound_[c].prepare(spec);
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
    state_.true_peak = p.true_peak ? 1 : 0;
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
    state_.true_peak = old.true_peak;
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
    state_.clamp_level = state_.depth.value == 1.0f ? ceiling_ : kNoClamp;
    state_.idle_quanta = empty_after_quanta_;
}

void Limiter::update_timing() {
    // A state that was read is data from outside: keep the delay within what prepare() made room for.
    const float ms = state_.lookahead_ms;
    delay_frames_ =
        lookahead_frames(ms >= 0.0f && ms <= (float)kMaxLookaheadMs ? ms : (float)kMaxLookaheadMs, spec_.sample_rate_hz);
    // The reduction that a peak needs is known when its bound is: this long before it leaves the delay line.
    const uint32_t ahead = delay_frames_ - TruePeakBound::delay_frames;
    const uint32_t minimum_hold = frames_for_ms(kHoldMs, spec_.sample_rate_hz);
    const uint32_t hold = ahead > minimum_hold ? ahead : minimum_hold;
    hold_.set_window(hold);
    box_1_frames_ = (ahead + 2) / 2;
    box_2_frames_ = ahead + 2 - box_1_frames_;
    empty_after_quanta_ = (box_1_frames_ + box_2_frames_) / kQuantumFrames + 2;

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
    Smoother* const smoothers[] = {&state_.input_gain_db, &state_.threshold_db, &state_.ceiling_db,
                                   &state_.release_log2_ms, &state_.depth};
    bool settled = true;
    for (Smoother* smoother : smoothers) {
        smoother->tick(rate_);
        settled = settled && smoother->settled();
    }
    update_coefficients();
    state_.moving = settled ? 0 : 1;
}

// What is in the delay line was measured against the ceiling of its time.
void Limiter::follow_clamp_level() {
    const float wanted = state_.depth.value == 1.0f ? ceiling_ : kNoClamp;
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

void Limiter::apply_input_gain(float* const* channels, uint32_t at) {
    const float from = state_.input_gain;
    const float step = (input_gain_ - from) * (1.0f / kQuantumFrames);
    state_.input_gain = input_gain_;
    if (step == 0.0f && from == 1.0f) return;
    f32x4 index = f32x4::set(1.0f, 2.0f, 3.0f, 4.0f);
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 gain = f32x4::splat(from) + index * f32x4::splat(step);
        for (uint32_t c = 0; c < spec_.channels; ++c) {
            float* samples = channels[c] + at + i;
            (f32x4::load(samples) * gain).store(samples);
        }
        index += f32x4::splat(4.0f);
    }
}

// Level i belongs to the sample TruePeakBound::delay_frames before sample i, in both modes.
void Limiter::detect(float* const* channels, uint32_t at, float* levels) {
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        const float* samples = channels[c] + at;
        audio_[c].write(state_.quantum, samples);
        const float* delayed = audio_[c].read(state_.quantum, TruePeakBound::delay_frames);
        float peaks[kQuantumFrames];
        bound_[c].process_quantum(samples, peaks, state_.true_peak != 0 ? threshold_ : kNoClamp);
        for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
            f32x4 level = abs(f32x4::load(delayed + i));
            if (state_.true_peak != 0) level = max(level, f32x4::load(peaks + i));
            if (c != 0) level = max(level, f32x4::load(levels + i));
            level.store(levels + i);
        }
    }
}

// Levels become reductions, 1 - gain. False when none is wanted.
bool Limiter::wanted_reduction(float* levels) const {
    const f32x4 zero = f32x4::zero();
    const f32x4 threshold = f32x4::splat(threshold_);
    f32x4 highest = zero;
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) highest = max(highest, f32x4::load(levels + i));
    const bool wanted = horizontal_max(highest) > threshold_ && state_.depth.value != 0.0f;
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        if (!wanted) {
            zero.store(levels + i);
            continue;
        }
        const f32x4 level = max(f32x4::load(levels + i), threshold);
        const f32x4 over = level - threshold;
        const f32x4 in_knee = min(over, f32x4::splat(knee_));
        const f32x4 excess = in_knee * in_knee * f32x4::splat(knee_scale_) + (over - in_knee);
        (f32x4::splat(state_.depth.value) * (excess / level)).store(levels + i);
    }
    return wanted;
}

void Limiter::smooth(const float* held, float* gains) {
    int32_t wanted[kQuantumFrames];
    f32x4 released = f32x4::splat(state_.released);
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        released = scan_decay(f32x4::load(held + i), broadcast<3>(released), release_);
        round_up(released * f32x4::splat(scale_1_)).store(wanted + i);
    }
    const float last = released.lane(3);
    state_.released = last > kReductionFloor ? last : 0.0f;

    reductions_.write(state_.quantum, wanted);
    const int32_t* leaving_1 = reductions_.read(state_.quantum, box_1_frames_);
    int32_t averages[kQuantumFrames];
    i32x4 sum = i32x4::splat(state_.sum_1);
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        i32x4 change = i32x4::load(wanted + i) - i32x4::load(leaving_1 + i);
        change = change + lanes_up_1(change);
        change = change + lanes_up_2(change);
        const i32x4 sums = sum + change;
        round_up(to_f32(sums) * f32x4::splat(scale_1_to_2_)).store(averages + i);
        sum = broadcast<3>(sums);
    }
    state_.sum_1 = sum.lane(0);

    averages_.write(state_.quantum, averages);
    const int32_t* leaving_2 = averages_.read(state_.quantum, box_2_frames_);
    sum = i32x4::splat(state_.sum_2);
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        i32x4 change = i32x4::load(averages + i) - i32x4::load(leaving_2 + i);
        change = change + lanes_up_1(change);
        change = change + lanes_up_2(change);
        const i32x4 sums = sum + change;
        const f32x4 reduction = to_f32(sums) * f32x4::splat(scale_2_to_reduction_);
        max(f32x4::splat(1.0f) - reduction, f32x4::zero()).store(gains + i);
        sum = broadcast<3>(sums);
    }
    state_.sum_2 = sum.lane(0);
}

void Limiter::apply(float* const* channels, uint32_t at, const float* gains) {
    const f32x4 highest = f32x4::splat(state_.clamp_level);
    const f32x4 lowest = f32x4::splat(-state_.clamp_level);
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        const float* delayed = audio_[c].read(state_.quantum, delay_frames_);
        i32x4 beyond = i32x4::splat(0);
        for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
            f32x4 x = f32x4::load(delayed + i);
            if (gains != nullptr) x = x * f32x4::load(gains + i);
            // A comparison's lanes are -1: subtracting counts.
            beyond = beyond - (abs(x) > highest);
            max(min(x, highest), lowest).store(channels[c] + at + i);
        }
        state_.clamped_samples +=
            (uint64_t)(beyond.lane(0) + beyond.lane(1) + beyond.lane(2) + beyond.lane(3));
    }
}

void Limiter::process(float* const* channels, uint32_t quanta) {
    for (uint32_t q = 0; q < quanta; ++q) {
        if (state_.moving != 0) tick();
        follow_clamp_level();
        process_quantum(channels, q * kQuantumFrames);
        ++state_.quantum;
    }
}

void Limiter::process_quantum(float* const* channels, uint32_t at) {
    float levels[kQuantumFrames];
    apply_input_gain(channels, at);
    detect(channels, at, levels);
    const bool wanted = wanted_reduction(levels);
    hold_.process(levels, levels);
    const bool active = wanted || hold_.window_maximum() != 0.0f || state_.released != 0.0f;
    state_.idle_quanta = active ? 0 : state_.idle_quanta + (state_.idle_quanta < empty_after_quanta_ ? 1 : 0);
    if (state_.idle_quanta >= empty_after_quanta_) {
        // Both averages hold nothing but zeros; keep the delay lines that way.
        const int32_t nothing[kQuantumFrames] = {};
        reductions_.write(state_.quantum, nothing);
        averages_.write(state_.quantum, nothing);
        apply(channels, at, nullptr);
        state_.meter.add_idle(1);
        return;
    }

    float gains[kQuantumFrames];
    smooth(levels, gains);
    apply(channels, at, gains);
    f32x4 sum = f32x4::zero();
    f32x4 least = f32x4::splat(1.0f);
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 gain = f32x4::load(gains + i);
        sum += gain;
        least = min(least, gain);
    }
    state_.meter.add_gains(sum, least, gains[kQuantumFrames - 1]);
}

}  // namespace aim
