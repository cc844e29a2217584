#include "tone/stereo_width.h"

#include <cstring>

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

// The mean over a quantum of a * b.
float mean_product(const float* a, const float* b) {
    f32x4 sum = f32x4::zero();
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) sum += f32x4::load(a + i) * f32x4::load(b + i);
    return horizontal_sum(sum) * (1.0f / kQuantumFrames);
}

}  // namespace

void StereoWidth::prepare(const Spec& spec) {
    spec_ = spec;
    rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
    const double quantum_ms = 1000.0 * kQuantumFrames / (double)spec.sample_rate_hz;
    energy_step_ = (float)(1.0 - exp_f64(-quantum_ms / kEnergyMs));
    long_energy_step_ = (float)(1.0 - exp_f64(-quantum_ms / kLongEnergyMs));
    fall_ = (float)amplitude_from_db(-kFallDbPerMs * quantum_ms);
    rise_ = (float)amplitude_from_db(kRiseDbPerMs * quantum_ms);
    const Spec side = {spec.sample_rate_hz, 1};
    set_target(Parameters{});
    mono_.prepare(side);
    above_.prepare(side);
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
    state_.quanta_unheard = 0;
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
    float middle[kQuantumFrames];
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        (f32x4::splat(0.5f) * (f32x4::load(left + i) + f32x4::load(right + i))).store(middle + i);
    }
    const f32x4 now = f32x4::set(mean_product(middle, middle), mean_product(side, side), mean_product(side, upper),
                                 mean_product(upper, upper));
    state_.energies.follow(now, energy_step_);
    state_.long_energies.follow(now, long_energy_step_);
}

void StereoWidth::Energies::follow(f32x4 now, float step) {
    f32x4 energies = f32x4::set(middle, side, side_by_upper, upper);
    energies = energies + f32x4::splat(step) * (now - energies);
    energies = keep(abs(energies) > f32x4::splat(kDust), energies);
    *this = {energies.lane(0), energies.lane(1), energies.lane(2), energies.lane(3)};
}

// The largest width whose side, side + (width - 1) upper, stays within its share of the middle's energy: the root of
//     upper x^2 + 2 side_by_upper x + side - share middle = 0,  x = width - 1,
// or 1 when the side is beyond that without any widening.
float StereoWidth::safe_width(const Energies& e) const {
    const double room = kMostSideToMiddle * (double)e.middle - (double)e.side;
    if (room <= 0.0) return e.side > kSilence ? 1.0f : state_.width;
    const double b = (double)e.side_by_upper;
    const double root = sqrt_f64(b * b + (double)e.upper * room);
    const double divisor = b + root;
    const double most = (double)(state_.width - 1.0f);
    // As x = room / (b + root), which is right also where nothing is to be widened.
    return divisor * most > room ? (float)(1.0 + room / divisor) : state_.width;
}

void StereoWidth::guard() {
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
        } else if (state_.energies.middle > kSilence) {
            granted = granted * rise_ < safe ? granted * rise_ : safe;
        }
    }
    state_.granted = granted;
    state_.gain.target = granted;
}

void StereoWidth::process_quantum(float* left, float* right) {
    float kept[kQuantumFrames];
    float side[kQuantumFrames];
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 s = f32x4::splat(0.5f) * (f32x4::load(left + i) - f32x4::load(right + i));
        s.store(kept + i);
        s.store(side + i);
    }
    float* const side_channel[1] = {side};
    mono_.process_quantum(side_channel, 0);

    float upper[kQuantumFrames] = {};
    if (state_.widening != 0) {
        std::memcpy(upper, side, sizeof upper);
        float* const upper_channel[1] = {upper};
        above_.process_quantum(upper_channel, 0);
        if (state_.width > 1.0f) measure(left, right, side, upper);
        if (!swings_in()) {
            guard();
            state_.gain.tick(rate_);
        }
    }
    // What changes is added on one side and taken from the other.
    const f32x4 step = f32x4::splat(state_.gain.increment());
    f32x4 more = f32x4::splat(state_.gain.previous - 1.0f) + f32x4::set(1.0f, 2.0f, 3.0f, 4.0f) * step;
    for (uint32_t i = 0; i < kQuantumFrames; i += 4) {
        const f32x4 change = (f32x4::load(side + i) - f32x4::load(kept + i)) + more * f32x4::load(upper + i);
        (f32x4::load(left + i) + change).store(left + i);
        (f32x4::load(right + i) - change).store(right + i);
        more += f32x4::splat(4.0f) * step;
    }
}

void StereoWidth::process(float* const* channels, uint32_t quanta) {
    if (spec_.channels != 2) return;
    for (uint32_t q = 0; q < quanta; ++q) {
        if (state_.widening == 0 && wants_widening()) start_widening();
        if (state_.widening != 0 && !wants_widening()) stop_widening();
        const bool mono = !(state_.mono.settled() && state_.mono.value == 0.0f);
        if (state_.widening == 0 && !mono) return;
        if (mono) state_.mono.tick(rate_);
        process_quantum(channels[0] + q * kQuantumFrames, channels[1] + q * kQuantumFrames);
        // Faded out: nothing of the band is left for when it comes back.
        if (mono && state_.mono.settled() && state_.mono.value == 0.0f) mono_.reset();
    }
}

}  // namespace aim
