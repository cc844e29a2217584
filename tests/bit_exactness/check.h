// Leaves the running case with a message when the core refuses a call.
#pragma once

#include <cstdio>

#define AIM_CHECK(call) \
    do { \
        const aim_status check_status = (call); \
        if (check_status != AIM_OK) { \
            std::fprintf(stderr, "%s: %s (%s)\n", __func__, aim_status_message(check_status), #call); \
            return false; \
        } \
    } while (false)
