// A stretch of MFCC frames, without a stream around it.
#pragma once

#include <cstdint>

namespace aim {

// `frames` (1 or more) rows of AIM_GENRE_COEFFICIENTS; writes AIM_GENRE_COUNT probabilities. What the header says of
// aim_classify_frames.
void classify_frames(const float* mfcc, uint32_t frames, float* probabilities);

}  // namespace aim
