#include "genre/classify.h"

#include "genre/model.h"
#include "genre/programme.h"

namespace aim {
namespace {

constexpr uint32_t kLeastFrames = 50;
constexpr uint32_t kWindowFrames = 300;
constexpr uint32_t kStepFrames = 50;

}  // namespace

void classify_frames(const float* mfcc, uint32_t frames, float* probabilities) {
    GenreModel model;
    model.reset();
    const uint32_t added = frames < kLeastFrames ? kLeastFrames : frames;
    ProgrammeProbabilities programme;
    for (uint32_t i = 0; i < added; ++i) {
        model.add_frame(mfcc + (size_t)(i % frames) * AIM_GENRE_COEFFICIENTS);
        if (i + 1 < kWindowFrames || (i + 1 - kWindowFrames) % kStepFrames != 0) continue;
        model.probabilities(probabilities);
        programme.add(probabilities);
    }
    if (programme.windows > 1) {
        programme.read(probabilities);
    } else if (programme.windows == 0) {
        model.probabilities(probabilities);
    }
}

}  // namespace aim
