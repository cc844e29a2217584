// The parameter table and the parameters of a strip: what they promise, and that moving them makes no noise.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <ostream>
#include <set>
#include <string>

#include "reference/setups.h"
#include "reference/spectrum.h"

namespace parameters_test {
namespace {

using namespace aim_test;

constexpr uint32_t kRate = 48000;

std::vector<aim_parameter_info> table() {
    std::vector<aim_parameter_info> rows(static_cast<size_t>(aim_parameter_count()));
    for (size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(AIM_OK, aim_parameter_info_at(static_cast<int32_t>(i), &rows[i]));
    }
    return rows;
}

TEST(Parameters, Table_is_complete_and_without_doubles) {
    std::set<int32_t> expected = {AIM_PARAM_BYPASS, AIM_PARAM_INPUT_GAIN_DB, AIM_PARAM_HIGH_PASS_ENABLED,
                                  AIM_PARAM_HIGH_PASS_FREQUENCY_HZ};
    const auto range = [&](int32_t first, int32_t last) {
        for (int32_t id = first; id <= last; ++id) expected.insert(id);
    };
    range(AIM_PARAM_LEVELER_ENABLED, AIM_PARAM_LEVELER_MONO_OFFSET_DB);
    range(AIM_PARAM_GATE_ENABLED, AIM_PARAM_GATE_THRESHOLD_RELATIVE);
    range(AIM_PARAM_DE_ESSER_ENABLED, AIM_PARAM_DE_ESSER_RANGE_DB);
    range(AIM_PARAM_COMPRESSOR_ENABLED, AIM_PARAM_COMPRESSOR_THRESHOLD_RELATIVE);
    range(AIM_PARAM_EQ_ENABLED, AIM_PARAM_EQ_HIGH_GAIN_DB);
    range(AIM_PARAM_SATURATOR_ENABLED, AIM_PARAM_SATURATOR_EVEN_PERCENT);
    range(AIM_PARAM_STEREO_ENABLED, AIM_PARAM_STEREO_MONO_BELOW_HZ);
    range(AIM_PARAM_LIMITER_ENABLED, AIM_PARAM_LIMITER_TRUE_PEAK);
    std::set<int32_t> ids;
    std::set<std::string> keys;
    std::set<std::string> names;
    for (const aim_parameter_info& row : table()) {
        EXPECT_TRUE(ids.insert(row.id).second) << row.id;
        EXPECT_TRUE(keys.insert(row.key).second) << row.key;
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_LT(row.minimum, row.maximum) << row.key;
        EXPECT_LE(row.minimum, row.default_value) << row.key;
        EXPECT_GE(row.maximum, row.default_value) << row.key;
    }
    EXPECT_EQ(expected, ids);
}

TEST(Parameters, Units_follow_from_the_keys) {
    const auto ends_with = [](const std::string& text, const std::string& end) {
        return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
    };
    for (const aim_parameter_info& row : table()) {
        const std::string key = row.key;
        const int32_t unit = ends_with(key, "_db")         ? AIM_UNIT_DECIBEL
                             : ends_with(key, "_ms")       ? AIM_UNIT_MILLISECOND
                             : ends_with(key, "_hz")       ? AIM_UNIT_HERTZ
                             : ends_with(key, "ratio")     ? AIM_UNIT_RATIO
                             : ends_with(key, "_q")        ? AIM_UNIT_Q
                             : ends_with(key, "_lufs")     ? AIM_UNIT_LUFS
                             : ends_with(key, "_db_per_s") ? AIM_UNIT_DECIBEL_PER_SECOND
                             : ends_with(key, "_percent")  ? AIM_UNIT_PERCENT
                             : ends_with(key, ".width")    ? AIM_UNIT_FACTOR
                                                           : AIM_UNIT_BOOLEAN;
        EXPECT_EQ(unit, row.unit) << key;
        if (unit == AIM_UNIT_BOOLEAN) {
            EXPECT_EQ(0, row.minimum) << key;
            EXPECT_EQ(1, row.maximum) << key;
            EXPECT_STREQ("", row.unit_label) << key;
        }
        EXPECT_EQ(key == "limiter.lookahead_ms", (row.flags & AIM_PARAMETER_SETUP) != 0) << key;
    }
}

TEST(Parameters, Defaults_are_the_neutral_profile) {
    const std::map<std::string, float> documented = {
        {"bypass", 0.0f},
        {"input.gain_db", 0.0f},
        {"gate.enabled", 1.0f},
        {"gate.threshold_db", -40.0f},
        {"gate.hysteresis_db", 3.0f},
        {"gate.attack_ms", 0.5f},
        {"gate.release_ms", 100.0f},
        {"compressor.enabled", 1.0f},
        {"compressor.threshold_db", -20.0f},
        {"compressor.ratio", 4.0f},
        {"compressor.knee_db", 2.0f},
        {"compressor.attack_ms", 5.0f},
        {"compressor.release_ms", 50.0f},
        {"compressor.makeup_db", 0.0f},
        {"eq.enabled", 1.0f},
        {"eq.low_frequency_hz", 100.0f},
        {"eq.low_gain_db", 0.0f},
        {"eq.mid_frequency_hz", 1000.0f},
        {"eq.mid_gain_db", 0.0f},
        {"eq.mid_q", 0.7f},
        {"eq.high_frequency_hz", 10000.0f},
        {"eq.high_gain_db", 0.0f},
        {"limiter.enabled", 1.0f},
        {"limiter.input_gain_db", 0.0f},
        {"limiter.threshold_db", -0.3f},
        {"limiter.ceiling_db", -0.1f},
        {"limiter.lookahead_ms", 5.0f},
        {"limiter.release_ms", 50.0f},
        {"limiter.true_peak", 1.0f},
    };
    StripUnderTest strip;
    for (const auto& [key, value] : documented) {
        int32_t id = 0;
        ASSERT_EQ(AIM_OK, aim_parameter_find(key.c_str(), &id)) << key;
        EXPECT_EQ(value, strip.get(id)) << key;
    }
    for (const aim_parameter_info& row : table()) EXPECT_EQ(row.default_value, strip.get(row.id)) << row.key;
}

TEST(Parameters, Bands_reach_12_dB_both_ways) {
    for (const aim_parameter_info& row : table()) {
        const std::string key = row.key;
        if (key == "eq.low_gain_db" || key == "eq.mid_gain_db" || key == "eq.high_gain_db") {
            EXPECT_EQ(-12, row.minimum) << key;
            EXPECT_EQ(12, row.maximum) << key;
        }
    }
}

TEST(Parameters, Keys_lead_to_ids_and_unknown_ones_to_an_error) {
    for (const aim_parameter_info& row : table()) {
        int32_t id = 0;
        EXPECT_EQ(AIM_OK, aim_parameter_find(row.key, &id));
        EXPECT_EQ(row.id, id);
    }
    for (const char* unknown : {"", "gate", "gate.threshold_d", "gate.threshold_db ", "Gate.Threshold_db"}) {
        int32_t id = 77;
        EXPECT_EQ(AIM_ERROR_UNKNOWN_PARAMETER, aim_parameter_find(unknown, &id)) << unknown;
        EXPECT_EQ(77, id);
    }
    aim_parameter_info info;
    for (const int32_t index : {-1, aim_parameter_count(), INT32_MIN, INT32_MAX}) {
        EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_parameter_info_at(index, &info));
    }
}

TEST(Parameters, Values_in_range_are_kept_and_others_refused) {
    StripUnderTest strip;
    for (const aim_parameter_info& row : table()) {
        for (const float value : {row.minimum, row.maximum, row.default_value}) {
            strip.set(row.id, value);
            EXPECT_EQ(value, strip.get(row.id)) << row.key;
        }
        const float below = std::nextafter(row.minimum, -std::numeric_limits<float>::infinity());
        const float above = std::nextafter(row.maximum, std::numeric_limits<float>::infinity());
        for (const float nonsense :
             {below, above, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -1e30f}) {
            EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_parameter(strip.handle(), row.id, nonsense)) << row.key;
            EXPECT_EQ(row.default_value, strip.get(row.id)) << row.key;
        }
    }
}

TEST(Parameters, Switches_are_on_or_off) {
    StripUnderTest strip;
    for (const aim_parameter_info& row : table()) {
        if (row.unit != AIM_UNIT_BOOLEAN) continue;
        EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_strip_set_parameter(strip.handle(), row.id, 0.5f)) << row.key;
        EXPECT_EQ(row.default_value, strip.get(row.id)) << row.key;
    }
}

TEST(Parameters, Unknown_ids_are_refused) {
    StripUnderTest strip;
    for (const int32_t id : {0, -1, 2, 99, 102, 507, INT32_MIN, INT32_MAX}) {
        float value = 77;
        EXPECT_EQ(AIM_ERROR_UNKNOWN_PARAMETER, aim_strip_set_parameter(strip.handle(), id, 0)) << id;
        EXPECT_EQ(AIM_ERROR_UNKNOWN_PARAMETER, aim_strip_get_parameter(strip.handle(), id, &value)) << id;
        EXPECT_EQ(77, value);
    }
}

TEST(Parameters, Set_up_parameters_are_locked_while_the_stream_runs) {
    StripUnderTest strip;
    strip.set(AIM_PARAM_LIMITER_LOOKAHEAD_MS, 2);
    const uint32_t latency = strip.latency();
    strip.process(to_audio(silence(10), 2));
    EXPECT_EQ(AIM_ERROR_STATE, aim_strip_set_parameter(strip.handle(), AIM_PARAM_LIMITER_LOOKAHEAD_MS, 5));
    EXPECT_EQ(2, strip.get(AIM_PARAM_LIMITER_LOOKAHEAD_MS));
    EXPECT_EQ(latency, strip.latency());
    strip.reset();
    strip.set(AIM_PARAM_LIMITER_LOOKAHEAD_MS, 5);
    EXPECT_GT(strip.latency(), latency);
}

TEST(Parameters, Order_of_setting_does_not_matter_before_the_stream_starts) {
    const Audio input = programme(kRate, 2, kRate / 2);
    Settings forward = everything();
    StripUnderTest strip(forward);
    StripUnderTest reversed(Settings(forward.rbegin(), forward.rend()));
    EXPECT_TRUE(same_bits(strip.process(input), reversed.process(input)));
}

TEST(Parameters, A_change_is_complete_soon_after_it_is_made) {
    // 20 ms of smoothing; a quarter of a second later the gain is the new one to the last bits that matter.
    constexpr double kGainDb = 0.001;
    const Audio tone = to_audio(sine(kRate, 1000, -20, kRate / 2), 1);
    StripUnderTest strip(only({{AIM_PARAM_LIMITER_ENABLED, 1}}), kRate, 1);
    strip.process(tone);
    strip.set(AIM_PARAM_LIMITER_INPUT_GAIN_DB, 6);
    const Audio output = strip.process(tone);
    EXPECT_NEAR(-14, to_db(peak(output[0], kRate / 4)), kGainDb);
    EXPECT_LT(to_db(peak({output[0].begin(), output[0].begin() + 48})), -19);
    const std::vector<float> after_30_ms(output[0].begin() + strip.latency() + 1440, output[0].begin() + 2 * 1440);
    EXPECT_NEAR(-14, to_db(peak(after_30_ms)), 0.1);
}

struct Step {
    int32_t id;
    float from;
    float to;
    double tone_db;  // where the parameter has something to say
    Settings context;
};

const Settings kPushedLimiter = {{AIM_PARAM_LIMITER_ENABLED, 1}, {AIM_PARAM_LIMITER_INPUT_GAIN_DB, 12}};
const Settings kWorkingCompressor = {{AIM_PARAM_COMPRESSOR_ENABLED, 1}};
const Settings kBoost = {{AIM_PARAM_EQ_ENABLED, 1},
                         {AIM_PARAM_EQ_LOW_GAIN_DB, 9},
                         {AIM_PARAM_EQ_MID_GAIN_DB, 9},
                         {AIM_PARAM_EQ_HIGH_GAIN_DB, 9}};
const Settings kOpenGate = {{AIM_PARAM_GATE_ENABLED, 1}};
const Settings kClosedGate = {{AIM_PARAM_GATE_ENABLED, 1}, {AIM_PARAM_GATE_THRESHOLD_DB, 0}};
const Settings kHighPassOn = {{AIM_PARAM_HIGH_PASS_ENABLED, 1}, {AIM_PARAM_HIGH_PASS_FREQUENCY_HZ, 200}};

std::ostream& operator<<(std::ostream& stream, const Step& step) {
    return stream << "parameter " << step.id << " from " << step.from << " to " << step.to;
}

class Zipper : public ::testing::TestWithParam<Step> {};

INSTANTIATE_TEST_SUITE_P(
    Parameters, Zipper,
    ::testing::Values(
        Step{AIM_PARAM_BYPASS, 0, 1, -6, kWorkingCompressor}, Step{AIM_PARAM_BYPASS, 1, 0, -6, kWorkingCompressor},
        Step{AIM_PARAM_INPUT_GAIN_DB, 0, 12, -20, {}}, Step{AIM_PARAM_INPUT_GAIN_DB, 12, -12, -20, {}},
        Step{AIM_PARAM_INPUT_GAIN_DB, -12, 6, -6, kWorkingCompressor},
        Step{AIM_PARAM_HIGH_PASS_ENABLED, 0, 1, -6, kHighPassOn},
        Step{AIM_PARAM_HIGH_PASS_ENABLED, 1, 0, -6, kHighPassOn},
        Step{AIM_PARAM_HIGH_PASS_FREQUENCY_HZ, 20, 400, -6, kHighPassOn},
        Step{AIM_PARAM_GATE_ENABLED, 1, 0, -6, kClosedGate}, Step{AIM_PARAM_GATE_ENABLED, 0, 1, -6, kClosedGate},
        Step{AIM_PARAM_GATE_THRESHOLD_DB, -20, 0, -6, kOpenGate},
        Step{AIM_PARAM_GATE_HYSTERESIS_DB, 1, 6, -6, kOpenGate},
        Step{AIM_PARAM_GATE_RANGE_DB, -60, -10, -6, kClosedGate},
        Step{AIM_PARAM_GATE_ATTACK_MS, 0.5f, 20, -6, kOpenGate}, Step{AIM_PARAM_GATE_HOLD_MS, 0, 200, -6, kOpenGate},
        Step{AIM_PARAM_GATE_RELEASE_MS, 20, 400, -6, kOpenGate},
        Step{AIM_PARAM_COMPRESSOR_ENABLED, 1, 0, -6, kWorkingCompressor},
        Step{AIM_PARAM_COMPRESSOR_ENABLED, 0, 1, -6, kWorkingCompressor},
        Step{AIM_PARAM_COMPRESSOR_THRESHOLD_DB, -10, -40, -6, kWorkingCompressor},
        Step{AIM_PARAM_COMPRESSOR_RATIO, 1.5f, 20, -6, kWorkingCompressor},
        Step{AIM_PARAM_COMPRESSOR_KNEE_DB, 0, 20, -18, kWorkingCompressor},
        Step{AIM_PARAM_COMPRESSOR_ATTACK_MS, 1, 50, -6, kWorkingCompressor},
        Step{AIM_PARAM_COMPRESSOR_RELEASE_MS, 20, 500, -6, kWorkingCompressor},
        Step{AIM_PARAM_COMPRESSOR_MAKEUP_DB, 0, 12, -6, kWorkingCompressor},
        Step{AIM_PARAM_EQ_ENABLED, 1, 0, -6, kBoost}, Step{AIM_PARAM_EQ_ENABLED, 0, 1, -6, kBoost},
        Step{AIM_PARAM_EQ_LOW_FREQUENCY_HZ, 60, 500, -6, kBoost}, Step{AIM_PARAM_EQ_LOW_GAIN_DB, -12, 12, -6, kBoost},
        Step{AIM_PARAM_EQ_MID_FREQUENCY_HZ, 500, 2000, -6, kBoost}, Step{AIM_PARAM_EQ_MID_GAIN_DB, -12, 12, -6, kBoost},
        Step{AIM_PARAM_EQ_MID_Q, 0.5f, 4, -6, kBoost}, Step{AIM_PARAM_EQ_HIGH_FREQUENCY_HZ, 10000, 2000, -6, kBoost},
        Step{AIM_PARAM_EQ_HIGH_GAIN_DB, -12, 12, -6, kBoost}, Step{AIM_PARAM_LIMITER_ENABLED, 1, 0, -6, kPushedLimiter},
        Step{AIM_PARAM_LIMITER_ENABLED, 0, 1, -6, kPushedLimiter},
        Step{AIM_PARAM_LIMITER_INPUT_GAIN_DB, 0, 12, -6, kPushedLimiter},
        Step{AIM_PARAM_LIMITER_INPUT_GAIN_DB, 12, 0, -6, kPushedLimiter},
        Step{AIM_PARAM_LIMITER_THRESHOLD_DB, -0.3f, -6, -6, kPushedLimiter},
        Step{AIM_PARAM_LIMITER_CEILING_DB, -0.1f, -6, -6, kPushedLimiter},
        Step{AIM_PARAM_LIMITER_CEILING_DB, -6, -0.1f, -6, kPushedLimiter},
        Step{AIM_PARAM_LIMITER_RELEASE_MS, 20, 500, -6, kPushedLimiter},
        Step{AIM_PARAM_LIMITER_TRUE_PEAK, 0, 1, -6, kPushedLimiter},
        Step{AIM_PARAM_LIMITER_TRUE_PEAK, 1, 0, -6, kPushedLimiter}),
    [](const auto& info) {
        std::string name;
        for (const aim_parameter_info& row : table()) {
            if (row.id == info.param.id) name = row.key;
        }
        for (char& letter : name) {
            if (letter == '.') letter = '_';
        }
        return name + "_" + std::to_string(info.index);
    });

TEST_P(Zipper, A_step_makes_no_noise_beside_the_tone) {
    constexpr double kZipperDb = -80;
    const Step& step = GetParam();
    const size_t second = kRate;
    const Samples tone = sine(kRate, 1000, step.tone_db, 3 * second);
    const Audio before = to_audio(Samples(tone.begin(), tone.begin() + second + second / 2), 1);
    const Audio after = to_audio(Samples(tone.begin() + second + second / 2, tone.end()), 1);

    StripUnderTest strip(with(only(step.context), {{step.id, step.from}}), kRate, 1);
    Audio output = strip.process(before);
    strip.set(step.id, step.to);
    const Audio tail = strip.process(after);
    output[0].insert(output[0].end(), tail[0].begin(), tail[0].end());
    const ToneAndRest heard = split_at_tone(output[0].data() + second, second, kRate, 1000);
    EXPECT_LE(heard.rest_relative_db(), kZipperDb) << "tone at " << heard.tone_dbfs << " dBFS";
}

}  // namespace
}  // namespace parameters_test
