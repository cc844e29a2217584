#include "dynamics/expander.h"

namespace aim {
namespace {

// The gain of a closed gate need not move faster: a word that crosses the threshold opens it by its own S-curve. As
// long as the detector's hold, it takes the hold's steps out of the gain.
constexpr double kFastestMs = 10.0;
// -200 dBFS, the least level that there is, and what it is in octaves.
constexpr float kLeastLevel = 1e-10f;
constexpr float kLevelFloor = -33.21928f;
// Octaves, less than the logarithm resolves: the poles have arrived.
constexpr float kArrived = 3e-7f;
// Octaves, 0.006 dB: near enough to the bottom to have the full range.
constexpr float kAtBottom = 1e-3f;

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
    state_.inverse_ratio.target = (float)(1.0 / (double)ratio);
    state_.gate_share.target = ratio >= kGateRatio ? 1.0f : 0.0f;
}

void Expander::reset() {
    const State old = state_;
    state_ = State{};
    state_.inverse_ratio.snap(old.inverse_ratio.target);
    state_.gate_share.snap(old.gate_share.target);
}

bool Expander::tick(SmoothingRate rate) {
    state_.inverse_ratio.tick(rate);
    state_.gate_share.tick(rate);
    return state_.inverse_ratio.settled() && state_.gate_share.settled();
}

void Expander::update(const Setting& setting) {
    if (is_gate()) return;
    const double slope = 1.0 / (double)state_.inverse_ratio.value - 1.0;
    range_ = (float)(-setting.range_db * kOctavesPerDb);
    range_gain_ = (float)amplitude_from_db(setting.range_db);
    slope_ = (float)slope;
    span_ = (float)(1.0 / (slope > 1e-3 ? slope : 1e-3));
    // 95 % of the way after the release time.
    const double quantum_ms = 1000.0 * kQuantumFrames / (double)spec_.sample_rate_hz;
    release_step_ = (float)(1.0 - exp_f64(-3.0 * quantum_ms / setting.release_ms));
    const double attack_ms = setting.attack_ms > kFastestMs ? setting.attack_ms : kFastestMs;
    attack_step_ = SmoothingRate::over_ms(attack_ms, spec_.sample_rate_hz).step;
}

// Where the range is reached; lower levels are not followed.
float Expander::bottom(float range) const {
    const float level = threshold_ - range * span_;
    return level > kLevelFloor ? level : kLevelFloor;
}

// Levels that lie at the bottom have the full range. When threshold or ratio take the bottom down they go with it, as
// far as the signal is down there too: else the gain would rise for as long as the release takes. A longer range is
// what the release is for.
void Expander::follow_bottom(float target) {
    State& s = state_;
    const float fallen = bottom(s.range);
    const float lowest = fallen > target ? fallen : target;
    float* const levels[] = {&s.released, &s.stage_1, &s.stage_2, &s.stage_3};
    for (float* level : levels) {
        if (*level <= s.bottom + kAtBottom && *level > lowest) *level = lowest;
    }
    s.range = range_;
    s.bottom = bottom(range_);
}

float Expander::gain(float level, bool afresh) {
    State& s = state_;
    const float octaves = log2_of(level > kLeastLevel ? level : kLeastLevel);
    const float lowest = bottom(range_);
    const float above_bottom = octaves > lowest ? octaves : lowest;
    const float target = above_bottom < threshold_ ? above_bottom : threshold_;
    if (lowest != s.bottom) follow_bottom(target);
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
    const float expanded = exp2_of(-(positive < range_ ? positive : range_));
    return expanded + s.gate_share.value * (range_gain_ - expanded);
}

}  // namespace aim
