// What every stage of the chain promises, for the equaliser and the high-pass.
#include "reference/tone_stage.h"

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

template <class Stage, class Parameters>
void expect_reset_equals_fresh(const Parameters& first, const Parameters& last) {
    auto used = settled_stage<Stage>(first, 48000, 2);
    Signal left = noise(1600, 0.5f, 1);
    Signal right = noise(1600, 0.5f, 2);
    run(used, left, right);
    used.set_target(last);
    run(used, left, right);
    used.set_target(first);
    Signal some(left.begin(), left.begin() + 160);
    Signal more = some;
    run(used, some, more);
    used.set_target(last);
    used.reset();
    auto fresh = settled_stage<Stage>(last, 48000, 2);
    Signal a = noise(1600, 0.5f, 3);
    Signal b = noise(1600, 0.5f, 4);
    Signal c = a;
    Signal d = b;
    run(used, a, b);
    run(fresh, c, d);
    EXPECT_TRUE(same_bits(a, c));
    EXPECT_TRUE(same_bits(b, d));
}

TEST(Equalizer, Reset_equals_fresh) {
    expect_reset_equals_fresh<Equalizer>(flat(), busy());
    expect_reset_equals_fresh<Equalizer>(busy(), flat());
    expect_reset_equals_fresh<HighPass>(HighPass::Parameters{true, 30.0f}, HighPass::Parameters{true, 120.0f});
}

TEST(Equalizer, Preparing_again_equals_fresh) {
    auto used = settled_stage<Equalizer>(busy(), 96000, 2);
    Signal left = noise(1600, 0.5f, 1);
    Signal right = noise(1600, 0.5f, 2);
    run(used, left, right);
    used.prepare({44100, 2});
    used.set_target(busy());
    used.reset();
    auto fresh = settled_stage<Equalizer>(busy(), 44100, 2);
    Signal a = noise(1600, 0.5f, 3);
    Signal b = a;
    Signal c = a;
    Signal d = a;
    run(used, a, b);
    run(fresh, c, d);
    EXPECT_TRUE(same_bits(a, c));
    EXPECT_TRUE(same_bits(b, d));
}

TEST(Equalizer, Any_split_into_calls_gives_the_same_bits) {
    auto whole = settled_stage<Equalizer>(flat(), 48000);
    auto pieces = settled_stage<Equalizer>(flat(), 48000);
    for (const Equalizer::Parameters& target : {busy(), flat(), busy()}) {
        whole.set_target(target);
        pieces.set_target(target);
        Signal a = noise(320 * kQuantumFrames, 0.5f);
        Signal b = a;
        run(whole, a);
        size_t at = 0;
        for (uint32_t quanta = 1; at < b.size(); quanta = quanta % 7 + 1) {
            const auto left = (uint32_t)((b.size() - at) / kQuantumFrames);
            float* channels[1] = {b.data() + at};
            pieces.process(channels, std::min(quanta, left));
            at += (size_t)std::min(quanta, left) * kQuantumFrames;
        }
        EXPECT_TRUE(same_bits(a, b));
    }
}

// Saved while gliding, at rest, and flat: the other one continues as if nothing had happened.
TEST(Equalizer, Continues_from_a_saved_state_bit_for_bit) {
    for (const int frames_into_the_glide : {0, 160, 480, 4800}) {
        for (const bool rising : {true, false}) {
            auto first = settled_stage<Equalizer>(rising ? flat() : busy(), 48000, 2);
            first.set_target(rising ? busy() : flat());
            Signal left = noise((size_t)frames_into_the_glide, 0.5f, 1);
            Signal right = noise((size_t)frames_into_the_glide, 0.5f, 2);
            run(first, left, right);
            const std::vector<unsigned char> bytes = saved(first);

            Equalizer::Parameters other = busy();
            other.low_gain_db = -12.0f;
            other.mid_frequency_hz = 500.0f;
            auto second = settled_stage<Equalizer>(other, 48000, 2);
            Signal junk = noise(1600, 0.5f, 9);
            Signal more_junk = junk;
            run(second, junk, more_junk);
            restore(second, bytes);
            EXPECT_EQ(saved(second), bytes);

            Signal a = noise(4800, 0.5f, 3);
            Signal b = noise(4800, 0.5f, 4);
            Signal c = a;
            Signal d = b;
            run(first, a, b);
            run(second, c, d);
            EXPECT_TRUE(same_bits(a, c)) << frames_into_the_glide;
            EXPECT_TRUE(same_bits(b, d)) << frames_into_the_glide;
        }
    }
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
