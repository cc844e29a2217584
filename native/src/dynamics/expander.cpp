#include "dynamics/expander.h"

namespace aim {
namespace {

// The gain of a closed gate need not move faster: a word that crosses the threshold opens it by its own S-curve. As
// long as the detector's hold, it takes the hold's steps out of the gain.
constexpr double kFastestMs = 10.0;
// -200 dBFS, the least level that there is.
constexpr float kLevelFloor = 1e-10f;
constexpr double kLevelFloorOctaves = -33.21928;
// A third of an octave-millionth is far below what the logarithm resolves: the poles have arrived.
constexpr float kArrived = 3e-7f;

// Exponentials never arrive; what is left of them would end as denormals around 0 dBFS.
float approach(float from, float to, float step) {
    const float left = to - from;
    return left < kArrived && left > -kArrived ? to : from + step * left;
}

float log2_of(float x) { return log2(f32x4::splat(x)).lane(0); }
float exp2_of(float x) { return exp2(f32x4::splat(x)).lane(0); }

}  // namespace

void Expander::set_target(float ratio) {
    if (is_gate()) state_.stale = 1;
    state_.log2_ratio.target = (float)log2_f64((double)ratio);
    state_.gate_share.target = ratio >= kGateRatio ? 1.0f : 0.0f;
}

void Expander::reset() {
    const State old = state_;
    state_ = State{};
    state_.log2_ratio.snap(old.log2_ratio.target);
    state_.gate_share.snap(old.gate_share.target);
}

bool Expander::tick(SmoothingRate rate) {
    state_.log2_ratio.tick(rate);
    state_.gate_share.tick(rate);
    return state_.log2_ratio.settled() && state_.gate_share.settled();
}

void Expander::update(const Setting& setting) {
    if (is_gate()) return;
    const double slope = exp2_f64((double)state_.log2_ratio.value) - 1.0;
    const double threshold = setting.threshold_db * kOctavesPerDb;
    const double range = -setting.range_db * kOctavesPerDb;
    const double bottom = threshold - range / (slope > 1e-3 ? slope : 1e-3);
    threshold_ = (float)threshold;
    bottom_ = (float)(bottom > kLevelFloorOctaves ? bottom : kLevelFloorOctaves);
    range_ = (float)range;
    slope_ = (float)slope;
    // 95 % of the way after the release time.
    const double quantum_ms = 1000.0 * kQuantumFrames / (double)spec_.sample_rate_hz;
    release_step_ = (float)(1.0 - exp_f64(-3.0 * quantum_ms / setting.release_ms));
    const double attack_ms = setting.attack_ms > kFastestMs ? setting.attack_ms : kFastestMs;
    attack_step_ = SmoothingRate::over_ms(attack_ms, spec_.sample_rate_hz).step;
}

float Expander::gain(float level, bool afresh) {
    State& s = state_;
    const float octaves = log2_of(level > kLevelFloor ? level : kLevelFloor);
    const float above_bottom = octaves > bottom_ ? octaves : bottom_;
    const float target = above_bottom < threshold_ ? above_bottom : threshold_;
    if (afresh || s.stale != 0) {
        s.stale = 0;
        s.released = s.stage_1 = s.stage_2 = s.stage_3 = target;
    } else {
        s.released = target > s.released ? target : approach(s.released, target, release_step_);
        s.stage_1 = approach(s.stage_1, s.released, attack_step_);
        s.stage_2 = approach(s.stage_2, s.stage_1, attack_step_);
        s.stage_3 = approach(s.stage_3, s.stage_2, attack_step_);
    }
    const float wanted = slope_ * (threshold_ - s.stage_3);
    const float positive = wanted > 0.0f ? wanted : 0.0f;
    const float expanded = positive < range_ ? positive : range_;
    return exp2_of(-(expanded + s.gate_share.value * (range_ - expanded)));
}

}  // namespace aim
