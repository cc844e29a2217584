// Loudness and the energy that it is the logarithm of, after BS.1770-5.
#pragma once

#include "base/elementary.h"

namespace aim {

inline double lufs(double energy) { return db_from_power(energy, -200.0) - 0.691; }
inline double energy_of_lufs(double loudness) { return exp2_f64((loudness + 0.691) * 2.0 * kOctavesPerDb); }

}  // namespace aim
