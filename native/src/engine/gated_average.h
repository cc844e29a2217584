// Gated mean of all blocks so far, relative to the target in force when each was heard: the integrated loudness of
// BS.1770-5 in the leveler's terms, in 1 kB. A bin is 1 LU wide and keeps exact sums, so only the gate is that coarse.
#pragma once

#include <cstdint>

#include "base/elementary.h"

namespace aim {

class GatedAverage {
public:
    void reset() { *this = GatedAverage{}; }

    // The block's energy, 1 being the target.
    void add(double energy) {
        const uint32_t bin = bin_of(energy);
        sums_[bin] += energy;
        ++counts_[bin];
    }

    // Mean of the blocks within 10 LU of the mean of all, in LU above the target; 0 when there is none.
    double relative_lu() const {
        const double all = mean_from(0);
        if (!(all > 0.0)) return 0.0;
        const double gated = mean_from(bin_of(all * 0.1));
        return gated > 0.0 ? db_from_power(gated, -200.0) : 0.0;
    }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(sums_);
        visitor(counts_);
    }

private:
    static constexpr uint32_t kBins = 80;
    static constexpr double kLowestLu = -60.0;

    static uint32_t bin_of(double energy) {
        const double above = db_from_power(energy, -200.0) - kLowestLu;
        if (!(above > 0.0)) return 0;
        return above < (double)kBins ? (uint32_t)above : kBins - 1;
    }

    double mean_from(uint32_t first) const {
        double sum = 0.0;
        double count = 0.0;
        for (uint32_t bin = first; bin < kBins; ++bin) {
            sum += sums_[bin];
            count += (double)counts_[bin];
        }
        return count > 0.0 ? sum / count : 0.0;
    }

    double sums_[kBins] = {};
    uint32_t counts_[kBins] = {};
};

}  // namespace aim
