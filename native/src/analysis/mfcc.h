// Streaming extractor of mel-frequency cepstral coefficients, spectral centroid and zero-crossing rate.
//
// librosa's definition: periodic Hann window, power spectrum, MelBank, 10 log10 with a floor, orthonormal DCT-II.
// The transform runs in double: beside a loud tone, single precision leaves a noise floor that the logarithm turns
// into errors of several hundredths of a dB in the quiet bands (measured: 0.05 for a full-scale sine).
#pragma once

#include "ai_mixer_core.h"
#include "analysis/fft_kernel.h"
#include "analysis/mel_bank.h"

namespace aim {

class MfccExtractor {
public:
    static aim_mfcc_config default_config();
    static bool valid(const aim_mfcc_config& config);

    // Fills `arena`; while it only measures, nothing is written.
    void prepare(const aim_mfcc_config& config, Arena& arena);
    void reset();

    // Frames that the next `samples` samples complete.
    uint32_t frames_for(uint32_t samples) const;
    // Samples that complete the next `frames` frames, 1 or more.
    uint32_t samples_for(uint32_t frames) const;

    // Adds samples and writes every frame they complete, frames_for(samples) of them, to coefficients (row by row),
    // centroid_hz and zero_crossing_rate (one value each; null where not wanted). Returns their number.
    uint32_t process(const float* input, uint32_t samples, float* coefficients, float* centroid_hz,
                     float* zero_crossing_rate);

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor.array(samples_, config_.window);
        visitor(filled_);
        visitor(skip_);
        // A forged snapshot must not lead out of the window.
        if (Visitor::kReads && filled_ >= config_.window) filled_ = 0;
        if (Visitor::kReads && skip_ >= config_.hop) skip_ = 0;
    }

private:
    void fill_window(uint32_t window);
    void fill_cosines();
    void measure_power();
    void write_coefficients(float* coefficients);

    aim_mfcc_config config_ = {};
    FftKernel<f64x2> fft_;
    MelBank mel_bank_;
    // The window's samples, then zeros up to the FFT size.
    float* samples_ = nullptr;
    // Half the window function, arranged as the FFT takes its points: two even samples, two odd ones.
    double* window_ = nullptr;
    float* power_ = nullptr;
    float* decibels_ = nullptr;
    // DCT-II: for each group of 16 coefficients, for each band, 16 factors. Double: the sum for the first coefficient
    // reaches thousands of dB, where single precision counts in steps of 1e-4.
    double* cosines_ = nullptr;
    uint32_t filled_ = 0;
    // Samples still to be passed over: a hop may be longer than the window.
    uint32_t skip_ = 0;
};

}  // namespace aim
