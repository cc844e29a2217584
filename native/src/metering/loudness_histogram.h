// Energies of measurement blocks since reset, sorted into bins: gating and percentiles over any length of programme in a
// fixed amount of memory.
//
// A bin is a 64th of an octave of energy (on average 0.05 dB), found from the bits of the number itself. Each keeps the
// exact sum of its energies, so means are means of the blocks, not of bin centres; only a gate that falls into a bin is
// as coarse as the bin.
#pragma once

#include <cstdint>

namespace aim {

class LoudnessHistogram {
public:
    void reset();

    // Blocks at or below -70 LUFS are dropped: the absolute gate of BS.1770.
    void add(double energy);

    // Mean energy of the blocks above `relative_gate` times the mean of all; 0 when there is none.
    double gated_mean(double relative_gate) const;

    // Energy ratio between the upper and the lower percentile (0 to 1) of the blocks above `relative_gate` times the
    // mean of all; 1 when there is none.
    double percentile_ratio(double relative_gate, double lower, double upper) const;

    template <class Visitor>
    void visit_state(Visitor& v) {
        v(sums_);
        v(counts_);
        v(total_sum_);
        v(total_count_);
        v(highest_);
    }

private:
    static constexpr uint32_t kBinsPerOctave = 64;
    // From -70 to +26 LUFS; what is louder counts in the last bin.
    static constexpr uint32_t kBins = 32 * kBinsPerOctave;

    static uint32_t bin_of(double energy);
    uint32_t end() const { return highest_ < kBins ? highest_ + 1 : kBins; }
    uint32_t first_gated(double relative_gate) const;
    double percentile(uint32_t first, uint64_t rank) const;

    double sums_[kBins] = {};
    uint32_t counts_[kBins] = {};
    double total_sum_ = 0.0;
    uint64_t total_count_ = 0;
    uint32_t highest_ = 0;
};

}  // namespace aim
