// The parameter table: the single source for C#, REST, JSON and the stages. The defaults are the neutral profile.
#pragma once

#include "ai_mixer_core.h"

namespace aim {

// A row of the table, and what morphing and intensity need to know of it.
struct ParameterRow {
    aim_parameter_info info;
    // The switch of its stage; 0 for none.
    int32_t switch_id;
    // For amounts: the value that does nothing. A stage that is switched off glides as if it stood there.
    bool is_amount;
    float no_effect;
};

// id, unit, flags, minimum, maximum, default, key, name, unit label; switch; amount and its value without effect.
// One row, one line.
// clang-format off
inline constexpr ParameterRow kParameters[] = {
    {{AIM_PARAM_BYPASS, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 0.0f, "bypass", "Bypass", ""}, 0, false, 0.0f},

    {{AIM_PARAM_INPUT_GAIN_DB, AIM_UNIT_DECIBEL, 0, -40.0f, 40.0f, 0.0f, "input.gain_db", "Input gain", "dB"}, 0, false, 0.0f},

    {{AIM_PARAM_HIGH_PASS_ENABLED, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 0.0f, "high_pass.enabled", "High-pass", ""}, 0, false, 0.0f},
    {{AIM_PARAM_HIGH_PASS_FREQUENCY_HZ, AIM_UNIT_HERTZ, 0, 10.0f, 1000.0f, 20.0f, "high_pass.frequency_hz", "High-pass frequency", "Hz"}, AIM_PARAM_HIGH_PASS_ENABLED, true, 10.0f},

    {{AIM_PARAM_LEVELER_ENABLED, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 0.0f, "leveler.enabled", "Leveler", ""}, 0, false, 0.0f},
    {{AIM_PARAM_LEVELER_TARGET_LUFS, AIM_UNIT_LUFS, 0, -60.0f, -5.0f, -16.0f, "leveler.target_lufs", "Loudness target", "LUFS"}, 0, false, 0.0f},
    {{AIM_PARAM_LEVELER_MONO_OFFSET_DB, AIM_UNIT_DECIBEL, 0, -6.0f, 0.0f, 0.0f, "leveler.mono_offset_db", "Loudness target offset of mono", "dB"}, 0, false, 0.0f},
    {{AIM_PARAM_LEVELER_MAX_BOOST_DB, AIM_UNIT_DECIBEL, 0, 0.0f, 30.0f, 6.0f, "leveler.max_boost_db", "Leveler largest boost", "dB"}, AIM_PARAM_LEVELER_ENABLED, true, 0.0f},
    {{AIM_PARAM_LEVELER_MAX_CUT_DB, AIM_UNIT_DECIBEL, 0, 0.0f, 30.0f, 10.0f, "leveler.max_cut_db", "Leveler largest cut", "dB"}, AIM_PARAM_LEVELER_ENABLED, true, 0.0f},
    {{AIM_PARAM_LEVELER_RISE_DB_PER_S, AIM_UNIT_DECIBEL_PER_SECOND, 0, 0.01f, 20.0f, 1.0f, "leveler.rise_db_per_s", "Leveler rise", "dB/s"}, AIM_PARAM_LEVELER_ENABLED, false, 0.0f},
    {{AIM_PARAM_LEVELER_FALL_DB_PER_S, AIM_UNIT_DECIBEL_PER_SECOND, 0, 0.01f, 20.0f, 1.0f, "leveler.fall_db_per_s", "Leveler fall", "dB/s"}, AIM_PARAM_LEVELER_ENABLED, false, 0.0f},
    {{AIM_PARAM_LEVELER_FREEZE_BELOW_DB, AIM_UNIT_DECIBEL, 0, -60.0f, 0.0f, -20.0f, "leveler.freeze_below_db", "Leveler brake below target", "dB"}, AIM_PARAM_LEVELER_ENABLED, false, 0.0f},
    {{AIM_PARAM_LEVELER_LIMITER_ALLOWANCE_DB, AIM_UNIT_DECIBEL, 0, 0.0f, 20.0f, 4.0f, "leveler.limiter_allowance_db", "Average limiter reduction allowed", "dB"}, AIM_PARAM_LEVELER_ENABLED, false, 0.0f},

    {{AIM_PARAM_GATE_ENABLED, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 1.0f, "gate.enabled", "Gate", ""}, 0, false, 0.0f},
    {{AIM_PARAM_GATE_THRESHOLD_DB, AIM_UNIT_DECIBEL, 0, -100.0f, 0.0f, -40.0f, "gate.threshold_db", "Gate threshold", "dB"}, AIM_PARAM_GATE_ENABLED, false, 0.0f},
    {{AIM_PARAM_GATE_THRESHOLD_RELATIVE, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 0.0f, "gate.threshold_relative", "Gate threshold relative to the loudness target", ""}, AIM_PARAM_GATE_ENABLED, false, 0.0f},
    {{AIM_PARAM_GATE_ABOVE_FLOOR_DB, AIM_UNIT_DECIBEL, 0, 0.0f, 24.0f, 0.0f, "gate.above_floor_db", "Gate threshold above the noise floor", "dB"}, AIM_PARAM_GATE_ENABLED, false, 0.0f},
    {{AIM_PARAM_GATE_HYSTERESIS_DB, AIM_UNIT_DECIBEL, 0, 0.0f, 24.0f, 3.0f, "gate.hysteresis_db", "Gate hysteresis", "dB"}, AIM_PARAM_GATE_ENABLED, false, 0.0f},
    {{AIM_PARAM_GATE_RATIO, AIM_UNIT_RATIO, 0, 1.0f, 100.0f, 100.0f, "gate.ratio", "Gate ratio", ":1"}, AIM_PARAM_GATE_ENABLED, true, 1.0f},
    {{AIM_PARAM_GATE_RANGE_DB, AIM_UNIT_DECIBEL, 0, -100.0f, 0.0f, -80.0f, "gate.range_db", "Gate range", "dB"}, AIM_PARAM_GATE_ENABLED, true, 0.0f},
    {{AIM_PARAM_GATE_ATTACK_MS, AIM_UNIT_MILLISECOND, 0, 0.1f, 100.0f, 0.5f, "gate.attack_ms", "Gate attack", "ms"}, AIM_PARAM_GATE_ENABLED, false, 0.0f},
    {{AIM_PARAM_GATE_HOLD_MS, AIM_UNIT_MILLISECOND, 0, 0.0f, 2000.0f, 0.0f, "gate.hold_ms", "Gate hold", "ms"}, AIM_PARAM_GATE_ENABLED, false, 0.0f},
    {{AIM_PARAM_GATE_RELEASE_MS, AIM_UNIT_MILLISECOND, 0, 1.0f, 5000.0f, 100.0f, "gate.release_ms", "Gate release", "ms"}, AIM_PARAM_GATE_ENABLED, false, 0.0f},

    {{AIM_PARAM_DE_ESSER_ENABLED, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 0.0f, "de_esser.enabled", "De-esser", ""}, 0, false, 0.0f},
    {{AIM_PARAM_DE_ESSER_SPLIT_HZ, AIM_UNIT_HERTZ, 0, 2000.0f, 12000.0f, 5500.0f, "de_esser.split_hz", "De-esser split", "Hz"}, AIM_PARAM_DE_ESSER_ENABLED, false, 0.0f},
    {{AIM_PARAM_DE_ESSER_THRESHOLD_DB, AIM_UNIT_DECIBEL, 0, 0.0f, 24.0f, 6.0f, "de_esser.threshold_db", "De-esser threshold above the band's mean", "dB"}, AIM_PARAM_DE_ESSER_ENABLED, false, 0.0f},
    {{AIM_PARAM_DE_ESSER_RATIO, AIM_UNIT_RATIO, 0, 1.0f, 20.0f, 3.0f, "de_esser.ratio", "De-esser ratio", ":1"}, AIM_PARAM_DE_ESSER_ENABLED, true, 1.0f},
    {{AIM_PARAM_DE_ESSER_RANGE_DB, AIM_UNIT_DECIBEL, 0, -24.0f, 0.0f, -8.0f, "de_esser.range_db", "De-esser range", "dB"}, AIM_PARAM_DE_ESSER_ENABLED, true, 0.0f},

    {{AIM_PARAM_COMPRESSOR_ENABLED, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 1.0f, "compressor.enabled", "Compressor", ""}, 0, false, 0.0f},
    {{AIM_PARAM_COMPRESSOR_THRESHOLD_DB, AIM_UNIT_DECIBEL, 0, -80.0f, 24.0f, -20.0f, "compressor.threshold_db", "Compressor threshold", "dB"}, AIM_PARAM_COMPRESSOR_ENABLED, false, 0.0f},
    {{AIM_PARAM_COMPRESSOR_THRESHOLD_RELATIVE, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 0.0f, "compressor.threshold_relative", "Compressor threshold relative to the loudness target", ""}, AIM_PARAM_COMPRESSOR_ENABLED, false, 0.0f},
    {{AIM_PARAM_COMPRESSOR_RATIO, AIM_UNIT_RATIO, 0, 1.0f, 100.0f, 4.0f, "compressor.ratio", "Compressor ratio", ":1"}, AIM_PARAM_COMPRESSOR_ENABLED, true, 1.0f},
    {{AIM_PARAM_COMPRESSOR_KNEE_DB, AIM_UNIT_DECIBEL, 0, 0.0f, 40.0f, 2.0f, "compressor.knee_db", "Compressor knee", "dB"}, AIM_PARAM_COMPRESSOR_ENABLED, false, 0.0f},
    {{AIM_PARAM_COMPRESSOR_ATTACK_MS, AIM_UNIT_MILLISECOND, 0, 0.1f, 500.0f, 5.0f, "compressor.attack_ms", "Compressor attack", "ms"}, AIM_PARAM_COMPRESSOR_ENABLED, false, 0.0f},
    {{AIM_PARAM_COMPRESSOR_RELEASE_MS, AIM_UNIT_MILLISECOND, 0, 1.0f, 5000.0f, 50.0f, "compressor.release_ms", "Compressor release", "ms"}, AIM_PARAM_COMPRESSOR_ENABLED, false, 0.0f},
    {{AIM_PARAM_COMPRESSOR_MAKEUP_DB, AIM_UNIT_DECIBEL, 0, -24.0f, 24.0f, 0.0f, "compressor.makeup_db", "Compressor makeup gain", "dB"}, AIM_PARAM_COMPRESSOR_ENABLED, true, 0.0f},
    {{AIM_PARAM_COMPRESSOR_SIDE_CHAIN_HZ, AIM_UNIT_HERTZ, 0, 0.0f, 500.0f, 0.0f, "compressor.side_chain_hz", "Compressor side-chain high-pass", "Hz"}, AIM_PARAM_COMPRESSOR_ENABLED, false, 0.0f},
    {{AIM_PARAM_COMPRESSOR_WET_PERCENT, AIM_UNIT_PERCENT, 0, 0.0f, 100.0f, 100.0f, "compressor.wet_percent", "Compressor wet", "%"}, AIM_PARAM_COMPRESSOR_ENABLED, false, 0.0f},

    {{AIM_PARAM_EQ_ENABLED, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 1.0f, "eq.enabled", "Equaliser", ""}, 0, false, 0.0f},
    {{AIM_PARAM_EQ_LOW_FREQUENCY_HZ, AIM_UNIT_HERTZ, 0, 20.0f, 2000.0f, 100.0f, "eq.low_frequency_hz", "Low shelf frequency", "Hz"}, AIM_PARAM_EQ_ENABLED, false, 0.0f},
    {{AIM_PARAM_EQ_LOW_GAIN_DB, AIM_UNIT_DECIBEL, 0, -12.0f, 12.0f, 0.0f, "eq.low_gain_db", "Low shelf gain", "dB"}, AIM_PARAM_EQ_ENABLED, true, 0.0f},
    {{AIM_PARAM_EQ_MID_FREQUENCY_HZ, AIM_UNIT_HERTZ, 0, 20.0f, 20000.0f, 1000.0f, "eq.mid_frequency_hz", "Mid bell frequency", "Hz"}, AIM_PARAM_EQ_ENABLED, false, 0.0f},
    {{AIM_PARAM_EQ_MID_GAIN_DB, AIM_UNIT_DECIBEL, 0, -12.0f, 12.0f, 0.0f, "eq.mid_gain_db", "Mid bell gain", "dB"}, AIM_PARAM_EQ_ENABLED, true, 0.0f},
    {{AIM_PARAM_EQ_MID_Q, AIM_UNIT_Q, 0, 0.1f, 10.0f, 0.7f, "eq.mid_q", "Mid bell Q", "Q"}, AIM_PARAM_EQ_ENABLED, false, 0.0f},
    {{AIM_PARAM_EQ_HIGH_FREQUENCY_HZ, AIM_UNIT_HERTZ, 0, 1000.0f, 20000.0f, 10000.0f, "eq.high_frequency_hz", "High shelf frequency", "Hz"}, AIM_PARAM_EQ_ENABLED, false, 0.0f},
    {{AIM_PARAM_EQ_HIGH_GAIN_DB, AIM_UNIT_DECIBEL, 0, -12.0f, 12.0f, 0.0f, "eq.high_gain_db", "High shelf gain", "dB"}, AIM_PARAM_EQ_ENABLED, true, 0.0f},

    {{AIM_PARAM_SATURATOR_ENABLED, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 0.0f, "saturator.enabled", "Saturator", ""}, 0, false, 0.0f},
    {{AIM_PARAM_SATURATOR_DRIVE_DB, AIM_UNIT_DECIBEL, 0, 0.0f, 15.0f, 0.0f, "saturator.drive_db", "Saturator drive", "dB"}, AIM_PARAM_SATURATOR_ENABLED, true, 0.0f},
    {{AIM_PARAM_SATURATOR_WET_PERCENT, AIM_UNIT_PERCENT, 0, 0.0f, 100.0f, 0.0f, "saturator.wet_percent", "Saturator wet", "%"}, AIM_PARAM_SATURATOR_ENABLED, true, 0.0f},
    {{AIM_PARAM_SATURATOR_EVEN_PERCENT, AIM_UNIT_PERCENT, 0, 0.0f, 100.0f, 0.0f, "saturator.even_percent", "Saturator even harmonics", "%"}, AIM_PARAM_SATURATOR_ENABLED, false, 0.0f},

    {{AIM_PARAM_STEREO_ENABLED, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 0.0f, "stereo.enabled", "Stereo width", ""}, 0, false, 0.0f},
    {{AIM_PARAM_STEREO_WIDTH, AIM_UNIT_FACTOR, 0, 0.0f, 2.0f, 1.0f, "stereo.width", "Width", ""}, AIM_PARAM_STEREO_ENABLED, true, 1.0f},
    {{AIM_PARAM_STEREO_WIDTH_ABOVE_HZ, AIM_UNIT_HERTZ, 0, 20.0f, 2000.0f, 200.0f, "stereo.width_above_hz", "Width above", "Hz"}, AIM_PARAM_STEREO_ENABLED, false, 0.0f},
    {{AIM_PARAM_STEREO_MONO_BELOW_HZ, AIM_UNIT_HERTZ, 0, 0.0f, 500.0f, 0.0f, "stereo.mono_below_hz", "Mono below", "Hz"}, AIM_PARAM_STEREO_ENABLED, true, 0.0f},

    {{AIM_PARAM_LIMITER_ENABLED, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 1.0f, "limiter.enabled", "Limiter", ""}, 0, false, 0.0f},
    {{AIM_PARAM_LIMITER_INPUT_GAIN_DB, AIM_UNIT_DECIBEL, 0, -60.0f, 60.0f, 0.0f, "limiter.input_gain_db", "Limiter input gain", "dB"}, 0, false, 0.0f},
    {{AIM_PARAM_LIMITER_THRESHOLD_DB, AIM_UNIT_DECIBEL, 0, -40.0f, 0.0f, -0.3f, "limiter.threshold_db", "Limiter threshold", "dB"}, 0, false, 0.0f},
    {{AIM_PARAM_LIMITER_CEILING_DB, AIM_UNIT_DECIBEL, 0, -40.0f, 0.0f, -0.1f, "limiter.ceiling_db", "Limiter ceiling", "dB"}, 0, false, 0.0f},
    {{AIM_PARAM_LIMITER_LOOKAHEAD_MS, AIM_UNIT_MILLISECOND, AIM_PARAMETER_SETUP, 1.0f, 10.0f, 5.0f, "limiter.lookahead_ms", "Limiter look-ahead", "ms"}, 0, false, 0.0f},
    {{AIM_PARAM_LIMITER_RELEASE_MS, AIM_UNIT_MILLISECOND, 0, 1.0f, 5000.0f, 50.0f, "limiter.release_ms", "Limiter release", "ms"}, 0, false, 0.0f},
    {{AIM_PARAM_LIMITER_TRUE_PEAK, AIM_UNIT_BOOLEAN, 0, 0.0f, 1.0f, 1.0f, "limiter.true_peak", "Limiter true peak", ""}, 0, false, 0.0f},
};
// clang-format on

inline constexpr int32_t kParameterCount = sizeof(kParameters) / sizeof(kParameters[0]);

// Row of a parameter, -1 when there is none.
constexpr int32_t parameter_index(int32_t id) {
    for (int32_t i = 0; i < kParameterCount; ++i) {
        if (kParameters[i].info.id == id) return i;
    }
    return -1;
}

// The same, looked up while compiling.
template <aim_parameter_id id>
inline constexpr int32_t kRow = parameter_index(static_cast<int32_t>(id));

}  // namespace aim
