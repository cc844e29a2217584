// What the chain behind the leveler makes of the programme, and what becomes of that while a profile changes.
#include "engine/leveler.h"

#include "engine/lufs.h"

namespace aim {
namespace {

// The last second tells what the chain does.
constexpr uint32_t kAcquisitionHops = 10;
// In dB^2: so much must the level have moved before what it does to the chain's gain is believed.
constexpr double kSlopePrior = 1.0;
// A compressor of 3.3:1: whatever is steeper, a step through it shall not be more than three times itself.
constexpr double kSteepest = -0.7;

// A loud hop counts for so many of the others at most.
constexpr double kMostShare = 4.0;
// The chain it becomes bends less or more than the one whose curve is known.
constexpr double kShareOfCurve = 0.7;
// So close to its limit the gain is held by it.
constexpr double kAtLimitDb = 0.1;

}  // namespace

// Where the chain stands before the settings move, or have moved far.
void Leveler::meet_change() {
    // Shortly after it began there is little to go by: another hop, then.
    if (!change_.has_moved() || 2 * state_.ahead_quanta < hop_quanta_) return;
    const double stood = state_.stood_energy;
    const double ahead = take_ahead();
    double source = 0.0;
    double ungained = 0.0;
    for (uint32_t i = 0; i < state_.programme_count; ++i) {
        source += state_.programme[i].source;
        ungained += state_.programme[i].ungained;
    }
    if (!(source > 0.0 && ungained > 0.0 && stood > 0.0 && ahead > 0.0)) {
        change_.forget();
        return;
    }
    const double mean_db = db_from_power(ungained / source, -200.0);
    double variance = 0.0;
    for (uint32_t i = 0; i < state_.programme_count; ++i) {
        const Learnt& block = state_.programme[i];
        if (!block.heard()) continue;
        const double apart_db = block.chain_db - mean_db;
        variance += apart_db * apart_db * (block.source / source);
    }
    const double gain_db = heard_chain().gain_db;
    // Four hops make a block.
    change_.watch_from(gain_db, kBlockHops * variance, stood / ahead);
    if (state_.foresees != 0) change_.foresee(kForeseenChainDb);
    // What was owed to the old target is not owed to the new.
    history_.reset();
    state_.history_hops = 0;
    const double own_db = kDbPerOctave * state_.gain_octaves;
    const double present_lufs = state_.source_lufs + gain_db + own_db;
    // A gain that its limit held leads away from where the programme is, not from where it should have been.
    const bool held_low = own_db > state_.boost_from - kAtLimitDb && present_lufs < state_.target_from;
    const bool held_high = own_db < kAtLimitDb - state_.cut_from && present_lufs > state_.target_from;
    state_.way_from = state_.comes_in != 0 || held_low || held_high ? present_lufs : state_.target_from;
    state_.answered_db = state_.way_from - gain_db;
    state_.rejudged_db = 0.0;
    state_.source_from = state_.source_lufs;
}

// A hop through a chain that stays as it is.
void Leveler::watch_chain() {
    const Block hop = last_hop();
    if (!(hop.source > 0.0 && hop.ungained > 0.0)) return;
    curve_.add(lufs(hop.source), db_from_power(hop.ungained / hop.source, -200.0));
}

void Leveler::watch_change() {
    const Block hop = last_hop();
    const double source = source_of(hop);
    const double mean = source_mean();
    if (source > kGate * mean && hop.ungained > 0.0) {
        const double share = source / mean;
        // As if it were as loud as the programme was before.
        const double louder_db = curve_.gain_db(lufs(source)) - curve_.gain_db(state_.source_from);
        change_.look(db_from_power(hop.ungained / source, -200.0) - kShareOfCurve * louder_db,
                     share < kMostShare ? share : kMostShare);
    }
    if (change_.settled_hops() < kWindowHops) return;
    // All that is remembered is of the new settings: from here on as ever.
    const double as_before = source_mean();
    change_.forget();
    curve_.reset();
    if (as_before > 0.0 && source_mean() > 0.0) {
        const double ratio = source_mean() / as_before;
        state_.source_lufs += db_from_power(ratio, -200.0);
        past_.scale(ratio);
    }
}

Leveler::ChainGain Leveler::heard_chain() const {
    const uint32_t all = state_.programme_count;
    const uint32_t count = acquiring() && all > kAcquisitionHops ? kAcquisitionHops : all;
    uint32_t heard = 0;
    double most_db = -200.0;
    double source = 0.0;
    double ungained = 0.0;
    double own_sum = 0.0;
    // Of the level into the chain and of the chain's gain, both in dB; weighted by the source's energy.
    double sum = 0.0, level_sum = 0.0, chain_sum = 0.0, level_squares = 0.0, products = 0.0;
    for (uint32_t age = 1; age <= all; ++age) {
        const Learnt& block = state_.programme[(state_.programme_next + kWindowHops - age) % kWindowHops];
        if (!block.heard()) continue;
        const double own_db = block.own_db;
        const double level_db = block.source_db + own_db;
        const double chain_db = block.chain_db;
        sum += block.source;
        level_sum += block.source * level_db;
        chain_sum += block.source * chain_db;
        level_squares += block.source * level_db * level_db;
        products += block.source * level_db * chain_db;
        most_db = chain_db > most_db ? chain_db : most_db;
        if (age > count) continue;
        ++heard;
        source += block.source;
        ungained += block.ungained;
        own_sum += block.source * own_db;
    }
    if (!(source > 0.0)) return {};
    const double level_mean = level_sum / sum;
    const double variance = level_squares / sum - level_mean * level_mean;
    const double covariance = products / sum - level_mean * (chain_sum / sum);
    ChainGain chain;
    chain.slope = clamp(covariance / (variance + kSlopePrior), kSteepest, 0.0);
    // At the level that is expected, not at the one that was heard; but a limiter gives no more than it has taken.
    const double heard_lufs = lufs(source / (double)heard) + own_sum / source;
    const double expected_lufs = state_.source_lufs + kDbPerOctave * state_.gain_octaves;
    const double gain_db = db_from_power(ungained / source, -200.0) + chain.slope * (expected_lufs - heard_lufs);
    chain.gain_db = gain_db < most_db ? gain_db : most_db;
    return chain;
}

// By the end of the next hop.
Leveler::ChainGain Leveler::expected_chain() const {
    if (!change_.watched()) return heard_chain();
    return {change_.gain_db(change_.progress(hop_quanta_)), 0.0};
}

// Loudness of the programme at the output if the gain stayed as it is.
double Leveler::predicted_lufs(const ChainGain& chain) const {
    return state_.source_lufs + chain.gain_db + kDbPerOctave * state_.gain_octaves;
}

}  // namespace aim
