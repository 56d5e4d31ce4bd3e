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

Result<Bids, DepthProblem> bidsFor(const Market& market, money::UnitId base, money::UnitId quote,
                                   std::uint32_t downToBasisPoints) {
    const auto all = market.instruments();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Instrument& one) {
        return one.scale.base() == base && one.scale.quote() == quote;
    });
    if (found == all.end() || found->halted) return Err(DepthProblem::NotTraded);
    Bids bids;
    bids.instrument = found->id;
    bids.scale = found->scale;
    bids.minLots = found->spec.minLots;
    bids.maxLots = found->spec.maxLots;
    bids.takerBasisPoints = found->spec.takerBasisPoints;
    bids.referenceTicks = market.referenceTicks(found->id);
    if (bids.referenceTicks == 0) return Err(DepthProblem::NoReference);
    constexpr std::uint32_t kOne = money::kBasisPointsInOne;
    const std::uint32_t collar = found->spec.collarBasisPoints;
    const Int128 part = std::min({downToBasisPoints, collar == 0 ? kOne : collar, kOne});
    const Int128 lowest = (bids.referenceTicks * (kOne - part) + kOne - 1) / kOne;
    bids.lowestTicks = static_cast<std::int64_t>(std::max<Int128>(lowest, 1));
    bids.levels = market.depth(found->id, Side::Buy, kMostLevels);
    return bids;
}

std::int64_t sellableLots(const Bids& bids, const Amount& coins) {
    const Int128 most = std::min<Int128>(coins.value / bids.scale.lot().value, bids.maxLots);
    Int128 lots = 0;
    for (const LevelRow& level : bids.levels) {
        if (level.priceTicks < bids.lowestTicks || lots >= most) break;
        lots += level.totalLots;
    }
    lots = std::min(lots, most);
    return lots < bids.minLots ? 0 : static_cast<std::int64_t>(lots);
}

/// The least of which the taker's fee leaves this sum.
static Result<Int128, DepthProblem> withTakersFee(const Amount& sum, std::uint32_t basisPoints) {
    constexpr std::uint32_t kOne = money::kBasisPointsInOne;
    if (basisPoints >= kOne) return Err(DepthProblem::TooLittleDepth);
    const auto all = money::mulDiv(sum.value, kOne, kOne - basisPoints, money::Rounding::Up);
    if (!all) return Err(DepthProblem::TooLarge);
    return *all;
}

Result<SaleAtOnce, DepthProblem> toRaiseAtOnce(const Bids& bids, const Amount& sum, const Amount& before,
                                               AboveReference above) {
    const auto needed = withTakersFee(sum, bids.takerBasisPoints);
    if (!needed) return Err(needed.error());
    Int128 gone = before.value;
    Int128 there = 0;
    for (const LevelRow& level : bids.levels) {
        const bool isCut = above == AboveReference::AtReference && level.priceTicks > bids.referenceTicks;
        const std::int64_t ticks = isCut ? bids.referenceTicks : level.priceTicks;
        if (ticks < bids.lowestTicks) break;
        const Int128 bid = bids.scale.quantityOf(level.totalLots).value;
        const Int128 taken = std::min(gone, bid);
        gone -= taken;
        there += bid - taken;
        const Int128 perLot = bids.scale.quoteWithin(ticks, 1).value;
        const Int128 lots = std::max<Int128>((*needed + perLot - 1) / perLot, bids.minLots);
        if (lots > bids.maxLots) return Err(DepthProblem::TooLarge);
        const auto enough = static_cast<std::int64_t>(lots);
        if (bids.scale.quantityOf(enough).value <= there) return SaleAtOnce{ticks, enough};
    }
    return Err(DepthProblem::TooLittleDepth);
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
