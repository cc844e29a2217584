// A programme of stretches of one tone, the same in every channel, fed to a meter in 20 ms calls without ever being held
// in memory: what the cases of EBU Tech 3341 and 3342 are made of.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numbers>
#include <vector>

#include "metering/programme_meter.h"

namespace aim_test {

inline constexpr double kSilent = -1000;

class ToneProgramme {
public:
    explicit ToneProgramme(uint32_t rate_hz, uint32_t channels = 2, uint32_t frequency_hz = 1000)
        : rate_hz_(rate_hz), meter_(std::make_unique<aim::ProgrammeMeter>()), period_(rate_hz) {
        meter_->prepare({rate_hz, channels});
        for (uint32_t i = 0; i < rate_hz; ++i) {
            const double turns = std::fmod(static_cast<double>(i) * frequency_hz / rate_hz, 1.0);
            period_[i] = std::sin(2 * std::numbers::pi * turns);
        }
    }

    // Calls heard(loudness) after every 20 ms.
    template <class Heard>
    void play(double seconds, double peak_db, Heard heard) {
        const double amplitude = peak_db <= kSilent ? 0 : std::pow(10, peak_db / 20);
        // From and to exact times, so that many stretches do not add up their roundings.
        seconds_ += seconds;
        const uint64_t end = static_cast<uint64_t>(std::llround(seconds_ * rate_hz_));
        std::vector<float> call(rate_hz_ / 50);
        while (frames_ < end) {
            const uint32_t n = static_cast<uint32_t>(std::min<uint64_t>(call.size(), end - frames_));
            for (uint32_t i = 0; i < n; ++i) {
                call[i] = static_cast<float>(amplitude * period_[(frames_ + i) % rate_hz_]);
            }
            const float* channels[2] = {call.data(), call.data()};
            meter_->process(channels, n);
            frames_ += n;
            heard(read());
        }
    }

    void play(double seconds, double peak_db) {
        play(seconds, peak_db, [](const aim_loudness&) {});
    }

    double seconds() const { return seconds_; }

    aim_loudness read() const {
        aim_loudness loudness;
        meter_->read(&loudness);
        return loudness;
    }

private:
    uint32_t rate_hz_;
    std::unique_ptr<aim::ProgrammeMeter> meter_;
    std::vector<double> period_;
    double seconds_ = 0;
    uint64_t frames_ = 0;
};

}  // namespace aim_test
