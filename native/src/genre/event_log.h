// The last decisions, by number: a ring that any thread can be given a copy of.
#pragma once

#include "ai_mixer_core.h"

namespace aim {

struct GenreEventLog {
    // The number of the last decision.
    uint64_t decisions = 0;
    aim_genre_event events[AIM_GENRE_EVENTS_MAX] = {};

    void add(aim_genre_event event) {
        event.sequence = ++decisions;
        events[(decisions - 1) % AIM_GENRE_EVENTS_MAX] = event;
    }

    // Copies at most `capacity` of the decisions after number `since`, oldest first; returns how many.
    uint32_t copy_since(uint64_t since, aim_genre_event* to, uint32_t capacity) const {
        const uint64_t oldest = decisions > AIM_GENRE_EVENTS_MAX ? decisions - AIM_GENRE_EVENTS_MAX : 0;
        uint32_t count = 0;
        for (uint64_t n = since > oldest ? since : oldest; n < decisions && count < capacity; ++n) {
            to[count++] = events[n % AIM_GENRE_EVENTS_MAX];
        }
        return count;
    }
};

}  // namespace aim
