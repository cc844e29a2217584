// One band: a section whose parameters glide to their targets, and which is absent while it has nothing to do.
#pragma once

#include "base/lockstep.h"
#include "base/section_octets.h"
#include "base/smoother.h"

namespace aim {

enum class BandKind { kLowShelf, kBell, kHighShelf, kHighPass };

// What decides a design. Frequency and Q move on a logarithmic scale, as they are heard.
struct BandSettings {
    float amount = 0.0f;  // gain in dB; of a high-pass its share of the output, 0 to 1. 0: the band does nothing
    float log2_frequency_hz = 0.0f;
    float log2_q = 0.0f;

    bool operator==(const BandSettings&) const = default;
};

class Band {
public:
    explicit Band(BandKind kind) : kind_(kind) {}

    void prepare(const Spec& spec);
    void set_target(const BandSettings& target);
    void reset();

    // In place, quanta * kQuantumFrames frames.
    void process(float* const* channels, uint32_t quanta);
    // The one, then the other.
    static void process_both(Band& first, Band& second, float* const* channels, uint32_t quanta);
    // How it goes at present, 0 to 2: streams in lockstep are quickest where they are alike.
    uint32_t lockstep_key() const { return (uint32_t)mode_; }
    // The same as process() for every stream of a run.
    template <class V>
    static void process_lockstep(Band* const* streams, LockstepRun<V>& run);

    bool moves() const { return mode_ == Mode::kMoving; }
    bool stands() const { return mode_ == Mode::kSteady; }
    // For whoever runs two high-passes together while both stand.
    const SectionOctets<2>& octets() const { return octets_; }
    const BandSettings& octets_for() const { return block_for_; }
    SectionState& section() { return section_; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(amount_);
        visitor(log2_frequency_hz_);
        visitor(log2_q_);
        visitor(quanta_unheard_);
        visitor(section_);
        if constexpr (Visitor::kReads) derive();
    }

private:
    enum class Mode { kAbsent, kSteady, kMoving };

    BandSettings settings() const { return {amount_.value, log2_frequency_hz_.value, log2_q_.value}; }
    FilterDesign design(const BandSettings& settings) const;
    void glide(float* const* channels, uint32_t offset_frames);
    static bool all(Mode mode, Band* const* streams, uint32_t count);
    bool swings_in();
    void derive();
    void make_weights();
    void run_standing(float* const* channels, uint32_t offset_frames, uint32_t quanta);

    BandKind kind_;
    Spec spec_;
    SmoothingRate rate_;

    Smoother amount_;
    Smoother log2_frequency_hz_;
    Smoother log2_q_;
    uint32_t quanta_unheard_ = 0;
    SectionState section_;

    // Follow from the above, each from the settings noted with it; kept because they are dear. No part of the state.
    Mode mode_ = Mode::kAbsent;
    BandSettings designed_for_;
    FilterDesign design_;
    BandSettings block_for_;
    SectionBlock block_;
    // In its place for a high-pass, which never goes in lockstep.
    SectionOctets<2> octets_;
};

}  // namespace aim
