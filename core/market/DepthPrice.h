// What it takes to raise a sum by selling into the resting bids of a book. Changes nothing; integers only, and every
// rounding is in favour of whoever sells.
#pragma once

#include "core/market/Market.h"

namespace tallylock::market {

enum class DepthProblem {
    NotTraded,   ///< no instrument for this pair, or its market is halted
    NoReference, ///< nobody has set a price, and nothing has been traded: one order alone could say anything
    TooLittleDepth,
    TooLarge, ///< would not fit
};
const char* nameOf(DepthProblem problem);

/// The bids of a book that count towards a price, as they were at one moment.
struct Bids {
    InstrumentId instrument;
    money::TradeScale scale;
    std::int64_t minLots = 1; ///< of one order
    std::int64_t maxLots = 0;
    std::uint32_t takerBasisPoints = 0; ///< what whoever sells into them pays
    /// A bid above this counts as one at this: it can be taken back before anything is sold to it.
    std::int64_t referenceTicks = 0;
    std::int64_t lowestTicks = 1; ///< what the collar allows, and whoever sells
    std::vector<LevelRow> levels; ///< best first
};

/// Of the first instrument that trades this pair. Nothing is sold further below the reference price than so many basis
/// points.
[[nodiscard]] Result<Bids, DepthProblem> bidsFor(const Market& market, money::UnitId base, money::UnitId quote,
                                                 std::uint32_t downToBasisPoints = money::kBasisPointsInOne);

/// How many lots of this one order can sell now at the lowest of these bids' prices or better; zero: none.
[[nodiscard]] std::int64_t sellableLots(const Bids& bids, const Amount& coins);

/// An order that sells into the bids wholly at once, or not at all.
struct SaleAtOnce {
    std::int64_t priceTicks = 0; ///< the least
    std::int64_t lots = 0;
};
/// What a bid above the reference price counts as: it can be taken back later, but not in this very moment.
enum class AboveReference { AtReference, AsItIs };

/// The fewest lots that one order fetches `sum` with, the taker's fee taken off, when `before` has been sold into the
/// bids already. That much it brings even if no lot brings more than its limit: what it brings above that is over.
[[nodiscard]] Result<SaleAtOnce, DepthProblem> toRaiseAtOnce(const Bids& bids, const Amount& sum, const Amount& before,
                                                             AboveReference above);

/// The least of the base unit that fetches `sum` from these bids when `before` has been sold to them already. Without
/// the fees of a trade: the house that sells is the one that takes them.
[[nodiscard]] Result<Amount, DepthProblem> toRaise(const Bids& bids, const Amount& sum, const Amount& before);

} // namespace tallylock::market
