#include "core/market/DepthPrice.h"

#include <algorithm>

namespace tallylock::market {

static constexpr std::size_t kMostLevels = 1000; // beyond them a price says little

const char* nameOf(DepthProblem problem) {
    switch (problem) {
    case DepthProblem::NotTraded: return "NotTraded";
    case DepthProblem::NoReference: return "NoReference";
    case DepthProblem::TooLittleDepth: return "TooLittleDepth";
    case DepthProblem::TooLarge: return "TooLarge";
    }
    return "unknown";
}

Result<Bids, DepthProblem> bidsFor(const Market& market, money::UnitId base, money::UnitId quote) {
    const auto all = market.instruments();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Instrument& one) {
        return one.scale.base() == base && one.scale.quote() == quote;
    });
    if (found == all.end() || found->halted) return Err(DepthProblem::NotTraded);
    Bids bids;
    bids.scale = found->scale;
    bids.referenceTicks = market.referenceTicks(found->id);
    if (bids.referenceTicks == 0) return Err(DepthProblem::NoReference);
    if (const Int128 part = found->spec.collarBasisPoints; part != 0) {
        constexpr Int128 kOne = money::kBasisPointsInOne;
        const Int128 lowest = (bids.referenceTicks * (kOne - part) + kOne - 1) / kOne;
        bids.lowestTicks = static_cast<std::int64_t>(std::max<Int128>(lowest, 1));
    }
    bids.levels = market.depth(found->id, Side::Buy, kMostLevels);
    return bids;
}

Result<Amount, DepthProblem> toRaise(const Bids& bids, const Amount& sum, const Amount& before) {
    const money::UnitId base = bids.scale.base();
    Amount missing = sum;
    Int128 gone = before.value;
    Amount sold{0, base};
    for (const LevelRow& level : bids.levels) {
        const std::int64_t ticks = std::min(level.priceTicks, bids.referenceTicks);
        if (ticks < bids.lowestTicks) break;
        Amount there = bids.scale.quantityOf(level.totalLots);
        const Int128 taken = std::min(gone, there.value);
        gone -= taken;
        there.value -= taken;
        const Amount price = bids.scale.priceOf(ticks);
        const auto needed = money::baseFor(missing, price, base, money::Rounding::Up);
        if (!needed) return Err(DepthProblem::TooLarge);
        sold.value += std::min(needed->value, there.value);
        if (needed->value <= there.value) return sold;
        const auto fetched = money::quoteFor(there, price, money::Rounding::Down);
        if (!fetched) return Err(DepthProblem::TooLarge);
        missing.value -= fetched->value;
    }
    return Err(DepthProblem::TooLittleDepth);
}

} // namespace tallylock::market
