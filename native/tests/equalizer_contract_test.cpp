// What every stage of the chain promises, for the equaliser and the high-pass.
#include "reference/tone_contract.h"

namespace equalizer_contract_test {
namespace {

using namespace aim_test::tone;

TEST(Equalizer, Flat_or_off_is_bit_transparent) {
    const Signal x = noise(4800, 1.0f);
    Equalizer::Parameters off = busy();
    off.enabled = false;
    for (const Equalizer::Parameters& p : {flat(), off, Equalizer::Parameters{}}) {
        auto eq = settled_stage<Equalizer>(p, 48000);
        Signal y = x;
        run(eq, y);
        EXPECT_TRUE(same_bits(x, y));
    }
    auto filter = settled_stage<HighPass>(HighPass::Parameters{false, 200.0f}, 48000);
    Signal y = x;
    run(filter, y);
    EXPECT_TRUE(same_bits(x, y));
}

TEST(Equalizer, Becomes_bit_transparent_again_after_it_was_switched_off) {
    for (const uint32_t rate : kRates) {
        auto eq = settled_stage<Equalizer>(busy(), rate);
        auto filter = settled_stage<HighPass>(HighPass::Parameters{true, 40.0f}, rate);
        Signal x = noise(rate / 10 / kQuantumFrames * kQuantumFrames, 0.5f);
        run(eq, x);
        run(filter, x);
        Equalizer::Parameters off = busy();
        off.enabled = false;
        eq.set_target(off);
        filter.set_target({false, 40.0f});
        x = noise(x.size(), 0.5f, 3);
        run(eq, x);
        run(filter, x);
        const Signal dry = noise(x.size(), 0.5f, 5);
        x = dry;
        run(eq, x);
        EXPECT_TRUE(same_bits(dry, x)) << rate;
        run(filter, x);
        EXPECT_TRUE(same_bits(dry, x)) << rate;
    }
}

TEST(Equalizer, Both_channels_are_filtered_alike_and_apart) {
    auto stereo = settled_stage<Equalizer>(busy(), 48000, 2);
    auto mono = settled_stage<Equalizer>(busy(), 48000, 1);
    Signal left = noise(4800, 0.5f, 1);
    Signal right = noise(4800, 0.5f, 2);
    Signal alone = left;
    Signal other = right;
    for (int pass = 0; pass < 2; ++pass) {
        run(stereo, left, right);
        run(mono, alone);
        EXPECT_TRUE(same_bits(left, alone)) << pass;
        Equalizer::Parameters moved = busy();
        moved.low_gain_db = -3.0f;
        stereo.set_target(moved);
        mono.set_target(moved);
    }
    mono.set_target(busy());
    mono.reset();
    run(mono, other);
    stereo.set_target(busy());
    stereo.reset();
    Signal silent(4800, 0.0f);
    Signal second = noise(4800, 0.5f, 2);
    run(stereo, silent, second);
    EXPECT_TRUE(same_bits(second, other));
    for (const float sample : silent) ASSERT_EQ(sample, 0.0f);
}

TEST(Equalizer, Reset_equals_fresh) {
    expect_reset_equals_fresh<Equalizer>(flat(), busy());
    expect_reset_equals_fresh<Equalizer>(busy(), flat());
    expect_reset_equals_fresh<HighPass>(HighPass::Parameters{true, 30.0f}, HighPass::Parameters{true, 120.0f});
}

TEST(Equalizer, Preparing_again_equals_fresh) { expect_preparing_again_equals_fresh<Equalizer>(busy()); }

TEST(Equalizer, Any_split_into_calls_gives_the_same_bits) {
    expect_any_split_gives_the_same_bits<Equalizer>(flat(), {busy(), flat(), busy()}, 320, 7);
}

TEST(Equalizer, Continues_from_a_saved_state_bit_for_bit) {
    Equalizer::Parameters other = busy();
    other.low_gain_db = -12.0f;
    other.mid_frequency_hz = 500.0f;
    expect_continues_from_a_saved_state<Equalizer>(flat(), busy(), other, {0, 160, 480, 4800});
}

TEST(Equalizer, Decays_to_exact_silence_without_denormals) {
    for (const uint32_t rate : kRates) {
        auto eq = settled_stage<Equalizer>(busy(), rate, 2);
        auto filter = settled_stage<HighPass>(HighPass::Parameters{true, 10.0f}, rate, 2);
        Signal left = noise(1600, 0.5f, 1);
        Signal right = noise(1600, 0.5f, 2);
        run(eq, left, right);
        run(filter, left, right);
        size_t denormals = 0;
        bool silent = false;
        for (int second = 0; second < 10 && !silent; ++second) {
            Signal a(rate / kQuantumFrames * kQuantumFrames, 0.0f);
            Signal b = a;
            run(eq, a, b);
            run(filter, a, b);
            silent = true;
            for (size_t n = 0; n < a.size(); ++n) {
                denormals += std::fpclassify(a[n]) == FP_SUBNORMAL || std::fpclassify(b[n]) == FP_SUBNORMAL;
                silent = silent && a[n] == 0.0f && b[n] == 0.0f;
            }
        }
        EXPECT_TRUE(silent) << rate;
        EXPECT_EQ(denormals, 0u) << rate;
    }
}

TEST(Equalizer, Has_no_latency) {
    EXPECT_EQ(Equalizer{}.latency_frames(), 0u);
    EXPECT_EQ(HighPass{}.latency_frames(), 0u);
    auto eq = settled_stage<Equalizer>(busy(), 48000);
    EXPECT_GT(std::abs(impulse_response(eq, 0.01, 48000.0)[0]), 0.5f);
}

}  // namespace
}  // namespace equalizer_contract_test
