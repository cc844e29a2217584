// Features of one frame that need no filter bank.
#pragma once

#include <cstddef>

namespace aim {

// Centre of gravity of the magnitude spectrum in Hz, 0 for silence. `power` holds `bins` squared magnitudes followed by
// zeros up to a multiple of four.
float spectral_centroid_hz(const float* power, size_t bins, double hz_per_bin);

// Share of the neighbouring pairs among `count` (2 or more) samples whose signs differ; zero counts as positive.
float zero_crossing_rate(const float* samples, size_t count);

}  // namespace aim
