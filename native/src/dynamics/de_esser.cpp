#include "dynamics/de_esser.h"

#include <cstring>

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
    state_.shelf = SectionState{};
    state_.awake = 0;
    state_.power = 0.0f;
    state_.level = 0.0f;
    history_.reset();
}

void DeEsser::update_split() {
    const auto corner_hz = [](float log2_hz) { return kCornerShare * exp2_f64((double)log2_hz); };
    const double now_hz = corner_hz(state_.split_log2_hz.value);
    tangent_before_ = split_tangent(corner_hz(state_.split_log2_hz.previous), (double)spec_.sample_rate_hz);
    tangent_ = split_tangent(now_hz, (double)spec_.sample_rate_hz);
    if (state_.split_log2_hz.settled() && block_for_hz_ != now_hz) {
        block_ = BandSplitBlock::at(now_hz, spec_.sample_rate_hz);
        block_for_hz_ = now_hz;
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
    BandTrace trace;
    BandFollower band = follower();
    float* const left = channels[0];
    float* const right = channels[spec_.channels - 1];
    split_steady(block_, every_second_is_enough(spec_.sample_rate_hz), state_.split, left, right, quanta, band, trace);
    state_.power = band.present;
    state_.level = band.held;
    float roots[kRunRoomQuanta];
    if (!detect(trace, quanta, roots)) {
        state_.awake = 0;
        return;
    }
    for (uint32_t q = 0; q < quanta; ++q) {
        if (roots[q] == 1.0f && roots[q + 1] == 1.0f) {
            state_.awake = 0;
            continue;
        }
        if (state_.awake == 0) wake(trace.states[q][0]);
        const Ramp root = Ramp::between(roots[q], roots[q + 1]);
        lower_upper_parts(block_, state_.shelf, root, left + q * kQuantumFrames, right + q * kQuantumFrames);
    }
}

// The shelf's filter goes on from where the first of the steep ones is, which hears the same. What that takes for half of the
// frames makes of the highest frequencies has died away before the reduction is under way.
void DeEsser::wake(const float* split_states) {
    state_.awake = 1;
    for (uint32_t i = 0; i < 2 * kMaxChannels; ++i) state_.shelf.lanes[i] = split_states[i / 2 * 4 + i % 2];
}

BandFollower DeEsser::follower() const {
    BandFollower follower;
    follower.rise = rise_;
    follower.left = left_;
    follower.fall = fall_;
    follower.present = state_.power;
    follower.held = state_.level;
    return follower;
}

// One quantum while the split moves. Both filters move, at the full rate: those of the shelf, while they are heard, go on.
void DeEsser::glide(float* const* channels) {
    float* const first = state_.split.lanes[0];
    if (state_.awake != 0) {
        for (uint32_t i = 0; i < 2 * kMaxChannels; ++i) first[i / 2 * 4 + i % 2] = state_.shelf.lanes[i];
    }
    BandParts parts[kMaxChannels];
    BandPower power = {0.0f, 0.0f};
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        const BandPower own = split_moving(tangent_before_, tangent_, state_.split, c, channels[c], parts[c]);
        power.whole = own.whole > power.whole ? own.whole : power.whole;
        power.band = own.band > power.band ? own.band : power.band;
    }
    if (spec_.channels == 1) std::memcpy(state_.split.lanes[1], first, 4 * sizeof(float));
    BandFollower band = follower();
    band.follow(power.band);
    BandTrace trace;
    trace.whole[0] = power.whole;
    trace.present[0] = state_.power = band.present;
    trace.held[0] = state_.level = band.held;
    float roots[kRunRoomQuanta];
    if (!detect(trace, 1, roots)) {
        state_.awake = 0;
        return;
    }
    wake(first);
    const Ramp root = Ramp::between(roots[0], roots[1]);
    for (uint32_t c = 0; c < spec_.channels; ++c) lower_upper_parts(parts[c], root, channels[c]);
}

// Whether anything is turned down; if so, the root of the shelf's gain before the first quantum and at the end of each.
bool DeEsser::detect(const BandTrace& trace, uint32_t quanta, float* roots) {
    static_assert(kMaxRunQuanta < kRunRoomQuanta, "one root more than quanta");
    float reductions[kRunRoomQuanta] = {};
    move_reduction(trace, quanta, reductions);
    float most = 0.0f;
    for (uint32_t q = 0; q <= quanta; ++q) most = reductions[q] > most ? reductions[q] : most;
    if (most == 0.0f) {
        state_.meter.add_idle(quanta);
        return false;
    }
    add_to_meter(reductions, quanta);
    // Half as many octaves.
    const f32x8 half = f32x8::splat(-0.5f);
    for (uint32_t q = 0; q <= quanta; q += 8) exp2(half * f32x8::load(reductions + q)).store(roots + q);
    return true;
}

// Before the first quantum and at the end of each: by how far the band's level lies above the threshold, in octaves of amplitude.
// Linked: the stronger channel counts. What need not wait for the quantum before, logarithms above all, is done for eight at once.
void DeEsser::move_reduction(const BandTrace& trace, uint32_t quanta, float* reductions) {
    alignas(32) float present_octaves[kRunRoomQuanta];
    alignas(32) float held_octaves[kRunRoomQuanta];
    for (uint32_t q = 0; q < quanta; q += 8) {
        octaves_of_power(f32x8::load(trace.present + q)).store(present_octaves + q);
        octaves_of_power(f32x8::load(trace.held + q)).store(held_octaves + q);
    }
    const bool moves = !state_.split_log2_hz.settled();
    const float threshold = state_.threshold_octaves.value;
    const float slope = state_.slope.value;
    const float range = state_.range_octaves.value;
    // A copy, which need not go through memory from quantum to quantum.
    BandHistory history = history_;
    float reduction = reductions[0] = state_.reduction;
    for (uint32_t q = 0; q < quanta; ++q) {
        float present = present_octaves[q];
        float held = held_octaves[q];
        const float floor = history.least_power() + kPowerFloor;
        if (trace.present[q] < floor) {
            const float least = octaves_of_power(f32x4::splat(floor)).lane(0);
            present = least;
            if (trace.held[q] < floor) held = least;
        }
        if (moves) history.follow_move(held);
        const float over = history.excess(held) - threshold;
        history.add(trace.whole[q], present, held, threshold);
        const float steep = slope * (over > 0.0f ? over : 0.0f);
        const float coming = attack_ * (steep < range ? steep : range) - kReductionFloor;
        const float after = waited_ * reduction + coming;
        reduction = reductions[q + 1] = after > 0.0f ? after : 0.0f;
    }
    history_ = history;
    state_.reduction = reduction;
}

void DeEsser::add_to_meter(const float* reductions, uint32_t quanta) {
    GainReductionMeter::Run metered;
    for (uint32_t q = 0; q < quanta; ++q) {
        const float before = reductions[q];
        const float after = reductions[q + 1];
        metered.mean[q] = 0.5f * (before + after);
        metered.largest[q] = before > after ? before : after;
        metered.last[q] = after;
    }
    state_.meter.add(metered, quanta);
}

}  // namespace aim
