// Where a glide from 0 to 1 stands: it waits, then follows a raised cosine. Counted in whatever its owner counts in.
#pragma once

#include "base/elementary.h"

namespace aim {

struct Glide {
    uint32_t wait = 0;
    uint32_t length = 0;
    uint32_t done = 0;

    void begin(uint32_t wait_first, uint32_t over) { *this = {wait_first, over, 0}; }
    bool runs() const { return length != 0; }
    // Counts on; what has arrived rests.
    void advance(uint32_t count) {
        if (wait >= count) {
            wait -= count;
            return;
        }
        done += count - wait;
        wait = 0;
        if (done >= length) length = done = 0;
    }

    double at(uint32_t later) const {
        if (!runs()) return 1.0;
        const uint64_t position = (uint64_t)done + (later > wait ? later - wait : 0);
        return position < length ? 0.5 - 0.5 * cos_f64(kPi * (double)position / (double)length) : 1.0;
    }
    double now() const { return at(0); }
};

}  // namespace aim
