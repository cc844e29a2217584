#include "engine/channel_strip.h"

#include "base/state.h"
#include "engine/frame_layout.h"
#include "engine/input_guard.h"

namespace aim {

void ChannelStrip::prepare(const aim_strip_config& config, Arena& arena) {
    config_ = config;
    spec_ = {config.sample_rate_hz, config.channels};
    const uint32_t longest_delay = Limiter::lookahead_frames((float)Limiter::kMaxLookaheadMs, config.sample_rate_hz);
    high_pass_.prepare(spec_);
    gate_.prepare(spec_);
    compressor_.prepare(spec_);
    equalizer_.prepare(spec_);
    limiter_.prepare(spec_, arena);
    bypass_.prepare(spec_, longest_delay + kMaxRunFrames, arena);
    input_meter_.prepare(spec_);
    output_meter_.prepare(spec_);
    if (!arena.measuring()) reset();
}

// ------------------------------------------------------------------------------------------------- parameters

aim_status ChannelStrip::set_parameter(int32_t id, float value) {
    const int32_t index = parameter_index(id);
    if (index < 0) return AIM_ERROR_UNKNOWN_PARAMETER;
    const aim_parameter_info& info = kParameters[index];
    if (!parameter_accepts(info, value)) return AIM_ERROR_OUT_OF_RANGE;
    if ((info.flags & AIM_PARAMETER_SETUP) != 0 && started_.load(std::memory_order_acquire) != 0) {
        return AIM_ERROR_STATE;
    }
    values_.set(index, value);
    return AIM_OK;
}

aim_status ChannelStrip::get_parameter(int32_t id, float* value) const {
    const int32_t index = parameter_index(id);
    if (index < 0) return AIM_ERROR_UNKNOWN_PARAMETER;
    *value = values_.get(index);
    return AIM_OK;
}

void ChannelStrip::set_targets() {
    const ParameterValues& v = values_;
    bypass_.set_target(v.on(AIM_PARAM_BYPASS));
    high_pass_.set_target({v.on(AIM_PARAM_HIGH_PASS_ENABLED), v.of(AIM_PARAM_HIGH_PASS_FREQUENCY_HZ)});
    gate_.set_target({v.on(AIM_PARAM_GATE_ENABLED), v.of(AIM_PARAM_GATE_THRESHOLD_DB),
                      v.of(AIM_PARAM_GATE_HYSTERESIS_DB), v.of(AIM_PARAM_GATE_RANGE_DB), v.of(AIM_PARAM_GATE_ATTACK_MS),
                      v.of(AIM_PARAM_GATE_HOLD_MS), v.of(AIM_PARAM_GATE_RELEASE_MS)});
    compressor_.set_target({v.on(AIM_PARAM_COMPRESSOR_ENABLED), v.of(AIM_PARAM_COMPRESSOR_THRESHOLD_DB),
                            v.of(AIM_PARAM_COMPRESSOR_RATIO), v.of(AIM_PARAM_COMPRESSOR_KNEE_DB),
                            v.of(AIM_PARAM_COMPRESSOR_ATTACK_MS), v.of(AIM_PARAM_COMPRESSOR_RELEASE_MS),
                            v.of(AIM_PARAM_COMPRESSOR_MAKEUP_DB)});
    equalizer_.set_target({v.on(AIM_PARAM_EQ_ENABLED), v.of(AIM_PARAM_EQ_LOW_FREQUENCY_HZ),
                           v.of(AIM_PARAM_EQ_LOW_GAIN_DB), v.of(AIM_PARAM_EQ_MID_FREQUENCY_HZ),
                           v.of(AIM_PARAM_EQ_MID_GAIN_DB), v.of(AIM_PARAM_EQ_MID_Q),
                           v.of(AIM_PARAM_EQ_HIGH_FREQUENCY_HZ), v.of(AIM_PARAM_EQ_HIGH_GAIN_DB)});
    limiter_.set_target({v.on(AIM_PARAM_LIMITER_ENABLED), v.on(AIM_PARAM_LIMITER_TRUE_PEAK),
                         v.of(AIM_PARAM_LIMITER_INPUT_GAIN_DB), v.of(AIM_PARAM_LIMITER_THRESHOLD_DB),
                         v.of(AIM_PARAM_LIMITER_CEILING_DB), v.of(AIM_PARAM_LIMITER_LOOKAHEAD_MS),
                         v.of(AIM_PARAM_LIMITER_RELEASE_MS)});
}

uint32_t ChannelStrip::latency_frames() const {
    return kQuantumFrames +
           Limiter::lookahead_frames(values_.of(AIM_PARAM_LIMITER_LOOKAHEAD_MS), config_.sample_rate_hz);
}

// ------------------------------------------------------------------------------------------------------ audio

void ChannelStrip::reset() {
    changes_seen_ = values_.changes();
    set_targets();
    reset_stages();
    input_meter_.reset();
    output_meter_.reset();
    queue_ = Queue{};
    counters_ = Counters{};
    started_.store(0, std::memory_order_release);
    publish();
}

void ChannelStrip::reset_stages() {
    high_pass_.reset();
    gate_.reset();
    compressor_.reset();
    equalizer_.reset();
    limiter_.reset();
    bypass_.reset(limiter_.latency_frames());
}

void ChannelStrip::process(const float* const* input, float* const* output, uint32_t stride, uint32_t frames) {
    if (frames != 0) {
        const bool first = started_.exchange(1, std::memory_order_acq_rel) == 0;
        const uint32_t changes = values_.changes();
        if (changes != changes_seen_) {
            changes_seen_ = changes;
            set_targets();
            // Nothing has been heard yet: there is nothing to glide from.
            if (first) reset_stages();
        }
    }
    for (uint32_t done = 0; done < frames;) {
        const uint32_t count = frames - done < kChunkFrames ? frames - done : kChunkFrames;
        const float* from[kMaxChannels] = {};
        float* to[kMaxChannels] = {};
        for (uint32_t c = 0; c < spec_.channels; ++c) {
            from[c] = input[c] + (size_t)done * stride;
            to[c] = output[c] + (size_t)done * stride;
        }
        process_chunk(from, to, stride, count);
        done += count;
    }
    counters_.frames += frames;
    publish();
}

// Takes `frames` frames in and gives as many out, one quantum later.
void ChannelStrip::process_chunk(const float* const* input, float* const* output, uint32_t stride, uint32_t frames) {
    const uint32_t fill = queue_.fill % kQuantumFrames;
    const uint32_t whole = (fill + frames) / kQuantumFrames * kQuantumFrames;
    const uint32_t ready = kQuantumFrames - fill;
    float* channels[kMaxChannels] = {work_[0], work_[1]};
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        std::memcpy(work_[c], queue_.waiting[c], fill * sizeof(float));
    }
    float* const arriving[kMaxChannels] = {work_[0] + fill, work_[1] + fill};
    gather(input, spec_.channels, stride, arriving, frames);
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        std::memcpy(queue_.waiting[c], work_[c] + whole, (fill + frames - whole) * sizeof(float));
    }
    if (whole != 0) run_stages(channels, whole / kQuantumFrames);

    // First what was finished before, then what has just been.
    const uint32_t first = frames < ready ? frames : ready;
    const float* const finished[kMaxChannels] = {queue_.finished[0], queue_.finished[1]};
    scatter(finished, spec_.channels, output, stride, first);
    float* const rest[kMaxChannels] = {output[0] + (size_t)first * stride,
                                       spec_.channels == 2 ? output[1] + (size_t)first * stride : nullptr};
    const float* const fresh[kMaxChannels] = {work_[0], work_[1]};
    scatter(fresh, spec_.channels, rest, stride, frames - first);
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        float* kept = queue_.finished[c];
        if (whole == 0) {
            std::memmove(kept, kept + first, (ready - first) * sizeof(float));
        } else {
            std::memcpy(kept, work_[c] + (frames - first), (whole - (frames - first)) * sizeof(float));
        }
    }
    queue_.fill = fill + frames - whole;
}

void ChannelStrip::run_stages(float* const* channels, uint32_t quanta) {
    const uint32_t frames = quanta * kQuantumFrames;
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        counters_.non_finite_samples += silence_damaged(channels[c], frames);
    }
    bypass_.remember(channels, quanta);
    if ((config_.meters & AIM_METER_INPUT) != 0) input_meter_.process(channels, frames);
    for (uint32_t c = 0; c < spec_.channels; ++c) flush_tiny(channels[c], frames);

    high_pass_.process(channels, quanta);
    gate_.process(channels, quanta);
    compressor_.process(channels, quanta);
    equalizer_.process(channels, quanta);
    limiter_.process(channels, quanta);

    bypass_.crossfade(channels, quanta);
    if ((config_.meters & AIM_METER_OUTPUT) != 0) output_meter_.process(channels, frames);
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
    published_.publish(m);
}

// -------------------------------------------------------------------------------------------------- snapshots

namespace {

constexpr uint32_t kSnapshotMagic = 0x534d4941;  // "AIMS"
constexpr uint32_t kSnapshotVersion = 1;

struct SnapshotHeader {
    uint32_t magic;
    uint32_t version;
    uint32_t sample_rate_hz;
    uint32_t channels;
    uint32_t meters;
    uint32_t started;
    uint64_t bytes;
    // Over everything after the header and the parameters' values.
    uint64_t checksum;
    float values[kParameterCount];
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
    high_pass_.visit_state(visitor);
    gate_.visit_state(visitor);
    compressor_.visit_state(visitor);
    equalizer_.visit_state(visitor);
    limiter_.visit_state(visitor);
    bypass_.visit_state(visitor);
    if ((config_.meters & AIM_METER_INPUT) != 0) input_meter_.visit_state(visitor);
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
    for (int32_t i = 0; i < kParameterCount; ++i) header.values[i] = values_.get(i);
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
    for (int32_t i = 0; i < kParameterCount; ++i) {
        if (!parameter_accepts(kParameters[i], header.values[i])) return AIM_ERROR_SNAPSHOT;
    }
    for (int32_t i = 0; i < kParameterCount; ++i) values_.set(i, header.values[i]);
    StateReader reader(from + sizeof header);
    visit_state(reader);
    bypass_.set_delay(limiter_.latency_frames());
    // Parameters that were set but not yet heard when the snapshot was taken are taken up by the next call.
    changes_seen_ = values_.changes() - 1;
    started_.store(header.started, std::memory_order_release);
    publish();
    return AIM_OK;
}

}  // namespace aim
