// The chain: high-pass, noise gate, compressor, equaliser, limiter; and what surrounds it: the guard at the input, the
// queue that makes whole quanta of any split into calls, bypass, meters.
#pragma once

#include "dynamics/compressor.h"
#include "dynamics/limiter.h"
#include "dynamics/noise_gate.h"
#include "engine/bypass.h"
#include "engine/parameters.h"
#include "engine/published.h"
#include "metering/programme_meter.h"
#include "tone/equalizer.h"
#include "tone/high_pass.h"

namespace aim {

class ChannelStrip {
public:
    // Frames taken in at a time: with what waits in the queue they make one run.
    static constexpr uint32_t kChunkFrames = kMaxRunFrames - kQuantumFrames;

    // Takes everything it needs from the arena; run once measuring, once for real.
    void prepare(const aim_strip_config& config, Arena& arena);
    const aim_strip_config& config() const { return config_; }

    // Samples of channel c are input[c][i * stride]; output alike. Input and output may be the same.
    void process(const float* const* input, float* const* output, uint32_t stride, uint32_t frames);
    void reset();
    uint32_t latency_frames() const;

    aim_status set_parameter(int32_t id, float value);
    aim_status get_parameter(int32_t id, float* value) const;
    aim_strip_metrics metrics() const { return published_.read(); }

    uint64_t snapshot_bytes() const;
    void save(unsigned char* to) const;
    // `bytes` has the size that snapshot_bytes() says.
    aim_status restore(const unsigned char* from);

private:
    // What the queue holds between two calls.
    struct Queue {
        uint32_t fill = 0;
        float waiting[kMaxChannels][kQuantumFrames] = {};
        float finished[kMaxChannels][kQuantumFrames] = {};
    };
    struct Counters {
        uint64_t frames = 0;
        uint64_t non_finite_samples = 0;
    };

    template <class Visitor>
    void visit_state(Visitor& visitor);
    // Visitors that only look may visit a strip that is const to its caller.
    template <class Visitor>
    void look_at_state(Visitor& visitor) const {
        const_cast<ChannelStrip*>(this)->visit_state(visitor);
    }
    void set_targets();
    void reset_stages();
    void process_chunk(const float* const* input, float* const* output, uint32_t stride, uint32_t frames);
    void run_stages(float* const* channels, uint32_t quanta);
    void publish();

    aim_strip_config config_{};
    Spec spec_;
    ParameterValues values_;
    uint32_t changes_seen_ = 0;
    // Whether anything was processed since create or reset: from then on set-up parameters stand.
    std::atomic<uint32_t> started_{0};

    HighPass high_pass_;
    NoiseGate gate_;
    Compressor compressor_;
    Equalizer equalizer_;
    Limiter limiter_;
    Bypass bypass_;
    ProgrammeMeter input_meter_;
    ProgrammeMeter output_meter_;

    Queue queue_;
    Counters counters_;
    Published<aim_strip_metrics> published_;
    // Working memory of one chunk, nothing that outlives a call.
    alignas(16) float work_[kMaxChannels][kMaxRunFrames];
};

}  // namespace aim
