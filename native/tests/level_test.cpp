// The programme meter as a whole: peak and RMS levels, silence, cuts, reset, snapshots, damaged state.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "base/state.h"
#include "metering/programme_meter.h"
#include "signals.h"

namespace level_test {
namespace {

using namespace aim_test;

constexpr double kLevel = 0.001;  // dB: float readings of double sums

using Meter = std::unique_ptr<aim::ProgrammeMeter>;

Meter make_meter(uint32_t rate_hz = 48000, uint32_t channels = 2) {
    Meter meter = std::make_unique<aim::ProgrammeMeter>();
    meter->prepare({rate_hz, channels});
    return meter;
}

void add(aim::ProgrammeMeter& meter, const Audio& audio, size_t from, size_t frames) {
    const float* channels[2] = {audio.front().data() + from, audio.back().data() + from};
    meter.process(channels, static_cast<uint32_t>(frames));
}

void add(aim::ProgrammeMeter& meter, const Audio& audio) { add(meter, audio, 0, audio.front().size()); }

aim_loudness read(const aim::ProgrammeMeter& meter) {
    aim_loudness loudness;
    meter.read(&loudness);
    return loudness;
}

std::vector<unsigned char> saved(aim::ProgrammeMeter& meter) {
    aim::StateSizer sizer;
    meter.visit_state(sizer);
    std::vector<unsigned char> bytes(sizer.bytes());
    aim::StateWriter writer(bytes.data());
    meter.visit_state(writer);
    return bytes;
}

void expect_same(const aim_loudness& a, const aim_loudness& b) { EXPECT_EQ(std::memcmp(&a, &b, sizeof a), 0); }

Audio noise(size_t frames) { return to_audio(white_noise(-1, frames, 1), pink_noise(-6, frames, 2)); }

TEST(Level, A_sine_reads_its_peak_and_rms) {
    for (const uint32_t rate_hz : {8000u, 44100u, 48000u, 192000u}) {
        for (const uint32_t channels : {1u, 2u}) {
            const Meter meter = make_meter(rate_hz, channels);
            add(*meter, to_audio(sine(rate_hz, 1000, -6, rate_hz, 0.1), channels));
            EXPECT_NEAR(read(*meter).rms_dbfs, -9.0103, kLevel);
            EXPECT_NEAR(read(*meter).current_rms_dbfs, -9.0103, kLevel);
            EXPECT_NEAR(read(*meter).sample_peak_dbfs, -6, 0.3);
            EXPECT_GE(read(*meter).true_peak_dbtp, read(*meter).sample_peak_dbfs);
        }
    }
}

TEST(Level, Rms_is_the_mean_over_both_channels) {
    const Meter meter = make_meter();
    add(*meter, to_audio(constant(1, 48000), silence(48000)));
    EXPECT_NEAR(read(*meter).rms_dbfs, -3.0103, kLevel);
    EXPECT_NEAR(read(*meter).current_rms_dbfs, -3.0103, kLevel);
    EXPECT_EQ(read(*meter).sample_peak_dbfs, 0);
}

TEST(Level, Every_frame_counts_at_once) {
    const Meter meter = make_meter();
    Audio one = to_audio(silence(1), 2);
    for (int i = 1; i <= 700; ++i) {
        one[1][0] = -static_cast<float>(i) / 1000;
        add(*meter, one);
        ASSERT_NEAR(read(*meter).sample_peak_dbfs, to_db(i / 1000.0), kLevel);
        ASSERT_NEAR(read(*meter).current_peak_dbfs, to_db(i / 1000.0), kLevel);
        const double mean_square = i * (i + 1.0) * (2.0 * i + 1) / 6 / 1e6 / (2.0 * i);
        ASSERT_NEAR(read(*meter).rms_dbfs, 10 * std::log10(mean_square), kLevel);
        ASSERT_GE(read(*meter).true_peak_dbtp, read(*meter).sample_peak_dbfs);
    }
}

TEST(Level, The_current_peak_is_forgotten_after_20_ms) {
    const Meter meter = make_meter();
    add(*meter, to_audio(constant(0.5, 240), 2));
    add(*meter, to_audio(constant(0.1, 960 - 240), 2));
    EXPECT_NEAR(read(*meter).current_peak_dbfs, to_db(0.5), kLevel);
    add(*meter, to_audio(constant(0.1, 240), 2));
    EXPECT_NEAR(read(*meter).current_peak_dbfs, to_db(0.1), kLevel);
    EXPECT_NEAR(read(*meter).sample_peak_dbfs, to_db(0.5), kLevel);
}

TEST(Level, The_current_rms_is_that_of_the_last_400_ms) {
    const Meter meter = make_meter();
    add(*meter, to_audio(constant(1, 48000), 2));
    add(*meter, to_audio(constant(0.25, 19200), 2));
    EXPECT_NEAR(read(*meter).current_rms_dbfs, to_db(0.25), kLevel);
}

TEST(ProgrammeMeter, Silence_and_nothing_read_as_silence) {
    const Meter meter = make_meter();
    for (int round = 0; round < 2; ++round) {
        const aim_loudness l = read(*meter);
        for (const float level :
             {l.momentary_lufs, l.short_term_lufs, l.integrated_lufs, l.momentary_max_lufs, l.short_term_max_lufs,
              l.true_peak_dbtp, l.sample_peak_dbfs, l.rms_dbfs, l.current_peak_dbfs, l.current_rms_dbfs}) {
            EXPECT_EQ(level, AIM_SILENCE_DB);
        }
        EXPECT_EQ(l.range_lu, 0);
        add(*meter, to_audio(silence(200000), 2));
    }
}

TEST(ProgrammeMeter, Fits_in_64_kilobytes) { EXPECT_LE(sizeof(aim::ProgrammeMeter), 64u * 1024); }

TEST(ProgrammeMeter, The_cut_of_the_stream_does_not_matter) {
    for (const uint32_t rate_hz : {8000u, 11025u, 44100u, 48000u}) {
        const size_t frames = rate_hz * 4 + 123;
        const Audio audio = noise(frames);
        const Meter whole = make_meter(rate_hz);
        add(*whole, audio);
        const std::vector<unsigned char> state = saved(*whole);
        for (const uint32_t most : {1u, 7u, 64u, 480u, 960u, 5000u}) {
            Random random(most);
            const Meter cut = make_meter(rate_hz);
            for (size_t at = 0; at < frames;) {
                const uint32_t wanted = most < 1000 ? most : random.integer(0, most);
                const size_t n = std::min<size_t>(wanted, frames - at);
                add(*cut, audio, at, n);
                at += n;
            }
            expect_same(read(*cut), read(*whole));
            EXPECT_TRUE(saved(*cut) == state) << rate_hz << " Hz, calls of " << most;
        }
    }
}

TEST(ProgrammeMeter, Reset_equals_fresh) {
    const Audio audio = noise(190000);
    const Meter used = make_meter();
    add(*used, audio, 777, 170001);
    used->reset();
    const Meter fresh = make_meter();
    EXPECT_TRUE(saved(*used) == saved(*fresh));
    add(*used, audio);
    add(*fresh, audio);
    expect_same(read(*used), read(*fresh));
}

TEST(ProgrammeMeter, Preparing_again_for_another_rate_equals_fresh) {
    const Audio audio = noise(50000);
    const Meter used = make_meter(192000, 1);
    add(*used, audio);
    used->prepare({44100, 2});
    const Meter fresh = make_meter(44100, 2);
    add(*used, audio);
    add(*fresh, audio);
    EXPECT_TRUE(saved(*used) == saved(*fresh));
}

TEST(ProgrammeMeter, Reading_changes_nothing) {
    const Audio audio = noise(30000);
    const Meter meter = make_meter();
    add(*meter, audio);
    const std::vector<unsigned char> before = saved(*meter);
    const aim_loudness first = read(*meter);
    expect_same(read(*meter), first);
    EXPECT_TRUE(saved(*meter) == before);
}

TEST(ProgrammeMeter, Continues_from_a_snapshot) {
    const Audio audio = noise(200000);
    const Meter first = make_meter();
    add(*first, audio, 0, 160003);
    const std::vector<unsigned char> state = saved(*first);
    const Meter second = make_meter();
    add(*second, audio, 100, 5000);
    aim::StateReader reader(state.data());
    second->visit_state(reader);
    add(*first, audio, 160003, 39997);
    add(*second, audio, 160003, 39997);
    expect_same(read(*second), read(*first));
    EXPECT_TRUE(saved(*second) == saved(*first));
}

// Wrong numbers are allowed, reading or writing outside of the meter is not: the sanitizers look on. Random bytes are
// infinities, NaN and wild indices.
TEST(ProgrammeMeter, A_damaged_state_stays_within_bounds) {
    const Audio audio = noise(50000);
    for (uint64_t seed = 0; seed < 20; ++seed) {
        Random random(seed);
        const Meter meter = make_meter(44100);
        std::vector<unsigned char> state = saved(*meter);
        for (unsigned char& byte : state) byte = static_cast<unsigned char>(random.bits());
        aim::StateReader reader(state.data());
        meter->visit_state(reader);
        add(*meter, audio);
        read(*meter);
        meter->reset();
        add(*meter, audio);
        const Meter fresh = make_meter(44100);
        add(*fresh, audio);
        EXPECT_TRUE(saved(*meter) == saved(*fresh));
    }
}

// Counts the doubles of a state that are too small to be normal.
struct DenormalSearch {
    int denormals = 0;
    void operator()(double& x) { look(&x, 1); }
    template <size_t n>
    void operator()(double (&x)[n]) {
        look(x, n);
    }
    void operator()(aim::KWeightingState& s) { look(&s, sizeof s / sizeof(double)); }
    void operator()(aim::f64x2& x) { look(&x, 2); }
    template <class T>
    void operator()(T&) {}
    void array(float*, size_t) {}
    void look(const void* from, size_t count) {
        for (size_t i = 0; i < count; ++i) {
            double x;
            std::memcpy(&x, static_cast<const char*>(from) + i * sizeof x, sizeof x);
            denormals += std::fpclassify(x) == FP_SUBNORMAL ? 1 : 0;
        }
    }
};

// A decay into silence must not leave numbers so small that they cost time.
TEST(ProgrammeMeter, No_denormal_remains_after_a_decay) {
    const Meter meter = make_meter();
    add(*meter, to_audio(sine(48000, 60, 0, 4800), 2));
    add(*meter, to_audio(silence(480000), 2));
    DenormalSearch search;
    meter->visit_state(search);
    EXPECT_EQ(search.denormals, 0);
}

}  // namespace
}  // namespace level_test
