// A case renders something through the core and yields a hash of every bit that came out.
#pragma once

#include <string>
#include <vector>

namespace bit_exactness {

struct Result {
    std::string name;
    std::string hash;
    // Another case whose hash this one must equal, or empty.
    std::string same_as;
};

// Each appends its results; false when the core refused a call, which is told on stderr.
bool run_corpus(std::vector<Result>& results);
bool run_strips(std::vector<Result>& results);
bool run_meters(std::vector<Result>& results);
bool run_analysis(std::vector<Result>& results);

}  // namespace bit_exactness
