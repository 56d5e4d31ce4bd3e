// What a sale's dollars cost in coins (B5): from the bids of our own order book where the coins are sold there too and
// they are deep enough, else from the first exchange. What open quotes count on already is not promised twice, and the
// treasury promises no more dollars than its operator allows.
#pragma once

#include "core/engine/Engine.h"
#include "core/market/DepthPrice.h"
#include "core/ports/Exchanges.h"

namespace tallylock::host {

/// Set by whoever runs the coordinator.
struct QuoteSettings {
    /// The most dollars that may be fronted or promised at once, over all sales; none: no bound.
    std::optional<money::Amount> floatCap{};
    std::int64_t validForMs = 15 * 60 * 1000; ///< of a quote from the book
    /// How far below the reference price coins are sold on our own book, and bids count; in basis points.
    std::uint32_t downToBasisPoints = 1'000;
    /// What a quote asks for above the bids where the coins are sold at B9, in basis points: the market moves until
    /// then, and what is not needed goes back.
    std::uint32_t convertedMarginBasisPoints = 200;
};

enum class QuoteProblem {
    FloatCapReached, ///< until other sales' coins are sold
    OutsideFailed,   ///< neither the book nor the first exchange has a price
    BookHasNoPrice,  ///< and nobody else is asked, since the coins are to be sold there
};
const char* nameOf(QuoteProblem problem);

/// Quotes made from one look at the engine. Each counts on what those before it have left.
class Quotes {
public:
    Quotes(const QuoteSettings& settings, const engine::Engine& engine);

    [[nodiscard]] Result<ports::FirstExchange::Quote, QuoteProblem>
    make(const ports::FirstExchange::QuoteWanted& wanted, ports::FirstExchange& outside);
    /// Of a sale whose coins are sold at B9: what one order would need now, its fee included, and the margin. The
    /// treasury fronts nothing for it.
    [[nodiscard]] Result<ports::FirstExchange::Quote, QuoteProblem> makeConverted(money::UnitId coin,
                                                                                  const money::Amount& dollars);

private:
    struct OfCoin {
        std::optional<market::Bids> bids;
        money::Amount promised;
    };
    OfCoin& ofCoin(money::UnitId coin);
    std::optional<ports::FirstExchange::Quote> fromBook(const OfCoin& of, const money::Amount& dollars) const;
    ports::FirstExchange::Quote quoteOf(const money::Amount& coins) const;

    QuoteSettings m_settings;
    money::Amount m_fronted;
    std::map<money::UnitId, OfCoin> m_coins;
};

} // namespace tallylock::host
