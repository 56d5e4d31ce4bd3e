// The orders that sell the coins of sales at B9, where the buyer has asked for that: made from one look at the engine,
// each from what those before it leave of the bids. Nothing is asked of the engine that it would refuse at that moment,
// so nothing is journaled in vain.
#pragma once

#include "core/engine/Engine.h"
#include "core/market/DepthPrice.h"

namespace tallylock::host {

class Conversions {
public:
    Conversions(const engine::Engine& engine, std::uint32_t downToBasisPoints)
        : m_engine(engine),
          m_downToBasisPoints(downToBasisPoints) {}

    /// The fewest coins that bring the price for certain. Nothing: not converted, or too little is bid for what has
    /// been paid in.
    std::optional<engine::Conversion> make(const engine::SaleChanged& sale);

private:
    struct OfCoin {
        std::optional<market::Bids> bids;
        money::Amount sold; ///< by the orders that were made
    };
    OfCoin& ofCoin(money::UnitId coin);

    const engine::Engine& m_engine;
    const std::uint32_t m_downToBasisPoints;
    std::map<money::UnitId, OfCoin> m_coins;
};

} // namespace tallylock::host
