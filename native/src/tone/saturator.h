// Saturator: a soft memoryless curve, oversampled, mixed with the input.
//
//   x -> gain -> 2x -> 4x -> curve - straight line -> 2x -> 1x -> gain -> + delayed x
//
// Little drive bends little: what the curve adds then ends below the sample rate, which is what twice the rate holds, and
// the way to 4x and back is left out.
//
// Only what the curve adds to the straight line goes through the filters. So the input itself passes untouched but for
// its delay, however the filters ripple, and a signal too small to be bent stays what it was.
#pragma once

#include "base/ramp.h"
#include "base/smoother.h"

namespace aim {

class Saturator {
public:
    // The look-ahead of the four filters, at any sample rate.
    static constexpr uint32_t kLatencyFrames = 12;

    struct Parameters {
        bool enabled = false;
        float drive_db = 0.0f;
        float wet_percent = 100.0f;
        float even_percent = 0.0f;
    };

    void prepare(const Spec& spec);
    // Glides there over about 20 ms; what was off, or only odd, runs unheard for 64 ms first.
    void set_target(const Parameters& parameters);
    void reset();
    // Off, it is a delay.
    void process(float* const* channels, uint32_t quanta);
    uint32_t latency_frames() const { return kLatencyFrames; }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(state_);
        if constexpr (Visitor::kReads) update_coefficients();
    }

private:
    // Whether the curve works at the quarters of a frame too: first their history fills, then they are heard.
    static constexpr uint32_t kNoQuarters = 0;
    static constexpr uint32_t kUnheardQuarters = 1;
    static constexpr uint32_t kQuarters = 2;

    // The newest values of one channel that later ones still need, oldest first.
    struct History {
        float input[kLatencyFrames] = {};
        // What the curve hears, at whole frames and at halves.
        float driven[8] = {};
        float half[4] = {};
        // What the curve adds, at each quarter of a frame; kept while quarters are bent.
        float bent[4][4] = {};
        // The same at twice the sample rate: whole frames, halves.
        float twice[2][12] = {};
        // The squared curve, drive taken back, and its mean, while it is squared.
        float smooth_square = 0.0f;
        float mean = 0.0f;
    };
    struct State {
        Smoother drive_octaves;
        Smoother even;
        // 0 while off.
        Smoother wet;
        uint32_t moving = 0;
        // In this quantum and in the one before.
        uint32_t quarters = kNoQuarters;
        uint32_t quarters_before = kNoQuarters;
        // Whether the histories hold anything but the input's.
        uint32_t awake = 0;
        uint32_t quanta_unheard = 0;
        uint32_t quanta_squared_unheard = 0;
        History history[kMaxChannels];
    };
    // A value that goes in a straight line through a quantum.
    struct Line {
        float from = 0.0f;
        float to = 0.0f;
        Ramp ramp() const { return Ramp::between(from, to); }
    };
    struct Work;

    bool wants_quarters() const;
    void tick();
    bool is_squared() const;
    bool swings_in(const Smoother& share, uint32_t& quanta_unheard) const;
    void rest();
    void update_coefficients();
    void process_run(History& history, float* samples, uint32_t frames) const;
    template <bool squared>
    void shape(Work& work, int frames, bool inside) const;
    template <bool squared, bool inside>
    void bend_halves(Work& work, int frames) const;
    template <bool squared>
    void bend_quarters(Work& work, int frames) const;
    template <bool squared>
    void add_to(History& history, const Work& work, float* samples, int frames) const;
    Line follow_mean(History& history, f32x4 squares) const;

    State state_;
    Spec spec_;
    SmoothingRate rate_;
    float mean_step_ = 1.0f;
    float smoothing_step_ = 1.0f;
    uint32_t warm_up_quanta_ = 0;

    Line gain_in_;
    Line square_;
    Line gain_out_;
    float square_to_mean_ = 0.0f;
    Line mean_share_;
    // 1 while the quarters are heard.
    Line quarters_;
};

}  // namespace aim
