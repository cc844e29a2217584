// What a strip's handle points at: two doors know it.
#pragma once

#include "engine/channel_strip.h"

struct aim_strip {
    aim::ChannelStrip strip;
    // While a batch looks through its list: whether it has met this strip.
    bool listed = false;
};
