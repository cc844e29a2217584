#include "tone/saturator.h"

#include <cstring>

namespace aim {
namespace {

// ------------------------------------------------------------------------------------------------ filters

// All symmetric, one side given, scaled to a gain of exactly 1 at 0 Hz. All but the last are windowed sinc functions:
// h(x) = sinc(2 fc x) I0(beta sqrt(1 - (x / half)^2)) (J. F. Kaiser's window), fc in cycles per sample, x and half in
// samples of the filter's own rate. fc, half and beta come from a search for the least aliasing of a 5 kHz and a 7 kHz
// tone at 0 dBFS with 12 dB of drive, within 12 frames of delay. At 48 kHz what the curve adds is passed within 0.6 dB up
// to 10 kHz, 5.6 dB down at 15 kHz, 76 dB down from 25 kHz on.
// To 2x, half-band: fc 1/4, half 8, beta 8.7. Odd distances.
constexpr int kTo2Taps = 4;
constexpr float kTo2[kTo2Taps] = {0.596978782f, -0.116949588f, 0.0214688804f, -0.00149807464f};
// To 4x, half-band: fc 1/4, half 6, beta 8. Odd distances.
constexpr float kTo4[3] = {0.573442874f, -0.0783046561f, 0.00486178175f};
// From 4x, half-band: fc 1/4, half 6, beta 5.2. The middle is 1/2; then the odd distances.
constexpr float kFrom4[3] = {0.298524893f, -0.057153049f, 0.00862815618f};
// From 2x: fc 15.25/96, half 12, beta 7.5. The middle, then every distance.
constexpr float kFrom2[12] = {0.31761786f,    0.26103234f,    0.131453333f,     0.0124733279f,
                              -0.0401620286f, -0.0325149942f, -0.00607556635f,  0.00801825269f,
                              0.00681253652f, 0.00148278149f, -0.000803556132f, -0.000525355738f};
// The same where the curve works at halves only. The little drive of then puts so little beyond 24 kHz that 62 dB are enough;
// what it adds is passed within 0.8 dB up to 10 kHz, 5.2 dB down at 15 kHz. Flat at 0 Hz (no second derivative), else least
// squares against 1 up to 10/96 and 0 from 25/96 on, the latter weighing 100 times as much, all weights following the error
// until its largest values are equal.
constexpr float kFromHalves[9] = {0.322629362f,   0.261901081f,    0.125954106f,   0.00769651076f, -0.0378460065f,
                                  -0.0258716084f, -0.00249840645f, 0.00607290724f, 0.0032767246f};

// Sum of what stands `before` and `after` the middle, weighted.
f32x8 pair(float weight, const float* before, const float* after) {
    return f32x8::splat(weight) * (f32x8::load(before) + f32x8::load(after));
}

// -------------------------------------------------------------------------------------------------- curve

// w(v) = integral from 0 to v of (1 - t^2)^4 dt, held beyond +/-1: monotonic, bounded, and smooth enough (four
// derivatives vanish where it is held) that its harmonics die out before four times the sample rate folds them back.
// w(v) = v + v^3 (-4/3 + 6/5 v^2 - 4/7 v^4 + 1/9 v^6).
constexpr float kCubic[4] = {-1.33333333f, 1.2f, -0.571428571f, 0.111111111f};
// 1 / w(1): an input of 1 enters the curve as 1 / kReach and the curve's end is an output of 1.
constexpr double kReach = 315.0 / 128.0;
// Share of the squared curve at 100 %: u + u^2 / 4 near zero. The slope stays positive, and the second harmonic of a
// tone is the strongest up to a driven level of 0 dBFS.
constexpr double kSquareShare = 0.25;

// Up to here twice the sample rate is enough: what is clean at four times stays so within 3 dB, for inputs up to 3 dB
// above full scale.
constexpr double kMostHalvesDb = 3.0;

// What the curve adds: w - v, without ever subtracting the straight part. So what is not bent is exactly zero, not
// rounding noise.
//
// `inside`: no value lies beyond +/-1. It makes no difference but to the time it takes.
template <bool inside>
struct Bent {
    f32x8 clamped;
    f32x8 bow;
    f32x8 added;

    explicit Bent(f32x8 v) {
        clamped = inside ? v : max(min(v, f32x8::splat(1.0f)), f32x8::splat(-1.0f));
        const f32x8 q = clamped * clamped;
        f32x8 bend = f32x8::splat(kCubic[2]) + f32x8::splat(kCubic[3]) * q;
        bend = f32x8::splat(kCubic[1]) + bend * q;
        bend = f32x8::splat(kCubic[0]) + bend * q;
        bow = (clamped * q) * bend;
        added = inside ? bow : bow - (v - clamped);
    }
};

// Stores w - v and, where it is squared, `share` of w^2; returns w^2, or nothing where it is not asked for.
template <bool squared, bool inside>
f32x8 bend(f32x8 v, f32x8 share, float* to) {
    const Bent<inside> bent(v);
    if constexpr (squared) {
        const f32x8 w = bent.clamped + bent.bow;
        const f32x8 square = w * w;
        (bent.added + share * square).store(to);
        return square;
    } else {
        bent.added.store(to);
        return f32x8::zero();
    }
}

// ------------------------------------------------------------------------------------------------ constants

// The mean of the squared curve is followed, far below what is heard, and taken away.
constexpr double kMeanHz = 10.0;
// A second pole: what is left of a tone in the sums over a quantum would be an alias.
constexpr double kSmoothingHz = 40.0;
// Four time constants of the mean.
constexpr double kWarmUpMs = 64.0;
// Halves between values up to here stay inside +/-1: the filter to 2x turns none into more than 1.474 of it.
constexpr float kInside = 0.67f;
// Below -180 dBFS there is nothing to bend; the cube would be a denormal.
constexpr float kDrivenFloor = 1e-9f;
constexpr float kMeanFloor = 1e-20f;

constexpr uint32_t kPast = 20;
constexpr uint32_t kRoom = kPast + kMaxRunFrames;

}  // namespace

// Frame n of a run, counted from its first new one, is element kPast + n of each array. The later in the chain, the
// further back: every filter needs some frames beyond the one it yields.
struct Saturator::Work {
    static constexpr int kHalfAt = -4;     // halves are known from here on: 4 frames of look-ahead
    static constexpr int kBentAt = -5;     // + 1
    static constexpr int kTwiceAt = -6;    // + 1
    static constexpr int kOutputAt = -12;  // + 6

    float input[kRoom];
    float driven[kRoom];
    float half[kRoom];
    float bent[4][kRoom];
    float twice[2][kRoom];
    // Sum of the squared curve over each quantum, lane by lane.
    f32x4 squares[kMaxRunQuanta];

    static float* at(float* array, int frame) { return array + ((int)kPast + frame); }
    static const float* at(const float* array, int frame) { return array + ((int)kPast + frame); }

    template <uint32_t count>
    static void recall(float* array, int end, const float (&past)[count]) {
        std::memcpy(at(array, end - (int)count), past, sizeof past);
    }
    void recall(const History& history) {
        recall(input, 0, history.input);
        recall(driven, 0, history.driven);
        recall(half, kHalfAt, history.half);
        for (int i = 0; i < 4; ++i) recall(bent[i], kBentAt, history.bent[i]);
        for (int i = 0; i < 2; ++i) recall(twice[i], kTwiceAt, history.twice[i]);
    }

    template <uint32_t count>
    static void keep_newest(float* array, int end, float (&past)[count]) {
        std::memcpy(past, at(array, end - (int)count), sizeof past);
    }
    void keep_newest(History& history, int frames) {
        keep_newest(input, frames, history.input);
        keep_newest(driven, frames, history.driven);
        keep_newest(half, kHalfAt + frames, history.half);
        for (int i = 0; i < 4; ++i) keep_newest(bent[i], kBentAt + frames, history.bent[i]);
        for (int i = 0; i < 2; ++i) keep_newest(twice[i], kTwiceAt + frames, history.twice[i]);
    }

    void to_halves(int frames) {
        for (int i = 0; i < frames; i += 8) {
            const float* const x = at(driven, kHalfAt + i);
            const f32x8 near = pair(kTo2[0], x, x + 1) + pair(kTo2[1], x - 1, x + 2);
            const f32x8 far = pair(kTo2[2], x - 2, x + 3) + pair(kTo2[3], x - 3, x + 4);
            (near + far).store(at(half, kHalfAt + i));
        }
    }

    void from_quarters(int frames) {
        const f32x8 middle = f32x8::splat(0.5f);
        for (int i = 0; i < frames; i += 8) {
            const int n = kTwiceAt + i;
            const float* const first = at(bent[1], n);
            const float* const third = at(bent[3], n);
            const f32x8 whole = (middle * f32x8::load(at(bent[0], n)) + pair(kFrom4[0], third - 1, first)) +
                                (pair(kFrom4[1], first - 1, third) + pair(kFrom4[2], third - 2, first + 1));
            const f32x8 between = (middle * f32x8::load(at(bent[2], n)) + pair(kFrom4[0], first, third)) +
                                  (pair(kFrom4[1], third - 1, first + 1) + pair(kFrom4[2], first - 1, third + 1));
            whole.store(at(twice[0], n));
            between.store(at(twice[1], n));
        }
    }

    // One quantum: from what the halves alone give to what the quarters make of it, or back.
    void from_some_quarters(const Ramp& share) {
        from_quarters((int)kQuantumFrames);
        for (int i = 0; i < 2; ++i) {
            for (int j = 0; j < 2; ++j) {
                const f32x8 without = f32x8::load(at(bent[2 * j], kTwiceAt + 8 * i));
                const f32x8 with = f32x8::load(at(twice[j], kTwiceAt + 8 * i));
                (without + share.frames[i] * (with - without)).store(at(twice[j], kTwiceAt + 8 * i));
            }
        }
    }

    // Frames n to n + 7.
    template <int taps>
    f32x8 from_twice(const float (&filter)[taps], int n) const {
        const float* const whole = at(twice[0], n);
        const float* const between = at(twice[1], n);
        f32x8 even = f32x8::splat(filter[0]) * f32x8::load(whole);
        f32x8 odd = pair(filter[1], between - 1, between);
        for (int j = 1; 2 * j < taps; ++j) even += pair(filter[2 * j], whole - j, whole + j);
        for (int j = 1; 2 * j + 1 < taps; ++j) odd += pair(filter[2 * j + 1], between - 1 - j, between + j);
        return even + odd;
    }
};

void Saturator::prepare(const Spec& spec) {
    spec_ = spec;
    rate_ = SmoothingRate::over_ms(kSmoothingMs, spec.sample_rate_hz);
    const double quantum_radians = 2.0 * kPi * kQuantumFrames / (double)spec.sample_rate_hz;
    mean_step_ = (float)(1.0 - exp_f64(-kMeanHz * quantum_radians));
    smoothing_step_ = (float)(1.0 - exp_f64(-kSmoothingHz * quantum_radians));
    warm_up_quanta_ = frames_for_ms(kWarmUpMs, spec.sample_rate_hz) / kQuantumFrames + 1;
    set_target(Parameters{});
    reset();
}

void Saturator::set_target(const Parameters& p) {
    state_.drive_octaves.target = (float)((double)p.drive_db * kOctavesPerDb);
    state_.even.target = p.even_percent * 0.01f;
    state_.wet.target = p.enabled ? p.wet_percent * 0.01f : 0.0f;
    state_.moving = 1;
}

void Saturator::reset() {
    const State old = state_;
    state_ = State{};
    state_.drive_octaves.snap(old.drive_octaves.target);
    state_.even.snap(old.even.target);
    state_.wet.snap(old.wet.target);
    state_.quarters = state_.quarters_before = wants_quarters() ? kQuarters : kNoQuarters;
    update_coefficients();
}

void Saturator::update_coefficients() {
    const Smoother& drive = state_.drive_octaves;
    const Smoother& even = state_.even;
    const Smoother& wet = state_.wet;
    const double from = exp2_f64((double)drive.previous);
    const double to = drive.settled() ? from : exp2_f64((double)drive.value);
    gain_in_ = {(float)(from / kReach), (float)(to / kReach)};
    square_ = {(float)(kSquareShare * kReach * (double)even.previous),
               (float)(kSquareShare * kReach * (double)even.value)};
    gain_out_ = {(float)(kReach * (double)wet.previous / from), (float)(kReach * (double)wet.value / to)};
    square_to_mean_ = (float)(1.0 / (4.0 * kQuantumFrames * to));
    mean_share_ = {(float)(kSquareShare * kReach * kReach * (double)even.previous * (double)wet.previous),
                   (float)(kSquareShare * kReach * kReach * (double)even.value * (double)wet.value)};
    quarters_ = {state_.quarters_before == kQuarters ? 1.0f : 0.0f, state_.quarters == kQuarters ? 1.0f : 0.0f};
}

bool Saturator::wants_quarters() const {
    constexpr float kMost = (float)(kMostHalvesDb * kOctavesPerDb);
    const Smoother& drive = state_.drive_octaves;
    return drive.target > kMost || drive.value > kMost;
}

// The curve is squared while anything even is heard, or about to be.
bool Saturator::is_squared() const { return !(state_.even.settled() && state_.even.value == 0.0f); }

// Filters and mean start empty in the middle of a signal: they fill before anything is heard of them.
bool Saturator::swings_in(const Smoother& share, uint32_t& quanta_unheard) const {
    if (share.target == 0.0f || share.value != 0.0f || share.stage_1 != 0.0f) return false;
    if (quanta_unheard >= warm_up_quanta_) return false;
    ++quanta_unheard;
    return true;
}

void Saturator::tick() {
    if (!swings_in(state_.wet, state_.quanta_unheard)) state_.wet.tick(rate_);
    state_.drive_octaves.tick(rate_);
    if (!swings_in(state_.even, state_.quanta_squared_unheard)) state_.even.tick(rate_);
    if (!is_squared()) {
        state_.quanta_squared_unheard = 0;
        for (History& history : state_.history) history.smooth_square = history.mean = 0.0f;
    }
    // A drive that rises is still low when the quarters are there.
    const uint32_t before = state_.quarters;
    const uint32_t after = !wants_quarters() ? kNoQuarters : before == kNoQuarters ? kUnheardQuarters : kQuarters;
    const bool settled = state_.wet.settled() && state_.drive_octaves.settled() && state_.even.settled();
    state_.moving = settled && before == after && state_.quarters_before == after ? 0 : 1;
    state_.quarters_before = before;
    state_.quarters = after;
    update_coefficients();
}

// Nobody hears what is off move, and switched on again it starts like new. Only the delay goes on.
void Saturator::rest() {
    if (state_.awake == 0 && state_.moving == 0) return;
    state_.drive_octaves.snap(state_.drive_octaves.target);
    state_.even.snap(state_.even.target);
    state_.awake = 0;
    state_.moving = 0;
    state_.quanta_unheard = 0;
    state_.quanta_squared_unheard = 0;
    state_.quarters = state_.quarters_before = wants_quarters() ? kQuarters : kNoQuarters;
    for (History& history : state_.history) {
        History fresh;
        std::memcpy(fresh.input, history.input, sizeof fresh.input);
        history = fresh;
    }
    update_coefficients();
}

namespace {

void delay(float (&waiting)[Saturator::kLatencyFrames], float* samples, uint32_t frames) {
    constexpr uint32_t kDelay = Saturator::kLatencyFrames;
    float newest[kDelay];
    std::memcpy(newest, samples + frames - kDelay, sizeof newest);
    std::memmove(samples + kDelay, samples, (frames - kDelay) * sizeof(float));
    std::memcpy(samples, waiting, sizeof waiting);
    std::memcpy(waiting, newest, sizeof newest);
}

}  // namespace

void Saturator::process(float* const* channels, uint32_t quanta) {
    for (uint32_t q = 0; q < quanta;) {
        const bool off = state_.wet.settled() && state_.wet.value == 0.0f;
        if (off) {
            rest();
        } else {
            state_.awake = 1;
            if (state_.moving != 0) tick();
        }
        // While anything changes from quantum to quantum, one at a time; what is off takes all.
        const uint32_t most = off ? quanta : state_.moving != 0 ? 1 : kMaxRunQuanta;
        const uint32_t run = quanta - q < most ? quanta - q : most;
        for (uint32_t c = 0; c < spec_.channels; ++c) {
            float* const samples = channels[c] + q * kQuantumFrames;
            if (off) {
                delay(state_.history[c].input, samples, run * kQuantumFrames);
            } else {
                process_run(state_.history[c], samples, run * kQuantumFrames);
            }
        }
        q += run;
    }
}

void Saturator::process_run(History& history, float* samples, uint32_t frames) const {
    const int end = (int)frames;
    Work work;
    work.recall(history);

    // A run is longer than a quantum only while nothing moves.
    const Ramp gain_in = gain_in_.ramp();
    f32x8 largest = max(abs(f32x8::load(history.driven)), abs(aim::twice(f32x4::load(history.half))));
    for (int i = 0; i < end; i += (int)kQuantumFrames) {
        for (int j = 0; j < 2; ++j) {
            const f32x8 sample = f32x8::load(samples + i + 8 * j);
            sample.store(Work::at(work.input, i + 8 * j));
            const f32x8 x = sample * gain_in.frames[j];
            const f32x8 size = abs(x);
            largest = max(largest, size);
            keep(size > f32x8::splat(kDrivenFloor), x).store(Work::at(work.driven, i + 8 * j));
        }
    }
    const bool inside = horizontal_max(largest) <= kInside;
    work.to_halves(end);
    if (is_squared()) {
        shape<true>(work, end, inside);
        add_to<true>(history, work, samples, end);
    } else {
        shape<false>(work, end, inside);
        add_to<false>(history, work, samples, end);
    }
    work.keep_newest(history, end);
}

// What the curve adds comes to the delayed input, without the mean of what is squared.
template <bool squared>
void Saturator::add_to(History& history, const Work& work, float* samples, int frames) const {
    const Ramp gain_out = gain_out_.ramp();
    // filtered(n, j): frames n to n + 7, half j of a quantum.
    const auto add = [&](auto&& filtered) {
        for (int i = 0; i < frames; i += (int)kQuantumFrames) {
            f32x8 added[2];
            for (int j = 0; j < 2; ++j) added[j] = gain_out.frames[j] * filtered(Work::kOutputAt + i + 8 * j, j);
            if constexpr (squared) {
                const Ramp offset = follow_mean(history, work.squares[i / (int)kQuantumFrames]).ramp();
                for (int j = 0; j < 2; ++j) added[j] = added[j] - offset.frames[j];
            }
            for (int j = 0; j < 2; ++j) {
                const int n = i + 8 * j;
                (f32x8::load(Work::at(work.input, n - (int)kLatencyFrames)) + added[j]).store(samples + n);
            }
        }
    };
    if (quarters_.from != quarters_.to) {
        const Ramp share = quarters_.ramp();
        add([&](int n, int j) {
            const f32x8 coarser = work.from_twice(kFromHalves, n);
            return coarser + share.frames[j] * (work.from_twice(kFrom2, n) - coarser);
        });
    } else if (quarters_.to != 0.0f) {
        add([&](int n, int) { return work.from_twice(kFrom2, n); });
    } else {
        add([&](int n, int) { return work.from_twice(kFromHalves, n); });
    }
}

// What the curve adds, at every half of a frame, and how much of it the square is.
template <bool squared, bool inside>
void Saturator::bend_halves(Work& work, int frames) const {
    const Ramp share = square_.ramp();
    for (int start = 0; start < frames; start += (int)kQuantumFrames) {
        f32x4 squares = f32x4::zero();
        for (int i = 0; i < 2; ++i) {
            const int n = Work::kTwiceAt + start + 8 * i;
            const f32x8 each[] = {bend<squared, inside>(f32x8::load(Work::at(work.driven, n)), share.frames[i],
                                                        Work::at(work.twice[0], n)),
                                  bend<squared, inside>(f32x8::load(Work::at(work.half, n)), share.frames[i],
                                                        Work::at(work.twice[1], n))};
            if constexpr (squared) add_up(squares, each);
        }
        work.squares[start / (int)kQuantumFrames] = squares + squares;
    }
}

// The same at every quarter.
template <bool squared>
void Saturator::bend_quarters(Work& work, int frames) const {
    const Ramp share = square_.ramp();
    for (int start = 0; start < frames; start += (int)kQuantumFrames) {
        f32x4 squares = f32x4::zero();
        for (int i = 0; i < 2; ++i) {
            const int n = Work::kBentAt + start + 8 * i;
            const float* const x = Work::at(work.driven, n);
            const float* const h = Work::at(work.half, n);
            const f32x8 first = (pair(kTo4[0], x, h) + pair(kTo4[1], h - 1, x + 1)) + pair(kTo4[2], x - 1, h + 1);
            const f32x8 third = (pair(kTo4[0], h, x + 1) + pair(kTo4[1], x, h + 1)) + pair(kTo4[2], h - 1, x + 2);
            const f32x8 each[] = {bend<squared, false>(f32x8::load(x), share.frames[i], Work::at(work.bent[0], n)),
                                  bend<squared, false>(first, share.frames[i], Work::at(work.bent[1], n)),
                                  bend<squared, false>(f32x8::load(h), share.frames[i], Work::at(work.bent[2], n)),
                                  bend<squared, false>(third, share.frames[i], Work::at(work.bent[3], n))};
            if constexpr (squared) add_up(squares, each);
        }
        work.squares[start / (int)kQuantumFrames] = squares;
    }
}

template <bool squared>
void Saturator::shape(Work& work, int frames, bool inside) const {
    if (quarters_.from == 0.0f) {
        if (inside) {
            bend_halves<squared, true>(work, frames);
        } else {
            bend_halves<squared, false>(work, frames);
        }
    }
    if (state_.quarters != kNoQuarters || quarters_.from != 0.0f) bend_quarters<squared>(work, frames);
    if (quarters_.from != quarters_.to) {
        work.from_some_quarters(quarters_.ramp());
    } else if (quarters_.to != 0.0f) {
        work.from_quarters(frames);
    }
}

// Only what is squared has a mean. It is followed as it comes out at full share: nothing of it moves when wet and even
// glide, and little when the drive does, so taking it away leaves no thump.
Saturator::Line Saturator::follow_mean(History& history, f32x4 squares) const {
    const float before = history.mean;
    const float now = horizontal_sum(squares) * square_to_mean_;
    const float smooth = history.smooth_square + smoothing_step_ * (now - history.smooth_square);
    const float after = before + mean_step_ * (smooth - before);
    history.smooth_square = smooth > kMeanFloor ? smooth : 0.0f;
    history.mean = after > kMeanFloor ? after : 0.0f;
    return {mean_share_.from * before, mean_share_.to * after};
}

}  // namespace aim
