// The settings that the contract is tried with: each stage alone, hard at work, and all of them.
#pragma once

#include <string>
#include <vector>

#include "strip_under_test.h"

namespace aim_test {

inline const Settings kEverythingOff = {
    {AIM_PARAM_HIGH_PASS_ENABLED, 0}, {AIM_PARAM_GATE_ENABLED, 0},    {AIM_PARAM_COMPRESSOR_ENABLED, 0},
    {AIM_PARAM_EQ_ENABLED, 0},        {AIM_PARAM_LIMITER_ENABLED, 0},
};

inline Settings with(Settings settings, const Settings& more) {
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
}

inline Settings only(const Settings& settings) { return with(kEverythingOff, settings); }

struct StripSetup {
    std::string name;
    Settings settings;
};

inline const Settings kInputGain = {{AIM_PARAM_INPUT_GAIN_DB, 8}};
inline const Settings kHighPass = {{AIM_PARAM_HIGH_PASS_ENABLED, 1}, {AIM_PARAM_HIGH_PASS_FREQUENCY_HZ, 80}};
inline const Settings kGate = {{AIM_PARAM_GATE_ENABLED, 1}, {AIM_PARAM_GATE_THRESHOLD_DB, -25}};
inline const Settings kCompressor = {
    {AIM_PARAM_COMPRESSOR_ENABLED, 1}, {AIM_PARAM_COMPRESSOR_THRESHOLD_DB, -30}, {AIM_PARAM_COMPRESSOR_MAKEUP_DB, 6}};
inline const Settings kEqualizer = {{AIM_PARAM_EQ_ENABLED, 1},
                                    {AIM_PARAM_EQ_LOW_GAIN_DB, 6},
                                    {AIM_PARAM_EQ_MID_GAIN_DB, -4},
                                    {AIM_PARAM_EQ_HIGH_GAIN_DB, 3}};
inline const Settings kLimiterSamplePeak = {
    {AIM_PARAM_LIMITER_ENABLED, 1}, {AIM_PARAM_LIMITER_TRUE_PEAK, 0}, {AIM_PARAM_LIMITER_INPUT_GAIN_DB, 9}};
inline const Settings kLimiterTruePeak = {
    {AIM_PARAM_LIMITER_ENABLED, 1}, {AIM_PARAM_LIMITER_TRUE_PEAK, 1}, {AIM_PARAM_LIMITER_INPUT_GAIN_DB, 9}};

inline const Settings kLeveler = {{AIM_PARAM_LEVELER_ENABLED, 1}, {AIM_PARAM_LEVELER_TARGET_LUFS, -20}};
inline const Settings kDeEsser = {{AIM_PARAM_DE_ESSER_ENABLED, 1}, {AIM_PARAM_DE_ESSER_THRESHOLD_DB, 2}};
inline const Settings kSideChain = {{AIM_PARAM_COMPRESSOR_ENABLED, 1},
                                    {AIM_PARAM_COMPRESSOR_THRESHOLD_DB, -30},
                                    {AIM_PARAM_COMPRESSOR_SIDE_CHAIN_HZ, 120},
                                    {AIM_PARAM_COMPRESSOR_WET_PERCENT, 60}};
// Without the leveler, thresholds follow the loudness of the input.
inline const Settings kFollowing = {{AIM_PARAM_COMPRESSOR_ENABLED, 1},
                                    {AIM_PARAM_COMPRESSOR_THRESHOLD_RELATIVE, 1},
                                    {AIM_PARAM_COMPRESSOR_THRESHOLD_DB, -6}};
inline const Settings kExpander = {{AIM_PARAM_GATE_ENABLED, 1},
                                   {AIM_PARAM_GATE_THRESHOLD_DB, -25},
                                   {AIM_PARAM_GATE_RATIO, 2},
                                   {AIM_PARAM_GATE_RANGE_DB, -12},
                                   {AIM_PARAM_GATE_ABOVE_FLOOR_DB, 8}};
inline const Settings kSaturator = {{AIM_PARAM_SATURATOR_ENABLED, 1},
                                    {AIM_PARAM_SATURATOR_DRIVE_DB, 9},
                                    {AIM_PARAM_SATURATOR_WET_PERCENT, 80},
                                    {AIM_PARAM_SATURATOR_EVEN_PERCENT, 50}};
inline const Settings kStereo = {
    {AIM_PARAM_STEREO_ENABLED, 1}, {AIM_PARAM_STEREO_WIDTH, 1.4f}, {AIM_PARAM_STEREO_MONO_BELOW_HZ, 120}};

inline Settings everything() {
    Settings all;
    for (const Settings& part : {kInputGain, kHighPass, kExpander, kLeveler, kDeEsser, kSideChain, kEqualizer,
                                 kSaturator, kStereo, kLimiterTruePeak}) {
        all = with(all, part);
    }
    return all;
}

inline const std::vector<StripSetup>& setups() {
    static const std::vector<StripSetup> table = {
        {"everything_off", kEverythingOff},
        {"input_gain", only(kInputGain)},
        {"high_pass", only(kHighPass)},
        {"gate", only(kGate)},
        {"compressor", only(kCompressor)},
        {"equalizer", only(kEqualizer)},
        {"leveler", only(kLeveler)},
        {"de_esser", only(kDeEsser)},
        {"side_chain", only(kSideChain)},
        {"following", only(kFollowing)},
        {"expander", only(kExpander)},
        {"saturator", only(kSaturator)},
        {"stereo", only(kStereo)},
        {"limiter_sample_peak", only(kLimiterSamplePeak)},
        {"limiter_true_peak", only(kLimiterTruePeak)},
        {"neutral", {}},
        {"everything", everything()},
    };
    return table;
}

// Every stage has something to do in it: quiet and loud passages, pauses, two different channels.
inline Audio programme(uint32_t rate_hz, uint32_t channels, size_t frames) {
    const Samples left = music(rate_hz, -3, frames, 11);
    if (channels == 1) return to_audio(left, 1);
    return to_audio(left, music(rate_hz, -9, frames, 12));
}

}  // namespace aim_test
