#include "tone/stereo_width.h"

#include <cstring>

#include "base/ramp.h"

namespace aim {
namespace {

// Of middle m and side s, the correlation is (m - s) / sqrt((m + s)^2 - 4 c^2) in energies, c what the two share; never
// less than (m - s) / (m + s) while m > s. More than the 0.2 that is promised: the guard's window is not that
// of whoever measures.
constexpr double kLeastCorrelation = 0.3;
constexpr double kMostSideToMiddle = (1.0 - kLeastCorrelation) / (1.0 + kLeastCorrelation);
// A tenth of the 300 ms over which correlation is heard: the guard has to see trouble well before the window is over.
constexpr double kEnergyMs = 30.0;
// A third of the 3 s that a correlation meter shows: where it is low for long, moments of better correlation are no
// room for width, or the whole would end lower than without any.
constexpr double kLongEnergyMs = 1000.0;
constexpr double kFallDbPerMs = 1.0 / 20.0;
// Slower up than down, or the width would breathe with every beat.
constexpr double kRiseDbPerMs = 1.0 / 100.0;
// Mean energy of a side or middle at -120 dBFS: below there is nothing to judge by.
constexpr float kSilence = 1e-12f;
constexpr float kDust = 1e-30f;
constexpr uint32_t kSettled = 0xffffffffu;
// The guard looks at every fourth quantum: as good a sample of 30 ms as all of them.
constexpr uint32_t kLookQuanta = 4;

// The sums of the lanes of each, (lane 0 + lane 2) + (lane 1 + lane 3).
f32x4 lane_sums(f32x4 a, f32x4 b, f32x4 c, f32x4 d) {
    const f32x4 ab = shuffle<0, 4, 1, 5>(a, b) + shuffle<2, 6, 3, 7>(a, b);
    const f32x4 cd = shuffle<0, 4, 1, 5>(c, d) + shuffle<2, 6, 3, 7>(c, d);
    return shuffle<0, 1, 4, 5>(ab, cd) + shuffle<2, 3, 6, 7>(ab, cd);
}

f32x8 side_of(f32x8 left, f32x8 right) { return f32x8::splat(0.5f) * (left - right); }

// What changes is added on one side and taken from the other.
void change(float* left, float* right, uint32_t i, f32x8 side) {
    const f32x8 l = f32x8::load(left + i);
    const f32x8 r = f32x8::load(right + i);
    const f32x8 more = side - side_of(l, r);
    (l + more).store(left + i);
    (r - more).store(right + i);
}

void replace_side(float* left, float* right, const float* side, uint32_t quanta) {
    for (uint32_t i = 0; i < quanta * kQuantumFrames; i += 8) change(left, right, i, f32x8::load(side + i));
}

// What is above gains along straight lines: by gains[q] before quantum q, by the next one at its end.
void replace_side(float* left, float* right, const float* side, const float* upper, const float* gains,
                  uint32_t quanta) {
    for (uint32_t q = 0; q < quanta; ++q) {
        const Ramp gain = Ramp::between(gains[q], gains[q + 1]);
        for (uint32_t j = 0; j < 2; ++j) {
            const uint32_t i = q * kQuantumFrames + 8 * j;
            change(left, right, i, f32x8::load(side + i) + gain.frames[j] * f32x8::load(upper + i));
        }
    }
}

}  // namespace

void StereoWidth::prepare(const Spec& spec) {
    spec_ = spec;
    rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
    const double look_ms = 1000.0 * kLookQuanta * kQuantumFrames / (double)spec.sample_rate_hz;
    energy_step_ = (float)(1.0 - exp_f64(-look_ms / kEnergyMs));
    long_energy_step_ = (float)(1.0 - exp_f64(-look_ms / kLongEnergyMs));
    fall_ = (float)amplitude_from_db(-kFallDbPerMs * look_ms);
    rise_ = (float)amplitude_from_db(kRiseDbPerMs * look_ms);
    const Spec side = {spec.sample_rate_hz, 1};
    set_target(Parameters{});
    mono_.prepare(side);
    above_.prepare(side);
    // What was made for another sample rate is void; no high-pass that stands has a share of none.
    octets_for_[0] = octets_for_[1] = BandSettings{};
    reset();
}

void StereoWidth::set_target(const Parameters& p) {
    state_.width = p.enabled ? p.width : 1.0f;
    state_.above_log2_hz = (float)log2_f64((double)(p.width_above_hz > 1.0f ? p.width_above_hz : 1.0f));
    const bool mono = p.enabled && p.mono_below_hz > 0.0f;
    // Fading out, the band keeps its frequency.
    if (mono) state_.mono_log2_hz = (float)log2_f64((double)p.mono_below_hz);
    // Coming back from nothing it starts at its frequency, wherever it was before.
    if (state_.mono.settled() && state_.mono.value == 0.0f) mono_.set_target({0.0f, state_.mono_log2_hz, 0.0f});
    mono_.set_target({mono ? 1.0f : 0.0f, state_.mono_log2_hz, 0.0f});
    if (mono) state_.mono.snap(1.0f);
    state_.mono.target = mono ? 1.0f : 0.0f;
    if (state_.widening != 0) above_.set_target({1.0f, state_.above_log2_hz, 0.0f});
}

void StereoWidth::reset() {
    const State old = state_;
    state_ = State{};
    state_.width = old.width;
    state_.above_log2_hz = old.above_log2_hz;
    state_.mono_log2_hz = old.mono_log2_hz;
    state_.mono.snap(old.mono.target);
    state_.granted = old.width < 1.0f ? old.width : 1.0f;
    state_.gain.snap(state_.granted);
    mono_.reset();
    stop_widening();
    if (wants_widening()) start_widening();
    // Silence came before, so the filter has nothing to settle.
    state_.quanta_unheard = kSettled;
}

// The upper band starts from empty states in the middle of a signal and is not heard before it has settled.
void StereoWidth::start_widening() {
    state_.widening = 1;
    state_.quanta_unheard = state_.quanta_widened = 0;
    above_.set_target({1.0f, state_.above_log2_hz, 0.0f});
    above_.reset();
}

void StereoWidth::stop_widening() {
    state_.widening = 0;
    state_.energies = state_.long_energies = Energies{};
    above_.set_target({0.0f, state_.above_log2_hz, 0.0f});
    above_.reset();
}

// One period of its frequency is enough for a high-pass of second order.
bool StereoWidth::swings_in() {
    if (state_.quanta_unheard == kSettled) return false;
    const double period_frames = (double)spec_.sample_rate_hz * exp2_f64(-(double)state_.above_log2_hz);
    if ((double)state_.quanta_unheard * kQuantumFrames < period_frames) {
        ++state_.quanta_unheard;
        return true;
    }
    state_.quanta_unheard = kSettled;
    return false;
}

void StereoWidth::measure(const float* left, const float* right, const float* side, const float* upper) {
    // Sums of squares and products; of the middle twice.
    f32x4 middle = f32x4::zero();
    f32x4 sides = f32x4::zero();
    f32x4 both = f32x4::zero();
    f32x4 uppers = f32x4::zero();
    for (uint32_t i = 0; i < kQuantumFrames; i += 8) {
        const f32x8 m = f32x8::load(left + i) + f32x8::load(right + i);
        const f32x8 s = f32x8::load(side + i);
        const f32x8 u = f32x8::load(upper + i);
        add_up(middle, {m * m});
        add_up(sides, {s * s});
        add_up(both, {s * u});
        add_up(uppers, {u * u});
    }
    constexpr float kMean = 1.0f / kQuantumFrames;
    const f32x4 now = f32x4::set(0.25f * kMean, kMean, kMean, kMean) * lane_sums(middle, sides, both, uppers);
    state_.energies.follow(now, energy_step_);
    state_.long_energies.follow(now, long_energy_step_);
}

void StereoWidth::Energies::follow(f32x4 now, float step) {
    f32x4 energies = f32x4::load(of);
    energies = energies + f32x4::splat(step) * (now - energies);
    keep(abs(energies) > f32x4::splat(kDust), energies).store(of);
}

// The largest width whose side, side + (width - 1) upper, stays within its share of the middle's energy: the root of
//     upper x^2 + 2 side_by_upper x + side - share middle = 0,  x = width - 1,
// or 1 when the side is beyond that without any widening.
float StereoWidth::safe_width(const Energies& energies) const {
    const float* const e = energies.of;
    const double room = kMostSideToMiddle * (double)e[kMiddle] - (double)e[kSide];
    if (room <= 0.0) return e[kSide] > kSilence ? 1.0f : state_.width;
    const double b = (double)e[kSideByUpper];
    const double upper = (double)e[kUpper];
    const double most = (double)(state_.width - 1.0f);
    // Most often all of it is safe, which takes no root to see.
    if ((upper * most + 2.0 * b) * most <= room) return state_.width;
    return (float)(1.0 + room / (b + sqrt_f64(b * b + upper * room)));
}

float StereoWidth::grant() {
    const float width = state_.width;
    float granted = state_.granted;
    if (width <= 1.0f) {
        // Narrowing cannot harm.
        granted = width;
        state_.energies = state_.long_energies = Energies{};
    } else {
        const float now = safe_width(state_.energies);
        const float lately = safe_width(state_.long_energies);
        const float safe = now < lately ? now : lately;
        granted = granted < 1.0f ? 1.0f : granted > width ? width : granted;
        if (granted > safe) {
            granted = granted * fall_ > safe ? granted * fall_ : safe;
        } else if (state_.energies.of[kMiddle] > kSilence) {
            granted = granted * rise_ < safe ? granted * rise_ : safe;
        }
    }
    return state_.granted = granted;
}

// Nothing that is decided from quantum to quantum can change what runs.
bool StereoWidth::steady() const {
    return state_.mono.settled() && !mono_.moves() && !above_.moves() && (state_.width != 1.0f || state_.widening == 0);
}

// Both parts of the side: without its lows, and what is above.
void StereoWidth::split_side(const float* left, const float* right, uint32_t quanta, float* side, float* upper) {
    if (mono_.stands() && above_.stands()) {
        if (!(octets_for_[0] == mono_.octets_for() && octets_for_[1] == above_.octets_for())) {
            octets_for_[0] = mono_.octets_for();
            octets_for_[1] = above_.octets_for();
            octets_ = beside(mono_.octets(), above_.octets());
        }
        run_octets(
            octets_, mono_.section().lanes, above_.section().lanes, quanta,
            [=](size_t i) { return side_of(f32x8::load_twice(left + i), f32x8::load_twice(right + i)); },
            [=](size_t i, f32x8, f32x8 y, f32x8) {
                y.low().store(side + i);
                y.high().store(upper + i);
            });
        return;
    }
    const uint32_t frames = quanta * kQuantumFrames;
    for (uint32_t i = 0; i < frames; i += 8) {
        side_of(f32x8::load(left + i), f32x8::load(right + i)).store(side + i);
    }
    if (state_.widening != 0) {
        std::memcpy(upper, side, frames * sizeof(float));
        above_.process(&upper, quanta);
    }
    mono_.process(&side, quanta);
}

void StereoWidth::process_run(float* left, float* right, uint32_t quanta) {
    float side[kMaxRunFrames];
    float upper[kMaxRunFrames];
    split_side(left, right, quanta, side, upper);
    if (state_.widening == 0) {
        replace_side(left, right, side, quanta);
        return;
    }
    // Its stages wait for each other as it is.
    Smoother gain = state_.gain;
    float gains[kMaxRunQuanta + 1] = {gain.value - 1.0f};
    for (uint32_t q = 0; q < quanta; ++q) {
        const uint32_t at = q * kQuantumFrames;
        const bool looks = state_.quanta_widened++ % kLookQuanta == 0;
        if (looks && state_.width > 1.0f) measure(left + at, right + at, side + at, upper + at);
        if (!swings_in()) {
            if (looks) gain.target = grant();
            if (!gain.settled()) gain.tick(rate_);
        }
        gains[q + 1] = gain.value - 1.0f;
    }
    state_.gain = gain;
    replace_side(left, right, side, upper, gains, quanta);
}

void StereoWidth::process(float* const* channels, uint32_t quanta) {
    if (spec_.channels != 2) return;
    for (uint32_t q = 0; q < quanta;) {
        if (state_.widening == 0 && wants_widening()) start_widening();
        if (state_.widening != 0 && !wants_widening()) stop_widening();
        const bool mono = !(state_.mono.settled() && state_.mono.value == 0.0f);
        if (state_.widening == 0 && !mono) return;
        const uint32_t most = steady() ? kMaxRunQuanta : 1;
        const uint32_t run = quanta - q < most ? quanta - q : most;
        if (mono) state_.mono.tick(rate_);
        process_run(channels[0] + q * kQuantumFrames, channels[1] + q * kQuantumFrames, run);
        // Faded out: nothing of the band is left for when it comes back.
        if (mono && state_.mono.settled() && state_.mono.value == 0.0f) mono_.reset();
        q += run;
    }
}

}  // namespace aim
