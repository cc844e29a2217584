// The door to genre recognition: argument checks, handles, status codes.
#include "ai_mixer_core.h"

#include <cstdlib>
#include <cstring>

#include "arguments.h"
#include "base/handle.h"
#include "engine/frame_layout.h"
#include "engine/input_guard.h"
#include "genre/classifier.h"
#include "genre/classify.h"

struct aim_classifier {
    aim::Spec spec;
    float weights[AIM_GENRE_COUNT];
    aim::GenreClassifier classifier;

    // Samples of channel c are input[c][i * stride].
    void add(const float* const* input, uint32_t stride, uint32_t frames);
};

namespace {

// Beyond what any sound can give, and far from where the model's arithmetic would overflow.
constexpr float kCoefficientLimit = 10000.0f;
// Percent will do as well: they are scaled.
constexpr float kMostProbable = 100.0f;

}  // namespace

void aim_classifier::add(const float* const* input, uint32_t stride, uint32_t frames) {
    float work[AIM_CHANNELS_MAX][aim::kMaxRunFrames];
    float* const channels[AIM_CHANNELS_MAX] = {work[0], work[1]};
    for (uint32_t done = 0; done < frames;) {
        const uint32_t count = frames - done < aim::kMaxRunFrames ? frames - done : aim::kMaxRunFrames;
        const float* from[AIM_CHANNELS_MAX] = {};
        for (uint32_t c = 0; c < spec.channels; ++c) from[c] = input[c] + (size_t)done * stride;
        aim::gather(from, spec.channels, stride, channels, count);
        for (uint32_t c = 0; c < spec.channels; ++c) aim::silence_damaged(work[c], count);
        classifier.add(channels, count, weights);
        done += count;
    }
}

aim_status aim_classifier_create(uint32_t sample_rate_hz, uint32_t channels, aim_classifier** classifier) noexcept {
    if (classifier == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    *classifier = nullptr;
    if (!aim::valid_format(sample_rate_hz, channels)) return AIM_ERROR_OUT_OF_RANGE;
    const aim::Spec spec = {sample_rate_hz, channels};
    return aim::create_handle(classifier, [&spec](aim_classifier& handle, aim::Arena& arena) {
        handle.spec = spec;
        for (float& weight : handle.weights) weight = 1.0f;
        handle.classifier.prepare(spec, arena);
        if (!arena.measuring()) handle.classifier.reset(AIM_GENRE_NEUTRAL);
    });
}

void aim_classifier_destroy(aim_classifier* classifier) noexcept { std::free(classifier); }

aim_status aim_classifier_add(aim_classifier* classifier, const float* const* input, uint32_t frames) noexcept {
    if (classifier == nullptr || input == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (aim::any_null(input, classifier->spec.channels)) return AIM_ERROR_NULL_ARGUMENT;
    classifier->add(input, 1, frames);
    return AIM_OK;
}

aim_status aim_classifier_add_interleaved(aim_classifier* classifier, const float* input, uint32_t frames) noexcept {
    if (classifier == nullptr || input == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    const float* const channels[AIM_CHANNELS_MAX] = {input, input + classifier->spec.channels - 1};
    classifier->add(channels, classifier->spec.channels, frames);
    return AIM_OK;
}

aim_status aim_classifier_hear(aim_classifier* classifier, const float* probabilities) noexcept {
    if (classifier == nullptr || probabilities == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    for (int i = 0; i < AIM_GENRE_COUNT; ++i) {
        // False for NaN.
        if (!(probabilities[i] >= 0.0f && probabilities[i] <= kMostProbable)) return AIM_ERROR_OUT_OF_RANGE;
    }
    classifier->classifier.hear(probabilities, classifier->weights);
    return AIM_OK;
}

aim_status aim_classifier_read(const aim_classifier* classifier, aim_genre_reading* reading) noexcept {
    if (classifier == nullptr || reading == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    classifier->classifier.read(reading);
    reading->listening = 1;
    return AIM_OK;
}

aim_status aim_classifier_events(const aim_classifier* classifier, uint64_t since_sequence, aim_genre_event* events,
                                 uint32_t capacity, uint32_t* count) noexcept {
    if (classifier == nullptr || count == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (events == nullptr && capacity != 0) return AIM_ERROR_NULL_ARGUMENT;
    *count = classifier->classifier.log().copy_since(since_sequence, events, capacity);
    return AIM_OK;
}

aim_status aim_classifier_programme(const aim_classifier* classifier, float* probabilities,
                                    uint64_t* windows) noexcept {
    if (classifier == nullptr || probabilities == nullptr || windows == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    const aim::ProgrammeProbabilities& programme = classifier->classifier.programme();
    programme.read(probabilities);
    *windows = programme.windows;
    return AIM_OK;
}

aim_status aim_classifier_set_weights(aim_classifier* classifier, const float* weights) noexcept {
    if (classifier == nullptr || weights == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (!aim::valid_genre_weights(weights)) return AIM_ERROR_OUT_OF_RANGE;
    std::memcpy(classifier->weights, weights, sizeof classifier->weights);
    return AIM_OK;
}

aim_status aim_classifier_reset(aim_classifier* classifier) noexcept {
    if (classifier == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    classifier->classifier.reset(AIM_GENRE_NEUTRAL);
    return AIM_OK;
}

aim_status aim_classify_frames(const float* mfcc, uint32_t frames, uint32_t coefficients,
                               float* probabilities) noexcept {
    if (mfcc == nullptr || probabilities == nullptr) return AIM_ERROR_NULL_ARGUMENT;
    if (frames == 0 || coefficients != AIM_GENRE_COEFFICIENTS) return AIM_ERROR_OUT_OF_RANGE;
    for (size_t i = 0; i < (size_t)frames * AIM_GENRE_COEFFICIENTS; ++i) {
        // False for NaN.
        if (!(mfcc[i] >= -kCoefficientLimit && mfcc[i] <= kCoefficientLimit)) return AIM_ERROR_OUT_OF_RANGE;
    }
    aim::classify_frames(mfcc, frames, probabilities);
    return AIM_OK;
}
