// Strips side by side: the same bits as one by one, whoever joins, leaves or changes meanwhile.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>

#include "reference/setups.h"
#include "reference/strip_under_test.h"

using namespace aim_test;

namespace batch_test {
namespace {

constexpr uint32_t kMaxFrames = 960;

class Batch {
public:
    explicit Batch(uint32_t max_strips) { EXPECT_EQ(AIM_OK, aim_batch_create(max_strips, &batch_)); }
    ~Batch() { aim_batch_destroy(batch_); }
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;
    aim_batch* handle() const { return batch_; }

private:
    aim_batch* batch_ = nullptr;
};

// One stream twice: a strip that goes with others, and its twin that goes alone.
struct Twins {
    Twins(const Settings& settings, uint32_t rate_hz, uint32_t channels, uint32_t meters)
        : together(settings, rate_hz, channels, kMaxFrames, meters),
          alone(settings, rate_hz, channels, kMaxFrames, meters), channels(channels) {}

    void set(int32_t id, float value) {
        together.set(id, value);
        alone.set(id, value);
    }
    void set_genre(int32_t genre) {
        for (aim_strip* strip : {together.handle(), alone.handle()}) {
            EXPECT_EQ(AIM_OK, aim_strip_set_genre(strip, genre));
        }
    }

    StripUnderTest together;
    StripUnderTest alone;
    uint32_t channels;
    Audio input;
    size_t at = 0;
    bool present = true;
};

using Streams = std::vector<std::unique_ptr<Twins>>;

// Planar or interleaved; every stream's input and output apart from each other, or the same.
class Call {
public:
    Call(uint32_t frames, bool interleaved, bool in_place)
        : frames_(frames), interleaved_(interleaved), in_place_(in_place) {}

    void add(Twins& twins) {
        strips_.push_back(twins.together.handle());
        twins_.push_back(&twins);
        Audio input(twins.channels);
        for (uint32_t c = 0; c < twins.channels; ++c) {
            const auto from = twins.input[c].begin() + static_cast<std::ptrdiff_t>(twins.at);
            input[c].assign(from, from + frames_);
        }
        inputs_.push_back(input);
    }

    // Processes all of them, and each one's twin; compares.
    void run(aim_batch* batch) {
        std::vector<Audio> in = inputs_;
        if (interleaved_) {
            for (Audio& audio : in) audio = {interleave(audio)};
        }
        std::vector<Audio> out = in;
        if (!in_place_) {
            for (Audio& audio : out) {
                for (auto& channel : audio) std::fill(channel.begin(), channel.end(), -77.0f);
            }
        }
        std::vector<const float*> from;
        std::vector<float*> to;
        for (size_t i = 0; i < in.size(); ++i) {
            for (size_t c = 0; c < in[i].size(); ++c) {
                to.push_back(out[i][c].data());
                from.push_back(in_place_ ? to.back() : in[i][c].data());
            }
        }
        const auto process = interleaved_ ? aim_batch_process_interleaved : aim_batch_process;
        ASSERT_EQ(AIM_OK, process(batch, strips_.data(), static_cast<uint32_t>(strips_.size()), from.data(), to.data(),
                                  frames_));
        for (size_t i = 0; i < in.size(); ++i) {
            Audio expected = twins_[i]->alone.process(inputs_[i]);
            if (interleaved_) expected = {interleave(expected)};
            ASSERT_TRUE(same_bits(out[i], expected))
                << "stream " << i << " of " << in.size() << ", frame " << twins_[i]->at << " on";
            twins_[i]->at += frames_;
        }
    }

private:
    static std::vector<float> interleave(const Audio& audio) {
        std::vector<float> result(audio.size() * audio[0].size());
        for (size_t i = 0; i < result.size(); ++i) result[i] = audio[i % audio.size()][i / audio.size()];
        return result;
    }

    uint32_t frames_;
    bool interleaved_;
    bool in_place_;
    std::vector<aim_strip*> strips_;
    std::vector<Twins*> twins_;
    std::vector<Audio> inputs_;
};

void expect_same_metrics(const Twins& twins) {
    const aim_strip_metrics a = twins.together.metrics();
    const aim_strip_metrics b = twins.alone.metrics();
    EXPECT_EQ(0, std::memcmp(&a, &b, sizeof a));
}

const Settings kTone = {{AIM_PARAM_EQ_LOW_GAIN_DB, 3}, {AIM_PARAM_EQ_MID_GAIN_DB, -2}, {AIM_PARAM_EQ_HIGH_GAIN_DB, 2}};

// Noise whose level wanders between -50 and 0 dBFS within some hundred milliseconds: gates close, limiters work.
Audio wandering(uint32_t channels, size_t frames, uint64_t seed) {
    Random random(seed);
    Audio audio(channels, std::vector<float>(frames));
    double phase = random.uniform(0, 6.28);
    const double step = random.uniform(1e-4, 6e-4);
    for (size_t i = 0; i < frames; ++i) {
        phase += step;
        const double level = std::pow(10.0, -2.5 * (0.5 + 0.5 * std::sin(phase)));
        for (auto& channel : audio) channel[i] = static_cast<float>(level * random.uniform(-1, 1));
    }
    return audio;
}

// Runs all streams to their end, in calls of what `frames_of` says; `before` may change them meanwhile.
template <class FramesOf, class Before>
void run(aim_batch* batch, Streams& streams, size_t total, bool interleaved, bool in_place, FramesOf frames_of,
         Before before) {
    for (size_t done = 0; done < total && !::testing::Test::HasFatalFailure();) {
        const uint32_t frames = static_cast<uint32_t>(std::min<size_t>(frames_of(), total - done));
        before(done);
        Call call(frames, interleaved, in_place);
        for (auto& stream : streams) {
            if (stream->present) call.add(*stream);
        }
        call.run(batch);
        done += frames;
    }
    for (auto& stream : streams) expect_same_metrics(*stream);
}

Streams alike(uint32_t count, const Settings& settings, uint32_t channels, size_t total, uint32_t meters = 0) {
    Streams streams;
    for (uint32_t i = 0; i < count; ++i) {
        streams.push_back(std::make_unique<Twins>(settings, 48000, channels, meters));
        streams.back()->input = wandering(channels, total, 100 + i);
    }
    return streams;
}

}  // namespace

TEST(Batch, Gives_the_bits_of_one_strip_after_the_other) {
    constexpr size_t kTotal = 48000;
    for (const uint32_t channels : {1u, 2u}) {
        for (const uint32_t count : {1u, 2u, 7u, 8u, 13u}) {
            SCOPED_TRACE(testing::Message() << count << " streams, " << channels << " channels");
            Batch batch(count);
            Streams streams = alike(count, kTone, channels, kTotal, AIM_METER_OUTPUT | AIM_METER_INPUT);
            run(
                batch.handle(), streams, kTotal, channels == 2 && count == 7, count == 8, [] { return 960; },
                [](size_t) {});
        }
    }
}

TEST(Batch, Gives_the_same_bits_with_every_stage_at_work_and_every_stage_alone) {
    constexpr size_t kTotal = 24000;
    Batch batch(6);
    for (const StripSetup& setup : setups()) {
        SCOPED_TRACE(setup.name);
        Streams streams = alike(6, setup.settings, 2, kTotal);
        run(
            batch.handle(), streams, kTotal, false, false, [] { return 480; }, [](size_t) {});
    }
}

TEST(Batch, Gives_the_same_bits_for_streams_that_have_nothing_in_common) {
    constexpr size_t kTotal = 36000;
    constexpr uint32_t kRates[] = {8000, 22050, 44100, 48000, 96000, 192000};
    Batch batch(40);
    Streams streams;
    Random random(5);
    for (uint32_t i = 0; i < 40; ++i) {
        const uint32_t channels = random.integer(1, 2);
        streams.push_back(std::make_unique<Twins>(kTone, kRates[random.integer(0, 5)], channels, random.integer(0, 3)));
        streams.back()->set_genre(static_cast<int32_t>(random.integer(0, AIM_GENRE_COUNT)));
        streams.back()->input = wandering(channels, kTotal, i);
    }
    run(
        batch.handle(), streams, kTotal, false, true, [&] { return random.integer(0, kMaxFrames); }, [](size_t) {});
}

// Each stream comes and goes by chance, so each is cut into quanta at another frame; parameters and genres change.
TEST(Batch, Gives_the_same_bits_while_streams_join_leave_and_change_at_any_frame) {
    constexpr size_t kTotal = 60000;
    for (const uint32_t channels : {1u, 2u}) {
        Batch batch(12);
        Streams streams = alike(12, kTone, channels, kTotal);
        for (auto& stream : streams) stream->present = false;
        Random random(channels);
        const auto change = [&](size_t) {
            Twins& one = *streams[random.integer(0, 11)];
            switch (random.integer(0, 5)) {
            case 0:
                one.set(AIM_PARAM_COMPRESSOR_THRESHOLD_DB, static_cast<float>(random.uniform(-50, 0)));
                break;
            case 1:
                one.set(AIM_PARAM_EQ_MID_GAIN_DB, static_cast<float>(random.integer(0, 2)) * 3);
                break;
            case 2:
                one.set_genre(static_cast<int32_t>(random.integer(0, AIM_GENRE_COUNT)));
                break;
            default:
                one.present = !one.present;
            }
        };
        run(
            batch.handle(), streams, kTotal, channels == 2, false, [&] { return random.integer(1, 300); }, change);
    }
}

TEST(Batch, Keeps_what_is_damaged_in_one_stream_from_the_others) {
    constexpr size_t kTotal = 9600;
    Batch batch(8);
    Streams streams = alike(8, kTone, 1, kTotal);
    const float damage[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -1e30f};
    Random random(9);
    for (size_t i = 0; i < kTotal; i += 7) streams[3]->input[0][i] = damage[random.integer(0, 2)];
    for (float& x : streams[5]->input[0]) x = 0.0f;
    for (float& x : streams[6]->input[0]) x *= 1e-38f;
    run(
        batch.handle(), streams, kTotal, false, false, [] { return 960; }, [](size_t) {});
    EXPECT_GT(streams[3]->together.metrics().non_finite_samples, 1000u);
    EXPECT_EQ(0u, streams[4]->together.metrics().non_finite_samples);
}

TEST(Batch, Lets_a_stream_go_on_alone_and_come_back) {
    constexpr size_t kTotal = 19200;
    Batch batch(4);
    Streams streams = alike(4, kTone, 2, kTotal);
    const auto sometimes_alone = [&](size_t done) {
        if (done / 960 % 3 != 1) return;
        Twins& one = *streams[2];
        Audio piece(2);
        for (uint32_t c = 0; c < 2; ++c) {
            const auto from = one.input[c].begin() + static_cast<std::ptrdiff_t>(one.at);
            piece[c].assign(from, from + 333);
        }
        ASSERT_TRUE(same_bits(one.together.process(piece), one.alone.process(piece)));
    };
    run(
        batch.handle(), streams, kTotal, false, false, [] { return 960; }, sometimes_alone);
}

TEST(Batch, Refuses_nonsense_and_touches_nothing) {
    EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, aim_batch_create(1, nullptr));
    aim_batch* none = reinterpret_cast<aim_batch*>(1);
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_batch_create(0, &none));
    EXPECT_EQ(nullptr, none);
    EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, aim_batch_create(AIM_BATCH_STRIPS_MAX + 1, &none));
    aim_batch_destroy(nullptr);

    Batch batch(3);
    StripUnderTest a({}, 48000, 1), b({}, 48000, 2), c({}, 48000, 1, 100);
    std::vector<float> samples(4 * 960, 0.5f);
    float* at[] = {samples.data(), samples.data() + 960, samples.data() + 1920, samples.data() + 2880};
    float* const gap[] = {at[0], at[1], nullptr, at[3]};
    aim_strip* const strips[] = {a.handle(), b.handle(), c.handle(), a.handle()};
    aim_strip* const missing[] = {a.handle(), nullptr, c.handle()};
    aim_strip* const twice[] = {a.handle(), c.handle(), a.handle()};
    for (const auto process : {aim_batch_process, aim_batch_process_interleaved}) {
        EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, process(nullptr, strips, 3, at, at, 100));
        EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, process(batch.handle(), nullptr, 3, at, at, 100));
        EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, process(batch.handle(), strips, 3, nullptr, at, 100));
        EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, process(batch.handle(), strips, 3, at, nullptr, 100));
        EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, process(batch.handle(), missing, 3, at, at, 100));
        EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, process(batch.handle(), strips, 3, gap, at, 100));
        EXPECT_EQ(AIM_ERROR_NULL_ARGUMENT, process(batch.handle(), strips, 3, at, gap, 100));
        EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, process(batch.handle(), strips, 4, at, at, 100));
        EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, process(batch.handle(), strips, UINT32_MAX, at, at, 100));
        EXPECT_EQ(AIM_ERROR_OUT_OF_RANGE, process(batch.handle(), twice, 3, at, at, 100));
        EXPECT_EQ(AIM_ERROR_TOO_MANY_FRAMES, process(batch.handle(), strips, 3, at, at, 101));
    }
    for (const float x : samples) ASSERT_EQ(0.5f, x);
    EXPECT_EQ(0u, a.metrics().frames);

    EXPECT_EQ(AIM_OK, aim_batch_process(batch.handle(), nullptr, 0, nullptr, nullptr, 100));
    EXPECT_EQ(AIM_OK, aim_batch_process(batch.handle(), strips, 3, at, at, 0));
    EXPECT_EQ(AIM_OK, aim_batch_process(batch.handle(), strips, 3, at, at, 100));
    EXPECT_EQ(100u, a.metrics().frames);
    EXPECT_EQ(100u, c.metrics().frames);
}

}  // namespace batch_test
