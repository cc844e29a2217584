// What the leveler takes for programme, and how loud it believes the source of it to be.
#include "engine/leveler.h"

#include "engine/lufs.h"

namespace aim {
namespace {

// Half of the power cannot be predicted: noise. Most music goes beyond it for 0 to 7 % of the time, metal for half of it and more.
constexpr double kNoiseFlatness = 0.5;
// A noise floor keeps its level; the share of short events that look like noise does not.
constexpr double kFloorSpreadDb = 4.0;
constexpr double kFarAboveFloorDb = 10.0;
// Noise this quiet is a floor, whatever the profile's brake says.
constexpr double kQuietNoiseLufs = -40.0;
constexpr double kFloorFallDbPerS = 3.0;
constexpr double kFloorForgetDbPerS = 0.2;
// Noise without bass counts as applause once this much else has been heard; before that it is all there is, hence the programme.
constexpr uint32_t kTonalHops = 20;
// Of 66 excerpts of rock 3 % of the time are such noise, 20 % are noise: distorted guitars over drums and cymbals.
constexpr double kApplauseTilt = 1.5;

// A profile of s dB/s judges programme over about 10/s seconds, 3 s at least.
constexpr double kReachDb = 10.0;
constexpr double kLongestSmoothingS = 57.0;
constexpr double kShortestSmoothingS = 0.3;
// Slower than this, a profile takes a second of silence for the end of a piece. Quicker ones find the next level anyway,
// and speech has such pauses in it.
constexpr double kPatientSeconds = 30.0;
constexpr uint32_t kPauseHops = 10;
constexpr uint32_t kLongestHops = 6000;
// Further below the last 3 s than this the smoothed loudness is out of date.
constexpr double kStrayLu = 6.0;

}  // namespace

// Energies of the source: the last 400 ms and the last hop.
Leveler::Judgement Leveler::judge(double source_block, double source_now) {
    const double brake_lufs = (double)state_.parameters.target_lufs + (double)state_.parameters.freeze_below_db;
    const double block_lufs = lufs(source_block);
    const double now_lufs = lufs(source_now);
    const Heard& now = state_.ungained[state_.hop % kNoiseHops];
    const bool noise_now = now.flatness() > kNoiseFlatness;
    Heard recent;
    uint32_t noisy_hops = 0;
    for (const Heard& heard : state_.ungained) {
        recent.add(heard);
        noisy_hops += heard.flatness() > kNoiseFlatness ? 1 : 0;
    }
    // All but one of them, and not for the sake of one drum.
    const bool noise =
        state_.hops_heard == kNoiseHops && noisy_hops + 1 >= kNoiseHops && recent.flatness() > kNoiseFlatness;
    const bool heard_other = state_.tonal_hops >= kTonalHops;
    if (noise && (block_lufs < brake_lufs || block_lufs < kQuietNoiseLufs)) {
        watch_noise(recent, block_lufs);
    } else {
        state_.noise_dbfs -= kFloorForgetDbPerS * hop_seconds();
    }
    refute_noise(now, recent, noise);
    if (state_.noise_dbfs < -200.0) state_.noise_dbfs = -200.0;

    if (now_lufs < kSilenceLufs) ++state_.silent_hops;
    if (now_lufs < kSilenceLufs || block_lufs < kSilenceLufs) return {false, false, Hold::silence};
    if (state_.silent_hops >= kPauseHops && smoothing_seconds() > kPatientSeconds) {
        // The next piece: what was learnt from the last one would take a minute to be forgotten.
        state_.programme_count = 0;
        state_.piece_hops = 0;
    }
    state_.silent_hops = 0;
    if (block_lufs < brake_lufs) return {false, false, Hold::brake};
    if (noise && block_lufs < kQuietNoiseLufs) return {false, false, Hold::brake};
    if (noise && heard_other && recent.tilt() > kApplauseTilt) return {false, false, Hold::applause};
    if (state_.onset_hops < kBlockHops) {
        ++state_.onset_hops;
        return {};
    }

    const bool outside = state_.programme_count != 0 && source_block < kGate * usual_energy();
    state_.outside_hops = outside ? state_.outside_hops + 1 : 0;
    // Three seconds of it, or as long as the profile judges over, are no pause: the programme has become quieter.
    const uint32_t patience = (uint32_t)((double)kWindowHops + smoothing_seconds() / kHopSeconds);
    if (outside && state_.outside_hops <= patience) return {};
    if (state_.outside_hops > patience) state_.outside_hops = patience + 1;

    if (noise && !heard_other) {
        state_.taught_by_noise = 1;
    } else if (state_.taught_by_noise != 0) {
        // The concert begins: what the audience taught does not count.
        state_.taught_by_noise = 0;
        state_.programme_count = 0;
        state_.acquired_hops = state_.piece_hops = 0;
    }
    if (!noise && !noise_now && !heard_other) ++state_.tonal_hops;
    // Noise among tones is a drum, and no reason to move.
    const bool drum = noise_now && !noise && heard_other;
    const bool movable = now_lufs >= brake_lufs && !drum;
    return {true, movable, now_lufs < brake_lufs ? Hold::brake : Hold::none};
}

void Leveler::watch_noise(const Heard& recent, double loudness_lufs) {
    double least = state_.ungained[0].energy;
    double most = least;
    for (const Heard& heard : state_.ungained) {
        least = heard.energy < least ? heard.energy : least;
        most = heard.energy > most ? heard.energy : most;
    }
    const double spread_db = db_from_power(most, -200.0) - db_from_power(least, -200.0);
    if (loudness_lufs < -120.0 || !(spread_db < kFloorSpreadDb)) return;
    const double mean = recent.energy / (double)(kNoiseHops * spec_.channels);
    const double level_dbfs = db_from_power(mean, -200.0);
    const double fallen_dbfs = state_.noise_dbfs - kFloorFallDbPerS * hop_seconds();
    state_.noise_dbfs = level_dbfs > fallen_dbfs ? level_dbfs : fallen_dbfs;
}

// A floor has nothing under it: half a second of hissing or laughing was none if it is quieter a moment later. Nor was it one
// if it goes on far above: distorted guitars that fade in are noise all the way.
void Leveler::refute_noise(const Heard& now, const Heard& recent, bool noise) {
    const double channels = (double)spec_.channels;
    const double most_dbfs = db_from_power(now.energy / channels, -200.0) + kFloorSpreadDb;
    if (state_.noise_dbfs > most_dbfs) state_.noise_dbfs = most_dbfs;
    const double recent_dbfs = db_from_power(recent.energy / (kNoiseHops * channels), -200.0);
    if (noise && recent_dbfs > state_.noise_dbfs + kFarAboveFloorDb) state_.noise_dbfs = -200.0;
}

double Leveler::smoothing_seconds() const {
    return clamp(kReachDb / (double)state_.parameters.rise_db_per_s - kWindowHops * kHopSeconds, kShortestSmoothingS,
                 kLongestSmoothingS);
}

// The same while a piece is younger than that.
double Leveler::judged_seconds() const {
    const double heard_s = (double)state_.piece_hops * hop_seconds();
    const double smoothing_s = smoothing_seconds();
    return heard_s < smoothing_s ? heard_s : smoothing_s;
}

// While the chain changes, its equaliser must not pass for a change of the source.
double Leveler::source_of(const Block& block) const { return change_.watched() ? block.steady_source : block.source; }

// What the programme is measured by: its last 3 s, or what the profile has judged it by for longer.
double Leveler::usual_energy() const {
    const double mean = source_mean();
    const double judged = state_.piece_hops <= kWindowHops ? 0.0 : energy_of_lufs(state_.source_lufs);
    return mean > judged ? mean : judged;
}

double Leveler::source_mean() const {
    double sum = 0.0;
    for (uint32_t i = 0; i < state_.programme_count; ++i) sum += source_of(state_.programme[i]);
    return sum / (double)state_.programme_count;
}

void Leveler::learn(const Block& block) {
    if (state_.programme_count == 0) state_.programme_next = 0;
    Learnt learnt = {block};
    if (learnt.heard()) {
        learnt.source_db = db_from_power(block.source, -200.0);
        learnt.chain_db = db_from_power(block.ungained / block.source, -200.0);
        learnt.own_db = db_from_power(block.output / block.ungained, -200.0);
    }
    state_.programme[state_.programme_next] = learnt;
    state_.programme_next = (state_.programme_next + 1) % kWindowHops;
    if (state_.programme_count < kWindowHops) ++state_.programme_count;

    if (change_.watched()) {
        watch_change();
    } else {
        watch_chain();
    }
    const double window_lufs = lufs(source_mean());
    if (state_.piece_hops < kLongestHops) ++state_.piece_hops;
    if (acquiring()) ++state_.acquired_hops;
    if (state_.piece_hops <= kWindowHops) {
        state_.source_lufs = window_lufs;
        state_.smoothing_s = smoothing_seconds();
        past_.begin(source_mean());
        return;
    }
    // Of energies, as loudness is integrated: in the mean of a piece with a wide range its loud passages count.
    const double usual = energy_of_lufs(state_.source_lufs);
    const double smoothed = lufs(usual + (source_mean() - usual) * hop_seconds() / judged_seconds());
    past_.add(source_mean(), hop_seconds(), (double)state_.piece_hops * hop_seconds());
    state_.source_lufs = clamp(smoothed + rejudge(), window_lufs - kStrayLu, 0.0);
}

// A profile that judges over a longer time than the one at the last hop: what it makes of the source's loudness. What one
// that judges over a shorter time makes of it comes by itself.
double Leveler::rejudge() {
    const double from_s = state_.smoothing_s;
    state_.smoothing_s = smoothing_seconds();
    if (state_.smoothing_s <= from_s) return 0.0;
    const double by_db = past_.lufs_over(state_.smoothing_s) - past_.lufs_over(from_s);
    state_.rejudged_db += by_db;
    return by_db;
}

}  // namespace aim
