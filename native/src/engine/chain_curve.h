// What a chain that stays as it is makes of soft and of loud programme: its gain by the level that comes in. Compressors and
// limiters take more from the one than from the other; without knowing how much, a soft passage in the middle of a change
// would pass for what the change does.
#pragma once

#include <cstdint>

namespace aim {

class ChainCurve {
public:
    void reset() { *this = ChainCurve{}; }

    // A hop of programme.
    void add(double level_lufs, double gain_db) {
        const uint32_t bin = bin_of(level_lufs);
        if (counts_[bin] < kMostHops) ++counts_[bin];
        gains_db_[bin] += (gain_db - gains_db_[bin]) / (double)counts_[bin];
    }

    // The gain at a level, in straight lines between those that were heard; 0 when none was.
    double gain_db(double level_lufs) const {
        const double place = (level_lufs - kLowestLufs) / kBinLu - 0.5;
        uint32_t below = kBins;
        uint32_t above = kBins;
        for (uint32_t bin = 0; bin < kBins; ++bin) {
            if (counts_[bin] < kFewestHops) continue;
            if ((double)bin <= place) below = bin;
            if ((double)bin > place && above == kBins) above = bin;
        }
        if (below == kBins) return above == kBins ? 0.0 : gains_db_[above];
        if (above == kBins) return gains_db_[below];
        const double part = (place - (double)below) / (double)(above - below);
        return gains_db_[below] + part * (gains_db_[above] - gains_db_[below]);
    }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor(gains_db_);
        visitor(counts_);
    }

private:
    static constexpr uint32_t kBins = 32;
    static constexpr double kBinLu = 2.0;
    static constexpr double kLowestLufs = -60.0;
    // A level is known from so many hops on, and remembered over the last of them.
    static constexpr uint32_t kFewestHops = 3;
    static constexpr uint32_t kMostHops = 50;

    static uint32_t bin_of(double level_lufs) {
        const double place = (level_lufs - kLowestLufs) / kBinLu;
        if (!(place > 0.0)) return 0;
        return place < (double)kBins ? (uint32_t)place : kBins - 1;
    }

    double gains_db_[kBins] = {};
    uint32_t counts_[kBins] = {};
};

}  // namespace aim
