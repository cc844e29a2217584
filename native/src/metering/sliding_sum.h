// Sum of the last N values, in constant time on average and without drift: nothing is ever subtracted.
//
// After van Herk's and Gil-Werman's running extremum: time is cut into chunks of N values. A window reaches over at most
// one cut, so its sum is a tail of the finished chunk plus a head of the running one. The tails are summed once, in
// place, when a chunk is finished; each gives way to a new value after its last use.
#pragma once

#include <cstdint>

namespace aim {

template <uint32_t N>
class SlidingSum {
public:
    void reset() {
        for (double& x : slots_) x = 0.0;
        head_ = 0.0;
        next_ = 0;
        sum_ = 0.0;
    }

    void push(double value) {
        const uint32_t i = next_ % N;
        slots_[i] = value;
        head_ += value;
        if (i + 1 < N) {
            sum_ = slots_[i + 1] + head_;
            next_ = i + 1;
            return;
        }
        sum_ = head_;
        for (uint32_t k = N - 1; k > 0; --k) slots_[k - 1] += slots_[k];
        head_ = 0.0;
        next_ = 0;
    }

    double sum() const { return sum_; }

    template <class Visitor>
    void visit_state(Visitor& v) {
        v(slots_);
        v(head_);
        v(sum_);
        v(next_);
    }

private:
    double slots_[N] = {};  // below next_: values of the running chunk; from next_ on: tails of the finished one
    double head_ = 0.0;     // sum of the running chunk so far
    double sum_ = 0.0;
    uint32_t next_ = 0;
};

}  // namespace aim
