// Cost of the equaliser and the high-pass per frame: at rest, gliding, and flat.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "tone/equalizer.h"
#include "tone/high_pass.h"

namespace {

constexpr uint32_t kQuanta = 60;  // 20 ms at 48 kHz
constexpr uint32_t kFrames = kQuanta * aim::kQuantumFrames;

aim::Equalizer::Parameters three_bands(float sign) {
    aim::Equalizer::Parameters p;
    p.enabled = true;
    p.low_gain_db = sign * 3.0f;
    p.mid_gain_db = sign * -4.0f;
    p.high_gain_db = sign * 5.0f;
    return p;
}

class Block {
public:
    Block() : dry_(kFrames), left_(kFrames), right_(kFrames) {
        uint32_t state = 1;
        for (float& x : dry_) {
            state = state * 1664525u + 1013904223u;
            x = (float)(int32_t)state / 8589934592.0f;
        }
    }
    // A filter that feeds on its own output would grow without end.
    float* const* fresh() {
        left_ = dry_;
        right_ = dry_;
        return channels_;
    }

private:
    std::vector<float> dry_, left_, right_;
    float* channels_[2] = {left_.data(), right_.data()};
};

void report(benchmark::State& state) {
    using benchmark::Counter;
    state.counters["per_frame"] = Counter((double)state.iterations() * kFrames, Counter::kIsRate | Counter::kInvert);
}

void equalizer_at_rest(benchmark::State& state) {
    aim::Equalizer eq;
    eq.prepare({48000, (uint32_t)state.range(0)});
    eq.set_target(three_bands(1.0f));
    eq.reset();
    Block block;
    for (auto _ : state) {
        eq.process(block.fresh(), kQuanta);
        benchmark::ClobberMemory();
    }
    report(state);
}
BENCHMARK(equalizer_at_rest)->ArgName("channels")->Arg(1)->Arg(2);

void equalizer_gliding(benchmark::State& state) {
    aim::Equalizer eq;
    eq.prepare({48000, (uint32_t)state.range(0)});
    Block block;
    float sign = 1.0f;
    for (auto _ : state) {
        sign = -sign;
        eq.set_target(three_bands(sign));
        eq.process(block.fresh(), kQuanta);
        benchmark::ClobberMemory();
    }
    report(state);
}
BENCHMARK(equalizer_gliding)->ArgName("channels")->Arg(1)->Arg(2);

void equalizer_flat(benchmark::State& state) {
    aim::Equalizer eq;
    eq.prepare({48000, (uint32_t)state.range(0)});
    Block block;
    for (auto _ : state) {
        eq.process(block.fresh(), kQuanta);
        benchmark::ClobberMemory();
    }
    report(state);
}
BENCHMARK(equalizer_flat)->ArgName("channels")->Arg(1)->Arg(2);

void high_pass_at_rest(benchmark::State& state) {
    aim::HighPass filter;
    filter.prepare({48000, (uint32_t)state.range(0)});
    filter.set_target({true, 80.0f});
    filter.reset();
    Block block;
    for (auto _ : state) {
        filter.process(block.fresh(), kQuanta);
        benchmark::ClobberMemory();
    }
    report(state);
}
BENCHMARK(high_pass_at_rest)->ArgName("channels")->Arg(1)->Arg(2);

}  // namespace
