#include "engine/mix_settings.h"

#include <cstring>

#include "base/elementary.h"

namespace aim {
namespace {

// A reference that moved by less is not worth new coefficients.
constexpr float kReferenceStepDb = 0.05f;

// As long as the leveler holds the level the chain finds the programme where it was. It goes while the last of the
// thresholds arrive: earlier the programme would come back before the compressor does, later it would be compressed while
// it is still held down.
constexpr double kLevelerLeaves = 0.6;

// The logarithmic scales begin here; below lies only the 0 that means off.
float log_floor(int32_t unit) { return unit == AIM_UNIT_HERTZ ? 5.0f : 0.01f; }

bool is_logarithmic(int32_t unit) {
    return unit == AIM_UNIT_HERTZ || unit == AIM_UNIT_MILLISECOND || unit == AIM_UNIT_Q;
}

float blend(int32_t unit, float from, float to, double t) {
    if (from == to) return to;
    if (unit == AIM_UNIT_RATIO) {
        const double slope = (1.0 - 1.0 / (double)from) * (1.0 - t) + (1.0 - 1.0 / (double)to) * t;
        return (float)(1.0 / (1.0 - slope));
    }
    if (is_logarithmic(unit)) {
        const float floor = log_floor(unit);
        const double a = log2_f64((double)(from > floor ? from : floor));
        const double b = log2_f64((double)(to > floor ? to : floor));
        return (float)exp2_f64(a + t * (b - a));
    }
    return (float)((double)from + t * ((double)to - (double)from));
}

// Amounts that intensity scales; frequencies are where a stage works, not how much.
bool scales(const ParameterRow& row) { return row.is_amount && row.info.unit != AIM_UNIT_HERTZ; }

// The leveler comes and goes by itself, towards the target of the end that wants it.
bool is_leveler_s(const ParameterRow& row) {
    return row.switch_id == AIM_PARAM_LEVELER_ENABLED || row.info.id == AIM_PARAM_LEVELER_TARGET_LUFS ||
           row.info.id == AIM_PARAM_LEVELER_MONO_OFFSET_DB;
}

float clamp_to(const aim_parameter_info& info, float value) {
    return value < info.minimum ? info.minimum : value > info.maximum ? info.maximum : value;
}

bool asked_on(const ParameterValues& asked, int32_t switch_id) {
    return switch_id == 0 || asked.get(parameter_index(switch_id)) != 0.0f;
}

// A threshold that the caller set is in dBFS, unless he said otherwise.
bool refers_to_target(const ParameterValues& asked, int32_t threshold, int32_t flag) {
    return asked.get(flag) != 0.0f && (!asked.overridden(threshold) || asked.overridden(flag));
}

}  // namespace

void MixSettings::resolve(const ParameterValues& asked, float reference_lufs, float* values) {
    const double intensity = (double)asked.intensity_percent() / 100.0;
    for (int32_t i = 0; i < kParameterCount; ++i) {
        const ParameterRow& row = kParameters[i];
        float value = asked.get(i);
        if (!asked_on(asked, row.switch_id) && row.is_amount) {
            value = row.no_effect;
        } else if (!asked.overridden(i) && scales(row) && intensity < 1.0) {
            value = blend(row.info.unit, row.no_effect, value, intensity);
        }
        values[i] = value;
    }
    constexpr int32_t kThresholds[2][2] = {
        {kRow<AIM_PARAM_GATE_THRESHOLD_DB>, kRow<AIM_PARAM_GATE_THRESHOLD_RELATIVE>},
        {kRow<AIM_PARAM_COMPRESSOR_THRESHOLD_DB>, kRow<AIM_PARAM_COMPRESSOR_THRESHOLD_RELATIVE>}};
    state_.relative = 0;
    for (const auto& [threshold, flag] : kThresholds) {
        if (!refers_to_target(asked, threshold, flag)) continue;
        values[threshold] = clamp_to(kParameters[threshold].info, values[threshold] + reference_lufs);
        state_.relative = 1;
    }
    state_.reference_lufs = reference_lufs;
}

void MixSettings::reset(const ParameterValues& asked, float reference_lufs) {
    state_ = State{};
    state_.changes = asked.changes();
    state_.profile_changes = asked.profile_changes();
    resolve(asked, reference_lufs, state_.now);
}

bool MixSettings::take_up(const ParameterValues& asked, float reference_lufs, uint32_t listening_quanta) {
    state_.changes = asked.changes();
    const uint32_t profile_changes = asked.profile_changes();
    bool begins = false;
    if (profile_changes != state_.profile_changes) {
        state_.profile_changes = profile_changes;
        // The profile that is there already, as when following begins with the genre that was set, is no change.
        float same[kParameterCount];
        resolve(asked, state_.reference_lufs, same);
        begins = std::memcmp(same, state_.now, sizeof same) != 0;
    }
    if (begins) {
        const double quanta = (double)asked.morph_ms() * (double)spec_.sample_rate_hz / (1000.0 * kQuantumFrames);
        const uint32_t steps = (uint32_t)(quanta / kStepQuanta);
        std::memcpy(state_.from, state_.now, sizeof state_.from);
        constexpr int32_t kLeveler = kRow<AIM_PARAM_LEVELER_ENABLED>;
        const bool wakes = steps != 0 && state_.now[kLeveler] == 0.0f && asked.get(kLeveler) != 0.0f;
        state_.morph.begin(wakes ? (listening_quanta + kStepQuanta - 1) / kStepQuanta : 0, steps);
    }
    float target[kParameterCount];
    resolve(asked, reference_lufs, target);
    // An override is heard at once, also during a morph.
    for (int32_t i = 0; i < kParameterCount; ++i) {
        if (asked.overridden(i)) state_.from[i] = target[i];
    }
    blend_towards(target);
    return begins;
}

bool MixSettings::step(const ParameterValues& asked, float reference_lufs) {
    const float moved = reference_lufs - state_.reference_lufs;
    const bool reference_moved = state_.relative != 0 && (moved > kReferenceStepDb || moved < -kReferenceStepDb);
    if (!state_.morph.runs() && !reference_moved) return false;
    if (state_.morph.runs()) state_.morph.advance(1);
    float target[kParameterCount];
    resolve(asked, reference_lufs, target);
    blend_towards(target);
    return true;
}

void MixSettings::blend_towards(const float* target) {
    if (!state_.morph.runs()) {
        std::memcpy(state_.now, target, sizeof state_.now);
        return;
    }
    const double t = state_.morph.now();
    for (int32_t i = 0; i < kParameterCount; ++i) {
        const ParameterRow& row = kParameters[i];
        const bool is_leveler = is_leveler_s(row);
        const int32_t switch_index = is_leveler           ? kRow<AIM_PARAM_LEVELER_ENABLED>
                                     : row.switch_id != 0 ? parameter_index(row.switch_id)
                                                          : -1;
        const bool was_on = switch_index < 0 || state_.from[switch_index] != 0.0f;
        const bool will_be_on = switch_index < 0 || target[switch_index] != 0.0f;
        if (row.info.unit == AIM_UNIT_BOOLEAN) {
            // Stages run as long as either end wants them.
            const bool goes = row.info.id == AIM_PARAM_LEVELER_ENABLED && t >= kLevelerLeaves;
            state_.now[i] = (state_.from[i] != 0.0f && !goes) || target[i] != 0.0f ? 1.0f : 0.0f;
        } else if (was_on != will_be_on && (!row.is_amount || is_leveler)) {
            // Where a stage that does nothing stands does not matter: it need not travel.
            state_.now[i] = was_on ? state_.from[i] : target[i];
        } else {
            state_.now[i] = blend(row.info.unit, state_.from[i], target[i], t);
        }
    }
}

}  // namespace aim
