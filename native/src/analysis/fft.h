// Real FFT, single precision in and out.
#pragma once

#include "analysis/fft_kernel.h"

namespace aim {

class RealFft {
public:
    static constexpr uint32_t kMinimumSize = 16;
    static constexpr uint32_t kMaximumSize = 65536;

    static bool valid(uint32_t size) {
        return size >= kMinimumSize && size <= kMaximumSize && (size & (size - 1)) == 0;
    }

    // Fills `arena`; while it only measures, nothing is written.
    void prepare(uint32_t size, Arena& arena);

    // `samples`: size values. `spectrum`: size / 2 + 1 bins, not scaled, as pairs (real, imaginary). No overlap.
    // Samples below 1e-25 (-500 dBFS) count as zero: they would become denormals on the way.
    void forward(const float* samples, float* spectrum);

    uint32_t size() const { return size_; }

private:
    uint32_t size_ = 0;
    // Sixteen points do not fill four lanes.
    FftKernel<f32x1> small_;
    FftKernel<f32x4> large_;
};

}  // namespace aim
