// Drives a strip with whatever the bytes say: configuration, parameters, block sizes, samples, resets, snapshots.
// Promises checked: no crash, finite output, the ceiling, bounded counters, refusals that change nothing.
#include <cmath>

#include "ai_mixer_core.h"
#include "fuzz_input.h"

namespace {

using aim_fuzz::FuzzInput;
using aim_fuzz::require;

constexpr uint32_t kMaxFrames = 600;
constexpr uint64_t kMaxTotalFrames = 60000;

aim_strip_config configuration(FuzzInput& input) {
    constexpr uint32_t kRates[] = {8000, 11025, 44100, 48000, 96000, 192000};
    aim_strip_config config;
    aim_strip_config_init(&config);
    config.sample_rate_hz = input.byte() < 16 ? input.raw<uint32_t>() : kRates[input.below(6)];
    config.channels = input.byte() < 8 ? input.raw<uint32_t>() : 1 + input.below(2);
    config.max_frames = input.byte() < 8 ? input.raw<uint32_t>() % 100000 : 1 + input.below(kMaxFrames);
    config.meters = input.byte() < 8 ? input.raw<uint32_t>() : input.below(4);
    if (input.byte() == 255) config.struct_size = input.raw<uint32_t>();
    return config;
}

class Session {
public:
    Session(FuzzInput& input, const aim_strip_config& config, aim_strip* strip)
        : input_(input), config_(config), strip_(strip) {
        uint64_t size = 0;
        require(aim_strip_snapshot_size(strip_, &size) == AIM_OK && size > 0, "a snapshot has a size");
        snapshot_.resize(size);
    }

    void run() {
        while (!input_.empty() && total_frames_ < kMaxTotalFrames) {
            switch (input_.below(14)) {
            case 0:
                set_nonsense();
                break;
            case 1:
                require(aim_strip_reset(strip_) == AIM_OK, "reset works");
                break;
            case 2:
                save();
                break;
            case 3:
                restore();
                break;
            case 4:
                restore_damaged();
                break;
            case 5:
            case 6:
            case 7:
                set_in_range();
                break;
            case 8:
                set_genre();
                break;
            case 9:
                weigh_genres();
                break;
            default:
                process();
                break;
            }
            check_metrics();
            check_genre();
        }
    }

private:
    void set_nonsense() {
        const int32_t id = input_.raw<int32_t>();
        const float value = input_.raw<float>();
        if (aim_strip_set_parameter(strip_, id, value) == AIM_OK) {
            float kept = 0;
            require(aim_strip_get_parameter(strip_, id, &kept) == AIM_OK && kept == value, "a value set is kept");
        }
    }

    void set_in_range() {
        aim_parameter_info info;
        const auto rows = static_cast<uint32_t>(aim_parameter_count());
        require(aim_parameter_info_at(static_cast<int32_t>(input_.below(rows)), &info) == AIM_OK, "rows can be read");
        const float share = static_cast<float>(input_.byte()) / 255.0f;
        float value = info.minimum + share * (info.maximum - info.minimum);
        if (info.unit == AIM_UNIT_BOOLEAN) value = share < 0.5f ? 0.0f : 1.0f;
        if (!(value <= info.maximum)) value = info.maximum;
        const aim_status status = aim_strip_set_parameter(strip_, info.id, value);
        const bool setup = (info.flags & AIM_PARAMETER_SETUP) != 0;
        require(status == AIM_OK || (setup && status == AIM_ERROR_STATE), "values in range are accepted");
    }

    void set_genre() {
        const int32_t genre = static_cast<int32_t>(input_.below(10)) - 3;
        const bool known = (genre >= 0 && genre < aim_profile_count()) || genre == AIM_GENRE_AUTO;
        require((aim_strip_set_genre(strip_, genre) == AIM_OK) == known, "genres that exist are accepted");
    }

    void weigh_genres() {
        float weights[AIM_GENRE_COUNT];
        for (float& weight : weights) weight = (input_.byte() & 1) != 0 ? 1.0f : input_.raw<float>();
        aim_strip_set_genre_weights(strip_, weights);
    }

    void check_genre() {
        aim_genre_reading reading;
        require(aim_strip_genre(strip_, &reading) == AIM_OK, "the genre can be read");
        require(reading.genre >= 0 && reading.genre < aim_profile_count(), "the genre exists");
        require(reading.confidence >= 0 && reading.confidence <= 1.0001f, "confidence is a share");
        for (const float p : reading.probabilities) require(p >= 0 && p <= 1.0001f, "probabilities are shares");
        aim_genre_event events[AIM_GENRE_EVENTS_MAX];
        uint32_t count = 0;
        require(aim_strip_genre_events(strip_, input_.byte(), events, AIM_GENRE_EVENTS_MAX, &count) == AIM_OK,
                "decisions can be read");
        require(count <= AIM_GENRE_EVENTS_MAX, "no more decisions than there is room for");
    }

    void process() {
        const uint32_t frames = input_.below(kMaxFrames + 1);
        const uint32_t repeat = 1 + input_.below(8);
        std::vector<float> in(static_cast<size_t>(frames) * config_.channels);
        const uint32_t written = frames == 0 ? 0 : 1 + input_.below(64);
        for (size_t i = 0; i < in.size(); ++i) in[i] = i < written ? input_.sample() : in[i - written];
        std::vector<float> out(in.size(), 0.0f);
        const bool interleaved = (input_.byte() & 1) != 0;
        for (uint32_t i = 0; i < repeat; ++i) {
            aim_status status;
            if (interleaved) {
                status = aim_strip_process_interleaved(strip_, in.data(), out.data(), frames);
            } else {
                const float* inputs[AIM_CHANNELS_MAX];
                float* outputs[AIM_CHANNELS_MAX];
                for (uint32_t c = 0; c < config_.channels; ++c) {
                    inputs[c] = in.data() + static_cast<size_t>(c) * frames;
                    outputs[c] = out.data() + static_cast<size_t>(c) * frames;
                }
                status = aim_strip_process(strip_, inputs, outputs, frames);
            }
            if (frames > config_.max_frames) {
                require(status == AIM_ERROR_TOO_MANY_FRAMES, "too many frames are refused");
                return;
            }
            require(status == AIM_OK || frames == 0, "processing works");
            check_output(out, frames);
        }
    }

    void check_output(const std::vector<float>& out, uint32_t frames) {
        total_frames_ += frames;
        track_ceiling(frames);
        for (const float x : out) {
            require(std::isfinite(x), "the output is finite");
            if (settled_frames_ > settling_frames()) {
                require(std::abs(x) <= ceiling_ * 1.000002f, "the output keeps the ceiling");
            }
        }
    }

    // The ceiling binds when the limiter has been on, not bypassed and untouched for longer than ramps and delays last.
    void track_ceiling(uint32_t frames) {
        float enabled = 0, bypass = 0, ceiling_db = 0;
        aim_strip_get_parameter(strip_, AIM_PARAM_LIMITER_ENABLED, &enabled);
        aim_strip_get_parameter(strip_, AIM_PARAM_BYPASS, &bypass);
        aim_strip_get_parameter(strip_, AIM_PARAM_LIMITER_CEILING_DB, &ceiling_db);
        const float ceiling = std::pow(10.0f, ceiling_db / 20);
        const bool binding = enabled == 1 && bypass == 0 && ceiling == ceiling_;
        settled_frames_ = binding ? settled_frames_ + frames : 0;
        ceiling_ = ceiling;
    }

    // A quarter of a second, and what one call may add.
    uint64_t settling_frames() const { return config_.sample_rate_hz / 4 + kMaxFrames; }

    void save() {
        require(aim_strip_save(strip_, snapshot_.data(), snapshot_.size()) == AIM_OK, "saving works");
        saved_ = true;
    }

    void restore() {
        if (!saved_) return;
        require(aim_strip_restore(strip_, snapshot_.data(), snapshot_.size()) == AIM_OK, "restoring works");
        settled_frames_ = 0;
    }

    void restore_damaged() {
        if (!saved_) return;
        std::vector<uint8_t> damaged = snapshot_;
        const uint32_t edits = 1 + input_.below(4);
        for (uint32_t i = 0; i < edits; ++i) {
            damaged[input_.below(static_cast<uint32_t>(damaged.size()))] ^=
                static_cast<uint8_t>(1 + input_.byte() % 255);
        }
        if (damaged == snapshot_) return;
        if (input_.byte() < 32) damaged.resize(input_.below(static_cast<uint32_t>(damaged.size())));
        require(aim_strip_restore(strip_, damaged.data(), damaged.size()) == AIM_ERROR_SNAPSHOT, "damage is noticed");
    }

    void check_metrics() {
        aim_strip_metrics metrics;
        require(aim_strip_get_metrics(strip_, &metrics) == AIM_OK, "metrics can be read");
        for (const aim_gain_reduction& stage : {metrics.gate, metrics.compressor, metrics.limiter}) {
            require(std::isfinite(stage.now_db) && std::isfinite(stage.average_db) && std::isfinite(stage.maximum_db),
                    "gain reduction is a number");
        }
        for (const aim_loudness& side : {metrics.input, metrics.output}) {
            for (const float value :
                 {side.momentary_lufs, side.short_term_lufs, side.integrated_lufs, side.range_lu,
                  side.momentary_max_lufs, side.short_term_max_lufs, side.true_peak_dbtp, side.sample_peak_dbfs,
                  side.rms_dbfs, side.current_peak_dbfs, side.current_rms_dbfs}) {
                require(value >= AIM_SILENCE_DB && value < 200, "loudness is a sane number");
            }
        }
        require(metrics.limiter_clamped_samples == 0, "the last safeguard is never needed");
    }

    FuzzInput& input_;
    const aim_strip_config& config_;
    aim_strip* strip_;
    std::vector<uint8_t> snapshot_;
    bool saved_ = false;
    uint64_t total_frames_ = 0;
    uint64_t settled_frames_ = 0;
    float ceiling_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    FuzzInput input(data, size);
    const aim_strip_config config = configuration(input);
    aim_strip* strip = nullptr;
    const aim_status status = aim_strip_create(&config, &strip);
    require((status == AIM_OK) == (strip != nullptr), "a strip is made or it is not");
    if (strip == nullptr) return 0;
    Session(input, config, strip).run();
    aim_strip_destroy(strip);
    return 0;
}
