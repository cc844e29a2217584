// The chain: input gain, high-pass, noise gate, leveler, de-esser, compressor, equaliser, saturator, stereo width, limiter; and what
// surrounds it: the guard at the input, the queue that makes whole quanta of any split into calls, bypass, meters.
#pragma once

#include "dynamics/compressor.h"
#include "dynamics/de_esser.h"
#include "dynamics/limiter.h"
#include "dynamics/noise_gate.h"
#include "engine/bypass.h"
#include "engine/input_gain.h"
#include "engine/leveler.h"
#include "engine/mix_settings.h"
#include "engine/published.h"
#include "genre/classifier.h"
#include "metering/programme_meter.h"
#include "tone/equalizer.h"
#include "tone/high_pass.h"
#include "tone/saturator.h"
#include "tone/stereo_width.h"

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

    // A stream and where its samples are, as for process().
    struct Stream {
        ChannelStrip* strip;
        const float* input[kMaxChannels];
        float* output[kMaxChannels];
        uint32_t stride;
        uint32_t lockstep_key;
    };
    // Several strips, none twice: the same frames, the same bits, side by side. Brings the streams into another order.
    static void process_together(Stream* streams, uint32_t count, uint32_t frames);
    void reset();
    uint32_t latency_frames() const;

    aim_status set_parameter(int32_t id, float value);
    aim_status release_parameter(int32_t id);
    aim_status get_parameter(int32_t id, float* value) const;
    // AIM_GENRE_AUTO, or the genre of a built-in profile.
    void set_genre(int32_t genre);
    // `values` in the order of the table, each within its range. `genre` -1 is a profile of the caller's.
    void set_profile(const float* values, int32_t genre, float morph_ms);
    void set_intensity(float percent) { values_.set_intensity(percent); }
    float intensity_percent() const { return values_.intensity_percent(); }
    void set_genre_weights(const float* weights) { values_.set_weights(weights); }
    aim_strip_metrics metrics() const { return published_.read(); }
    aim_genre_reading genre_reading() const;
    GenreEventLog genre_events() const { return published_events_.read(); }

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
        // Quanta through the stages: what the steps of a morph are counted by.
        uint64_t quanta = 0;
    };

    template <class Visitor>
    void visit_state(Visitor& visitor);
    // Visitors that only look may visit a strip that is const to its caller.
    template <class Visitor>
    void look_at_state(Visitor& visitor) const {
        const_cast<ChannelStrip*>(this)->visit_state(visitor);
    }
    bool is_open_to(int32_t parameter) const;
    float reference_lufs() const;
    bool hears_input() const;
    uint32_t leveler_may_come_in() const;
    void set_targets();
    void reset_stages();
    void take_up();
    void begin_to_listen();
    bool listen(const float* const* channels, uint32_t quanta);
    uint32_t stage_delay_frames() const { return saturator_.latency_frames() + limiter_.latency_frames(); }
    // One chunk on its way: its frames, those that waited before it, and how many of both make whole quanta.
    struct Chunk {
        uint32_t frames;
        uint32_t fill;
        uint32_t whole;
    };
    // Where a run lies in the working memory.
    struct Piece {
        float* channels[kMaxChannels];
        uint32_t quanta;
    };
    Piece piece(uint32_t first_quantum, uint32_t quanta);
    void begin(uint32_t frames);
    void end(uint32_t frames);
    Chunk take_in(const Stream& stream, uint32_t done, uint32_t frames);
    void give_out(const Stream& stream, uint32_t done, const Chunk& chunk);
    uint32_t lockstep_key() const;
    // Streams of one group have equally many channels, and are as many as there are lanes at most.
    static void process_group(const Stream* streams, uint32_t count, uint32_t frames);
    static void run(ChannelStrip* const* strips, uint32_t count, uint32_t first_quantum, uint32_t quanta);
    static void run_stages(ChannelStrip* const* strips, uint32_t count, uint32_t first_quantum, uint32_t quanta);
    static void run_lockstep(ChannelStrip* const* strips, uint32_t count, uint32_t first_quantum, uint32_t quanta);
    void guard(const Piece& piece);
    bool hear(const Piece& piece);
    void run_first_stages(const Piece& piece);
    void run_last_stages(const Piece& piece);
    void step(uint32_t quanta, bool decided);
    void finish(const Piece& piece);
    uint32_t quanta_until_stop() const;
    uint32_t quanta_until_next_step() const;
    uint32_t quanta_until_decision() const;
    void publish();
    void publish_genre();

    aim_strip_config config_{};
    Spec spec_;
    ParameterValues values_;
    MixSettings settings_;
    // Whether anything was processed since create or reset: from then on set-up parameters stand.
    std::atomic<uint32_t> started_{0};

    InputGain input_gain_;
    HighPass high_pass_;
    NoiseGate gate_;
    Leveler leveler_;
    DeEsser de_esser_;
    Compressor compressor_;
    Equalizer equalizer_;
    Saturator saturator_;
    StereoWidth stereo_width_;
    Limiter limiter_;
    Bypass bypass_;
    ProgrammeMeter input_meter_;
    ProgrammeMeter output_meter_;
    GenreClassifier classifier_;
    // Whether the present call listens, and which beginning to listen was the last one heeded.
    bool listens_ = false;
    uint32_t heeded_beginning_ = 0;

    Queue queue_;
    Counters counters_;
    Published<aim_strip_metrics> published_;
    Published<aim_genre_reading> published_genre_;
    Published<GenreEventLog> published_events_;
    // Working memory of one chunk, nothing that outlives a call.
    alignas(16) float work_[kMaxChannels][kMaxRunFrames];
};

}  // namespace aim
