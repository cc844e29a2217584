// The channel strip: every rate, every stage, every way of cutting the stream.
#include <algorithm>
#include <memory>

#include "ai_mixer_core.h"
#include "cases.h"
#include "check.h"
#include "sha256.h"
#include "signals.h"

namespace bit_exactness {

namespace {

constexpr uint32_t kNever = UINT32_MAX;
constexpr uint32_t kRandomBlocks = 0;
constexpr uint32_t kMaxFrames = 960;

struct Setting {
    int32_t id;
    float value;
};

struct Event {
    uint32_t frame;
    int32_t id;
    float value;
};

// As an event's id: its value is a genre, to be moved to.
constexpr int32_t kSetGenre = -1;
// As an event's id: its value is the only genre that may be recognised from there on.
constexpr int32_t kAllowGenre = -2;

struct Plan {
    uint32_t sample_rate_hz = 48000;
    uint32_t channels = 2;
    Signal signal = Signal::kProgramme;
    uint32_t milliseconds = 1200;
    uint32_t block_frames = kMaxFrames;
    bool interleaved = false;
    std::vector<Setting> settings;
    std::vector<Event> events;
    // Every so many frames a parameter picked by chance jumps to a value picked by chance.
    uint32_t sweep_every_frames = kNever;
    uint32_t reset_at_frame = kNever;
    uint32_t move_at_frame = kNever;
    int32_t genre = AIM_GENRE_NEUTRAL;
};

struct StripDeleter {
    void operator()(aim_strip* strip) const { aim_strip_destroy(strip); }
};
using Strip = std::unique_ptr<aim_strip, StripDeleter>;

bool create(const Plan& plan, Strip& strip) {
    aim_strip_config config;
    AIM_CHECK(aim_strip_config_init(&config));
    config.sample_rate_hz = plan.sample_rate_hz;
    config.channels = plan.channels;
    config.max_frames = kMaxFrames;
    config.meters = AIM_METER_OUTPUT | AIM_METER_INPUT;
    aim_strip* created = nullptr;
    AIM_CHECK(aim_strip_create(&config, &created));
    strip.reset(created);
    AIM_CHECK(aim_strip_set_genre(created, plan.genre));
    for (const Setting& setting : plan.settings) AIM_CHECK(aim_strip_set_parameter(created, setting.id, setting.value));
    return true;
}

bool happen(aim_strip* strip, const Event& event) {
    if (event.id == kSetGenre) {
        AIM_CHECK(aim_strip_set_genre(strip, (int32_t)event.value));
    } else if (event.id == kAllowGenre) {
        float weights[AIM_GENRE_COUNT] = {};
        weights[(int32_t)event.value - 1] = 1.0f;
        AIM_CHECK(aim_strip_set_genre_weights(strip, weights));
    } else {
        AIM_CHECK(aim_strip_set_parameter(strip, event.id, event.value));
    }
    return true;
}

// The stream goes on in another strip, from nothing but the snapshot.
bool move(const Plan& plan, Strip& strip) {
    uint64_t size = 0;
    AIM_CHECK(aim_strip_snapshot_size(strip.get(), &size));
    std::vector<unsigned char> snapshot(size);
    AIM_CHECK(aim_strip_save(strip.get(), snapshot.data(), size));
    Strip other;
    if (!create(plan, other)) return false;
    AIM_CHECK(aim_strip_restore(other.get(), snapshot.data(), size));
    strip = std::move(other);
    return true;
}

bool sweep(aim_strip* strip, Random& random) {
    aim_parameter_info info;
    AIM_CHECK(aim_parameter_info_at((int32_t)random.below((uint32_t)aim_parameter_count()), &info));
    if ((info.flags & AIM_PARAMETER_SETUP) != 0) return true;
    const double span = (double)info.maximum - (double)info.minimum;
    double value = (double)info.minimum + span * random.unit();
    if (info.unit == AIM_UNIT_BOOLEAN) value = value < 0.5 ? 0.0 : 1.0;
    AIM_CHECK(aim_strip_set_parameter(strip, info.id, (float)value));
    return true;
}

bool process(aim_strip* strip, const Plan& plan, const Audio& input, uint32_t at, uint32_t frames, Audio& output) {
    if (plan.interleaved) {
        float buffer[kMaxFrames * AIM_CHANNELS_MAX];
        for (uint32_t i = 0; i < frames * plan.channels; ++i) {
            buffer[i] = input[i % plan.channels][at + i / plan.channels];
        }
        AIM_CHECK(aim_strip_process_interleaved(strip, buffer, buffer, frames));
        for (uint32_t i = 0; i < frames * plan.channels; ++i) {
            output[i % plan.channels][at + i / plan.channels] = buffer[i];
        }
        return true;
    }
    const float* from[AIM_CHANNELS_MAX] = {};
    float* to[AIM_CHANNELS_MAX] = {};
    for (uint32_t c = 0; c < plan.channels; ++c) {
        from[c] = input[c].data() + at;
        to[c] = output[c].data() + at;
    }
    AIM_CHECK(aim_strip_process(strip, from, to, frames));
    return true;
}

// What changes at a frame happens there, however the stream is cut.
bool render(const Plan& plan, Audio& output, Strip& strip) {
    const uint32_t frames = plan.sample_rate_hz / 100 * plan.milliseconds / 10;
    const Audio input = make_signal(plan.signal, plan.sample_rate_hz, plan.channels, frames);
    output.assign(plan.channels, std::vector<float>(frames, 0.0f));
    if (!create(plan, strip)) return false;

    Random blocks(11);
    Random changes(12);
    size_t next_event = 0;
    uint32_t at = 0;
    while (at < frames) {
        while (next_event < plan.events.size() && plan.events[next_event].frame == at) {
            if (!happen(strip.get(), plan.events[next_event++])) return false;
        }
        if (at == plan.reset_at_frame) AIM_CHECK(aim_strip_reset(strip.get()));
        if (at == plan.move_at_frame && !move(plan, strip)) return false;
        if (plan.sweep_every_frames != kNever && at % plan.sweep_every_frames == 0 && !sweep(strip.get(), changes)) {
            return false;
        }

        uint32_t stop = frames;
        if (next_event < plan.events.size()) stop = std::min(stop, plan.events[next_event].frame);
        if (plan.reset_at_frame > at) stop = std::min(stop, plan.reset_at_frame);
        if (plan.move_at_frame > at) stop = std::min(stop, plan.move_at_frame);
        if (plan.sweep_every_frames != kNever) {
            stop = std::min(stop, (at / plan.sweep_every_frames + 1) * plan.sweep_every_frames);
        }
        const uint32_t wanted = plan.block_frames == kRandomBlocks ? 1 + blocks.below(kMaxFrames) : plan.block_frames;
        const uint32_t count = std::min(wanted, stop - at);
        if (!process(strip.get(), plan, input, at, count, output)) return false;
        at += count;
    }
    return true;
}

void add_loudness(Sha256& hash, const aim_loudness& l) {
    for (const float value : {l.momentary_lufs, l.short_term_lufs, l.integrated_lufs, l.range_lu, l.momentary_max_lufs,
                              l.short_term_max_lufs, l.true_peak_dbtp, l.sample_peak_dbfs, l.rms_dbfs,
                              l.current_peak_dbfs, l.current_rms_dbfs}) {
        hash.add(value);
    }
}

void add_reduction(Sha256& hash, const aim_gain_reduction& reduction) {
    for (const float value : {reduction.now_db, reduction.average_db, reduction.maximum_db}) hash.add(value);
}

// What was recognised, and every decision.
bool add_genre(Sha256& hash, const aim_strip* strip) {
    aim_genre_reading reading;
    AIM_CHECK(aim_strip_genre(strip, &reading));
    if (reading.listening == 0) return true;
    aim_genre_event events[AIM_GENRE_EVENTS_MAX];
    uint32_t count = 0;
    AIM_CHECK(aim_strip_genre_events(strip, 0, events, AIM_GENRE_EVENTS_MAX, &count));
    hash.add((uint32_t)reading.state);
    hash.add((uint32_t)reading.genre);
    hash.add(reading.confidence);
    hash.add(reading.probabilities, AIM_GENRE_COUNT);
    hash.add(reading.peak_dbfs);
    for (uint32_t i = 0; i < count; ++i) {
        hash.add(events[i].frame);
        hash.add((uint32_t)events[i].to);
        hash.add((uint32_t)events[i].rule);
        hash.add(events[i].probabilities, AIM_GENRE_COUNT);
    }
    return true;
}

// Two results: the audio, and what the meters say at the end.
bool run(std::vector<Result>& results, const std::string& name, const Plan& plan, const std::string& same_as = "") {
    Audio output;
    Strip strip;
    if (!render(plan, output, strip)) {
        std::fprintf(stderr, "%s could not be rendered\n", name.c_str());
        return false;
    }
    uint32_t latency = 0;
    AIM_CHECK(aim_strip_latency_frames(strip.get(), &latency));
    Sha256 audio;
    audio.add(latency);
    for (const std::vector<float>& channel : output) audio.add(channel.data(), channel.size());
    results.push_back({name, audio.finish(), same_as});

    aim_strip_metrics metrics;
    AIM_CHECK(aim_strip_get_metrics(strip.get(), &metrics));
    Sha256 readings;
    readings.add(metrics.frames);
    readings.add(metrics.non_finite_samples);
    readings.add(metrics.limiter_clamped_samples);
    add_loudness(readings, metrics.output);
    add_loudness(readings, metrics.input);
    add_reduction(readings, metrics.gate);
    add_reduction(readings, metrics.compressor);
    add_reduction(readings, metrics.limiter);
    add_reduction(readings, metrics.de_esser);
    readings.add(metrics.leveler_gain_db);
    readings.add(metrics.target_lufs);
    if (!add_genre(readings, strip.get())) return false;
    results.push_back({name + "/metrics", readings.finish(), same_as.empty() ? "" : same_as + "/metrics"});
    return true;
}

bool run_rates(std::vector<Result>& results) {
    for (const uint32_t rate : {8000u, 16000u, 44100u, 48000u, 96000u, 192000u}) {
        for (const uint32_t channels : {1u, 2u}) {
            Plan plan;
            plan.sample_rate_hz = rate;
            plan.channels = channels;
            plan.milliseconds = rate > 96000 ? 600 : 1200;
            const std::string name = "strip/" + std::to_string(rate) + (channels == 1 ? "/mono" : "/stereo");
            if (!run(results, name, plan)) return false;
        }
    }
    return true;
}

bool run_blocks(std::vector<Result>& results) {
    for (const uint32_t block : {1u, 7u, 16u, 64u, 480u, kRandomBlocks}) {
        Plan plan;
        plan.block_frames = block;
        const std::string name = block == kRandomBlocks ? "random" : std::to_string(block);
        if (!run(results, "strip/blocks/" + name, plan, "strip/48000/stereo")) return false;
    }
    Plan interleaved;
    interleaved.interleaved = true;
    if (!run(results, "strip/interleaved", interleaved, "strip/48000/stereo")) return false;
    Plan moved;
    moved.block_frames = kRandomBlocks;
    moved.move_at_frame = 20011;
    return run(results, "strip/moved", moved, "strip/48000/stereo");
}

bool run_signals(std::vector<Result>& results) {
    const std::pair<const char*, Signal> signals[] = {{"silence", Signal::kSilence}, {"impulses", Signal::kImpulses},
                                                      {"noise", Signal::kNoise},     {"decay", Signal::kDecay},
                                                      {"square", Signal::kSquare},   {"hover", Signal::kHover},
                                                      {"hostile", Signal::kHostile}};
    for (const auto& [name, signal] : signals) {
        for (const float true_peak : {1.0f, 0.0f}) {
            Plan plan;
            plan.signal = signal;
            plan.settings = {{AIM_PARAM_LIMITER_TRUE_PEAK, true_peak}};
            const char* detector = true_peak == 1.0f ? "/true-peak" : "/sample-peak";
            if (!run(results, std::string("strip/signal/") + name + detector, plan)) return false;
        }
    }
    return true;
}

bool run_settings(std::vector<Result>& results) {
    const Setting gate_off = {AIM_PARAM_GATE_ENABLED, 0.0f};
    const Setting compressor_off = {AIM_PARAM_COMPRESSOR_ENABLED, 0.0f};
    const Setting eq_off = {AIM_PARAM_EQ_ENABLED, 0.0f};
    const Setting limiter_off = {AIM_PARAM_LIMITER_ENABLED, 0.0f};
    const std::pair<const char*, std::vector<Setting>> settings[] = {
        {"all-off", {gate_off, compressor_off, eq_off, limiter_off}},
        {"gate", {compressor_off, eq_off, limiter_off, {AIM_PARAM_GATE_RANGE_DB, -20.0f}}},
        {"compressor",
         {gate_off,
          eq_off,
          limiter_off,
          {AIM_PARAM_COMPRESSOR_RATIO, 8.0f},
          {AIM_PARAM_COMPRESSOR_KNEE_DB, 0.0f},
          {AIM_PARAM_COMPRESSOR_MAKEUP_DB, 6.0f}}},
        {"eq",
         {gate_off,
          compressor_off,
          limiter_off,
          {AIM_PARAM_EQ_LOW_GAIN_DB, 5.0f},
          {AIM_PARAM_EQ_MID_GAIN_DB, -7.5f},
          {AIM_PARAM_EQ_HIGH_GAIN_DB, 3.25f}}},
        {"input-gain", {{AIM_PARAM_INPUT_GAIN_DB, 7.3f}}},
        {"high-pass",
         {gate_off,
          compressor_off,
          eq_off,
          limiter_off,
          {AIM_PARAM_HIGH_PASS_ENABLED, 1.0f},
          {AIM_PARAM_HIGH_PASS_FREQUENCY_HZ, 120.0f}}},
        {"driven", {{AIM_PARAM_LIMITER_INPUT_GAIN_DB, 12.0f}, {AIM_PARAM_EQ_HIGH_GAIN_DB, 6.0f}}},
        {"driven-sample-peak", {{AIM_PARAM_LIMITER_INPUT_GAIN_DB, 12.0f}, {AIM_PARAM_LIMITER_TRUE_PEAK, 0.0f}}},
        {"bypass", {{AIM_PARAM_BYPASS, 1.0f}}}};
    for (const auto& [name, values] : settings) {
        Plan plan;
        plan.settings = values;
        if (!run(results, std::string("strip/settings/") + name, plan)) return false;
    }

    int32_t lookahead_row = 0;
    aim_parameter_info lookahead = {};
    while (lookahead.id != AIM_PARAM_LIMITER_LOOKAHEAD_MS) {
        AIM_CHECK(aim_parameter_info_at(lookahead_row++, &lookahead));
    }
    for (const float value : {lookahead.minimum, lookahead.maximum}) {
        Plan plan;
        plan.signal = Signal::kNoise;
        plan.milliseconds = 400;
        plan.settings = {{AIM_PARAM_LIMITER_LOOKAHEAD_MS, value}};
        const char* name = value == lookahead.minimum ? "shortest" : "longest";
        if (!run(results, std::string("strip/lookahead/") + name, plan)) return false;
    }
    return true;
}

bool run_changes(std::vector<Result>& results) {
    Plan toggled;
    toggled.events = {{9600, AIM_PARAM_BYPASS, 1.0f},           {19200, AIM_PARAM_BYPASS, 0.0f},
                      {20000, AIM_PARAM_BYPASS, 1.0f},          {20100, AIM_PARAM_BYPASS, 0.0f},
                      {30001, AIM_PARAM_LIMITER_ENABLED, 0.0f}, {40007, AIM_PARAM_LIMITER_ENABLED, 1.0f}};
    if (!run(results, "strip/toggled", toggled)) return false;
    Plan toggled_in_pieces = toggled;
    toggled_in_pieces.block_frames = kRandomBlocks;
    if (!run(results, "strip/toggled/random", toggled_in_pieces, "strip/toggled")) return false;

    for (const uint32_t channels : {1u, 2u}) {
        Plan swept;
        swept.channels = channels;
        swept.milliseconds = 3000;
        swept.sweep_every_frames = 173;
        const std::string name = std::string("strip/swept/") + (channels == 1 ? "mono" : "stereo");
        if (!run(results, name, swept)) return false;
        Plan pieces = swept;
        pieces.block_frames = 7;
        if (!run(results, name + "/7", pieces, name)) return false;
        Plan moved = swept;
        moved.move_at_frame = 70001;
        if (!run(results, name + "/moved", moved, name)) return false;
    }

    Plan reset;
    reset.reset_at_frame = 20000;
    return run(results, "strip/reset", reset);
}

bool run_genres(std::vector<Result>& results) {
    for (int32_t genre = AIM_GENRE_SPEECH; genre < aim_profile_count(); ++genre) {
        for (const uint32_t rate : {16000u, 48000u}) {
            Plan plan;
            plan.sample_rate_hz = rate;
            plan.channels = rate == 16000 ? 1 : 2;
            plan.milliseconds = 4000;
            plan.genre = genre;
            const std::string name = "strip/genre/" + std::to_string(genre) + "/" + std::to_string(rate);
            if (!run(results, name, plan)) return false;
        }
    }
    Plan changing;
    changing.milliseconds = 5000;
    changing.events = {{9600, kSetGenre, AIM_GENRE_ROCK},
                       {30001, kSetGenre, AIM_GENRE_SPEECH},
                       {90007, kSetGenre, AIM_GENRE_JAZZ},
                       {150000, kSetGenre, AIM_GENRE_ELECTRONIC},
                       {210000, kSetGenre, AIM_GENRE_NEUTRAL}};
    if (!run(results, "strip/genres/changing", changing)) return false;
    Plan pieces = changing;
    pieces.block_frames = kRandomBlocks;
    if (!run(results, "strip/genres/changing/random", pieces, "strip/genres/changing")) return false;
    Plan moved = changing;
    moved.move_at_frame = 100000;
    return run(results, "strip/genres/changing/moved", moved, "strip/genres/changing");
}

// Genres that the strip chooses by itself: by the model alone, and where one after the other is all that it may choose.
bool run_following(std::vector<Result>& results) {
    for (const uint32_t rate : {8000u, 22050u, 48000u, 96000u}) {
        Plan plan;
        plan.sample_rate_hz = rate;
        plan.channels = rate == 8000 ? 1 : 2;
        plan.milliseconds = 8000;
        plan.genre = AIM_GENRE_AUTO;
        if (!run(results, "strip/following/" + std::to_string(rate), plan)) return false;
    }
    Plan changing;
    changing.milliseconds = 12000;
    changing.genre = AIM_GENRE_AUTO;
    changing.events = {{0, kAllowGenre, AIM_GENRE_ROCK},
                       {200001, kAllowGenre, AIM_GENRE_SPEECH},
                       {300007, kSetGenre, AIM_GENRE_JAZZ},
                       {330000, kSetGenre, AIM_GENRE_AUTO},
                       {400000, kAllowGenre, AIM_GENRE_ELECTRONIC}};
    if (!run(results, "strip/following/changing", changing)) return false;
    Plan pieces = changing;
    pieces.block_frames = kRandomBlocks;
    if (!run(results, "strip/following/changing/random", pieces, "strip/following/changing")) return false;
    Plan moved = changing;
    moved.move_at_frame = 250000;
    return run(results, "strip/following/changing/moved", moved, "strip/following/changing");
}

struct BatchDeleter {
    void operator()(aim_batch* batch) const { aim_batch_destroy(batch); }
};

// Streams of all genres, signals and both layouts that join one by one; in calls by chance, which each stream is cut by at
// another place. Together: several in lockstep.
bool render_many(Sha256& hash, bool together) {
    constexpr uint32_t kStreams = 19;
    constexpr uint32_t kFrames = 40000;
    constexpr uint32_t kJoinEvery = 1111;
    aim_batch* created = nullptr;
    AIM_CHECK(aim_batch_create(kStreams, &created));
    const std::unique_ptr<aim_batch, BatchDeleter> batch(created);
    std::vector<Strip> strips(kStreams);
    std::vector<Audio> audio;
    for (uint32_t i = 0; i < kStreams; ++i) {
        Plan plan;
        plan.channels = i < 11 ? 1 : 2;
        plan.genre = i % 3 == 0 ? (int32_t)(i / 3) % aim_profile_count() : AIM_GENRE_NEUTRAL;
        plan.settings = {{AIM_PARAM_EQ_LOW_GAIN_DB, 3.0f}, {AIM_PARAM_EQ_HIGH_GAIN_DB, i % 4 == 0 ? 0.0f : -2.5f}};
        if (!create(plan, strips[i])) return false;
        audio.push_back(make_signal((Signal)(i % 6), plan.sample_rate_hz, plan.channels, kFrames));
    }
    Random chance(21);
    for (uint32_t at = 0; at < kFrames;) {
        const uint32_t frames = std::min(1 + chance.below(kMaxFrames), kFrames - at);
        const uint32_t count = std::min(1 + at / kJoinEvery, kStreams);
        std::vector<aim_strip*> listed;
        std::vector<float*> channels;
        for (uint32_t i = 0; i < count; ++i) {
            listed.push_back(strips[i].get());
            const size_t first = channels.size();
            for (std::vector<float>& channel : audio[i]) channels.push_back(channel.data() + at);
            if (!together) AIM_CHECK(aim_strip_process(listed[i], &channels[first], &channels[first], frames));
        }
        if (together)
            AIM_CHECK(aim_batch_process(created, listed.data(), count, channels.data(), channels.data(), frames));
        at += frames;
    }
    for (const Audio& stream : audio) {
        for (const std::vector<float>& channel : stream) hash.add(channel.data(), channel.size());
    }
    return true;
}

bool run_many(std::vector<Result>& results) {
    Sha256 alone;
    Sha256 together;
    if (!render_many(alone, false) || !render_many(together, true)) return false;
    results.push_back({"strips/one-by-one", alone.finish(), ""});
    results.push_back({"strips/side-by-side", together.finish(), "strips/one-by-one"});
    return true;
}

}  // namespace

bool run_corpus(std::vector<Result>& results) {
    for (const Signal signal :
         {Signal::kProgramme, Signal::kImpulses, Signal::kNoise, Signal::kDecay, Signal::kSquare, Signal::kHover}) {
        Sha256 hash;
        for (const std::vector<float>& channel : make_signal(signal, 48000, 2, 48000)) {
            hash.add(channel.data(), channel.size());
        }
        results.push_back({"corpus/" + std::to_string((int)signal), hash.finish(), ""});
    }
    return true;
}

bool run_strips(std::vector<Result>& results) {
    return run_rates(results) && run_blocks(results) && run_signals(results) && run_settings(results) &&
           run_changes(results) && run_genres(results) && run_following(results) && run_many(results);
}

}  // namespace bit_exactness
