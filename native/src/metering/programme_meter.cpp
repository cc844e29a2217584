#include "metering/programme_meter.h"

#include "base/elementary.h"

namespace aim {
namespace {

// BS.1770-5: L = -0.691 + 10 log10(sum of the channels' mean squares), both front channels weighing 1.
float lufs_from_energy(double energy) {
    if (!(energy > 0.0)) return (float)AIM_SILENCE_DB;
    const double lufs = db_from_power(energy, AIM_SILENCE_DB) - 0.691;
    return lufs > AIM_SILENCE_DB ? (float)lufs : (float)AIM_SILENCE_DB;
}

}  // namespace

void ProgrammeMeter::prepare(const Spec& spec) {
    spec_ = spec;
    weighting_ = design_k_weighting((double)spec.sample_rate_hz);
    reset();
}

void ProgrammeMeter::reset() {
    loudness_.reset();
    level_.reset();
    for (TruePeakMeter& meter : true_peaks_) meter.reset();
    weighting_state_ = KWeightingState{};
    weighted_squares_ = f64x2{};
    squares_ = f64x2{};
    sub_block_ = 0;
    frames_in_sub_block_ = 0;
    peak_ = 0.0f;
}

// Sub-block k ends at frame floor((k + 1) rate / 200): the windows hold their exact number of frames at every rate that
// is a multiple of 5 Hz, and never drift at any other.
uint32_t ProgrammeMeter::frames_left_in_sub_block() const {
    constexpr uint64_t kPerSecond = Loudness::kSubBlocksPerSecond;
    const uint64_t k = sub_block_ % kPerSecond;
    const uint64_t rate = spec_.sample_rate_hz;
    const uint32_t length = (uint32_t)((k + 1) * rate / kPerSecond - k * rate / kPerSecond);
    return length > frames_in_sub_block_ ? length - frames_in_sub_block_ : 1;
}

void ProgrammeMeter::process(const float* const* channels, uint32_t frames) {
    for (uint32_t c = 0; c < spec_.channels; ++c) true_peaks_[c].process(channels[c], frames);
    uint32_t start = 0;
    while (start < frames) {
        const uint32_t left = frames_left_in_sub_block();
        const uint32_t n = frames - start < left ? frames - start : left;
        accumulate(channels, start, n);
        start += n;
        if (n == left) finish_sub_block();
    }
}

void ProgrammeMeter::accumulate(const float* const* channels, uint32_t start, uint32_t frames) {
    // Mono runs in both lanes; only the first is read.
    const float* first = channels[0] + start;
    const float* second = channels[spec_.channels - 1] + start;

    const KWeighting weighting(weighting_);
    KWeightingState state = weighting_state_;
    f64x2 weighted_squares = weighted_squares_;
    f64x2 squares = squares_;
    for (uint32_t i = 0; i < frames; ++i) {
        const f64x2 x = f64x2::set((double)first[i], (double)second[i]);
        const f64x2 y = weighting.step(state, x);
        weighted_squares = weighted_squares + y * y;
        squares = squares + x * x;
    }
    weighting_state_ = state;
    weighted_squares_ = weighted_squares;
    squares_ = squares;
    frames_in_sub_block_ += frames;

    for (uint32_t c = 0; c < spec_.channels; ++c) {
        const float peak = peak_of(channels[c] + start, frames);
        if (peak > peak_) peak_ = peak;
    }
}

void ProgrammeMeter::finish_sub_block() {
    const bool stereo = spec_.channels == 2;
    const double seconds_per_frame = 1.0 / (double)spec_.sample_rate_hz;
    const double weighted = weighted_squares_.lane(0) + (stereo ? weighted_squares_.lane(1) : 0.0);
    const double squares = squares_.lane(0) + (stereo ? squares_.lane(1) : 0.0);
    loudness_.push_sub_block(weighted * seconds_per_frame);
    level_.push_sub_block(peak_, squares, squares * seconds_per_frame, frames_in_sub_block_);
    flush(weighting_state_);
    weighted_squares_ = f64x2{};
    squares_ = f64x2{};
    frames_in_sub_block_ = 0;
    peak_ = 0.0f;
    sub_block_ = (sub_block_ + 1) % Loudness::kSubBlocksPerSecond;
}

void ProgrammeMeter::read(aim_loudness* out) const {
    const bool stereo = spec_.channels == 2;
    const double channels = (double)spec_.channels;

    out->momentary_lufs = lufs_from_energy(loudness_.momentary());
    out->short_term_lufs = lufs_from_energy(loudness_.short_term());
    out->integrated_lufs = lufs_from_energy(loudness_.integrated());
    out->range_lu = (float)db_from_power(loudness_.range(), 0.0);
    out->momentary_max_lufs = lufs_from_energy(loudness_.momentary_max());
    out->short_term_max_lufs = lufs_from_energy(loudness_.short_term_max());

    const float sample_peak = level_.peak() > peak_ ? level_.peak() : peak_;
    float true_peak = sample_peak;
    for (uint32_t c = 0; c < spec_.channels; ++c) {
        if (true_peaks_[c].peak() > true_peak) true_peak = true_peaks_[c].peak();
    }
    out->true_peak_dbtp = (float)db_from_amplitude(true_peak, AIM_SILENCE_DB);
    out->sample_peak_dbfs = (float)db_from_amplitude(sample_peak, AIM_SILENCE_DB);

    const float recent_peak = level_.recent_peak() > peak_ ? level_.recent_peak() : peak_;
    out->current_peak_dbfs = (float)db_from_amplitude(recent_peak, AIM_SILENCE_DB);
    out->current_rms_dbfs = (float)db_from_power(level_.recent_mean_square() / channels, AIM_SILENCE_DB);

    const double squares = level_.squares() + squares_.lane(0) + (stereo ? squares_.lane(1) : 0.0);
    const double frames = (double)(level_.frames() + frames_in_sub_block_);
    out->rms_dbfs = (float)db_from_power(frames > 0.0 ? squares / (frames * channels) : 0.0, AIM_SILENCE_DB);
}

}  // namespace aim
