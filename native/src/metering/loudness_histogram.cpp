#include "metering/loudness_histogram.h"

#include <bit>

namespace aim {
namespace {

constexpr double kAbsoluteGateEnergy = 1.1724653045822964e-7;  // 10^((-70 + 0.691) / 10)
constexpr int kMantissaBits = 52;
constexpr int kBinShift = kMantissaBits - 6;  // the exponent and six bits below it number the bins

}  // namespace

void LoudnessHistogram::reset() {
    for (double& x : sums_) x = 0.0;
    for (uint32_t& x : counts_) x = 0;
    total_sum_ = 0.0;
    total_count_ = 0;
    highest_ = 0;
}

uint32_t LoudnessHistogram::bin_of(double energy) {
    static_assert(kBinsPerOctave == 1u << (kMantissaBits - kBinShift));
    constexpr uint64_t kFirst = std::bit_cast<uint64_t>(kAbsoluteGateEnergy) >> kBinShift;
    if (!(energy > kAbsoluteGateEnergy)) return 0;
    const uint64_t bin = (std::bit_cast<uint64_t>(energy) >> kBinShift) - kFirst;
    return bin < kBins ? (uint32_t)bin : kBins - 1;
}

void LoudnessHistogram::add(double energy) {
    if (!(energy > kAbsoluteGateEnergy)) return;
    const uint32_t bin = bin_of(energy);
    sums_[bin] += energy;
    ++counts_[bin];
    total_sum_ += energy;
    ++total_count_;
    if (bin > highest_) highest_ = bin;
}

uint32_t LoudnessHistogram::first_gated(double relative_gate) const {
    if (total_count_ == 0) return kBins;
    const double gate = total_sum_ / (double)total_count_ * relative_gate;
    const uint32_t bin = bin_of(gate);
    // The blocks of the bin that the gate cuts stand or fall together, by their mean.
    return sums_[bin] > gate * (double)counts_[bin] ? bin : bin + 1;
}

double LoudnessHistogram::gated_mean(double relative_gate) const {
    double sum = 0.0;
    uint64_t count = 0;
    for (uint32_t bin = first_gated(relative_gate); bin < end(); ++bin) {
        sum += sums_[bin];
        count += counts_[bin];
    }
    return count == 0 ? 0.0 : sum / (double)count;
}

double LoudnessHistogram::percentile(uint32_t first, uint64_t rank) const {
    uint64_t seen = 0;
    for (uint32_t bin = first; bin < end(); ++bin) {
        seen += counts_[bin];
        if (seen > rank) return sums_[bin] / (double)counts_[bin];
    }
    return 0.0;
}

double LoudnessHistogram::percentile_ratio(double relative_gate, double lower, double upper) const {
    const uint32_t first = first_gated(relative_gate);
    uint64_t count = 0;
    for (uint32_t bin = first; bin < end(); ++bin) count += counts_[bin];
    if (count == 0) return 1.0;
    // The nearest rank, halves up.
    const double last = (double)(count - 1);
    const double low = percentile(first, (uint64_t)(last * lower + 0.5));
    const double high = percentile(first, (uint64_t)(last * upper + 0.5));
    return low > 0.0 && high > low ? high / low : 1.0;
}

}  // namespace aim
