// Triangular filters on the mel scale, as librosa defines them: Slaney's scale (linear below 1 kHz, logarithmic above;
// Slaney, Auditory Toolbox, 1998), neighbouring bands sharing edges and centres, each triangle of unit area.
#pragma once

#include "analysis/lanes.h"
#include "base/arena.h"

namespace aim {

struct MelBankSpec {
    uint32_t sample_rate_hz;
    uint32_t fft_size;
    uint32_t bands;
    float low_hz;
    float high_hz;
};

class MelBank {
public:
    void prepare(const MelBankSpec& spec, Arena& arena);

    // energies[b] = sum of the band's weights times `power`: fft_size / 2 + 1 squared magnitudes followed by zeros up
    // to a multiple of four, aligned to 16 bytes.
    void apply(const float* power, float* energies) const;

private:
    // The stretch of bins under one triangle, widened to whole registers.
    struct Band {
        uint32_t first_bin;
        uint32_t bin_count;
    };

    Band* bands_ = nullptr;
    float* weights_ = nullptr;
    uint32_t band_count_ = 0;
};

}  // namespace aim
