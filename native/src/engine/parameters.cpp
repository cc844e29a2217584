#include "engine/parameters.h"

namespace aim {
namespace {

constexpr aim_parameter_info toggle(aim_parameter_id id, float value, const char* key, const char* name) {
    return {id, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, value, key, name, ""};
}

constexpr aim_parameter_info decibels(aim_parameter_id id, float minimum, float maximum, float value, const char* key,
                                      const char* name) {
    return {id, AIM_UNIT_DECIBEL, 0, minimum, maximum, value, key, name, "dB"};
}

constexpr aim_parameter_info milliseconds(aim_parameter_id id, float minimum, float maximum, float value,
                                          const char* key, const char* name, int32_t flags = 0) {
    return {id, AIM_UNIT_MILLISECOND, flags, minimum, maximum, value, key, name, "ms"};
}

constexpr aim_parameter_info hertz(aim_parameter_id id, float minimum, float maximum, float value, const char* key,
                                   const char* name) {
    return {id, AIM_UNIT_HERTZ, 0, minimum, maximum, value, key, name, "Hz"};
}

bool same(const char* a, const char* b) {
    while (*a != '\0' && *a == *b) {
        ++a;
        ++b;
    }
    return *a == *b;
}

}  // namespace

// The defaults are the neutral profile.
const aim_parameter_info kParameters[kParameterCount] = {
    toggle(AIM_PARAM_BYPASS, 0.0f, "bypass", "Bypass"),

    toggle(AIM_PARAM_HIGH_PASS_ENABLED, 0.0f, "high_pass.enabled", "High-pass"),
    hertz(AIM_PARAM_HIGH_PASS_FREQUENCY_HZ, 10.0f, 1000.0f, 20.0f, "high_pass.frequency_hz", "High-pass frequency"),

    toggle(AIM_PARAM_GATE_ENABLED, 1.0f, "gate.enabled", "Gate"),
    decibels(AIM_PARAM_GATE_THRESHOLD_DB, -100.0f, 0.0f, -40.0f, "gate.threshold_db", "Gate threshold"),
    decibels(AIM_PARAM_GATE_HYSTERESIS_DB, 0.0f, 24.0f, 3.0f, "gate.hysteresis_db", "Gate hysteresis"),
    decibels(AIM_PARAM_GATE_RANGE_DB, -100.0f, 0.0f, -80.0f, "gate.range_db", "Gate range"),
    milliseconds(AIM_PARAM_GATE_ATTACK_MS, 0.1f, 100.0f, 0.5f, "gate.attack_ms", "Gate attack"),
    milliseconds(AIM_PARAM_GATE_HOLD_MS, 0.0f, 2000.0f, 0.0f, "gate.hold_ms", "Gate hold"),
    milliseconds(AIM_PARAM_GATE_RELEASE_MS, 1.0f, 5000.0f, 100.0f, "gate.release_ms", "Gate release"),

    toggle(AIM_PARAM_COMPRESSOR_ENABLED, 1.0f, "compressor.enabled", "Compressor"),
    decibels(AIM_PARAM_COMPRESSOR_THRESHOLD_DB, -80.0f, 0.0f, -20.0f, "compressor.threshold_db",
             "Compressor threshold"),
    {AIM_PARAM_COMPRESSOR_RATIO, AIM_UNIT_RATIO, 0, 1.0f, 100.0f, 4.0f, "compressor.ratio", "Compressor ratio", ":1"},
    decibels(AIM_PARAM_COMPRESSOR_KNEE_DB, 0.0f, 40.0f, 2.0f, "compressor.knee_db", "Compressor knee"),
    milliseconds(AIM_PARAM_COMPRESSOR_ATTACK_MS, 0.1f, 500.0f, 5.0f, "compressor.attack_ms", "Compressor attack"),
    milliseconds(AIM_PARAM_COMPRESSOR_RELEASE_MS, 1.0f, 5000.0f, 50.0f, "compressor.release_ms", "Compressor release"),
    decibels(AIM_PARAM_COMPRESSOR_MAKEUP_DB, -24.0f, 24.0f, 0.0f, "compressor.makeup_db", "Compressor makeup gain"),

    toggle(AIM_PARAM_EQ_ENABLED, 1.0f, "eq.enabled", "Equaliser"),
    hertz(AIM_PARAM_EQ_LOW_FREQUENCY_HZ, 20.0f, 2000.0f, 100.0f, "eq.low_frequency_hz", "Low shelf frequency"),
    decibels(AIM_PARAM_EQ_LOW_GAIN_DB, -12.0f, 12.0f, 0.0f, "eq.low_gain_db", "Low shelf gain"),
    hertz(AIM_PARAM_EQ_MID_FREQUENCY_HZ, 20.0f, 20000.0f, 1000.0f, "eq.mid_frequency_hz", "Mid bell frequency"),
    decibels(AIM_PARAM_EQ_MID_GAIN_DB, -12.0f, 12.0f, 0.0f, "eq.mid_gain_db", "Mid bell gain"),
    {AIM_PARAM_EQ_MID_Q, AIM_UNIT_Q, 0, 0.1f, 10.0f, 0.7f, "eq.mid_q", "Mid bell Q", "Q"},
    hertz(AIM_PARAM_EQ_HIGH_FREQUENCY_HZ, 1000.0f, 20000.0f, 10000.0f, "eq.high_frequency_hz", "High shelf frequency"),
    decibels(AIM_PARAM_EQ_HIGH_GAIN_DB, -12.0f, 12.0f, 0.0f, "eq.high_gain_db", "High shelf gain"),

    toggle(AIM_PARAM_LIMITER_ENABLED, 1.0f, "limiter.enabled", "Limiter"),
    decibels(AIM_PARAM_LIMITER_INPUT_GAIN_DB, -60.0f, 60.0f, 0.0f, "limiter.input_gain_db", "Limiter input gain"),
    decibels(AIM_PARAM_LIMITER_THRESHOLD_DB, -40.0f, 0.0f, -0.3f, "limiter.threshold_db", "Limiter threshold"),
    decibels(AIM_PARAM_LIMITER_CEILING_DB, -40.0f, 0.0f, -0.1f, "limiter.ceiling_db", "Limiter ceiling"),
    milliseconds(AIM_PARAM_LIMITER_LOOKAHEAD_MS, 1.0f, 10.0f, 5.0f, "limiter.lookahead_ms", "Limiter look-ahead",
                 AIM_PARAMETER_SETUP),
    milliseconds(AIM_PARAM_LIMITER_RELEASE_MS, 1.0f, 5000.0f, 50.0f, "limiter.release_ms", "Limiter release"),
    toggle(AIM_PARAM_LIMITER_TRUE_PEAK, 1.0f, "limiter.true_peak", "Limiter true peak"),
};

int32_t parameter_index(int32_t id) {
    for (int32_t i = 0; i < kParameterCount; ++i) {
        if (kParameters[i].id == id) return i;
    }
    return -1;
}

int32_t parameter_index(const char* key) {
    for (int32_t i = 0; i < kParameterCount; ++i) {
        if (same(kParameters[i].key, key)) return i;
    }
    return -1;
}

bool parameter_accepts(const aim_parameter_info& info, float value) {
    if (!(value >= info.minimum && value <= info.maximum)) return false;
    return info.unit != AIM_UNIT_BOOLEAN || value == 0.0f || value == 1.0f;
}

}  // namespace aim
