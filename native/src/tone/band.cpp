#include "tone/band.h"

#include "base/section_lockstep.h"
#include "tone/filter_design.h"

namespace aim {

void Band::prepare(const Spec& spec) {
    spec_ = spec;
    rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
    // What was derived for another sample rate is void.
    designed_for_ = settings();
    design_ = design(designed_for_);
    block_for_ = designed_for_;
    make_weights();
    reset();
}

void Band::set_target(const BandSettings& target) {
    amount_.target = target.amount;
    log2_frequency_hz_.target = target.log2_frequency_hz;
    log2_q_.target = target.log2_q;
    derive();
}

void Band::reset() {
    amount_.snap(amount_.target);
    log2_frequency_hz_.snap(log2_frequency_hz_.target);
    log2_q_.snap(log2_q_.target);
    quanta_unheard_ = 0;
    section_ = SectionState{};
    derive();
}

FilterDesign Band::design(const BandSettings& settings) const {
    const double rate = (double)spec_.sample_rate_hz;
    const double frequency_hz = exp2_f64((double)settings.log2_frequency_hz);
    const double amount = (double)settings.amount;
    switch (kind_) {
    case BandKind::kLowShelf:
        return low_shelf(frequency_hz, amount, rate);
    case BandKind::kHighShelf:
        return high_shelf(frequency_hz, amount, rate);
    case BandKind::kBell:
        return bell(frequency_hz, amount, exp2_f64((double)settings.log2_q), rate);
    case BandKind::kHighPass:
        break;
    }
    return high_pass(frequency_hz, amount, rate);
}

// Brings mode, design and block up to the state. The same state always gives the same result.
void Band::derive() {
    if (amount_.settled() && amount_.value == 0.0f) {
        // Nobody hears an absent band move: it will come back where it is wanted, from silence.
        mode_ = Mode::kAbsent;
        amount_.snap(0.0f);
        log2_frequency_hz_.snap(log2_frequency_hz_.target);
        log2_q_.snap(log2_q_.target);
        quanta_unheard_ = 0;
        section_ = SectionState{};
        return;
    }
    const BandSettings now = settings();
    if (!(now == designed_for_)) {
        designed_for_ = now;
        design_ = design(now);
    }
    const bool settled = amount_.settled() && log2_frequency_hz_.settled() && log2_q_.settled();
    mode_ = settled ? Mode::kSteady : Mode::kMoving;
    if (settled && !(now == block_for_)) {
        block_for_ = now;
        make_weights();
    }
}

void Band::make_weights() {
    if (kind_ == BandKind::kHighPass) {
        octets_ = make_octets(design_);
    } else {
        block_ = make_block(design_);
    }
}

// A band that was absent starts from empty states in the middle of a signal. It runs unheard for one period of its
// frequency before its gain rises: what its filter makes of that start has died away by then.
bool Band::swings_in() {
    if (amount_.value != 0.0f || amount_.stage_1 != 0.0f) return false;
    const double period_frames = (double)spec_.sample_rate_hz * exp2_f64(-(double)log2_frequency_hz_.target);
    if ((double)quanta_unheard_ * kQuantumFrames >= period_frames) return false;
    ++quanta_unheard_;
    return true;
}

void Band::process(float* const* channels, uint32_t quanta) {
    uint32_t q = 0;
    for (; q < quanta && mode_ == Mode::kMoving; ++q) glide(channels, q * kQuantumFrames);
    // A glide may have ended in absence.
    if (mode_ == Mode::kSteady) run_standing(channels, q * kQuantumFrames, quanta - q);
}

void Band::run_standing(float* const* channels, uint32_t offset_frames, uint32_t quanta) {
    if (kind_ != BandKind::kHighPass) {
        run_steady(block_, section_, channels, spec_.channels, offset_frames, quanta);
        return;
    }
    float* const left = channels[0] + offset_frames;
    if (spec_.channels == 1) {
        // Nobody hears the upper half.
        float states[2] = {};
        run_octets(
            octets_, section_.lanes, states, quanta, [=](size_t i) { return f32x8::load_twice(left + i); },
            [=](size_t i, f32x8, f32x8 y, f32x8) { y.low().store(left + i); });
        return;
    }
    float* const right = channels[1] + offset_frames;
    run_octets(octets_, section_.lanes, section_.lanes + 2, quanta, side_by_side(left, right),
               [=](size_t i, f32x8, f32x8 y, f32x8) {
                   y.low().store(left + i);
                   y.high().store(right + i);
               });
}

void Band::process_both(Band& first, Band& second, float* const* channels, uint32_t quanta) {
    if (first.stands() && second.stands() && first.spec_.channels == 2) {
        run_cascade_steady(first.block_, second.block_, first.section_, second.section_, channels[0], channels[1],
                           quanta);
        return;
    }
    first.process(channels, quanta);
    second.process(channels, quanta);
}

void Band::glide(float* const* channels, uint32_t offset_frames) {
    const FilterDesign from = design_;
    if (!swings_in()) amount_.tick(rate_);
    log2_frequency_hz_.tick(rate_);
    log2_q_.tick(rate_);
    const BandSettings now = settings();
    designed_for_ = now;
    design_ = design(now);
    run_moving(from, design_, section_, channels, spec_.channels, offset_frames);
    derive();
}

bool Band::all(Mode mode, Band* const* streams, uint32_t count) {
    for (uint32_t s = 0; s < count; ++s) {
        if (streams[s]->mode_ != mode) return false;
    }
    return true;
}

template <class V>
void Band::process_lockstep(Band* const* streams, LockstepRun<V>& run) {
    const uint32_t count = run.streams();
    if (all(Mode::kAbsent, streams, count)) return;
    if (!all(Mode::kSteady, streams, count)) {
        run.each_alone(
            [&](uint32_t s, float* const* channels, uint32_t quanta) { streams[s]->process(channels, quanta); });
        return;
    }
    const SectionBlock* blocks[V::kLanes] = {};
    SectionState* states[V::kLanes] = {};
    for (uint32_t s = 0; s < count; ++s) {
        blocks[s] = &streams[s]->block_;
        states[s] = &streams[s]->section_;
    }
    run_steady_lockstep(blocks, states, run);
}

template void Band::process_lockstep(Band* const*, LockstepRun<StreamLanes>&);

}  // namespace aim
