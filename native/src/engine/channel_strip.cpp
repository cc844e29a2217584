#include "engine/channel_strip.h"

#include "base/state.h"
#include "engine/frame_layout.h"
#include "engine/input_guard.h"
#include "engine/profiles.h"

namespace aim {

void ChannelStrip::prepare(const aim_strip_config& config, Arena& arena) {
    config_ = config;
    spec_ = {config.sample_rate_hz, config.channels};
    const uint32_t longest_delay = Limiter::lookahead_frames((float)Limiter::kMaxLookaheadMs, config.sample_rate_hz);
    input_gain_.prepare(spec_);
    high_pass_.prepare(spec_);
    gate_.prepare(spec_);
    leveler_.prepare(spec_);
    de_esser_.prepare(spec_);
    compressor_.prepare(spec_);
    equalizer_.prepare(spec_);
    saturator_.prepare(spec_);
    stereo_width_.prepare(spec_);
    limiter_.prepare(spec_, arena);
    bypass_.prepare(spec_, saturator_.latency_frames() + longest_delay + kMaxRunFrames, arena);
    settings_.prepare(spec_);
    input_meter_.prepare(spec_);
    output_meter_.prepare(spec_);
    classifier_.prepare(spec_, arena);
    if (!arena.measuring()) reset();
}

// ------------------------------------------------------------------------------------------------- parameters

aim_status ChannelStrip::set_parameter(int32_t id, float value) {
    const int32_t index = parameter_index(id);
    if (index < 0) return AIM_ERROR_UNKNOWN_PARAMETER;
    if (!parameter_accepts(kParameters[index].info, value)) return AIM_ERROR_OUT_OF_RANGE;
    if (!is_open_to(index)) return AIM_ERROR_STATE;
    values_.set(index, value);
    return AIM_OK;
}

aim_status ChannelStrip::release_parameter(int32_t id) {
    const int32_t index = parameter_index(id);
    if (index < 0) return AIM_ERROR_UNKNOWN_PARAMETER;
    if (!is_open_to(index)) return AIM_ERROR_STATE;
    values_.release(index);
    return AIM_OK;
}

// Set-up parameters stand while there is audio on its way.
bool ChannelStrip::is_open_to(int32_t parameter) const {
    const bool setup = (kParameters[parameter].info.flags & AIM_PARAMETER_SETUP) != 0;
    return !setup || started_.load(std::memory_order_acquire) == 0;
}

void ChannelStrip::set_genre(int32_t genre) {
    if (genre != AIM_GENRE_AUTO) {
        set_profile(profile_of(genre).values, genre, morph_ms_to(genre));
    } else if (!values_.follows()) {
        values_.follow(values_.first_genre());
    }
}

void ChannelStrip::set_profile(const float* values, int32_t genre, float morph_ms) {
    float allowed[kParameterCount];
    for (int32_t i = 0; i < kParameterCount; ++i) {
        allowed[i] = is_open_to(i) ? values[i] : values_.set_profile_of(i);
    }
    values_.set_profile(allowed, genre, morph_ms);
}

aim_status ChannelStrip::get_parameter(int32_t id, float* value) const {
    const int32_t index = parameter_index(id);
    if (index < 0) return AIM_ERROR_UNKNOWN_PARAMETER;
    *value = values_.get(index);
    return AIM_OK;
}

void ChannelStrip::set_targets() {
    const MixSettings& m = settings_;
    bypass_.set_target(m.on<AIM_PARAM_BYPASS>());
    input_gain_.set_target({m.of<AIM_PARAM_INPUT_GAIN_DB>()});
    high_pass_.set_target({m.on<AIM_PARAM_HIGH_PASS_ENABLED>(), m.of<AIM_PARAM_HIGH_PASS_FREQUENCY_HZ>()});
    gate_.set_target(
        {m.on<AIM_PARAM_GATE_ENABLED>(), m.of<AIM_PARAM_GATE_THRESHOLD_DB>(), m.of<AIM_PARAM_GATE_HYSTERESIS_DB>(),
         m.of<AIM_PARAM_GATE_RANGE_DB>(), m.of<AIM_PARAM_GATE_ATTACK_MS>(), m.of<AIM_PARAM_GATE_HOLD_MS>(),
         m.of<AIM_PARAM_GATE_RELEASE_MS>(), m.of<AIM_PARAM_GATE_RATIO>(), m.of<AIM_PARAM_GATE_ABOVE_FLOOR_DB>()});
    // The limiter's input gain comes after what the leveler steers: whoever sets it wants that much more than the target.
    const float mono_offset_db = spec_.channels == 1 ? m.of<AIM_PARAM_LEVELER_MONO_OFFSET_DB>() : 0.0f;
    const float target_lufs =
        m.of<AIM_PARAM_LEVELER_TARGET_LUFS>() + mono_offset_db + m.of<AIM_PARAM_LIMITER_INPUT_GAIN_DB>();
    leveler_.set_target({m.on<AIM_PARAM_LEVELER_ENABLED>(), target_lufs, m.of<AIM_PARAM_LEVELER_MAX_BOOST_DB>(),
                         m.of<AIM_PARAM_LEVELER_MAX_CUT_DB>(), m.of<AIM_PARAM_LEVELER_RISE_DB_PER_S>(),
                         m.of<AIM_PARAM_LEVELER_FALL_DB_PER_S>(), m.of<AIM_PARAM_LEVELER_FREEZE_BELOW_DB>(),
                         m.of<AIM_PARAM_LEVELER_LIMITER_ALLOWANCE_DB>(), leveler_may_come_in()});
    de_esser_.set_target({m.on<AIM_PARAM_DE_ESSER_ENABLED>(), m.of<AIM_PARAM_DE_ESSER_SPLIT_HZ>(),
                          m.of<AIM_PARAM_DE_ESSER_THRESHOLD_DB>(), m.of<AIM_PARAM_DE_ESSER_RATIO>(),
                          m.of<AIM_PARAM_DE_ESSER_RANGE_DB>()});
    compressor_.set_target({m.on<AIM_PARAM_COMPRESSOR_ENABLED>(), m.of<AIM_PARAM_COMPRESSOR_THRESHOLD_DB>(),
                            m.of<AIM_PARAM_COMPRESSOR_RATIO>(), m.of<AIM_PARAM_COMPRESSOR_KNEE_DB>(),
                            m.of<AIM_PARAM_COMPRESSOR_ATTACK_MS>(), m.of<AIM_PARAM_COMPRESSOR_RELEASE_MS>(),
                            m.of<AIM_PARAM_COMPRESSOR_MAKEUP_DB>(), m.of<AIM_PARAM_COMPRESSOR_SIDE_CHAIN_HZ>(),
                            m.of<AIM_PARAM_COMPRESSOR_WET_PERCENT>()});
    equalizer_.set_target({m.on<AIM_PARAM_EQ_ENABLED>(), m.of<AIM_PARAM_EQ_LOW_FREQUENCY_HZ>(),
                           m.of<AIM_PARAM_EQ_LOW_GAIN_DB>(), m.of<AIM_PARAM_EQ_MID_FREQUENCY_HZ>(),
                           m.of<AIM_PARAM_EQ_MID_GAIN_DB>(), m.of<AIM_PARAM_EQ_MID_Q>(),
                           m.of<AIM_PARAM_EQ_HIGH_FREQUENCY_HZ>(), m.of<AIM_PARAM_EQ_HIGH_GAIN_DB>()});
    saturator_.set_target({m.on<AIM_PARAM_SATURATOR_ENABLED>(), m.of<AIM_PARAM_SATURATOR_DRIVE_DB>(),
                           m.of<AIM_PARAM_SATURATOR_WET_PERCENT>(), m.of<AIM_PARAM_SATURATOR_EVEN_PERCENT>()});
    stereo_width_.set_target({m.on<AIM_PARAM_STEREO_ENABLED>(), m.of<AIM_PARAM_STEREO_WIDTH>(),
                              m.of<AIM_PARAM_STEREO_WIDTH_ABOVE_HZ>(), m.of<AIM_PARAM_STEREO_MONO_BELOW_HZ>()});
    limiter_.set_target({m.on<AIM_PARAM_LIMITER_ENABLED>(), m.on<AIM_PARAM_LIMITER_TRUE_PEAK>(),
                         m.of<AIM_PARAM_LIMITER_INPUT_GAIN_DB>(), m.of<AIM_PARAM_LIMITER_THRESHOLD_DB>(),
                         m.of<AIM_PARAM_LIMITER_CEILING_DB>(), m.of<AIM_PARAM_LIMITER_LOOKAHEAD_MS>(),
                         m.of<AIM_PARAM_LIMITER_RELEASE_MS>()});
}

// With the next profile, unless the caller has a say in it.
uint32_t ChannelStrip::leveler_may_come_in() const {
    return values_.overridden(kRow<AIM_PARAM_LEVELER_ENABLED>) ? 0 : 1;
}

uint32_t ChannelStrip::latency_frames() const {
    const float lookahead_ms = values_.get(kRow<AIM_PARAM_LIMITER_LOOKAHEAD_MS>);
    return kQuantumFrames + saturator_.latency_frames() +
           Limiter::lookahead_frames(lookahead_ms, config_.sample_rate_hz);
}

// Relative thresholds refer to the loudness that the dynamics will see: the leveler's target, or, without it, that of the
// input, once there is any.
float ChannelStrip::reference_lufs() const {
    const float target = leveler_.effective_target_lufs() - settings_.of<AIM_PARAM_LIMITER_INPUT_GAIN_DB>();
    if (settings_.on<AIM_PARAM_LEVELER_ENABLED>()) return target;
    aim_loudness input;
    input_meter_.read(&input);
    constexpr float kAbsoluteGateLufs = -70.0f;
    const bool heard = hears_input() && input.short_term_lufs > kAbsoluteGateLufs;
    return heard ? input.short_term_lufs + settings_.of<AIM_PARAM_INPUT_GAIN_DB>() : target;
}

bool ChannelStrip::hears_input() const {
    const bool follows_input = settings_.is_relative() && !settings_.on<AIM_PARAM_LEVELER_ENABLED>();
    return follows_input || (config_.meters & AIM_METER_INPUT) != 0;
}

// ------------------------------------------------------------------------------------------------------ audio

void ChannelStrip::reset() {
    input_meter_.reset();
    output_meter_.reset();
    if (values_.follows()) values_.choose(values_.first_genre());
    begin_to_listen();
    reset_stages();
    queue_ = Queue{};
    counters_ = Counters{};
    started_.store(0, std::memory_order_release);
    publish();
}

// Everything stands at what is asked; nothing has been heard.
void ChannelStrip::reset_stages() {
    const float target = values_.get(kRow<AIM_PARAM_LEVELER_TARGET_LUFS>);
    const float mono_offset_db = spec_.channels == 1 ? values_.get(kRow<AIM_PARAM_LEVELER_MONO_OFFSET_DB>) : 0.0f;
    settings_.reset(values_, target + mono_offset_db);
    set_targets();
    input_gain_.reset();
    high_pass_.reset();
    gate_.reset();
    leveler_.reset();
    de_esser_.reset();
    compressor_.reset();
    equalizer_.reset();
    saturator_.reset();
    stereo_width_.reset();
    limiter_.reset();
    bypass_.reset(stage_delay_frames());
}

void ChannelStrip::take_up() {
    if (settings_.take_up(values_, reference_lufs(), leveler_.listening_quanta())) {
        leveler_.begin_change(settings_.wait_quanta(), settings_.morph_quanta());
    }
    set_targets();
}

void ChannelStrip::process(const float* const* input, float* const* output, uint32_t stride, uint32_t frames) {
    const uint32_t last = spec_.channels - 1;
    const Stream stream = {this, {input[0], input[last]}, {output[0], output[last]}, stride, 0};
    begin(frames);
    process_group(&stream, 1, frames);
}

void ChannelStrip::begin(uint32_t frames) {
    if (frames == 0) return;
    const bool first = started_.exchange(1, std::memory_order_acq_rel) == 0;
    if (first && settings_.is_behind(values_)) {
        // Nothing has been heard yet: there is nothing to glide from.
        reset_stages();
    } else if (settings_.is_behind(values_)) {
        take_up();
    }
    listens_ = values_.follows();
    if (listens_ && values_.beginnings() != heeded_beginning_) begin_to_listen();
}

void ChannelStrip::end(uint32_t frames) {
    counters_.frames += frames;
    publish();
}

// Takes in `frames` frames of a stream, from `done` on.
ChannelStrip::Chunk ChannelStrip::take_in(const Stream& stream, uint32_t done, uint32_t frames) {
    const uint32_t fill = queue_.fill % kQuantumFrames;
    const uint32_t whole = (fill + frames) / kQuantumFrames * kQuantumFrames;
    const float* input[kMaxChannels] = {};
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        input[c] = stream.input[c] + (size_t)done * stream.stride;
        std::memcpy(work_[c], queue_.waiting[c], fill * sizeof(float));
    }
    float* const arriving[kMaxChannels] = {work_[0] + fill, work_[1] + fill};
    gather(input, spec_.channels, stream.stride, arriving, frames);
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        std::memcpy(queue_.waiting[c], work_[c] + whole, (fill + frames - whole) * sizeof(float));
    }
    return {frames, fill, whole};
}

// Gives out as many frames as were taken in, one quantum later: first what was finished before, then what has just been.
void ChannelStrip::give_out(const Stream& stream, uint32_t done, const Chunk& chunk) {
    const uint32_t frames = chunk.frames;
    const uint32_t whole = chunk.whole;
    const uint32_t ready = kQuantumFrames - chunk.fill;
    const uint32_t first = frames < ready ? frames : ready;
    float* output[kMaxChannels] = {};
    float* rest[kMaxChannels] = {};
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        output[c] = stream.output[c] + (size_t)done * stream.stride;
        rest[c] = output[c] + (size_t)first * stream.stride;
    }
    const float* const finished[kMaxChannels] = {queue_.finished[0], queue_.finished[1]};
    scatter(finished, spec_.channels, output, stream.stride, first);
    const float* const fresh[kMaxChannels] = {work_[0], work_[1]};
    scatter(fresh, spec_.channels, rest, stream.stride, frames - first);
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        float* kept = queue_.finished[c];
        if (whole == 0) {
            std::memmove(kept, kept + first, (ready - first) * sizeof(float));
        } else {
            std::memcpy(kept, work_[c] + (frames - first), (whole - (frames - first)) * sizeof(float));
        }
    }
    queue_.fill = chunk.fill + frames - whole;
}

ChannelStrip::Piece ChannelStrip::piece(uint32_t first_quantum, uint32_t quanta) {
    const uint32_t at = first_quantum * kQuantumFrames;
    return {{work_[0] + at, work_[1] + at}, quanta};
}

void ChannelStrip::guard(const Piece& piece) {
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        counters_.non_finite_samples += silence_damaged(piece.channels[c], piece.quanta * kQuantumFrames);
    }
    bypass_.remember(piece.channels, piece.quanta);
}

// What hears the input hears it here. Whether a genre was decided on.
bool ChannelStrip::hear(const Piece& piece) {
    const bool decided = listens_ && listen(piece.channels, piece.quanta);
    // Not ahead of the stages: thresholds may follow it.
    if (hears_input()) input_meter_.process(piece.channels, piece.quanta * kQuantumFrames);
    return decided;
}

// The stages have processed so many quanta.
void ChannelStrip::step(uint32_t quanta, bool decided) {
    counters_.quanta += quanta;
    const uint32_t every = settings_.step_quanta();
    if (every != 0 && counters_.quanta % every == 0 && settings_.step(values_, reference_lufs())) {
        set_targets();
    }
    if (decided) take_up();
}

void ChannelStrip::finish(const Piece& piece) {
    bypass_.crossfade(piece.channels, piece.quanta);
    if ((config_.meters & AIM_METER_OUTPUT) != 0) {
        output_meter_.process(piece.channels, piece.quanta * kQuantumFrames);
    }
}

// Where a morph takes a step, the leveler decides or a genre may be: places in the stream, not in the call.
uint32_t ChannelStrip::quanta_until_stop() const {
    const uint32_t step = quanta_until_next_step();
    const uint32_t decision = quanta_until_decision();
    const uint32_t level = leveler_.quanta_left();
    const uint32_t first = step < decision ? step : decision;
    return first < level ? first : level;
}

uint32_t ChannelStrip::quanta_until_next_step() const {
    const uint32_t every = settings_.step_quanta();
    return every != 0 ? every - (uint32_t)(counters_.quanta % every) : UINT32_MAX;
}

uint32_t ChannelStrip::quanta_until_decision() const {
    if (!listens_) return UINT32_MAX;
    return (classifier_.frames_to_step() + kQuantumFrames - 1) / kQuantumFrames;
}

// The stages have not touched the channels yet: what is recognised does not depend on how it is mixed.
bool ChannelStrip::listen(const float* const* channels, uint32_t quanta) {
    float weights[AIM_GENRE_COUNT];
    for (int32_t i = 0; i < AIM_GENRE_COUNT; ++i) weights[i] = values_.weight(i);
    if (!classifier_.add(channels, quanta * kQuantumFrames, weights)) return false;
    values_.choose(classifier_.genre());
    published_events_.publish(classifier_.log());
    return true;
}

void ChannelStrip::begin_to_listen() {
    heeded_beginning_ = values_.beginnings();
    classifier_.reset(values_.follows() ? values_.genre() : values_.first_genre());
    published_events_.publish(classifier_.log());
}

void ChannelStrip::run_first_stages(const Piece& piece) {
    float* const* channels = piece.channels;
    const uint32_t quanta = piece.quanta;
    input_gain_.process(channels, quanta);
    for (uint32_t c = 0; c < spec_.channels; ++c) flush_tiny(channels[c], quanta * kQuantumFrames);
    leveler_.hear_source(channels, quanta);
    high_pass_.process(channels, quanta);
    gate_.process(channels, quanta);
    leveler_.process(channels, quanta);
    de_esser_.process(channels, quanta);
}

void ChannelStrip::run_last_stages(const Piece& piece) {
    float* const* channels = piece.channels;
    const uint32_t quanta = piece.quanta;
    saturator_.process(channels, quanta);
    stereo_width_.process(channels, quanta);
    limiter_.process(channels, quanta);
    leveler_.listen(channels, quanta, limiter_.meter());
}

void ChannelStrip::publish() {
    aim_strip_metrics m{};
    m.frames = counters_.frames;
    m.non_finite_samples = counters_.non_finite_samples;
    m.limiter_clamped_samples = limiter_.clamped_samples();
    input_meter_.read(&m.input);
    output_meter_.read(&m.output);
    m.gate = gate_.meter().read();
    m.compressor = compressor_.meter().read();
    m.limiter = limiter_.meter().read();
    m.de_esser = de_esser_.meter().read();
    m.leveler_gain_db = leveler_.gain_db();
    m.target_lufs = leveler_.effective_target_lufs();
    m.leveler_hold = (int32_t)leveler_.hold();
    m.genre = values_.genre();
    published_.publish(m);
    publish_genre();
}

void ChannelStrip::publish_genre() {
    aim_genre_reading reading;
    classifier_.read(&reading);
    published_genre_.publish(reading);
}

aim_genre_reading ChannelStrip::genre_reading() const {
    aim_genre_reading reading = published_genre_.read();
    reading.listening = values_.follows() ? 1 : 0;
    return reading;
}

// -------------------------------------------------------------------------------------------------- snapshots

namespace {

constexpr uint32_t kSnapshotMagic = 0x534d4941;  // "AIMS"
constexpr uint32_t kSnapshotVersion = 7;

struct SnapshotHeader {
    uint32_t magic;
    uint32_t version;
    uint32_t sample_rate_hz;
    uint32_t channels;
    uint32_t meters;
    uint32_t started;
    uint64_t bytes;
    // Over everything but itself.
    uint64_t checksum;
    // Whether something was set that has not been heard yet.
    uint32_t behind;
    int32_t genre;
    float intensity_percent;
    // Whether it follows what it recognises, has begun to listen for it, and what it has chosen.
    uint32_t follows;
    uint32_t listens;
    int32_t chosen;
    float weights[AIM_GENRE_COUNT];
    // No padding at the end either: every byte counts in the checksum.
    float profile[kParameterCount];
    float overrides[kParameterCount];
    uint32_t overridden[kParameterCount];
};

// FNV-1a, 64 bits: against accidents, not against malice. What malice can do is bounded by the stages, which mask
// every position they read.
uint64_t checksum_of(const unsigned char* bytes, uint64_t count, uint64_t hash = 0xcbf29ce484222325ULL) {
    for (uint64_t i = 0; i < count; ++i) hash = (hash ^ bytes[i]) * 0x100000001b3ULL;
    return hash;
}

uint64_t checksum_of(const SnapshotHeader& header, const unsigned char* payload, uint64_t payload_bytes) {
    SnapshotHeader plain = header;
    plain.checksum = 0;
    unsigned char bytes[sizeof plain];
    std::memcpy(bytes, &plain, sizeof plain);
    return checksum_of(payload, payload_bytes, checksum_of(bytes, sizeof bytes));
}

}  // namespace

template <class Visitor>
void ChannelStrip::visit_state(Visitor& visitor) {
    visitor(queue_);
    visitor(counters_);
    settings_.visit_state(visitor);
    input_gain_.visit_state(visitor);
    high_pass_.visit_state(visitor);
    gate_.visit_state(visitor);
    leveler_.visit_state(visitor);
    de_esser_.visit_state(visitor);
    compressor_.visit_state(visitor);
    equalizer_.visit_state(visitor);
    saturator_.visit_state(visitor);
    stereo_width_.visit_state(visitor);
    limiter_.visit_state(visitor);
    bypass_.visit_state(visitor);
    // The input may be heard for the thresholds' sake too.
    input_meter_.visit_state(visitor);
    classifier_.visit_state(visitor);
    if ((config_.meters & AIM_METER_OUTPUT) != 0) output_meter_.visit_state(visitor);
}

uint64_t ChannelStrip::snapshot_bytes() const {
    StateSizer sizer;
    look_at_state(sizer);
    return sizeof(SnapshotHeader) + sizer.bytes();
}

void ChannelStrip::save(unsigned char* to) const {
    SnapshotHeader header{};
    header.magic = kSnapshotMagic;
    header.version = kSnapshotVersion;
    header.sample_rate_hz = config_.sample_rate_hz;
    header.channels = config_.channels;
    header.meters = config_.meters;
    header.started = started_.load(std::memory_order_relaxed);
    header.bytes = snapshot_bytes();
    header.behind = settings_.is_behind(values_) ? 1 : 0;
    header.genre = values_.set_genre();
    header.intensity_percent = values_.intensity_percent();
    header.follows = values_.follows() ? 1 : 0;
    header.listens = values_.beginnings() == heeded_beginning_ ? 1 : 0;
    header.chosen = values_.follows() ? values_.genre() : values_.first_genre();
    for (int32_t i = 0; i < AIM_GENRE_COUNT; ++i) header.weights[i] = values_.weight(i);
    for (int32_t i = 0; i < kParameterCount; ++i) {
        header.profile[i] = values_.set_profile_of(i);
        header.overrides[i] = values_.override_of(i);
        header.overridden[i] = values_.overridden(i) ? 1 : 0;
    }
    StateWriter writer(to + sizeof header);
    look_at_state(writer);
    header.checksum = checksum_of(header, to + sizeof header, header.bytes - sizeof header);
    std::memcpy(to, &header, sizeof header);
}

aim_status ChannelStrip::restore(const unsigned char* from) {
    SnapshotHeader header;
    std::memcpy(&header, from, sizeof header);
    const bool ours = header.magic == kSnapshotMagic && header.version == kSnapshotVersion &&
                      header.sample_rate_hz == config_.sample_rate_hz && header.channels == config_.channels &&
                      header.meters == config_.meters && header.bytes == snapshot_bytes();
    if (!ours) return AIM_ERROR_SNAPSHOT;
    if (header.checksum != checksum_of(header, from + sizeof header, header.bytes - sizeof header)) {
        return AIM_ERROR_SNAPSHOT;
    }
    if (!(header.intensity_percent >= 0.0f && header.intensity_percent <= 100.0f)) return AIM_ERROR_SNAPSHOT;
    if (header.genre < -1 || header.genre >= kProfileCount || header.chosen < 0 || header.chosen >= kProfileCount ||
        !valid_genre_weights(header.weights)) {
        return AIM_ERROR_SNAPSHOT;
    }
    for (int32_t i = 0; i < kParameterCount; ++i) {
        const aim_parameter_info& info = kParameters[i].info;
        if (!parameter_accepts(info, header.profile[i])) return AIM_ERROR_SNAPSHOT;
        if (header.overridden[i] != 0 && !parameter_accepts(info, header.overrides[i])) return AIM_ERROR_SNAPSHOT;
    }
    values_.set_profile(header.profile, header.genre, values_.morph_ms());
    values_.set_weights(header.weights);
    if (header.follows != 0) values_.follow(header.chosen);
    heeded_beginning_ = values_.beginnings() - (header.listens != 0 ? 0 : 1);
    values_.set_intensity(header.intensity_percent);
    for (int32_t i = 0; i < kParameterCount; ++i) {
        if (header.overridden[i] != 0) {
            values_.set(i, header.overrides[i]);
        } else {
            values_.release(i);
        }
    }
    StateReader reader(from + sizeof header);
    visit_state(reader);
    bypass_.set_delay(stage_delay_frames());
    settings_.recognise(values_, header.behind != 0);
    started_.store(header.started, std::memory_order_release);
    published_events_.publish(classifier_.log());
    publish();
    return AIM_OK;
}

}  // namespace aim
